"""Where children live while in care: placements within each period of care, before any programme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vcanalysis.intake.synth import rates
from vcanalysis.intake.synth.arrays import YEAR, Array, Rows, choose
from vcanalysis.intake.synth.people import People
from vcanalysis.intake.synth.rates import ADOPTION, KIN, OTHER, PARENTS, SUPPORTED
from vcanalysis.intake.synth.settings import SynthSettings
from vcanalysis.intake.synth.spells import Spells, age_band

_MOST_PLACEMENTS = 60


@dataclass(frozen=True, slots=True)
class Stays(Rows):
    """Placements, one row each: the period of care, first day, day after the last, kind."""

    spell: Array
    start: Array
    end: Array
    kind: Array
    stepdown: Array


def _tilt(settings: SynthSettings) -> Array:
    tilt = np.ones(9)
    tilt[rates.HOME] = settings.residential_tilt
    tilt[rates.AGENCY] = settings.agency_tilt
    tilt[rates.KIN] = settings.kinship_tilt
    return tilt


def _class_tilt(settings: SynthSettings, class_: Array) -> Array:
    return (rates.CLASS_TILT**settings.need_type_tilt)[class_]


def _first_kind(
    rng: np.random.Generator, settings: SynthSettings, spells: Spells, class_: Array, male: Array
) -> Array:
    age = (spells.entry - spells.birth) / YEAR
    weights = rates.FIRST[age_band(age)] * _class_tilt(settings, class_)
    weights[:, rates.HOME] *= np.where(male, 1.12, 0.85)
    weights[:, KIN] *= np.where(spells.path == rates.GUARDIAN, 2.2, 1.0)
    weights[:, PARENTS] *= np.where(np.isin(spells.path, (rates.ADOPT, rates.REMAND)), 0.0, 1.0)
    weights = np.where(spells.uasc[:, None], rates.FIRST_UASC[(age >= 16).astype(int)], weights)
    weights = np.where((spells.path == rates.REMAND)[:, None], rates.FIRST_REMAND, weights)
    kind = choose(rng, weights * _tilt(settings))
    # Young siblings who enter together mostly start in the same place.
    lead = spells.leader
    together = (age < 13) & (kind[lead] <= rates.AGENCY) & (lead != np.arange(len(lead)))
    return np.where(together & (rng.random(len(lead)) < 0.8), kind[lead], kind).astype(np.int8)


def _next_kind(
    rng: np.random.Generator, settings: SynthSettings, kind: Array, age: Array, class_: Array, uasc: Array
) -> Array:
    weights = rates.NEXT[age_band(age)] * rates.AFTER[kind] * _class_tilt(settings, class_) * _tilt(settings)
    weights[:, PARENTS] *= ~uasc
    return choose(rng, weights)


def _duration(rng: np.random.Generator, kind: Array, pace: Array) -> Array:
    """Draw days until the next move by inverting the cumulative hazard of the kind of placement."""
    exposure = rng.exponential(size=len(kind)) / np.maximum(pace * rates.MOVE_SHARE[kind], 1e-9)
    days = np.full(len(kind), 20_000.0)
    width = np.diff(rates.HAZARD_EDGES) / 365
    for profile, hazard in rates.HAZARD.items():
        mask = np.isin(kind, [k for k, name in enumerate(rates.HAZARD_OF) if name == profile])
        reached = np.concatenate([[0.0], np.cumsum(hazard * rates.MOVE_PROFILE * width)])
        days[mask] = np.interp(exposure[mask], reached, rates.HAZARD_EDGES)
    return np.maximum(1, np.ceil(days)).astype(np.int32)


def _horizon(rng: np.random.Generator, spells: Spells) -> Array:
    """Give the day each child is placed for adoption, or the end of the period of care."""
    length = spells.exit - spells.entry
    placed = np.minimum(rng.gamma(5.0, 55.0, len(spells)) + 70, length * 0.6).astype(np.int32)
    return np.where(spells.path == rates.ADOPT, spells.exit - placed, spells.exit).astype(np.int32)


def draw_stays(rng: np.random.Generator, settings: SynthSettings, spells: Spells, people: People) -> Stays:
    """Walk every child through placements until the period of care ends."""
    class_, male = people.class_[spells.child], people.male[spells.child]
    horizon = _horizon(rng, spells)
    frailty = rng.gamma(rates.FRAILTY_SHAPE, 1 / rates.FRAILTY_SHAPE, len(people))[spells.child]
    pace = (0.15 + 0.85 * frailty) * rates.CLASS_MOVES[class_]
    pace = np.where(spells.path == rates.ADOPT, 0.6 * pace, pace)
    active = np.arange(len(spells), dtype=np.int32)
    kind, at = _first_kind(rng, settings, spells, class_, male), spells.entry.copy()
    rows: list[Stays] = []
    for _ in range(_MOST_PLACEMENTS):
        end = np.minimum(at + _duration(rng, kind, pace[active]), horizon[active])
        rows.append(Stays(active, at, end.astype(np.int32), kind, np.zeros(len(active), bool)))
        on = end < horizon[active]
        active, at, kind = active[on], end[on].astype(np.int32), kind[on]
        if not len(active):
            break
        age = (at - spells.birth[active]) / YEAR
        kind = _next_kind(rng, settings, kind, age, class_[active], spells.uasc[active])
    else:
        rows.append(Stays(active, at, horizon[active], kind, np.zeros(len(active), bool)))
    adopted = np.flatnonzero(spells.path == rates.ADOPT).astype(np.int32)
    rows.append(
        Stays(
            adopted,
            horizon[adopted],
            spells.exit[adopted],
            np.full(len(adopted), ADOPTION, np.int8),
            np.zeros(len(adopted), bool),
        )
    )
    stays = rows[0]
    for more in rows[1:]:
        stays = stays.join(more)
    stays = stays.take(stays.end > stays.start)
    return stays.take(np.lexsort((stays.start, stays.spell)))


def place_codes(
    rng: np.random.Generator, stays: Stays, spells: Spells, people: People
) -> tuple[Array, Array]:
    """Give the SSDA903 codes of place and provider of every placement."""
    size = len(stays)
    child = spells.child[stays.spell]
    age = (stays.start - people.birth[child]) / YEAR
    disabled, drawn = people.disability[child], rng.random(size)
    path = spells.path[stays.spell]
    # Long-term fostering is agreed once the plan is, never on the first day of care.
    known = stays.start - spells.entry[stays.spell] > 240
    settled = np.isin(path, (rates.LONG, rates.MIDDLE)) & known & ~people.uasc[child] & (drawn < 0.12)
    home = np.select([disabled & (drawn < 0.10), drawn < 0.13], ["S1", "R1"], "K2")
    home = np.where((home == "S1") & (age < 8), "K2", home)
    other = np.select(
        [age < 2, path == rates.REMAND, (age >= 16) & (drawn < 0.25), (age >= 10) & (drawn < 0.4)],
        ["R3", "R5", "R3", "R2"],
        "Z1",
    )
    other = np.where((other == "R3") & (age >= 16) & people.male[child], "Z1", other)
    place = np.select(
        [stays.kind == k for k in range(9)],
        [
            np.where(drawn < 0.04, "U2", np.where(settled, "U1", "U3")),
            np.where((drawn > 0.97) & (age < 3), "U5", np.where(settled, "U4", "U6")),
            np.where(settled, "U4", "U6"),
            home,
            np.full(size, "K1"),
            np.where((age >= 17) & (drawn < 0.22), "P2", "H5"),
            np.full(size, "P1"),
            np.select([drawn < 0.09, drawn < 0.14], ["A5", "A4"], "A6"),
            other,
        ],
        "Z1",
    )
    return place, _provider_codes(rng, stays.kind, place)


def _provider_codes(rng: np.random.Generator, kind: Array, place: Array) -> Array:
    drawn = rng.random(len(kind))

    def split(labels: tuple[str, ...], edges: tuple[float, ...]) -> Array:
        return np.select([drawn < edge for edge in edges], labels[:-1], labels[-1])

    code = np.select(
        [kind == k for k in range(9)],
        [
            np.full(len(kind), "PR1"),
            split(("PR2", "PR1"), (0.012,)),
            split(("PR5", "PR4"), (0.14,)),
            split(("PR1", "PR5", "PR2", "PR4"), (0.27, 0.33, 0.345)),
            split(("PR1", "PR4", "PR2"), (0.2, 0.3)),
            split(("PR1", "PR5", "PR4"), (0.16, 0.36)),
            np.full(len(kind), "PR0"),
            split(("PR2", "PR5", "PR1"), (0.13, 0.38)),
            split(("PR1", "PR5", "PR3", "PR4"), (0.3, 0.45, 0.55)),
        ],
        "PR4",
    )
    code = np.where(np.isin(place, ["R2"]), "PR3", code)
    code = np.where((place == "P2") & (drawn < 0.6), "PR1", code)
    return np.where(np.isin(place, ["S1", "R1"]) & (code == "PR1") & (drawn > 0.1), "PR4", code)


__all__ = ["OTHER", "SUPPORTED", "Stays", "draw_stays", "place_codes"]
