"""Dates, read strictly by their form: never guessed."""

from __future__ import annotations

import datetime as dt
import re
from functools import cache

import numpy as np
import pandas as pd

from vcanalysis.intake.cleaning.coded import by_text, texts_of

_FORMS = (
    re.compile(r"(?P<day>\d{1,2})/(?P<month>\d{1,2})/(?P<year>\d{4})", re.ASCII),
    re.compile(r"(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?:[ T]00:00(?::00(?:\.0+)?)?)?", re.ASCII),
)
_EXCEL_DAY = re.compile(r"(\d{5})(?:\.0)?", re.ASCII)
_EXCEL_EPOCH = dt.date(1899, 12, 30)
FILLERS = ("01/01/1900", "1900-01-01", "31/12/9999", "9999-12-31")
OPEN_ENDS = ("31/12/2099", "2099-12-31", "31/12/2999", "2999-12-31")  # what finance systems write for "open"
_MIDNIGHT = r"[ T]00:00(?::00(?:\.0+)?)?$"  # a spreadsheet adds it to a day
_FIRST, _LAST = 1950, 2100


def parse_dates(text: pd.Series) -> pd.Series:
    """Read dates written as dd/mm/yyyy or yyyy-mm-dd, or as the day number of Excel.

    Parameters
    ----------
    text : Series of str
        Written dates; an empty string or a filler such as 31/12/9999 is no date.

    Returns
    -------
    Series of datetime64[ns]
        NaT where there is no date or the text is none: an impossible day, a year of two digits, a year
        outside 1950 to 2100, or any other form.

    Examples
    --------
    >>> parse_dates(pd.Series(["03/04/2019", "2019-04-03", "43558", "31/04/2019"])).dt.strftime("%d %b %Y").tolist()
    ['03 Apr 2019', '03 Apr 2019', '03 Apr 2019', nan]
    """
    codes, distinct = texts_of(text)
    days = [
        None if missing else _day(written) for written, missing in zip(distinct, distinct.isna(), strict=True)
    ]
    found = np.array(days, dtype="datetime64[D]").astype("datetime64[ns]")
    return pd.Series(found[codes], index=text.index)


@cache
def _day(written: str) -> dt.date | None:
    """Read one date; there are far fewer different ones than rows."""
    serial = _EXCEL_DAY.fullmatch(written)
    if serial:
        day = _EXCEL_EPOCH + dt.timedelta(days=int(serial[1]))
        return day if _FIRST <= day.year <= _LAST else None
    form = next(filter(None, (form.fullmatch(written) for form in _FORMS)), None)
    if form is None or written[:10] in (*FILLERS, *OPEN_ENDS) or not _FIRST <= int(form["year"]) <= _LAST:
        return None
    try:
        return dt.date(int(form["year"]), int(form["month"]), int(form["day"]))
    except ValueError:
        return None


def is_filler(text: pd.Series) -> pd.Series:
    """Say where a date is a filler for "none", such as 31/12/9999."""
    return by_text(text, lambda own: own.str.replace(_MIDNIGHT, "", regex=True).isin(FILLERS))


def is_open_end(text: pd.Series) -> pd.Series:
    """Say where a date is a far one that stands for "still running", such as 31/12/2099.

    Examples
    --------
    >>> is_open_end(pd.Series(["31/12/2999", "2099-12-31 00:00:00", "31/12/2019"])).tolist()
    [True, True, False]
    """
    return by_text(text, lambda own: own.str.replace(_MIDNIGHT, "", regex=True).isin(OPEN_ENDS))


def is_excel_day(text: pd.Series) -> pd.Series:
    """Say where a date is written as Excel's count of days."""
    return by_text(text, lambda own: own.str.fullmatch(_EXCEL_DAY.pattern).fillna(False).astype(bool))


def short_years(text: pd.Series, near: pd.Series, *, after: bool) -> pd.Series:
    """Read dates with a year of two digits where one century alone gives the child an age from 0 to 25.

    Parameters
    ----------
    text : Series of str
        Written dates; only those of the form d/m/yy are read.
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
    parts = text.astype("str").str.extract(r"^(\d{1,2}/\d{1,2}/)(\d{2})$")
    found = pd.Series(pd.NaT, index=text.index, dtype="datetime64[ns]")
    for century in ("19", "20"):
        days = pd.to_datetime(parts[0] + century + parts[1], format="%d/%m/%Y", errors="coerce")
        age = (days - near).dt.days if after else (near - days).dt.days
        found = found.mask(age.between(0, 25 * 365.25), days.astype("datetime64[ns]"))
    return found


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
