"""The simplest forecast of children in care, to be held against ours: nothing changes."""

from __future__ import annotations

import numpy as np

from vcanalysis.analysis.sufficiency.panel import Panel
from vcanalysis.analysis.sufficiency.peer import Band
from vcanalysis.core.intervals import normal_quantile


def unchanged(panel: Panel, *, months: int, level: float = 0.95) -> Band:
    """Carry the last count forward; the band is as wide as past changes over as many months were.

    Parameters
    ----------
    panel : Panel
        Records.
    months : int
        Months ahead.
    level : float
        Coverage of the band.

    Returns
    -------
    tuple of array (1 + kinds)
        Middle, low and high of all children, then of each kind; the ends are missing where the records are shorter
        than twice the months ahead.
    """
    counts = _with_all(panel.counts())
    last = counts[-1]
    if len(counts) < 2 * months:
        return last, np.full_like(last, np.nan), np.full_like(last, np.nan)
    change = counts[months:] - counts[:-months]
    half = normal_quantile(level) * np.sqrt((change**2).mean(axis=0))
    return last, np.maximum(last - half, 0.0), last + half


def _with_all(counts: np.ndarray) -> np.ndarray:
    """Set the count of all children before those of each kind."""
    return np.column_stack([counts.sum(axis=1), counts]).astype("float64")
