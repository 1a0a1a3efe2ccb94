"""Trials of savings."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from tests.validity.laboratory import Coverage, Trial
from tests.validity.planted import generator
from vcanalysis.analysis import savings
from vcanalysis.analysis.savings.information import information_of
from vcanalysis.analysis.savings.inputs import INPUTS
from vcanalysis.analysis.savings.sobol import indices_of
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.period import WEEKS_PER_YEAR


def price_gap(seed):
    rng = generator(seed)
    costs = [*rng.lognormal(8.3, 0.4, 60), *rng.lognormal(6.7, 0.3, 80)]
    frame = pd.DataFrame({"cost": costs, "type": ["Home"] * 60 + ["Foster"] * 80})
    found = savings.price_gap(
        frame, cost="cost", placement_type="type", dear=["Home"], cheap=["Foster"], seed=seed
    )
    return found[2]


def information(seed):
    known, other = generator(seed).standard_normal((2, 2000))
    return information_of(-0.3 + known + other, {"known": known}, n=1)[1]


def unit_normal_loss():
    return float(stats.norm.pdf(0.3) - 0.3 * stats.norm.sf(0.3))


def ishigami(uniform):
    a, b, c = (2 * uniform.T - 1) * np.pi
    return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)


def sobol(seed):
    found = indices_of(ishigami, ["a", "b", "c"], points=64, seed=1000 * seed, n=1)
    return next(e for e in found if e.group == "a" and e.term == "Total index")


def total_index():
    parts = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2, 7**2 / 8, 0.1**2 * np.pi**8 * (1 / 18 - 1 / 50)
    return float((parts[0] + parts[2]) / sum(parts))


def scenario_mean(seed):
    """Twenty children, all found, who would leave at 35% a year: the mean of 100 draws with its Monte Carlo error."""
    nothing = {name: 0 for name, (lowest, *_) in INPUTS.items() if lowest <= 0}
    certain = {"suitable_share": 1, "referred_share": 1, "matched_share": 1, "sustained_52_weeks": 1}
    prices = {"candidates": 20, "residential_gbp_week": 2, "family_gbp_week": 1, "family_places": 100}
    given = savings.load_scenario().with_values(
        **{**nothing, **certain, **prices, "natural_exit_year": 0.35, "return_price_ratio": 1}
    )
    gross = savings.simulate_savings(given, draws=100, seed=seed).by_year("gross").sum(axis=1)
    error = float(gross.std(ddof=1) / 10)
    half = stats.t.ppf(0.975, 99) * error
    return Estimate(
        "Gross saving", float(gross.mean()), gross.mean() - half, gross.mean() + half, std_error=error
    )


def exponential_stay():
    """Pound a week until the child would have left, or three years: the integral of 0.65^t."""
    return float(20 * WEEKS_PER_YEAR * (1 - 0.65**3) / -np.log(0.65))


TRIALS: tuple[Trial, ...] = (
    Coverage(
        "Price gap",
        "60 and 80 children, log-normal",
        float(np.exp(8.3 + 0.08) - np.exp(6.7 + 0.045)),
        price_gap,
    ),
    Coverage(
        "Mean saving of a scenario",
        "100 draws of 20 children who leave at random",
        exponential_stay,
        scenario_mean,
    ),
    Coverage(
        "Value of knowing one input", "2,000 draws of a normal net benefit", unit_normal_loss, information
    ),
    Coverage("Total Sobol index", "Ishigami function, 8 sets of 64 points", total_index, sobol),
)
