"""The largest parts of a sum or a mean: who holds most of it can nearly be worked out from it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np


class Parts(NamedTuple):
    """The largest part of a sum, the next, and all parts together, by their size without sign."""

    first: float
    second: float
    total: float


def parts_of(values: Sequence[float] | np.ndarray) -> Parts:
    """Find the two largest parts of a sum or a mean, for the disclosure gate.

    Parameters
    ----------
    values : sequence of float
        What each child contributes; missing values are left out.

    Examples
    --------
    >>> parts_of([400.0, 16_000.0, 380.0])
    Parts(first=16000.0, second=400.0, total=16780.0)
    """
    sizes = np.abs(np.asarray(values, dtype=float))
    sizes = np.sort(sizes[np.isfinite(sizes)])[::-1]
    first, second = (*sizes[:2].tolist(), 0.0, 0.0)[:2]
    return Parts(first, second, float(sizes.sum()))


def column_support(matrix: np.ndarray) -> int:
    """Find the fewest rows that any column of a design rests on: those not nought, and the rarer of two values.

    A column that is nought for all but a few children gives their values away, whatever the degrees of freedom.

    Examples
    --------
    >>> column_support(np.column_stack([np.ones(60), np.arange(60) < 1, np.arange(60) < 25]).astype(float))
    1
    """
    fewest = len(matrix)
    for column in np.asarray(matrix, dtype=float).T:
        kinds, counts = np.unique(column, return_counts=True)
        fewest = min(fewest, int(np.count_nonzero(column)), int(counts.min()) if len(kinds) == 2 else fewest)
    return fewest
