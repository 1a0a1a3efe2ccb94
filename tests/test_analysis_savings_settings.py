"""Refusal and unit tests of the settings of a scenario: what is allowed, in which pounds, over which years."""

import datetime
import math

import pandas as pd
import pytest

from tests.test_analysis_savings import certain, usual
from vcanalysis.analysis import savings as s
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.facts import fact
from vcanalysis.core.parts import Parts
from vcanalysis.core.paths import data_file

RATES = """rates = [                     # years from the first financial year: from and to, both included
  { from = 0, to = 30, fact = "green_book_discount" },
  { from = 31, to = 75, fact = "green_book_discount_31_75" },
]"""
START = 'start = "2020-04-01"'
BACKFILL = (
    "[inputs.backfill_share]       # of children who moved: the bed, or the family, serves another child, "
    "so spending stays"
)


def changed(tmp_path, *changes):
    text = data_file("assumptions/savings.toml").read_text(encoding="utf-8")
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new, 1)
    (tmp_path / "own.toml").write_text(text, encoding="utf-8")
    return s.load_scenario(tmp_path / "own.toml")


def refused(message, call, *args, **values):
    with pytest.raises(InputError, match=message) as error:
        call(*args, **values)
    assert "\n" not in str(error.value)


# --- what is allowed --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('step = "month"', 'step = "day"', "Write month or week"),
        ("horizon_years = 3", "horizon_years = 0", "horizon_years 0 is refused"),
        ("horizon_years = 3", "horizon_years = 2.5", "horizon_years 2.5 is refused. Give a whole number"),
        ("horizon_years = 3", 'horizon_years = "x"', "horizon_years 'x' is refused"),
        ("horizon_years = 3", "horizon_years = 77", "discount rates cover 1 to 76"),
        (
            "horizon_years = 3",
            "horizon_years = 3\nhorizn = 7",
            "no 'horizn' in scenario. Did you mean 'horizon_years'",
        ),
        (START, 'start = ""', "start '' is refused. Write a day: 2020-04-01"),
        (START, 'start = "01/04/2020"', "start '01/04/2020' is refused"),
        ('price_year = "2019-20"', 'price_year = "2019-25"', "price_year '2019-25' is refused"),
        ('price_year = "2019-20"', 'price_year = "1999-00"', "of the price index, 2010-11 to 2025-26"),
        ("[optimism]", "[optimizm]", "Did you mean 'optimism'"),
        ("costs = 0.15", "costs = 1.5", "optimism costs 1.5 is refused"),
        ("costs = 0.15", 'costs = "a"', "optimism costs 'a' is refused"),
        ("costs = 0.15", "cost = 0.15", "Did you mean 'costs'"),
        (RATES, "rates = []", "no discount rates"),
        (RATES, "rates = [{ from = 0, to = 30, rate = 3.5 }]", "rate 3.5 is refused. Give a share"),
        (RATES, "rates = [{ from = 0, to = 30, rate = -0.9 }]", "rate -0.9 is refused"),
        (RATES, "rates = [{ from = 0, to = 30, rate = nan }]", "rate nan is refused"),
        (RATES, "rates = [{ from = 0, to = 30 }]", "rate is missing under"),
        (
            RATES,
            "rates = [{ from = 0, to = 0, rate = 0.03 }, { from = 2, to = 9, rate = 0.03 }]",
            "from 2 to 9 .* the next from is 1",
        ),
        (
            RATES,
            "rates = [{ from = 0, to = 9, rate = 0.03 }, { from = 5, to = 12, rate = 0.02 }]",
            "from 5 to 12 .* the next from is 10",
        ),
        ("value = -0.3\n", "value = -3\n", "correlation value -3 is refused"),
        ("value = -0.3\n", "value = nan\n", "correlation value nan is refused"),
        ("value = -0.3\n", 'value = "x"\n', "correlation value 'x' is refused"),
        ('first = "suitable_share"', 'first = "suitable"', "Did you mean 'suitable_share'"),
        ('first = "suitable_share"', 'first = "sustained_52_weeks"', "with itself is refused"),
        ("[inputs.delay_months]", "[inputs.delay_months]\nhgih = 3", "Did you mean 'high'"),
        (f"{BACKFILL}\ncentral = 0.2", f"{BACKFILL}\ncentral = -0.2", "backfill_share .* is refused"),
        (f"{BACKFILL}\ncentral = 0.2", f"{BACKFILL}\ncentral = nan", "central nan is refused"),
        (f"{BACKFILL}\ncentral = 0.2", f'{BACKFILL}\ncentral = "0.2"', "central '0.2' is refused"),
    ],
)
def test_settings_that_make_no_sense_are_refused_in_one_line(tmp_path, old, new, message):
    refused(message, changed, tmp_path, (old, new))


def test_a_horizon_that_touches_one_financial_year_more_than_the_rates_cover_is_refused(tmp_path):
    # From July, 3 years touch 4 financial years.
    three = (RATES, "rates = [{ from = 0, to = 2, rate = 0.035 }]")
    assert len(changed(tmp_path, three).discount_factors()) == 3
    refused("touches 4 financial years", changed, tmp_path, three, (START, 'start = "2020-07-01"'))


def test_a_file_whose_settings_are_no_table_is_refused(tmp_path):
    (tmp_path / "own.toml").write_text("scenario = 3\n", encoding="utf-8")
    refused("scenario 3 is refused", s.load_scenario, tmp_path / "own.toml")


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"horizon_years": 2.5}, "horizon_years 2.5 is refused"),
        ({"horizon_years": True}, "horizon_years True is refused"),
        ({"start": "soon"}, "start 'soon' is refused"),
        ({"start": pd.NaT}, "start NaT is refused"),
        ({"price_year": None}, "price_year None is refused"),
        ({"price_year": "2031-32"}, "price_year '2031-32' is refused"),
        ({"horizont": 3}, "Did you mean 'horizon_years'"),
        ({"optimism": "much"}, "Give savings.Optimism"),
        ({"optimism": s.Optimism(costs=math.nan)}, "optimism costs nan is refused"),
        ({"correlations": ("x",)}, "correlation 'x' is refused"),
        ({"rates": ((0, 30),)}, "rates \\(0, 30\\) is refused"),
    ],
)
def test_settings_given_in_a_call_are_held_against_the_same_rules(settings, message):
    refused(message, usual().with_settings, **settings)


@pytest.mark.parametrize(
    "value", [math.nan, math.inf, True, None, (0.5, math.nan, 0.7), s.Input(math.nan, 0, 1)]
)
def test_an_input_that_is_no_number_is_refused_when_it_is_given(value):
    refused("give a number or three", usual().with_values, matched_share=value)


@pytest.mark.parametrize(
    "run", [{"draws": 200.5}, {"draws": 10}, {"draws": "many"}, {"seed": -1}, {"seed": 0.5}]
)
def test_draws_and_seed_that_cannot_be_are_refused(run):
    refused("Give a whole number", s.simulate_savings, usual(), **{"draws": 100, **run})


def test_a_day_may_be_given_as_a_date():
    assert usual().with_settings(start=datetime.date(2021, 7, 1)).start == pd.Timestamp("2021-07-01")


# --- in which pounds --------------------------------------------------------------------------------------


def test_assumed_pounds_are_brought_to_the_price_year_of_the_scenario(tmp_path):
    # The deflator is 78.1735 in 2019-20 and 96.6694 in 2024-25; the council's own pounds are given afterwards.
    factor = 96.6694 / 78.1735
    by_file = changed(tmp_path, ('price_year = "2019-20"', 'price_year = "2024-25"'))
    in_call = s.load_scenario().with_settings(price_year="2024-25")
    for scenario in (by_file, in_call):
        value = scenario.inputs["search_gbp"]
        assert (value.central, value.low, value.high) == pytest.approx(
            (3000 * factor, 1000 * factor, 6000 * factor)
        )
        assert scenario.inputs["family_gbp_week"].central == pytest.approx(1300 * factor)
        assert scenario.inputs["delay_months"] == s.load_scenario().inputs["delay_months"]
        assert "Pounds of 2019-20 brought to 2024-25" in value.reason
    given = in_call.with_values(
        residential_gbp_week=6000, support_gbp_week=s.Input(150, 0, 400, price_year="2019-20")
    )
    assert given.inputs["residential_gbp_week"].central == 6000
    assert given.inputs["support_gbp_week"].central == pytest.approx(150 * factor)


@pytest.mark.parametrize(("year", "index"), [("2010-11", 66.5571), ("2025-26", 100.0)])
def test_another_price_year_scales_every_pound_and_changes_no_likelihood(year, index):
    plain, other = (
        s.simulate_savings(given, draws=200) for given in (usual(), usual().with_settings(price_year=year))
    )
    assert other.present_value == pytest.approx(plain.present_value * index / 78.1735)
    assert other.likelihood.value == plain.likelihood.value
    assert f"Pounds of {year}" in other.note


def test_own_rows_may_be_in_pounds_of_another_year(tmp_path):
    row = "[inputs.search_gbp]           # once for every search, found or not\ncentral = 3000"
    assert changed(tmp_path, (row, row + "\n")).inputs["search_gbp"].central == 3000
    text = data_file("assumptions/savings.toml").read_text(encoding="utf-8")
    start = text.index("[inputs.search_gbp]")
    own = text[:start] + text[start:].replace("2019-20", "2010-11", 1)
    (tmp_path / "own.toml").write_text(own, encoding="utf-8")
    assert s.load_scenario(tmp_path / "own.toml").inputs["search_gbp"].central == pytest.approx(
        3000 * 78.1735 / 66.5571
    )
    (tmp_path / "own.toml").write_text(own.replace('"2010-11"', '"1999-00"'), encoding="utf-8")
    refused("search_gbp.*'1999-00' is refused", s.load_scenario, tmp_path / "own.toml")


def test_the_national_price_is_brought_from_its_own_year():
    few = s.price_gap(pd.DataFrame({"cost": [1.0], "type": ["x"]}), cost="cost", placement_type="type")[0]
    national = s.or_national(few, fact("england_residential_week_2020"))
    later = usual().with_settings(price_year="2024-25").with_values(residential_gbp_week=national)
    assert later.inputs["residential_gbp_week"].central == pytest.approx(4165 * 96.6694 / 78.1735)


# --- losses -----------------------------------------------------------------------------------------------


def test_a_loss_leaves_the_budget_in_full():
    # 20 children in families 100 pounds a week dearer than homes, for 30 months; half of a saving would be cashable.
    result = s.simulate_savings(certain(residential_gbp_week=900, cashable_share=0.5), draws=100)
    net = result.estimates.term("Net saving over the horizon").value
    assert net < 0
    assert result.estimates.term("Cashable net saving over the horizon").value == pytest.approx(net)


def test_of_a_saving_only_the_cashable_share_counts_but_returns_and_programme_in_full():
    values = {
        "cashable_share": 0.5,
        "sustained_52_weeks": 0.5,
        "return_price_ratio": 1.5,
        "team_gbp_year": 1000,
    }
    result = s.simulate_savings(certain(**values), draws=100)
    gross, returns, programme = (result.by_year(n).sum() / 100 for n in ("gross", "returns", "programme"))
    assert returns > 0
    found = result.estimates.term("Cashable net saving over the horizon").value
    assert found == pytest.approx(gross / 2 - returns - programme)


def test_a_bed_filled_again_makes_no_loss_smaller():
    plain, filled = (
        s.simulate_savings(certain(residential_gbp_week=900, backfill_share=share), draws=100)
        for share in (0.0, 0.5)
    )
    assert (plain.net_by_year < 0).all()
    assert filled.net_by_year == pytest.approx(plain.net_by_year)
    assert filled.full_year_effect == pytest.approx(plain.full_year_effect)


def test_a_price_that_goes_into_a_published_scenario_is_no_finer_than_it_is_shown():
    own = Estimate(
        "Mean", 3636.69, 3194.19, 4235.41, n=29, unit="GBP per week", parts=Parts(8275.0, 5575.0, 105_464.0)
    )
    told = s.or_national(own, fact("england_residential_week_2020"), width=0.2)
    assert (told.value, told.low, told.high) == (3650.0, 3200.0, 4250.0)  # 1,655 over 59: to 50
    assert s.or_national(own, fact("england_residential_week_2020")) == own
