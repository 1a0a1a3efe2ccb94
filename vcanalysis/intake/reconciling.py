"""Reconciliation: how much of the care has a price, how much of the money has a child, to the penny."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.period import financial_year
from vcanalysis.intake.linking import SHORT_BREAKS
from vcanalysis.intake.matched import PAYERS, by_payer, by_year

_MOST = 1e11  # pounds: more than all councils of England spend in a year


@dataclass(frozen=True)
class Reconciliation:
    """What was reconciled; pounds are sums of whole pence.

    Parameters
    ----------
    child_weeks, child_weeks_costed : float
        Weeks in care in the data, and those that have a price.
    cost_rows, cost_rows_matched : int
        Rows of prices, and those with at least a day in care.
    pounds_matched, pounds_unmatched : float
        Pounds on days in care, and pounds on other days: the child was not in care, or no return covers the day.
        The two add up to the pounds kept.
    by_year : dict of str to float
        Pounds matched by financial year.
    by_payer : dict of str to float
        Pounds matched that care, education and health pay; "not said" where a price names no payer.
    totals : dict of str to float
        Totals of a ledger or section 251 return that were given, by financial year.
    years : tuple of str
        Financial years of which the data cover a day.
    pounds_in, pounds_kept, pounds_aside, pounds_repeated : float or None
        In the extract as its rows said it, in the costs table as it was written (days by weekly price), set
        aside, and in rows given twice; None when the council was opened and not just imported.
    pounds_left_out : float or None
        In rows that the mapping leaves out (`only`); None where it leaves out none.
    rows_without_pounds : int
        Rows of the extract whose amount could not be read, or which end before a day has passed.
    rows_not_split : int
        Rows with a field too many or too few of which nobody can know what they stand for: in none of the pounds.
    """

    child_weeks: float
    child_weeks_costed: float
    cost_rows: int
    cost_rows_matched: int
    pounds_matched: float
    pounds_unmatched: float
    by_year: dict[str, float] = field(default_factory=dict)
    by_payer: dict[str, float] = field(default_factory=dict)
    totals: dict[str, float] = field(default_factory=dict)
    years: tuple[str, ...] = ()
    pounds_in: float | None = None
    pounds_kept: float | None = None
    pounds_aside: float | None = None
    pounds_repeated: float | None = None
    pounds_left_out: float | None = None
    rows_without_pounds: int = 0
    rows_not_split: int = 0

    @property
    def costed_share(self) -> float:
        """Share of child-weeks that have a price; NaN when there are none."""
        return self.child_weeks_costed / self.child_weeks if self.child_weeks else float("nan")

    @property
    def matched_share(self) -> float:
        """Share of cost rows with a day in care; NaN when there are none."""
        return self.cost_rows_matched / self.cost_rows if self.cost_rows else float("nan")

    @property
    def pounds_lost(self) -> float:
        """Pounds of the extract that are neither written nor set aside, repeated or left out: must be nought."""
        if self.pounds_in is None:
            return 0.0
        parts = (self.pounds_kept, self.pounds_aside, self.pounds_repeated, self.pounds_left_out)
        return round(self.pounds_in - sum(part or 0.0 for part in parts), 2) + 0.0

    def balance(self) -> str:
        """Say what became of the pounds of an extract, in one line that adds up."""
        verdict = f"{_to_the_penny(self.pounds_lost)} are unaccounted for: please report it."
        parts = {
            "on days in care": self.pounds_matched,
            "on other days": self.pounds_unmatched,
            "set aside": self.pounds_aside,
            "repeated": self.pounds_repeated,
        }
        if self.pounds_left_out is not None:
            parts["left out by the mapping"] = self.pounds_left_out
        first, *rest = (f"{_to_the_penny(pounds)} {what}" for what, pounds in parts.items())
        said = first + "".join(f" - {part[1:]}" if part.startswith("-") else f" + {part}" for part in rest)
        whole = _to_the_penny(self.pounds_in)
        return f"Pounds: {whole} in = {said}. {verdict if self.pounds_lost else self._balanced()}"

    def _balanced(self) -> str:
        beyond = {
            "with a field too many or too few": self.rows_not_split,
            "without a readable amount or a day": self.rows_without_pounds,
        }
        told = " and ".join(f"{_rows(count)} {which}" for which, count in beyond.items() if count)
        return f"They balance but for {told}, not counted here." if told else "They balance."

    def _of_the_extract(self) -> str:
        parts = [
            f"{_to_the_penny(self.pounds_kept)} were kept",
            f"{_to_the_penny(self.pounds_aside)} set aside",
            f"{_to_the_penny(self.pounds_repeated)} repeated",
        ]
        if self.pounds_left_out is not None:
            parts.append(f"{_to_the_penny(self.pounds_left_out)} left out by the mapping")
        torn = f" {_rows(self.rows_not_split)} could not be split into fields: their pounds are not known."
        return (
            f"Of {_to_the_penny(self.pounds_in)} in the extract {', '.join(parts[:-1])} and {parts[-1]}; "
            f"{_rows(self.rows_without_pounds)} had no readable amount or no day.{torn if self.rows_not_split else ''}"
        )

    def record(self) -> dict[str, Any]:
        """Give it for a file."""
        return asdict(self)

    def lines(self) -> list[str]:
        """Say it in a few lines."""
        if not self.cost_rows:
            return ["Prices: none, so no child-week has a cost."]
        said = [
            f"Prices: {self.costed_share:.1%} of {self.child_weeks:,.0f} child-weeks have one; "
            f"{self.matched_share:.1%} of {self.cost_rows:,} rows belong to a day in care.",
            f"Pounds: {self.pounds_matched:,.2f} on days in care, {self.pounds_unmatched:,.2f} on other days.",
        ]
        if self.pounds_in is not None:
            said.append(self._of_the_extract())
            if self.pounds_lost:
                said.append(
                    f"This does not balance: {_to_the_penny(self.pounds_lost)} are unaccounted for. Please report it."
                )
        payers = {payer: pounds for payer, pounds in self.by_payer.items() if payer != "not said"}
        if payers:
            shown = ", ".join(f"{payer} £{pounds:,.2f}" for payer, pounds in self.by_payer.items())
            said.append(f"Pounds on days in care by who pays: {shown}.")
        for year, total in self.totals.items():
            ours = self.by_year.get(year, 0.0)
            known = f"£{ours:,.0f} on days in care against £{total:,.0f} in the ledger, {ours / total:.1%}."
            none = f"no return covers a day of it, so £{total:,.0f} in the ledger is held against nothing."
            said.append(f"{year}: {known if year in self.years else none}")
        return said


def _rows(count: int) -> str:
    return f"{count:,} row{'' if count == 1 else 's'}"


def _to_the_penny(pounds: float | None) -> str:
    amount = pounds or 0.0
    return f"{'-' if amount < 0 else ''}£{abs(amount):,.2f}"


def care_periods(placements: pd.DataFrame, *, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    """Join episodes into periods in care that do not overlap, cut to the days covered.

    Parameters
    ----------
    placements : DataFrame
        child_id, decom, dec, ls; short breaks are left out.
    start, end : Timestamp
        First day covered and the day after the last.

    Returns
    -------
    DataFrame
        child_id, first, last (the day after the last day in care).

    Examples
    --------
    >>> rows = pd.DataFrame({"child_id": "a", "ls": "C2", "decom": pd.to_datetime(["2019-04-01", "2019-05-01"]),
    ...     "dec": pd.to_datetime(["2019-05-01", None])})
    >>> care_periods(rows, start=pd.Timestamp("2019-01-01"), end=pd.Timestamp("2020-01-01")).shape
    (1, 3)
    """
    rows = placements.loc[~placements["ls"].isin(SHORT_BREAKS), ["child_id", "decom", "dec"]]
    first = rows["decom"].clip(lower=start)
    last = rows["dec"].fillna(end).clip(upper=end)
    rows = pd.DataFrame({"child_id": rows["child_id"].astype("str"), "first": first, "last": last})
    rows = rows.loc[rows["last"] > rows["first"]].sort_values(["child_id", "first"], ignore_index=True)
    reach = rows.groupby("child_id")["last"].cummax()
    same = rows["child_id"].eq(rows["child_id"].shift())
    fresh = ~same | (rows["first"] > reach.shift())
    return (
        rows.groupby(fresh.cumsum().to_numpy())
        .agg(child_id=("child_id", "first"), first=("first", "min"), last=("last", "max"))
        .reset_index(drop=True)
    )


def reconcile(
    placements: pd.DataFrame,
    costs: pd.DataFrame,
    *,
    start: pd.Timestamp,
    end: pd.Timestamp,
    totals: Mapping[str, float] | None = None,
    extract: Mapping[str, float] | None = None,
) -> Reconciliation:
    """Reconcile prices with days in care.

    Parameters
    ----------
    placements, costs : DataFrame
        Tables of the council.
    start, end : Timestamp
        First day covered and the day after the last; open prices run to it.
    totals : mapping of str to float, optional
        Pounds spent by financial year, such as {"2019-20": 12_500_000}, from a ledger or section 251.
    extract : mapping of str to float, optional
        Pounds in the extract, as the import counted them.

    Examples
    --------
    >>> placed = pd.DataFrame({"child_id": ["a"], "ls": "C2", "decom": pd.to_datetime(["2019-04-01"]),
    ...     "dec": pd.to_datetime(["2019-04-15"])})
    >>> prices = pd.DataFrame({"child_id": ["a"], "from": pd.to_datetime(["2019-04-08"]), "to": pd.NaT,
    ...     "gbp_week": 700.0})
    >>> days = {"start": pd.Timestamp("2019-04-01"), "end": pd.Timestamp("2019-05-01")}
    >>> found = reconcile(placed, prices, **days)
    >>> found.costed_share, found.pounds_matched, found.pounds_unmatched
    (0.5, 700.0, 1600.0)
    """
    care = care_periods(placements, start=start, end=end)
    months = pd.date_range(start, end, freq="MS", inclusive="left")
    rows = _priced_rows(costs, end)
    met = rows.merge(care, on="child_id")
    both = met.assign(begin=met[["from", "first"]].max(axis=1), stop=met[["to", "last"]].min(axis=1)).query(
        "stop > begin"
    )
    days = (both["stop"] - both["begin"]).dt.days
    inside = both["_at"].nunique()
    given = dict(extract or {})
    kept = given["pounds_kept"] * 100 if "pounds_kept" in given else written_pence(costs, end=end)
    pence = round(kept)
    matched = min(round(math.fsum(both["_daily"] * days)), pence)
    care_days = float((care["last"] - care["first"]).dt.days.sum())
    return Reconciliation(
        child_weeks=care_days / 7,
        child_weeks_costed=float(days.sum()) / 7,
        cost_rows=len(costs),
        cost_rows_matched=inside,
        pounds_matched=matched / 100,
        pounds_unmatched=(pence - matched) / 100,
        by_payer=by_payer(both, days, matched),
        by_year=by_year(both, matched),
        totals=_checked_totals(totals or {}),
        years=tuple(dict.fromkeys(map(financial_year, [start, *months]))),
        **given,  # type: ignore[arg-type]
    )


def written_pence(costs: pd.DataFrame, *, end: pd.Timestamp) -> float:
    """Sum a costs table: days by weekly price, open prices to the end of the data; pence, not rounded.

    Examples
    --------
    >>> costs = pd.DataFrame({"from": pd.to_datetime(["2019-04-01"]), "to": pd.NaT, "gbp_week": [700.0]})
    >>> written_pence(costs, end=pd.Timestamp("2019-04-11"))
    100000.0
    """
    days = (costs["to"].fillna(end) - costs["from"]).dt.days.clip(lower=0)
    support = costs["support_gbp_week"].fillna(0.0) if "support_gbp_week" in costs else 0.0
    return math.fsum((costs["gbp_week"] + support) * days) * 100 / 7


def _priced_rows(costs: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    support = costs["support_gbp_week"].fillna(0.0) if "support_gbp_week" in costs else 0.0
    rows = pd.DataFrame(
        {
            "child_id": costs["child_id"].astype("str"),
            "from": costs["from"],
            "to": costs["to"].fillna(end),
            "_daily": (costs["gbp_week"] + support) * 100 / 7,  # pence
            **{payer: costs[f"{payer}_share"] for payer in PAYERS if f"{payer}_share" in costs},
        }
    )
    return rows.assign(_at=range(len(rows)))


def _checked_totals(totals: Mapping[str, float]) -> dict[str, float]:
    for year, total in totals.items():
        if not 0 < total < _MOST:
            raise InputError(
                f"The ledger total of {year} must be above £0 and below £100 billion, not {total}."
            )
    return dict(totals)
