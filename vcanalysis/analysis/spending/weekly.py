"""Weekly cost: by group, on average, in all."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.core.columns import cost_column, require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import median_interval, support_of
from vcanalysis.core.numbers import write_number
from vcanalysis.core.parts import Sellers, parts_of, sellers_of
from vcanalysis.core.resampled import mean_draws, studentised_interval

FEWEST_SHOWN = 10  # children: a smaller group is neither drawn nor named
MINIMUM = 6  # below six values no 95% interval of a median exists
MEDIAN = "median; distribution-free interval"
TABLE_COLUMNS = (
    "group",
    "n",
    "p10",
    "p25",
    "median",
    "p75",
    "p90",
    "mean",
    "share_of_children",
    "share_of_spend",
)


def _median(costs: np.ndarray, *, level: float, group: str, sellers: Sellers | None = None) -> Estimate:
    term = "Median weekly cost"
    if len(costs) < MINIMUM:
        reason = f"at least {MINIMUM} children with a price are needed"
        return Estimate.not_estimable(term, n=len(costs), reason=reason, group=group, method=MEDIAN)
    low, high = median_interval(costs, level) or (None, None)
    value, about = float(np.median(costs)), (level, len(costs), "GBP per week", MEDIAN, group)
    return Estimate(
        term, value, low, high, *about, support=support_of(costs, value, low, high), sellers=sellers
    )


@dataclass(frozen=True, slots=True)
class CostByGroup:
    """Weekly cost by group.

    Parameters
    ----------
    estimates : Estimates
        Median weekly cost of each group, in the order of the groups.
    table : DataFrame
        One row per group: group, n, p10, p25, median, p75, p90, mean (pounds a week), share_of_children,
        share_of_spend (shares of the priced children and of their weekly cost). Not gated for publication.
    costs : DataFrame
        group and cost of each priced child, without identifiers: private, for the picture only.
    unpriced : int
        Children without a price, who are in none of the figures.
    """

    estimates: Estimates
    table: pd.DataFrame
    costs: pd.DataFrame
    unpriced: int

    def frame(self) -> pd.DataFrame:
        """Give the median of each group as tidy rows."""
        return self.estimates.frame()

    def sentence(self) -> str:
        """Say the median of each group."""
        gap = f" {self.unpriced:,} children without a price are left out." if self.unpriced else ""
        return self.estimates.sentence() + gap

    @property
    def shown(self) -> pd.DataFrame:
        """Rows that a picture draws and a headline may name: at least 10 children, nine tenths of them priced."""
        return self.table[(self.table["n"] >= FEWEST_SHOWN) & (self.table["p10"] > 0)].reset_index(drop=True)

    def headline(self) -> str:
        """Say where the money goes, for the head of a picture; it names only a group that the picture shows."""
        shown = self.shown
        if shown.empty or float(self.table["share_of_spend"].sum()) == 0:
            return "Too few children have a price to show what care costs"
        top = shown.loc[shown["share_of_spend"].idxmax()]
        children, spend = (
            write_number(top.share_of_children, "share"),
            write_number(top.share_of_spend, "share"),
        )
        return f"{top.group}: {children} of children, {spend} of the money"


def cost_by(
    frame: pd.DataFrame, *, cost: str, group: str, seller: str = "", level: float = 0.95
) -> CostByGroup:
    """Median weekly cost of each group, with its spread and its share of the money.

    Parameters
    ----------
    frame : DataFrame
        One row per child.
    cost : str
        Column of weekly cost, pounds; missing where there is no price.
    group : str
        Column of groups, such as ``placement_type``; an ordered Categorical keeps its order.
    seller : str
        Column of the provider that is paid, missing where the council provides itself; for the disclosure gate.
    level : float
        Confidence level.

    Returns
    -------
    CostByGroup
        Estimates of the medians (not estimable below 6 priced children), and the table.

    Raises
    ------
    InputError
        If a column is missing, or costs are not numbers of at least 0.

    Examples
    --------
    >>> frame = pd.DataFrame({"cost": [*range(500, 520), *range(4000, 4020)], "type": ["Foster"] * 20 + ["Home"] * 20})
    >>> cost_by(frame, cost="cost", group="type").headline()
    'Home: 50% of children, 89% of the money'
    """
    require_columns(frame, cost, group, *([seller] if seller else []))
    values = pd.DataFrame({"group": frame[group].to_numpy(), "cost": cost_column(frame, cost)})
    values["seller"] = frame[seller].to_numpy(dtype=object) if seller else ""
    if isinstance(frame[group].dtype, pd.CategoricalDtype):
        values["group"] = pd.Categorical(frame[group], ordered=bool(frame[group].cat.ordered))
    priced = values.dropna(subset=["group", "cost"]).reset_index(drop=True)
    total, rows, estimates = float(priced["cost"].sum()), [], []
    for name, part in priced.groupby("group", observed=True, sort=True):
        costs = part["cost"].to_numpy()
        paid = sellers_of(costs, part["seller"] if seller else None)
        estimates.append(_median(costs, level=level, group=str(name), sellers=paid))
        five = np.quantile(costs, [0.1, 0.25, 0.5, 0.75, 0.9])
        spend = float(costs.sum()) / total if total > 0 else 0.0
        rows.append((str(name), len(costs), *five, costs.mean(), len(costs) / len(priced), spend))
    table = pd.DataFrame(rows, columns=list(TABLE_COLUMNS))
    told = priced.drop(columns="seller")
    return CostByGroup(Estimates.of(estimates), table, told, len(frame) - len(priced))


def mean_and_median(
    frame: pd.DataFrame,
    *,
    cost: str,
    seller: str = "",
    level: float = 0.95,
    replicates: int = 2000,
    seed: int = 0,
) -> Estimates:
    """Mean and median weekly cost: their distance shows how far a few dear placements pull the mean.

    Parameters
    ----------
    frame : DataFrame
        One row per child.
    cost : str
        Column of weekly cost, pounds.
    seller : str
        Column of the provider that is paid, missing where the council provides itself; for the disclosure gate.
    level : float
        Confidence level.
    replicates, seed : int
        Bootstrap resamples for the mean's interval, and their seed.

    Returns
    -------
    Estimates
        "Mean weekly cost" and "Median weekly cost"; not estimable below 6 priced children.

    Raises
    ------
    InputError
        If the column is missing, or costs are not numbers of at least 0.

    Examples
    --------
    >>> frame = pd.DataFrame({"cost": [500.0] * 18 + [4000.0] * 2})
    >>> [e.value for e in mean_and_median(frame, cost="cost")]
    [850.0, 500.0]
    """
    require_columns(frame, *([seller] if seller else []))
    costs = cost_column(frame, cost)
    priced = ~np.isnan(costs)
    costs = costs[priced]
    sellers = sellers_of(costs, frame[seller].to_numpy(dtype=object)[priced] if seller else None)
    middle = _median(costs, level=level, group="all", sellers=sellers)
    term, method = "Mean weekly cost", "mean; bootstrap-t"
    if len(costs) < MINIMUM:
        mean = Estimate.not_estimable(term, n=len(costs), reason=middle.reason, method=method)
        return Estimates((mean, middle))
    n, error = len(costs), float(np.std(costs, ddof=1)) / math.sqrt(len(costs))
    low = high = float(costs.mean())
    if error > 0:
        drawn = mean_draws(costs, replicates=replicates, seed=seed)
        low, high = studentised_interval(drawn, low, error, n=n, level=level)
    mean = Estimate(
        term,
        costs.mean(),
        low,
        high,
        level,
        n,
        "GBP per week",
        method,
        std_error=error,
        parts=parts_of(costs),
        sellers=sellers,
    )
    return Estimates((mean, middle))
