"""How numbers are written in sentences: one place, so that every page says them alike."""

from __future__ import annotations

import math
from collections.abc import Callable


def _fixed(value: float, places: int) -> str:
    text = f"{value:,.{places}f}"
    return text[1:] if text.startswith("-") and not text.strip("-0.,") else text


def _money(value: float) -> str:
    size = abs(value)
    sign = "-" if value < 0 else ""
    if size >= 1e9:
        return f"{sign}£{size / 1e9:,.2f} billion"
    if size >= 999_500:
        return f"{sign}£{size / 1e6:,.1f} million"
    if round(size) == 0:
        return "£0"
    return f"{sign}£{size:,.0f}"


def _total(value: float) -> str:
    """Write a sum of money: three significant figures from 10,000 pounds, since no total here knows more."""
    size = abs(value)
    return _money(round(value, 2 - math.floor(math.log10(size))) if size >= 10_000 else value)


# unit -> (writer of one number, words behind it)
_UNITS: dict[str, tuple[Callable[[float], str], str]] = {
    "correlation": (lambda v: _fixed(v, 2), ""),
    "ratio": (lambda v: _fixed(v, 2), ""),
    "index": (lambda v: _fixed(v, 2), ""),
    "share": (lambda v: f"{_fixed(100 * v, 0 if abs(v) >= 0.1 or v == 0 else 1)}%", ""),
    "change": (lambda v: f"{_fixed(100 * v, 0)}%", ""),
    "small change": (lambda v: f"{_fixed(100 * v, 1)}%", ""),
    # near certain or near never a digit more: an interval of draws does not read 0% to 0%
    "probability": (
        lambda v: f"{_fixed(100 * v, 1 if 0.0005 <= min(abs(v), abs(1 - v)) < 0.01 else 0)}%",
        "",
    ),
    "percentage points": (lambda v: _fixed(v, 1), " percentage points"),
    "GBP": (_total, ""),
    "GBP per week": (_money, " a week"),
    "GBP per year": (_total, " a year"),
    "GBP per child": (_total, " per child"),
    "children": (lambda v: _fixed(v, 0), " children"),
    "children a year": (lambda v: _fixed(v, 0), " children a year"),
    "placements": (lambda v: _fixed(v, 0), " placements"),
    "places": (lambda v: _fixed(v, 0), " places"),
    "assessments": (lambda v: _fixed(v, 0), " assessments"),
    "weeks": (lambda v: _fixed(v, 0), " weeks"),
    "days": (lambda v: _fixed(v, 0), " days"),
    "points": (lambda v: _fixed(v, 1), " points"),
    "levels": (lambda v: _fixed(v, 2), " levels"),
    "classes": (lambda v: _fixed(v, 0), " groups"),
    "count": (lambda v: _fixed(v, 0), ""),
}
UNITS = tuple(_UNITS)

_COUNTED = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def write_number(value: float | None, unit: str, *, with_unit: bool = True) -> str:
    """Write a number in its unit.

    Parameters
    ----------
    value : float or None
        The number, in the base of its unit: a share of 0.14 is written 14%.
    unit : str
        One of `UNITS`; any other unit is written behind a number of three significant figures.
    with_unit : bool
        Whether to write the words of the unit behind the number.

    Examples
    --------
    >>> write_number(2100.4, "GBP per week"), write_number(0.142, "share"), write_number(1.13e6, "GBP")
    ('£2,100 a week', '14%', '£1.1 million')
    >>> write_number(1, "children a year"), write_number(-1, "places"), write_number(1, "GBP per week")
    ('1 child a year', '-1 place', '£1 a week')
    """
    if value is None or not math.isfinite(value):
        return "not estimable"
    write, words = _UNITS.get(unit, (lambda v: f"{v + 0.0:,.3g}", f" {unit}" if unit else ""))
    text = write(value)
    return text + (_of_one(words) if text in ("1", "-1") else words) if with_unit else text


def _of_one(words: str) -> str:
    """Put the first of the words of a unit into the singular: "1 child a year"."""
    first, *rest = words.split(" ")[1:] or [""]
    return (
        " ".join(["", "child" if first == "children" else first.removesuffix("s"), *rest]) if first else words
    )


def write_interval(low: float | None, high: float | None, unit: str) -> str:
    """Write an interval as "low to high".

    Examples
    --------
    >>> write_interval(0.07, 0.21, "share"), write_interval(-60, 66, "GBP per week")
    ('7.0% to 21%', '-£60 to £66')
    """
    return f"{write_number(low, unit, with_unit=False)} to {write_number(high, unit, with_unit=False)}"


def count_words(number: int) -> str:
    """Write a small number in words.

    Examples
    --------
    >>> count_words(2), count_words(12)
    ('two', '12')
    """
    return _COUNTED[number] if 0 <= number < len(_COUNTED) else f"{number:,}"
