"""What becomes of each child: searched for, moved, back in a home, gone; one cell for each child of each draw."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

Source = Callable[
    [tuple[int, int]], np.ndarray
]  # gives uniform numbers, children in rows and draws in columns
NEVER = np.float32(1e9)  # months


@dataclass(frozen=True, slots=True)
class Group:
    """How many children of each draw are searched for, and for how many a family is found; how much each counts.

    Parameters
    ----------
    searched, matched : array of int
        Children by draw; the matched are the first of the searched, so that a higher share adds children and changes
        none (common random numbers).
    later : bool
        Whether they arrive while the programme runs, rather than be there at its start.
    weight, search_weight : array or None
        By draw, the children one matched and one searched child stand for; None is one.
    """

    searched: np.ndarray
    matched: np.ndarray
    later: bool = False
    weight: np.ndarray | None = None
    search_weight: np.ndarray | None = None


@dataclass(frozen=True, slots=True)
class Spans:
    """Cells: the draw of each child, what happens to it when (months from the start), and what it counts for."""

    draw: np.ndarray
    start: np.ndarray
    stay: np.ndarray
    leave: np.ndarray
    weight: np.ndarray | None = None


def months_in_family(x: dict[str, np.ndarray], draw: np.ndarray, exponential: np.ndarray) -> np.ndarray:
    """Months from move to breakdown: a high hazard for three months, a lower one to twelve, then a steady one.

    Parameters
    ----------
    x : dict of str to array
        Draws of the inputs.
    draw : array of int
        Draw of each child.
    exponential : array
        A standard exponential number of each child.
    """
    year = -np.log(np.clip(x["sustained_52_weeks"], 1e-12, 1))
    early = year * x["early_share"]
    later = -np.log(np.clip(1 - x["late_breakdown_year"], 1e-12, 1)) / 12
    slopes = [_over(1.0, part) for part in (early, year - early, later)]
    year, early, *slopes = (part.astype(np.float32)[draw] for part in (year, early, *slopes))
    # A stretch without hazard lasts its whole length: its slope has no end, and the stretch is cut to its length.
    first = 3 * np.minimum(exponential * slopes[0], 1)
    second = 9 * np.clip((exponential - early) * slopes[1], 0, 1)
    return np.minimum(first + second + np.maximum(exponential - year, 0) * slopes[2], NEVER)


def _over(length: float, hazard: np.ndarray) -> np.ndarray:
    """Months that a unit of hazard takes; so many that it never ends where there is no hazard."""
    return np.divide(length, hazard, out=np.full(np.shape(hazard), 1e30), where=np.asarray(hazard) > 0)


def arrival_months(x: dict[str, np.ndarray], draw: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Month in which children arrive while the team works, more of them later where demand grows."""
    growth, years = np.log1p(x["demand_growth_year"]), x["team_years"]
    flat = np.abs(growth) < 1e-9
    rate = np.where(flat, 1.0, growth)
    total = np.expm1(rate * years)
    grown = np.log1p(uniform * total.astype(np.float32)[draw]) / rate.astype(np.float32)[draw]
    return 12 * np.where(flat[draw], uniform * years.astype(np.float32)[draw], grown)


def arrivals(x: dict[str, np.ndarray]) -> np.ndarray:
    """Children who arrive while the team works, by draw: the yearly number, growing with demand."""
    growth, years = np.log1p(x["demand_growth_year"]), x["team_years"]
    rate = np.where(np.abs(growth) < 1e-9, 1.0, growth)
    return x["arrivals_year"] * np.where(np.abs(growth) < 1e-9, years, np.expm1(rate * years) / rate)


def _exponential(uniform: np.ndarray) -> np.ndarray:
    return np.maximum(-np.log1p(-uniform), np.float32(1e-7))


def leaving(x: dict[str, np.ndarray], draw: np.ndarray, uniform: np.ndarray) -> np.ndarray:
    """Months until a child would leave residential care without the programme."""
    scale = _over(12.0, -np.log(np.clip(1 - x["natural_exit_year"], 1e-12, 1))).astype(np.float32)
    return np.minimum(_exponential(uniform) * scale[draw], NEVER)


def _cells(count: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Say which of the first children of each draw are there, and the draw of each that is."""
    most = int(count.max(initial=0))
    there = np.arange(most, dtype=np.int32)[:, None] < count.astype(np.int32)
    return there, np.broadcast_to(np.arange(len(count), dtype=np.int32), there.shape)[there]


def averted(x: dict[str, np.ndarray], count: np.ndarray, sources: list[Source]) -> Spans:
    """Follow the children kept out of homes: from the day they would have come to the day they would have left."""
    there, draw = _cells(count)
    when, stay = (source(there.shape)[there] for source in sources[:2])
    start = arrival_months(x, draw, when)
    end = start + leaving(x, draw, stay)
    return Spans(draw, start, end - start, end)


def follow(x: dict[str, np.ndarray], group: Group, sources: list[Source]) -> tuple[Spans, Spans]:
    """Send a group of children through search and move.

    Parameters
    ----------
    x : dict of str to array
        Draws of the inputs.
    group : Group
        How many children.
    sources : list of Source
        Uniform numbers for the start of the search (or the arrival), the natural exit and the breakdown. Children come
        in rows, so that the first children have the same numbers however many follow.

    Returns
    -------
    tuple of Spans
        Searches (start only), and moves still to be given a place: start is when the family is ready, stay how long
        the child would live there, leave when it would have left the home anyway.
    """
    there, draw = _cells(group.searched)
    begin, gone = (source(there.shape)[there] for source in sources[:2])
    arrived = arrival_months(x, draw, begin) if group.later else np.zeros(len(draw), np.float32)
    begin = arrived if group.later else begin * x["ramp_months"].astype(np.float32)[draw]
    leave = np.add(arrived, leaving(x, draw, gone))
    sought = begin < leave
    searches = Spans(
        draw[sought], begin[sought], leave[:0], leave[:0], _each(group.search_weight, draw[sought])
    )
    found = (np.arange(len(there), dtype=np.int32)[:, None] < group.matched.astype(np.int32))[there]
    most = int(group.matched.max(initial=0))
    last = sources[2]((most, len(group.matched)))[there[:most] & _first(group.matched, most)]
    draw, leave = draw[found], leave[found]
    ready = begin[found] + x["delay_months"].astype(np.float32)[draw]
    moves = ready < leave
    draw, leave = draw[moves], leave[moves]
    stay = months_in_family(x, draw, _exponential(last[moves]))
    return searches, Spans(draw, ready[moves], stay, leave, _each(group.weight, draw))


def _first(count: np.ndarray, most: int) -> np.ndarray:
    return np.arange(most, dtype=np.int32)[:, None] < count.astype(np.int32)


def _each(weight: np.ndarray | None, draw: np.ndarray) -> np.ndarray | None:
    return None if weight is None else weight[draw]


def join(first: Spans, second: Spans) -> Spans:
    """Put two groups of children together."""
    if not len(second.draw):
        return first
    both = ((getattr(first, n), getattr(second, n)) for n in ("draw", "start", "stay", "leave", "weight"))
    return Spans(*(None if one is None else np.concatenate([one, other]) for one, other in both))  # type: ignore[arg-type]
