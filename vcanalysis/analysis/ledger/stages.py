"""At which stage a saving is counted, what was promised by when, and what was taken back."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vcanalysis.analysis.ledger.reading import as_day, known, with_days
from vcanalysis.analysis.ledger.result import METHOD, Ledger
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.period import as_financial_year

WEEKS = (13, 26, 52)
_NOT_YET = "not identified"
_DATES = {"identified": "profiled", "offered": "offer", "moved": "move"}


def stage_reached(
    profiles: pd.DataFrame, *, day: str | pd.Timestamp, weeks: Sequence[int] = WEEKS
) -> pd.Series:
    """Give the last stage each profiled child has reached by a day.

    Parameters
    ----------
    profiles : DataFrame
        One row per child profiled: the dates profiled, offer and move, and the flags sustained_13_weeks and so on;
        where known ``decision``: a child counts as identified only where it is "search".
    day : str or Timestamp
        Day of the ledger: nothing from it on has happened, and a flag for weeks not yet over is not read.
    weeks : sequence of int
        Weeks after the move that count as sustained, in rising order.

    Returns
    -------
    Series of str
        "not identified", "identified", "offered", "moved" or "sustained 13 weeks" and so on. A move that failed stays
        "moved", or at what it had reached.

    Raises
    ------
    InputError
        If a column is missing or a day is none.

    Examples
    --------
    >>> rows = pd.DataFrame({"profiled": ["2019-01-01"], "offer": ["2019-02-01"], "move": ["2019-03-01"],
    ...                      "sustained_13_weeks": [True]})
    >>> [stage_reached(rows, day=day, weeks=(13,)).item() for day in ("2019-05-30", "2019-05-31")]
    ['moved', 'sustained 13 weeks']
    """
    flags = {week: f"sustained_{week}_weeks" for week in weeks}
    require_columns(profiles, *_DATES.values(), *flags.values())
    rows, last = with_days(profiles, *_DATES.values()), as_day(day)
    sought = rows["decision"].eq("search") if "decision" in rows else True
    stage = pd.Series(_NOT_YET, rows.index, dtype="str")
    for name, column in _DATES.items():
        allowed = sought if name == "identified" else True
        stage = stage.mask((rows[column] < last) & allowed, name)
    for week, column in flags.items():
        over = rows["move"] + pd.Timedelta(weeks=week) <= last
        stage = stage.mask(over & rows[column].fillna(False).astype(bool), f"sustained {week} weeks")
    return stage


def counted(stages: pd.Series, *, weeks: Sequence[int] = WEEKS) -> Estimates:
    """Count the children at each stage, by the last one reached: only moves save, and only those that last.

    Examples
    --------
    >>> counted(pd.Series(["moved", "identified"]), weeks=())[0].sentence()
    'Children by last stage reached, identified: 1 (2 children).'
    """
    names = [*_DATES, *(f"sustained {week} weeks" for week in weeks)]
    term = "Children by last stage reached"
    return Estimates.of(
        Estimate(term, int(stages.eq(name).sum()), n=len(stages), unit="count", group=name, method="count")
        for name in names
    )


def against_targets(ledger: Ledger, targets: pd.DataFrame) -> Estimates:
    """Slippage: what was promised for each financial year, less what was realised in it.

    Parameters
    ----------
    ledger : Ledger
        The ledger.
    targets : DataFrame
        year (financial year, such as "2019-20") and gbp (net saving promised).

    Returns
    -------
    Estimates
        Pounds short of the target by year, negative where it was passed. A year of which the ledger holds nothing
        is short of all of it.

    Raises
    ------
    InputError
        If a column is missing, empty anywhere or not numeric, or a financial year is none.
    """
    for name in ("year", "gbp"):
        known(targets, name)
    years = [as_financial_year(year) for year in targets["year"]]
    if not all(years):
        raise InputError(f"Column 'year': {years.count('')} are no financial years. Write them as 2019-20.")
    promised = number_column(targets, "gbp")
    return Estimates.of(_short(ledger, year, float(gbp)) for year, gbp in zip(years, promised, strict=True))


def _short(ledger: Ledger, year: str, gbp: float) -> Estimate:
    term, about = "Short of the target", {"unit": "GBP", "group": year, "method": METHOD}
    if year not in ledger.years():
        return Estimate(term, gbp, n=ledger.children, **about)  # type: ignore[arg-type]
    made = ledger.in_year(year)
    if made.value is None:
        return Estimate.not_estimable(term, n=made.n, reason=made.reason, **about)
    low, high = (None if end is None else gbp - end for end in (made.high, made.low))
    return made.named(term=term, value=gbp - made.value, low=low, high=high)


def reversals(ledger: Ledger) -> Estimates:
    """Count savings taken back: children who came back to a home, and what the homes cost then."""
    rows = ledger.rows
    back = rows[rows["homes"] > 0]
    n = ledger.children
    return Estimates.of(
        [
            Estimate(
                "Children back in a home after the move",
                back["claim"].nunique(),
                n=n,
                unit="count",
                method="count",
            ),
            Estimate(
                "Paid to homes after the move", int(back["homes"].sum()) / 100, n=n, unit="GBP", method="sum"
            ),
        ]
    )
