"""Revisions: what an earlier report said of the same thing, and what this run says of it now."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vcanalysis.core.errors import InputError
from vcanalysis.core.period import Quarter
from vcanalysis.output.briefing.blocks import Cell, Said, Section, Table
from vcanalysis.output.briefing.words import number, row_name
from vcanalysis.output.disclosure import published_unit
from vcanalysis.output.records import Record, Results, read_results

_BACK = 4  # quarters
TITLE = "Revisions to what was reported"


@dataclass(frozen=True, slots=True)
class Earlier:
    """An earlier report of the same council: its quarter, its run and its published records."""

    quarter: str
    run: str
    results: Results


def earlier_report(reports: Path, about: Mapping[str, Any]) -> Earlier | None:
    """Find the report that this one comes after: of the same quarter if there was one, else of up to a year before.

    Parameters
    ----------
    reports : Path
        Folder of the council's reports, one folder a quarter.
    about : mapping
        The manifest: quarter and run.

    Returns
    -------
    Earlier or None
        None where there is none; a report that cannot be read counts as none.
    """
    quarter = Quarter.parse(about["quarter"])
    for back in range(_BACK + 1):
        found = _read(reports / str(quarter.shift(-back)))
        if found is not None and found.run != about["run"]:
            return found
    return None


def _read(folder: Path) -> Earlier | None:
    try:
        told = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        results = read_results(folder / "publish" / "results.json")
        return Earlier(str(told["quarter"]), str(told["run"]), results)
    except (OSError, ValueError, KeyError, TypeError, InputError):
        return None


def section(results: Results, before: Earlier | None, *, source: str) -> Section:
    """Say what was revised since the earlier report, in a table where anything was.

    Parameters
    ----------
    results : Results
        Gated records.
    before : Earlier or None
        The earlier report.
    source : str
        Where the data come from.
    """
    if before is None:
        said = Said(
            "This run has no earlier report beside it, so no figure can be revised.", "No earlier run."
        )
        return Section(TITLE, (said,), numbered=True)
    both = [
        (before.results[r.id], r)
        for r in results
        if r.id in before.results and _same(r, before.results[r.id])
    ]
    revised = [(was, now) for was, now in both if was.value != now.value]
    told = Said(
        f"Of {len(both)} figures that the report of {before.quarter} (run {before.run}) gave of the same children and "
        f"dates, {len(revised)} are different now.",
        "Revisions.",
        numbers=(str(len(both)), str(len(revised)), *before.quarter.split("Q"), before.run),
    )
    table = (_table(revised, before, source),) if revised else ()
    return Section(TITLE, (told, *table), numbered=True)


def _same(now: Record, was: Record) -> bool:
    return _when(now) == _when(was)


def _when(record: Record) -> str:
    # a count of a quarter names its quarter; the period of the run that gave it does not matter
    try:
        return str(Quarter.parse(record.group))
    except InputError:
        return record.period


def _table(revised: list[tuple[Record, Record]], before: Earlier, source: str) -> Table:
    rows = tuple(
        (
            Cell(row_name(now)),
            Cell(number(was), now.id),
            Cell(number(now), now.id, now.value, published_unit(now.unit)),
            Cell(_moved(was, now), now.id),
        )
        for was, now in revised
    )
    columns = ("Figure", f"Reported in {before.quarter}", "Now", "Moved")
    notes = ("Both as published, so a change that rounding hides is not seen.",)
    return Table("revisions", "Figures that were revised", columns, rows, source, notes, words=(3,))


def _moved(was: Record, now: Record) -> str:
    if was.value is None:
        return "shown for the first time"
    if now.value is None:
        return "no longer shown"
    return "up" if now.value > was.value else "down"
