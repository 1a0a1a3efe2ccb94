"""What the homes there are cannot meet, and what kind of home would help most."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial

import numpy as np
import pandas as pd

from vcanalysis.analysis.matching.alternatives import Singles, singles
from vcanalysis.analysis.matching.assignment import Assignment, assign
from vcanalysis.analysis.matching.gaps import Gaps
from vcanalysis.analysis.matching.noise import SPAN, predicted, redraws
from vcanalysis.analysis.matching.problem import NO_HOME, Problem
from vcanalysis.core.columns import say_column
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import wilson

METHOD = "fall of the least total with one place added, everybody placed anew"
_TERM = "Unmet need one added place takes away"
_BEYOND = "Unmet need one added place takes away beyond a typical one"
TYPICAL, ABLE = "typical", "able in every domain"


def unmet_capability(assignment: Assignment, *, group: pd.Series | None = None) -> pd.DataFrame:
    """Sum up what the homes given cannot meet, by domain and by group of children (area, band of distance).

    Parameters
    ----------
    assignment : Assignment
        From `assign`, `greedy` or `actual`.
    group : Series, optional
        Group of each child, by child identifier, such as the district or how far away it lives.

    Returns
    -------
    DataFrame
        One row per group and domain, most levels first: group, domain, children placed, short (children whose home
        falls short), intensive_short (of them with a need of the highest level), levels (unmet, in all).

    Examples
    --------
    >>> from vcanalysis.analysis.matching.problem import pose
    >>> children = pd.DataFrame({"child_id": ["a"], "age_years": [8.0], "education": [3], "contact": [1]})
    >>> homes = pd.DataFrame({"household_id": ["h"], "approved_places": 1, "age_min": 0, "age_max": 17,
    ...                       "education": [1], "contact": [2]})
    >>> found = assign(pose(children, homes, domains=["education", "contact"]))
    >>> unmet_capability(found)[["domain", "levels"]].to_dict("list")
    {'domain': ['education', 'contact'], 'levels': [2.0, 0.0]}
    """
    problem, here = assignment.problem, assignment.placed
    labels = pd.Series("all", index=problem.child_ids) if group is None else group
    labels = labels.set_axis(labels.index.astype("str")).reindex(problem.child_ids[here])
    need, able = problem.need[here], problem.capability[assignment.home[here]]
    short = np.nan_to_num(np.clip(need - able, 0, None))
    top = short * 0 + ((short > 0) & (need == (np.nanmax(problem.need) if problem.need.size else 0)))
    long = pd.DataFrame({
        "group": np.repeat(labels.astype("str").to_numpy(dtype=object), len(problem.domains)),
        "domain": np.tile(np.array(problem.domains, dtype=object), int(here.sum())),
        "children": 1, "short": (short > 0).ravel().astype(int), "intensive_short": top.ravel().astype(int),
        "levels": short.ravel(),
    })  # fmt: skip
    found = long.groupby(["group", "domain"], sort=False).sum().reset_index()
    return found.sort_values(["levels", "short"], ascending=False, kind="stable", ignore_index=True)


def short_by_domain(assignment: Assignment, *, level: float = 0.95) -> Estimates:
    """Share of the children placed whose home cannot meet their need, domain by domain, most first.

    Returns
    -------
    Estimates
        One per domain with Wilson's interval: children like these, in homes like these.
    """
    term, method = "Children whose home falls short", "share; Wilson"
    found, n = unmet_capability(assignment), int(assignment.placed.sum())
    if not n:
        reason = assignment.problem.reason() or "no child has a home"
        return Estimates((Estimate.not_estimable(term, n=0, reason=reason, method=method),))
    items = []
    for name, short in zip(found["domain"], found["short"], strict=True):
        low, high = wilson(int(short), n, level)
        support = min(int(short), n - int(short))
        items.append(
            Estimate(
                term, short / n, low, high, level, n, "share", method, group=say_column(name), support=support
            )
        )
    return Estimates.of(sorted(items, key=lambda item: -(item.value or 0.0)))


def short_headline(found: Estimates) -> str:
    """Say in which domain homes fall short most often, for the head of a picture.

    Examples
    --------
    >>> one = Estimate("Short", 0.4, 0.3, 0.5, n=70, unit="share", group="contact")
    >>> short_headline(Estimates((one,)))
    'Homes fall short most often in contact: for 40% of children'
    """
    if found[0].value is None:
        return "In which domain homes fall short cannot be said"
    return f"Homes fall short most often in {found[0].group}: for {found[0].value:.0%} of children"


def supply_gap(problem: Problem) -> pd.DataFrame:
    """Hold children with a need of the highest level against places that can meet it, domain by domain.

    Returns
    -------
    DataFrame
        One row per domain, the greatest lack first: domain, children, places, lack (children less places).

    Examples
    --------
    >>> from vcanalysis.analysis.matching.problem import pose
    >>> children = pd.DataFrame({"child_id": ["a", "b"], "age_years": [8.0, 8.0], "education": [2, 3]})
    >>> homes = pd.DataFrame({"household_id": ["h"], "approved_places": [1], "age_min": [0], "age_max": [17],
    ...                       "education": [2]})
    >>> supply_gap(pose(children, homes, domains=["education"])).to_dict("records")
    [{'domain': 'education', 'children': 1, 'places': 0, 'lack': 1}]
    """
    top = np.nanmax(problem.need) if problem.need.size else np.nan
    children = (problem.need == top).sum(axis=0)
    places = ((problem.capability >= top) * problem.places[:, None]).sum(axis=0)
    found = pd.DataFrame({"domain": problem.domains, "children": children, "places": places})
    found["lack"] = found["children"] - found["places"]
    return found.sort_values("lack", ascending=False, kind="stable", ignore_index=True)


def kinds_of_home(problem: Problem) -> pd.DataFrame:
    """Describe homes that could be recruited: the typical one, and the same able to meet any need in one domain.

    Returns
    -------
    DataFrame
        One row per kind: kind, age_min 0, age_max 17 and the domains. Typical is the median capability of the homes
        there are, rounded down; the last kind can meet any need in every domain.
    """
    usual = (
        np.floor(np.median(problem.capability, axis=0))
        if problem.shape[1]
        else np.zeros(len(problem.domains))
    )
    top = np.nanmax(problem.need) if problem.need.size else 0.0
    able = np.where(np.eye(len(usual), dtype=bool), np.maximum(top, usual), usual)
    rows = np.vstack([usual, able, np.maximum(top, usual)])
    frame = pd.DataFrame(rows, columns=list(problem.domains))
    frame.insert(0, "kind", [TYPICAL, *map(say_column, problem.domains), ABLE])
    return frame.assign(age_min=0, age_max=17)


@dataclass(frozen=True)
class Recruits:
    """What one added place would do, by kind of home.

    Parameters
    ----------
    estimates : Estimates
        One per kind: levels by which the least total falls, with the range over re-ratings.
    beyond : Estimates
        One per kind but the typical, most first: the same beyond what a typical place takes away, so what the
        strength itself is worth.
    first : dict of str to float
        Share of the re-ratings in which a kind (but the one able in every domain) comes first.
    kinds : DataFrame
        The kinds of home.
    """

    estimates: Estimates
    beyond: Estimates
    first: dict[str, float]
    kinds: pd.DataFrame = field(repr=False)

    def frame(self) -> pd.DataFrame:
        """Give one tidy row per kind but the typical, most first, with `first_share`."""
        found = self.beyond.frame()
        return found.assign(first_share=found["group"].map(self.first))

    def headline(self) -> str:
        """Say which kind of home helps most, and whether that is clear."""
        items = [e for e in self.beyond if e.group != ABLE and e.estimable]
        if not items or not items[0].value:
            return "No single strength of a new home stands out"
        best, share = items[0], self.first.get(items[0].group, 0.0)
        clear = "is" if share >= 0.8 else "may be"
        return f"A home that can meet any need in {best.group} {clear} the most useful single strength"


def added_place(
    problem: Problem, *, kinds: pd.DataFrame | None = None, reliability: float = 1.0, draws: int = 100,
    seed: int = 0, level: float = 0.95,
) -> Recruits:  # fmt: skip
    """Say how much unmet need one added place would take away, by kind of home.

    Parameters
    ----------
    problem : Problem
        From `pose`.
    kinds : DataFrame, optional
        One row per kind of home: kind, age_min, age_max and the domains; those of `kinds_of_home` where left out.
    reliability : float
        Reliability of the ratings (`rerate`); at 1 there is no range.
    draws, seed : int
        Re-ratings and their seed.
    level : float
        Share of the re-ratings inside the range.

    Returns
    -------
    Recruits
        Levels, as the mean over the re-ratings; a child who gets a home counts as the rules say. Exact for a place
        given to a child placed alone, sibling groups staying where they are. The new home is taken to be near
        enough.

    References
    ----------
    Shapley LS (1962), Nav Res Logist Q 9:45-48: what an added place is worth in an optimal assignment.

    Examples
    --------
    >>> from vcanalysis.analysis.matching.problem import pose
    >>> children = pd.DataFrame({"child_id": ["a"], "age_years": [8.0], "education": [3], "contact": [1]})
    >>> homes = pd.DataFrame({"household_id": ["h"], "approved_places": 1, "age_min": 0, "age_max": 17,
    ...                       "education": [1], "contact": [2]})
    >>> added_place(pose(children, homes, domains=["education", "contact"])).headline()
    'A home that can meet any need in education is the most useful single strength'
    """
    kinds = kinds_of_home(problem) if kinds is None else kinds
    names = [str(kind) for kind in kinds["kind"]]
    n = problem.shape[0]
    reason = "no child with known needs is to be matched" if not n else ""
    if reason or not problem.shape[1]:
        reason = reason or "no home has a free place"
        none = Estimates.of(Estimate.not_estimable(_TERM, n=n, reason=reason, group=name) for name in names)
        return Recruits(none, none, {}, kinds)
    drawn = np.array([_values(problem, kinds)])
    if reliability < 1:
        again = redraws(problem, reliability=reliability, draws=draws, seed=seed)
        drawn = np.array([_values(each, kinds) for each in again])
    usual = names.index(TYPICAL) if TYPICAL in names else None
    more = drawn if usual is None else drawn - drawn[:, [usual]]
    said = partial(_estimate, level=level, n=n, ranged=reliability < 1)
    each_kind = [said(_TERM, drawn[:, at], name) for at, name in enumerate(names)]
    order = [at for at in np.argsort(-more.mean(axis=0), kind="stable") if at != usual]
    beyond = [said(_BEYOND, more[:, at], names[at]) for at in order]
    one = [at for at, name in enumerate(names) if name not in (TYPICAL, ABLE)]
    leads = np.bincount(drawn[:, one].argmax(axis=1), minlength=len(one)) / len(drawn) if one else np.zeros(0)
    first = {names[at]: float(share) for at, share in zip(one, leads, strict=True)}
    return Recruits(Estimates.of(each_kind), Estimates.of(beyond), first, kinds)


def _estimate(term: str, drawn: np.ndarray, name: str, *, level: float, n: int, ranged: bool) -> Estimate:
    low, high = predicted(drawn, level) if ranged else (None, None)
    return Estimate(term, float(drawn.mean()), low, high, level, n, "levels", METHOD, group=name, span=SPAN)


def _values(problem: Problem, kinds: pd.DataFrame) -> np.ndarray:
    """Levels by which the least total falls with one place of each kind."""
    alone = singles(assign(problem))
    if not len(alone.rows):
        return np.zeros(len(kinds))
    gone = alone.own + np.r_[_added(alone), 0.0][alone.home]
    new = replace(
        problem, home_ids=kinds["kind"].to_numpy(dtype=object), places=np.ones(len(kinds), dtype=np.int64),
        capability=kinds[list(problem.domains)].to_numpy(dtype=float),
        approved=kinds[["age_min", "age_max"]].to_numpy(dtype=float), miles=None,
        present=np.full(problem.shape[0], NO_HOME),
        rules=replace(problem.rules, most_miles=np.inf, mile_levels=0.0),
    )  # fmt: skip
    cost = Gaps(new).cost(alone.rows, ties=False)
    return np.maximum((gone[:, None] - cost).max(axis=0), 0.0)


def _added(alone: Singles) -> np.ndarray:
    """Levels by which the total falls with one more place in each home there is."""
    worth = np.zeros(len(alone.places))
    pool = alone.flow.pool
    start = alone.home[pool.child]
    used = start != pool.home
    fall = (alone.own[pool.child] - pool.cost)[used]
    start, end = start[used], pool.home[used]
    for _ in range(len(worth) + 1):
        new = worth.copy()
        np.maximum.at(new, end, fall + np.r_[worth, 0.0][start])
        if not (new > worth + 1e-12).any():
            break
        worth = new
    return worth
