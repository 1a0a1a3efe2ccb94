"""Trials of the children in the middle: how many groups, of what kind, and the dearest."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd
from scipy.special import expit

from tests.validity.laboratory import Coverage, Rate, Rejection, Trial, remembered
from tests.validity.planted import generator
from vcanalysis.analysis import middle

DOMAINS = list("abcdefgh")


def kappa(seed):
    rng = generator(seed)
    truth = rng.random(150) < 0.4
    first, second = (np.where(rng.random(150) < 0.15, ~truth, truth) for _ in range(2))
    return middle.agreement(pd.Series(first), pd.Series(second))


def kappa_truth():
    agree = 0.85**2 + 0.15**2
    yes = 0.4 * 0.85 + 0.6 * 0.15
    chance = yes**2 + (1 - yes) ** 2
    return (agree - chance) / (1 - chance)


def soft_kappa(seed):
    rng = generator(seed)
    broad = rng.random(200) < 0.4
    model = np.where(broad, rng.beta(3, 2, 200), rng.beta(2, 4, 200))
    frame = pd.DataFrame({"cost": 1000.0, "broad": broad})
    both = {"broad": frame["broad"], "model": pd.Series(model)}
    return middle.compare_definitions(both, frame, cost="cost", seed=seed).of("model", "kappa")


def soft_kappa_truth():
    both, model = 0.4 * 0.6, 0.4 * 0.6 + 0.6 / 3
    agree, chance = 1 - 0.4 - model + 2 * both, 0.4 * model + 0.6 * (1 - model)
    return (agree - chance) / (1 - chance)


# --- groups -------------------------------------------------------------------------------------------------


def one_group(seed, n=250):
    rng = generator(seed)
    shares = rng.dirichlet([4, 3, 2, 1], size=len(DOMAINS))
    return pd.DataFrame({d: rng.choice(4, n, p=p) for d, p in zip(DOMAINS, shares, strict=True)})


def one_factor(seed, n=250):
    rng = generator(seed)
    severity, steep = rng.normal(size=(n, 1, 1)), rng.uniform(0.8, 2, (len(DOMAINS), 1))
    cuts = np.sort(rng.normal([-0.5, 0.8, 2.0], 0.2, (len(DOMAINS), 3)))
    levels = (rng.random((n, len(DOMAINS), 1)) < expit(steep * severity - cuts)).sum(axis=2)
    return pd.DataFrame(levels, columns=DOMAINS)


def two_kinds(seed, n=250, domains=8):
    rng = generator(seed)
    side = rng.random(n) < 0.4
    pattern = np.arange(domains) < domains / 2
    levels = rng.binomial(3, np.where(side[:, None] == pattern, 0.65, 0.25))
    return pd.DataFrame(levels, columns=DOMAINS[:domains]), side


def levels_of_kinds(seed):
    return two_kinds(seed)[0]


@remembered
def groups_of(draw, seed):
    return middle.find_classes(draw(seed), max_classes=3, n_init=6, seed=seed)


def stays_one(seed):
    return groups_of(one_group, seed).number == 1


def says_severity(seed):
    found = groups_of(one_factor, seed)
    return found.number == 1 or found.only_severity


def says_kinds(seed):
    found = groups_of(levels_of_kinds, seed)
    return found.number == 2 and not found.only_severity


def one_more(draw, number):
    def chance(seed):
        return middle.check_number(groups_of(draw, seed), number + 1, replicates=20, seed=seed).p_value.value

    return chance


@remembered
def steps(seed):
    """Two groups along one severity, hard to tell apart; the second is the higher."""
    rng = generator(seed)
    high = rng.random(250) < 0.4
    items = pd.DataFrame(rng.binomial(3, np.where(high, 0.45, 0.2)[:, None], (250, len(DOMAINS))))
    return middle.find_classes(items, number=2, n_init=6, seed=seed)


@remembered
def four_kinds(seed, n=620):
    """Four groups over twelve domains, as many children as the demo council has assessed."""
    rng = generator(seed)
    chance = np.full((4, 12), 0.2)
    chance[1], chance[2], chance[3] = 0.3, 0.3, 0.35
    chance[1, :4], chance[2, 4:8], chance[3, 8:] = 0.55, 0.75, 0.8
    levels = rng.binomial(3, chance[rng.choice(4, n, p=[0.38, 0.35, 0.14, 0.13])])
    return middle.find_classes(pd.DataFrame(levels), number=4, n_init=6, seed=seed)


@remembered
def sizes(draw, seed):
    return middle.group_shares(draw(seed), replicates=60, seed=seed)


def size(draw, group):
    return lambda seed: sizes(draw, seed)[group]


def size_of_kind(seed):
    """Share of the planted side, whichever group it is."""
    found, side = six_domains(seed)
    return middle.group_shares(found, replicates=60, seed=seed)[1 if _first_is_side(found, side) else 0]


@remembered
def six_domains(seed):
    items, side = two_kinds(seed + 1_000_000, domains=6)
    return middle.find_classes(items, number=2, n_init=6, seed=seed), side


def _first_is_side(found, side):
    """Whether the second group (the higher in need) is the planted side."""
    return np.corrcoef(found.posterior.iloc[:, 1], side)[0, 1] > 0


# --- the dearest --------------------------------------------------------------------------------------------


def dates(seed, effect=0.0, n=300, r=0.7):
    rng = generator(seed)
    first, other = rng.normal(size=(2, n))
    second = r * first + np.sqrt(1 - r * r) * other
    dear = np.argsort(np.argsort(-first)) < n / 10
    return pd.DataFrame({"before": 3000 + 500 * first, "after": 3000 + 500 * second - effect * dear})


def skewed_dates(seed, effect=0.0, n=300):
    """Log-normal prices (sd .7 of the log), correlation .7 of the logs."""
    usual, *day = generator(seed).normal(size=(3, n))
    return _dates_of(*(np.exp(7 + 0.7 * (np.sqrt(0.7) * usual + np.sqrt(0.3) * d)) for d in day), effect)


def dates_by_type(seed, effect=0.0, n=300):
    """Prices by placement type, skewed within it; one child in five is placed anew, in any type."""
    rng = generator(seed)
    shares, level, spread = [0.55, 0.2, 0.15, 0.1], np.array([500, 1000, 4500, 1400]), [0.2, 0.15, 0.35, 0.3]
    kinds = rng.choice(4, (2, n), p=shares)
    kinds[1] = np.where(rng.random(n) < 0.8, kinds[0], kinds[1])
    usual = rng.normal(size=n)
    prices = (
        level[k] * np.exp(np.take(spread, k) * (0.9 * usual + 0.44 * rng.normal(size=n))) for k in kinds
    )
    return _dates_of(*prices, effect)


def dates_that_tie(seed, effect=0.0, n=300):
    """Five prices of a framework, a fifth of the children at the highest; one child in five is placed anew."""
    rng = generator(seed)
    prices, shares = [450.0, 700.0, 900.0, 1200.0, 5000.0], [0.4, 0.2, 0.18, 0.02, 0.2]
    first, anew = rng.choice(prices, (2, n), p=shares)
    after = np.where(rng.random(n) < 0.2, anew, first)
    picked = np.clip((n / 10 - (first > 5000).sum()) / (first == 5000).sum(), 0, 1) * (first == 5000)
    return pd.DataFrame({"before": first, "after": after - effect * picked})


def dates_by_provider(seed, effect=0.0, n=300, providers=40):
    """Children of a provider share its prices of the day (sd .25 of the log); a quarter moved to another provider."""
    rng = generator(seed)
    places = rng.integers(0, providers, (2, n))
    places[1] = np.where(rng.random(n) < 0.25, places[1], places[0])
    usual, child = 0.3 * rng.normal(size=providers), 0.3 * rng.normal(size=n)
    prices = (
        np.exp(7 + usual[p] + child + 0.25 * rng.normal(size=providers)[p] + 0.1 * rng.normal(size=n))
        for p in places
    )
    return _dates_of(*prices, effect).assign(first=places[0], second=places[1])


def _dates_of(first, second, effect):
    dear = np.argsort(np.argsort(-first)) < len(first) / 10
    return pd.DataFrame({"before": first, "after": second - effect * dear})


@remembered
def fall_of_the_dearest(draw, seed, effect):
    frame = draw(seed, effect)
    providers = [name for name in ("first", "second") if name in frame]
    return middle.dearest_fall(frame, before="before", after="after", cluster=providers)


def dearest(kind, effect=0.0, draw=dates):
    return lambda seed: fall_of_the_dearest(draw, seed, effect).of(kind)


def says_beyond(draw):
    def claims(seed):
        found = fall_of_the_dearest(draw, seed, 0.0).of("excess")
        return bool(found.low is not None and found.low > 0)

    return claims


@cache
def fall_by_chance():
    """Fall of the dearest tenth of 300 by regression alone: the expected mean of the top 30, by simulation."""
    rng = generator(10**6)
    top = np.sort(rng.normal(size=(20_000, 300)), axis=1)[:, -30:].mean()
    return float(0.3 * 500 * top)


def share_by_chance(effect):
    return lambda: fall_by_chance() / (fall_by_chance() + effect)


CLUMPS = (
    "too wide: a child placed in another type is so large a part of the sum that few make it, and signs of few parts "
    "agree less often than the normal limit allows (Efron 1969); tried: a hard cut with resamples, 98.0%"
)

TRIALS: tuple[Trial, ...] = (
    Coverage("Agreement (kappa)", "150 children, two definitions", kappa_truth(), kappa),
    Coverage(
        "Agreement with probable membership", "200 children, rule and model", soft_kappa_truth(), soft_kappa
    ),
    Rate(
        "Groups where there is one",
        "250 children, 8 domains: one group is found",
        stays_one,
        (90.0, 100.0),
        run="one group",
        ci=100,
    ),
    Rate(
        "Groups along one severity",
        "250 children, 8 domains, one factor: one group, or called severity",
        says_severity,
        (90.0, 100.0),
        ci=100,
    ),
    Rate(
        "Groups of two kinds",
        "250 children, 8 domains: two groups, called kinds",
        says_kinds,
        (90.0, 100.0),
        run="two kinds",
        ci=100,
    ),
    Rejection(
        "Number of groups, two against one",
        "250 children of one group",
        one_more(one_group, 1),
        run="one group",
        ci=100,
    ),
    Rejection(
        "Number of groups, three against two",
        "250 children of two groups",
        one_more(levels_of_kinds, 2),
        run="two kinds",
        ci=100,
    ),
    Coverage(
        "Share of a group, two kinds", "250 children, 6 domains", 0.4, size_of_kind, run="six domains", ci=100
    ),
    Coverage(
        "Share of a group, steps of one severity", "250 children, 8 domains", 0.4, size(steps, 1), ci=100
    ),
    *(
        Coverage(
            f"Share of a group, four kinds, {words}",
            "620 children, 12 domains",
            share,
            size(four_kinds, place),
            run="four kinds",
            ci=40,
        )
        for words, share, place in (("large", 0.38, 0), ("small", 0.13, 3))
    ),
    Coverage(
        "Fall of the dearest that was expected",
        "300 children, r .7",
        fall_by_chance,
        dearest("expected"),
        known="by chance: 3,000 further draws gave 96.2%",
        run="dearest",
    ),
    Coverage(
        "Fall of the dearest beyond it, none made",
        "300 children, r .7",
        0.0,
        dearest("excess"),
        run="dearest",
    ),
    Coverage(
        "Fall of the dearest beyond it, £200 made",
        "300 children, r .7",
        200.0,
        dearest("excess", 200.0),
        run="dearest made less",
    ),
    Coverage(
        "Share of the fall that was expected",
        "300 children, r .7, £200 made",
        share_by_chance(200.0),
        dearest("share", 200.0),
        known="a little wide, 96.5% of 3,000 further draws: a share does not go below nothing",
        run="dearest made less",
    ),
    *(
        trial
        for words, draw, made in (
            ("log-normal prices", skewed_dates, 300.0),
            ("prices by type", dates_by_type, 300.0),
            ("prices that tie", dates_that_tie, 300.0),
            ("prices of the day by provider", dates_by_provider, 300.0),
        )
        for trial in (
            Coverage(
                f"Fall of the dearest beyond it, none made, {words}",
                "300 children",
                0.0,
                dearest("excess", draw=draw),
                known=CLUMPS if draw is dates_by_type else "",
                run=f"dearest, {words}",
            ),
            Rate(
                f"Fall of the dearest claimed, none made, {words}",
                "300 children",
                says_beyond(draw),
                (0.0, 3.5),
                run=f"dearest, {words}",
            ),
            Coverage(
                f"Fall of the dearest beyond it, £{made:.0f} made, {words}",
                "300 children",
                made,
                dearest("excess", made, draw),
                known=CLUMPS if draw is dates_by_type else "",
                run=f"dearest made less, {words}",
            ),
        )
    ),
)
