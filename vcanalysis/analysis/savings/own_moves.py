"""What the council's own step-downs say: who was referred, found a family and when, and what the family cost."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vcanalysis.core.columns import require_columns

DAYS_PER_MONTH = 365.25 / 12
_PRICED_WITHIN = pd.Timedelta(days=14)


@dataclass(frozen=True, slots=True)
class OwnMoves:
    """Counts and values of the council's own step-downs up to a day.

    Parameters
    ----------
    referred : (count, n)
        Children searched for, of those for whom a search was decided.
    matched : (count, n)
        Searches that led to a move within the weeks, of those begun so long ago.
    delay_months : tuple of float
        Months from search to move, of those that did.
    family_gbp_week, support_gbp_week : tuple of float
        Price of the family and of support bought, from the day of each move on.
    """

    referred: tuple[int, int]
    matched: tuple[int, int]
    delay_months: tuple[float, ...]
    family_gbp_week: tuple[float, ...]
    support_gbp_week: tuple[float, ...]

    def sentence(self) -> str:
        """Say how many there are of each."""
        months = ", ".join(f"{value:.1f}" for value in sorted(self.delay_months)) or "none"
        return (
            f"{self.referred[0]} of {self.referred[1]} children were searched for once that was decided; "
            f"{self.matched[0]} of {self.matched[1]} searches whose time is up led to a move (months: {months}); "
            f"{len(self.family_gbp_week)} moves have a price."
        )


def own_moves(
    frame: pd.DataFrame, costs: pd.DataFrame, *, day: str | pd.Timestamp, weeks: int = 52
) -> OwnMoves:
    """Read the council's own step-downs as inputs of a scenario.

    Parameters
    ----------
    frame : DataFrame
        One row per profile: child_id, decision, search and move (dates, missing until they happen).
    costs : DataFrame
        Prices in the pounds of the scenario: child_id, from, gbp_week, support_gbp_week.
    day : str or Timestamp
        Last day that counts.
    weeks : int
        Time a search is given. Searches begun later are left out whatever became of them: the quick moves among them
        are known, the slow ones not yet.

    Returns
    -------
    OwnMoves
        For `with_own_shares` and `with_own_means`.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> days = pd.to_datetime(["2019-01-10", "2019-02-01", None])
    >>> rows = pd.DataFrame({"child_id": ["a", "b", "c"], "decision": "search", "search": days,
    ...                      "move": days + pd.Timedelta(days=61)})
    >>> prices = pd.DataFrame({"child_id": ["a"], "from": days[:1] + pd.Timedelta(days=61),
    ...                        "gbp_week": [900.0], "support_gbp_week": [100.0]})
    >>> found = own_moves(rows, prices, day="2020-03-01")
    >>> found.referred, found.matched, found.family_gbp_week
    ((2, 3), (2, 2), (900.0,))
    """
    require_columns(frame, "child_id", "decision", "search", "move")
    require_columns(costs, "child_id", "from", "gbp_week", "support_gbp_week")
    when, time = pd.Timestamp(day), pd.Timedelta(weeks=weeks)
    dates = {name: pd.to_datetime(frame[name]) for name in ("search", "move")}
    rows = frame.assign(**{name: column.where(column <= when) for name, column in dates.items()})
    asked = rows[rows["decision"].eq("search").fillna(False).astype(bool)]
    due = rows[rows["search"] + time <= when]
    took = (due["move"] - due["search"]).dropna()
    took = took[took <= time]
    prices = _first_prices(rows, costs)
    return OwnMoves(
        (int(asked["search"].notna().sum()), len(asked)),
        (len(took), len(due)),
        tuple(took.dt.days / DAYS_PER_MONTH),
        tuple(prices["gbp_week"].dropna()),
        tuple(prices["support_gbp_week"].dropna()),
    )


def _first_prices(rows: pd.DataFrame, costs: pd.DataFrame) -> pd.DataFrame:
    """Give the price that begins with each move; one that ran on from before is that of the home."""
    moved = rows.loc[rows["move"].notna(), ["child_id", "move"]]
    paid = moved.merge(costs, on="child_id")
    begun = paid["from"].between(paid["move"], paid["move"] + _PRICED_WITHIN)
    return paid[begun].sort_values("from").drop_duplicates(["child_id", "move"])
