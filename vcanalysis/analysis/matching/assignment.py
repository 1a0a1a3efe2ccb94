"""Children placed in homes: the best way, one after the other, and as it is; held against each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from vcanalysis.analysis.matching.gaps import Gaps
from vcanalysis.analysis.matching.problem import JITTER, NO_HOME, Problem
from vcanalysis.analysis.matching.together import all_together, groups_first, parted
from vcanalysis.analysis.matching.transport import Flow, place, proven, whole_market
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

BEST = "least total unmet need; sparse matching with pricing, sibling groups by HiGHS"
GREEDY = "one child after the other to the best home still free"
ACTUAL = "where they live"
ORDERS = ("given", "need")


@dataclass(frozen=True)
class Assignment:
    """Which home each child has.

    Parameters
    ----------
    problem : Problem
        What was to be matched.
    home : array (n) of int
        Home of each child, -1 for none.
    method : str
        How it was made.
    bound : float or None
        No way within the rules has a lower total: where it equals `total`, none is better.
    flow : Flow or None
        The free matching behind the best one.
    """

    problem: Problem = field(repr=False)
    home: np.ndarray = field(repr=False)
    method: str
    bound: float | None = None
    flow: Flow | None = field(default=None, repr=False)

    @property
    def placed(self) -> np.ndarray:
        """Whether each child has a home."""
        return self.home >= 0

    @property
    def gap(self) -> np.ndarray:
        """Levels of need of each child that its home cannot meet; NaN without a home."""
        need, able = self.problem.need, self.problem.capability
        found = np.full(len(self.home), np.nan)
        here = self.placed
        if here.any():
            short = np.clip(need[here] - able[self.home[here]], 0, None)
            scale = need.shape[1] / np.maximum((~np.isnan(need[here])).sum(axis=1), 1)
            found[here] = np.nansum(short, axis=1) * scale
        return found

    @property
    def intensive(self) -> np.ndarray:
        """Whether each child has a need of the highest level that its home cannot meet; False without a home."""
        need = self.problem.need
        top = np.nanmax(need) if need.size else np.nan
        able = self.problem.capability[np.maximum(self.home, 0)] if self.problem.shape[1] else need
        return np.asarray(((need == top) & (able < top)).any(axis=1) & self.placed, dtype=bool)

    @property
    def outside(self) -> np.ndarray:
        """Whether each child's home is one the rules would not allow."""
        found = np.zeros(len(self.home), dtype=bool)
        gaps = Gaps(self.problem)
        for rows in self.problem.blocks():
            here = np.flatnonzero(self.placed[rows])
            found[rows[here]] = np.logical_or.reduce(
                [mask[here, self.home[rows[here]]] for mask in gaps.refused(rows).values()]
            )
        return found | (parted(self.home, self.problem.unit)[self.problem.unit] & self.placed)

    @property
    def total(self) -> float:
        """Levels of unmet need in all, a child without a home counted as the rules say, miles as they weigh."""
        rules = self.problem.rules
        miles = 0.0 if not rules.mile_levels else float(np.nansum(self._miles())) * rules.mile_levels
        return float(np.nansum(self.gap)) + float((~self.placed).sum()) * rules.unmatched + miles

    def _miles(self) -> np.ndarray:
        found = np.full(len(self.home), np.nan)
        if self.problem.miles is not None:
            found[self.placed] = self.problem.miles[self.placed, self.home[self.placed]]
        return found

    def frame(self) -> pd.DataFrame:
        """Give a row per child: child_id, household_id (None: no home), gap, intensive_unmet, miles, outside_rules."""
        ids = np.array([*self.problem.home_ids, None], dtype=object)
        return pd.DataFrame({
            "child_id": self.problem.child_ids,
            "household_id": ids[self.home] if len(self.home) else ids[:0],
            "gap": self.gap,
            "intensive_unmet": self.intensive,
            "miles": self._miles(),
            "outside_rules": self.outside,
        })  # fmt: skip

    def sentence(self) -> str:
        """Say how many children have a home and what need would go unmet."""
        n, here = len(self.home), int(self.placed.sum())
        if self.problem.reason():
            return f"No match: {self.problem.reason()}."
        if not here:
            return (
                f"None of {n:,} children can be matched: no home with a free place is allowed by the rules."
            )
        gap = float(np.nansum(self.gap))
        return (
            f"{here:,} of {n:,} children have a home; {gap:,.0f} levels of need go unmet, "
            f"{gap / here:.1f} a child, and {int(self.intensive.sum()):,} have an intensive need that is not met."
        )

    def headline(self) -> str:
        """Say how many children a place would fit, for the head of a page."""
        n, here = len(self.home), int(self.placed.sum())
        if self.problem.reason():
            return f"No match can be made: {self.problem.reason()}"
        if not here:
            return f"No free place would fit any of {n:,} children under these rules"
        each = float(np.nansum(self.gap)) / here
        return f"A free place would fit {here:,} of {n:,} children, with {each:.1f} levels of need unmet each"

    def estimate(self, term: str = "Children with a home") -> Estimate:
        """Give the number of children with a home as an estimate, or the reason why there is none."""
        if self.problem.reason():
            return Estimate.not_estimable(term, n=len(self.home), reason=self.problem.reason())
        return Estimate(term, int(self.placed.sum()), n=len(self.home), unit="children", method=self.method)


def assign(problem: Problem) -> Assignment:
    """Place children in homes so that the least need goes unmet.

    Parameters
    ----------
    problem : Problem
        From `pose`.

    Returns
    -------
    Assignment
        `bound` is proven: no way has a lower total. It equals the total but for problems of more than 25,000 pairs
        in which sibling groups bind. The same seed gives the same homes.

    Notes
    -----
    Every child may stay without a home, at the levels the rules declare. Recorded levels are not the child: wishes,
    birth family, school and culture are not in them. A screening aid for the placement team, never a decision.

    References
    ----------
    Kuhn HW (1955), Nav Res Logist Q 2:83-97; Huangfu Q, Hall JAJ (2018), Math Program Comput 10:119-142 (HiGHS).

    Examples
    --------
    >>> from vcanalysis.analysis.matching.problem import pose
    >>> children = pd.DataFrame({"child_id": ["a", "b"], "age_years": [8.0, 8.0], "education": [3, 2]})
    >>> homes = pd.DataFrame({"household_id": ["g", "h"], "approved_places": [1, 1], "age_min": [0, 0],
    ...                       "age_max": [17, 17], "education": [3, 2]})
    >>> assign(pose(children, homes, domains=["education"])).frame()["household_id"].tolist()
    ['g', 'h']
    """
    if problem.reason():
        return Assignment(problem, np.full(problem.shape[0], NO_HOME), BEST)
    flow = place(whole_market(problem))
    found = Assignment(problem, flow.home, BEST, flow=flow)
    if not parted(flow.home, problem.unit).any():
        return _proved(found, flow)
    exact = all_together(flow, problem)
    if exact is not None:
        found = replace(found, home=exact)
        return replace(found, bound=found.total)
    quick = [
        replace(found, home=groups_first(problem, flow.price)),
        replace(found, home=greedy(problem).home),
    ]
    if quick[0].total > quick[1].total:  # where places are few, their prices keep groups out
        quick.append(replace(found, home=groups_first(problem, np.zeros(problem.shape[1]))))
    return _proved(min(quick, key=_total), flow)


def _total(found: Assignment) -> float:
    return found.total


def _proved(found: Assignment, flow: Flow) -> Assignment:
    """Say what no way can be lower than; what only broke ties counts for nothing."""
    bound = proven(flow.bound, found.problem)
    return replace(found, bound=found.total if found.total - bound <= 2 * JITTER else bound)


def greedy(problem: Problem, *, order: str = "need") -> Assignment:
    """Place one child (or sibling group) after the other in the best home still free, as a duty desk does.

    Parameters
    ----------
    problem : Problem
        From `pose`.
    order : str
        "need": the greatest need first; "given": in the order of the table, such as by date of referral.

    Returns
    -------
    Assignment

    Raises
    ------
    InputError
        If the order is unknown.

    Examples
    --------
    >>> from vcanalysis.analysis.matching.problem import pose
    >>> children = pd.DataFrame({"child_id": ["a", "b"], "age_years": [8.0, 8.0], "education": [2, 3]})
    >>> homes = pd.DataFrame({"household_id": ["h"], "approved_places": [1], "age_min": [0], "age_max": [17],
    ...                       "education": [2]})
    >>> greedy(pose(children, homes, domains=["education"]), order="need").placed.tolist()
    [False, True]
    """
    if order not in ORDERS:
        raise InputError(f"Order {order!r} is not known. Give one of: {', '.join(ORDERS)}.")
    gaps, free = Gaps(problem), problem.places.copy()
    home = np.full(problem.shape[0], NO_HOME)
    if problem.reason():
        return Assignment(problem, home, GREEDY)
    first = np.unique(problem.unit, return_index=True)[1]
    if order == "need":
        total = np.bincount(problem.unit, np.nansum(problem.need, axis=1))
        first = first[np.argsort(-total[problem.unit[first]], kind="stable")]
    size, members = problem.size, np.argsort(problem.unit, kind="stable")
    ends = np.cumsum(np.bincount(problem.unit))
    for start in range(0, len(first), 250):
        rows = first[start : start + 250]
        for row, cost in zip(rows, gaps.cost(rows), strict=True):
            open_ = np.where(free >= size[row], cost, np.inf)
            best = int(open_.argmin())
            if open_[best] < problem.rules.unmatched:
                end = ends[problem.unit[row]]
                home[members[end - size[row] : end]] = best
                free[best] -= size[row]
    return Assignment(problem, home, f"{GREEDY}, by {order}")


def actual(problem: Problem) -> Assignment:
    """Give the homes in which the children live now."""
    return Assignment(problem, problem.present.copy(), ACTUAL)


def compare(assignments: Mapping[str, Assignment]) -> pd.DataFrame:
    """Put several ways of placing the same children side by side.

    Parameters
    ----------
    assignments : mapping of str to Assignment
        Names and ways; the first is the one the others are held against.

    Returns
    -------
    DataFrame
        One row per way: way, placed (children), gap (levels in all), gap_each, intensive_unmet (children),
        mean_miles, outside_rules (children), total (levels, with those without a home) and regret (levels by which
        its total lies above the first).

    Examples
    --------
    >>> from vcanalysis.analysis.matching.problem import pose
    >>> children = pd.DataFrame({"child_id": ["a", "b"], "age_years": [8.0, 8.0], "education": [2, 3]})
    >>> homes = pd.DataFrame({"household_id": ["h"], "approved_places": [1], "age_min": [0], "age_max": [17],
    ...                       "education": [2]})
    >>> posed = pose(children, homes, domains=["education"])
    >>> compare({"best": assign(posed), "as they came": greedy(posed, order="given")})["regret"].tolist()
    [0.0, 0.0]
    """
    rows, yardstick = [], None
    for name, found in assignments.items():
        gap, here = float(np.nansum(found.gap)), int(found.placed.sum())
        miles = found.frame()["miles"].mean() if here else np.nan
        yardstick = found.total if yardstick is None else yardstick
        rows.append((
            name, here, gap, gap / here if here else np.nan, int(found.intensive.sum()), miles,
            int(found.outside.sum()), found.total, found.total - yardstick,
        ))  # fmt: skip
    columns = ["way", "placed", "gap", "gap_each", "intensive_unmet", "mean_miles", "outside_rules", "total"]
    return pd.DataFrame(rows, columns=[*columns, "regret"])
