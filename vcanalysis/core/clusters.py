"""What children share: clusters such as providers, which are drawn, added up or left out whole."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from vcanalysis.core.columns import require_columns, say_column

MOST_UNITS = 2000  # more clusters are pooled at random: as good for a variance, and fast for a nation
FEWEST_CLUSTERS = 3


@dataclass(frozen=True, slots=True)
class Units:
    """What is drawn with replacement.

    Parameters
    ----------
    codes : array of int
        Unit of each row, from 0.
    count : int
        Units that are drawn: the clusters, or `MOST_UNITS` random groups of them.
    clusters : int
        Clusters there are; a row without a cluster is one of its own.
    """

    codes: np.ndarray
    count: int
    clusters: int


def units_of(cluster: pd.Series | None, n: int, *, seed: int = 0) -> Units:
    """Give each of n rows the number of its cluster; without a column each row is its own.

    References
    ----------
    Kott PS (2001), J Off Stat 17:521-526, for pooling into random groups.

    Examples
    --------
    >>> units_of(pd.Series(["a", "b", "a", None]), 4).codes.tolist()
    [0, 1, 0, 2]
    """
    if cluster is None:
        codes, clusters = np.arange(n), n
    else:
        codes = pd.factorize(cluster)[0]
        alone = codes < 0
        named = int(codes.max(initial=-1)) + 1
        codes[alone] = named + np.arange(int(alone.sum()))
        clusters = named + int(alone.sum())
    if clusters > MOST_UNITS:
        pooled = np.random.default_rng([seed, clusters]).permutation(clusters) % MOST_UNITS
        return Units(pooled[codes], MOST_UNITS, clusters)
    return Units(codes, clusters, clusters)


def unit_sums(values: np.ndarray, units: Units) -> np.ndarray:
    """Add up rows within units: shape (units, columns).

    Examples
    --------
    >>> unit_sums(np.array([[1.0], [2.0], [4.0]]), Units(np.array([0, 1, 0]), 2, 2)).tolist()
    [[5.0], [2.0]]
    """
    rows = np.arange(len(values))
    member = sparse.csr_matrix((np.ones(len(values)), (units.codes, rows)), shape=(units.count, len(values)))
    return np.asarray(member @ values)


def clusters_of(frame: pd.DataFrame, known: np.ndarray, cluster: str, seed: int) -> Units:
    """Give the units of the rows kept, by a column or, without one, each row its own."""
    if cluster:
        require_columns(frame, cluster)
    return units_of(frame.loc[known, cluster] if cluster else None, int(known.sum()), seed=seed)


def too_few_clusters(units: Units, cluster: str) -> str:
    """Say why children who nearly all share a cluster tell nothing of chance; empty where they do."""
    if units.clusters >= FEWEST_CLUSTERS:
        return ""
    return f"at least {FEWEST_CLUSTERS} different values of {say_column(cluster)} are needed for an interval"
