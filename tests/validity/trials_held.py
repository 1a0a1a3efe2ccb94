"""Trials of comparisons whose sides are held by few providers, or by one that has many of the children."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from tests.validity.laboratory import Rate, Rejection, Trial, excluded, remembered
from tests.validity.planted import generator
from vcanalysis.analysis import association, change, value
from vcanalysis.analysis.association.between_shares import share_between
from vcanalysis.core.clusters import units_of

ALIKE, UNLIKE = np.arange(240) % 24, np.where(np.arange(240) < 120, 0, 1 + np.arange(240) % 30)


def priced(seed, provider, side, sd=0.3):
    """Providers' prices differ; no type, group or need does."""
    rng = generator(seed)
    price = np.exp(7 + rng.normal(0, sd, 31)[provider] + rng.normal(0, 0.2, 240))
    frame = pd.DataFrame({"provider": provider, "type": np.where(side, "a", "b"), "cost": price})
    return frame.assign(log=np.log(price), need=rng.integers(0, 8, 240))


@remembered
def models(seed, few):
    frame = priced(seed, ALIKE, few > ALIKE, 0.4)
    about = {"terms": ["need", "type"], "cluster": "provider"}
    line = association.linear_model(frame, y="log", **about)
    return line[2], association.cost_model(frame, cost="cost", **about).effects[1]


def ratio(frame):
    return association.same_need_ratio(
        frame, need="need", cost="cost", kind="type", dear="a", cheap="b", cluster="provider"
    )


def pathway(frame):
    found = association.pathway_cost(
        frame, need="need", group="type", total="cost", weekly="cost", cluster="provider"
    )
    return found.total[1]


def mixed(seed, share):
    """One provider has half of the children, and of those in one type the share given."""
    chance = np.where(UNLIKE == 0, share, 1 - share)
    return priced(seed, UNLIKE, generator(seed + 10**6).random(240) < chance)


@remembered
def saving(seed, few):
    rng = generator(seed)
    frame = priced(seed, ALIKE, few > ALIKE, 0.25).assign(family=few > ALIKE)
    frame["better"] = rng.normal(0, 0.5, 24)[ALIKE] + rng.normal(size=240)
    return value.judge_saving(
        frame, member="family", cost="cost", effect="better", margin=0.5, cluster="provider"
    )


def share(seed, sizes, spread):
    kind = np.repeat(np.arange(len(sizes)), sizes)
    values = generator(seed).normal(size=len(kind)) * np.repeat(spread, sizes)
    return share_between(values, kind, units_of(None, len(kind)), term="Share", level=0.95)


def never_again(seed, part, n=600):
    """Nothing changes; of the children with the highest first scores none is seen again."""
    true, *error = generator(seed).normal(size=(3, n)) * np.array([[3.0], [2.0], [2.0]])
    first, last = (true + one for one in error)
    frame = pd.DataFrame({"b": first, "a": np.where(first < np.quantile(first, 1 - part), last, np.nan)})
    frame["high"] = first >= np.quantile(first, 0.67)
    return change.change_beyond_regression(
        frame, before="b", after="a", population_mean=float(first.mean()), selected="high"
    )


def rated_beside(seed, few):
    """A quarter of the children are rated by few people who rate no others; people lean, nothing differs."""
    rng, group = generator(seed), np.arange(240) < 60
    who = [np.where(group, rng.integers(0, few, 240), 100 + rng.integers(0, 20, 240)) for _ in range(2)]
    true, lean, noise = rng.normal(size=240), rng.normal(0, 0.5, 120), rng.normal(0, 0.6, (2, 240))
    scores = {name: true + lean[w] + e for name, w, e in zip("ba", who, noise, strict=True)}
    frame = pd.DataFrame({**scores, "g": group, "first": who[0], "last": who[1]})
    return change.compare_groups(frame, before="b", after="a", group="g", cluster=["first", "last"])


WIDE = (2.5, 6.5)  # t of few degrees of freedom by Satterthwaite errs to the wide side
TRIALS: tuple[Trial, ...] = (
    *(
        Rejection(
            f"{words}, type held by {few} of 24 providers, true null",
            "240 children, providers alike in size, sd .4 in log price",
            lambda s, few=few, place=place: excluded(models(s, few)[place]),
            gate=WIDE,
            ci=60,
            run=f"held {few}",
        )
        for few in (4, 8)
        for place, words in enumerate(("Line", "Gamma model"))
    ),
    *(
        Rejection(
            f"{words}, {few} of 24 providers on one side, true null",
            "240 children, providers alike in size, sd .3 in log price",
            lambda s, few=few, made=made: excluded(made(priced(s, ALIKE, few > ALIKE)), 1.0),
            gate=(1.5, 6.5),
            ci=60,
        )
        for words, made in (("Ratio at the same need", ratio), ("Cost of the pathway", pathway))
        for few in (4, 8)
    ),
    *(
        Rate(
            f"{words} claimed where none is, one provider with half of the children, {part:.0%} of one type",
            "240 children, 31 providers, sd .3 in log price",
            lambda s, part=part, made=made: made(mixed(s, part)).excludes(1),
            (0.0, 6.5),
            ci=60,
        )
        for words, made in (("Ratio at the same need", ratio), ("Cost of the pathway", pathway))
        for part in (0.5, 0.75)
    ),
    *(
        Rejection(
            f"Difference in cost, {few} of 24 providers in the group, true null",
            "240 children, providers alike in size, sd .25 in log cost",
            lambda s, few=few: excluded(saving(s, few).cost),
            gate=WIDE,
            ci=30,
            run=f"saving {few}",
        )
        for few in (4, 8)
    ),
    *(
        Rate(
            f"Good saving claimed where none is (2.5% due), {few} of 24 providers in the group",
            "240 children, providers alike in size, sd .25 in log cost",
            lambda s, few=few: saving(s, few).verdict == "good saving",
            (0.0, 3.5),
            ci=30,
            run=f"saving {few}",
        )
        for few in (4, 8)
    ),
    *(
        Rejection(
            f"Share between types of unequal spread, {words}, true null",
            f"{sum(sizes)} children, four types",
            lambda s, sizes=sizes, spread=spread: excluded(share(s, sizes, spread)),
        )
        for words, sizes, spread in (
            ("rare ones wide", (200, 20, 15, 15), (0.2, 0.8, 0.8, 0.8)),
            ("rarer ones wider", (150, 60, 25, 15), (0.3, 0.5, 0.6, 0.7)),
            ("rare ones narrow", (200, 20, 15, 15), (0.8, 0.2, 0.2, 0.2)),
        )
    ),
    *(
        Rate(
            f"Change beyond regression claimed, nothing changed, highest {part:.0%} never seen again",
            "600 children, normal need; the highest third are picked",
            partial(lambda s, part: never_again(s, part).excludes(0), part=part),
            (0.0, 6.5),
            ci=30,
        )
        for part in (0.05, 0.1)
    ),
    *(
        Rejection(
            f"Later need beside others, one side rated by {few} people, true null",
            "240 children, 60 on that side, 20 other people rate the rest, they lean by .5 sd",
            lambda s, few=few: excluded(rated_beside(s, few)),
            gate=WIDE,
        )
        for few in (3, 6)
    ),
)
