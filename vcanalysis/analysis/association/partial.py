"""Rank correlation of need and cost among children alike in other respects, beside the unadjusted one."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.association.correlation import MINIMUM, rank_correlation
from vcanalysis.analysis.association.ranks import cluster_error, influence
from vcanalysis.analysis.association.resampling import alike_clusters, complete, fisher_interval
from vcanalysis.core.clusters import clusters_of, too_few_clusters
from vcanalysis.core.columns import holds_numbers, require_columns, say_column
from vcanalysis.core.estimate import Estimate, Estimates

METHOD = (
    "partial Spearman correlation; influence summed over clusters, large ones left out in turn; t interval"
)


def _covariates(frame: pd.DataFrame, given: Sequence[str]) -> np.ndarray:
    """Code what is held alike: numbers as ranks, categories as indicators, a gap as a category of its own."""
    parts = [np.ones((len(frame), 1))]
    for name in given:
        column = frame[name]
        if holds_numbers(column):
            values = column.to_numpy(dtype="float64", na_value=np.nan)
            gaps = np.isnan(values)
            filled = np.where(gaps, np.nanmedian(values) if (~gaps).any() else 0.0, values)
            parts += [stats.rankdata(filled)[:, None], gaps[:, None].astype(float)]
        else:
            codes = pd.factorize(column.astype("str").where(column.notna(), "(missing)"))[0]
            parts.append((codes[:, None] == np.arange(1, codes.max(initial=0) + 1)).astype(float))
    return np.concatenate(parts, axis=1)


def partial_rank_correlation(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    given: Sequence[str],
    cluster: str = "",
    level: float = 0.95,
    term: str = "",
) -> Estimate:
    """Rank correlation of two columns among children alike in others, such as placement type and age.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows without x or y are left out.
    x, y : str
        Numeric columns, such as ``need_total`` and ``cost_gbp_week``.
    given : sequence of str
        Columns held alike: numbers enter by their rank, categories as indicators, a missing value as a
        category of its own.
    cluster : str
        Column of what children share: the interval is widened, and never narrowed; without it children count
        as independent.
    level : float
        Confidence level.
    term : str
        Words for the sentence.

    Returns
    -------
    Estimate
        Unit "correlation": Pearson's partial correlation of the ranks. Not estimable where fewer than 10
        children more than covariates are left, a column does not vary once the others are held alike, or
        there are fewer than 3 clusters.

    Raises
    ------
    InputError
        If a column is missing or x or y is not numeric.

    Notes
    -----
    Placement type is chosen partly for need and carries most of the price: it lies between the two rather
    than behind both. Holding it alike answers another question (does spend follow need once the type is
    chosen?). Show it beside the unadjusted figure, never instead: `adjusted_beside_unadjusted` does.

    References
    ----------
    Kendall MG (1942), Biometrika 32:277-283; Liu Q et al (2018), Biometrics 74:595-605.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"kind": np.repeat(["a", "b"], 100), "x": rng.normal(size=200)})
    >>> frame["y"] = frame["x"] + 10 * (frame["kind"] == "b")
    >>> round(partial_rank_correlation(frame, x="x", y="y", given=["kind"]).value, 1)
    1.0
    """
    first, second, known = complete(frame, x, y)
    require_columns(frame, *given)
    held = " and ".join(say_column(name) for name in given)
    term = term or f"Rank correlation of {say_column(x)} and {say_column(y)}, given {held}"
    design = _covariates(frame.loc[known], given)
    lost = int(np.linalg.matrix_rank(design)) - 1 if len(first) else 0
    units, n = clusters_of(frame, known, cluster, 0), len(first)
    if n - lost < MINIMUM or too_few_clusters(units, cluster):
        few = f"at least {MINIMUM + lost} children with both, and with what is held equal, are needed"
        reason = too_few_clusters(units, cluster) if n - lost >= MINIMUM else few
        return Estimate.not_estimable(term, n=min(n, units.clusters), reason=reason, method=METHOD)
    rho, _ = influence(first, second, design)
    if not np.isfinite(rho):
        reason = f"{say_column(x)} or {say_column(y)} is the same for all children alike in {held}"
        return Estimate.not_estimable(term, n=n, reason=reason, method=METHOD)
    grown = np.sqrt((n - 1) / (n - 1 - lost))  # residuals of fitted ranks spread too little
    error, clusters = (
        cluster_error(first, second, design, units),
        alike_clusters(units) - lost * (not cluster),
    )
    ends = fisher_interval(rho, grown * error, clusters, level)
    return Estimate(term, rho, *ends, level, n, "correlation", METHOD)


def adjusted_beside_unadjusted(
    frame: pd.DataFrame, *, x: str, y: str, given: Sequence[str], cluster: str = "", level: float = 0.95
) -> Estimates:
    """Unadjusted rank correlation, then given each column, then given all: always side by side.

    Parameters
    ----------
    frame, x, y, given, cluster, level
        As for `partial_rank_correlation`.

    Returns
    -------
    Estimates
        Groups "all children", "given <column>" for each, and "given all of these" where there are several.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame(rng.normal(size=(80, 3)), columns=["x", "y", "age"])
    >>> [e.group for e in adjusted_beside_unadjusted(frame, x="x", y="y", given=["age"])]
    ['all children', 'given age']
    """
    term = f"Rank correlation of {say_column(x)} and {say_column(y)}"
    about = {"x": x, "y": y, "cluster": cluster, "level": level, "term": term}
    sets = [([name], f"given {say_column(name)}") for name in given]
    if len(given) > 1:
        sets.append((list(given), "given all of these"))
    plain = rank_correlation(frame, group="all children", **about)  # type: ignore[arg-type]
    adjusted = [
        partial_rank_correlation(frame, given=names, **about).named(group=group)  # type: ignore[arg-type]
        for names, group in sets
    ]
    return Estimates((plain, *adjusted))
