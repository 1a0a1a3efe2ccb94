"""Unit, direction and reference tests of change between two assessments."""

import warnings

import numpy as np
import pandas as pd
import pytest

from vcanalysis.analysis import change as c
from vcanalysis.analysis.change.variance import memberships, spread
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

# --- first and last assessment ----------------------------------------------------------------------------


def assessments(rows):
    """Assessments from (child, day, need, rater, version) as drawn."""
    frame = pd.DataFrame(rows, columns=["child", "day", "need", "rater", "version"])
    return frame.assign(day=pd.to_datetime(frame["day"]))


DRAWN = assessments(
    [
        ("a", "2018-01-10", 14, "r1", "1"),
        ("a", "2018-07-10", 11, "r1", "1"),
        ("a", "2019-02-01", 9, "r2", "1"),
        ("b", "2018-03-01", 7, "r1", "1"),
        ("c", "2018-03-01", 20, "r2", "1"),
        ("c", "2018-04-01", 12, "r2", "1"),
        ("d", "2018-03-01", 6, "r3", "1"),
        ("d", "2019-03-01", 60, "r3", "2"),
    ]
)


def paired(**options):
    return c.pair_assessments(
        DRAWN, child="child", date="day", columns=["need", "rater"], framework="version", **options
    )


def test_a_pair_is_the_first_and_the_last_assessment_of_a_child():
    pairs = paired()
    row = pairs.frame.iloc[0]
    assert (row["child"], row["need_before"], row["need_after"]) == ("a", 14, 9)
    assert (row["rater_before"], row["rater_after"]) == ("r1", "r2")
    assert row["years"] == pytest.approx(387 / 365.25)


def test_everyone_assessed_is_counted_once_with_the_reason_why_there_is_no_pair():
    counts = {e.group: e.value for e in paired().flow}
    assert counts == {
        "assessed at all": 4,
        "assessed again": 1,
        "assessed once": 1,
        "assessed again too soon": 1,
        "framework changed": 1,
    }
    alone = paired().everyone.set_index("child").loc[["b", "c", "d"], "need_after"]
    assert alone.isna().all()


def test_a_pair_across_versions_needs_a_crosswalk_which_moves_the_first_score():
    crosswalk = {("1", "2"): lambda old: old[["need"]] * 10}
    pairs = paired(crosswalk=crosswalk).frame.set_index("child")
    assert pairs.loc["d", ["need_before", "need_after"]].tolist() == [60, 60]
    assert pairs.loc["a", "need_before"] == 14


def test_the_order_of_the_rows_does_not_matter():
    shuffled = DRAWN.sample(frac=1, random_state=3)
    again = c.pair_assessments(shuffled, child="child", date="day", columns=["need"], least_days=100)
    assert again.frame["need_after"].tolist() == [9, 60]


def test_baseline_and_follow_up_take_what_held_on_the_day():
    pairs = c.pair_around(
        DRAWN, child="child", date="day", columns=["need"], baseline="2018-03-31", follow_up="2019-03-31"
    )
    counts = {e.group: e.value for e in pairs.flow}
    assert counts["assessed at all"] == 4
    assert pairs.frame.set_index("child")["need_after"].to_dict() == {"a": 9, "d": 60}


def test_no_children_and_no_date_are_met_with_words():
    empty = c.pair_assessments(DRAWN.head(0), child="child", date="day", columns=["need"])
    assert len(empty) == 0
    undated = DRAWN.assign(day=DRAWN["day"].where(DRAWN.index > 0))
    with pytest.raises(InputError, match="'day' is empty in 1 rows"):
        c.pair_assessments(undated, child="child", date="day", columns=["need"])
    with pytest.raises(InputError, match="must lie after"):
        c.pair_around(
            DRAWN, child="child", date="day", columns=["need"], baseline="2019-01-01", follow_up="2018-01-01"
        )


# --- how sure ---------------------------------------------------------------------------------------------


def test_independent_children_give_the_textbook_error_of_a_mean():
    x = np.array([3.0, 5, 8, 1, 9, 4])
    found = spread((x - x.mean()) / len(x))
    assert found.errors()[0] == pytest.approx(x.std(ddof=1) / np.sqrt(6))
    assert found.df == 5


def test_children_sharing_a_rater_at_either_end_are_not_independent():
    # Hand arithmetic: deviations 2, 2, -2, -2 over 4; rater 0 touches the first two, 1 and 2 the others.
    influence = np.array([0.5, 0.5, -0.5, -0.5])
    codes = [np.array([0, 0, 1, 1]), np.array([3, 0, 2, 1])]
    # nodes: 0 -> 1.0 of 2 rows, 1 -> -1.0 of 2 rows, 2 -> -.5 of 1 row, 3 -> .5 of 1 row; pairs (0,3), (1,2)
    by_hand = 1.0 / (1 - 2 / 4) + 1.0 / (1 - 2 / 4) + 0.25 / (1 - 1 / 4) + 0.25 / (1 - 1 / 4) - 0.25 - 0.25
    assert spread(influence, codes).covariance[0, 0] == pytest.approx(by_hand)


def test_shared_raters_hardly_narrow_an_interval_and_a_missing_rater_stands_alone():
    frame = pd.DataFrame({"r": ["a", "a", None, None], "s": ["b", "a", "c", None]})
    first, second = memberships(frame, ["r", "s"])
    assert first[0] == second[1]
    assert len({first[2], first[3], second[3]}) == 3
    rng = np.random.default_rng(5)
    x = rng.normal(size=60) / 60
    alone = spread(x - x.mean()).errors()[0]
    assert spread(x - x.mean(), [rng.integers(0, 20, 60)]).errors()[0] >= 0.92 * alone  # root of .85


# --- regression to the mean: references -------------------------------------------------------------------

# Scores of eight students who failed a language test and took it again (McClave and Dietrich 1988), Mee's and
# Chua's own example; Ostermann, Willich and Luedtke (2008) give means 57.375 and 60.375, standard deviations
# 7.0 and 8.8, covariance 54.268, and the largest t, 1.938 with one-sided p .0504, at a population mean of 59.0.
BEFORE = np.array([45.0, 52, 63, 68, 57, 55, 60, 59])
AFTER = np.array([49.0, 50, 70, 71, 53, 61, 62, 67])


def test_mee_and_chua_gives_the_published_turning_point():
    means = np.arange(50, 70, 0.01)
    found = [c.mee_chua(BEFORE, AFTER, mean)[:2] for mean in means]
    t = np.array([effect / error for effect, error in found])
    assert t.max() == pytest.approx(1.938, abs=5e-4)
    assert means[t.argmax()] == pytest.approx(59.0, abs=0.05)


@pytest.mark.parametrize(
    ("mean", "effect", "error"),
    [
        # R 4.2.2: summary(lm(I(after - mu) ~ I(before - mu)))$coefficients[1, ]
        (57, 2.9583180987, 1.5954163523),
        (59, 3.1806215722, 1.6412709835),
        (75, 4.9590493601, 4.5802573814),
    ],
)
def test_mee_and_chua_is_rs_intercept(mean, effect, error):
    found = c.mee_chua(BEFORE, AFTER, mean)
    assert found[0] == pytest.approx(effect, abs=1e-9)
    assert found[1] == pytest.approx(error, abs=1e-9)
    assert found[2] == 6


@pytest.mark.parametrize(("cut", "fall"), [(0.5, 0.34), (1.0, 0.46), (1.5, 0.59)])
def test_picking_high_scores_makes_them_fall_by_the_amount_measured_elsewhere(cut, fall):
    # methods: simulated at reliability .7 with no true change
    assert c.expected_fall(0.7, cut_sd=cut).value == pytest.approx(-fall, abs=0.01)


def test_the_expected_fall_carries_the_doubt_about_the_reliability_and_says_where_there_is_none():
    agreement = Estimate("Agreement", 0.7, 0.6, 0.8, n=50, unit="ratio", of="children rated twice")
    found = c.expected_fall(agreement, cut_sd=0.0, sd=5.0)
    tail = 5 * np.sqrt(2 / np.pi)  # mean of the upper half of a normal score with this spread
    assert (found.value, found.low, found.high) == pytest.approx((-0.3 * tail, -0.4 * tail, -0.2 * tail))
    assert (found.n, found.of) == (50, "children rated twice")
    unknown = Estimate.not_estimable("Agreement", n=3, reason="at least 10 children are needed")
    assert c.expected_fall(unknown, cut_sd=0.0).reason == "at least 10 children are needed"
    assert "between 0 and 1" in c.expected_fall(1.2, cut_sd=0.0).reason


def test_the_expected_fall_is_that_of_a_large_simulation():
    rng = np.random.default_rng(11)
    true = rng.normal(0, np.sqrt(0.6), 400_000)
    first, second = (true + rng.normal(0, np.sqrt(0.4), 400_000) for _ in range(2))
    picked = first > 0.8
    assert (second - first)[picked].mean() == pytest.approx(c.expected_fall(0.6, cut_sd=0.8).value, abs=0.01)


X = pd.DataFrame({"b": [2, 5, 3, 8, 9, 12, 7, 4, 10, 6, 11, 1], "a": [3, 4, 4, 6, 9, 10, 5, 5, 8, 7, 9, 2]})


def test_oldhams_correlation_is_rs():
    # R 4.2.2: cor.test(y - x, (x + y) / 2)
    found = c.oldham(X, before="b", after="a")
    assert found.value == pytest.approx(-0.7096827707, abs=1e-9)
    assert (found.low, found.high) == pytest.approx((-0.9120978122, -0.2290845710), abs=1e-9)


def test_the_slope_is_rs_and_blomqvist_divides_it_by_the_reliability():
    # R 4.2.2: coef(lm(y ~ x))[2]
    assert c.stability(X, before="b", after="a").value == pytest.approx(0.6783216783, abs=1e-9)
    found = c.blomqvist(X, before="b", after="a", reliability=0.8)
    # Blomqvist's own form: (slope of change + 1 - r) / r
    assert found.value == pytest.approx((0.6783216783 - 1 + 0.2) / 0.8, abs=1e-9)


# --- the four indices -------------------------------------------------------------------------------------


def test_reliable_change_is_jacobsons_and_truaxs():
    # Their worked example: 47.5 to 32.5, standard deviation 7.5, reliability .80: standard error of the
    # difference 4.74, RC = -3.16, beyond 1.96.
    yardstick = c.Yardstick.from_reliability(0.80, sd=7.5, threshold=40)
    assert np.sqrt(2) * yardstick.error_sd == pytest.approx(4.74, abs=0.005)
    frame = pd.DataFrame(
        {"b": [47.5] * 5 + [30.0, 31, 32, 33, 34], "a": [32.5] * 5 + [30.0, 31, 32, 33, 43.4]}
    )
    found = c.need_change(frame, before="b", after="a", against=yardstick)
    assert found.improved.value == 0.5
    assert found.worsened.value == pytest.approx(0.1)  # 9.4 points are more than 1.96 x 4.74 = 9.30
    assert "2.5% by chance" in found.improved.sentence()


def test_no_reliable_change_has_an_interval_from_none_and_all_have_one_to_all():
    frame = pd.DataFrame({"b": np.arange(60.0), "a": np.arange(60.0) + [0.5, -0.5] * 30})
    none = c.need_change(frame, before="b", after="a", against=c.Yardstick(2.0, 14)).improved
    everyone = c.need_change(
        frame.assign(a=frame["a"] - 40), before="b", after="a", against=c.Yardstick(2.0, 14)
    )
    assert (none.value, none.low) == (0, 0)
    assert 0 < none.high < 0.06
    assert (everyone.improved.value, everyone.improved.high) == (1, 1)


def nobody_changes(n=4000, seed=1, sd=4.0, error=2.5):
    rng = np.random.default_rng(seed)
    true = rng.normal(12, sd, n)
    return pd.DataFrame({"b": true + rng.normal(0, error, n), "a": true + rng.normal(0, error, n)})


def test_picked_children_fall_as_expected_and_not_beyond():
    everyone = nobody_changes().assign(high=lambda f: f["b"] > 15)
    against = c.Yardstick(2.5, threshold=15, population_mean=everyone["b"].mean())
    found = c.need_change(everyone, before="b", after="a", against=against, selected="high")
    assert found.raw.high < -1
    assert found.expected.value < -1
    assert not found.adjusted.excludes(0)
    assert found.crossed.high < 0


def picked_from(everyone, *, share=0.75, **about):
    """Change of the neediest beyond what was to be expected; of the others `after` may be empty."""
    frame = everyone.assign(high=everyone["b"] > everyone["b"].quantile(share))
    about = {"before": "b", "after": "a", "population_mean": frame["b"].mean(), "selected": "high", **about}
    return c.change_beyond_regression(frame, **about), c.expected_change(frame, **about)


def test_pairs_that_read_alike_in_both_directions_fell_by_what_was_expected():
    once = nobody_changes(300).round()
    both = pd.concat([once, once.rename(columns={"a": "b", "b": "a"})], ignore_index=True)
    beyond, due = picked_from(both)
    high = both["b"] > both["b"].quantile(0.75)
    assert beyond.value == pytest.approx(0, abs=1e-6)
    assert due.value == pytest.approx((both["a"] - both["b"])[high].mean())


@pytest.mark.parametrize("scale", [1 / 12, 10.0])
def test_the_change_beyond_is_the_same_in_any_unit(scale):
    frame = nobody_changes(800).round().assign(a=lambda f: (f["a"] - 1.4).round())
    one, other = (picked_from(f)[0] for f in (frame, frame * scale))
    assert [other.value / scale, other.low / scale] == pytest.approx([one.value, one.low], rel=1e-4)


def test_what_the_picked_alone_lost_is_not_called_due():
    frame = nobody_changes()
    high = frame["b"] > frame["b"].quantile(0.75)
    beyond, due = picked_from(frame.assign(a=frame["a"] - 2 * high))
    nothing, also_due = picked_from(frame)
    assert beyond.value == pytest.approx(nothing.value - 2, abs=0.01)
    assert due.value == pytest.approx(also_due.value, abs=0.01)
    assert beyond.low < -2 < beyond.high


def test_two_kinds_of_children_who_do_not_change_neither_rise_nor_fall_beyond():
    # A straight line says that such children rose by one point, and is sure of it
    rng = np.random.default_rng(3)
    true = np.where(rng.random(4000) < 0.3, 18, 6) + rng.normal(0, 1.5, 4000)
    frame = pd.DataFrame({"b": true + rng.normal(0, 2.7, 4000), "a": true + rng.normal(0, 2.7, 4000)})
    frame["high"] = frame["b"] > frame["b"].quantile(0.75)
    about = {"before": "b", "after": "a", "population_mean": frame["b"].mean()}
    found = c.change_beyond_regression(frame, **about, selected="high")
    assert abs(found.value) < 0.3
    assert not found.excludes(0)
    assert not c.change_by_first(frame, **about).beyond.excludes(0)
    line = c.stability(frame, before="b", after="a")
    assert c.change_beyond_regression(frame, **about, selected="high", slope=line).low > 0.5


@pytest.mark.parametrize(
    "chance",
    [lambda b: np.exp(-0.15 * b.clip(lower=0)), lambda b: np.where(b >= b.mean(), 1.0, 0.3)],
    ids=["the needier the less", "the needier half always"],
)
def test_who_is_seen_again_is_weighted_for(chance):
    everyone = nobody_changes(8000)
    seen = np.random.default_rng(5).random(8000) < chance(everyone["b"])
    found, _ = picked_from(everyone.assign(a=everyone["a"].where(seen)))
    assert abs(found.value) < 0.3
    assert not found.excludes(0)
    alone = everyone.assign(high=everyone["b"] > everyone["b"].quantile(0.75))[seen]
    about = {"before": "b", "after": "a", "population_mean": everyone["b"].mean(), "selected": "high"}
    assert "give also the children not seen again" in c.change_beyond_regression(alone, **about).reason


@pytest.mark.parametrize(("part", "high"), [(0.1, True), (0.05, True), (0.1, False)])
def test_where_the_highest_or_lowest_are_never_seen_again_nothing_is_read_backwards(part, high):
    """Those beside cannot stand for them: a rise of .3 to .4 points was claimed where nothing had changed."""
    frame = nobody_changes(600)
    edge = frame["b"].quantile(1 - part if high else part)
    gone = frame["b"] >= edge if high else frame["b"] <= edge
    found, _ = picked_from(frame.assign(a=frame["a"].mask(gone)))
    assert found.reason == "of some first scores no child was seen again"
    some = frame.assign(a=frame["a"].where(np.random.default_rng(1).random(600) < 0.3))
    assert picked_from(some)[0].estimable


@pytest.mark.parametrize("seed", [1, 2])
def test_where_half_of_all_fell_by_three_it_finds_less_than_the_mean_fall_as_the_notes_say(seed):
    half = np.random.default_rng(seed + 8).random(20_000) < 0.5
    found, _ = picked_from(nobody_changes(20_000, seed).assign(a=lambda f: f["a"] - 3 * half))
    assert found.value == pytest.approx(-1, abs=0.15)
    assert found.low > -1.5


@pytest.mark.parametrize(("errors", "side"), [((3, 2), -1), ((2, 3), 1), ((2.5, 2.5), 0)])
def test_where_later_ratings_err_less_a_fall_is_claimed_that_was_none_as_the_notes_say(errors, side):
    rng = np.random.default_rng(4)
    true = rng.normal(12, 4, 20_000)
    first, later = (true + rng.normal(0, error, 20_000) for error in errors)
    found, _ = picked_from(pd.DataFrame({"b": first, "a": later}))
    assert np.sign(found.value) * found.excludes(0) == side


def test_where_hardly_anybody_is_high_later_nothing_can_be_read_backwards():
    """Of 12 picked at 20 one rises to 200 and all others fall to 5: 1.25 points given back leave that one above 15."""
    first, later = np.linspace(0, 10, 88), [*np.linspace(10, 0, 88), *[5.0] * 11, 200.0]
    frame = pd.DataFrame({"b": [*first, *[20.0] * 12], "a": later}).assign(high=lambda f: f["b"] > 15)
    about = {"before": "b", "after": "a", "population_mean": frame["b"].mean(), "selected": "high"}
    for found in (c.change_beyond_regression(frame, **about), c.expected_change(frame, **about)):
        assert found.reason == "fewer than 10 children scored as high at the later assessment"


def test_where_all_are_alike_later_nothing_can_be_read_backwards():
    frame = nobody_changes(200)
    found, _ = picked_from(frame.assign(a=9.0))
    assert found.reason == "all later scores are alike"


def test_a_reliability_from_elsewhere_serves_where_only_picked_children_were_kept():
    picked = nobody_changes().query("b > 15")
    against = c.Yardstick(2.5, threshold=15, population_mean=12.0, slope=16 / (16 + 6.25))
    found = c.need_change(picked, before="b", after="a", against=against)
    assert found.raw.high < -1
    assert abs(found.adjusted.value) < 0.3


def test_the_parts_add_up():
    frame = nobody_changes(200)
    found = c.need_change(
        frame, before="b", after="a", against=c.Yardstick(2.5, threshold=15, population_mean=10.0)
    )
    assert found.raw.value == pytest.approx(found.expected.value + found.adjusted.value)
    assert len(found.frame()) == 6


def test_a_true_fall_of_everybody_is_found():
    frame = nobody_changes().assign(a=lambda f: f["a"] - 2)
    against = c.Yardstick(2.5, threshold=15, population_mean=12.0)
    assert c.need_change(frame, before="b", after="a", against=against).adjusted.value == pytest.approx(
        -2, abs=0.3
    )


def test_more_rating_error_means_fewer_reliable_changes():
    shares = [
        c.need_change(nobody_changes(), before="b", after="a", against=c.Yardstick(error, 15)).improved.value
        for error in (1.0, 2.0, 3.0)
    ]
    assert shares == sorted(shares, reverse=True)
    assert shares[0] > 0.05


def test_crossing_counts_both_ways():
    frame = pd.DataFrame({"b": [10.0] * 6 + [20.0] * 6, "a": [20.0] + [10.0] * 5 + [10.0] * 3 + [20.0] * 3})
    found = c.need_change(frame, before="b", after="a", against=c.Yardstick(2, threshold=15)).crossed
    assert found.value == pytest.approx(100 * (1 - 3) / 12)
    assert "3 fell below the threshold, 1 rose to it" in found.sentence()


# --- too little to go on ----------------------------------------------------------------------------------

AGAINST = c.Yardstick(2.0, threshold=12, population_mean=10.0)


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (pd.DataFrame({"b": [1.0, 2, 3], "a": [2.0, 1, 3]}), "at least 10"),
        (pd.DataFrame({"b": [5.0] * 20, "a": [5.0] * 20}), "alike"),
        (pd.DataFrame({"b": range(20), "a": [np.nan] * 20}), "at least 10"),
        (pd.DataFrame({"b": [], "a": []}, dtype=float), "at least 10"),
    ],
)
def test_too_few_or_unvarying_scores_are_said_without_a_warning(frame, reason):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = c.need_change(frame, before="b", after="a", against=AGAINST)
        spoken = found.sentence()
    assert not found.raw.estimable
    assert reason in found.raw.reason
    assert not found.adjusted.estimable
    assert "nan" not in spoken.lower()


def test_one_rater_for_all_children_widens_and_does_not_break():
    frame = nobody_changes(60).assign(r="one")
    found = c.need_change(frame, before="b", after="a", against=AGAINST, cluster=["r"])
    assert not found.raw.estimable
    assert "at least 3 people must have rated" in found.raw.reason


def test_without_a_population_the_adjusted_change_says_what_it_lacks():
    found = c.need_change(nobody_changes(50), before="b", after="a", against=c.Yardstick(2.0, 12))
    assert "not given" in found.adjusted.sentence()


def test_a_yardstick_refuses_what_cannot_be():
    with pytest.raises(InputError, match="between 0 and 1"):
        c.Yardstick.from_reliability(1.2, sd=3, threshold=10)
    with pytest.raises(InputError, match="Column 'x' is missing"):
        c.need_change(X, before="x", after="a", against=AGAINST)


def test_rating_error_is_the_root_of_half_the_mean_squared_difference():
    twice = pd.DataFrame({"pair": [*range(12)] * 2, "s": [*range(12), *[k + (-1) ** k for k in range(12)]]})
    assert c.rating_error(twice, subject="pair", score="s").value == pytest.approx(np.sqrt(0.5))
    assert not c.rating_error(twice.head(12), subject="pair", score="s").estimable


def test_a_change_beyond_expectation_whose_interval_reaches_to_nought_is_not_said_to_be_none():
    raw, beyond = (
        Estimate("Change", *ends, n=90, unit="points") for ends in ((-2.0, -2.6, -1.4), (-1.5, -3.1, 0.1))
    )
    said = c.indices_headline(c.NeedChange(raw, raw, beyond, raw, raw, raw))
    assert said.endswith("not clearly by more than was to be expected")
