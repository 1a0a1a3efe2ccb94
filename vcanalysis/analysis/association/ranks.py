"""What each child, and each cluster of children, does to a rank correlation."""

from __future__ import annotations

import numpy as np
from scipy import stats

from vcanalysis.analysis.association.resampling import on_fisher
from vcanalysis.core.clusters import Units

_LARGE = 0.05  # share of the children from which what a cluster does is found by leaving it out


def _residuals(values: np.ndarray, design: np.ndarray) -> tuple[np.ndarray, float]:
    """Give ranks less what the covariates predict, scaled to unit spread, and that spread (0: nothing is left)."""
    ranks = stats.rankdata(values)
    left = ranks - design @ np.linalg.lstsq(design, ranks, rcond=None)[0]
    spread = float(np.sqrt(np.mean(left**2)))
    return (left / spread, spread) if spread > 1e-8 * len(values) else (np.zeros(len(values)), 0.0)


def _through_ranks(values: np.ndarray, pull: np.ndarray) -> np.ndarray:
    """Influence of each child through the ranks of the others: sum over j of pull_j (1[x_i <= x_j] - F(x_j))."""
    levels, codes = np.unique(values, return_inverse=True)
    sums = np.bincount(codes, weights=pull, minlength=len(levels))
    felt = (np.cumsum(sums[::-1])[::-1] - sums / 2)[codes]  # a tie counts half
    return felt - felt.mean()


def influence(x: np.ndarray, y: np.ndarray, design: np.ndarray) -> tuple[float, np.ndarray]:
    """Give the partial rank correlation and the influence of each child on it, its effect on ranks included.

    Parameters
    ----------
    x, y : array of float
        The two columns, complete.
    design : array (children, covariates)
        What is held alike, with a column of ones.

    Returns
    -------
    tuple
        The correlation (NaN where the covariates leave nothing of a column) and n values of mean 0: the
        variance of the correlation is the mean of their squares over n.

    Examples
    --------
    >>> ranks = np.arange(20.0)
    >>> rho, felt = influence(ranks, ranks**2, np.ones((20, 1)))
    >>> round(rho, 6), round(float(np.abs(felt).max()), 6)
    (1.0, 0.0)
    """
    (one, first), (two, second) = _residuals(x, design), _residuals(y, design)
    if first == 0 or second == 0:
        return float("nan"), np.zeros(len(x))
    rho = float(np.mean(one * two))
    felt = one * two - rho / 2 * (one**2 + two**2)
    felt = felt + _through_ranks(x, (two - rho * one) / first) + _through_ranks(y, (one - rho * two) / second)
    return rho, felt


def cluster_error(x: np.ndarray, y: np.ndarray, design: np.ndarray, units: Units) -> float:
    """Give the standard error on Fisher's scale from what each cluster does, and never less than without clusters.

    Influence is summed within clusters; a large cluster also moves the ranks and means the others are seen from, so
    that it is left out instead.
    """
    n, (rho, felt) = len(x), influence(x, y, design)
    sizes, slope = np.bincount(units.codes).astype(float), max(1 - rho**2, 1e-4)
    moved = np.bincount(units.codes, weights=felt) / np.maximum(n - sizes, 1) / slope
    for unit in np.flatnonzero(sizes > max(_LARGE * n, 1)):
        others = units.codes != unit
        without, _ = influence(x[others], y[others], design[others])
        if np.isfinite(without):
            moved[unit] = float(np.diff(on_fisher(np.array([without, rho])))[0])
    shared = float(moved @ moved) * (units.count - 1) / units.count
    alone = float(felt @ felt) / (n * (n - 1)) / slope**2
    return float(np.sqrt(max(shared, alone)))
