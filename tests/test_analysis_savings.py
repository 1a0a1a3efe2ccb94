"""Closed forms, directions, conservation and refusals of the savings scenario."""

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vcanalysis.analysis import savings as s
from vcanalysis.analysis.savings.expected import central_inputs, expected_value
from vcanalysis.analysis.savings.fates import Spans, months_in_family
from vcanalysis.analysis.savings.flows import Clock
from vcanalysis.analysis.savings.simulation import WEEKS_PER_MONTH, pert
from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file

# Everything certain: all move at once after six months, nobody breaks down or leaves, nothing costs anything.
CERTAIN = {
    "candidates": 20,
    "arrivals_year": 0,
    "demand_growth_year": 0.0,
    "edge_reduction_share": 0.0,
    "suitable_share": 1.0,
    "referred_share": 1.0,
    "matched_share": 1.0,
    "family_places": 100_000,
    "delay_months": 6,
    "ramp_months": 0,
    "sustained_52_weeks": 1.0,
    "early_share": 0.5,
    "late_breakdown_year": 0.0,
    "return_price_ratio": 1.0,
    "natural_exit_year": 0.0,
    "residential_gbp_week": 4000,
    "family_gbp_week": 1000,
    "support_gbp_week": 0,
    "team_gbp_year": 0,
    "team_years": 2,
    "search_gbp": 0,
    "recruitment_gbp": 0,
    "residential_growth_year": 0.0,
    "family_growth_year": 0.0,
    "pay_growth_year": 0.0,
    "edge_gbp_year": 0,
    "backfill_share": 0.0,
    "cashable_share": 1.0,
}
GAP = 20 * 3000  # pounds a week


def certain(**changes):
    return s.load_scenario().with_values(**{**CERTAIN, **changes})


def usual(**changes):
    return s.load_scenario().with_values(candidates=30, residential_gbp_week=(4200, 3900, 4500), **changes)


# --- closed forms -----------------------------------------------------------------------------------------


def test_with_everything_certain_the_pounds_are_those_of_the_back_of_an_envelope():
    result = s.simulate_savings(certain(), draws=100)
    months = np.array([6, 12, 12])
    assert result.net_by_year == pytest.approx(np.tile(GAP * WEEKS_PER_MONTH * months, (100, 1)))
    assert result.full_year_effect == pytest.approx(np.full((100, 3), 52 * GAP))
    discounted = GAP * WEEKS_PER_MONTH * months @ (1.035 ** -np.arange(3.0))
    assert result.present_value == pytest.approx(np.full(100, discounted))
    assert result.payback_month.tolist() == [7] * 100


def test_natural_exits_take_from_the_saving_what_an_exponential_says():
    # Each child saves while still there: the integral of exp(-h t) from month 6 to month 36.
    result = s.simulate_savings(certain(natural_exit_year=0.35), draws=4000, seed=1)
    hazard = -np.log(0.65) / 12
    weeks = WEEKS_PER_MONTH * (np.exp(-6 * hazard) - np.exp(-36 * hazard)) / hazard
    gross = result.by_year("gross").sum(axis=1)
    error = gross.std() / np.sqrt(4000)
    assert abs(gross.mean() - GAP * weeks) < 4 * error


def test_the_weeks_kept_up_agree_with_the_retention_curve():
    # A year after the move half are still there; the piecewise hazard integrated by hand over 30 months.
    result = s.simulate_savings(certain(sustained_52_weeks=0.5, late_breakdown_year=0.2), draws=4000, seed=2)
    t = np.linspace(0, 30, 30_001)
    year, early = -np.log(0.5), 0.5 * -np.log(0.5)
    later = np.maximum(t - 12, 0) * -np.log(0.8) / 12
    hazard = early * np.minimum(t, 3) / 3 + (year - early) * np.clip(t - 3, 0, 9) / 9 + later
    months = np.trapezoid(np.exp(-hazard), t)
    gross = result.by_year("gross").sum(axis=1)
    assert abs(gross.mean() - GAP * WEEKS_PER_MONTH * months) < 4 * gross.std() / np.sqrt(4000)


def test_half_the_moves_hold_a_year_when_half_should():
    values = {"sustained_52_weeks": 0.5, "early_share": 0.6, "late_breakdown_year": 0.1}
    x = {name: np.full(1, value) for name, value in values.items()}
    exponential = np.random.default_rng(1).exponential(size=100_000)
    months = months_in_family(x, np.zeros(100_000, int), exponential)
    assert np.mean(months > 12) == pytest.approx(0.5, abs=0.006)
    assert np.mean(months > 3) == pytest.approx(0.5**0.6, abs=0.006)
    assert np.mean(months > 24) == pytest.approx(0.45, abs=0.006)


@pytest.mark.parametrize("early", [0.0, 1e-6, 0.3, 1.0])
@pytest.mark.parametrize("sustained", [0.0, 0.6, 0.999999, 1.0])
def test_as_many_moves_last_a_year_as_should_wherever_the_breakdowns_fall(sustained, early):
    # Evenly spaced exponential numbers: the shares staying 3 and 12 months are S^early and S, up to 1 in 100,000.
    x = {"sustained_52_weeks": sustained, "early_share": early, "late_breakdown_year": 0.2}
    even = -np.log1p(-(np.arange(100_000) + 0.5) / 100_000)
    months = months_in_family({n: np.full(1, v) for n, v in x.items()}, np.zeros(100_000, int), even)
    assert np.mean(months >= 12 - 1e-4) == pytest.approx(sustained, abs=2e-5)
    assert np.mean(months >= 3 - 1e-4) == pytest.approx(max(sustained, 1e-12) ** early, abs=2e-5)
    assert np.mean(months >= 24) == pytest.approx(0.8 * sustained, abs=2e-5)


def test_a_share_of_all_saves_no_less_than_a_share_of_nearly_all():
    # Retention up to the end of its range: the expected value may only rise, and at 1 it is that of no breakdown.
    given = usual(late_breakdown_year=0.0)
    x = central_inputs(given, 5)
    x["sustained_52_weeks"] = np.array([0.9, 0.99, 0.9999, 0.999999, 1.0])
    worth = expected_value(given, x)
    assert (np.diff(worth) > -1).all()
    assert worth[4] == pytest.approx(worth[3], rel=1e-4)


def test_a_return_costs_the_dearer_price_until_the_child_would_have_left():
    # All break down at once after the move and stay in a home at 1.5 times the price.
    values = {"sustained_52_weeks": 0.0, "early_share": 1.0, "return_price_ratio": 1.5}
    result = s.simulate_savings(certain(**values), draws=200, seed=1)
    returns = result.by_year("returns").sum(axis=1).mean()
    assert returns == pytest.approx(20 * 2000 * WEEKS_PER_MONTH * 30, rel=0.02)


def test_programme_costs_are_the_team_and_the_searches():
    costs = {"team_gbp_year": 120_000, "team_years": 1.5, "search_gbp": 5000, "recruitment_gbp": 7000}
    result = s.simulate_savings(certain(**costs, edge_gbp_year=10_000), draws=100)
    assert result.by_year("programme").sum(axis=1) == pytest.approx(np.full(100, 195_000 + 20 * 12_000))


@pytest.mark.parametrize(
    ("growth", "gap"),
    [
        ("residential_growth_year", [3000, 3400, 3840]),  # 4,000 growing by 10% a year, less 1,000
        ("family_growth_year", [3000, 2900, 2790]),
    ],
)
def test_each_price_grows_on_its_own_each_april_and_not_before(growth, gap):
    result = s.simulate_savings(certain(**{growth: 0.1}), draws=100)
    months = np.array([6, 12, 12])
    assert result.net_by_year[0] == pytest.approx(20 * WEEKS_PER_MONTH * months * gap)


def test_pay_grows_apart_from_prices():
    result = s.simulate_savings(certain(team_gbp_year=100_000, team_years=3, pay_growth_year=0.1), draws=100)
    assert result.by_year("programme")[0] == pytest.approx([100_000, 110_000, 121_000])


def test_later_arrivals_come_into_view_while_the_team_works():
    result = s.simulate_savings(certain(candidates=0, arrivals_year=10, team_years=1), draws=500, seed=3)
    assert result.amounts["moved"][:, -1].tolist() == [10] * 500
    assert result.amounts["moved"][:, 5].max() == 0  # nobody moves within the delay
    weeks = np.mean(result.by_year("gross").sum(axis=1)) / 3000
    assert weeks == pytest.approx(10 * WEEKS_PER_MONTH * (36 - 6 - 6), rel=0.02)


def test_beta_pert_has_its_textbook_mean_and_ends():
    value = s.Input(6, 3, 12)
    drawn = pert(value, (np.arange(100_000) + 0.5) / 100_000)
    assert drawn.mean() == pytest.approx((3 + 4 * 6 + 12) / 6, abs=1e-3)
    assert 3 <= drawn.min() < drawn.max() <= 12


# --- directions and conservation --------------------------------------------------------------------------


def test_no_yield_and_no_programme_saves_exactly_nothing():
    result = s.simulate_savings(usual(suitable_share=0, team_gbp_year=0), draws=2000)
    assert (result.frame()["estimate"].dropna() == 0).all()
    assert result.benefit_cost_ratio.reason == "the programme costs nothing in some draws"
    assert all((values == 0).all() for name, values in result.amounts.items() if name != "moved")
    assert result.sentence().startswith("£0 a year")


@pytest.mark.parametrize("name", ["suitable_share", "referred_share", "matched_share"])
def test_more_yield_never_saves_less_draw_by_draw(name):
    fixed = {"return_price_ratio": 1.0, "search_gbp": 0, "support_gbp_week": 0, "recruitment_gbp": 0}
    low, high = (
        s.simulate_savings(usual(**fixed, **{name: share}), draws=500, seed=4).net_by_year
        for share in (0.3, 0.6)
    )
    assert (high >= low - 1e-6).all()
    assert high.mean() > low.mean()


@pytest.mark.parametrize(
    ("name", "more", "less"),
    [
        ("natural_exit_year", 0.1, 0.6),
        ("delay_months", 3, 12),
        ("backfill_share", 0.0, 0.5),
        ("family_places", 100_000, 1),
        ("recruitment_gbp", 0, 20_000),
        ("family_growth_year", 0.0, 0.1),
        ("sustained_52_weeks", 0.8, 0.3),
        ("team_gbp_year", 0, 5e5),
    ],
)
def test_what_should_save_less_saves_less(name, more, less):
    values = [
        s.simulate_savings(usual(**{name: v}), draws=500, seed=4).present_value.mean() for v in (more, less)
    ]
    assert values[0] > values[1]


def test_a_negative_price_gap_loses_money():
    result = s.simulate_savings(certain(residential_gbp_week=900), draws=100)
    assert (result.net_by_year < 0).all()


def test_child_months_are_conserved():
    rng = np.random.default_rng(5)
    draw = np.repeat(np.arange(50), 30)
    start = rng.uniform(0, 40, 1500)
    end = start + rng.exponential(10, 1500)
    spans = Spans(draw, start, end - start, end)
    within, there = Clock(50, 36, 1.0).stay(spans, start, end)
    expected = np.bincount(draw, np.clip(end, 0, 36) - np.clip(start, 0, 36))
    assert within.sum(axis=1) == pytest.approx(expected)
    assert (there[:, -1] == np.bincount(draw, (start < 36) & (end >= 36))).all()


def test_part_year_and_full_year_effect_are_kept_apart():
    result = s.simulate_savings(usual(), draws=500)
    terms = {e.term for e in result.estimates if e.group == "2020-21"}
    assert len(terms) == 3
    so_far = [e.value for e in result.estimates if e.term == "Net saving added up to the end of the year"]
    assert so_far == pytest.approx(np.cumsum(result.net_by_year.mean(axis=0)))
    net = result.estimates.term("Net saving over the horizon").value
    assert net == pytest.approx(result.net_by_year.sum(axis=1).mean())
    assert net == pytest.approx(result.cumulative[:, -1].mean())


def test_the_seed_repeats_the_result_and_another_gives_another():
    first, again, other = (s.simulate_savings(usual(), draws=300, seed=seed) for seed in (1, 1, 2))
    assert (first.present_value == again.present_value).all()
    assert (first.present_value != other.present_value).any()


def test_correlated_inputs_are_drawn_together():
    from vcanalysis.analysis.savings.simulation import draw_inputs

    drawn = draw_inputs(usual(), draws=20_000, rng=np.random.default_rng(1))
    rho = stats.spearmanr(drawn["suitable_share"], drawn["sustained_52_weeks"]).statistic
    assert rho == pytest.approx(-0.3, abs=0.02)


def test_the_monte_carlo_error_falls_with_the_root_of_the_draws():
    few, many = (s.simulate_savings(usual(), draws=d, seed=1).monte_carlo_error() for d in (1000, 9000))
    assert few / many == pytest.approx(3, rel=0.1)


# --- years and discounting --------------------------------------------------------------------------------


def test_months_fall_into_financial_years_that_begin_in_april():
    scenario = certain().with_settings(start="2020-01-01", horizon_years=1)
    assert scenario.step_years() == ["2019-20"] * 3 + ["2020-21"] * 9


def test_the_discount_rate_falls_after_thirty_years():
    factors = certain().with_settings(horizon_years=40).discount_factors()
    assert factors[30] == pytest.approx(1.035**-30)
    assert factors[31] == pytest.approx(1.035**-30 / 1.03)


# --- refusals ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ({"suitable_share": -0.1}, "suitable_share .* is refused"),
        ({"matched_share": 1.2}, "matched_share .* is refused"),
        ({"delay_months": (6, 12, 3)}, "low <= central <= high"),
        ({"suitable_shares": 0.5}, "Did you mean 'suitable_share'"),
        ({"residential_gbp_week": "4000"}, "give a number or three"),
    ],
)
def test_values_that_make_no_sense_are_refused_in_one_line(values, message):
    with pytest.raises(InputError, match=message) as error:
        usual().with_values(**values)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('price_year = "2019-20"', "", "price_year is missing"),
        ('price_year = "2019-20"', 'price_year = "2019"', "Write a financial year"),
        ("horizon_years = 3", "horizon_years = 90", "discount rates cover 1 to 76"),
        ("central = 12\n", "central = -1\n", "ramp_months .* is refused"),
        ("[inputs.support_gbp_week]", "[inputs.suport_gbp_week]", "Did you mean 'support_gbp_week'"),
        ("central = 6\n", "", r"\[inputs.delay_months\] needs"),
        ("[scenario]", "[scenario", "this is not TOML"),
    ],
)
def test_a_scenario_file_with_a_fault_is_refused_in_one_line(tmp_path, old, new, message):
    text = data_file("assumptions/savings.toml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "bad.toml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(InputError, match=message) as error:
        s.load_scenario(tmp_path / "bad.toml")
    assert "\n" not in str(error.value)


def test_a_scenario_without_the_councils_values_is_not_run():
    with pytest.raises(InputError, match="candidates, residential_gbp_week"):
        s.simulate_savings(s.load_scenario())


def test_a_missing_file_and_too_few_draws_are_refused(tmp_path):
    with pytest.raises(InputError, match="was not found"):
        s.load_scenario(tmp_path / "none.toml")
    with pytest.raises(InputError, match="at least 100"):
        s.simulate_savings(usual(), draws=10)


def test_every_input_says_why_and_where_from():
    table = s.load_scenario().frame().set_index("input")
    later = ["candidates", "residential_gbp_week"]
    assert (table.drop(later)["reason"].str.len() > 20).all()
    assert (table["source"].str.len() > 0).all()
    assert (table["unit"].str.len() > 0).all()


# --- prices -----------------------------------------------------------------------------------------------


def test_the_price_gap_is_a_difference_of_means():
    frame = pd.DataFrame(
        {"cost": [700.0, 900.0] * 10 + [4000.0, 5000.0] * 10, "type": ["Foster"] * 20 + ["Home"] * 20}
    )
    dear, cheap, gap = s.price_gap(frame, cost="cost", placement_type="type", dear=["Home"], cheap=["Foster"])
    assert (dear.value, cheap.value, gap.value) == (4500, 800, 3700)
    assert gap.low < 3700 < gap.high


def test_a_gap_with_too_few_children_is_not_given():
    frame = pd.DataFrame({"cost": [700.0] * 5, "type": ["Agency fostering"] * 5})
    assert not s.price_gap(frame, cost="cost", placement_type="type")[2].estimable
