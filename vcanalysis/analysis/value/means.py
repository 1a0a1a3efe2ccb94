"""The mean of a measure in one group, with an interval for costs that a few dear children decide."""

from __future__ import annotations

import numpy as np

from vcanalysis.analysis.value.skewed import MOST, SPREAD, draw_spreads, log_normal, log_spread, straighten
from vcanalysis.core.intervals import Interval, skewed_interval

_DRAWS = 999
_STRAIGHT = 1e-6  # skewness that moves no end


def mean_interval(values: np.ndarray, *, level: float = 0.95, seed: int = 0) -> Interval:
    """Interval of a mean: Hall's for skewed values, and wide enough were very skewed costs log-normal.

    Parameters
    ----------
    values : array of float
        At least three, none missing; where all are alike the interval has no width.
    level : float
        Confidence level.
    seed : int
        Seed of the draws.

    References
    ----------
    Hall P (1992), J R Stat Soc B 54:221-228; Krishnamoorthy K, Mathew T (2003), J Stat Plan Inference 115:103-121.

    Examples
    --------
    >>> low, high = mean_interval(np.array([300.0, 400.0, 500.0, 900.0, 4000.0] * 8))
    >>> bool(1220 - low < high - 1220)
    True
    """
    if np.ptp(values) == 0:
        return float(values[0]), float(values[0])
    n = len(values)
    value, error, skewness = (float(part[0]) for part in _shape(values[None], n))
    ends = skewed_interval(value, error, skewness, freedom=n - 1, level=level)
    spread = log_spread(values) if values.min() > 0 else 0.0
    if spread < SPREAD:
        return ends
    rng, size = np.random.default_rng(seed), min(n, MOST)
    spreads = draw_spreads(spread, n, _DRAWS, rng)[:, None]
    away, errors, shapes = _shape(log_normal(rng.standard_normal((_DRAWS, size)), spreads), n)
    told = straighten(away * np.sqrt(size / n) / errors, shapes)
    least, most = (value - _bend(float(np.quantile(told, p)), skewness) * error for p in _tails(level))
    return min(ends[0], least), max(ends[1], most)


def _shape(values: np.ndarray, n: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give mean, error and skewness of the mean of n such values, from each row."""
    size, mean = values.shape[1], values.mean(axis=1)
    away = values - mean[:, None]
    variance = (away**2).sum(axis=1) / (size - 1)
    third = (away**3).sum(axis=1) * size / ((size - 1) * (size - 2))
    error = np.maximum(np.sqrt(variance / n), 1e-90)
    return mean, error, third / (n**2 * error**3)


def _bend(straight: float, skewness: float) -> float:
    """Put back the skewness that `straighten` took out."""
    if abs(skewness) < _STRAIGHT:
        return straight
    return float(3 * (np.cbrt(1 + skewness * (straight - skewness / 6)) - 1) / skewness)


def _tails(level: float) -> tuple[float, float]:
    return (1 + level) / 2, (1 - level) / 2
