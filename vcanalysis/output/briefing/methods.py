"""How each figure of a document was worked out: its measures by method."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from vcanalysis.core.numbers import count_words
from vcanalysis.output.briefing.blocks import Block, Cell, Figure, Said, Section, Table
from vcanalysis.output.briefing.parts import source_of
from vcanalysis.output.records import Record, Results

_STATED = "results.json"
_NAMED = 4  # measures of one method that are named
_NOTES = (
    "Measures of one method stand in one row. What a method assumes, and how it was checked, stands in the notebook "
    "that is named; docs/validity.md says how often its interval holds a truth that is known.",
)


def section(sections: Iterable[Section], results: Results, about: Mapping[str, Any]) -> Section | None:
    """List the methods behind all that the sections say, draw and set in tables.

    Parameters
    ----------
    sections : iterable of Section
        The document as far as it is composed.
    results : Results
        Gated records.
    about : mapping
        The manifest.
    """
    spoken = dict.fromkeys(name for part in sections for name in _ids(part))
    by_method: dict[str, list[Record]] = {}
    for name in spoken:
        found = results.get(name)
        if found is not None and found.method:
            by_method.setdefault(found.method, []).append(found)
    if not by_method:
        return None
    rows = tuple(
        (
            Cell(_measures(found), origin=_STATED),
            Cell(method, origin=_STATED),
            Cell(_notebooks(found), origin=_STATED),
        )
        for method, found in by_method.items()
    )
    columns = ("What was measured", "How", "Notebook")
    table = Table("methods", "Measures and methods", columns, rows, source_of(about), _NOTES, words=(1, 2))
    return Section("Method", (table,), annex=True)


def _ids(block: Block) -> Iterator[str]:
    if isinstance(block, Section):
        for inner in block.blocks:
            yield from _ids(inner)
    elif isinstance(block, Said):
        yield from block.ids
    elif isinstance(block, (Figure, Table)):
        table = block.table if isinstance(block, Figure) else block
        yield from (cell.id for row in table.rows for cell in row if cell.id)


def _measures(records: Iterable[Record]) -> str:
    names = list(dict.fromkeys(r.label for r in records))
    more = f" and {count_words(len(names) - _NAMED)} more" if len(names) > _NAMED else ""
    return "; ".join(names[:_NAMED]) + more


def _notebooks(records: Iterable[Record]) -> str:
    return ", ".join(dict.fromkeys(r.notebook[:2] for r in records if r.notebook)) or "–"
