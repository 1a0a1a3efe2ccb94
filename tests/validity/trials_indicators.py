"""Trials of the two stability indicators of the Department for Education, on children who move at their own pace."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from tests.validity.laboratory import Coverage, Trial
from tests.validity.planted import generator
from vcanalysis.analysis import stability

DAY = pd.Timestamp("2019-03-31")
PACE, ALIKE = 0.6, 1.5  # moves a year on average; shape of the gamma spread between children
YEAR = 365.25


def spells(seed, *, least, children):
    """All placements of children in care for `least` to 8 years on the day, and of some who left before it."""
    rng = generator(seed)
    here = rng.random(children) < 0.9
    years = rng.uniform(least, 8, children)
    pace = PACE * rng.gamma(ALIKE, 1 / ALIKE, children)
    gaps = rng.exponential(size=(children, 60)) / pace[:, None]
    start = np.concatenate([np.zeros((children, 1)), np.cumsum(gaps, axis=1)], axis=1)
    left = np.where(here, np.inf, years - 0.1)  # those who left did so weeks before the day
    child, order = np.nonzero(start[:, :-1] < np.minimum(years, left)[:, None])
    begun, until = start[child, order], np.minimum(start[child, order + 1], left[child])
    day = DAY - pd.to_timedelta(np.round(YEAR * years), unit="D")
    from_, to = (
        day[child] + pd.to_timedelta(np.round(YEAR * part), unit="D")
        for part in (begun, np.minimum(until, 40))
    )
    age = rng.uniform(0, 7.9, children)  # under 16 on the day
    frame = {
        "child_id": child,
        "care_start": day[child],
        "start": from_,
        "end": pd.Series(to).where(to <= DAY),
    }
    return pd.DataFrame({**frame, "placement_type": "In-house fostering", "age_years": age[child] + begun})


def many_moves(seed):
    return stability.three_or_more_placements(spells(seed, least=1.1, children=180), day=DAY)


def long_stays(seed):
    return stability.long_term_stability(spells(seed, least=2.6, children=140), day=DAY)


def of_moves(most, years):
    """Chance of at most so many moves over years: negative binomial, as children differ in pace."""

    return float(stats.nbinom.cdf(most, ALIKE, 1 / (1 + PACE * years / ALIKE)))


TRIALS: tuple[Trial, ...] = (
    Coverage(
        "Three or more placements in the year",
        "about 160 children who move at their own pace",
        lambda: 1 - of_moves(1, 1.0),
        many_moves,
    ),
    Coverage(
        "In one placement for two years",
        "about 125 children in care for 2.5 years or more",
        partial(of_moves, 0, 2.0),
        long_stays,
    ),
)
