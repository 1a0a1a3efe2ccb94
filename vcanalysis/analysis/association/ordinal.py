"""Correlation of the traits behind ordinal scores: polychoric and polyserial, by two-step maximum likelihood."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import numpy as np
import pandas as pd
from scipy import optimize, special

from vcanalysis.analysis.association.resampling import (
    clusters_of,
    complete,
    drawn_error,
    fisher_interval,
    level_codes,
    resampled_tables,
    too_few_clusters,
)
from vcanalysis.core.columns import say_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

POLYCHORIC = "polychoric correlation, two-step maximum likelihood; {} bootstrap"
POLYSERIAL = "polyserial correlation, two-step maximum likelihood; {} bootstrap"
MINIMUM = 20
MOST_ORDINAL = 12
REPLICATES = 300
_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(24)
_EDGE = 2.6  # Fisher's scale: correlations beyond +-0.989 cannot be told apart by any score
_TINY = 1e-12
Likelihood = Callable[[np.ndarray], np.ndarray]


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


def _thresholds(counts: np.ndarray) -> np.ndarray:
    """Cut points on the normal scale from counts by level, shape (..., levels - 1)."""
    below = np.cumsum(counts, axis=-1)[..., :-1] / counts.sum(axis=-1, keepdims=True)
    return special.ndtri(np.clip(below, 1e-9, 1 - 1e-9))


def _cells(grid: np.ndarray, below: np.ndarray, left: np.ndarray) -> np.ndarray:
    """Probabilities of cells from the distribution at their inner corners and at both margins."""
    stack, rows, columns = grid.shape
    whole = np.zeros((stack, rows + 2, columns + 2))
    whole[:, 1:-1, 1:-1], whole[:, -1, -1] = grid, 1.0
    whole[:, 1:-1, -1], whole[:, -1, 1:-1] = below, left
    return np.diff(np.diff(whole, axis=1), axis=2)


def _polychoric_likelihood(tables: np.ndarray) -> Likelihood:
    rows, columns = _thresholds(tables.sum(axis=2)), _thresholds(tables.sum(axis=1))
    below, left = special.ndtr(rows), special.ndtr(columns)

    def likelihood(z: np.ndarray) -> np.ndarray:
        rho = np.tanh(z)[:, None, None]
        grid = bivariate_normal(rows[:, :, None], columns[:, None, :], rho)
        return np.sum(tables * np.log(np.maximum(_cells(grid, below, left), _TINY)), axis=(1, 2))

    return likelihood


def _polyserial_likelihood(tables: np.ndarray, scores: np.ndarray) -> Likelihood:
    cuts = _thresholds(tables.sum(axis=2))[:, :, None]
    scores = scores[:, None, :]

    def likelihood(z: np.ndarray) -> np.ndarray:
        rho = np.tanh(z)[:, None, None]
        below = special.ndtr((cuts - rho * scores) / np.sqrt(1 - rho**2))
        whole = np.pad(below, ((0, 0), (1, 1), (0, 0)), constant_values=((0, 0), (0, 1), (0, 0)))
        return np.sum(tables * np.log(np.maximum(np.diff(whole, axis=1), _TINY)), axis=(1, 2))

    return likelihood


def _largest(likelihood: Likelihood) -> float:
    """Where the likelihood of one table is largest, on Fisher's scale."""
    found = optimize.minimize_scalar(
        lambda z: -float(likelihood(np.array([z]))[0]), bounds=(-_EDGE, _EDGE), options={"xatol": 1e-9}
    )
    return float(found.x)


def _largest_of_each(likelihood: Likelihood, start: float, stack: int, step: float = 0.02) -> np.ndarray:
    """Where the likelihood of each resampled table is largest: Newton's method from that of all data."""
    z = np.full(stack, start)
    for _ in range(4):
        low, middle, high = (likelihood(z + side) for side in (-step, 0.0, step))
        bend = np.minimum((high - 2 * middle + low) / step**2, -1e-3)
        z = np.clip(z - np.clip((high - low) / (2 * step) / bend, -0.4, 0.4), -_EDGE, _EDGE)
    return z


def normal_scores(tables: np.ndarray) -> np.ndarray:
    """Give normal scores of the columns of a stack of tables: the quantile at the middle of their ranks.

    Examples
    --------
    >>> normal_scores(np.ones((1, 1, 3))).round(2).tolist()
    [[-1.22, 0.0, 1.22]]
    """
    counts = tables.sum(axis=1)
    middle = (np.cumsum(counts, axis=1) - counts / 2) / counts.sum(axis=1, keepdims=True)
    scores = special.ndtri(np.clip(middle, 1e-9, 1 - 1e-9))
    return _standard(scores, counts)


def _standard(scores: np.ndarray, counts: np.ndarray) -> np.ndarray:
    total = counts.sum(axis=1, keepdims=True)
    centred = scores - np.sum(scores * counts, axis=1, keepdims=True) / total
    return centred / np.sqrt(np.maximum(np.sum(centred**2 * counts, axis=1, keepdims=True) / total, _TINY))


def _one_table(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    table = np.zeros((1, int(x.max()) + 1, int(y.max()) + 1))
    np.add.at(table[0], (x, y), 1.0)
    return table


def _unable(columns: dict[str, np.ndarray]) -> str:
    for name, values in columns.items():
        if len(values) < MINIMUM:
            return f"at least {MINIMUM} children with both columns are needed"
        if np.ptp(values) == 0:
            return f"{say_column(name)} is the same for all children"
    return ""


def _ordinal_codes(values: np.ndarray, name: str) -> np.ndarray:
    levels, codes = np.unique(values, return_inverse=True)
    if len(levels) > MOST_ORDINAL:
        raise InputError(
            f"Column {name!r} has {len(levels)} levels; an ordinal column may have up to {MOST_ORDINAL}. "
            "Give its band, or use rank_correlation."
        )
    return codes


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
        Unit "correlation". Not estimable below 20 children, when a column does not vary, or with fewer than
        3 clusters.

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
    first, second, known = complete(frame, x, y)
    method = POLYCHORIC.format(f"{say_column(cluster)} cluster" if cluster else "child")
    term = term or f"Correlation of the traits behind {say_column(x)} and {say_column(y)}"
    units = clusters_of(frame, known, cluster, seed)
    if reason := _unable({x: first, y: second}) or too_few_clusters(units, cluster):
        n = min(len(first), units.clusters)
        return Estimate.not_estimable(term, n=n, reason=reason, method=method)
    codes = _ordinal_codes(first, x), _ordinal_codes(second, y)
    best = _largest(_polychoric_likelihood(_one_table(*codes)))
    tables = resampled_tables(*codes, units, replicates=REPLICATES, seed=seed)
    drawn = _largest_of_each(_polychoric_likelihood(tables), best, REPLICATES)
    ends = fisher_interval(float(np.tanh(best)), drawn_error(drawn, units), units.clusters, level)
    return Estimate(term, float(np.tanh(best)), *ends, level, len(first), "correlation", method)


def polyserial(
    frame: pd.DataFrame,
    *,
    x: str,
    y: str,
    scores: Literal["normal", "as given"] = "normal",
    cluster: str = "",
    level: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Correlation of the normal trait behind an ordinal score with a number such as weekly cost.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows where either column is missing are left out.
    x : str
        Ordinal column as numbers, 2 to 12 levels, such as a domain of need.
    y : str
        Numeric column.
    scores : {"normal", "as given"}
        Whether y enters by its normal scores, so that pounds and log pounds give the same, or as it is.
    cluster : str
        Column of what children share; without it each child is drawn on its own.
    level : float
        Confidence level.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Estimate
        Unit "correlation". Not estimable as `polychoric`.

    Raises
    ------
    InputError
        If a column is missing, not numeric, or x has more than 12 levels.

    Notes
    -----
    Thresholds come from the margin of x, mean and spread from that of y, then the correlation by maximum
    likelihood. The interval is made as that of `polychoric`; for its spread only, y is gathered at 40 levels.

    References
    ----------
    Olsson U, Drasgow F, Dorans NJ (1982), Psychometrika 47:337-347.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> trait = rng.normal(size=(500, 1)) + rng.normal(size=(500, 2))
    >>> frame = pd.DataFrame({"level": np.digitize(trait[:, 0], [-1, 1, 2]), "cost": np.exp(trait[:, 1])})
    >>> round(polyserial(frame, x="level", y="cost").value, 1)
    0.4
    """
    first, second, known = complete(frame, x, y)
    method = POLYSERIAL.format(f"{say_column(cluster)} cluster" if cluster else "child")
    term = f"Correlation of the trait behind {say_column(x)} with {say_column(y)}"
    units = clusters_of(frame, known, cluster, seed)
    if reason := _unable({x: first, y: second}) or too_few_clusters(units, cluster):
        n = min(len(first), units.clusters)
        return Estimate.not_estimable(term, n=n, reason=reason, method=method)
    codes = _ordinal_codes(first, x)
    best = _largest(_serial(codes, second, level_codes(second, len(second)), scores))
    gathered = level_codes(second)
    tables = resampled_tables(codes, gathered, units, replicates=REPLICATES, seed=seed)
    drawn = _largest_of_each(_serial(codes, second, gathered, scores, tables), best, REPLICATES)
    ends = fisher_interval(float(np.tanh(best)), drawn_error(drawn, units), units.clusters, level)
    return Estimate(term, float(np.tanh(best)), *ends, level, len(first), "correlation", method)


def _serial(
    x: np.ndarray, y: np.ndarray, gathered: np.ndarray, scores: str, tables: np.ndarray | None = None
) -> Likelihood:
    """Likelihood of tables of x by gathered y (by default the one table of all data)."""
    tables = _one_table(x, gathered) if tables is None else tables
    if scores == "normal":
        return _polyserial_likelihood(tables, normal_scores(tables))
    means = np.bincount(gathered, weights=y) / np.bincount(gathered)
    return _polyserial_likelihood(
        tables, _standard(np.broadcast_to(means, (len(tables), len(means))), tables.sum(1))
    )
