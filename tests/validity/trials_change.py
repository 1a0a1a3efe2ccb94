"""Trials of change between assessments: does anything change when nothing does, and is a true change covered?"""

from __future__ import annotations

import json
from functools import partial

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Rejection, Trial
from tests.validity.planted import generator, rated
from vcanalysis.analysis import change
from vcanalysis.core.paths import data_file


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


def expected(seed, n, cut):
    """How far children picked for a high first score were to fall: known for normal scores."""
    rng = generator(seed)
    first, second = rated(rng, rng.standard_normal(n), 0.7)
    picked = first > cut
    return change.expected_change(
        pair(first[picked], second[picked]), before="b", after="a", population_mean=0.0
    )


def given_slope(seed, n):
    """The neediest third, held against everyone in the same council, read backwards."""
    frame = with_raters(generator(seed), n, 19, 2.0)
    frame["high"] = frame["b"] > frame["b"].quantile(2 / 3)
    return change.change_beyond_regression(
        frame, before="b", after="a", population_mean=10.0, selected="high", cluster=["r0", "r1"]
    )


def ratings_of_demo(rng, n):
    """Static children of the demo council's classes, twelve domains rated twice as its ratings err; the totals."""
    truth = json.loads(data_file("demo/truth.json").read_text("utf-8"))
    shares = np.array(truth["population"]["class_shares_in_snapshot"])
    kind = rng.choice(len(shares), n, p=shares / shares.sum())
    true = drawn(rng, np.array(truth["level_probabilities"])[kind])
    seen = np.array(truth["rating_confusion"])[true]
    return [drawn(rng, seen).sum(axis=1).astype(float) for _ in range(2)]


def drawn(rng, chances):
    """Draw a level from each row of chances."""
    over = rng.random(chances.shape[:-1])[..., None] > chances.cumsum(axis=-1)
    return np.minimum(over.sum(axis=-1), chances.shape[-1] - 1)


def two_kinds(rng, n):
    """Children of two kinds, far apart, in whole points from 0 to 36."""
    true = np.where(rng.random(n) < 0.3, 18, 6) + rng.normal(0, 1.5, n)
    return [np.clip(np.round(true + rng.normal(0, 2.7, n)), 0, 36) for _ in range(2)]


def neediest(seed, of, n, fall=0.0, alone=0.0, others_seen=1.0):
    """The neediest quarter of children whose need is not normal; all fall, or they alone, or others go unseen."""
    rng = generator(seed)
    first, second = of(rng, n)
    frame = pair(first, second - fall, high=first >= np.quantile(first, 0.75))
    seen = (first >= first.mean()) | (rng.random(n) < others_seen)
    frame["a"] = (frame["a"] - alone * frame["high"]).where(seen)
    mean = float(first.mean())
    return change.change_beyond_regression(
        frame, before="b", after="a", population_mean=mean, selected="high"
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


def twelve(rng, n):
    """Twelve domains rated twice by about 40 people who lean low or high in all of them; nobody changes."""
    raters = rng.integers(0, 40, (2, n))
    leaning = rng.normal(0, 0.15, 40)
    lasting = rng.normal(0, 0.6, n)[:, None] + rng.normal(0, 0.6, (n, 12))
    parts = [lasting + leaning[who][:, None] + rng.normal(0, 0.7, (n, 12)) for who in raters]
    columns = {
        f"d{k}_{w}": p[:, k] for w, p in zip(("before", "after"), parts, strict=True) for k in range(12)
    }
    return pd.DataFrame({**columns, "r0": raters[0], "r1": raters[1]})


DOMAINS = [f"d{k}" for k in range(12)]


def any_domain(seed):
    frame = twelve(generator(seed), 300)
    found = change.domain_changes(frame, domains=DOMAINS, cluster=["r0", "r1"], seed=seed)
    return float(found.table["p_max_t"].min())


def compared(seed, effect):
    """Programme children start needier, and their later scores scatter twice as much."""
    rng = generator(seed)
    group = rng.random(160) < 0.25
    first = rng.normal(10, 4, 160) + 2 * group
    later = 3 + 0.7 * first + rng.normal(0, np.where(group, 4.0, 2.0)) + effect * group
    return change.compare_groups(pair(first, later, g=group), before="b", after="a", group="g")


def slope_of_growth(seed, shared, raters):
    rng = generator(seed)
    child = np.repeat(np.arange(200), rng.integers(1, 6, 200))
    years = rng.uniform(0, 3, len(child))
    who = rng.integers(0, raters, len(child))
    score = rng.normal(10, 4, 200)[child] + rng.normal(-0.3, 0.6, 200)[child] * years
    score += rng.normal(0, shared, raters)[who] + rng.normal(0, 2, len(child))
    frame = pd.DataFrame({"child": child, "years": years, "need": score, "who": who})
    return change.growth(frame, child="child", time="years", score="need", rater="who" if shared else "")[0]


def leavers(seed, how):
    """The needier at first, the less often seen again; need falls by a tenth of the first score: by 1 on average."""
    rng = generator(seed)
    first = rng.normal(10, 4, 400)
    seen = rng.random(400) < 1 / (1 + np.exp(0.25 * (first - 12)))
    frame = pair(first, np.where(seen, 0.9 * first + rng.normal(0, 2.5, 400), np.nan))
    options = {"before": "b", "after": "a"}
    if how == "weighted":
        return change.weighted_change(frame, **options)
    return change.imputed_change(frame, **options, imputations=30, seed=seed)


def leavers_of_raters(seed, n, posts):
    """Shared raters who lean, and the needier less often seen again."""
    rng = generator(seed)
    frame = with_raters(rng, n, posts, 2.0)
    seen = rng.random(n) < 1 / (1 + np.exp(0.25 * (frame["b"] - 12)))
    frame = frame.assign(a=frame["a"].where(seen), r1=frame["r1"].where(seen))
    return change.imputed_change(
        frame, before="b", after="a", cluster=["r0", "r1"], imputations=30, seed=seed
    )


FOUR = DOMAINS[:4]
FALL = 0.81  # true chance below: all four fell in 16,191 of 20,000 councils drawn alike from other seeds


def picked(seed, n=420):
    """Four domains, rated twice by about 60 people who lean; the third of highest total is picked; nobody changes."""
    rng = generator(seed)
    raters, leaning = rng.integers(0, 60, (2, n)), rng.normal(0, 0.15, 60)
    lasting = rng.normal(0, 0.7, (n, 1)) + rng.normal(0, 0.7, (n, 4))
    first, second = lasting + leaning[raters][..., None] + rng.normal(0, 0.4, (2, n, 4))
    columns = [f"{d}_{when}" for when in ("before", "after") for d in FOUR]
    frame = pd.DataFrame(np.hstack([first, second]), columns=columns)
    total = first.sum(axis=1)
    frame = frame.assign(total_after=second.sum(axis=1))
    return frame.assign(total=total, high=total > np.quantile(total, 2 / 3), r0=raters[0], r1=raters[1])


def chance_when_picked(seed):
    frame, raters = picked(seed), ["r0", "r1"]
    totals = {"total": "total", "total_after": "total_after", "population_mean": frame["total"].mean()}
    due = change.expected_by_selection(frame, domains=FOUR, selected="high", cluster=raters, **totals)
    return change.chance_all_fall(
        frame, domains=FOUR, expected=due, selected="high", cluster=raters, seed=seed
    )


BANDS = pd.CategoricalDtype(["low", "middle", "high"], ordered=True)
STAY = {"low": [0.8, 0.15, 0.05], "middle": [0.3, 0.6, 0.1], "high": [0.1, 0.3, 0.6]}


def bands(seed, n=120):
    """Bands by lot, then by the chances of `STAY`: half of the children start low, three tenths in the middle."""
    rng = generator(seed)
    first = rng.choice(list(STAY), n, p=[0.5, 0.3, 0.2])
    second = [rng.choice(list(STAY), p=STAY[band]) for band in first]
    return pair(first, second).astype(BANDS)


def band_moved(seed, to):
    return change.share_changing_band(bands(seed), before="b", after="a").group(to)


def band_kept(seed, move):
    return change.band_transitions(bands(seed), before="b", after="a").group(move)


def odds(seed):
    rng = generator(seed)
    true = rng.normal(0, 1.2, 150)
    first, second = (np.digitize(true + rng.logistic(0, 1, 150), [-1, 0.5, 1.5]) for _ in range(2))
    found = change.ordinal_change(pair(first, second), before="b", after="a")
    return 0.0 if found.excludes(1.0) else 1.0


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
        "Change beyond regression, neediest of all",
        "neediest third of 420 children, about 60 raters",
        0.0,
        partial(given_slope, n=420),
    ),
    *(
        Coverage(
            f"Change beyond regression, {what}, {n} children",
            "neediest quarter, nothing changes",
            0.0,
            partial(neediest, of=of, n=n),
        )
        for what, of in (("ratings as in the demo", ratings_of_demo), ("two kinds of children", two_kinds))
        for n in (390, 1500)
    ),
    Coverage(
        "Change beyond regression, ratings as in the demo, fall",
        "neediest quarter of 390 children, all fall by .55",
        -0.55,
        partial(neediest, of=ratings_of_demo, n=390, fall=0.55),
    ),
    Coverage(
        "Change beyond regression, ratings as in the demo, picked alone fall",
        "neediest quarter of 390 children falls by 2, nobody else",
        -2.0,
        partial(neediest, of=ratings_of_demo, n=390, alone=2.0),
    ),
    *(
        Coverage(
            f"Change beyond regression, others seldom seen again, {n} children",
            "nothing changes; of those below the mean 30% are seen again",
            0.0,
            partial(neediest, of=ratings_of_demo, n=n, others_seen=0.3),
        )
        for n in (390, 1500)
    ),
    Coverage(
        "Reliable improvement by chance, error estimated",
        "300 children, 150 rated twice",
        0.025,
        partial(reliable, twice=150),
    ),
    Coverage("Blomqvist's slope", "250 children, reliability .7 known, slope -.3", -0.3, blomqvist),
    Coverage("Oldham's correlation, null", "150 children, nothing changes", 0.0, oldham),
    Coverage("Share over a threshold, null", "120 children, nothing changes", 0.0, crossed),
    Rejection(
        "Any of twelve domains, null",
        "300 children, about 40 raters, largest t",
        any_domain,
        ci=60,
    ),
    Coverage(
        "Comparison group, null",
        "160 children, a quarter needier",
        0.0,
        partial(compared, effect=0.0),
    ),
    Coverage(
        "Comparison group",
        "160 children, a quarter needier, true fall 1",
        -1.0,
        partial(compared, effect=-1.0),
    ),
    Coverage(
        "Growth slope",
        "200 children, 1 to 5 assessments",
        -0.3,
        partial(slope_of_growth, shared=0.0, raters=1),
        ci=40,
    ),
    Coverage(
        "Growth slope, shared raters",
        "200 children, 40 raters who lean",
        -0.3,
        partial(slope_of_growth, shared=1.5, raters=40),
        ci=40,
    ),
    *(
        Coverage(f"Change of all, {how}", "400 children, needier seen less", -1.0, partial(leavers, how=how))
        for how in ("weighted", "imputed")
    ),
    Coverage(
        "Change of all, imputed, shared raters",
        "420 children rated by about 60 people, needier seen less",
        0.0,
        partial(leavers_of_raters, n=420, posts=19),
    ),
    Coverage(
        "Change expected from regression",
        "600 children, those above 0 kept, slope estimated",
        (change.expected_fall(0.7, cut_sd=0.0).value or 0.0) / np.sqrt(0.7),
        partial(expected, n=600, cut=0.0),
    ),
    Coverage(
        "Chance that all four domains fall, picked children",
        "neediest third of 420, about 60 raters, nothing changes",
        FALL,
        chance_when_picked,
    ),
    Coverage(
        "Share in a lower band later", "120 children, three bands", 0.17, partial(band_moved, to="lower")
    ),
    Coverage(
        "Share in the same band later", "120 children, three bands", 0.7, partial(band_moved, to="same")
    ),
    Coverage(
        "Share of a band who move one down",
        "120 children, about 36 in the band",
        0.3,
        partial(band_kept, move="middle to low"),
    ),
    Rejection("Cumulative odds, null", "150 children, four levels, nothing changes", odds, ci=100),
)
