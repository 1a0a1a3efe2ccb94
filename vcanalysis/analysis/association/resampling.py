"""Clusters drawn with replacement: weights, resampled cross-tables, and intervals honest about few clusters."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import sparse, stats

from vcanalysis.core.clusters import Units
from vcanalysis.core.columns import number_column

MOST_LEVELS = 40  # levels of a resampled table; only the spread of a statistic is read from it
_PERFECT = 0.9999  # a correlation from which Fisher's scale no longer tells


def draw_weights(units: Units, replicates: int, seed: int) -> np.ndarray:
    """Draw how often each unit is taken, shape (replicates, units).

    Examples
    --------
    >>> draw_weights(Units(np.arange(4), 4, 4), 3, 0).sum(axis=1).tolist()
    [4.0, 4.0, 4.0]
    """
    count = units.count
    drawn = np.random.default_rng(seed).integers(0, count, (replicates, count))
    drawn += count * np.arange(replicates)[:, None]
    return np.bincount(drawn.ravel(), minlength=replicates * count).reshape(replicates, count).astype(float)


def level_codes(values: np.ndarray, most: int = MOST_LEVELS) -> np.ndarray:
    """Code values by size from 0, gathered at quantiles where there are more distinct ones than `most`.

    Examples
    --------
    >>> level_codes(np.array([5.0, 1.0, 5.0, 9.0])).tolist()
    [1, 0, 1, 2]
    """
    distinct, codes = np.unique(values, return_inverse=True)
    if len(distinct) <= most:
        return codes
    edges = np.unique(np.quantile(values, np.linspace(0, 1, most + 1)[1:-1]))
    return np.unique(np.searchsorted(edges, values, side="left"), return_inverse=True)[1]


def resampled_tables(x: np.ndarray, y: np.ndarray, units: Units, *, replicates: int, seed: int) -> np.ndarray:
    """Cross two coded columns in each resample of the units: shape (replicates, levels of x, levels of y).

    Examples
    --------
    >>> x = y = np.array([0, 1, 1])
    >>> resampled_tables(x, y, Units(np.arange(3), 3, 3), replicates=5, seed=0).shape
    (5, 2, 2)
    """
    rows, columns = int(x.max()) + 1, int(y.max()) + 1
    cells = sparse.csr_matrix(
        (np.ones(len(x)), (x * columns + y, units.codes)), shape=(rows * columns, units.count)
    )
    drawn = draw_weights(units, replicates, seed)
    return np.asarray(cells @ drawn.T).T.reshape(replicates, rows, columns)


def alike_clusters(units: Units) -> float:
    """Give how many clusters of one size would say as much of chance as these, at most: for degrees of freedom, plus 1.

    One provider with half of the children is compared with all others together, which is little more than one
    comparison however many others there are.

    References
    ----------
    Kish L (1965), Survey Sampling, section 11.7; Carter AV, Schnepel KT, Steigerwald DG (2017), Rev Econ Stat
    99:698-709, for inference with unlike clusters.

    Examples
    --------
    >>> alike_clusters(Units(np.array([0, 0, 0, 0, 1, 2, 3, 4]), 5, 5))
    4.2
    >>> alike_clusters(Units(np.arange(8), 8, 8))
    8.0
    """
    sizes = np.bincount(units.codes).astype(float)
    return min(float(sizes.sum() ** 2 / (sizes @ sizes)) + 1, float(units.clusters))


def t_quantile(level: float, clusters: float) -> float:
    """Give the two-sided t quantile with one degree of freedom fewer than there are clusters.

    Examples
    --------
    >>> round(t_quantile(0.95, 6), 2)
    2.57
    """
    return float(stats.t.ppf(0.5 + level / 2, max(clusters - 1, 1)))


def drawn_error(draws: np.ndarray, units: Units) -> float:
    """Give the standard error from draws, made up for drawing from few units.

    Examples
    --------
    >>> round(drawn_error(np.array([-1.0, 1.0]), Units(np.arange(2), 2, 2)), 3)
    2.0
    """
    return float(np.std(draws, ddof=1)) * float(np.sqrt(units.count / max(units.count - 1, 1)))


def fisher_interval(
    value: float, error: float, clusters: float, level: float, *, least: float = 0.0
) -> tuple[float, float]:
    """Interval of a correlation from its standard error on Fisher's scale, by t with clusters less one.

    Parameters
    ----------
    value : float
        The correlation; +-1 is drawn in a little, and the interval then reaches to it.
    error : float
        Standard error of its inverse hyperbolic tangent.
    clusters : int
        Independent clusters behind it.
    level : float
        Confidence level.
    least : float
        Half width, on Fisher's scale, below which the interval does not go.

    Examples
    --------
    >>> low, high = fisher_interval(0.3, 0.1, 100, 0.95)
    >>> round(low, 2), round(high, 2)
    (0.11, 0.47)
    """
    middle = float(np.arctanh(np.clip(value, -_PERFECT, _PERFECT)))
    half = max(t_quantile(level, clusters) * error, least)
    low, high = float(np.tanh(middle - half)), float(np.tanh(middle + half))
    return (-1.0 if value <= -_PERFECT else low), (1.0 if value >= _PERFECT else high)


def on_fisher(draws: np.ndarray) -> np.ndarray:
    """Carry correlations to Fisher's scale, where their spread hardly depends on their size.

    Examples
    --------
    >>> on_fisher(np.array([0.0, 1.0])).round(2).tolist()
    [0.0, 4.95]
    """
    return np.arctanh(np.clip(draws, -0.9999, 0.9999))


def complete(frame: pd.DataFrame, *columns: str) -> tuple[np.ndarray, ...]:
    """Give numeric columns without the rows that lack one, and which rows those are (last).

    Examples
    --------
    >>> complete(pd.DataFrame({"a": [1.0, None], "b": [2.0, 3.0]}), "a", "b")[2].tolist()
    [True, False]
    """
    arrays = [number_column(frame, name) for name in columns]
    known = ~np.any([np.isnan(a) for a in arrays], axis=0)
    return (*(a[known] for a in arrays), known)
