"""Who enters care, when, and for how long: periods of care of children, in steady state."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vcanalysis.intake.synth import rates
from vcanalysis.intake.synth.arrays import YEAR, Array, Rows, birthday, choose, day
from vcanalysis.intake.synth.settings import SynthSettings

_BURN_IN_YEARS = 18.5  # as long as the longest childhood in care
_CHILDREN_PER_START = 6.4  # for first guesses only: stock lasts 2.45 years of starts, plus the window


@dataclass(frozen=True, slots=True)
class Spells(Rows):
    """Periods of care, one row each. Days are numbers; `family` joins siblings who entered together."""

    child: Array
    birth: Array
    family: Array
    leader: Array
    uasc: Array
    path: Array
    entry: Array
    exit: Array


def age_band(age_years: Array) -> Array:
    """Give the index of the age band (see `rates.AGE_EDGES`)."""
    return np.clip(np.searchsorted(rates.AGE_EDGES, age_years, side="right") - 1, 0, 5)


def _entry_age(rng: np.random.Generator, uasc: Array) -> Array:
    band = choose(rng, np.tile(rates.ENTRY_AGE, (len(uasc), 1)))
    low, high = rates.AGE_EDGES[band], rates.AGE_EDGES[band + 1]
    age = low + (high - low) * rng.random(len(uasc))
    newborn = (band == 0) & (rng.random(len(uasc)) < 0.5)
    age = np.where(newborn, 14 / YEAR * rng.random(len(uasc)), age)
    alone = np.where(
        rng.random(len(uasc)) < 0.11, rng.uniform(13, 16, len(uasc)), rng.uniform(16, 17.8, len(uasc))
    )
    return np.where(uasc, alone, age)


def _short_stay(rng: np.random.Generator, size: int) -> Array:
    edges = np.concatenate([[0.0], np.cumsum(rates.SHORT_SHARE)])
    return np.interp(rng.random(size) * edges[-1], edges, rates.SHORT_EDGES)


def _length(rng: np.random.Generator, path: Array, age: Array) -> Array:
    """Draw the length of a period of care in days, whatever the child's age (18 ends it anyway)."""
    size = len(path)
    normal = rng.standard_normal(size)
    adoption = rng.gamma(7.0, np.where(age < 1, 92.0, 108.0))
    guardian = 430 * np.exp(0.6 * normal)
    middle = 1_350 * np.exp(0.55 * normal)
    remand = rng.exponential(45.0, size)
    lengths = [adoption, guardian, _short_stay(rng, size), middle, np.full(size, 9_999.0), remand]
    return np.maximum(1, np.select([path == i for i in range(6)], lengths)).astype(np.int32)


def _join_siblings(rng: np.random.Generator, spells: Spells) -> Spells:
    """Make runs of children who entered at about the same time siblings, who enter on the same day."""
    leader, family = _families(rng, spells)
    own = np.arange(len(spells))
    shift = spells.entry[leader] - spells.entry
    grown = birthday(spells.birth, 18)
    at_home = (rates.GUARDIAN, rates.SHORT, rates.MIDDLE)
    together = (own != leader) & np.isin(spells.path, at_home) & np.isin(spells.path[leader], at_home)
    together &= spells.exit[leader] < birthday(spells.birth + shift, 18)
    exit_ = np.where(together, spells.exit[leader], np.minimum(spells.exit + shift, grown))
    entry = spells.entry + shift
    return replace(
        spells,
        birth=np.minimum(spells.birth, entry),
        family=family,
        leader=leader,
        path=np.where(together, spells.path[leader], spells.path),
        entry=entry,
        exit=np.maximum(exit_, entry + 1).astype(np.int32),
    )


def _families(rng: np.random.Generator, spells: Spells) -> tuple[Array, Array]:
    """Give each row the row of its family's leader and a number of the family."""
    order = np.argsort(spells.entry, kind="stable")
    size = rng.choice([1, 2, 3, 4], size=len(order), p=[0.50, 0.27, 0.15, 0.08])
    starts = np.cumsum(size)
    family_of = np.searchsorted(starts, np.arange(len(order)), side="right")
    family, leader = np.empty(len(order), np.int32), np.empty(len(order), np.int32)
    family[order] = family_of
    leader[order] = order[np.concatenate([[0], starts])[family_of]]
    # No sibling is an unaccompanied child, and siblings are at least ten months from the leader and at
    # most six years.
    gap = np.abs(spells.birth - spells.birth[leader])
    apart = spells.uasc | spells.uasc[leader] | (gap < 300) | (gap > 6 * YEAR) | (spells.path == rates.REMAND)
    own = np.arange(len(order))
    alone = (own != leader) & apart
    return np.where(alone, own, leader).astype(np.int32), np.where(alone, len(order) + own, family)


def _first_days_of_month(birth: Array) -> Array:
    """Move births on the 29th to 31st to the 28th, so that every birthday exists."""
    born = birth.astype("datetime64[D]")
    month = born.astype("datetime64[M]").astype("datetime64[D]")
    return (month + np.minimum((born - month).astype(np.int64), 27)).astype(np.int64).astype(np.int32)


def _candidates(rng: np.random.Generator, settings: SynthSettings, starts: int) -> Spells:
    end = day(settings.end)
    uasc = rng.random(starts) < settings.uasc_share
    age = _entry_age(rng, uasc)
    entry = (end - np.ceil(rng.random(starts) * _BURN_IN_YEARS * YEAR)).astype(np.int32)
    birth = _first_days_of_month((entry - age * YEAR).astype(np.int32))
    path = choose(rng, rates.PATH[age_band(age)])
    leaves_early = rng.random(starts) < 0.12
    path = np.where(uasc, np.where(leaves_early, rates.SHORT, rates.LONG), path).astype(np.int8)
    exit_ = np.minimum(entry + _length(rng, path, age), birthday(birth, 18)).astype(np.int32)
    own = np.arange(starts, dtype=np.int32)
    first = Spells(own, birth, own, own, uasc, path, entry, np.maximum(exit_, entry + 1).astype(np.int32))
    return _join_siblings(rng, first)


def _second(rng: np.random.Generator, first: Spells) -> Spells:
    """Bring some of the children who went home back into care."""
    gap = np.maximum(30, 300 * np.exp(0.9 * rng.standard_normal(len(first)))).astype(np.int32)
    entry = first.exit + gap
    age = (entry - first.birth) / YEAR
    home = (first.path == rates.SHORT) & ~first.uasc & (first.exit < birthday(first.birth, 18))
    back = np.flatnonzero(home & (age < 17.5) & (rng.random(len(first)) < 0.22))
    again = first.take(back)
    age, entry = age[back], entry[back]
    path = choose(rng, rates.PATH[age_band(age)])
    exit_ = np.minimum(entry + _length(rng, path, age), birthday(again.birth, 18))
    exit_ = np.maximum(exit_, entry + 1).astype(np.int32)
    alone = -np.ones(len(again), np.int32)
    return Spells(again.child, again.birth, again.family, alone, again.uasc, path, entry, exit_)


def draw_spells(rng: np.random.Generator, settings: SynthSettings) -> Spells:
    """Draw the periods of care that touch the window, of exactly `settings.children` children.

    Children are numbered from 0; `leader` is the row of the sibling whose first placement is shared, or
    -1. A child already in care when the window opens has the whole period, back to its first day.
    """
    start, end = day(settings.data_from), day(settings.end)
    rate = settings.children / (_CHILDREN_PER_START - 4 + settings.years)
    starts = int(1.25 * rate * _BURN_IN_YEARS) + 200
    while True:
        first = _candidates(rng, settings, starts)
        spells = first.join(_second(rng, first))
        rows = np.flatnonzero((spells.entry < end) & (spells.exit > start))
        if len(np.unique(spells.child[rows])) >= settings.children:
            return _number(rng, spells, rows, settings.children)
        starts = int(starts * 1.3)


def _number(rng: np.random.Generator, spells: Spells, rows: Array, children: int) -> Spells:
    """Keep whole families in random order until the number is reached, and number the children."""
    order = rng.permutation(int(spells.family.max()) + 1)
    kept = spells.take(rows)
    ids, first = np.unique(kept.child, return_index=True)
    chosen = ids[np.argsort(order[kept.family[first]], kind="stable")][:children]
    chosen = rng.permutation(chosen)
    number = np.full(int(spells.child.max()) + 1, -1, np.int32)
    number[chosen] = np.arange(children, dtype=np.int32)
    inside = number[kept.child] >= 0
    old_row = rows[inside]
    kept = kept.take(inside)
    order = np.lexsort((kept.entry, number[kept.child]))
    kept, old_row = kept.take(order), old_row[order]
    place = np.full(len(spells), -1, np.int32)
    place[old_row] = np.arange(len(old_row), dtype=np.int32)
    own = place[np.where(kept.leader >= 0, kept.leader, 0)]
    leader = np.where((kept.leader >= 0) & (own >= 0), own, np.arange(len(kept))).astype(np.int32)
    return Spells(
        number[kept.child], kept.birth, kept.family, leader, kept.uasc, kept.path, kept.entry, kept.exit
    )
