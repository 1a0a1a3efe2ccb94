"""SSDA903 episodes: placements and legal statuses cut into stretches that chain as the return demands."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from vcanalysis.intake.synth import rates
from vcanalysis.intake.synth.arrays import (
    NEVER,
    YEAR,
    Array,
    Rows,
    dates,
    day,
    last_at_or_before,
)
from vcanalysis.intake.synth.homes import Homes
from vcanalysis.intake.synth.journeys import Stays
from vcanalysis.intake.synth.legal import Statuses, snap_to_moves
from vcanalysis.intake.synth.people import People
from vcanalysis.intake.synth.reasons import change_reason, leaving, reason_weights
from vcanalysis.intake.synth.settings import SynthSettings
from vcanalysis.intake.synth.spells import Spells


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
    rng: np.random.Generator,
    spells: Spells,
    people: People,
    *,
    stays: Stays,
    chain: Chain,
    pieces: Pieces,
    tilt: Array,
) -> tuple[Array, Array]:
    """Give the reasons for the end of each episode and for the change of placement."""
    stay = pieces.stay[chain.piece]
    kind = np.where(stay >= 0, stays.kind[stay], -1)
    settled = spells.exit[chain.spell] - np.where(stay >= 0, stays.start[stay], chain.start) > 60
    left = leaving(rng, spells, people, spell=chain.spell, kind=kind, settled=settled)
    place = pieces.place[chain.piece]
    next_rne, next_place = np.append(chain.rne[1:], ""), np.append(place[1:], "")
    after = np.minimum(stay + 1, len(stays) - 1)
    failed = (stay >= 0) & stays.stepdown[stay] & (stays.kind[after] == rates.HOME)
    weights = reason_weights(kind, np.where(stay >= 0, tilt[stay], 1.0), failed)
    reason = change_reason(rng, weights, kind, next_rne, next_place, chain.end)
    return np.where(chain.last, left, "X1"), np.where(chain.last, "", reason)


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
    tilt: Array,
) -> pd.DataFrame:
    """Give the table `placements` without short breaks, sorted by child and day."""
    pieces = _temporary(rng, settings, stays, _long_term(rng, spells, stays, _whole(stays, *codes)))
    chain, pieces, statuses = _chain(spells, pieces, statuses)
    rec, reason = _why(rng, spells, people, stays=stays, chain=chain, pieces=pieces, tilt=tilt)
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
