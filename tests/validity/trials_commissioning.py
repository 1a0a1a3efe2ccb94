"""Trials of commissioning: the concentration of a market, its prices, and what a framework takes off them."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Rejection, Trial, excluded
from tests.validity.planted import generator
from vcanalysis.analysis import association, commissioning
from vcanalysis.core.estimate import Estimate
from vcanalysis.intake.council import Council
from vcanalysis.intake.synth.council import synthesise
from vcanalysis.intake.synth.settings import SynthSettings

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


def framework(seed, *, children, discount):
    """Cost on the framework over spot at the same need, age and type, in a synthetic council as a whole."""
    made = synthesise(SynthSettings(children=children, years=1, seed=seed, framework_discount=discount))
    start, end = made.tables["placements"]["decom"].min(), pd.Timestamp("2020-01-01")
    who = ("Trial", "", True, (), "vcw-default-12", "2019-20", None)
    council = Council(Path(), *who, start=start, end=end, tables=dict(made.tables))
    priced = council.snapshot("2019-12-31").dropna(subset=["cost_gbp_week"])
    away = priced["placement_type"].isin(["With parents", "Placed for adoption"])
    bought = priced[~priced["place_provider"].isin(["PR0", "PR1"]) & ~away]
    listed = set(made.meta["framework_providers"]) & set(bought["provider_id"].dropna())
    bought = bought.assign(route=commissioning.how_bought(bought["provider_id"], framework=listed))
    terms = ["need_total", "age_years", "placement_type", "route"]
    model = association.cost_model(bought, cost="cost_gbp_week", terms=terms, cluster="provider_id")
    found = next(e for e in model.ratios if "framework" in e.term)
    return found if "framework against spot" in found.term else upside_down(found)


def upside_down(ratio):
    """Turn a ratio over: the route that sells more is what the other stands against."""
    ends = (1 / x if x is not None else None for x in (ratio.value, ratio.high, ratio.low))
    return Estimate(ratio.term, *ends, ratio.level, ratio.n, ratio.unit, ratio.method)


TRIALS: tuple[Trial, ...] = (
    Coverage(
        "Framework against spot, a discount of 25% planted",
        "synthetic council of 600 children, about 130 placements bought of 30 providers",
        0.75,
        partial(framework, children=600, discount=0.25),
        ci=10,
        known="a little wide: providers are few and of unequal size, which leaves t few degrees of freedom; half-"
        "widths are 1.1 times what the spread of the estimates asks for (120 councils)",
    ),
    Rejection(
        "Framework against spot, none planted",
        "synthetic council of 900 children, about 200 placements bought of 40 providers",
        lambda seed: excluded(framework(seed, children=900, discount=0.0), 1),
        ci=10,
        known="a little wide: providers are few and of unequal size, which leaves t few degrees of freedom; half-"
        "widths are 1.1 times what the spread of the estimates asks for (120 councils)",
    ),
    Coverage(
        "Price index of a council", "20 homes, 60 families, 15 other councils; prices skewed", 1.0, dispersed
    ),
    Coverage("Concentration of a market", "80 children, 8 providers", float(SHARES @ SHARES), market),
)
