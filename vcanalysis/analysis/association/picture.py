"""What children of the same need cost: the data of the need-by-cost picture."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.isotonic import IsotonicRegression

from vcanalysis.core.columns import cost_column, number_column
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import median_interval, quantile_interval, support_of
from vcanalysis.core.numbers import write_number

MINIMUM = 10
GROUP_COLUMNS = ("need_low", "need_high", "need_middle", "n", "p10", "p25", "median", "p75", "p90")


@dataclass(frozen=True, slots=True)
class NeedCost:
    """Weekly cost by group of need, with the children behind it.

    Parameters
    ----------
    groups : DataFrame
        One row per group of need: need_low, need_high, need_middle, n, p10, p25, median, p75, p90 (pounds a
        week), median_low, median_high (distribution-free interval of the median).
    points : DataFrame
        need and cost of each child, without identifiers: private, for the picture only.
    spread : Estimates
        The 10th and the 90th percentile of weekly cost in the middle group of need.
    """

    groups: pd.DataFrame
    points: pd.DataFrame
    spread: Estimates

    def frame(self) -> pd.DataFrame:
        """Give the median weekly cost of each group of need as tidy rows."""
        return self.estimates().frame()

    def estimates(self) -> Estimates:
        """Give the median weekly cost of each group of need."""
        return Estimates.of(
            Estimate(
                "Median weekly cost",
                row.median,
                row.median_low,
                row.median_high,
                n=row.n,
                unit="GBP per week",
                method="median; distribution-free interval",
                group=f"need {row.need_low:g} to {row.need_high:g}",
            )
            for row in self.groups.itertuples()
        )

    def ranked(self) -> Estimates:
        """Give the same with groups named by their order alone: the ends of a group are scores of single children."""
        last = len(self.groups) - 1
        names = {0: "lowest need", last: "highest need"}
        made = []
        for place, (found, row) in enumerate(zip(self.estimates(), self.groups.itertuples(), strict=True)):
            inside = self.points["cost"][self.points["need"].between(row.need_low, row.need_high)].to_numpy()
            support = support_of(inside, found.value, found.low, found.high)
            name = f"{place + 1} of {last + 1}" + (f", {names[place]}" if place in names else "")
            made.append(found.named(group=name, support=support))
        return Estimates.of(made)

    def sentence(self) -> str:
        """Say how far apart the costs of children of the same need lie."""
        low, high = self.spread
        if not low.estimable:
            return low.sentence()
        return (
            f"Among {low.n:,} children of middling need, one in ten costs less than "
            f"{write_number(low.value, 'GBP per week')} and one in ten more than "
            f"{write_number(high.value, 'GBP per week')}."
        )

    def headline(self) -> str:
        """Say the spread, for the head of the picture."""
        low, high = self.spread
        if not low.estimable:
            return "Too few children have both a need score and a price to compare"
        return (
            f"At much the same need, one in ten costs under {write_number(_rounded(low.value), 'GBP')} "
            f"and one in ten over {write_number(_rounded(high.value), 'GBP per week')}"
        )


def _rounded(value: float | None) -> float:
    return round(value or 0.0, -1 if (value or 0.0) < 1000 else -2)


def _groups(need: np.ndarray, cost: np.ndarray, count: int) -> pd.DataFrame:
    """Cut need at its quantiles, so that groups hold like numbers; equal needs stay together."""
    columns = [*GROUP_COLUMNS, "median_low", "median_high"]
    if len(need) < MINIMUM:
        return pd.DataFrame({name: pd.Series(dtype="float64") for name in columns})
    edges = np.unique(np.quantile(need, np.linspace(0, 1, count + 1)[1:-1]))
    codes = np.searchsorted(edges, need, side="left")
    rows = []
    for code in np.unique(codes):
        needs, costs = need[codes == code], cost[codes == code]
        if len(costs) < MINIMUM:
            continue
        low, high = median_interval(costs) or (np.nan, np.nan)
        five = np.quantile(costs, [0.1, 0.25, 0.5, 0.75, 0.9])
        rows.append((needs.min(), needs.max(), float(np.median(needs)), len(costs), *five, low, high))
    return pd.DataFrame(rows, columns=columns)


def cost_by_need(frame: pd.DataFrame, *, need: str, cost: str, groups: int = 8) -> NeedCost:
    """Weekly cost within groups of children of like need: median, middle half, middle eight tenths.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows without a need score or a price are left out.
    need : str
        Column of the need score.
    cost : str
        Column of weekly cost, pounds; prices of £0 are left out.
    groups : int
        Groups of about equal size to cut need into; groups of fewer than 10 children are not shown.

    Returns
    -------
    NeedCost
        The table, the points and the spread at middling need.

    Raises
    ------
    InputError
        If a column is missing, not numeric, or a cost lies below zero.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> frame = pd.DataFrame({"need": rng.integers(0, 30, 300), "cost": np.exp(rng.normal(7, 0.8, 300))})
    >>> len(cost_by_need(frame, need="need", cost="cost", groups=5).groups)
    5
    """
    needs, costs = number_column(frame, need), cost_column(frame, cost)
    known = ~np.isnan(needs) & (np.nan_to_num(costs) > 0)
    needs, costs = needs[known], costs[known]
    points = pd.DataFrame({"need": needs, "cost": costs})
    return NeedCost(_groups(needs, costs, groups), points, same_need_spread(frame, need=need, cost=cost))


def same_need_spread(
    frame: pd.DataFrame, *, need: str, cost: str, middle: float = 0.2, level: float = 0.95
) -> Estimates:
    """How far apart the costs of children of middling need lie: their 10th and 90th percentile.

    Parameters
    ----------
    frame : DataFrame
        One row per child.
    need, cost : str
        Columns of the need score and of weekly cost, pounds.
    middle : float
        Share of children around the median need who count as having much the same need.
    level : float
        Confidence level of the distribution-free intervals.

    Returns
    -------
    Estimates
        Two estimates, groups "10th percentile" and "90th percentile". Not estimable below 20 children of middling
        need, or where they all cost the same.

    Raises
    ------
    InputError
        If a column is missing, not numeric, or a cost lies below zero.

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> frame = pd.DataFrame({"need": rng.normal(size=500), "cost": np.exp(rng.normal(7, 0.8, 500))})
    >>> low, high = same_need_spread(frame, need="need", cost="cost")
    >>> low.n, bool(low.value < high.value)
    (100, True)
    """
    needs, costs = number_column(frame, need), cost_column(frame, cost)
    known = ~np.isnan(needs) & (np.nan_to_num(costs) > 0)
    needs, costs = needs[known], costs[known]
    if len(needs) >= MINIMUM:
        ends = np.quantile(needs, [0.5 - middle / 2, 0.5 + middle / 2])
        costs = costs[(needs >= ends[0]) & (needs <= ends[1])]
    term, method = "Weekly cost at middling need", "percentile; distribution-free interval"
    reason = (
        "the cost is the same for all children of middling need" if len(costs) and np.ptp(costs) == 0 else ""
    )
    if len(costs) < 2 * MINIMUM:
        reason = f"at least {2 * MINIMUM} children of middling need with a price are needed"
    results = []
    for share, group in ((0.1, "10th percentile"), (0.9, "90th percentile")):
        if reason:
            results.append(
                Estimate.not_estimable(term, n=len(costs), reason=reason, group=group, method=method)
            )
            continue
        low, high = quantile_interval(costs, share, level) or (None, None)
        value = float(np.quantile(costs, share))
        few = support_of(costs, value, low, high)
        about = (level, len(costs), "GBP per week", method, group)
        results.append(Estimate(term, value, low, high, *about, support=few))
    return Estimates.of(results)


def monotone_cost(frame: pd.DataFrame, *, need: str, cost: str) -> pd.DataFrame:
    """Best weekly cost that never falls as need rises (isotonic regression of log cost).

    Parameters
    ----------
    frame : DataFrame
        One row per child.
    need, cost : str
        Columns of the need score and of weekly cost, pounds.

    Returns
    -------
    DataFrame
        Columns need and cost (geometric mean, pounds a week), one row per distinct need; empty below 10 rows.

    Raises
    ------
    InputError
        If a column is missing, not numeric, or a cost lies below zero.

    Examples
    --------
    >>> frame = pd.DataFrame({"need": range(12), "cost": [100.0] * 6 + [400.0] * 6})
    >>> monotone_cost(frame, need="need", cost="cost")["cost"].round().unique().tolist()
    [100.0, 400.0]
    """
    needs, costs = number_column(frame, need), cost_column(frame, cost)
    known = ~np.isnan(needs) & (np.nan_to_num(costs) > 0)
    if int(known.sum()) < MINIMUM:
        return pd.DataFrame({"need": np.zeros(0), "cost": np.zeros(0)})
    steps = np.unique(needs[known])
    fitted = IsotonicRegression().fit(needs[known], np.log(costs[known])).predict(steps)
    return pd.DataFrame({"need": steps, "cost": np.exp(fitted)})
