"""Limits of chance for the next count, exact where counts are small, wider where earlier counts varied more."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

from vcanalysis.core.errors import InputError

LEVEL = 0.99  # of one flow and one quarter: three flows raise a false alarm in some three of 100 quarters
METHOD = "prediction limits of one further count: exact conditional, or wider by Student's t of square roots"
Limits = tuple[int, int]


def prediction_limits(before: Sequence[int], *, level: float = LEVEL) -> Limits:
    """Give the least and the greatest count that chance alone gives next, by the counts before.

    Parameters
    ----------
    before : sequence of int
        Counts of earlier periods of equal length, at least two.
    level : float
        Share of next counts that lie inside when nothing has changed; at least this.

    Returns
    -------
    tuple of int
        Both ends belong to the range.

    Raises
    ------
    InputError
        If there are fewer than two counts, or one is negative.

    Notes
    -----
    The wider, end by end, of two ranges. Given the sum of all counts the next is binomial when counts are Poisson:
    exact, however few they are. Brothers and sisters come into care together and seasons differ, so counts vary
    more than Poisson; the second range learns how much from the counts themselves (on the scale of square roots,
    where the spread of a count hardly depends on its size).

    References
    ----------
    Hahn GJ, Meeker WQ (1991), Statistical Intervals, section 7.6 (next Poisson count); Anscombe FJ (1948),
    Biometrika 35:246-254 (square roots).

    Examples
    --------
    >>> prediction_limits([30, 28, 33, 25, 31, 29, 36, 27])
    (16, 46)
    >>> prediction_limits([0, 1, 0, 0, 2, 0, 1, 0])
    (0, 4)
    """
    counts = np.asarray(before, dtype=int)
    if len(counts) < 2 or (counts < 0).any():
        raise InputError(
            f"Limits of chance need at least 2 counts, none below nought; found {len(counts)}, "
            f"{int((counts < 0).sum())} of them below nought. Count the events of earlier quarters."
        )
    poisson, spread = _poisson(counts, level), _spread(counts, level)
    return min(poisson[0], spread[0]), max(poisson[1], spread[1])


def _poisson(counts: np.ndarray, level: float) -> Limits:
    total, share, tail = int(counts.sum()), 1 / (len(counts) + 1), (1 - level) / 2
    mean = total / len(counts)
    candidates = np.arange(int(mean + 12 * np.sqrt(mean + 1) + 30))
    sums = total + candidates
    not_too_few = stats.binom.cdf(candidates, sums, share) > tail
    not_too_many = stats.binom.sf(candidates - 1, sums, share) > tail
    return int(candidates[not_too_few].min()), int(candidates[not_too_many].max())


def _spread(counts: np.ndarray, level: float) -> Limits:
    roots = np.sqrt(counts + 3 / 8)
    times = float(stats.t.ppf(0.5 + level / 2, len(roots) - 1))
    half = times * float(roots.std(ddof=1)) * np.sqrt(1 + 1 / len(roots))
    low, high = max(float(roots.mean()) - half, 0.0) ** 2 - 3 / 8, (float(roots.mean()) + half) ** 2 - 3 / 8
    return max(int(np.ceil(low)), 0), int(np.floor(high))


def rise_that_is_seen(limit: int, mean: float, *, chance: float = 0.8) -> float:
    """Give the smallest lasting rise, as a share of the mean, that passes an upper limit with a given chance.

    Parameters
    ----------
    limit : int
        Greatest count that is still taken for chance.
    mean : float
        Count to be expected without a rise, above nought.
    chance : float
        Chance that a count after the rise lies above the limit.

    Examples
    --------
    >>> round(rise_that_is_seen(48, 30.0), 2)
    0.83
    """
    # a Poisson count exceeds k exactly when the (k + 1)th event falls within the period: a gamma time
    return float(stats.gamma.ppf(chance, limit + 1)) / mean - 1
