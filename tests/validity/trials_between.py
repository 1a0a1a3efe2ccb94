"""Trials of how much of the differences in price lies between types of placement."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Rejection, Trial, excluded, remembered
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


@remembered
def beside_one_provider(seed, large, n=220):
    """One provider has so many of the children; need and price are shared within providers, and have no link."""
    rng = generator(seed)
    group = np.where(np.arange(n) < large * n, 0, 1 + np.arange(n) % 35)
    need = 10 + 3 * (rng.normal(size=n) + rng.normal(size=36)[group])
    log = 7 + 0.5 * (rng.normal(size=n) + rng.normal(size=36)[group])
    frame = pd.DataFrame({"need": need, "cost": np.exp(log), "provider": group, "log": log})
    return frame.assign(type=rng.choice(["a", "b", "c"], n, p=[0.5, 0.3, 0.2]))


def slope_split(frame):
    found = association.within_between(frame, need="need", cost="cost", group="type", cluster="provider")
    return found.slopes[1]


def slope_of_line(frame):
    return association.linear_model(frame, y="log", terms=["need", "type"], cluster="provider").group("need")


def slope_in_pounds(frame):
    return association.cost_model(frame, cost="cost", terms=["need", "type"], cluster="provider").effect(
        "need"
    )


TRIALS: tuple[Trial, ...] = (
    *(
        Rejection(
            f"{words}, a provider with {large:.0%} of the children, true null",
            "220 children, 35 other providers, half of need and price shared; cautious where one has half",
            lambda seed, slope=slope, large=large: excluded(slope(beside_one_provider(seed, large))),
            gate=(0.0, 6.5),
            run=f"a provider with {large:.0%}",
            ci=100,
        )
        for words, slope in (
            ("Slope within types", slope_split),
            ("Slope of a line", slope_of_line),
            ("Gamma model", slope_in_pounds),
        )
        for large in (0.3, 0.5)
    ),
    *(
        Coverage(
            f"Share of price between types, {words}",
            "160 homes of 1 to 4 children, five types, log-normal prices",
            truth(dear),
            partial(share, dear=dear),
            known="half a point wide: near 0 by F, whose upper end is never less than where chance alone is found; "
            "tried: leaving out each home in turn (97.5 to 98%: it moves the share more than drawing another does)",
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
