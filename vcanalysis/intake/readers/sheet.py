"""Sheets of a workbook: cells become the same text that a CSV file would hold."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

import pandas as pd

from vcanalysis.intake.readers.header_row import header_row
from vcanalysis.intake.readers.lines import TITLE_ROWS
from vcanalysis.intake.readers.text import TextTable, text_frame, untitled, without_header


def sheet_table(
    rows: Iterable[tuple[object, ...]], *, source: str, name: str, group: str, known: set[str]
) -> TextTable | None:
    """Turn the cells of a sheet into a text table; None when the sheet is empty."""
    cells = [[cell_text(value) for value in row] for row in rows]
    filled = [(number, row) for number, row in enumerate(cells, start=1) if any(row)]
    if not filled:
        return None
    skip, _, _ = header_row([row for _, row in filled[:TITLE_ROWS]], known)
    head = filled[skip][1]
    body = filled[skip + 1 :]
    width = max(len(row) for _, row in filled[skip:])
    even = [[*row, *[""] * (width - len(row))] for _, row in body]  # a row may end with its last filled cell
    cells = pd.DataFrame(even, columns=range(width), dtype="str")
    head = [*head, *[""] * (width - len(head))]
    frame = text_frame(cells, head, source=source).assign(_row=[n for n, _ in body])
    kept = without_header(frame)
    marks = ("title-rows" if skip else "", "header-again" if len(kept) < len(frame) else "")
    return TextTable(
        source, name, group, kept, (), tuple(m for m in marks if m), untitled=untitled(cells, head)
    )


def cell_text(value: object) -> str:
    """Write a cell of a workbook as text: whole numbers without a point, dates as ISO dates, TRUE and FALSE as words.

    A time of day stands behind its date.

    Examples
    --------
    >>> cell_text(12.0), cell_text(None), cell_text(dt.datetime(2019, 4, 1)), cell_text(" U4 "), cell_text(True)
    ('12', '', '2019-04-01', 'U4', 'TRUE')
    >>> cell_text(dt.datetime(2019, 4, 1, 9, 5))
    '2019-04-01 09:05:00'
    """
    if value is None:
        return ""
    if isinstance(value, dt.datetime):
        whole_day = value.time() == dt.time()
        return value.date().isoformat() if whole_day else value.isoformat(sep=" ", timespec="seconds")
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()
