"""Children counted step by step: searches, moves, child-months in families, back in homes, and averted."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from scipy import stats

from vcanalysis.analysis.savings.fates import Group, Source, Spans, arrivals, averted, follow, join
from vcanalysis.analysis.savings.places import fill_places
from vcanalysis.analysis.savings.scenario import Scenario


@dataclass(frozen=True, slots=True)
class Flows:
    """Draws in rows, steps in columns.

    Parameters
    ----------
    searches : array
        Searches that begin in the step.
    moved : array
        Children moved until the step's end.
    in_family, back, averted : array
        Child-months within the step: in a family, back in a home after a breakdown, kept out of a home.
    placed, returned : array
        Children in a family and back in a home at the step's end.
    """

    searches: np.ndarray
    moved: np.ndarray
    in_family: np.ndarray
    placed: np.ndarray
    back: np.ndarray
    returned: np.ndarray
    averted: np.ndarray


@dataclass(frozen=True, slots=True)
class Clock:
    """Draws and steps of a block, and months in a step."""

    draws: int
    steps: int
    months: float

    def passed(
        self, draw: np.ndarray, when: np.ndarray, weight: np.ndarray | None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Count the events before each step's end, and add up the months passed since them."""
        early = when < self.steps * self.months
        when = when[early] * np.float32(1 / self.months)
        cell = draw[early].astype(np.int64) * self.steps + np.minimum(when.astype(np.int64), self.steps - 1)
        each = None if weight is None else weight[early]
        size, shape = self.draws * self.steps, (self.draws, self.steps)
        count = np.bincount(cell, each, size).reshape(shape).cumsum(axis=1)
        total = np.bincount(cell, when if each is None else when * each, size).reshape(shape).cumsum(axis=1)
        return count, (np.arange(1, self.steps + 1) * count - total) * self.months

    def stay(self, spans: Spans, start: np.ndarray, end: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Child-months from start to end within each step, and children there at each step's end."""
        there = start < end  # a stay that never begins has no length
        each = None if spans.weight is None else spans.weight[there]
        first, since_first = self.passed(spans.draw[there], start[there], each)
        last, since_last = self.passed(spans.draw[there], end[there], each)
        return np.diff(since_first - since_last, axis=1, prepend=0.0), first - last


def count(clock: Clock, searches: Spans, moves: Spans, kept_out: Spans) -> Flows:
    """Count what happens step by step.

    Examples
    --------
    >>> one = Spans(np.array([0]), np.array([1.0]), np.array([2.0]), np.array([9.0]))
    >>> found = count(Clock(1, 4, 1.0), one, one, Spans(one.draw[:0], *[one.start[:0]] * 3))
    >>> found.in_family[0].tolist(), found.back[0].tolist()
    ([0.0, 1.0, 1.0, 0.0], [0.0, 0.0, 0.0, 1.0])
    """
    end = np.minimum(moves.start + moves.stay, moves.leave)
    in_family, placed = clock.stay(moves, moves.start, end)
    back, returned = clock.stay(moves, end, np.where(moves.start < moves.leave, moves.leave, 0))
    begun = clock.passed(searches.draw, searches.start, searches.weight)[0]
    moved = clock.passed(moves.draw, moves.start, moves.weight)[0]
    out = clock.stay(kept_out, kept_out.start, kept_out.leave)[0]
    return Flows(np.diff(begun, axis=1, prepend=0), moved, in_family, placed, back, returned, out)


def drawn_flows(scenario: Scenario, x: dict[str, np.ndarray], seed: np.random.SeedSequence) -> Flows:
    """Draw the fates of all children of a block of draws.

    Notes
    -----
    Children of a draw are alike, so how many are sought and found is binomial: only those need numbers of their own.
    """
    rngs = [np.random.default_rng(part) for part in seed.spawn(9)]
    share = rngs[0].random((5, len(x["candidates"])))
    sought, found = x["suitable_share"] * x["referred_share"], x["matched_share"]
    groups = []
    coming = np.round(arrivals(x))
    kept_out = _binomial(share[4], coming, x["edge_reduction_share"])
    for i, children in enumerate((np.round(x["candidates"]), coming - kept_out)):
        searched = _binomial(share[2 * i], children, sought)
        groups.append(Group(searched, _binomial(share[2 * i + 1], searched, found), later=bool(i)))
    sources: list[Source] = [_stream(rng) for rng in rngs[1:]]
    return _through(scenario, x, groups, sources, averted(x, kept_out, sources[6:]))


def expected_flows(scenario: Scenario, x: dict[str, np.ndarray], points: np.ndarray) -> Flows:
    """Average over the fates: the same standard children in every draw, each standing for as many as there would be.

    Parameters
    ----------
    scenario : Scenario
        Settings.
    x : dict of str to array
        Inputs, one value per row to be valued.
    points : array
        Standard children in rows with three uniform numbers each, spread evenly.
    """
    draws, number = len(x["candidates"]), len(points)
    everyone = np.full(draws, number)
    nobody = np.zeros(draws, dtype=np.int64)
    sources: list[Source] = [_table(points[:, i]) for i in (0, 1, 2)]
    sought = x["suitable_share"] * x["referred_share"] / number
    edge, coming = x["edge_reduction_share"], arrivals(x)
    groups = []
    for later, children in ((False, x["candidates"]), (True, coming * (1 - edge))):
        who = everyone if children.any() else nobody
        groups.append(Group(who, who, later, children * sought * x["matched_share"], children * sought))
    kept_out = averted(x, everyone if (coming * edge).any() else nobody, sources)
    kept_out = replace(kept_out, weight=(coming * edge / number)[kept_out.draw])
    return _through(scenario, x, groups, sources * 2, kept_out)


def _through(
    scenario: Scenario, x: dict[str, np.ndarray], groups: list[Group], sources: list[Source], kept_out: Spans
) -> Flows:
    clock = Clock(len(x["candidates"]), scenario.steps, scenario.step_months)
    first, later = follow(x, groups[0], sources[:3]), follow(x, groups[1], sources[3:6])
    searches, moves = (join(a, b) for a, b in zip(first, later, strict=True))
    moves = fill_places(moves, x["family_places"], steps=clock.steps, step_months=clock.months)
    return count(clock, searches, moves, kept_out)


def _binomial(uniform: np.ndarray, n: np.ndarray, share: np.ndarray) -> np.ndarray:
    """Binomial numbers that never fall when the share or the number rises."""
    return np.maximum(stats.binom.ppf(uniform, n, np.clip(share, 0, 1)), 0).astype(np.int64)


def _stream(rng: np.random.Generator) -> Source:
    def numbers(shape: tuple[int, int]) -> np.ndarray:
        return rng.random(shape, dtype=np.float32)

    return numbers


def _table(column: np.ndarray) -> Source:
    def numbers(shape: tuple[int, int]) -> np.ndarray:
        return np.broadcast_to(column[: shape[0], None].astype(np.float32), shape)

    return numbers
