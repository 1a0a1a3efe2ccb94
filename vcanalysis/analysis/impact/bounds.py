"""What if the councils would have moved apart anyway: bounds for trends that are violated by so much."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.analysis.impact.dealing import reference_of, rests_on
from vcanalysis.analysis.impact.design import Design, on_panel
from vcanalysis.analysis.impact.maps import event_weights, overall_weights, rows_of
from vcanalysis.analysis.impact.settings import Settings
from vcanalysis.analysis.impact.staggered import cohorts_of, maps_of
from vcanalysis.core.estimate import Estimate, Estimates

Array = np.ndarray
METHOD = "group-time effects; relative magnitudes (Rambachan, Roth), union of bounds by Welch's t"
MULTIPLES = (0.0, 0.5, 1.0, 2.0)


@dataclass(frozen=True, slots=True)
class TrendBounds:
    """Intervals of the effect when trends may differ, after the start as they did before it.

    Parameters
    ----------
    by_multiple : Estimates
        One for each multiple of the largest yearly move apart before the start; groups name the multiple.
    sets : DataFrame
        multiple, low, high: what the effect may be if nothing were left to chance.
    break_even : float or None
        Multiple up to which the interval excludes nought; None where it never does.
    """

    by_multiple: Estimates
    sets: pd.DataFrame
    break_even: float | None

    def frame(self) -> pd.DataFrame:
        """Give the intervals by multiple as tidy rows."""
        return self.by_multiple.frame()

    def sentence(self) -> str:
        """Say what a violation as large as before does to the interval."""
        if not self.by_multiple[0].estimable:
            return self.by_multiple[0].sentence()
        if self.break_even is None:
            return "The interval holds nought even if councils would have moved alike."
        return (
            f"The interval excludes nought while councils would have moved apart in a year by up to "
            f"{self.break_even:.1f} times the most they did before."
        )


def trend_bounds(
    panel: pd.DataFrame,
    *,
    unit: str,
    time: str,
    outcome: str,
    first_treated: str | Mapping[object, float],
    settings: Settings | None = None,
) -> TrendBounds:
    """Bounds of the effect when units that start would have moved apart from the others anyway.

    Parameters
    ----------
    panel, unit, time, outcome, first_treated, settings
        As in `staggered_effect`; group-time effects whatever the estimator named (see the notes).

    Returns
    -------
    TrendBounds
        Not estimable with fewer than two years before the start.

    Raises
    ------
    InputError
        As `read_design`.

    Notes
    -----
    From one year to the next the two groups may move apart by up to the multiple of the largest such move before the
    start. For each move that may be the largest, and each sign, the bound is a mean with an interval by Welch's t; the
    union covers at least as often as its level. How far councils would have moved apart is counted from the last
    year before, with which group-time effects compare. Imputation compares with the mean of all years before; with
    what those years show of moving apart taken off, it is the group-time effect.

    References
    ----------
    Rambachan A, Roth J (2023), Rev Econ Stud 90:2555-2591, section 2.4.1; unions: their section 3.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> panel = pd.DataFrame([(u, t, rng.normal() - 3 * (u < 6 and t > 2016)) for u in range(60)
    ...                       for t in range(2013, 2019)], columns=["council", "year", "moves"])
    >>> found = trend_bounds(panel, unit="council", time="year", outcome="moves",
    ...                      first_treated=dict.fromkeys(range(6), 2017))
    >>> [bool(one.excludes()) for one in found.by_multiple]
    [True, False, False, False]
    """
    about: dict[str, Any] = {"unit": unit, "time": time, "outcome": outcome, "first_treated": first_treated}
    return on_panel(bounds_of, panel, settings=settings, **about)


def bounds_of(
    design: Design, *, term: str, settings: Settings, multiples: Sequence[float] = MULTIPLES
) -> TrendBounds:
    """Give the bounds on a design that has been read."""
    moves = [] if design.reason else _moves(design, settings)
    if not moves:
        reason = (
            design.reason or "at least two years before the start are needed to see how councils moved apart"
        )
        nothing = Estimate.not_estimable(
            term, n=design.found if design.reason else 1, reason=reason, of="councils"
        )
        return TrendBounds(Estimates((nothing,)), pd.DataFrame(columns=["multiple", "low", "high"]), None)
    found = [_bounded(design, moves, multiple, term, settings) for multiple in multiples]
    sets = pd.DataFrame([(m, *ends) for m, (_, ends) in zip(multiples, found, strict=True)])
    return TrendBounds(
        Estimates.of(one for one, _ in found),
        sets.set_axis(["multiple", "low", "high"], axis=1),
        _break_even(design, moves, term, settings),
    )


def _moves(design: Design, settings: Settings) -> list[Array]:
    """Give the moves apart from each year before the start to the next, as weights on mean paths."""
    first, counts = cohorts_of(design)
    maps, base = maps_of(design, settings, estimator="group-time"), -1 - settings.anticipation
    rows = {since: event_weights(first, counts, design.times, since) for since in range(-99, base + 1)}
    seen = [since for since, weights in rows.items() if (weights.sum(axis=1) > 0).all()]
    paths = [rows_of(maps, rows[since]) for since in seen]
    return [later - earlier for earlier, later in pairwise(paths)]


def _bounded(
    design: Design, moves: list[Array], multiple: float, term: str, settings: Settings
) -> tuple[Estimate, tuple[float, float]]:
    first, counts = cohorts_of(design)
    weights = overall_weights(first, counts, design.times)
    since = design.times - first[:-1, None] + 1 + settings.anticipation  # moves from the base to each year
    reach = multiple * float((weights * since).sum())
    main = rows_of(maps_of(design, settings, estimator="group-time"), weights)
    ends, values = [], []
    for rows in (main + sign * reach * move for move in moves for sign in (-1.0, 1.0)):
        reference = reference_of(design, rows, cohorts=first[:-1], draws=1, seed=settings.seed)
        values.append(reference.itself()[0])
        ends.append(reference.welch(settings.level))
    middle = (min(values) + max(values)) / 2
    about: dict[str, Any] = {"unit": settings.measure, "method": METHOD, "group": f"{multiple:g} times"}
    about |= {"level": settings.level, **rests_on(len(design.treated), len(design.controls))}
    made = Estimate(term, middle, min(e[0] for e in ends), max(e[1] for e in ends), **about)
    return made, (min(values), max(values))


def _break_even(design: Design, moves: list[Array], term: str, settings: Settings) -> float | None:
    low, high = 0.0, 16.0
    if not _bounded(design, moves, low, term, settings)[0].excludes():
        return None
    for _ in range(12):
        middle = (low + high) / 2
        holds = _bounded(design, moves, middle, term, settings)[0].excludes()
        low, high = (middle, high) if holds else (low, middle)
    return low
