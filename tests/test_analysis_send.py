"""Tests of SEND: planted truth inside its interval, nothing where nothing is, sums to the penny, shares by hand."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.validity import trials_send
from vcanalysis import ledger, send
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.paths import data_file
from vcanalysis.core.schema import TABLES
from vcanalysis.intake.synth.send import SendSettings

PLANTED = SendSettings()
NAMES = {"setting": "setting", "cost": "gbp_year", "plan": "plan", "residents": "residents"}
TRACKED = {"child": "child_id", "census": "census", "age": "age"}
AREAS = list(send.AREAS)
MOVED = ("too_much", "too_little", "out_at_transition", "out", "back")


def census(table, year):
    return table[table["year"] == year]


@pytest.fixture(scope="module")
def demo():
    return send.at_censuses(pd.read_parquet(data_file("demo/send.parquet")))


def test_where_nothing_is_planted_about_one_interval_in_twenty_says_otherwise():
    drawn = [trials_send.found(seed, PLANTED.none()) for seed in range(8)]
    missed, said = 0, []
    for one in drawn:
        planted = {name: getattr(PLANTED.none(), name, 0.0) for name in trials_send.NAMES}
        missed += sum(not one[name].low <= truth <= one[name].high for name, truth in planted.items())
        said.append(send.same_picture(one["rho"], one["ratio"]))
    assert missed <= 0.15 * len(drawn) * len(trials_send.NAMES)
    nothing = (
        "In part: no link of cost with need is seen, and at the same need no dearer specialist place is seen."
    )
    assert said.count(nothing) >= 6


def test_growth_of_demand_is_what_was_planted(demo):
    growth = send.demand_growth(census(demo, 2014), census(demo, 2019), **NAMES)
    for name, yearly in (("population", 0.01), ("prevalence", 0.03), ("plan rate", 0.05)):
        assert growth.rates[name] == pytest.approx((1 + yearly) ** 5, rel=0.03)
    # the mean cost of a setting moves with who is there: need in special schools fell by half a point, 6% a point
    assert growth.rates["price"] == pytest.approx(1.04**5, rel=0.05)
    assert growth.effects["mix of settings"] > 0, "new specialist places are independent ever more often"


def test_a_price_and_a_mix_planted_are_found_in_costs_that_scatter():
    """Prices up by 4% a year for five years, a tenth of plans from mainstream to a place at three times the cost."""
    frames = []
    for at, (special, price) in enumerate(((0.3, 1.0), (0.4, 1.04**5))):
        rng = np.random.default_rng(at)
        kind = np.arange(20_000) < special * 20_000
        gbp = 9_000 * price * np.where(kind, 3.0, 1.0) * np.exp(rng.normal(0, 0.3, 20_000))
        frame = pd.DataFrame({"setting": np.where(kind, "special school", "mainstream"), "gbp_year": gbp})
        frames.append(frame.assign(plan=True, residents=100_000))
    growth = send.demand_growth(*frames, **NAMES)
    assert growth.rates["price"] == pytest.approx(1.04**5, rel=0.01)
    mean = 9_000 * np.exp(0.3**2 / 2) * 20_000
    was, now = (
        mean * np.array([0.7, 0.9]),
        mean * np.array([0.6, 1.2]) * 1.04**5,
    )  # mainstream, special school
    shares = np.log([0.6 / 0.7, 0.4 / 0.3])
    due = float(((now - was) / np.log(now / was)) @ shares)
    assert growth.effects["mix of settings"] / 100 == pytest.approx(due, rel=0.03)
    assert growth.effects["population"] == growth.effects["plan rate"] == 0
    assert send.growth_headline(growth).endswith("moved it most")
    dearer = frames[0].assign(gbp_year=frames[0]["gbp_year"] * 1.01)
    still = send.demand_growth(frames[0], dearer, **NAMES)
    assert send.growth_headline(still) == "No factor moved the yearly cost of plans by 2.0% or more"


def test_need_does_not_move_where_none_was_planted_to(demo):
    change = send.need_over_time(demo, **TRACKED, areas=AREAS)[0]
    assert not change.excludes(0.0)


def test_need_seems_to_rise_where_those_of_high_need_leave_until_they_are_weighted():
    change = list(
        send.need_over_time(trials_send.leavers(np.random.default_rng(1), 30_000), **TRACKED, areas=AREAS)
    )
    assert change[0].low > 0.02
    assert not change[-1].excludes(0.0)
    assert change[-1].n > change[0].n


def test_no_plans_are_avoided_where_the_trend_went_on(demo):
    counts = demo[demo["plan"]].groupby("year", as_index=False).size()
    held = send.against_trend(counts, year="year", count="size")
    assert not held.avoided.excludes(0.0)
    assert held.naive.value < 0


def test_avoided_plans_by_hand():
    years = pd.DataFrame({"year": range(2010, 2016), "n": np.exp([1.0, 1.1, 1.2, 1.3, 1.4, 1.2])})
    years.loc[1, "n"] *= 1.001
    held = send.against_trend(years, year="year", count="n")
    assert held.avoided.value == pytest.approx(np.exp(1.5) - np.exp(1.2), rel=0.01)
    assert held.naive.value == pytest.approx(np.exp(1.4) - np.exp(1.2))


people = st.lists(
    st.tuples(st.sampled_from("abc"), st.floats(0.01, 9e5).map(lambda v: round(v, 2)), st.booleans()),
    min_size=1, max_size=30,
)  # fmt: skip


@settings(max_examples=25, deadline=None)
@given(people, people, st.integers(100, 9000), st.integers(100, 9000))
def test_growth_adds_up_to_the_penny_whatever_the_data(before, after, r0, r1):
    frames = [
        pd.DataFrame(rows, columns=["setting", "gbp_year", "plan"]).assign(residents=r)
        for rows, r in ((before, r0), (after, r1))
    ]
    growth = send.demand_growth(*frames, **NAMES)
    assert sum(growth.effects.values()) == growth.second - growth.first
    if not growth.reason:
        pence = [round(100 * f.loc[f["plan"], "gbp_year"].sum()) for f in frames]
        assert [growth.first, growth.second] == pytest.approx(pence, abs=1)


def test_each_factor_is_the_log_mean_by_hand(demo):
    """Ang (2005), equations 2 to 5, cell by cell: weight (a - b) / ln(a / b) times the log of the factor's change."""
    first, last = census(demo, 2014), census(demo, 2019)
    growth = send.demand_growth(first, last, **NAMES)
    by, effects = [], dict.fromkeys(send.FACTORS, 0.0)
    for rows in (first, last):
        plans = rows[rows["plan"]].groupby("setting")["gbp_year"].agg(["size", "sum"])
        whole = {
            "population": rows["residents"].iloc[0],
            "prevalence": len(rows) / rows["residents"].iloc[0],
            "plan rate": plans["size"].sum() / len(rows),
        }
        by.append((plans, whole))
    (before, base), (after, now) = by
    for kind in before.index:
        a, b = after.loc[kind, "sum"], before.loc[kind, "sum"]
        weight = (a - b) / np.log(a / b)
        mix = [plans.loc[kind, "size"] / plans["size"].sum() for plans in (before, after)]
        price = [plans.loc[kind, "sum"] / plans.loc[kind, "size"] for plans in (before, after)]
        for name in base:
            effects[name] += weight * np.log(now[name] / base[name])
        effects["mix of settings"] += weight * np.log(mix[1] / mix[0])
        effects["price"] += weight * np.log(price[1] / price[0])
    assert {name: pence / 100 for name, pence in growth.effects.items()} == pytest.approx(effects, abs=0.02)


def test_what_a_move_saved_is_held_against_those_who_stayed(demo):
    columns = {"specialist": "specialist", "cost": "gbp_year", "need": "need_total"}
    later = send.a_year_later(demo[demo["plan"]], **TRACKED, **columns)
    assert (later["moved"] ^ later["stayed"]).all()
    assert later["fall_gbp"].equals(later["gbp_before"] - later["gbp_after"])
    stays = later.loc[later["stayed"], ["gbp_before", "gbp_after"]].sum()
    assert stays["gbp_after"] > stays["gbp_before"], "prices rise, so the own fall of movers says too little"
    none = send.a_year_later(demo[demo["plan"]].head(0), **TRACKED, **columns)
    assert none.empty
    seen = ["gbp_before", "need_before", "age_before"]
    few = ledger.compare_alike(none, treated="moved", outcome="gbp_after", columns=seen).robustness()
    assert "people moved" in send.unseen(few).sentence()


def test_support_to_move_may_cost_what_the_moves_it_adds_save():
    saved = Estimate("Saved", 20_000.0, 15_000.0, 26_000.0, n=60, unit="GBP")
    anyway = Estimate("Moves", 0.05, 0.04, 0.08, n=900, unit="share")
    most, net = send.net_of_support(saved, anyway, arrive=0.25, support_gbp=3_000)
    assert (most.value, net.value) == pytest.approx((4_000, 1_000))
    assert most.low == pytest.approx(4_000 - np.hypot(0.2 * 5_000, 20_000 * 0.03))
    assert most.high == pytest.approx(4_000 + np.hypot(0.2 * 6_000, 20_000 * 0.01))
    fewer = send.net_of_support(saved, anyway, arrive=0.0)[0]
    assert fewer.value == -1_000, "where support moves nobody, what comes anyway is lost"
    assert not send.net_of_support(saved, Estimate.not_estimable("Moves", n=0, reason="few"), arrive=0.2)[
        0
    ].estimable
    with pytest.raises(InputError, match="arrive"):
        send.net_of_support(saved, anyway, arrive=1.2)


def test_one_factor_alone_moves_alone():
    before = pd.DataFrame(
        {"setting": ["a", "b", "b"], "gbp_year": [10.0, 20.0, 0.0], "plan": [True, True, False]}
    )
    dearer = send.demand_growth(
        before.assign(residents=9), before.assign(residents=9, gbp_year=[11.0, 22.0, 0.0]), **NAMES
    )
    assert dearer.effects["price"] == dearer.second - dearer.first == 300
    mixed = before.assign(setting="b", gbp_year=20.0, residents=9)
    assert send.demand_growth(before.assign(residents=9), mixed, **NAMES).effects["mix of settings"] == 1000


def test_unknown_readiness_makes_nobody_ready():
    frame = pd.DataFrame({"a": [1] * 20, "special": True, "setting_ready": [np.nan] * 20})
    rungs = send.ladder(frame, areas=["a"], specialist="special", ready=["setting_ready"])
    assert [e.value for e in rungs] == [1.0, 0.0]


def test_a_share_of_few_is_not_given_and_a_share_of_cost_is_a_ratio_of_sums():
    assert not send.share_of(3, 9, term="x").estimable
    frame = pd.DataFrame({"part": [1.0, 0.0] * 10, "whole": [2.0, 8.0] * 10})
    assert send.share_of_cost(frame, part="part", whole="whole", term="x").value == pytest.approx(0.1)


def test_a_council_without_the_table_is_told_so_and_nothing_is_claimed():
    people = send.at_censuses(TABLES["send"].empty())
    assert "--send FILE" in send.what_is_there(people, care=["a"])
    assert not any(e.estimable for e in send.in_care(people, [str(k) for k in range(50)]))
    assert not any(e.estimable for e in send.moves_between(people, **TRACKED, specialist="specialist"))
    assert send.demand_growth(people, people, **NAMES).reason == "a census has no plan"
    nothing = Estimate.not_estimable("Rank correlation", n=0, reason="none")
    assert send.same_picture(nothing, nothing).startswith("There is no plan")


def test_of_three_plans_nothing_is_said_though_each_is_in_several_pairs(demo):
    few = demo[demo["child_id"].isin(demo.loc[demo["plan"], "child_id"].unique()[:3])]
    moved = send.moves_between(few[few["plan"]], **TRACKED, specialist="specialist")
    assert not any(e.estimable for e in moved)
    growth = send.demand_growth(*(few[few["year"].eq(y)] for y in (2014, 2019)), **NAMES)
    assert not any(e.estimable for e in growth.estimates())
    assert "cannot be told" in send.growth_headline(growth)


def test_nothing_hangs_on_the_order_of_rows(demo):
    mixed = demo.sample(frac=1, random_state=1)
    one, other = trials_send.answers(mixed), trials_send.answers(demo)
    assert {name: one[name] for name in MOVED} == {name: other[name] for name in MOVED}
    assert send.need_over_time(mixed, **TRACKED, areas=AREAS)[0].value == pytest.approx(
        send.need_over_time(demo, **TRACKED, areas=AREAS)[0].value, abs=1e-12
    )
