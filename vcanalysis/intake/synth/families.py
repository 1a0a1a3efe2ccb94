"""Foster households with what they can meet, and the goals of children."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.intake.synth import rates
from vcanalysis.intake.synth.arrays import Array, dates, day
from vcanalysis.intake.synth.assessments import Ratings
from vcanalysis.intake.synth.homes import Homes
from vcanalysis.intake.synth.journeys import Stays
from vcanalysis.intake.synth.latent import DOMAINS, TrueNeed
from vcanalysis.intake.synth.people import People
from vcanalysis.intake.synth.settings import SynthSettings

_SKILL = (0.42, 0.50, 0.62)  # mean capability as a share of the highest: kinship, in-house, agency
_AGE_RANGES = ((0, 4), (0, 10), (5, 12), (5, 17), (8, 17), (0, 17), (11, 17))
_GOALS_PER_RATING = 0.35


def carers_table(
    rng: np.random.Generator, settings: SynthSettings, stays: Stays, homes: Homes
) -> pd.DataFrame:
    """Give the table `carers`: households used in the last two years of the data."""
    recent = (stays.end > day(settings.end) - 730) & (stays.start < day(settings.end))
    used = np.unique(homes.home[recent & (stays.kind <= rates.AGENCY) & (homes.home >= 0)])
    kind = homes.kind[used].astype(int)
    skill = np.clip(np.array(_SKILL)[kind] + 0.13 * rng.standard_normal(len(used)), 0.05, 0.95)
    capability = rng.binomial(3, np.repeat(skill[:, None], len(DOMAINS), axis=1))
    ages = np.array(_AGE_RANGES)[rng.integers(0, len(_AGE_RANGES), len(used))]
    wide = len(DOMAINS)
    return pd.DataFrame(
        {
            "household_id": np.repeat(homes.home_names[used], wide),
            "approved_places": np.repeat(homes.places[used], wide),
            "age_min": np.repeat(ages[:, 0], wide),
            "age_max": np.repeat(ages[:, 1], wide),
            "domain": np.tile(np.array(DOMAINS), len(used)),
            "capability": capability.ravel(),
        }
    )


def _progress(rng: np.random.Generator, age_days: Array) -> Array:
    ripe = np.clip(age_days / 500, 0, 1)
    drawn = rng.random(len(age_days))
    met, some, dropped = 0.48 * ripe, 0.15 + 0.25 * ripe, 0.08 * ripe
    return np.select(
        [drawn < met, drawn < met + some, drawn < met + some + dropped],
        ["met", "some", "dropped"],
        "not started",
    )


def goals_table(
    rng: np.random.Generator, settings: SynthSettings, people: People, need: TrueNeed, ratings: Ratings
) -> pd.DataFrame:
    """Give the table `goals`: set at assessments, mostly where need is high."""
    times = rng.poisson(_GOALS_PER_RATING, len(ratings)) * (ratings.context < 3)
    row = np.repeat(np.arange(len(ratings)), times)
    child, on = ratings.child[row], ratings.on[row]
    weight = 0.1 + need.at(child, on).astype(float) ** 2
    edges = np.cumsum(weight, axis=1)
    domain = (rng.random(len(row))[:, None] * edges[:, -1:] >= edges).sum(axis=1)
    age = (on - people.birth[child]) / 365.25
    authored = rng.random(len(row)) < np.clip((age - 5) / 20, 0, 0.6)
    table = pd.DataFrame(
        {
            "child_id": people.child_id[child],
            "set_on": dates(on),
            "horizon": np.where(rng.random(len(row)) < 0.6, "short", "long"),
            "child_authored": authored,
            "domain": np.array(DOMAINS)[domain],
            "progress": _progress(rng, day(settings.end) - on),
        }
    )
    return table.drop_duplicates(["child_id", "set_on", "domain", "horizon"]).reset_index(drop=True)
