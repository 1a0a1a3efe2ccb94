"""Ratings of need: when, by whom, with what error."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.intake.synth.arrays import YEAR, Array, Rows, dates, day
from vcanalysis.intake.synth.latent import ADOLESCENT, DOMAINS, FRAMEWORK, TrueNeed
from vcanalysis.intake.synth.people import People, pseudonyms
from vcanalysis.intake.synth.settings import SynthSettings
from vcanalysis.intake.synth.spells import Spells

_ROLES = ("social worker", "team manager", "supervising social worker")
_CONTEXTS = ("placement request", "review", "SEND", "double rating")
_CHILDREN_PER_WORKER = 14
_TENURE_YEARS = 1.7


@dataclass(frozen=True, slots=True)
class Ratings(Rows):
    """One rating occasion per row."""

    child: Array
    on: Array
    spell: Array
    context: Array
    rater: Array
    role: Array


def _occasions(rng: np.random.Generator, settings: SynthSettings, spells: Spells, people: People) -> Ratings:
    start, end = day(settings.data_from), day(settings.end)
    size = len(spells)
    known = spells.entry < start
    lag = np.where(known, rng.uniform(0, 182, size), 25 * np.exp(0.55 * rng.standard_normal(size)))
    most = int(settings.years * 365 / 120) + 2
    gaps = rng.gamma(9.0, 182 / 9.0, (size, most))
    late = rng.random((size, most)) < settings.overdue_share
    gaps = np.maximum(40, gaps + late * rng.uniform(60, 260, (size, most)))
    gaps[:, 0] = lag
    on = (np.maximum(spells.entry, start)[:, None] + np.cumsum(gaps, axis=1)).astype(np.int32)
    never = rng.random(len(people)) < settings.never_assessed_share
    keep = (on < np.minimum(spells.exit, end)[:, None]) & ~never[spells.child][:, None]
    spell, turn = np.nonzero(keep)
    context = np.where((turn == 0) & ~known[spell], 0, 1).astype(np.int8)
    context = np.where(
        (context == 1) & (people.sen[spells.child[spell]] == "EHCP") & (rng.random(len(spell)) < 0.08),
        2,
        context,
    ).astype(np.int8)
    none = np.zeros(len(spell), np.int32)
    return Ratings(spells.child[spell], on[keep], spell.astype(np.int32), context, none, none.astype(np.int8))


def _workers(rng: np.random.Generator, settings: SynthSettings, slots: int) -> tuple[Array, int]:
    """Give the days on which each post changes hands, shape (posts, holders)."""
    holders = int(settings.years / _TENURE_YEARS * 3) + 4
    tenure = rng.exponential(_TENURE_YEARS * YEAR, (slots, holders))
    tenure[:, 0] *= rng.random(slots)
    return day(settings.data_from) + np.cumsum(tenure, axis=1), holders


def _holder(changes: Array, post: Array, on: Array) -> Array:
    return np.minimum((on[:, None] >= changes[post]).sum(axis=1), changes.shape[1] - 1)


def _allocate(rng: np.random.Generator, settings: SynthSettings, spells: Spells, ratings: Ratings) -> Ratings:
    """Give each rating its worker: the duty team first, then a long-term worker, with turnover."""
    posts = max(3, round(len(spells) / 2.6 / _CHILDREN_PER_WORKER))
    changes, holders = _workers(rng, settings, posts)
    early, later = rng.integers(0, posts, (2, len(spells)))
    in_care = ratings.on - spells.entry[ratings.spell]
    post = np.where(in_care < 200, early[ratings.spell], later[ratings.spell])
    rater = (post * holders + _holder(changes, post, ratings.on)).astype(np.int32)
    return Ratings(ratings.child, ratings.on, ratings.spell, ratings.context, rater, ratings.role)


def _second_ratings(
    rng: np.random.Generator, settings: SynthSettings, spells: Spells, ratings: Ratings
) -> Ratings:
    """Let a second person rate some of the children again within 14 days."""
    twice = ratings.take(rng.random(len(ratings)) < settings.double_rated_share)
    on = (twice.on + rng.integers(0, 15, len(twice))).astype(np.int32)
    last = np.minimum(spells.exit[twice.spell], day(settings.end)) - 1
    posts = max(3, round(len(spells) / 2.6 / _CHILDREN_PER_WORKER / 3))
    changes, holders = _workers(rng, settings, posts)
    post = rng.integers(0, posts, len(twice))
    base = 1_000_000
    rater = (base + post * holders + _holder(changes, post, on)).astype(np.int32)
    context = np.full(len(twice), 3, np.int8)
    return Ratings(twice.child, np.minimum(on, last), twice.spell, context, rater, (post % 3).astype(np.int8))


def draw_ratings(
    rng: np.random.Generator, settings: SynthSettings, spells: Spells, people: People
) -> Ratings:
    """Draw who rated whom and when."""
    first = _allocate(rng, settings, spells, _occasions(rng, settings, spells, people))
    ratings = first.join(_second_ratings(rng, settings, spells, first))
    ratings = ratings.take(np.lexsort((ratings.rater, ratings.on, ratings.child)))
    names, rater = np.unique(ratings.rater, return_inverse=True)
    del names
    return Ratings(
        ratings.child, ratings.on, ratings.spell, ratings.context, rater.astype(np.int32), ratings.role
    )


def rate(rng: np.random.Generator, settings: SynthSettings, need: TrueNeed, ratings: Ratings) -> Array:
    """Rate the true levels with error, shape (rating, domain); nothing is missing yet."""
    truth = need.at(ratings.child, ratings.on)
    severity = rng.standard_normal(int(ratings.rater.max(initial=0)) + 1) * settings.rater_severity_sd
    noise = rng.standard_normal(truth.shape, dtype=np.float32) * np.float32(settings.rating_noise_sd)
    seen = np.rint(truth + noise + severity[ratings.rater, None].astype(np.float32))
    level = np.clip(seen, 0, 3).astype(np.int8)
    level[need.young(ratings.child, ratings.on), ADOLESCENT] = 0
    return level


def _missing(rng: np.random.Generator, settings: SynthSettings, shape: tuple[int, int]) -> Array:
    hasty = rng.random(shape[0]) < 1.5 * settings.domain_missing_share
    share = np.where(hasty, 0.3, settings.domain_missing_share)
    return rng.random(shape, dtype=np.float32) < share[:, None] * (settings.domain_missing_share > 0)


def _strength(rng: np.random.Generator, level: Array) -> tuple[Array, Array]:
    seen = np.rint(0.7 * level + 0.4 + 0.8 * rng.standard_normal(level.shape, dtype=np.float32))
    absent = np.broadcast_to((rng.random(len(level)) > 0.45)[:, None], level.shape)
    return np.clip(seen, 0, 3).astype(np.int8), absent


def _whole(values: Array, missing: Array) -> pd.Series:
    return pd.Series(pd.arrays.IntegerArray(values.ravel().astype(np.int64), missing.ravel().copy()))


def needs_table(
    rng: np.random.Generator, settings: SynthSettings, people: People, need: TrueNeed, ratings: Ratings
) -> pd.DataFrame:
    """Give the table `needs`, one row per domain and rating, text as categories to save memory."""
    level = rate(rng, settings, need, ratings)
    wide = len(DOMAINS)
    strength, unstated = _strength(rng, level)
    raters = pseudonyms(rng, int(ratings.rater.max(initial=0)) + 1, digits=8)

    def text(codes: Array, names: object) -> pd.Categorical:
        return pd.Categorical.from_codes(np.repeat(codes, wide), categories=list(names))  # type: ignore[call-overload]

    return pd.DataFrame(
        {
            "child_id": text(ratings.child, people.child_id),
            "date": np.repeat(dates(ratings.on).to_numpy(), wide),
            "framework": text(np.zeros(len(ratings), np.int8), [FRAMEWORK]),
            "rater_id": text(ratings.rater, raters),
            "rater_role": text(ratings.role, _ROLES),
            "context": text(ratings.context, _CONTEXTS),
            "domain": pd.Categorical.from_codes(
                np.tile(np.arange(wide, dtype=np.int8), len(ratings)), categories=list(DOMAINS)
            ),
            "level": _whole(level, _missing(rng, settings, level.shape)),
            "strength": _whole(strength, unstated),
        }
    )
