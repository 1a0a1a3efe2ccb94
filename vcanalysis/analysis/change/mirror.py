"""Regression to the mean without a line: the same pairs read backwards in time.

When nothing truly changes, a pair is as likely to have come the other way round: children high at the later
assessment were lower at the first by as much as children high at the first are lower later. That holds whatever the
shape of need and of rating error, for levels as for totals. A straight line holds for normal need only.

References
----------
Campbell DT, Kenny DA (1999), A Primer on Regression Artifacts, on time-reversed analysis; Hainmueller J (2012),
Polit Anal 20:25-46, for weights that bring a mean to its known place.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
from scipy.optimize import brentq

from vcanalysis.analysis.change.scores import MINIMUM, TwoScores
from vcanalysis.analysis.change.variance import Spread, spread

TIME_REVERSED = "mean of the change forwards and of the same backwards in time"
BEYOND_REVERSED = "half of what the change forwards exceeds the same backwards in time by"
FEW_BACK = f"fewer than {MINIMUM} children scored as high at the later assessment"
TOO_FAR = "the population's mean lies too far from the first scores of those seen again"
_FARTHEST = 3.0  # steepest weight: log of its ratio over a standard deviation of first scores


class Part(NamedTuple):
    """Part of a mean change, with what each row adds to its error."""

    value: float
    influence: np.ndarray


class Mirror(NamedTuple):
    """Change of picked children to be expected, and what is beyond that."""

    due: Part
    beyond: Part
    children: float  # of equal weight, in the smaller of the two groups


def cut_between(first: np.ndarray, picked: np.ndarray) -> float | None:
    """Give the score that parts the picked from the others, or None where it was not the first score that picked.

    Examples
    --------
    >>> cut_between(np.array([1.0, 2, 5, 6]), np.array([False, False, True, True]))
    3.5
    """
    if not picked.any() or picked.all():
        return None
    lowest, highest = float(first[picked].min()), float(first[~picked].max())
    return (lowest + highest) / 2 if lowest > highest else None


def seen_again(first: np.ndarray, mean: float) -> float | None:
    """Give how the log chance to be seen again goes with the first score, from the mean of all; None if too far.

    Examples
    --------
    >>> round(seen_again(np.array([8.0, 10, 12]), 10.0), 6)
    0.0
    """
    away = first - mean
    steepest = _FARTHEST / float(first.std())

    def balance(slope: float) -> float:
        exponent = -slope * away
        return float(np.exp(exponent - exponent.max()) @ away)

    if balance(-steepest) * balance(steepest) >= 0:
        return None
    return float(brentq(balance, -steepest, steepest))


def mirrored(change: np.ndarray, forth: np.ndarray, back: np.ndarray) -> Mirror:
    """Hold the change of children picked by the first score against that of those the later score would pick.

    Examples
    --------
    >>> found = mirrored(np.array([-3.0, -1, 1, 3]), np.array([1, 1, 0, 0]), np.array([0, 0, 1, 1]))
    >>> found.due.value, found.beyond.value
    (-2.0, 0.0)
    """
    forth, back = forth / forth.sum(), back / back.sum()
    raw, reverse = float(forth @ change), float(back @ -change)
    of_raw = forth * (change - raw) / np.sqrt(1 - forth @ forth)
    of_reverse = back * (-change - reverse) / np.sqrt(1 - back @ back)
    due = Part((raw + reverse) / 2, (of_raw + of_reverse) / 2)
    beyond = Part((raw - reverse) / 2, (of_raw - of_reverse) / 2)
    return Mirror(due, beyond, float(1 / max(forth @ forth, back @ back)))


class Reading(NamedTuple):
    """How often each pair counts forwards and backwards, and what comes of it, or why nothing does."""

    mirror: Mirror | None
    forth: np.ndarray = np.zeros(0)
    back: np.ndarray = np.zeros(0)
    per_mean: float = 0.0
    reason: str = ""

    def spread(self, influence: np.ndarray, codes: Sequence[np.ndarray]) -> Spread:
        """Give the spread of a mean over the picked: no more degrees of freedom than there are of them."""
        within, children = spread(influence, codes), self.mirror.children if self.mirror else 2.0
        return replace(within, df=max(min(within.df, children - 1), 1.0))

    def doubt(self, mean_error: float) -> float:
        """Give the variance that comes of not knowing the population's mean."""
        return (self.per_mean * mean_error) ** 2


def read_backwards(scores: TwoScores, mean: float, cut: float) -> Reading:
    """Read the pairs forwards and backwards in time, each as often as it would be seen.

    A pair read backwards begins with its later score: it counts as often as children with that first score are seen
    again, which the mean first score of all children, seen again or not, tells.
    """
    backwards = scores.after - np.round(scores.change.mean()) > cut
    if backwards.sum() < MINIMUM:
        return Reading(None, reason=FEW_BACK)
    slope = seen_again(scores.before, mean)
    if slope is None:
        return Reading(None, reason=TOO_FAR)
    change, away = scores.change, scores.before - mean
    forth = scores.picked.astype(float)
    back = np.where(backwards, np.exp(np.clip(slope * change, -50, 50)), 0.0)
    everyone = np.exp(-slope * away)
    per_mean = (
        -float(np.cov(change, aweights=back, ddof=0)) / 2 * float(everyone.sum() / (everyone @ away**2))
    )
    return Reading(mirrored(change, forth, back), forth, back, per_mean)
