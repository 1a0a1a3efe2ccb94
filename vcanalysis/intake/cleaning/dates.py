"""Dates, read strictly by their form: never guessed."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

import numpy as np
import pandas as pd

from vcanalysis.intake.cleaning.coded import by_text

ACCEPTED = (
    "dd/mm/yyyy, yyyy-mm-dd, dd-mm-yyyy, dd.mm.yyyy, yyyy/mm/dd, yyyymmdd, 20-May-2018 or 20 May 2018, with or "
    "without a time of day"
)
MONTHS = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?|"
    "nov(?:ember)?|dec(?:ember)?"
)
_MONTHS = "janfebmaraprmayjunjulaugsepoctnovdec"
_FORMS = tuple(
    re.compile(form, re.ASCII | re.IGNORECASE)
    for form in (
        r"(?P<day>\d{1,2})(?P<sign>[/.-])(?P<month>\d{1,2})(?P=sign)(?P<year>\d{4})",
        r"(?P<year>\d{4})(?P<sign>[/.-])(?P<month>\d{1,2})(?P=sign)(?P<day>\d{1,2})",
        r"(?P<year>\d{4})(?P<month>\d{2})(?P<day>\d{2})",
        rf"(?P<day>\d{{1,2}})(?P<sign>[/. -]?)(?P<month>{MONTHS})(?P=sign)(?P<year>\d{{4}})",
    )
)
_MIDNIGHT = r"[ T]00:00(?::00(?:\.0+)?)?"  # a spreadsheet adds it to a day
_LONGEST_DAY = 12  # letters; a day with its time has more
# A time of another zone than ours can be of another day, so only midnight may say its zone.
_TIME = re.compile(
    r"^(.{8,}?)(?:[ T](?:[01]?\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?: ?[AaPp][Mm])?"
    r"|[ T]00:00:00(?:\.0+)?(?:Z|\+00:00))$",
    re.ASCII,
)
_PLAIN = re.compile(  # needs no line in the log
    rf"(?:\d{{1,2}}/\d{{1,2}}/\d{{4}}|\d{{4}}-\d{{2}}-\d{{2}})(?:{_MIDNIGHT})?|\d{{5}}(?:\.0)?",
    re.ASCII,
)
_SHORT = (
    r"^(\d{1,2}[/.]\d{1,2}[/.]|\d{1,2}[/. -]?[A-Za-z]{3,9}[/. -]?)(\d{2})(?:[ T]\d{1,2}:\d{2}(?::\d{2})?)?$"
)
_EXCEL_DAY = re.compile(r"(\d{5})(?:\.0)?", re.ASCII)
_EXCEL_EPOCH = dt.date(1899, 12, 30)
FILLERS = (dt.date(1900, 1, 1), dt.date(9999, 12, 31))
_NOUGHT = re.compile(
    r"0|0?0:00(?::00)?|00[/. -](?:0?1|jan)[/. -](?:19)?00|1900-01-00", re.ASCII | re.IGNORECASE
)
OPEN_ENDS = (dt.date(2099, 12, 31), dt.date(2999, 12, 31))  # what finance systems write for "open"
_FIRST, _LAST = 1950, 2100


def parse_dates(text: pd.Series) -> pd.Series:
    """Read dates by their form, the day before the month unless the year comes first.

    Parameters
    ----------
    text : Series of str
        Written dates in a form of `ACCEPTED`, or as the day number of Excel; a time of day is left out. An
        empty string or a filler such as 31/12/9999 is no date.

    Returns
    -------
    Series of datetime64[ns]
        NaT where there is no date or the text is none: an impossible day, a year of two digits, a year
        outside 1950 to 2100, a time of another zone, or any other form.

    Examples
    --------
    >>> parse_dates(pd.Series(["03/04/2019", "2019-04-03", "43558", "31/04/2019"])).dt.strftime("%d %b %Y").tolist()
    ['03 Apr 2019', '03 Apr 2019', '03 Apr 2019', nan]
    """
    return by_text(text, lambda written: _day(_bare(written)), "datetime64[ns]")


def _bare(written: str) -> str:
    """Leave the time of day out; there are far fewer days than times. A blank may be one that does not break."""
    text = written.replace("\xa0", " ").strip()
    return _TIME.sub(r"\1", text) if len(text) > _LONGEST_DAY else text


@cache
def _day(written: str) -> dt.date | None:
    """Read one date; there are far fewer different ones than rows."""
    serial = _EXCEL_DAY.fullmatch(written)
    day = _EXCEL_EPOCH + dt.timedelta(days=int(serial[1])) if serial else _spelt(written)
    fine = day is not None and _FIRST <= day.year <= _LAST and day not in OPEN_ENDS
    return day if fine or (serial and day in OPEN_ENDS) else None


@cache
def _spelt(written: str) -> dt.date | None:
    """Give the day that a text without a time of day spells, whatever its year."""
    form = next(filter(None, (form.fullmatch(written) for form in _FORMS)), None)
    if form is None:
        return None
    month = form["month"].lower()
    number = int(month) if month.isdigit() else _MONTHS.index(month[:3]) // 3 + 1
    try:
        return dt.date(int(form["year"]), number, int(form["day"]))
    except ValueError:
        return None


def is_filler(text: pd.Series) -> pd.Series:
    """Say where a date is a filler for "none", such as 31/12/9999, or the nought of a spreadsheet shown as a day.

    Examples
    --------
    >>> is_filler(pd.Series(["01/01/1900", "00/01/1900", "00-Jan-00", "0", "10/01/1900"])).tolist()
    [True, True, True, True, False]
    """
    return by_text(text, lambda written: _no_day(_bare(written)))


def _no_day(written: str) -> bool:
    return bool(_NOUGHT.fullmatch(written)) or _spelt(written) in FILLERS


def is_open_end(text: pd.Series) -> pd.Series:
    """Say where a date is a far one that stands for "still running", such as 31/12/2099.

    Examples
    --------
    >>> is_open_end(pd.Series(["31/12/2999", "2099-12-31 00:00:00", "31/12/2019"])).tolist()
    [True, True, False]
    """
    return by_text(text, lambda written: _spelt(_bare(written)) in OPEN_ENDS)


def is_excel_day(text: pd.Series) -> pd.Series:
    """Say where a date is written as Excel's count of days."""
    return by_text(text, lambda written: bool(_EXCEL_DAY.fullmatch(written)))


def in_other_form(text: pd.Series) -> pd.Series:
    """Say where a date, if it is one, has another form than dd/mm/yyyy, yyyy-mm-dd or a count, or a time of day.

    Examples
    --------
    >>> in_other_form(pd.Series(["03/04/2019 00:00", "3 April 2019", "03.04.2019", "03/04/2019 14:35"])).tolist()
    [False, True, True, True]
    """
    return by_text(text, lambda written: bool(written) and not _PLAIN.fullmatch(written))


def short_years(text: pd.Series, near: pd.Series, *, after: bool) -> pd.Series:
    """Read dates with a year of two digits where one century alone gives the child an age from 0 to 25.

    Parameters
    ----------
    text : Series of str
        Written dates; only those of the forms d/m/yy, d.m.yy and 3-Apr-19 are read.
    near : Series of datetime64
        Date of birth, or a day at which the child was 0 to 25.
    after : bool
        Whether the date follows `near` (a day in care) or comes before it (a date of birth).

    Examples
    --------
    >>> born = pd.Series(pd.to_datetime(["2007-01-05", "2007-01-05"]))
    >>> short_years(pd.Series(["03/04/09", "03/04/99"]), born, after=True).dt.strftime("%d %b %Y").tolist()
    ['03 Apr 2009', nan]
    """
    parts = text.astype("str").str.extract(_SHORT)
    found = pd.Series(pd.NaT, index=text.index, dtype="datetime64[ns]")
    for century in ("19", "20"):
        days = parse_dates(parts[0] + century + parts[1])
        age = (days - near).dt.days if after else (near - days).dt.days
        found = found.mask(age.between(0, 25 * 365.25), days)
    return found


def in_full(text: pd.Series) -> pd.Series:
    """Write years of two digits as of this century: to see in which order day and month stand, not to read them.

    Examples
    --------
    >>> in_full(pd.Series(["03/04/09", "3-Apr-2019"])).tolist()
    ['03/04/2009', '3-Apr-2019']
    """
    parts = text.str.extract(_SHORT)
    return text.mask(parts[1].notna(), parts[0] + "20" + parts[1])


def year_days(years: pd.Series, *, month: int, day: int) -> pd.Series:
    """Give the same day of each year.

    Examples
    --------
    >>> year_days(pd.Series([2019, 2020]), month=3, day=31).dt.strftime("%d %b %Y").tolist()
    ['31 Mar 2019', '31 Mar 2020']
    """
    codes, distinct = pd.factorize(years)
    days = np.array([f"{year:04d}-{month:02d}-{day:02d}" for year in distinct], dtype="datetime64[ns]")
    return pd.Series(days[codes], index=years.index)
