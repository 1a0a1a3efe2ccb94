"""Unit, direction and edge tests of impact: who started when, what is not estimable, what moves which way."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from scipy.integrate import quad

from tests.impact_drawn import ABOUT, noise, panel_of
from vcanalysis.analysis import impact
from vcanalysis.analysis.impact import Settings
from vcanalysis.analysis.impact.dealing import deal
from vcanalysis.analysis.impact.studentised import Studentised, welch
from vcanalysis.core.errors import InputError

QUICK = Settings(draws=199)


def effect(panel, starts, **settings):
    return impact.staggered_effect(panel, **ABOUT, first_treated=starts, settings=QUICK.but(**settings))


# before 2017 -> after: a and b fall by 2 and 4 against five that stand still; by hand: -3
BY_HAND = panel_of([[5, 5, 3, 3], [9, 9, 5, 5], *([[4, 4, 4, 4]] * 4), [4, 4, 4, 4.4]])


def test_the_effect_is_the_change_less_that_of_the_others():
    found = effect(BY_HAND, {"a": 2017, "b": 2017})
    assert found.welch.value == pytest.approx(-3 - 0.2 / 5)
    assert (found.overall.n, found.overall.of) == (7, "councils, 2 with the programme")


@pytest.mark.parametrize("estimator", ["imputation", "group-time"])
@pytest.mark.parametrize("starts", [(2018, 2018, 2018), (2017, 2019, 2020)])
def test_a_planted_effect_comes_back_exactly_without_noise(estimator, starts):
    panel, first = noise(starts=starts, effect=-4.0)
    levels = panel.groupby("council")["rate"].transform("first").round()
    rising = levels + panel["year"] - 4.0 * (panel["year"] >= panel["council"].map(first))
    rising = rising + 1e-7 * np.random.default_rng(1).normal(size=len(panel))
    found = effect(panel.assign(rate=rising), first, estimator=estimator)
    assert found.welch.value == pytest.approx(-4.0, abs=1e-5)


def test_a_bigger_effect_has_a_smaller_p_value_and_excludes_nought():
    panel, first = noise(starts=(2019,) * 6)
    none = effect(panel, first)
    large = effect(noise(starts=(2019,) * 6, effect=-5.0)[0], first)
    assert not none.overall.excludes()
    assert large.overall.excludes()
    assert large.p_value < none.p_value
    assert "was lower after" in large.headline()
    assert "No clear change" in none.headline()


def test_the_interval_moves_with_a_constant_effect_and_holds_what_the_deals_do_not_rule_out():
    first = noise(starts=(2019, 2019, 2020, 2020))[1]
    at = effect(noise(starts=(2019, 2019, 2020, 2020))[0], first).overall
    moved = effect(noise(starts=(2019, 2019, 2020, 2020), effect=10.0)[0], first).overall
    assert moved.value - at.value == pytest.approx(10.0)
    assert moved.low - at.low == pytest.approx(10.0, abs=1e-3)
    assert moved.high - at.high == pytest.approx(10.0, abs=1e-3)


def test_levels_and_common_years_do_not_matter():
    panel, first = noise(starts=(2018, 2019, 2019))
    other = panel.assign(rate=panel["rate"] + 100 * panel["council"] + (panel["year"] - 2015) ** 2)
    assert effect(other, first).overall.value == pytest.approx(effect(panel, first).overall.value)
    assert effect(other, first).p_value == effect(panel, first).p_value


def test_the_order_of_rows_does_not_matter():
    panel, first = noise(starts=(2018, 2019, 2019))
    assert effect(panel.sample(frac=1, random_state=1), first).overall == effect(panel, first).overall


def test_the_panel_is_not_changed():
    panel, first = noise(starts=(2018, 2019))
    before = panel.copy()
    effect(panel, first)
    pd.testing.assert_frame_equal(panel, before)


def test_equal_weights_change_nothing_and_unequal_ones_do():
    panel, first = noise(starts=(2018, 2018, 2018))
    panel = panel.assign(same=7.0, size=panel["council"] + 1.0)
    plain = effect(panel, first)
    assert effect(panel, first, weights="same").overall.value == pytest.approx(plain.overall.value)
    assert effect(panel, first, weights="same").p_value == plain.p_value
    assert effect(panel, first, weights="size").overall.value != pytest.approx(plain.overall.value)


def test_a_weighted_effect_is_a_weighted_difference():
    panel = BY_HAND.assign(size=BY_HAND["council"].map({"a": 3.0, "b": 1.0}).fillna(2.0))
    found = effect(panel, {"a": 2017, "b": 2017}, weights="size")
    assert found.welch.value == pytest.approx((3 * -2 + -4) / 4 - 0.2 / 5)


def test_what_a_whole_region_did_is_taken_out():
    panel = noise(councils=40)[0]
    region = panel["council"] % 2
    shaken = panel.assign(
        region=region, rate=panel["rate"] + 50.0 * ((region == 0) & (panel["year"] >= 2019))
    )
    found = effect(shaken, {0: 2019.0, 2: 2019.0}, within="region")
    assert abs(found.overall.value) < 3
    assert effect(shaken, {0: 2019.0, 2: 2019.0}).overall.value > 20


def test_the_programme_is_dealt_within_strata():
    strata = np.array([0, 0, 0, 1, 1, 1, 1])
    dealt = deal(strata, np.array([1, 5]), draws=300, seed=1)
    assert dealt[0].tolist() == [1, 5]
    assert set(dealt[:, 0]) == {0, 1, 2}
    assert set(dealt[:, 1]) == {3, 4, 5, 6}


def test_a_deal_never_gives_a_council_two_places():
    dealt = deal(np.zeros(9, dtype=int), np.array([0, 1, 2]), draws=500, seed=1)
    assert all(len(set(row)) == 3 for row in dealt)


def test_the_statistic_of_every_deal_is_welchs():
    rng = np.random.default_rng(1)
    values, dealt = rng.normal(size=(20, 1)), deal(np.zeros(20, dtype=int), np.arange(4), draws=99, seed=1)
    found = welch(values, np.ones(20), np.zeros(4, dtype=int), dealt)
    for row in (0, 17, 60):
        out = np.delete(values[:, 0], dealt[row])
        expected = stats.ttest_ind(values[dealt[row], 0], out, equal_var=False)
        assert found.t[row] == pytest.approx(expected.statistic)


@pytest.mark.parametrize("n", [(2, 6), (2, 150), (4, 30), (13, 30), (120, 8)])
@pytest.mark.parametrize("share", [0.1, 0.5, 0.95])
def test_tails_are_those_of_two_t_distributions_added_up(n, share):
    """Behrens and Fisher: P(x root(share) + y root(1 - share) > gap), x and y by t, integrated over x by quad."""
    one, other = (stats.t(size - 1) for size in n)

    def beyond(x, gap):
        return one.pdf(x) * other.sf((gap - x * np.sqrt(share)) / np.sqrt(1 - share))

    for gap in (0.5, 2.0, 5.0):
        made = Studentised(np.array([gap]), np.array([share]), np.array([1 - share]), n)
        pieces = [-np.inf, -10.0, 0.0, gap / np.sqrt(share), 2 * gap / np.sqrt(share) + 10, np.inf]
        expected = sum(quad(beyond, *ends, args=(gap,))[0] for ends in pairwise(pieces))
        assert made.rarity[0] == pytest.approx(expected, rel=0.02, abs=1e-4)


@pytest.mark.parametrize(
    ("starts", "change", "reason"),
    [
        ({0: 2018.0}, None, "at least 2 units that start"),
        ({}, None, "at least 2 units that start"),
        ({0: 2015.0, 1: 2015.0}, None, "a year before the start"),
        (dict.fromkeys(range(27), 2018.0), None, "at least 5 units that never start"),
        ({0: 2018.0, 1: 2018.0}, lambda f: f.assign(rate=f["year"] * 2.0), "moves alike in all units"),
        ({0: 2018.0, 1: 2018.0}, lambda f: f.assign(rate=7.0), "moves alike in all units"),
        (
            {0: 2018.0, 1: 2018.0},
            lambda f: f.assign(rate=f["rate"].where(f["year"] == 2017)),
            "in at least two years",
        ),
        (
            {0: 2018.0, 1: 2018.0},
            lambda f: f.assign(rate=f["rate"].where(f["year"] >= 2018)),
            "before the start",
        ),
    ],
)
def test_what_cannot_be_estimated_says_why(starts, change, reason):
    panel = noise()[0]
    panel = panel if change is None else change(panel)
    found = effect(panel, starts)
    assert not found.overall.estimable
    assert reason in found.overall.reason
    assert "cannot be told" in found.headline()
    power = impact.minimum_effect(panel, **ABOUT, first_treated=starts, settings=QUICK)
    bounds = impact.trend_bounds(panel, **ABOUT, first_treated=starts, settings=QUICK)
    second = impact.synthetic_did(panel, **ABOUT, first_treated=starts, settings=QUICK)
    assert not power.minimum.estimable
    assert not bounds.by_multiple[0].estimable
    assert not second.effect.estimable
    for one in (power, bounds, second):
        assert "not estimable" in one.sentence()


def test_one_year_before_leaves_the_effect_but_not_the_test_of_the_years_before():
    panel, first = noise(starts=(2016,) * 4, effect=-5.0)
    found = effect(panel, first)
    assert found.overall.estimable
    assert found.event.p_value is None
    assert "two years before" in found.event.sentence()
    assert not impact.trend_bounds(panel, **ABOUT, first_treated=first).by_multiple[0].estimable


def test_years_not_measured_go_first_then_councils_that_lack_a_year():
    panel, first = noise(starts=(2018, 2018, 2018))
    rate = panel["rate"].mask(panel["year"] == 2016).mask((panel["council"] == 9) & (panel["year"] == 2020))
    found = effect(panel.assign(rate=rate), first)
    assert found.design.left_out == ("not measured in: 2016", "without every year: 9")
    assert 9 not in found.design.units
    assert found.overall.estimable


def test_a_council_that_starts_after_the_data_end_never_starts():
    panel, _ = noise(starts=(2018, 2018))
    assert effect(panel, {0: 2018.0, 1: 2018.0, 2: 2030.0}).overall.of == "councils, 2 with the programme"


@pytest.mark.parametrize(
    ("change", "message"),
    [
        (lambda f: pd.concat([f, f.iloc[:1]]), "repeat a council and year"),
        (lambda f: f.assign(rate="many"), "not numbers"),
        (lambda f: f.drop(columns="rate"), "is missing"),
        (lambda f: f.assign(council=f["council"].mask(f.index == 3)), "no council or no year"),
    ],
)
def test_a_panel_that_cannot_be_meant_is_refused(change, message):
    with pytest.raises(InputError, match=message):
        effect(change(noise()[0]), {0: 2018.0, 1: 2018.0})


def test_a_council_with_two_starts_is_refused():
    panel = noise()[0].assign(start=lambda f: np.where(f["council"] < 2, f["year"], np.nan))
    with pytest.raises(InputError, match="more than one start"):
        effect(panel, "start")


@pytest.mark.parametrize(
    "wrong", [{"level": 95}, {"draws": 3}, {"estimator": "magic"}, {"controls": "all"}, {"seed": -1}]
)
def test_settings_that_cannot_be_meant_are_refused(wrong):
    with pytest.raises(InputError, match="refused"):
        Settings(**wrong)


def test_a_cohort_of_one_council_has_no_interval_of_its_own():
    panel, first = noise(starts=(2018, 2018, 2019))
    alone = [one for one in effect(panel, first).group_time if one.group.startswith("from 2019")]
    assert alone
    assert not any(one.has_interval for one in alone)


def test_councils_that_had_moved_apart_before_are_said_to():
    panel, first = noise(starts=(2019,) * 6)
    drifting = panel.assign(rate=panel["rate"] + 3 * (panel["year"] - 2015) * (panel["council"] < 6))
    found = effect(drifting, first, draws=999)
    assert found.event.apart
    assert "had moved apart before" in found.headline()


def test_clustered_errors_stand_beside_and_are_narrower_for_few_councils():
    panel, first = noise(starts=(2018, 2018))
    found = effect(panel, first)
    wide, narrow = (one.high - one.low for one in (found.overall, found.beside[0]))
    assert narrow < wide
    assert "few" in impact.WARNING
    assert 0 < found.wild_p <= 1


def test_power_reads_no_outcome_of_those_that_start():
    panel, first = noise(starts=(2019,) * 5)
    marred = panel.assign(rate=panel["rate"].where(panel["council"] >= 5, panel["rate"] ** 2))
    one, other = (
        impact.minimum_effect(frame, **ABOUT, first_treated=first, settings=QUICK).minimum.value
        for frame in (panel, marred)
    )
    assert one == other


def test_more_councils_find_smaller_effects():
    panel = noise(councils=60)[0]
    few, many = (
        impact.minimum_effect(panel, **ABOUT, first_treated=dict.fromkeys(range(k), 2019.0)) for k in (3, 12)
    )
    assert many.minimum.value < few.minimum.value
    assert few.chance(0.0) == pytest.approx(0.05, abs=0.002)
    assert few.curve()["chance"].is_monotonic_increasing


def test_bounds_widen_with_the_violation_and_begin_at_none():
    panel, first = noise(starts=(2019,) * 6, effect=-9.0)
    found = impact.trend_bounds(panel, **ABOUT, first_treated=first)
    widths = [one.high - one.low for one in found.by_multiple]
    assert widths == sorted(widths)
    assert found.sets["low"].iloc[0] == pytest.approx(found.sets["high"].iloc[0])
    assert found.break_even > 0
    assert "times the most they did before" in found.sentence()


def test_outcomes_are_held_together_by_family():
    found = impact.holm(
        {"spend": 0.01, "moves": 0.04, "need": None, "rate": 0.03},
        families={"spend": "money", "rate": "money", "moves": "children", "need": "children"},
    )
    assert found["adjusted"].tolist()[:2] == [0.02, 0.04]
    assert found["adjusted"].tolist()[3] == 0.03
    assert np.isnan(found["adjusted"][2])


def test_a_family_that_is_not_declared_is_refused():
    with pytest.raises(InputError, match="no family"):
        impact.holm({"spend": 0.01}, families={"moves": "children"})


def test_verdicts_of_several_outcomes():
    first = noise(starts=(2019,) * 6)[1]
    found = impact.judge_together(
        {
            "none": effect(noise(starts=(2019,) * 6)[0], first),
            "fall": effect(noise(starts=(2019,) * 6, effect=-6.0)[0], first),
            "gone": effect(noise()[0], {0: 2018.0}),
        }
    )
    assert found.set_index("outcome")["verdict"].to_dict() == {
        "none": "no clear change",
        "fall": "lower",
        "gone": "not estimable",
    }


def test_other_choices_name_every_council_left_out():
    panel, first = noise(starts=(2018, 2018, 2019))
    groups = [
        one.group
        for one in impact.other_choices(panel, **ABOUT, first_treated=first, settings=Settings(draws=99))
    ]
    assert groups[0] == "as declared"
    assert groups[-3:] == ["without 0", "without 1", "without 2"]


def test_without_one_of_two_councils_nothing_is_estimable():
    panel, first = noise(starts=(2018, 2018))
    found = impact.other_choices(panel, **ABOUT, first_treated=first, settings=Settings(draws=99))
    assert not found.group("without 0").estimable
