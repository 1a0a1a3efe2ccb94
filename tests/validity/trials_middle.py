"""Trials of the children in the middle."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Trial
from tests.validity.planted import generator
from vcanalysis.analysis import middle


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


TRIALS: tuple[Trial, ...] = (
    Coverage("Agreement (kappa)", "150 children, two definitions", kappa_truth(), kappa),
)
