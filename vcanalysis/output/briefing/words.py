"""How records are written in a document: numbers, intervals, bases, names and periods."""

from __future__ import annotations

import re
from typing import Any

from vcanalysis.core.errors import InputError
from vcanalysis.core.numbers import write_interval, write_number
from vcanalysis.core.period import Quarter
from vcanalysis.output.disclosure import MARK, published_unit
from vcanalysis.output.records import Record

# pounds and weeks added up from all that was paid: nothing was drawn, so no interval says how sure they are
_ADDED_UP = ("cost.quarter.", "ledger.bridge.")
UNAVAILABLE = "[x]"  # the Government Statistical Service's mark for a figure that is not available
_MINUS = re.compile(r"(?<![\w-])-(?=£?\d)")


def number(record: Record, *, with_unit: bool = True) -> str:
    """Write the number of a record as it is published, or the mark for why it is not there.

    Examples
    --------
    >>> number(Record("a.b", "Q?", "Share", 0.07, unit="share", n=200))
    '7%'
    """
    if record.status == "suppressed":
        return MARK
    if record.value is None:
        return UNAVAILABLE
    return write_number(record.value, published_unit(record.unit), with_unit=with_unit)


def unit_words(record: Record) -> str:
    """Give the words behind the number: " a week"."""
    return number(record).removeprefix(number(record, with_unit=False))


def interval(record: Record) -> str:
    """Write the interval of a record, or nothing."""
    if record.low is None or record.high is None:
        return ""
    return write_interval(record.low, record.high, published_unit(record.unit))


def span_words(record: Record) -> str:
    """Name the interval of a record: "95% interval"; of a whole range, "range of the scenario" alone."""
    span = record.span.rstrip(",")
    return span if record.level >= 1 else f"{100 * record.level:.3g}% {span}"


def added_up(record: Record) -> bool:
    """Say whether a record was added up from what was paid, so that it has no sampling error.

    Examples
    --------
    >>> added_up(Record("cost.quarter.cost_of_a_child_week", "Q?", "Cost", 865.0, unit="GBP per week", n=305))
    True
    """
    return record.id.startswith(_ADDED_UP) and not interval(record)


def base(record: Record) -> str:
    """Say what a record rests on: "410 children"."""
    return MARK if record.n is None else f"{record.n:,} {record.of}"


def row_name(record: Record) -> str:
    """Name a record in a table of several measures."""
    return record.label if record.group == "all" else f"{record.label}: {record.group}"


def capital(text: str) -> str:
    """Write the first letter large.

    Examples
    --------
    >>> capital("agency fostering")
    'Agency fostering'
    """
    return text[:1].upper() + text[1:]


def lower_first(text: str) -> str:
    """Write the first letter small, unless the word is an abbreviation.

    Examples
    --------
    >>> lower_first("Agency fostering"), lower_first("SDQ total")
    ('agency fostering', 'SDQ total')
    """
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def period_words(text: str) -> str:
    """Write a period in words where it is a quarter.

    Examples
    --------
    >>> period_words("2019Q4"), period_words("31 December 2019")
    ('October to December 2019', '31 December 2019')
    """
    try:
        return Quarter.parse(text).words()
    except InputError:
        return text


def minus(text: Any, *, joined: bool = False) -> Any:
    r"""Write a true minus before numbers, which no line end may part from them where `joined`.

    Examples
    --------
    >>> ascii(minus("-60 in 2019-20")), ascii(minus("-£5", joined=True))
    ("'\\u221260 in 2019-20'", "'\\u2212\\u2060\\xa35'")
    """
    is_plain = isinstance(text, str) and not hasattr(text, "__html__")  # markup is done with
    return _MINUS.sub("\u2212\u2060" if joined else "\u2212", text) if is_plain else text
