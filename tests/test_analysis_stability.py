"""Unit and property tests of stability: hand arithmetic, edges that are not estimable, indicators, wording."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vcanalysis.analysis import stability
from vcanalysis.analysis.stability import Watch, partial
from vcanalysis.core.errors import InputError

WATCH = Watch("days", "end", entry="entry", cluster="child")


def drawn(text: str) -> pd.DataFrame:
    """Read a small table: words in columns, - for missing."""
    rows = [line.split() for line in text.strip().splitlines()]
    table = pd.DataFrame(rows[1:], columns=rows[0]).replace("-", None)
    return table.apply(lambda c: pd.to_numeric(c) if c.name in {"days", "entry", "need"} else c)


TWELVE = drawn("""
    child entry days end       need
    a     0     10   breakdown 9
    b     0     20   home      2
    c     0     20   breakdown 7
    d     0     30   -         1
    e     15    40   home      3
    f     15    40   -         6
    g     0     50   breakdown 8
    h     0     60   home      2
    i     0     60   -         5
    j     25    70   home      1
    k     0     80   -         4
    l     0     90   breakdown 6
""")


def noisy(n=400, seed=0, **columns):
    rng = np.random.default_rng(seed)
    rows = pd.DataFrame({"child": np.arange(n), "entry": 0.0, "need": rng.normal(size=n)})
    rows["days"] = rng.exponential(200 * np.exp(-0.5 * rows["need"])) + 1
    return rows.assign(end=pd.Series("breakdown", index=rows.index), **columns)


def test_curve_and_incidence_follow_the_hand_arithmetic_of_twelve_placements():
    # At risk: 9 at 10 (three enter later), 10 at 20, 8 at 40: entered before and not yet left.
    at_10, at_20, at_40 = 8 / 9, 8 / 9 * 8 / 10, 8 / 9 * 8 / 10 * 7 / 8
    curve = stability.kaplan_meier(TWELVE, WATCH)
    assert [curve.at(d).value for d in (5, 10, 20, 45)] == pytest.approx([1, at_10, at_20, at_40])
    ends = stability.aalen_johansen(TWELVE, WATCH)
    assert ends.at(20, "breakdown").value == pytest.approx(1 / 9 + at_10 / 10)
    assert ends.at(20, "home").value == pytest.approx(at_10 / 10)
    table = ends.frame()
    assert (table[["breakdown", "home", "lasting"]].sum(axis=1) - 1).abs().max() < 1e-12


def test_restricted_mean_is_the_area_under_the_curve():
    area = 10 + 10 * 8 / 9 + 20 * 8 / 9 * 8 / 10
    assert stability.restricted_mean(TWELVE, WATCH, until=40).value == pytest.approx(area)


def test_one_minus_a_censored_curve_is_more_than_the_incidence():
    alone = TWELVE.assign(end=TWELVE["end"].where(TWELVE["end"] == "breakdown"))
    naive = 1 - stability.kaplan_meier(alone, WATCH).at(60).value
    assert naive > stability.aalen_johansen(TWELVE, WATCH).at(60, "breakdown").value


def test_ignoring_late_entry_makes_placements_look_longer():
    rows = noisy(4000, seed=5)
    began = np.random.default_rng(6).uniform(0, 400, len(rows))
    seen = rows.assign(entry=began)[rows["days"] > began]
    true = stability.kaplan_meier(rows, WATCH).at(200)
    late = pd.concat([seen, rows.head(200)])
    honest = stability.kaplan_meier(late, WATCH).at(200)
    naive = stability.kaplan_meier(late.assign(entry=0), WATCH).at(200)
    assert honest.value == pytest.approx(true.value, abs=0.07)
    assert naive.value > true.value + 0.15


def test_before_the_first_end_the_interval_is_not_without_width():
    early = stability.kaplan_meier(TWELVE, WATCH).at(5)
    assert early.value == 1
    assert early.low == pytest.approx(0.025 ** (1 / 9))


NOBODY = TWELVE.assign(end=None)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (TWELVE.head(3), "at least 10 placements"),
        (NOBODY, "none of the placements ended"),
        (TWELVE.assign(child="a", days=range(30, 42)), "at least 10 children"),
        (TWELVE.head(0), "at least 10 placements"),
    ],
)
def test_too_little_is_said_and_not_estimated(rows, reason):
    found = [
        stability.kaplan_meier(rows, WATCH).at(20),
        stability.kaplan_meier(rows, WATCH).median(),
        stability.restricted_mean(rows, WATCH, until=20),
        stability.log_rank(rows.assign(who=["x", "y"] * 6 if len(rows) == 12 else "x"), WATCH, group="who"),
        stability.cox(rows, WATCH, covariates=["need"]).ratios[0],
        stability.cox(rows, WATCH, covariates=["need"]).proportional()[0],
    ]
    assert not any(e.estimable for e in found)
    assert all(reason in e.reason for e in found[:-1])


def test_beyond_the_watch_nothing_is_claimed():
    late = stability.kaplan_meier(TWELVE.head(11), WATCH).at(1000)  # the last of them still lasts
    assert "none of the placements was watched for 1,000 days" in late.reason
    before = stability.kaplan_meier(TWELVE.assign(entry=5.0), WATCH).at(4)
    assert "fewer than 5 of the placements were watched before day 5" in before.reason


def all_ended(n=60, **columns):
    """Placements of drawn lengths below 300 days, each ended: nothing is censored."""
    rng = np.random.default_rng(0)
    ends = {"days": rng.integers(1, 300, n) * 1.0, "end": rng.choice(["home", "breakdown"], n)}
    return pd.DataFrame({"child": np.arange(n), "entry": 0.0, **ends}).assign(**columns)


def test_where_every_placement_ended_before_the_day_none_lasts_and_the_interval_is_that_of_none_of_so_many():
    rows = all_ended()
    share = stability.kaplan_meier(rows, WATCH).at(365)
    assert (share.value, share.low) == (0, 0)
    assert share.high == pytest.approx(1 - 0.025 ** (1 / 60))  # Clopper and Pearson, none of 60
    ended = stability.aalen_johansen(rows, WATCH).all_at(365, also=["planned move"])
    counts = rows["end"].value_counts() / 60
    assert {e.group: e.value for e in ended} == pytest.approx({**counts, "planned move": 0})
    assert ended.group("planned move").high == pytest.approx(1 - 0.025 ** (1 / 60))
    alone = stability.aalen_johansen(rows.assign(end="home"), WATCH).at(365, "home")
    assert (alone.value, alone.low) == pytest.approx((1, 0.025 ** (1 / 60)))


def test_the_mean_of_placements_that_all_ended_is_the_plain_mean_with_its_t_interval():
    rows, days = all_ended(), all_ended()["days"]
    mean = stability.restricted_mean(rows, WATCH, until=365)
    half = stats.t.ppf(0.975, 59) * days.std() / math.sqrt(60)
    assert (mean.value, mean.low, mean.high) == pytest.approx(
        (days.mean(), days.mean() - half, days.mean() + half)
    )
    both = pd.concat([rows.assign(who="a"), noisy(400, days=400.0).assign(who="b")], ignore_index=True)
    gap = stability.restricted_mean_difference(both, WATCH, group="who", pair=("b", "a"), until=365)
    assert gap.value == pytest.approx(365 - days.mean())


def test_an_end_of_the_last_few_watched_says_little_of_how_many_last():
    # half are lost from view on day 5; the last end then is of 30, and of 60 in 30 children of two placements each
    lost = all_ended(end=np.where(np.arange(60) < 30, None, "home"))
    lost.loc[lost.index < 30, "days"] = 0.5
    alike = pd.concat([lost[30:], lost[30:]], ignore_index=True)
    for rows in (lost, alike):
        assert stability.kaplan_meier(rows, WATCH).at(365).high == pytest.approx(1 - 0.025 ** (1 / 30))
    late = all_ended(days=np.arange(1.0, 61.0), end=["home"] * 20 + [None] * 39 + ["home"])
    assert stability.kaplan_meier(late, WATCH).at(365).high > 0.6  # one end, of the last one watched


def test_where_the_last_watched_was_not_seen_to_end_nothing_is_claimed_beyond():
    rows = all_ended(end="home")
    rows.loc[rows["days"].idxmax(), "end"] = None
    assert "none of the placements was watched" in stability.kaplan_meier(rows, WATCH).at(365).reason
    assert not stability.restricted_mean(rows, WATCH, until=365).estimable


def late_comers(first: int, days: float = 5.0) -> pd.DataFrame:
    """A few placements watched from their first day that end on day 5, and 60 seen from day 50 that end later."""
    late = pd.DataFrame({"days": 100 + np.arange(60.0), "entry": 50.0})
    rows = pd.concat([pd.DataFrame({"days": [days] * first, "entry": 0.0}), late], ignore_index=True)
    return rows.assign(end="home", child=rows.index)


def test_one_early_end_among_few_does_not_end_the_curve():
    rows = late_comers(1)
    curve = stability.kaplan_meier(rows, WATCH)
    share, median = curve.at(129), curve.median()
    assert share.value == pytest.approx(30 / 60)  # of the 60 watched, those of days 100 to 129 have ended
    assert share.term == "Placements that last 129 days, of those that lasted 50 days"
    assert (median.value, median.n) == (129, 60)
    mean = stability.restricted_mean(rows, WATCH, until=110)
    assert mean.value == pytest.approx(100 + sum(60 - k for k in range(1, 11)) / 60)
    assert mean.term.endswith("of those that lasted 50 days")
    ended = stability.aalen_johansen(rows, WATCH).at(129, "home")
    assert ended.value == pytest.approx(0.5)
    assert curve.frame()["day"].min() == 50


def test_where_all_watched_have_ended_nothing_is_said_of_those_watched_later():
    curve = stability.kaplan_meier(late_comers(12), WATCH)
    assert curve.at(5).value == 0
    assert "without a gap" in curve.at(150).reason


def test_two_groups_are_compared_from_the_day_enough_of_both_are_watched():
    early = late_comers(12).assign(where="a")
    early["entry"] = 0.0
    rows = pd.concat([early, late_comers(0).assign(where="b")], ignore_index=True)
    watch = Watch("days", "end", entry="entry")
    found = stability.restricted_mean_difference(rows, watch, group="where", pair=("a", "b"), until=120)
    assert found.term.endswith("of those that lasted 50 days")
    assert found.value == pytest.approx(0)
    assert found.n == 120


def test_five_are_never_watched_at_once():
    rows = pd.DataFrame({"entry": 10.0 * np.arange(12), "days": 10.0 * np.arange(12) + 9, "end": "home"})
    curve = stability.kaplan_meier(rows, Watch("days", "end", entry="entry"))
    assert "at no time were 5 of the placements watched at once" in curve.at(20).reason
    assert not curve.median().estimable


def test_a_covariate_that_does_not_vary_has_no_ratio_and_does_not_spoil_the_others():
    rows = noisy(same=3.0)
    found = stability.cox(rows, WATCH, covariates=["need", "same"]).ratios
    alone = stability.cox(rows, WATCH, covariates=["need"]).ratios
    assert found[0].value == pytest.approx(alone[0].value)
    assert "same for all placements" in found[1].reason


def test_a_level_without_an_end_has_no_ratio_and_does_not_spoil_the_others():
    rows = noisy(where=["a", "b", "c", "d"] * 100)
    rows["end"] = rows["end"].where(rows["where"] != "d")
    found = stability.cox(rows, WATCH, covariates=["where"], kind="breakdown").ratios
    assert [e.estimable for e in found] == [True, True, False]
    assert "no such placement ended" in found[2].reason


def test_a_reference_without_an_end_has_no_bound():
    rows = noisy(where=["a", "b"] * 200)
    rows["end"] = rows["end"].where(rows["where"] != "a")
    found = stability.cox(rows, WATCH, covariates=["where"], kind="breakdown").ratios
    assert "without bound" in found[0].reason


def test_two_covariates_that_say_the_same_are_refused_in_words():
    rows = noisy()
    found = stability.cox(rows.assign(twin=2 * rows["need"]), WATCH, covariates=["need", "twin"]).ratios
    assert all("same thing twice" in e.reason for e in found)


def test_too_few_ends_for_the_terms_are_said():
    rows = noisy()
    rows["end"] = rows["end"].where(rows.index < 3)
    assert "at least 5 placements" in stability.cox(rows, WATCH, covariates=["need"]).ratios[0].reason


def test_a_term_that_one_child_alone_informs_is_not_estimated():
    rows = noisy(40)
    rows["flag"] = rows["child"] == 0
    found = stability.cox(rows, WATCH, covariates=["flag"]).ratios[0]
    assert not found.estimable or found.high / found.low > 10


def test_steps_and_copies_change_the_ratio_as_they_must():
    rows = noisy()
    one = stability.cox(rows, WATCH, covariates=["need"]).ratios[0]
    two = stability.cox(rows, WATCH, covariates=["need"], steps={"need": 2}).ratios[0]
    assert two.value == pytest.approx(one.value**2)
    twice = pd.concat([rows, rows], ignore_index=True)
    again = stability.cox(twice, WATCH, covariates=["need"]).ratios[0]
    assert again.std_error == pytest.approx(one.std_error, rel=0.03)  # copies of a child are no news


def test_strata_and_order_of_rows_are_kept_apart():
    rows = noisy(where=["a", "b"] * 200)
    rows["days"] = rows["days"] * np.where(rows["where"] == "a", 1, 30)
    shuffled = rows.sample(frac=1, random_state=1)
    found = [
        stability.cox(r, WATCH, covariates=["need"], strata="where").ratios[0].value for r in (rows, shuffled)
    ]
    assert found[0] == pytest.approx(found[1], rel=1e-9)
    assert math.log(found[0]) == pytest.approx(0.5, abs=0.12)


def test_shares_of_the_information_add_to_one():
    fitted = stability.cox(noisy(), Watch("days", "end"), covariates=["need"]).fitted
    held = partial.leverage(fitted, np.arange(400) // 4)
    assert held.sum(axis=0) == pytest.approx(np.eye(1), abs=1e-9)


def test_a_ratio_that_fades_is_noticed():
    rng = np.random.default_rng(8)
    need = rng.normal(size=3000)
    days = rng.exponential(np.where(need > 0, 20, 60)) + 1
    days = np.where(days > 30, 30 + rng.exponential(60, 3000), days)  # no difference after a month
    rows = pd.DataFrame({"days": days, "need": (need > 0).astype(float), "end": "breakdown"})
    found = stability.cox(rows, Watch("days", "end"), covariates=["need"])
    assert found.proportional()[0].value < 0.001


def test_rates_are_ends_over_years_and_nought_has_an_upper_end():
    rows = pd.DataFrame(
        {"days": [365.25] * 40, "end": ["breakdown"] * 10 + [None] * 30, "who": ["a"] * 20 + ["b"] * 20}
    )
    first, second = stability.end_rates(rows, Watch("days", "end"), group="who", kind="breakdown")
    assert (first.value, second.value) == (50, 0)
    assert (second.low, second.high) == pytest.approx((0, 100 * -math.log(0.025) / 20))


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"days": -1.0}, "below 0"),
        ({"entry": 100.0}, "end before they are entered"),
        ({"end": 3.0}, "neither 0 nor 1"),
    ],
)
def test_times_that_cannot_be_are_refused_in_one_line(change, said):
    with pytest.raises(InputError, match=said) as refused:
        stability.kaplan_meier(TWELVE.assign(**change), WATCH)
    assert "\n" not in str(refused.value)


def test_a_kind_of_end_nobody_had_is_nought_or_not_estimable_and_names_those_there_are():
    rows = TWELVE.assign(end=TWELVE["end"].mask(TWELVE["end"] == "breakdown"), who=["x", "y"] * 6)
    ends = stability.aalen_johansen(rows, WATCH)
    within = ends.all_at(20, also=["breakdown"]).group("breakdown")
    assert (within.value, within.low) == (0, 0)
    assert within.high == pytest.approx(1 - 0.025 ** (1 / 10))  # ten are watched on day 20
    unable = [
        stability.cox(rows, WATCH, covariates=["need"], kind="breakdown").ratios[0],
        stability.log_rank(rows, WATCH, group="who", kind="breakdown"),
        ends.median("breakdown"),
    ]
    assert all(
        "none of the placements ended by 'breakdown' (kinds of end found: home)" in e.reason for e in unable
    )


def test_placements_of_one_child_have_no_rate():
    found = stability.end_rates(TWELVE.assign(child="a"), WATCH)[0]
    assert "share one cluster" in found.reason


def test_numbers_kept_as_objects_are_numbers():
    rows = noisy()
    stored = rows.assign(need=rows["need"].astype("object"))
    found, plain = (stability.cox(r, WATCH, covariates=["need"]).ratios.frame() for r in (stored, rows))
    pd.testing.assert_frame_equal(found, plain)


def test_misspelt_names_are_refused():
    with pytest.raises(InputError, match="transform"):
        stability.cox(TWELVE, WATCH, covariates=["need"]).proportional(transform="root")
    with pytest.raises(InputError, match="cluster"):
        stability.andersen_gill(TWELVE, Watch("days", "end"), covariates=["need"])
    with pytest.raises(InputError, match="cluster"):
        stability.pwp_gap(TWELVE, Watch("days", "end"), order="need", covariates=["need"])


YEAR = """
    child_id care_start start      end        placement_type      age_years
    one      2017-01-01 2017-01-01 -          In-house            4
    two      2017-01-01 2017-01-01 2018-07-01 In-house            4
    two      2017-01-01 2018-07-01 -          In-house            5.5
    three    2018-01-01 2018-01-01 2018-04-01 In-house            4
    three    2018-01-01 2018-04-01 2018-09-01 In-house            4
    three    2018-01-01 2018-09-01 -          In-house            4
    four     2018-01-01 2018-01-01 2018-04-03 In-house            4
    four     2018-01-01 2018-04-03 2018-09-01 In-house            4
    four     2018-10-01 2018-10-01 -          In-house            4
    left     2018-01-01 2018-01-01 2018-06-01 In-house            4
    left     2018-01-01 2018-06-01 2018-07-01 In-house            4
    left     2018-01-01 2018-07-01 2019-03-31 In-house            4
    adopted  2016-01-01 2016-06-01 2018-07-01 In-house            2
    adopted  2016-01-01 2018-07-01 -          Placed_for_adoption 4
    adult    2014-01-01 2014-01-01 -          In-house            12
"""


@pytest.fixture
def year():
    rows = [line.split() for line in YEAR.strip().splitlines()]
    table = pd.DataFrame(rows[1:], columns=rows[0]).replace("-", None)
    table["placement_type"] = table["placement_type"].str.replace("_", " ")
    days = {c: pd.to_datetime(table[c]) for c in ("care_start", "start", "end")}
    return table.assign(age_years=table["age_years"].astype(float), **days)


def test_three_or_more_placements_counts_the_year_to_31_march(year):
    # In care: one, two, three, four, adopted, adult. Three's first placement ended on the first day of the year and
    # does not count; four's placements of two periods in care do.
    found = stability.three_or_more_placements(year, day="2019-03-31")
    assert (found.value, found.n) == (pytest.approx(1 / 6), 6)


def test_long_term_stability_joins_a_placement_for_adoption_to_the_one_before(year):
    # Long in care and under 16 on 31 March 2020: one, two and adopted (adult is 18 by then); two moved in July 2018
    # and has not been there for two years.
    found = stability.long_term_stability(year, day="2020-03-31")
    assert (found.value, found.n) == (pytest.approx(2 / 3), 3)
    plain = year.assign(placement_type="In-house fostering")
    assert stability.long_term_stability(plain, day="2020-03-31").value == pytest.approx(1 / 3)


def test_indicators_without_children_say_so(year):
    assert "no child" in stability.three_or_more_placements(year, day="2010-01-01").reason
    assert "no child" in stability.long_term_stability(year, day="2010-01-01").reason


def test_the_time_until_half_have_ended_in_one_way_counts_the_others_too():
    rows = noisy(n=60)
    alone = stability.aalen_johansen(rows, Watch("days", "end")).median("breakdown")
    assert alone.value == stability.kaplan_meier(rows, Watch("days", "end")).median().value
    assert alone.low < alone.value < alone.high
    mixed = rows.assign(end=np.where(np.arange(60) % 3, "breakdown", "home"))
    ends = stability.aalen_johansen(mixed, Watch("days", "end"))
    assert ends.median("breakdown").value > alone.value
    assert "fewer than half" in ends.median("home").reason


def test_a_curve_by_weeks_is_the_curve_on_those_days_with_who_is_still_watched():
    curve = stability.kaplan_meier(TWELVE, WATCH)
    along = curve.along([3, 4], term="Still last")
    assert [e.group for e in along] == ["3 weeks", "4 weeks"]
    assert [e.value for e in along] == [curve.at(21).value, curve.at(28).value]
    # without those ended (a, b, c) or not yet watched (j on day 21)
    assert [e.support for e in along] == [8, 9]
