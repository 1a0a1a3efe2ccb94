"""Amounts of money as people write them, and the periods they are for."""

from __future__ import annotations

import pandas as pd

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


def periods(text: pd.Series) -> pd.Series:
    """Read words for a period; missing where the word is not known.

    Examples
    --------
    >>> periods(pd.Series(["Per week", "PCM", "now and then"])).tolist()
    ['week', 'month', nan]
    """
    squeezed = text.str.lower().str.replace(r"[\s.]", "", regex=True).str.strip("()")
    return squeezed.map(_PERIOD_OF).astype("str").where(squeezed.isin(list(_PERIOD_OF)))


def amounts(text: pd.Series) -> pd.DataFrame:
    """Read amounts.

    Parameters
    ----------
    text : Series of str
        As written: pound signs, blanks, commas between thousands and nowhere else; credits in brackets,
        with a minus before or after or CR; thousands as k; whole pence as p; a word for the period after the
        amount, but not after a minus. An m alone may be months or millions, a bracket alone a slip: neither is read.

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
    plain = without_thousands(text.str.lower().str.replace(r"[£\s]|gbp", "", regex=True))
    parts = plain.str.extract(r"^([-(]?)\(?(\d+(?:\.\d+)?|\.\d+)(\)?)(k|p(?=$))?(\)?)(-?)(cr|dr)?(.*)$")
    number = pd.to_numeric(parts[1], errors="coerce")
    scale = parts[3].map({"k": 1000.0, "p": 0.01}).astype("float64").fillna(1.0)
    credit = parts[0].isin(["-", "("]) | parts[5].eq("-") | parts[6].eq("cr")
    word = parts[7].fillna("")
    period = periods(word)
    # In `200 - pw` nobody can say whether the stroke is a minus or parts the amount from its word.
    unread = word.ne("") & (period.isna() | parts[5].eq("-") | word.str.strip("()").eq("m"))
    unread |= plain.str.count(r"\(").ne(plain.str.count(r"\)"))
    unread |= parts[3].eq("p") & (
        parts[1].str.contains(".", regex=False) | text.str.contains("£|gbp", case=False)
    )
    pounds = (number * scale).where(~credit, -number * scale).where(~unread & (number < _LARGEST))
    worded = parts[3].notna() | parts[6].notna() | word.ne("")
    tidied = text.str.strip().str.lower().ne(plain) & pounds.notna()
    return pd.DataFrame(
        {"pounds": pounds, "period": period, "tidied": tidied & ~worded, "worded": worded & pounds.notna()}
    )


def without_thousands(text: pd.Series) -> pd.Series:
    """Leave out the commas between thousands; any other comma stays, so that the value is no number.

    Examples
    --------
    >>> without_thousands(pd.Series(["(1,234,567.50)", "1.234,56", "12,34"])).tolist()
    ['(1234567.50)', '1.234,56', '12,34']
    """
    grouped = text.str.match(r"^\D*\d{1,3}(?:,\d{3})+(?![\d,])").fillna(False).astype(bool)
    return text.mask(grouped, text.str.replace(",", "", regex=False))


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
