"""Totals of a table of counts: where they stand, and which are known from elsewhere."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np


def with_totals(array: np.ndarray) -> np.ndarray:
    """Add a total at the end of every dimension.

    Examples
    --------
    >>> with_totals(np.array([1.0, 2.0])).tolist()
    [1.0, 2.0, 3.0]
    """
    for axis in range(array.ndim):
        array = np.concatenate([array, array.sum(axis=axis, keepdims=True)], axis=axis)
    return array


def lines_of(shape: Sequence[int]) -> list[tuple[int, np.ndarray]]:
    """List the lines of a table with totals: the place of the total, the places of the parts."""
    places = np.arange(int(np.prod(shape))).reshape(shape)
    lines = []
    for axis in range(len(shape)):
        for line in np.moveaxis(places, axis, -1).reshape(-1, shape[axis]):
            lines.append((int(line[-1]), line[:-1]))
    return lines


def known_elsewhere(shape: Sequence[int]) -> np.ndarray:
    """Find the totals that stand in official tables: over all but one column, and over all.

    The department publishes them exactly, so hiding one protects nothing.

    Examples
    --------
    >>> known_elsewhere((3, 2)).tolist()
    [False, True, False, True, True, True]
    """
    totals = sum(np.indices(shape)[axis] == size - 1 for axis, size in enumerate(shape))
    return (np.asarray(totals) >= max(len(shape) - 1, 1)).ravel()
