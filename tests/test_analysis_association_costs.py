"""Reference tests against R, direction and edge tests of the models of cost."""

import warnings

import numpy as np
import pandas as pd
import pytest
from scipy import optimize, stats

from vcanalysis.analysis import association as a
from vcanalysis.analysis.association.between_shares import share_between
from vcanalysis.analysis.association.programme import exact_quantile
from vcanalysis.analysis.association.same_need import _share_error
from vcanalysis.core.clusters import Units, units_of
from vcanalysis.core.components import fit_component
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.leverage import Leverage


@pytest.fixture(scope="module")
def drawn():
    """120 children without chance, made alike here and in R:

    i <- 1:120; d <- data.frame(need=(i*7)%%23, age=(i*5)%%17, prov=(i*3)%%10 + 10*((i%%4)==0),
    kind=c("a","b","c")[(i*i)%%3+1]); d$cost <- 400*exp(.04*need + .3*sin(i) + .25*cos(prov) + .5*(kind=="b"))
    """
    i = np.arange(1, 121)
    frame = pd.DataFrame(
        {"need": (i * 7) % 23, "age": (i * 5) % 17, "prov": (i * 3) % 10 + 10 * (i % 4 == 0)}
    )
    frame["kind"] = np.array(["a", "b", "c"])[(i * i) % 3]
    steps = (
        0.04 * frame["need"] + 0.3 * np.sin(i) + 0.25 * np.cos(frame["prov"]) + 0.5 * (frame["kind"] == "b")
    )
    return frame.assign(cost=400 * np.exp(steps))


# --- regression against R 4.2.2 ---------------------------------------------------------------------------


def test_the_gamma_model_is_rs_with_clusters_by_sandwich(drawn):
    # glm(cost ~ need + age + kind, Gamma("log")); vcovCL(cluster = prov, type = "HC2"), sandwich 3.0-2; degrees of
    # freedom and by how much CR2 falls short with half shared: tr(K)^2 / tr(K K) and l'Sl / tr(K) of R's full matrices
    found = a.cost_model(drawn, cost="cost", terms=["need", "age", "kind"], cluster="prov")
    expected = {
        "need": (0.0388102350, 0.00415993483737, 7.74689224471, 1.00460748948),
        "age": (-0.0027001282, 0.00593127474204, 9.28210147453, 1.00125309599),
        "a against b": (-0.4921459531, 0.00875314247116, 12.29276233877, 1.0),
    }
    for name, (value, error, freedom, short) in expected.items():
        ratio = found.ratios.group(name)
        assert np.log(ratio.value) == pytest.approx(value, abs=1e-7)
        half = stats.t.ppf(0.975, freedom) * error * short
        assert np.log(ratio.high / ratio.low) / 2 == pytest.approx(half, rel=1e-6)
    assert found.effect("need").value == pytest.approx(
        36.94324527, abs=1e-4
    )  # coefficient times mean fitted cost


def test_the_effect_of_a_category_is_the_mean_difference_of_predictions(drawn):
    found = a.cost_model(drawn, cost="cost", terms=["need", "age", "kind"])
    base = np.exp(6.5630004734 + 0.0388102350 * drawn["need"] - 0.0027001282 * drawn["age"])
    assert found.effect("a against b").value == pytest.approx(
        base.mean() * (np.exp(-0.4921459531) - 1), rel=1e-6
    )


def test_the_error_of_an_effect_is_that_of_a_bootstrap_of_clusters(drawn):
    found = a.cost_model(drawn, cost="cost", terms=["need", "age"], cluster="prov").effect("need")
    rng, parts = np.random.default_rng(1), [part for _, part in drawn.groupby("prov")]
    again = []
    for _ in range(300):
        rows = pd.concat([parts[i] for i in rng.integers(0, len(parts), len(parts))])
        again.append(a.cost_model(rows, cost="cost", terms=["need", "age"]).effect("need").value)
    assert found.std_error == pytest.approx(np.std(again), rel=0.25)


def test_the_checks_of_the_model_are_rs(drawn):
    found = a.cost_model(drawn, cost="cost", terms=["need", "age", "kind"])
    # glm((cost - mu)^2 ~ log(mu)); glm(cost ~ need + age + kind + lp^2), both Gamma("log"), lp in units of sd(lp)
    assert found.variance.estimate.value == pytest.approx(1.46840777, abs=1e-4)
    assert found.link.estimate.value == pytest.approx(0.23241774 * 0.108103, abs=1e-5)


def test_tweedie_takes_weeks_that_cost_nothing_as_rs_statmod_does(drawn):
    some = drawn.assign(cost=drawn["cost"].where(np.arange(1, 121) % 11 != 0, 0.0))
    found = a.cost_model(some, cost="cost", terms=["need"], family="tweedie")
    assert found.effect("need").n == 120  # glm(cost ~ need, tweedie(1.5, 0)): 6.3189510572, 0.0380577462
    assert np.log(found.ratios.group("need").value) == pytest.approx(0.0380577462, abs=1e-7)
    assert a.cost_model(some, cost="cost", terms=["need"]).effect("need").n == 110


def test_quantile_slopes_are_those_of_quantreg(drawn):
    # quantreg 5.94 rq(cost ~ need + age, tau = .1, .5, .9)
    found = a.quantile_slopes(drawn, need="need", cost="cost", given=["age"])
    assert [e.value for e in found] == pytest.approx([21.06015094, 33.51678469, 50.75586911], abs=1e-7)
    assert [e.group for e in found] == ["10th percentile", "50th percentile", "90th percentile"]


def test_quantile_slopes_are_at_the_optimum_of_the_linear_programme():
    # the primal, residuals split in two: another programme than the one solved; the old fit gave 8.85 at .1
    rng = np.random.default_rng(4)
    home = rng.integers(0, 20, 240)
    need = np.clip(np.round(10 + 4 * rng.normal(size=240) + rng.normal(size=20)[home]), 0, 36)
    logs = 6.5 + 0.03 * need + 0.3 * rng.normal(size=20)[home] + 0.5 * rng.normal(size=240)
    frame, line = pd.DataFrame({"need": need, "cost": np.exp(logs)}), np.column_stack([np.ones(240), need])
    sides = np.hstack([line, -line, np.eye(240), -np.eye(240)])
    for q, found in zip((0.1, 0.5, 0.9), a.quantile_slopes(frame, need="need", cost="cost"), strict=True):
        price = np.concatenate([np.zeros(4), np.full(240, q), np.full(240, 1 - q)])
        best = optimize.linprog(price, A_eq=sides, b_eq=np.exp(logs), bounds=(0, None)).x
        assert found.value == pytest.approx(best[1] - best[3], rel=1e-7)
    assert a.quantile_slopes(frame, need="need", cost="cost", quantiles=[0.1])[0].value == pytest.approx(
        10.22929275
    )


@pytest.mark.parametrize("q", [0.1, 0.5, 0.9])
def test_a_quantile_of_many_rows_solved_on_few_at_a_time_is_that_of_all(q):
    rng = np.random.default_rng(8)
    x = rng.normal(size=(2000, 2))
    y = x[:, 0] + np.exp(0.5 * x[:, 1]) * rng.normal(size=2000)
    matrix = np.column_stack([np.ones(2000), x])
    whole = exact_quantile(y, matrix, q, rows=2000)
    for rows in (20, 200):  # so few that rows prove to lie on the other side, and are let go
        assert exact_quantile(y, matrix, q, rows=rows) == pytest.approx(whole, abs=1e-9)


def test_the_order_of_the_rows_does_not_move_a_quantile_slope_though_several_lines_are_as_good():
    rng = np.random.default_rng(19)
    need = np.repeat([4.0, 8.0, 12.0], 40)
    frame = pd.DataFrame({"need": need, "cost": np.round(500 + 20 * need + 200 * rng.normal(size=120), -1)})
    given = [
        a.quantile_slopes(f, need="need", cost="cost")[1].value
        for f in (frame, frame.sample(frac=1, random_state=1))
    ]
    assert given[0] == given[1]


def test_the_share_of_the_provider_is_lme4s_and_so_are_the_shrunk_effects(drawn):
    # lmer(log(cost) ~ need + age + kind + (1 | prov)), REML, lme4 1.1-31: .03003668 and .05259481
    found = a.price_setters(drawn, cost="cost", provider="prov", given=["need", "age", "kind"])
    assert found.share.value == pytest.approx(0.3635016, abs=2e-5)
    expected = {"0": 0.181233, "2": -0.064290, "10": -0.151052, "18": 0.122236}
    for name, effect in expected.items():
        assert np.log1p(found.excess.group(name).value) == pytest.approx(effect, abs=2e-5)
    # anova with lm: REML log likelihoods -17.61717 and -31.57589; half of chi-squared on 1 df
    assert found.p_value == pytest.approx(stats.chi2.sf(2 * (31.57589 - 17.61717), 1) / 2, rel=1e-3)


def test_the_interval_of_a_provider_is_that_of_hendersons_equations(drawn):
    # Prediction error of each provider: inverse of the mixed model equations at lme4's variances (above)
    between, left = 0.03003668, 0.05259481
    found = a.price_setters(drawn, cost="cost", provider="prov", given=["need", "age", "kind"])
    x = np.column_stack([np.ones(len(drawn)), drawn["need"], drawn["age"], drawn["kind"] == "b"]).astype(
        float
    )
    names = sorted(drawn["prov"].astype("str").unique())
    z = (drawn["prov"].astype("str").to_numpy()[:, None] == names).astype(float)
    whole = np.column_stack([x, z])
    equations = whole.T @ whole + np.diag([0.0] * 4 + [left / between] * len(names))
    errors = np.sqrt(left * np.diag(np.linalg.inv(equations)))[4:]
    halves = [np.log((1 + e.high) / (1 + e.low)) / 2 for e in map(found.excess.group, names)]
    assert halves == pytest.approx(1.959964 * errors, rel=1e-4)


def test_a_tail_quantile_of_few_children_counts_the_doubt_of_its_density():
    half = []
    for n in (300, 6000):
        rng = np.random.default_rng(n)
        frame = pd.DataFrame({"need": rng.uniform(0, 20, n)})
        frame["cost"] = 900 + 20 * frame["need"] + 100 * rng.normal(size=n)
        top, middle = a.quantile_slopes(frame, need="need", cost="cost", quantiles=(0.9, 0.5))
        half += [(e.high - e.low) / 2 / e.std_error for e in (top, middle)]
    assert half[0] > half[1] > half[3] > stats.norm.ppf(0.975)
    assert half[0] > stats.t.ppf(0.975, 20)
    assert half[3] < stats.t.ppf(0.975, 150)


def test_the_error_of_a_quantile_slope_is_that_of_large_samples():
    # normal errors of sd 100 about a line: sqrt(q (1 - q)) / density at the quantile / (sd of x sqrt(n))
    rng = np.random.default_rng(4)
    need = rng.normal(20, 5, 6000)
    frame = pd.DataFrame({"need": need, "cost": 1000 + 10 * need + rng.normal(0, 100, 6000)})
    for found, q in zip(a.quantile_slopes(frame, need="need", cost="cost"), (0.1, 0.5, 0.9), strict=True):
        density = stats.norm.pdf(stats.norm.ppf(q)) / 100
        expected = np.sqrt(q * (1 - q)) / density / (need.std() * np.sqrt(6000))
        assert found.std_error == pytest.approx(expected, rel=0.2)  # a density from some hundred children


def test_the_natural_spline_has_the_fit_of_rs_ns(drawn):
    # lm(log(cost) ~ ns(need, knots at the 27.5th, 50th, 72.5th, boundary at the 5th and 95th percentile))
    curve = a.need_curve(drawn, need="need", cost="cost")
    assert curve.straight.estimate.value == pytest.approx(0.30154863 - 0.29941510, abs=1e-7)
    at_12 = np.interp(12, curve.line["need"], np.log(curve.line["cost"]))
    assert at_12 == pytest.approx(6.777141, abs=2e-4)


def test_weighted_kappa_is_that_of_psych_with_both_orders():
    i = np.arange(1, 121)
    x = (i * 7) % 4
    y = np.clip(x + np.array([0, 1, 0, -1, 0, 0, 1])[i % 7], 0, 3)
    ratings = pd.DataFrame({"pair": [*i, *i], "score": [*x, *y]})
    found = a.weighted_kappa(ratings, subject="pair", scores=["score"])[0]
    assert found.value == pytest.approx(
        0.87055911, abs=1e-8
    )  # psych 2.2.9 cohen.kappa(rbind(cbind(x,y), cbind(y,x)))
    assert found.low < found.value < found.high


def test_ordinary_least_squares_has_the_digits_of_nist_norris():
    # NIST StRD Norris, y on x, certified values below
    x = [0.2, 337.4, 118.2, 884.6, 10.1, 226.5, 666.3, 996.3, 448.6, 777.0, 558.2, 0.4, 0.6, 775.5, 666.9, 338.0,
         447.5, 11.6, 556.0, 228.1, 995.8, 887.6, 120.2, 0.3, 0.3, 556.8, 339.1, 887.2, 999.0, 779.0, 11.1, 118.3,
         229.2, 669.1, 448.9, 0.5]  # fmt: skip
    y = [0.1, 338.8, 118.1, 888.0, 9.2, 228.1, 668.5, 998.5, 449.1, 778.9, 559.2, 0.3, 0.1, 778.1, 668.8, 339.3,
         448.9, 10.8, 557.7, 228.3, 998.0, 888.8, 119.6, 0.3, 0.6, 557.6, 339.3, 888.0, 998.5, 778.9, 10.2, 117.6,
         228.9, 668.4, 449.2, 0.2]  # fmt: skip
    constant, slope = a.linear_model(pd.DataFrame({"x": x, "y": y}), y="y", terms=["x"])
    assert constant.value == pytest.approx(-0.262323073774029, rel=1e-12)
    assert slope.value == pytest.approx(1.00211681802045, rel=1e-12)
    assert constant.std_error == pytest.approx(0.232818234301152, rel=1e-12)
    assert slope.std_error == pytest.approx(0.000429796848199937, rel=1e-12)


# --- direction --------------------------------------------------------------------------------------------


def council(n=600, seed=0, *, slope=0.03, provider_sd=0.3):
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    need = rng.poisson(8 + 3 * kind)
    provider = rng.integers(0, 30, n)
    log = 6 + np.array([0, 0.6, 2.0])[kind] + slope * need + rng.normal(0, provider_sd, 30)[provider]
    types = np.array(["Kinship", "Agency", "Home"])[kind]
    cost = np.exp(log + rng.normal(0, 0.3, n))
    return pd.DataFrame({"need": need, "cost": cost, "type": types, "provider": provider.astype(str)})


def test_without_a_slope_within_types_the_link_is_all_between_them():
    result = a.within_between(council(1500, slope=0.0), need="need", cost="cost", group="type")
    everyone, within, between = result.slopes
    assert everyone.excludes(0)
    assert between.excludes(0)
    assert abs(within.value) < 0.012
    assert result.variance_between.value > 0.6


def test_the_slope_over_all_is_the_mean_of_both_weighted_by_where_need_varies():
    frame = council()
    result = a.within_between(frame, need="need", cost="cost", group="type")
    everyone, within, between = (np.log1p(e.value) for e in result.slopes)
    means = frame.groupby("type")["need"].transform("mean")
    share = means.var() / frame["need"].var()
    assert everyone == pytest.approx(share * between + (1 - share) * within)
    # adjusted for what chance makes of three types, each as spread as it is (Brown and Forsythe)
    kinds = frame.groupby("type")["need"]
    chance = ((1 - kinds.size() / 600) * kinds.var()).sum() / (599 * frame["need"].var())
    assert result.need_between.value == pytest.approx(share - chance)


def test_nothing_lies_between_homes_or_types_that_are_alike():
    # As a share of squares 40 homes alike would have 39/249 = 16% of any 250 children's differences.
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"need": rng.gamma(4, 2, 250), "cost": rng.lognormal(7, 0.5, 250)})
    for homes in (6, 40):
        found = a.within_between(frame.assign(g=np.arange(250) % homes), need="need", cost="cost", group="g")
        for share in (found.variance_between, found.need_between):
            assert share.low == 0
            assert share.value < 0.05


def test_rare_types_with_wide_prices_are_not_told_apart_by_chance():
    """As if all types were as spread, 55 in 100 such councils were told that something lies between types."""
    sizes, rng, claimed = (200, 20, 15, 15), np.random.default_rng(3), 0
    kind, spread = np.repeat(np.arange(4), sizes), np.repeat([0.2, 0.8, 0.8, 0.8], sizes)
    for _ in range(40):
        found = share_between(rng.normal(0, spread), kind, units_of(None, 250), term="Share", level=0.95)
        claimed += found.low > 0
    assert claimed <= 5


def test_the_error_of_a_share_between_types_is_what_a_little_more_weight_on_each_home_does_to_it():
    rng = np.random.default_rng(2)
    home = np.repeat(np.arange(60), 4)
    kind = (home % 3) * 1
    values = 2.0 * (kind == 2) + rng.normal(0, 1, 60)[home] + rng.normal(0, 1, 240)

    def share(weight):
        means = [np.average(values[kind == k], weights=weight[kind == k]) for k in range(3)]
        left = weight @ (values - np.take(means, kind)) ** 2
        return 1 - left / (weight @ (values - np.average(values, weights=weight)) ** 2) * 239 / 237

    felt = [(share(1 + 1e-6 * (home == h)) - share(np.ones(240))) / 1e-6 for h in range(60)]
    units = units_of(pd.Series(home), 240)
    found = share_between(values - values.mean(), kind, units, term="Share", level=0.95)
    assert found.value == pytest.approx(share(np.ones(240)))
    assert found.std_error == pytest.approx(np.linalg.norm(felt) * np.sqrt(60 / 59), rel=1e-3)


@pytest.mark.parametrize("large", [0.3, 0.5])
def test_one_provider_with_many_of_the_children_makes_slopes_far_less_sure(large):
    """The freedom is that of as many providers of like size, by Kish: 1 / sum of squared shares, not 36."""
    rng, n = np.random.default_rng(3), 220
    provider = np.where(np.arange(n) < large * n, 0, 1 + np.arange(n) % 35)
    frame = pd.DataFrame({"need": rng.normal(10, 3, n), "type": np.arange(n) % 2, "provider": provider})
    frame["cost"] = np.exp(7 + rng.normal(0, 0.4, n))
    money = {"need": "need", "cost": "cost", "group": "type"}
    shares = frame["provider"].value_counts(normalize=True)
    slope = a.within_between(frame, **money, cluster="provider").slopes[0]
    alike = 1 / (shares**2).sum()
    assert alike < 36 * (1 - large)
    half = [
        np.log1p(e.high) - np.log1p(e.low)
        for e in (slope, a.within_between(frame, **money, cluster="provider", level=0.5).slopes[0])
    ]
    assert half[0] / half[1] == pytest.approx(stats.t.ppf(0.975, alike) / stats.t.ppf(0.75, alike))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("cluster", ["provider", ""])
@pytest.mark.parametrize(
    ("change", "hangs"),
    [
        ({"need": np.where(np.arange(60) == 5, 9.0, 3.0)}, [True, True, True]),
        ({"cost": np.where(np.arange(60) == 5, 900.0, 500.0)}, [False, False, False]),
        ({"type": np.where(np.arange(60) % 12 == 0, "b", "a")}, [False, False, "provider"]),
    ],
    ids=["one need differs", "one cost differs", "a type with one provider"],
)
def test_a_slope_that_hangs_on_one_child_or_one_provider_is_said_to(change, hangs, cluster):
    frame = pd.DataFrame(
        {"need": np.arange(60) % 7, "type": ["a", "b", "c"] * 20, "provider": np.arange(60) % 12}
    )
    frame["cost"] = np.exp(np.random.default_rng(1).normal(7, 0.4, 60))
    found = a.within_between(frame.assign(**change), need="need", cost="cost", group="type", cluster=cluster)
    for slope, alone in zip(found.slopes, hangs, strict=True):
        assert slope.estimable == (not (alone is True or (alone and alone == cluster)))
        assert slope.estimable or "hangs on one child" in slope.reason


def test_cluster_errors_and_their_freedom_are_those_of_club_sandwich(drawn):
    # lm(log(cost) ~ need + own, own: one of providers 1, 2, 4 and 13); clubSandwich 0.5.8, coef_test(vcov = "CR2",
    # test = "Satterthwaite"); with half shared as in the test of the Gamma model
    own = drawn["prov"].isin([1, 2, 4, 13])
    matrix, logs = np.column_stack([np.ones(120), drawn["need"], own]), np.log(drawn["cost"].to_numpy())
    left = logs - matrix @ np.linalg.lstsq(matrix, logs, rcond=None)[0]
    held = Leverage.of(matrix, np.ones(120), units_of(drawn["prov"], 120))
    errors = np.linalg.norm(held.felt(matrix * left[:, None]), axis=0)
    assert errors == pytest.approx([0.08874861447873, 0.00502344823391, 0.12203297833224])
    plain = [held.rests(one, shared=0.0).freedom for one in np.eye(3)]
    assert plain == pytest.approx([8.55666752475, 9.21820533510, 2.78558792777])
    half = [held.rests(one).freedom for one in np.eye(3)]
    assert half == pytest.approx([5.76148004901, 7.80042220999, 2.60954284065])
    frame = drawn.assign(log=logs, own=own.map({True: "own", False: "other"}))
    found = a.linear_model(frame, y="log", terms=["need", "own"], cluster="prov")
    assert found[2].std_error == pytest.approx(0.12203297833224 * 1.05323832147)
    assert found[2].high - found[2].value == pytest.approx(
        stats.t.ppf(0.975, 2.60954284065) * found[2].std_error
    )


HELD = {1: "hangs on the children of one prov", 2: "fewer than 3 different values of prov", 3: ""}


@pytest.mark.parametrize("few", HELD)
def test_a_type_or_group_held_by_one_or_two_providers_has_no_error(few):
    rng, prov = np.random.default_rng(1), np.arange(240) % 24
    price = np.exp(7 + rng.normal(0, 0.4, 24)[prov] + rng.normal(0, 0.2, 240))
    frame = pd.DataFrame({"prov": prov, "need": rng.integers(0, 8, 240), "cost": price, "log": np.log(price)})
    frame["kind"] = np.where(prov < few, "secure", "foster")
    about = {"terms": ["need", "kind"], "cluster": "prov"}
    model, pair = (
        a.cost_model(frame, cost="cost", **about),
        {"kind": "kind", "dear": "secure", "cheap": "foster"},
    )
    path = a.pathway_cost(frame, need="need", group="kind", total="cost", weekly="cost", cluster="prov")
    for found in (
        a.linear_model(frame, y="log", **about)[2],
        model.effects[1],
        model.ratios[1],
        a.same_need_ratio(frame, need="need", cost="cost", cluster="prov", **pair),
        path.total[1],
    ):
        assert found.estimable == (HELD[few] == "")
        assert HELD[few] in found.reason
        assert not found.estimable or found.low < found.value < found.high
    assert model.effect("need").estimable


def test_a_need_slope_that_one_provider_decides_has_no_error():
    rng, prov = np.random.default_rng(2), np.arange(240) % 24
    frame = pd.DataFrame({"prov": prov, "need": np.where(prov == 0, rng.integers(0, 9, 240), 4)})
    frame["cost"] = np.exp(rng.normal(7, 0.3, 240))
    found = a.quantile_slopes(frame, need="need", cost="cost", cluster="prov", quantiles=[0.5])[0]
    assert found.reason == "it hangs on the children of one prov"
    frame["prov"] = np.where(
        np.arange(240) < 48, 0, prov + 1
    )  # the others score 3 or 5: no bend is seen among them
    frame["need"] = np.where(frame["prov"] == 0, rng.integers(7, 10, 240), 3 + 2 * (prov % 2))
    bent = a.need_curve(frame, need="need", cost="cost", cluster="prov", df=2)
    assert bent.straight.estimate.reason == "it hangs on the children of one prov"


def test_a_share_between_homes_is_that_of_their_spread():
    # Shrout and Fleiss (1979), their table 2: six targets of four ratings, ICC(1,1) = .17
    scores = np.array([9, 2, 5, 8, 6, 1, 3, 2, 8, 4, 6, 8, 7, 1, 2, 6, 10, 5, 6, 9, 6, 2, 4, 7.0])
    found = share_between(scores, np.repeat(np.arange(6), 4), units_of(None, 24), term="Share", level=0.95)
    assert found.value == pytest.approx(0.17, abs=0.005)
    assert found.method.startswith("variance component")


def test_prices_at_the_same_need_tell_types_apart_and_ignore_the_scale():
    frame = council(800, slope=0.0, provider_sd=0.0)
    found = a.same_need_ratio(frame, need="need", cost="cost", kind="type", dear="Home", cheap="Kinship")
    assert found.low < np.exp(2) < found.high
    other = a.same_need_ratio(frame, need="need", cost="cost", kind="type", dear="Kinship", cheap="Home")
    assert other.value == pytest.approx(1 / found.value, rel=1e-6)
    any_two = a.same_need_ratio(frame, need="need", cost="cost")
    assert 1 < any_two.value < found.value


def test_matched_pairs_are_all_pairs_within_the_width():
    frame = pd.DataFrame({"need": [*range(10)] * 4, "cost": np.exp(np.arange(40) / 10)})
    needs, logs = frame["need"].to_numpy(), np.log(frame["cost"].to_numpy())
    gaps = [
        abs(logs[i] - logs[j])
        for i in range(40)
        for j in range(40)
        if i != j and abs(needs[i] - needs[j]) <= 1
    ]
    found = a.same_need_ratio(frame, need="need", cost="cost", width=1.0)
    assert np.log(found.value) == pytest.approx(np.median(gaps))


def test_the_error_over_pairs_counts_every_two_pairs_that_share_a_cluster():
    rng = np.random.default_rng(5)
    codes = rng.integers(0, 9, 40)
    pairs = np.array([(i, j) for i, j in rng.integers(0, 40, (200, 2)) if i != j])
    below = rng.random(len(pairs)) < 0.5
    left, ends = below - below.mean(), [set(codes[pair]) for pair in pairs]
    whole = sum(left[i] * left[j] for i in range(len(pairs)) for j in range(len(pairs)) if ends[i] & ends[j])
    touched = [sum(left[i] for i in range(len(pairs)) if g in ends[i]) ** 2 for g in range(9)]
    grown = [part / (1 - np.mean([g in end for end in ends])) for g, part in enumerate(touched)]
    whole += sum(grown) - sum(touched)  # what a cluster adds is made up for the share of pairs it is in
    assert _share_error(below, pairs, Units(codes, 9, 9)) == pytest.approx(np.sqrt(whole) / len(pairs))


def test_a_provider_with_few_children_is_drawn_towards_the_rest():
    frame = council(300, provider_sd=0.0)
    few = pd.concat([frame, frame.tail(2).assign(provider="few", cost=lambda f: f["cost"] * 4)])
    many = pd.concat([frame, frame.tail(60).assign(provider="many", cost=lambda f: f["cost"] * 4)])
    rise = {}
    for name, rows in (("few", few), ("many", many)):
        rise[name] = a.price_setters(
            rows, cost="cost", provider="provider", given=["need", "type"]
        ).excess.group(name)
    assert 0 <= rise["few"].value < 2.5
    assert rise["many"].value == pytest.approx(3.0, abs=0.5)


def test_where_providers_do_not_differ_none_stands_clear():
    found = a.price_setters(
        council(provider_sd=0.0, seed=3), cost="cost", provider="provider", given=["need", "type"]
    )
    assert found.share.value < 0.05
    assert sum(e.excludes(0) for e in found.excess) <= 1


def test_a_longer_stay_raises_the_cost_of_the_pathway_not_of_the_week():
    rng = np.random.default_rng(2)
    need = np.repeat([4.0, 10.0, 20.0], 60) + rng.normal(size=180)
    week = rng.gamma(20, 40, 180)
    frame = pd.DataFrame({"need": need, "week": week, "weeks": np.repeat([20, 40, 60], 60)})
    frame = frame.assign(
        band=np.repeat(["1 low", "2 middle", "3 high"], 60), all=frame["week"] * frame["weeks"]
    )
    found = a.pathway_cost(frame, need="need", group="band", total="all", weekly="week")
    assert [e.value for e in found.total] == pytest.approx([1, 2, 3], rel=0.15)
    assert [e.value for e in found.weekly] == pytest.approx([1, 1, 1], rel=0.15)
    assert not found.total[0].has_interval
    assert found.total[2].low < 3 < found.total[2].high
    assert found.correlation_total.value > found.correlation_weekly.value + 0.3
    again = frame.assign(all=frame["all"] * 7)
    assert a.pathway_cost(again, need="need", group="band", total="all", weekly="week").total[
        1
    ].value == pytest.approx(found.total[1].value)


def test_a_pathway_of_nobody_says_so():
    frame = pd.DataFrame({"need": [], "band": [], "all": [], "week": []}, dtype="float64")
    said = a.pathway_cost(frame, need="need", group="band", total="all", weekly="week").sentence()
    assert said.count("not estimable") == 2


def test_numbers_kept_as_objects_enter_a_model_as_numbers():
    frame = council(seed=3)
    stored = frame.assign(need=frame["need"].astype("object"))
    found, plain = (a.cost_model(f, cost="cost", terms=["need", "type"]).frame() for f in (stored, frame))
    pd.testing.assert_frame_equal(found, plain)


def test_weeks_without_a_price_are_told_apart_from_weeks_that_cost_nothing():
    rows = pd.DataFrame({"id": ["a", "a", "b"], "weeks": [2.0, 3.0, 4.0], "gbp": [0.0, np.nan, 800.0]})
    found = a.cost_since_entry(rows, child="id", weeks="weeks", cost="gbp")
    assert found.to_dict("list") == {
        "id": ["a", "b"],
        "weeks": [5, 4],
        "weeks_priced": [2, 4],
        "cost_gbp": [0, 800],
    }


def test_range_restriction_undoes_itself():
    rho = Estimate("Rank correlation", 0.2, 0.1, 0.3, n=300, unit="correlation")
    wide = a.unrestricted(rho, 1.6)
    assert wide.value > rho.value
    assert a.unrestricted(wide, 1 / 1.6).value == pytest.approx(0.2)
    assert a.unrestricted(rho, 1.0).low == pytest.approx(0.1)
    with pytest.raises(InputError, match="above 0"):
        a.unrestricted(rho, 0)


def test_one_component_is_the_one_way_icc_where_groups_are_of_one_size():
    table = np.array([[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]])
    group = np.repeat(np.arange(6), 4)
    fit = fit_component(
        table.ravel().astype(float), np.ones((24, 1)), (group[:, None] == np.arange(6)) / 2, np.full(6, 4.0)
    )
    between, within = 56.20833 / 5, 112.75 / 18  # Shrout and Fleiss (1979)
    assert fit.share == pytest.approx((between - within) / (between + 3 * within), abs=1e-5)


# --- edges ------------------------------------------------------------------------------------------------

THREE = council(3)
STILL = council(80).assign(cost=500.0)
ONE = council(80).assign(provider="p", type="Kinship", need=7)
NOBODY = council(0)


@pytest.mark.parametrize(
    "frame", [THREE, STILL, ONE, NOBODY], ids=["three", "still", "one of each", "nobody"]
)
@pytest.mark.parametrize(
    "estimate",
    [
        lambda f: a.cost_model(f, cost="cost", terms=["need", "type"], cluster="provider").effects,
        lambda f: a.quantile_slopes(f, need="need", cost="cost", cluster="provider"),
        lambda f: [a.need_curve(f, need="need", cost="cost", cluster="provider").straight.estimate],
        lambda f: [a.price_setters(f, cost="cost", provider="provider").share],
        lambda f: a.within_between(f, need="need", cost="cost", group="type", cluster="provider").slopes,
        lambda f: a.linear_model(f.head(2), y="cost", terms=["need", "type"]),
        lambda f: [
            a.pathway_cost(
                f.head(9), need="need", group="type", total="cost", weekly="cost"
            ).correlation_total
        ],
        lambda f: [a.same_need_ratio(f.head(9), need="need", cost="cost", cluster="provider")],
    ],
    ids=["model", "quantiles", "curve", "providers", "within", "linear", "pathway", "same need"],
)
def test_what_cannot_be_known_is_said_without_a_warning(frame, estimate):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = list(estimate(frame))
    assert found
    for each in found:
        assert not each.estimable
        assert "not estimable" in each.sentence()


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("price", [15_000, 60_000, 1_000_000])
@pytest.mark.parametrize("seed", [0, 2, 7, 12])
def test_one_dear_placement_leaves_effect_and_checks_standing(price, seed):
    rng = np.random.default_rng(seed)
    frame = pd.DataFrame({"need": rng.integers(0, 25, 120).astype(float)})
    frame["cost"] = np.exp(6.5 + 0.02 * frame["need"] + rng.normal(0, 0.3, 120))
    frame.loc[0, "cost"] = price
    found = a.cost_model(frame, cost="cost", terms=["need"])
    assert all(e.estimable for e in (found.effect("need"), found.variance.estimate, found.link.estimate))
    # least squares weighted as the Gamma likelihood weighs: at its maximum the relative errors are free of need
    slope = np.log(found.ratios.group("need").value)
    mean = np.exp(slope * frame["need"])
    ratio = frame["cost"] / mean / (frame["cost"] / mean).mean()
    assert np.cov(ratio, frame["need"])[0, 1] == pytest.approx(0, abs=1e-9)


def test_a_model_that_gives_every_cost_says_that_its_spread_cannot_be_seen():
    frame = pd.DataFrame({"kind": ["a", "b"] * 30, "cost": [1000.0, 500.0] * 30})
    found = a.cost_model(frame, cost="cost", terms=["kind"])
    assert "every cost exactly" in found.variance.sentence()


def test_a_kind_of_placement_that_costs_nothing_has_no_ratio():
    frame = pd.DataFrame({"kind": ["a", "b"] * 30, "cost": [0.0, 500.0, 0.0, 700.0] * 15})
    found = a.cost_model(frame, cost="cost", terms=["kind"], family="poisson")
    assert "cost nothing" in found.sentence()


def test_raters_who_cannot_be_told_apart_are_said_to_be_so():
    pairs = pd.DataFrame(
        {"pair": np.repeat(np.arange(12), 2), "rater": np.arange(24), "score": np.arange(24) % 5}
    )
    few = a.rater_share(pairs.head(8), subject="pair", rater="rater", score="score")
    strangers = a.rater_share(pairs, subject="pair", rater="rater", score="score")
    two = a.rater_share(pairs.assign(rater=pairs["rater"] % 2), subject="pair", rater="rater", score="score")
    kappa = a.weighted_kappa(pairs.assign(score=1), subject="pair", scores=["score"])[0]
    assert not any(e.estimable for e in (few, strangers, two, kappa))
    assert "partners" in strangers.reason


def test_reasons_count_what_they_ask_for():
    """A reason ends in the number found, which must be of the kind that was asked for: not 60 where 10 are needed."""
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"need": rng.normal(size=60), "cost": np.exp(rng.normal(7, 0.5, 60)), "type": "F"})
    tails = a.quantile_slopes(frame, need="need", cost="cost", quantiles=[0.1, 0.9])
    assert [e.sentence().split(". ")[1] for e in tails] == [
        "At least 10 children who cost less are needed; found 6.",
        "At least 10 children who cost more are needed; found 6.",
    ]
    more = pd.concat([frame, frame.head(40).assign(cost=frame["cost"] * 1.1)])
    tails = a.quantile_slopes(more, need="need", cost="cost", quantiles=[0.1, 0.9])
    assert [e.estimable for e in tails] == [True, True]  # a tenth of 100 is 10 at either end
    one = a.within_between(frame, need="need", cost="cost", group="type")
    assert one.slopes[0].reason == "all children are in one type of placement"
    model = a.cost_model(frame.head(3), cost="cost", terms=["need"])
    assert "needed for a model of this size; found 3." in model.sentence()
