"""Facts, assumptions and published claims: every constant has a row with its unit, its date and its source.

A fact was published by somebody (`data/reference/facts.csv`); an assumption is our judgement, with a range
and a reason (`data/assumptions/assumptions.csv`); a claim is a statement under test, with the formulas that test it
(`data/reference/claims.csv`). Its verdict is computed: `vcanalysis.analysis.claims.judge_claim`.
"""

from __future__ import annotations

import csv
import difflib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

from vcanalysis.core.doors import door
from vcanalysis.core.errors import InputError
from vcanalysis.core.numbers import write_interval, write_number
from vcanalysis.core.paths import data_file

_FACTS, _ASSUMPTIONS, _CLAIMS = "reference/facts.csv", "assumptions/assumptions.csv", "reference/claims.csv"


@dataclass(frozen=True, slots=True)
class Fact:
    """A published number.

    Parameters
    ----------
    id : str
        Name of the row.
    value : float
        The number in `unit`; shares are between 0 and 1.
    unit : str
        Unit, such as "GBP per week"; money in the prices of `year`.
    year : str
        Date, financial year or period the number refers to.
    source, url : str
        Who published it and, where known, the address.
    retrieved : str
        Month in which it was read and entered.
    evidence : str
        "published", or "derived" by arithmetic on published figures.
    note : str
        What a reader must know before using it.

    Examples
    --------
    >>> print(fact("cma_agency_foster_week").words())
    £820 a week (2020; Competition and Markets Authority: children's social care market study, ...)
    """

    id: str
    value: float
    unit: str
    year: str
    source: str
    url: str
    retrieved: str
    evidence: str
    note: str

    def words(self) -> str:
        """Write the number with its date and source."""
        return f"{write_number(self.value, self.unit)} ({self.year}; {self.source})"

    def __float__(self) -> float:
        return self.value


@dataclass(frozen=True, slots=True)
class Assumption:
    """A judgement: a central value in a range, and the reason for it.

    Examples
    --------
    >>> print(assumption("stepdown_eligible").words())
    50% (30% to 70%)
    """

    id: str
    central: float
    low: float
    high: float
    unit: str
    reason: str
    price_year: str = ""  # financial year of its pounds; empty where it is no money

    def words(self) -> str:
        """Write the central value with its range."""
        return f"{write_number(self.central, self.unit)} ({write_interval(self.low, self.high, self.unit)})"


@dataclass(frozen=True, slots=True)
class Claim:
    """A published claim, in our words, and how it can be tested.

    Parameters
    ----------
    id, text : str
        Name of the row, and the claim.
    value : float or None
        The number claimed, in `unit`; None where no size is stated.
    unit, period, source : str
        Unit, period and publication, as stated there.
    relation : str
        "about" or "more than" the value; empty where no number is tested.
    routes : str
        Ways to the number, "name: formula" with bars between; a formula is of facts and claims by their ids, and
        `~` names the number it is held against where that is not `value`. Empty where none is public.
    needs : str
        What is missing to test it.
    own_data : str
        Numbers of the notebooks that ask the same of a council's own data.
    note : str
        What a reader must know beside the verdict.

    Examples
    --------
    >>> claim("funding_gap").routes
    'forecast of May 2017: lga_funding_gap_2020'
    """

    id: str
    text: str
    value: float | None
    unit: str
    period: str
    source: str
    relation: str
    routes: str
    needs: str
    own_data: str
    note: str


@cache
def _rows(name: str, _path: Path) -> Mapping[str, dict[str, str]]:
    with _path.open(encoding="utf-8", newline="") as handle:
        return {row["id"]: row for row in csv.DictReader(handle)}


def rows_of(name: str) -> Mapping[str, dict[str, str]]:
    """Give the rows of a file in `data` by their id, every value as written."""
    return _rows(name, data_file(name))


def row_of(name: str, wanted: str, kind: str) -> dict[str, str]:
    """Give one row of a file in `data`.

    Raises
    ------
    InputError
        If there is no such row; the message names the nearest.
    """
    rows = rows_of(name)
    if wanted not in rows:
        near = difflib.get_close_matches(wanted, rows, n=3, cutoff=0.4)
        hint = f" Nearest: {', '.join(near)}." if near else ""
        raise InputError(f"There is no {kind} {wanted!r}.{hint} All are in data/{name}.")
    return rows[wanted]


@door("vc.fact('england_residential_week_2020')", takes=str)
def fact(name: str) -> Fact:
    """Give a published number.

    Raises
    ------
    InputError
        If there is no such fact; the message names the nearest.

    Examples
    --------
    >>> float(fact("norfolk_fee_standard"))
    227.0
    """
    row = row_of(_FACTS, name, "fact")
    return Fact(**{**row, "value": float(row["value"])})  # type: ignore[arg-type]


def fact_of_year(series: str, price_year: str) -> Fact:
    """Give the fact of a yearly series for a financial year, or for the nearest year there is.

    Parameters
    ----------
    series : str
        Name without its year, such as "england_residential_week".
    price_year : str
        Financial year, such as "2019-20".

    Raises
    ------
    InputError
        If there is no such series, or the year is not written as 2019-20.

    Examples
    --------
    >>> fact_of_year("england_residential_week", "2019-20").value
    4165.0
    >>> fact_of_year("england_residential_week", "2031-32").year
    '2024-25'
    """
    if not re.fullmatch(r"(19|20)\d\d-\d\d", price_year):
        raise InputError(f"Price year {price_year!r} is not a financial year. Write it as 2019-20.")
    known = [name for name in rows_of(_FACTS) if re.fullmatch(rf"{re.escape(series)}_(19|20)\d\d", name)]
    if not known:
        raise InputError(f"There is no yearly fact {series!r}. See data/reference/facts.csv.")
    ends_in = int(price_year[:4]) + 1
    return fact(min(known, key=lambda name: abs(int(name[-4:]) - ends_in)))


@door("vc.assumption('ramp_up_weeks')", takes=str)
def assumption(name: str) -> Assumption:
    """Give a judgement with its range.

    Raises
    ------
    InputError
        If there is no such assumption; the message names the nearest.

    Examples
    --------
    >>> assumption("ramp_up_weeks").central
    26.0
    """
    row = row_of(_ASSUMPTIONS, name, "assumption")
    numbers = {k: float(row[k]) for k in ("central", "low", "high")}
    return Assumption(**{**row, **numbers})  # type: ignore[arg-type]


@door("vc.claim('oxfordshire_searched')", takes=str)
def claim(name: str) -> Claim:
    """Give a published claim.

    Raises
    ------
    InputError
        If there is no such claim; the message names the nearest.

    Examples
    --------
    >>> claim("oxfordshire_searched").value
    10.0
    """
    row = row_of(_CLAIMS, name, "claim")
    value = float(row["value"]) if row["value"] else None
    return Claim(**{**row, "value": value})  # type: ignore[arg-type]


def facts() -> pd.DataFrame:
    """Give all facts, one row each, with the fields of `Fact` as columns.

    Examples
    --------
    >>> facts()[["id", "unit"]].iloc[0].tolist()
    ['norfolk_fee_standard', 'GBP per week']
    """
    return pd.DataFrame([fact(name) for name in rows_of(_FACTS)])


def assumptions() -> pd.DataFrame:
    """Give all assumptions, one row each, with the fields of `Assumption` as columns.

    Examples
    --------
    >>> assumptions().columns.tolist()
    ['id', 'central', 'low', 'high', 'unit', 'reason', 'price_year']
    """
    return pd.DataFrame([assumption(name) for name in rows_of(_ASSUMPTIONS)])


def claims() -> pd.DataFrame:
    """Give all published claims, one row each, with the fields of `Claim` as columns.

    Examples
    --------
    >>> "saving_two_councils" in set(claims()["id"])
    True
    """
    return pd.DataFrame([claim(name) for name in rows_of(_CLAIMS)])
