"""Trials of commissioning: the concentration of a market, from the children it happened to place."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Trial
from tests.validity.planted import generator
from vcanalysis.analysis import commissioning

SHARES = np.array([0.35, 0.2, 0.15, 0.1, 0.08, 0.06, 0.04, 0.02])


def market(seed, *, children=80):
    """Children placed by planted shares of the market."""
    placed = generator(seed).choice(len(SHARES), children, p=SHARES)
    return commissioning.concentration(pd.DataFrame({"provider": placed.astype(str)}), provider="provider")[0]


TRIALS: tuple[Trial, ...] = (
    Coverage("Concentration of a market", "80 children, 8 providers", float(SHARES @ SHARES), market),
)
