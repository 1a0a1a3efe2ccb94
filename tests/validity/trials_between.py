"""Trials of how much of the differences in price lies between types of placement."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Rejection, Trial, excluded
from tests.validity.planted import generator
from vcanalysis.analysis import association

DRAWN = np.array([0.42, 0.3, 0.18, 0.06, 0.04])  # of 160 homes, those of each type
SIZES = np.array([1, 1, 2, 3, 4])
DEAR = np.array([0.0, 0.4, 0.8, 1.8, 0.9])
ALIKE, HOME, CHILD = np.zeros(5), 0.3, 0.4  # spread of log price between homes of a type, and within homes


def prices(seed, dear, homes=160):
    """Log-normal prices of children in homes, each of one type; homes are drawn with all their children."""
    rng = generator(seed)
    kind = rng.choice(5, homes, p=DRAWN)
    home = np.repeat(np.arange(homes), SIZES[kind])
    log = 6.5 + dear[kind][home] + HOME * rng.normal(size=homes)[home] + CHILD * rng.normal(size=len(home))
    frame = pd.DataFrame({"need": rng.gamma(4, 2, len(home)), "cost": np.exp(log), "home": home})
    return frame.assign(type=kind[home])


def share(seed, dear, by="type", cluster="home"):
    frame = prices(seed, dear)
    return association.within_between(
        frame, need="need", cost="cost", group=by, cluster=cluster, seed=seed
    ).variance_between


def truth(dear):
    part = DRAWN * SIZES / (DRAWN @ SIZES)
    between = float(part @ dear**2 - (part @ dear) ** 2)
    return between / (between + HOME**2 + CHILD**2)


def homes_alike(seed, homes=40):
    """Nothing lies between 40 small homes."""
    rng = generator(seed)
    home = rng.choice(homes, 250, p=rng.dirichlet(np.full(homes, 2.0)))
    frame = pd.DataFrame({"need": rng.gamma(4, 2, 250), "cost": rng.lognormal(7, 0.5, 250), "home": home})
    return association.within_between(
        frame, need="need", cost="cost", group="home", seed=seed
    ).variance_between


TRIALS: tuple[Trial, ...] = (
    *(
        Coverage(
            f"Share of price between types, {words}",
            "160 homes of 1 to 4 children, five types, log-normal prices",
            truth(dear),
            partial(share, dear=dear),
            known="a point wide: leaving out a home moves the share more than drawing another where a type has six",
            ci=100,
        )
        for words, dear in (("large", DEAR), ("middling", DEAR / 3))
    ),
    Rejection(
        "Share of price between types alike",
        "160 homes of 1 to 4 children, five types, log-normal prices",
        lambda seed: excluded(share(seed, ALIKE)),
        ci=100,
    ),
    Rejection(
        "Share of price between homes alike",
        "250 children, 40 homes, log-normal prices",
        lambda seed: excluded(homes_alike(seed)),
        gate=(0.0, 6.5),
        ci=100,
    ),
)
