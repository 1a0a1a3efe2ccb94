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


def dispersed(seed, *, homes=20, families=60):
    """Prices of a council, skewed in each kind, beside those of 15 others whose middle costs the same in the mean."""
    rng = generator(seed)
    kinds = np.repeat(["Home", "Family"], [homes, families])
    mean = np.where(kinds == "Home", 4000.0, 700.0)
    spread = np.where(kinds == "Home", 0.5, 0.35)
    paid = mean * np.exp(rng.normal(-(spread**2) / 2, spread))
    others = pd.DataFrame(
        {"home": np.linspace(0.8, 1.2, 15) * 4000, "family": np.linspace(0.8, 1.2, 15) * 700}
    )
    frame = pd.DataFrame({"placement_type": kinds, "gbp": paid})
    return commissioning.price_index(
        frame, others, prices={"home": ["Home"], "family": ["Family"]}, cost="gbp"
    )[0]


TRIALS: tuple[Trial, ...] = (
    Coverage(
        "Price index of a council", "20 homes, 60 families, 15 other councils; prices skewed", 1.0, dispersed
    ),
    Coverage("Concentration of a market", "80 children, 8 providers", float(SHARES @ SHARES), market),
)
