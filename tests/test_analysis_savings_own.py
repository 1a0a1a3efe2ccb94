"""Unit and refusal tests of the council's own step-downs and prices as inputs of a scenario."""

import nbformat
import pandas as pd
import pytest

import vcanalysis
from tests.test_analysis_savings import usual
from vcanalysis import cli
from vcanalysis.analysis import savings as s
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.paths import data_file
from vcanalysis.intake.opening import open_council

# Six profiled children by 31 December 2019: a to d were decided for, e was not; d waits for its search.
# a moved after 61 days, b waits (its 52 weeks are up), c moved fast but began too late to be judged.
STEPDOWN = pd.DataFrame(
    {
        "child_id": list("abcdef"),
        "decision": ["search", "search", "search", "search", "appropriate", None],
        "search": pd.to_datetime(["2018-06-01", "2018-07-01", "2019-10-01", None, None, None]),
        "move": pd.to_datetime(["2018-08-01", None, "2019-10-15", None, None, None]),
    }
)
# Of a the price of the home ends on the day of the move; of c only the price of the home is known, from before.
COSTS = pd.DataFrame(
    {
        "child_id": ["a", "a", "a", "c"],
        "from": pd.to_datetime(["2018-01-01", "2018-08-01", "2019-04-01", "2019-04-01"]),
        "gbp_week": [4000.0, 900.0, 950.0, 3800.0],
        "support_gbp_week": [0.0, 120.0, 130.0, 50.0],
    }
)


def test_own_step_downs_are_counted_where_their_time_is_up():
    found = s.own_moves(STEPDOWN, COSTS, day="2019-12-31")
    assert found.referred == (3, 4)
    assert found.matched == (1, 2)
    assert found.delay_months == pytest.approx((61 / (365.25 / 12),))
    assert (found.family_gbp_week, found.support_gbp_week) == ((900.0,), (120.0,))
    assert found.sentence().startswith("3 of 4 children were searched for")


def test_nothing_after_the_day_is_known():
    found = s.own_moves(STEPDOWN, COSTS, day="2018-07-15")
    assert (found.referred, found.matched, found.family_gbp_week) == ((2, 4), (0, 0), ())


def test_a_council_that_has_not_begun_keeps_its_assumptions():
    found = s.own_moves(STEPDOWN.iloc[:0].astype("object"), COSTS, day="2019-12-31")
    assert (found.referred, found.matched, found.delay_months) == ((0, 0), (0, 0), ())
    given = s.with_own_means(s.load_scenario(), delay_months=found.delay_months)
    assert given.inputs == s.load_scenario().inputs


def test_own_values_join_the_assumption_as_two_normal_means_do():
    # 6 months (3 to 12): variance (9 / 3.92)^2. Own 3, 4, 5: mean 4, standard error 1 / sqrt(3), t of 2 degrees 4.3027.
    prior, own = (9 / 3.919928) ** 2, 1 / 3 * (4.302653 / 1.959964) ** 2
    value = s.with_own_means(usual(), delay_months=[3, 4, 5]).inputs["delay_months"]
    assert value.central == pytest.approx((6 / prior + 4 / own) / (1 / prior + 1 / own), rel=1e-5)
    assert value.high - value.low == pytest.approx(3.919928 / (1 / prior + 1 / own) ** 0.5, rel=1e-5)
    assert value.source == "the council's own data: mean of 3"


def test_many_own_values_outweigh_the_assumption_and_two_say_nothing():
    scenario = usual()
    assert s.with_own_means(scenario, delay_months=[1, 2]).inputs == scenario.inputs
    assert s.with_own_means(scenario, delay_months=[1, 2] * 200).inputs[
        "delay_months"
    ].central == pytest.approx(1.5, abs=0.01)


def test_values_all_alike_are_not_taken_for_certain():
    value = s.with_own_means(usual(), support_gbp_week=[0.0] * 5).inputs["support_gbp_week"]
    assert value.low == 0 < value.central < 150 < value.high + 50


def test_an_assumed_price_is_brought_to_the_councils_own_level():
    # Agency fostering costs twice the published 820 here, so a family after a step-down twice 1,300.
    own = Estimate("Mean weekly cost, agency fostering", 1640.0, n=30, unit="GBP per week")
    value = s.with_own_level(usual(), family_gbp_week=own).inputs["family_gbp_week"]
    assert (value.low, value.central) == pytest.approx((1640, 2600))
    few = Estimate.not_estimable("Mean weekly cost, agency fostering", n=4, reason="at least 10 are needed")
    assert s.with_own_level(usual(), family_gbp_week=few).inputs == usual().inputs


@pytest.mark.parametrize(
    ("call", "values", "message"),
    [
        (s.with_own_means, {"matched_share": [0.1, 0.2, 0.3]}, "is a share"),
        (s.with_own_means, {"delay_month": [1, 2, 3]}, "Did you mean 'delay_months'"),
        (s.with_own_means, {"delay_months": [1, 2, float("nan")]}, "no numbers"),
        (s.with_own_level, {"delay_months": Estimate("Delay", 4.0)}, "no assumed price"),
    ],
)
def test_own_values_that_cannot_be_are_refused(call, values, message):
    with pytest.raises(InputError, match=message):
        call(usual(), **values)


def test_the_notebook_reads_a_council_whose_data_begin_less_than_a_year_before_its_programme(tmp_path):
    council = tmp_path / "council"
    assert cli.main(["synth", str(council), "--children", "3", "--years", "2", "--seed", "4"]) == 0
    here = open_council(council)
    assert here.programme_start - pd.DateOffset(years=1) < here.start
    cells = nbformat.read(
        data_file("demo").parents[1] / "notebooks" / "11_what_could_be_saved.ipynb", 4
    ).cells
    sources = [c.source for c in cells if c.cell_type == "code" and "in_short" not in c.source]
    last = next(i for i, source in enumerate(sources) if "simulate_savings" in source)
    told = {"vc": vcanalysis}
    for source in sources[:last]:
        exec(source.replace('"data/demo"', repr(str(council))), told)
    assert not told["covered"]
    assert told["scenario"].inputs["natural_exit_year"] == s.load_scenario().inputs["natural_exit_year"]


def test_what_is_published_is_made_of_rounded_counts_and_of_none_below_the_least():
    assumed = s.load_scenario()
    ranges = {
        pair: s.with_own_shares(assumed, least=10, base=5, matched_share=pair).inputs["matched_share"]
        for pair in ((2, 7), (17, 26), (12, 27), (13, 26), (0, 0))
    }
    assert ranges[2, 7] == ranges[17, 26] == ranges[0, 0] == assumed.inputs["matched_share"]
    assert ranges[12, 27] == s.with_own_shares(assumed, matched_share=(10, 25)).inputs["matched_share"]
    assert ranges[13, 26] == s.with_own_shares(assumed, matched_share=(15, 25)).inputs["matched_share"]
    months = [3.0, 5.0, 4.0]
    assert s.with_own_means(assumed, least=10, delay_months=months).inputs == assumed.inputs
    assert s.with_own_means(assumed, delay_months=months).inputs != assumed.inputs
