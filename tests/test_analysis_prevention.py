"""Prevention: the mix of spend, the lagged link, and a shift of spend, by hand, by others and by planted truth."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import statsmodels.formula.api as smf
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.validity.trials_prevention import HOW, TRUE, panel, shift_of
from vcanalysis.analysis import prevention
from vcanalysis.core.errors import InputError
from vcanalysis.core.real_terms import real_terms
from vcanalysis.intake.synth.panel import draw_panel

MIX = {"unit": "council", "year": "year", "whole": "all"}
COUNTED = {"size": "children_0_17_n", "children": "looked_after_n", "rate": "looked_after_per_10k"}
ON_PANEL = {"unit": "council_code", "year": "year", "rate": "looked_after_per_10k", "spend": "support"}


def with_support(drawn):
    real = real_terms(drawn.frame, "family_support_gbp", to=2025)
    return real.assign(support=prevention.per_resident_child(real, "family_support_gbp", **COUNTED))


@pytest.fixture(scope="module")
def drawn():
    return {size: draw_panel(councils=60, prevention=size) for size in (0.0, -0.2)}


# --- the mix


def test_shares_and_growth_are_those_worked_out_by_hand():
    frame = pd.DataFrame({"council": list("aabbccd"), "year": [2017, 2025] * 3 + [2017]})
    frame = frame.assign(all=[100.0, 200, 100, 100, 100, 150, 900], care=[50.0, 120, 40, 60, 60, 90, 1])
    mix = prevention.spend_mix(frame, **MIX, parts={"care": "care"})
    assert mix.before[0].value == pytest.approx(0.5)
    assert mix.now[0].value == pytest.approx(270 / 450)
    assert mix.moved[0].value == pytest.approx((10 + 20 + 0) / 3)
    assert mix.growth[0].value == pytest.approx(270 / 150 - 1)
    assert (mix.councils, mix.left_out) == (3, 1)  # d has one year only
    assert mix.table.groupby("year")["share"].sum().tolist() == pytest.approx([1, 1])
    assert "did not clearly" in mix.headline()
    assert len(mix.frame()) == 8


def test_a_panel_without_the_columns_gets_a_sentence(drawn):
    empty = with_support(drawn[0.0]).assign(family_support_gbp=np.nan, support=np.nan, ceased_n=np.nan)
    mix = prevention.spend_mix(
        empty,
        unit="council_code",
        year="year",
        whole="children_services_gbp",
        parts={"support": "family_support_gbp"},
    )
    assert mix.sentence().startswith("The mix of spend cannot be told: no council")
    assert not mix.now[0].estimable
    link = prevention.lagged_link(empty, **ON_PANEL)
    assert "not estimable" in link.sentence()
    now = prevention.care_now(empty)
    assert now.reason == "the panel does not hold spend on family support and who left care of its last year"
    needed = prevention.fall_to_break_even(support_gbp=0.0, care_gbp=0.0, cashable={"all": 1.0}, councils=9)
    moved = prevention.simulate_shift(shift_of().but(moved_gbp_year=0.0), draws=100)
    assert "not estimable" in moved.sentence()
    assert (
        prevention.verdict(link, needed[0], moved) == "Whether it would pay cannot be told from these data."
    )


# --- the lagged link


@pytest.mark.parametrize("lags", [(1,), (1, 2)])
@pytest.mark.parametrize("weights", ["", "size"])
def test_the_link_is_that_of_statsmodels_with_a_dummy_for_each(lags, weights):
    frame = panel(7, councils=25).assign(size=lambda f: 50.0 + 10 * f["council"])
    frame = frame[frame.index % 17 != 0]  # an unbalanced panel
    ours = prevention.lagged_link(frame, **HOW, lags=lags, weights=weights)
    rows = frame.assign(y=np.log(frame["rate"]))
    for lag in lags:
        before = frame[["council", "year", "spend"]].assign(year=frame["year"] + lag)
        before[f"x{lag}"] = np.log(before.pop("spend"))
        rows = rows.merge(before, on=["council", "year"])
    terms = " + ".join(f"x{lag}" for lag in lags)
    form = f"y ~ {terms} + C(council) + C(year)"
    weight = rows[weights] if weights else np.ones(len(rows))
    about = {"cov_type": "cluster", "cov_kwds": {"groups": rows["council"]}, "use_t": True}
    theirs = smf.wls(form, rows, weights=weight).fit(**about)
    names = [f"x{lag}" for lag in lags]
    assert ours.slope.value == pytest.approx(theirs.params[names].sum(), rel=1e-7)
    # ours does not count the councils as parameters, as they are nested in the clusters
    n, used = len(rows), len(lags) + rows["year"].nunique()
    nested = (n - len(theirs.params)) / (n - used)
    variance = theirs.cov_params().loc[names, names].to_numpy().sum() * nested
    assert ours.slope.std_error == pytest.approx(np.sqrt(variance), rel=1e-6)
    assert ours.rows == n


def test_levels_of_councils_and_shocks_of_years_change_nothing():
    frame = panel(3, councils=30)
    level = np.exp(0.5 * np.sin(frame["council"]) + 0.1 * (frame["year"] - 2017))
    one, other = (
        prevention.lagged_link(f, **HOW)
        for f in (frame, frame.assign(spend=frame["spend"] * level, rate=frame["rate"] / level))
    )
    assert other.slope.value == pytest.approx(one.slope.value, abs=1e-8)
    assert other.change.low == pytest.approx(one.change.low, abs=1e-8)


def test_what_is_planted_in_the_panel_is_found_and_nothing_where_nothing_is(drawn):
    found = {size: prevention.lagged_link(with_support(one), **ON_PANEL) for size, one in drawn.items()}
    for size, link in found.items():
        assert link.slope.low <= size <= link.slope.high
    assert found[-0.2].headline() == "More family support goes with fewer children in care later"
    assert "neither" in found[0.0].headline()
    placebo = prevention.lagged_link(with_support(drawn[-0.2]), **ON_PANEL, lags=(3,))
    assert placebo.slope.low > -0.2


def test_the_planted_panel_differs_only_where_children_in_care_count(drawn):
    plain, moved = drawn[0.0].frame, drawn[-0.2].frame
    again = draw_panel(councils=60).frame
    pd.testing.assert_frame_equal(plain, again)
    same = ["family_support_gbp", "children_0_17_n", "safeguarding_gbp", "fostering_gbp_week", "ehcp_n"]
    pd.testing.assert_frame_equal(plain[same], moved[same])
    assert (moved["looked_after_n"] != plain["looked_after_n"]).mean() > 0.5
    total = moved["looked_after_n"].sum() / plain["looked_after_n"].sum()
    assert total == pytest.approx(1, abs=0.01)
    change = moved.groupby("council_code")["looked_after_n"].diff()
    assert np.allclose(change.dropna(), (moved["starts_n"] - moved["ceased_n"])[change.notna()])
    spend = moved["looked_after_gbp_child_week"] * moved["looked_after_n"] * 365 / 7
    errors = {e["council_code"] for e in drawn[-0.2].truth["errors"]}
    whole = ~moved["council_code"].isin(errors) & spend.notna()
    assert np.allclose(spend[whole], moved.loc[whole, "looked_after_gbp"], rtol=1e-6)


@pytest.mark.parametrize(
    ("changed", "words"),
    [({"lags": ()}, "No lag"), ({"rate": "rat"}, "missing"), ({"unit": "year"}, "repeat")],
)
def test_what_the_link_cannot_be_made_of_is_refused(changed, words):
    with pytest.raises(InputError, match=words):
        prevention.lagged_link(panel(1, councils=12), **{**HOW, **changed})


@pytest.mark.parametrize("wrong", [2.0, float("nan"), "much"])
def test_a_planted_effect_that_cannot_be_is_refused(wrong):
    with pytest.raises(InputError, match="prevention"):
        draw_panel(councils=12, prevention=wrong)


# --- the shift


def sure(**more):
    """Everything known: a thousand children at 5,000 pounds, of whom a tenth of 45% stay out at once."""
    fixed = {"effect": (0.1, 0.1, 0.1), "child_gbp": (1000.0,) * 3, "care_gbp_week": (1000.0,) * 3}
    fixed |= {"cashable": (1.0,) * 3, "delay_months": (0.0,) * 3, "ramp_months": (0.0,) * 3}
    return shift_of().but(**{**fixed, "fade_year": (0.0,) * 3, **more})


@pytest.mark.parametrize("step", [1, 3, 12])
def test_years_out_of_care_are_the_integral_worked_out_by_hand(step):
    found = prevention.simulate_shift(sure(spend_years=2, leave_year=0.4), draws=100, step_months=step)
    rate = -np.log(0.6)
    # a stream of 1,000 a year for two years, each out for (1 - exp(-rate x time left)) / rate
    flow = 1000 * 0.45 * (2 / rate - (np.exp(-rate * 8) - np.exp(-rate * 10)) / rate**2)
    assert found.averted().value == pytest.approx(0.1 * flow * 365.25 / 7, rel=3e-4)
    assert found.children().value == pytest.approx(2000)


def test_without_fading_or_leaving_a_child_stays_out_to_the_end():
    found = prevention.simulate_shift(sure(spend_years=1, leave_year=0.0), draws=100)
    assert found.years_out.sum(axis=1)[0] == pytest.approx(450 * 9.5)


@settings(max_examples=15, deadline=None)
@given(st.integers(0, 10_000), st.floats(0.0, 0.4), st.floats(0.0, 0.3))
def test_at_the_effect_needed_the_net_is_nought_and_more_helps(seed, leave, more):
    made = prevention.simulate_shift(sure(leave_year=leave), draws=100, seed=seed)
    needed = (made.needed().value or 0.0) / 45
    at = prevention.simulate_shift(sure(leave_year=leave, effect=(needed,) * 3), draws=100, seed=seed)
    assert at.net().value == pytest.approx(0, abs=1)
    beyond = min(needed + more, 1.0)
    better = prevention.simulate_shift(sure(leave_year=leave, effect=(beyond,) * 3), draws=100, seed=seed)
    assert better.net().value >= at.net().value - 1


def test_no_effect_saves_nothing_and_loses_what_was_moved():
    found = prevention.simulate_shift(shift_of(effect=(0.0, 0.0, 0.0)), draws=200)
    assert not found.saved.any()
    assert found.net().value == pytest.approx(-5e6)
    assert found.pays().value == 0


def test_no_more_are_reached_than_there_are_and_no_money_is_lost():
    found = prevention.simulate_shift(sure(pool_year=100.0), draws=100)
    assert found.children().value == pytest.approx(500)
    assert found.cost[0] == pytest.approx(500 * 1000)


def test_the_same_seed_gives_the_same_draws_and_months_agree_with_years():
    one, again = (prevention.simulate_shift(shift_of(), draws=400, seed=4) for _ in range(2))
    assert (one.saved == again.saved).all()
    yearly = prevention.simulate_shift(shift_of(), draws=400, seed=4, step_months=12)
    assert yearly.net().value == pytest.approx(one.net().value, rel=0.03)
    assert one.by_year()["median"].iloc[-1] == pytest.approx(one.net().value)


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"base": 1.2}, "base 1.2 is refused"),
        ({"fade_year": (0.2, 0.3, 0.4)}, "in this order"),
        ({"leave_year": float("nan")}, "leave_year nan"),
        ({"years": 2.5}, "whole number"),
        ({"effct": 1}, "no 'effct'"),
    ],
)
def test_a_shift_that_cannot_be_is_refused(changed, words):
    with pytest.raises(InputError, match=words):
        shift_of().but(**changed)


# --- what trials found


def test_a_ratio_of_odds_becomes_a_difference_at_the_base():
    start = prevention.trial_effects(["start_mst_rct"], base=0.11)[0]
    odds = 1.25 * 0.11 / 0.89
    assert start.value == pytest.approx(100 * (0.11 - odds / (1 + odds)))
    assert start.value == pytest.approx(-2.4, abs=0.1)  # published: 13% against 11%


def test_numbers_from_memory_say_so_in_their_name():
    found = prevention.trial_effects(["fgc_rct", "start_mst_rct"], base=0.448)
    assert [one.group.endswith("from memory, not verified") for one in found] == [False, True]


def test_what_hangs_on_the_smallest_councils_is_said_beside_the_answer():
    whole = panel(7, councils=25)
    one, all_ = (prevention.lagged_link(f, **HOW) for f in (whole[whole["council"] > 2], whole))
    said = prevention.beside_all(one, all_)
    assert one.change.words() in said
    assert all_.change.words() in said
    assert prevention.beside_all(all_, all_) == ""


@pytest.mark.parametrize("name", ["pause_r2", "essex_mst_sib", "nwd_sfpc"])
def test_what_is_no_effect_on_a_share_is_refused(name):
    with pytest.raises(InputError, match="no effect on a share"):
        prevention.trial_effects([name], base=0.4)


def test_a_fall_that_is_needed_is_ruled_out_only_by_the_whole_interval():
    link = prevention.lagged_link(panel(2, true=0.0), **HOW)
    asked = prevention.fall_to_break_even(support_gbp=2.0, care_gbp=9.0, cashable={"all": 1.0}, councils=9)[0]
    assert link.rules_out(asked)
    true = prevention.lagged_link(panel(2, true=TRUE), **HOW)
    assert not true.rules_out(asked.named(value=-0.015))
