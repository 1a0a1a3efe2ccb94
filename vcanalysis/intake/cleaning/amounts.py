"""Amounts of money as people write them, and the periods they are for."""

from __future__ import annotations

import re
from typing import NamedTuple

import pandas as pd

from vcanalysis.intake.cleaning.coded import by_text, texts_of

DAYS_IN_YEAR = 365.25
_LARGEST = 1e9  # more pounds than any row of a council can mean
# What one pound per period is per week; a total is divided by the weeks it covers.
PER_WEEK = {
    "day": 7.0,
    "week": 1.0,
    "fortnight": 0.5,
    "four weeks": 0.25,
    "month": 12 * 7 / DAYS_IN_YEAR,
    "quarter": 4 * 7 / DAYS_IN_YEAR,
    "year": 7 / DAYS_IN_YEAR,
}
_WORDS = {
    "day": ("day", "daily", "pd", "perday", "p/d", "d", "pernight", "night", "nightly"),
    "week": ("week", "weekly", "pw", "perweek", "p/w", "w", "wk", "perwk", "/wk", "/week"),
    "fortnight": ("fortnight", "fortnightly", "2weekly", "2-weekly"),
    "four weeks": ("fourweeks", "4weekly", "4-weekly", "fourweekly", "4weeks"),
    "month": ("month", "monthly", "pm", "pcm", "permonth", "calendarmonth", "m"),
    "quarter": ("quarter", "quarterly", "perquarter"),
    "year": ("year", "yearly", "annual", "annually", "pa", "perannum", "peryear", "p.a."),
    "total": ("total", "oneoff", "one-off", "invoice", "lumpsum"),
}
_PERIOD_OF = {word: period for period, words in _WORDS.items() for word in words}


_SIGNS = re.compile(r"[£\s]|gbp")
# A blank between digits parts thousands as a comma does, or the text is no number.
_BETWEEN = re.compile(r"(?<=\d)\s+(?=\d)")
_UNSURE = ("pd", "d")  # after an amount: by day, paid or due
_BLANKS = re.compile(r"[\s.]")
_PLAIN = re.compile(r"\d{1,8}(?:\.\d+)?", re.ASCII)  # most amounts
_GROUPED = re.compile(r"\D*\d{1,3}(?:,\d{3})+(?![\d,])", re.ASCII)
_FORM = re.compile(r"([-(]?)\(?(\d+(?:\.\d+)?|\.\d+)\)?(k|p(?=$))?\)?(-?)(cr|dr)?(.*)", re.ASCII)
_SCALE = {"k": 1000.0, "p": 0.01}


class _Amount(NamedTuple):
    pounds: float = float("nan")
    period: str = ""
    tidied: bool = False
    worded: bool = False


def periods(text: pd.Series) -> pd.Series:
    """Read words for a period; missing where the word is not known.

    Examples
    --------
    >>> periods(pd.Series(["Per week", "PCM", "now and then"])).tolist()
    ['week', 'month', nan]
    """
    found = by_text(text, _period, "str")
    return found.where(found.ne(""))


def _period(word: str) -> str:
    return _PERIOD_OF.get(_BLANKS.sub("", word.lower()).strip("()"), "")


def amounts(text: pd.Series) -> pd.DataFrame:
    """Read amounts.

    Parameters
    ----------
    text : Series of str
        As written: pound signs, blanks or commas between thousands and nowhere else; credits in brackets,
        with a minus before or after or CR; thousands as k; whole pence as p; a word for the period after the
        amount, but not after a minus. An m alone may be months or millions, pd by day or paid, a bracket alone a
        slip: none is read.

    Returns
    -------
    DataFrame
        pounds (NaN where it is none), period (missing where none is written), tidied (a sign or comma was
        left out), worded (a word was read).

    Examples
    --------
    >>> amounts(pd.Series(["£5,600.50", "(350.00)", "1.2k pw", "1.234,56"]))["pounds"].tolist()
    [5600.5, -350.0, 1200.0, nan]
    """
    codes, distinct = texts_of(text)
    read = [_amount(own) if isinstance(own, str) else _Amount() for own in distinct]
    found = pd.DataFrame(read, columns=list(_Amount._fields))
    found = found.astype({"pounds": "float64", "period": "str", "tidied": "bool", "worded": "bool"})
    found["period"] = found["period"].where(found["period"].ne(""))
    return found.take(codes).set_axis(text.index)


def _amount(text: str) -> _Amount:
    if _PLAIN.fullmatch(text):
        return _Amount(float(text))
    written = text.lower()
    plain = _without_thousands(_SIGNS.sub("", _BETWEEN.sub(",", written)))
    form = _FORM.fullmatch(plain)
    if form is None:
        return _Amount()
    sign, number, unit, after, credit, word = form.groups(default="")
    period = _period(word)
    pounds = float(number) * _SCALE.get(unit, 1.0)
    if _unclear(written, plain, form) or (word and not period) or float(number) >= _LARGEST:
        return _Amount(period=period)
    pounds = -pounds if sign or after or credit == "cr" else pounds
    worded = bool(unit or credit or word)
    return _Amount(pounds, period, tidied=not worded and text.strip().lower() != plain, worded=worded)


def _unclear(written: str, plain: str, form: re.Match[str]) -> bool:
    """Say whether an amount can be read in two ways, or has a bracket too many."""
    _, number, unit, after, _, word = form.groups(default="")
    # In `200 - pw` nobody can say whether the stroke is a minus or parts the amount from its word.
    stroke = bool(word) and bool(after)
    millions = word.strip("()") == "m"
    paid = word.strip("()") in _UNSURE
    pence = unit == "p" and ("." in number or "£" in written or "gbp" in written)
    return stroke or millions or paid or pence or plain.count("(") != plain.count(")")


def _without_thousands(text: str) -> str:
    """Leave out the commas between thousands; any other comma stays, so that the value is no number.

    Examples
    --------
    >>> [_without_thousands(text) for text in ("(1,234,567.50)", "1.234,56", "12,34")]
    ['(1234567.50)', '1.234,56', '12,34']
    """
    return text.replace(",", "") if _GROUPED.match(text) else text


def weekly(pounds: pd.Series, period: pd.Series, days: pd.Series) -> pd.Series:
    """Turn amounts into pounds per week.

    Parameters
    ----------
    pounds : Series of float
        Amount per period.
    period : Series of str
        Day, week, fortnight, four weeks, month, quarter, year or total.
    days : Series of float
        Days the row covers; needed for a total.

    Examples
    --------
    >>> year = weekly(pd.Series([52_178.57]), pd.Series(["year"]), pd.Series([365.0]))
    >>> float(year.round(2).iloc[0])
    1000.0
    """
    factor = period.map(PER_WEEK).astype("float64")
    return (pounds * factor).where(period.ne("total"), pounds * 7 / days.where(days > 0))
