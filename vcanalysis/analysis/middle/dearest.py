"""Auditing the dearest: how much of a fall in their cost would have come with nothing done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.core.columns import cost_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import normal_quantile, percentile_interval, resample

METHOD = "line through all other children, drawn on to the dearest; bootstrap with new selection"
MIRROR = "the same children looked at backwards in time; bootstrap with new selection"
MINIMUM = 40
_ALIKE = "all costs changed alike, so that nothing says how sure this is"
_TERMS = {
    "before": "Mean weekly cost of the dearest at the first date",
    "fall": "Fall in mean weekly cost of the dearest",
    "expected": "Fall expected with nothing done",
    "excess": "Fall beyond what was expected",
    "mirror": "Fall expected by looking backwards",
    "share": "Share of the fall that was to be expected",
    "correlation": "Correlation of the two dates",
}


@dataclass(frozen=True, slots=True)
class DearestFall:
    """The fall in cost among the placements that were dearest at a first date, and what was to be expected.

    Parameters
    ----------
    estimates : Estimates
        Cost before, fall, fall expected from regression to the mean, excess of the fall over it, the second
        opinion by looking backwards, the share that was to be expected, and the correlation of the dates.
    top : float
        Size of the dearest, as a share of children with a price at both dates.
    """

    estimates: Estimates
    top: float

    def frame(self) -> pd.DataFrame:
        """Give all figures as tidy rows."""
        return self.estimates.frame()

    def of(self, kind: str) -> Estimate:
        """Give one figure: before, fall, expected, excess, mirror, share or correlation."""
        return self.estimates.term(_TERMS[kind])

    def sentence(self) -> str:
        """Say the fall, what of it was to be expected, and whether anything is left."""
        fall, expected, excess = (self.of(kind) for kind in ("fall", "expected", "excess"))
        if not fall.estimable:
            return fall.sentence()
        left = (
            f"What is left differs from nothing: {excess.words()}."
            if excess.excludes(0)
            else f"No clear fall beyond that: {excess.words()}."
        )
        return (
            f"The dearest {100 * self.top:.0f}% of the first date cost {fall.words()} less at the second. "
            f"With nothing done, {expected.words()} of a fall was to be expected. {left}"
        )

    def headline(self) -> str:
        """Say how much of the fall was to be expected, for the head of a picture."""
        fall, share, excess = (self.of(kind) for kind in ("fall", "share", "excess"))
        if not fall.estimable:
            return "Too few children have a price at both dates"
        if not fall.excludes(0) or (fall.value or 0) < 0:
            return "The dearest placements did not clearly become cheaper"
        if share.value is not None and share.value < 1 and excess.excludes(0):
            return f"{share.value:.0%} of the fall among the dearest was to be expected with nothing done"
        return "The dearest became cheaper, not clearly by more than was to be expected with nothing done"


def dearest_fall(
    frame: pd.DataFrame,
    *,
    before: str,
    after: str,
    top: float = 0.1,
    level: float = 0.95,
    replicates: int = 1000,
    seed: int = 0,
) -> DearestFall:
    """Hold the fall in cost among the dearest placements against regression to the mean.

    Whoever is dearest on one day is so partly by chance of the day, and will cost less later. The line of later on
    earlier cost through all the other children, whom no audit touched, says how much less.

    Parameters
    ----------
    frame : DataFrame
        One row per child; children without a price at either date are left out.
    before, after : str
        Columns of weekly cost in pounds at the first and the second date.
    top : float
        Size of the dearest, as a share of children.
    level : float
        Confidence level.
    replicates, seed : int
        Bootstrap resamples, in which the dearest are chosen anew, and their seed.

    Returns
    -------
    DearestFall
        Not estimable below 40 children or where cost does not vary; the share is not estimable where the dearest
        did not clearly become cheaper.

    Raises
    ------
    InputError
        If a column is missing, not numeric, below zero, or `top` does not lie between 0 and half.

    Notes
    -----
    The line is assumed to go on straight among the dearest. Looking backwards needs no line: in a council where
    nothing changes, those dearest at the second date will have risen to it as the others fell. Children who left care
    between the dates are in neither.

    References
    ----------
    Galton F (1886), J Anthropol Inst 15:246-263; Barnett AG, van der Pols JC, Dobson AJ (2005), Int J Epidemiol
    34:215-220; Finkelstein A et al. (2020), N Engl J Med 382:152-162, where such a fall was all there was.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> usual = rng.normal(1500, 300, 400)
    >>> frame = pd.DataFrame({"first": usual + rng.normal(0, 150, 400), "second": usual + rng.normal(0, 150, 400)})
    >>> dearest_fall(frame, before="first", after="second").headline()
    'The dearest became cheaper, not clearly by more than was to be expected with nothing done'
    """
    if not 0 < top < 0.5:
        raise InputError(f"top {top:g} is refused: give a share of children between 0 and half.")
    first, second = cost_column(frame, before), cost_column(frame, after)
    known = ~(np.isnan(first) | np.isnan(second))
    first, second, n = first[known], second[known], int(known.sum())
    number = max(round(top * n), 1)
    others = np.sort(first)[: max(n - number, 0)]
    if n < MINIMUM or np.ptp(others) == 0 or np.ptp(second) == 0:
        reason = f"at least {MINIMUM} children with a price at both dates are needed"
        reason = reason if n < MINIMUM else "cost does not vary between the children"
        return DearestFall(
            Estimates.of(
                Estimate.not_estimable(t, n=n, reason=reason, method=METHOD) for t in _TERMS.values()
            ),
            top,
        )
    values = _figures(np.ones((1, n)), first, second, number)[0]
    drawn = resample(
        lambda counts: _figures(counts, first, second, number), n, replicates=replicates, seed=seed
    )
    return DearestFall(_estimates(values, drawn, n=n, level=level), top)


def _chosen(counts: np.ndarray, order: np.ndarray, number: int) -> np.ndarray:
    """How often each child is among the dearest of each resample."""
    sorted_counts = counts[:, order]
    before = np.cumsum(sorted_counts, axis=1) - sorted_counts
    taken = np.empty_like(sorted_counts)
    taken[:, order] = np.clip(number - before, 0, sorted_counts)
    return taken


def _figures(counts: np.ndarray, first: np.ndarray, second: np.ndarray, number: int) -> np.ndarray:
    """All figures in every resample, in the order of the terms: (resamples, figures)."""
    counts = counts.astype(float)
    dear = _chosen(counts, np.argsort(-first, kind="stable"), number)
    back = _chosen(counts, np.argsort(-second, kind="stable"), number)
    slope, level, _ = _line(counts - dear, first, second)
    before = dear @ first / number
    fall = dear @ (first - second) / number
    expected = before - (level + slope * before)
    drift = counts @ (second - first) / counts.sum(axis=1)
    mirror = back @ (second - first) / number - 2 * drift
    share = expected / np.where(fall == 0, np.nan, fall)
    return np.stack(
        [before, fall, expected, fall - expected, mirror, share, _line(counts, first, second)[2]], axis=1
    )


def _line(weights: np.ndarray, x: np.ndarray, y: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Slope, intercept and correlation of y on x under each set of weights."""
    n = weights.sum(axis=1)
    x0, y0 = x - x.mean(), y - y.mean()
    mx, my = weights @ x0 / n, weights @ y0 / n
    xx, yy, xy = (weights @ p / n for p in (x0 * x0, y0 * y0, x0 * y0))
    vx, vy, cover = xx - mx**2, yy - my**2, xy - mx * my
    slope = cover / np.maximum(vx, 1e-12)
    level = (my + y.mean()) - slope * (mx + x.mean())
    return slope, level, cover / np.sqrt(np.maximum(vx * vy, 1e-24))


def _estimates(values: np.ndarray, drawn: np.ndarray, *, n: int, level: float) -> Estimates:
    found: list[Estimate] = []
    for place, (kind, term) in enumerate(_TERMS.items()):
        unit = {"share": "share", "correlation": "correlation"}.get(kind, "GBP per week")
        if kind == "share" and (found[1].low or 0) <= 0:
            reason = "the dearest did not clearly become cheaper"
            found.append(Estimate.not_estimable(term, n=n, reason=reason, method=METHOD))
            continue
        error, value = float(np.nanstd(drawn[:, place], ddof=1)), float(values[place])
        half, method = normal_quantile(level) * error, MIRROR if kind == "mirror" else METHOD
        # measured: normal ends cover best for pounds, percentiles for the two that are skewed
        pounds = unit == "GBP per week"
        ends = (value - half, value + half) if pounds else percentile_interval(drawn[:, place], level)
        made = Estimate(term, value, *ends, level, n, unit, method, std_error=error)
        found.append(made.unless_alike(1e-3 if pounds else 0.0, reason=_ALIKE))
    return Estimates.of(found)
