"""What is measured at 31 March: SDQ with its non-returns, health, offending, missing episodes; care leavers."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy.special import betaln, expit, gammaln, ndtr

from vcanalysis.intake.synth import rates
from vcanalysis.intake.synth.arrays import YEAR, Array, birthday, dates, day, last_at_or_before
from vcanalysis.intake.synth.journeys import Stays
from vcanalysis.intake.synth.latent import TrueNeed, standard_need
from vcanalysis.intake.synth.people import People
from vcanalysis.intake.synth.settings import SynthSettings
from vcanalysis.intake.synth.spells import Spells

# Mean SDQ by age (5 to 16), girls and boys, published for 2024 (ages between interpolated); the level of
# 2019 is 14.2 against 14.7 (high scores are returned less often, so all scores lie a little
# higher). The sum of the two beta parameters is the published fit by sex.
_AGES = np.arange(5, 17)
_MEAN = np.array(
    [
        np.interp(_AGES, [5, 7, 8, 10, 12, 13, 14, 15, 16], [12.8, 13.7, 13.9, 13.7, 14.0, 14.5, 15.1, 15.1, 14.3]),
        np.interp(_AGES, [5, 7, 8, 10, 12, 13, 14, 15, 16], [14.7, 15.7, 16.4, 15.7, 15.3, 15.5, 15.6, 14.5, 13.3]),
    ]
) * (14.4 / 14.7)  # fmt: skip
_CONCENTRATION = (5.09, 5.82)
_STABILITY = 0.65  # correlation of a child's latent SDQ from one year to the next
SDQ_MISSING_SLOPE = 0.30  # fall of the log odds of a return per standard deviation of the latent SDQ
_YES = {"health_check": 0.90, "dental_check": 0.85, "immunisations_up_to_date": 0.87}


def _sdq_tables(offset: float) -> Array:
    """Give cumulative probabilities of each score, shape (sex, age, 41)."""
    share = np.clip((_MEAN + offset) / 40, 0.05, 0.9)
    a = (share * np.array(_CONCENTRATION)[:, None])[:, :, None]
    b = np.array(_CONCENTRATION)[:, None, None] - a
    k = np.arange(41)
    # The beta-binomial in closed form: scipy's own loops over every cell.
    log_choose = gammaln(41) - gammaln(k + 1) - gammaln(41 - k)
    return np.cumsum(np.exp(log_choose + betaln(k + a, 40 - k + b) - betaln(a, b)), axis=2)


def _reference_days(settings: SynthSettings) -> list[int]:
    years = range(settings.data_from.year, settings.end.year + 1)
    days = [day(f"{y}-03-31") for y in years]
    return [d for d in days if day(settings.data_from) < d < day(settings.end)]


def _sdq(
    rng: np.random.Generator, settings: SynthSettings, people: People, child: Array, age: Array, z: Array
) -> tuple[Array, Array]:
    """Draw scores and whether they are returned: high scores a little less often."""
    table = _sdq_tables(settings.sdq_offset)[people.male[child].astype(int), age.astype(int) - 5]
    score = (ndtr(z)[:, None] > table).sum(axis=1)
    target = np.clip(settings.sdq_return_rate, 0.05, 0.999)
    odds = np.log(target / (1 - target)) - SDQ_MISSING_SLOPE * z
    return score, rng.random(len(child)) < expit(odds)


def _year(
    rng: np.random.Generator,
    settings: SynthSettings,
    *,
    spells: Spells,
    people: People,
    need: TrueNeed,
    lasting: Array,
    on: int,
) -> pd.DataFrame:
    rows = np.flatnonzero((spells.entry <= on) & (spells.exit > on))
    child, long = spells.child[rows], spells.entry[rows] <= on - 365
    age = np.floor((on - people.birth[child]) / YEAR)
    when = np.full(len(rows), on)
    rho = settings.sdq_need_correlation
    latent = (
        rho * standard_need(need.at(child, when).sum(axis=1))
        + np.sqrt(max(_STABILITY - rho**2, 0)) * lasting[child]
        + np.sqrt(1 - max(_STABILITY, rho**2)) * rng.standard_normal(len(rows))
    )
    asked = long & (age >= 5) & (age <= 16)
    score, returned = _sdq(rng, settings, people, child, np.clip(age, 5, 16), latent)
    frames = [_frame(people, child, on, "sdq_total", score, asked & returned, "carer")]
    for measure, share in _YES.items():
        yes = rng.random(len(rows)) < share
        frames.append(_frame(people, child, on, measure, yes, long, "return"))
    risk = np.array([0.5, 0.8, 2.4, 1.0])[people.class_[child]]
    older = age >= 10
    convicted = rng.random(len(rows)) < np.minimum(0.030 * risk, 1)
    misuse = rng.random(len(rows)) < np.minimum(np.where(age >= 13, 0.045, 0.005) * risk, 1)
    frames.append(_frame(people, child, on, "convicted", convicted, long & older, "return"))
    frames.append(_frame(people, child, on, "substance_misuse", misuse, long & older, "return"))
    went = rng.random(len(rows)) < np.minimum(np.where(age >= 12, 0.175, 0.005) * risk, 0.9)
    times = np.where(went, rng.geometric(0.22, len(rows)), 0)
    frames.append(_frame(people, child, on, "missing_episodes", times, np.ones(len(rows), bool), "return"))
    return pd.concat(frames, ignore_index=True)


def _frame(
    people: People, child: Array, on: int, measure: str, value: Array, keep: Array, rater: str
) -> pd.DataFrame:
    size = int(keep.sum())
    return pd.DataFrame(
        {
            "child_id": people.child_id[child[keep]],
            "date": dates(np.full(size, on)),
            "measure": np.full(size, measure),
            "value": value[keep].astype(float),
            "rater": np.full(size, rater),
        }
    )


def _leavers(
    rng: np.random.Generator, settings: SynthSettings, spells: Spells, people: People, stays: Stays
) -> list[pd.DataFrame]:
    """Ask those who left at 18, on their 19th birthday, about education, work and housing."""
    grown = np.flatnonzero(spells.exit >= birthday(spells.birth, 18))
    child = spells.child[grown]
    on = birthday(people.birth[child], 19)
    known = (on < day(settings.end)) & (rng.random(len(grown)) < 0.92)
    last = last_at_or_before(stays.spell, stays.start, grown, spells.exit[grown])
    family = np.isin(stays.kind[last], rates.FOSTER)
    frames = []
    for measure, base in (("in_education_employment_training", 0.46), ("suitable_accommodation", 0.82)):
        yes = rng.random(len(grown)) < base + 0.12 * family
        frame = _frame(people, child, 0, measure, yes, known, "social worker")
        frames.append(frame.assign(date=dates(on[known]).to_numpy()))
    return frames


def outcomes_table(
    rng: np.random.Generator,
    settings: SynthSettings,
    *,
    spells: Spells,
    people: People,
    need: TrueNeed,
    stays: Stays,
) -> pd.DataFrame:
    """Give the table `outcomes`."""
    lasting = rng.standard_normal(len(people))
    frames = [
        _year(rng, settings, spells=spells, people=people, need=need, lasting=lasting, on=on)
        for on in _reference_days(settings)
    ]
    frames += _leavers(rng, settings, spells, people, stays)
    table = pd.concat(frames, ignore_index=True)
    return table.sort_values(["child_id", "date", "measure"], kind="stable", ignore_index=True)
