"""What is made of a forecast: costs, scenarios, gaps in places and back-tests; unit, direction and hand arithmetic."""

import numpy as np
import pandas as pd
import pytest

from tests.write_coverage import with_ours
from vcanalysis.analysis import sufficiency
from vcanalysis.analysis.sufficiency import Change
from vcanalysis.analysis.sufficiency.backtest import METHODS, OURS, PEER, SAME, BackTest, back_test
from vcanalysis.analysis.sufficiency.costs import draw_costs, yearly_cost
from vcanalysis.analysis.sufficiency.panel import monthly_panel
from vcanalysis.analysis.sufficiency.rivals import unchanged
from vcanalysis.core.errors import InputError
from vcanalysis.core.period import WEEKS_PER_YEAR

FAMILY, HOME = "Agency fostering", "Residential home"
DAY, SINCE = "2018-12-31", "2015-12-31"
STILL = dict.fromkeys((FAMILY, HOME), (0.0, 0.0, 0.0))


def spells(children=300, *, seed=6):
    """Children who come at random to a family or a home, stay about 14 months and sometimes change over."""
    rng = np.random.default_rng(seed)
    start = pd.Timestamp("2013-01-01") + pd.to_timedelta(np.sort(rng.integers(0, 2556, children)), unit="D")
    first = np.where(rng.random(children) < 0.8, FAMILY, HOME)
    turn = start + pd.to_timedelta(rng.integers(60, 400, children), unit="D")
    end = turn + pd.to_timedelta(rng.integers(60, 400, children), unit="D")
    moves = rng.random(children) < 0.3
    other = np.where(moves, np.where(first == FAMILY, HOME, FAMILY), first)
    ones = [(start, turn, first), (turn, end, other)]
    columns = ["start", "end", "placement_type"]
    rows = pd.concat(
        [pd.DataFrame(dict(zip(columns, one, strict=True))).assign(child_id=range(children)) for one in ones]
    )
    return rows.assign(birth_month=pd.Timestamp("2008-03-01"))


@pytest.fixture(scope="module")
def ahead():
    return sufficiency.forecast(spells(), day=DAY, since=SINCE, months=24, draws=200, seed=2)


@pytest.fixture(scope="module")
def thin():
    few = spells().loc[lambda f: f["child_id"].lt(3)]
    return sufficiency.forecast(few, day=DAY, since=SINCE, months=24, draws=20)


PRICES = pd.DataFrame(
    {"placement_type": [FAMILY] * 4 + [HOME] * 4, "cost_gbp_week": [800.0] * 4 + [4000.0] * 4}
)


def test_the_cost_is_children_times_price_times_weeks(ahead):
    cost = draw_costs(ahead, PRICES, growth=STILL)
    children = ahead.draws.sum(axis=3)
    by_hand = (children[:, 0] + children[:, 1]) / 2 * [800, 4000] * WEEKS_PER_YEAR / 12
    assert cost[:, 0] == pytest.approx(by_hand)


def test_growth_of_prices_compounds_and_a_range_widens_the_interval(ahead):
    flat, dear = (
        yearly_cost(ahead, PRICES, growth=STILL),
        yearly_cost(ahead, PRICES, growth=dict.fromkeys(STILL, (0.1,) * 3)),
    )
    assert dear[0].value / flat[0].value == pytest.approx(1.1**0.5, rel=0.01)
    assert dear[1].value / flat[1].value == pytest.approx(1.1**1.5, rel=0.01)
    unsure = yearly_cost(ahead, PRICES, growth=dict.fromkeys(STILL, (-0.3, 0.0, 0.3)))
    assert unsure[1].std_error > flat[1].std_error


def test_a_kind_with_hardly_a_price_borrows_and_none_at_all_is_not_estimable(ahead):
    few = PRICES.iloc[:5]
    assert yearly_cost(ahead, few, growth=STILL)[0].value > 0
    said = yearly_cost(ahead, PRICES.iloc[:2], growth=STILL)[0].sentence()
    assert "3 children with a price are needed; found 2" in said


def test_a_change_of_nothing_changes_nothing_in_any_future(ahead):
    same = sufficiency.changed(ahead, Change(source=HOME, target=FAMILY, share=0.0, when="monthly"))
    assert (same.draws == ahead.draws).all()


def test_moving_children_to_families_empties_homes_in_every_future_and_costs_less(ahead):
    moved = sufficiency.changed(ahead, Change(source=HOME, target=FAMILY, share=1.0, when="monthly"))
    assert (moved.counts(HOME)[:, 1:] == 0).all()
    assert (moved.coming == ahead.coming).all()
    cheaper = sufficiency.differences(ahead, {"step-down": moved}, PRICES, kind=HOME)
    assert cheaper[0].high <= 0
    assert cheaper[1].high < 0


def test_a_loss_happens_once_and_in_its_month(ahead):
    lost = sufficiency.changed(ahead, Change(source=FAMILY, target=HOME, share=0.5, when="once", first=4))
    assert (lost.draws[:, :4] == ahead.draws[:, :4]).all()
    assert lost.counts(HOME)[:, 4].mean() > ahead.counts(HOME)[:, 4].mean() + 5


def test_only_children_old_enough_are_moved(ahead):
    none = sufficiency.changed(
        ahead, Change(source=HOME, target=FAMILY, share=1.0, when="monthly", youngest=17)
    )
    assert (none.draws[:, :12] == ahead.draws[:, :12]).all()  # all are ten


def test_the_share_that_gives_a_growth_is_found_or_the_most_that_can_be_is_said(ahead):
    change, reached = sufficiency.grown(ahead, kind=HOME, instead_of=FAMILY, growth=0.14)
    assert reached == pytest.approx(0.14, abs=0.03)
    assert 0 < change.share < 1
    change, reached = sufficiency.grown(ahead, kind=HOME, instead_of=FAMILY, growth=50.0)
    assert change.share == 1.0
    assert reached < 50


@pytest.mark.parametrize(
    ("wrong", "message"),
    [
        ({"when": "never"}, "when is 'never'"),
        ({"share": 2.0}, "share is 2.0"),
        ({"target": HOME}, "are both"),
        ({"first": 0}, "first is 0"),
    ],
)
def test_a_change_that_cannot_be_meant_is_refused(wrong, message):
    with pytest.raises(InputError, match=message):
        Change(**({"source": HOME, "target": FAMILY, "share": 0.1, "when": "once"} | wrong))


def test_a_kind_that_is_not_in_the_records_is_refused(ahead):
    with pytest.raises(InputError, match="No kind of placement 'Castle'"):
        sufficiency.changed(ahead, Change(source="Castle", target=HOME, share=0.1, when="once"))
    with pytest.raises(InputError, match="growth names no kind"):
        yearly_cost(ahead, PRICES, growth={"Castle": (0.0, 0.0, 0.0)})
    with pytest.raises(InputError, match="No kind of placement 'Castle'"):
        sufficiency.gap_by_age(ahead, HOMES, kinds=["Castle"])


def test_what_lies_beyond_the_forecast_is_refused(ahead):
    with pytest.raises(InputError, match="begins after the 24 months"):
        sufficiency.changed(ahead, Change(source=HOME, target=FAMILY, share=0.1, when="once", first=25))
    with pytest.raises(InputError, match="in month 30"):
        sufficiency.grown(ahead, kind=HOME, instead_of=FAMILY, growth=0.1, month=30)


HOMES = pd.DataFrame(
    {"approved_places": [2, 1, 3], "age_min": [0, 0, 16], "age_max": [4, 17, 17], "contact": [2, 1, 3]}
)


def rated(high, low):
    return pd.DataFrame(
        {"placement_type": FAMILY, "contact": [3.0] * high + [0.0] * low, "distance_miles": 5.0}
    )


def test_the_gap_is_children_who_need_it_less_the_places_that_can(ahead):
    options = {"domains": ["contact"], "kinds": [FAMILY], "level": 2.0}
    found = sufficiency.gap_by_capability(ahead, rated(400, 400), HOMES, **options)[0]
    assert found.value == pytest.approx(ahead.counts(FAMILY)[:, -1].mean() / 2 - 5, rel=0.1)
    more = sufficiency.gap_by_capability(ahead, rated(800, 0), HOMES, **options)[0]
    assert more.value > found.value
    assert not sufficiency.gap_by_capability(ahead, rated(4, 4), HOMES, **options)[0].estimable


def test_a_place_is_open_to_the_ages_it_is_approved_for(ahead):
    found = sufficiency.gap_by_age(ahead, HOMES, kinds=[FAMILY])
    assert found.group("under 1").value == pytest.approx(-3)
    assert found.group("16 and 17").value == pytest.approx(-4)


def test_without_a_known_home_no_place_is_called_wanting(ahead):
    by_need = sufficiency.gap_by_capability(
        ahead, rated(20, 20), HOMES[:0], domains=["contact"], kinds=[FAMILY]
    )
    for found in (*by_need, *sufficiency.gap_by_age(ahead, HOMES[:0], kinds=[FAMILY])):
        assert "homes or carers, with their places, are needed; found 0" in found.sentence()


def test_who_lives_far_from_home_follows_the_kind_of_placement(ahead):
    children = pd.concat([rated(40, 0), rated(40, 0).assign(placement_type=HOME, distance_miles=50.0)])
    far = sufficiency.far_from_home(ahead, children)
    assert far.value == pytest.approx(ahead.counts(HOME)[:, -1].mean(), rel=0.2)
    assert not sufficiency.far_from_home(ahead, children.assign(distance_miles=np.nan)).estimable


def test_the_table_of_a_strategy_adds_up_and_says_its_intervals(ahead):
    table = sufficiency.strategy_table(ahead, months=(12, 24))
    assert table["now"].iloc[:-1].sum() == table.loc["All children", "now"]
    assert " to " in table.loc["All children", "24 months: interval"]


def test_thin_records_give_reasons_everywhere(thin):
    lost = sufficiency.changed(thin, Change(source=FAMILY, target=HOME, share=0.5, when="once"))
    said = [
        *yearly_cost(thin, PRICES),
        *sufficiency.differences(thin, {"loss": lost}, PRICES, kind=thin.panel.kinds[0]),
        *sufficiency.gap_by_capability(thin, rated(20, 20), HOMES, domains=["contact"], kinds=[FAMILY]),
        *sufficiency.gap_by_age(thin, HOMES, kinds=[FAMILY]),
        sufficiency.far_from_home(thin, rated(20, 20)),
    ]
    assert all("10 children in care on the day are needed; found 0" in e.sentence() for e in said)
    assert sufficiency.grown(thin, kind=HOME, instead_of=FAMILY, growth=0.1)[1] == 0
    assert "not estimable" in sufficiency.strategy_table(thin).to_string()


def test_nothing_changes_is_the_last_count_with_the_spread_of_past_changes():
    panel = monthly_panel(spells(), day=DAY, since=SINCE)
    counts = panel.counts().sum(axis=1)
    middle, low, high = unchanged(panel, months=12)
    assert middle[0] == counts[-1]
    spread = 1.959964 * np.sqrt(((counts[12:] - counts[:-12]) ** 2).mean())
    assert (low[0], high[0]) == pytest.approx((counts[-1] - spread, counts[-1] + spread))
    assert np.isnan(unchanged(panel, months=30)[1]).all()


@pytest.fixture(scope="module")
def tested():
    days = pd.date_range("2017-03-31", "2018-06-30", freq="QE")
    return back_test(spells(), days=days, since="2014-12-31", months=6, draws=100)


def test_a_back_test_sets_what_came_beside_each_method(tested):
    ours = tested.table.query("method == @OURS and group == 'all'").set_index("day")
    assert len(ours) == 6
    day = pd.Timestamp("2018-06-30")
    there = spells().loc[lambda f: (f["start"] <= "2018-12-31") & (f["end"] > "2018-12-31")]
    assert ours.loc[day, "actual"] == len(there)
    assert set(tested.table["method"]) == set(METHODS)
    assert tested.coverage().group(OURS).n == 18
    assert tested.against(SAME).has_interval
    error = tested.against(PEER, measure="error")
    assert (error.n, error.of, error.method.split(";")[0]) == (18, "forecasts", "mean over 6 past days")
    assert tested.headline().startswith(tested.sentence().split(": ")[1].split(" ")[0])
    assert len(tested.frame()) == 6


def test_the_score_of_an_interval_is_its_width_and_forty_a_child_beyond(tested):
    row = tested.table.dropna(subset=["low"]).assign(
        beyond=lambda f: np.maximum(f["low"] - f["actual"], 0) + np.maximum(f["actual"] - f["high"], 0)
    )
    assert row["score"].to_numpy() == pytest.approx(
        (row["high"] - row["low"] + 40 * row["beyond"]).to_numpy()
    )
    assert (row["inside"].astype("float64") == (row["beyond"] == 0)).all()


def test_a_back_test_on_too_few_days_says_so():
    none = back_test(spells(), days=[], since="2014-12-31")
    one = back_test(spells(), days=["2018-03-31"], since="2014-12-31", months=6, draws=20)
    for found in (none, one):
        assert not found.coverage().group(OURS).estimable
        assert not found.against(PEER).estimable
        assert found.headline().startswith("Too few past forecasts")
    assert not len(none.frame())


def test_a_day_whose_outcome_lies_beyond_the_records_is_left_out():
    options = {"since": "2014-12-31", "months": 12, "draws": 20}
    records = (
        spells()
        .loc[lambda f: f["start"] <= "2018-12-31"]
        .assign(end=lambda f: f["end"].mask(f["end"] > "2018-12-31"))
    )
    known = back_test(records, days=["2017-12-31", "2018-03-31"], **options)
    assert known.table["day"].unique().tolist() == [pd.Timestamp("2017-12-31")]
    assert not len(back_test(records, days=["2017-12-31"], until="2018-11-30", **options).table)


def test_the_coverage_shown_is_that_of_the_trials_and_the_peers_that_of_its_six_settings():
    shown = sufficiency.measured_coverage()
    pd.testing.assert_frame_equal(shown, with_ours(shown), check_dtype=False)
    years = shown[shown["spread_of_years"] > 0]
    assert years["ours_pct"].between(93, 97).all()
    assert years.loc[years["group"].eq("all children"), "peer_pct"].tolist() == [79.0, 89.0]


def test_a_rival_nobody_knows_is_refused():
    with pytest.raises(InputError, match="No 'score' against 'gut feeling'"):
        BackTest(pd.DataFrame(), 0.95).against("gut feeling")


def test_a_kind_in_which_no_child_has_lived_makes_a_scenario_not_estimable(ahead):
    none = sufficiency.changed(ahead, Change(source="Secure home", target=HOME, share=0.1, when="once"))
    found = sufficiency.differences(ahead, {"x": none}, PRICES, kind=HOME)
    assert all("who lived in secure home" in e.reason for e in found)
    same = sufficiency.differences(ahead, {"x": ahead}, PRICES, kind="Secure home")
    assert not any(e.estimable for e in same)
    assert sufficiency.grown(ahead, kind="Kinship fostering", instead_of=HOME, growth=0.1)[1] == 0


def test_the_verdict_on_a_rival_follows_the_interval():
    days = pd.to_datetime(["2018-03-31", "2018-06-30", "2018-09-30", "2018-12-31"])
    rows = [
        (d, m, "all", s)
        for i, d in enumerate(days)
        for m, s in ((OURS, 10.0 + i), (SAME, 30.0 - i), (PEER, 11.0 + 2 * (i % 2)))
    ]
    table = pd.DataFrame(rows, columns=["day", "method", "group", "score"])
    found = BackTest(table, 0.95)
    assert found.verdict(SAME).startswith("Its intervals were better than those of: nothing changes")
    assert found.verdict(PEER).startswith(
        "Its intervals were neither clearly better nor clearly worse than those of: peer's band (re-created)"
    )
    assert BackTest(table.iloc[:3], 0.95).verdict(SAME).endswith("found 1.")


def test_a_back_test_says_how_many_forecasts_of_all_children_held_and_which_way_the_others_missed():
    days = pd.to_datetime(["2016-03-31", "2016-06-30", "2016-09-30"])
    whole = {"group": "all", "low": 80.0, "high": 120.0}
    came, last = (90, 70, 60), (322.0, 250.0, 200.0)
    ours = pd.DataFrame({"day": days, "method": OURS, "actual": came, "value": 100.0, **whole})
    table = pd.concat([ours, ours.assign(method=SAME, value=last)])
    whole = BackTest(table.assign(inside=[1.0, 0.0, 0.0] * 2), 0.95).of_all()
    assert (whole.value, whole.n, whole.of, whole.group) == (pytest.approx(1 / 3), 3, "forecasts", "all")
    said = BackTest(table, 0.95).misses()
    assert said.startswith(
        "Of 3 past forecasts of all children 1 held what came; 2 came out lower; over the years"
    )
    assert "went from 322 to 60. A forecast takes those who come and leave" in said
    held = BackTest(table.assign(actual=100.0), 0.95).misses()
    assert "A forecast takes" not in held
    assert BackTest(table.head(0), 0.95).misses() == "No past forecast could be made."
