"""One variance component beside the residual: restricted likelihood profiled over a single ratio.

statsmodels' `MixedLM` has the same likelihood but can stop short of its maximum, gives no profile interval and takes
a hundred times as long; the tests hold this module against R's lme4.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import optimize, stats

_LARGEST = 12.0  # log ratio beyond which nothing is left to the residual
_SMALLEST = -12.0


@dataclass(frozen=True, slots=True)
class Component:
    """Share of a variance that belongs to groups, with what is needed to shrink their means.

    Parameters
    ----------
    share, low, high : float
        Variance between groups over all variance left by the fixed part; ends by profile likelihood.
    ratio : float
        Variance between groups over the residual variance.
    residual : float
        Residual variance.
    beta : array
        Coefficients of the fixed part.
    beta_covariance : array
        Their covariance.
    p_value : float
        Likelihood ratio test of no variance between groups (half chi-squared on the boundary).
    """

    share: float
    low: float
    high: float
    ratio: float
    residual: float
    beta: np.ndarray
    beta_covariance: np.ndarray
    p_value: float


@dataclass(frozen=True, slots=True)
class _Sums:
    """Cross-products of outcome and fixed part, whole and along the directions of the groups."""

    size: np.ndarray  # eigenvalues of Z Z', one per direction
    along_y: np.ndarray
    along_x: np.ndarray
    yy: float
    xy: np.ndarray
    xx: np.ndarray
    n: int


def _profile(ratio: float, s: _Sums) -> tuple[float, np.ndarray, float, np.ndarray]:
    """Restricted log likelihood at a ratio, with coefficients, residual variance and inverse information."""
    shrink = ratio * s.size / (1 + ratio * s.size)
    weighted = s.along_x * shrink[:, None]
    information = s.xx - s.along_x.T @ weighted
    side = s.xy - weighted.T @ s.along_y
    beta = np.linalg.solve(information, side)
    left = s.yy - float(shrink @ s.along_y**2) - float(beta @ side)
    df = s.n - len(beta)
    residual = max(left, 1e-300) / df
    log_det = float(np.sum(np.log1p(ratio * s.size))) + float(np.linalg.slogdet(information)[1])
    return -0.5 * (df * np.log(residual) + log_det), beta, residual, np.linalg.inv(information)


def fit_component(
    y: np.ndarray, x: np.ndarray, directions: np.ndarray, size: np.ndarray, level: float = 0.95
) -> Component:
    """Estimate one variance component by restricted maximum likelihood.

    The likelihood depends on one ratio only: it is searched over a grid and then refined, so that no
    optimiser can stop short of the best. Solves y = x beta + Z u + e with Z Z' = U diag(size) U'.

    Parameters
    ----------
    y : array (n,)
    x : array (n, p)
        Fixed part, of full rank.
    directions : array (n, k) or sparse
        Orthonormal U; for groups, their indicators over the root of their sizes.
    size : array (k,)
        Eigenvalues; for groups, their sizes.
    level : float
        Confidence level of the share.

    References
    ----------
    Patterson HD, Thompson R (1971), Biometrika 58:545-554; Self SG, Liang KY (1987), J Am Stat Assoc 82:605-610.

    Examples
    --------
    >>> group = np.repeat(np.arange(6), 4)
    >>> u = (group[:, None] == np.arange(6)) / 2
    >>> y = np.array([9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7.0])
    >>> round(fit_component(y, np.ones((24, 1)), u, np.full(6, 4.0)).share, 3)  # Shrout and Fleiss: .17
    0.166
    """
    return fit_along(y, x, size, (directions.T @ y, directions.T @ x), level)


def fit_along(
    y: np.ndarray, x: np.ndarray, size: np.ndarray, along: tuple[np.ndarray, np.ndarray], level: float = 0.95
) -> Component:
    """Estimate one variance component, as `fit_component`, from outcome and fixed part along the directions alone.

    Where there are thousands of directions, they need not be held: n times k numbers.

    Parameters
    ----------
    y, x, size, level
        As in `fit_component`.
    along : tuple of arrays
        U' y (k,) and U' x (k, p).

    Examples
    --------
    >>> group = np.repeat(np.arange(6), 4)
    >>> y = np.array([9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7.0])
    >>> along = np.bincount(group, y) / 2, np.full((6, 1), 2.0)
    >>> round(fit_along(y, np.ones((24, 1)), np.full(6, 4.0), along).share, 3)
    0.166
    """
    s = _Sums(size, *along, float(y @ y), x.T @ y, x.T @ x, len(y))
    grid = np.linspace(_SMALLEST, _LARGEST, 49)
    heights = [_profile(float(np.exp(g)), s)[0] for g in grid]
    place = int(np.argmax(heights))
    around = grid[max(place - 1, 0)], grid[min(place + 1, 48)]
    best = optimize.minimize_scalar(
        lambda g: -_profile(float(np.exp(g)), s)[0], bounds=around, method="bounded", options={"xatol": 1e-10}
    )
    none, ratio = _profile(0.0, s)[0], float(np.exp(best.x))
    top = -float(best.fun)
    if none >= top - 1e-9:
        ratio, top = 0.0, max(none, top)
    _, beta, residual, inverse = _profile(ratio, s)
    p_value = 0.5 * float(stats.chi2.sf(2 * (top - none), 1)) if ratio > 0 else 1.0
    drop = top - 0.5 * float(stats.chi2.ppf(level, 1))
    low, high = _ends(s, drop, none, float(best.x))
    share = ratio / (1 + ratio)
    return Component(share, low, high, ratio, residual, beta, residual * inverse, p_value)


def _ends(s: _Sums, drop: float, none: float, best: float) -> tuple[float, float]:
    """Where the likelihood has fallen by as much as chance allows, on either side, as shares."""

    def height(g: float) -> float:
        return _profile(float(np.exp(g)), s)[0] - drop

    low = 0.0
    if none < drop and height(_SMALLEST) < 0:
        low = float(np.exp(optimize.brentq(height, _SMALLEST, best)))
    high = np.inf
    if height(_LARGEST) < 0:
        high = float(np.exp(optimize.brentq(height, best, _LARGEST)))
    return low / (1 + low), 1.0 if np.isinf(high) else high / (1 + high)


def over_ratios(
    y: np.ndarray, x: np.ndarray, directions: np.ndarray, size: np.ndarray, *, points: int = 120
) -> tuple[np.ndarray, np.ndarray, list[tuple[np.ndarray, float, np.ndarray]]]:
    """Weigh many ratios of the variances by their restricted likelihood, to average over what is not known.

    Parameters
    ----------
    y, x, directions, size : array
        As for `fit_component`.
    points : int
        Ratios tried: their roots are evenly spread, which is a flat prior on the standard deviation between groups.

    Returns
    -------
    tuple
        Ratios and their weights, which sum to one (points,); for each the coefficients, the residual variance and the
        inverse information.

    References
    ----------
    Gelman A (2006), Bayesian Anal 1:515-533.

    Examples
    --------
    >>> group = np.repeat(np.arange(6), 4)
    >>> y = np.array([9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7.0])
    >>> directions = np.eye(6)[group] / 2
    >>> ratios, weights, _ = over_ratios(y, np.ones((24, 1)), directions, np.full(6, 4.0))
    >>> round(float(weights.sum()), 6), bool(ratios[0] == 0)
    (1.0, True)
    """
    along = directions.T @ y, directions.T @ x
    s = _Sums(size, *along, float(y @ y), x.T @ y, x.T @ x, len(y))
    largest = 1.0  # standard deviations between groups, in those within
    top = max(_profile(g**2, s)[0] for g in np.linspace(0, 4, 41))
    while largest < 64 and _profile(largest**2, s)[0] > top - 8:
        largest *= 1.5
    ratios = np.linspace(0, largest, points) ** 2
    found = [_profile(float(ratio), s) for ratio in ratios]
    heights = np.array([height for height, *_ in found])
    weights = np.exp(heights - heights.max())
    return (
        ratios,
        weights / weights.sum(),
        [(beta, residual, inverse) for _, beta, residual, inverse in found],
    )
