"""Regression with a log link, and errors by leaving out each cluster.

statsmodels fits; it has no cluster errors of this kind (CR3), only CR1, which is too small for few clusters. The
tests hold these against R's sandwich.
"""

from __future__ import annotations

import numpy as np
from statsmodels.genmod import families
from statsmodels.genmod.generalized_linear_model import GLM

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
    link = families.links.Log()
    family = families.Gamma(link) if power == 2 else families.Tweedie(link, var_power=power)
    start = np.linalg.lstsq(matrix, np.log(np.maximum(y, 0.1 * y.mean())), rcond=None)[0]
    beta = np.asarray(GLM(y, matrix, family=family).fit(start_params=start, tol=1e-10, maxiter=200).params)
    mean = np.exp(matrix @ beta)
    score = matrix * ((y - mean) * mean ** (1 - power))[:, None]
    return beta, mean, left_out(score, matrix, mean ** (2 - power), units)


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
