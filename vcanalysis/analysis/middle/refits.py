"""The groups fitted again to resamples of the children: what their doubt does to anything said about them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from vcanalysis.analysis.middle.classes import Classes
from vcanalysis.analysis.middle.mixture import Fits, fit, some_of
from vcanalysis.analysis.middle.patterns import Patterns, add_up

REPLICATES = 100
_OPEN = 1e-4  # a level no child of a group has may yet be had by one of a resample


@dataclass(frozen=True, slots=True, eq=False)
class Refits:
    """Groups fitted to resamples from the groups found, so that each keeps its name.

    Parameters
    ----------
    chosen : array (children,)
        Places of the children resampled among those of the groups: all, or 5,000 by lot.
    patterns : Patterns
        Their patterns.
    drawn : array (replicates, children)
        How often each child is in each resample.
    fits : Fits
        The groups of each resample, in the order of those found.
    """

    chosen: np.ndarray
    patterns: Patterns
    drawn: np.ndarray
    fits: Fits

    def swaps(self) -> np.ndarray:
        """Share of the resamples in which the group of the row has the higher mean level than that of the column."""
        rank = np.arange(len(self.patterns.domain)) - self.patterns.edges[self.patterns.domain]
        height = np.exp(self.fits.levels) @ rank
        return np.asarray((height[:, :, None] > height[:, None, :]).mean(axis=0))


@lru_cache(maxsize=4)
def refit(classes: Classes, replicates: int = REPLICATES, seed: int = 0) -> Refits | None:
    """Resample the children and fit the groups again; None below two groups. Kept, since several results use it."""
    whole, fitted = classes.patterns, classes.fitted
    if whole is None or fitted is None or classes.number < 2:
        return None
    rng = np.random.default_rng(seed)
    chosen = some_of(whole.n, rng)
    patterns = whole.take(chosen)
    drawn = rng.multinomial(patterns.n, np.full(patterns.n, 1 / patterns.n), size=replicates)
    levels = np.maximum(fitted.levels, np.log(_OPEN))
    starts = (np.repeat(fitted.shares, replicates, axis=0), np.repeat(levels, replicates, axis=0))
    return Refits(
        chosen, patterns, drawn, fit(patterns, starts, counts=add_up(drawn, patterns), tolerance=1e-3)
    )
