"""Analyses of councils that are measured, as in `tasks_of_cost`: ten years of 15 councils for a thousand children."""

from __future__ import annotations

import numpy as np
import pandas as pd

from benchmarks.tasks_of_cost import Task
from vcanalysis.analysis import productivity

YEARS = range(2016, 2026)
LAYOUT = productivity.Layout("council", "year", "children", "spend", ("poor",))
OUTCOMES = (productivity.Outcome("sdq", "lower"), productivity.Outcome("work", "higher"))


def councils(frame: pd.DataFrame) -> pd.DataFrame:
    """Draw councils by year: 150 for ten thousand children, never fewer than 30."""
    rng, n = np.random.default_rng(2019), max(len(frame) * 15 // 1000, 30)
    at = np.repeat(np.arange(n), len(YEARS))
    own, rows = rng.normal(0, 1, (4, n))[:, at], len(at)
    drawn = {
        "council": at,
        "year": np.tile(YEARS, n),
        "children": rng.integers(100, 1500, n)[at],
        "poor": own[0],
    }
    drawn["spend"] = np.exp(7.6 + 0.2 * own[1] + rng.normal(0, 0.05, rows))
    drawn["sdq"] = 14 + own[2] + rng.normal(0, 0.7, rows)
    drawn["work"] = 55 + 5 * own[3] + rng.normal(0, 4, rows)
    return pd.DataFrame(drawn)


def indexed(frame: pd.DataFrame) -> productivity.Productivity:
    """Give the index of the councils drawn."""
    return productivity.outcome_productivity(councils(frame), outcomes=OUTCOMES, layout=LAYOUT)


def last_year(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the councils of the last year."""
    rows = councils(frame)
    return rows[rows["year"] == YEARS[-1]]


TASKS: dict[str, Task] = {
    "productivity: index, ranks and bands": (
        councils,
        lambda f: productivity.outcome_productivity(f, outcomes=OUTCOMES, layout=LAYOUT),
    ),
    "productivity: 1,000 other weights on three scales": (indexed, lambda f: productivity.sensitivity(f)),
    "productivity: a council with itself a year on": (
        councils,
        lambda f: productivity.persistence(f, unit="council", year="year", value="sdq"),
    ),
    "productivity: envelopment": (
        last_year,
        lambda f: productivity.envelopment(f, unit="council", inputs=["spend"], outputs=["sdq", "work"]),
    ),
}
