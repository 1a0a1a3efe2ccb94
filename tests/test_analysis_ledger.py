"""Unit, direction and property tests of the savings ledger: small moves drawn beside what they must give."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vcanalysis.analysis import ledger
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

DAY = "2020-01-01"
ENDLESS = pd.DataFrame(
    {"child_id": range(20), "entry_days": 0, "exit_days": [9000] * 19 + [8000], "left": [False] * 19 + [True]}
)
FALLING = pd.DataFrame(
    {"child_id": range(40), "entry_days": 0, "exit_days": range(50, 2050, 50), "left": True}
)


def moves(**more):
    rows = {"child_id": ["a", "b"], "move": ["2019-03-04", "2019-07-01"], "in_home_since": ["2018-06-01"] * 2}
    frame = pd.DataFrame({**rows, "gbp_week": [3500.0, 4200.0]} | more)
    dates = [name for name in ("move", "in_home_since", "until", "left_care") if name in frame]
    return frame.astype(dict.fromkeys(dates, "datetime64[ns]"))


def prices(rows=(("a", "2019-03-04", None, 700.0), ("b", "2019-07-01", None, 1400.0)), **more):
    frame = pd.DataFrame(rows, columns=["child_id", "from", "to", "gbp_week"]).assign(**more)
    return frame.astype({"from": "datetime64[ns]", "to": "datetime64[ns]"})


def drawn_up(moved=None, paid=None, *, stays=ENDLESS, programme=None, **terms):
    sources = {} if programme is None else {"programme": programme}
    read = ledger.read_paid(prices() if paid is None else paid, until=DAY)
    return ledger.savings_ledger(
        moves() if moved is None else moved,
        ledger.Sources(read, **sources),
        ledger.natural_stays(stays),
        ledger.Terms(day=DAY, **terms),
    )


def test_a_saving_is_fee_less_cost_when_nobody_would_have_left():
    # a: 303 days at 3,500 - 700; b: 184 days at 4,200 - 1,400; both 400 pounds a day
    assert drawn_up().net.value == pytest.approx((303 + 184) * 400)


def test_natural_exits_are_taken_off_as_the_curve_says():
    # b came 395 days before its move: of the stays over 395 days (400 to 2000: 33) one ends at each 50 days on
    one = drawn_up(moves().tail(1), stays=FALLING)
    days = np.arange(184) + 395
    there = sum((33 - np.maximum((days - 350) // 50, 0)) / 33)
    assert one.net.value == pytest.approx(there * 600 - 184 * 200, abs=0.02)


def test_no_move_saves_exactly_nothing_and_costs_the_programme():
    spent = pd.DataFrame({"day": ["2019-05-01"], "gbp": [1234.56]})
    found = drawn_up(moves().head(0), programme=spent)
    assert found.gross.value == 0.0
    assert found.net.value == -1234.56
    assert all(e.value == 0.0 for e in list(found.classes())[1:])


def test_a_family_that_costs_what_the_home_did_saves_exactly_nothing():
    same = prices((("a", "2019-03-04", None, 3500.0), ("b", "2019-07-01", None, 4200.0)))
    assert drawn_up(paid=same).net.value == 0.0


def test_lines_classes_and_years_add_up_to_the_penny():
    moved = moves(
        education_share=[0.2, 0.0],
        health_share=[0.1, 0.0],
        bed=["ended", "unknown"],
        gbp_week=[3501.37, 4211.11],
    )
    paid = prices(
        (
            ("a", "2019-03-04", None, 701.13),
            ("b", "2019-07-01", "2019-09-01", 1399.99),
            ("b", "2019-09-01", None, 5003.5),
        ),
        placement_type=["Agency fostering", "Agency fostering", "Residential home"],
    )
    spent = pd.DataFrame({"day": ["2019-02-01", "2019-05-01"], "gbp": [100.01, 200.02]})
    found = drawn_up(moved, paid, stays=FALLING, programme=spent, elsewhere_gbp_week=333.33, inflation=0.03)
    lines = {e.term: round(100 * e.value) for e in found.statement()}
    net = lines.pop("Net unspent")
    gross = lines.pop("Gross unspent")
    assert sum(lines.values()) == net
    assert sum(list(lines.values())[:4]) == gross
    assert sum(round(100 * e.value) for e in found.classes()) == net
    assert sum(round(100 * e.value) for e in found.by_year()) == net
    assert found.years() == ["2018-19", "2019-20"]


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 500), st.integers(1, 400), st.integers(0, 9_999_99), st.integers(0, 9_999_99))
def test_child_weeks_conserve_days_and_pence(offset, length, home, family):
    move = pd.Timestamp("2018-06-01") + pd.Timedelta(days=offset)
    end = min(move + pd.Timedelta(days=length), pd.Timestamp(DAY))
    moved = moves(left_care=[end, end], move=[move, move], gbp_week=[home / 100] * 2)
    found = drawn_up(moved, prices((("a", move, None, family / 100), ("b", move, None, family / 100))))
    days = found.rows["stop"] - found.rows["start"]
    assert days.sum() == 2 * (end - move).days
    assert days.between(1, 7).all()
    exact = round((end - move).days * family / 7)
    assert found.rows.groupby("claim")["paid_care"].sum().tolist() == [exact, exact]


def test_a_child_week_is_cut_at_the_turn_of_the_financial_year():
    found = drawn_up(moves().head(1))
    starts = pd.to_datetime(found.rows["start"], unit="D")
    assert pd.Timestamp("2019-04-01") in set(starts)
    assert found.rows.loc[starts == pd.Timestamp("2019-04-01"), "year"].tolist() == [2019]


def test_a_child_claimed_twice_is_refused_without_its_name():
    twice = moves(child_id=["secret", "secret"])
    with pytest.raises(
        InputError, match=r"1 child is claimed twice for 27 weeks\. Each child-week"
    ) as raised:
        drawn_up(twice)
    assert "secret" not in str(raised.value)


def test_claims_that_follow_each_other_are_not_refused():
    rows = pd.DataFrame(
        {"child_id": ["a", "a"], "from": ["2019-01-01", "2019-02-01"], "to": ["2019-02-01", "2019-03-01"]}
    )
    ledger.claimed_once(rows.astype({"from": "datetime64[ns]", "to": "datetime64[ns]"}))


def test_part_year_and_full_year_cannot_be_added():
    found = drawn_up()
    part, full = found.in_year("2019-20"), ledger.full_year_effect(found)
    assert full.value == pytest.approx(2 * 52 * 2800)
    with pytest.raises(TypeError):
        part + full
    with pytest.raises(TypeError):
        sum([part, full])
    together = [*found.statement(), *found.classes(), *found.by_year()]
    assert {e.unit for e in together} == {"GBP"}
    assert full.unit == "GBP per year"


@pytest.mark.parametrize(
    ("more", "smaller"),
    [
        ({"stays": FALLING}, True),
        ({"inflation": 0.05}, False),
        ({"stays": FALLING, "elsewhere_gbp_week": 0.0}, True),
    ],
)
def test_what_was_assumed_moves_the_saving_the_way_it_must(more, smaller):
    assert (drawn_up(**more).net.value < drawn_up().net.value) is smaller


def test_a_bed_kept_empty_saves_nothing_and_costs_the_family():
    found = drawn_up(moves(bed=["void", "void"]))
    assert found.net.value == pytest.approx(-(303 * 100 + 184 * 200))


def test_only_beds_given_up_are_cashable():
    found = drawn_up(moves(bed=["decommissioned", "unknown"]))
    assert [round(e.value) for e in found.classes()][:2] == [303 * 400, 184 * 400]


def test_cost_that_health_takes_over_is_shifted_not_saved():
    paid = prices(health_share=[0.5, 0.0])
    shifted = drawn_up(paid=paid).shifted().group("Of health")
    assert shifted.value == pytest.approx(303 * 50)


def test_child_weeks_without_a_price_are_claimed_by_nobody_and_said():
    paid = prices((("a", "2019-03-04", None, None), ("b", "2019-07-01", None, 1400.0)))
    found = drawn_up(paid=paid)
    assert found.net.value == pytest.approx(184 * 400)
    assert "43 child-weeks without a price are claimed by nobody" in found.note()


def test_a_child_who_stands_nowhere_in_the_prices_is_claimed_by_nobody():
    only_b = prices((("b", "2019-07-01", None, 1400.0),))
    found = drawn_up(paid=only_b)
    assert found.net.value == drawn_up(moves().tail(1), only_b).net.value
    assert "43 child-weeks without a price are claimed by nobody" in found.note()  # its 303 days from 4 March


def test_without_any_price_the_ledger_says_why_in_a_sentence():
    paid = prices((("a", "2019-03-04", None, None), ("b", "2019-07-01", None, None)))
    assert drawn_up(paid=paid).net.sentence() == (
        "Net unspent: not estimable. No child-week after a move has a price on both sides; found 2."
    )


@pytest.mark.parametrize(
    ("stays", "reason"),
    [
        (ENDLESS.assign(left=False), "None of the stays in homes ended while watched; found 2."),
        (ENDLESS.head(3), "At least 10 stays in homes are needed; found 2."),
        (ENDLESS.head(0), "At least 10 stays in homes are needed; found 2."),
    ],
)
def test_a_history_too_short_or_all_censored_is_said(stays, reason):
    found = drawn_up(stays=stays)
    lines = [*found.statement(), *found.classes(), *found.by_year(), ledger.full_year_effect(found)]
    assert found.net.sentence() == f"Net unspent: not estimable. {reason}"
    assert not any(e.estimable for e in lines)


def test_beyond_the_longest_stay_watched_nothing_is_claimed():
    short = FALLING.assign(exit_days=range(10, 410, 10))  # none watched for 400 days or more
    found = drawn_up(moves(in_home_since=["2018-01-01"] * 2), stays=short)
    assert found.rows["stay_days"].sum() == 0


def test_a_claim_ends_when_care_does_or_childhood():
    found = drawn_up(moves(until=["2019-03-11", None], left_care=[None, "2019-07-08"]))
    assert found.child_weeks == 2


def test_seeds_reproduce_and_the_interval_holds_the_estimate():
    first, second = (drawn_up(stays=FALLING, seed=4).net for _ in range(2))
    assert (first.low, first.high) == (second.low, second.high)
    assert first.low < first.value < first.high


def test_one_child_may_carry_the_answer():
    found = drawn_up().without_the_largest()
    assert found.value == pytest.approx(184 * 400)


def test_whether_one_child_changes_the_verdict_is_said_without_an_amount():
    assert drawn_up().leave_one_out().value == 1.0
    costly = [3500.0, 1410.0]  # with the second alone less is gained than the programme costs
    programme = pd.DataFrame({"day": pd.to_datetime(["2019-01-01"]), "gbp": [20_000.0]})
    found = drawn_up(moves(gbp_week=costly), programme=programme).leave_one_out()
    assert (found.value, found.unit, found.support) == (0.5, "share", 1)
    assert "at least 2 children" in drawn_up(moves().head(1)).leave_one_out().reason
    once = drawn_up().counted_once()
    assert (once.value, once.n, once.support) == (0.0, round((303 + 184) / 7), 2)


def test_moves_after_the_day_are_not_in_the_ledger():
    assert drawn_up(moves(move=["2019-03-04", "2020-03-01"])).children == 1


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"bed": ["sold", "ended"]}, "Column 'bed' holds 'sold'"),
        ({"in_home_since": ["2019-06-01", "2018-01-01"]}, "1 children moved before they came to the home"),
        ({"gbp_week": [-5.0, 10.0]}, "1 costs lie below £0"),
    ],
)
def test_bad_moves_are_refused_in_one_line(bad, words):
    with pytest.raises(InputError, match=words):
        drawn_up(moves(**bad))


def test_two_prices_on_a_day_are_refused():
    with pytest.raises(InputError, match="1 stretches begin before the last of the same child ends"):
        drawn_up(paid=prices((("a", "2019-03-04", None, 1.0), ("a", "2019-05-04", None, 1.0))))


def test_targets_missed_are_shown_with_the_interval_turned():
    found = drawn_up(stays=FALLING)
    short = ledger.against_targets(found, pd.DataFrame({"year": ["2019-20", "2020-21"], "gbp": [1e6, 5e5]}))
    made = found.in_year("2019-20")
    assert short.group("2019-20").value == pytest.approx(1e6 - made.value)
    assert short.group("2019-20").low == pytest.approx(1e6 - made.high)
    assert short.group("2020-21").value == 5e5


def test_targets_are_read_as_financial_years_or_refused():
    targets = pd.DataFrame({"year": ["2019/20"], "gbp": [1e6]})
    assert ledger.against_targets(drawn_up(), targets)[0].value == pytest.approx(1e6 - 487 * 400 + 28 * 400)
    with pytest.raises(InputError, match="1 are no financial years"):
        ledger.against_targets(drawn_up(), targets.assign(year="2019"))
    with pytest.raises(InputError, match="Column 'gbp': 1 rows are empty"):
        ledger.against_targets(drawn_up(), targets.assign(gbp=None))


def test_reversals_count_children_back_in_a_home():
    paid = prices(placement_type=["Residential home", "Agency fostering"])
    back = ledger.reversals(drawn_up(paid=paid))
    assert back[0].value == 1
    assert back[1].value == pytest.approx(303 * 100)


def test_stays_in_homes_join_moves_from_home_to_home_and_know_when_they_began():
    rows = prices(
        (
            ("a", "2019-01-01", "2019-02-01", 1.0),
            ("a", "2019-02-01", "2019-03-01", 1.0),
            ("b", "2019-01-01", None, 1.0),
        ),
        placement_type="Residential home",
    ).assign(to=lambda x: x["to"].fillna(pd.Timestamp("2019-06-01")))
    began = pd.DataFrame({"child_id": ["b"], "start": pd.to_datetime(["2018-12-02"])})
    found = ledger.stays_in_homes(rows, start="2019-01-01", end="2019-06-01", began=began)
    assert found[["entry_days", "exit_days", "left"]].values.tolist() == [[0, 59, True], [30, 181, False]]


def test_a_stay_that_ends_with_childhood_is_no_natural_end():
    rows = prices((("a", "2019-01-01", "2019-03-05", 1.0), ("b", "2019-01-01", "2019-03-05", 1.0)))
    rows = rows.assign(placement_type="Residential home")
    of_age = pd.Series(pd.to_datetime(["2019-03-01", "2022-01-01"]), index=["a", "b"])
    found = ledger.stays_in_homes(rows, start="2019-01-01", end="2019-06-01", of_age=of_age)
    assert found[["exit_days", "left"]].values.tolist() == [[59, False], [63, True]]


def test_a_ledger_without_a_claim_says_why_and_what_the_programme_cost():
    nobody = moves().head(0)
    assert drawn_up(nobody).note() == "Nothing is claimed, because no child moved."
    undated = moves(in_home_since=[None, None])
    assert drawn_up(undated).note() == "Nothing is claimed: of 2 moved the first day in a home is not known."
    spent = pd.DataFrame({"day": ["2019-04-01"], "gbp": [5000.0]})
    assert drawn_up(nobody, programme=spent).headline() == (
        "Nothing is claimed, because no child moved; the programme cost £5,000"
    )


def test_cost_elsewhere_counts_those_who_left_care_as_nought():
    stays = pd.DataFrame({"child_id": list("abcdef"), "end": pd.to_datetime(["2019-01-01"] * 6)})
    left = [(child, "2018-10-01", "2019-01-01", 4000.0) for child in "cdef"]
    paid = prices((("a", "2019-01-01", None, 700.0), ("b", "2019-01-01", None, 500.0), *left))
    found = ledger.cost_elsewhere(stays, ledger.read_paid(paid, until=DAY))
    assert found.value == pytest.approx(200.0)
    assert found.low < 200 < found.high


def test_the_grade_follows_its_rule():
    found = drawn_up()
    strong = Estimate("Lower cost per child", 900.0, 500.0, 1300.0, n=40, unit="GBP per week")
    signed = ledger.SignOff(role="finance business partner", on="2020-02-01", budget_reduced=True)
    graded = ledger.evidence(found, effect=strong, design=3, signed=signed)
    assert graded.answers["causation"]
    assert graded.answers["validation"]
    weak = ledger.evidence(found, effect=strong, design=2)
    assert weak.grade == "INSUFFICIENT"
    assert not weak.answers["causation"]
    assert weak.frame()["question"].tolist() == [
        "causation",
        "realisation",
        "valuation",
        "attribution",
        "validation",
    ]


def test_one_long_claim_among_short_ones_is_no_realised_saving():
    # a is claimed for 43 weeks; b and c for a week: half of the claims have reached one week
    rows = moves(child_id=["b", "c"], left_care=["2019-03-11", "2019-07-08"])
    one = pd.concat([moves().head(1), rows], ignore_index=True)
    paid = prices([(child, "2019-03-04", None, 700.0) for child in "abc"])
    strong = Estimate("Lower cost per child", 900.0, 500.0, 1300.0, n=40, unit="GBP per week")
    graded = ledger.evidence(drawn_up(one, paid, stays=FALLING), effect=strong, design=3)
    assert not graded.answers["realisation"]
    assert "Half of the claims are of 1 weeks or more." in graded.reasons["realisation"]


def test_the_headline_gives_the_interval_of_the_net():
    found = drawn_up(stays=FALLING)
    assert found.headline() == f"{found.net.words().split(' (')[0]} net went unspent{found.net.brackets()}"
    dear = drawn_up(
        paid=prices((("a", "2019-03-04", None, 9000.0), ("b", "2019-07-01", None, 9000.0))), stays=FALLING
    )
    assert dear.headline().startswith("The moves went with £")
    assert "interval £" in dear.headline()


@pytest.mark.parametrize(
    ("met", "grade"),
    [
        ("11111", "SUFFICIENT"),
        ("11110", "PARTIAL"),
        ("11100", "PARTIAL"),
        ("01111", "PARTIAL"),
        ("01110", "INSUFFICIENT"),
        ("00000", "INSUFFICIENT"),
    ],
)
def test_every_grade_has_its_case(met, grade):
    questions = ("causation", "realisation", "valuation", "attribution", "validation")
    answers = {q: m == "1" for q, m in zip(questions, met, strict=True)}
    assert ledger.Evidence(answers, dict.fromkeys(questions, "")).grade == grade


def test_a_sign_off_without_a_day_and_a_design_that_does_not_exist_are_refused():
    with pytest.raises(InputError, match="needs the day"):
        ledger.SignOff(role="finance business partner")
    with pytest.raises(InputError, match="grade 7 does not exist"):
        ledger.evidence(drawn_up(), effect=drawn_up().net, design=7)


def test_each_financial_year_has_the_interval_of_its_own_days_without_inflation():
    # a in both years at 500 pounds a day: its fee is paid for the days of the year on which it was still there
    found = drawn_up(moves().head(1), stays=FALLING)
    assert found.terms.inflation == 0
    leave, fee = found.drawn.leaving[:, 0], 3500 / 7
    for year, begin, end in (("2018-19", 0, 28), ("2019-20", 28, 303)):
        drawn = fee * (np.clip(leave, begin, end) - begin)
        expected = found.rows.loc[found.rows["year"] == int(year[:4]), "home"].sum() / 100
        low, high = np.quantile(drawn, [0.025, 0.975]) - expected + found.in_year(year).value
        assert (found.in_year(year).low, found.in_year(year).high) == pytest.approx((low, high), abs=1.0)


def test_a_programme_of_half_pennies_is_the_same_in_years_and_in_all():
    # twice 33.335 is 66.67: 33.34 in the first year and 33.33 in the second
    spent = pd.DataFrame({"day": ["2019-02-01", "2019-05-01"], "gbp": [33.335, 33.335]})
    found = drawn_up(programme=spent)
    assert found.programme_pence() == 6667
    assert sorted(found.programme_pence(year) for year in ("2018-19", "2019-20")) == [3333, 3334]


def test_a_child_whose_first_day_in_homes_is_not_known_is_counted_and_not_claimed():
    found = drawn_up(moves(in_home_since=[None, "2018-06-01"]))
    assert found.net.value == pytest.approx(184 * 400)
    assert found.children == 1
    assert found.note().endswith("1 more children moved, but their first day in a home is not known.")


def test_days_written_as_words_are_read():
    text = moves().astype({"move": "str", "in_home_since": "str"})
    assert drawn_up(text).net.value == drawn_up().net.value


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"move": ["soon", "2019-07-01"]}, "Column 'move': 1 values are no days"),
        ({"child_id": ["a", None]}, "Column 'child_id': 1 rows are empty"),
        ({"education_share": [1.5, 0.0]}, "Column 'education_share': 1 rows lie outside 0 to 1"),
        ({"health_share": [0.0, -0.5]}, "Column 'health_share': 1 rows lie outside 0 to 1"),
        (
            {"education_share": [0.6, 0.5], "health_share": [0.5, 0.5]},
            "Shares of education and health together: 1 rows lie outside 0 to 1",
        ),
    ],
)
def test_moves_that_cannot_be_are_refused_in_one_line(bad, words):
    table = pd.DataFrame({"child_id": ["a", "b"], "move": ["2019-03-04", "2019-07-01"]} | bad)
    with pytest.raises(InputError, match=words) as raised:
        drawn_up(table.assign(in_home_since="2018-06-01", gbp_week=3500.0))
    assert "\n" not in str(raised.value)


def test_prices_whose_shares_cannot_be_are_refused():
    with pytest.raises(InputError, match="Column 'education_share': 2 rows lie outside 0 to 1"):
        drawn_up(paid=prices(education_share=1.5))


@pytest.mark.parametrize(
    ("day", "gbp", "words"),
    [
        ("2019-05-01", None, "Column 'gbp': 1 rows are empty"),
        (None, 500.0, "Column 'day': 1 rows are empty"),
        ("soon", 500.0, "Column 'day': 1 values are no days"),
        ("2019-05-01", -5.0, "1 costs lie below £0"),
    ],
)
def test_a_programme_cost_that_would_be_lost_is_refused(day, gbp, words):
    with pytest.raises(InputError, match=words):
        drawn_up(programme=pd.DataFrame({"day": [day], "gbp": [gbp]}))


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"inflation": 3.0}, r"Write 3% a year as 0\.03"),
        ({"inflation": float("nan")}, "inflation of nan is refused"),
        ({"level": 95}, r"level of 95 is refused\. Write 95% as 0\.95; it lies from 0\.5 to 0\.999"),
        ({"replicates": 1}, "replicates of 1 is refused. Give a whole number of draws from 100"),
        ({"replicates": 500.5}, "Give a whole number of draws"),
        ({"seed": -1}, "seed of -1 is refused"),
        ({"elsewhere_gbp_week": -500.0}, "elsewhere_gbp_week of -500 is refused"),
        ({"elsewhere_gbp_week": "700"}, "elsewhere_gbp_week of '700' is refused"),
        ({"day": "soon"}, "day of 'soon' is no day"),
    ],
)
def test_terms_that_cannot_be_are_refused_in_one_line(bad, words):
    with pytest.raises(InputError, match=words):
        ledger.Terms(**{"day": DAY} | bad)
