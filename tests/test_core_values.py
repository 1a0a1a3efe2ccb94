"""Values: what an estimate says, how numbers are written, quarters and ages; unit and property tests."""

import json
import re

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import COLUMNS, Estimate, Estimates
from vcanalysis.core.numbers import UNITS, write_number
from vcanalysis.core.period import Quarter, age_years, financial_year
from vcanalysis.core.schema import TABLES, check_table, conform

RHO = Estimate("Rank correlation", 0.18, 0.09, 0.27, n=412, unit="correlation", method="Spearman")


def test_an_estimate_says_its_interval_and_what_it_rests_on():
    assert RHO.sentence() == "Rank correlation: 0.18 (95% interval 0.09 to 0.27; 412 children)."
    assert RHO.words() == "0.18 (95% interval 0.09 to 0.27)"


def test_a_frame_of_estimates_has_the_one_vocabulary():
    frame = Estimates((RHO, RHO.named(group="boys"))).frame()
    assert tuple(frame.columns) == COLUMNS
    assert frame["group"].tolist() == ["all", "boys"]


@pytest.mark.parametrize("nothing", [None, np.nan, np.inf])
def test_what_is_not_a_number_is_not_estimable_and_says_so(nothing):
    missing = Estimate("Change", nothing, n=7, reason="at least 10 children are needed")
    assert missing.sentence() == "Change: not estimable. At least 10 children are needed; found 7."
    assert not missing.excludes(0)


def test_a_wording_may_place_value_interval_and_ends():
    said = RHO.named(wording="It is {value} ({interval}), from {low} to {high}, for {n} children.")
    assert said.sentence() == "It is 0.18 (95% interval 0.09 to 0.27), from 0.09 to 0.27, for 412 children."


def test_a_range_is_not_called_an_interval():
    assert "95% range of the scenario" in RHO.named(span="range of the scenario").sentence()


def test_a_table_of_unlike_intervals_says_in_each_row_what_it_is():
    whole = Estimate("Saving", 2.0, 1.0, 3.0, level=1.0, n=2, unit="points", span="range over the councils")
    page = Estimates((whole, RHO))._repr_html_()
    assert "<th scope='col'>Interval</th>" in page
    assert "<td>100% range over the councils 1.0 to 3.0</td>" in page
    assert "<td>95% interval 0.09 to 0.27</td>" in page


def test_the_head_of_a_table_says_what_its_intervals_are_of():
    missing = Estimate.not_estimable("Gap", n=1, reason="one is too few", level=0.9)
    assert "<th scope='col'>95% interval</th>" in Estimates((missing, RHO))._repr_html_()
    error = RHO.named(span="Monte Carlo interval")
    assert "<th scope='col'>95% Monte Carlo interval</th>" in Estimates((error,))._repr_html_()


def test_estimates_show_as_a_table_with_headers_that_a_reader_hears():
    page = Estimates((RHO.named(group="<b>boys</b>"),))._repr_html_()
    assert "scope='row'" in page
    assert "&lt;b&gt;" in page


def test_rows_of_one_group_are_told_apart_by_what_they_are():
    two = (
        RHO.named(group="2019-20"),
        RHO.named(term="Net saving", group="2019-20"),
        RHO.named(group="2020-21"),
    )
    rows = re.findall(r"<th scope='row'>(.*?)</th>", Estimates(two)._repr_html_())
    assert rows == [f"2019-20: {RHO.term}", "2019-20: Net saving", "2020-21"]


def test_asking_for_an_absent_group_names_those_there_are():
    with pytest.raises(KeyError, match="there are \\['all'\\]"):
        Estimates((RHO,)).group("girls")


@given(st.floats(allow_nan=False, allow_infinity=False), st.sampled_from(UNITS))
def test_every_number_is_written_without_an_exponent_or_a_minus_nought(value, unit):
    text = write_number(value, unit)
    assert "e+" not in text
    assert "nan" not in text
    assert not text.startswith("-0 ")


@given(st.floats(min_value=0, max_value=1e9), st.floats(min_value=0, max_value=1e9))
def test_money_is_written_in_the_order_of_its_size(first, second):
    order = {"": 1, " million": 1e6, " billion": 1e9}

    def read(text):
        number, _, word = text.removeprefix("£").partition(" ")
        return float(number.replace(",", "")) * order[f" {word}" if word else ""]

    small, large = sorted((first, second))
    assert read(write_number(small, "GBP")) <= read(write_number(large, "GBP")) * 1.06


@given(st.dates(min_value=pd.Timestamp("1990-01-01").date(), max_value=pd.Timestamp("2040-12-31").date()))
def test_every_day_lies_in_one_quarter_and_one_financial_year(day):
    quarter = Quarter.containing(day)
    assert quarter.start <= pd.Timestamp(day) < quarter.end
    assert quarter.shift(1).start == quarter.end
    assert Quarter.parse(str(quarter)) == quarter
    first = int(financial_year(day)[:4])
    assert pd.Timestamp(first, 4, 1) <= pd.Timestamp(day) < pd.Timestamp(first + 1, 4, 1)


@pytest.mark.parametrize("text", ["2019Q5", "2019Q0", "19Q4", "2019-Q", "", "2019Q4; import os", "Q4 2019"])
def test_a_quarter_that_does_not_exist_is_refused_in_one_line(text):
    with pytest.raises(InputError, match=r"does not exist\. Write a year and a quarter") as refused:
        Quarter.parse(text)
    assert "\n" not in str(refused.value)


@given(
    st.dates(min_value=pd.Timestamp("1995-01-01").date(), max_value=pd.Timestamp("2019-12-01").date()),
    st.dates(min_value=pd.Timestamp("2019-12-31").date(), max_value=pd.Timestamp("2030-12-31").date()),
)
def test_an_age_in_years_never_falls_and_rises_by_one_a_year(born, day):
    month = pd.Series([pd.Timestamp(born).replace(day=1)])
    age = age_years(month, day).iloc[0]
    assert age_years(month, pd.Timestamp(day) + pd.DateOffset(years=1)).iloc[0] == age + 1
    assert age >= 0


def test_every_table_conforms_to_itself_and_survives_a_round_trip():
    for name, table in TABLES.items():
        frame = conform(table.empty(), table=name)
        assert list(frame.columns) == table.names
        assert check_table(frame, table=name) == []


def test_a_problem_names_table_column_and_rows_but_no_value():
    frame = pd.DataFrame(
        {"child_id": ["7f3a", "7f3a"], "from": ["2019-10-01"] * 2, "gbp_week": [-5.0, 900.0]}
    )
    frame = conform(frame.assign(price_year="2019-20"), table="costs")
    problems = check_table(frame, table="costs")
    assert {p.rule for p in problems} == {"low", "key"}
    assert "7f3a" not in json.dumps([p.message for p in problems])


def test_a_missing_column_is_refused_with_the_columns_found():
    with pytest.raises(InputError, match=r"costs: column child_id is missing\. Columns found: gbp_week"):
        check_table(pd.DataFrame({"gbp_week": [1.0]}), table="costs")
