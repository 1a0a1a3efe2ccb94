"""Trials of change between assessments: does anything change when nothing does, and is a true change covered?"""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Trial
from tests.validity.planted import generator, rated
from vcanalysis.analysis import change


def pair(first, second, **columns):
    return pd.DataFrame({"b": first, "a": second, **columns})


def with_raters(rng, n, posts, shared):
    """Two ratings a year or two apart: social workers come and go, and each leans to rate high or low."""
    leaving = np.cumsum(rng.exponential(1.7, (posts, 12)), axis=1)
    start = rng.uniform(0, 2.5, n)
    end = np.minimum(start + rng.uniform(0.5, 3.5, n), 4)
    first = rng.integers(0, posts, n)
    second = np.where(rng.random(n) < 0.3, first, rng.integers(0, posts, n))
    raters = [
        post * 12 + np.minimum((on[:, None] >= leaving[post]).sum(axis=1), 11)
        for post, on in ((first, start), (second, end))
    ]
    leaning = rng.normal(0, shared, posts * 12)
    true = rng.normal(10, 4.5, n)
    scores = [true + leaning[who] + rng.normal(0, 2.3, n) for who in raters]
    return pair(*scores, r0=raters[0], r1=raters[1])


AGAINST = change.Yardstick(2.3, threshold=14, population_mean=10.0)


def raw(seed, n, posts, shared):
    frame = with_raters(generator(seed), n, posts, shared)
    return change.need_change(frame, before="b", after="a", against=AGAINST, cluster=["r0", "r1"]).raw


def mee_chua(seed, n, cut, effect):
    """Children picked for a high first score out of a population with mean 0; b of the line is the reliability."""
    rng = generator(seed)
    first, second = rated(rng, rng.standard_normal(n), 0.7)
    picked = first > cut
    frame = pair(first[picked], second[picked] + effect)
    return change.change_beyond_regression(frame, before="b", after="a", population_mean=0.0)


def given_slope(seed, n):
    """The neediest third, held against the slope and the mean of everyone in the same council."""
    frame = with_raters(generator(seed), n, 19, 2.0)
    frame["high"] = frame["b"] > frame["b"].quantile(2 / 3)
    return change.change_beyond_regression(
        frame, before="b", after="a", population_mean=10.0, selected="high", cluster=["r0", "r1"]
    )


def reliable(seed, twice):
    """Nothing changes; rating error is estimated from children rated twice."""
    rng = generator(seed)
    error = rated(rng, rng.standard_normal(twice), 0.7)
    known = change.rating_error(
        pd.DataFrame({"pair": [*range(twice)] * 2, "s": error.ravel()}), subject="pair", score="s"
    )
    frame = pair(*rated(rng, rng.standard_normal(300), 0.7))
    return change.need_change(
        frame, before="b", after="a", against=change.Yardstick(known, threshold=1.0)
    ).improved


def blomqvist(seed):
    """True slope of change on true first score: -.3."""
    rng = generator(seed)
    true, noise = rng.standard_normal(250), np.sqrt(1 / 0.7 - 1)
    first = true + rng.normal(0, noise, 250)
    later = 0.7 * true + rng.normal(0, 0.3, 250) + rng.normal(0, noise, 250)
    return change.blomqvist(pair(first, later), before="b", after="a", reliability=0.7)


def oldham(seed):
    rng = generator(seed)
    return change.oldham(pair(*rated(rng, rng.standard_normal(150), 0.6)), before="b", after="a")


def crossed(seed):
    rng = generator(seed)
    first, second = rated(rng, rng.standard_normal(120), 0.7)
    return change.need_change(
        pair(first, second), before="b", after="a", against=change.Yardstick(1.0, threshold=1.5)
    ).crossed


TRIALS: tuple[Trial, ...] = (
    Coverage(
        "Mean change, shared raters",
        "420 children rated by about 60 people",
        0.0,
        partial(raw, n=420, posts=19, shared=2.0),
    ),
    Coverage(
        "Mean change, few raters",
        "120 children rated by about 25 people",
        0.0,
        partial(raw, n=120, posts=8, shared=2.0),
    ),
    Coverage(
        "Mean change, raters alike",
        "420 children, raters do not differ",
        0.0,
        partial(raw, n=420, posts=19, shared=0.0),
        gate=(93.6, 98.0),
    ),
    Coverage(
        "Change beyond regression, Mee and Chua, null",
        "300 children, those above 1 kept",
        0.0,
        partial(mee_chua, n=300, cut=1.0, effect=0.0),
    ),
    Coverage(
        "Change beyond regression, Mee and Chua",
        "300 children, those above 0 kept, true fall .3",
        -0.3,
        partial(mee_chua, n=300, cut=0.0, effect=-0.3),
    ),
    Coverage(
        "Change beyond regression, slope of everyone",
        "neediest third of 420 children, about 60 raters",
        0.0,
        partial(given_slope, n=420),
    ),
    Coverage(
        "Reliable improvement by chance, error estimated",
        "300 children, 150 rated twice",
        0.025,
        partial(reliable, twice=150),
        gate=(93.6, 98.0),
    ),
    Coverage("Blomqvist's slope", "250 children, reliability .7 known, slope -.3", -0.3, blomqvist),
    Coverage("Oldham's correlation, null", "150 children, nothing changes", 0.0, oldham),
    Coverage(
        "Share over a threshold, null", "120 children, nothing changes", 0.0, crossed, gate=(93.6, 98.0)
    ),
)
