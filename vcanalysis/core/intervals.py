"""Intervals from plain numbers: shares, medians, rank correlations, agreement, resampling."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
from scipy import stats
from statsmodels.stats.proportion import proportion_confint

Interval = tuple[float, float]
_STRAIGHT = 1e-6  # skewness that moves no end
_CELLS = 4_000_000  # resampled cells held at once: 32 MB of counts


def normal_quantile(level: float) -> float:
    """Give the two-sided normal quantile of a confidence level: 1.96 for 0.95.

    Examples
    --------
    >>> round(normal_quantile(0.95), 3)
    1.96
    """
    return float(stats.norm.ppf(0.5 + level / 2))


def wilson(count: float, n: float, level: float = 0.95) -> Interval:
    """Wilson score interval of a share.

    Parameters
    ----------
    count, n : float
        Children with the property, and children asked about; whole numbers, or effective ones of clusters.
    level : float
        Confidence level.

    Returns
    -------
    tuple of float
        Lower and upper end, within [0, 1]; (0, 1) when nobody was asked.

    References
    ----------
    Wilson EB (1927), J Am Stat Assoc 22:209-212; Newcombe RG (1998), Stat Med 17:857-872, method 3.

    Examples
    --------
    >>> low, high = wilson(10, 20)
    >>> round(low, 3), round(high, 3)
    (0.299, 0.701)
    """
    if n <= 0:
        return 0.0, 1.0
    low, high = proportion_confint(count, n, 1 - level, method="wilson")
    # at none and at all the library's ends miss 0 and 1 by the last bit
    return 0.0 if count == 0 else float(low), 1.0 if count == n else float(high)


def effective_number(happened: np.ndarray, shared: np.ndarray, level: float = 0.95) -> tuple[float, float]:
    """Give how many rows apart would say as much of a share as rows that share children do, for `wilson`.

    Parameters
    ----------
    happened : array of bool
        Whether it did, row by row.
    shared : array
        The child of each row; at least two children.
    level : float
        Confidence level.

    Returns
    -------
    tuple of float
        The number, less for the few children there are, and the standard error of the share.

    References
    ----------
    Korn EL, Graubard BI (1998), Surv Methodol 24:193-201, with its reduction by the square of the normal over the t.

    Examples
    --------
    >>> number, error = effective_number(np.tile([True, False], 20), np.repeat(np.arange(20), 2))
    >>> round(number, 1), error  # every child has one of each: the share is the same whoever is asked
    (17.5, 0.0)
    """
    share, (_, child) = float(np.mean(happened)), np.unique(shared, return_inverse=True)
    away = np.bincount(child, weights=happened - share)
    children = len(away)
    variance = float(away @ away) / len(happened) ** 2 * children / (children - 1)
    size = share * (1 - share) / variance if variance > 0 else float(children)
    fewer = (normal_quantile(level) / stats.t.ppf(0.5 + level / 2, children - 1)) ** 2
    return min(size, float(len(happened))) * float(fewer), math.sqrt(variance)


def skewed_interval(
    value: float, error: float, skewness: float, *, freedom: float = math.inf, level: float = 0.95
) -> Interval:
    """Interval by t of a mean whose sampling distribution is skewed, as that of costs: Hall's cubic transformation.

    Parameters
    ----------
    value, error : float
        The mean and its standard error.
    skewness : float
        Of the mean, not of the values: for n alike, theirs over the root of n; 0 gives the t interval.
    freedom : float
        Degrees of freedom of the error.
    level : float
        Confidence level.

    References
    ----------
    Hall P (1992), J R Stat Soc B 54:221-228.

    Examples
    --------
    >>> [round(end, 2) for end in skewed_interval(10.0, 1.0, 0.3)]
    [8.37, 12.65]
    """
    half = float(stats.t.ppf(0.5 + level / 2, freedom))
    if abs(skewness) < _STRAIGHT:
        return value - half * error, value + half * error
    ends = (3 * (math.cbrt(1 + skewness * (t - skewness / 6)) - 1) / skewness for t in (half, -half))
    low, high = (value - end * error for end in ends)
    return low, high


def bonett_wright(rho: float, n: int, level: float = 0.95) -> Interval:
    """Interval of Spearman's rank correlation.

    A perfect correlation is treated as the nearest imperfect one that n ranks allow (two neighbours
    swapped), because the formula would otherwise claim an interval without width.

    Parameters
    ----------
    rho : float
        Spearman's rank correlation.
    n : int
        Pairs; below 4 the interval is (-1, 1).
    level : float
        Confidence level.

    References
    ----------
    Bonett DG, Wright TA (2000), Psychometrika 65:23-28.

    Examples
    --------
    >>> low, high = bonett_wright(0.30, 100)
    >>> round(low, 3), round(high, 3)
    (0.106, 0.472)
    """
    if n < 4:
        return -1.0, 1.0
    largest = 1 - 12 / (n * (n * n - 1))
    inside = min(max(rho, -largest), largest)
    half = normal_quantile(level) * math.sqrt((1 + inside * inside / 2) / (n - 3))
    low, high = math.tanh(math.atanh(inside) - half), math.tanh(math.atanh(inside) + half)
    return (-1.0 if rho <= -largest else low), (1.0 if rho >= largest else high)


def quantile_interval(values: np.ndarray, quantile: float, level: float = 0.95) -> Interval | None:
    """Distribution-free interval of a quantile from order statistics.

    Parameters
    ----------
    values : array of float
        Observations without missing values.
    quantile : float
        Which quantile, such as 0.5.
    level : float
        Confidence level; the interval covers at least as often.

    Returns
    -------
    tuple of float or None
        None when there are too few values for the level.

    References
    ----------
    Conover WJ (1999), Practical Nonparametric Statistics, 3rd ed., section 3.2.

    Examples
    --------
    >>> quantile_interval(np.arange(1.0, 101.0), 0.5)
    (40.0, 61.0)
    """
    n, tail = len(values), (1 - level) / 2
    lower = int(stats.binom.ppf(tail, n, quantile)) if n else 0
    upper = int(stats.binom.isf(tail, n, quantile)) + 1 if n else 1
    if lower < 1 or upper > n:
        return None
    ordered = np.partition(np.asarray(values, dtype=float), (lower - 1, upper - 1))
    return float(ordered[lower - 1]), float(ordered[upper - 1])


def median_interval(values: np.ndarray, level: float = 0.95) -> Interval | None:
    """Distribution-free interval of the median; None below six values at 95%.

    Examples
    --------
    >>> median_interval(np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0]))
    (1.0, 6.0)
    """
    return quantile_interval(values, 0.5, level)


def support_of(values: np.ndarray, *said: float | None) -> int:
    """Count the fewest observations that lie at or beyond any of several numbers, on its thinner side.

    Examples
    --------
    >>> support_of(np.arange(1.0, 101.0), 50.0, 96.0)
    5
    """
    known = [number for number in said if number is not None]
    sides = [min(int((values <= number).sum()), int((values >= number).sum())) for number in known]
    return min(sides, default=0)


def percentile_interval(draws: np.ndarray, level: float = 0.95) -> Interval:
    """Middle share of a set of draws.

    Examples
    --------
    >>> percentile_interval(np.arange(101.0), 0.5)
    (25.0, 75.0)
    """
    low, high = np.quantile(draws, [(1 - level) / 2, (1 + level) / 2])
    return float(low), float(high)


def resample(
    statistic: Callable[[np.ndarray], np.ndarray], n: int, *, replicates: int = 1000, seed: int = 0
) -> np.ndarray:
    """Draw bootstrap resamples as counts and evaluate a vectorised statistic on them.

    Parameters
    ----------
    statistic : callable
        Takes an array (replicates, n) of how often each observation was drawn and returns one row of
        results per replicate.
    n : int
        Observations.
    replicates : int
        Resamples.
    seed : int
        Seed of the random generator.

    Returns
    -------
    array
        Results, one row per replicate; memory stays bounded however large n is.

    Examples
    --------
    >>> values = np.array([1.0, 2.0, 3.0])
    >>> resample(lambda counts: counts @ values / 3, 3, replicates=4, seed=1).shape
    (4,)
    """
    rng = np.random.default_rng(seed)
    step = max(1, min(replicates, _CELLS // max(n, 1)))
    parts = []
    for start in range(0, replicates, step):
        size = min(step, replicates - start)
        drawn = rng.integers(0, n, (size, n)) + n * np.arange(size)[:, None]
        parts.append(statistic(np.bincount(drawn.ravel(), minlength=size * n).reshape(size, n)))
    return np.concatenate(parts)


def icc_interval(f_ratio: float, groups: int, extra: int, size: float, level: float = 0.95) -> Interval:
    """Exact interval of the one-way intraclass correlation, ICC(1).

    Parameters
    ----------
    f_ratio : float
        Mean square between children over mean square within.
    groups : int
        Children rated.
    extra : int
        Degrees of freedom within: ratings minus children.
    size : float
        Ratings per child (the mean size k0 when unequal; the interval is then approximate).
    level : float
        Confidence level.

    References
    ----------
    Shrout PE, Fleiss JL (1979), Psychol Bull 86:420-428.

    Examples
    --------
    >>> low, high = icc_interval(11.24 / 6.26, 6, 18, 4)
    >>> round(low, 2), round(high, 2)
    (-0.13, 0.72)
    """
    tail = (1 + level) / 2
    lower = f_ratio / stats.f.ppf(tail, groups - 1, extra)
    upper = f_ratio * stats.f.ppf(tail, extra, groups - 1)
    return float((lower - 1) / (lower + size - 1)), float((upper - 1) / (upper + size - 1))
