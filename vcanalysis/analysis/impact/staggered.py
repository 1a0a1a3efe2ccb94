"""Programmes that start in different years: the effect overall, by cohort and year, and before the start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.analysis.impact.beside import clustered, wild
from vcanalysis.analysis.impact.dealing import Reference, reference_of, rests_on
from vcanalysis.analysis.impact.design import Design, on_panel
from vcanalysis.analysis.impact.event import Event, event_study
from vcanalysis.analysis.impact.maps import group_time_maps, imputation_maps, overall_weights, rows_of
from vcanalysis.analysis.impact.settings import Settings
from vcanalysis.analysis.impact.studentised import PLAIN
from vcanalysis.core.estimate import Estimate, Estimates

Array = np.ndarray
METHODS = {
    "imputation": "imputation (Borusyak, Jaravel, Spiess)",
    "group-time": "group-time effects (Callaway, Sant'Anna)",
}
DEALT = "studentised randomisation over councils"
FEW = "the deals are too few to rule out any effect"
ALIKE = "the outcome moves alike in all councils"
ONE = "one council alone shows no spread between councils"


@dataclass(frozen=True, slots=True)
class StaggeredEffect:
    """The effect of a programme that councils took up at different times.

    Parameters
    ----------
    overall : Estimate
        Mean over councils of their mean over the years since the start, with its interval by randomisation.
    p_value : float or None
        Of no effect in any council, by randomisation.
    welch : Estimate
        The same without deals: Welch's t with the tails of Behrens and Fisher.
    beside : Estimates
        The same with errors clustered by council, which are too narrow for few councils.
    wild_p : float or None
        By the wild bootstrap, which rejects too seldom or too often where few are treated.
    group_time : Estimates
        Effects by cohort and year, without deals; a cohort of one council has none.
    event : Event
        Effects by years since the start, and whether councils moved apart before it.
    design : Design
        The panel they rest on, and what was left out.
    """

    overall: Estimate
    p_value: float | None
    welch: Estimate
    beside: Estimates
    wild_p: float | None
    group_time: Estimates
    event: Event
    design: Design

    def frame(self) -> pd.DataFrame:
        """Give the effect with each of its intervals as tidy rows."""
        return Estimates.of([self.overall, self.welch, *self.beside]).frame()

    def sentence(self) -> str:
        """Say the effect, how it is judged, and what went before."""
        if not self.overall.estimable:
            return self.overall.sentence()
        chance = (
            "" if self.p_value is None else f" Chance alone is as far from none in {100 * self.p_value:.0f}%."
        )
        return f"{self.overall.sentence()}{chance} {self.event.sentence()}"

    def headline(self) -> str:
        """Say in few words what the interval and the years before allow."""
        about = self.overall.term.removeprefix("Effect on ")
        if not self.overall.estimable:
            return f"What became of {about} cannot be told"
        if self.event.apart:
            return f"{about[:1].upper()}{about[1:]} had moved apart before the programme began"
        if not self.overall.excludes():
            return f"No clear change in {about} after the programme began"
        return f"{about[:1].upper()}{about[1:]} was {'lower' if (self.overall.value or 0) < 0 else 'higher'} after"


def staggered_effect(
    panel: pd.DataFrame,
    *,
    unit: str,
    time: str,
    outcome: str,
    first_treated: str | Mapping[object, float],
    settings: Settings | None = None,
) -> StaggeredEffect:
    """Effect of a programme that units take up at different times, against units that do not.

    Parameters
    ----------
    panel : DataFrame
        One row per unit and time.
    unit, time, outcome : str
        Columns of the unit, the time (a number such as a year) and the outcome.
    first_treated : str or mapping
        Column of the first time with the programme, a gap for those that never start; or that time by unit.
    settings : Settings, optional
        Estimator, comparison, weights, deals; the default is imputation against those that never start.

    Returns
    -------
    StaggeredEffect
        Not estimable below two units that start or five that do not, or where all move alike.

    Raises
    ------
    InputError
        As `read_design`.

    Notes
    -----
    Supposes that without the programme both groups would have moved alike from before to after. Five of 150 councils
    are judged by dealing the programme out anew; errors clustered by council reject a true null in 12 to 40%.

    References
    ----------
    Callaway B, Sant'Anna P (2021), J Econom 225:200-230; Borusyak K, Jaravel X, Spiess J (2024), Rev Econ Stud
    91:3253-3285; MacKinnon J, Webb M (2020), J Econom 218:435-450, on few treated clusters.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> panel = pd.DataFrame([(u, t, rng.normal() - 2 * (u < 4 and t > 2016)) for u in range(40)
    ...                       for t in range(2013, 2020)], columns=["council", "year", "moves"])
    >>> found = staggered_effect(panel, unit="council", time="year", outcome="moves",
    ...                          first_treated=dict.fromkeys(range(4), 2017))
    >>> found.overall.sentence()
    'Effect on moves: -2.21 (95% interval -2.81 to -1.58; 40 councils, 4 with the programme).'
    """
    about: dict[str, Any] = {"unit": unit, "time": time, "outcome": outcome, "first_treated": first_treated}
    return on_panel(effect_of, panel, settings=settings, **about)


def effect_of(design: Design, *, term: str, settings: Settings) -> StaggeredEffect:
    """Estimate the effect on a design that has been read."""
    about: dict[str, Any] = {"unit": settings.measure, "level": settings.level}
    if design.reason:
        nothing = Estimate.not_estimable(term, n=design.found, reason=design.reason, of="councils")
        return StaggeredEffect(
            nothing, None, nothing, Estimates(()), None, Estimates(()), Event.none(nothing), design
        )
    reference = overall_reference(design, settings)
    if reference.alike:
        alike = replace(design, reason=ALIKE, found=len(design.units))
        return effect_of(alike, term=term, settings=settings)
    method = METHODS[settings.estimator]
    overall = by_randomisation(reference, term, settings, method=method)
    gap, error = reference.itself()
    low, high = reference.welch(settings.level)
    about |= {"method": f"{method}; {PLAIN}", "std_error": error, **reference.rests_on}
    plain = Estimate(term, gap, low, high, **about)
    return StaggeredEffect(
        overall,
        reference.p_value(),
        plain,
        Estimates((clustered(reference, plain),)),
        wild(reference, draws=settings.draws, seed=settings.seed),
        _group_time(design, term, settings),
        event_study(design, term=term, settings=settings),
        design,
    )


def overall_rows(design: Design, settings: Settings) -> Array:
    """Give the weights on mean paths of the mean over councils of their mean over the years since the start."""
    first, counts = cohorts_of(design)
    return rows_of(maps_of(design, settings), overall_weights(first, counts, design.times))


def overall_reference(design: Design, settings: Settings) -> Reference:
    """Hold the overall effect against deals of the programme."""
    rows, cohorts = overall_rows(design, settings), cohorts_of(design)[0][:-1]
    return reference_of(design, rows, cohorts=cohorts, draws=settings.draws, seed=settings.seed)


def by_randomisation(reference: Reference, term: str, settings: Settings, *, method: str) -> Estimate:
    """Give a contrast with the interval of the effects that the deals do not rule out."""
    about: dict[str, Any] = {"method": f"{method}; {DEALT}", **reference.rests_on}
    if reference.alike:
        return Estimate.not_estimable(term, reason=ALIKE, **about)
    gap, error = reference.itself()
    found = reference.interval(settings.level)
    if found is None:
        return Estimate.not_estimable(term, reason=FEW, **about)
    about |= {"level": settings.level, "unit": settings.measure, "std_error": error}
    return Estimate(term, gap, *found, **about).unless_alike(reason=ALIKE)


def cohorts_of(design: Design) -> tuple[Array, Array]:
    """Give the starts in order, those that never start last, and how many units have each."""
    first, counts = np.unique(design.first, return_counts=True)
    return first, counts


def maps_of(design: Design, settings: Settings, *, estimator: str = "") -> Array:
    """Give the effects by cohort and time as weights on mean paths."""
    first, counts = cohorts_of(design)
    if (estimator or settings.estimator) == "imputation":
        return imputation_maps(first, counts, design.times, anticipation=settings.anticipation)
    never = settings.controls == "never"
    return group_time_maps(first, counts, design.times, anticipation=settings.anticipation, never=never)


def _group_time(design: Design, term: str, settings: Settings) -> Estimates:
    """Give the effect of each cohort in each of its years."""
    first, counts = cohorts_of(design)
    maps = maps_of(design, settings)
    made = []
    for g, start in enumerate(first[:-1]):
        for t in np.flatnonzero(design.times >= start):
            group = f"from {start:g}, in {design.times[t]:g}"
            made.append(
                _cell(design, maps[g, t], first, counts[g], term=term, group=group, settings=settings)
            )
    return Estimates.of(made)


def _cell(
    design: Design, rows: Array, first: Array, count: int, *, term: str, group: str, settings: Settings
) -> Estimate:
    about: dict[str, Any] = {"unit": settings.measure, "method": f"{METHODS[settings.estimator]}; {PLAIN}"}
    if count < 2:
        alike = [design.first == start for start in first]
        paths = [np.average(design.paths[who], axis=0, weights=design.weights[who]) for who in alike]
        rests = rests_on(int(count), len(design.controls))
        return Estimate(term, float((rows * paths).sum()), group=group, **about, **rests)
    reference = reference_of(design, rows, cohorts=first[:-1], draws=1, seed=settings.seed)
    gap, error = reference.itself()
    about |= {"level": settings.level, "std_error": error, **reference.rests_on}
    return Estimate(term, gap, *reference.welch(settings.level), group=group, **about)
