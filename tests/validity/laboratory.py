"""What a trial of validity declares, and what its replicates say.

A trial plants a truth, draws data by seed and runs one of our estimators. Three kinds: how often an interval
covers the truth, how often a test rejects a true null, how often something happens that should (or should not).
Trials stand in `trials_<analysis>.py` as the tuple `TRIALS`. `make validity` runs 1,000 replicates of each and
writes docs/validity.md; tests/test_validity.py runs the first 200 (`ci`), with wider gates, of what has changed since.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import ClassVar, TypeVar

import numpy as np
from scipy import stats

from vcanalysis.core.estimate import Estimate

Gate = tuple[float, float]
Found = TypeVar("Found")
REPLICATES = 1000
CI_REPLICATES = 200
ONCE_IN = 0.001  # how often a trial at the edge of its gate fails the wide gate
KNOWN_MISS = 5.0  # points by which a miss that is explained may lie outside the wide gate


@dataclass(frozen=True, kw_only=True)
class Measured:
    """What the replicates of one trial said: a rate in per cent, and for intervals the rest."""

    rate: float
    replicates: int
    below: float = math.nan  # interval wholly below the truth, per cent
    above: float = math.nan
    bias: float = math.nan  # mean error in standard deviations of the estimate over replicates
    none: float = 0.0  # not estimable, or without an interval, per cent: counts as a miss


@dataclass(frozen=True)
class Coverage:
    """Does the 95% interval of an estimate hold the planted truth?

    Parameters
    ----------
    name, design : str
        What is estimated, and on which data: "Rank correlation", "120 children, normal scores". Names are unique.
    truth : float, or a function without arguments
        The planted value; a function where it takes a long simulation.
    estimate : function of the seed (0, 1, 2 and so on)
        Draws the data and gives the estimate with its interval.
    gate : tuple of float
        Least and greatest coverage, per cent, over 1,000 replicates.
    known : str
        Where the gate is missed: why, and what was tried. It excuses a miss in the tests, not on the page.
    ci : int
        Replicates in the tests; fewer only where a replicate is slow.
    run : str
        Name that trials share which read different parts of one `remembered` run: they are tested side by side.
    """

    kind: ClassVar[str] = "coverage"
    name: str
    design: str
    truth: float | Callable[[], float]
    estimate: Callable[[int], Estimate]
    gate: Gate = (93.6, 96.4)
    known: str = ""
    ci: int = CI_REPLICATES
    run: str = ""

    def replicate(self, seed: int) -> list[float | None]:
        """Give value, low and high; None where there is none."""
        found = self.estimate(seed)
        return [found.value, found.low, found.high]

    def measure(self, rows: Sequence[Sequence[float | None]]) -> Measured:
        """Sum up the replicates."""
        truth = self.truth() if callable(self.truth) else self.truth
        value, low, high = np.array(rows, dtype=float).T
        spread = float(np.nanstd(value))
        return Measured(
            rate=_percent((low <= truth) & (truth <= high)),
            replicates=len(rows),
            below=_percent(high < truth),
            above=_percent(low > truth),
            bias=float(np.nanmean(value) - truth) / spread if spread > 0 else 0.0,
            none=_percent(np.isnan(value) | np.isnan(low) | np.isnan(high)),
        )


@dataclass(frozen=True)
class Rejection:
    """How often is p below .05 when the null is true? `p_value` takes the seed; else as `Coverage`."""

    kind: ClassVar[str] = "rejection"
    name: str
    design: str
    p_value: Callable[[int], float]
    gate: Gate = (3.5, 6.5)
    known: str = ""
    ci: int = CI_REPLICATES
    run: str = ""

    def replicate(self, seed: int) -> list[float | None]:
        """Give the p-value."""
        return [_number(self.p_value(seed), self.name)]

    def measure(self, rows: Sequence[Sequence[float | None]]) -> Measured:
        """Sum up the replicates."""
        return Measured(rate=_percent(np.array(rows, dtype=float)[:, 0] < 0.05), replicates=len(rows))


@dataclass(frozen=True)
class Rate:
    """In what share of the seeds does something happen? `happens` takes the seed; the gate is in per cent."""

    kind: ClassVar[str] = "rate"
    name: str
    design: str
    happens: Callable[[int], bool]
    gate: Gate
    known: str = ""
    ci: int = CI_REPLICATES
    run: str = ""

    def replicate(self, seed: int) -> list[float | None]:
        """Give 1 if it happened, else 0."""
        return [float(bool(self.happens(seed)))]

    def measure(self, rows: Sequence[Sequence[float | None]]) -> Measured:
        """Sum up the replicates."""
        return Measured(rate=_percent(np.array(rows, dtype=float)[:, 0] > 0), replicates=len(rows))


Trial = Coverage | Rejection | Rate
_KEPT: list[Callable[[], None]] = []


def remembered(run: Callable[..., Found]) -> Callable[..., Found]:
    """Keep what a run gave for the last seeds, where several trials read different parts of it."""
    kept = lru_cache(maxsize=CI_REPLICATES)(run)
    _KEPT.append(kept.cache_clear)
    return kept


def forget() -> None:
    """Drop what runs were kept, so that the next replicate is run in full."""
    for clear in _KEPT:
        clear()


def excluded(estimate: Estimate, null: float = 0.0) -> float:
    """Give a p-value for `Rejection` where only an interval is made: 0 if it leaves out the null, else 1."""
    return 0.0 if estimate.excludes(null) else 1.0


def passes(trial: Trial, measured: Measured) -> bool:
    """Whether the rate lies in the trial's gate."""
    return trial.gate[0] <= measured.rate <= trial.gate[1]


def wide_gate(trial: Trial, replicates: int) -> Gate:
    """Widen the gate so that a rate at its edge fails once in a thousand runs: 93.6 to 96.4 is 87.5 to 99.5 at 200.

    There are over a hundred trials, so one in twenty would fail some trial at every change of a seed. A miss that
    is known and explained may lie some points further out, but no further.
    """
    low, high = (edge / 100 for edge in trial.gate)
    more = KNOWN_MISS if trial.known else 0.0
    least = 100 * float(stats.binom.ppf(ONCE_IN, replicates, low)) / replicates
    most = 100 * float(stats.binom.ppf(1 - ONCE_IN, replicates, high)) / replicates
    return max(least - more, 0.0), min(most + more, 100.0)


def _percent(happened: np.ndarray) -> float:
    return 100 * float(np.mean(happened))


def _number(value: float, name: str) -> float:
    if not 0 <= value <= 1:
        raise ValueError(f"{name}: a p-value of {value}")
    return float(value)
