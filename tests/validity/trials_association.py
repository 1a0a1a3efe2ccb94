"""Trials of need against cost."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from tests.validity.laboratory import Coverage, Rejection, Trial, excluded
from tests.validity.planted import generator, levels, rated, spearman_of, two_normal
from vcanalysis.analysis import association

WIDE = (
    "it carries the widths of two intervals as if they were independent, though both were estimated on the same "
    "children, and so errs on the wide side; within simulation error of the gate"
)


def correlation(seed, n, rho):
    frame = pd.DataFrame(two_normal(generator(seed), n, rho), columns=["x", "y"])
    return association.rank_correlation(frame, x="x", y="y")


def ordinal_correlation(seed, n):
    need, cost = two_normal(generator(seed), n, 0.3).T
    return association.rank_correlation(pd.DataFrame({"x": levels(need), "y": np.exp(cost)}), x="x", y="y")


def ordinal_truth():
    need, cost = two_normal(generator(99), 2_000_000, 0.3).T
    return float(stats.spearmanr(levels(need), cost).statistic)


def twice(first, second):
    return pd.DataFrame({"pair": [*range(len(first))] * 2, "score": [*first, *second]})


def reliability(seed):
    rng = generator(seed)
    ratings = twice(*rated(rng, rng.standard_normal(60), 0.7))
    return association.reliability(ratings, subject="pair", score="score")


def disattenuated(seed):
    rng = generator(seed)
    need, cost = two_normal(rng, 250, 0.4).T
    first, second = rated(rng, need, 0.64)
    rho = association.rank_correlation(pd.DataFrame({"x": first, "y": cost}), x="x", y="y")
    reliable = association.reliability(twice(first[:120], second[:120]), subject="pair", score="score")
    return association.disattenuated(rho, reliable, draws=4000, seed=seed)


def explained(seed):
    rng = generator(seed)
    x, z = rng.normal(size=(2, 250))
    kind = rng.integers(0, 12, 250).astype(str)
    frame = pd.DataFrame({"x": x, "z": z, "kind": kind, "cost": np.exp(x + 2 * z + rng.normal(size=250))})
    blocks = {"X": ["x"], "Z": ["z"], "Kind": ["kind"]}
    return association.share_explained(frame, cost="cost", blocks=blocks, replicates=200, seed=seed).blocks[0]


TRIALS: tuple[Trial, ...] = (
    Coverage(
        "Rank correlation",
        "120 children, normal scores",
        spearman_of(0.3),
        partial(correlation, n=120, rho=0.3),
    ),
    Rejection(
        "Rank correlation, true null",
        "120 children, no link",
        lambda seed: excluded(correlation(seed, 120, 0.0)),
    ),
    Coverage(
        "Rank correlation, ties",
        "60 children, four levels by log-normal cost",
        ordinal_truth,
        partial(ordinal_correlation, n=60),
    ),
    Coverage("Reliability, ICC(1)", "60 children rated twice, .7 in truth", 0.7, reliability),
    Coverage(
        "Correlation corrected for error",
        "250 children, 120 rated twice",
        spearman_of(0.4),
        disattenuated,
        known=WIDE,
    ),
    Coverage("Share explained (Shapley)", "250 children, three blocks", 1 / 6, explained, ci=100),
)
