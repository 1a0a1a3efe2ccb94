"""Unit and direction tests of synthetic controls, series, two periods and slopes within councils."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.impact_drawn import ABOUT, noise
from vcanalysis.analysis import impact
from vcanalysis.analysis.impact.simplex import simplex_weights
from vcanalysis.core.errors import InputError

SERIES = {"time": "quarter", "outcome": "moves"}


def series(after=-5.0, length=24, start=14, seed=1):
    rng = np.random.default_rng(seed)
    at = np.arange(length)
    return pd.DataFrame(
        {"quarter": at, "moves": 20 + 0.1 * at + rng.normal(0, 0.5, length) + after * (at >= start)}
    )


@pytest.mark.parametrize("ridge", [0.0, 0.3, 1000.0])
def test_weights_are_never_negative_sum_to_one_and_are_the_best(ridge):
    rng = np.random.default_rng(1)
    columns, target = rng.normal(size=(5, 12)), rng.normal(size=5) * 0.3

    def loss(weights):
        return ((columns @ weights - target) ** 2).sum() + ridge * (weights**2).sum()

    found = simplex_weights(columns, target, ridge=ridge)
    assert found.min() >= 0
    assert found.sum() == pytest.approx(1)
    others = rng.dirichlet(np.full(12, 0.3), 3000)
    near = 0.999 * found + 0.001 * others
    assert loss(found) <= min(loss(w) for w in np.vstack([others, near])) + 1e-12


def test_a_council_made_of_others_has_no_gap_before_and_the_effect_after():
    panel, _ = noise(councils=15)
    wide = panel.pivot_table("rate", "council", "year")
    made = 0.25 * wide.loc[3] + 0.75 * wide.loc[7] - 6.0 * (wide.columns >= 2020)
    rows = pd.DataFrame({"council": 99, "year": made.index, "rate": made.to_numpy()})
    found = impact.synthetic_control(pd.concat([panel, rows]), **ABOUT, treated=(99, 2020))
    assert found.effect.value == pytest.approx(-6.0, abs=1e-6)
    assert found.weights.set_index("donor")["weight"].round(6).head(2).to_dict() == {7: 0.75, 3: 0.25}
    assert {one.group for one in found.left_out} == {"without 3", "without 7"}
    assert found.exact
    assert found.p_value == pytest.approx(1 / 16)
    assert "matched exactly" in found.sentence()


def test_donors_are_those_named():
    panel, _ = noise(councils=30)
    found = impact.synthetic_control(panel, **ABOUT, treated=(0, 2019), donors=range(10, 25))
    assert set(found.weights["donor"]) <= set(range(10, 25))
    assert len(found.placebos) == 16


@pytest.mark.parametrize(
    ("treated", "donors", "reason"),
    [
        ((0, 2019), range(1, 9), "at least 10 donors"),
        ((0, 2016), None, "at least 2 times before"),
        ((0, 2015), None, "before and after the start"),
    ],
)
def test_a_synthetic_control_that_cannot_be_made_says_why(treated, donors, reason):
    found = impact.synthetic_control(noise()[0], **ABOUT, treated=treated, donors=donors)
    assert not found.effect.estimable
    assert reason in found.effect.reason


def test_a_constant_outcome_has_no_synthetic_control():
    panel = noise()[0].assign(rate=4.0)
    assert not impact.synthetic_control(panel, **ABOUT, treated=(0, 2019)).effect.estimable


def test_a_council_that_is_not_there_is_refused_without_its_name():
    with pytest.raises(InputError, match="does not hold the unit") as refused:
        impact.synthetic_control(noise()[0], **ABOUT, treated=("Nowhere", 2019))
    assert "Nowhere" not in str(refused.value)


def test_synthetic_did_finds_what_was_planted_where_slopes_differ():
    panel, first = noise(councils=40, starts=(2020,) * 4, effect=-5.0)
    sloped = panel.assign(rate=panel["rate"] + (panel["council"] % 4) * (panel["year"] - 2015))
    found = impact.synthetic_did(sloped, **ABOUT, first_treated=first, settings=impact.Settings(draws=99))
    assert found.effect.value == pytest.approx(-5.0, abs=1.2)
    assert found.effect.excludes()
    assert found.council_weights["weight"].sum() == pytest.approx(1.0)
    assert found.p_value <= 0.02


def test_a_step_in_a_series_is_found_and_said_to_be_alone():
    found = impact.interrupted_series(series(), **SERIES, start=14)
    assert found.estimates.term("Step in moves at the start").value == pytest.approx(-5, abs=1)
    assert found.estimates[0].excludes()
    assert "Nothing else is compared" in found.sentence()
    assert not impact.interrupted_series(series(after=0.0), **SERIES, start=14).estimates[0].excludes()


def test_without_a_change_of_slope_the_step_is_the_change():
    found = impact.interrupted_series(series(), **SERIES, start=14, slope=False).estimates
    assert [one.term for one in found] == ["Change in moves on average", "Step in moves at the start"]
    assert found[0].value == found[1].value


def test_autocorrelation_is_seen_and_widens_the_interval():
    rng = np.random.default_rng(3)
    errors = np.zeros(60)
    for t in range(1, 60):
        errors[t] = 0.8 * errors[t - 1] + rng.normal()
    one, other = (
        impact.interrupted_series(
            pd.DataFrame({"quarter": range(60), "moves": values}), **SERIES, start=30, slope=False
        )
        for values in (errors, rng.permutation(errors))
    )
    assert one.autocorrelation > other.autocorrelation + 0.3
    assert one.estimates[0].high - one.estimates[0].low > other.estimates[0].high - other.estimates[0].low


@pytest.mark.parametrize(
    ("frame", "start", "reason"),
    [
        (series(length=10), 3, "at least 4 times before"),
        (series(length=10), 8, "at least 3 times after"),
        (series(length=7), 4, "at least 8 times"),
        (series().assign(moves=3.0), 14, "does not vary"),
    ],
)
def test_a_series_that_is_too_short_or_constant_says_why(frame, start, reason):
    found = impact.interrupted_series(frame, **SERIES, start=start)
    assert not found.estimates[0].estimable
    assert reason in found.estimates[0].reason


def test_a_series_on_a_line_has_no_interval():
    frame = pd.DataFrame({"quarter": range(20), "moves": np.arange(20.0)})
    assert not impact.interrupted_series(frame, **SERIES, start=10).estimates[0].estimable


def test_a_time_that_comes_twice_is_refused():
    with pytest.raises(InputError, match="twice"):
        impact.interrupted_series(pd.concat([series(), series()]), **SERIES, start=14)


@pytest.mark.parametrize(
    ("periods", "message"), [(([], [2018]), "at least one"), (([2017], [2017]), "none in both")]
)
def test_periods_that_cannot_be_meant_are_refused(periods, message):
    panel = noise()[0].assign(on=lambda f: f["council"] < 3)
    with pytest.raises(InputError, match=message):
        impact.two_period_did(panel, **ABOUT, treated="on", periods=periods)


def test_a_flag_that_varies_within_a_council_is_refused():
    panel = noise()[0].assign(on=lambda f: f["year"] > 2018)
    with pytest.raises(InputError, match="some rows only"):
        impact.two_period_did(panel, **ABOUT, treated="on", periods=([2017], [2020]))


def test_councils_that_lack_a_year_of_a_period_are_left_out():
    panel = noise()[0].assign(on=lambda f: f["council"] < 3)
    panel = panel.assign(rate=panel["rate"].mask((panel["council"] == 8) & (panel["year"] == 2017)))
    found = impact.two_period_did(panel, **ABOUT, treated="on", periods=([2016, 2017], [2020]))
    assert found.design.left_out == ("without every year: 8",)


def test_a_slope_within_councils_ignores_levels_of_councils_and_years():
    rng = np.random.default_rng(1)
    panel = noise()[0].assign(need=lambda f: rng.normal(size=len(f)))
    sloped = panel.assign(rate=3 * panel["need"] + 10 * panel["council"] + panel["year"] ** 2)
    jitter = sloped.assign(rate=sloped["rate"] + 1e-3 * rng.normal(size=len(panel)))
    assert impact.panel_fe(jitter, **ABOUT, terms=["need"]).slopes[0].value == pytest.approx(3, abs=1e-3)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda f: f.assign(need=f["council"] * 1.0), "do not vary of their own"),
        (lambda f: f.assign(need=f["year"] * 1.0), "do not vary of their own"),
        (lambda f: f.assign(rate=2.0), "outcome does not vary"),
        (lambda f: f[f["council"] < 4], "at least 5 councils"),
    ],
)
def test_slopes_that_cannot_be_estimated_say_why(change, reason):
    panel = noise()[0].assign(need=lambda f: np.random.default_rng(1).normal(size=len(f)))
    found = impact.panel_fe(change(panel), **ABOUT, terms=["need"])
    assert not found.slopes[0].estimable
    assert reason in found.slopes[0].reason


def test_a_switch_that_few_councils_turn_is_warned_of():
    panel = noise()[0].assign(on=lambda f: ((f["council"] < 4) & (f["year"] > 2018)) * 1.0)
    assert "staggered_effect" in impact.panel_fe(panel, **ABOUT, terms=["on"]).warning
    assert not impact.panel_fe(
        panel.assign(on=panel["on"] + panel["year"] % 3), **ABOUT, terms=["on"]
    ).warning
