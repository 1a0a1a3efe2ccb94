"""A SQLite file with a table per table of the return: read only, tables alone, no view and no query of theirs."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pandas as pd

from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.readers.limits import Counted, few_cells
from vcanalysis.intake.readers.names import SafeNames
from vcanalysis.intake.readers.sheet import cell_text
from vcanalysis.intake.readers.text import TextTable, text_frame

_MAX_CELL = 1_000_000  # bytes
_SIDES = ("-wal", "-journal")  # changes that are not in the file itself yet, or not for good


def read_sqlite(file: Path, *, source: str, group: str) -> list[TextTable]:
    """Read every table of a SQLite file as text.

    Parameters
    ----------
    file : Path
        The file; it is opened read only.
    source, group : str
        See `TextTable`.

    Raises
    ------
    InputError
        If it is no SQLite file, holds more cells than are read, or changes to it lie in a file beside it.
    """
    for side in _SIDES:
        beside = file.with_name(file.name + side)
        if beside.is_file():
            refuse_unfinished(side, beside.stat().st_size, source=source)
    try:
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro&immutable=1", uri=True)) as base:
            base.text_factory = _text
            base.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _MAX_CELL)
            listed = base.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
            names = [name for (name,) in listed if not name.startswith("sqlite_")]
            safe, counted = SafeNames(), Counted()
            return [_read(base, name, safe.inside(source, "table", name), group, counted) for name in names]
    except sqlite3.Error:
        raise refuse("damaged-file", f"{source} is no sound SQLite file. Export it again.") from None


def refuse_unfinished(name: str, size: int, *, source: str) -> None:
    """Refuse a SQLite file by the one beside it that holds changes of its own.

    Raises
    ------
    InputError
        If the name ends as such a file's and there is something in it.
    """
    side = next((side for side in _SIDES if name.lower().endswith(side)), "")
    if side and size:
        raise refuse(
            "damaged-file",
            f"{source} is not the whole database: changes lie beside it in a file that ends in {side}. Close the "
            "program that has it open, or export it again, so that there is one file.",
        )


def _text(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="backslashreplace")


def _read(base: sqlite3.Connection, name: str, place: str, group: str, counted: Counted) -> TextTable:
    quoted = '"' + name.replace('"', '""') + '"'
    (rows,) = base.execute(f"SELECT count(*) FROM {quoted}").fetchone()
    found = base.execute(f"SELECT * FROM {quoted}")
    head = [str(column[0]) for column in found.description]
    few_cells(counted.cells + rows * len(head), place)
    cells = []
    for row in found:
        cells.append([cell_text(value) for value in row])
        counted.add(
            len(row), sum(map(len, cells[-1])), place
        )  # a column may be computed, larger than the file
    frame = text_frame(
        pd.DataFrame(cells, columns=range(len(head)), index=pd.RangeIndex(len(cells)), dtype="str"),
        head,
        source=place,
    )
    return TextTable(place, name, group, frame.assign(_row=range(1, len(cells) + 1)))
