"""Trials of matching: prices of children alike, and the range of another worker's ratings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Rate, Trial
from tests.validity.planted import generator, levels
from vcanalysis.analysis import matching

TYPES = np.array(["In-house fostering", "Agency fostering"])
GAP = 315.0


def fostered(seed, n=140):
    """Children whose price rises with need, faster with an agency, which has those of greater need; skewed."""
    rng = generator(seed)
    agency = (rng.random(n) < 0.5).astype(int)
    need, age = rng.normal(10, 4, n) + 3 * agency, rng.uniform(0, 18, n)
    # 13 is the mean need of the agency's children: there the gap is the planted one
    cost = 300 + 12 * need + 8 * age + agency * (GAP + 9 * (need - 13)) + (rng.gamma(3, 60, n) - 180)
    return pd.DataFrame({"type": TYPES[agency], "need": need, "age": age, "cost": cost})


def gap(seed):
    return matching.agency_gap(fostered(seed), cost="cost", placement_type="type", adjust=("need", "age"))


def judged_in_range(seed):
    """Whether the unmet need by one more rating lies in the range that was given beforehand."""
    rng = generator(seed)
    names = [f"d{i}" for i in range(4)]
    children = pd.DataFrame(levels(rng.standard_normal((30, 4))), columns=names)
    homes = pd.DataFrame(rng.binomial(3, 0.5, (25, 4)), columns=names)
    problem = matching.pose(
        children.assign(child_id=np.arange(30), age_years=8.0),
        homes.assign(household_id=np.arange(25), approved_places=1, age_min=0, age_max=17),
        domains=names,
    )
    best = matching.assign(problem)
    found = matching.judged({"best": best}, reliability=0.7, draws=39, seed=seed)[0]
    other = problem.with_need(matching.rerate(problem.need, reliability=0.7, seed=1_000_000 + seed))
    gap_each = np.nanmean(matching.Assignment(other, best.home, "as before").gap)
    return found.low <= gap_each <= found.high


TRIALS: tuple[Trial, ...] = (
    Coverage("Agency's price beyond that of children alike", "140 children, skewed prices, slopes differ", GAP, gap),
    Rate("Range of unmet need by another rating", "30 children, 25 homes", judged_in_range, (93.6, 96.4), ci=60),
)  # fmt: skip
