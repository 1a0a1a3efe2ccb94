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
