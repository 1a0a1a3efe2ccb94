"""Polychoric correlation: the link of the traits behind two ordinal scores, by two-step maximum likelihood."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import special

from vcanalysis.analysis.association.resampling import complete, resampled_tables
from vcanalysis.analysis.association.traits import (
    ONE_ORDER,
    REPLICATES,
    TINY,
    Likelihood,
    likeliest,
    one_table,
    ordinal_codes,
    thresholds,
    why_not,
)
from vcanalysis.core.clusters import clusters_of, too_few_clusters
from vcanalysis.core.columns import say_column
from vcanalysis.core.estimate import Estimate

METHOD = "polychoric correlation, two-step maximum likelihood; {} bootstrap"
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)


def bivariate_normal(h: np.ndarray, k: np.ndarray, rho: np.ndarray) -> np.ndarray:
    """Probability that two standard normals of correlation rho lie below h and below k; arrays broadcast.

    References
    ----------
    Drezner Z, Wesolowsky GO (1990), J Stat Comput Simul 35:101-107; 24-point Gauss-Legendre.

    Examples
    --------
    >>> float(bivariate_normal(np.array(0.0), np.array(0.0), np.array(0.5)).round(6))
    0.333333
    """
    reach = np.arcsin(rho)[..., None]
    sine = np.sin(reach * (_NODES + 1) / 2)
    h, k = h[..., None], k[..., None]
    density = np.exp(-(h * h + k * k - 2 * h * k * sine) / (2 * (1 - sine**2)))
    area = (density @ _WEIGHTS) * reach[..., 0] / (4 * np.pi)
    return special.ndtr(h[..., 0]) * special.ndtr(k[..., 0]) + area


def _cells(grid: np.ndarray, below: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Probabilities of cells from the distribution at their inner corners and at both margins."""
    stack, rows, columns = grid.shape
    whole = np.zeros((stack, rows + 2, columns + 2))
    whole[:, 1:-1, 1:-1], whole[:, -1, -1] = grid, 1.0
    whole[:, 1:-1, -1], whole[:, -1, 1:-1] = below, left
    return np.diff(np.diff(whole, axis=1), axis=2)


def _likelihood(tables: np.ndarray) -> Likelihood:
    rows, columns = thresholds(tables.sum(axis=2)), thresholds(tables.sum(axis=1))
    below, left = special.ndtr(rows), special.ndtr(columns)

    def likelihood(z: np.ndarray) -> np.ndarray:
        rho = np.tanh(z)[:, None, None]
        grid = bivariate_normal(rows[:, :, None], columns[:, None, :], rho)
        return np.sum(tables * np.log(np.maximum(_cells(grid, below, left), TINY)), axis=(1, 2))

    return likelihood


def polychoric(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    cluster: str = "",
    level: float = 0.95,
    term: str = "",
    seed: int = 0,
) -> Estimate:
    """Correlation of the two normal traits that two ordinal scores are taken to cut into levels.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows where either column is missing are left out.
    x, y : str
        Ordinal columns as numbers, each with 2 to 12 levels, such as two domains of need.
    cluster : str
        Column of what children share; without it each child is drawn on its own.
    level : float
        Confidence level.
    term : str
        Words for the sentence.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Estimate
        Unit "correlation". Not estimable of a column with itself, below 20 children, when a column does not vary, with
        fewer than 3 clusters, or where both columns put all children in one order (beyond 0.98).

    Raises
    ------
    InputError
        If a column is missing, not numeric or has more than 12 levels.

    Notes
    -----
    Thresholds come from the margins, then the correlation by maximum likelihood. Coarse levels no longer
    weaken it, at the price of taking both traits for normal. The interval is by 300 bootstraps of clusters
    on Fisher's scale and t with one degree of freedom fewer than there are clusters.

    References
    ----------
    Olsson U (1979), Psychometrika 44:443-460.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> trait = rng.normal(size=(500, 1)) + rng.normal(size=(500, 2))
    >>> frame = pd.DataFrame(np.digitize(trait, [-1, 1, 2]), columns=["a", "b"])
    >>> round(polychoric(frame, x="a", y="b").value, 1)
    0.4
    """
    method = METHOD.format(f"{say_column(cluster)} cluster" if cluster else "child")
    term = term or f"Correlation of the traits behind {say_column(x)} and {say_column(y)}"
    if x == y:
        reason = "two different scores are needed"
        return Estimate.not_estimable(term, n=0, reason=reason, method=method)
    first, second, known = complete(frame, x, y)
    units = clusters_of(frame, known, cluster, seed)
    if reason := why_not({x: first, y: second}) or too_few_clusters(units, cluster):
        n = min(len(first), units.clusters)
        return Estimate.not_estimable(term, n=n, reason=reason, method=method)
    codes = ordinal_codes(first, x), ordinal_codes(second, y)
    tables = resampled_tables(*codes, units, replicates=REPLICATES, seed=seed)
    found = likeliest(_likelihood(one_table(*codes)), _likelihood(tables), units, level)
    made = Estimate(term, *found, level, len(first), "correlation", method)
    return made.unless_alike(reason=ONE_ORDER)
