"""What could have been found: the smallest effect a study would find, said before the effect is looked at."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.analysis.impact.dealing import reference_of, rests_on
from vcanalysis.analysis.impact.design import CONTROLS, Design, on_panel
from vcanalysis.analysis.impact.settings import Settings
from vcanalysis.analysis.impact.staggered import cohorts_of, overall_rows
from vcanalysis.analysis.impact.studentised import Studentised
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.numbers import write_number

FOUND = 0.8
_DOUBLINGS = 60
METHOD = "studentised randomisation over units that never start"


@dataclass(frozen=True, slots=True)
class Power:
    """How large an effect must be to be found.

    Parameters
    ----------
    minimum : Estimate
        Smallest effect that four in five studies would find, without an interval.
    dealt : Studentised
        Differences, and their errors, of units that never start dealt places of the programme.
    critical : float
        Rarity below which a difference is found.
    usual : float
        Mean of the outcome over units that never start, in the last year before the first start.
    places : int
        Units that start.
    """

    minimum: Estimate
    dealt: Studentised
    critical: float
    usual: float
    places: int

    def chance(self, effect: float) -> float:
        """Give the share of studies that would find an effect of this size."""
        moved = replace(self.dealt, gap=self.dealt.gap + effect)
        return float((moved.rarity < self.critical).mean())

    def curve(self, *, steps: int = 21) -> pd.DataFrame:
        """Give the chance of finding effects up to twice the smallest: effect, chance."""
        effects = np.linspace(0, 2 * (self.minimum.value or 0.0), steps)
        return pd.DataFrame({"effect": effects, "chance": [self.chance(effect) for effect in effects]})

    def sentence(self) -> str:
        """Say how large an effect must be, and what that is of the usual level."""
        if not self.minimum.estimable:
            return self.minimum.sentence()
        size = write_number(self.minimum.value, self.minimum.unit)
        share = (
            f", {100 * (self.minimum.value or 0.0) / self.usual:.0f}% of the usual level"
            if self.usual > 0
            else ""
        )
        return (
            f"With {self.places} councils, {self.minimum.term[:1].lower()}{self.minimum.term[1:]} would be found "
            f"four times in five only from {size} upwards{share}."
        )


def minimum_effect(
    panel: pd.DataFrame,
    *,
    unit: str,
    time: str,
    outcome: str,
    first_treated: str | Mapping[object, float],
    settings: Settings | None = None,
) -> Power:
    """Smallest effect that the design would find four times in five, from units that never start alone.

    Parameters
    ----------
    panel, unit, time, outcome, first_treated, settings
        As in `staggered_effect`; outcomes of those that start are not read.

    Returns
    -------
    Power
        Not estimable as `staggered_effect`, or where twice the places cannot be dealt among those that never start.

    Raises
    ------
    InputError
        As `read_design`.

    References
    ----------
    Bloom HS (1995), Eval Rev 19:547-556; by randomisation: Gerber AS, Green DP (2012), Field Experiments, box 3.6.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> panel = pd.DataFrame([(u, t, rng.normal()) for u in range(60) for t in range(2013, 2020)],
    ...                      columns=["council", "year", "moves"])
    >>> found = minimum_effect(panel, unit="council", time="year", outcome="moves",
    ...                        first_treated=dict.fromkeys(range(5), 2017))
    >>> round(found.minimum.value, 1), round(found.chance(found.minimum.value), 1)
    (1.3, 0.8)
    """
    about: dict[str, Any] = {"unit": unit, "time": time, "outcome": outcome, "first_treated": first_treated}
    return on_panel(power_of, panel, settings=settings, **about)


def power_of(design: Design, *, term: str, settings: Settings) -> Power:
    """Give the smallest effect on a design that has been read."""
    term = term.replace("Effect", "An effect", 1)
    places, others = len(design.treated), design.rows(design.controls)
    reason, found = design.reason, design.found
    if not reason and len(others.units) < places + CONTROLS:
        reason, found = f"at least {places + CONTROLS} units that never start are needed", len(others.units)
    if reason:
        return _nothing(term, places, reason, found)
    first, rows = cohorts_of(design)[0], overall_rows(design, settings)
    starts = np.full(len(others.units), np.inf)
    starts[:places] = design.first[design.treated]
    drawn = replace(others, first=starts, strata=np.zeros(len(starts), dtype=int))
    reference = reference_of(drawn, rows, cohorts=first[:-1], draws=settings.draws, seed=settings.seed)
    if reference.alike:
        reason = "the outcome moves alike in all units that never start"
        return _nothing(term, places, reason, len(others.units))
    made = reference.studentised(deals=reference.deals[1:])
    critical = float(np.quantile(made.rarity, 1 - settings.level))
    last = np.searchsorted(design.times, first[0]) - 1
    usual = float(np.average(others.paths[:, last], weights=others.weights))
    about: dict[str, Any] = {
        "unit": settings.measure,
        "method": METHOD,
        **rests_on(places, len(others.units)),
    }
    power = Power(Estimate(term, 0.0), made, critical, usual, places)
    size = _smallest(power, float(np.median(made.error)))
    if size is None:
        return _nothing(
            term, places, "units that never start differ too little for errors", len(others.units)
        )
    return replace(power, minimum=Estimate(term, size, **about))


def _nothing(term: str, places: int, reason: str, found: int) -> Power:
    nobody = Studentised(np.zeros(0), np.zeros(0), np.zeros(0), (places, 0))
    why = Estimate.not_estimable(term, n=found, reason=reason, of="councils")
    return Power(why, nobody, 0.0, 0.0, places)


def _smallest(power: Power, error: float) -> float | None:
    """Double until four in five find the effect, then halve; None where no effect is found however large."""
    low, high = 0.0, error
    for _ in range(_DOUBLINGS):
        if power.chance(high) >= FOUND:
            break
        low, high = high, 2 * high
    else:
        return None
    for _ in range(30):
        middle = (low + high) / 2
        low, high = (middle, high) if power.chance(middle) < FOUND else (low, middle)
    return high
