"""Beta-PERT draws: between a lowest and a highest value, likeliest at a third."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
from scipy import stats

# exact quantiles here, and a line between two of them
_GRID = (1 - np.cos(np.pi * np.arange(1001) / 1000)) / 2


def pert_draws(central: float, low: float, high: float, uniform: np.ndarray) -> np.ndarray:
    """Turn uniform draws into beta-PERT draws.

    Parameters
    ----------
    central, low, high : float
        Likeliest, lowest and highest value; where the ends are one, every draw is it.
    uniform : ndarray
        Draws from 0 to 1.

    References
    ----------
    Malcolm DG and others (1959), Oper Res 7:646-669; Vose D (2008), Risk Analysis, 3rd ed.

    Examples
    --------
    >>> pert_draws(2.0, 0.0, 4.0, np.array([0.0, 0.5, 1.0])).round(6).tolist()
    [0.0, 2.0, 4.0]
    """
    span = high - low
    if span == 0:
        return np.full(uniform.shape, central)
    first, second = 1 + 4 * (central - low) / span, 1 + 4 * (high - central) / span
    return np.interp(uniform, _GRID, low + span * _quantiles(first, second))


@lru_cache(maxsize=256)
def _quantiles(first: float, second: float) -> np.ndarray:
    """Give the quantiles of a beta distribution on the grid; a hand on a slider moves few inputs at a time."""
    found: np.ndarray = stats.beta.ppf(_GRID, first, second)
    found.setflags(write=False)
    return found


__all__ = ["pert_draws"]
