"""Analyses before care that are measured, as in `tasks_of_cost`: a case on the edge for every child, and councils."""

from __future__ import annotations

from functools import cache

import numpy as np
import pandas as pd

from benchmarks.tasks_of_cost import Task
from vcanalysis.analysis import edge, prevention, stepdown

END = pd.Timestamp("2020-01-01")
RECIPE = stepdown.Recipe(numbers=("earlier_plans",), curves=("need_total", "age_years"), kinds=("plan",))
JUDGED = {"outcome": "happened", "probability": "other_team", "cluster": "child_id"}
PLANS = np.array(["child in need", "child protection", "pre-proceedings"])
LINK = {"unit": "council", "year": "year", "rate": "rate", "spend": "spend"}
SHIFT = prevention.Shift(
    moved_gbp_year=8e6, pool_year=30_000.0, base=0.448, effect=(0.16, 0.08, 0.24), leave_year=0.35, spend_years=5,
    years=10, discount=0.035, councils=150, care_gbp_week=(2_000.0, 1_500.0, 2_500.0),
    child_gbp=(2_500.0, 1_500.0, 4_000.0), cashable=(0.5, 0.3, 0.7), delay_months=(6.0, 3.0, 12.0),
    fade_year=(0.2, 0.1, 0.4),
)  # fmt: skip


def cases(frame: pd.DataFrame) -> edge.Cases:
    """Draw as many cases over four years as there are children, of children with one or two, in twenty teams."""
    rng, n = np.random.default_rng(2019), len(frame)
    need, plan, team = rng.normal(0, 1, n), rng.integers(0, 3, n), rng.integers(0, 20, n)
    rate = 0.1 / 365 * np.exp(0.5 * need + np.array([-0.4, 0.1, 0.7])[plan])
    opened = pd.Series(END - pd.to_timedelta(rng.integers(1, 1461, n), unit="D"))
    start, enters = rng.integers(14, 61, n), rng.exponential(size=n) / rate
    served = (team < 10) & (opened >= pd.Timestamp("2018-04-01")).to_numpy() & (enters > start)
    entered = opened + pd.to_timedelta(np.floor(enters).clip(max=20_000), unit="D")
    began = (opened + pd.to_timedelta(start, unit="D")).where(served & (rng.random(n) < 0.6))
    table = pd.DataFrame(
        {
            "child_id": rng.integers(0, max(n * 9 // 10, 1), n),
            "opened": opened,
            "closed": pd.Series(pd.NaT, index=range(n), dtype="datetime64[ns]"),
            "plan": PLANS[plan],
            "team": team.astype(str),
            "birth_month": opened - pd.to_timedelta(rng.integers(0, 17 * 365, n), unit="D"),
            "need_total": np.clip(13 + 5 * need, 0, 36),
            "earlier_plans": rng.poisson(0.8, n).astype(float),
            "sex": np.array(["F", "M"])[rng.integers(0, 2, n)],
            "entered_care": entered.where(entered < END),
            "intervention_from": began.where(began < END),
        }
    )
    return edge.edge_cases(table, start=pd.Timestamp("2015-12-31"), end=END)


@cache
def _risk(size: int) -> pd.DataFrame:
    return edge.entry_risk(cases(pd.DataFrame(index=range(size))), horizon=365, recipe=RECIPE).unseen


def unseen(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the cases with the risks of a model that did not see them."""
    return _risk(len(frame))


def councils(frame: pd.DataFrame) -> pd.DataFrame:
    """Draw councils over ten years: 150 for ten thousand children, never fewer than 30."""
    rng, n = np.random.default_rng(2019), max(len(frame) * 15 // 1000, 30)
    spend = np.exp(rng.normal(5, 0.3, (n, 1)) + rng.normal(0, 0.15, (n, 10)))
    rate = np.exp(rng.normal(4, 0.3, (n, 1)) + rng.normal(0, 0.05, (n, 10)))
    at, year = np.indices(spend.shape)
    return pd.DataFrame(
        {"council": at.ravel(), "year": 2016 + year.ravel(), "rate": rate.ravel(), "spend": spend.ravel()}
    )


TASKS: dict[str, Task] = {
    "edge of care: share who come into care": (cases, lambda c: c.within(365)),
    "edge of care: risk within a year, judged by other teams": (
        cases,
        lambda c: edge.entry_risk(c, horizon=365, recipe=RECIPE),
    ),
    "edge of care: calibration of the risk": (unseen, lambda f: stepdown.calibration(f, **JUDGED)),
    "edge of care: a list by risk beside all and none": (
        unseen,
        lambda f: edge.decision_curve(f, thresholds=[0.05, 0.1, 0.15, 0.2, 0.25, 0.3], **JUDGED),
    ),
    "edge of care: what support changed, four comparisons": (cases, lambda c: edge.support_effect(c)),
    "prevention: support and care of a later year": (
        councils,
        lambda f: prevention.lagged_link(f, **LINK),
    ),
    "prevention: a shift of spend, 4,000 draws": (
        councils,
        lambda f: prevention.simulate_shift(SHIFT, draws=4_000, seed=2019),
    ),
}
