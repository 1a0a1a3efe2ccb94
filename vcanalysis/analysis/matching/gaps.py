"""Unmet need of every child in every home, and which homes the rules allow, a run of children at a time.

Levels are steps, so that max(0, need - capability) is a count of steps: those the child has and the home lacks. As
ones and noughts it is one product of matrices, exact whatever the levels are.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

from vcanalysis.analysis.matching.problem import JITTER, Problem

_REASONS = {
    "age": "not approved for the age",
    "siblings": "too few places for the siblings together",
    "capability": "falls too short in one domain",
    "distance": "too far",
}


@dataclass(frozen=True)
class Gaps:
    """Costs and conditions of a problem, computed when asked for.

    Siblings who stay together share the mean cost of their group, and what rules out one rules out all.
    """

    problem: Problem

    @cached_property
    def _steps(self) -> tuple[np.ndarray, np.ndarray]:
        """Levels above the lowest that occur, and how far each lies above the one before."""
        given = self.problem
        levels = np.unique(np.concatenate([given.need.ravel(), given.capability.ravel()]))
        levels = levels[~np.isnan(levels)]
        return levels[1:], np.diff(levels)

    @cached_property
    def _lacks(self) -> np.ndarray:
        """Steps each home lacks: (homes, domains x steps)."""
        return self._beyond(0.0)

    def _beyond(self, margin: float) -> np.ndarray:
        """Mark the steps which a home would fall short of by more than a margin."""
        able = self.problem.capability[:, :, None]
        lacks = able < self._steps[0] - margin
        return lacks.reshape(len(able), lacks.shape[1] * lacks.shape[2]).astype(float)

    @cached_property
    def _needs(self) -> np.ndarray:
        """Steps each child has, weighted by their height and scaled up to all domains."""
        need = self.problem.need
        seen = ~np.isnan(need)
        has = (need[:, :, None] >= self._steps[0]) * self._steps[1]
        scale = need.shape[1] / np.maximum(seen.sum(axis=1), 1)
        return has.reshape(len(need), has.shape[1] * has.shape[2]) * scale[:, None]

    @cached_property
    def _shared(self) -> np.ndarray:
        return self._mean_of_unit(self._needs)

    def _mean_of_unit(self, values: np.ndarray) -> np.ndarray:
        unit = self.problem.unit
        total = np.zeros((int(unit.max(initial=-1)) + 1, values.shape[1]))
        np.add.at(total, unit, values)
        return (total / np.bincount(unit, minlength=1)[: len(total), None])[unit]

    @cached_property
    def _ages(self) -> tuple[np.ndarray, np.ndarray]:
        """Age of the youngest and the oldest of each child's group."""
        age, unit = self.problem.age, self.problem.unit
        low, high = np.full(len(unit), np.inf), np.full(len(unit), -np.inf)
        np.minimum.at(low, unit, age)
        np.maximum.at(high, unit, age)
        return low[unit], high[unit]

    @cached_property
    def _ties(self) -> tuple[np.ndarray, np.ndarray]:
        """Draw a number for each group and home; together they break ties, alike whoever asks."""
        rng = np.random.default_rng(self.problem.seed)
        n, m = self.problem.shape
        return 1000 * rng.random(n)[self.problem.unit], rng.random(m)

    @cached_property
    def _miles(self) -> tuple[np.ndarray, np.ndarray] | None:
        """Mean and greatest distance of each child's group."""
        miles, unit = self.problem.miles, self.problem.unit
        if miles is None:
            return None
        far = np.full((int(unit.max(initial=-1)) + 1, miles.shape[1]), -np.inf)
        np.maximum.at(far, unit, miles)
        return self._mean_of_unit(miles), far[unit]

    def own(self, rows: np.ndarray) -> np.ndarray:
        """Give the unmet need of each child of a run in every home, in levels."""
        return np.asarray(self._needs[rows] @ self._lacks.T)

    def cost(self, rows: np.ndarray, *, ties: bool = True) -> np.ndarray:
        """Give what each home would count for each child, as a share of its group; infinite where not allowed."""
        found = np.asarray(self._shared[rows] @ self._lacks.T)
        if self.problem.rules.mile_levels and self._miles is not None:
            found += self.problem.rules.mile_levels * self._miles[0][rows]
        if ties:
            drawn, home = self._ties
            found += np.modf(np.outer(drawn[rows], home))[0] * (JITTER / len(drawn))
        found[~self.allowed(rows)] = np.inf
        return found

    def refused(self, rows: np.ndarray) -> dict[str, np.ndarray]:
        """Say for each rule which pairs it rules out."""
        given, rules = self.problem, self.problem.rules
        low, high = (ends[rows, None] for ends in self._ages)
        none = np.zeros((len(rows), len(given.home_ids)), dtype=bool)
        found = dict.fromkeys(_REASONS, none)
        if rules.ages:
            found["age"] = (low < given.approved[:, 0]) | (high > given.approved[:, 1])
        found["siblings"] = given.size[rows, None] > given.places
        if np.isfinite(rules.most_short):
            found["capability"] = self._shared[rows] @ self._beyond(rules.most_short).T > 0
        if np.isfinite(rules.most_miles) and self._miles is not None:
            found["distance"] = self._miles[1][rows] > rules.most_miles
        return found

    def allowed(self, rows: np.ndarray) -> np.ndarray:
        """Say which homes are allowed."""
        good = ~np.logical_or.reduce(list(self.refused(rows).values()))
        here = self.problem.present[rows]
        if self.problem.rules.present_allowed:
            # an exemption is one child's: siblings share a row, so it holds where all of them live there
            same = self._together()[rows] & (here >= 0)
            good[np.flatnonzero(same), here[same]] = True
        return good

    def _together(self) -> np.ndarray:
        """Say of each child whether its whole group lives in one home now."""
        present, unit = self.problem.present, self.problem.unit
        low, high = np.full(len(unit), len(self.problem.home_ids)), np.full(len(unit), -1)
        np.minimum.at(low, unit, present)
        np.maximum.at(high, unit, present)
        return (low == high)[unit]


def ruled_out(problem: Problem) -> pd.DataFrame:
    """Count what each rule rules out.

    Parameters
    ----------
    problem : Problem
        From `pose`.

    Returns
    -------
    DataFrame
        One row per rule and one for all together: rule, pairs (of a child and a home) it rules out, share of all
        pairs, pairs only it rules out, and children whom it alone leaves without any home.

    Examples
    --------
    >>> from vcanalysis.analysis.matching.problem import pose
    >>> children = pd.DataFrame({"child_id": ["a", "b"], "age_years": [4.5, 12.0], "education": [1, 3]})
    >>> homes = pd.DataFrame({"household_id": ["h"], "approved_places": [1], "age_min": [0], "age_max": [10],
    ...                       "education": [2]})
    >>> ruled_out(pose(children, homes, domains=["education"]))["pairs"].tolist()
    [1, 0, 0, 0, 1]
    """
    gaps, names = Gaps(problem), [*_REASONS, "all"]
    pairs, alone, bare = (dict.fromkeys(names, 0) for _ in range(3))
    for rows in problem.blocks():
        found = gaps.refused(rows)
        times = np.sum(list(found.values()), axis=0)
        for name, mask in (found | {"all": ~gaps.allowed(rows)}).items():
            pairs[name] += int(mask.sum())
            alone[name] += int((mask & (times == 1)).sum()) if name != "all" else 0
            bare[name] += int(mask.all(axis=1).sum())
    whole = max(problem.shape[0] * problem.shape[1], 1)
    words = _REASONS | {"all": "all rules together"}
    return pd.DataFrame({
        "rule": [words[name] for name in names],
        "pairs": [pairs[name] for name in names],
        "share": [pairs[name] / whole for name in names],
        "only_this": [alone[name] for name in names],
        "children_without_home": [bare[name] for name in names],
    })  # fmt: skip


def why_unmatched(problem: Problem, home: np.ndarray) -> pd.Series:
    """Count the children left without a home by the first reason that holds.

    Parameters
    ----------
    problem : Problem
        From `pose`.
    home : array of int
        Home of each child, -1 for none.

    Returns
    -------
    Series of int
        Number of children by reason, most first.

    Examples
    --------
    >>> from vcanalysis.analysis.matching.problem import pose
    >>> children = pd.DataFrame({"child_id": ["a", "b"], "age_years": [8.0, 8.0], "education": [2, 3]})
    >>> homes = pd.DataFrame({"household_id": ["h"], "approved_places": [1], "age_min": [0], "age_max": [17],
    ...                       "education": [2]})
    >>> why_unmatched(pose(children, homes, domains=["education"]), np.array([0, -1])).to_dict()
    {'the homes that would do are given to other children': 1}
    """
    if problem.reason():
        return pd.Series({problem.reason(): len(home)}, dtype="int64", name="children")
    gaps = Gaps(problem)
    counts: dict[str, int] = {}
    for rows in problem.blocks():
        rows = rows[home[rows] < 0]
        found, cost = gaps.refused(rows), gaps.cost(rows, ties=False)
        open_ = np.isfinite(cost)
        kinds = [(mask.all(axis=1), f"every home: {_REASONS[name]}") for name, mask in found.items()]
        kinds.append((~open_.any(axis=1), "no home meets all rules at once"))
        dear = ~(cost < problem.rules.unmatched).any(axis=1)
        kinds.append((dear, "every home allowed falls short by more than a child without a home counts"))
        left = np.ones(len(rows), dtype=bool)
        for holds, words in kinds:
            counts[words] = counts.get(words, 0) + int((left & holds).sum())
            left &= ~holds
        words = "the homes that would do are given to other children"
        counts[words] = counts.get(words, 0) + int(left.sum())
    found_reasons = pd.Series(counts, dtype="int64", name="children")
    return found_reasons[found_reasons > 0].sort_values(ascending=False, kind="stable")
