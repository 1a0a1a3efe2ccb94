"""Reference, direction and back-tests of the association analyses; short seeded coverage."""

import warnings
from itertools import permutations

import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import optimize, stats

from vcanalysis.analysis import association as a
from vcanalysis.analysis.association.explained import Explained
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates

REPLICATES = 200


def council(n=300, *, slope=0.3, seed=0):
    rng = np.random.default_rng(seed)
    need = rng.normal(size=n)
    kind = rng.integers(0, 3, n)
    cost = np.exp(6.5 + slope * need + np.array([0.0, 0.4, 2.0])[kind] + rng.normal(0, 0.3, n))
    types = np.array(["Kinship fostering", "Agency fostering", "Residential home"])[kind]
    return pd.DataFrame({"need": need, "cost": cost, "type": types, "age": rng.integers(0, 18, n)})


# --- rank correlation -------------------------------------------------------------------------------------


def test_the_rank_correlation_is_the_textbooks():
    # Ranks by hand: d = 1, 1, 1, 1, 0, 0, 1, 1, 0, 0; sum of d squared 6; rho = 1 - 36 / 990
    frame = pd.DataFrame({"x": range(1, 11), "y": [2, 1, 4, 3, 5, 6, 8, 7, 9, 10]})
    assert a.rank_correlation(frame, x="x", y="y").value == pytest.approx(1 - 6 * 6 / (10 * 99))


def test_missing_values_are_left_out_and_counted_out():
    frame = council()
    frame.loc[:19, "cost"] = np.nan
    result = a.rank_correlation(frame, x="need", y="cost")
    assert result.n == 280
    assert result.value == pytest.approx(stats.spearmanr(frame["need"][20:], frame["cost"][20:]).statistic)


def test_the_rank_correlation_ignores_any_rising_change_of_scale():
    frame = council()
    logged = frame.assign(cost=np.log(frame["cost"]))
    assert a.rank_correlation(frame, x="need", y="cost") == a.rank_correlation(logged, x="need", y="cost")


@pytest.mark.parametrize(
    ("frame", "reason"),
    [
        (pd.DataFrame({"need": [1, 2, 3], "cost": [5, 4, 6]}), "at least 10"),
        (pd.DataFrame({"need": [1.0] * 20, "cost": range(20)}), "same for all"),
        (pd.DataFrame({"need": [np.nan] * 20, "cost": range(20)}), "at least 10"),
        (pd.DataFrame({"need": pd.array([], dtype="Float64"), "cost": []}), "at least 10"),
    ],
)
def test_too_little_to_go_on_is_said_without_a_warning(frame, reason):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = a.rank_correlation(frame, x="need", y="cost")
    assert not result.estimable
    assert reason in result.reason
    assert "not estimable" in result.sentence()


def test_a_missing_or_wordy_column_is_refused_in_one_line():
    frame = council().astype({"age": "str"})
    with pytest.raises(InputError, match="Column 'needs' is missing"):
        a.rank_correlation(frame, x="needs", y="cost")
    with pytest.raises(InputError, match="not numbers"):
        a.rank_correlation(frame.assign(age="old"), x="age", y="cost")


def test_each_type_of_placement_gets_its_own_correlation_in_order():
    frame = council()
    kinds = ["Residential home", "Agency fostering", "Kinship fostering"]
    frame["type"] = pd.Categorical(frame["type"], categories=kinds, ordered=True)
    result = a.rank_correlation_by(frame, x="need", y="cost", group="type")
    assert [e.group for e in result] == kinds
    assert sum(e.n for e in result) == len(frame)
    assert all(e.value > a.rank_correlation(frame, x="need", y="cost").value for e in result)


def test_the_interval_of_the_rank_correlation_covers_a_planted_truth():
    normal, n = 0.30, 120
    truth, inside = 6 / np.pi * np.arcsin(normal / 2), 0
    for seed in range(REPLICATES):
        x = np.random.default_rng(seed).multivariate_normal([0, 0], [[1, normal], [normal, 1]], n)
        result = a.rank_correlation(pd.DataFrame(x, columns=["x", "y"]), x="x", y="y")
        inside += result.low <= truth <= result.high
    assert 0.915 <= inside / REPLICATES <= 0.985


# --- reliability ------------------------------------------------------------------------------------------

SHROUT_FLEISS = np.array(
    [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
)


def test_the_reliability_is_shrouts_and_fleiss():
    # Their table has 6 subjects; stacked twice with a shift it must keep the mean squares' formula.
    table = np.vstack([SHROUT_FLEISS, SHROUT_FLEISS])
    frame = pd.DataFrame({"child": np.repeat(np.arange(12), 4), "score": table.ravel()})
    between, within = 56.20833 * 2 / 11, 112.75 * 2 / 36  # sums of squares of the published table, doubled
    expected = (between - within) / (between + 3 * within)
    assert a.reliability(frame, subject="child", score="score").value == pytest.approx(expected, abs=1e-5)


def test_children_rated_once_do_not_count():
    frame = pd.DataFrame({"pair": [*range(12), *range(12), 99], "score": [*range(12), *range(1, 13), 7]})
    assert a.reliability(frame, subject="pair", score="score").n == 12


def test_ratings_that_never_differ_tell_nothing_of_error():
    frame = pd.DataFrame({"pair": [*range(12)] * 2, "score": [*range(12)] * 2})
    assert not a.reliability(frame, subject="pair", score="score").estimable
    assert not a.reliability(frame.assign(score=3), subject="pair", score="score").estimable
    assert not a.reliability(frame.head(0), subject="pair", score="score").estimable


def test_the_interval_of_the_reliability_covers_a_planted_truth():
    inside = 0
    for seed in range(REPLICATES):
        rng = np.random.default_rng(seed)
        true = rng.normal(0, np.sqrt(0.7), 60)
        scores = np.concatenate([true + rng.normal(0, np.sqrt(0.3), 60) for _ in range(2)])
        result = a.reliability(
            pd.DataFrame({"pair": [*range(60)] * 2, "score": scores}), subject="pair", score="score"
        )
        inside += result.low <= 0.7 <= result.high
    assert 0.915 <= inside / REPLICATES <= 0.985


def test_correcting_for_error_gives_back_the_planted_correlation_and_covers_it():
    true_rho, reliable, inside, found = 0.40, 0.64, 0, []
    target = 6 / np.pi * np.arcsin(true_rho / 2)
    for seed in range(REPLICATES):
        rng = np.random.default_rng(seed)
        need, cost = rng.multivariate_normal([0, 0], [[1, true_rho], [true_rho, 1]], 250).T
        noise = np.sqrt(1 / reliable - 1)
        first, second = need + rng.normal(0, noise, 250), need + rng.normal(0, noise, 250)
        rho = a.rank_correlation(pd.DataFrame({"x": first, "y": cost}), x="x", y="y")
        twice = pd.DataFrame({"pair": [*range(120)] * 2, "s": [*first[:120], *second[:120]]})
        result = a.disattenuated(rho, a.reliability(twice, subject="pair", score="s"), draws=4000)
        found.append(result.value)
        inside += result.low <= target <= result.high
    assert np.mean(found) == pytest.approx(target, abs=0.02)
    assert 0.915 <= inside / REPLICATES <= 0.985


def test_perfect_reliability_changes_nothing_and_less_of_it_raises_the_correlation():
    rho = Estimate("Rank correlation", 0.2, 0.09, 0.31, n=300, unit="correlation")
    curve = a.disattenuation_curve(rho, reliabilities=[0.5, 0.7, 0.9, 1.0])
    values = [e.value for e in curve]
    assert values == sorted(values, reverse=True)
    assert curve.group("1.00").value == pytest.approx(0.2)
    assert curve.group("1.00").low == pytest.approx(0.09, abs=0.005)


def test_a_reliability_near_zero_corrects_nothing():
    rho = Estimate("Rank correlation", 0.2, 0.09, 0.31, n=300, unit="correlation")
    poor = Estimate("Agreement", 0.1, -0.1, 0.3, n=40, unit="ratio")
    assert not a.disattenuated(rho, poor).estimable
    assert not a.disattenuated(Estimate.not_estimable("Rank correlation", n=3, reason="few"), 0.7).estimable


# --- share explained --------------------------------------------------------------------------------------


def lmg_by_statsmodels(y, blocks):
    """Average of what each block adds to adjusted R squared over all orders, by brute force with OLS."""

    def worth(names):
        x = sm.add_constant(np.column_stack([np.ones(len(y)) * 0, *(blocks[n] for n in names)])[:, 1:])
        return sm.OLS(y, x).fit().rsquared_adj if names else 0.0

    orders = list(permutations(blocks))
    shares = dict.fromkeys(blocks, 0.0)
    for order in orders:
        for i, name in enumerate(order):
            shares[name] += (worth(order[: i + 1]) - worth(order[:i])) / len(orders)
    return shares


def test_the_shares_are_those_of_all_orders_of_entry_by_statsmodels():
    frame = council(seed=4)
    frame["other"] = frame["need"] + np.random.default_rng(1).normal(size=len(frame))
    kinds = pd.get_dummies(frame["type"], drop_first=True).to_numpy(float)
    blocks = {"Need": frame[["need"]].to_numpy(), "Type": kinds, "Other": frame[["other"]].to_numpy()}
    expected = lmg_by_statsmodels(np.log(frame["cost"].to_numpy()), blocks)
    columns = {"Need": ["need"], "Type": ["type"], "Other": ["other"]}
    result = a.share_explained(frame, cost="cost", blocks=columns)
    for name, share in expected.items():
        assert result.blocks.group(name).value == pytest.approx(share, abs=1e-6)
    assert result.together.value == pytest.approx(sum(expected.values()), abs=1e-6)


def test_uncorrelated_predictors_get_their_squared_correlations():
    # Hand example: x and z orthogonal, y = 2x + z: R squared splits 4/5 and 1/5 with nothing left over.
    x, z = np.repeat([-1.0, 1.0], 500), np.tile([-1.0, 1.0], 500)
    frame = pd.DataFrame({"x": x, "z": z, "cost": np.exp(2 * x + z)})
    result = a.share_explained(frame, cost="cost", blocks={"X": ["x"], "Z": ["z"]})
    assert [e.value for e in result.blocks] == pytest.approx([0.8, 0.2], abs=5e-4)


def test_forty_providers_drawn_by_lot_explain_nothing():
    frame = council(400, seed=2)
    shares = []
    for seed in range(20):
        frame["provider"] = np.random.default_rng(seed).integers(0, 40, len(frame)).astype(str)
        blocks = {"Type": ["type"], "Provider": ["provider"]}
        shares.append(a.share_explained(frame, cost="cost", blocks=blocks).blocks[1].value)
    assert np.mean(shares) < 0.015


def test_collinear_blocks_share_what_they_explain():
    frame = council().assign(twin=lambda f: f["need"])
    result = a.share_explained(frame, cost="cost", blocks={"A": ["need"], "B": ["twin"]})
    assert result.blocks[0].value == pytest.approx(result.blocks[1].value, rel=0.02)


def test_the_interval_of_a_share_covers_a_planted_truth():
    inside, truth = 0, 0.2  # cost = x + 2 z on the log scale, both of unit variance
    for seed in range(100):
        rng = np.random.default_rng(seed)
        x, z = rng.normal(size=(2, 200))
        frame = pd.DataFrame({"x": x, "z": z, "cost": np.exp(x + 2 * z)})
        share = a.share_explained(frame, cost="cost", blocks={"X": ["x"], "Z": ["z"]}, seed=seed)
        inside += share.blocks[0].low <= truth <= share.blocks[0].high
    assert 0.89 <= inside / 100 <= 0.99


@pytest.mark.parametrize("cluster", ["", "home"])
def test_a_block_that_explains_nothing_has_an_upper_end_clear_of_nought(cluster):
    for seed in range(20):
        rng = np.random.default_rng(seed)
        frame = pd.DataFrame({"need": rng.integers(0, 25, 120), "type": rng.choice(list("abcd"), 120)})
        frame["cost"] = np.exp(6 + (frame["type"] == "a") + rng.normal(0, 0.5, 120))
        frame["home"] = np.arange(120) // 3
        blocks = {"Need": ["need"], "Type": ["type"]}
        need = a.share_explained(frame, cost="cost", blocks=blocks, cluster=cluster).blocks[0]
        assert 0 <= need.low <= need.value < need.high < 0.2
        assert need.high > 0.01  # what one idle number is credited with by chance alone is about 1 in 120


def test_near_nought_the_interval_is_the_noncentral_f_of_one_regression():
    # one block of one number: R squared is F / (F + n - 2), its share the noncentrality over n (Steiger 2004)
    rng = np.random.default_rng(5)
    x = rng.normal(size=400)
    frame = pd.DataFrame({"x": x, "cost": np.exp(7 + 0.12 * x + rng.normal(size=400))})
    found = a.share_explained(frame, cost="cost", blocks={"X": ["x"]}).blocks[0]
    f = np.corrcoef(x, np.log(frame["cost"]))[0, 1] ** 2 * 400
    ends = optimize.brentq(lambda size: stats.ncf.cdf(f, 1, 398, size) - 0.025, 0.1, 60)
    assert found.high == pytest.approx(ends / 400, rel=0.2)


@pytest.mark.parametrize("frame", [council(12), council(0), council(200).assign(cost=500.0)])
def test_too_little_to_explain_is_said(frame):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = a.share_explained(frame, cost="cost", blocks={"Need": ["need"], "Type": ["type"]})
    assert not result.together.estimable
    assert "not estimable" in result.sentence()
    assert result.headline()


# --- the picture ------------------------------------------------------------------------------------------


def test_groups_of_need_hold_every_child_once_and_rise():
    result = a.cost_by_need(council(500), need="need", cost="cost", groups=8)
    assert result.groups["n"].sum() == 500
    assert result.groups["need_middle"].is_monotonic_increasing
    assert (result.groups["p25"] <= result.groups["median"]).all()


def test_the_monotone_curve_never_falls():
    curve = a.monotone_cost(council(400), need="need", cost="cost")
    assert curve["cost"].is_monotonic_increasing


def test_the_picture_of_nobody_is_empty_and_says_so():
    result = a.cost_by_need(council(5), need="need", cost="cost")
    assert result.groups.empty
    assert "Too few" in result.headline()
    assert a.monotone_cost(council(5), need="need", cost="cost").empty


def test_children_who_share_a_home_widen_the_interval_and_others_leave_it_alone():
    rng = np.random.default_rng(8)
    home = np.repeat(np.arange(40), 5)
    need, cost = rng.normal(size=40)[home], rng.normal(size=40)[home]
    frame = pd.DataFrame(
        {"need": need + 0.01 * rng.normal(size=200), "cost": cost, "home": home, "alone": None}
    )
    plain = a.rank_correlation(frame, x="need", y="cost")
    alone = a.rank_correlation(frame, x="need", y="cost", cluster="alone")
    shared = a.rank_correlation(frame, x="need", y="cost", cluster="home")
    assert (alone.low, alone.high) == pytest.approx((plain.low, plain.high), abs=0.015)
    assert 1.8 < (shared.high - shared.low) / (plain.high - plain.low) < 2.6  # the square root of 5 is 2.24
    assert shared.value == plain.value


def test_the_interval_of_clustered_children_covers_where_the_plain_one_does_not():
    rng = np.random.default_rng(9)
    home, plain, shared = np.repeat(np.arange(60), 4), 0, 0
    for _ in range(200):
        frame = pd.DataFrame(
            {"need": rng.normal(size=60)[home], "cost": rng.normal(size=60)[home], "home": home}
        )
        frame += 0.3 * rng.normal(size=(240, 1)) * np.array([1, 0, 0])
        low = a.rank_correlation(frame, x="need", y="cost")
        wide = a.rank_correlation(frame, x="need", y="cost", cluster="home")
        plain, shared = plain + (low.low <= 0 <= low.high), shared + (wide.low <= 0 <= wide.high)
    assert plain / 200 < 0.8
    assert 0.90 <= shared / 200 <= 0.99


def test_groups_named_by_rank_show_no_score_of_a_child_and_know_how_few_stand_behind_them():
    frame = council(200)
    picture = a.cost_by_need(frame, need="need", cost="cost", groups=4)
    ranked = picture.ranked()
    assert [e.group for e in ranked] == ["1 of 4, lowest need", "2 of 4", "3 of 4", "4 of 4, highest need"]
    assert [e.value for e in ranked] == [e.value for e in picture.estimates()]
    first = picture.groups.iloc[0]
    inside = frame.loc[frame["need"].between(first["need_low"], first["need_high"]), "cost"]
    ends = [
        min((inside <= v).sum(), (inside >= v).sum())
        for v in (ranked[0].low, ranked[0].value, ranked[0].high)
    ]
    assert ranked[0].support == min(ends)


def of_type(name, value, low, high):
    return Estimate("Rank correlation", value, low, high, n=90, unit="correlation", group=name)


def test_a_link_that_runs_the_other_way_within_a_type_is_never_counted_as_the_link():
    overall = of_type("all", 0.2, 0.1, 0.3)
    types = [
        of_type("foster", -0.4, -0.6, -0.2),
        of_type("home", 0.3, 0.1, 0.5),
        of_type("other", 0, -0.2, 0.2),
    ]
    said = a.headline(overall, Estimates(types))
    assert said.endswith(
        "cost clearly rises with need in 1 of 3 types, falls in 1 (by chance 0.2)"
    )  # 3 at 5%, 0.15
    few = Estimate.not_estimable("Rank correlation", n=3, reason="at least 10 children are needed")
    assert a.headline(overall, Estimates((few,))).endswith("no type of placement can be told by itself")


def share(name, value, low, high):
    return Estimate("Share", value, low, high, n=200, unit="share", group=name)


@pytest.mark.parametrize("rare", [3, 6])
def test_what_a_rare_category_is_called_moves_no_share(rare):
    rng = np.random.default_rng(8)
    kind = np.concatenate([np.repeat(["m", "n", "o"], [60, 40, 30]), np.repeat(["y", "z"], [rare - 2, 2])])
    frame = pd.DataFrame({"kind": kind, "need": rng.normal(size=len(kind))})
    price = {"m": 7.0, "n": 6.0, "o": 8.0, "y": 5.5, "z": 5.5}
    frame["cost"] = np.exp(frame["kind"].map(price) + 0.1 * frame["need"] + 0.3 * rng.normal(size=len(kind)))
    blocks = {"Need": ["need"], "Kind": ["kind"]}
    turned = frame.assign(kind=frame["kind"].map({"m": "e", "n": "a", "o": "d", "y": "c", "z": "b"}))
    first, second = (a.share_explained(f, cost="cost", blocks=blocks).blocks for f in (frame, turned))
    assert [e.value for e in first] == pytest.approx([e.value for e in second], abs=1e-9)
    # those too few to pool count with the most frequent
    moved = frame.assign(kind=frame["kind"].replace(dict.fromkeys("yz", "m" if rare < 5 else "w")))
    third = a.share_explained(moved, cost="cost", blocks=blocks).blocks
    assert [e.value for e in first] == pytest.approx([e.value for e in third], abs=1e-9)


LINK = Estimate("Rank correlation", 0.1, -0.1, 0.3, n=200, unit="correlation")


def test_how_sure_looks_both_ways_and_claims_no_more_than_more():
    need, kind = share("Need", 0.5, 0.4, 0.6), share("Type", 0.02, 0.0, 0.1)
    said = a.how_sure(Explained(Estimates((need, kind)), need, "log"), LINK, first="Type", second="Need")
    assert said.endswith("high that need goes with the price more than type does")
    near = share("Type", 0.12, 0.101, 0.2), share("Need", 0.05, 0.0, 0.1)
    said = a.how_sure(Explained(Estimates(near), near[0], "log"), LINK, first="Type", second="Need")
    assert "far" not in said
    wide = share("Type", 0.12, 0.05, 0.2), share("Need", 0.05, 0.0, 0.1)
    said = a.how_sure(Explained(Estimates(wide), wide[0], "log"), LINK, first="Need", second="Type")
    assert said.endswith("; low: whether need or type goes with the price more is not clear")


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (-0.17, 0.42, "low for whether need and price go together (none and 0.42 both fit)"),
        (-0.42, 0.05, "low for whether need and price go together (none and -0.42 both fit)"),
        (-0.04, 0.09, "high that need and price go together weakly at most"),
        (0.04, 0.14, "high that need and price go together weakly at most"),
        (0.2, 0.5, "moderate that need and price go together, low for how closely"),
        (None, None, "none for whether need and price go together"),
    ],
)
def test_how_sure_speaks_of_the_link_that_the_answer_opens_with(low, high, said):
    rho = Estimate("Rank correlation", 0.04, low, high, n=200, unit="correlation")
    blocks = Explained(Estimates((share("Need", 0.1, 0.0, 0.2), share("Type", 0.5, 0.4, 0.6))), rho, "log")
    assert a.how_sure(blocks, rho, first="Type", second="Need").split("; ")[0] == said


def test_the_first_word_never_hides_that_ranks_and_pounds_differ():
    unclear, clear = LINK, Estimate("Rank correlation", 0.2, 0.1, 0.29, n=200, unit="correlation")
    dearer = Estimate("Weekly cost", 25, 4, 46, n=200, unit="GBP per week")
    either = Estimate("Weekly cost", 25, -4, 46, n=200, unit="GBP per week")
    assert a.follows(unclear, dearer).startswith("Not clearly: no clear link by rank, in pounds more")
    assert "less with more need" in a.follows(unclear, dearer.named(value=-25, low=-46, high=-4))
    assert a.follows(unclear, either) == a.follows(unclear) == "No clear link."
    assert a.follows(clear, either) == "Hardly."
