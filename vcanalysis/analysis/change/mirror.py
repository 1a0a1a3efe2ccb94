"""Regression to the mean without a line: the same pairs read backwards in time.

When nothing truly changes, a pair is as likely to have come the other way round: children high at the later
assessment were lower at the first by as much as children high at the first are lower later. That holds whatever the
shape of need and of rating error, for levels as for totals. A straight line holds for normal need only.

So two numbers are sought: what the picked truly changed by and what the others did. Given back, they leave a mean that
stands still, and a change that is the same in both directions (g-estimation). Each pair counts once for every child
with its first score, seen again or not.

References
----------
Campbell DT, Kenny DA (1999), A Primer on Regression Artifacts, on time-reversed analysis; Robins JM (1994), Commun
Stat 23:2379-2412, for giving back; Robins JM, Rotnitzky A, Zhao LP (1994), J Am Stat Assoc 89:846-866, for weights by
the chance of being seen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from scipy import optimize, stats

from vcanalysis.analysis.change.scores import MINIMUM, TwoScores
from vcanalysis.analysis.change.variance import Spread, spread

TIME_REVERSED = "raw change less what, given back, leaves the same change forwards and backwards in time"
BEYOND_REVERSED = "what, given back, leaves the same change forwards and backwards in time"
FEW_BACK = f"fewer than {MINIMUM} children scored as high at the later assessment"
NEVER = "of some first scores no child was seen again"
UNEVEN = (
    "later scores differ among children clearly more, or less, than first ones: no reading backwards is fair"
)
ALIKE = "all later scores are alike"
LEFT_OUT = (
    "the first scores of all children lie elsewhere than those of the pairs; "
    "give also the children not seen again, with their later score empty"
)
_FEW = 5  # children in a row by first score: fewer not seen again, whatever the chance, say nothing
_BESIDE = 30  # children on either side of such a row, of whose like the share seen again is taken
_CHANCE = 0.01  # of so long a row somewhere, below which it is not chance
_BIN = 15  # children seen again with neighbouring first scores, of whose like the share seen again is taken
_SOFT = (
    0.25  # of the standard deviation of first scores: how softly the cut parts high from not high, both ways
)
_NEAR = 1e-6  # of the standard deviation of first scores: how near both balances must come to nought
_ASTRAY = 4.0  # standard errors by which the mean of all first scores may lie from that of the pairs


class Part(NamedTuple):
    """Part of a mean change, with what each row adds to its error."""

    value: float
    influence: np.ndarray


class Mirror(NamedTuple):
    """Change of picked children to be expected, and what is beyond that."""

    due: Part
    beyond: Part


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


def chance_seen(first: np.ndarray, unseen: np.ndarray) -> np.ndarray:
    """Share of children seen again among those of about the same first score.

    Examples
    --------
    >>> chance_seen(np.repeat([1.0, 2.0], 20), np.repeat([2.0], 20))[[0, -1]].tolist()
    [1.0, 0.5]
    """
    levels, place = np.unique(np.concatenate([first, unseen]), return_inverse=True)
    seen = np.bincount(place[: len(first)], minlength=len(levels))
    every = np.bincount(place, minlength=len(levels))
    bins = np.minimum((np.cumsum(seen) - seen) // _BIN, max(len(first) // _BIN - 1, 0))
    shares = np.bincount(bins, weights=seen) / np.bincount(bins, weights=every).clip(1)
    return shares[bins][place[: len(first)]]


def never_seen(first: np.ndarray, unseen: np.ndarray) -> bool:
    """Say whether of some first scores no child was seen again, by more than the chance of those beside them.

    Examples
    --------
    >>> first = np.arange(100.0)
    >>> never_seen(first[:90], first[90:]), never_seen(first[::2], first[1::2])
    (True, False)
    """
    levels, place = np.unique(np.concatenate([first, unseen]), return_inverse=True)
    seen = np.bincount(place[: len(first)], minlength=len(levels))
    every = np.bincount(place)
    before, passed = np.cumsum(every) - every, np.cumsum(seen > 0)
    again = np.repeat(seen / every, every)  # of each child's score, in the order of scores
    for row in np.unique(passed[seen == 0]):
        held = np.flatnonzero((passed == row) & (seen == 0))
        size, start = int(every[held].sum()), int(before[held[0]])
        if size < _FEW:
            continue
        beside = np.concatenate([again[max(start - _BESIDE, 0) : start], again[start + size :][:_BESIDE]])
        share = (beside.sum() + 0.5) / (len(beside) + 1)
        least = max(share - 2 * np.sqrt(share * (1 - share) / (len(beside) + 1)), 0.0)
        if len(again) * (1 - least) ** size < _CHANCE:
            return True
    return False


@dataclass(frozen=True, slots=True)
class Reading:
    """Pairs with how much each counts forwards and backwards, for any score the children have.

    Parameters
    ----------
    marks : array (n, 2)
        Picked, and not picked.
    weight : array
        For how many children a pair stands.
    forth, back : array
        How much it counts as one high at first, and as one high later.
    softness : array
        By how much less it counts backwards for each point given back.
    own : array (n, 2)
        What each pair adds to the error of the two numbers given back.
    """

    marks: np.ndarray
    weight: np.ndarray
    forth: np.ndarray
    back: np.ndarray
    softness: np.ndarray
    own: np.ndarray

    @property
    def children(self) -> float:
        """Children of equal weight, in the smallest of the three groups the answer rests on."""
        groups = (self.marks[:, 0], self.forth, self.back)
        return float(min(g.sum() ** 2 / (g @ g) for g in groups))

    def parts(self, change: np.ndarray) -> Mirror:
        """Part the mean change of the picked, in the score they were picked by or in another; NaN where unrated."""
        rated = np.isfinite(change)
        change, marks = np.where(rated, change, 0.0), self.marks * rated[:, None]
        both, weight = (self.forth + self.back) * rated, self.weight * rated
        counted = np.stack([both, weight])
        jacobian = counted @ marks
        given = np.linalg.solve(jacobian, counted @ change)
        left = change - marks @ given
        off = (counted * left).T
        of_cut = np.stack([(self.softness * left) @ self.marks, np.zeros(2)])
        influence = np.linalg.solve(jacobian, (off - self.own @ of_cut.T).T)[0]
        chosen = marks[:, 0] / marks[:, 0].sum()
        raw = float(chosen @ change)
        of_raw = chosen * (change - raw) / np.sqrt(1 - chosen @ chosen)
        beyond = Part(float(given[0]), influence)
        return Mirror(Part(raw - beyond.value, of_raw - influence), beyond)

    def spread(self, influence: np.ndarray, codes: Sequence[np.ndarray]) -> Spread:
        """Give the spread of a mean over the picked: two numbers were fitted to no more children than there are."""
        within, left = spread(influence, codes), max(self.children - 2, 1.0)
        wider = within.covariance * self.children / left
        return replace(within, covariance=wider, df=max(min(within.df, left), 1.0))


def read_backwards(scores: TwoScores, mean: float, cut: float) -> Reading | str:
    """Read the pairs backwards in time; a reason where that says nothing."""
    if np.ptp(scores.after) == 0:
        return ALIKE
    if never_seen(scores.before, scores.unseen):
        return NEVER
    weight = 1 / chance_seen(scores.before, scores.unseen)
    weight = weight / weight.mean()
    if _astray(scores.before, weight, mean):
        return LEFT_OUT
    marks = np.stack([scores.picked, ~scores.picked], axis=1).astype(float)
    soft = max(_SOFT * float(scores.before.std()), float(np.diff(np.unique(scores.before)).min()) / 2)
    found = optimize.root(
        lambda given: _off(scores, marks @ given, weight, cut, soft).mean(axis=0),
        np.full(2, float(weight @ scores.change) / weight.sum()),
    )
    restored = scores.after - marks @ found.x
    if np.abs(found.fun).max() > _NEAR * scores.before.std() or (restored > cut).sum() < MINIMUM:
        return FEW_BACK
    return _reading(scores, restored, marks, weight, cut=cut, soft=soft)


def _off(scores: TwoScores, given: np.ndarray, weight: np.ndarray, cut: float, soft: float) -> np.ndarray:
    """By how much each pair puts out the balance of both directions, and the mean."""
    left = scores.change - given
    high = stats.norm.cdf((scores.before - cut) / soft) + stats.norm.cdf((scores.after - given - cut) / soft)
    return np.stack([weight * high * left, weight * left], axis=1)


def _reading(
    scores: TwoScores, restored: np.ndarray, marks: np.ndarray, weight: np.ndarray, *, cut: float, soft: float
) -> Reading:
    forth = weight * stats.norm.cdf((scores.before - cut) / soft)
    back = weight * stats.norm.cdf((restored - cut) / soft)
    softness = weight * stats.norm.pdf((restored - cut) / soft) / soft
    left = restored - scores.before
    jacobian = np.stack([(forth + back + softness * left) @ marks, weight @ marks])
    off = np.stack([(forth + back) * left, weight * left], axis=1)
    return Reading(marks, weight, forth, back, softness, np.linalg.solve(jacobian, off.T).T)


def _astray(first: np.ndarray, weight: np.ndarray, mean: float) -> bool:
    away = float(weight @ first) / float(weight.sum()) - mean
    error = float(first.std()) * np.sqrt(weight @ weight) / weight.sum()
    return abs(away) > _ASTRAY * error
