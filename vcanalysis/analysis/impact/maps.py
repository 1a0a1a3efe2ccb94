"""Effects of each cohort in each year as weights on the mean paths of the cohorts: every estimator here is linear.

The last cohort is those that never start. A map has the shape (cohorts that start, times, all cohorts, times): the
effect on cohort g at t is the sum over cohorts and times of map[g, t] times their means.
"""

from __future__ import annotations

import numpy as np

Array = np.ndarray


def group_time_maps(first: Array, counts: Array, times: Array, *, anticipation: int, never: bool) -> Array:
    """Give the group-time effects of Callaway and Sant'Anna without covariates, against the last year before.

    Parameters
    ----------
    first : array (cohorts,)
        Start of each cohort, the last infinite.
    counts : array (cohorts,)
        Units of each.
    times : array
        In order.
    anticipation : int
        Periods before the start that are not used as a base.
    never : bool
        Whether only those that never start are compared with; else those that have not started yet as well.

    References
    ----------
    Callaway B, Sant'Anna P (2021), J Econom 225:200-230, equations 2.4 to 2.9 without covariates.

    Examples
    --------
    >>> made = group_time_maps(np.array([2.0, np.inf]), np.array([2, 5]), np.array([1.0, 2.0]), anticipation=0,
    ...                        never=True)
    >>> made[0, 1].tolist()
    [[-1.0, 1.0], [1.0, -1.0]]
    """
    cohorts, length = len(first), len(times)
    made = np.zeros((cohorts - 1, length, cohorts, length))
    for g in range(cohorts - 1):
        base = int(np.searchsorted(times, first[g] - anticipation)) - 1
        for t in range(length):
            later = first - anticipation > times[max(t, base)]
            shares = np.where(later & (np.arange(cohorts) != g), counts, 0) * 1.0
            if never:
                shares[:-1] = 0.0
            shares /= shares.sum()
            made[g, t, :, t] -= shares
            made[g, t, :, base] += shares
            made[g, t, g, t] += 1.0
            made[g, t, g, base] -= 1.0
    return made


def imputation_maps(first: Array, counts: Array, times: Array, *, anticipation: int) -> Array:
    """Give the effects of Borusyak, Jaravel and Spiess: the cell less what cells without the programme foretell.

    Cells before the start are nought. Parameters as in `group_time_maps`.

    References
    ----------
    Borusyak K, Jaravel X, Spiess J (2024), Rev Econ Stud 91:3253-3285, theorem 2 with unit and time effects.

    Examples
    --------
    >>> made = imputation_maps(np.array([3.0, np.inf]), np.array([2, 5]), np.arange(1.0, 4.0), anticipation=0)
    >>> made[0, 2].round(3).tolist()
    [[-0.5, -0.5, 1.0], [0.5, 0.5, -1.0]]
    """
    cohorts, length = len(first), len(times)
    cells = np.array([(g, t) for g in range(cohorts) for t in range(length)])
    table = np.column_stack([cells[:, :1] == np.arange(cohorts), cells[:, 1:] == np.arange(1, length)]) * 1.0
    before = times[cells[:, 1]] < first[cells[:, 0]] - anticipation
    root = np.sqrt(counts[cells[:, 0]])[before]
    foretold = table @ np.linalg.pinv(table[before] * root[:, None]) * root
    made = np.zeros((len(cells), len(cells)))
    made[:, before] = -foretold
    made += np.eye(len(cells))
    made[before] = 0.0
    return made.reshape(cohorts, length, cohorts, length)[:-1]


def overall_weights(first: Array, counts: Array, times: Array) -> Array:
    """Give the weights of cells that make each unit's mean over its years, and the mean over units."""
    started = (times >= first[:-1, None]) * 1.0
    return started / started.sum(axis=1, keepdims=True) * (counts[:-1] / counts[:-1].sum())[:, None]


def event_weights(first: Array, counts: Array, times: Array, since: int) -> Array:
    """Give the weights of cells so many periods since the start, over the cohorts seen then."""
    seen = (times == first[:-1, None] + since) * counts[:-1, None] * 1.0
    return seen / max(seen.sum(), 1.0)


def rows_of(maps: Array, weights: Array) -> Array:
    """Give the weights on the mean paths of the cohorts (cohorts, times) of a weighted sum of effects."""
    return np.asarray(np.tensordot(weights, maps, axes=([0, 1], [0, 1])))
