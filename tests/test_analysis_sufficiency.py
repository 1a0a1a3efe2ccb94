"""Sufficiency: unit tests by hand, directions, a reference by arithmetic, and what is refused or not estimable."""

import numpy as np
import pandas as pd
import pytest

from vcanalysis.analysis.sufficiency import Settings, forecast
from vcanalysis.analysis.sufficiency.arrivals import clumping, draw_arrivals, learn_level
from vcanalysis.analysis.sufficiency.panel import monthly_panel
from vcanalysis.analysis.sufficiency.rates import AGES, STAYS, Rates, draw_rates, shrunk_rates
from vcanalysis.analysis.sufficiency.simulation import Start, simulate
from vcanalysis.core.errors import InputError

DAY, SINCE = "2019-12-31", "2017-12-31"


def spells(*rows, birth="2010-06-01"):
    """Draw placements: child, start, end, kind."""
    frame = pd.DataFrame(rows, columns=["child_id", "start", "end", "placement_type"])
    days = {name: pd.to_datetime(frame[name]) for name in ("start", "end")}
    return frame.assign(**days, birth_month=pd.Timestamp(birth))


def steady(children=240, *, stay=400, every=6, kind="Agency fostering", birth="2010-06-01"):
    """One child comes every few days and stays a fixed time: the count neither grows nor falls."""
    start = pd.date_range("2015-06-01", periods=children, freq=f"{every}D")
    rows = {"child_id": range(children), "start": start, "end": start + pd.Timedelta(days=stay)}
    return pd.DataFrame(rows).assign(placement_type=kind, birth_month=pd.Timestamp(birth))


def ahead(frame, **options):
    return forecast(
        frame, **({"day": "2018-12-31", "since": "2016-01-01", "draws": 200, "seed": 3} | options)
    )


def test_a_child_is_counted_on_its_first_day_and_no_longer_on_its_last():
    drawn = spells(("a", "2018-01-31", "2018-03-31", "Home"), ("b", "2018-02-01", None, "Family"))
    panel = monthly_panel(drawn, day="2018-04-30", since="2017-12-31")
    assert panel.kinds == ("Family", "Home")
    assert panel.counts().tolist() == [[0, 0], [0, 1], [1, 1], [1, 0], [1, 0]]
    assert panel.arrivals().tolist() == [1, 1, 0, 0]


def test_time_runs_on_in_the_same_kind_of_placement_and_anew_in_another():
    drawn = spells(
        ("a", "2018-01-01", "2018-02-15", "Home"),
        ("a", "2018-02-15", "2018-04-15", "Home"),
        ("a", "2018-04-15", None, "Family"),
    )
    panel = monthly_panel(drawn, day="2018-06-30", since="2017-12-31")
    assert panel.kind.tolist() == [1, 1, 1, 0, 0, 0]
    assert np.round(panel.stay).tolist() == [1, 2, 3, 0, 2, 2]
    assert panel.target.tolist() == [1, 1, 0, 0, 0, -1]


def test_a_gap_is_leaving_and_coming_again():
    drawn = spells(("a", "2018-01-01", "2018-02-15", "Home"), ("a", "2018-04-10", None, "Home"))
    panel = monthly_panel(drawn, day="2018-06-30", since="2017-12-31")
    assert panel.came.tolist() == [True, True, False, False]
    assert panel.target.tolist() == [1, 0, 0, -1]


def test_of_two_placements_on_a_day_the_later_counts_once():
    drawn = spells(("a", "2018-01-01", None, "Home"), ("a", "2018-01-20", None, "Family"))
    panel = monthly_panel(drawn, day="2018-02-28", since="2017-12-31")
    assert panel.counts().tolist() == [[0, 0], [1, 0], [1, 0]]


def test_what_happens_after_the_day_is_not_looked_at():
    drawn = steady()
    cut = drawn[drawn["start"] <= "2018-12-31"].copy()
    cut.loc[cut["end"] > "2018-12-31", "end"] = pd.NaT
    assert (ahead(drawn).draws == ahead(cut).draws).all()


def test_the_mean_of_the_futures_is_that_of_arithmetic_where_rates_are_the_same_everywhere():
    rng = np.random.default_rng(5)
    start = pd.Timestamp("2004-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 5478, 3000)), unit="D")
    stay = pd.to_timedelta(np.round(rng.exponential(365, 3000)), unit="D")
    drawn = pd.DataFrame(
        {"child_id": range(3000), "start": start, "end": start + stay, "placement_type": "Home"}
    )
    found = ahead(drawn.assign(birth_month=pd.Timestamp("2018-06-01")), since="2008-12-31", draws=1000)
    now, a_month = found.panel.counts()[-1, 0], 200 / 12 * np.exp(-1 / 24)
    kept = np.exp(-1)
    by_hand = now * kept + a_month * (1 - kept) / (1 - np.exp(-1 / 12))
    assert found.total(12).value == pytest.approx(by_hand, rel=0.06)


def test_children_leave_on_their_18th_birthday_and_not_before():
    ages = np.array([205.0, 210.5])
    start = Start(np.zeros(2, int), ages, np.ones(2, int), np.zeros(1, int), np.zeros(1), 1)
    never = np.zeros((1, 1, AGES, STAYS))
    rates = Rates(never, never, np.zeros((1, 1, AGES, 1)))
    found = simulate(start, rates, np.zeros((1, 12), int), rng=np.random.default_rng(1))
    assert found.sum(axis=(2, 3))[0].tolist() == [2] * 6 + [1] * 5 + [0, 0]


def test_more_arrivals_mean_more_children_and_longer_stays_too():
    fewer, more, longer = ahead(steady()), ahead(steady(480, every=3)), ahead(steady(stay=600))
    assert fewer.total(12).value < more.total(12).value
    assert fewer.total(12).value < longer.total(12).value


def test_the_interval_is_wider_further_ahead_and_where_years_differ_more():
    found = ahead(steady(), months=24, draws=1000)
    widths = [found.total(m).high - found.total(m).low for m in (3, 12, 24)]
    assert widths == sorted(widths)
    wild = ahead(steady(), months=24, settings=Settings(drift=0.5, swing=0.5))
    assert wild.total(24).std_error > found.total(24).std_error


def test_belief_that_years_differ_by_chance_alone_counts_where_they_do_and_hardly_where_they_do_not():
    def spread(yearly, share):
        level = learn_level(np.repeat(np.array(yearly) // 12, 12), Settings(steady=share))
        return float(level.weight @ (level.drift**2 + level.swing**2)) ** 0.5

    alike, apart = (600, 612, 588, 600, 612, 588), (600, 804, 504, 720, 900, 612)
    assert spread(alike, 0.25) < 0.8 * spread(alike, 0)
    assert spread(apart, 0.25) == pytest.approx(spread(apart, 0), rel=0.001)


def test_the_same_seed_gives_the_same_futures_and_the_frame_is_left_alone():
    drawn = steady()
    before = drawn.copy()
    assert (ahead(drawn).draws == ahead(drawn).draws).all()
    pd.testing.assert_frame_equal(drawn, before)
    assert (ahead(drawn).draws != ahead(drawn, seed=4).draws).any()


def test_kinds_and_ages_add_up_to_all_children():
    rows = pd.concat(
        [steady(), steady(60, every=20, kind="Home").assign(child_id=lambda f: f["child_id"] + 1000)]
    )
    found = ahead(rows)
    parts = sum(e.value for e in found.by_kind(12))
    assert parts == pytest.approx(found.total(12).value)
    assert sum(e.value for e in found.by_age(12)) == pytest.approx(found.total(12).value)
    assert found.counts("Home").mean() > 0


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (spells(*[(k, "2017-01-01", None, "Home") for k in "abc"]), "in care on the day are needed; found 3"),
        (spells(*[(k, "2017-01-01", None, "Home") for k in range(30)]), "36 months are needed; found 0"),
        (spells(("a", "2030-01-01", None, "Home")), "in care on the day are needed; found 0"),
    ],
    ids=["three children", "nobody came", "nobody in care"],
)
def test_thin_records_are_not_estimable_and_say_why(frame, reason):
    found = forecast(frame, day=DAY, since=SINCE, draws=20)
    said = [found.sentence(), found.flows().sentence(), found.by_age(12).sentence()]
    assert all("not estimable" in s and reason in s for s in said)
    assert found.headline().endswith("cannot be said from these records")
    assert len(found.frame())
    assert found.fan()["children"].notna().all()


def test_records_of_less_than_a_year_are_not_estimable():
    assert "12 months of records" in ahead(steady(), since="2018-06-01").sentence()


def test_children_without_a_month_of_birth_are_kept_and_counted():
    drawn = steady()
    drawn.loc[::10, "birth_month"] = pd.NaT
    found = ahead(drawn)
    assert found.panel.undated == 22
    assert found.total(0).value == ahead(steady()).total(0).value


def test_one_kind_only_is_forecast_without_moves():
    found = ahead(steady(), months=60, draws=50)
    assert found.panel.kinds == ("Agency fostering",)
    assert found.total(60).value > 0


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"months": 0}, "months is 0. Give a whole number from 1 to 120"),
        ({"months": 12.5}, "months is 12.5. Give a whole number"),
        ({"draws": 1}, "draws is 1. Give a whole number, at least 2"),
        ({"seed": -1}, "seed is -1. Give a whole number from 0"),
        ({"day": "2019-13-01"}, "'2019-13-01' is no day"),
        ({"since": "2019-06-30"}, "do not reach before 31/12/2018"),
    ],
)
def test_what_cannot_be_meant_is_refused(options, message):
    with pytest.raises(InputError, match=message):
        ahead(steady(), **options)


@pytest.mark.parametrize(
    "field",
    [
        {"window": 3},
        {"window": float("nan")},
        {"level": 95},
        {"strength": 0},
        {"drift": float("inf")},
        {"steady": 1},
        {"steady": -0.1},
    ],
)
def test_settings_refuse_what_cannot_be_meant(field):
    with pytest.raises(InputError):
        Settings(**field)


def test_a_missing_column_and_an_unknown_kind_or_month_are_refused():
    with pytest.raises(InputError, match="'birth_month' is missing"):
        ahead(steady().drop(columns="birth_month"))
    with pytest.raises(InputError, match="'start' holds no dates"):
        ahead(steady().astype({"start": "str"}))
    with pytest.raises(InputError, match="placements have no child"):
        ahead(steady().assign(child_id=lambda f: f["child_id"].astype("float").mask(f.index % 10 == 0)))
    found = ahead(steady())
    with pytest.raises(InputError, match="No kind of placement 'Castle'"):
        found.counts("Castle")
    with pytest.raises(InputError, match="runs 12 months"):
        found.total(13)


def test_a_rate_without_events_of_its_own_leans_on_its_kind_and_age():
    exposure = np.full((1, 2, 1, 2), 100.0)
    events = np.array([[[[20.0, 20.0]], [[2.0, 2.0]]]])
    exposure[0, 1, 0, 1] = events[0, 1, 0, 1] = 0.0
    found = shrunk_rates(events, exposure, 3.0)[0, :, 0]
    assert found[1, 1] < found[0, 1] / 3
    assert found[0] == pytest.approx([0.2, 0.2], rel=0.15)


def test_rates_found_are_those_planted_and_chances_never_exceed_one():
    rng = np.random.default_rng(8)
    start = pd.Timestamp("2014-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 1826, 4000)), unit="D")
    stay = pd.to_timedelta(np.ceil(rng.exponential(200, 4000)), unit="D")
    drawn = pd.DataFrame(
        {"child_id": range(4000), "start": start, "end": start + stay, "placement_type": "Home"}
    )
    panel = monthly_panel(drawn.assign(birth_month="2010-01-01"), day="2018-12-31", since="2014-12-31")
    rates = draw_rates(panel, window=36, strength=3.0, draws=100, rng=rng)
    used = rates.leave[:, 0, 2, :5].mean(axis=0)
    assert used == pytest.approx(1 - np.exp(-365.25 / 12 / 200), rel=0.12)
    assert (rates.leave + rates.move).max() <= 0.97 + 1e-9


def test_siblings_who_come_together_widen_what_is_drawn():
    rng = np.random.default_rng(2)
    alone, together = rng.poisson(12, 72), 3 * rng.poisson(4, 72)
    assert clumping(alone) < 1.5 < clumping(together)
    spread = [
        draw_arrivals(learn_level(m, Settings()), months=1, draws=4000, rng=np.random.default_rng(1)).std()
        for m in (alone, together)
    ]
    assert spread[1] > 1.2 * spread[0]


def test_a_rise_that_lasts_is_carried_forward_and_one_odd_year_only_in_part():
    lasting = np.repeat([10, 10, 10, 20, 20, 20], 12)
    odd = np.repeat([10, 10, 10, 10, 10, 20], 12)
    drawn = [
        draw_arrivals(learn_level(m, Settings()), months=12, draws=2000, rng=np.random.default_rng(1)).sum(
            axis=1
        )
        for m in (lasting, odd)
    ]
    assert np.median(drawn[0]) == pytest.approx(240, rel=0.07)
    assert 130 < np.median(drawn[1]) < 225
