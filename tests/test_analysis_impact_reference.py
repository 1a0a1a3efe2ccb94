"""Reference tests: impact against diff-diff 3.13.0 and pysyncon 1.7.0 (stored), statsmodels and arithmetic.

tests/impact_reference.py made the stored numbers in an environment of its own, from the panel beside them.
"""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from scipy import stats

from tests.impact_drawn import ABOUT
from vcanalysis.analysis.impact import (
    Settings,
    panel_fe,
    staggered_effect,
    synthetic_control,
    synthetic_did,
    trend_bounds,
    two_period_did,
)
from vcanalysis.analysis.impact.design import read_design
from vcanalysis.analysis.impact.maps import rows_of
from vcanalysis.analysis.impact.staggered import cohorts_of, maps_of

HERE = Path(__file__).parent
STORED = json.loads((HERE / "impact_reference.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def panel():
    return pd.read_csv(HERE / "impact_reference.csv").assign(start=lambda f: f["start"].where(f["start"] > 0))


def estimated(panel, **settings):
    return staggered_effect(panel, **ABOUT, first_treated="start", settings=Settings(draws=99, **settings))


def cells(found):
    return {one.group.removeprefix("from ").replace(", in ", "-"): one.value for one in found.group_time}


@pytest.mark.parametrize("controls", ["never", "not yet"])
def test_effects_by_start_and_year_are_those_of_callaway_and_santanna(panel, controls):
    found = cells(estimated(panel, estimator="group-time", controls=controls))
    expected = STORED["staggered"][controls]["cells"]
    for cell, value in found.items():
        assert value == pytest.approx(expected[cell], abs=1e-9), cell
    assert len(found) == 8


@pytest.mark.parametrize("controls", ["never", "not yet"])
def test_the_event_study_is_theirs_year_by_year(panel, controls):
    steps = estimated(panel, estimator="group-time", controls=controls).event.steps
    expected = STORED["staggered"][controls]["events"]
    assert dict(zip(steps["since"].astype(int).astype(str), steps["estimate"], strict=True)) == pytest.approx(
        {since: value for since, value in expected.items() if since != "-1"}
    )


@pytest.mark.parametrize("controls", ["never", "not yet"])
def test_the_overall_effect_counts_each_council_alike(panel, controls):
    groups = STORED["staggered"][controls]["groups"]
    found = estimated(panel, estimator="group-time", controls=controls).overall.value
    assert found == pytest.approx((3 * groups["2019"] + 2 * groups["2021"]) / 5)


def test_imputed_effects_are_those_of_borusyak_jaravel_and_spiess(panel):
    groups = STORED["staggered"]["imputation"]["groups"]
    assert estimated(panel).overall.value == pytest.approx(
        (3 * groups["2019"] + 2 * groups["2021"]) / 5, abs=1e-6
    )


def test_the_mean_over_council_years_is_theirs(panel):
    settings = Settings()
    design = read_design(panel, **ABOUT, first_treated="start", settings=settings)
    first, counts = cohorts_of(design)
    weights = (design.times >= first[:-1, None]) * counts[:-1, None]
    means = np.array([design.paths[design.first == start].mean(axis=0) for start in first])
    found = (rows_of(maps_of(design, settings), weights / weights.sum()) * means).sum()
    assert found == pytest.approx(STORED["staggered"]["imputation"]["mean of council-years"], abs=1e-6)


def test_synthetic_did_is_near_theirs(panel):
    """Theirs drops small weights and solves again; ours is the optimum, so they agree to a few per cent."""
    alike = panel[panel["start"].isna() | (panel["start"] == 2019)]
    found = synthetic_did(alike, **ABOUT, first_treated="start", settings=Settings(draws=99))
    assert found.effect.value == pytest.approx(STORED["one_start"]["synthetic_did"], rel=0.05)
    expected = STORED["one_start"]["time_weights"]
    years = dict(
        zip(found.year_weights["time"].astype(int).astype(str), found.year_weights["weight"], strict=True)
    )
    assert years == pytest.approx(expected, abs=0.01)


def test_what_a_violated_trend_allows_is_the_set_of_rambachan_and_roth(panel):
    alike = panel[panel["start"].isna() | (panel["start"] == 2019)]
    found = trend_bounds(alike, **ABOUT, first_treated="start").sets.set_index("multiple").loc[1.0]
    assert found.tolist() == pytest.approx(STORED["one_start"]["honest_set"], abs=1e-6)


def test_the_weights_of_a_synthetic_control_are_those_of_pysyncon(panel):
    found = synthetic_control(panel, **ABOUT, treated=(3, 2021), donors=list(range(5, 15)))
    weights = found.weights.set_index("donor")["weight"].reindex(range(5, 15)).fillna(0.0)
    stored = STORED["synthetic"]
    assert weights.tolist() == pytest.approx(list(stored["weights"].values()), abs=0.01)
    assert found.placebos["before"].iloc[0] == pytest.approx(stored["before"], rel=1e-3)
    assert found.placebos["before"].iloc[0] <= stored["before"] * (1 + 1e-9)


def test_slopes_within_councils_are_those_of_dummies_in_statsmodels(panel):
    gaps = panel.drop(panel.index[40:44])
    fit = smf.ols("rate ~ need + C(council) + C(year)", gaps).fit(
        cov_type="cluster", cov_kwds={"groups": gaps["council"]}, use_t=True
    )
    rows, used = len(gaps), 1 + gaps["council"].nunique() + gaps["year"].nunique() - 1
    nested = np.sqrt((rows - used) / (rows - 1 - gaps["year"].nunique()))  # councils nested in the clusters
    found = panel_fe(gaps, **ABOUT, terms=["need"]).slopes[0]
    assert found.value == pytest.approx(fit.params["need"])
    assert found.std_error == pytest.approx(fit.bse["need"] * nested)
    half = stats.t.ppf(0.975, gaps["council"].nunique() - 1) * found.std_error
    assert found.high == pytest.approx(found.value + half)


def test_two_periods_are_a_welch_test_of_changes(panel):
    changes = panel.pivot_table("rate", "council", "year")
    changes = changes[[2021, 2022]].mean(axis=1) - changes[[2017, 2018]].mean(axis=1)
    marked = panel.assign(on=panel["council"] < 5)
    found = two_period_did(marked, **ABOUT, treated="on", periods=([2017, 2018], [2021, 2022])).welch
    welch = stats.ttest_ind(changes[:5], changes[5:], equal_var=False)
    assert found.value == pytest.approx(changes[:5].mean() - changes[5:].mean())
    assert found.value / found.std_error == pytest.approx(welch.statistic)
