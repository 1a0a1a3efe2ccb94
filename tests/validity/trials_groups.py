"""Trials of cost by group of need: three-step means, and the gaps to the group of lowest need."""

from __future__ import annotations

import json
from functools import cache

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from tests.validity.laboratory import Coverage, Rejection, Trial, remembered
from tests.validity.planted import generator
from vcanalysis.analysis import middle
from vcanalysis.core.paths import data_file


@remembered
def higher_in_three(seed):
    """Two groups over six domains, one of which has more of three needs; it is the second."""
    rng = generator(seed + 2_000_000)
    side = rng.random(250) < 0.4
    levels = rng.binomial(3, np.where(side[:, None] & (np.arange(6) < 3), 0.65, 0.25))
    return middle.find_classes(pd.DataFrame(levels), number=2, n_init=6, seed=seed), side


@remembered
def group_costs(seed, gap):
    """Costs that depend on the group, skewed."""
    found, side = higher_in_three(seed)
    cost = generator(seed).gamma(4, 200, len(side)) + gap * side
    return middle.compare_groups(found, pd.Series(cost), term="Cost", unit="GBP per week", seed=seed)


COSTS = np.array([900.0, 1300.0, 2600.0, 1900.0])


@cache
def demo_truth():
    """Chance of each level in the groups of the demo council (group, domain, level), and their shares."""
    population = json.loads(data_file("demo/truth.json").read_text(encoding="utf-8"))["population"]
    shares = np.array(population["class_shares_in_snapshot"])
    return np.array(population["rated_level_shares"]), shares / shares.sum()


@remembered
def demo_groups(seed, n=620):
    """The groups of the demo council, two of them of almost one mean level; and which was found as which."""
    rng, (chance, shares) = generator(seed), demo_truth()
    group = rng.choice(4, n, p=shares)
    levels = (rng.random((n, chance.shape[1], 1)) > chance.cumsum(axis=2)[group]).sum(axis=2)
    found = middle.find_classes(pd.DataFrame(levels), number=4, n_init=6, seed=seed)
    means = found.profile.pivot_table(index="group", columns="domain", values="mean_level", sort=False)
    planted = chance @ np.arange(chance.shape[2])
    apart = ((planted[:, None] - means.to_numpy()) ** 2).sum(axis=2)
    return found, group, linear_sum_assignment(apart)[1]


@remembered
def costs_of_four(seed, spread):
    """Costs of the 250 children in care, log-normal around the mean of their group; by the planted group."""
    found, group, where = demo_groups(seed)
    cost = (COSTS if spread else np.full(4, 1500.0))[group[:250]]
    cost = cost * generator(seed + 1_000_000).lognormal(-0.125, 0.5, 250)
    made = middle.compare_groups(found, pd.Series(cost), term="Cost", unit="GBP per week", seed=seed)
    gaps = {e.group: e for e in made.gaps}
    names = [made.means[k].group for k in where]
    return made, [made.means[k] for k in where], [gaps.get(name) for name in names]


TRIALS: tuple[Trial, ...] = (
    Coverage(
        "Cost gap between groups (three-step)",
        "250 children, two groups, one higher",
        400.0,
        lambda s: group_costs(s, 400.0).gaps[0],
        run="higher in three",
        ci=100,
    ),
    Coverage(
        "Mean cost of a group (three-step)",
        "250 children, two groups, one higher",
        800.0,
        lambda s: group_costs(s, 400.0).means[0],
        run="higher in three",
        ci=100,
    ),
    Rejection(
        "Cost by group, none differs",
        "250 children, two groups, one higher",
        lambda s: group_costs(s, 0.0).p_value,
        run="higher in three",
        ci=100,
    ),
    *(
        trial
        for place, words in enumerate(("lowest", "large", "smallest", "small"))
        for trial in (
            Coverage(
                f"Mean cost of the {words} of four groups (three-step)",
                "620 children, 250 with a price; profile of the demo",
                float(COSTS[place]),
                lambda s, k=place: costs_of_four(s, True)[1][k],
                run="four groups of the demo",
                ci=40,
            ),
            *(
                [
                    Coverage(
                        f"Cost of the {words} of four groups above the lowest's",
                        "620 children, 250 with a price; profile of the demo",
                        float(COSTS[place] - COSTS[0]),
                        lambda s, k=place: costs_of_four(s, True)[2][k],
                        run="four groups of the demo",
                        ci=40,
                    )
                ]
                if place
                else []
            ),
        )
    ),
    Rejection(
        "Cost by group, none of four differs",
        "620 children, 250 with a price; profile of the demo",
        lambda s: costs_of_four(s, False)[0].p_value,
        run="four groups of the demo",
        ci=40,
    ),
)
