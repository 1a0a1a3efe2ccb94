"""How much more councils differ than chance: the mean square of their winsorised z."""

from __future__ import annotations

import math

import numpy as np
from scipy import stats
from scipy.optimize import brentq

from vcanalysis.analysis.productivity.limits import Kind, scale_error, to_scale

WINSORISED = 0.1


def overdispersion(
    values: np.ndarray,
    sizes: np.ndarray,
    target: float,
    *,
    kind: Kind,
    sd: float = math.nan,
    winsorise: float = WINSORISED,
) -> tuple[np.ndarray, float, float]:
    """Give z of each council, the spread of councils over that of chance, and the spread beyond chance.

    Parameters
    ----------
    values, sizes : array of float
        Rates (per 1), shares or means, and children.
    target : float
        What an average council has.
    kind, sd
        As in `funnel`.
    winsorise : float
        Share of councils at either end whose z is drawn in; 0 gives the plain mean square.

    Returns
    -------
    tuple
        z on the transformed scale; phi; tau, on that scale, 0 where phi is at most 1.

    Examples
    --------
    >>> z, phi, tau = overdispersion(np.array([0.4, 0.5, 0.6]), np.full(3, 100.0), 0.5, kind="share", winsorise=0)
    >>> z.round(2).tolist(), round(phi, 2), round(tau, 3)
    ([-2.01, 0.0, 2.01], 2.7, 0.065)
    """
    errors = scale_error(sizes, kind, sd)
    z = (to_scale(values, kind) - to_scale(np.array(target), kind)) / errors
    phi = float(winsorised_square(z[None], winsorise)[0])
    return z, phi, _beyond_chance(z * errors, errors, winsorise) if phi > 1 else 0.0


def _beyond_chance(left: np.ndarray, errors: np.ndarray, winsorise: float) -> float:
    """Find the spread with which the mean square of winsorised z is that of normal numbers, whatever the sizes."""

    def excess(square: float) -> float:
        return float(winsorised_square((left / np.sqrt(errors**2 + square))[None], winsorise)[0]) - 1

    most = float(left @ left) + 1.0
    return math.sqrt(brentq(excess, 0.0, most, xtol=1e-12)) if excess(0.0) > 0 else 0.0


def winsorised_square(z: np.ndarray, share: float) -> np.ndarray:
    """Give the mean square of each row, its ends drawn in, over that of standard normal numbers treated alike.

    Examples
    --------
    >>> winsorised_square(np.array([[-2.0, 0.0, 2.0]]), 0.0).round(2).tolist()
    [2.67]
    """
    low, high = np.quantile(z, [share, 1 - share], axis=1, keepdims=True)
    end = float(stats.norm.ppf(1 - share)) if share else 0.0
    alike = 2 * share * end**2 + (1 - 2 * share) - 2 * end * float(stats.norm.pdf(end))
    return np.asarray(np.mean(np.clip(z, low, high) ** 2, axis=1) / alike)
