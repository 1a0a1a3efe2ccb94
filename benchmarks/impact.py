"""A programme dealt out anew over a nation of councils: seconds, by number of deals."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.analysis import impact

COUNCILS, YEARS, TREATED = 150, 10, 6
DEALS = (1_000, 10_000)
LOOP = 100  # deals that a regression for each can do
GOAL_SECONDS = 10.0
ABOUT: dict[str, Any] = {"unit": "council", "time": "year", "outcome": "rate"}


def draw() -> tuple[pd.DataFrame, dict[int, float]]:
    """Draw councils with a level of their own; five start in 2019 and one in 2020."""
    rng = np.random.default_rng(1)
    values = rng.normal(60, 15, (COUNCILS, 1)) + rng.normal(0, 2, (COUNCILS, YEARS)).cumsum(axis=1)
    names = {
        "council": np.repeat(np.arange(COUNCILS), YEARS),
        "year": np.tile(np.arange(2016, 2026), COUNCILS),
    }
    starts = {council: 2019.0 + (council == TREATED - 1) for council in range(TREATED)}
    return pd.DataFrame(names).assign(rate=values.ravel()), starts


def ours(deals: int) -> None:
    """Estimate the effect overall, by cohort and year and by years since the start, with intervals."""
    panel, starts = draw()
    settings = impact.Settings(draws=deals)
    impact.staggered_effect(panel, **ABOUT, first_treated=starts, settings=settings)


def regressions(deals: int) -> None:
    """Fit a two-way regression for every deal, as an analyst would: no interval, one number."""
    panel, starts = draw()
    rng = np.random.default_rng(1)
    for _ in range(deals):
        dealt = dict(zip(rng.permutation(COUNCILS)[:TREATED], starts.values(), strict=True))
        on = panel["year"] >= panel["council"].map(dealt).fillna(np.inf)
        impact.panel_fe(panel.assign(on=on * 1.0), **ABOUT, terms=["on"])


def synthetic() -> None:
    """Make a synthetic control and its placebo in every other council."""
    impact.synthetic_control(draw()[0], **ABOUT, treated=(0, 2020))


def measure() -> list[str]:
    """Time each once; give the rows of a table."""
    made = [
        (f"`staggered_effect`, {deals:,} deals", deals, _seconds(lambda d=deals: ours(d))) for deals in DEALS
    ]
    made.append(
        (f"a regression for each of {LOOP} deals, no interval", LOOP, _seconds(lambda: regressions(LOOP)))
    )
    made.append((f"`synthetic_control` and {COUNCILS - 1} placebos", COUNCILS, _seconds(synthetic)))
    first = made[0][2]
    said = "within" if first <= GOAL_SECONDS else "NOT within"
    return [
        f"{COUNCILS} councils over {YEARS} years, {TREATED} of them with the programme; seconds of processor time.",
        "",
        "| what | seconds | milliseconds each |",
        "|---|---:|---:|",
        *(f"| {what} | {seconds:.2f} | {1000 * seconds / count:.2f} |" for what, count, seconds in made),
        "",
        f"1,000 deals are {said} the goal of {GOAL_SECONDS:.0f} seconds.",
    ]


def _seconds(run: Callable[[], None]) -> float:
    start = time.process_time()
    run()
    return time.process_time() - start
