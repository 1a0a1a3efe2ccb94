"""How often children leave care or change the kind of placement, by kind, age and time there, in many resamples."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from vcanalysis.analysis.sufficiency.panel import Panel
from vcanalysis.analysis.sufficiency.settings import ADULT, AGE_EDGES, STAY_EDGES, age_band, stay_band

AGES, STAYS = len(AGE_EDGES), len(STAY_EDGES)
_MOST = 0.97  # chance in a month, leaving and moving together


@dataclass(frozen=True, slots=True)
class Rates:
    """Monthly chances in each resample.

    Parameters
    ----------
    leave, move : array (resamples, kinds, ages, stays)
        Chance to be out of care, and in another kind of placement, a month later.
    where : array (resamples, kinds, ages, kinds)
        Where those who move go: shares, summed up along the last axis.
    """

    leave: np.ndarray
    move: np.ndarray
    where: np.ndarray


def draw_rates(panel: Panel, *, window: int, strength: float, draws: int, rng: np.random.Generator) -> Rates:
    """Learn the chances of leaving and moving from the last months, in resamples of children.

    Parameters
    ----------
    panel : Panel
        From `monthly_panel`.
    window : int
        Months looked back.
    strength : float
        Events for which a borrowed rate counts.
    draws : int
        Resamples.
    rng : Generator
        Source of randomness.

    Notes
    -----
    Children, not months, are resampled, by the Bayesian bootstrap, so that what is particular to a child stays with
    it. A cell's rate is drawn towards what its kind, its age and its time in placement say together, as a gamma
    prior worth `strength` events would do it. The month in which a child turns 18 is left out: it is known.

    References
    ----------
    Rubin DB (1981), Ann Stat 9:130-134 (the Bayesian bootstrap); Putter H, Fiocco M, Geskus RB (2007), Stat Med
    26:2389-2430 (multistate models).
    """
    seen = (panel.target >= 0) & (panel.month >= panel.months - window) & (panel.age + 1 < ADULT)
    kinds = len(panel.kinds)
    kind, target = panel.kind[seen], panel.target[seen]
    age, stay = age_band(np.maximum(panel.age[seen], 0)), stay_band(panel.stay[seen])
    cell = (kind * AGES + age) * STAYS + stay
    cells, moves = kinds * AGES * STAYS, kinds * AGES * kinds
    leaves, goes = target == kinds, (target != kinds) & (target != kind)
    _, child = np.unique(panel.child[seen], return_inverse=True)
    rows = np.concatenate([child, child[leaves], child[goes], child[goes]])
    to = (kind * AGES + age)[goes] * kinds + target[goes]
    columns = np.concatenate([cell, cells + cell[leaves], 2 * cells + cell[goes], 3 * cells + to])
    shape = (int(child.max(initial=-1)) + 1, 3 * cells + moves)
    counts = sparse.csr_matrix((np.ones(len(rows), dtype=np.float32), (rows, columns)), shape=shape)
    sums = np.concatenate([block for block in _resampled(counts, draws, rng)])
    exposure, left, moved = (
        sums[:, i * cells : (i + 1) * cells].reshape(-1, kinds, AGES, STAYS) for i in range(3)
    )
    leave, move = shrunk_rates(left, exposure, strength), shrunk_rates(moved, exposure, strength)
    over = np.maximum((leave + move) / _MOST, 1.0)
    where = _destinations(sums[:, 3 * cells :].reshape(-1, kinds, AGES, kinds), strength)
    return Rates(leave / over, move / over, where)


def _resampled(counts: sparse.csr_matrix, draws: int, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Give the weighted sums of children's counts, some resamples at a time."""
    children = counts.shape[0]
    at_once = max(1, min(draws, 20_000_000 // max(children, 1)))
    columns = sparse.csr_matrix(counts.T)
    for first in range(0, draws, at_once):
        size = min(at_once, draws - first)
        weights = rng.standard_exponential((children, size), dtype=np.float32)
        weights *= children / np.maximum(weights.sum(axis=0), 1e-9)
        yield (columns @ weights).T.astype("float64")


def shrunk_rates(events: np.ndarray, exposure: np.ndarray, strength: float) -> np.ndarray:
    """Give the rate of each cell, drawn towards what its kind, age and stay say together.

    Parameters
    ----------
    events, exposure : array (resamples, kinds, ages, stays)
        Events, and months of children at risk.
    strength : float
        Events for which the borrowed rate counts.

    Examples
    --------
    >>> exposure = np.full((1, 1, 1, 2), 1000.0)
    >>> shrunk_rates(np.array([[[[100.0, 10.0]]]]), exposure, 3.0).round(3).ravel().tolist()
    [0.1, 0.01]
    """
    every = events.sum((1, 2, 3), keepdims=True) + 0.5
    every = every / (exposure.sum((1, 2, 3), keepdims=True) + 1.0)

    def towards(axes: tuple[int, ...], prior: np.ndarray) -> np.ndarray:
        found, risk = events.sum(axes, keepdims=True), exposure.sum(axes, keepdims=True)
        return (found + strength) / (risk + strength / prior)

    kind, age, stay = (towards(axes, every) for axes in ((2, 3), (1, 3), (1, 2)))
    by_age = towards((3,), kind * age / every)
    by_stay = towards((2,), kind * stay / every)
    prior = by_age * by_stay / kind
    expected = (prior * exposure).sum((2, 3), keepdims=True)
    prior = prior * (events.sum((2, 3), keepdims=True) + strength) / (expected + strength)
    return (events + strength) / (exposure + strength / prior)


def _destinations(moved: np.ndarray, strength: float) -> np.ndarray:
    """Give cumulative shares of where children go who move, drawn towards those of their kind and of all."""
    kinds = moved.shape[-1]
    elsewhere = ~np.eye(kinds, dtype=bool)[None, :, None, :]
    every = (moved.sum((1, 2), keepdims=True) + 1.0 / kinds) * elsewhere
    every = every / np.maximum(every.sum(-1, keepdims=True), 1e-12)
    kind = moved.sum(2, keepdims=True) + strength * every
    kind = kind / kind.sum(-1, keepdims=True).clip(1e-12)
    cell = moved + strength * kind
    return np.cumsum(cell / cell.sum(-1, keepdims=True).clip(1e-12), axis=-1)
