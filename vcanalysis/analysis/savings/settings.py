"""What the settings of a scenario may be: one table, held against a file and against values given in a call."""

from __future__ import annotations

import datetime
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.savings.inputs import NUMBER, Correlation, Optimism
from vcanalysis.core.errors import InputError
from vcanalysis.core.price_index import price_index

EXAMPLE = "data/assumptions/savings.toml"


@dataclass(frozen=True, slots=True)
class Rule:
    """What one setting may be, and how to say so."""

    kinds: tuple[type, ...]
    must: str
    lowest: float = -1e12
    highest: float = 1e12
    words: tuple[str, ...] = ()

    def allows(self, value: object) -> bool:
        """Whether the value is of the kind, among the words and within the range; NaN and infinity never are."""
        if isinstance(value, bool) or not isinstance(value, self.kinds):
            return False
        if isinstance(value, NUMBER):
            return bool(self.lowest <= value <= self.highest)  # type: ignore[operator]
        return not self.words or value in self.words


_WHOLE = (int, np.integer)
_TEXT = Rule((str,), "Give a text.")
_AMOUNT = Rule(NUMBER, "Give a number.")
_SHARE = Rule(NUMBER, "Give a share from 0 to 1.", 0, 1)
_TABLE, _ROWS = Rule((Mapping,), f"See {EXAMPLE}."), Rule((list, tuple), f"See {EXAMPLE}.")
_YEARS = Rule(_WHOLE, "Give a whole number of years, counted from 0.", 0, 1000)
_ASKED = {
    "id": _TEXT,
    "title": _TEXT,
    "price_year": Rule((str,), "Write a financial year: 2019-20."),
    "start": Rule((pd.Timestamp,), "Write a day: 2020-04-01."),
    "horizon_years": Rule(_WHOLE, "Give a whole number of years, at least 1.", 1, 1000),
    "step": Rule((str,), "Write month or week.", words=("month", "week")),
}
# part of the settings -> name -> rule; what stands nowhere here is refused
ALLOWED: dict[str, dict[str, Rule]] = {
    "file": {
        "scenario": _TABLE,
        "discount": _TABLE,
        "optimism": _TABLE,
        "inputs": _TABLE,
        "correlation": _ROWS,
    },
    "scenario": {**_ASKED, "from_council": _ROWS},
    "discount": {"source": _TEXT, "rates": _ROWS},
    "rates": {
        "from": _YEARS,
        "to": _YEARS,
        "rate": Rule(NUMBER, "Give a share from 0 to 0.3, such as 0.035.", 0, 0.3),
        "fact": _TEXT,
    },
    "optimism": {"costs": _SHARE, "benefits": _SHARE, "reason": _TEXT},
    "correlation": {
        "first": _TEXT,
        "second": _TEXT,
        "value": Rule(NUMBER, "Give a value from -0.95 to 0.95.", -0.95, 0.95),
        "reason": _TEXT,
    },
    "input": {
        **dict.fromkeys(("central", "low", "high", "base"), _AMOUNT),
        **dict.fromkeys(("unit", "reason", "source", "price_year", "assumption", "preset"), _TEXT),
        "use": Rule((str,), "Write central or optimistic.", words=("central", "optimistic")),
    },
    "settings": {
        **_ASKED,
        "inputs": _TABLE,
        "correlations": Rule((tuple,), "Give a tuple of savings.Correlation."),
        "rates": Rule((tuple,), "Give a tuple of (from year, to year, rate)."),
        "rates_source": _TEXT,
        "optimism": Rule((Optimism,), "Give savings.Optimism(costs, benefits)."),
        "file": _TEXT,
    },
    "run": {
        "draws": Rule(_WHOLE, "Give a whole number, at least 100, better 10,000.", 100, 1e8),
        "seed": Rule(_WHOLE, "Give a whole number from 0.", 0),
    },
}
NEEDED = {
    "scenario": ("id", "title", "price_year", "start", "horizon_years"),
    "rates": ("from", "to", "rate"),
    "correlation": ("first", "second", "value"),
}


def check(part: str, values: object, where: str) -> None:
    """Hold settings against the rules of their part.

    Parameters
    ----------
    part : str
        A key of `ALLOWED`.
    values : object
        Should be a mapping of names to values.
    where : str
        File or call, for the message.

    Raises
    ------
    InputError
        If it is no mapping, a name is unknown or missing, or a value is not what its rule says.

    Examples
    --------
    >>> check("optimism", {"costs": 0.15}, "this call")
    >>> check("optimism", {"cost": 0.15}, "this call")
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: this call: there is no 'cost' in optimism. Did you mean 'costs'?
    """
    rules = ALLOWED[part]
    if not isinstance(values, Mapping):
        raise InputError(f"{where}: {part} {_shown(values)} is refused. See {EXAMPLE}.")
    for name, value in values.items():
        if name not in rules:
            near = difflib.get_close_matches(str(name), rules, n=1)
            advice = f"Did you mean {near[0]!r}?" if near else f"There are: {', '.join(rules)}."
            raise InputError(f"{where}: there is no {name!r} in {part}. {advice}")
        if not rules[name].allows(value):
            raise InputError(f"{where}: {part} {name} {_shown(value)} is refused. {rules[name].must}")
    for name in NEEDED.get(part, ()):
        if name not in values:
            raise InputError(f"{where}: {name} is missing under [{part}]. Add it.")


def _shown(value: object) -> str:
    text = f"{value:g}" if isinstance(value, float) else repr(value)
    return text if len(text) <= 40 else f"{text[:37]}..."


def as_day(value: object) -> object:
    """Read a day written as 2020-04-01; anything else stays as it is, for its rule to refuse."""
    if isinstance(value, str) and not re.fullmatch(r"\d{4}-\d\d-\d\d", value):
        return value
    try:
        return pd.Timestamp(value) if isinstance(value, (str, datetime.date)) else value
    except ValueError:
        return value


def check_price_year(year: str, where: str) -> None:
    """Refuse a year that the price index lacks."""
    known = sorted(price_index().values)
    if year not in known:
        raise InputError(
            f"{where}: price_year {_shown(year)} is refused. Write a financial year of the price index, "
            f"{known[0]} to {known[-1]}."
        )


def check_rates(rates: tuple[tuple[int, int, float], ...], where: str) -> int:
    """Refuse discount rates with a gap or an overlap, and say how many years they cover."""
    if not rates:
        raise InputError(f"{where}: there are no discount rates. Write them as in {EXAMPLE}.")
    covered = 0
    for first, last, _ in rates:
        if first != covered or last < first:
            raise InputError(
                f"{where}: discount rates from {first} to {last} are refused. Write them in order without a gap: "
                f"the next from is {covered}."
            )
        covered = last + 1
    return covered


def correlation_of(pair: object) -> object:
    """Give a correlation as its table, for the rules."""
    if not isinstance(pair, Correlation):
        return pair
    return {"first": pair.first, "second": pair.second, "value": pair.value, "reason": pair.reason}


def rate_of(row: object) -> object:
    """Give a discount rate as its table, for the rules."""
    return (
        dict(zip(("from", "to", "rate"), row, strict=True))
        if isinstance(row, tuple) and len(row) == 3
        else row
    )
