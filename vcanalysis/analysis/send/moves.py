"""Moves between settings from census to census, where a phase of education changes and where none does."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd

from vcanalysis.analysis.send.fit import FEWEST, share_of
from vcanalysis.core.columns import cost_column, flag_column, number_column, require_columns
from vcanalysis.core.estimate import Estimates

PAIRS = "pairs of censuses"  # a person is in one for each year
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
        share_of(
            int((at & then).sum()), _enough(both.loc[at, child]), term=term, group=group, level=level
        ).named(of=PAIRS)
        for term, group, at, then in kinds
    )


def _enough(people: pd.Series) -> int:
    """Give the pairs of censuses, or the people where these are too few: one counts in several pairs."""
    each = people.nunique()
    return len(people) if each >= FEWEST else each


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
