"""What a council tells in its `evaluation.toml` that no extract holds: area, budget, benefits, gains, theory."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any

from vcanalysis.core.errors import InputError

_FILE = "evaluation.toml"
_YEAR = re.compile(r"(\d{4})-(\d{2})")
GRADES = (
    "sufficient",
    "partial",
    "insufficient",
)  # of evidence, as the National Audit Office grades a saving
BASES = ("approved budget", "realistic forecast")
_MOST = 1e11  # pounds: more than England spends
# name of a part: its fields that are needed, and those that may be left out, with what each holds
_ASKED: dict[str, tuple[dict[str, type], dict[str, type]]] = {
    "area": ({"children_0_17": float, "year": int, "source": str}, {}),
    "budget": (
        {"year": str, "line": str, "budget_gbp": float, "basis": str, "source": str},
        {"outturn_gbp": float},
    ),
    "benefit": ({"year": str, "owner": str, "signed_off": date, "grade": str}, {"slipped_because": str}),
    "gain": (
        {"who": str, "what": str, "low_gbp_year": float, "high_gbp_year": float, "source": str},
        {},
    ),
    "theory": ({"step": str, "expects": str, "source": str}, {"outcome": str}),
}
PARTS = frozenset(_ASKED)
_KINDS = {str: "words in quotes", float: "a number", int: "a whole number", date: "a date such as 2020-05-12"}


def check(found: Mapping[str, Any]) -> None:
    """Check what a council tells in its plan.

    Parameters
    ----------
    found : mapping
        The parts of `evaluation.toml`: ``area`` (a table), ``budget``, ``benefit``, ``gain`` and ``theory`` (lists of
        tables), each where it is told. Pounds are of the year they are told for.

    Raises
    ------
    InputError
        If a part lacks a field, has one that is not known, or a value cannot be: what was found, and what to write.

    Examples
    --------
    >>> check({"area": {"children_0_17": 61_000, "year": 2019, "source": "ONS mid-year estimates"}})
    >>> check({"budget": [{"year": "2019"}]})
    Traceback (most recent call last):
        ...
    vcanalysis.core.errors.InputError: evaluation.toml: [[budget]] 1 lacks line, budget_gbp, basis, source. Add it.
    """
    for part in sorted(PARTS & set(found)):
        several = part != "area"
        rows = found[part] if several else [found[part]]
        brackets = f"[[{part}]]" if several else f"[{part}]"
        if not isinstance(rows, list) or not all(isinstance(row, Mapping) for row in rows):
            raise InputError(f"{_FILE}: {part} is not {brackets}. Head it with {brackets}, fields below.")
        for place, row in enumerate(rows, start=1):
            _check_row(f"{_FILE}: {brackets}{f' {place}' if several else ''}", part, row)
    _once(found)


def _check_row(where: str, part: str, row: Mapping[str, Any]) -> None:
    needed, optional = _ASKED[part]
    lacking = [name for name in needed if name not in row]
    if lacking:
        raise InputError(f"{where} lacks {', '.join(lacking)}. Add it.")
    known = needed | optional
    unknown = sorted(set(row) - set(known))
    if unknown:
        raise InputError(f"{where}: {unknown[0]} is not known. Use: {', '.join(known)}.")
    for name, value in row.items():
        _check_value(f"{where}, {name}", known[name], value)
    if "year" in row and known["year"] is str:
        _check_year(where, row["year"])
    for name, allowed in (("grade", GRADES), ("basis", BASES)):
        if name in row and row[name] not in allowed:
            raise InputError(f"{where}, {name}: '{row[name]}' is not known. Use: {', '.join(allowed)}.")
    if part == "gain" and row["low_gbp_year"] > row["high_gbp_year"]:
        raise InputError(f"{where}: low_gbp_year is above high_gbp_year. Change them over.")


def _check_value(where: str, kind: type, value: object) -> None:
    fits = isinstance(value, (int, float) if kind is float else kind) and not isinstance(value, bool)
    if not fits:
        raise InputError(f"{where}: {value!r} is not {_KINDS[kind]}. Write {_KINDS[kind]}.")
    if isinstance(value, str) and not value.strip():
        raise InputError(f"{where} is empty. Fill it in, or leave the whole table out.")
    if isinstance(value, (int, float)) and not 0 <= value < _MOST:
        raise InputError(
            f"{where}: {value} cannot be. Write a number from 0, in pounds and not in thousands."
        )


def _check_year(where: str, year: str) -> None:
    parts = _YEAR.fullmatch(year)
    if not parts or (int(parts[1]) + 1) % 100 != int(parts[2]):
        raise InputError(f"{where}: '{year}' is no financial year. Write it such as 2019-20.")


def _once(found: Mapping[str, Any]) -> None:
    """Refuse a year that is told twice: which of the two counts cannot be known."""
    for part in ("budget", "benefit"):
        years = [row["year"] for row in found.get(part, [])]
        twice = sorted({year for year in years if years.count(year) > 1})
        if twice:
            raise InputError(f"{_FILE}: [[{part}]] has {twice[0]} twice. Keep one table a year.")
    if len({row["line"] for row in found.get("budget", [])}) > 1:
        raise InputError(
            f"{_FILE}: [[budget]] names several lines. Give one line in all years, or their sum."
        )
