"""Tests of what a contract buys and risks: hand arithmetic (unit), what moves which way (direction), round trips."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vcanalysis.analysis import contracts as c
from vcanalysis.analysis import ledger
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.paths import data_file
from vcanalysis.intake.synth import rates
from vcanalysis.intake.synth.journeys import draw_stays
from vcanalysis.intake.synth.latent import draw_need
from vcanalysis.intake.synth.people import draw_people
from vcanalysis.intake.synth.programme import run_programme, stepdown_table
from vcanalysis.intake.synth.settings import SynthSettings
from vcanalysis.intake.synth.spells import draw_spells

BIRMINGHAM, WEEKLY, ESSEX = (c.read_contract(name) for name in c.contract_names())


def test_what_would_have_come_anyway_is_taken_off():
    # 30 of 50 with, 20 of 100 without: 30 - 50 x 0.2 = 20 additional; 0.2 / 0.6 = a third would have come anyway;
    # 300,000 pounds for 20 additional outcomes are 15,000 each, where 10,000 was paid for an outcome.
    found = c.deadweight((20, 100), outcomes=30, children=50, paid_gbp=300_000)
    assert [round(e.value, 6) for e in found.estimates()] == [20, 0.333333, 15_000]
    assert all(e.low < e.value < e.high for e in found.estimates())


def test_where_all_may_have_come_anyway_no_price_is_given_but_the_least_it_can_be():
    found = c.deadweight((11, 20), outcomes=12, children=20, paid_gbp=120_000)
    assert found.share.high > 1
    assert "each additional one costs at least £" in found.per_additional.reason


@pytest.mark.parametrize(("outcomes", "children"), [(0, 40), (2, 3)])
def test_no_outcome_and_three_children_are_not_estimable(outcomes, children):
    assert not any(
        e.estimable
        for e in c.deadweight((5, 40), outcomes=outcomes, children=children, paid_gbp=1).estimates()
    )


def test_a_share_with_an_error_is_worth_so_many_children():
    # 0.2 x 0.8 / 0.04^2 = 100 children.
    assert c.effective_counts(Estimate("x", 0.2, 0.1, 0.3, std_error=0.04, unit="share")) == (20.0, 100.0)
    with pytest.raises(InputError, match="needs a standard error"):
        c.effective_counts(Estimate("x", 0.2, unit="share"))


def test_risk_pays_single_stays_as_the_ledger_does():
    lasted = np.array([[0.0, 6, 7, 363, 364, 500, 900, 2000]])
    start = pd.Timestamp("2018-05-01")
    spells = pd.DataFrame({"child_id": range(8), "home_id": range(8), "from": start})
    spells["to"] = start + pd.to_timedelta(lasted[0], unit="D")
    for contract in (BIRMINGHAM, WEEKLY):
        events = c.stay_events(contract.metrics[0], spells[lasted[0] > 0], as_of=pd.Timestamp("2030-01-01"))
        until = contract.end.replace(year=2029)
        book = c.pay(
            type(contract)(**{f: getattr(contract, f) for f in contract.__slots__} | {"end": until}), events
        )
        assert c.pay_for_days(contract, lasted).sum() == book.net_pence
    # Essex: 330 - (910 - days in the family): 910 days earn 330, nought earn -580; the sum is never below nought.
    assert c.pay_for_days(ESSEX, np.array([[910.0], [0.0]])).tolist() == [[11_700_00.0], [0.0]]


def test_a_child_who_would_have_left_anyway_buys_nothing():
    gone = c.Stays(np.full((4, 3), 400.0), np.zeros((4, 3)))
    stays = c.Stays(np.full((4, 3), 400.0), np.full((4, 3), 900.0))
    money = {"home_gbp_week": 4000, "family_gbp_week": 1000, "delivery_gbp_child": 10_000}
    forms = {"52 weeks": BIRMINGHAM, "by the week": WEEKLY}
    for drawn, left in ((gone, 1.0), (stays, 0.0)):
        for risk in c.contract_risk(forms, drawn, **money).values():
            found = risk.estimates()
            assert found[1].support == 3, "a share of simulated payments counts no child"
            assert found.term("Share of the payment for what would have come anyway").value == left
            each = found.term("Payment per additional week in a family")
            # 400 days in the family, all of them additional: 400 / 7 weeks a child
            assert not each.estimable if left else each.value == pytest.approx(risk.paid[0] / (3 * 400 / 7))
    same = c.contract_risk(forms, stays, same_payment_gbp=30_000, **money)
    assert {round(float(r.paid.mean())) for r in same.values()} == {30_000}


def test_a_baseline_of_its_own_history_pays_on_average_for_what_is_additional_and_a_high_one_for_more():
    rng = np.random.default_rng(3)
    stays = c.Stays(rng.exponential(300, (400, 30)), rng.exponential(400, (400, 30)))
    money = {"home_gbp_week": 4000, "family_gbp_week": 1000, "delivery_gbp_child": 10_000}
    free = type(ESSEX)(**{f: getattr(ESSEX, f) for f in ESSEX.__slots__} | {"cap_child_pence": None})
    mean = stays.days_anyway(104)
    forms = {"right": free.against(mean, 104), "high": free.against(1.25 * mean, 104)}
    right, high = c.contract_risk(forms, stays, **money).values()
    assert right.paid.mean() == pytest.approx(
        np.minimum(np.minimum(stays.family, stays.anyway), 728).sum(axis=1).mean() * 40, rel=0.03
    )
    # A quarter too high: 0.25 x the mean days for each of 30 children, at 40 pounds, come anyway.
    assert high.paid.mean() - right.paid.mean() == pytest.approx(0.25 * mean * 30 * 40, rel=0.02)


@pytest.mark.parametrize(
    ("stays", "price", "why"),
    [
        (c.Stays(np.zeros((1, 0)), np.zeros((1, 0)), "at least 10 stays are needed"), 4000.0, "at least 10"),
        (c.Stays(np.full((2, 3), 9.0), np.full((2, 3), 9.0)), 4000.0, "it pays nothing"),
        (c.Stays(np.full((2, 3), 900.0), np.full((2, 3), 9.0)), float("nan"), "no price"),
    ],
)
def test_risk_says_why_it_cannot_be_told(stays, price, why):
    money = {
        "home_gbp_week": price,
        "family_gbp_week": 1000.0,
        "delivery_gbp_child": 1.0,
        "same_payment_gbp": 9.0,
    }
    risks = c.contract_risk({"52 weeks": BIRMINGHAM}, stays, **money)
    assert all(why in e.reason for e in risks["52 weeks"].estimates())
    assert "cannot be told" in c.headline(risks)


def test_scores_put_over_the_cut_are_found_and_clean_ones_are_not():
    rng = np.random.default_rng(4)
    clean = rng.binomial(36, 0.33, 800)
    lifted = clean + ((clean == 11) & (rng.random(800) < 0.5))
    found = [c.bunching(pd.DataFrame({"need": s}), score="need", cut=12) for s in (clean, lifted)]
    assert [f.moved.excludes(0) for f in found] == [False, True]
    assert found[1].p_value < 0.001 < found[0].p_value
    assert found[1].headline() == "Scores bunch at the cut that pays more"
    assert 0.3 < found[1].moved.value < 0.7


def test_bunching_says_why_it_cannot_be_told():
    for scores in ([12, 11, 10], [12] * 200, [11, 12] * 100):
        found = c.bunching(pd.DataFrame({"need": scores}), score="need", cut=12)
        assert not found.moved.estimable
        assert found.p_value is None
    with pytest.raises(InputError, match="not whole"):
        c.bunching(pd.DataFrame({"need": [1.5] * 200}), score="need", cut=2)


def test_choosing_leaving_and_drifting_are_seen_where_they_are_planted():
    rng = np.random.default_rng(5)
    referred = pd.DataFrame({"need": rng.normal(12, 4, 300), "taken": np.arange(300) % 2 == 0})
    referred.loc[referred["taken"], "need"] -= 4
    assert c.cherry_picking(referred, accepted="taken", columns=["need"])[0].high < 0
    # 10 ends in 8,460 days watched before, 30 in 5,640 after: 4.5 times the rate.
    left = pd.DataFrame({"days": [300] * 10 + [370] * 30 + [900] * 60, "over": [True] * 40 + [False] * 60})
    assert c.early_exits(left, days="days", ended="over", milestone_days=364).value == pytest.approx(4.5)
    first = pd.DataFrame(
        {"need": rng.normal(12, 2, 400), "after": np.arange(400) >= 200, "rater": np.arange(400) % 25}
    )
    first.loc[first["after"], "need"] += 2
    assert c.score_drift(first, score="need", after="after", rater="rater").low > 0


def test_an_audit_tells_a_lean_from_a_scatter():
    rng = np.random.default_rng(6)
    true = rng.normal(12, 3, 400)
    paid, audit = (true + rng.normal(0, 1, 400) for _ in range(2))
    scatter = c.rerating_audit(pd.DataFrame({"a": paid, "b": audit}), first="a", second="b", cut=12)
    lean = c.rerating_audit(pd.DataFrame({"a": paid + 1, "b": audit}), first="a", second="b", cut=12)
    assert scatter[1].low < 0.5 < scatter[1].high
    assert lean[0].low > 0.5
    assert lean[1].low > 0.5


def test_an_audit_of_all_ratings_finds_the_one_wrong_one():
    # One wrong in 20: a sample of s misses it with chance 1 - s / 20; 95% certainty needs s = 19.
    assert c.audit_size(20, wrong=0.05) == 19
    with pytest.raises(InputError, match="between 0 and 1"):
        c.audit_size(20, wrong=5)


def test_a_provider_is_paid_on_only_where_it_is_reliable():
    rng = np.random.default_rng(7)
    code = np.repeat(np.arange(10), [40] * 5 + [3] * 5)
    frame = pd.DataFrame(
        {"who": code.astype(str), "gain": 1.2 * (code % 5 == 0) + rng.normal(0, 1, len(code))}
    )
    found = c.value_added(frame, outcome="gain", provider="who").frame().set_index("provider")
    assert found.loc["0", "pay"]
    assert not found.loc["5", "pay"], "as good, but three children"
    assert found.loc["5", "reliability"] < 0.7 < found.loc["0", "reliability"]
    assert (found["reliability"].loc[list("01234")] > 0.7).all()


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (pd.DataFrame({"who": ["a", "b", "c"], "gain": [1.0, 2.0, 3.0]}), "at least 30 children"),
        (pd.DataFrame({"who": ["a"] * 40, "gain": np.arange(40.0)}), "at least 6 providers"),
        (pd.DataFrame({"who": list("abcdefgh") * 5, "gain": 1.0}), "the outcome is the same"),
    ],
)
def test_thin_data_add_no_value_but_say_why(frame, reason):
    assert reason in c.value_added(frame, outcome="gain", provider="who").effects[0].reason


def test_guardrails_stop_look_and_go_on():
    rates = [Estimate("r", v, low, 2 * v, n=9, group="missing") for v, low in ((90, 70), (70, 50), (40, 20))]
    assert [c.verdicts(ESSEX, Estimates((r,)))["verdict"][0] for r in rates] == ["stop", "look", "go on"]
    harms = pd.DataFrame({"child_id": ["a"], "kind": ["missing"], "date": [pd.Timestamp("2016-01-01")]})
    assert c.verdicts(ESSEX, c.guardrail_rates(ESSEX, harms, child_weeks=20))["verdict"][0] == "not known"


def test_norfolks_published_bands_leave_three_cases_out():
    found = c.gaps_as_published("norfolk-fee")
    assert found[["n2", "n3"]].astype(int).to_numpy().tolist() == [[0, 1], [1, 1], [2, 1]]
    assert set(found["found"]) == {"hole"}


def test_a_move_to_fees_by_band_counts_winners_losers_and_pounds():
    # 20 go from 400 to 390, 20 from 420 to 500: (20 x -10 + 20 x 80) x 52 = 72,800 a year; half gain, half lose.
    frame = pd.DataFrame({"band": ["standard", "complex"] * 20, "now": [400.0, 420.0] * 20})
    found = c.move_to_bands(frame, band="band", now="now", fees={"standard": 390, "complex": 500})
    assert (found.cost.value, found.winners.value, found.losers.value) == (72_800, 0.5, 0.5)
    with pytest.raises(InputError, match="Band 'complex' has no fee"):
        c.move_to_bands(frame, band="band", now="now", fees={"standard": 390})
    assert not c.move_to_bands(
        frame.head(3), band="band", now="now", fees={"standard": 1, "complex": 2}
    ).cost.estimable


def test_a_contract_goes_to_indigo_and_back_to_the_penny():
    spells = pd.DataFrame(
        {"child_id": ["a"], "home_id": "x", "from": pd.Timestamp("2018-05-01"), "to": pd.NaT}
    )
    book = c.pay(WEEKLY, c.stay_events(WEEKLY.metrics[0], spells, as_of=pd.Timestamp("2019-05-01")))
    project = json.loads(json.dumps(c.export_indigo(WEEKLY, book)))
    back = c.import_indigo(project | {"results": []})
    assert round(100 * back.payments["amount"].sum()) == book.net_pence == 52 * 1505_00
    assert back.prices["price"].tolist() == [1505.0]
    assert back.unread == ("results",)
    assert '"a"' not in json.dumps(project), "no child"


@pytest.mark.parametrize(
    ("wrong", "where"),
    [
        ({"outcome_metrics": []}, "outcome_metrics: 0 items"),
        ({"outcome_metrics": [{"id": 7}]}, r"outcome_metrics\[0\].id: found int"),
        ({"outcome_payments": [{"type": {"value": "Maybe"}}]}, "not among what is allowed: Planned, Actual"),
        ({"outcome_payments": [{"period": {"end_date": {"value": "1/2/2018"}}}]}, "not of the form"),
        ({"outcome_pricings": [{"price_per_unit": {"amount": {"value": "12"}}}]}, "give a number"),
        ({"name": {"value": True}}, "give a string"),
        ([], "project: found list"),
    ],
)
def test_our_check_and_the_library_refuse_the_same_projects(wrong, where):
    schema = json.loads(data_file("contracts/indigo-project-subset.json").read_text("utf-8"))
    assert not jsonschema.Draft7Validator(schema).is_valid(wrong)
    with pytest.raises(InputError, match=where):
        c.import_indigo(wrong)


@pytest.mark.parametrize("name", c.contract_names())
def test_the_library_accepts_what_we_export(name):
    schema = json.loads(data_file("contracts/indigo-project-subset.json").read_text("utf-8"))
    assert jsonschema.Draft7Validator(schema).is_valid(c.export_indigo(c.read_contract(name)))


@pytest.mark.filterwarnings("ignore:Perfect separation")  # a curve drawn flat is met exactly
def test_signs_of_gaming_are_those_of_arithmetic_by_hand():
    # Ten taken with needs 8 and 12, ten left with 12 and 16: means 10 and 14, variance 40 / 9 on both sides.
    referred = pd.DataFrame({"need": [8.0, 12.0] * 5 + [12.0, 16.0] * 5, "taken": [True] * 10 + [False] * 10})
    found = c.cherry_picking(referred, accepted="taken", columns=["need"])[0]
    gap = -4 / (40 / 9) ** 0.5
    assert (found.value, found.std_error) == pytest.approx((gap, (1 / 10 + 1 / 10 + gap**2 / 40) ** 0.5))
    # 20 children at every score, but 12 just below the cut and 28 at it: eight of 20 were moved. The curve is flat, its
    # slope has variance 1 / (20 x 5.3047) and adds (20 / 8) squared of it to the 40 children of the pair.
    scores = np.repeat(np.arange(4, 20), [20] * 7 + [12, 28] + [20] * 7)
    heap = c.bunching(pd.DataFrame({"need": scores}), score="need", cut=12)
    spread = 2 * sum((k + 0.5) ** 2 for k in range(1, 8)) / 64
    assert heap.moved.value == pytest.approx(0.4)
    assert heap.moved.std_error == pytest.approx((40 + 6.25 / (20 * spread)) ** 0.5 / 2 / 20)
    # Two ends in 91 days before the payment and eight after, while the others stay: the days watched are added by hand.
    left = pd.DataFrame({"days": [300] * 2 + [400] * 8 + [900] * 10, "over": [True] * 10 + [False] * 10})
    before, after = 2 * (300 - 273) + 18 * 91, 8 * (400 - 364) + 10 * 91
    exits = c.early_exits(left, days="days", ended="over", milestone_days=364)
    assert exits.value == pytest.approx((8 / after) / (2 / before))
    # Six raters, two children each before and after, all two points higher since: errors only of the raters' own rise.
    rise = [1, 1, 2, 2, 3, 3]
    rows = [
        (k, since, 10.0 + since * rise[k] + pair) for k in range(6) for since in (0, 1) for pair in (-1, 1)
    ]
    first = pd.DataFrame(rows, columns=["rater", "after", "need"]).assign(after=lambda f: f["after"] == 1)
    drift = c.score_drift(first, score="need", after="after", rater="rater")
    assert drift.value == pytest.approx(2.0)
    # sandwich: the sum over raters of (rise - 2) squared over 36, times 6 / 5 x 23 / 22
    half = stats.t.ppf(0.975, 5) * (4 / 36 * 6 / 5 * 23 / 22) ** 0.5
    assert drift.high - drift.value == pytest.approx(half)
    # Of 12 on different sides nine were put above the cut by the paid rating, three by the auditor.
    twice = pd.DataFrame({"paid": [12] * 9 + [11] * 3 + [14] * 8, "audit": [11] * 9 + [12] * 3 + [14] * 8})
    gap, above = c.rerating_audit(twice, first="paid", second="audit", cut=12)
    assert (gap.value, above.value, above.n) == pytest.approx((6 / 20, 0.75, 12))
    half = stats.t.ppf(0.975, 19) * (((12 - 20 * 0.3**2) / 19) / 20) ** 0.5
    assert gap.high - gap.value == pytest.approx(half)


def test_what_goes_to_indigo_is_written_field_by_field():
    made = replace(WEEKLY, cap_pence=1_000_000_00)
    spells = pd.DataFrame(
        {
            "child_id": ["a"],
            "home_id": "x",
            "from": pd.Timestamp("2018-06-18"),
            "to": pd.Timestamp("2018-07-10"),
        }
    )
    # Three weeks, due on 25 June, 2 and 9 July: one in the second quarter, two in the third.
    book = c.pay(made, c.stay_events(made.metrics[0], spells, as_of=pd.Timestamp("2019-01-01")))
    told = c.export_indigo(made, book)
    pounds = {"currency": {"value": "GBP"}}
    when = {"start_date": {"value": "2018-04-01"}, "end_date": {"value": "2023-03-31"}}
    most = {"maximum_potential_outcome_payment": pounds | {"amount": {"value": 1e6}}, "period": when}
    assert told["outcome_payment_commitments"] == [most]
    assert told["outcome_pricings"] == [
        pounds | {
            "outcome_metric_id": {"value": "family_week"},
            "price_per_unit": {"amount": {"value": 1505.0}},
            "price_description": {"value": "kind=weekly; clock=pause; window_weeks=104; band=all"},
        }
    ]  # fmt: skip
    assert told["outcome_metrics"][0]["outcome_metric_target"] == {"value": "3120"}
    quarters = [("2018-04-01", "2018-06-30", 1505.0), ("2018-07-01", "2018-09-30", 3010.0)]
    assert told["outcome_payments"] == [
        {
            "outcome_metric_id": {"value": "family_week"},
            "period": {"start_date": {"value": first}, "end_date": {"value": last}},
            "type": {"value": "Actual"},
            "money": pounds | {"amount": {"value": amount}},
        }
        for first, last, amount in quarters
    ]
    assert not c.indigo_faults(told)


def test_the_payment_per_additional_outcome_of_a_larger_council_is_the_one_planted():
    """Every child lives twice, with the programme and without it, on the same luck: what came anyway is known."""
    settings = SynthSettings(children=12_000, years=4, seed=5)
    seeds = np.random.SeedSequence(5).spawn(5)
    spells, people, need, natural, programme = map(np.random.default_rng, seeds)
    spells = draw_spells(spells, settings)
    people = draw_people(people, settings, spells)
    anyway = draw_stays(natural, settings, spells, people)
    stays, line = run_programme(
        programme, settings, spells, people, draw_need(need, settings, people), anyway
    )
    moved = stepdown_table(settings, spells, people, stays, line)["sustained_26_weeks"]
    known, half = np.flatnonzero(moved.notna()), 182

    def lives(day, spell):
        there = (anyway.spell == spell) & (anyway.start <= day) & (anyway.end > day)
        return anyway.kind[there][0] if there.any() else -1

    without = sum(lives(line.move[k] + half, line.spell[k]) != rates.HOME for k in known)
    outcomes = int(moved.iloc[known].sum())
    assert len(known) >= 30
    truth = 1000 * outcomes / (outcomes - without)
    # what a council sees: its stays in homes, one that goes on in another home being one
    began = pd.Timestamp("2000-01-01")
    seen = pd.DataFrame(
        {
            "child_id": spells.child[anyway.spell],
            "from": began + pd.to_timedelta(anyway.start, unit="D"),
            "to": began + pd.to_timedelta(anyway.end, unit="D"),
            "placement_type": np.where(anyway.kind == rates.HOME, "Residential home", "elsewhere"),
        }
    )
    first, last = (began + pd.Timedelta(days=int(f(anyway.start))) for f in (np.min, np.max))
    lived = ledger.stays_in_homes(seen, start=first, end=last)
    home = c.natural_stays(lived[["child_id", "entry_days", "exit_days", "left"]])
    left, stays_known = (1 - home.at(26).value) * len(lived), len(lived)
    found = c.deadweight(
        (left, stays_known), outcomes=outcomes, children=len(known), paid_gbp=1000.0 * outcomes
    )
    assert found.per_additional.low < truth < found.per_additional.high
    assert found.additional.low < outcomes - without < found.additional.high
    few = c.deadweight((left, stays_known), outcomes=2, children=3, paid_gbp=2000.0)
    assert "at least 10 children on either side are needed; found 3" in few.sentence().lower()
