"""Places in families that can be filled at a time: who is ready first moves first, and the others wait."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vcanalysis.analysis.savings.fates import NEVER, Spans


def fill_places(moves: Spans, places: np.ndarray, *, steps: int, step_months: float) -> Spans:
    """Give each child a place in the order in which they are ready.

    Parameters
    ----------
    moves : Spans
        Children for whom a family is ready, from `follow`.
    places : array
        Places by draw; a place is free again in the step after its child has left or come back.
    steps, step_months : int, float
        Steps simulated, and months in a step.

    Returns
    -------
    Spans
        With the start of those who had to wait put off, and never for those who left first or got none.

    Examples
    --------
    >>> ready = Spans(np.zeros(2, int), np.array([1.0, 2.0]), np.array([5.0, 5.0]), np.array([99.0, 99.0]))
    >>> fill_places(ready, np.array([1]), steps=12, step_months=1.0).start.tolist()
    [1.0, 6.0]
    """
    draws = len(places)
    weight = np.ones(len(moves.draw)) if moves.weight is None else moves.weight
    crowded = np.bincount(moves.draw, weight, draws) > places + 1e-9
    if not crowded.any():
        return moves
    start = np.where(crowded[moves.draw], NEVER, moves.start)
    asked = np.flatnonzero(crowded[moves.draw] & (moves.start < steps * step_months))
    asked = asked[np.lexsort((moves.start[asked], moves.draw[asked]))]
    due = (moves.start[asked] / step_months).astype(np.int64)
    asked = asked[np.argsort(due, kind="stable")]
    first_of = np.searchsorted(np.sort(due), np.arange(steps + 1))
    leaving, taken = np.zeros((draws, steps + 1)), np.zeros(draws)
    waiting = asked[:0]
    for step in range(steps):
        now = np.float32(step * step_months)
        taken -= leaving[:, step]
        waiting = np.concatenate(
            [waiting[moves.leave[waiting] > now], asked[first_of[step] : first_of[step + 1]]]
        )
        waiting = waiting[np.argsort(moves.draw[waiting], kind="stable")]
        moved = _within(moves.draw[waiting], weight[waiting], places - taken)
        who, waiting = waiting[moved], waiting[~moved]
        start[who] = np.maximum(moves.start[who], now)
        end = np.minimum(start[who] + moves.stay[who], moves.leave[who])
        free = np.clip(np.ceil(end / step_months), step + 1, steps).astype(np.int64)
        np.add.at(leaving, (moves.draw[who], free), weight[who])
        taken += np.bincount(moves.draw[who], weight[who], draws)
    return replace(moves, start=start)


def _within(draw: np.ndarray, weight: np.ndarray, free: np.ndarray) -> np.ndarray:
    """Say which of a queue, sorted by draw, fit into the free places of their draw."""
    used = np.cumsum(weight)
    first = np.searchsorted(draw, draw, side="left")
    before = np.where(first > 0, used[first - 1], 0.0)
    return used - before <= free[draw] + 1e-6
