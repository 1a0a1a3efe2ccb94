"""Unit, direction and reference tests of change by domain, over time, beside others, and of those not seen again."""

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from statsmodels.regression.mixed_linear_model import MixedLM

from vcanalysis.analysis import change as c
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

# --- by domain --------------------------------------------------------------------------------------------


def levels(n=300, domains=12, seed=0, error=0.7, shared=0.0):
    """Twice the same true levels with error: nobody changes."""
    rng = np.random.default_rng(seed)
    lasting = rng.normal(0, 0.7, n)[:, None]
    true = np.clip(np.rint(1 + lasting + rng.normal(0, 0.7, (n, domains))), 0, 3)
    names, frame = [f"d{i}" for i in range(domains)], {}
    for when in ("before", "after"):
        seen = np.rint(true + rng.normal(0, error, true.shape) + rng.normal(0, shared, (n, 1)))
        frame |= {f"{d}_{when}": col for d, col in zip(names, np.clip(seen, 0, 3).T, strict=True)}
    wide = pd.DataFrame(frame)
    wide["total"] = wide[[f"{d}_before" for d in names]].sum(axis=1)
    wide["total_after"] = wide[[f"{d}_after" for d in names]].sum(axis=1)
    return names, wide.assign(high=wide["total"] >= wide["total"].quantile(0.75))


def test_intervals_for_all_domains_are_wider_than_each_alone_and_p_values_larger():
    names, frame = levels()
    found = c.domain_changes(frame, domains=names)
    table = found.table
    width = np.array([e.high - e.low for e in found.estimates])
    assert (width > table["high"] - table["low"]).all()
    for name in ("p_holm", "p_bh", "p_max_t"):
        assert (table[name] >= table["p"] - 0.01).all()
    assert (table["p_bh"] <= table["p_holm"] + 1e-12).all()


def test_holm_is_hand_arithmetic():
    names, frame = levels(domains=3)
    p = c.domain_changes(frame, domains=names).table.sort_values("p")
    by_hand = np.maximum.accumulate(np.minimum(p["p"].to_numpy() * [3, 2, 1], 1))
    assert p["p_holm"].to_numpy() == pytest.approx(by_hand)


def test_domains_that_never_differ_share_one_test():
    # With identical domains the largest t is any one of them, so that nothing is paid for looking twelve times.
    _, frame = levels(domains=1)
    copies = pd.DataFrame({f"c{i}_{w}": frame[f"d0_{w}"] for i in range(12) for w in ("before", "after")})
    table = c.domain_changes(copies, domains=[f"c{i}" for i in range(12)]).table
    assert table["p_max_t"].to_numpy() == pytest.approx(table["p"].to_numpy(), abs=0.015)
    assert table["p_holm"].min() == pytest.approx(min(12 * table["p"].iloc[0], 1))


def test_the_one_domain_that_fell_is_found():
    names, frame = levels(seed=5)
    frame["d5_after"] = np.clip(frame["d5_after"] - (np.arange(300) % 2), 0, 3)
    found = c.domain_changes(frame, domains=names, titles={"d5": "Attachment"})
    assert found.clear == ["Attachment"]


def test_a_domain_without_change_says_so_and_the_others_go_on():
    names, frame = levels(domains=2)
    frame["d0_after"] = frame["d0_before"]
    found = c.domain_changes(frame, domains=names)
    assert [e.estimable for e in found.estimates] == [False, True]
    assert "No child changed" in found.estimates[0].sentence()
    nothing = c.domain_changes(frame.head(3), domains=names)
    assert not any(e.estimable for e in nothing.estimates)
    assert nothing.table.empty


def due(names, frame):
    totals = {"total": "total", "total_after": "total_after", "population_mean": frame["total"].mean()}
    return c.expected_by_selection(frame, domains=names, selected="high", **totals)


def picked_all_fall(error, shared):
    names, frame = levels(n=400, error=error, shared=shared, seed=7)
    expected = due(names, frame)
    assert max(expected.change.values()) < 0.05
    return c.chance_all_fall(frame, domains=names, expected=expected, selected="high").value


def test_picking_high_totals_makes_all_twelve_domains_fall_the_more_the_worse_the_ratings():
    # 12 domains of 0 to 3, 100 children of the top quarter, nobody changes
    chances = [picked_all_fall(error, shared) for error, shared in ((0.5, 0.0), (0.9, 0.3), (0.9, 0.6))]
    assert chances == sorted(chances)
    assert chances[-1] > 0.85


def test_the_chance_that_all_fall_is_that_of_a_simulation():
    names, frame = levels(n=400, error=0.9, shared=0.4, seed=7)
    expected = due(names, frame)
    worked_out = c.chance_all_fall(frame, domains=names, expected=expected, selected="high").value
    fell = []
    for seed in range(150):
        _, drawn = levels(n=400, error=0.9, seed=1000 + seed, shared=0.4)
        picked = drawn[drawn["high"]]
        fell.append(all((picked[f"{d}_after"] - picked[f"{d}_before"]).mean() < 0 for d in names))
    assert np.mean(fell) == pytest.approx(worked_out, abs=0.1)


def test_the_error_of_what_was_due_widens_the_interval_and_does_not_draw_the_chance_to_a_half():
    # One domain: mean change of variance .01 (100 children, +-sqrt(.99)), .1 lower due, known with variance .0036. By
    # hand: normal probability below .1 / sqrt(.01 - .0036) = 1.25, that is .894; its error is .06 / .08 = .75, so the
    # ends are at 1.25 -+ 1.47.
    frame = pd.DataFrame({"x_before": 0.0, "x_after": np.sqrt(0.99) * np.tile([1.0, -1.0], 50)})
    found = c.chance_all_fall(frame, domains=["x"], expected=c.Due({"x": -0.1}, np.array([[0.0036]])))
    assert found.value == pytest.approx(0.894, abs=1e-3)
    assert (found.low, found.high) == pytest.approx((0.413, 0.997), abs=0.04)
    assert not c.chance_all_fall(frame, domains=["x"]).has_interval


@pytest.mark.parametrize(("pairs", "least"), [(6, (0.2, 0.35)), (50, (0.35, 0.41))])
def test_few_children_leave_the_chance_that_all_fall_less_sure_than_many(pairs, least):
    # As above, the same spread known from 12 children or 100; were it known for certain, the low end would be at .413
    n = 2 * pairs
    change = np.sqrt(0.01 * (n - 1)) * np.tile([1.0, -1.0], pairs)
    frame = pd.DataFrame({"x_before": 0.0, "x_after": change})
    due = c.Due({"x": -0.1}, np.array([[0.0036]]))
    found = c.chance_all_fall(frame, domains=["x"], expected=due)
    assert found.value == pytest.approx(0.894, abs=1e-3)
    assert least[0] < found.low < least[1]


def test_without_selection_all_twelve_hardly_ever_fall_together():
    names, frame = levels()
    assert c.chance_all_fall(frame, domains=names).value < 0.02
    one = c.chance_all_fall(frame, domains=["d0"]).value
    assert one == pytest.approx(0.5, abs=1e-6)
    with pytest.raises(InputError, match="No domain"):
        c.chance_all_fall(frame, domains=[])


# --- over time --------------------------------------------------------------------------------------------

# Dental distance of 27 children at ages 8, 10, 12 and 14 (Potthoff and Roy 1964), as in R's nlme::Orthodont.
# fmt: off
DISTANCE = np.array([
    26, 25, 29, 31, 21.5, 22.5, 23, 26.5, 23, 22.5, 24, 27.5, 25.5, 27.5, 26.5, 27, 20, 23.5,
    22.5, 26, 24.5, 25.5, 27, 28.5, 22, 22, 24.5, 26.5, 24, 21.5, 24.5, 25.5, 23, 20.5, 31, 26,
    27.5, 28, 31, 31.5, 23, 23, 23.5, 25, 21.5, 23.5, 24, 28, 17, 24.5, 26, 29.5, 22.5, 25.5,
    25.5, 26, 23, 24.5, 26, 30, 22, 21.5, 23.5, 25, 21, 20, 21.5, 23, 21, 21.5, 24, 25.5,
    20.5, 24, 24.5, 26, 23.5, 24.5, 25, 26.5, 21.5, 23, 22.5, 23.5, 20, 21, 21, 22.5, 21.5, 22.5,
    23, 25, 23, 23, 23.5, 24, 20, 21, 22, 21.5, 16.5, 19, 19, 19.5, 24.5, 25, 28, 28,
])
# fmt: on
SUBJECT, AGE = np.repeat(np.arange(27), 4), np.tile([8.0, 10, 12, 14], 27)


def test_growth_is_rs():
    # R 4.2.2, nlme 3.1-162: lme(distance ~ age, random = ~ age | Subject, method = "REML")
    fit, _ = c.fit_growth(SUBJECT, AGE, DISTANCE)
    assert fit.coefficients == pytest.approx([16.7611111111, 0.6601851852], abs=1e-8)
    assert fit.errors == pytest.approx([0.77525492976, 0.07125343736], abs=5e-5)
    assert fit.log_likelihood == pytest.approx(-221.31834295, abs=1e-6)
    assert fit.variances["level"] == pytest.approx(5.41540301, rel=1e-3)
    assert fit.variances["slope"] == pytest.approx(0.05126976, rel=1e-3)
    assert fit.variances["residual"] == pytest.approx(1.71621310, rel=1e-4)


def unbalanced(n=120, slope=-0.4, seed=2):
    rng = np.random.default_rng(seed)
    child = np.repeat(np.arange(n), rng.integers(1, 6, n))
    time = rng.uniform(0, 3, len(child))
    level, own = rng.normal(10, 3, n), rng.normal(slope, 0.8, n)
    score = level[child] + own[child] * time + rng.normal(0, 1.5, len(child))
    return pd.DataFrame({"child": child, "years": time, "need": score})


def test_growth_is_statsmodels_where_its_optimiser_arrives():
    frame = unbalanced()
    fit, _ = c.fit_growth(frame["child"].to_numpy(), frame["years"].to_numpy(), frame["need"].to_numpy())
    design = sm.add_constant(frame[["years"]])
    other = MixedLM(frame["need"], design, groups=frame["child"], exog_re=design).fit(
        reml=True, method=["powell", "lbfgs"]
    )
    assert fit.log_likelihood >= other.llf - 1e-6
    assert fit.coefficients == pytest.approx(other.fe_params.to_numpy(), abs=2e-3)
    assert fit.errors == pytest.approx(other.bse_fe.to_numpy(), rel=0.01)


def test_robust_errors_of_growth_come_near_the_models_when_the_model_holds():
    frame = unbalanced(n=600)
    slope = c.growth(frame, child="child", time="years", score="need")[0]
    fit, _ = c.fit_growth(frame["child"].to_numpy(), frame["years"].to_numpy(), frame["need"].to_numpy())
    assert slope.std_error == pytest.approx(fit.errors[1], rel=0.12)
    assert slope.low < -0.4 < slope.high


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (unbalanced().head(4), "at least 10 children"),
        (unbalanced().assign(need=3.0), "all scores are the same"),
        (unbalanced().assign(years=0.0), "at the same time"),
    ],
)
def test_no_line_is_fitted_where_there_is_none(frame, reason):
    assert reason in c.growth(frame, child="child", time="years", score="need")[0].reason


def test_cumulative_odds_are_rs():
    # R 4.2.2, MASS: polr(factor(c(before, after)) ~ rep(0:1, each = 100)): -0.30236724
    before = np.repeat([0, 1, 2, 3], [20, 25, 30, 25])
    counts = [(14, 4, 2, 0), (8, 11, 4, 2), (3, 9, 13, 5), (0, 4, 8, 13)]
    after = np.concatenate([np.repeat(range(4), row) for row in counts])
    found = c.ordinal_change(pd.DataFrame({"b": before, "a": after}), before="b", after="a")
    assert np.log(found.value) == pytest.approx(-0.30236724, abs=1e-4)
    assert found.n == 100


def test_cumulative_odds_need_more_than_one_level():
    flat = pd.DataFrame({"b": [1] * 20, "a": [1] * 20})
    assert "one level" in c.ordinal_change(flat, before="b", after="a").reason


# --- beside others ----------------------------------------------------------------------------------------


def test_the_comparison_is_rs_analysis_of_covariance():
    # R 4.2.2: lm(y ~ g + x); sqrt(sandwich::vcovHC(m, "HC2")["g", "g"])
    x = [2, 5, 3, 8, 9, 12, 7, 4, 10, 6, 11, 1, 3, 6, 8, 9, 2, 7, 5, 10]
    y = [3, 4, 4, 6, 9, 10, 5, 5, 8, 7, 9, 2, 1, 4, 9, 6, 1, 5, 5, 7]
    frame = pd.DataFrame({"x": x, "y": y, "g": [True] * 10 + [False] * 10})
    found = c.compare_groups(frame, before="x", after="y", group="g")
    assert found.value == pytest.approx(0.9098989899, abs=1e-9)
    assert found.std_error == pytest.approx(0.5226482854, abs=1e-9)


def test_a_comparison_without_others_says_so():
    frame = pd.DataFrame({"x": range(30), "y": range(30), "g": [True] * 25 + [False] * 5})
    assert "in each group" in c.compare_groups(frame, before="x", after="y", group="g").reason
    with pytest.raises(InputError, match="True or False"):
        c.compare_groups(frame.assign(g="yes"), before="x", after="y", group="g")


def rated_on_sides(people):
    """Give 80 children whose first forty were all rated by so many people, the others by ten."""
    rng, side = np.random.default_rng(2), np.arange(80) < 40
    rater = np.where(side, np.arange(80) % people, 50 + np.arange(80) % 10)
    lean = rng.normal(size=60)[rater]
    frame = pd.DataFrame({"b": rng.normal(size=80), "g": side, "r": rater})
    return frame.assign(a=0.5 * frame["b"] + lean + rng.normal(0, 0.1, 80))


def test_a_side_rated_by_two_people_cannot_be_told_from_how_they_lean():
    found = c.compare_groups(rated_on_sides(2), before="b", after="a", group="g", cluster="r")
    assert "fewer than 3 people on one side" in found.reason


def test_the_fewer_people_rate_a_side_the_wider_the_interval():
    about = {"before": "b", "after": "a", "group": "g", "cluster": "r"}
    few, many = (c.compare_groups(rated_on_sides(people), **about) for people in (4, 10))
    assert few.high - few.low > 1.3 * (many.high - many.low)


def test_changed_raters_are_set_apart_and_one_rater_is_not_enough():
    rng = np.random.default_rng(3)
    frame = pd.DataFrame({"b": rng.normal(10, 3, 200), "r": rng.integers(0, 12, 200).astype(str)})
    frame["s"] = frame["r"].where(np.arange(200) < 100, "x" + frame["r"])
    frame["a"] = (
        frame["b"] + rng.normal(0, 1, 200) + np.where(frame["r"] == frame["s"], 0, rng.normal(0, 3, 200))
    )
    found = c.change_by_rater(frame, before="b", after="a", rater_before="r", rater_after="s")
    assert [e.n for e in found] == [100, 100, 200, 100, 100]
    assert found[4].value > 2 * found[3].value
    one = c.change_by_rater(
        frame.assign(r="v", s="v"), before="b", after="a", rater_before="r", rater_after="s"
    )
    assert not one[0].estimable
    assert not one[2].estimable


def test_bands_move_as_drawn():
    kind = pd.CategoricalDtype(["standard", "enhanced", "complex"], ordered=True)
    frame = pd.DataFrame(
        {
            "b": ["standard"] * 10 + ["enhanced"] * 20 + ["complex"] * 4,
            "a": ["standard"] * 8 + ["enhanced"] * 2 + ["standard"] * 5 + ["enhanced"] * 15 + ["complex"] * 4,
        }
    ).astype(kind)
    moved = {e.group: e.value for e in c.band_transitions(frame, before="b", after="a")}
    assert moved["enhanced to standard"] == 0.25
    assert moved["standard to enhanced"] == 0.2
    assert moved["complex to complex"] is None  # four children are too few
    shares = {e.group: e.value for e in c.share_changing_band(frame, before="b", after="a")}
    assert shares == {"lower": 5 / 34, "same": 27 / 34, "higher": 2 / 34}


@pytest.mark.parametrize(
    ("on", "side"),
    [
        (None, "never"),
        ("2017-12-31", "before the first"),
        ("2018-01-01", "between the two"),
        ("2018-12-31", "between the two"),
        ("2019-01-01", "after the last"),
    ],
)
def test_a_programme_counts_for_a_pair_only_if_it_began_between_its_assessments(on, side):
    days = {"date_before": pd.Timestamp("2018-01-01"), "date_after": pd.Timestamp("2019-01-01")}
    pairs = pd.DataFrame([{**days, "on": pd.Timestamp(on) if on else pd.NaT}])
    assert list(c.when_started(pairs.astype({"on": "datetime64[ns]"}), on="on")) == [side]


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        (
            (-2.0, -3.0, -1.0),
            "lower than that of children with the same first need, by 1.0 points to 3.0 points",
        ),
        (
            (2.0, 1.0, 3.0),
            "higher than that of children with the same first need, by 1.0 points to 3.0 points",
        ),
        ((0.0, -1.0, 1.0), "No clear difference"),
    ],
)
def test_the_words_beside_others_go_no_further_than_the_interval(ends, words):
    value, low, high = ends
    assert words in c.beside_others(Estimate("Later need", value, low, high, n=40, unit="points"))


@pytest.mark.parametrize(
    ("ends", "words"),
    [
        ((-2.0, -3.0, -1.0), "The total fell by 2.0 points (95% interval 1.0 to 3.0)."),
        ((2.0, 1.0, 3.0), "The total rose by 2.0 points (95% interval 1.0 to 3.0)."),
        (
            (0.0, -1.0, 1.0),
            "The total did not clearly change: between 1.0 points lower and 1.0 points higher.",
        ),
    ],
)
def test_a_direction_is_named_only_where_the_interval_has_one(ends, words):
    value, low, high = ends
    assert c.moved(Estimate("Change", value, low, high, n=40, unit="points"), what="The total") == words


def test_two_sdqs_count_only_when_they_are_some_months_apart():
    rows = [("a", "2019-01-01", 20), ("a", "2019-07-01", 15)]  # six months: counts
    rows += [("b", "2019-01-01", 18), ("b", "2019-02-01", 15)]  # one month: too soon
    rows += [("c", "2018-01-01", 18), ("c", "2019-02-01", 15)]  # over a year: too late
    frame = pd.DataFrame(rows, columns=["child_id", "date", "value"]).assign(measure="sdq_total")
    found = c.sdq_pairs(frame.assign(date=pd.to_datetime(frame["date"])))
    assert found[["child_id", "before", "after"]].to_numpy().tolist() == [["a", 20.0, 15.0]]
    assert found[["impact", "emotional"]].isna().to_numpy().all()


def test_the_added_value_of_the_sdq_is_the_published_formula():
    frame = pd.DataFrame({"t0": [25, 20] * 6, "t1": [18, 18] * 6, "i": [5, 3] * 6, "e": [7, 5] * 6})
    # 2.3 + .8 x 25 + .2 x 5 - .3 x 7 - 18 = 3.2 and 2.3 + 16 + .6 - 1.5 - 18 = -.6
    found = c.sdq_added_value(frame, before="t0", after="t1", impact="i", emotional="e")
    assert found.value == pytest.approx((3.2 - 0.6) / 2)
    none = c.sdq_added_value(frame.assign(i=np.nan), before="t0", after="t1", impact="i", emotional="e")
    assert "impact" in none.reason


# --- those not seen again ---------------------------------------------------------------------------------


def test_rubins_rules_are_mices():
    # R 4.2.2, mice 3.15.0: pool.scalar(c(1, 1.2, .9), c(.04, .05, .045), n = 101, k = 1)
    value, error, df = c.combine_imputations([1.0, 1.2, 0.9], [0.04, 0.05, 0.045], complete_df=100)
    assert (value, error, df) == pytest.approx((1.0333333333, 0.2758824226, 9.9215686711), abs=1e-9)


def leavers(n=4000, seed=1):
    """Need falls by a tenth of the first score; the higher the need, the less often a child is seen again."""
    rng = np.random.default_rng(seed)
    first = rng.normal(10, 4, n)
    second = 0.9 * first + rng.normal(0, 2, n)
    seen = rng.random(n) < 1 / (1 + np.exp(0.4 * (first - 10)))
    return pd.DataFrame({"b": first, "a": np.where(seen, second, np.nan)})


def test_weights_and_imputations_give_back_the_change_of_all_children():
    frame = leavers()
    naive = (frame["a"] - frame["b"]).mean()
    assert naive > -0.8
    for found in (
        c.weighted_change(frame, before="b", after="a"),
        c.imputed_change(frame, before="b", after="a"),
    ):
        assert found.value == pytest.approx(-1.0, abs=0.15)
        assert found.n == 4000


def rare_and_skewed(seed, n=600):
    """Needs by gamma, rated twice with error; the lower the first, the less often seen again; nothing changes."""
    rng = np.random.default_rng(seed)
    need = rng.gamma(3, 4, n)
    first, second = (np.round(need + rng.normal(0, 2.5, n)) for _ in range(2))
    seen = rng.random(n) < 1 / (1 + np.exp(-(first - 12) / 5))
    return pd.DataFrame({"b": first, "a": np.where(seen, second, np.nan)})


def test_imputing_finds_no_fall_in_skewed_needs_where_nothing_changed():
    # A straight line through these says -0.23 on average (sd 0.27 over councils), 0.04 of it a bent one.
    found = c.imputed_change(rare_and_skewed(1, 40_000), before="b", after="a", imputations=20)
    assert abs(found.value) < 0.1
    straight = rare_and_skewed(1, 40_000)
    slope, start = np.polyfit(*straight.dropna().to_numpy().T, 1)
    filled = straight["a"].fillna(start + slope * straight["b"])
    assert (filled - straight["b"]).mean() < -0.15


def test_few_first_scores_are_imputed_along_a_straight_line():
    frame = leavers(400).assign(b=lambda f: (f["b"] > 10).astype(float))
    assert c.imputed_change(frame, before="b", after="a").estimable


def test_who_is_missing_is_said_in_standard_deviations():
    found = c.who_is_missing(leavers(), after="a", columns=["b"])[0]
    assert found.low > 0.8
    few = c.who_is_missing(leavers().head(8), after="a", columns=["b"])[0]
    assert not few.estimable


def test_who_is_missing_by_chance_seldom_differs_in_any_of_five_characteristics():
    # each by itself at 95% would differ in some one in 23% of groups; together in 5%, at 200 groups within 1 to 10%
    said = 0
    for seed in range(200):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame(rng.normal(size=(276, 5)), columns=list("abcde"))
        frame["seen"] = np.where(rng.random(276) < 0.1, np.nan, 1.0)
        said += any(e.excludes(0) for e in c.who_is_missing(frame, after="seen", columns=list("abcde")))
    assert 2 <= said <= 20


def test_a_shift_of_the_imputed_moves_the_mean_by_their_share_and_the_tipping_point_turns_the_answer():
    frame = leavers(400)
    share = frame["a"].isna().mean()
    plain, shifted = (c.imputed_change(frame, before="b", after="a", shift=s) for s in (0.0, 2.0))
    assert shifted.value - plain.value == pytest.approx(2 * share)
    tip = c.tipping_point(frame, before="b", after="a").value
    assert plain.excludes(0)
    assert tip > 0
    assert c.imputed_change(frame, before="b", after="a", shift=0.98 * tip).excludes(0)
    assert not c.imputed_change(frame, before="b", after="a", shift=1.02 * tip).excludes(0)


def test_everyone_seen_or_nobody_is_met_with_words():
    whole = leavers(200).assign(a=lambda f: f["b"] - 1 + np.arange(200) % 2)
    assert "every child" in c.tipping_point(whole, before="b", after="a").reason
    assert c.weighted_change(whole, before="b", after="a").value == pytest.approx(-0.5)
    nobody = whole.assign(a=np.nan)
    for found in (
        c.weighted_change(nobody, before="b", after="a"),
        c.imputed_change(nobody, before="b", after="a"),
        c.tipping_point(nobody, before="b", after="a"),
    ):
        assert "at least 10" in found.reason
    with pytest.raises(InputError, match="at least 20"):
        c.imputed_change(whole, before="b", after="a", imputations=5)


def judged(low, high, term="Change"):
    return Estimate(term, (low + high) / 2, low, high, n=90, unit="points")


def changes(beyond, due):
    return c.NeedChange(beyond, due, beyond, beyond, beyond, beyond)


def test_how_sure_follows_what_was_found():
    clear, unclear, due = judged(-3, -1), judged(-1, 1), judged(-2, -1.5)
    lacking = Estimate.not_estimable("Change", n=3, reason="few")
    assert "fell beyond that" in c.how_sure(changes(clear, due), changes(clear, due))
    assert "fell beyond that" not in c.how_sure(changes(unclear, due), changes(unclear, due))
    assert "proves nothing" not in c.how_sure(changes(unclear, lacking), changes(unclear, lacking))
    assert c.how_sure(changes(lacking, lacking), changes(lacking, lacking)) == ""


@pytest.mark.parametrize(
    ("value", "low", "high", "said"),
    [
        (0.002, 0.0, 0.001, "in less than 1% of such groups."),
        (0.999, 0.998, 1.0, "in more than 99% of such groups."),
        (0.32, 0.05, 0.75, "in 32% of such groups (95% interval 5% to 75%)."),
    ],
)
def test_an_interval_of_one_whole_per_cent_is_not_written_as_two(value, low, high, said):
    chance = Estimate("Probability", value, low, high, n=100, unit="probability")
    assert c.all_fall_sentence(chance, falling=12, domains=12).endswith(said)
