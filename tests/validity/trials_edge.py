"""Trials of the edge of care: the share who enter, what support averts, no effect where none is, and the risk."""

from __future__ import annotations

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from tests.validity.laboratory import Coverage, Rejection, Trial, excluded, remembered
from tests.validity.planted import generator
from vcanalysis.analysis import edge, stepdown
from vcanalysis.analysis.edge import rungs
from vcanalysis.analysis.edge.hazard import fit_hazard, known_at_opening
from vcanalysis.analysis.edge.rungs import beside_other_teams
from vcanalysis.core.estimate import Estimate

DAY = pd.Timestamp("2020-01-01")
PLANS = np.array(["child in need", "child protection", "pre-proceedings"])
RATE = 0.12 / 365.25
RECIPE = stepdown.Recipe(numbers=("earlier_plans",), curves=("need_total",), kinds=("plan",))
HORIZON = 365
NUMBERS = ("need_total", "age_years", "earlier_plans")


def cases(seed, *, ratio=1.0, size=1500, years=4):
    """Cases with a constant hazard by need and plan; support from some weeks on, more often where need is high.

    Gives the cases and, for those supported, the planted entries averted in the year after support began.
    """
    rng = generator(seed)
    need, plan = rng.normal(0, 1, size), rng.integers(0, 3, size)
    rate = RATE * np.exp(0.5 * need + np.array([-0.4, 0.1, 0.7])[plan])
    opened = DAY - pd.to_timedelta(rng.integers(1, round(365.25 * years), size), unit="D")
    start = rng.integers(14, 61, size).astype(float)
    served = rng.random(size) < 1 / (1 + np.exp(1.2 - 0.8 * need))
    drawn = rng.exponential(size=size) / rate
    enters = np.where(served & (drawn > start), start + (drawn - start) / ratio, drawn)
    entered = pd.Series(opened + pd.to_timedelta(np.floor(enters).clip(max=20_000), unit="D"))
    began = pd.Series(opened + pd.to_timedelta(start, unit="D")).where(served & (enters > start))
    frame = pd.DataFrame(
        {
            "child_id": np.arange(size).astype(str),
            "opened": opened,
            "closed": pd.Series(pd.NaT, index=range(size), dtype="datetime64[ns]"),
            "plan": PLANS[plan],
            "team": np.array(["a", "b", "c", "d"])[rng.integers(0, 4, size)],
            "birth_month": pd.Timestamp("2009-01-01"),
            "need_total": 13 + 5 * need,
            "earlier_plans": rng.poisson(0.8, size).astype(float),
            "rate": rate,
            "entered_care": entered.where(entered < DAY),
            "intervention_from": began.where(began < DAY),
        }
    )
    found = edge.edge_cases(frame, start=pd.Timestamp("2015-01-01"), end=DAY)
    mine = rate[found.rows["supported"].to_numpy()]
    return found, float((np.exp(-ratio * mine * HORIZON) - np.exp(-mine * HORIZON)).sum())


@remembered
def effect(seed, ratio):
    found, truth = cases(seed, ratio=ratio)
    return edge.support_effect(found, seed=seed), truth


def averted(seed):
    """Entries averted, moved by the truth of the very children drawn."""
    found, truth = effect(seed, 0.6)
    one = found.averted
    return one.named(value=one.value - truth, low=one.low - truth, high=one.high - truth)


@remembered
def of_children(seed, size=800):
    """Cases of children with three each, alike in need, supported together, whose fates are drawn together (0.6)."""
    rng = generator(seed)
    child = np.repeat(np.arange(size), 3)
    need = rng.normal(0, 1, size)[child]
    fate = np.sqrt(0.6) * rng.normal(0, 1, size)[child] + np.sqrt(0.4) * rng.normal(0, 1, 3 * size)
    rate = RATE * np.exp(0.5 * need)
    drawn = -stats.norm.logsf(fate) / rate
    served, start = (rng.random(size) < 0.5)[child], rng.integers(14, 61, 3 * size).astype(float)
    enters = np.where(served & (drawn > start), start + (drawn - start) / 0.6, drawn)
    return pd.DataFrame(
        {
            "child_id": child,
            "need_total": need,
            "days": np.minimum(enters, 730.0),
            "entered": enters < 730,
            "supported": served & (enters > start),
            "supported_day": np.where(served & (enters > start), start, np.nan),
            "soon": drawn < HORIZON,
            "risk": 1 - np.exp(-rate * HORIZON),
        }
    )


def shared_hazard(seed):
    """Hazard ratio of support where children have three cases each."""
    rows = of_children(seed)
    fitted = fit_hazard(rows, known_at_opening(rows, numbers=("need_total",), kinds=()))
    return rungs.alike(fitted, ("", 0), {"level": 0.95, "n": len(rows), "of": "cases"})


def shared_value(seed):
    """Share who come into care of the cases at a risk of a tenth or more, children with three each."""
    about = {"outcome": "soon", "probability": "risk", "cluster": "child_id"}
    return edge.positive_value(of_children(seed), threshold=0.1, **about)


def shared_benefit(seed):
    """Net benefit of a list by risk at a threshold of a tenth, children with three cases each."""
    about = {"outcome": "soon", "probability": "risk", "cluster": "child_id"}
    found = (
        edge.decision_curve(of_children(seed), thresholds=[0.1], **about).set_index("policy").loc["by risk"]
    )
    return Estimate("Net benefit", *found[["net_benefit", "low", "high"]])


def true_list(size=2_000_000):
    """Share who come into care of the cases at a risk of a tenth or more, and the net benefit of listing them."""
    rate = RATE * np.exp(0.5 * np.random.default_rng(1).normal(0, 1, size))
    risk = 1 - np.exp(-rate * HORIZON)
    listed = risk >= 0.1
    return float(risk[listed].mean()), float(((risk - (1 - risk) / 9) * listed).mean())


def no_effect(seed):
    """P-value of the last rung of the ladder where support changes nothing."""
    rows = cases(seed)[0].rows
    fitted = fit_hazard(rows, known_at_opening(rows, numbers=NUMBERS, kinds=("plan", "team")))
    return float(2 * stats.norm.sf(abs(fitted.mean[-1]) / np.sqrt(fitted.covariance[-1, -1])))


def teams(seed, ratio, size=3000, number=8):
    """Half of the teams offer support from the middle of four years on; each team has good and bad years of its own."""
    rng = generator(seed)
    team, day = rng.integers(0, number, size), rng.integers(0, 1461, size)
    after, began = day >= 730, team < number // 2
    own = rng.normal(0, 0.25, number)[team] + rng.normal(0, 0.15, (number, 2))[team, after.astype(int)]
    rate = 0.25 / 365 * np.exp(own) * np.where(after & began, ratio, 1.0)
    drawn = rng.exponential(size=size) / rate
    supported = after & began & (rng.random(size) < 0.5)
    opened = DAY - pd.to_timedelta(1461 - day, unit="D")
    rows = pd.DataFrame(
        {
            "team": team,
            "opened": opened,
            "entered": drawn < 180,
            "days": np.minimum(drawn, 180.0),
            "supported": supported,
            "intervention_from": pd.Series(opened + pd.Timedelta(days=20)).where(supported),
        }
    )
    return beside_other_teams(rows, 0.95)


def true_share(size=400_000):
    rng = np.random.default_rng(1)
    need, plan = rng.normal(0, 1, size), rng.integers(0, 3, size)
    rate = RATE * np.exp(0.5 * need + np.array([-0.4, 0.1, 0.7])[plan])
    return float(1 - np.exp(-rate * HORIZON).mean())


def slope(seed):
    """Calibration slope in later cases of a risk learnt from earlier ones, moved by what it is in truth.

    A risk learnt from few cases has not the slope one; that of this very risk follows from the planted chances.
    """
    found, _ = cases(seed, size=2000)
    risk = edge.entry_risk(found, horizon=HORIZON, recipe=RECIPE, seed=seed)
    judged = risk.unseen.dropna(subset=["later"])
    chance = 1 - np.exp(-judged["rate"].to_numpy() * HORIZON)
    score = np.log(judged["later"] / (1 - judged["later"])).to_numpy()
    truth = sm.GLM(chance, sm.add_constant(score), sm.families.Binomial()).fit().params[1]
    one = stepdown.calibration(judged, outcome="happened", probability="later")[0]
    return one.named(value=one.value - truth, low=one.low - truth, high=one.high - truth)


TRIALS: tuple[Trial, ...] = (
    Coverage(
        "Edge of care: teams that began beside teams that did not",
        "3,000 cases of 8 teams, half begin in the middle, years of a team differ by 15%; ratio 0.7",
        0.7,
        lambda seed: teams(seed, 0.7),
    ),
    Rejection(
        "Edge of care: teams that began beside teams that did not, no effect",
        "3,000 cases of 8 teams, half begin in the middle, years of a team differ by 15%",
        lambda seed: excluded(teams(seed, 1.0), 1.0),
    ),
    Coverage(
        "Edge of care: share who come into care within a year",
        "1,500 cases over four years, followed to the end of the data",
        true_share,
        lambda seed: cases(seed)[0].within(HORIZON),
        ci=30,
    ),
    Coverage(
        "Edge of care: entries averted by support",
        "1,500 cases over four years, three in ten supported, more where need is high; hazard ratio 0.6",
        0.0,
        averted,
        ci=20,
        run="edge",
    ),
    Coverage(
        "Edge of care: hazard of entry with support over that without",
        "1,500 cases over four years, three in ten supported, more where need is high; truth 0.6",
        0.6,
        lambda seed: effect(seed, 0.6)[0].hazard,
        ci=20,
        run="edge",
    ),
    Rejection(
        "Edge of care: effect of support, none planted",
        "1,500 cases over four years, three in ten supported, more where need is high",
        no_effect,
        ci=20,
    ),
    Coverage(
        "Edge of care: calibration slope of the risk, later cases",
        "2,000 cases over four years; truth: the slope of the very risk, from the planted chances",
        0.0,
        slope,
        ci=10,
    ),
    Coverage(
        "Edge of care: hazard with support over that without, children with three cases",
        "800 children with three cases each, supported together, fates correlated 0.6; truth 0.6",
        0.6,
        shared_hazard,
        ci=20,
        run="edge, three cases",
    ),
    Coverage(
        "Edge of care: share who enter of those on a list, children with three cases",
        "800 children with three cases each, fates correlated 0.6; a risk of a tenth or more",
        lambda: true_list()[0],
        shared_value,
        ci=20,
        run="edge, three cases",
    ),
    Coverage(
        "Edge of care: net benefit of a list by risk, children with three cases",
        "800 children with three cases each, fates correlated 0.6; a threshold of a tenth",
        lambda: true_list()[1],
        shared_benefit,
        ci=20,
        run="edge, three cases",
    ),
)
