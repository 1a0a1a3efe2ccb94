"""Reconciliation: how much of the care has a price, how much of the money has a child, to the penny."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.period import financial_year
from vcanalysis.intake.linking import SHORT_BREAKS

PAYERS = ("care", "education", "health")
_PENNY = 0.011  # each of the sums compared is rounded to the penny


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
        Pounds on days in care, and pounds on days on which the child was not in care.
    by_year : dict of str to float
        Pounds matched by financial year.
    by_payer : dict of str to float
        Pounds matched that care, education and health pay; "not said" where a price names no payer.
    totals : dict of str to float
        Totals of a ledger or section 251 return that were given, by financial year.
    pounds_in, pounds_kept, pounds_aside, pounds_repeated : float or None
        In the extract as its rows said it, in the costs table as it was written (days by weekly price), set
        aside, and in rows given twice; None when the council was opened and not just imported.
    rows_without_pounds : int
        Rows of the extract whose amount could not be read.
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
    pounds_in: float | None = None
    pounds_kept: float | None = None
    pounds_aside: float | None = None
    pounds_repeated: float | None = None
    rows_without_pounds: int = 0

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
        """Pounds of the extract that are neither in the written table nor set aside nor repeated: must be nought."""
        if self.pounds_in is None:
            return 0.0
        parts = (self.pounds_kept, self.pounds_aside, self.pounds_repeated)
        return round(self.pounds_in - sum(part or 0.0 for part in parts), 2) + 0.0

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
            said.append(
                f"Of £{self.pounds_in:,.2f} in the extract £{self.pounds_kept:,.2f} were kept, "
                f"£{self.pounds_aside:,.2f} set aside and £{self.pounds_repeated:,.2f} repeated; "
                f"{self.rows_without_pounds:,} rows had no readable amount."
            )
            if abs(self.pounds_lost) > _PENNY:
                said.append(
                    f"This does not balance: £{self.pounds_lost:,.2f} are unaccounted for. Please report it."
                )
        payers = {payer: pounds for payer, pounds in self.by_payer.items() if payer != "not said"}
        if payers:
            shown = ", ".join(f"{payer} £{pounds:,.2f}" for payer, pounds in self.by_payer.items())
            said.append(f"Pounds on days in care by who pays: {shown}.")
        for year, total in self.totals.items():
            ours = self.by_year.get(year, 0.0)
            said.append(
                f"{year}: £{ours:,.0f} on days in care against £{total:,.0f} in the ledger, {ours / total:.1%}."
            )
        return said


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


def split_pence(pence: pd.Series, days: pd.DataFrame) -> pd.DataFrame:
    """Split whole pence over parts by days, so that the parts add up to the penny.

    The first parts are rounded down and the pence left over go to the parts that lost most (largest
    remainder).

    Examples
    --------
    >>> split_pence(pd.Series([100]), pd.DataFrame({"a": [1], "b": [1], "c": [1]})).values.tolist()
    [[34, 33, 33]]
    """
    weight = days.to_numpy(dtype="float64")
    whole = weight.sum(axis=1, keepdims=True)
    exact = pence.to_numpy(dtype="float64")[:, None] * np.divide(
        weight, whole, out=np.zeros_like(weight), where=whole > 0
    )
    floor = np.floor(exact + 1e-9)
    left = np.where(whole[:, 0] > 0, pence.to_numpy() - floor.sum(axis=1), 0).astype("int64")
    order = np.argsort(-(exact - floor), axis=1, kind="stable").argsort(axis=1)
    return pd.DataFrame(
        (floor + (order < left[:, None])).astype("int64"), index=days.index, columns=days.columns
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
    rows = _priced_rows(costs, start, end)
    met = rows.merge(care, on="child_id")
    both = met.assign(begin=met[["from", "first"]].max(axis=1), stop=met[["to", "last"]].min(axis=1)).query(
        "stop > begin"
    )
    days = (both["stop"] - both["begin"]).dt.days
    inside = days.groupby(both["_at"]).sum().reindex(rows["_at"], fill_value=0).to_numpy()
    whole = (rows["to"] - rows["from"]).dt.days
    parts = pd.DataFrame({"in": inside, "out": whole.to_numpy() - inside}, index=rows.index)
    pence = split_pence(rows["_pence"], parts)
    care_days = float((care["last"] - care["first"]).dt.days.sum())
    return Reconciliation(
        child_weeks=care_days / 7,
        child_weeks_costed=float(days.sum()) / 7,
        cost_rows=len(costs),
        cost_rows_matched=int((inside > 0).sum()),
        pounds_matched=int(pence["in"].sum()) / 100,
        pounds_unmatched=int(pence["out"].sum()) / 100,
        by_payer=_by_payer(rows, pence["in"]),
        by_year=_by_year(both, days, rows, pence["in"], inside),
        totals=_checked_totals(totals or {}),
        **dict(extract or {}),  # type: ignore[arg-type]
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
    return float(((costs["gbp_week"] + support) * days).sum() * 100 / 7)


def _priced_rows(costs: pd.DataFrame, start: pd.Timestamp, end: pd.Timestamp) -> pd.DataFrame:
    support = costs["support_gbp_week"].fillna(0.0) if "support_gbp_week" in costs else 0.0
    rows = pd.DataFrame(
        {
            "child_id": costs["child_id"].astype("str"),
            "from": costs["from"].clip(lower=start),
            "to": costs["to"].fillna(end).clip(upper=end),
            "week": costs["gbp_week"] + support,
            **{payer: costs[f"{payer}_share"] for payer in PAYERS if f"{payer}_share" in costs},
        }
    )
    rows = rows.loc[rows["to"] > rows["from"]].reset_index(drop=True)
    days = (rows["to"] - rows["from"]).dt.days
    pence = (rows["week"] * days / 7 * 100).round().astype("int64")
    return rows.assign(_pence=pence, _at=range(len(rows)))


def _by_payer(rows: pd.DataFrame, pence: pd.Series) -> dict[str, float]:
    """Split the pounds on days in care by who pays, each row to the penny."""
    shares = rows.reindex(columns=list(PAYERS)).fillna(0.0)
    shares["not said"] = (1 - shares.sum(axis=1)).clip(lower=0.0).round(9)
    parts = split_pence(pence, shares).sum() / 100
    return {str(payer): float(pounds) for payer, pounds in parts.items() if pounds}


def _by_year(
    both: pd.DataFrame, days: pd.Series, rows: pd.DataFrame, pence: pd.Series, inside: np.ndarray
) -> dict[str, float]:
    """Split the pounds on days in care by financial year."""
    if both.empty:
        return {}
    first, last = both["begin"].min().year - 1, both["stop"].max().year
    found = {}
    parts = []
    for year in range(first, last + 1):
        lower, upper = pd.Timestamp(year, 4, 1), pd.Timestamp(year + 1, 4, 1)
        within = (both["stop"].clip(upper=upper) - both["begin"].clip(lower=lower)).dt.days.clip(lower=0)
        parts.append(within.groupby(both["_at"]).sum().reindex(rows["_at"], fill_value=0).to_numpy())
    shares = split_pence(pence, pd.DataFrame(np.column_stack(parts), index=rows.index))
    for position, year in enumerate(range(first, last + 1)):
        total = float(shares[position].sum()) / 100
        if total:
            found[financial_year(pd.Timestamp(year, 4, 1))] = total
    return found


def _checked_totals(totals: Mapping[str, float]) -> dict[str, float]:
    for year, total in totals.items():
        if not total > 0:
            raise InputError(f"The ledger total of {year} must be above £0, not {total}.")
    return dict(totals)
