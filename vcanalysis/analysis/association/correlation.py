"""Rank correlation of two columns, over all children and within groups."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.association.ranks import cluster_error
from vcanalysis.analysis.association.resampling import (
    alike_clusters,
    complete,
    drawn_error,
    fisher_interval,
    level_codes,
    on_fisher,
    resampled_tables,
)
from vcanalysis.core.clusters import Units, clusters_of, too_few_clusters
from vcanalysis.core.columns import require_columns, say_column
from vcanalysis.core.doors import door
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import bonett_wright

METHOD = "Spearman's rank correlation; Bonett-Wright interval"
CLUSTERED = "Spearman's rank correlation; influence summed by {}, large ones left out in turn; t interval"
CONCORDANCE = "Kendall's tau-b; {} bootstrap"
MINIMUM = 10
REPLICATES = 400
_NONE = 1e-9  # on Fisher's scale: what is left of rounding where every resample is alike


def _unable(x: str, y: str, first: np.ndarray, second: np.ndarray) -> str:
    """Say why two columns cannot be correlated; empty where they can."""
    if len(first) < MINIMUM:
        return f"at least {MINIMUM} children with {say_column(x)} and {say_column(y)} are needed"
    for name, values in ((x, first), (y, second)):
        if np.ptp(values) == 0:
            return f"{say_column(name)} is the same for all children"
    return ""


def spearman_of_tables(tables: np.ndarray) -> np.ndarray:
    """Spearman's correlation of a stack of cross-tables, tied children at their mean rank.

    Examples
    --------
    >>> spearman_of_tables(np.eye(3)[None]).round(6).tolist()
    [1.0]
    """
    ranks = []
    for axis in (2, 1):
        counts = tables.sum(axis=axis)
        middle = np.cumsum(counts, axis=1) - counts / 2
        ranks.append((middle - counts.sum(axis=1, keepdims=True) / 2, counts))
    (one, rows), (two, columns) = ranks
    shared = np.sum(one * (tables @ two[..., None])[..., 0], axis=1)
    scale = np.sqrt(np.sum(one**2 * rows, axis=1) * np.sum(two**2 * columns, axis=1))
    return shared / np.maximum(scale, 1e-300)


def kendall_of_tables(tables: np.ndarray) -> np.ndarray:
    """Kendall's tau-b of a stack of cross-tables.

    Examples
    --------
    >>> kendall_of_tables(np.eye(3)[None]).round(6).tolist()
    [1.0]
    """
    below = np.zeros_like(tables)
    below[:, 1:] = np.cumsum(tables, axis=1)[:, :-1]
    left = np.cumsum(below, axis=2)
    concordant = np.sum(tables[:, :, 1:] * left[:, :, :-1], axis=(1, 2))
    right = left[:, :, -1:] - left
    discordant = np.sum(tables * right, axis=(1, 2))
    total = tables.sum(axis=(1, 2)) ** 2
    untied = [(total - np.sum(tables.sum(axis=axis) ** 2, axis=1)) / 2 for axis in (1, 2)]
    return (concordant - discordant) / np.maximum(np.sqrt(untied[0] * untied[1]), 1e-300)


def _error(
    first: np.ndarray,
    second: np.ndarray,
    units: Units,
    statistic: Callable[[np.ndarray], np.ndarray],
    seed: int,
) -> float:
    """Give the standard error on Fisher's scale from resampled cross-tables."""
    tables = resampled_tables(
        level_codes(first), level_codes(second), units, replicates=REPLICATES, seed=seed
    )
    return drawn_error(on_fisher(statistic(tables)), units)


@door("vc.association.rank_correlation(children, x='need_total', y='cost_gbp_week')", takes=pd.DataFrame)
def rank_correlation(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    cluster: str = "",
    level: float = 0.95,
    term: str = "",
    group: str = "all",
) -> Estimate:
    """Rank correlation of two columns, with an interval.

    Parameters
    ----------
    frame : DataFrame
        One row per child. Rows where either column is missing are left out; ties share their rank.
    x, y : str
        Numeric columns, such as ``need_total`` and ``cost_gbp_week``.
    cluster : str
        Column that names what children share, such as ``home_id``, ``provider_id`` or ``sibling_group``; a
        child without one stands alone. The interval is widened, and never narrowed. Without it children
        count as independent.
    level : float
        Confidence level.
    term, group : str
        Words for the sentence; made from the column names when left empty.

    Returns
    -------
    Estimate
        Unit "correlation", from -1 to 1. Not estimable below 10 complete rows, when a column does not vary,
        or with fewer than 3 clusters.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    Describes how closely the order of one follows the order of the other, not what causes what. With
    clusters the standard error on Fisher's scale sums the influence of children within clusters; clusters of
    more than a twentieth of the children are left out in turn instead, since they move what the others are
    compared with. The interval takes t with one degree of freedom fewer than there are clusters, or fewer still
    where a few hold most children (`alike_clusters`): with half the children in one, it is wide.

    References
    ----------
    Bonett DG, Wright TA (2000), Psychometrika 65:23-28.

    Examples
    --------
    >>> frame = pd.DataFrame({"need_total": range(12), "cost_gbp_week": [5, 3, 9, 1, 8, 7, 12, 4, 11, 6, 2, 10]})
    >>> rank_correlation(frame, x="need_total", y="cost_gbp_week").sentence()
    'Rank correlation of need and weekly cost: 0.24 (95% interval -0.40 to 0.72; 12 children).'
    """
    first, second, known = complete(frame, x, y)
    n, method = len(first), CLUSTERED.format(say_column(cluster)) if cluster else METHOD
    term = term or f"Rank correlation of {say_column(x)} and {say_column(y)}"
    if reason := _unable(x, y, first, second):
        return Estimate.not_estimable(term, n=n, reason=reason, group=group, method=method)
    rho = float(stats.spearmanr(first, second).statistic)
    ends = bonett_wright(rho, n, level)
    if cluster:
        units = clusters_of(frame, known, cluster, 0)
        if reason := too_few_clusters(units, cluster):
            return Estimate.not_estimable(term, n=units.clusters, reason=reason, group=group, method=method)
        inside = on_fisher(np.array([rho, *ends]))
        least = max(inside[2] - inside[0], inside[0] - inside[1])
        error = cluster_error(first, second, np.ones((n, 1)), units)
        ends = fisher_interval(rho, error, alike_clusters(units), level, least=least)
    few = None if cluster else n  # the formula's width tells n
    return Estimate(term, rho, *ends, level, n, "correlation", method, group, support=few)


def kendall_tau(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    cluster: str = "",
    level: float = 0.95,
    term: str = "",
    seed: int = 0,
) -> Estimate:
    """Kendall's tau-b: how many more pairs of children are in the same order on both columns than not.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows where either column is missing are left out.
    x, y : str
        Numeric columns; pairs tied on one of them count for neither order.
    cluster, level, term
        As for `rank_correlation`; without a cluster each child is drawn on its own.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Estimate
        Unit "correlation". Not estimable as `rank_correlation`.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    The interval takes the spread of 400 bootstraps of clusters on Fisher's scale and t as `rank_correlation`. For its
    spread only, more than 40 distinct values are gathered.

    References
    ----------
    Kendall MG (1945), Biometrika 33:239-251.

    Examples
    --------
    >>> frame = pd.DataFrame({"need": [1, 2, 2, 3, 4, 5, 6, 7, 8, 9], "cost": [1, 3, 2, 4, 5, 7, 6, 8, 9, 10]})
    >>> round(kendall_tau(frame, x="need", y="cost").value, 3)
    0.944
    """
    first, second, known = complete(frame, x, y)
    method = CONCORDANCE.format(f"{say_column(cluster)} cluster" if cluster else "child")
    term = term or f"Concordance of {say_column(x)} and {say_column(y)} (Kendall's tau-b)"
    units = clusters_of(frame, known, cluster, seed)
    reason = _unable(x, y, first, second) or too_few_clusters(units, cluster)
    if reason:
        n = min(len(first), units.clusters)
        return Estimate.not_estimable(term, n=n, reason=reason, method=method)
    value = float(stats.kendalltau(first, second).statistic)
    error = _error(first, second, units, kendall_of_tables, seed)
    ends = fisher_interval(value, error, alike_clusters(units), level) if error > _NONE else (value, value)
    made = Estimate(term, value, *ends, level, len(first), "correlation", method)
    return made.unless_alike(reason="all pairs are in one order, so that nothing says how sure this is")


def rank_correlation_by(
    frame: pd.DataFrame, *, x: str, y: str, group: str, cluster: str = "", level: float = 0.95, term: str = ""
) -> Estimates:
    """Rank correlation of two columns within each group, such as a type of placement.

    Parameters
    ----------
    frame : DataFrame
        One row per child.
    x, y : str
        Numeric columns.
    group : str
        Column of groups; an ordered Categorical keeps its order. Rows without a group are left out.
    cluster : str
        As for `rank_correlation`.
    level : float
        Confidence level of each interval; no adjustment is made for the number of groups.
    term : str
        Words for the sentence.

    Returns
    -------
    Estimates
        One per group that has rows, in order; small or unvarying groups are not estimable and say why.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    Placement type is itself chosen partly for need, so a weak link within types does not show that need
    plays no part: read it beside the correlation over all children, never instead of it.

    Examples
    --------
    >>> frame = pd.DataFrame({"need_total": [*range(12)] * 2, "cost_gbp_week": [*range(12), *range(12, 0, -1)],
    ...                       "placement_type": ["Foster"] * 12 + ["Residential home"] * 12})
    >>> [(e.group, e.value) for e in rank_correlation_by(frame, x="need_total", y="cost_gbp_week",
    ...                                                  group="placement_type")]
    [('Foster', 1.0), ('Residential home', -1.0)]
    """
    require_columns(frame, x, y, group)
    parts = frame.groupby(group, observed=True, sort=True)
    return Estimates.of(
        rank_correlation(rows, x=x, y=y, cluster=cluster, level=level, term=term, group=str(name))
        for name, rows in parts
    )
