"""The protocol: what an evaluation set out to do before its results were read, and where it did otherwise."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

from vcanalysis.core.errors import InputError
from vcanalysis.core.numbers import write_number
from vcanalysis.core.paths import data_file
from vcanalysis.output import undertaken
from vcanalysis.output.disclosure import published_unit
from vcanalysis.output.records import Record, Results

FILE = "evaluation.toml"
_PARTS = {"plan", "primary", "secondary", "looks", "parameters", "targets"} | undertaken.PARTS
MARKS = ("contact", "distribution")  # whom to ask, and who may have the briefing: a plan may say so
_PROFILE = "strict"
STANDS_IN = "The council has no plan of its own: the project’s stands in, and its targets promise nothing."
_NEEDED = (
    "question",
    "written",
    "before_data",
    "commissioner",
    "analyst",
    "assurer",
    "approver",
    "sunset_months",
)


def read(council: Path) -> dict[str, Any]:
    """Read the protocol of a council, or the one that stands in where it has none.

    Parameters
    ----------
    council : Path
        The council folder.

    Returns
    -------
    dict
        The parts of the file, dates as text; and ``stands_in``, whether it is the project's.

    Raises
    ------
    InputError
        If the file is no TOML, has a part that is not known, or lacks one that is needed; or if what it tells of
        area, budget, benefits, gains or theory cannot be.
    """
    path = source(council)
    try:
        found = tomllib.loads(path.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{path.name} is not TOML ({error}). Compare it with the example in data.") from None
    unknown = sorted(set(found) - _PARTS)
    if unknown:
        raise InputError(f"{path.name}: [{unknown[0]}] is not known. Use: {', '.join(sorted(_PARTS))}.")
    missing = [name for name in _NEEDED if name not in found.get("plan", {})]
    if missing:
        raise InputError(f"{path.name}: [plan] lacks {', '.join(missing)}. Add it.")
    undertaken.check(found)
    return {**_as_text(found), "stands_in": path.parent != council}


def source(council: Path) -> Path:
    """Name the file of the protocol: the council's own, or the project's."""
    own = council / FILE
    return own if own.is_file() else data_file(f"assumptions/{FILE}")


def _as_text(part: Any) -> Any:
    if isinstance(part, dict):
        return {name: _as_text(value) for name, value in part.items()}
    if isinstance(part, list):
        return [_as_text(value) for value in part]
    return part.isoformat() if isinstance(part, date) else part


def whose(protocol: Mapping[str, Any]) -> tuple[str, ...]:
    """Say, as notes of a table of targets, that they are not the council's where they are not.

    Examples
    --------
    >>> whose({"stands_in": False})
    ()
    """
    return (STANDS_IN,) if protocol.get("stands_in") else ()


def sunset(protocol: Mapping[str, Any], day: date) -> date:
    """Give the day after which figures of data up to `day` are no longer to be quoted.

    Examples
    --------
    >>> sunset({"plan": {"sunset_months": 12}}, date(2019, 12, 31))
    datetime.date(2020, 12, 31)
    """
    months = day.month - 1 + int(protocol["plan"]["sunset_months"])
    year, month = day.year + months // 12, months % 12 + 1
    last = 28 if month == 2 else 30 if month in (4, 6, 9, 11) else 31
    return date(year, month, min(day.day, last))


def deviations(protocol: Mapping[str, Any], results: Results, about: Mapping[str, Any]) -> list[str]:
    """List where a run did otherwise than its protocol.

    Parameters
    ----------
    protocol : mapping
        As `read` gives it.
    results : Results
        Gated records.
    about : mapping
        The manifest: parameters, those that notebooks ``declared``, policy, whether the run is partial; and
        ``plan_before``, the hash of the plan of the report before.

    Returns
    -------
    list of str
        One sentence each; empty where the run kept to the plan.

    Examples
    --------
    >>> plan = {"plan": {"before_data": False}, "parameters": {"05_middle": {"floor": 1000}}}
    >>> deviations(plan, Results(), {"parameters": {"05_middle": {"floor": 900}}})[1]
    '05_middle: floor was 900, the plan says 1000.'
    """
    found = [*whose(protocol)]
    if not protocol["plan"]["before_data"]:
        found.append("The plan was written after the data had been seen.")
    if about.get("partial"):
        found.append("Only some of the notebooks were run.")
    if about.get("plan_before") not in (None, "", protocol.get("hash")):
        found.append(f"The plan is not that of the report before, whose hash was {about['plan_before']}.")
    profile = about.get("policy", {}).get("name", _PROFILE)
    if profile != _PROFILE:
        found.append(f"The disclosure profile was {profile}, the plan says {_PROFILE}.")
    found += _settings(protocol.get("parameters", {}), about)
    secondary = protocol.get("secondary", {})
    planned_ids = [protocol.get("primary", {}).get("outcome", ""), *secondary.get("outcomes", [])]
    return found + [words for name in planned_ids if name and (words := _untold(name, results))]


def _settings(planned: Mapping[str, Any], about: Mapping[str, Any]) -> list[str]:
    """List settings that are not as the plan has them, or as their notebook declares them where it has none."""
    found = []
    for notebook, ran in about.get("parameters", {}).items():
        fixed, declared = planned.get(notebook, {}), about.get("declared", {}).get(notebook, {})
        for name, used in ran.items():
            source, meant = (
                ("plan says", fixed[name]) if name in fixed else ("notebook has", declared.get(name, used))
            )
            if used != meant:
                found.append(f"{notebook}: {name} was {used}, the {source} {meant}.")
    return found


def _untold(name: str, results: Results) -> str:
    if name not in results:
        return f"The outcome {name} was not estimated in this run."
    record = results[name]
    if record.status == "suppressed":
        return f"The outcome “{record.label}” may not be shown."
    return "" if record.value is not None else f"The outcome “{record.label}” could not be estimated."


def reached(record: Record, least: float) -> str:
    """Say whether a target was reached, as far as the interval tells.

    Examples
    --------
    >>> reached(Record("a.b", "Q?", "Assessed", 0.92, 0.89, 0.95, unit="share", n=275), 0.95)
    'cannot be told'
    """
    if record.value is None:
        return "could not be estimated" if record.status == "published" else "not shown"
    low = record.value if record.low is None else record.low
    high = record.value if record.high is None else record.high
    return "reached" if low >= least else "not reached" if high < least else "cannot be told"


def target_words(record: Record, least: float) -> str:
    """Write a target in the unit of its record: "95% or more"."""
    return f"{write_number(least, published_unit(record.unit))} or more"
