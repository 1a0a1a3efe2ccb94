"""Edge tests of impact: outcomes without spread, councils that are not there, choices that are not used."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.impact_drawn import ABOUT, noise
from vcanalysis.analysis import impact
from vcanalysis.analysis.impact import Settings, dealing, staggered
from vcanalysis.analysis.impact.design import read_design
from vcanalysis.analysis.impact.studentised import Studentised, share_as_rare
from vcanalysis.core.errors import InputError

QUICK = Settings(draws=99)
STARTS = dict.fromkeys(range(4), 2019)


@pytest.mark.parametrize("still", [5.0, 0.0])
def test_power_is_not_estimable_where_councils_that_never_start_do_not_move(still):
    panel = noise()[0].assign(rate=lambda f: f["rate"].where(f["council"] < 4, still))
    found = impact.minimum_effect(panel, **ABOUT, first_treated=STARTS, settings=QUICK)
    assert "moves alike in all units that never start" in found.minimum.reason


def test_years_before_without_spread_are_not_said_to_have_moved_apart():
    panel = noise()[0].assign(rate=lambda f: f["rate"].where(f["year"] >= 2019, 0.0))
    found = impact.several_effects(
        panel, unit="council", time="year", first_treated=STARTS, outcomes={"rate": QUICK}
    )
    event = found["rate"].event
    assert (event.apart, event.p_value) == (False, None)
    assert "moves alike in all councils before the start" in event.before.reason
    assert "moved apart" not in found["rate"].headline()
    assert found.table["verdict"].tolist() == ["no clear change"]


def test_one_year_before_without_spread_leaves_the_others_to_be_judged():
    panel = noise()[0].assign(rate=lambda f: f["rate"].mask(f["year"].isin([2017, 2018]), 0.0))
    event = impact.staggered_effect(panel, **ABOUT, first_treated=STARTS, settings=QUICK).event
    steps = event.steps.set_index("since")
    assert np.isnan(steps.loc[-2, "std_error"])
    assert steps.loc[-3, "std_error"] > 0
    assert 0.01 <= event.p_value <= 1


def test_no_share_of_deals_is_below_that_of_the_one_found():
    made = Studentised(np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.0, 1.0]), np.zeros(3), (4, 20))
    assert made.rarity[:2].tolist() == pytest.approx([0.5, 0.0])
    assert share_as_rare(made.rarity) == 1.0


def test_an_effect_is_not_estimable_where_only_years_it_does_not_use_differ():
    panel = noise()[0].assign(rate=lambda f: f["rate"].where(f["year"] == 2015, 7.0))
    how = {**ABOUT, "first_treated": STARTS, "settings": QUICK.but(estimator="group-time")}
    assert "moves alike" in impact.staggered_effect(panel, **how).overall.reason
    assert "moves alike" in impact.minimum_effect(panel, **how).minimum.reason


def test_councils_that_start_but_are_not_in_the_panel_are_listed():
    starts = STARTS | {77: 2019, 78: None}
    found = impact.staggered_effect(noise()[0], **ABOUT, first_treated=starts, settings=QUICK)
    assert found.design.left_out == ("start but are not in the panel: 77",)


def test_all_councils_left_out_are_named_those_that_start_first():
    panel = noise(councils=40)[0]
    gone = panel["council"].isin([*range(10, 26), 39]) & (panel["year"] == 2017)
    found = impact.staggered_effect(
        panel[~gone], **ABOUT, first_treated=STARTS | {39: 2019}, settings=QUICK
    ).design.left_out
    assert found == (f"without every year: 39, {', '.join(map(str, range(10, 26)))}",)


def test_a_start_that_is_empty_never_starts_and_one_that_is_no_number_is_refused():
    panel = noise()[0]
    none = impact.staggered_effect(panel, **ABOUT, first_treated=STARTS | {9: None}, settings=QUICK)
    assert none.overall.of == "councils, 4 with the programme"
    with pytest.raises(InputError, match="not numbers"):
        impact.staggered_effect(panel, **ABOUT, first_treated={0: "2019/20", 1: 2019}, settings=QUICK)


@pytest.mark.parametrize(
    "change", [lambda f: f.assign(need=np.nan), lambda f: f.head(0), lambda f: f.assign(w=-1.0)]
)
def test_slopes_on_no_row_at_all_say_why(change):
    panel = change(noise()[0].assign(need=lambda f: f["rate"] ** 2, w=1.0))
    found = impact.panel_fe(panel, **ABOUT, terms=["need"], settings=Settings(weights="w"))
    assert "at least 5 councils" in found.slopes[0].reason


def test_periods_that_are_no_numbers_are_refused():
    panel = noise()[0].assign(on=lambda f: f["council"] < 3)
    with pytest.raises(InputError, match="no number"):
        impact.two_period_did(panel, **ABOUT, treated="on", periods=(["before"], [2020]))


def test_two_periods_weigh_by_the_mean_of_the_years_before():
    panel = noise()[0].assign(on=lambda f: f["council"] < 3, w=lambda f: 1.0 + f["council"] % 5)
    later = panel.assign(w=panel["w"].where(panel["year"].isin([2016, 2017]), 99.0 + panel["council"]))
    how = {**ABOUT, "treated": "on", "periods": ([2016, 2017], [2020]), "settings": QUICK.but(weights="w")}
    one, other = (impact.two_period_did(frame, **how) for frame in (panel, later))
    assert one.welch.value == pytest.approx(other.welch.value)
    none = panel.assign(w=panel["w"].mask((panel["council"] == 8) & (panel["year"] < 2018)))
    assert impact.two_period_did(none, **how).design.left_out == ("without a weight: 8",)


@pytest.mark.parametrize(
    "choice",
    [
        {"weights": "year"},
        {"strata": "year"},
        {"anticipation": 1},
        {"estimator": "group-time"},
        {"controls": "not yet"},
    ],
)
def test_choices_that_would_be_passed_over_are_refused(choice):
    settings = Settings(**choice)
    with pytest.raises(InputError, match="synthetic_did does not use"):
        impact.synthetic_did(noise()[0], **ABOUT, first_treated=STARTS, settings=settings)
    with pytest.raises(InputError, match="synthetic_control does not use"):
        impact.synthetic_control(noise()[0], **ABOUT, treated=(0, 2019), settings=settings)


def test_donors_that_are_not_there_are_refused():
    with pytest.raises(InputError, match="does not hold 2 of 14 donors"):
        impact.synthetic_control(
            noise()[0], **ABOUT, treated=(0, 2019), donors=[*range(10, 22), "Nowhere", "Else"]
        )


def test_a_council_that_lacks_a_year_is_said_to_lack_it():
    panel = noise()[0]
    lacking = panel.assign(rate=panel["rate"].mask((panel["council"] == 0) & (panel["year"] == 2017)))
    for frame in (lacking, lacking.dropna()):
        found = impact.synthetic_control(frame, **ABOUT, treated=(0, 2020))
        assert "it lacks 2017" in found.effect.reason


def test_a_synthetic_control_among_donors_that_do_not_move_is_not_estimable():
    panel = pd.DataFrame([(u, t, float(u == 0 and t == 2021)) for u in range(30) for t in range(2015, 2023)])
    panel = panel.set_axis(["council", "year", "rate"], axis=1)
    for treated in (0, 5):
        others = [u for u in range(1, 30) if u != treated]
        found = impact.synthetic_control(panel, **ABOUT, treated=(treated, 2020), donors=others)
        assert not found.effect.estimable
        assert "not estimable" in found.sentence()


def test_an_effect_whose_share_is_five_in_a_hundred_is_not_ruled_out(monkeypatch):
    """p of exactly .05 is not below .05: the interval then holds nought, as the verdict says."""
    reference = staggered.overall_reference(
        read_design(noise()[0], **ABOUT, first_treated=STARTS, settings=QUICK), QUICK
    )
    monkeypatch.setattr(dealing, "share_as_rare", lambda _: 0.05)
    assert reference.interval(0.95) is None
    monkeypatch.setattr(dealing, "share_as_rare", lambda _: 0.04)
    assert reference.interval(0.95) is not None


def test_synthetic_did_has_no_interval_that_its_placebos_cannot_give():
    """99 placebos tell one in a hundred, and no less."""
    how = {**ABOUT, "first_treated": STARTS}
    panel = noise(starts=(2019,) * 4, effect=-50.0)[0]
    found = impact.synthetic_did(panel, **how, settings=QUICK)
    assert found.p_value == pytest.approx(0.01)
    assert found.effect.has_interval
    assert not impact.synthetic_did(panel, **how, settings=QUICK.but(level=0.995)).effect.has_interval


@pytest.mark.parametrize("still", [5.0, 0.0])
def test_synthetic_did_is_not_estimable_where_councils_that_never_start_do_not_move(still):
    """Placebos that do not differ would give an interval without width."""
    panel = noise()[0].assign(rate=lambda f: f["rate"].where(f["council"] < 4, still))
    found = impact.synthetic_did(panel, **ABOUT, first_treated=STARTS, settings=QUICK)
    assert "moves alike in all units that never start" in found.effect.reason


def test_bounds_say_how_many_councils_were_found():
    everyone = dict.fromkeys(noise()[0]["council"].unique(), 2019)
    found = impact.trend_bounds(noise()[0], **ABOUT, first_treated=everyone, settings=QUICK)
    assert found.sentence().endswith("at least 5 units that never start are needed; found 0.".capitalize())
