"""How many other homes would do nearly as well for a child: near ties are shown, not broken silently."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy.sparse import csgraph

from vcanalysis.analysis.matching.assignment import Assignment
from vcanalysis.analysis.matching.gaps import Gaps
from vcanalysis.analysis.matching.problem import JITTER
from vcanalysis.analysis.matching.transport import Flow, Market, Pool, own_cost, prices
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import median_interval, wilson

METHOD = "cheapest chain of changes (Dijkstra) round the best way"
_MOST_PAIRS = 3_000_000
_ALONE = "children with no brothers or sisters to place"
_TERMS = (
    "Other homes nearly as good, median child",
    "Children with another home nearly as good",
    "Children without a home who nearly had one",
)


@dataclass(frozen=True, slots=True)
class Singles:
    """Children of an assignment who are placed alone, with what every home would cost them, siblings staying put.

    Parameters
    ----------
    rows : array of int
        Positions of the children in the problem.
    cost : array (rows, homes)
        Levels; infinite where not allowed.
    home, own : array (rows)
        Home each has, and what it costs.
    places : array (homes)
        Places that are not taken by sibling groups.
    flow : Flow
        Their homes with the prices that prove them.
    penalty : float
        Levels that a child without a home counts as.
    """

    rows: np.ndarray
    cost: np.ndarray
    home: np.ndarray
    own: np.ndarray
    places: np.ndarray
    flow: Flow
    penalty: float


def singles(found: Assignment) -> Singles:
    """Take the children who are placed alone, sibling groups staying where the assignment puts them.

    Raises
    ------
    InputError
        If there are more than 3,000,000 pairs.
    """
    problem = found.problem
    n, m = problem.shape
    if n * m > _MOST_PAIRS:
        raise InputError(
            f"{n:,} children and {m:,} homes make {n * m:,} pairs; near ties are counted up to {_MOST_PAIRS:,}. Give "
            "the children of one area or quarter."
        )
    alone = np.flatnonzero(problem.size == 1)
    led = found.home[problem.size > 1]
    places = problem.places - np.bincount(led[led >= 0], minlength=m)
    market = Market(Gaps(problem), alone, places, np.zeros(m))
    cost = Gaps(problem).cost(alone)
    child, home = np.nonzero(np.isfinite(cost) & (places > 0))
    pool, mine = Pool(child, home, cost[child, home]), found.home[alone]
    own = own_cost(pool, mine, market)
    flow = Flow(mine, own, prices(pool, mine, own, market), float(own.sum()), pool)
    return Singles(alone, cost, mine, own, places, flow, problem.rules.unmatched)


@dataclass(frozen=True)
class Alternatives:
    """Other homes each child could have at little more unmet need in all.

    Parameters
    ----------
    assignment : Assignment
        The best way.
    extra : array (children, homes)
        Levels by which the least total rises if the child has that home and everybody else is placed anew; NaN for
        sibling groups.
    within : float
        Levels that count as nearly as well.
    """

    assignment: Assignment = field(repr=False)
    extra: np.ndarray = field(repr=False)
    within: float

    @property
    def number(self) -> np.ndarray:
        """Number of other homes within the limit; NaN for siblings and children without a home."""
        home = self.assignment.home
        near = self.extra <= self.within + JITTER
        near[np.flatnonzero(home >= 0), home[home >= 0]] = False
        counted = ~np.isnan(self.extra).all(axis=1) & (home >= 0) if near.size else np.zeros(len(home), bool)
        return np.where(counted, near.sum(axis=1), np.nan)

    @property
    def nearly(self) -> np.ndarray:
        """Whether each child without a home could have one within the limit; False for all others."""
        without = self.assignment.home < 0
        near = (self.extra <= self.within + JITTER).any(axis=1) if self.extra.size else without
        return np.asarray(without & near, dtype=bool)

    def frame(self) -> pd.DataFrame:
        """Give every child's homes within the limit, best first: child_id, household_id, extra (levels), chosen."""
        child, home = np.nonzero(self.extra <= self.within + JITTER)
        problem = self.assignment.problem
        rows = pd.DataFrame({
            "child_id": problem.child_ids[child],
            "household_id": problem.home_ids[home],
            "extra": np.abs(np.round(self.extra[child, home], 1)),
            "chosen": self.assignment.home[child] == home,
        })  # fmt: skip
        order = ["child_id", "chosen", "extra"]
        return rows.sort_values(order, ascending=[True, False, True], kind="stable", ignore_index=True)

    def estimates(self, *, level: float = 0.95) -> Estimates:
        """Give the median number of other homes, and the share of children who have at least one."""
        known = self.number[~np.isnan(self.number)]
        n = len(known)
        if not n:
            reason = self.assignment.problem.reason() or "no child is placed without brothers or sisters"
            return Estimates.of(Estimate.not_estimable(t, n=0, reason=reason, method=METHOD) for t in _TERMS)
        low, high = median_interval(known, level) or (None, None)
        some, number = int((known > 0).sum()), float(np.median(known))
        left = (self.assignment.home < 0) & ~np.isnan(self.extra).all(axis=1)
        return Estimates((
            Estimate(_TERMS[0], number, low, high, level, n, "count", f"{METHOD}; order statistics", of=_ALONE),
            _share(_TERMS[1], some, n, level),
            _share(_TERMS[2], int(self.nearly.sum()), int(left.sum()), level),
        ))  # fmt: skip


def _share(term: str, count: int, n: int, level: float) -> Estimate:
    method = f"{METHOD}; Wilson"
    if not n:
        return Estimate.not_estimable(term, n=0, reason="there is no such child", method=method)
    low, high = wilson(count, n, level)
    return Estimate(
        term, count / n, low, high, level, n, "share", method, support=min(count, n - count), of=_ALONE
    )


def alternatives(assignment: Assignment, *, within: float = 1.0) -> Alternatives:
    """Count, for each child, the homes that cost at most so many levels more in all.

    Parameters
    ----------
    assignment : Assignment
        From `assign`.
    within : float
        Levels of unmet need over all children that count as nearly as well.

    Returns
    -------
    Alternatives
        Exact for children placed alone, with sibling groups staying where the best way puts them.

    Raises
    ------
    InputError
        If `within` is below zero, or there are more than 3,000,000 pairs.

    Notes
    -----
    To give a child another home, whoever would have had it goes elsewhere, and so on until a free place, the place
    the child gave up, or a child without a home. The cheapest such chain is a shortest path between homes.

    References
    ----------
    Dijkstra EW (1959), Numer Math 1:269-271; Ahuja RK, Magnanti TL, Orlin JB (1993), Network Flows, chapter 9.

    Examples
    --------
    >>> from vcanalysis.analysis.matching.assignment import assign
    >>> from vcanalysis.analysis.matching.problem import pose
    >>> children = pd.DataFrame({"child_id": ["a"], "age_years": [8.0], "education": [2]})
    >>> homes = pd.DataFrame({"household_id": ["g", "h", "i"], "approved_places": 1, "age_min": 0, "age_max": 17,
    ...                       "education": [3, 2, 0]})
    >>> alternatives(assign(pose(children, homes, domains=["education"])), within=1).number.tolist()
    [1.0]
    """
    if not within >= 0:
        raise InputError(f"within is {within:g} levels. Give 0 or more.")
    n, m = assignment.problem.shape
    extra = np.full((n, m), np.nan)
    if not assignment.problem.reason():
        alone = singles(assignment)
        extra[alone.rows] = _extra(alone)
    return Alternatives(assignment, extra, within)


def _extra(alone: Singles) -> np.ndarray:
    """Levels by which the total rises with each child in each home.

    The graph has a node for each home, one for no home, and one for places left free: a chain may fill one of them
    and empty another home instead.
    """
    m, price = alone.cost.shape[1], np.r_[alone.flow.price, 0.0, 0.0]
    steps = np.full((m + 2, m + 2), np.inf)
    cost = np.column_stack([alone.cost, np.full(len(alone.home), alone.penalty)])
    cost[:, np.r_[alone.places < 1, False]] = np.inf
    here = np.where(alone.home < 0, m, alone.home)
    np.minimum.at(steps[:, :-1], here, cost - alone.own[:, None])
    taken = np.bincount(here, minlength=m + 1)
    steps[:-1, -1] = np.where(taken < np.r_[alone.places, np.inf], 0.0, np.inf)
    steps[-1, :-1] = np.where(taken > 0, 0.0, np.inf)
    lifted = np.maximum(steps + price - price[:, None], 0.0)
    graph = csgraph.csgraph_from_dense(lifted, null_value=np.inf)
    between = csgraph.shortest_path(graph, method="D") - price + price[:, None]
    return np.asarray(cost[:, :m] - alone.own[:, None] + between[:m, here].T)
