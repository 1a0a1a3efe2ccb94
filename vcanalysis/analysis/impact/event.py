"""Effects by years since the start, and whether councils had moved apart before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.analysis.impact.dealing import Reference, reference_of, rests_on
from vcanalysis.analysis.impact.design import Design
from vcanalysis.analysis.impact.maps import event_weights, group_time_maps, rows_of
from vcanalysis.analysis.impact.settings import Settings
from vcanalysis.analysis.impact.studentised import PLAIN, share_as_rare
from vcanalysis.core.estimate import Estimate, Estimates

Array = np.ndarray
METHOD = f"group-time effects (Callaway, Sant'Anna) against the last year before; {PLAIN}"
COLUMNS = ("since", "estimate", "std_error", "low", "high", "n", "others")


@dataclass(frozen=True, slots=True)
class Event:
    """Effects by years since the start.

    Parameters
    ----------
    steps : DataFrame
        since (years since the start; below nought before it), estimate, std_error, low, high (each by itself, without
        deals), n (councils seen then), others (councils beside them); the last year before is the base and has none.
    before : Estimate
        Largest difference from the base in the years before.
    p_value : float or None
        Of no difference in any year before, by randomisation of the largest; None with one year before.
    term, unit : str
        What is estimated, and its unit.
    """

    steps: pd.DataFrame
    before: Estimate
    p_value: float | None
    term: str
    unit: str

    @classmethod
    def none(cls, why: Estimate) -> Event:
        """Give an empty study, with the reason."""
        empty = pd.DataFrame({name: pd.Series(dtype="float64") for name in COLUMNS})
        return cls(empty, why, None, why.term, why.unit)

    @property
    def apart(self) -> bool:
        """Whether the years before already differ by more than chance."""
        return self.p_value is not None and self.p_value < 0.05

    def estimates(self) -> Estimates:
        """Give the effects as estimates, one a year since the start."""
        made = []
        for row in self.steps.itertuples():
            about: dict[str, Any] = {
                "unit": self.unit,
                "method": METHOD,
                **rests_on(int(row.n), int(row.others)),
            }
            about |= {"group": say_since(int(row.since)), "std_error": row.std_error}
            made.append(Estimate(self.term, row.estimate, row.low, row.high, **about))
        return Estimates.of(made)

    def frame(self) -> pd.DataFrame:
        """Give the effects by years since the start as tidy rows."""
        return self.estimates().frame()

    def sentence(self) -> str:
        """Say whether the years before differ."""
        if self.p_value is None:
            return self.before.sentence()
        said = "had moved apart" if self.apart else "are not shown to have moved apart"
        return (
            f"Before the start the councils {said}: the largest difference is {self.before.words()}, and chance alone "
            f"makes one as large in {100 * self.p_value:.0f}%."
        )


def say_since(since: int) -> str:
    """Say how long before or after the start.

    Examples
    --------
    >>> say_since(-2), say_since(0), say_since(1)
    ('2 years before the first', 'first year', 'year 2')
    """
    if since < 0:
        return f"{-since} year{'s' * (since < -1)} before the first"
    return "first year" if since == 0 else f"year {since + 1}"


def event_study(design: Design, *, term: str, settings: Settings) -> Event:
    """Effects by years since the start against the last year before, and the largest difference before it.

    Parameters
    ----------
    design : Design
        A panel without `reason`.
    term : str
        What is estimated.
    settings : Settings
        Comparison, deals, level.

    References
    ----------
    Callaway B, Sant'Anna P (2021), section 3.1; Roth J (2022), Am Econ Rev Insights 4:305-322, on how little a test of
    the years before can rule out.
    """
    first, counts = np.unique(design.first, return_counts=True)
    maps = group_time_maps(
        first, counts, design.times, anticipation=settings.anticipation, never=settings.controls == "never"
    )
    found, steps = {}, []
    for since in _sinces(design, first):
        weights = event_weights(first, counts, design.times, since)
        reference = reference_of(
            design, rows_of(maps, weights), cohorts=first[:-1], draws=settings.draws, seed=settings.seed
        )
        if since == -1 - settings.anticipation or not len(reference.cohort):
            continue
        steps.append(_step(since, reference, settings.level))
        if since < -settings.anticipation and steps[-1][2] is not None:
            found[since] = reference
    frame = pd.DataFrame(steps, columns=list(COLUMNS)).astype("float64")
    return Event(frame, *_before(frame, found, term, settings), term, settings.measure)


def _sinces(design: Design, first: Array) -> list[int]:
    apart = {int(t - g) for g in first[:-1] for t in design.times}
    return sorted(apart)


def _step(since: int, reference: Reference, level: float) -> tuple[object, ...]:
    places, others = reference.n
    if places < 2 or reference.alike:  # one council shows no spread, nor do councils that do not differ
        gap = float(reference.scores[reference.deals[0, 0], 0] - _others(reference))
        return since, gap, None, None, None, places, others
    gap, error = reference.itself()
    return since, gap, error, *reference.welch(level), places, others


def _others(reference: Reference) -> float:
    kept = np.ones(len(reference.scores), dtype=bool)
    kept[reference.deals[0]] = False
    return float(np.average(reference.scores[kept, 0], weights=reference.weights[kept]))


def _before(
    steps: pd.DataFrame, found: dict[int, Reference], term: str, settings: Settings
) -> tuple[Estimate, float | None]:
    """Give the largest difference before the start, counted in its error, and how often deals make as large a one."""
    name = f"{term} before the start"
    whole = {
        since: r for since, r in found.items() if len(r.cohort) == max(len(x.cohort) for x in found.values())
    }
    if not whole:
        reason = "at least two years before the start are needed to see whether councils moved alike"
        if ((steps["since"] < -settings.anticipation) & (steps["n"] > 1)).any():
            reason = "the outcome moves alike in all councils before the start"
        return Estimate.not_estimable(name, n=1, reason=reason, of="year before"), None
    p_value = share_as_rare(np.min([reference.studentised().rarity for reference in whole.values()], axis=0))
    ahead = steps[steps["since"].isin(list(whole))]
    row = ahead.loc[(ahead["estimate"] / ahead["std_error"]).abs().idxmax()]
    about: dict[str, Any] = {"unit": settings.measure, "method": METHOD, "std_error": row["std_error"]}
    about |= rests_on(int(row["n"]), int(row["others"]))
    return Estimate(name, row["estimate"], row["low"], row["high"], settings.level, **about), p_value
