"""Siblings in one home or none: the exact optimum by HiGHS, and a way that is quick where there are many."""

from __future__ import annotations

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, milp

from vcanalysis.analysis.matching.gaps import Gaps
from vcanalysis.analysis.matching.problem import NO_HOME, Problem
from vcanalysis.analysis.matching.transport import Flow, Market, Pool, place

_EXACT = 25_000  # pairs up to which all groups are placed at once


def parted(home: np.ndarray, unit: np.ndarray) -> np.ndarray:
    """Say of each sibling group whether its children are in different homes."""
    low = np.full(int(unit.max(initial=-1)) + 1, np.iinfo(np.int64).max)
    high = np.full(len(low), NO_HOME)
    np.minimum.at(low, unit, home)
    np.maximum.at(high, unit, home)
    return np.asarray(low != high)


def groups_first(problem: Problem, toll: np.ndarray) -> np.ndarray:
    """Place whole sibling groups where they cost least with a toll on each place, then all others exactly.

    A home takes one group. With the prices of the free matching as toll it is near the optimum where places are many;
    the bound of that matching says how near.
    """
    gaps, unit = Gaps(problem), problem.unit
    first = np.unique(unit, return_index=True)[1]
    groups, singles = first[problem.size[first] > 1], np.flatnonzero(problem.size == 1)
    led = place(Market(gaps, groups, (problem.places > 1).astype(np.int64), toll)).home
    chosen = np.full(int(unit.max()) + 1, NO_HOME)
    chosen[unit[groups]] = led
    home = chosen[unit]
    taken = np.bincount(home[home >= 0], minlength=problem.shape[1])
    home[singles] = place(Market(gaps, singles, problem.places - taken, np.zeros(len(taken)))).home
    return home


def all_together(flow: Flow, problem: Problem) -> np.ndarray | None:
    """Place all groups anew at once, which is exact; None beyond 25,000 pairs."""
    if len(flow.pool.child) > _EXACT:
        return None
    first = np.unique(problem.unit, return_index=True)[1]
    pairs = flow.pool.where(np.isin(flow.pool.child, first))
    chosen = np.full(len(first), NO_HOME)
    if len(pairs.child):
        taken = _solve(pairs, problem)
        chosen[problem.unit[pairs.child[taken]]] = pairs.home[taken]
    return chosen[problem.unit]


def _solve(pairs: Pool, problem: Problem) -> np.ndarray:
    """Choose among pairs of a group and a home: each group once, no home over its places."""
    size = problem.size[pairs.child].astype(float)
    unit, each = problem.unit[pairs.child], np.arange(len(size))
    once = sparse.csr_matrix(
        (np.ones(len(size)), (unit, each)), shape=(int(problem.unit.max()) + 1, len(size))
    )
    room = sparse.csr_matrix((size, (pairs.home, each)), shape=(problem.shape[1], len(size)))
    found = milp(
        size * (pairs.cost - problem.rules.unmatched),
        constraints=[LinearConstraint(once, ub=1.0), LinearConstraint(room, ub=problem.places)],
        bounds=Bounds(0, 1), integrality=np.ones(len(size)), options={"mip_rel_gap": 0.0},
    )  # fmt: skip
    return np.asarray(found.x > 0.5)
