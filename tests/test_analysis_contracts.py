"""Tests of outcomes contracts: hand-computed payments (unit), what moves which way (direction), pennies (property)."""

from __future__ import annotations

import copy
import tomllib

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vcanalysis.analysis import contracts as c
from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file

AS_OF = pd.Timestamp("2020-01-01")


def day(text):
    return pd.Timestamp(text)


def stays(text):
    """Read a drawn table: child, home, first day, day after the last (- while it lasts)."""
    rows = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(rows, columns=["child_id", "home_id", "from", "to"])
    return frame.assign(
        **{"from": pd.to_datetime(frame["from"]), "to": pd.to_datetime(frame["to"].replace("-", None))}
    )


FOUR = stays("""
    stayed  x  2016-01-01  -
    moved   x  2016-01-01  2016-09-01
    moved   y  2016-09-01  2017-06-01
    early   x  2016-01-01  2016-12-29
    ontime  x  2016-01-01  2016-12-30
""")


def terms(**metric):
    """A contract of one metric at 10 pounds a unit."""
    made = {
        "id": "m",
        "definition": "d",
        "kind": "milestone",
        "window_weeks": 52,
        "rate": [{"gbp": 10.0}],
    } | metric
    top = {
        "id": "c",
        "title": "t",
        "payer": "us",
        "provider": "them",
        "start": day("2012-01-01").date(),
        "end": day("2029-12-31").date(),
    }
    return {"contract": top, "metric": [made]}


def build(contract=(), **metric):
    made = terms(**metric)
    made["contract"] |= dict(contract)
    return c.build_contract(made)


def paid(contract, events, **more):
    book = c.pay(contract, events, **more)
    assert book.reconciles()
    return book


def test_birmingham_pays_52_weeks_in_one_family_and_the_clock_restarts_on_a_move():
    # 52 weeks = 364 days. stayed: 2016-01-01 + 364 = 2016-12-30 (2016 has 366 days): paid.
    # moved: 244 days at x, then 273 at y: 517 in all, but neither reaches 364: nothing.
    # early leaves on 2016-12-29 after 363 days: nothing. ontime leaves after 364: paid. 2 x 16,250.00 = 32,500.00.
    made = c.read_contract("birmingham-52-weeks")
    events = c.stay_events(made.metrics[0], FOUR, as_of=AS_OF)
    assert events["child_id"].tolist() == ["ontime", "stayed"]
    assert set(events["date"]) == {day("2016-12-30")}
    assert paid(made, events).net_pence == 32_500_00


def test_the_other_clocks_pay_the_child_who_moved():
    # pause: 244 days at x, so 120 more at y: 2016-09-01 + 120 = 2016-12-30. continue: the same day, without a gap.
    for clock in ("pause", "continue"):
        metric = build(clock=clock).metrics[0]
        found = c.stay_events(metric, FOUR, as_of=AS_OF).set_index("child_id")["date"]
        assert found["moved"] == day("2016-12-30")


def test_a_gap_stops_a_paused_clock_and_a_continued_one_asks_who_is_there():
    # 100 days, 60 away, then on: paused, the clock shows 364 at 264 days after the return (424 days in all); continued,
    # it shows 364 at 364 days, and the child is there.
    gap = stays("""
        a  x  2016-01-01  2016-04-10
        a  y  2016-06-09  -
    """)
    found = {
        k: c.stay_events(build(clock=k).metrics[0], gap, as_of=AS_OF)["date"].tolist()
        for k in ("pause", "continue", "restart")
    }
    assert found["pause"] == [day("2016-01-01") + pd.Timedelta(days=424)]
    assert found["continue"] == [day("2016-12-30")]
    assert found["restart"] == [day("2016-06-09") + pd.Timedelta(days=364)]
    away = gap.assign(to=[gap["to"][0], day("2016-12-01")])
    assert c.stay_events(build(clock="continue").metrics[0], away, as_of=AS_OF).empty


def test_days_of_grace_bridge_a_return_to_the_same_family_only():
    back = stays("""
        a  x  2016-01-01  2016-04-10
        a  x  2016-04-17  -
        b  x  2016-01-01  2016-04-10
        b  y  2016-04-17  -
    """)
    metric = build(grace_days=7).metrics[0]
    found = c.stay_events(metric, back, as_of=AS_OF).set_index("child_id")["date"]
    assert found["a"] == day("2016-12-30")
    assert found["b"] == day("2016-04-17") + pd.Timedelta(days=364)


def test_cheshire_west_pays_each_whole_week_and_a_move_loses_none():
    # a: 2018-04-02 to 2018-04-26 = 24 days, then 2018-05-10 to 2018-05-14 = 4 days: 28 days = 4 weeks at 1,505.
    # b: 13 days = 1 week. 5 x 1,505.00 = 7,525.00. Were the clock to restart: 3 + 0 + 1 = 4 weeks.
    spells = stays("""
        a  x  2018-04-02  2018-04-26
        a  y  2018-05-10  2018-05-14
        b  z  2018-04-02  2018-04-15
    """)
    made = c.read_contract("cheshire-west-weekly")
    assert paid(made, c.stay_events(made.metrics[0], spells, as_of=AS_OF)).net_pence == 7_525_00
    assert len(c.stay_events(build(kind="weekly", clock="restart").metrics[0], spells, as_of=AS_OF)) == 4


def test_the_most_weeks_of_a_child_end_the_weekly_fee():
    metric = build(kind="weekly", window_weeks=3).metrics[0]
    assert len(c.stay_events(metric, FOUR, as_of=AS_OF)) == 3 * 4


def test_essex_pays_days_below_the_baseline_and_a_child_above_it_counts_against_the_others():
    # Baseline 330 days in 130 weeks (910 days), 40 pounds a day, at most 11,700 a child.
    # a: 230 days in care: 100 days x 40 = 4,000. b (closes later): 380 days: -50 x 40 = -2,000, not taken back.
    # d (later still): 0 days: 330 x 40 = 13,200, but the balance only rises from 2,000 to 15,200: 11,200 above the
    # 4,000 passed on. In all 4,000 + 11,200 = 15,200. e is referred too late: its window is open.
    care = stays("""
        a  x  2013-01-01  2013-08-19
        b  x  2013-02-01  2014-02-16
    """)
    asked = pd.DataFrame(
        {
            "child_id": list("abde"),
            "referred": pd.to_datetime(["2013-01-01", "2013-01-05", "2013-01-09", "2019-01-01"]),
        }
    )
    made = c.read_contract("essex-days-saved")
    events = c.days_events(made.metrics[0], care, asked, as_of=AS_OF)
    assert events["units"].tolist() == [100, -50, 330]
    book = paid(made, events)
    assert book.rows["net_pence"].tolist() == [4_000_00, 0, 11_200_00]
    assert book.net_pence == 15_200_00


@pytest.mark.parametrize("names", ["abcd", "dcba", "bdca"])
def test_what_a_cohort_is_paid_on_one_day_does_not_hang_on_what_its_children_are_called(names):
    # 100, 400, 910 (still there) and 0 days of care against 330: 230 - 70 - 580 + 330 = -90 days, so nothing is due.
    # Without the third: 490 days x 40 = 19,600, of which the 330 of the last child alone are capped at 11,700: 18,100.
    a, b, over, none = names
    care = stays(f"""
        {a}  x  2013-01-01  2013-04-11
        {b}  x  2013-01-01  2014-02-05
        {over}  x  2012-12-01  2016-01-01
    """)
    asked = pd.DataFrame({"child_id": [a, b, over, none], "referred": day("2013-01-01")})
    made = c.read_contract("essex-days-saved")
    events = c.days_events(made.metrics[0], care, asked, as_of=AS_OF)
    assert paid(made, events).net_pence == 0
    assert paid(made, events[events["child_id"].ne(over)]).net_pence == 18_100_00


def test_the_cap_of_a_child_and_of_the_contract_hold():
    # 330 days x 40 = 13,200 for one child alone: 11,700 paid and 1,500 beyond the cap.
    made = c.read_contract("essex-days-saved")
    asked = pd.DataFrame({"child_id": ["a"], "referred": [day("2013-01-01")]})
    book = paid(made, c.days_events(made.metrics[0], stays("b x 2013-01-01 2013-02-01"), asked, as_of=AS_OF))
    assert (book.net_pence, int(book.rows["capped_pence"].sum())) == (11_700_00, 1_500_00)
    events = c.stay_events(build().metrics[0], FOUR, as_of=AS_OF)
    assert paid(build({"cap_gbp": 15.00}), events).net_pence == 15_00


def test_a_fall_of_the_balance_is_taken_back_where_the_contract_says_so():
    # 100 days x 10, then -50 x 10: all of the fall is taken back, half of it, or none.
    events = pd.DataFrame(
        {
            "child_id": ["a", "b"],
            "metric": "m",
            "date": [day("2015-01-01"), day("2015-02-01")],
            "units": [100, -50],
            "band": "all",
            "ended": pd.NaT,
        }
    )
    for share, left in ((1.0, 500_00), (0.5, 750_00), (0.0, 1_000_00)):
        made = build(kind="days_vs_baseline", baseline=10, clawback_share=share)
        assert paid(made, events).net_pence == left


def test_prices_rise_on_the_first_of_april_and_round_to_the_penny():
    # 10.00 from 2012-01-01 at 2.5% each April: 2013-03-31 after one rise 10.25; 2013-04-01 after two 10.50625: 10.51.
    made = build({"index_rate": 0.025})
    found = [
        made.price(made.metrics[0], "all", day(d).date())
        for d in ("2012-03-31", "2012-04-01", "2013-03-31", "2013-04-01")
    ]
    assert found == [1000, 1025, 1025, 1051]


def test_a_stay_that_ends_soon_after_it_was_paid_gives_a_share_back():
    # ontime is paid 10.00 on 2016-12-30 and leaves that day: half, 5.00, is taken back. stayed keeps 10.00.
    made = build(clawback_weeks=13, clawback_share=0.5)
    book = paid(made, c.stay_events(made.metrics[0], FOUR, as_of=AS_OF))
    assert book.net_pence == 15_00
    assert book.statement().term("Taken back").value == 5.0


def test_what_is_not_validated_or_follows_a_harm_is_withheld():
    made = build()
    events = c.stay_events(made.metrics[0], FOUR, as_of=AS_OF)
    assert paid(made, events.assign(validated=[True, False])).net_pence == 10_00
    content = terms() | {"guardrail": [{"kind": "missing", "limit_per_100_years": 10, "hold_weeks": 4}]}
    harms = pd.DataFrame(
        {
            "child_id": ["stayed", "ontime"],
            "kind": "missing",
            "date": pd.to_datetime(["2016-12-20", "2016-10-01"]),
        }
    )
    assert paid(c.build_contract(content), events, harms=harms).net_pence == 10_00


def test_a_score_is_paid_only_beyond_the_fall_expected_anyway():
    # 12 to 8 is 4 points less 1.5 expected = 2.5 x 10 = 25; 9 to 9 is -1.5: the balance falls to 10, 25 stay paid.
    metric = {"kind": "score_change", "baseline": 1.5}
    scores = pd.DataFrame(
        {
            "child_id": list("ab"),
            "first_date": day("2015-01-01"),
            "first": [12.0, 9.0],
            "last_date": pd.to_datetime(["2015-06-01", "2015-07-01"]),
            "last": [8.0, 9.0],
        }
    )
    made = build(**metric)
    assert paid(made, c.score_events(made.metrics[0], scores, as_of=AS_OF)).net_pence == 25_00


def test_prices_by_band_of_need_are_found_and_a_missing_one_is_refused():
    made = build(rate=[{"gbp": 10.0, "band": "standard"}, {"gbp": 30.0, "band": "complex"}])
    events = c.stay_events(made.metrics[0], FOUR.assign(band="complex"), as_of=AS_OF)
    assert paid(made, events).net_pence == 60_00
    with pytest.raises(InputError, match="no rate holds for band 'enhanced' on 2016-12-30"):
        c.pay(made, events.assign(band="enhanced"))


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"contract": {"cap": 3}}, "there is no 'cap' in contract. Did you mean 'cap_gbp'"),
        ({"contract": {"end": day("2011-01-01").date()}}, "ends before it starts"),
        ({"contract": {"cap_gbp": 1.005}}, "to the penny"),
        ({"metric": {"clock": "stop"}}, "clock 'stop' is refused. Write one of restart, pause, continue"),
        ({"metric": {"window_weeks": 0}}, "window_weeks 0 is refused"),
        ({"metric": {"rate": []}}, "has no price"),
        ({"metric": {"rate": [{"gbp": 1}, {"gbp": 2, "band": "complex"}]}}, "two prices"),
        ({"metric": {"rate": [{"gbp": -1}]}}, "gbp -1 is refused"),
    ],
)
def test_a_setting_that_cannot_be_is_refused_in_one_line(change, message):
    content = copy.deepcopy(terms())
    content["contract"] |= change.get("contract", {})
    content["metric"][0] |= change.get("metric", {})
    with pytest.raises(InputError, match=message) as told:
        c.build_contract(content, where="ours.toml")
    assert str(told.value).startswith("ours.toml: ")
    assert "\n" not in str(told.value)


def test_a_contract_that_is_not_there_is_named(tmp_path):
    with pytest.raises(InputError, match="Did you mean 'birmingham-52-weeks'"):
        c.read_contract("birmingham")
    (tmp_path / "x.toml").write_text("[contract", "utf-8")
    with pytest.raises(InputError, match=r"x\.toml is not TOML"):
        c.read_contract(tmp_path / "x.toml")


@pytest.mark.parametrize("name", c.contract_names())
def test_each_published_contract_says_its_source_and_what_is_ours(name):
    made = c.read_contract(name)
    raw = tomllib.loads(data_file(f"contracts/{name}.toml").read_text("utf-8"))
    assert made.id == raw["contract"]["id"] == name
    assert made.source
    assert "ours" in made.note


def test_stays_that_overlap_are_refused_without_naming_a_child():
    twice = stays("""
        secret  x  2016-01-01  2016-06-01
        secret  y  2016-05-01  2016-07-01
    """)
    with pytest.raises(InputError, match="1 stays end before") as told:
        c.stay_events(build().metrics[0], twice, as_of=AS_OF)
    assert "secret" not in str(told.value)


def test_what_falls_due_before_the_contract_begins_earns_nothing():
    made = c.read_contract("cheshire-west-weekly")  # from 1 April 2018
    long_ago = stays("a x 2010-01-01 2010-03-01")
    events = c.stay_events(made.metrics[0], long_ago, as_of=AS_OF)
    assert len(events) == 8
    assert paid(made, events).net_pence == 0


@pytest.mark.parametrize(
    ("first", "last", "weeks"),
    [
        ("2018-04-02", "2018-04-08", 1),  # the week of the stay, Monday to Sunday, is the contract
        (
            "2018-04-03",
            "2018-04-09",
            1,
        ),  # it straddles the first day: paid whole; the next straddles the last
        ("2018-04-08", "2018-04-14", 1),  # only its last day is in: paid whole
        ("2018-04-09", "2018-04-14", 0),  # the one lies before, the next ends a day late
        ("2018-04-09", "2018-04-15", 1),  # due on the day after the end: earned, so paid
        ("2018-04-02", "2018-04-22", 3),
    ],
)
def test_a_week_is_paid_where_its_last_day_is_one_of_the_contract(first, last, weeks):
    made = build({"start": day(first).date(), "end": day(last).date()}, kind="weekly", window_weeks=104)
    events = c.stay_events(made.metrics[0], stays("a x 2018-04-02 2018-04-23"), as_of=AS_OF)
    assert len(events) == 3
    assert paid(made, events).net_pence == 1000 * weeks


def test_over_both_ends_the_weeks_paid_are_on_average_the_days_of_the_contract():
    weekly = {"kind": "weekly", "window_weeks": 104}
    made = build({"start": day("2018-04-02").date(), "end": day("2018-05-03").date()}, **weekly)  # 32 days
    starts = pd.date_range("2018-01-01", periods=7)
    each = [
        paid(made, c.stay_events(made.metrics[0], stays(f"a x {one:%Y-%m-%d} -"), as_of=AS_OF)).net_pence
        for one in starts
    ]
    assert sum(each) / 7 == pytest.approx(1000 * 32 / 7)


def test_what_falls_due_after_the_end_is_paid_at_the_last_price_and_a_score_on_its_own_day():
    dear = {"rate": [{"gbp": 10.0, "to": day("2018-04-08").date()}]}
    made = build({"start": day("2018-04-02").date(), "end": day("2018-04-08").date()}, kind="weekly", **dear)
    events = c.stay_events(made.metrics[0], stays("a x 2018-04-02 -"), as_of=AS_OF)
    assert paid(made, events).net_pence == 1000
    span = {"start": day("2018-01-01").date(), "end": day("2018-12-31").date()}
    rated = build(span, kind="score_change", baseline=0.0)
    for last, pounds in (("2018-12-31", 20), ("2019-01-01", 0)):
        scores = pd.DataFrame({"child_id": ["a"], "first_date": day("2018-03-01"), "first": 4.0,
                               "last_date": day(last), "last": 2.0})  # fmt: skip
        told = c.score_events(rated.metrics[0], scores, as_of=AS_OF)
        assert paid(rated, told).net_pence == 100 * pounds


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"child_id": None}, "4 stays have no child or no first day"),
        ({"from": pd.NaT}, "4 stays have no child or no first day"),
        ({"from": "2016-01-01"}, "'from' holds no dates"),
    ],
)
def test_stays_that_cannot_be_counted_are_refused_and_not_dropped(change, message):
    frame = FOUR.iloc[[0, 1, 3, 4]].assign(**change)
    with pytest.raises(InputError, match=message):
        c.stay_events(build().metrics[0], frame, as_of=AS_OF)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"units": float("nan")}, "2 events have no child, day or units"),
        ({"date": pd.NaT}, "2 events have no child, day or units"),
        ({"units": float("inf")}, "holds infinite values"),
        ({"date": "2016-12-30"}, "'date' holds no dates"),
    ],
)
def test_events_that_cannot_be_paid_are_refused(change, message):
    events = c.stay_events(build().metrics[0], FOUR, as_of=AS_OF)
    with pytest.raises(InputError, match=message):
        c.pay(build(), events.assign(**change))


def test_a_child_referred_twice_is_refused_and_not_paid_for_twice():
    metric = build(kind="days_vs_baseline", window_weeks=10, baseline=40).metrics[0]
    twice = pd.DataFrame({"child_id": ["a", "a"], "referred": day("2018-01-01")})
    with pytest.raises(InputError, match="1 children are referred more than once"):
        c.days_events(metric, FOUR, twice, as_of=AS_OF)


EVENT = st.tuples(
    st.sampled_from("abcd"), st.integers(0, 900), st.integers(-40, 60), st.booleans(), st.integers(0, 40)
)


@settings(max_examples=60, deadline=None)
@given(
    rows=st.lists(EVENT, max_size=12),
    kind=st.sampled_from(["milestone", "days_vs_baseline"]),
    price=st.integers(1, 99_999),
    share=st.sampled_from([0.0, 0.3, 1.0]),
    caps=st.tuples(*[st.none() | st.integers(0, 20_000_00)] * 2),
    rise=st.sampled_from([0.0, 0.031]),
)
def test_every_penny_is_accounted_for(rows, kind, price, share, caps, rise):
    frame = pd.DataFrame(rows, columns=["child_id", "after", "units", "validated", "stays"])
    dates = day("2013-01-01") + pd.to_timedelta(frame["after"].astype("int64"), unit="D")
    events = frame.assign(
        metric="m",
        band="all",
        date=dates,
        ended=dates + pd.to_timedelta(frame["stays"].astype("int64"), unit="D"),
    )
    if kind == "milestone":
        events = events.assign(units=events["units"].abs())
    caps = tuple(sorted(caps, reverse=True)) if None not in caps else caps  # a child's is not above the whole
    soon = {"clawback_weeks": 4} if share else {}
    back = {
        "milestone": {"clawback_share": share} | soon,
        "days_vs_baseline": {"clawback_share": share, "baseline": 9},
    }
    capped = {n: v / 100 for n, v in zip(("cap_gbp", "cap_child_gbp"), caps, strict=True) if v is not None}
    made = build(
        capped | {"index_rate": rise},
        kind=kind,
        **back[kind],
        rate=[{"gbp": price / 100}],
        cap_child_units=70,
    )
    book = paid(made, events)
    assert all(isinstance(v, int) for v in (book.net_pence,))
    running = book.rows["net_pence"].cumsum()
    if caps[0] is not None:
        assert running.max() <= caps[0] or running.empty
    if caps[1] is not None and len(book.rows):
        assert book.rows.groupby("child_id")["net_pence"].cumsum().max() <= caps[1]
    again = c.pay(made, events.sample(frac=1, random_state=1) if len(events) else events)
    assert again.net_pence == book.net_pence
    if share == 0.0:
        assert (book.rows["net_pence"] >= 0).all()


@pytest.mark.parametrize(
    ("metric", "said"),
    [
        ({"kind": "days_vs_baseline"}, "has none. Add baseline"),
        ({"baseline": 5}, "paid against none. Leave baseline out"),
        ({"clawback_share": 0.5}, "Give both clawback_weeks and clawback_share"),
        ({"clawback_weeks": 5}, "Give both clawback_weeks and clawback_share"),
        ({"kind": "weekly", "clawback_weeks": 5, "clawback_share": 0.5}, "of which nothing is taken back"),
        ({"kind": "score_change", "clawback_weeks": 5}, "clawback_share is enough"),
    ],
)
def test_terms_that_contradict_each_other_are_refused(metric, said):
    with pytest.raises(InputError, match=said):
        build(**metric)


def test_caps_and_guardrails_that_contradict_each_other_are_refused():
    with pytest.raises(InputError, match="cap_child_gbp is more than cap_gbp"):
        build({"cap_gbp": 10, "cap_child_gbp": 20})
    guards = [{"kind": "missing", "limit_per_100_years": limit} for limit in (10, 20)]
    with pytest.raises(InputError, match="two guardrails watch one kind"):
        c.build_contract(terms() | {"guardrail": guards})


def test_scores_and_referrals_that_cannot_be_paid_on_are_refused_in_words_that_name_no_child():
    made, on = build(kind="score_change").metrics[0], day("2015-01-01")
    one = {"child_id": ["named"], "first_date": on, "first": 9.0, "last_date": day("2015-06-01"), "last": 4.0}
    scores = pd.DataFrame(one)
    days, asked = (
        build(kind="days_vs_baseline", baseline=10).metrics[0],
        pd.DataFrame({"child_id": ["named"]}),
    )
    wrong = {
        "scored more than once": lambda: c.score_events(made, pd.concat([scores, scores]), as_of=AS_OF),
        "lie before the first": lambda: c.score_events(
            made, scores.assign(last_date=day("2014-01-01")), as_of=AS_OF
        ),
        "holds no dates": lambda: c.score_events(made, scores.assign(last_date="2015-06-01"), as_of=AS_OF),
        "no child or no day": lambda: c.days_events(days, FOUR, asked.assign(referred=pd.NaT), as_of=AS_OF),
        "as_of is no day": lambda: c.days_events(days, FOUR, asked.assign(referred=on), as_of="soon"),
    }
    for said, call in wrong.items():
        with pytest.raises(InputError, match=said) as told:
            call()
        assert "named" not in str(told.value)


def test_two_stays_in_places_not_named_are_a_move():
    spells = stays("a x 2015-01-01 2015-07-01").assign(home_id=None)
    later = spells.assign(**{"from": day("2015-07-01"), "to": pd.NaT})
    found = c.stay_events(build().metrics[0], pd.concat([spells, later]), as_of=AS_OF)
    assert found["date"].tolist() == [day("2015-07-01") + pd.Timedelta(days=364)]
