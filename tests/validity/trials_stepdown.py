"""Trials of step-down: calibration, the probability as a whole, the pipeline, fairness, the bounds of a contract."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy.special import expit

from tests.validity.laboratory import Coverage, Rate, Rejection, Trial, excluded, remembered
from tests.validity.planted import competing, generator
from vcanalysis.analysis import stepdown
from vcanalysis.analysis.stepdown.calibration import AREA, BRIER, LARGE, SLOPE
from vcanalysis.analysis.stepdown.contract import BEST, WORST
from vcanalysis.core.survival import Watch, kaplan_meier

SHIFT, BEND = 0.2, 0.8  # the outcome's log odds are SHIFT + BEND times those predicted
RECIPE = stepdown.Recipe(numbers=("need",), curves=("age",), kinds=("sex",), penalties=(0.01, 0.1, 1.0))
DAYS_TO_MOVE, DAYS_TO_LEAVE = 240.0, 900.0
STEPS = ("profiled", "move")
LOST = 0.35  # breakdowns a year after a move
TAU = 0.6


def predicted(seed, *, n=250, copies=1, size=1):
    """Probabilities too extreme by a known bend; with copies, children of one to so many rows that share all."""
    rng = generator(seed)
    score = rng.normal(0.5, 1.0, n * size)
    happened = rng.random(n * size) < expit(SHIFT + BEND * score)
    rows = pd.DataFrame({"p": expit(score), "happened": happened, "child": np.arange(n * size)})
    return rows.loc[np.repeat(rows.index, rng.integers(1, copies + 1, len(rows)))]


@remembered
def judgement(seed, **design):
    rows = predicted(seed, **design)
    return stepdown.calibration(rows, outcome="happened", probability="p", cluster="child")


def judged(seed, term, **design):
    return judgement(seed, **design).term(term)


@cache
def true_of(term):
    """Mean of 10 samples of 50,000 children."""
    return float(np.mean([judged(10**6 + k, term, n=50_000).value for k in range(10)]))


def council(seed, *, n=300, slope=0.35, children=0):
    """Children in homes and families; log odds of a family fall by `slope` for each point of need."""
    rng = generator(seed)
    need = np.clip(rng.normal(10, 4, n), 0, 36).round()
    rows = pd.DataFrame({"need": need, "age": rng.integers(4, 18, n), "sex": rng.choice(["F", "M"], n)})
    rows["true"] = expit(0.8 - slope * (need - 10))
    return rows.assign(family=rng.random(n) < rows["true"], child_id=np.arange(n))


@remembered
def fitted(seed, **design):
    rows = council(seed, **design)
    return rows, stepdown.family_probability(rows, family="family", recipe=RECIPE)


def slope_in_new_children_is_held(seed):
    """Whether the interval of the slope, from unseen children of 300, holds that in 20,000 new ones."""
    _, found = fitted(seed)
    fresh = council(seed + 10**6, n=20_000)
    read = RECIPE.read(fresh)
    score = found.fitted.score(read)
    raw = found.fitted.model.decision_function(found.fitted.columns.transform(read))
    inside = (raw >= found.overlap.low) & (raw <= found.overlap.high)
    if np.ptp(score[inside]) < 1e-9:
        return False
    line = sm.GLM(
        fresh["true"][inside].to_numpy(), sm.add_constant(score[inside]), family=sm.families.Binomial()
    )
    true, slope = line.fit().params[1], found.validation.term(SLOPE)
    return slope.low is not None and slope.low <= true <= slope.high


def nothing_is_learnt_where_nothing_is(seed):
    rows, found = fitted(seed, slope=0.0)
    return (found.rows["probability"].dropna() - rows["family"].mean()).abs().mean() < 0.06


def area_seems_above_a_half(seed):
    _, found = fitted(seed, slope=0.0)
    area = found.validation.term(AREA)
    return area.low is not None and area.low > 0.5


def planted_children_are_found(seed):
    """Whether 85 in 100 of the children in homes are put on the right side of the screen."""
    rows, found = fitted(seed, n=500)
    at = rows.join(found.rows[["probability", "comparable"]]).assign(
        placement_type=np.where(rows["family"], "Agency fostering", "Residential home"),
        ls="C2", weeks_in_placement=30, need_age_days=10, rated_share=1.0, vetoed=rows["need"] >= 16, wishes=True,
    )  # fmt: skip
    screened = stepdown.screen(at, rules=stepdown.Rules(least_probability=TAU)).among("in_a_home")
    mine = at.loc[screened.table.index]
    planted = (mine["true"] >= TAU) & ~mine["vetoed"]
    return ((screened.table["status"] == "for review") == planted).mean() >= 0.85


@remembered
def profiles(seed, *, n=80, years=3.0):
    """Children profiled over the years; a move and leaving otherwise compete, seen to the end of the last year."""
    rng = generator(seed)
    waits, which = competing(rng, n, (1 / DAYS_TO_MOVE, 1 / DAYS_TO_LEAVE))
    start = pd.Timestamp("2016-01-01") + pd.to_timedelta(rng.integers(0, int(365 * years), n), unit="D")
    on = pd.Series(start + pd.to_timedelta(np.ceil(waits), unit="D"))
    stay = rng.exponential(1 / LOST, n) * 365.25
    broke = on + pd.to_timedelta(np.ceil(stay), unit="D")
    rows = pd.DataFrame(
        {"profiled": start, "move": on.where(which == 1), "left": on.where(which == 2), "ended": broke}
    )
    day = pd.Timestamp("2016-01-01") + pd.Timedelta(days=365 * years + 365)
    up = rows["move"] + pd.Timedelta(weeks=52)
    lost = (broke <= up) & (broke <= day)
    flag = pd.Series(np.where(lost, 0.0, np.where(up <= day, 1.0, np.nan))).where(rows["move"].notna())
    rows["sustained_52_weeks"] = flag.map({0.0: False, 1.0: True}).astype("boolean")
    return stepdown.pipeline(rows, day=day, steps=STEPS, left="left")


def share_moved_so_far(seed):
    return stepdown.pipeline(profiles(seed, n=60, years=2.0).rows, day="2019-12-31", steps=STEPS).reached()[0]


def true_share_so_far():
    """Profiled evenly over two years, seen until the last day of 2018."""
    rate = 1 / DAYS_TO_MOVE + 1 / DAYS_TO_LEAVE
    seen = np.linspace(1095 - 729, 1095, 20_001)
    return float(np.mean(1 / DAYS_TO_MOVE / rate * (1 - np.exp(-rate * seen))))


def true_median():
    rate = 1 / DAYS_TO_MOVE + 1 / DAYS_TO_LEAVE
    return float(-np.log(1 - 0.5 * rate * DAYS_TO_MOVE) / rate)


def true_within(days=182.0):
    rate = 1 / DAYS_TO_MOVE + 1 / DAYS_TO_LEAVE
    return float((1 - np.exp(-rate * days)) / (rate * DAYS_TO_MOVE))


def few_moves_are_held(seed, n=30):
    """Whatever the truth between 10 and 90 per cent: at any one of them a count covers in steps."""
    rng = generator(seed)
    true = rng.uniform(0.1, 0.9)
    found = stepdown.posterior_share(int(rng.binomial(n, true)), n, term="sustained")
    return found.low <= true <= found.high


def prior_is_calibrated(seed):
    """The truth of each council is drawn from the prior itself."""
    rng = generator(seed)
    true = rng.beta(13, 13)
    found = stepdown.posterior_share(int(rng.binomial(8, true)), 8, term="sustained", prior=(13, 13))
    return found.low <= true <= found.high


def next_children_are_held(seed):
    rng = generator(seed)
    true = rng.beta(2, 3)
    first, after = rng.binomial(24, true), rng.binomial(20, true)
    found = stepdown.expect_of_next(int(first), 24, next_children=20, term="moves", prior=(2, 3))
    return found.low <= after <= found.high


def even_groups(seed, bent=0.0):
    rng = generator(seed)
    score = rng.normal(0.4, 0.9, 300)
    rows = pd.DataFrame({"p": expit(score), "sex": rng.choice(["F", "M"], 300)})
    rows["family"] = rng.random(300) < np.clip(rows["p"] + bent * rows["sex"].eq("F"), 0, 1)
    about = {"outcome": "family", "probability": "p", "threshold": 0.5, "groups": {"Sex": "sex"}}
    return stepdown.fairness(rows, **about)


def contracts(seed, started=60):
    """A contract whose children began over 130 weeks, as published: counts alone; and with its times."""
    rng = generator(seed)
    begun = rng.uniform(0, 130, started)
    stay = rng.exponential(52 / 0.6, started)
    seen = np.minimum(130 - begun, 52)
    ended = stay <= seen
    reached = int(((stay > 52) & (seen >= 52)).sum())
    current = int((~ended & (seen < 52)).sum())
    rows = pd.DataFrame({"weeks": np.minimum(stay, seen), "end": ended})
    return stepdown.Contract(started, reached, current), rows


def times_lie_within_the_bounds(seed):
    contract, rows = contracts(seed)
    found = stepdown.contract_survival(contract)
    known = kaplan_meier(rows, Watch("weeks", "end")).at(rows["weeks"].max()).value
    return found.group(WORST).value - 1e-9 <= known <= found.group(BEST).value + 1e-9


def contract_holds_the_truth(seed):
    whole = stepdown.whatever_the_times(stepdown.contract_survival(contracts(seed)[0]))
    return whole.low <= np.exp(-0.6) <= whole.high


DRAWN = "250 children, probabilities too extreme"
TRIALS: tuple[Trial, ...] = (
    Coverage(
        "Calibration slope of given probabilities", DRAWN, BEND, lambda s: judged(s, SLOPE), run="judged"
    ),
    Coverage(
        "Calibration slope, children with several rows",
        "150 children of 1 to 4 equal rows, robust to children",
        BEND,
        lambda s: judged(s, SLOPE, n=150, copies=4),
        run="judged twice",
    ),
    Coverage(
        "Calibration in the large", DRAWN, lambda: true_of(LARGE), lambda s: judged(s, LARGE), run="judged"
    ),
    Coverage("Brier score", DRAWN, lambda: true_of(BRIER), lambda s: judged(s, BRIER), run="judged"),
    Coverage("Area under the curve", DRAWN, lambda: true_of(AREA), lambda s: judged(s, AREA), run="judged"),
    Coverage(
        "Area under the curve, children with several rows",
        "150 children of 1 to 4 equal rows, robust to children",
        lambda: true_of(AREA),
        lambda s: judged(s, AREA, n=150, copies=4),
        run="judged twice",
    ),
    Rate(
        "Calibration slope of the whole procedure",
        "300 children; the interval from unseen children holds the slope in 20,000 new ones",
        slope_in_new_children_is_held,
        (93.6, 96.4),
        ci=10,
        known="The interval holds the noise of the children judged, not that of the children learnt from, so it is too "
        "narrow for the slope of this one model in new children: 73 in 100 of 300 replicates. Given probabilities, "
        "judged on other children, are held (first trial). Not tried yet: the correction of Nadeau and Bengio (2003), "
        "nested errors of Bates, Hastie and Tibshirani (2023).",
    ),
    Rate(
        "No discrimination: probabilities near the base rate",
        "300 children, need says nothing: mean distance from the base rate below 6 points",
        nothing_is_learnt_where_nothing_is,
        (95.0, 100.0),
        run="nothing to learn",
        ci=20,
    ),
    Rate(
        "No discrimination: area clearly above one half",
        "300 children, need says nothing; one side of a 95% interval",
        area_seems_above_a_half,
        (0.0, 3.5),
        run="nothing to learn",
        ci=20,
    ),
    Rate(
        "Planted eligibility recovered",
        "500 children; 85 in 100 of those in homes on the right side of the screen",
        planted_children_are_found,
        (90.0, 100.0),
        ci=20,
    ),
    Coverage(
        "Share moved so far", "60 profiles over two years, Wilson", true_share_so_far, share_moved_so_far
    ),
    Coverage(
        "Median days to a move, with leaving otherwise",
        "80 profiles over three years, a third still waiting",
        true_median,
        lambda s: profiles(s).median_days()[0],
        run="profiles",
        ci=100,
    ),
    Coverage(
        "Moved within 26 weeks, with leaving otherwise",
        "80 profiles over three years",
        true_within,
        lambda s: profiles(s).within(26),
        run="profiles",
    ),
    Coverage(
        "Still in a family at 52 weeks",
        "120 profiles; children whose weeks are up, Wilson",
        float(np.exp(-LOST * 364 / 365.25)),
        lambda s: profiles(s, n=120).sustained([52])[0],
    ),
    Rate("Share of few, Jeffreys' prior", "30 moves, truth 10% to 90%", few_moves_are_held, (93.6, 96.4)),
    Rate(
        "Share of few with a prior",
        "8 moves, truth drawn from Beta(13, 13)",
        prior_is_calibrated,
        (93.6, 96.4),
    ),
    Rate(
        "Moves among the next children",
        "20 after 24, truth drawn from the prior; a count, so rather more than 95",
        next_children_are_held,
        (94.0, 99.0),
    ),
    Rejection(
        "Calibration gap of a group, none planted",
        "300 children of two sexes",
        lambda s: excluded(even_groups(s).calibration[0]),
    ),
    Rejection(
        "Gap in children missed, none planted",
        "300 children of two sexes, Newcombe",
        lambda s: excluded(even_groups(s).gaps[0]),
        gate=(2.5, 6.5),
    ),
    Rate(
        "Times of a contract lie within its bounds",
        "60 children, 130 weeks; survival with the true times between worst and best",
        times_lie_within_the_bounds,
        (100.0, 100.0),
    ),
    Rate(
        "A contract's interval whatever the times",
        "60 children, 130 weeks, counts alone; wider than 95% on purpose",
        contract_holds_the_truth,
        (95.0, 100.0),
    ),
)
