"""Unit, direction and refusal tests of inputs of a scenario: places, backfill, demand, edge of care, presets, steps."""

import numpy as np
import pytest

from tests.test_analysis_savings import CERTAIN, certain, usual
from vcanalysis.analysis import savings as s
from vcanalysis.analysis.savings.fates import Spans
from vcanalysis.analysis.savings.places import fill_places
from vcanalysis.analysis.savings.simulation import WEEKS_PER_MONTH
from vcanalysis.core.errors import InputError
from vcanalysis.core.facts import assumption
from vcanalysis.core.paths import data_file
from vcanalysis.core.presets import preset

# --- places -----------------------------------------------------------------------------------------------


def queue(start, stay, leave, places, steps=24):
    draw = np.zeros(len(start), int)
    spans = Spans(draw, *(np.array(part, dtype=np.float32) for part in (start, stay, leave)))
    return fill_places(spans, np.array([places]), steps=steps, step_months=1.0).start.tolist()


@pytest.mark.parametrize(
    ("start", "stay", "leave", "places", "moved"),
    [
        ([1, 2, 3], [4, 4, 4], [99, 99, 99], 3, [1, 2, 3]),  # room for all
        ([1, 2, 3], [4, 4, 4], [99, 99, 99], 2, [1, 2, 5]),  # the third has the first's place in month 5
        ([3, 2, 1], [4, 4, 4], [99, 99, 99], 1, [9, 5, 1]),  # in the order in which they are ready
        ([1, 2, 3], [4, 4, 4], [99, 4, 99], 1, [1, 1e9, 5]),  # one leaves while it waits
        ([1, 2], [4, 4], [3, 99], 1, [1, 3]),  # one leaves the family, the place is free
        ([1, 2], [4, 4], [99, 99], 0, [1e9, 1e9]),
    ],
)
def test_children_wait_their_turn_for_a_place(start, stay, leave, places, moved):
    assert queue(start, stay, leave, places) == pytest.approx(moved)


def test_no_more_children_live_in_families_than_there_are_places():
    free, few = (s.simulate_savings(usual(family_places=p), draws=300, seed=1) for p in (100_000, 3))
    assert few.amounts["placed"].max() <= 3 < free.amounts["placed"].max()
    assert (few.amounts["moved"] <= free.amounts["moved"]).all()


def test_with_one_place_and_no_ends_one_child_moves():
    result = s.simulate_savings(certain(family_places=1), draws=100)
    assert result.by_year("gross")[0] == pytest.approx(3000 * WEEKS_PER_MONTH * np.array([6, 12, 12]))


# --- backfill, demand, edge of care -----------------------------------------------------------------------


def test_backfill_takes_back_its_share_of_the_gross_saving():
    result = s.simulate_savings(certain(backfill_share=0.25), draws=100)
    assert result.by_year("backfill") == pytest.approx(result.by_year("gross") / 4)
    assert result.full_year_effect[0, -1] == pytest.approx(52 * 20 * 3000 * 0.75)


def test_demand_growth_brings_more_children_later():
    # 10 a year growing by 20%, for 2 years: the integral of 10 * 1.2^t is 24.1.
    result = s.simulate_savings(
        certain(candidates=0, arrivals_year=10, demand_growth_year=0.2), draws=2000, seed=1
    )
    moved = result.amounts["moved"]
    assert (moved[:, -1] == 24).all()
    first = (1.2**0.5 - 1) / (1.2**2 - 1)  # share that arrives in the first half year
    error = np.sqrt(first * (1 - first) / (24 * 2000))
    assert np.mean(moved[:, 11]) / 24 == pytest.approx(first, abs=4 * error)


def test_a_child_kept_out_of_a_home_saves_its_price_and_is_no_candidate():
    # All 10 arrivals of one year averted, nobody leaves: each saves from its arrival to month 36, 30 months on average.
    values = {"candidates": 0, "arrivals_year": 10, "team_years": 1, "edge_reduction_share": 1.0}
    result = s.simulate_savings(certain(**values), draws=2000, seed=2)
    edge = result.by_year("edge").sum(axis=1)
    assert edge.mean() == pytest.approx(10 * 4000 * WEEKS_PER_MONTH * 30, rel=0.01)
    assert not result.amounts["moved"].any()


# --- conservation of pounds -------------------------------------------------------------------------------


def test_pounds_are_conserved():
    """What is spent without the programme less what is spent with it is the net saving, pound by pound."""
    result = s.simulate_savings(usual(arrivals_year=4, edge_reduction_share=0.3), draws=200, seed=3)
    parts = {name: result.by_year(name) for name in ("gross", "backfill", "edge", "returns", "programme")}
    net = parts["gross"] - parts["backfill"] + parts["edge"] - parts["returns"] - parts["programme"]
    assert result.net_by_year == pytest.approx(net)
    assert result.cumulative[:, -1] == pytest.approx(net.sum(axis=1))
    terms = result.estimates
    total = terms.term("Net saving over the horizon").value
    assert total == pytest.approx(net.sum(axis=1).mean())


# --- steps and horizons -----------------------------------------------------------------------------------


def test_weeks_and_months_add_up_to_the_same_pounds():
    by_month, by_week = (
        s.simulate_savings(usual().with_settings(step=step), draws=300, seed=4) for step in ("month", "week")
    )
    assert by_week.amounts["gross"].shape == (300, 156)
    assert by_week.net_by_year == pytest.approx(by_month.net_by_year, rel=1e-4, abs=20)


@pytest.mark.parametrize("years", [1, 10])
def test_horizons_from_one_to_ten_years_are_simulated(years):
    result = s.simulate_savings(usual().with_settings(horizon_years=years), draws=200)
    assert len(result.years) == years
    assert result.fan()["month"].iloc[-1] == 12 * years


# --- the settings a result names --------------------------------------------------------------------------


def test_a_result_names_the_settings_that_made_it():
    scenario = usual()
    result = s.simulate_savings(scenario, draws=100)
    assert scenario.settings in result.note
    assert scenario.settings == usual().settings
    assert scenario.settings != usual(search_gbp=1).settings
    assert scenario.settings != usual().with_settings(horizon_years=4).settings
    assert scenario.settings != scenario.with_settings(step="week").settings


# --- presets ----------------------------------------------------------------------------------------------


def test_an_effect_is_shrunk_by_its_error_and_by_the_weakness_of_its_design():
    # Family group conferences: 8.6 points of 44.8, interval 4.8 to 12.4, grade 5, so no bias; by hand:
    found = s.shrunk_effect("fgc_rct", base=0.448)
    error = (0.124 - 0.048) / 0.448 / (2 * 1.959964)
    weight = 0.01 / (0.01 + error**2)
    assert found.raw == pytest.approx(0.086 / 0.448)
    assert found.weight == pytest.approx(weight)
    assert found.shrunk == pytest.approx(weight * 0.086 / 0.448)
    assert found.high - found.low == pytest.approx(2 * 1.959964 * np.sqrt(weight) * error, rel=1e-5)
    assert "19.2% as published" in found.sentence()


@pytest.mark.parametrize("name", ["essex_mst_sib", "nwd_original", "norfolk_fft"])
def test_a_weak_design_keeps_little_of_its_effect(name):
    found = s.shrunk_effect(name)
    assert 0 < found.shrunk < 0.2 * found.raw


def test_the_trial_without_gain_stays_without_gain():
    assert s.shrunk_effect("start_mst_rct").shrunk == pytest.approx(0, abs=0.03)


def test_a_weak_effect_is_no_central_value_given_in_a_call_either():
    with pytest.raises(InputError, match="design grade 1 of 5: it may not be the central case"):
        s.shrunk_effect("bham_stepdown_published").as_input()
    assert s.shrunk_effect("fgc_rct", base=0.448).as_input().central > 0


def test_referral_shortfall_and_failure_to_match_multiply_to_the_published_share():
    both = assumption("stepdown_referred").central * assumption("stepdown_search_matched").central
    assert both == pytest.approx(preset("bham_referral").point, abs=0.005)


WHAT = "of arrivals who do not come into a home at all because of work at the edge of care"
EDGE = f"[inputs.edge_reduction_share] # {WHAT}\n"
NUMBERS = "central = 0\nlow = 0\nhigh = 0\n"


def scenario_with(tmp_path, lines, numbers=""):
    text = data_file("assumptions/savings.toml").read_text(encoding="utf-8")
    assert EDGE + NUMBERS in text
    text = text.replace(EDGE + NUMBERS, EDGE + numbers + lines + "\n", 1)
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    return s.load_scenario(tmp_path / "own.toml")


def test_a_preset_with_a_strong_design_may_be_the_central_case(tmp_path):
    scenario = scenario_with(tmp_path, 'preset = "fgc_rct"\nbase = 0.448')
    value = scenario.inputs["edge_reduction_share"]
    assert value.central == pytest.approx(s.shrunk_effect("fgc_rct", base=0.448).shrunk)
    assert value.source == "preset fgc_rct"
    assert "as published" in value.reason


def test_a_preset_with_a_weak_design_may_be_the_high_end_beside_a_central_value(tmp_path):
    numbers = 'preset = "norfolk_fft"\nuse = "optimistic"'
    value = scenario_with(tmp_path, numbers, "central = 0\nlow = 0\n").inputs["edge_reduction_share"]
    assert (value.central, value.high) == (0.0, preset("norfolk_fft").point)


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        ('preset = "essex_mst_sib"', "design grade 2 of 5: it may not be the central case"),
        ('preset = "bham_stepdown_published"', "design grade 1 of 5: it may not be the central case"),
        ('preset = "fgc_rtc"', "There is no preset 'fgc_rtc'. Nearest: fgc_rct"),
        ('preset = "fgc_rct"', "give the share without it as base"),
        ('preset = "nwd_sfpc"', "no number to use"),
        ('preset = "fgc_rct"\nuse = "best"', "use 'best' is refused. Write central or optimistic"),
        ('preset = "norfolk_fft"\nuse = "optimistic"', "needs the numbers central, low"),
    ],
)
def test_a_preset_that_may_not_be_used_so_is_refused_in_one_line(tmp_path, lines, message):
    with pytest.raises(InputError, match=message) as error:
        scenario_with(tmp_path, lines)
    assert "\n" not in str(error.value)


def test_an_estimate_that_could_not_be_made_is_no_input():
    few = s.price_gap(_few(), cost="cost", placement_type="type")[0]
    with pytest.raises(InputError, match="not estimable"):
        usual().with_values(residential_gbp_week=few)


def _few():
    import pandas as pd

    return pd.DataFrame({"cost": [4000.0] * 3, "type": ["Residential home"] * 3})


def test_every_input_is_certain_in_the_back_of_an_envelope():
    assert set(CERTAIN) == set(s.load_scenario().inputs)


# --- the council's own counts -----------------------------------------------------------------------------


def test_own_counts_move_the_assumption_as_beta_and_binomial_say():
    # 50% (31% to 69%) weighs as many children as a beta with that spread; 30 of 40 join it.
    prior = s.load_scenario().inputs["sustained_52_weeks"]
    weight = 0.25 / ((0.69 - 0.31) / (2 * 1.959964)) ** 2 - 1
    own = s.with_own_shares(s.load_scenario(), sustained_52_weeks=(30, 40)).inputs["sustained_52_weeks"]
    assert own.central == pytest.approx((30 + weight / 2) / (40 + weight))
    assert prior.central < own.low < own.central < own.high
    assert "30 of 40" in own.source
    assert f"weighs {weight:.0f} children" in own.reason


def test_without_own_counts_the_assumption_stays():
    scenario = s.load_scenario()
    few = s.price_gap(_few(), cost="cost", placement_type="type")[0]
    assert s.with_own_shares(scenario, matched_share=(0, 0)).inputs == scenario.inputs
    assert s.with_own_shares(scenario, matched_share=few).inputs == scenario.inputs


@pytest.mark.parametrize(
    ("own", "message"),
    [
        ({"matched_share": (5, 4)}, "5 of 4 is refused"),
        ({"delay_months": (1, 2)}, "is no share"),
        ({"matchd_share": (1, 2)}, "Did you mean 'matched_share'"),
    ],
)
def test_counts_that_cannot_be_are_refused(own, message):
    with pytest.raises(InputError, match=message):
        s.with_own_shares(s.load_scenario(), **own)


def test_the_break_even_is_said_with_what_is_assumed():
    switches = s.switching_values(certain(matched_share=(0.5, 0.2, 0.8), team_gbp_year=10_000))
    assert s.break_even_sentence(switches).endswith("% (assumed 20% to 80%).")
    never = s.switching_values(certain(matched_share=(0.5, 0.2, 0.8)))
    assert (
        s.break_even_sentence(never) == "No value of searches that find a family turns the result by itself."
    )
    assert s.break_even_sentence(s.switching_values(certain())).startswith("No input")
