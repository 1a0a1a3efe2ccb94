"""Trials of what care costs and how unequally."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from tests.validity.laboratory import Coverage, Trial, remembered
from tests.validity.planted import costs_by_type, generator, lognormal_costs
from vcanalysis.analysis import spending


@remembered
def concentration(seed, draw, n=300):
    costs = pd.DataFrame({"cost": draw(generator(seed), n)})
    return spending.concentration(costs, cost="cost", top=(0.10,), replicates=500, seed=seed)


def dearest(seed, draw):
    return concentration(seed, draw).shares[0]


def gini(seed, draw):
    return concentration(seed, draw).gini


def dearest_need(seed):
    """Difference in median need: the dearest are the neediest here, their need shifted by ten points."""
    rng = generator(seed)
    need = np.r_[rng.gamma(9, 2, 60) + 10, rng.gamma(9, 2, 540)]
    frame = pd.DataFrame({"cost": np.r_[rng.lognormal(9, 0.1, 60), rng.lognormal(6, 0.3, 540)], "need": need})
    return spending.dearest(frame, cost="cost", need="need", replicates=500, seed=seed).estimates.term(GAP)


def mean_cost(seed):
    costs = pd.DataFrame({"cost": costs_by_type(generator(seed), 300)})
    return spending.mean_and_median(costs, cost="cost", replicates=1000, seed=seed)[0]


def by_type_truth(pick):
    costs = pd.DataFrame({"cost": costs_by_type(generator(10**6), 500_000)})
    curve = spending.lorenz(costs, cost="cost", points=100_001)
    held = curve["share_of_spend"].to_numpy()
    if pick == "gini":
        return float(1 - 2 * np.trapezoid(held, curve["share_of_children"]))
    return float(1 - np.interp(0.9, curve["share_of_children"], held))


BY_TYPE = "300 children, prices by type of placement"
SMOOTH = "300 children, log-normal, sd(log) 0.8"
GAP = "Difference in median need, dearest less others"
MEANS = np.array([320, 550, 850, 4200]) * np.exp(np.array([0.3, 0.3, 0.3, 0.45]) ** 2 / 2)
TRIALS: tuple[Trial, ...] = (
    Coverage(
        "Share of the dearest tenth",
        BY_TYPE,
        partial(by_type_truth, "top"),
        partial(dearest, draw=costs_by_type),
        run="by type",
    ),
    Coverage(
        "Gini coefficient",
        BY_TYPE,
        partial(by_type_truth, "gini"),
        partial(gini, draw=costs_by_type),
        run="by type",
    ),
    Coverage(
        "Share of the dearest tenth, smooth tail",
        SMOOTH,
        float(stats.norm.cdf(0.8 - stats.norm.ppf(0.9))),
        partial(dearest, draw=lognormal_costs),
        run="smooth",
    ),
    Coverage(
        "Gini coefficient, smooth tail",
        SMOOTH,
        float(2 * stats.norm.cdf(0.8 / np.sqrt(2)) - 1),
        partial(gini, draw=lognormal_costs),
        run="smooth",
    ),
    Coverage("Mean cost", BY_TYPE, float(np.array([0.35, 0.35, 0.18, 0.12]) @ MEANS), mean_cost),
    Coverage(
        "Need of the dearest",
        "600 children, 60 dearest ten points higher",
        10.0,
        dearest_need,
        ci=100,
    ),
)
