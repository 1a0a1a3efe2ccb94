"""Polyserial correlation: the link of the trait behind an ordinal score with a number such as weekly cost."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pandas as pd
from scipy import special

from vcanalysis.analysis.association.resampling import complete, level_codes, resampled_tables
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

METHOD = "polyserial correlation, two-step maximum likelihood; {} bootstrap"


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
    return centred / np.sqrt(np.maximum(np.sum(centred**2 * counts, axis=1, keepdims=True) / total, TINY))


def _likelihood(tables: np.ndarray, scores: np.ndarray) -> Likelihood:
    cuts = thresholds(tables.sum(axis=2))[:, :, None]
    scores = scores[:, None, :]

    def likelihood(z: np.ndarray) -> np.ndarray:
        rho = np.tanh(z)[:, None, None]
        below = special.ndtr((cuts - rho * scores) / np.sqrt(1 - rho**2))
        whole = np.pad(below, ((0, 0), (1, 1), (0, 0)), constant_values=((0, 0), (0, 1), (0, 0)))
        return np.sum(tables * np.log(np.maximum(np.diff(whole, axis=1), TINY)), axis=(1, 2))

    return likelihood


def _of_tables(tables: np.ndarray, y: np.ndarray, gathered: np.ndarray, scores: str) -> Likelihood:
    """Likelihood of tables of x by gathered y."""
    if scores == "normal":
        return _likelihood(tables, normal_scores(tables))
    means = np.bincount(gathered, weights=y) / np.bincount(gathered)
    return _likelihood(tables, _standard(np.broadcast_to(means, (len(tables), len(means))), tables.sum(1)))


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
    cluster, level, seed
        As for `polychoric`.

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
    method = METHOD.format(f"{say_column(cluster)} cluster" if cluster else "child")
    term = f"Correlation of the trait behind {say_column(x)} with {say_column(y)}"
    units = clusters_of(frame, known, cluster, seed)
    if reason := why_not({x: first, y: second}) or too_few_clusters(units, cluster):
        n = min(len(first), units.clusters)
        return Estimate.not_estimable(term, n=n, reason=reason, method=method)
    codes = ordinal_codes(first, x)
    gathered = level_codes(second)
    tables = resampled_tables(codes, gathered, units, replicates=REPLICATES, seed=seed)
    each = level_codes(second, len(second))
    whole = _of_tables(one_table(codes, each), second, each, scores)
    drawn = _of_tables(tables, second, gathered, scores)
    found = likeliest(whole, drawn, units, level)
    made = Estimate(term, *found, level, len(first), "correlation", method)
    return made.unless_alike(reason=ONE_ORDER)
