"""The step-down programme: who is profiled, what is decided, who moves to a family, what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from vcanalysis.intake.synth import rates
from vcanalysis.intake.synth.arrays import NEVER, YEAR, Array, Rows, birthday, dates, day
from vcanalysis.intake.synth.journeys import Stays
from vcanalysis.intake.synth.latent import TrueNeed, standard_need
from vcanalysis.intake.synth.people import People
from vcanalysis.intake.synth.settings import SynthSettings
from vcanalysis.intake.synth.spells import Spells

_WEEKS_BEFORE = 12
_MONTH = YEAR / 12
_SEARCH_TAKES = 21  # days before the first family can be found
_DECISIONS = ("search", "appropriate", "joint funding", "other")
_STEP_DOWN_KINDS = ((rates.AGENCY, 0.58), (rates.INHOUSE, 0.36), (rates.KIN, 0.06))
_PLANNED_MOVES_PER_YEAR = 0.10


@dataclass(frozen=True, slots=True)
class Pipeline(Rows):
    """Children profiled, one row each; days, `NEVER` where it has not happened."""

    child: Array
    spell: Array
    stay: Array
    profiled: Array
    decision: Array
    search: Array
    offer: Array
    match: Array
    move: Array
    by_programme: Array


def _profile(
    rng: np.random.Generator, settings: SynthSettings, spells: Spells, people: People, stays: Stays
) -> Pipeline:
    """Profile children after 12 weeks in a residential home, at most once each."""
    start = day(settings.programme_start)
    size = len(stays)
    eligible = stays.start + 7 * _WEEKS_BEFORE
    backlog = rng.uniform(0, 420, size)
    on = np.where(eligible < start, start + backlog, eligible + rng.exponential(50, size)).astype(np.int32)
    child = spells.child[stays.spell]
    age = (on - people.birth[child]) / YEAR
    chosen = rng.random(len(people)) < settings.profiled_share
    fit = (
        (stays.kind == rates.HOME)
        & (on < np.minimum(stays.end, day(settings.end)))
        & (age >= 5)
        & (age < 17.2)
        & (spells.path[stays.spell] != rates.REMAND)
        & chosen[child]
    )
    rows = np.flatnonzero(fit)
    _, first = np.unique(child[rows], return_index=True)
    rows = rows[first]
    none = np.full(len(rows), NEVER, np.int32)
    decision = np.zeros(len(rows), np.int8)
    never = np.zeros(len(rows), bool)
    return Pipeline(child[rows], stays.spell[rows], rows, on[rows], decision, none, none, none, none, never)


def _decide(rng: np.random.Generator, need: TrueNeed, line: Pipeline) -> Pipeline:
    standard = standard_need(need.at(line.child, line.profiled).sum(axis=1))
    search = np.clip(0.50 - 0.12 * standard, 0.1, 0.85)
    drawn = rng.random(len(line))
    rest = (drawn - search) / (1 - search)
    decision = np.select([drawn < search, rest < 0.62, rest < 0.86], [0, 1, 2], 3).astype(np.int8)
    begun = line.profiled + rng.integers(5, 36, len(line))
    return replace(line, decision=decision, search=np.where(decision == 0, begun, NEVER).astype(np.int32))


def _move_days(
    rng: np.random.Generator,
    settings: SynthSettings,
    spells: Spells,
    people: People,
    stays: Stays,
    line: Pipeline,
) -> Pipeline:
    """Draw the day of each move: by the programme's hazard, or naturally if that comes first."""
    waiting = rng.exponential(size=len(line)) * _MONTH / max(settings.programme_monthly_hazard, 1e-12)
    due = line.search + _SEARCH_TAKES + np.minimum(waiting, 1e6)
    ends = stays.end[line.stay]
    after = np.minimum(line.stay + 1, len(stays) - 1)
    to_family = (stays.spell[after] == line.spell) & np.isin(stays.kind[after], rates.FOSTER)
    limit = np.minimum(ends, birthday(people.birth[line.child], 17) + 200)
    searched = line.search < NEVER
    by_programme = searched & (due < limit - 1) & (due < spells.exit[line.spell] - 30)
    naturally = searched & ~by_programme & to_family & (ends > line.search)
    move = np.select([by_programme, naturally], [np.ceil(due), ends], NEVER).astype(np.int32)
    return replace(line, move=np.minimum(move, NEVER).astype(np.int32), by_programme=by_programme)


def _before_the_move(rng: np.random.Generator, stays: Stays, line: Pipeline) -> Pipeline:
    """Set the days of offer and match: just before a move, or in a search that has not led to one."""
    size = len(line)
    moved = line.move < NEVER
    match = np.maximum(line.search + 1, line.move - rng.integers(10, 46, size))
    offer = np.maximum(line.search, match - rng.integers(5, 31, size))
    tried = line.search + np.ceil(rng.exponential(150, size)).astype(np.int64)
    has_offer = ~moved & (line.search < NEVER) & (tried < stays.end[line.stay])
    accepted = tried + rng.integers(7, 40, size)
    has_match = has_offer & (rng.random(size) < 0.3) & (accepted < stays.end[line.stay])
    return replace(
        line,
        offer=np.select([moved, has_offer], [offer, tried], NEVER).astype(np.int32),
        match=np.select([moved, has_match], [match, accepted], NEVER).astype(np.int32),
    )


def _new_stays(rng: np.random.Generator, settings: SynthSettings, spells: Spells, line: Pipeline) -> Stays:
    """Give the family placement of each programme move, and what follows it."""
    moved = line.take(line.by_programme)
    size, leave = len(moved), spells.exit[moved.spell]
    kinds = np.array([k for k, _ in _STEP_DOWN_KINDS], np.int8)
    kind = kinds[rng.choice(len(kinds), size=size, p=[p for _, p in _STEP_DOWN_KINDS])]
    early = rng.exponential(size=size) / max(settings.breakdown_per_year, 1e-12)
    breakdown = moved.move + np.minimum(np.where(early < 0.5, early, 0.5 + 2 * (early - 0.5)) * YEAR, 1e6)
    planned = moved.move + rng.exponential(YEAR / _PLANNED_MOVES_PER_YEAR, size)
    end = np.minimum(np.ceil(np.minimum(breakdown, planned)), leave).astype(np.int32)
    end = np.maximum(end, moved.move + 1)
    next_kind = np.where(breakdown <= planned, rates.HOME, kind).astype(np.int8)
    first = Stays(moved.spell, moved.move, end, kind, np.ones(size, bool))
    rest = Stays(moved.spell, end, leave.astype(np.int32), next_kind, next_kind != rates.HOME)
    return first.join(rest.take(end < leave))


def run_programme(
    rng: np.random.Generator,
    settings: SynthSettings,
    spells: Spells,
    people: People,
    need: TrueNeed,
    stays: Stays,
) -> tuple[Stays, Pipeline]:
    """Apply the programme to the natural placements; with a hazard of nought nothing changes."""
    line = _decide(rng, need, _profile(rng, settings, spells, people, stays))
    too_late = line.search >= stays.end[line.stay] - 7
    line = replace(line, search=np.where(too_late, NEVER, line.search).astype(np.int32))
    line = _before_the_move(rng, stays, _move_days(rng, settings, spells, people, stays, line))
    cut = np.full(len(spells), NEVER, np.int32)
    cut[line.spell[line.by_programme]] = line.move[line.by_programme]
    kept = stays.take(stays.start < cut[stays.spell])
    kept = replace(kept, end=np.minimum(kept.end, cut[kept.spell]))
    changed = kept.join(_new_stays(rng, settings, spells, line))
    return changed.take(np.lexsort((changed.start, changed.spell))), line


def _after_the_move(
    spells: Spells, people: People, stays: Stays, line: Pipeline
) -> tuple[Array, Array, Array]:
    """Give, for each row, the end of the family placement, the reason, and the first day of a breakdown."""
    ended = np.full(len(line), NEVER, np.int64)
    fallen = np.full(len(line), NEVER, np.int64)
    reason = np.full(len(line), "", dtype="U16")
    by_spell = np.searchsorted(stays.spell, np.arange(len(spells) + 1))
    for row in np.flatnonzero(line.move < NEVER):
        spell = line.spell[row]
        mine = stays.take(np.arange(by_spell[spell], by_spell[spell + 1]))
        later = np.flatnonzero(mine.start >= line.move[row])
        ended[row] = mine.end[later[0]]
        fell = [i for i in later if mine.kind[i] in (rates.HOME, rates.SECURE, rates.OTHER)]
        fallen[row] = mine.start[fell[0]] if fell else NEVER
        if len(later) > 1:
            reason[row] = "breakdown" if fell and fell[0] == later[1] else "planned move"
        elif ended[row] >= birthday(people.birth[[line.child[row]]], 18)[0]:
            reason[row] = "18th birthday"
        else:
            reason[row] = "returned home" if spells.path[spell] in (rates.SHORT, rates.MIDDLE) else "other"
    return ended, reason, fallen


def _sustained(weeks: int, end: int, leave: Array, fallen: Array, move: Array) -> pd.Series:
    """Say whether a child was in a family so many weeks on; empty while that cannot be known."""
    reached = move.astype(np.int64) + 7 * weeks
    broke = (fallen <= reached) & (fallen < end) & (move < end)
    stayed = (reached < np.minimum(leave, end)) & (fallen > reached) & (move < end)
    known = broke | stayed
    return pd.Series(pd.arrays.BooleanArray(stayed, ~known))


def stepdown_table(
    settings: SynthSettings, spells: Spells, people: People, stays: Stays, line: Pipeline
) -> pd.DataFrame:
    """Give the table `stepdown`: only what was known on the last day of the data."""
    end = day(settings.end)
    ended, reason, fallen = _after_the_move(spells, people, stays, line)
    leave = spells.exit[line.spell]
    happened = (ended < end) & (line.move < end)

    def until_end(days: Array) -> pd.Series:
        return dates(np.where(days < end, days, NEVER))

    return pd.DataFrame(
        {
            "child_id": people.child_id[line.child],
            "profiled": until_end(line.profiled),
            "decision": np.array(_DECISIONS)[line.decision],
            "search": until_end(line.search),
            "offer": until_end(line.offer),
            "match": until_end(line.match),
            "move": until_end(line.move),
            **{f"sustained_{w}_weeks": _sustained(w, end, leave, fallen, line.move) for w in (13, 26, 52)},
            "ended": until_end(np.where(happened, ended, NEVER)),
            "reason": pd.Series(reason).where(happened),
        }
    )
