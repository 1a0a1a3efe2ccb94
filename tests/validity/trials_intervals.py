"""Trials of the intervals made from plain numbers."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from tests.validity.laboratory import Coverage, Trial
from tests.validity.planted import generator, lognormal_costs, spearman_of, two_normal
from vcanalysis.analysis.profile import domain_gaps
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import bonett_wright, quantile_interval, wilson


def share(seed, n, least, most):
    """Error of a share whose truth is drawn, so that no lucky or unlucky binomial is picked."""
    rng = generator(seed)
    truth = rng.uniform(least, most)
    count = int(rng.binomial(n, truth))
    low, high = wilson(count, n)
    return Estimate("error of a share", count / n - truth, low - truth, high - truth, n=n)


def rank(seed, n, rho):
    rho = 2 * np.sin(np.pi * rho / 6)
    found = float(stats.spearmanr(two_normal(generator(seed), n, rho)).statistic)
    return Estimate("rank correlation", found, *bonett_wright(found, n), n=n)


def quantile(seed, n, at):
    costs = lognormal_costs(generator(seed), n, 0.9)
    low, high = quantile_interval(costs, at)
    return Estimate("quantile", float(np.quantile(costs, at)), low, high, n=n)


def gap(seed, n):
    """Error of the difference of two shares whose truths are drawn."""
    rng = generator(seed)
    older, truths = rng.random(n) < 0.6, rng.uniform(0.05, 0.6, 2)
    level = 3 * (rng.random(n) < np.where(older, *truths))
    found = domain_gaps(pd.DataFrame({"a": level, "older": older}), domains=["a"], group="older")[0]
    truth = 100 * (truths[0] - truths[1])
    return Estimate("error of a gap", found.value - truth, found.low - truth, found.high - truth, n=n)


SHARES = tuple(
    Coverage(
        f"Wilson share, {n}",
        f"{n} children, shares from 5% to 95%",
        0.0,
        partial(share, n=n, least=0.05, most=0.95),
    )
    for n in (50, 250, 700)
)
RANKS = tuple(
    Coverage(
        f"Bonett and Wright, {n} and {rho}",
        f"{n} children, true rank correlation {rho}",
        spearman_of(2 * np.sin(np.pi * rho / 6)),
        partial(rank, n=n, rho=rho),
    )
    for rho, n in ((0.0, 250), (0.2, 250), (0.5, 250), (0.2, 60))
)
# ends are order statistics: never below nominal but for chance, somewhat above it in small groups
QUANTILES = tuple(
    Coverage(
        f"Quantile {at:.0%} of cost, {n}",
        f"{n} children, log-normal",
        float(stats.lognorm(0.9, scale=np.exp(7)).ppf(at)),
        partial(quantile, n=n, at=at),
        (93.6, 98.5),
    )
    for at, n in ((0.5, 40), (0.5, 250), (0.9, 60), (0.9, 250))
)
GAPS = (
    Coverage(
        "Difference of shares", "250 children, two groups, shares from 5% to 60%", 0.0, partial(gap, n=250)
    ),
)
TRIALS: tuple[Trial, ...] = (*SHARES, *RANKS, *QUANTILES, *GAPS)
