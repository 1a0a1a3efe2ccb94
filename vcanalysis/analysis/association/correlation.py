"""Rank correlation of two columns, over all children and within groups."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.core.columns import number_column, require_columns, say_column
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import bonett_wright

METHOD = "Spearman's rank correlation; Bonett-Wright interval"
MINIMUM = 10


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
        Column that names what children share, such as ``home_id``; a child without one stands alone. The
        interval is widened by the design effect, and never narrowed. Without it children count as independent.
    level : float
        Confidence level.
    term, group : str
        Words for the sentence; made from the column names when left empty.

    Returns
    -------
    Estimate
        Unit "correlation", from -1 to 1. Not estimable below 10 complete rows or when a column does not vary.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    Describes how closely the order of one follows the order of the other, not what causes what. The design
    effect is the variance of the correlation's influence values summed within clusters, over their variance
    if children were independent; it multiplies the squared width on Fisher's scale.

    References
    ----------
    Bonett DG, Wright TA (2000), Psychometrika 65:23-28.

    Examples
    --------
    >>> frame = pd.DataFrame({"need_total": range(12), "cost_gbp_week": [5, 3, 9, 1, 8, 7, 12, 4, 11, 6, 2, 10]})
    >>> rank_correlation(frame, x="need_total", y="cost_gbp_week").sentence()
    'Rank correlation of need and weekly cost: 0.24 (95% interval -0.40 to 0.72; 12 children).'
    """
    first, second = number_column(frame, x), number_column(frame, y)
    both = ~(np.isnan(first) | np.isnan(second))
    first, second, n = first[both], second[both], int(both.sum())
    term = term or f"Rank correlation of {say_column(x)} and {say_column(y)}"
    if n < MINIMUM:
        reason = f"at least {MINIMUM} children with {say_column(x)} and {say_column(y)} are needed"
        return Estimate.not_estimable(term, n=n, reason=reason, group=group, method=METHOD)
    for name, values in ((x, first), (y, second)):
        if np.ptp(values) == 0:
            reason = f"{say_column(name)} is the same for all children"
            return Estimate.not_estimable(term, n=n, reason=reason, group=group, method=METHOD)
    rho = float(stats.spearmanr(first, second).statistic)
    ends = bonett_wright(rho, n, level)
    if not cluster:
        return Estimate(term, rho, *ends, level, n, "correlation", METHOD, group)
    require_columns(frame, cluster)
    effect = _design_effect(first, second, rho, frame.loc[both, cluster])
    middle = np.arctanh(rho) if abs(rho) < 1 else 0.0
    low, high = (float(np.tanh(middle + (np.arctanh(e) - middle) * np.sqrt(effect))) for e in ends)
    method = f"{METHOD} widened for clusters by {say_column(cluster)}"
    return Estimate(term, rho, low, high, level, n, "correlation", method, group)


def _design_effect(first: np.ndarray, second: np.ndarray, rho: float, cluster: pd.Series) -> float:
    """Give how much larger the variance of a rank correlation is because children share clusters; at least 1."""
    one, two = stats.zscore(stats.rankdata(first)), stats.zscore(stats.rankdata(second))
    influence = one * two - rho / 2 * (one**2 + two**2)
    alone = float(influence @ influence)
    codes = pd.factorize(cluster)[0]
    shared = codes >= 0
    sums = np.bincount(codes[shared], weights=influence[shared])
    together = float(sums @ sums + influence[~shared] @ influence[~shared])
    return max(together / alone, 1.0) if alone > 0 else 1.0


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
