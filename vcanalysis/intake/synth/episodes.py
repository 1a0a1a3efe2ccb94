"""SSDA903 episodes: placements and legal statuses cut into stretches that chain as the return demands."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from vcanalysis.intake.synth import rates
from vcanalysis.intake.synth.arrays import NEVER, YEAR, Array, Rows, birthday, dates, day, last_at_or_before
from vcanalysis.intake.synth.homes import Homes
from vcanalysis.intake.synth.journeys import Stays
from vcanalysis.intake.synth.legal import Statuses, snap_to_moves
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


@dataclass(frozen=True, slots=True)
class Pieces(Rows):
    """Placement pieces: a stay, or a part of one; `stay` is its row, -1 for a temporary placement."""

    spell: Array
    start: Array
    stay: Array
    place: Array
    provider_code: Array
    same_carer: Array


@dataclass(frozen=True, slots=True)
class Chain(Rows):
    """Episodes in order: period of care, first day, end, whether the last; rows of piece and status."""

    spell: Array
    start: Array
    end: Array
    last: Array
    rne: Array
    piece: Array
    law: Array


def _whole(stays: Stays, place: Array, code: Array) -> Pieces:
    own = np.arange(len(stays))
    return Pieces(stays.spell, stays.start, own, place, code, np.zeros(len(stays), bool))


def _long_term(rng: np.random.Generator, spells: Spells, stays: Stays, pieces: Pieces) -> Pieces:
    """Make some foster placements long term after a while: the same carer, a status of its own."""
    after = (190 + rng.gamma(2.0, 140, len(stays))).astype(np.int64)
    path = spells.path[stays.spell]
    fit = (
        (stays.kind <= rates.AGENCY)
        & np.isin(pieces.place, ("U3", "U6"))
        & np.isin(path, (rates.LONG, rates.MIDDLE))
        & ~spells.uasc[stays.spell]
        & (after + 30 < stays.end - stays.start)
        & (rng.random(len(stays)) < 0.9)
    )
    rows = np.flatnonzero(fit)
    part = pieces.take(rows)
    settled = replace(
        part,
        start=(part.start + after[rows]).astype(np.int32),
        place=np.where(part.place == "U3", "U1", "U4"),
        same_carer=np.ones(len(rows), bool),
    )
    return pieces.join(settled)


def _temporary(rng: np.random.Generator, settings: SynthSettings, stays: Stays, pieces: Pieces) -> Pieces:
    """Put a few temporary placements (hospital, carer on holiday) into long stays, and the way back."""
    from_day = np.maximum(stays.start, day(settings.data_from)).astype(np.int64)
    room = np.minimum(stays.end, day(settings.end)) - from_day
    chance = 0.012 * np.maximum(room, 0) / YEAR
    fit = (room > 120) & np.isin(stays.kind, (0, 1, 2, 3)) & (rng.random(len(stays)) < chance)
    rows = np.flatnonzero(fit)
    length = rng.integers(8, 22, len(rows))
    start = from_day[rows] + 40 + (rng.random(len(rows)) * (room[rows] - 110)).astype(np.int64)
    hospital = rng.random(len(rows)) < 0.35
    none = np.zeros(len(rows), bool)
    away = Pieces(
        stays.spell[rows],
        start.astype(np.int32),
        np.full(len(rows), -1),
        np.where(hospital, "T1", "T3"),
        np.full(len(rows), ""),
        none,
    )
    # The status of the placement may have changed by then, so the way back takes the latest piece.
    order = np.lexsort((pieces.start, pieces.spell))
    sorted_ = pieces.take(order)
    latest = last_at_or_before(sorted_.spell, sorted_.start, stays.spell[rows], start + length)
    back = sorted_.take(latest)
    back = replace(back, start=(start + length).astype(np.int32), same_carer=none)
    inside = ~((sorted_.start[latest] > start) & (sorted_.stay[latest] >= 0))
    return pieces.join(away.take(inside)).join(back.take(inside))


def _events(pieces: Pieces, statuses: Statuses) -> tuple[Array, Array]:
    scale = np.int64(10_000_000)
    keys = np.unique(
        np.concatenate([pieces.spell * scale + pieces.start, statuses.spell * scale + statuses.start])
    )
    return (keys // scale).astype(np.int32), (keys % scale).astype(np.int32)


def _rne(first: Array, moved: Array, same_carer: Array, status: Array) -> Array:
    return np.select(
        [first, moved & same_carer & status, moved & same_carer, moved & status, moved],
        ["S", "U", "T", "B", "P"],
        "L",
    )


def _leaving(
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


def _change_reason(
    rng: np.random.Generator, kind: Array, next_rne: Array, place_next: Array, on: Array
) -> Array:
    drawn = rng.random(len(kind))
    reason = np.full(len(kind), "OTHER", dtype="U5")
    for name, kinds in (
        ("foster", rates.FOSTER),
        ("home", (rates.HOME, rates.SECURE)),
        ("other", (5, 6, 7, 8)),
    ):
        mask = np.isin(kind, kinds)
        edges = np.cumsum(_REASON_WEIGHTS[name])
        row = np.minimum(np.searchsorted(edges, drawn * edges[-1], side="right"), len(_REASONS) - 1)
        reason[mask] = np.array(_REASONS)[row[mask]]
    reason = np.where((kind < 0) | np.isin(place_next, ("T1", "T3")), "OTHER", reason)
    reason = np.where(np.isin(place_next, ("A3", "A4", "A5", "A6")), "CARPL", reason)
    reason = np.where((place_next == "R5") & (on >= _CUSTOD_FROM), "CUSTOD", reason)
    reason = np.where(np.isin(next_rne, ("T", "U")), "PLACE", reason)
    return np.where(np.isin(next_rne, ("P", "B", "T", "U")), reason, "")


def _distance(rng: np.random.Generator, stays: Stays, leader: Array) -> Array:
    median, spread, unknown = rates.DISTANCE[stays.kind].T
    miles = np.minimum(median * np.exp(spread * rng.standard_normal(len(stays))), 380)
    miles = np.where(rng.random(len(stays)) < unknown, np.nan, np.round(miles, 1))
    return miles[leader]


def _chain(spells: Spells, pieces: Pieces, statuses: Statuses) -> tuple[Chain, Pieces, Statuses]:
    """Cut every period of care at each change of placement or of legal status."""
    pieces = pieces.take(np.lexsort((pieces.start, pieces.spell)))
    statuses = snap_to_moves(statuses, spells, pieces.spell, pieces.start)
    spell, start = _events(pieces, statuses)
    piece = last_at_or_before(pieces.spell, pieces.start, spell, start)
    law = last_at_or_before(statuses.spell, statuses.start, spell, start)
    rne = _rne(
        start == spells.entry[spell],
        pieces.start[piece] == start,
        pieces.same_carer[piece],
        statuses.start[law] == start,
    )
    last = np.append(spell[1:] != spell[:-1], True)
    dec = np.where(last, spells.exit[spell], np.append(start[1:], 0))
    return Chain(spell, start, dec, last, rne, piece, law), pieces, statuses


def _why(
    rng: np.random.Generator, spells: Spells, people: People, stays: Stays, chain: Chain, pieces: Pieces
) -> tuple[Array, Array]:
    """Give the reasons for the end of each episode and for the change of placement."""
    stay = pieces.stay[chain.piece]
    kind = np.where(stay >= 0, stays.kind[stay], -1)
    settled = spells.exit[chain.spell] - np.where(stay >= 0, stays.start[stay], chain.start) > 60
    leaving = _leaving(rng, spells, people, spell=chain.spell, kind=kind, settled=settled)
    place = pieces.place[chain.piece]
    next_rne, next_place = np.append(chain.rne[1:], ""), np.append(place[1:], "")
    reason = _change_reason(rng, kind, next_rne, next_place, chain.end)
    return np.where(chain.last, leaving, "X1"), np.where(chain.last, "", reason)


def episodes_table(
    rng: np.random.Generator,
    settings: SynthSettings,
    *,
    spells: Spells,
    people: People,
    stays: Stays,
    codes: tuple[Array, Array],
    homes: Homes,
    statuses: Statuses,
    leader: Array,
) -> pd.DataFrame:
    """Give the table `placements` without short breaks, sorted by child and day."""
    pieces = _temporary(rng, settings, stays, _long_term(rng, spells, stays, _whole(stays, *codes)))
    chain, pieces, statuses = _chain(spells, pieces, statuses)
    rec, reason = _why(rng, spells, people, stays, chain, pieces)
    miles = _distance(rng, stays, leader)
    stay, child = pieces.stay[chain.piece], spells.child[chain.spell]
    is_open = chain.end >= day(settings.end)
    provider_code = pieces.provider_code[chain.piece]
    where = np.where(stay >= 0, homes.home[stay], -1)
    who = np.where(stay >= 0, homes.provider[stay], -1)
    table = pd.DataFrame(
        {
            "child_id": people.child_id[child],
            "decom": dates(chain.start),
            "rne": chain.rne,
            "ls": statuses.code[chain.law],
            "cin": people.cin[child],
            "place": pieces.place[chain.piece],
            "place_provider": _text(provider_code, provider_code == ""),
            "dec": dates(np.where(is_open, NEVER, chain.end)),
            "rec": _text(rec, is_open),
            "reason_place_change": _text(reason, is_open | (reason == "")),
            "distance_miles": np.where(stay >= 0, miles[stay], np.nan),
            "provider_id": _text(homes.provider_names[who], who < 0),
            "home_id": _text(homes.home_names[where], where < 0),
        }
    )
    return table[chain.start < day(settings.end)]


def _text(values: Array, missing: Array) -> pd.Series:
    return pd.Series(values).mask(missing)
