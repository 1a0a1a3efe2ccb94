"""Quarters and dates: the calendar of an evaluation.

A quarter is a calendar quarter: 2019Q4 is October to December 2019. Intervals are half open:
a spell holds on its first day and no longer on its last.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from vcanalysis.core.errors import InputError

DAYS_PER_YEAR = 365.25
WEEKS_PER_YEAR = DAYS_PER_YEAR / 7
YEAR = pd.Timedelta(days=365)
_ISO_DAY = re.compile(r"\d{4}-\d{2}-\d{2}(?:[T ]00:00:00)?")
_QUARTER = re.compile(r"(?:19|20)\d\d[ -]?[Qq][1-4]")
_MONTHS = ("January to March", "April to June", "July to September", "October to December")


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """A calendar quarter.

    Parameters
    ----------
    year, number : int
        Calendar year and quarter from 1 to 4.

    Examples
    --------
    >>> quarter = Quarter.parse("2019Q4")
    >>> quarter.start.date().isoformat(), quarter.last_day.date().isoformat()
    ('2019-10-01', '2019-12-31')
    >>> quarter.words()
    'October to December 2019'

    Raises
    ------
    InputError
        If it is given other than as two whole numbers, such as in one text.
    """

    year: int
    number: int = 0

    def __post_init__(self) -> None:
        if not (isinstance(self.year, int) and isinstance(self.number, int) and 1 <= self.number <= 4):
            raise InputError(
                'A quarter is a year and a number from 1 to 4. Write: Quarter(2019, 4), or Quarter.parse("2019Q4")'
            )

    @classmethod
    def parse(cls, text: str) -> Quarter:
        """Read a quarter written as ``2019Q4``.

        Raises
        ------
        InputError
            If the text is not a year and a quarter from Q1 to Q4.
        """
        match = re.fullmatch(r"((?:19|20)\d\d)[ -]?Q([1-4])", str(text).strip(), flags=re.IGNORECASE)
        if match is None:
            raise InputError(
                f"Quarter {str(text)!r} does not exist. Write a year and a quarter from Q1 to Q4, "
                "such as 2019Q4 (October to December 2019)."
            )
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def containing(cls, day: pd.Timestamp | str) -> Quarter:
        """Give the quarter a day falls in."""
        stamp = day if isinstance(day, pd.Timestamp) else read_day(day)
        return cls(stamp.year, (stamp.month - 1) // 3 + 1)

    @property
    def start(self) -> pd.Timestamp:
        """First day."""
        return pd.Timestamp(self.year, 3 * self.number - 2, 1)

    @property
    def end(self) -> pd.Timestamp:
        """Day after the last day: the open end of the interval."""
        return self.start + pd.DateOffset(months=3)

    @property
    def last_day(self) -> pd.Timestamp:
        """Last day: the date of the quarter's snapshot."""
        return self.end - pd.Timedelta(days=1)

    def shift(self, quarters: int) -> Quarter:
        """Move by a number of quarters, forwards or back."""
        index = self.year * 4 + self.number - 1 + quarters
        return Quarter(index // 4, index % 4 + 1)

    def words(self) -> str:
        """Name the months, as a reader would say them."""
        return f"{_MONTHS[self.number - 1]} {self.year}"

    def __str__(self) -> str:
        return f"{self.year}Q{self.number}"


def read_day(day: object) -> pd.Timestamp:
    """Read a day: a date of Python or pandas, or a text such as ``2019-12-31``.

    Other forms are refused, not guessed: 01/02/2019 is one day here and another in America, and a quarter is no day.

    Raises
    ------
    InputError
        If it is no day, or written in another way.

    Examples
    --------
    >>> read_day("2019-12-31").month
    12
    """
    if isinstance(day, (date, np.datetime64)) and not pd.isna(day):
        return pd.Timestamp(day)
    text = str(day).strip()
    try:
        if _ISO_DAY.fullmatch(text):
            return pd.Timestamp(text)
    except ValueError:
        pass
    said = str(Quarter.parse(text).last_day.date()) if _QUARTER.fullmatch(text) else ""
    hint = f" The last day of {text} is {said}." if said else ""
    raise InputError(f"{text} is no day. Write year, month and day, such as 2019-12-31.{hint}")


def write_day(day: pd.Timestamp | str) -> str:
    """Write a day as a reader would say it.

    Examples
    --------
    >>> write_day("2019-12-31")
    '31 December 2019'
    """
    stamp = day if isinstance(day, pd.Timestamp) else read_day(day)
    return f"{stamp.day} {stamp:%B %Y}"


def financial_year(day: pd.Timestamp | str) -> str:
    """Name the financial year (1 April to 31 March) a day falls in.

    Examples
    --------
    >>> financial_year("2020-03-31"), financial_year("2020-04-01")
    ('2019-20', '2020-21')
    """
    stamp = pd.Timestamp(day)
    first = stamp.year if stamp.month >= 4 else stamp.year - 1
    return f"{first}-{(first + 1) % 100:02d}"


def as_financial_year(text: str) -> str:
    """Write a financial year as ``2019-20``; empty if the text is none.

    Examples
    --------
    >>> [as_financial_year(text) for text in ("2019-20", "2019/20", "2019-2020", "2019-21", "last year")]
    ['2019-20', '2019-20', '2019-20', '', '']
    """
    match = re.fullmatch(r"((?:19|20)[0-9]{2})\s?[-/\u2013]\s?((?:19|20)?[0-9]{2})", str(text).strip())
    following = str(int(match[1]) + 1) if match else ""
    return f"{match[1]}-{following[2:]}" if match and match[2] in (following, following[2:]) else ""


def age_years(birth_month: pd.Series, day: pd.Timestamp | str) -> pd.Series:
    """Age in completed years on a day, from the month of birth (counted from its first day).

    Examples
    --------
    >>> age_years(pd.Series(pd.to_datetime(["2004-03-01"])), "2019-12-31").tolist()
    [15]
    """
    stamp = pd.Timestamp(day)
    months = (stamp.year - birth_month.dt.year) * 12 + (stamp.month - birth_month.dt.month)
    return (months // 12).astype("int64")
