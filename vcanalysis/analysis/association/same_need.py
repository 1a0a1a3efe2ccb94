"""How far apart prices lie at the same need: pairs of children matched on need."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.analysis.association.resampling import t_quantile
from vcanalysis.core.clusters import Units, clusters_of, too_few_clusters
from vcanalysis.core.columns import cost_column, number_column, require_columns, say_column
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.leverage import Leverage, Rests, hangs_on

METHOD = (
    "median ratio in pairs matched on need; Woodruff interval, errors of pairs that share a cluster, "
    "t by Satterthwaite"
)
MINIMUM = 20
_ALIKE = "the ratio is the same in all pairs, so that nothing says how sure it is"
MOST_PAIRS = 20_000


def _matched(need: np.ndarray, dear: np.ndarray, cheap: np.ndarray, width: float, seed: int) -> np.ndarray:
    """Draw pairs, one child from either set, whose needs differ by at most the width; shape (pairs, 2)."""
    order = cheap[np.argsort(need[cheap], kind="stable")]
    start = np.searchsorted(need[order], need[dear] - width, side="left")
    count = np.searchsorted(need[order], need[dear] + width, side="right") - start
    total = int(count.sum())
    if not total:
        return np.zeros((0, 2), dtype=int)
    if (
        total > MOST_PAIRS
    ):  # a nation has hundreds of millions of pairs: they are drawn by number, never listed
        chosen = np.sort(np.random.default_rng(seed).choice(total, MOST_PAIRS, replace=False))
    else:
        chosen = np.arange(total)
    before = np.cumsum(count) - count
    left = np.searchsorted(before, chosen, side="right") - 1
    return np.column_stack([dear[left], order[start[left] + chosen - before[left]]])


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
        Seed of the choice of pairs where there are more than 20,000.

    Returns
    -------
    Estimate
        Unit "ratio": 3 says that one of the pair costs three times the other. Not estimable below 20 pairs
        or 10 children of either type, with fewer than 3 clusters, or where either type hangs on the children of one
        or two.

    Raises
    ------
    InputError
        If a column is missing, not numeric, or a cost lies below zero.

    Notes
    -----
    Equal scores are not equal needs: rating error makes children of different need look alike, and a type
    may be chosen for what no score holds. A pair of one child with itself never counts. Pairs that share a
    child, or its cluster, go together: the error of the share of pairs below the median counts each such two
    once, made up for the share of pairs the cluster is in, and the ends are the pairs that stand that far from the
    middle. The degrees of freedom are those of a mean over the children in pairs, or of a difference
    between the types, whichever are fewer.

    References
    ----------
    Hodges JL, Lehmann EL (1963), Ann Math Stat 34:598-611, for the median over pairs; Woodruff RS (1952), J Am
    Stat Assoc 47:635-646; Aronow PM, Samii C, Assenova VA (2015), Polit Anal 23:564-577.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> price = np.repeat([500.0, 1500.0], 100) + rng.normal(0, 5, 200)
    >>> frame = pd.DataFrame({"need": rng.integers(0, 5, 200), "cost": price,
    ...                       "type": np.repeat(["Foster", "Home"], 100)})
    >>> found = same_need_ratio(frame, need="need", cost="cost", kind="type", dear="Home", cheap="Foster")
    >>> round(found.value, 1)
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
    rests = _rests(pairs, bool(kind), units)
    if reason := hangs_on(rests.freedom, cluster):
        return Estimate.not_estimable(term, n=few, reason=reason, method=METHOD)
    gaps = y[pairs[:, 0]] - y[pairs[:, 1]]
    about = term, len(np.unique(pairs)), rests
    return _ratio(gaps if kind else np.abs(gaps), pairs, units, level, about)


def _rests(pairs: np.ndarray, apart: bool, units: Units) -> Rests:
    """Say what a mean over all in pairs rests on, and a difference between their sides, whichever is less."""
    sides = [np.bincount(side, minlength=len(units.codes)).astype(float) for side in pairs.T]
    weight, ones = sides[0] + sides[1], np.ones(len(units.codes))
    found = Leverage.of(ones[:, None], weight, units).rests(np.ones(1))
    if not apart:
        return found
    matrix = np.column_stack([ones, sides[0] > 0]).astype(float)
    other = Leverage.of(matrix, weight, units).rests(np.array([0.0, 1.0]))
    return Rests(min(found.freedom, other.freedom), other.short)


def _share_error(below: np.ndarray, pairs: np.ndarray, units: Units) -> float:
    """Give the error of a share of pairs: sums by cluster, less what two have in common, which they count twice."""
    ends = np.sort(units.codes[pairs], axis=1)
    left = below - below.mean()
    apart = ends[:, 0] != ends[:, 1]
    sums = np.bincount(ends[:, 0], left, units.count) + np.bincount(ends[:, 1], left * apart, units.count)
    _, both = np.unique(ends[apart] @ [units.count, 1], return_inverse=True)
    shared = np.bincount(both, left[apart])
    touched = np.bincount(np.concatenate([ends[:, 0], ends[apart, 1]]), minlength=units.count) / len(pairs)
    grown: np.ndarray = sums / np.sqrt(np.maximum(1 - touched, 1 / len(pairs)))
    return float(np.sqrt(max(grown @ grown - shared @ shared, 0.0))) / len(pairs)


def _ratio(
    gaps: np.ndarray, pairs: np.ndarray, units: Units, level: float, about: tuple[str, int, Rests]
) -> Estimate:
    freedom, short = about[2]
    half = t_quantile(level, freedom + 1) * short * _share_error(gaps <= np.median(gaps), pairs, units)
    places = np.clip([0.5, 0.5 - half, 0.5 + half], 0, 1)
    ratio, low, high = (float(v) for v in np.exp(np.quantile(gaps, places)))
    made = Estimate(about[0], ratio, low, high, level, about[1], "ratio", METHOD)
    return made.unless_alike(reason=_ALIKE)
