"""Trials of outcomes contracts: bunching that is not there and that is, deadweight, value added of providers."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Rate, Rejection, Trial, remembered
from tests.validity.planted import generator
from vcanalysis.analysis import contracts


@remembered
def bunched(seed, *, moved=0.0, children=600):
    """Scores of 12 domains at 0 to 3 levels around a cut at 12; a share of those just below is put at it."""
    rng = generator(seed)
    severity = rng.normal(0, 0.5, children)
    chance = 1 / (1 + np.exp(0.7 - severity))
    score = rng.binomial(36, chance)
    lifted = (score == 11) & (rng.random(children) < moved)
    return contracts.bunching(pd.DataFrame({"need": score + lifted}), score="need", cut=12)


def additional(seed, *, children=40, others=120):
    rng = generator(seed)
    came, anyway = rng.binomial(children, 0.6), rng.binomial(others, 0.25)
    return contracts.deadweight((anyway, others), outcomes=came, children=children, paid_gbp=1000.0 * came)


def added(seed, *, providers=20, size=12, spread=0.5):
    """One provider's effect, moved by its own truth: providers differ in size, children in where they start."""
    rng = generator(seed)
    truth = rng.normal(0, spread, providers)
    code = np.repeat(np.arange(providers), 2 + rng.poisson(size - 2, providers))
    start = rng.normal(0, 1, len(code))
    gain = truth[code] - 0.5 * start + rng.normal(0, 1, len(code))
    frame = pd.DataFrame({"provider": code.astype(str), "start": start, "gain": gain})
    found = contracts.value_added(frame, outcome="gain", provider="provider", given=["start"])
    chosen = str(rng.integers(providers))
    effect, planted = found.effects.group(chosen), truth[int(chosen)]
    return effect.named(value=effect.value - planted, low=effect.low - planted, high=effect.high - planted)


TRIALS: tuple[Trial, ...] = (
    Rejection(
        "Bunching at a cut, none planted",
        "600 sums of 12 ratings, cut at 12",
        lambda seed: bunched(seed).p_value,
        ci=100,
    ),
    Rate(
        "Bunching at a cut, half of those below are lifted: found",
        "600 sums of 12 ratings, cut at 12",
        lambda seed: bunched(seed, moved=0.5).p_value < 0.05,
        (60.0, 100.0),
        ci=40,
    ),
    Coverage(
        "Share of paid outcomes that would have come anyway",
        "40 children paid for, 120 to compare",
        0.25 / 0.6,
        lambda seed: additional(seed).share,
        ci=60,
    ),
    Coverage(
        "Additional outcomes",
        "40 children paid for, 120 to compare",
        40 * 0.35,
        lambda seed: additional(seed).additional,
        ci=60,
    ),
    Coverage("Value added of a provider", "20 providers, 12 children each", 0.0, added, ci=40),
    Coverage(
        "Value added of a provider, few",
        "8 providers, 8 children each",
        0.0,
        lambda seed: added(seed, providers=8, size=8),
        ci=40,
    ),
)
