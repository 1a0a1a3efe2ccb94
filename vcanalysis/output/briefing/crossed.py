"""Children counted by two things at once, as the disclosure gate lets the table out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vcanalysis.output.briefing.blocks import Cell, Table
from vcanalysis.output.briefing.parts import rounds_counts, source_of
from vcanalysis.output.disclosure import MARK
from vcanalysis.output.disclosure.families import cell_of
from vcanalysis.output.records import Record, Results

_ROUNDED = "Every number is rounded by itself, so that rows and columns may not add up."
_BROADER = "Where cells would be hidden, neighbouring groups are put together."
_HIDDEN = f"{MARK}: not shown, as it would tell of few children."


def children_by(of: str, rows: str, columns: str, title: str) -> Callable[..., Table | None]:
    """Make the part of a page that sets the counts of a table out, with the totals over one thing.

    Parameters
    ----------
    of : str
        Id that the records of the table begin with.
    rows, columns : str
        What is counted by, as the groups of the records call it.
    title : str
        Title of the table.
    """

    def table(results: Results, about: Mapping[str, Any]) -> Table | None:
        found = {
            tuple(cell_of(r).get(by, "") for by in (rows, columns)): r
            for r in results.of(of)
            if _has(r, rows, columns)
        }
        if not any(r.value is not None for r in found.values()):
            return None
        down, across = ([*dict.fromkeys(key[side] for key in found if key[side]), ""] for side in (0, 1))
        body = tuple(
            (Cell(_name(row)), *(_cell(found.get((row, column))) for column in across if row or column))
            for row in down
        )
        notes = (*([_ROUNDED] if rounds_counts(about) else []), _BROADER, _HIDDEN)
        heads = (rows.capitalize(), *(_name(column) for column in across))
        return Table(f"{of}.{rows}", title, heads, _squared(body, len(heads)), source_of(about), notes)

    return table


def _has(record: Record, rows: str, columns: str) -> bool:
    cell = cell_of(record)
    return bool(cell) and set(cell) <= {rows, columns}


def _squared(body: tuple[tuple[Cell, ...], ...], width: int) -> tuple[tuple[Cell, ...], ...]:
    """Leave the corner empty: how many there are in all stands in the text."""
    return tuple((*row, *(Cell("") for _ in range(width - len(row)))) for row in body)


def _cell(record: Record | None) -> Cell:
    if record is None:
        return Cell("–")
    return Cell(MARK if record.value is None else f"{record.value:,.0f}", record.id, record.value, "children")


def _name(group: str) -> str:
    return group[:1].upper() + group[1:] if group else "All"
