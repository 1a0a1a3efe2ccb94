"""Regression with a log link, and errors by leaving out each cluster.

scipy finds the fit. statsmodels' scoring runs away where one child costs many times what the others do; and it has
no cluster errors of this kind (CR3), only CR1, too small for few clusters. The tests hold both against R.
"""

from __future__ import annotations

import numpy as np
from scipy import optimize, special

from vcanalysis.analysis.association.resampling import Units, unit_sums


def fit_glm(
    y: np.ndarray, matrix: np.ndarray, power: float, units: Units
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
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
    tuple of array
        Coefficients, fitted means, and what leaving out each cluster changes (`left_out`).

    Examples
    --------
    >>> y, alone = np.array([1.0, 2.0, 3.0]), Units(np.arange(3), 3, 3)
    >>> fit_glm(y, np.ones((3, 1)), 1.0, alone)[1].round(6).tolist()
    [2.0, 2.0, 2.0]
    """
    beta = _likeliest(y, matrix, power)
    mean = np.exp(matrix @ beta)
    score = matrix * ((y - mean) * mean ** (1 - power))[:, None]
    return beta, mean, left_out(score, matrix, mean ** (2 - power), units)


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


def left_out(score: np.ndarray, matrix: np.ndarray, weight: np.ndarray, units: Units) -> np.ndarray:
    """Give what leaving out each cluster changes in the coefficients (CR3; HC3 of children alone).

    Parameters
    ----------
    score : array (children, parameters)
        Rows add up to 0 at the fit.
    matrix : array (children, parameters)
        Columns of the regression.
    weight : array of float
        Weight of each child at the fit.
    units : Units
        Clusters.

    Returns
    -------
    array (units, parameters)
        Their cross-product is the covariance of the coefficients, as R's sandwich has it (vcovCL, HC3).

    References
    ----------
    Bell RM, McCaffrey DF (2002), Surv Methodol 28:169-181; Cameron AC, Miller DL (2015), J Hum Resour 50:317-372.

    Examples
    --------
    >>> alone, ones = Units(np.arange(3), 3, 3), np.ones((3, 1))
    >>> left_out(np.array([[1.0], [-1.0], [0.0]]), ones, np.ones(3), alone).round(6).tolist()
    [[0.5], [-0.5], [0.0]]
    """
    root = np.linalg.cholesky(np.linalg.inv((matrix * weight[:, None]).T @ matrix))
    tidy = matrix @ root  # columns of a unit cross-product: the leverage of a cluster is its own part of it
    parts = [unit_sums(tidy * (weight * column)[:, None], units) for column in tidy.T]
    share, axes = np.linalg.eigh(np.stack(parts, axis=1))
    turned = np.einsum("gji,gj->gi", axes, unit_sums(score, units) @ root)
    # a category within one cluster has a leverage of 1 and a score of 0
    return np.einsum("gij,gj->gi", axes, turned / (1 - np.minimum(share, 0.99))) @ root.T
