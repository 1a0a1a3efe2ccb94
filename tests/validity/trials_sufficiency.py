"""Trials of the forecast of children in care: six settings in which the peer's band was measured, and thin records."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from tests.validity.laboratory import Rate, Trial, remembered
from tests.validity.planted import generator
from vcanalysis.analysis.sufficiency import Settings, forecast

KINDS = ("Fostering", "Residential home", "Supported accommodation")
FIRST = (0.72, 0.13, 0.15)  # where children go who come
ENDS = 0.46  # a year: leaving care
MOVES = np.array([[0.0, 0.10, 0.05], [0.15, 0.0, 0.12], [0.04, 0.03, 0.0]])  # a year, from row to column
BURN, RECORDS = 12, 8  # years that fill the council, and years of records
DAY = pd.Timestamp("2019-12-31")
IN_TESTS = {40: 20, 250: 5, 1500: 2}  # replicates in the tests by arrivals a year: the larger take long
SETTINGS = ((40, 12, 0.0), (250, 12, 0.0), (1500, 12, 0.0), (250, 36, 0.0), (250, 12, 0.15), (250, 36, 0.15))

FURTHER = {("Fostering", 250, 36, 0.0): "by chance: 4,000 further draws gave 96.5%"}


def council(seed, *, arrivals, swing):
    """Placements of a council over the years up to and one beyond the day: Poisson arrivals, exponential stays."""
    rng = generator(seed)
    years = BURN + RECORDS + 1
    level = rng.gamma(1 / swing**2, swing**2, years) if swing else np.ones(years)
    number = rng.poisson(arrivals * level)
    came = np.repeat(np.arange(years), number) + rng.random(number.sum())
    age = 17.5 * rng.random(len(came))
    leaves = np.minimum(came + rng.exponential(1 / ENDS, len(came)), came + 18 - age)
    kind, start = rng.choice(3, len(came), p=FIRST), came
    child, parts = np.arange(len(came)), []
    while len(child):
        pace = MOVES[kind].sum(axis=1)
        stop = np.minimum(start + rng.exponential(1 / pace), leaves[child])
        parts.append(pd.DataFrame({"child_id": child, "start": start, "end": stop, "kind": kind}))
        on = stop < leaves[child]
        share = np.cumsum(MOVES[kind[on]] / pace[on, None], axis=1)
        kind = (share < rng.random((int(on.sum()), 1))).sum(axis=1)
        child, start = child[on], stop[on]
    rows = pd.concat(parts, ignore_index=True)
    rows = rows[rows["end"] > BURN].reset_index(drop=True)
    return dated(rows, born=(came - age)[rows["child_id"]])


def dated(rows, *, born):
    """Turn years since the first arrival into days; records begin after the years that fill the council."""
    origin = DAY - pd.Timedelta(days=365.25 * (BURN + RECORDS))
    days = {
        name: origin + pd.to_timedelta(np.round(365.25 * rows[name]), unit="D") for name in ("start", "end")
    }
    month = (origin + pd.to_timedelta(365.25 * born, unit="D")).astype("datetime64[s]")
    month = pd.Series(month).dt.to_period("M").dt.to_timestamp().to_numpy()
    kinds = pd.Categorical.from_codes(rows["kind"].to_numpy(), categories=list(KINDS))
    return rows[["child_id"]].assign(**days, birth_month=month, placement_type=kinds)


@remembered
def ahead(seed, *, arrivals, window, swing):
    """Forecast a year ahead, and what came: all children, then each kind; whether each lies in its interval."""
    spells = council(seed, arrivals=arrivals, swing=swing)
    since = DAY - pd.DateOffset(years=RECORDS)
    options = {"day": DAY, "since": since, "draws": 300, "seed": seed}
    found = forecast(spells, **options, settings=Settings(window=window))
    later = DAY + pd.DateOffset(years=1)
    there = spells[(spells["start"] <= later) & (spells["end"] > later)]
    truth = {"all": len(there), **there["placement_type"].value_counts().to_dict()}
    return {e.group: e.low <= truth[e.group] <= e.high for e in (found.total(12), *found.by_kind(12))}


def inside(seed, group, **setting):
    """Say whether what came lies in the interval."""
    return bool(ahead(seed, **setting)[group])


def _trials(arrivals, window, swing):
    setting = {"arrivals": arrivals, "window": window, "swing": swing}
    design = f"{arrivals} come a year, years spread by {swing:g}, moves of {window} months, records of {RECORDS} years"
    for group in ("all", *KINDS):
        who = "all children" if group == "all" else group.lower()
        yield Rate(
            f"Forecast of a year, {who}: {arrivals} a year, {window} months, spread {swing:g}",
            design,
            partial(inside, group=group, **setting),
            (93.0, 97.0),
            ci=IN_TESTS[arrivals],
            known=FURTHER.get((group, arrivals, window, swing), ""),
            run=f"forecast-{arrivals}-{window}-{swing}",
        )


def answered(seed):
    """Say whether a council of about ten children gets an interval or a reason, and no failure."""
    spells = council(seed, arrivals=6, swing=0.4)
    found = forecast(spells, day=DAY, since=DAY - pd.DateOffset(years=2), draws=50, seed=seed)
    said = [found.total(12), *found.by_kind(12), *found.by_age(12), *found.flows()]
    return all(e.has_interval if e.estimable else bool(e.reason) for e in said)


THIN = Rate(
    "Forecast of a year, about ten children: an interval or a reason, never a failure",
    "6 come a year, years spread by 0.4, records of 2 years",
    answered,
    (100.0, 100.0),
    ci=40,
)
TRIALS: tuple[Trial, ...] = (THIN, *(trial for setting in SETTINGS for trial in _trials(*setting)))
