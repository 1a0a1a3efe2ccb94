"""Moves between settings from census to census, where a phase of education changes and where none does."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.send.fit import FEWEST, share_of
from vcanalysis.core.columns import cost_column, flag_column, number_column, require_columns
from vcanalysis.core.estimate import Estimate, Estimates

PHASES = (0, 4, 11, 16, 26)  # age on 31 August before: before school, primary, secondary, after 16


def pairs_of(frame: pd.DataFrame, *, child: str, census: str) -> pd.DataFrame:
    """Put each person's row beside the one of the census before, `_before` behind its names."""
    require_columns(frame, child, census)
    days = sorted(frame[census].dropna().unique())
    before = dict(pairwise(days))
    first = frame.assign(_at=frame[census].map(before).astype(frame[census].dtype)).dropna(subset=["_at"])
    return first.merge(frame, left_on=[child, "_at"], right_on=[child, census], suffixes=("_before", ""))


def moves_between(
    frame: pd.DataFrame, *, child: str, census: str, specialist: str, age: str, level: float = 0.95
) -> Estimates:
    """Give the shares that move to and from specialist settings between two censuses.

    Parameters
    ----------
    frame : DataFrame
        One row per person with a plan and census.
    child, census : str
        Columns of the person and of the day of the census.
    specialist : str
        Column of truth values.
    age : str
        Column of age in whole years on 31 August before the census.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        From mainstream to specialist, with and without a change of phase (at 4, 11 and 16); from specialist to
        mainstream. A person counts once a pair of censuses; who moved is no longer at risk of the same move, so that
        the pairs are as good as independent. Wilson intervals.

    Notes
    -----
    Both plans must run on both days: who left is not in the pair, so the shares are among those who stayed.

    Examples
    --------
    >>> day = pd.to_datetime(["2018-01-18", "2019-01-17"])
    >>> frame = pd.DataFrame({"child": np.repeat(range(20), 2), "census": list(day) * 20, "age": [8, 9] * 20,
    ...                       "special": [False, False] * 15 + [False, True] * 5})
    >>> names = {"child": "child", "census": "census", "specialist": "special", "age": "age"}
    >>> moves_between(frame, **names)[1].value
    0.25
    """
    both = pairs_of(frame, child=child, census=census)
    was, now = flag_column(both, f"{specialist}_before")[0], flag_column(both, specialist)[0]
    ages = [number_column(both, name) for name in (f"{age}_before", age)]
    phase = np.digitize(ages[0], PHASES) != np.digitize(ages[1], PHASES)
    kinds = (
        ("Mainstream to specialist in a year", "phase changes", ~was & phase, now),
        ("Mainstream to specialist in a year", "same phase", ~was & ~phase, now),
        ("Specialist to mainstream in a year", "all", was, ~now),
    )
    return Estimates.of(
        share_of(int((at & then).sum()), int(at.sum()), term=term, group=group, level=level)
        for term, group, at, then in kinds
    )


def a_year_later(
    frame: pd.DataFrame, *, child: str, census: str, specialist: str, cost: str, need: str, age: str
) -> pd.DataFrame:
    """Give those in specialist settings beside their own place a year later: who moved, and what either place cost.

    Parameters
    ----------
    frame : DataFrame
        One row per person with a plan and census.
    child, census, specialist, cost, need, age : str
        Columns of the person, the census, truth values, yearly pounds, total need and age in whole years.

    Returns
    -------
    DataFrame
        One row per person and pair of censuses, private: child_id, moved and stayed (to mainstream, or not),
        need_before, age_before, gbp_before, gbp_after, fall_gbp. Who left is in none.

    Notes
    -----
    What a move saved is not the fall in cost of those who moved: prices rise meanwhile, and those who move may have
    cost less to begin with. Hold it against those who stayed, and against those of them who were alike.

    Examples
    --------
    >>> day = pd.to_datetime(["2018-01-18", "2019-01-17"])
    >>> frame = pd.DataFrame({"child": ["a", "a", "b", "b"], "census": list(day) * 2, "age": 9, "need": 4,
    ...                       "special": [True, False, True, True], "gbp": [30.0, 10.0, 30.0, 31.0]})
    >>> names = {"child": "child", "census": "census", "specialist": "special", "cost": "gbp", "need": "need"}
    >>> a_year_later(frame, **names, age="age")[["moved", "fall_gbp"]].values.tolist()
    [[True, 20.0], [False, -1.0]]
    """
    require_columns(frame, cost, need, age)
    both = pairs_of(frame, child=child, census=census)
    was, now = flag_column(both, f"{specialist}_before")[0], flag_column(both, specialist)[0]
    before, after = cost_column(both, f"{cost}_before"), cost_column(both, cost)
    made = pd.DataFrame(
        {
            "child_id": both[child],
            "moved": ~now,
            "stayed": now,
            "need_before": number_column(both, f"{need}_before"),
            "age_before": number_column(both, f"{age}_before"),
            "gbp_before": before,
            "gbp_after": after,
            "fall_gbp": before - after,
        }
    )
    return made[was].reset_index(drop=True)


def need_over_time(
    frame: pd.DataFrame, *, child: str, census: str, areas: Sequence[str], age: str, level: float = 0.95
) -> Estimates:
    """Give the mean yearly change of total need by phase of education, errors by person.

    Parameters
    ----------
    frame : DataFrame
        One row per person and census.
    child, census, age : str
        Columns of the person, the census and age in whole years.
    areas : sequence of str
        Columns of levels of need; rows that lack one are left out.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        Points a year among all, and by phase at the earlier census. Everybody who stays is in it, whatever the first
        rating was, so that no group is chosen for being high and must fall by chance.

    Examples
    --------
    >>> day = pd.to_datetime(["2018-01-18", "2019-01-17"])
    >>> frame = pd.DataFrame({"child": np.repeat(range(20), 2), "census": list(day) * 20, "age": [8, 9] * 20,
    ...                       "a": [1, 2, 1, 1] * 10})
    >>> need_over_time(frame, child="child", census="census", areas=["a"], age="age")[0].value
    0.5
    """
    total = np.column_stack([number_column(frame, area) for area in areas]).sum(axis=1)
    both = pairs_of(frame[[child, census, age]].assign(_total=total), child=child, census=census)
    change = number_column(both, "_total") - number_column(both, "_total_before")
    phase = np.digitize(number_column(both, f"{age}_before"), PHASES)
    names = ("before school", "primary", "secondary", "after 16")
    known, person = ~np.isnan(change), pd.factorize(both[child])[0]
    groups = [("all", known), *((name, known & (phase == k)) for k, name in enumerate(names, 1))]
    return Estimates.of(_mean(change[at], person[at], group, level) for group, at in groups)


def _mean(change: np.ndarray, person: np.ndarray, group: str, level: float) -> Estimate:
    """Give a mean with an error that adds up what belongs to one person."""
    term, method = "Change of total need in a year", "mean of pairs; errors by person, t interval"
    people = len(np.unique(person))
    if people < FEWEST:
        reason = f"at least {FEWEST} people are needed"
        return Estimate.not_estimable(term, n=people, reason=reason, group=group, method=method, of="people")
    mean = float(change.mean())
    sums = np.bincount(person, change - mean)
    error = float(np.sqrt((sums**2).sum() * people / (people - 1))) / len(change)
    half = float(stats.t.ppf(0.5 + level / 2, people - 1)) * error
    made = Estimate(
        term, mean, mean - half, mean + half, level, people, "points", method, group, error, of="people"
    )
    return made.unless_alike(reason="all changed alike")
