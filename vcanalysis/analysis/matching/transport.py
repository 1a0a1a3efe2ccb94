"""The cheapest way to place children when a place is a place: sparse matching over pairs that are priced in.

Only pairs that may matter are held. The matching over them is scipy's; its prices of places then show whether any
pair left out could do better, which is priced in, until none can. Siblings who stay together enter as children who
share their group's mean cost: the least total so found can only be lower than with groups kept whole.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from vcanalysis.analysis.matching.gaps import Gaps
from vcanalysis.analysis.matching.problem import CELLS, JITTER, NO_HOME, Problem

_ALL_PAIRS = 300_000  # pairs up to which all are held
_NEAREST = 20  # homes of each child that are held at first, and added at a time
_ROUNDS = 30
_KEPT = 2.0  # levels above the best a pair may cost and still be held
_SLACK = 0.45  # levels that may stay unproven over all children: less than the smallest step


@dataclass(frozen=True, slots=True)
class Pool:
    """Pairs of a child and a home that are held, by child: rows, homes and costs."""

    child: np.ndarray
    home: np.ndarray
    cost: np.ndarray

    def where(self, kept: np.ndarray) -> Pool:
        """Give the pairs that are kept."""
        return Pool(self.child[kept], self.home[kept], self.cost[kept])


def joined(*pools: Pool) -> Pool:
    """Give several pools as one, ordered by child and home, each pair once."""
    child, home, cost = (
        np.concatenate([getattr(p, name) for p in pools]) for name in ("child", "home", "cost")
    )
    order = np.lexsort((home, child))
    child, home, cost = child[order], home[order], cost[order]
    new = np.ones(len(child), dtype=bool)
    new[1:] = (np.diff(child) != 0) | (np.diff(home) != 0)
    return Pool(child, home, cost).where(new)


@dataclass(frozen=True, slots=True)
class Flow:
    """Homes of children with the prices that prove them.

    Parameters
    ----------
    home : array (n) of int
        Home of each child, -1 for none.
    own : array (n)
        What it costs; the penalty where there is none.
    price : array (m)
        Levels by which the total would rise, were a place of the home taken away.
    bound : float
        No way of placing the children costs less.
    pool : Pool
        The pairs held.
    """

    home: np.ndarray
    own: np.ndarray
    price: np.ndarray
    bound: float
    pool: Pool


@dataclass(frozen=True)
class Market:
    """Children who seek a place, and places.

    Parameters
    ----------
    gaps : Gaps
        What each home would count for each child.
    rows : array of int
        Children who seek; siblings who move as one may be named by one of them.
    places : array (m) of int
        Places open to them.
    toll : array (m)
        Levels each place counts for beside the unmet need.
    """

    gaps: Gaps
    rows: np.ndarray
    places: np.ndarray
    toll: np.ndarray

    @property
    def penalty(self) -> float:
        """Levels that a child without a home counts as."""
        return self.gaps.problem.rules.unmatched

    def cost(self, part: np.ndarray) -> np.ndarray:
        """Give the cost of every home to a run of seekers (by position); infinite where there is no place."""
        found = self.gaps.cost(self.rows[part]) + self.toll
        found[:, self.places < 1] = np.inf
        return found

    def blocks(self) -> Iterator[np.ndarray]:
        """Cut the seekers into runs."""
        step = max(1, CELLS // max(len(self.places), 1))
        yield from (np.arange(at, min(at + step, len(self.rows))) for at in range(0, len(self.rows), step))


def whole_market(problem: Problem) -> Market:
    """Give the market in which all children seek all places."""
    n, m = problem.shape
    return Market(Gaps(problem), np.arange(n), problem.places, np.zeros(m))


def place(market: Market) -> Flow:
    """Place children at the least total cost, each place taken once; siblings may be parted."""
    n, m = len(market.rows), len(market.places)
    whole = n * m <= _ALL_PAIRS
    pool = cheapest(market, np.zeros(m), None, number=m if whole else _NEAREST)
    for _ in range(_ROUNDS):
        home = match(pool, market)
        own = own_cost(pool, home, market)
        price = prices(pool, home, own, market)
        worth = own + np.r_[price, 0.0][home]
        if whole:
            return Flow(home, own, price, float(own.sum()), pool)
        missed = cheapest(market, price, worth, number=_NEAREST)
        lost = _gain(missed, price, worth)
        if lost <= _SLACK:
            break
        reduced = pool.cost + price[pool.home] - worth[pool.child]
        pool = joined(pool.where(reduced <= _KEPT), missed)
    return Flow(home, own, price, float(own.sum() - lost), pool)


def cheapest(market: Market, price: np.ndarray, worth: np.ndarray | None, *, number: int) -> Pool:
    """Find the pairs of each child that cost least with the price of the place, where that is below what it has now."""
    none = np.zeros(0, dtype=np.int64)
    parts = [Pool(none, none, none.astype(float))]
    for rows in market.blocks() if len(market.places) else ():
        cost = market.cost(rows)
        full = cost + price
        limit = np.full(len(rows), market.penalty) if worth is None else worth[rows] - 1e-9
        if number < full.shape[1]:
            kept = np.argpartition(full, number, axis=1)[:, :number]
        else:
            kept = np.broadcast_to(np.arange(full.shape[1]), full.shape)
        good = np.take_along_axis(full, kept, axis=1) < limit[:, None]
        row, home = np.broadcast_to(np.arange(len(rows))[:, None], kept.shape)[good], kept[good]
        parts.append(Pool(rows[row], home, cost[row, home]))
    return joined(*parts)


def match(pool: Pool, market: Market) -> np.ndarray:
    """Match children to places over the pairs held, none where that is cheaper.

    References
    ----------
    Jonker R, Volgenant A (1987), Computing 38:325-340, as scipy has it for sparse matrices.
    """
    n = len(market.rows)
    seats = np.minimum(market.places, n)
    first, total = np.cumsum(seats) - seats, int(seats.sum())
    times = seats[pool.home]
    offset = np.arange(times.sum()) - np.repeat(np.cumsum(times) - times, times)
    row = np.r_[np.repeat(pool.child, times), np.arange(n)]
    column = np.r_[np.repeat(first[pool.home], times) + offset, total + np.arange(n)]
    cost = np.r_[np.repeat(pool.cost, times), np.full(n, market.penalty)]
    graph = sparse.csr_matrix((cost + 1.0, (row, column)), shape=(n, total + n))
    child, seat = min_weight_full_bipartite_matching(graph)
    owner = np.r_[np.repeat(np.arange(len(seats)), seats), np.full(n, NO_HOME)]
    home = np.empty(n, dtype=np.int64)
    home[child] = owner[seat]
    return home


def own_cost(pool: Pool, home: np.ndarray, market: Market) -> np.ndarray:
    """Look up what each child's home costs it; the penalty for none."""
    own = np.full(len(home), market.penalty)
    here = pool.home == home[pool.child]
    own[pool.child[here]] = pool.cost[here]
    return own


def prices(pool: Pool, home: np.ndarray, own: np.ndarray, market: Market) -> np.ndarray:
    """Find the price of a place in each home: by how much the total rises if one is taken away.

    The children of a home can go elsewhere, whose children can go elsewhere, until a free place or none: the cheapest
    such chain is the price (Bellman-Ford over homes). No pair held is then worth more than it costs, which proves the
    matching over the pairs held.

    References
    ----------
    Bertsekas DP (1998), Network Optimization, chapters 2 and 7.
    """
    m = len(market.places)
    taken = np.bincount(home[home >= 0], minlength=m)
    price = np.r_[np.where(taken >= market.places, np.inf, 0.0), 0.0]  # the last stands for no home
    start = np.r_[home[pool.child], home[home >= 0]]
    end = np.r_[pool.home, np.full(int((home >= 0).sum()), m)]
    rise = np.r_[pool.cost - own[pool.child], market.penalty - own[home >= 0]]
    used = (start >= 0) & (start != end)
    used[used] = price[start[used]] > 0
    start, end, rise = start[used], end[used], rise[used]
    for _ in range(m + 1):
        new = price.copy()
        np.minimum.at(new, start, price[end] + rise)
        if not (new < price - 1e-12).any():
            break
        price = new
    return np.where(np.isinf(price[:-1]), market.penalty, np.maximum(price[:-1], 0.0))


def _gain(missed: Pool, price: np.ndarray, worth: np.ndarray) -> float:
    """Bound what the pairs left out could save: the best of each child, added up."""
    best = np.zeros(len(worth))
    np.minimum.at(best, missed.child, missed.cost + price[missed.home] - worth[missed.child])
    return float(-best.sum())


def proven(bound: float, problem: Problem) -> float:
    """Lift a bound to the next whole level where all costs are whole, and take off what broke the ties."""
    rules = problem.rules
    whole = not np.isnan(problem.need).any() and not rules.mile_levels and float(rules.unmatched).is_integer()
    plain = bound - JITTER
    return float(np.ceil(plain - 1e-6)) if whole else plain
