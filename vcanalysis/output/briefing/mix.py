"""Where the children of a year before are now: the flows between kinds of placement, set as a matrix."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vcanalysis.output.briefing.blocks import Cell, Table
from vcanalysis.output.briefing.parts import source_of
from vcanalysis.output.briefing.words import number
from vcanalysis.output.disclosure import MARK
from vcanalysis.output.records import Record, Results

_ID = "quarter.moves"
_TO = " to "
_TITLE = "Where the children of a year before are now"
_NOTES = (
    "Read along a row: of the children who lived there a year before, the share that lives now where the column "
    "says. Children who came since are in no row.",
    f"{MARK}: not shown, as it would tell of few children.",
)


def flows_between(results: Results, about: Mapping[str, Any]) -> Table | None:
    """Set the flows between kinds of placement in a matrix: rows a year before, columns now.

    Parameters
    ----------
    results : Results
        Gated records.
    about : mapping
        The manifest.
    """
    found = {tuple(r.group.split(_TO, 1)): r for r in results.of(_ID) if _TO in r.group}
    if not any(r.value is not None for r in found.values()):
        return None
    starts, ends = (tuple(dict.fromkeys(key[side] for key in found)) for side in (0, 1))
    rows = tuple(
        (Cell(_capital(start)), *(_cell(found.get((start, end))) for end in ends)) for start in starts
    )
    columns = ("A year before", *(_capital(end) for end in ends))
    return Table(_ID, _TITLE, columns, rows, source_of(about), _NOTES)


def _cell(record: Record | None) -> Cell:
    if record is None:
        return Cell("–")
    return Cell(MARK if record.value is None else number(record), record.id, record.value, "share")


def _capital(words: str) -> str:
    return words[0].upper() + words[1:]
