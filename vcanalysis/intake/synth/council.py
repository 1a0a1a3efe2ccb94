"""One synthetic council: its tables, its meta and the truth behind them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.core.paths import data_file
from vcanalysis.core.schema import SCHEMA_VERSION, TABLES, conform
from vcanalysis.intake.synth import (
    assessments,
    costs,
    edge,
    episodes,
    families,
    homes,
    journeys,
    outcomes,
    prices,
    rates,
    reasons,
)
from vcanalysis.intake.synth.area import with_area
from vcanalysis.intake.synth.arrays import Array, day
from vcanalysis.intake.synth.latent import (
    CLASSES,
    DOMAINS,
    FRAMEWORK,
    TrueNeed,
    draw_need,
    level_probabilities,
    rating_confusion,
    total_moments,
)
from vcanalysis.intake.synth.legal import draw_statuses
from vcanalysis.intake.synth.people import CLASS_BY_AGE, CLASS_UASC, People, children_table, draw_people
from vcanalysis.intake.synth.programme import run_programme, stepdown_table
from vcanalysis.intake.synth.send import SendSettings, send_table, send_truth
from vcanalysis.intake.synth.settings import SynthSettings
from vcanalysis.intake.synth.short_breaks import short_breaks_table
from vcanalysis.intake.synth.spells import Spells, draw_spells

REGION = "Region 5"  # of the synthetic panel, where its councils are compared
_STREAMS = (
    "spells",
    "people",
    "stays",
    "need",
    "programme",
    "codes",
    "homes",
    "legal",
    "episodes",
    "breaks",
    "quotes",
    "ratings",
    "levels",
    "outcomes",
    "carers",
    "goals",
    "names",
    "edge",  # a new stream goes last: those before it stay as they are
)
Streams = dict[str, np.random.Generator]
POPULATION = "assumptions/synthetic_truth.json"


@dataclass(frozen=True, slots=True)
class Synthetic:
    """A synthetic council: tables by name, meta for `council.toml`, truth for tests alone."""

    tables: dict[str, pd.DataFrame]
    meta: dict[str, Any]
    truth: dict[str, Any]
    truth_children: pd.DataFrame


def synthesise(
    settings: SynthSettings,
    *,
    entropy: np.random.SeedSequence | None = None,
    send: SendSettings | None = None,
) -> Synthetic:
    """Make a synthetic council.

    Parameters
    ----------
    settings : SynthSettings
        Size, window, seed and every planted effect.
    entropy : numpy.random.SeedSequence, optional
        Where randomness comes from, in place of `settings.seed` (one of many councils).
    send : SendSettings, optional
        What is planted in the table `send`.

    Returns
    -------
    Synthetic
        All tables of the schema, conformed to it; the same seed gives the same tables.

    Examples
    --------
    >>> council = synthesise(SynthSettings(children=40, seed=1))
    >>> len(council.tables["children"]), council.meta["synthetic"]
    (40, True)
    """
    root = entropy or np.random.SeedSequence(settings.seed)
    seeds = root.spawn(len(_STREAMS))
    rng = {name: np.random.default_rng(seed) for name, seed in zip(_STREAMS, seeds, strict=True)}
    spells = draw_spells(rng["spells"], settings)
    people = draw_people(rng["people"], settings, spells)
    need = draw_need(rng["need"], settings, people)
    tables = {
        **_care(rng, settings, spells, people, need),
        **_ratings(rng, settings, spells, people, need),
        "children": children_table(people, rng["names"]),
        "send": send_table(apart(root, "send"), settings, people, send or SendSettings()),
    }
    tables["placements"] = with_area(tables["placements"], apart(root, "area"))
    tables["edge"], on_edge = edge.edge_table(rng["edge"], settings, spells, people)
    return Synthetic(
        {name: conform(tables[name], table=name) for name in TABLES},
        _meta(settings, tables["placements"]),
        _truth(settings, people) | {"edge": on_edge, "send": send_truth(send or SendSettings())},
        _truth_children(settings, spells, people, need),
    )


def apart(root: np.random.SeedSequence, table: str) -> np.random.Generator:
    """Give a table a stream of its own, whatever other tables there are."""
    key = (*root.spawn_key, *table.encode())
    return np.random.default_rng(np.random.SeedSequence(root.entropy, spawn_key=key))


def _care(
    rng: Streams, settings: SynthSettings, spells: Spells, people: People, need: TrueNeed
) -> dict[str, pd.DataFrame]:
    """Give the tables that follow from where children live: placements, costs, step-down, outcomes, carers."""
    natural = journeys.draw_stays(rng["stays"], settings, spells, people)
    stays, line = run_programme(rng["programme"], settings, spells, people, need, natural)
    codes = journeys.place_codes(rng["codes"], stays, spells, people)
    leader = homes.shared_households(stays, spells.leader, codes[1])
    housed = homes.assign_homes(rng["homes"], stays, codes[1], leader)
    world: dict[str, Any] = {"spells": spells, "people": people, "stays": stays}
    quotes = costs.quote(rng["quotes"], settings, **world, need=need, homes=housed, codes=codes)
    statuses = draw_statuses(rng["legal"], spells)
    tilt = reasons.breakdown_tilt(settings, spells, stays, need)
    care = episodes.episodes_table(
        rng["episodes"],
        settings,
        **world,
        codes=codes,
        homes=housed,
        statuses=statuses,
        leader=leader,
        tilt=tilt,
    )
    breaks = short_breaks_table(rng["breaks"], settings, spells, people)
    return {
        "placements": _sorted(pd.concat([care, breaks]) if len(breaks) else care, "child_id", "decom"),
        "costs": costs.costs_table(settings, **world, quotes=quotes),
        "stepdown": stepdown_table(settings, spells, people, stays, line),
        "outcomes": outcomes.outcomes_table(rng["outcomes"], settings, **world, need=need),
        "carers": families.carers_table(rng["carers"], settings, stays, housed),
    }


def _ratings(
    rng: Streams, settings: SynthSettings, spells: Spells, people: People, need: TrueNeed
) -> dict[str, pd.DataFrame]:
    """Give the tables that follow from assessments: needs and goals."""
    ratings = assessments.draw_ratings(rng["ratings"], settings, spells, people)
    return {
        "needs": assessments.needs_table(rng["levels"], settings, people, need, ratings),
        "goals": families.goals_table(rng["goals"], settings, people, need, ratings),
    }


def _sorted(frame: pd.DataFrame, *by: str) -> pd.DataFrame:
    return frame.sort_values(list(by), kind="stable", ignore_index=True)


def _framework(placements: pd.DataFrame) -> list[str]:
    """List the providers on the framework that the council has bought from."""
    bought = placements.loc[~placements["place_provider"].isin(["PR0", "PR1"]), "provider_id"].dropna()
    names = np.unique(bought.astype("str"))
    return names[homes.on_framework(names)].tolist()


def _meta(settings: SynthSettings, placements: pd.DataFrame) -> dict[str, Any]:
    return {
        "name": settings.name,
        "code": settings.code,
        "synthetic": True,
        "framework": FRAMEWORK,
        "price_year": "2019-20",
        "programme_start": settings.programme_start,
        "simulated": [],
        "data_from": settings.data_from.date().isoformat(),
        "data_to": settings.end.date().isoformat(),
        "framework_providers": _framework(placements),
        "region": REGION,
        "schema_version": SCHEMA_VERSION,
    }


def population_truth() -> dict[str, Any]:
    """Read the planted population values of the default settings, with how they were made."""
    path = data_file(POPULATION)
    return dict(json.loads(path.read_text(encoding="utf-8"))) if path.is_file() else {}


def _default_but_for(settings: SynthSettings) -> list[str]:
    """Name the settings, other than size, seed and name, that differ from the default."""
    free = {"children", "seed", "name", "code", "years"}
    default = SynthSettings().frame()
    return [k for k, v in settings.frame().items() if k not in free and v != default[k]]


def _truth(settings: SynthSettings, people: People) -> dict[str, Any]:
    differing = _default_but_for(settings)
    population = {} if differing else population_truth()
    mean, sd = total_moments()
    return {
        "settings": settings.frame(),
        "classes": list(CLASSES),
        "domains": list(DOMAINS),
        "class_shares_of_children": (np.bincount(people.class_, minlength=4) / len(people)).round(6).tolist(),
        "class_weights_by_age": CLASS_BY_AGE.tolist(),
        "class_weights_uasc": CLASS_UASC.tolist(),
        "level_probabilities": level_probabilities().round(9).tolist(),
        "rating_confusion": rating_confusion(settings).round(9).tolist(),
        "true_total_reference": {"mean": round(mean, 6), "sd": round(sd, 6)},
        "log_price_slope_per_sd_of_need": settings.need_cost_slope,
        "log_breakdown_hazard_per_sd_of_need": settings.breakdown_need_slope,
        "moves_by_class": rates.CLASS_MOVES.tolist(),
        "prices_2019_20": {
            k: dict(zip(("median", "provider_sd", "home_sd", "rest_sd"), v, strict=True))
            for k, v in prices.PRICE.items()
        },
        "programme": {
            "monthly_hazard_of_a_move": settings.programme_monthly_hazard,
            "effect_on_needs": 0.0,
            "step_down_fee_ratio": costs.STEP_DOWN_FEE,
            "breakdown_per_year_first_half_year": settings.breakdown_per_year,
        },
        "settings_that_differ_from_default": differing,
        "population": population,
    }


def _truth_children(settings: SynthSettings, spells: Spells, people: People, need: TrueNeed) -> pd.DataFrame:
    """Give class and true levels of every child on the last day in care in the window."""
    leave = np.zeros(len(people), np.int64)
    np.maximum.at(leave, spells.child, spells.exit)
    on: Array = np.minimum(leave, day(settings.end)) - 1
    levels = need.at(np.arange(len(people)), on)
    frame = pd.DataFrame(levels.astype("int64"), columns=list(DOMAINS))
    frame.insert(0, "child_id", people.child_id)
    frame.insert(1, "true_class", people.class_.astype("int64"))
    frame.insert(2, "true_total", levels.sum(axis=1).astype("int64"))
    return frame
