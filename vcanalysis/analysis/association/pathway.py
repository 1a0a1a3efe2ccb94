"""What children cost since they came into care, by group of need, beside the price of one week."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.association.correlation import rank_correlation
from vcanalysis.analysis.association.resampling import (
    Units,
    clusters_of,
    draw_weights,
    drawn_error,
    t_quantile,
    too_few_clusters,
    unit_sums,
)
from vcanalysis.core.columns import cost_column, number_column, require_columns, say_column
from vcanalysis.core.estimate import Estimate, Estimates

METHOD = "mean by group over the mean of the first; cluster bootstrap on the log scale"
TERM = "{}, as a multiple of that of the first group"
MINIMUM = 10
REPLICATES = 600
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
        Groups of fewer than 10 children are not estimable, nor is any when the first group is not or all costs are
        alike.

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
    term, cluster, level = about
    kinds = groups.astype("category").cat.remove_unused_categories()
    names, codes = [str(c) for c in kinds.cat.categories], kinds.cat.codes.to_numpy()
    sizes = np.bincount(codes, minlength=len(names))
    member = (codes[:, None] == np.arange(len(names))).astype(float)
    sums = unit_sums(np.hstack([member, member * values[:, None]]), units)
    means = _log_means(sums.sum(axis=0, keepdims=True))[0]
    drawn = _log_means(draw_weights(units, REPLICATES, 0) @ sums) if len(values) else np.zeros((2, 0))
    results = []
    for place, name in enumerate(names):
        reason = too_few_clusters(units, cluster)
        if min(sizes[place], sizes[0]) < MINIMUM or not np.isfinite(means[[0, place]]).all():
            reason = f"at least {MINIMUM} priced children in it and in the first group are needed"
        if reason:
            n = int(sizes[place])
            results.append(Estimate.not_estimable(term, n=n, reason=reason, group=name, method=METHOD))
            continue
        value, gaps = means[place] - means[0], drawn[:, place] - drawn[:, 0]
        half = t_quantile(level, units.clusters) * drawn_error(gaps[np.isfinite(gaps)], units)
        index, low, high = (float(np.exp(v)) for v in (value, value - half, value + half))
        rest = (level, int(sizes[place]), "ratio", METHOD, name)
        made = Estimate(term, index, low if place else None, high if place else None, *rest)
        results.append(made.unless_alike(reason=_ALIKE))
    return Estimates.of(results)


def _log_means(sums: np.ndarray) -> np.ndarray:
    """Log of the mean of each group from counts and sums side by side; minus infinity where there is nobody."""
    counts, totals = np.split(sums, 2, axis=1)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where((counts > 0) & (totals > 0), np.log(totals / np.maximum(counts, 1e-12)), -np.inf)
