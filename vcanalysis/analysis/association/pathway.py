"""What children cost since they came into care, by group of need, beside the price of one week."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from vcanalysis.analysis.association.correlation import rank_correlation
from vcanalysis.analysis.association.resampling import t_quantile
from vcanalysis.core.clusters import Units, clusters_of, too_few_clusters
from vcanalysis.core.columns import cost_column, number_column, require_columns, say_column
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.leverage import Leverage, hangs_on

METHOD = "mean by group over the mean of the first, log scale; cluster errors (CR2), t by Satterthwaite"
TERM = "{}, as a multiple of that of the first group"
MINIMUM = 10
_ALIKE = "all costs are alike, so that nothing says how sure this is"


@dataclass(frozen=True, slots=True)
class Pathway:
    """Cost of care over a period and price of one week, by group of need.

    Parameters
    ----------
    total, weekly : Estimates
        Mean of each group of need as a multiple of that of the first (whose own row has no interval).
    correlation_total, correlation_weekly : Estimate
        Rank correlations of need with either.
    """

    total: Estimates
    weekly: Estimates
    correlation_total: Estimate
    correlation_weekly: Estimate

    def frame(self) -> pd.DataFrame:
        """Give all estimates as tidy rows."""
        both = (*self.total, *self.weekly, self.correlation_total, self.correlation_weekly)
        return Estimates(both).frame()

    def sentence(self) -> str:
        """Say how need goes with the cost of the whole period and with the price of a week."""
        pair = self.correlation_total, self.correlation_weekly
        return " ".join(e.sentence() for e in (*tuple(self.total)[-1:], *pair))


def cost_since_entry(stretches: pd.DataFrame, *, child: str, weeks: str, cost: str) -> pd.DataFrame:
    """Add up the weeks in care and what they cost, one row per child.

    Parameters
    ----------
    stretches : DataFrame
        One row per stretch with one price, such as `Council.child_weeks` gives.
    child, weeks, cost : str
        Columns of the child, of weeks and of the cost of the stretch, pounds (missing: no price).

    Returns
    -------
    DataFrame
        child, weeks (in care), weeks_priced, cost_gbp (of the weeks with a price).

    Raises
    ------
    InputError
        If a column is missing, not numeric, or a cost lies below zero.

    Examples
    --------
    >>> rows = pd.DataFrame({"id": ["a", "a", "b"], "weeks": [2.0, 3.0, 1.0], "gbp": [800.0, None, 500.0]})
    >>> cost_since_entry(rows, child="id", weeks="weeks", cost="gbp")["cost_gbp"].tolist()
    [800.0, 500.0]
    """
    require_columns(stretches, child)
    costs, time = cost_column(stretches, cost), number_column(stretches, weeks)
    priced = np.where(np.isnan(costs), 0.0, time)
    rows = pd.DataFrame(
        {
            child: stretches[child].to_numpy(),
            "weeks": time,
            "weeks_priced": priced,
            "cost_gbp": np.nan_to_num(costs),
        }
    )
    return rows.groupby(child, as_index=False).sum()


def pathway_cost(
    frame: pd.DataFrame,
    *,
    need: str,
    group: str,
    total: str,
    weekly: str,
    cluster: str = "",
    level: float = 0.95,
) -> Pathway:
    """Compare cost over a period by group of need with the price of one week.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows that lack a group or either cost are left out.
    need : str
        Column of the need score, for the rank correlations.
    group : str
        Column of groups of need, such as ``need_band``; an ordered Categorical keeps its order, and the
        others are multiples of the first.
    total : str
        Column of cost over the period, pounds, such as from `cost_since_entry`.
    weekly : str
        Column of the price of one week, pounds.
    cluster : str
        Column of what children share, such as ``sibling_group``; without it each child stands alone.
    level : float
        Confidence level.

    Returns
    -------
    Pathway
        Groups of fewer than 10 children are not estimable, nor those that hang on the children of one or two clusters,
        nor is any when the first group is not or all costs are alike.

    Raises
    ------
    InputError
        If a column is missing, not numeric, or a cost lies below zero.

    Notes
    -----
    A child longer in care costs more over the period whatever the week costs: the difference between the
    two multiples is time. Need is known at the end of the period, cost before it.

    References
    ----------
    Ward H, Holmes L, Soper J (2008), Costs and Consequences of Placing Children in Care, for the question.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"need": np.repeat([5.0, 20.0], 50) + rng.normal(size=100)})
    >>> frame["band"] = np.where(frame["need"] < 12, "a lower", "b higher")
    >>> frame["week"] = 800.0 + rng.normal(0, 50, 100)
    >>> frame["all"] = frame["week"] * np.where(frame["need"] < 12, 20, 60)
    >>> round(pathway_cost(frame, need="need", group="band", total="all", weekly="week").total[1].value, 1)
    3.0
    """
    require_columns(frame, group)
    whole, price = cost_column(frame, total), cost_column(frame, weekly)
    known = ~np.isnan(whole) & ~np.isnan(price) & frame[group].notna().to_numpy()
    rows, units = frame.loc[known], clusters_of(frame, known, cluster, 0)
    whole_index, price_index = (
        _index(
            rows[group], values[known], (TERM.format(say_column(name).capitalize()), cluster, level), units
        )
        for values, name in ((whole, total), (price, weekly))
    )
    links = [rank_correlation(rows, x=need, y=name, cluster=cluster, level=level) for name in (total, weekly)]
    return Pathway(whole_index, price_index, *links)


def _index(groups: pd.Series, values: np.ndarray, about: tuple[str, str, float], units: Units) -> Estimates:
    kinds = groups.astype("category").cat.remove_unused_categories()
    codes = kinds.cat.codes.to_numpy()
    results = []
    for place, name in enumerate(map(str, kinds.cat.categories)):
        inside, first = codes == place, codes == 0
        reason = too_few_clusters(units, about[1])
        if min(inside.sum(), first.sum()) < MINIMUM or not all(values[s].any() for s in (inside, first)):
            reason = f"at least {MINIMUM} priced children in it and in the first group are needed"
        results.append(_multiple(values, (inside, first), units, name, (*about, reason)))
    return Estimates.of(results)


def _multiple(
    values: np.ndarray,
    sides: tuple[np.ndarray, np.ndarray],
    units: Units,
    name: str,
    about: tuple[str, str, float, str],
) -> Estimate:
    """Give the mean of one group over that of the first, whose own row has no interval."""
    (inside, first), (term, cluster, level, reason) = sides, about
    n, own = int(inside.sum()), bool((inside & first).any())
    error = freedom = 0.0
    if not (reason or own):
        error, freedom = _log_error(values, sides, units)
        reason = hangs_on(freedom, cluster)
    if reason:
        return Estimate.not_estimable(term, n=n, reason=reason, group=name, method=METHOD)
    value = float(np.log(values[inside].mean() / values[first].mean()))
    half = 0.0 if own else t_quantile(level, freedom + 1) * error
    index, *ends = (float(np.exp(v)) for v in (value, value - half, value + half))
    low, high = (None, None) if own else ends
    made = Estimate(term, index, low, high, level, n, "ratio", METHOD, name)
    return made.unless_alike(reason=_ALIKE)


def _log_error(values: np.ndarray, sides: tuple[np.ndarray, np.ndarray], units: Units) -> tuple[float, float]:
    """Give the error of the log of one mean over another, and its degrees of freedom."""
    either = sides[0] | sides[1]
    matrix = np.column_stack(sides)[either].astype(float)
    means = np.array([values[side].mean() for side in sides])
    held = Leverage.of(matrix, np.ones(len(matrix)), replace(units, codes=units.codes[either]))
    felt = held.felt(matrix * (values[either, None] / means - 1))
    freedom, short = held.rests(np.array([1.0, -1.0]))
    return short * float(np.linalg.norm(felt[:, 0] - felt[:, 1])), freedom
