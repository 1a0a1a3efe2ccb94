"""What is left within units and times, and slopes on it with errors that rows of a unit may share."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Array = np.ndarray
_CLOSE, _ROUNDS = 1e-10, 10_000


def without_both(table: Array, codes: Sequence[Array], weights: Array) -> Array:
    """Take the weighted means of groupings out of columns, in turn until nothing is left of them.

    Parameters
    ----------
    table : ndarray
        One column a variable.
    codes : sequence of ndarray
        Groupings, such as units and times: the number of each row's group, from 0.
    weights : ndarray
        Weight of each row.

    Examples
    --------
    >>> two = [np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])]
    >>> without_both(np.array([[1.0], [2.0], [5.0], [8.0]]), two, np.ones(4)).ravel().round(3).tolist()
    [0.5, -0.5, -0.5, 0.5]
    """
    apart = table - np.average(table, axis=0, weights=weights)
    size = np.maximum(np.abs(table).max(axis=0), 1e-300)
    totals = [np.bincount(code, weights) for code in codes]
    for _ in range(_ROUNDS):
        moved = 0.0
        for code, total in zip(codes, totals, strict=True):
            means = np.column_stack([np.bincount(code, weights * column) / total for column in apart.T])
            apart = apart - means[code]
            moved = max(moved, float((np.abs(means) / size).max()))
        if moved < _CLOSE:
            break
    return apart


def clustered_slopes(apart: Array, weights: Array, cluster: Array, used: int) -> tuple[Array, Array]:
    """Give slopes of the first column on the others, and their covariance with errors shared within clusters.

    Parameters
    ----------
    apart : ndarray
        Outcome and terms, nothing left to take out.
    weights, cluster : ndarray
        Weight and cluster (a number from 0) of each row.
    used : int
        Degrees of freedom used by the terms and by what was taken out beside the clusters.

    Notes
    -----
    CRV1: factor G/(G-1) x (n-1)/(n-used). Cameron AC, Miller DL (2015), J Hum Resour 50:317-372, section II.

    Examples
    --------
    >>> rows = np.array([[1.0, 1.0], [-1.0, -1.0], [2.0, 1.0], [-2.0, -1.0]])
    >>> slopes, covariance = clustered_slopes(rows, np.ones(4), np.array([0, 0, 1, 1]), 1)
    >>> slopes.tolist(), covariance.tolist()
    ([1.5], [[0.25]])
    """
    y, x = apart[:, 0], apart[:, 1:]
    bread = np.linalg.inv((x * weights[:, None]).T @ x)
    slopes = bread @ (x * weights[:, None]).T @ y
    rest = (y - x @ slopes) * weights
    sums = np.column_stack([np.bincount(cluster, rest * column) for column in x.T])
    groups, n = len(sums), len(y)
    factor = groups / (groups - 1) * (n - 1) / max(n - used, 1)
    return slopes, factor * bread @ sums.T @ sums @ bread


__all__ = ["clustered_slopes", "without_both"]
