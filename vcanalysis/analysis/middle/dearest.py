"""Auditing the dearest: how much of a fall in their cost would have come with nothing done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.middle.balance import Prices, find_balance, ramp_of, share_of_dearest
from vcanalysis.analysis.middle.influence import (
    Figure,
    correlation_of,
    difference_interval,
    mean_of_dearest,
    ratio_interval,
)
from vcanalysis.analysis.middle.shared import share_providers
from vcanalysis.core.columns import cost_column, say_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import Interval, normal_quantile
from vcanalysis.core.parts import parts_of

METHOD = "both directions of time balanced by giving back; error summed by {}"
MINIMUM = 40
FEWEST = (
    5  # dearest children, or providers of like weight among them: below, all signs agree too often by chance
)
_FEW = f"at least {MINIMUM} children with a price at both dates are needed"
_ALIKE = "the dearest all changed alike, so that nothing says how sure this is"
_TOGETHER = "the two dates go together without exception, so that nothing says how sure this is"
_OPEN = "the dearest are so few that any fall could be chance"
_UNBALANCED = "no fall beyond it, small or large, would balance the two dates"
_CRISES = " Prices that had jumped up in a crisis and came down by themselves would leave such a rest too."
POUNDS = "GBP per week"
_NEAR = 1e-9  # how near one a correlation may come on Fisher's scale
_ALL = 0.9  # of a fall: what is left is small beside its own doubt
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
        said = f"The dearest {100 * self.top:.0f}% of the first date cost {fall.words()} less at the second."
        if not (expected.estimable and excess.estimable):
            return f"{said} {(excess if expected.estimable else expected).sentence()}"
        left = f"No clear fall beyond that: {excess.words()}."
        if excess.excludes(0) and (excess.value or 0) > 0:
            left = f"What is left differs from nothing: {excess.words()}.{_CRISES}"
        elif excess.excludes(0):
            left = f"They fell by less than that: {excess.words()}."
        return f"{said} With nothing done, {expected.words()} of a fall was to be expected. {left}"

    def headline(self) -> str:
        """Say how much of the fall was to be expected, for the head of a picture."""
        fall, expected, share, excess = (self.of(kind) for kind in ("fall", "expected", "share", "excess"))
        if not fall.estimable:
            few = "Too few children have a price at both dates"
            return (
                few if fall.reason == _FEW else f"Whether the dearest became cheaper is open: {fall.reason}"
            )
        if not fall.excludes(0) or (fall.value or 0) < 0:
            return "The dearest placements did not clearly become cheaper"
        if not excess.estimable:
            return f"The dearest became cheaper; what was to be expected is open: {excess.reason}"
        if excess.excludes(0) and (excess.value or 0) > 0:
            if share.value is None and (expected.value or 0) > 0:
                return "The dearest became cheaper, by more than was to be expected with nothing done"
            part = f"{share.value:.0%}" if share.value is not None else "None"
            return f"{part} of the fall among the dearest was to be expected with nothing done"
        if excess.excludes(0):
            return "The dearest became cheaper, by less than was to be expected with nothing done"
        told = (excess.high or 0) <= (fall.value or 0) / 2  # else hardly anything is known of the share
        if told and (expected.value or 0) >= _ALL * (fall.value or 0):
            best = "by the best estimate, all or nearly all of that was to be expected anyway"
            return f"The dearest became cheaper; {best}"
        return "The dearest became cheaper, not clearly by more than was to be expected with nothing done"


def dearest_fall(
    frame: pd.DataFrame,
    *,
    before: str,
    after: str,
    cluster: str | Sequence[str] = "",
    top: float = 0.1,
    level: float = 0.95,
) -> DearestFall:
    """Hold the fall in cost among the dearest placements against regression to the mean.

    Whoever is dearest on one day is so partly by chance of the day, and will cost less later. How much less, time
    backwards tells: with nothing done, those dearest at the second date will have risen to it as the others fell.

    Parameters
    ----------
    frame : DataFrame
        One row per child, in any order; children without a price at either date are left out.
    before, after : str
        Columns of weekly cost in pounds at the first and the second date.
    cluster : str or sequence of str
        Column of what children share whose prices change together, such as ``provider_id``, or two, the provider at
        each date; a child without any stands alone. Without it children count as independent.
    top : float
        Size of the dearest, as a share of children. Where prices tie at the cut, each child counts in part.
    level : float
        Confidence level.

    Returns
    -------
    DearestFall
        Not estimable below 40 children, below 5 dearest children (with `cluster`: providers of like weight among
        them) or where cost does not vary; the share is not estimable where the dearest did not clearly become
        cheaper, or no fall was to be expected. Where all of the dearest have one price, it has no interval.

    Raises
    ------
    InputError
        If a column is missing, not numeric, below zero, or `top` does not lie between 0 and half.

    Notes
    -----
    The fall beyond is the number of pounds which, given back to each of the dearest, makes both directions of time
    balance (g-estimation). No shape of prices is assumed, only that with nothing done the two dates could be
    exchanged, but for a rise of all prices by the same pounds. Where dear prices rise by more pounds than others, as
    with inflation, the fall beyond is understated: give prices of one year. Where prices jump up and come down
    slowly, as after a crisis, it is overstated: with nothing done it was claimed in 15 to 23%, where
    2.5 are due. `sentence` says so with every such claim. Children who left care between the dates are in neither.

    Its interval holds the pounds for which the balance, summed by provider, could be chance of signs. It takes few
    providers for what they are: where one or two hold the dearest, nothing is said. The other intervals are of
    influence summed by provider, by t with the effective number of providers among the dearest less one; for the
    share Fieller's. With 5 to 7 such providers these are rough, the last one most.

    References
    ----------
    Galton F (1886), J Anthropol Inst 15:246-263; Barnett AG, van der Pols JC, Dobson AJ (2005), Int J Epidemiol
    34:215-220; Robins JM (1994), Commun Stat 23:2379-2412 (giving back); Efron B (1969), J Am Stat Assoc
    64:1278-1302 (signs); Finkelstein A et al. (2020), N Engl J Med 382:152-162, where such a fall was all there
    was.

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
    columns = [cluster] if isinstance(cluster, str) and cluster else list(cluster)
    shared, first, second = share_providers(frame.loc[known], columns), first[known], second[known]
    method = METHOD.format(say_column(columns[0]) if columns else "child")
    number = max(round(top * len(first)), 1)
    part = share_of_dearest(first, number) if len(first) >= MINIMUM else np.zeros(len(first))
    prices = Prices(first, second, part, shared)
    reason, found = _unable(prices, columns)
    if reason:
        nothing = (Estimate.not_estimable(t, n=found, reason=reason, method=method) for t in _TERMS.values())
        return DearestFall(Estimates.of(nothing), top)
    return DearestFall(_figures(prices, top=top, level=level, method=method), top)


def _unable(prices: Prices, columns: list[str]) -> tuple[str, int]:
    """Say why nothing can be said, and how many were found; nothing where it can."""
    n = len(prices.first)
    if n < MINIMUM:
        return _FEW, n
    if np.median(prices.first) == prices.first.max():
        return "cost does not vary between the dearest children and the others", n
    if (effective := prices.shared.effective(prices.part)) < FEWEST:
        of = f"{say_column(columns[0])}s of like weight" if columns else "children"
        return f"at least {FEWEST} {of} are needed among the dearest", int(effective)
    return "", n


def _figures(prices: Prices, *, top: float, level: float, method: str) -> Estimates:
    """All figures, in the order of the terms."""
    ramp = ramp_of(prices.first, top)
    wide = float(stats.t.ppf(0.5 + level / 2, prices.shared.effective(prices.part) - 1))
    normal, about = normal_quantile(level), {"level": level, "n": len(prices.first), "method": method}
    changes = prices.first - prices.second
    # of those at the cut who are among the dearest: what was done to the dearest was done on their side of it
    near = prices.part * ((prices.first >= ramp[0]) & (prices.first <= ramp[1]))
    fall = mean_of_dearest(prices, changes, float(near @ changes / near.sum()))
    made = {"before": _before(prices, wide, about)}
    ends = _ends(prices, fall, wide)
    made["fall"] = _pounds("fall", prices, fall, ends, about)
    balance = find_balance(prices, ramp, normal)
    if balance is None or np.isinf(balance.high):
        reason = _UNBALANCED if balance is None else _OPEN
        made |= {k: _none(k, reason, about) for k in ("expected", "excess", "share")}
    else:
        excess, beyond = Figure(balance.value, balance.influence), (balance.low, balance.high)
        by_t = [excess.value + (end - excess.value) * wide / normal for end in beyond]
        due = difference_interval(prices, fall, excess, (ends, (by_t[0], by_t[1])))
        made["excess"] = _pounds("excess", prices, excess, beyond, about)
        made["expected"] = _pounds("expected", prices, fall - excess, due, about)
        made["share"] = _share(prices, fall, fall - excess, wide, about)
    made["correlation"] = _correlation(prices, wide, about)
    return Estimates.of(made[kind] for kind in _TERMS)


def _none(kind: str, reason: str, about: dict[str, Any]) -> Estimate:
    return Estimate.not_estimable(_TERMS[kind], reason=reason, **about)


def _ends(prices: Prices, figure: Figure, wide: float) -> Interval:
    half = wide * prices.shared.error(figure.influence)
    return figure.value - half, figure.value + half


def _pounds(kind: str, prices: Prices, figure: Figure, ends: Interval, about: dict[str, Any]) -> Estimate:
    error = prices.shared.error(figure.influence)
    # however many have both prices, it is the pounds of the dearest
    about = {"parts": parts_of(prices.first), **about, "support": int((prices.part > 0).sum())}
    made = Estimate(_TERMS[kind], figure.value, *ends, unit=POUNDS, std_error=error, **about)
    return made.unless_alike(10 * float(prices.first.max()), reason=_ALIKE)


def _before(prices: Prices, wide: float, about: dict[str, Any]) -> Estimate:
    """Say what the dearest cost: one price and no interval where all of them have the same."""
    dear = prices.first[prices.part > 0]
    if np.ptp(dear) == 0:
        about = {**about, "parts": parts_of(dear), "support": len(dear)}
        return Estimate(_TERMS["before"], float(dear[0]), unit=POUNDS, **about)
    before = mean_of_dearest(prices, prices.first, dear.min())
    parts = parts_of((prices.first * prices.part)[prices.part > 0])
    return _pounds("before", prices, before, _ends(prices, before, wide), {**about, "parts": parts})


def _share(prices: Prices, fall: Figure, expected: Figure, wide: float, about: dict[str, Any]) -> Estimate:
    """Give the share that was to be expected, where there was a fall and some was."""
    if fall.value <= wide * prices.shared.error(fall.influence):
        return _none("share", "the dearest did not clearly become cheaper", about)
    if expected.value < 0:
        return _none("share", "no fall was to be expected", about)
    low, high = ratio_interval(prices, expected, fall, wide)
    share = expected.value / fall.value
    return Estimate(
        _TERMS["share"], share, max(low, 0.0), high, unit="share", support=about["n"], **about
    ).unless_alike(reason=_ALIKE)


def _correlation(prices: Prices, wide: float, about: dict[str, Any]) -> Estimate:
    """Correlation of the dates, its interval on Fisher's scale."""
    figure = correlation_of(prices)
    if np.isnan(figure.value):
        return _none("correlation", "cost does not vary between the children at the second date", about)
    error = prices.shared.error(figure.influence)
    half = wide * error / max(1 - figure.value**2, _NEAR)
    low, high = np.tanh(np.arctanh(np.clip(figure.value, -1 + _NEAR, 1 - _NEAR)) + np.array([-half, half]))
    made = Estimate(
        _TERMS["correlation"], figure.value, low, high, unit="correlation", std_error=error, **about
    )
    return made.unless_alike(reason=_TOGETHER)
