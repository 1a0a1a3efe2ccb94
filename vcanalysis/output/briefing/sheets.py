"""The spreadsheet: cover, contents, notes and one table a sheet, to the Government Analysis Function's guidance.

Numbers are numbers, rounded as published, so that a reader can calculate; each row names its record.
"""

from __future__ import annotations

import io
import re
import warnings
from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

import pandas as pd

from vcanalysis.output.briefing.archive import settled
from vcanalysis.output.briefing.blocks import KeyFacts, Table
from vcanalysis.output.briefing.document import Document
from vcanalysis.output.briefing.tables import fact_name
from vcanalysis.output.briefing.words import UNAVAILABLE, minus, span_words
from vcanalysis.output.disclosure import MARK, published_unit
from vcanalysis.output.records import Record, Results

if TYPE_CHECKING:
    from gptables import GPTable

COLUMNS = ("Estimate", "Lower end", "Upper end", "Interval", "Unit", "Based on", "Of", "Result id")
_FORMS = {
    "share": "0%",
    "probability": "0%",
    "change": "0%",
    "small change": "0.0%",
    "correlation": "0.00",
    "ratio": "0.00",
    "index": "0.00",
    "levels": "0.00",
    "weeks": "#,##0",
    "points": "0.0",
    "percentage points": "0.0",
    "GBP": "£#,##0",
    "GBP per week": "£#,##0",
    "GBP per year": "£#,##0",
    "GBP per child": "£#,##0",
}
_UNITS = {
    **dict.fromkeys(("share", "probability", "change", "small change"), "per cent"),
    "GBP": "pounds",
}
_RIGHT = {"align": "right"}
_PIXELS = 7  # of a letter, the unit in which the workbook keeps widths
_WIDEST, _LONGEST_ID = 80, 125  # letters of a column of words, and of the ids of results, which do not break
_NONE = "[z]"  # not applicable


def render(document: Document, results: Results) -> bytes:
    """Render the tables of a document as a spreadsheet without macros.

    Parameters
    ----------
    document : Document
        Numbered.
    results : Results
        Its records: interval ends and bases in cells of their own.
    """
    import gptables

    records = {r.id: r for r in results}
    sheets = {f"Table {t.number}": _sheet(t, records) for t in document.tables()}
    facts = [b for b in document.blocks() if isinstance(b, KeyFacts)]
    if facts and facts[0].facts:
        shown = [records[f.id] for f in facts[0].facts]
        sheets = {"Key figures": _of_records("Key figures", "key_figures", shown, document.council)} | sheets
    target = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = gptables.produce_workbook(
            target,
            sheets=sheets,
            cover=_cover(document),
            notes_table=_notes(document),
            notesheet_options={"title": "Notes and words used"},
        )
    made = datetime(document.made.year, document.made.month, document.made.day)
    book.set_properties(
        {
            "title": f"{document.title}, {document.subtitle}",
            "author": document.council,
            "comments": "",
            "created": made,
        }
    )
    _narrow(book)
    book.close()
    return settled(target.getvalue())


def _narrow(book: Any) -> None:
    """Let long words run over lines: a column as wide as a whole paragraph cannot be read on a screen."""
    for sheet in book.worksheets():
        last = max(sheet.col_info, default=0)
        for column, told in list(sheet.col_info.items()):
            if (told.width or 0) > _PIXELS * (_LONGEST_ID if column == last else _WIDEST):
                sheet.set_column(column, column, _WIDEST)


def _cover(document: Document) -> Any:
    from gptables import Cover

    intro = [document.subtitle, *(words for words in (document.banner, document.status) if words)]
    about = [f"{name}: {value}" for name, value in document.front]
    about += [
        f"{MARK} is a figure withheld to protect children’s privacy, {UNAVAILABLE} one that could not be estimated, "
        f"{_NONE} one that does not apply.",
        "Every row names its record in results.json, where it can be traced to a notebook, a method and a period.",
    ]
    return Cover(document.title, intro, about, ["The analyst who ran the evaluation for the council."])


def _notes(document: Document) -> pd.DataFrame:
    notes = list(dict.fromkeys(note for table in document.tables() for note in table.notes))
    rows = [(f"note {place}", note) for place, note in enumerate(notes, start=1)]
    return pd.DataFrame([*rows, *document.words], columns=["Note or word", "Meaning"])


def _sheet(table: Table, records: Mapping[str, Record]) -> GPTable:
    kept = [i for i in range(1, len(table.columns)) if i in table.words]
    if not any(cell.id for row in table.rows for cell in row):
        return _of_words(table)
    if any(len({cell.id for cell in row if cell.id}) > 1 for row in table.rows):
        return _of_cells(table)
    rows = []
    for row in table.rows:
        found = records.get(next((c.id for c in row if c.id), ""))
        rows.append(([row[0].text, *(_word(row[i].text) for i in kept)], found))
    heads = [table.columns[0], *(table.columns[i] for i in kept)]
    return _made(f"Table {table.number}: {table.title}", f"table_{table.number}", heads, rows, table.source)


def _word(text: str) -> str:
    return _NONE if text in ("", "–") else str(minus(text))


def _of_words(table: Table) -> GPTable:
    from gptables import GPTable

    frame = pd.DataFrame([[_word(c.text) for c in row] for row in table.rows], columns=list(table.columns))
    return GPTable(
        table=frame,
        table_name=f"table_{table.number}",
        title=f"Table {table.number}: {table.title}",
        source=f"Source: {table.source}",
        instructions="This worksheet contains one table.",
        index_columns={2: 0},
    )


def _of_cells(table: Table) -> GPTable:
    """Set a table whose rows hold several records as it is printed, numbers as numbers."""
    from gptables import GPTable

    cells = [[_word(c.text) if c.value is None else c.value for c in row] for row in table.rows]
    forms = [
        {"cell": {"cells": (place, column), "format": {"num_format": _FORMS.get(cell.unit, "#,##0.###")}}}
        for place, row in enumerate(table.rows, start=1)
        for column, cell in enumerate(row)
        if cell.value is not None
    ]
    right = [name for column, name in enumerate(table.columns) if column and column not in table.words]
    return GPTable(
        table=pd.DataFrame(cells, columns=list(table.columns), dtype=object),
        table_name=f"table_{table.number}",
        title=f"Table {table.number}: {table.title}",
        source=f"Source: {table.source}",
        instructions="This worksheet contains one table.",
        index_columns={2: 0},
        additional_formatting=[
            {"column": {"columns": right, "format": _RIGHT, "include_names": True}},
            *forms,
        ],
    )


def _of_records(title: str, name: str, records: list[Record], source: str) -> GPTable:
    return _made(title, name, ["Measure"], [([fact_name(r)], r) for r in records], source)


def _made(
    title: str, name: str, heads: list[str], rows: list[tuple[list[str], Record | None]], source: str
) -> GPTable:
    from gptables import GPTable

    frame = pd.DataFrame(
        [[*map(minus, words), *_cells(r)] for words, r in rows], columns=[*heads, *COLUMNS], dtype=object
    )
    first = len(heads)
    forms = [
        {"cell": {"cells": (place, first + column), "format": {"num_format": form}}}
        for place, (_, record) in enumerate(rows, start=1)
        for column, form in enumerate(_forms(record))
        if form
    ]
    return GPTable(
        table=frame,
        table_name=re.sub(r"\W", "_", name),
        title=title,
        source=f"Source: {source}",
        instructions="This worksheet contains one table.",
        index_columns={2: 0},
        additional_formatting=[
            {"column": {"columns": [*COLUMNS[:3], COLUMNS[5]], "format": _RIGHT, "include_names": True}},
            *forms,
        ],
    )


def _forms(record: Record | None) -> list[str]:
    """How the first numbers of a row are written: estimate and interval ends in the form of their unit."""
    if record is None or record.value is None:
        return []
    form = _FORMS.get(published_unit(record.unit), "#,##0.###")
    return [form] if record.low is None else [form] * 3


def _cells(record: Record | None) -> list[Any]:
    if record is None:
        return [_NONE] * len(COLUMNS)
    mark = MARK if record.status == "suppressed" else UNAVAILABLE
    none = mark if record.value is None else _NONE
    unit = published_unit(record.unit)
    return [
        mark if record.value is None else record.value,
        none if record.low is None else record.low,
        none if record.high is None else record.high,
        _NONE if record.low is None else span_words(record),
        _UNITS.get(record.unit, record.unit.replace("GBP", "pounds") or "number") if unit else "number",
        MARK if record.n is None else record.n,
        record.of,
        record.id,
    ]
