"""What an effect is held against: the programme dealt out anew over councils, the difference counted in its own errors.

Few councils start. A difference in means of theirs and all others is then badly served by errors clustered by
council, and dealing out the plain difference fails where the councils that start vary more or less than others. Dealt
out here is the p-value of Behrens and Fisher: the difference in its own errors, put on one scale whatever they are made
of. The interval holds every constant effect the deals do not rule out.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from vcanalysis.analysis.impact.design import Design
from vcanalysis.analysis.impact.studentised import Studentised, share_as_rare, welch

Array = np.ndarray
_STEPS = 16  # halvings between an effect ruled out and one not
_FURTHEST = 12  # doublings, beyond which no end is sought
_UNUSED = 1e-9  # weight of a cohort below which it is not used
_ROUNDING = 1e-12  # of the largest value a contrast may add up to: below it councils do not differ


@dataclass(frozen=True, slots=True)
class Reference:
    """A contrast of each council, and the deals it is held against.

    Parameters
    ----------
    scores : array (units, cohorts)
        What each unit would show if it had started with each cohort.
    moved : array (units, cohorts)
        By how much a constant effect of 1 in those that did start moves the scores.
    weights : array (units,)
        Weight of each unit.
    cohort : array of int (places,)
        Cohort of each place of the programme.
    deals : array of int (1 + draws, places)
        Unit in each place, first as it was.
    """

    scores: Array
    moved: Array
    weights: Array
    cohort: Array
    deals: Array

    @property
    def n(self) -> tuple[int, int]:
        """Units that start, and units that do not."""
        places = len(self.cohort)
        return places, len(self.scores) - places

    @property
    def rests_on(self) -> dict[str, Any]:
        """What an estimate rests on: all units, and in words how many of them start."""
        return rests_on(*self.n)

    @property
    def alike(self) -> bool:
        """Whether no council differs from another, so that nothing can be held against anything."""
        return not self.scores.any()

    def studentised(self, effect: float = 0.0, *, deals: Array | None = None) -> Studentised:
        """Give the studentised difference of every deal, once a constant effect has been taken out."""
        scores = self.scores - effect * self.moved
        scores = scores - scores.mean(axis=0)
        return welch(scores, self.weights, self.cohort, self.deals if deals is None else deals)

    def itself(self) -> tuple[float, float]:
        """Give the difference and its error, as the councils are."""
        found = self.studentised(deals=self.deals[:1])
        return float(found.gap[0]), float(found.error[0])

    def p_value(self, effect: float = 0.0) -> float:
        """Give the share of deals at least as far from an effect as what was found."""
        return share_as_rare(self.studentised(effect).rarity)

    def welch(self, level: float) -> tuple[float, float]:
        """Give the interval of Welch's t with the tails of Behrens and Fisher: no deals."""
        found = self.studentised(deals=self.deals[:1])
        gap, half = float(found.gap[0]), found.half(level)
        return gap - half, gap + half

    def interval(self, level: float) -> tuple[float, float] | None:
        """Give the constant effects that are not ruled out; None where the deals are too few to rule out any."""
        gap, error = self.itself()
        ruled_out = self._ruled_out(error, round(1 - level, 12))  # so that p of exactly .05 is not below .05
        ends = [_end(ruled_out, gap, side * 2 * error) for side in (-1.0, 1.0)]
        return None if ends[0] is None or ends[1] is None else (ends[0], ends[1])

    def _ruled_out(self, scale: float, tail: float) -> Callable[[float], bool]:
        """Say of any effect whether its p-value lies below the tail.

        An effect moves every difference along a line and every squared error along a parabola: three effects give all.
        """
        one, none, other = (self.studentised(step * scale) for step in (-1.0, 0.0, 1.0))
        slope = (other.gap - one.gap) / 2
        own = _parabola(one.own, none.own, other.own)
        rest = _parabola(one.rest, none.rest, other.rest)

        def ruled_out(effect: float) -> bool:
            step = effect / scale
            moved = Studentised(none.gap + step * slope, own(step), rest(step), self.n)
            return share_as_rare(moved.rarity) < tail

        return ruled_out


def _parabola(one: Array, none: Array, other: Array) -> Callable[[float], Array]:
    """Give the squared error at any step from that at -1, 0 and 1; never below nought."""
    bend, tilt = (other + one) / 2 - none, (other - one) / 2
    return lambda step: np.maximum(none + step * (tilt + step * bend), 0.0)


def _end(ruled_out: Callable[[float], bool], gap: float, step: float) -> float | None:
    """Double until an effect is ruled out, then halve to where that begins."""
    near, far = gap, gap + step
    for _ in range(_FURTHEST):
        if ruled_out(far):
            break
        near, far = far, gap + 2 * (far - gap)
    else:
        return None
    for _ in range(_STEPS):
        middle = (near + far) / 2
        near, far = (near, middle) if ruled_out(middle) else (middle, far)
    return near


def rests_on(places: int, others: int) -> dict[str, Any]:
    """Count what an estimate rests on.

    Examples
    --------
    >>> rests_on(6, 137)
    {'n': 143, 'of': 'councils, 6 with the programme'}
    """
    return {"n": places + others, "of": f"councils, {places} with the programme"}


def deal(strata: Array, places: Array, *, draws: int, seed: int) -> Array:
    """Deal the places of the programme out anew, within strata; the first row is as it was.

    Parameters
    ----------
    strata : array of int (units,)
        Groups to deal within.
    places : array of int
        Units that hold a place.
    draws, seed : int
        How often, and the seed.

    Examples
    --------
    >>> deal(np.array([0, 0, 0, 1, 1]), np.array([0, 3]), draws=99, seed=1).max(axis=0).tolist()
    [2, 4]
    """
    rng = np.random.default_rng(seed)
    dealt = np.tile(places, (draws + 1, 1))
    for stratum in np.unique(strata[places]):
        members, held = np.flatnonzero(strata == stratum), np.flatnonzero(strata[places] == stratum)
        order = rng.random((draws, len(members))).argsort(axis=1)[:, : len(held)]
        dealt[1:, held] = members[order]
    return dealt


def reach_of(sizes: Array, level: float) -> float | None:
    """Give the size that a share `level` of placebos does not pass, counting what they stand beside; None for too few.

    Examples
    --------
    >>> reach_of(np.arange(19.0), 0.9), reach_of(np.arange(8.0), 0.9)
    (17.0, None)
    """
    place = math.ceil(round(level * (len(sizes) + 1), 9))
    return float(np.sort(sizes)[place - 1]) if place <= len(sizes) else None


def reference_of(design: Design, rows: Array, *, cohorts: Array, draws: int, seed: int) -> Reference:
    """Hold a linear effect against deals of the programme.

    Parameters
    ----------
    design : Design
        The panel.
    rows : array (cohorts and never, times)
        Weights of the effect on mean paths, from `maps.rows_of`.
    cohorts : array
        Starts of the cohorts in the order of the rows, without never.
    draws, seed : int
        Deals.

    Returns
    -------
    Reference
        Cohorts that have no weight, and their units, are left out.
    """
    used = np.flatnonzero(np.abs(rows[:-1]).sum(axis=1) > _UNUSED)
    kept = design.rows(np.flatnonzero(~np.isfinite(design.first) | np.isin(design.first, cohorts[used])))
    places = kept.treated
    cohort = np.searchsorted(cohorts[used], kept.first[places])
    counts = np.bincount(cohort, minlength=len(used))
    contrast = rows[used] * (len(places) / counts)[:, None]
    after = (kept.times >= kept.first[:, None]) * 1.0
    dealt = deal(kept.strata, places, draws=draws, seed=seed)
    return Reference(_scores(kept.paths, contrast), after @ contrast.T, kept.weights, cohort, dealt)


def _scores(paths: Array, contrast: Array) -> Array:
    """Give the contrasts of each unit, nought where units differ by rounding alone."""
    scores = paths @ contrast.T
    largest = np.abs(paths).max(initial=0.0) * np.abs(contrast).sum(axis=1)
    return np.where(np.ptp(scores, axis=0) <= _ROUNDING * largest, 0.0, scores)
