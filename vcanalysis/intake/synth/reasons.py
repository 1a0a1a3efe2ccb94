"""Why placements and periods of care end: the reasons of the return, with breakdowns planted by need."""

from __future__ import annotations

import numpy as np

from vcanalysis.core.codes import BREAKDOWNS
from vcanalysis.intake.synth import rates
from vcanalysis.intake.synth.arrays import YEAR, Array, birthday, choose, day
from vcanalysis.intake.synth.journeys import Stays
from vcanalysis.intake.synth.latent import TrueNeed, standard_need
from vcanalysis.intake.synth.people import People
from vcanalysis.intake.synth.settings import SynthSettings
from vcanalysis.intake.synth.spells import Spells

_CUSTOD_FROM = day("2019-04-01")
_NEW_GUARDIAN_CODES_FROM = day("2018-04-01")
_REASONS = ("CARPL", "CREQB", "CREQO", "CHILD", "LAREQ", "STAND", "ALLEG", "CLOSE", "APPRR", "OTHER")
# Reasons for a change of carer: by kind of placement left (published shares, status-only changes apart).
_REASON_WEIGHTS = {
    "foster": (0.44, 0.10, 0.09, 0.03, 0.02, 0.013, 0.013, 0.012, 0.004, 0.275),
    "home": (0.39, 0.20, 0.03, 0.04, 0.05, 0.02, 0.01, 0.025, 0.0, 0.235),
    "other": (0.50, 0.06, 0.04, 0.07, 0.04, 0.01, 0.005, 0.01, 0.0, 0.265),
}
_MOST_BREAKDOWNS = 0.95  # of moves, however high the need
_NEED_OF_MOVERS = 0.15  # mean standardised true need over moves: keeps the share of breakdowns where it was


def leaving(
    rng: np.random.Generator, spells: Spells, people: People, *, spell: Array, kind: Array, settled: Array
) -> Array:
    """Give the code of the reason for leaving care."""
    path, leave, child = spells.path[spell], spells.exit[spell], spells.child[spell]
    drawn, size = rng.random(len(spell)), len(spell)
    grown = leave >= birthday(people.birth[child], 18)

    def split(labels: tuple[str, ...], edges: tuple[float, ...]) -> Array:
        return np.select([drawn < edge for edge in edges], labels[:-1], labels[-1])

    carers = np.where(kind == rates.KIN, "E45", split(("E46", "E48", "E47"), (0.3, 0.37)))
    old = np.where(kind == rates.KIN, "E43", split(("E43", "E44"), (0.3,)))
    special = np.where(leave >= _NEW_GUARDIAN_CODES_FROM, carers, old)
    guardian = np.where(rng.random(size) < 0.82, special, "E41")
    age = (leave - people.birth[child]) / YEAR
    home = split(("E4A", "E4B", "E13", "E3", "E41", "E8"), (0.50, 0.59, 0.76, 0.78, 0.85))
    teen = split(("E4A", "E4B", "E13", "E5", "E6", "E9", "E8"), (0.36, 0.47, 0.58, 0.70, 0.74, 0.77))
    alone = split(("E15", "E3", "E5", "E8"), (0.22, 0.42, 0.60))
    independent = split(("E5", "E6", "E8"), (0.68, 0.84))
    adult = np.select(
        [
            (kind <= rates.AGENCY) & settled & (drawn < 0.95),
            people.disability[child] & (kind == rates.HOME) & (drawn < 0.6),
            kind == rates.PARENTS,
        ],
        ["E17", "E7", "E8"],
        independent,
    )
    early = np.select(
        [path == rates.ADOPT, path == rates.GUARDIAN, path == rates.REMAND, spells.uasc[spell], age >= 16],
        [split(("E11", "E12"), (0.35,)), guardian, split(("E9", "E14"), (0.3,)), alone, teen],
        np.where(path == rates.MIDDLE, np.where(drawn < 0.35, guardian, home), home),
    )
    return np.where(grown & (path != rates.ADOPT), adult, early)


def breakdown_tilt(settings: SynthSettings, spells: Spells, stays: Stays, need: TrueNeed) -> Array:
    """Give what multiplies the share of moves that are breakdowns, by true need on the first day; mean about 1."""
    standard = standard_need(need.at(spells.child[stays.spell], stays.start).sum(axis=1))
    slope = settings.breakdown_need_slope
    return np.asarray(np.exp(slope * (standard - _NEED_OF_MOVERS) - slope**2 / 2))


def reason_weights(kind: Array, tilt: Array, broke: Array) -> Array:
    """Give the weight of each reason for a change of carer, shape (rows, reasons).

    The tilt multiplies the share of breakdowns; the share of the other reasons gives way. Where it is known
    that the placement broke down (a step-down that failed), only breakdowns have weight.
    """
    names = np.select([np.isin(kind, rates.FOSTER), np.isin(kind, (rates.HOME, rates.SECURE))], [0, 1], 2)
    weights = np.array([_REASON_WEIGHTS[name] for name in ("foster", "home", "other")])
    weights = (weights / weights.sum(axis=1, keepdims=True))[names]
    is_breakdown = np.isin(_REASONS, BREAKDOWNS)
    share = weights[:, is_breakdown].sum(axis=1)
    wanted = np.where(broke, 1.0, np.minimum(share * tilt, _MOST_BREAKDOWNS))
    return weights * np.where(is_breakdown, (wanted / share)[:, None], ((1 - wanted) / (1 - share))[:, None])


def change_reason(
    rng: np.random.Generator, weights: Array, kind: Array, next_rne: Array, place_next: Array, on: Array
) -> Array:
    """Give the reason for the change of placement at the end of each episode, empty where there is none."""
    reason = np.array(_REASONS)[choose(rng, weights)]
    reason = np.where((kind < 0) | np.isin(place_next, ("T1", "T3")), "OTHER", reason)
    reason = np.where(np.isin(place_next, ("A3", "A4", "A5", "A6")), "CARPL", reason)
    reason = np.where((place_next == "R5") & (on >= _CUSTOD_FROM), "CUSTOD", reason)
    reason = np.where(np.isin(next_rne, ("T", "U")), "PLACE", reason)
    return np.where(np.isin(next_rne, ("P", "B", "T", "U")), reason, "")
