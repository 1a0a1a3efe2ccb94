"""Latent classes by maximum likelihood: many fits at once, so that tests and resampling take seconds.

StepMix fits the same model, one start after the other; the tests hold this module against it. A bootstrap needs
some hundred fits, which share their matrices here.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vcanalysis.analysis.middle.patterns import Patterns

SMALLEST = 1e-12  # a probability never quite vanishes, so that its logarithm exists
_CYCLES = 400
_WHOLE = 5000  # children, above whom a sample of so many does for what takes many fits
_COMPACT = 0.7  # the batch is made smaller once this share of it, or less, is still moving


@dataclass(frozen=True, slots=True)
class Fits:
    """Fits of one number of classes, from several starts or to several data sets.

    Parameters
    ----------
    shares : array (fits, classes)
        Logarithm of the share of each class.
    levels : array (fits, classes, columns)
        Logarithm of the probability of each level of each domain in each class.
    likelihood : array (fits,)
        Log likelihood.
    """

    shares: np.ndarray
    levels: np.ndarray
    likelihood: np.ndarray

    def take(self, which: np.ndarray | list[int]) -> Fits:
        """Give some of the fits."""
        return Fits(self.shares[which], self.levels[which], self.likelihood[which])

    def best(self) -> Fits:
        """Give the fit with the highest likelihood."""
        return self.take([int(np.argmax(self.likelihood))])


def _joint(ones: np.ndarray, shares: np.ndarray, levels: np.ndarray) -> np.ndarray:
    """Log probability of class and pattern: (fits, classes, patterns)."""
    joint = levels @ ones.swapaxes(-1, -2)
    joint += shares[:, :, None]
    return joint


def _memberships(joint: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Posterior membership and the log likelihood of each pattern; the joint array is overwritten."""
    top = joint.max(axis=1, keepdims=True)
    joint -= top
    np.exp(joint, out=joint)
    whole = joint.sum(axis=1, keepdims=True)
    joint /= whole
    return joint, (np.log(whole) + top)[:, 0]


def _step(
    ones: np.ndarray, counts: np.ndarray, edges: np.ndarray, domain: np.ndarray, state: tuple
) -> tuple[tuple[np.ndarray, np.ndarray], np.ndarray]:
    """One pass of expectation and maximisation; also the log likelihood of the state it started from."""
    member, logs = _memberships(_joint(ones, *state))
    likelihood = (logs * counts).sum(axis=1)
    member *= counts[:, None, :]
    sums = member @ ones
    totals = np.add.reduceat(sums, edges, axis=2)[:, :, domain]
    levels = np.log(np.maximum(sums / np.maximum(totals, SMALLEST), SMALLEST))
    held = member.sum(axis=2)
    shares = np.log(np.maximum(held / held.sum(axis=1, keepdims=True), SMALLEST))
    return (shares, levels), likelihood


def _normal(shares: np.ndarray, levels: np.ndarray, edges: np.ndarray, domain: np.ndarray) -> tuple:
    """Make log shares and log levels those of probabilities that add to one."""
    shares = np.clip(shares, np.log(SMALLEST), 0)
    levels = np.clip(levels, np.log(SMALLEST), 0)
    shares = shares - np.log(np.exp(shares).sum(axis=1, keepdims=True))
    sums = np.add.reduceat(np.exp(levels), edges, axis=2)[:, :, domain]
    return shares, levels - np.log(sums)


def _leap(first: tuple, second: tuple, third: tuple) -> tuple[np.ndarray, np.ndarray]:
    """Extrapolate three states of the climb, a step length for each fit (Varadhan and Roland 2008, SqS3)."""
    shares, levels = ((b - a, c - 2 * b + a) for a, b, c in zip(first, second, third, strict=True))
    speed = np.sqrt((shares[0] ** 2).sum(axis=1) + (levels[0] ** 2).sum(axis=(1, 2)))
    turn = np.sqrt((shares[1] ** 2).sum(axis=1) + (levels[1] ** 2).sum(axis=(1, 2)))
    length = np.clip(speed / np.maximum(turn, 1e-300), 1.0, 64.0)
    by, cube = length[:, None], length[:, None, None]
    return (
        first[0] + 2 * by * shares[0] + by**2 * shares[1],
        first[1] + 2 * cube * levels[0] + cube**2 * levels[1],
    )


def fit(
    patterns: Patterns,
    starts: tuple[np.ndarray, np.ndarray],
    *,
    counts: np.ndarray | None = None,
    ones: np.ndarray | None = None,
    tolerance: float = 1e-5,
) -> Fits:
    """Climb from each start to the nearest maximum of the likelihood.

    Parameters
    ----------
    patterns : Patterns
        The children.
    starts : tuple of arrays
        Log shares (fits, classes) and log levels (fits, classes, columns) to start from.
    counts : array (fits, patterns), optional
        How often each pattern counts in each fit, for resampling; those of `patterns` when absent.
    ones : array (fits, patterns, columns), optional
        Other data for each fit, for simulation.
    tolerance : float
        Gain in log likelihood over a cycle below which a fit stops.

    Returns
    -------
    Fits
        In the order of the starts.

    References
    ----------
    Dempster AP, Laird NM, Rubin DB (1977), J R Stat Soc B 39:1-38; Varadhan R, Roland C (2008), Scand J Stat
    35:335-353 for the acceleration, which never accepts a step that lowers the likelihood.
    """
    edges, domain = patterns.edges, patterns.domain
    number, data = len(starts[0]), patterns.ones if ones is None else ones
    counts = np.broadcast_to(patterns.counts if counts is None else counts, (number, data.shape[-2]))
    state, moving = _normal(*starts, edges, domain), np.arange(number)
    shares, levels, best = (np.array(part) for part in (*state, np.full(number, -np.inf)))
    for _ in range(_CYCLES):
        second, before = _step(data, counts, edges, domain, state)
        third, middle = _step(data, counts, edges, domain, second)
        leapt = _normal(*_leap(state, second, third), edges, domain)
        fourth, after = _step(data, counts, edges, domain, leapt)
        worse = ~(after >= middle)
        state = tuple(
            np.where(worse.reshape(-1, *[1] * (a.ndim - 1)), a, b) for a, b in zip(third, fourth, strict=True)
        )
        shares[moving], levels[moving] = state
        best[moving] = np.where(worse, middle, after)
        going = best[moving] - before > tolerance
        if not going.any():
            break
        if going.mean() <= _COMPACT:
            moving, counts = moving[going], counts[going]
            state = (state[0][going], state[1][going])
            data = data[going] if data.ndim == 3 else data
    return Fits(shares, levels, best)


def memberships_of(patterns: Patterns, fits: Fits) -> np.ndarray:
    """Posterior membership of each pattern under each of the fits: (fits, classes, patterns)."""
    return _memberships(_joint(patterns.ones, fits.shares, fits.levels))[0]


def memberships(patterns: Patterns, one: Fits) -> np.ndarray:
    """Posterior membership of each pattern under the first of the fits: (patterns, classes)."""
    return memberships_of(patterns, one.take([0]))[0].T


def random_starts(
    patterns: Patterns, number: int, fits: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Draw starts: each class leans to the levels of one child; the first start slices the scale of severity.

    Parameters
    ----------
    patterns : Patterns
        The children.
    number, fits : int
        Classes, and starts.
    rng : Generator
        Source of chance.
    """
    overall, chance = patterns.shares(), patterns.counts / patterns.counts.sum()
    drawn = patterns.ones[rng.choice(len(chance), (fits, number), p=chance)]
    leaning = 0.6 * overall + 0.4 * drawn + 0.05 * rng.random(drawn.shape) * overall
    order = np.argsort(patterns.ones @ _rank(patterns), kind="stable")
    for k, part in enumerate(np.array_split(order, number)):
        if len(part):
            leaning[0, k] = 0.5 * overall + 0.5 * patterns.ones[part].mean(axis=0)
    return np.full((fits, number), -np.log(number)), np.log(np.maximum(leaning, SMALLEST))


def _rank(patterns: Patterns) -> np.ndarray:
    """Rank of each column's level within its domain."""
    return np.arange(len(patterns.domain)) - patterns.edges[patterns.domain].astype(float)


def some_of(n: int, rng: np.random.Generator) -> np.ndarray:
    """Give the places of all children, or of 5,000 by lot where there are more: what many fits can be made to."""
    return np.arange(n) if n <= _WHOLE else rng.choice(n, _WHOLE, replace=False)


def some_children(patterns: Patterns, rng: np.random.Generator) -> Patterns:
    """Give the children, or 5,000 of them by lot where there are more."""
    return patterns.take(some_of(patterns.n, rng))


def one_class(patterns: Patterns) -> Fits:
    """Give the model with a single class, whose levels are the shares found."""
    levels = np.log(np.maximum(patterns.shares(), SMALLEST))[None, None, :]
    likelihood = float(patterns.counts @ (patterns.ones @ levels[0, 0]))
    return Fits(np.zeros((1, 1)), levels, np.array([likelihood]))


def find(patterns: Patterns, number: int, *, starts: int, rng: np.random.Generator) -> Fits:
    """Fit one number of classes from several random starts, the fits in the order of the starts.

    Above some thousand patterns the climbs are made on a sample of the children and only the three best go on
    with all of them, so that a nation takes seconds.
    """
    if number == 1:
        return one_class(patterns)
    if len(patterns.counts) <= _WHOLE:
        return fit(patterns, random_starts(patterns, number, starts, rng))
    sample = some_children(patterns, rng)
    tried = fit(sample, random_starts(sample, number, starts, rng), tolerance=1e-2)
    ahead = tried.take(np.argsort(-tried.likelihood)[:3])
    return fit(patterns, (ahead.shares, ahead.levels), tolerance=1e-2)
