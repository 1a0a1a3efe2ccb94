"""How far apart prices lie at the same need: pairs of children matched on need."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.analysis.association.resampling import (
    Units,
    clusters_of,
    draw_weights,
    drawn_error,
    t_quantile,
    too_few_clusters,
)
from vcanalysis.core.columns import cost_column, number_column, require_columns, say_column
from vcanalysis.core.estimate import Estimate

METHOD = "median ratio in pairs matched on need; cluster bootstrap on the log scale"
MINIMUM = 20
MOST_PAIRS = 20_000
REPLICATES = 300


def _matched(need: np.ndarray, dear: np.ndarray, cheap: np.ndarray, width: float, seed: int) -> np.ndarray:
    """Draw pairs, one child from either set, whose needs differ by at most the width; shape (pairs, 2)."""
    order = cheap[np.argsort(need[cheap], kind="stable")]
    start = np.searchsorted(need[order], need[dear] - width, side="left")
    count = np.searchsorted(need[order], need[dear] + width, side="right") - start
    total = int(count.sum())
    if not total:
        return np.zeros((0, 2), dtype=int)
    chosen = np.arange(total)
    if total > MOST_PAIRS:
        chosen = np.sort(np.random.default_rng(seed).choice(total, MOST_PAIRS, replace=False))
    before = np.cumsum(count) - count
    left = np.searchsorted(before, chosen, side="right") - 1
    return np.column_stack([dear[left], order[start[left] + chosen - before[left]]])


def _median(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted median of sorted values for each row of weights."""
    heaped = np.cumsum(weights, axis=1)
    place = np.sum(heaped < heaped[:, -1:] / 2, axis=1)
    return values[np.minimum(place, len(values) - 1)]


def same_need_ratio(
    frame: pd.DataFrame,
    *,
    need: str,
    cost: str,
    width: float = 0.5,
    kind: str = "",
    dear: str = "",
    cheap: str = "",
    cluster: str = "",
    level: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Median ratio of costs in pairs of children with the same need.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows that lack a column, and costs of zero, are left out.
    need, cost : str
        Columns of the need score and of weekly cost, pounds.
    width : float
        By how much needs may differ within a pair, in points.
    kind, dear, cheap : str
        Column of types of placement and the two to compare at the same need, such as "Residential home" and
        "Agency fostering". Without them any two children are compared: the dearer over the cheaper.
    cluster : str
        Column of what children share; without it each child is drawn on its own.
    level : float
        Confidence level.
    seed : int
        Seed of the bootstrap and of the choice of pairs where there are more than 20,000.

    Returns
    -------
    Estimate
        Unit "ratio": 3 says that one of the pair costs three times the other. Not estimable below 20 pairs
        or 10 children of either type, or with fewer than 3 clusters.

    Raises
    ------
    InputError
        If a column is missing, not numeric, or a cost lies below zero.

    Notes
    -----
    Equal scores are not equal needs: rating error makes children of different need look alike, and a type
    may be chosen for what no score holds. A pair of one child with itself never counts. Where a child has few
    matches the interval errs on the wide side.

    References
    ----------
    Hodges JL, Lehmann EL (1963), Ann Math Stat 34:598-611, for the median over pairs.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"need": rng.integers(0, 5, 200), "cost": np.repeat([500.0, 1500.0], 100),
    ...                       "type": np.repeat(["Foster", "Home"], 100)})
    >>> found = same_need_ratio(frame, need="need", cost="cost", kind="type", dear="Home", cheap="Foster")
    >>> round(found.value, 2)
    3.0
    """
    costs, needs = cost_column(frame, cost), number_column(frame, need)
    known = (np.nan_to_num(costs) > 0) & ~np.isnan(needs)
    x, y, units = needs[known], np.log(costs[known]), clusters_of(frame, known, cluster, seed)
    term = f"Ratio of costs at the same {say_column(need)}"
    first = second = np.arange(len(x))
    if kind:
        require_columns(frame, kind)
        of = frame.loc[known, kind].astype("str").to_numpy()
        first, second = np.flatnonzero(of == dear), np.flatnonzero(of == cheap)
        term += f", {dear} over {cheap}"
    pairs = _matched(x, first, second, width, seed) if len(x) else np.zeros((0, 2), dtype=int)
    pairs = pairs if kind else pairs[pairs[:, 0] != pairs[:, 1]]
    few = min(len(first), len(second))
    if few < MINIMUM // 2 or len(pairs) < MINIMUM:
        reason = f"at least {MINIMUM} pairs, of {MINIMUM // 2} priced children on either side, are needed"
        return Estimate.not_estimable(term, n=few, reason=reason, method=METHOD)
    if reason := too_few_clusters(units, cluster):
        return Estimate.not_estimable(term, n=units.clusters, reason=reason, method=METHOD)
    gaps = y[pairs[:, 0]] - y[pairs[:, 1]]
    return _ratio(gaps if kind else np.abs(gaps), pairs, units, level, (term, len(np.unique(pairs)), seed))


def _ratio(
    gaps: np.ndarray, pairs: np.ndarray, units: Units, level: float, about: tuple[str, int, int]
) -> Estimate:
    term, n, seed = about
    order = np.argsort(gaps)
    gaps, ones, others = gaps[order], units.codes[pairs[order, 0]], units.codes[pairs[order, 1]]
    value = float(np.median(gaps))
    weights = draw_weights(units, REPLICATES, seed)
    # The sum of both weights, not their product: the part of first order, without the noise of pairing anew.
    drawn = np.concatenate(
        [_median(gaps, part[:, ones] + part[:, others] - 1) for part in np.array_split(weights, 10)]
    )
    half = t_quantile(level, units.clusters) * drawn_error(drawn, units)
    ratio, low, high = (float(np.exp(v)) for v in (value, value - half, value + half))
    return Estimate(term, ratio, low, high, level, n, "ratio", METHOD)
