"""Unit and property tests: dates are read by their form, never guessed."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcanalysis.intake.cleaning.dates import parse_dates

_DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31))
_FORMS = ("%d/%m/%Y", "%Y-%m-%d", "%Y-%m-%d 00:00:00", "%Y-%m-%dT00:00:00")


def one(text: str) -> str:
    """Read one date and write it as ISO, or as nothing."""
    day = parse_dates(pd.Series([text])).iloc[0]
    return "" if pd.isna(day) else day.strftime("%Y-%m-%d")


@given(st.lists(st.tuples(_DAYS, st.sampled_from(_FORMS)), min_size=1, max_size=30))
def test_a_date_written_in_a_known_form_is_read_back_as_itself(written):
    read = parse_dates(pd.Series([day.strftime(form) for day, form in written]))
    assert [stamp.date() for stamp in read] == [day for day, _ in written]


@given(_DAYS)
def test_a_count_of_days_by_excel_is_read_as_its_day(day):
    serial = (day - dt.date(1899, 12, 30)).days
    assert one(str(serial)) == day.isoformat()


@given(st.text(alphabet="0123456789/- .:TZabc", max_size=14))
def test_any_other_text_is_no_date_or_one_that_it_spells(text):
    read = one(text)
    year, month, day = read.split("-") if read else ("", "", "")
    assert not read or text.strip().isdigit() or (year in text and int(day) <= 31 and int(month) <= 12)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("03/04/2024", "2024-04-03"),  # the day comes first, always
        ("2024-04-03", "2024-04-03"),  # and in an ISO date the month does, always
        ("3/4/2024", "2024-04-03"),
        ("45383", "2024-04-01"),
        ("45383.0", "2024-04-01"),
        ("29/02/2024", "2024-02-29"),
        ("29/02/2023", ""),
        ("31/04/2024", ""),
        ("13/13/2024", ""),
        ("03/04/24", ""),  # two digits are no year
        ("03/04/0224", ""),
        ("03/04/2924", ""),
        ("2024-4-3", ""),
        ("2024-04-03 13:45:00", ""),  # a time of day is no day
        ("01/01/1900", ""),  # fillers
        ("31/12/9999", ""),
        ("April 3 2024", ""),
        ("20240403", ""),
        ("", ""),
    ],
)
def test_a_form_is_read_one_way_or_not_at_all(text, read):
    assert one(text) == read
