"""Trials of change beyond the mean of one score: reliable change, all domains, SDQ, those not seen again."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from tests.validity.laboratory import Coverage, Rate, Trial, remembered
from tests.validity.planted import generator, rated
from vcanalysis.analysis import association, change

NOISE = float(np.sqrt(1 / 0.7 - 1))  # error of a rating of reliability .7
HELPED, HELP = 1 / 3, 1.5  # share of children whose true need falls, and by how much


def pair(first, second):
    return pd.DataFrame({"b": first, "a": second})


def some_improve(seed, side):
    """The true need of a third falls; rating error is estimated from 150 other children rated twice."""
    rng = generator(seed)
    twice = rated(rng, rng.standard_normal(150), 0.7)
    ratings = pd.DataFrame({"pair": [*range(150)] * 2, "s": twice.ravel()})
    error = change.rating_error(ratings, subject="pair", score="s")
    first, second = rated(rng, rng.standard_normal(200), 0.7)
    fall = HELP * (rng.random(200) < HELPED)
    against = change.Yardstick(error, threshold=1.0)
    return getattr(
        change.need_change(pair(first, second - fall), before="b", after="a", against=against), side
    )


def share_beyond(side):
    limit = stats.norm.ppf(0.975)
    fall = HELP / (np.sqrt(2) * NOISE) * (1 if side == "improved" else -1)
    return float(HELPED * stats.norm.sf(limit - fall) + (1 - HELPED) * 0.025)


def blomqvist(seed):
    """True slope of change on true first score -.3; the reliability is estimated from others rated twice."""
    rng = generator(seed)
    twice = rated(rng, rng.standard_normal(150), 0.7)
    ratings = pd.DataFrame({"pair": [*range(150)] * 2, "s": twice.ravel()})
    known = association.reliability(ratings, subject="pair", score="s")
    true = rng.standard_normal(250)
    first = true + rng.normal(0, NOISE, 250)
    later = 0.7 * true + rng.normal(0, 0.3, 250) + rng.normal(0, NOISE, 250)
    return change.blomqvist(pair(first, later), before="b", after="a", reliability=known)


FOUR = ["c", "d", "e", "f"]


def unchanged(seed, n=300):
    """Four domains whose changes are correlated .5 through the day's rating: all fall in 1 of 5 samples (Sheppard)."""
    rng = generator(seed)
    lasting, day = rng.normal(size=(n, 4)), rng.normal(size=(2, n, 1))
    scores = lasting + day + rng.normal(size=(2, n, 4))
    names = [f"{d}_{when}" for when in ("before", "after") for d in FOUR]
    return pd.DataFrame(np.concatenate([scores[0], scores[1]], axis=1), columns=names)


def chance_is_near(seed):
    found = change.chance_all_fall(unchanged(seed), domains=FOUR, seed=seed)
    return abs(found.value - 0.2) <= 0.03


def all_four_fall(seed):
    return change.count_falling(unchanged(seed), FOUR) == 4


ADDED, AT_RISK = 1.5, 60


def sdq_of(rng, n):
    """Two SDQ totals, impact and emotional score, whole numbers within their bounds; true added value 1.5."""
    trouble = rng.normal(0, 1, n)
    first = np.clip(np.round(20 + 5 * trouble + rng.normal(0, 2, n)), 0, 40)
    impact = rng.binomial(10, 1 / (1 + np.exp(0.8 - trouble)))
    feeling = rng.binomial(10, 1 / (1 + np.exp(0.4 - trouble)))
    expected = 2.3 + 0.8 * first + 0.2 * impact - 0.3 * feeling
    last = np.clip(np.round(expected - ADDED + rng.normal(0, 5, n)), 0, 40)
    return pd.DataFrame({"t0": first, "t1": last, "i": impact, "e": feeling})


def added_value(seed):
    frame = sdq_of(generator(seed), AT_RISK)
    return change.sdq_added_value(frame, before="t0", after="t1", impact="i", emotional="e")


def true_added_value():
    frame = sdq_of(generator(99), 400_000)
    return float((2.3 + 0.8 * frame["t0"] + 0.2 * frame["i"] - 0.3 * frame["e"] - frame["t1"]).mean())


WORSE = 1.5  # points by which those not seen again did worse than their like
UNSEEN = {"before": "b", "after": "a"}


def lost_to_sight(seed, n=300):
    """Need of those seen again falls; those not seen did worse, by as much as leaves no change in all."""
    rng = generator(seed)
    first = rng.normal(10, 4, n)
    seen = rng.random(n) < 0.6
    last = first - 0.4 * WORSE + rng.normal(0, 2.5, n)  # 0.4 of them are not seen
    return pair(first, np.where(seen, last, np.nan))


def at_the_true_shift(seed):
    return change.imputed_change(lost_to_sight(seed), **UNSEEN, imputations=20, shift=WORSE, seed=seed)


def tips_at_the_true_shift(seed):
    """Whether the fall survives a shift as large as the true one, so that the tipping point lies beyond it."""
    found = change.tipping_point(lost_to_sight(seed), **UNSEEN, imputations=20, seed=seed)
    return found.value > WORSE


@remembered
def skewed_needs(seed, kind, n=600):
    """Rated twice with error, half seen again, the lower at first the less often; nothing changes."""
    rng = generator(seed)
    if kind == "gamma":
        need, step = rng.gamma(3, 4, n), 5.0
    else:
        need, step = np.where(rng.random(n) < 0.3, 18, 6) + rng.normal(0, 1.5, n), 4.0
    first, last = (np.round(need + rng.normal(0, 2.6, n)) for _ in range(2))
    seen = rng.random(n) < 1 / (1 + np.exp((np.median(first) - first) / step))
    return change.imputed_change(
        pair(first, np.where(seen, last, np.nan)), **UNSEEN, imputations=20, seed=seed
    )


def of_skewed(kind, words):
    """Trials of the change of all where needs are skewed."""
    design = f"600 children, half seen again, {words}, nothing changes"
    return (
        Coverage(f"Change of all, imputed, {words}", design, 0.0, lambda s: skewed_needs(s, kind), run=kind),
        Rate(
            f"A fall found by imputing (2.5% due), {words}",
            design,
            lambda s: skewed_needs(s, kind).high < 0,
            (1.0, 4.0),
            run=kind,
        ),
    )


TRIALS: tuple[Trial, ...] = (
    *(
        Coverage(
            f"Reliable change when some improve, {words}",
            "200 children, a third fall by 1.5 sd; error from 150 rated twice",
            partial(share_beyond, side),
            partial(some_improve, side=side),
        )
        for side, words in (("improved", "share better"), ("worsened", "share worse"))
    ),
    Coverage(
        "Blomqvist's slope, reliability estimated", "250 children, 150 others rated twice", -0.3, blomqvist
    ),
    Rate(
        "Chance that all domains fall, stated within 3 points",
        "300 children, four domains, nothing changes: 20% by Sheppard's formula",
        chance_is_near,
        (95.0, 100.0),
    ),
    Rate("All domains fall when nothing changed", "the same: in 20% of samples", all_four_fall, (17.5, 22.5)),
    Coverage("SDQ added value", "60 children at high risk, whole scores", true_added_value, added_value),
    *of_skewed("gamma", "needs by gamma"),
    *of_skewed("kinds", "two kinds of children"),
    Coverage(
        "Change of all, imputed at the true shift",
        "300 children, those not seen again did 1.5 points worse",
        0.0,
        at_the_true_shift,
    ),
    Rate(
        "Tipping point beyond the shift that is true",
        "300 children, no change in all; wrong on one side of a 95% interval",
        tips_at_the_true_shift,
        (1.2, 4.0),
        ci=60,
    ),
)
