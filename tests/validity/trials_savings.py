"""Trials of savings."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Trial
from tests.validity.planted import generator
from vcanalysis.analysis import savings


def price_gap(seed):
    rng = generator(seed)
    costs = [*rng.lognormal(8.3, 0.4, 60), *rng.lognormal(6.7, 0.3, 80)]
    frame = pd.DataFrame({"cost": costs, "type": ["Home"] * 60 + ["Foster"] * 80})
    found = savings.price_gap(
        frame, cost="cost", placement_type="type", dear=["Home"], cheap=["Foster"], seed=seed
    )
    return found[2]


TRIALS: tuple[Trial, ...] = (
    Coverage(
        "Price gap",
        "60 and 80 children, log-normal",
        float(np.exp(8.3 + 0.08) - np.exp(6.7 + 0.045)),
        price_gap,
    ),
)
