"""Workbooks: sound, without macros, every formula with its result, and each sheet a table."""

from __future__ import annotations

import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from vcanalysis.intake.cleaning.rules import Refused, refuse
from vcanalysis.intake.readers.formulas import refuse_unsaved
from vcanalysis.intake.readers.limits import Counted, check_members
from vcanalysis.intake.readers.names import SafeNames
from vcanalysis.intake.readers.sheet import sheet_table
from vcanalysis.intake.readers.text import TextTable

WITH_MACROS = "a workbook with macros; save it as .xlsx or CSV"


def read_workbook(file: Path, *, source: str, group: str, known: set[str]) -> list[TextTable]:
    """Read every sheet of a workbook as text.

    Parameters
    ----------
    file : Path
        The file.
    source, group : str
        See `TextTable`.
    known : set of str
        Squeezed names of the columns that mark a header row.

    Raises
    ------
    InputError
        If it is damaged, protected, too large, holds macros or formulas without results, or counts from 1904.
    """
    import openpyxl  # slow to load, and most returns are no workbooks
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        with zipfile.ZipFile(file) as archive:
            members = archive.infolist()
            check_members(members, source)
            if any(m.filename.lower().endswith("vbaproject.bin") for m in members):
                raise refuse("file-kind", f"{source} is {WITH_MACROS}.")
            refuse_unsaved(archive, source)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
        names, counted = SafeNames(), Counted()
        tables = [
            _from_sheet(sheet, names.inside(source, "sheet", sheet.title), group, known, counted)
            for sheet in _sheets(book, source)
        ]
    except Refused:
        raise
    except (InvalidFileException, *_UNSOUND):
        raise refuse(
            "damaged-file", f"{source} is damaged, protected by a password or no .xlsx workbook."
        ) from None
    book.close()
    return [table for table in tables if table is not None]


# What openpyxl raises on a workbook that is none, seen in fuzzing.
_UNSOUND = (
    zipfile.BadZipFile, zlib.error, KeyError, ValueError, TypeError, AttributeError,
    IndexError, SyntaxError, EOFError, OSError, NotImplementedError, RuntimeError,
)  # fmt: skip


def _sheets(book: Any, source: str) -> list[Any]:
    if book.epoch.year == 1904:
        raise refuse(
            "days-from-1904", f"{source} counts days from 1904. Switch the workbook to the 1900 date system."
        )
    return list(book.worksheets)


def _from_sheet(sheet: Any, place: str, group: str, known: set[str], counted: Counted) -> TextTable | None:
    rows = _counted(sheet.iter_rows(values_only=True), place, counted)
    table = sheet_table(rows, source=place, name=sheet.title, group=group, known=known)
    if table is None:
        return None
    hidden = ("hidden-sheet",) if sheet.sheet_state != "visible" else ()
    return replace(table, marks=table.marks + hidden)


def _counted(
    rows: Iterable[tuple[object, ...]], place: str, counted: Counted
) -> Iterator[tuple[object, ...]]:
    """Give rows up to the limit: a sheet may declare a million columns, or show one text in all its cells."""
    for row in rows:
        counted.add(len(row), sum(len(cell) for cell in row if isinstance(cell, str)), place)
        yield row
