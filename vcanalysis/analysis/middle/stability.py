"""Would other children like these have given the same groups? Bootstrap of the latent classes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.metrics import adjusted_rand_score

from vcanalysis.analysis.middle.classes import Classes
from vcanalysis.analysis.middle.mixture import Fits, fit, random_starts, some_children
from vcanalysis.analysis.middle.patterns import Patterns, add_up
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import percentile_interval

METHOD = "bootstrap over children; every resample fitted from the groups found and from random starts"
STABLE, DISSOLVED = 0.75, 0.6  # Hennig's marks of a group that is stable, and of one that dissolves
_RANDOM = 3


@dataclass(frozen=True, slots=True)
class Stability:
    """How well the groups are found again.

    Parameters
    ----------
    groups : Estimates
        For each group the mean of its largest Jaccard overlap with any group of a resample, with the middle 95%
        of the resamples.
    overall : Estimate
        Adjusted Rand index of the groups found and those of a resample: 1 the same, 0 chance.
    replicates : int
        Resamples.
    """

    groups: Estimates
    overall: Estimate
    replicates: int

    def frame(self) -> pd.DataFrame:
        """Give the overlaps as tidy rows."""
        return self.groups.frame()

    def sentence(self) -> str:
        """Say which groups would be found again in other children."""
        if not self.overall.estimable:
            return self.overall.sentence()
        held = [e.group for e in self.groups if (e.value or 0) >= STABLE]
        lost = [e.group for e in self.groups if (e.value or 0) < DISSOLVED]
        some = f"{len(held)} of {len(self.groups)} groups are found again in nearly every resample of the children"
        gone = f"; {' and '.join(lost)} dissolve{'s' if len(lost) == 1 else ''}" if lost else ""
        return f"{some}{gone} (Jaccard overlap {STABLE} or more is stable; {self.replicates} resamples)."


def stability(classes: Classes, *, replicates: int = 40, seed: int = 0, level: float = 0.95) -> Stability:
    """Resample the children, fit as many groups again, and compare.

    Parameters
    ----------
    classes : Classes
        From `find_classes`.
    replicates : int
        Resamples.
    seed : int
        Seed of the resamples and their starts.
    level : float
        Share of the resamples between low and high.

    Returns
    -------
    Stability
        Not estimable below two groups.

    Notes
    -----
    Above 5,000 children so many are drawn by lot first. A stable group need not be a true one: slices of a scale
    can be stable too.

    References
    ----------
    Hennig C (2007), Comput Stat Data Anal 52:258-271; Hubert L, Arabie P (1985), J Classif 2:193-218.

    Examples
    --------
    >>> from vcanalysis.analysis.middle.classes import find_classes
    >>> rng = np.random.default_rng(1)
    >>> high = rng.integers(0, 2, 200)[:, None]
    >>> items = pd.DataFrame(rng.binomial(3, 0.15 + 0.6 * high, (200, 6)), columns=list("abcdef"))
    >>> stability(find_classes(items, max_classes=2)).sentence()[:41]
    '2 of 2 groups are found again in nearly e'
    """
    term = "Groups found again (adjusted Rand index)"
    if classes.patterns is None or classes.fitted is None or classes.number < 2:
        none = Estimate.not_estimable(
            term, n=classes.shares[0].n, reason="there are fewer than two groups", method=METHOD
        )
        return Stability(Estimates(()), none, 0)
    rng = np.random.default_rng(seed)
    patterns = some_children(classes.patterns, rng)
    drawn = rng.multinomial(patterns.n, np.full(patterns.n, 1 / patterns.n), size=replicates)
    counts = add_up(drawn, patterns)
    found = _refit(patterns, classes.fitted, counts, rng)
    first = (classes.fitted.levels[0] @ patterns.ones.T + classes.fitted.shares[0][:, None]).argmax(axis=0)
    again = (found.levels @ patterns.ones.T + found.shares[:, :, None]).argmax(axis=1)
    inside = add_up(drawn > 0, patterns)
    jaccard = np.array([_jaccard(first, a, w) for a, w in zip(again, inside, strict=True)])
    rand = np.array([adjusted_rand_score(first[patterns.where], a[patterns.where]) for a in again])
    groups = [
        _summary("Jaccard overlap", column, patterns.n, level, group=name)
        for name, column in zip(classes.posterior.columns, jaccard.T, strict=True)
    ]
    return Stability(Estimates.of(groups), _summary(term, rand, patterns.n, level), replicates)


def _refit(patterns: Patterns, fitted: Fits, counts: np.ndarray, rng: np.random.Generator) -> Fits:
    """Fit every resample from the groups found and from random starts; the best likelihood counts."""
    sets, number = len(counts), fitted.shares.shape[1]
    shares, levels = random_starts(patterns, number, sets * _RANDOM, rng)
    starts = (
        np.concatenate([np.repeat(fitted.shares, sets, axis=0), shares]),
        np.concatenate([np.repeat(fitted.levels, sets, axis=0), levels]),
    )
    rough = fit(patterns, starts, counts=np.tile(counts, (1 + _RANDOM, 1)), tolerance=1.0)
    ahead = rough.take(rough.likelihood.reshape(-1, sets).argmax(axis=0) * sets + np.arange(sets))
    return fit(patterns, (ahead.shares, ahead.levels), counts=counts, tolerance=0.01)


def _jaccard(first: np.ndarray, again: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Largest overlap of each first group with any group found again, among the children drawn."""
    size = int(max(first.max(), again.max())) + 1
    cells = np.bincount(first * size + again, weights=weights, minlength=size * size)
    table = cells.reshape(size, size)
    union = table.sum(axis=1, keepdims=True) + table.sum(axis=0) - table
    return (table / np.maximum(union, 1)).max(axis=1)


def _summary(term: str, draws: np.ndarray, n: int, level: float, group: str = "all") -> Estimate:
    ends = percentile_interval(draws, level)
    return Estimate(
        term, float(draws.mean()), *ends, level, n, "index", METHOD, group, span="range of resamples"
    )
