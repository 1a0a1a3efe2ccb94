"""What another worker's ratings would change: re-rated children placed again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.matching.assignment import Assignment, assign
from vcanalysis.analysis.matching.problem import Problem
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import Interval, wilson

METHOD = "children rated anew at the stated reliability and placed again"
SPAN = "range over re-ratings"
_TERMS = (
    "Children with the same home by another rating",
    "Children with the same home in most re-ratings",
    "Unmet need added by placing on one rating, judged by another",
)


def rerate(need: np.ndarray, *, reliability: float, seed: int = 0) -> np.ndarray:
    """Draw the levels another worker might have given.

    Parameters
    ----------
    need : array (children, domains)
        Recorded levels; NaN stays NaN.
    reliability : float
        Correlation of two ratings of the same child in one domain on the scale behind the levels (polychoric).
    seed : int
        Seed.

    Returns
    -------
    array
        Levels with the same shares in each domain as recorded; at reliability 1 the recorded ones.

    Raises
    ------
    InputError
        If the reliability lies outside 0 to 1.

    Notes
    -----
    A Gaussian copula on the recorded shares of levels, domain by domain: errors in different domains are drawn apart,
    so a worker who is strict throughout is not in it.

    References
    ----------
    Olsson U (1979), Psychometrika 44:443-460, for the scale behind ordered levels.

    Examples
    --------
    >>> recorded = np.array([[0.0], [1.0], [2.0], [np.nan]])
    >>> rerate(recorded, reliability=1.0).ravel().tolist()
    [0.0, 1.0, 2.0, nan]
    """
    if not 0 <= reliability <= 1:
        raise InputError(f"Reliability {reliability:g} is refused. Give a number from 0 to 1.")
    rng, drawn = np.random.default_rng(seed), need.copy()
    for column in range(need.shape[1]):
        seen = ~np.isnan(need[:, column])
        levels, code, times = np.unique(need[seen, column], return_inverse=True, return_counts=True)
        edges = np.r_[0.0, np.cumsum(times) / max(seen.sum(), 1)]
        within = rng.uniform(1e-9, 1 - 1e-9, len(code))
        behind = stats.norm.ppf(edges[code] + within * np.diff(edges)[code])
        other = reliability * behind + np.sqrt(1 - reliability**2) * rng.standard_normal(len(code))
        place = np.searchsorted(stats.norm.ppf(edges[1:-1]), other, side="right")
        drawn[seen, column] = levels[place]
    return drawn


def predicted(drawn: np.ndarray, level: float) -> Interval:
    """Give the range in which one more draw lies with the stated chance.

    Examples
    --------
    >>> [round(end, 6) for end in predicted(np.arange(1.0, 40.0), 0.95)]
    [1.0, 39.0]
    """
    ends = np.quantile(drawn, [(1 - level) / 2, (1 + level) / 2], method="weibull")
    return float(ends[0]), float(ends[1])


def redraws(problem: Problem, *, reliability: float, draws: int, seed: int) -> Iterator[Problem]:
    """Give the problem with the children rated anew, draw by draw."""
    seeds = np.random.SeedSequence(seed).generate_state(draws)
    for each in seeds:
        yield problem.with_need(rerate(problem.need, reliability=reliability, seed=int(each)))


@dataclass(frozen=True)
class Stability:
    """How far the best way hangs on who rated.

    Parameters
    ----------
    assignment : Assignment
        The best way by the recorded ratings.
    same : array (draws, children)
        Whether each child has the same home by another rating.
    regret : array (draws)
        Levels a child by which the recorded choice falls behind the best one by the other rating, a child without
        a home counted as the rules say; below nought where the recorded choice breaks a rule by the other rating.
    often : float
        Share of re-ratings that counts as most.
    reliability : float
        Reliability the ratings were drawn with.
    """

    assignment: Assignment = field(repr=False)
    same: np.ndarray = field(repr=False)
    regret: np.ndarray = field(repr=False)
    often: float
    reliability: float

    def frame(self) -> pd.DataFrame:
        """Give one row per child: child_id, household_id, same_share (of the re-ratings)."""
        about = self.assignment.frame()[["child_id", "household_id"]]
        return about.assign(same_share=self.same.mean(axis=0) if len(self.same) else np.nan)

    def estimates(self, *, level: float = 0.95) -> Estimates:
        """Give the share of children with the same home, those with the same in most draws, and what is lost."""
        draws, n = self.same.shape
        reason = self.assignment.problem.reason() or ("" if draws and n else "nothing was drawn")
        if reason:
            return Estimates.of(Estimate.not_estimable(t, n=n, reason=reason, method=METHOD) for t in _TERMS)
        share, sure = self.same.mean(axis=1), int((self.same.mean(axis=0) >= self.often).sum())
        method = f"{METHOD}; at least {self.often:.0%} of them; Wilson"
        range_, lost = predicted(share, level), predicted(self.regret, level)
        return Estimates((
            Estimate(_TERMS[0], float(share.mean()), *range_, level, n, "share", METHOD, span=SPAN),
            Estimate(_TERMS[1], sure / n, *wilson(sure, n, level), level, n, "share", method,
                     support=min(sure, n - sure)),
            Estimate(_TERMS[2], float(self.regret.mean()), *lost, level, n, "levels", METHOD, span=SPAN),
        ))  # fmt: skip


def stability(
    problem: Problem, *, reliability: float, draws: int = 100, often: float = 0.8, seed: int = 0
) -> Stability:
    """Place the children again as if another worker had rated them, many times.

    Parameters
    ----------
    problem : Problem
        From `pose`.
    reliability : float
        As in `rerate`: from double ratings, or an assumption that is named.
    draws : int
        Re-ratings.
    often : float
        Share of the re-ratings in which a home must be the same to count as sure.
    seed : int
        Seed of the re-ratings; ties are broken by the seed of the problem, alike in each.

    Returns
    -------
    Stability
        At reliability 1 every child has the same home in every draw.

    Raises
    ------
    InputError
        If the reliability or `often` lies outside 0 to 1, or draws are less than 1.

    Examples
    --------
    >>> from vcanalysis.analysis.matching.problem import pose
    >>> children = pd.DataFrame({"child_id": ["a", "b"], "age_years": [8.0, 8.0], "education": [3, 2]})
    >>> homes = pd.DataFrame({"household_id": ["g", "h"], "approved_places": 1, "age_min": 0, "age_max": 17,
    ...                       "education": [3, 2]})
    >>> stability(pose(children, homes, domains=["education"]), reliability=1.0, draws=5).estimates()[0].value
    1.0
    """
    if draws < 1 or not 0 <= often <= 1:
        raise InputError(
            f"draws {draws:,} and often {often:g} are refused. Give at least 1 draw and a share."
        )
    first = assign(problem)
    same, regret = [], []
    for again in redraws(problem, reliability=reliability, draws=draws, seed=seed):
        if problem.reason():
            break
        best = assign(again)
        same.append(best.home == first.home)
        regret.append((Assignment(again, first.home, METHOD).total - best.total) / max(len(first.home), 1))
    shape = (len(same), problem.shape[0])
    return Stability(first, np.array(same, dtype=bool).reshape(shape), np.array(regret), often, reliability)


def judged(
    ways: Mapping[str, Assignment],
    *,
    reliability: float,
    draws: int = 100,
    seed: int = 0,
    level: float = 0.95,
) -> Estimates:
    """Judge several ways of placing the same children by ratings they were not made from.

    Parameters
    ----------
    ways : mapping of str to Assignment
        Ways of placing the children of one problem.
    reliability, draws, seed
        As in `stability`.
    level : float
        Share of the re-ratings inside the range.

    Returns
    -------
    Estimates
        Levels of unmet need a child with a home, one per way: the mean over re-ratings with their range.

    Notes
    -----
    The best way by one rating has made use of its errors, so it looks better by that rating than it is. Judged by
    another rating this is gone; where children live now was not chosen by these ratings and hardly changes.

    References
    ----------
    Smith JE, Winkler RL (2006), Manage Sci 52:311-322, the optimizer's curse.
    """
    term = "Unmet need a child, judged by another rating"
    found = []
    for name, way in ways.items():
        n, problem = int(way.placed.sum()), way.problem
        if not n:
            reason = problem.reason() or "no child has a home"
            found.append(Estimate.not_estimable(term, n=0, reason=reason, group=name, method=METHOD))
            continue
        again = redraws(problem, reliability=reliability, draws=draws, seed=seed)
        gap = np.array([np.nanmean(replace(way, problem=each).gap) for each in again])
        low, high = predicted(gap, level)
        found.append(
            Estimate(term, float(gap.mean()), low, high, level, n, "levels", METHOD, group=name, span=SPAN)
        )
    return Estimates.of(found)


def headline(found: Estimates) -> str:
    """Say how the first of several ways compares with the last, judged by other ratings.

    Examples
    --------
    >>> now = Estimate("Unmet need", 3.0, 2.8, 3.2, n=70, unit="levels", group="where they live")
    >>> headline(Estimates((now, Estimate("Unmet need", 1.5, 1.3, 1.8, n=70, unit="levels", group="matched"))))
    'Where they live, 3.0 levels of need a child go unmet; matched, it would be 1.5'
    """
    first, last = found[0], found[-1]
    if first.value is None or last.value is None:
        return "Where children live cannot be held against a match"
    clear = (first.low or 0.0) > (last.high or 0.0) or (last.low or 0.0) > (first.high or 0.0)
    begin = f"{first.group.capitalize()}, {first.value:.1f} levels of need a child go unmet"
    if not clear:
        return f"{begin}; {last.group}, about as much"
    return f"{begin}; {last.group}, it would be {last.value:.1f}"
