"""Reference and unit tests of what carries a scenario: closed forms, Sobol, information, switching values."""

import numpy as np
import pytest
from scipy import integrate, stats

from tests.test_analysis_savings import certain, usual
from vcanalysis.analysis import savings as s
from vcanalysis.analysis.savings.expected import central_inputs, drawn_values, expected_value
from vcanalysis.analysis.savings.information import information_of
from vcanalysis.analysis.savings.simulation import WEEKS_PER_MONTH
from vcanalysis.analysis.savings.sobol import indices_of

# --- the cohort, by integrals ------------------------------------------------------------------------------


def staying(t, year, early, late):
    """Chance of still being in the family t months after the move."""
    first, later = -np.log(year), -np.log(1 - late) / 12
    hazard = early * first * np.minimum(t, 3) / 3 + (1 - early) * first * np.clip(t - 3, 0, 9) / 9
    return np.exp(-hazard - later * np.maximum(t - 12, 0))


def test_the_expected_saving_is_the_integral_over_a_markov_cohort():
    # 20 children sought for over a year, 60% x 70% x 50% found, 6 months' delay, discounted year by year.
    values = {
        "suitable_share": 0.6, "referred_share": 0.7, "matched_share": 0.5, "ramp_months": 12,
        "sustained_52_weeks": 0.5, "early_share": 0.6, "late_breakdown_year": 0.2, "natural_exit_year": 0.35,
    }  # fmt: skip
    scenario = certain(**values)

    def in_family(t):
        # chance that a child found at once at month b, uniform from 0 to 12, lives in the family at month t
        begin = np.linspace(0, 12, 2401)
        there = np.where(t > begin + 6, staying(t - begin - 6, 0.5, 0.6, 0.2), 0)
        return np.trapezoid(there, begin) / 12 * 0.65 ** (t / 12)

    months = np.linspace(0, 36, 1081)
    there = np.array([in_family(t) for t in months])
    years = [np.trapezoid(there[360 * y : 360 * y + 361], months[360 * y : 360 * y + 361]) for y in range(3)]
    worth = 20 * 0.21 * 3000 * WEEKS_PER_MONTH * np.array(years) @ (1.035 ** -np.arange(3.0))
    expected = np.mean([expected_value(scenario, central_inputs(scenario), seed=i)[0] for i in range(8)])
    assert expected == pytest.approx(worth, rel=0.01)
    drawn = s.simulate_savings(scenario, draws=4000, seed=5)
    assert abs(drawn.present_value.mean() - worth) < 4 * drawn.monte_carlo_error()


def test_retention_is_geometric_where_the_hazard_is_constant():
    # A sixth breaks down each year from the first day on: hazards of all three spells equal.
    values = {"sustained_52_weeks": 5 / 6, "early_share": 0.25, "late_breakdown_year": 1 / 6}
    result = s.simulate_savings(certain(delay_months=0, **values), draws=3000, seed=6)
    placed = result.amounts["placed"][:, [11, 23, 35]].mean(axis=0) / 20
    assert placed == pytest.approx((5 / 6) ** np.arange(1, 4), abs=0.006)


def test_a_level_saving_is_worth_an_annuity():
    scenario = certain(delay_months=0).with_settings(horizon_years=10)
    annuity = (1 - 1.035**-10) / (1 - 1 / 1.035)  # ten payments, the first undiscounted
    worth = s.simulate_savings(scenario, draws=100).present_value[0]
    assert worth == pytest.approx(20 * 3000 * 12 * WEEKS_PER_MONTH * annuity)


def test_what_is_expected_is_the_mean_of_what_is_drawn():
    for scenario in (usual(), usual(arrivals_year=6, edge_reduction_share=(0.1, 0.0, 0.3))):
        _, expected = drawn_values(scenario, draws=4000, seed=7)
        drawn = s.simulate_savings(scenario, draws=4000, seed=7)
        noise = np.std(drawn.present_value - expected) / np.sqrt(4000)
        assert abs(drawn.present_value.mean() - expected.mean()) < 4 * noise + 2000


def test_benefits_for_a_pound_of_cost_are_mean_over_mean():
    result = s.simulate_savings(usual(), draws=500)
    ratio = result.benefit_cost_ratio
    assert ratio.value == pytest.approx(result.present_benefits.mean() / result.present_costs.mean())
    assert ratio.low < ratio.value < ratio.high


def test_optimism_is_taken_off_benefits_and_put_on_costs():
    result = s.simulate_savings(certain(team_gbp_year=100_000), draws=100)
    benefits, costs = result.present_benefits[0], result.present_costs[0]
    assert result.after_optimism[0] == pytest.approx(0.85 * benefits - 1.15 * costs)


def test_payback_by_month_never_falls_and_ends_at_its_likelihood():
    result = s.simulate_savings(usual(), draws=2000, seed=1)
    fan = result.fan()
    assert fan["paid_back"].is_monotonic_increasing
    assert (fan["paid_back"] <= fan["likelihood"] + 1e-9).all()
    last = result.estimates.term("Likelihood of payback within the horizon").value
    assert fan["paid_back"].iloc[-1] == pytest.approx(last)
    assert result.fan_by_year()["year"].tolist() == list(result.years)


def test_the_headline_says_when_a_saving_is_likelier_than_not():
    assert s.simulate_savings(certain(), draws=100).likelihood_headline() == (
        "After 7 months a saving is likelier than not"
    )
    never = s.simulate_savings(certain(team_gbp_year=1e8), draws=100).likelihood_headline()
    assert never == "In 36 months a saving is at no time likelier than not: 0% at most"


# --- tornado, switching values ----------------------------------------------------------------------------


def test_the_tornado_moves_one_input_between_its_deciles():
    scenario = certain(residential_gbp_week=(4000, 3000, 5000))
    bars = s.tornado(scenario)
    assert len(bars) == 1
    low, high = stats.beta.ppf([0.1, 0.9], 3, 3) * 2000 + 3000
    pound = s.simulate_savings(certain(), draws=100).present_value[0] / 3000
    assert (bars[0].low, bars[0].value, bars[0].high) == pytest.approx(
        (pound * (low - 1000), pound * 3000, pound * (high - 1000)), rel=1e-4
    )
    assert s.tornado_headline(bars).startswith("Most depends on price of a home: from £")
    assert s.tornado_headline(s.tornado(certain())) == "No input of the scenario is uncertain"


def test_the_switching_value_of_a_price_is_where_the_gap_is_nought():
    found = s.switching_values(certain(residential_gbp_week=(4000, 3000, 5000)))
    assert found.term("Switching value of price of a home").value == pytest.approx(1000, abs=1)


def test_the_break_even_success_rate_pays_exactly_for_the_team():
    # 20 children, each worth the discounted gap from month 6 on; the team costs a tenth of all: one in ten must match.
    whole = s.simulate_savings(certain(), draws=100).present_value[0]
    scenario = certain(matched_share=(0.5, 0.2, 0.8), team_gbp_year=whole / 10, team_years=1)
    found = s.switching_values(scenario).term("Switching value of searches that find a family")
    assert found.value == pytest.approx(0.1, abs=1e-4)
    assert (found.low, found.high) == (0.2, 0.8)


def test_no_switching_value_is_one_that_nobody_could_plan_for():
    # A team for two years that costs what lies between homes at the same price after a return and at 0.7 of it.
    given = certain(sustained_52_weeks=0.5, return_price_ratio=(1.1, 1.0, 1.3))
    x = central_inputs(given, 2)
    x["return_price_ratio"] = np.array([0.7, 1.0])
    cheaper, same = expected_value(given, x)
    assert cheaper > same
    found = s.switching_values(given.with_values(team_gbp_year=(cheaper + same) / 2 / (1 + 1 / 1.035)))
    assert [e.estimable for e in found] == [False]


def test_an_input_that_cannot_turn_the_result_has_no_switching_value():
    found = s.switching_values(certain(delay_months=(6, 3, 9)))
    assert not found.term("Switching value of time from search to move").estimable


# --- Sobol ------------------------------------------------------------------------------------------------


def test_sobol_indices_of_ishigami_are_the_analytic_ones():
    # f = sin a + 7 sin^2 b + 0.1 c^4 sin a on (-pi, pi): Ishigami and Homma (1990).
    def ishigami(u):
        a, b, c = (2 * u.T - 1) * np.pi
        return np.sin(a) + 7 * np.sin(b) ** 2 + 0.1 * c**4 * np.sin(a)

    alone = 0.5 * (1 + 0.1 * np.pi**4 / 5) ** 2
    second = 7**2 / 8
    both = 0.1**2 * np.pi**8 * (1 / 18 - 1 / 50)
    whole = alone + second + both
    found = indices_of(ishigami, ["a", "b", "c"], points=1024, seed=1, n=1)
    first = {e.group: e for e in found if e.term == "First-order index"}
    total = {e.group: e for e in found if e.term == "Total index"}
    truth = {"a": (alone, alone + both), "b": (second, second), "c": (0, both)}
    for name, (one, all_) in truth.items():
        assert first[name].value == pytest.approx(one / whole, abs=0.01)
        assert total[name].value == pytest.approx(all_ / whole, abs=0.01)
        assert abs(total[name].value - all_ / whole) < 4 * total[name].std_error + 1e-3


def test_sobol_indices_of_a_scenario_name_what_varies_and_repeat_with_the_seed():
    scenario = certain(residential_gbp_week=(4000, 3000, 5000), team_gbp_year=(1e5, 0, 4e5))
    first, again = (s.sobol_indices(scenario, points=64, seed=1) for _ in range(2))
    assert {e.group for e in first} == {"price of a home", "cost of the team"}
    assert first.frame().equals(again.frame())
    alone = [e.value for e in first if e.term == "First-order index"]
    assert sum(alone) == pytest.approx(1, abs=0.02)  # additive: no interaction


def test_a_result_that_does_not_vary_has_no_indices():
    found = indices_of(lambda u: np.ones(len(u)), ["a"], points=16, seed=1, n=1)
    assert [e.reason for e in found] == ["the result does not vary"] * 2
    assert s.sobol_headline(found) == "No input of the scenario moves the result"


# --- value of information ---------------------------------------------------------------------------------


def gain(mean, spread):
    """Value of knowing a normal net benefit before choosing between it and nothing: the unit normal loss."""
    z = abs(mean) / spread
    return spread * (stats.norm.pdf(z) - z * stats.norm.sf(z))


@pytest.mark.parametrize("mean", [-0.5, 0.0, 0.8])
def test_information_about_normals_is_worth_the_unit_normal_loss(mean):
    rng = np.random.default_rng(1)
    known, other = rng.standard_normal((2, 40_000))
    worth = mean + known + 0.5 * other
    whole, one, two = information_of(worth, {"known": known, "other": other}, n=1)
    assert (one.group, two.group) == ("known", "other")
    for found, truth in ((whole, gain(mean, np.sqrt(1.25))), (one, gain(mean, 1.0)), (two, gain(mean, 0.5))):
        assert abs(found.value - truth) < 4 * found.std_error + 0.01


def test_information_on_a_curved_benefit_is_found_by_the_spline():
    # Net benefit x^2 - 1 for a standard normal x: E|...| by numerical integration.
    x = np.random.default_rng(2).standard_normal(40_000)
    noise = np.random.default_rng(3).standard_normal(40_000)
    truth = integrate.quad(lambda t: max(t * t - 1.2, 0) * stats.norm.pdf(t), -8, 8, points=[-1.1, 1.1])[0]
    found = information_of(x**2 - 1.2 + noise, {"x": x}, n=1)[1]
    assert found.value == pytest.approx(truth, abs=4 * found.std_error + 0.01)


def test_what_cannot_change_the_decision_is_worth_nothing():
    found = s.value_of_information(certain(residential_gbp_week=(4000, 3000, 5000)), draws=500)
    assert found[0].value == 0
    assert all(e.value == 0 for e in found)


def test_knowing_one_input_is_never_worth_more_than_knowing_all():
    found = s.value_of_information(
        usual().with_values(residential_gbp_week=(5200, 3900, 6500)), draws=3000, seed=1
    )
    assert found[0].value > 0
    assert all(e.value <= found[0].value + 3 * found[0].std_error for e in found)
