"""Property tests of dates and money: what must hold for every day and every pound."""

from __future__ import annotations

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcanalysis.core import paths
from vcanalysis.core.errors import InputError
from vcanalysis.core.numbers import write_interval, write_number
from vcanalysis.core.period import Quarter, age_years, financial_year

DAYS = st.dates(min_value=pd.Timestamp("1990-01-01").date(), max_value=pd.Timestamp("2049-12-31").date()).map(
    pd.Timestamp
)
QUARTERS = st.builds(Quarter, st.integers(1990, 2049), st.integers(1, 4))
POUNDS = st.floats(-1e10, 1e10, allow_nan=False)


@given(DAYS)
def test_every_day_lies_in_exactly_one_quarter(day):
    quarter = Quarter.containing(day)
    assert quarter.start <= day < quarter.end
    assert not quarter.shift(1).start <= day
    assert not day < quarter.shift(-1).end


@given(QUARTERS, st.integers(-80, 80))
def test_quarters_follow_each_other_without_gap_and_a_shift_can_be_taken_back(quarter, by):
    assert quarter.end == quarter.shift(1).start
    assert quarter.shift(by).shift(-by) == quarter
    assert Quarter.parse(str(quarter)) == quarter
    assert (quarter.shift(by) > quarter) == (by > 0)


@given(QUARTERS)
def test_four_quarters_are_a_year(quarter):
    days = sum((quarter.shift(i).end - quarter.shift(i).start).days for i in range(4))
    assert days in (365, 366)


@given(DAYS)
def test_a_financial_year_begins_on_the_first_of_april(day):
    first = int(financial_year(day)[:4])
    assert pd.Timestamp(first, 4, 1) <= day < pd.Timestamp(first + 1, 4, 1)


@given(DAYS, DAYS)
def test_nobody_grows_younger_and_a_birthday_adds_one_year(born, day):
    birth = pd.Series([born.replace(day=1)])
    age = age_years(birth, day).iloc[0]
    assert age_years(birth, day + pd.Timedelta(days=1)).iloc[0] >= age
    assert age_years(birth, day + pd.DateOffset(years=1)).iloc[0] == age + 1
    assert age_years(birth, birth.iloc[0]).iloc[0] == 0


@given(st.lists(st.integers(1, 900), min_size=1, max_size=12), DAYS)
def test_days_of_neighbouring_episodes_add_up(lengths, start):
    ends = [start + pd.Timedelta(days=sum(lengths[: i + 1])) for i in range(len(lengths))]
    starts = [start, *ends[:-1]]
    days = sum((b - a).days for a, b in zip(starts, ends, strict=True))
    assert days == (ends[-1] - start).days
    # on the day between two episodes the child is in the later one only
    inside = [sum(a <= day < b for a, b in zip(starts, ends, strict=True)) for day in starts]
    assert inside == [1] * len(starts)


@given(POUNDS)
def test_an_amount_is_written_with_its_sign_and_to_a_twentieth_at_worst(amount):
    text = write_number(amount, "GBP")
    scale = {"billion": 1e9, "million": 1e6}.get(text.split()[-1], 1)
    read = float(text.split()[0].replace("£", "").replace(",", "")) * scale
    assert text.startswith("-£") == (read < 0)
    assert "£" in text
    assert read == pytest.approx(amount, rel=0.05, abs=0.51)


@given(POUNDS, POUNDS)
def test_a_larger_amount_is_never_written_smaller(one, other):
    def read(amount):
        text = write_number(amount, "GBP")
        scale = {"billion": 1e9, "million": 1e6}.get(text.split()[-1], 1)
        return float(text.split()[0].replace("£", "").replace(",", "")) * scale

    low, high = sorted([one, other])
    assert read(low) <= read(high)


def test_nothing_is_written_as_minus_nought():
    for unit in ("GBP", "share", "points", "correlation", "GBP per week", "children"):
        assert not write_number(-0.0001, unit).startswith("-"), unit
    assert write_number(None, "GBP") == write_number(float("inf"), "GBP") == "not estimable"
    assert write_number(1234.5, "bananas") == "1.23e+03 bananas"
    assert write_interval(0.001, 0.2, "share") == "0.1% to 20%"


def test_the_workbench_finds_its_own_files_or_says_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setenv("VCANALYSIS_HOME", str(tmp_path))
    paths.home.cache_clear()
    with pytest.raises(InputError, match="set VCANALYSIS_HOME"):
        paths.home()
    monkeypatch.delenv("VCANALYSIS_HOME")
    paths.home.cache_clear()
    monkeypatch.chdir(tmp_path)
    assert paths.find_folder("data/reference") == paths.home() / "data" / "reference"
    (tmp_path / "data" / "reference").mkdir(parents=True)
    assert paths.find_folder("data/reference").resolve() == tmp_path / "data" / "reference"
    assert not paths.find_folder("no/such/folder").exists()
