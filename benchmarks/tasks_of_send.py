"""Analyses of special educational needs that are measured: as many people with a plan as there are children."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from benchmarks.tasks_of_cost import Task
from vcanalysis.analysis import association, send
from vcanalysis.intake.synth.people import draw_people
from vcanalysis.intake.synth.send import SendSettings, send_table
from vcanalysis.intake.synth.settings import SynthSettings
from vcanalysis.intake.synth.spells import draw_spells

AREAS = list(send.AREAS)
TRACKED = {"child": "child_id", "census": "census", "age": "age"}


@cache
def _one_council() -> pd.DataFrame:
    """Draw six censuses of one council."""
    rng, council = np.random.default_rng(2019), SynthSettings(children=350, seed=1)
    people = draw_people(rng, council, draw_spells(rng, council))
    return send.at_censuses(send_table(rng, council, people, SendSettings()))


def everyone(frame: pd.DataFrame) -> pd.DataFrame:
    """Lay copies of one council side by side until as many people have a plan at the last census as there are rows."""
    one = _one_council()
    copies = -(-len(frame) // int((one["plan"] & one["year"].eq(one["year"].max())).sum()))
    laid = (one.assign(child_id=one["child_id"].astype("str") + f"-{k}") for k in range(copies))
    return pd.concat(laid, ignore_index=True)


def plans(frame: pd.DataFrame) -> pd.DataFrame:
    """Give those with a plan."""
    return everyone(frame).query("plan")


def now(frame: pd.DataFrame) -> pd.DataFrame:
    """Give those with a plan at the last census."""
    held = plans(frame)
    return held[held["year"].eq(held["year"].max())]


def ends(frame: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the first census and the last."""
    rows = everyone(frame)
    return rows[rows["year"].eq(rows["year"].min())], rows[rows["year"].eq(rows["year"].max())]


TASKS: dict[str, Task] = {
    "SEND: cost of a special school at the same need": (
        now,
        lambda f: association.same_need_ratio(
            f, need="need_total", cost="gbp_week", kind="setting", dear="special school", cheap="mainstream"
        ),
    ),
    "SEND: setting against need": (
        plans,
        lambda f: send.mismatch(f[f["first_year"]], areas=AREAS, specialist="specialist"),
    ),
    "SEND: moves between settings": (
        plans,
        lambda f: send.moves_between(f, **TRACKED, specialist="specialist"),
    ),
    "SEND: need over time": (everyone, lambda f: send.need_over_time(f, **TRACKED, areas=AREAS)),
    "SEND: a place beside its own a year later": (
        plans,
        lambda f: send.a_year_later(
            f, **TRACKED, specialist="specialist", cost="gbp_year", need="need_total"
        ),
    ),
    "SEND: growth of cost in five factors": (
        ends,
        lambda f: send.demand_growth(
            *f, setting="setting", cost="gbp_year", plan="plan", residents="residents"
        ),
    ),
}
