"""A difference of two means counted in its own errors, whichever of the two groups varies more.

Few councils start: their variance is known from two to six of them. Welch's t takes its tails from one freedom that is
itself found from so few, and rejects a true null in 11% with two councils. The tails of Behrens and Fisher average over
what either variance may be, and do so in 5%.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from scipy import special, stats
from scipy.optimize import brentq

Array = np.ndarray
PLAIN = "Welch's t, tails of Behrens and Fisher"
_SAME = 1e-9  # relative difference of two chances that is rounding
_FEW, _MANY, _MOST = (
    10,
    100,
    1e12,
)  # degrees of freedom of the two ways to integrate; errors beyond which no end lies


@dataclass(frozen=True, slots=True)
class Studentised:
    """Differences for the councils as they are (first) and as dealt, with what their errors are made of.

    Parameters
    ----------
    gap : array (deals,)
        Mean of the places less that of the others.
    own, rest : array (deals,)
        Squared error of either mean.
    n : tuple of int
        Places, and others.
    """

    gap: Array
    own: Array
    rest: Array
    n: tuple[int, int]

    @property
    def error(self) -> Array:
        """Standard errors of the differences."""
        return np.asarray(np.sqrt(np.maximum(self.own + self.rest, 1e-300)))

    @property
    def t(self) -> Array:
        """Differences counted in their errors (Welch)."""
        return np.asarray(self.gap / self.error)

    @property
    def rarity(self) -> Array:
        """One-sided p-values of Behrens and Fisher, the smaller the rarer: on one scale whatever the errors."""
        larger, chances = _variances(self.n[0] - 1, self.n[1] - 1)
        squares = self.own[:, None] * larger[0] + self.rest[:, None] * larger[1]
        apart = np.abs(self.gap)[:, None] / np.sqrt(np.maximum(squares, 1e-300))
        return np.asarray(special.ndtr(-apart) @ chances)

    def half(self, level: float) -> float:
        """Give half the width of the interval of the first difference.

        Examples
        --------
        >>> one = Studentised(np.zeros(1), np.array([0.5]), np.array([0.5]), (7, 7))
        >>> round(one.half(0.95), 3)
        2.436
        """
        error, tail = float(self.error[0]), (1 - level) / 2

        def beyond(errors: float) -> float:
            moved = Studentised(np.array([errors * error]), self.own[:1], self.rest[:1], self.n)
            return float(moved.rarity[0]) - tail

        far = 4.0
        while beyond(far) > 0 and far < _MOST:
            far *= 2
        return error * float(brentq(beyond, 0.0, far))


def share_as_rare(rarity: Array) -> float:
    """Give the share of deals that are as rare as what was found, which comes first."""
    return float((rarity <= rarity[0] * (1 + _SAME)).mean())


@cache
def _variances(own: int, rest: int) -> tuple[Array, Array]:
    """Give what both variances may be, times those found, and the chance of each pair, by degrees of freedom."""
    (one, chance), (other, likely) = _variance(own), _variance(rest)
    pairs = np.meshgrid(one, other, indexing="ij")
    return np.array([pair.ravel() for pair in pairs]), np.outer(chance, likely).ravel()


def _variance(freedom: int) -> tuple[Array, Array]:
    """Give what a variance may be, times that found, and the chance of each: nodes of a quadrature over chi square."""
    if freedom < _FEW:
        nodes, weights = np.polynomial.legendre.leggauss(24)
        place = (nodes + 1) / 2
        size = (
            stats.chi2.isf(1e-12, freedom) * place**4
        )  # dense near 0, where a few councils vary by far more
        chance = weights * place * size ** ((freedom - 1) / 2) * np.exp(-size / 2)
    elif freedom < _MANY:
        half, chance = special.roots_genlaguerre(6, freedom / 2 - 1)
        size = 2 * half
    else:
        size, chance = freedom + np.array([-1.0, 1.0]) * np.sqrt(2 * freedom), np.ones(2)
    return freedom / size, chance / chance.sum()


def welch(scores: Array, weights: Array, cohort: Array, deals: Array) -> Studentised:
    """Give the weighted difference of those dealt a place and all others, with its errors, for every deal.

    Parameters
    ----------
    scores : array (units, cohorts)
    weights : array (units,)
    cohort : array of int (places,)
    deals : array of int (deals, places)

    References
    ----------
    Welch BL (1947), Biometrika 34:28-35; Janssen A (1997), Stat Probab Lett 36:9-21, for dealing out its statistic;
    Beran R (1988), J Am Stat Assoc 83:687-697, for dealing out a p-value (prepivoting); Fisher RA (1935), Ann Eugen
    6:391-398, for that p-value.

    Examples
    --------
    >>> found = welch(np.array([[1.0], [3.0], [0.0], [2.0], [4.0]]), np.ones(5), np.array([0, 0]), np.array([[3, 4]]))
    >>> found.gap.round(3).tolist(), found.error.round(3).tolist()
    ([1.667], [1.333])
    """
    inside, heavy = scores[deals], weights[deals]
    places, others = deals.shape[1], len(scores) - deals.shape[1]
    rest = weights.sum() - heavy.sum(axis=1)
    means = (weights @ scores - np.einsum("bn,bng->bg", heavy, inside)) / rest[:, None]
    part = heavy / heavy.sum(axis=1, keepdims=True)
    apart = inside[:, np.arange(places), cohort] - means[:, cohort]
    gap = (part * apart).sum(axis=1)
    of_places = (part**2 * (apart - gap[:, None]) ** 2).sum(axis=1) * places / (places - 1)
    mix = part @ (cohort[:, None] == np.arange(scores.shape[1]))
    square = weights**2
    crossed = (square[:, None] * scores).T @ scores - np.einsum("bn,bng,bnh->bgh", heavy**2, inside, inside)
    plain = square @ scores - np.einsum("bn,bng->bg", heavy**2, inside)
    middle = (mix * means).sum(axis=1)
    spread = np.einsum("bg,bgh,bh->b", mix, crossed, mix) - 2 * middle * (mix * plain).sum(axis=1)
    spread = spread + middle**2 * (square.sum() - (heavy**2).sum(axis=1))
    of_others = np.maximum(spread, 0.0) / rest**2 * others / (others - 1)
    return Studentised(gap, of_places, of_others, (places, others))
