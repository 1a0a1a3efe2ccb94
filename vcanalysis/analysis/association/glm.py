"""Regression with a log link, and errors that count clusters.

scipy finds the fit. statsmodels' scoring runs away where one child costs many times what the others do. The tests
hold the fit and its errors against R.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, special

from vcanalysis.core.clusters import Units
from vcanalysis.core.leverage import Leverage


def fit_glm(
    y: np.ndarray, matrix: np.ndarray, power: float, units: Units
) -> tuple[np.ndarray, np.ndarray, np.ndarray, Leverage]:
    """Fit a regression with a log link.

    Parameters
    ----------
    y : array of float
        Costs, pounds.
    matrix : array (children, parameters)
        Columns of the regression, with one of ones.
    power : float
        The variance goes with the mean to this power: 2 for Gamma, 1 for Poisson.
    units : Units
        Clusters.

    Returns
    -------
    tuple of array, array, array (units, parameters) and Leverage
        Coefficients, fitted means, what each cluster adds to the error of the coefficients, and what it holds of them.

    Examples
    --------
    >>> y, alone = np.array([1.0, 2.0, 3.0]), Units(np.arange(3), 3, 3)
    >>> fit_glm(y, np.ones((3, 1)), 1.0, alone)[1].round(6).tolist()
    [2.0, 2.0, 2.0]
    """
    beta = _likeliest(y, matrix, power)
    mean = np.exp(matrix @ beta)
    score = matrix * ((y - mean) * mean ** (1 - power))[:, None]
    held = Leverage.of(matrix, mean ** (2 - power), units)
    return beta, mean, held.felt(score), held


def _likeliest(y: np.ndarray, matrix: np.ndarray, power: float) -> np.ndarray:
    """Find the coefficients of least deviance, which is convex with a log link, by a trust region."""
    tidy, turn = np.linalg.qr(matrix)
    tidy, ratio = tidy * np.sqrt(len(y)), y / y.mean()

    def deviance(at: np.ndarray) -> float:
        mean = np.exp(tidy @ at)
        return float(np.mean(special.boxcox(mean, 2 - power) - ratio * special.boxcox(mean, 1 - power)))

    def pulls(at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        mean = np.exp(tidy @ at)
        return mean ** (2 - power), ratio * mean ** (1 - power)

    def slope(at: np.ndarray) -> np.ndarray:
        down, up = pulls(at)
        return (down - up) @ tidy / len(y)

    def bend(at: np.ndarray) -> np.ndarray:
        down, up = pulls(at)
        return tidy.T @ (((2 - power) * down + (power - 1) * up)[:, None] * tidy) / len(y)

    start = np.log(np.maximum(ratio, 0.1)) @ tidy / len(y)
    how = {"gtol": 1e-6, "max_trust_radius": 10.0}
    at = optimize.minimize(deviance, start, jac=slope, hess=bend, method="trust-exact", options=how).x
    for _ in range(2):  # so near, Newton's own steps are exact to rounding
        at = at - np.linalg.solve(bend(at), slope(at))
    return np.linalg.solve(turn, (at + np.log(y.mean()) * tidy.mean(axis=0)) * np.sqrt(len(y)))
