"""Unit and property tests: dates are read by their form, never guessed."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vcanalysis.intake.cleaning.dates import in_other_form, is_filler, is_open_end, parse_dates, short_years

_DAYS = st.dates(dt.date(1950, 1, 1), dt.date(2100, 12, 31))
_PLAIN = (
    "%d/%m/%Y",
    "%d/%m/%Y 00:00",
    "%d/%m/%Y 00:00:00",
    "%Y-%m-%d",
    "%Y-%m-%d 00:00:00",
    "%Y-%m-%dT00:00:00",
)
_OTHER = ("%d-%b-%Y", "%d %B %Y", "%d%b%Y", "%d-%m-%Y", "%d.%m.%Y", "%Y/%m/%d", "%Y%m%d", "%d/%m/%Y 14:35")
_FORMS = (*_PLAIN, *_OTHER, "%Y-%m-%dT00:00:00Z", "%Y-%m-%d 09:05:59.123")


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
    digits = text[:8].isdigit() or text.removesuffix(".0").isdigit()
    assert not read or digits or (year in text and int(day) <= 31 and int(month) <= 12)


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
        ("2024-4-3", "2024-04-03"),
        ("2024-04-03 13:45:00", "2024-04-03"),
        ("2024-04-03T23:00:00Z", ""),  # midnight of the day after, in summer
        ("2024-04-03 25:00", ""),
        ("05/13/2024", ""),  # the month first: only if the mapping says so
        ("05-13-2024", ""),
        ("03-04-2024", "2024-04-03"),  # as with slashes
        ("03-04.2024", ""),
        ("20052018", ""),  # 20 May as ddmmyyyy is no yyyymmdd
        ("3-Foo-2024", ""),
        ("43558 00:00", ""),
        ("31.12.9999", ""),
        ("01/01/1900", ""),  # fillers
        ("31/12/9999", ""),
        ("April 3 2024", ""),
        ("20240403", "2024-04-03"),
        ("03/04/2024\u00a0", "2024-04-03"),  # copied from a web page
        ("3\u00a0April\u00a02024", "2024-04-03"),
        ("00/01/1900", ""),
        ("03/04/2024 12:00:00 AM", "2024-04-03"),  # a report server
        ("03/04/2024 11:59 pm", "2024-04-03"),
        ("", ""),
    ],
)
def test_a_form_is_read_one_way_or_not_at_all(text, read):
    assert one(text) == read


@given(_DAYS)
def test_only_forms_other_than_the_two_plain_ones_need_a_line_in_the_log(day):
    plain, other = (
        in_other_form(pd.Series([day.strftime(form) for form in forms])) for forms in (_PLAIN, _OTHER)
    )
    assert not plain.any()
    assert other.all()


@pytest.mark.parametrize(
    ("text", "filler"),
    [("00/01/1900", True), ("00/01/00", True), ("00-Jan-00", True), ("1900-01-00", True), ("0", True),
     ("00:00:00", True), ("00/01/1901", False), ("00/02/1900", False), ("10/01/1900", False), ("09:30:00", False)],
)  # fmt: skip
def test_the_nought_of_a_spreadsheet_is_no_day_however_it_is_shown(text, filler):
    assert is_filler(pd.Series([text])).tolist() == [filler]


def test_fillers_are_told_in_every_form():
    assert is_filler(pd.Series(["31-12-9999", "99991231", "1 January 1900", "31/12/2019"])).tolist() == [
        1,
        1,
        1,
        0,
    ]
    assert is_open_end(pd.Series(["31.12.2099", "31-Dec-2999", "31/12/2019 00:00"])).tolist() == [1, 1, 0]


def test_a_year_of_two_digits_is_told_by_the_age_in_every_form():
    born = pd.Series(pd.to_datetime(["2007-01-05"] * 4))
    read = short_years(pd.Series(["3/4/09", "03.04.09", "03-Apr-09", "09-04-03"]), born, after=True)
    assert read.dt.strftime("%Y-%m-%d").fillna("").tolist() == [*["2009-04-03"] * 3, ""]
