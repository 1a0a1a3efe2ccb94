"""Trials of the rule for the children in the middle: its cut-offs are learnt from the children it is applied to."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Trial, remembered
from tests.validity.planted import generator
from vcanalysis.analysis import middle
from vcanalysis.analysis.middle.rule import Known, is_middle


def priced(rng, n):
    """Need, and prices by type of placement that rise with it a little."""
    need = rng.gamma(4, 2.5, n)
    kind = rng.choice(3, n, p=[0.55, 0.27, 0.18])
    cost = np.array([480.0, 950.0, 3900.0])[kind] * np.exp(0.02 * (need - 10) + rng.normal(0, 0.3, n))
    band = np.where(need > 16, "intensive", np.where(need > 11, "enhanced", "standard"))
    return pd.DataFrame({"need": need, "n3": rng.poisson(need / 12), "band": band, "cost": cost})


@remembered
def found(seed):
    frame = priced(generator(seed), 250)
    return middle.find_middle(frame, need="need", n3="n3", band="band", cost="cost", seed=seed).estimates


@cache
def true_shares():
    """Give both shares of 400,000 children."""
    frame = priced(generator(10**6), 400_000)
    known = Known(*(frame[name].to_numpy() for name in ("need", "n3", "band", "cost")))
    inside = is_middle(known, middle.MiddleRule())
    return float(inside.mean()), float(known.cost[inside].sum() / known.cost.sum())


TRIALS: tuple[Trial, ...] = tuple(
    Coverage(
        f"Share of {words} in the middle",
        "250 children, prices by type of placement",
        lambda place=place: true_shares()[place],
        lambda seed, place=place: found(seed)[place],
        run="rule",
        ci=100,
    )
    for place, words in ((0, "children"), (1, "the money"))
)
