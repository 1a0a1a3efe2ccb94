"""Reference, direction and edge tests of Kendall's tau-b, ordinal and partial correlation, and joint correction."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vcanalysis.analysis import association as a
from vcanalysis.analysis.association import resampling
from vcanalysis.analysis.association.correlation import kendall_of_tables, spearman_of_tables
from vcanalysis.analysis.association.polychoric import bivariate_normal
from vcanalysis.core.clusters import MOST_UNITS, units_of
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

# Two ratings of 300 children on four levels, and an ordinal score with a number.
TABLE = np.array([[13, 6, 2, 0], [29, 40, 13, 4], [15, 38, 44, 20], [2, 9, 21, 44]])
LEVELS = np.repeat([0, 1, 2, 3], [12, 18, 14, 6])
NUMBERS = [
    3.1, 4.0, 2.2, 5.0, 3.7, 4.4, 2.9, 3.3, 4.8, 2.5, 3.9, 4.1, 4.6, 3.8, 5.2, 4.9, 3.5, 5.8, 4.3, 5.1, 4.7, 6.0,
    3.6, 5.5, 4.2, 5.3, 6.2, 3.4, 4.5, 5.6, 5.7, 6.4, 4.05, 5.9, 6.8, 5.05, 6.1, 7.0, 4.95, 5.45, 6.6, 5.15, 7.2,
    5.35, 6.3, 7.5, 5.85, 6.9, 7.9, 6.7,
]  # fmt: skip


def crossed(table):
    cells = np.repeat(np.arange(table.size), table.ravel())
    return pd.DataFrame({"x": cells // table.shape[1], "y": cells % table.shape[1]})


def homes(seed, count=60, size=4):
    rng = np.random.default_rng(seed)
    home = np.repeat(np.arange(count), size)
    both = rng.normal(size=(count, 2))[home] + 0.3 * rng.normal(size=(len(home), 2))
    return pd.DataFrame(both, columns=["need", "cost"]).assign(home=home)


# --- resampled tables -------------------------------------------------------------------------------------


def test_rank_measures_of_a_table_are_scipys():
    rows = crossed(TABLE)
    stack = TABLE[None].astype(float)
    assert spearman_of_tables(stack)[0] == pytest.approx(stats.spearmanr(rows["x"], rows["y"]).statistic)
    assert kendall_of_tables(stack)[0] == pytest.approx(stats.kendalltau(rows["x"], rows["y"]).statistic)


def test_a_resampled_table_is_the_table_of_the_resampled_children():
    rows = crossed(TABLE).assign(home=lambda f: f.index % 40)
    units = units_of(rows["home"], len(rows))
    drawn = resampling.draw_weights(units, 5, seed=3)
    tables = resampling.resampled_tables(
        rows["x"].to_numpy(), rows["y"].to_numpy(), units, replicates=5, seed=3
    )
    for weights, table in zip(drawn, tables, strict=True):
        again = rows.loc[np.repeat(rows.index, weights[units.codes].astype(int))]
        assert pd.crosstab(again["x"], again["y"]).to_numpy().tolist() == table.tolist()


def test_more_clusters_than_can_be_drawn_are_pooled_whole():
    cluster = pd.Series(np.repeat(np.arange(5000), 2))
    units = units_of(cluster, len(cluster))
    assert (units.count, units.clusters) == (MOST_UNITS, 5000)
    assert (units.codes[::2] == units.codes[1::2]).all()
    assert set(np.bincount(units.codes)) == {4, 6}


# --- Kendall ----------------------------------------------------------------------------------------------


def test_tau_b_is_scipys_and_its_error_is_that_of_kendalls_formula_without_a_link():
    rng = np.random.default_rng(5)
    frame = pd.DataFrame(rng.normal(size=(400, 2)), columns=["need", "cost"])
    found = a.kendall_tau(frame, x="need", y="cost")
    assert found.value == pytest.approx(stats.kendalltau(frame["need"], frame["cost"]).statistic)
    n = len(frame)
    known = np.sqrt(2 * (2 * n + 5) / (9 * n * (n - 1)))  # Kendall (1938), no link and no ties
    assert (found.high - found.low) / 3.92 == pytest.approx(known, rel=0.12)


@pytest.mark.parametrize("estimate", [a.kendall_tau, a.rank_correlation])
def test_children_who_share_a_home_widen_the_interval(estimate):
    frame = homes(1)
    plain, shared = (estimate(frame, x="need", y="cost", cluster=c) for c in ("", "home"))
    assert 1.5 < (shared.high - shared.low) / (plain.high - plain.low) < 2.6  # 2 if they shared all
    assert shared.value == plain.value


# --- polychoric and polyserial ----------------------------------------------------------------------------


def test_the_bivariate_normal_is_scipys():
    h, k, rho = np.array([-0.7, 0.4]), np.array([1.1, 0.9]), np.array([-0.6, 0.93])
    expected = [
        stats.multivariate_normal.cdf([x, y], cov=[[1, r], [r, 1]]) for x, y, r in zip(h, k, rho, strict=True)
    ]
    assert bivariate_normal(h, k, rho) == pytest.approx(expected, abs=2e-5)


def test_the_polychoric_correlation_is_that_of_r():
    # R 4.2.2, mvtnorm 1.1: two-step likelihood from pmvnorm(algorithm = Miwa(steps = 512)), optimize(tol = 1e-10):
    # 0.66160834. polycor 0.8-1 polychor(TABLE, ML = FALSE), optimised to 1e-4: 0.66162737.
    # psych 2.2.9 polychoric(correct = 0): 0.66162716. Second table: polychor(matrix(c(20,10,5,15),2)): 0.60709210.
    assert a.polychoric(crossed(TABLE), x="x", y="y").value == pytest.approx(0.66160834, abs=2e-7)
    small = a.polychoric(crossed(np.array([[20, 5], [10, 15]])), x="x", y="y")
    assert small.value == pytest.approx(0.60709210, abs=5e-5)


def test_the_polyserial_correlation_is_the_brute_force_maximum_in_r():
    # R: optimize() of the likelihood with thresholds and moments at the margins, tol 1e-10: 0.82106764
    frame = pd.DataFrame({"level": LEVELS, "number": NUMBERS})
    found = a.polyserial(frame, x="level", y="number", scores="as given")
    assert found.value == pytest.approx(0.82106764, abs=1e-6)


def test_coarse_levels_hide_a_link_from_ranks_but_not_from_the_traits():
    rng = np.random.default_rng(2)
    traits = rng.multivariate_normal([0, 0], [[1, 0.5], [0.5, 1]], 4000)
    frame = pd.DataFrame(np.digitize(traits, [0.8, 1.6]), columns=["x", "y"]).assign(
        cost=np.exp(traits[:, 1])
    )
    assert a.rank_correlation(frame, x="x", y="y").value < 0.36
    assert a.polychoric(frame, x="x", y="y").value == pytest.approx(0.5, abs=0.05)
    assert a.polyserial(frame, x="x", y="cost").value == pytest.approx(0.5, abs=0.04)


def test_the_polyserial_correlation_ignores_any_rising_change_of_scale():
    frame = pd.DataFrame({"level": LEVELS, "number": NUMBERS})
    log = frame.assign(number=np.log(frame["number"]))
    assert a.polyserial(frame, x="level", y="number") == a.polyserial(log, x="level", y="number")


def test_a_score_with_too_many_levels_is_no_ordinal_column():
    frame = pd.DataFrame({"x": np.arange(40), "y": np.arange(40) % 4})
    with pytest.raises(InputError, match="40 levels"):
        a.polychoric(frame, x="x", y="y")


def test_a_score_has_no_link_with_itself():
    found = a.polychoric(pd.DataFrame({"x": np.arange(40) % 4}), x="x", y="x")
    assert found.reason == "two different scores are needed"


# --- partial ----------------------------------------------------------------------------------------------


def typed(n=400, seed=0, slope=0.0):
    rng = np.random.default_rng(seed)
    kind = rng.integers(0, 3, n)
    need = kind + rng.normal(size=n)
    cost = np.exp(6 + 1.2 * kind + slope * need + 0.4 * rng.normal(size=n))
    return pd.DataFrame({"need": need, "cost": cost, "kind": kind.astype(str), "age": rng.integers(0, 18, n)})


def test_the_partial_correlation_is_pearsons_of_the_residuals_of_ranks():
    frame = typed()
    ranks = frame[["need", "cost", "age"]].rank()
    design = np.column_stack(
        [np.ones(len(frame)), ranks["age"], pd.get_dummies(frame["kind"]).iloc[:, 1:]]
    ).astype(float)
    left = [v - design @ np.linalg.lstsq(design, v, rcond=None)[0] for v in (ranks["need"], ranks["cost"])]
    found = a.partial_rank_correlation(frame, x="need", y="cost", given=["kind", "age"])
    assert found.value == pytest.approx(np.corrcoef(*left)[0, 1])


def test_a_link_that_is_all_between_types_vanishes_within_them_and_both_are_shown():
    plain, *rest = a.adjusted_beside_unadjusted(typed(1500), x="need", y="cost", given=["kind", "age"])
    assert plain.low > 0.4
    assert [e.group for e in rest] == ["given kind", "given age", "given all of these"]
    assert rest[0].low < 0.08
    assert rest[1].value == pytest.approx(plain.value, abs=0.05)


def test_without_covariates_it_is_the_rank_correlation_with_nearly_its_interval():
    frame = typed(600)
    plain = a.rank_correlation(frame, x="need", y="cost")
    same = a.partial_rank_correlation(frame, x="need", y="cost", given=[])
    assert same.value == pytest.approx(plain.value)
    assert (same.low, same.high) == pytest.approx((plain.low, plain.high), abs=0.02)


def test_idle_covariates_widen_the_interval_as_in_fishers_formula():
    # 60 independent children, 20 idle categories: the standard error of Fisher's z is 1 / sqrt(60 - 20 - 3).
    widths = []
    for seed in range(60):
        frame = pd.DataFrame(np.random.default_rng(seed).normal(size=(60, 2)), columns=["need", "cost"])
        frame["kind"] = np.arange(60) % 21
        found = a.partial_rank_correlation(
            frame.assign(kind=frame["kind"].astype(str)), x="need", y="cost", given=["kind"]
        )
        widths.append((np.arctanh(found.high) - np.arctanh(found.low)) / 2)
    expected = stats.t.ppf(0.975, 60 - 20 - 1) / np.sqrt(60 - 20 - 3)
    assert np.median(widths) == pytest.approx(expected, rel=0.08)


def test_clusters_never_narrow_the_partial_correlation():
    for seed in range(30):
        rng = np.random.default_rng(seed)
        frame = typed(120).assign(home=np.where(np.arange(120) < 60, 0, rng.integers(1, 9, 120)))
        about = {"x": "need", "y": "cost", "given": ["kind"]}
        alone, shared = (a.partial_rank_correlation(frame, **about, cluster=c) for c in ("", "home"))
        assert shared.low <= alone.low < alone.high <= shared.high


# --- corrected for rating error ---------------------------------------------------------------------------


def rated_twice(seed=1, n=300, twice=150):
    rng = np.random.default_rng(seed)
    true, cost = rng.multivariate_normal([0, 0], [[1, 0.4], [0.4, 1]], n).T
    first, second = true + rng.normal(0, 0.75, n), true + rng.normal(0, 0.75, n)
    frame = pd.DataFrame({"child": np.arange(n), "need": first, "cost": cost, "home": np.arange(n) // 3})
    pairs = pd.DataFrame({"child": [*range(twice)] * 2, "need": [*first[:twice], *second[:twice]]})
    return frame, pairs.assign(pair=pairs["child"])


def test_the_joint_correction_has_the_value_of_the_simple_one_and_a_narrower_interval():
    frame, pairs = rated_twice()
    rho = a.rank_correlation(frame, x="need", y="cost")
    simple = a.disattenuated(rho, a.reliability(pairs, subject="pair", score="need"))
    joint = a.disattenuated_jointly(frame, pairs, x="need", y="cost", child="child", subject="pair")
    assert joint.value == simple.value
    assert joint.low < joint.value < joint.high
    assert joint.high - joint.low < 1.05 * (simple.high - simple.low)


def test_at_the_agreement_that_breaks_even_the_corrected_correlation_is_the_one_wanted():
    rho = Estimate("Rank correlation", 0.24, -0.1, 0.6, n=250, unit="correlation")
    even = a.break_even_agreement(rho, wanted=0.5)
    assert (even.value, even.low, even.high) == (pytest.approx(0.2304), 0.0, 1.0)  # 0.48 squared; ends cut
    assert a.disattenuated(rho.named(low=None, high=None), even.value).value == pytest.approx(0.5)


@pytest.mark.parametrize("value", [0.0, -0.2, None])
def test_no_agreement_is_poor_enough_to_turn_a_link_round(value):
    even = a.break_even_agreement(
        Estimate("Rank correlation", value, n=250, unit="correlation", reason="few")
    )
    assert not even.estimable


@pytest.mark.parametrize("wanted", [0.0, -0.5, 1.1, np.nan])
def test_a_correlation_wanted_that_cannot_be_is_refused(wanted):
    with pytest.raises(InputError, match="above 0 and at most 1"):
        a.break_even_agreement(Estimate("Rank correlation", 0.2, n=250), wanted=wanted)


def test_children_without_a_pair_or_a_price_and_homes_do_not_upset_it():
    frame, pairs = rated_twice()
    frame.loc[:9, "cost"] = np.nan
    frame.loc[10:12, "home"] = np.nan
    other = pairs.assign(child=pairs["child"] + 1000)
    for twice in (pairs, other, pairs.iloc[:-1]):
        found = a.disattenuated_jointly(
            frame, twice, x="need", y="cost", child="child", subject="pair", cluster="home"
        )
        assert found.n == 290
        assert found.has_interval


@pytest.mark.parametrize("seed", range(5))
def test_where_one_home_holds_half_the_children_the_correction_is_no_surer_than_the_observed_link(seed):
    frame, pairs = rated_twice(seed)
    home = np.where(frame["child"] < 150, 0, frame["child"] // 15)
    frame = frame.assign(home=home, cost=frame["cost"] + np.random.default_rng(seed).normal(0, 3, 300)[home])
    shared = {"x": "need", "y": "cost", "cluster": "home"}
    rho = a.rank_correlation(frame, **shared)
    found = a.disattenuated_jointly(frame, pairs, child="child", subject="pair", **shared)
    times = found.value / rho.value
    assert found.low <= rho.low * times
    assert found.high >= min(rho.high * times, 1.0)
    assert rho.excludes(0) or not found.excludes(0)


def test_too_few_pairs_are_not_corrected_for():
    frame, pairs = rated_twice()
    few = pairs.loc[pairs["pair"] < 5]
    found = a.disattenuated_jointly(frame, few, x="need", y="cost", child="child", subject="pair")
    assert not found.estimable
    assert "at least 10" in found.reason


@pytest.mark.parametrize("turn", [1, -1])
@pytest.mark.parametrize("estimate", [a.polychoric, a.polyserial])
def test_where_all_children_are_in_one_order_no_interval_without_width_is_claimed(estimate, turn):
    step = np.arange(200) % 4
    found = estimate(pd.DataFrame({"x": step, "y": turn * step}), x="x", y="y")
    assert not found.estimable
    assert "one order" in found.sentence()
    nearly = np.where(np.arange(200) < 20, 0, turn * step)
    assert estimate(pd.DataFrame({"x": step, "y": nearly}), x="x", y="y").estimable


# --- edges ------------------------------------------------------------------------------------------------

THREE = pd.DataFrame({"need": [1, 2, 3], "cost": [3.0, 1.0, 2.0], "home": [1, 2, 3], "kind": list("aab")})
STILL = pd.DataFrame({"need": [1.0] * 40, "cost": np.arange(40.0), "home": np.arange(40), "kind": ["a"] * 40})
ONE_HOME = STILL.assign(need=np.arange(40) % 4, home=1)
NOBODY = THREE.head(0)


@pytest.mark.parametrize(
    "frame", [THREE, STILL, ONE_HOME, NOBODY], ids=["three", "still", "one home", "nobody"]
)
@pytest.mark.parametrize(
    "estimate",
    [
        a.rank_correlation,
        a.kendall_tau,
        a.polychoric,
        a.polyserial,
        lambda *args, **names: a.partial_rank_correlation(*args, given=["kind"], **names),
    ],
)
def test_what_cannot_be_known_is_said_without_a_warning(frame, estimate):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = estimate(frame, x="need", y="cost", cluster="home")
    assert not found.estimable
    assert "not estimable" in found.sentence()
