"""Many futures at once: every child in care, and every child who will come, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from vcanalysis.analysis.sufficiency.rates import AGES, STAYS, Rates
from vcanalysis.analysis.sufficiency.settings import ADULT, age_band, stay_band

_AGE_OF = age_band(np.arange(ADULT + 600))
_STAY_OF = stay_band(np.arange(1200))


@dataclass(frozen=True, slots=True)
class Shift:
    """A change to where children live, by number of kind: what a scenario does.

    Parameters
    ----------
    source, target : int
        Kinds of placement.
    share : float
        Of the children: each month of those living there ("monthly"), of those who would come there ("coming"), or once
        of those living there ("once").
    when : str
        "monthly", "coming" or "once".
    first : int
        Month from which it holds, 1 for the first; the month itself for "once".
    youngest : int
        Least age, in months, of the children meant.
    """

    source: int
    target: int
    share: float
    when: str
    first: int = 1
    youngest: int = 0


@dataclass(frozen=True, slots=True)
class Start:
    """Who is in care now and who came before, to draw futures from.

    Parameters
    ----------
    kind, age, stay : array
        Of the children in care now: number of the kind, months of age, months in that kind of placement.
    new_kind, new_age : array
        Of the children who came in the window.
    kinds : int
        Number of kinds.
    """

    kind: np.ndarray
    age: np.ndarray
    stay: np.ndarray
    new_kind: np.ndarray
    new_age: np.ndarray
    kinds: int


def simulate(
    start: Start,
    rates: Rates,
    coming: np.ndarray,
    *,
    rng: np.random.Generator,
    shifts: Sequence[Shift] = (),
    shift_seed: int = 0,
) -> np.ndarray:
    """Play every future month by month.

    Parameters
    ----------
    start : Start
        Who is in care and who came before.
    rates : Rates
        Monthly chances, one set a future.
    coming : array of int (futures, months)
        Children who come in each month.
    rng : Generator
        Source of randomness; the same state gives the same fate to the same child, whatever the shifts.
    shifts : sequence of Shift
        Changes of a scenario.
    shift_seed : int
        Seed of what the shifts draw.

    Returns
    -------
    array of int (futures, months + 1, kinds, ages)
        Children in care now and on each month's day.
    """
    draws, months = coming.shape
    here, ends = _everyone(start, coming, rng)
    fates, apart = np.random.default_rng(rng.integers(2**63)), np.random.default_rng(shift_seed)
    found = np.empty((months + 1, draws * start.kinds * AGES), dtype=np.int32)
    found[0] = _count(here, slice(0, ends[0]), found.shape[1])
    tables = _flat(rates)
    for month in range(1, months + 1):
        known, begun = ends[month - 1], ends[month]
        before = here.kind[:begun].copy() if shifts else here.kind
        _step(here, known, tables, start.kinds, fates)
        if shifts:
            before[known:begun] = -1  # those who come are shifted as those who move there
            _shift(here, begun, before, shifts, month, apart)
        found[month] = _count(here, slice(0, begun), found.shape[1])
    return found.reshape(months + 1, draws, start.kinds, AGES).swapaxes(0, 1)


@dataclass(slots=True)
class _Everyone:
    """All children of all futures, those who come first standing first; `kind` is -1 once a child has left."""

    base: np.ndarray  # future times kinds
    kind: np.ndarray
    age: np.ndarray
    stay: np.ndarray
    kinds: int


def _everyone(start: Start, coming: np.ndarray, rng: np.random.Generator) -> tuple[_Everyone, np.ndarray]:
    draws, months = coming.shape
    now, pool = len(start.kind), len(start.new_kind)
    whose = [np.repeat(np.arange(draws), now)] + [
        np.repeat(np.arange(draws), coming[:, m]) for m in range(months)
    ]
    ends = np.cumsum([len(w) for w in whose])
    future = np.concatenate(whose).astype(np.int32)
    later = future[ends[0] :]
    again = rng.integers(
        pool, size=(draws, pool), dtype=np.int32
    )  # each future has its own resample of who comes
    who = again[later, rng.integers(pool, size=len(later), dtype=np.int32)]
    kind = np.concatenate([np.tile(start.kind, draws), start.new_kind[who]]).astype(np.int16)
    age = np.concatenate([np.tile(start.age, draws), start.new_age[who]]).astype(np.float32)
    stay = np.concatenate([np.tile(start.stay, draws), np.zeros(len(who))]).astype(np.int16)
    return _Everyone(future * np.int32(start.kinds), kind, age, stay, start.kinds), ends


def _flat(rates: Rates) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    leave = rates.leave.astype(np.float32).ravel()
    either = leave + rates.move.astype(np.float32).ravel()
    return leave, either, rates.where.astype(np.float32).reshape(-1, rates.where.shape[-1])


def _step(
    here: _Everyone,
    known: int,
    tables: tuple[np.ndarray, np.ndarray, np.ndarray],
    kinds: int,
    rng: np.random.Generator,
) -> None:
    """Move everyone in care one month on."""
    leave, either, where = tables
    chance = rng.random(known, dtype=np.float32)
    live = np.flatnonzero(here.kind[:known] >= 0)
    age, kind = here.age[live], here.kind[live]
    of_kind = (here.base[live] + kind) * AGES + _AGE_OF[age.astype(np.int16)]
    cell = of_kind * STAYS + _STAY_OF[here.stay[live]]
    here.age[live] = age + 1
    here.stay[live] += 1
    drawn = chance[live]
    gone = (drawn < leave[cell]) | (age + 1 >= ADULT)
    moved = np.flatnonzero((drawn < either[cell]) & ~gone)
    if len(moved):
        at = cell[moved]
        rest = (drawn[moved] - leave[at]) / np.maximum(either[at] - leave[at], 1e-9)
        to = (where[of_kind[moved]] < rest[:, None]).sum(axis=1)
        here.kind[live[moved]] = np.minimum(to, kinds - 1)
        here.stay[live[moved]] = 0
    here.kind[live[gone]] = -1


def _shift(
    here: _Everyone,
    begun: int,
    before: np.ndarray,
    shifts: Sequence[Shift],
    month: int,
    rng: np.random.Generator,
) -> None:
    """Apply what a scenario changes in a month, with its own chances."""
    for shift in shifts:
        chance = rng.random(begun, dtype=np.float32)
        if month < shift.first or (shift.when == "once" and month != shift.first):
            continue
        meant = (here.kind[:begun] == shift.source) & (here.age[:begun] >= shift.youngest)
        if shift.when == "coming":
            meant &= before != shift.source
        chosen = np.flatnonzero(meant & (chance < shift.share))
        here.kind[chosen], here.stay[chosen] = shift.target, 0


def _count(here: _Everyone, some: slice, cells: int) -> np.ndarray:
    kind = here.kind[some]
    live = kind >= 0
    cell = (here.base[some][live] + kind[live]) * AGES + _AGE_OF[here.age[some][live].astype(np.int16)]
    return np.bincount(cell, minlength=cells)
