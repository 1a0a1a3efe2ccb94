"""Limits of a funnel: exact quantiles of counts and shares, and the scales on which their spread is even."""

from __future__ import annotations

import math
from typing import Literal

import numpy as np
from scipy import stats

from vcanalysis.core.intervals import normal_quantile

Kind = Literal["rate", "share", "mean"]


def exact_limits(
    sizes: np.ndarray, target: float, level: float, *, kind: Kind, sd: float = math.nan
) -> tuple[np.ndarray, np.ndarray]:
    """Limits that chance alone would cross in 1 - level of councils, half on either side.

    Parameters
    ----------
    sizes : array of float
        Children.
    target : float
        Rate per child, share or mean of an average council.
    level : float
        Such as 0.95.
    kind : {"rate", "share", "mean"}
        Poisson, binomial or normal.
    sd : float
        Standard deviation of one child's value, of a mean.

    Returns
    -------
    tuple of array
        Lower and upper limits as rate per child, share or mean; lower limits of counts are never below 0.

    References
    ----------
    Spiegelhalter DJ (2005), Stat Med 24:1185-1202, appendix A.1, for interpolating between whole counts.

    Examples
    --------
    >>> low, high = exact_limits(np.array([100.0]), 0.5, 0.95, kind="share")
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([0.397], [0.593])
    """
    if kind == "mean":
        half = normal_quantile(level) * sd / np.sqrt(sizes)
        return target - half, target + half
    tails = ((1 - level) / 2, (1 + level) / 2)
    low, high = (_interpolated(sizes, target, tail, kind) / sizes for tail in tails)
    return np.maximum(low, 0.0), high


def _interpolated(sizes: np.ndarray, target: float, tail: float, kind: Kind) -> np.ndarray:
    """Give the quantile of a count, between the whole numbers on either side of it."""
    count = stats.poisson(sizes * target) if kind == "rate" else stats.binom(np.round(sizes), target)
    whole = count.ppf(tail)
    above, below = count.cdf(whole), count.cdf(whole - 1)
    return np.asarray(whole - (above - tail) / (above - below))


def to_scale(value: np.ndarray, kind: Kind) -> np.ndarray:
    """Carry rates (per child), shares or means to the scale on which chance is even.

    Examples
    --------
    >>> to_scale(np.array([0.25]), "rate").tolist()
    [0.5]
    """
    if kind == "rate":
        return np.sqrt(value)
    return np.arcsin(np.sqrt(value)) if kind == "share" else np.asarray(value, dtype=float)


def from_scale(value: np.ndarray, kind: Kind) -> np.ndarray:
    """Carry numbers back from the scale of `to_scale`.

    Examples
    --------
    >>> from_scale(np.array([0.5, -0.1]), "rate").tolist()
    [0.25, 0.0]
    """
    if kind == "rate":
        return np.asarray(np.maximum(value, 0.0) ** 2)
    return np.sin(np.clip(value, 0.0, math.pi / 2)) ** 2 if kind == "share" else value


def scale_error(sizes: np.ndarray, kind: Kind, sd: float = math.nan) -> np.ndarray:
    """Give the standard error of chance on the scale of `to_scale`.

    Examples
    --------
    >>> scale_error(np.array([100.0]), "share").tolist()
    [0.05]
    """
    return np.asarray((sd if kind == "mean" else 0.5) / np.sqrt(sizes))
