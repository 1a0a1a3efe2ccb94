"""Trials of impact: few councils of many, alike and unlike in variance, autocorrelated; what stands beside."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Rate, Rejection, Trial, remembered
from tests.validity.planted import generator
from vcanalysis.analysis import impact
from vcanalysis.analysis.impact.choices import overall_of
from vcanalysis.analysis.impact.design import read_design
from vcanalysis.analysis.impact.staggered import overall_reference

ABOUT = {"unit": "council", "time": "year", "outcome": "rate"}
YEARS, FIRST = 10, 2019  # 2016 to 2025, the first year with the programme
QUICK = impact.Settings(draws=399)
ALIKE, MORE, LESS = 1.0, 4.0, 0.25


def panel(
    seed, treated, *, councils=150, times=ALIKE, effect=0.0, lasting=0.6, late=0, sizes=False, years=YEARS
):
    """Councils with a level of their own and noise that lasts; those that start vary so many times as much.

    The last `late` of them start a year later; the effect is normal about its mean, the sd a quarter of it.
    """
    rng = generator(seed)
    noise = np.empty((councils, years))
    noise[:, 0] = rng.normal(size=councils)
    for t in range(1, years):
        noise[:, t] = lasting * noise[:, t - 1] + np.sqrt(1 - lasting**2) * rng.normal(size=councils)
    first = np.full(councils, np.inf)
    first[:treated], first[treated - late : treated] = FIRST, FIRST + 1 if late else FIRST
    noise[:treated] *= np.sqrt(times)
    own = effect * (1 + rng.normal(0, 0.25, (councils, 1)))
    year = 2026 - years + np.arange(years)
    rate = (
        60
        + rng.normal(0, 15, (councils, 1))
        + noise
        + rng.normal(0, 2, years)
        + own * (year >= first[:, None])
    )
    size = np.exp(rng.normal(6, 0.6, councils)) if sizes else np.ones(councils)
    made = {"council": np.repeat(np.arange(councils), years), "year": np.tile(year, councils)}
    starts = np.where(np.isinf(first), np.nan, first)
    return pd.DataFrame(made).assign(
        rate=rate.ravel(), start=np.repeat(starts, years), size=np.repeat(size, years)
    )


@remembered
def overall(seed, treated, times=ALIKE, effect=0.0, late=0, **settings):
    made = panel(seed, treated, times=times, effect=effect, late=late, sizes="weights" in settings)
    chosen = QUICK.but(**settings)
    design = read_design(made, **ABOUT, first_treated="start", settings=chosen)
    return overall_of(design, term="Effect", settings=chosen)


def chance(seed, treated, times):
    """p-value of the overall effect, as `staggered_effect` gives it, without its interval."""
    design = read_design(panel(seed, treated, times=times), **ABOUT, first_treated="start", settings=QUICK)
    return overall_reference(design, QUICK).p_value()


@remembered
def whole(seed, treated, times=ALIKE):
    made = panel(seed, treated, times=times, effect=-1.0)
    return impact.staggered_effect(made, **ABOUT, first_treated="start", settings=QUICK)


def apart_before(seed):
    made = panel(seed, 6, lasting=0.3)
    found = impact.staggered_effect(made, **ABOUT, first_treated="start", settings=QUICK)
    return float(found.event.p_value)


@remembered
def drifting(seed):
    """The six drift away by 0.5 a year, before and after: the bounds for once the move before hold the truth."""
    made = panel(seed, 6, effect=-1.0, lasting=0.3)
    made = made.assign(rate=made["rate"] + 0.5 * (made["year"] - 2016) * (made["council"] < 6))
    return impact.trend_bounds(made, **ABOUT, first_treated="start").by_multiple[2]


def found_at_the_minimum(seed):
    made = panel(seed, 6)
    power = impact.minimum_effect(made, **ABOUT, first_treated="start", settings=QUICK)
    moved = made.assign(rate=made["rate"] + power.minimum.value * (made["year"] >= made["start"]))
    design = read_design(moved, **ABOUT, first_treated="start", settings=QUICK)
    return overall_of(design, term="Effect", settings=QUICK).excludes()


@remembered
def one_against_donors(seed, effect=0.0):
    made = panel(seed, 1, councils=41, effect=0.0, years=14)
    made = made.assign(rate=made["rate"] + effect * (made["year"] >= made["start"]))
    return impact.synthetic_control(made, **ABOUT, treated=(0, FIRST))


def second_opinion(seed):
    made = panel(seed, 6, councils=60, effect=-1.0)
    settings = impact.Settings(draws=99)
    return impact.synthetic_did(made, **ABOUT, first_treated="start", settings=settings).effect


def two_periods(seed):
    made = panel(seed, 5, effect=-1.0).assign(on=lambda f: f["council"] < 5)
    years = (range(2016, 2019), range(2019, 2026))
    return impact.two_period_did(made, **ABOUT, treated="on", periods=years, settings=QUICK).overall


def slope(seed, councils):
    """Both the column and what is left of the outcome last from year to year."""
    made = panel(seed, 0, councils=councils)
    need = panel(10_000 + seed, 0, councils=councils)["rate"]
    made = made.assign(rate=made["rate"] + 0.3 * need, need=need)
    return impact.panel_fe(made, **ABOUT, terms=["need"]).slopes[0]


def series(seed, length, lasting):
    rng = generator(seed)
    noise = np.empty(length)
    noise[0] = rng.normal()
    for t in range(1, length):
        noise[t] = lasting * noise[t - 1] + np.sqrt(1 - lasting**2) * rng.normal()
    at = np.arange(length)
    made = pd.DataFrame({"at": at, "moves": 20 + 0.1 * at + noise - 2.0 * (at >= length // 2)})
    return impact.interrupted_series(made, time="at", outcome="moves", start=length // 2).estimates[0]


SEEDS_OF_FIVE = (
    "rather chance than the test, which is exact where councils are alike, every deal being as likely: the seeds are "
    "the same for all three ways councils vary, and 2, 3, 4 and 6 councils lie at 4.0% to 5.0%"
)
SHORT_SERIES = (
    "a point too wide: sixteen points say little of their own autocorrelation, and the error allows for that; with 40 "
    "points it holds"
)
VARIANCES = {ALIKE: "as the others", MORE: "four times as much", LESS: "a quarter as much"}
TRIALS: tuple[Trial, ...] = (
    *(
        Rejection(
            f"Programme of {k} councils, varying {words}",
            f"{k} of 150 councils over 10 years, autocorrelation 0.6, no effect",
            lambda s, k=k, times=times: chance(s, k, times),
            ci=60,
            known=SEEDS_OF_FIVE if k == 5 else "",
        )
        for times, words in VARIANCES.items()
        for k in (2, 3, 4, 5, 6)
    ),
    *(
        Coverage(
            f"Effect of a programme, {k} councils varying {VARIANCES[times]}",
            f"{k} of 150 councils, autocorrelation 0.6, effects that differ",
            -1.0,
            lambda s, k=k, times=times: overall(s, k, times, -1.0),
            ci=60,
        )
        for k, times in ((2, ALIKE), (6, ALIKE), (6, MORE), (6, LESS))
    ),
    Coverage(
        "Effect of a programme, one council later",
        "6 of 150 councils, the last starts a year later",
        -1.0,
        lambda s: overall(s, 6, ALIKE, -1.0, 1),
        ci=60,
    ),
    Coverage(
        "Effect of a programme, group-time",
        "6 of 150 councils, the last starts a year later",
        -1.0,
        lambda s: overall(s, 6, ALIKE, -1.0, 1, estimator="group-time"),
        ci=60,
    ),
    Coverage(
        "Effect of a programme, weighted",
        "6 of 150 councils of unequal size",
        -1.0,
        lambda s: overall(s, 6, ALIKE, -1.0, weights="size"),
        ci=60,
    ),
    Coverage(
        "Effect of a programme, Welch",
        "6 of 150 councils",
        -1.0,
        lambda s: whole(s, 6).welch,
        ci=60,
        run="whole programme",
    ),
    Coverage(
        "Effect in the third year, Welch",
        "6 of 150 councils",
        -1.0,
        lambda s: whole(s, 6).event.estimates().group("year 3"),
        ci=60,
        run="whole programme",
    ),
    Rejection("Moved apart before the start", "6 of 150 councils, none did", apart_before, ci=60),
    Rate(
        "Bounds for trends as unlike as before hold the effect",
        "6 of 150 councils that drift by 0.5 a year",
        lambda s: bool(drifting(s).low <= -1.0 <= drifting(s).high),
        (93.6, 100.0),
        ci=60,
    ),
    Rate(
        "Smallest effect found four times in five",
        "6 of 150 councils, that effect planted",
        found_at_the_minimum,
        (76.0, 84.0),
        ci=100,
    ),
    Rejection(
        "Rank of a synthetic control among placebos",
        "1 of 41 councils, 7 years before",
        lambda s: one_against_donors(s).p_value,
        ci=60,
        run="synthetic control",
    ),
    Coverage(
        "Gap of a synthetic control",
        "1 of 41 councils, 7 years before",
        0.0,
        lambda s: one_against_donors(s).effect,
        ci=60,
        run="synthetic control",
    ),
    Coverage(
        "Synthetic difference in differences",
        "6 of 60 councils",
        -1.0,
        second_opinion,
        ci=12,
    ),
    Coverage("Difference of two periods", "5 of 150 councils", -1.0, two_periods, ci=60),
    *(
        Coverage(
            f"Slope within {g} councils",
            "10 years, column and outcome last from year to year",
            0.3,
            lambda s, g=g: slope(s, g),
            ci=60,
        )
        for g in (12, 150)
    ),
    *(
        Coverage(
            f"Interrupted series of {n}, autocorrelation {rho:g}",
            "step half-way, slope may change",
            -2.0,
            lambda s, n=n, rho=rho: series(s, n, rho),
            ci=60,
            known=SHORT_SERIES if n == 16 else "",
        )
        for n, rho in ((16, 0.3), (40, 0.3), (40, 0.6))
    ),
)
