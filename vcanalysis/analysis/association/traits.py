"""What polychoric and polyserial correlation share: thresholds of levels, and the search for the likeliest correlation.

No library among those the project rests on has either; the tests hold them against R's polycor.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import optimize, special

from vcanalysis.analysis.association.resampling import drawn_error, fisher_interval
from vcanalysis.core.clusters import Units
from vcanalysis.core.columns import say_column
from vcanalysis.core.errors import InputError

MINIMUM = 20
MOST_ORDINAL = 12
REPLICATES = 300
TINY = 1e-12
_EDGE = 2.6  # Fisher's scale: correlations beyond +-0.989 cannot be told apart by any score
ONE_ORDER = "children are all but in one order on both columns, so that nothing says how sure this is"
Likelihood = Callable[[np.ndarray], np.ndarray]


def thresholds(counts: np.ndarray) -> np.ndarray:
    """Cut points on the normal scale from counts by level, shape (..., levels - 1).

    Examples
    --------
    >>> thresholds(np.array([1.0, 1.0, 2.0])).round(2).tolist()
    [-0.67, 0.0]
    """
    below = np.cumsum(counts, axis=-1)[..., :-1] / counts.sum(axis=-1, keepdims=True)
    return special.ndtri(np.clip(below, 1e-9, 1 - 1e-9))


def one_table(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Cross two coded columns, as a stack of one table.

    Examples
    --------
    >>> one_table(np.array([0, 1, 1]), np.array([1, 0, 0])).tolist()
    [[[0.0, 1.0], [2.0, 0.0]]]
    """
    table = np.zeros((1, int(x.max()) + 1, int(y.max()) + 1))
    np.add.at(table[0], (x, y), 1.0)
    return table


def why_not(columns: dict[str, np.ndarray]) -> str:
    """Say why columns cannot be correlated; empty where they can."""
    for name, values in columns.items():
        if len(values) < MINIMUM:
            return f"at least {MINIMUM} children with both columns are needed"
        if np.ptp(values) == 0:
            return f"{say_column(name)} is the same for all children"
    return ""


def ordinal_codes(values: np.ndarray, name: str) -> np.ndarray:
    """Code levels by size from 0.

    Raises
    ------
    InputError
        If there are more than 12 levels.
    """
    levels, codes = np.unique(values, return_inverse=True)
    if len(levels) > MOST_ORDINAL:
        raise InputError(
            f"Column {name!r} has {len(levels)} levels; an ordinal column may have up to {MOST_ORDINAL}. "
            "Give its band, or use rank_correlation."
        )
    return codes


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


def likeliest(whole: Likelihood, drawn: Likelihood, units: Units, level: float) -> tuple[float, float, float]:
    """Give the likeliest correlation and its interval: the spread of resamples on Fisher's scale, by t.

    At the edge no resample says how far from 1 the truth may lie: the interval then has no width.

    Parameters
    ----------
    whole, drawn : function
        Likelihood of the one table of all data, and of the table of each of `REPLICATES` resamples.
    units : Units
        What was drawn.
    level : float
        Confidence level.
    """
    best = _largest(whole)
    value = float(np.tanh(best))
    if abs(best) > _EDGE - 1e-3:
        return value, value, value
    error = drawn_error(_largest_of_each(drawn, best, REPLICATES), units)
    return value, *fisher_interval(value, error, units.clusters, level)
