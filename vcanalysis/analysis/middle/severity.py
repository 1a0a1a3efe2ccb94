"""One scale of severity: a single factor behind all domains, the rival to groups of children.

A graded response model is in no library that the project rests on; the tests hold it against Bock and Lieberman (1970).
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
from scipy.optimize import minimize
from scipy.special import expit

from vcanalysis.analysis.middle.patterns import Patterns

_NODES = 25
_THIN = 1e-10  # a level's probability never quite vanishes


@dataclass(frozen=True, slots=True)
class OneScale:
    """Graded response model: one normal severity, to which each domain answers in its own way.

    Parameters
    ----------
    log_likelihood : float
        Of all levels seen.
    parameters : int
        A slope for each domain and a threshold between each two of its levels.
    bic : float
        Bayesian information criterion, to be held against that of the classes.
    slopes : array (domains,)
        How steeply each domain answers to severity (logit per standard deviation), never below nought: a scale
        on which some needs fall as others rise is a contrast of kinds, not severity.
    thresholds : array (columns less domains,)
        Where each next level is as likely as not, times the slope; domain after domain.
    """

    log_likelihood: float
    parameters: int
    bic: float
    slopes: np.ndarray
    thresholds: np.ndarray


@dataclass(frozen=True, slots=True)
class _Frame:
    """What the likelihood needs besides its arguments."""

    patterns: Patterns
    nodes: np.ndarray
    weights: np.ndarray
    upper: np.ndarray  # column of the level above each threshold
    owner: np.ndarray  # domain of each threshold


def _unpack(values: np.ndarray, frame: _Frame) -> tuple[np.ndarray, np.ndarray]:
    """Slopes and rising thresholds: a domain's first is free, each next adds the exponential of its value."""
    slopes, raw = np.split(values, [len(frame.patterns.edges)])
    first = np.diff(frame.owner, prepend=-1) > 0
    steps = np.where(first, raw, np.exp(np.clip(raw, -12, 6)))
    run = np.cumsum(steps)
    before = (run - steps)[first]
    return slopes, run - before[frame.owner]


def _chances(slopes: np.ndarray, thresholds: np.ndarray, frame: _Frame) -> tuple[np.ndarray, np.ndarray]:
    """Chance of passing each threshold, and of each level, at every node: (nodes, ...)."""
    passed = expit(slopes[frame.owner] * frame.nodes[:, None] - thresholds)
    levels = np.ones((len(frame.nodes), len(frame.patterns.domain)))
    levels[:, frame.upper] = passed
    levels[:, frame.upper - 1] -= passed
    return passed, np.maximum(levels, _THIN)


def _loss(values: np.ndarray, frame: _Frame) -> tuple[float, np.ndarray]:
    """Negative log likelihood per child and its gradient."""
    slopes, thresholds = _unpack(values, frame)
    passed, levels = _chances(slopes, thresholds, frame)
    joint = frame.patterns.ones @ np.log(levels).T + np.log(frame.weights)
    top = joint.max(axis=1, keepdims=True)
    member = np.exp(joint - top)
    whole = member.sum(axis=1, keepdims=True)
    counts = frame.patterns.counts
    likelihood = float(counts @ (np.log(whole) + top)[:, 0])
    expected = (member / whole * counts[:, None]).T @ frame.patterns.ones / levels
    pull = (expected[:, frame.upper] - expected[:, frame.upper - 1]) * passed * (1 - passed)
    slope = np.bincount(frame.owner, weights=frame.nodes @ pull)
    gradient = np.concatenate([slope, _back(-pull.sum(axis=0), values[len(slopes) :], frame)])
    n = frame.patterns.n
    return -likelihood / n, -gradient / n


def _back(pull: np.ndarray, raw: np.ndarray, frame: _Frame) -> np.ndarray:
    """Turn the gradient by thresholds into one by the free values they are summed from."""
    first = np.diff(frame.owner, prepend=-1) > 0
    later = np.cumsum(pull[::-1])[::-1]  # of this and all thresholds behind it
    starts = np.append(np.flatnonzero(first), len(pull))
    ends = np.append(later, 0.0)[starts[1:]]
    own = later - ends[frame.owner]
    return own * np.where(first, 1.0, np.exp(np.clip(raw, -12, 6)))


def _start(frame: _Frame) -> np.ndarray:
    """Slopes of one, and the thresholds that give the shares found."""
    shares = frame.patterns.shares()
    edges = frame.patterns.edges
    above = np.cumsum(shares[::-1])[::-1]
    ends = np.append(above, 0.0)[np.append(edges[1:], len(shares))]
    share = np.clip((above - ends[frame.patterns.domain])[frame.upper], 1e-4, 1 - 1e-4)
    place = 1.2 * np.log((1 - share) / share)
    first = np.diff(frame.owner, prepend=-1) > 0
    raw = np.where(first, place, np.log(np.maximum(np.diff(place, prepend=0), 1e-2)))
    return np.concatenate([np.ones(len(edges)), raw])


def fit_one_scale(patterns: Patterns) -> OneScale:
    """Fit the graded response model by marginal maximum likelihood.

    Parameters
    ----------
    patterns : Patterns
        The children; every domain has at least two levels.

    Notes
    -----
    Severity is taken as normal; 25 Gauss-Hermite nodes.

    References
    ----------
    Samejima F (1969), Psychometrika Monograph 17; Bock RD, Aitkin M (1981), Psychometrika 46:443-459.
    """
    nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
    upper = np.setdiff1d(np.arange(len(patterns.domain)), patterns.edges)
    owner = np.searchsorted(patterns.edges, upper, side="right") - 1
    frame = _Frame(patterns, nodes, weights / weights.sum(), upper, owner)
    start, domains = _start(frame), len(patterns.edges)
    bounds = [(0.0, None)] * domains + [(None, None)] * (len(start) - domains)
    about = {"jac": True, "method": "L-BFGS-B", "bounds": bounds, "options": {"maxiter": 500}}
    found = minimize(partial(_loss, frame=frame), start, **about)
    slopes, thresholds = _unpack(found.x, frame)
    likelihood, number = -float(found.fun) * patterns.n, len(found.x)
    bic = -2 * likelihood + number * np.log(patterns.n)
    return OneScale(likelihood, number, float(bic), slopes, thresholds)
