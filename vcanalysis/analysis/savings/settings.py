"""What the settings of a scenario may be: one table, held against a file and against values given in a call."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping

import numpy as np
import pandas as pd

from vcanalysis.analysis.savings.inputs import Correlation, Optimism
from vcanalysis.core.errors import InputError
from vcanalysis.core.limits import Limit, check_part, shown
from vcanalysis.core.price_index import price_index

EXAMPLE = "data/assumptions/savings.toml"


_WHOLE = (int, np.integer)
_FAR = 1e12  # beyond any pounds, children or days
_TEXT = Limit("Give a text.", kinds=(str,))
_AMOUNT = Limit("Give a number.", -_FAR, _FAR)
_SHARE = Limit("Give a share from 0 to 1.", 0, 1)
_TABLE = Limit(f"See {EXAMPLE}.", kinds=(Mapping,))
_ROWS = Limit(f"See {EXAMPLE}.", kinds=(list, tuple))
_YEARS = Limit("Give a whole number of years, counted from 0.", 0, 1000, kinds=_WHOLE)
_ASKED = {
    "id": _TEXT,
    "title": _TEXT,
    "price_year": Limit("Write a financial year: 2019-20.", kinds=(str,)),
    "start": Limit("Write a day: 2020-04-01.", kinds=(pd.Timestamp,)),
    "horizon_years": Limit("Give a whole number of years, at least 1.", 1, 1000, kinds=_WHOLE),
    "step": Limit("Write month or week.", kinds=(str,), words=("month", "week")),
}
# part of the settings -> name -> limit; what stands nowhere here is refused
ALLOWED: dict[str, dict[str, Limit]] = {
    "file": {
        "scenario": _TABLE,
        "discount": _TABLE,
        "optimism": _TABLE,
        "inputs": _TABLE,
        "correlation": _ROWS,
    },
    "scenario": {**_ASKED, "from_council": _ROWS, "held": _ROWS},
    "discount": {"source": _TEXT, "rates": _ROWS},
    "rates": {
        "from": _YEARS,
        "to": _YEARS,
        "rate": Limit("Give a share from 0 to 0.3, such as 0.035.", 0, 0.3),
        "fact": _TEXT,
    },
    "optimism": {"costs": _SHARE, "benefits": _SHARE, "reason": _TEXT},
    "correlation": {
        "first": _TEXT,
        "second": _TEXT,
        "value": Limit("Give a value from -0.95 to 0.95.", -0.95, 0.95),
        "reason": _TEXT,
    },
    "input": {
        **dict.fromkeys(("central", "low", "high", "base"), _AMOUNT),
        **dict.fromkeys(("unit", "reason", "source", "price_year", "assumption", "preset"), _TEXT),
        "use": Limit("Write central or optimistic.", kinds=(str,), words=("central", "optimistic")),
    },
    "settings": {
        **_ASKED,
        "inputs": _TABLE,
        "correlations": Limit("Give a tuple of savings.Correlation.", kinds=(tuple,)),
        "rates": Limit("Give a tuple of (from year, to year, rate).", kinds=(tuple,)),
        "rates_source": _TEXT,
        "optimism": Limit("Give savings.Optimism(costs, benefits).", kinds=(Optimism,)),
        "held": _ROWS,
        "file": _TEXT,
    },
    "run": {
        "draws": Limit("Give a whole number, at least 100, better 10,000.", 100, 1e8, kinds=_WHOLE),
        "seed": Limit("Give a whole number from 0.", 0, kinds=_WHOLE),
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
    check_part(values, ALLOWED[part], part=part, needed=NEEDED.get(part, ()), where=where, example=EXAMPLE)


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
            f"{where}: price_year {shown(year)} is refused. Write a financial year of the price index, "
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
