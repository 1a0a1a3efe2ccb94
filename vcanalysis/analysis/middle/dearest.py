"""Auditing the dearest: how much of a fall in their cost would have come with nothing done."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.core.columns import cost_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import normal_quantile, percentile_interval, resample

METHOD = "those dearest at the second date looked at backwards; bootstrap with new selection"
MINIMUM = 40
_STEPS, _STEP = 6, 1.3  # a pound given back to the dearest moves the balance by 0.7 to 1.8 pounds
_ALL = 0.9  # of a fall: what is left is small beside its own doubt
_ALIKE = "all costs changed alike, so that nothing says how sure this is"
_TERMS = {
    "before": "Mean weekly cost of the dearest at the first date",
    "fall": "Fall in mean weekly cost of the dearest",
    "expected": "Fall expected with nothing done",
    "excess": "Fall beyond what was expected",
    "share": "Share of the fall that was to be expected",
    "correlation": "Correlation of the two dates",
}


@dataclass(frozen=True, slots=True)
class DearestFall:
    """The fall in cost among the placements that were dearest at a first date, and what was to be expected.

    Parameters
    ----------
    estimates : Estimates
        Cost before, fall, fall expected from regression to the mean, excess of the fall over it, the share that
        was to be expected, and the correlation of the dates.
    top : float
        Size of the dearest, as a share of children with a price at both dates.
    """

    estimates: Estimates
    top: float

    def frame(self) -> pd.DataFrame:
        """Give all figures as tidy rows."""
        return self.estimates.frame()

    def of(self, kind: str) -> Estimate:
        """Give one figure: before, fall, expected, excess, share or correlation."""
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
        fall, expected, share, excess = (self.of(kind) for kind in ("fall", "expected", "share", "excess"))
        if not fall.estimable:
            return "Too few children have a price at both dates"
        if not fall.excludes(0) or (fall.value or 0) < 0:
            return "The dearest placements did not clearly become cheaper"
        if excess.excludes(0) and (excess.value or 0) > 0:
            part = f"{share.value:.0%}" if share.value is not None else "None"
            return f"{part} of the fall among the dearest was to be expected with nothing done"
        if (expected.value or 0) >= _ALL * (fall.value or 0):
            best = "by the best estimate, all or nearly all of that was to be expected anyway"
            return f"The dearest became cheaper; {best}"
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

    Whoever is dearest on one day is so partly by chance of the day, and will cost less later. How much less, time
    backwards tells: with nothing done, those dearest at the second date will have risen to it as the others fell.

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
        did not clearly become cheaper, or no fall was to be expected.

    Raises
    ------
    InputError
        If a column is missing, not numeric, below zero, or `top` does not lie between 0 and half.

    Notes
    -----
    The fall beyond is the number of pounds which, given back to each of the dearest, makes both directions of time
    balance (g-estimation). No shape of prices is assumed, only that with nothing done the two dates could be
    exchanged, but for a rise of all prices by the same pounds. Where dear prices rise by more pounds than others, as
    with inflation, the fall beyond is understated: give prices of one year. Its interval reaches to 0 unless the
    balance with nothing given back is also clearly upset. Children who left care between the dates are in neither.

    References
    ----------
    Galton F (1886), J Anthropol Inst 15:246-263; Barnett AG, van der Pols JC, Dobson AJ (2005), Int J Epidemiol
    34:215-220; Robins JM (1994), Commun Stat 23:2379-2412 (giving back); Finkelstein A et al. (2020), N Engl J Med
    382:152-162, where such a fall was all there was.

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
    """How often each child is among the dearest of each resample; `order` is one a resample, or one for all."""
    order = np.broadcast_to(order, counts.shape)
    sorted_counts = np.take_along_axis(counts, order, axis=1)
    before = np.cumsum(sorted_counts, axis=1) - sorted_counts
    taken = np.empty_like(sorted_counts)
    np.put_along_axis(taken, order, np.clip(number - before, 0, sorted_counts), axis=1)
    return taken


def _figures(counts: np.ndarray, first: np.ndarray, second: np.ndarray, number: int) -> np.ndarray:
    """All figures in every resample, in the order of the terms, then the balance with nothing given back."""
    counts = counts.astype(float)
    dear = _chosen(counts, np.argsort(-first, kind="stable"), number)
    before, fall = dear @ first / number, dear @ (first - second) / number
    drift, share = counts @ (second - first) / counts.sum(axis=1), number / counts.sum(axis=1)
    part, excess, balances = dear / np.maximum(counts, 1), np.zeros(len(counts)), []
    for _ in range(_STEPS):
        restored = second + excess[:, None] * part
        back = _chosen(counts, np.argsort(-restored, axis=1, kind="stable"), number)
        mirror = (back * (restored - first)).sum(axis=1) / number - 2 * (drift + excess * share)
        balances.append(fall - excess - mirror)
        excess = excess + balances[-1] / _STEP
    expected = fall - excess
    due = expected / np.where(fall == 0, np.nan, fall)
    return np.stack(
        [before, fall, expected, excess, due, _correlation(counts, first, second), balances[0]], axis=1
    )


def _correlation(weights: np.ndarray, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Correlation under each set of weights."""
    n = weights.sum(axis=1)
    x0, y0 = x - x.mean(), y - y.mean()
    mx, my = weights @ x0 / n, weights @ y0 / n
    xx, yy, xy = (weights @ p / n for p in (x0 * x0, y0 * y0, x0 * y0))
    return (xy - mx * my) / np.sqrt(np.maximum((xx - mx**2) * (yy - my**2), 1e-24))


def _estimates(values: np.ndarray, drawn: np.ndarray, *, n: int, level: float) -> Estimates:
    found: list[Estimate] = []
    errors = pd.DataFrame(drawn).std().to_numpy()  # of the resamples in which there is a figure
    wide = normal_quantile(level)
    upset = abs(values[-1]) > wide * errors[-1]
    for place, (kind, term) in enumerate(_TERMS.items()):
        unit = {"share": "share", "correlation": "correlation"}.get(kind, "GBP per week")
        reason = _no_share(found) if kind == "share" else ""
        if reason:
            found.append(Estimate.not_estimable(term, n=n, reason=reason, method=METHOD))
            continue
        value, error = float(values[place]), float(errors[place])
        # measured: normal ends cover best for pounds, percentiles for the two that are skewed
        pounds = unit == "GBP per week"
        low, high = percentile_interval(drawn[:, place], level)
        if pounds:
            low, high = value - wide * error, value + wide * error
        if kind == "share":
            low = max(low, 0.0)
        if kind == "excess" and not upset and low < high:
            low, high = min(low, 0.0), max(high, 0.0)
        made = Estimate(term, value, low, high, level, n, unit, METHOD, std_error=error)
        found.append(made.unless_alike(1e-3 if pounds else 0.0, reason=_ALIKE))
    return Estimates.of(found)


def _no_share(found: list[Estimate]) -> str:
    """Why no share of the fall can be given, from the figures before it; empty where it can."""
    fall, expected = found[1], found[2]
    if (fall.low or 0) <= 0:
        return "the dearest did not clearly become cheaper"
    return "no fall was to be expected" if (expected.value or 0) < 0 else ""
