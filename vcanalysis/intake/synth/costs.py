"""The true cost model: what each child's care costs, week by week, and who pays."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.intake.synth import rates
from vcanalysis.intake.synth.arrays import NEVER, YEAR, Array, dates, day
from vcanalysis.intake.synth.homes import Homes, on_framework
from vcanalysis.intake.synth.journeys import Stays
from vcanalysis.intake.synth.latent import TrueNeed, standard_need
from vcanalysis.intake.synth.people import People
from vcanalysis.intake.synth.prices import AGE_EFFECT, LISTS, PRICE, index_table, price_list
from vcanalysis.intake.synth.settings import SynthSettings
from vcanalysis.intake.synth.spells import Spells, age_band

STEP_DOWN_FEE = 1.35  # a step-down family is paid more than others of its kind
DISABILITY_SUPPLEMENT = 0.12  # on the log price of a residential home
_PRICED_BY_NEED = ("agency", "K2", "R1", "S1", "K1", "H5", "in-house", "kinship")
_FOSTERING = ("kinship", "in-house", "agency", "adoption", "P1")


@dataclass(frozen=True, slots=True)
class Quotes:
    """What is agreed at the start of each stay: log price in 2019-20 prices and shares of the payers."""

    log_price: Array
    fostering: Array
    education: Array
    health: Array
    support: Array
    priced: Array


def _joint_funding(
    rng: np.random.Generator, people: People, child: Array, home: Array
) -> tuple[Array, Array]:
    """Draw the shares of education and health, mostly for disabled children and those with plans."""
    plan, disabled = people.sen[child] == "EHCP", people.disability[child]
    complex_ = people.class_[child] == 3
    size = len(child)
    drawn = rng.random((2, size))
    education = home & (drawn[0] < np.select([disabled, plan], [0.45, 0.20], 0.02))
    health = home & (drawn[1] < np.select([disabled, complex_], [0.35, 0.14], 0.03))
    e_share = np.where(education, np.round(rng.uniform(0.10, 0.40, size), 2), 0.0)
    h_share = np.where(health, np.round(rng.uniform(0.10, 0.35, size), 2), 0.0)
    return e_share, h_share


def quote(
    rng: np.random.Generator,
    settings: SynthSettings,
    *,
    spells: Spells,
    people: People,
    need: TrueNeed,
    stays: Stays,
    homes: Homes,
    codes: tuple[Array, Array],
) -> Quotes:
    """Draw the price of every stay: log price = type and sector + age + provider + home + slope x need + rest."""
    child = spells.child[stays.spell]
    row = price_list(*codes)
    median, by_provider, by_home, rest = np.array(list(PRICE.values()))[row].T
    effects = rng.standard_normal(int(homes.provider.max(initial=0)) + 2)
    effects[0] = 0.0  # the council's own provision stands at the level of its price list
    provider = effects[homes.provider]
    house = rng.standard_normal(int(homes.home.max(initial=0)) + 2)[homes.home]
    fostering = np.isin(row, [LISTS.index(n) for n in _FOSTERING])
    level = np.where(fostering, settings.foster_price_level, settings.residential_price_level)
    age = age_band((stays.start - people.birth[child]) / YEAR)
    total = need.at(child, stays.start).sum(axis=1)
    slope = np.where(np.isin(row, [LISTS.index(n) for n in _PRICED_BY_NEED]), settings.need_cost_slope, 0.0)
    log_price = (
        np.log(median * level)
        + by_provider * provider
        + by_home * house
        + rest * rng.standard_normal(len(stays))
        + slope * standard_need(total)
        + _supplements(stays, age, people.disability[child])
        + np.log1p(-settings.framework_discount) * _listed(homes)
    )
    education, health = _joint_funding(rng, people, child, np.isin(stays.kind, (rates.HOME, rates.SECURE)))
    helped = (stays.kind <= rates.PARENTS) & (rng.random(len(stays)) < 0.10)
    support = np.where(helped, np.round(rng.gamma(3.0, 35, len(stays)), 0), 0.0)
    support = np.where(stays.stepdown, np.round(rng.uniform(120, 300, len(stays)), 0), support)
    priced = rng.random(len(stays)) >= settings.unpriced_share
    return Quotes(log_price, fostering, education, health, support, priced)


def _listed(homes: Homes) -> Array:
    """Say of every stay whether it is with a provider on the framework; the council itself is on none."""
    listed = np.zeros(max(len(homes.provider_names), int(homes.provider.max(initial=0)) + 1) + 1, dtype=bool)
    listed[1 : len(homes.provider_names)] = on_framework(homes.provider_names)[1:]  # no provider: the last
    return listed[homes.provider].astype(np.float64)


def _supplements(stays: Stays, age: Array, disabled: Array) -> Array:
    """Give what age, disability and step-down add to the log price."""
    return (
        np.where(stays.kind <= rates.AGENCY, np.log(AGE_EFFECT[age]), 0.0)
        + np.where((stays.kind == rates.HOME) & disabled, DISABILITY_SUPPLEMENT, 0.0)
        + np.where(stays.stepdown, np.log(STEP_DOWN_FEE), 0.0)
    )


def _years_of(days: Array) -> Array:
    """Give the calendar year in which the financial year of each day began."""
    month = days.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return (1970 + (month - 3) // 12).astype(np.int64)


def _split_by_year(start: Array, end: Array) -> tuple[Array, Array, Array, Array]:
    """Cut stretches at each 1 April; give the row, the first day, the open end and the year."""
    first, last = _years_of(start), _years_of(end - 1)
    count = (last - first + 1).astype(np.int64)
    row = np.repeat(np.arange(len(start)), count)
    turn = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
    year = first[row] + turn
    april = ((year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + np.timedelta64(3, "M")).astype(
        "datetime64[D]"
    )
    april_next = (
        (year - 1969).astype("datetime64[Y]").astype("datetime64[M]") + np.timedelta64(3, "M")
    ).astype("datetime64[D]")
    begin = np.maximum(start[row], april.astype(np.int64))
    return row, begin, np.minimum(end[row], april_next.astype(np.int64)), year


def _round_price(price: Array, fostering: Array) -> Array:
    """Round as contracts do: fostering to the pound, dearer placements to 5 pounds."""
    return np.where(fostering | (price < 1_000), np.maximum(np.round(price), 1), 5 * np.round(price / 5))


def costs_table(
    settings: SynthSettings, *, spells: Spells, people: People, stays: Stays, quotes: Quotes
) -> pd.DataFrame:
    """Give the table `costs`: one row per stay and financial year, within the window."""
    opens, closes = day(settings.data_from), day(settings.end)
    rows = np.flatnonzero(quotes.priced & (stays.end > opens) & (stays.start < closes))
    start = np.maximum(stays.start[rows], opens).astype(np.int64)
    end = np.minimum(stays.end[rows], closes).astype(np.int64)
    part, begin, until, year = _split_by_year(start, end)
    stay = rows[part]
    home_index, foster_index = index_table(int(year.min(initial=2019)), int(year.max(initial=2019)))
    offset = year - int(year.min(initial=2019))
    index = np.where(quotes.fostering[stay], foster_index[offset], home_index[offset])
    price = _round_price(np.exp(quotes.log_price[stay]) * index, quotes.fostering[stay])
    runs_on = (until == closes) & (stays.end[stay] >= closes)
    names = np.array(
        [
            f"{y}-{(y + 1) % 100:02d}"
            for y in range(int(year.min(initial=2019)), int(year.max(initial=2019)) + 1)
        ]
    )
    education, health = quotes.education[stay], quotes.health[stay]
    return pd.DataFrame(
        {
            "child_id": people.child_id[spells.child[stays.spell[stay]]],
            "from": dates(begin),
            "to": dates(np.where(runs_on, NEVER, until)),
            "gbp_week": price.astype(float),
            "care_share": np.round(1 - education - health, 2),
            "education_share": education,
            "health_share": health,
            "support_gbp_week": quotes.support[stay],
            "price_year": names[offset],
        }
    )
