"""Formulas of a sheet whose results were not saved: read, they would be blanks, so they are looked for first."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from typing import IO

from vcanalysis.intake.cleaning.rules import refuse

_BLOCK = 1_000_000
_END = b"row>"
# A cell (perhaps with a prefix of its namespace) of a formula, and after it no value or an empty one.
_CELL = re.compile(
    rb"<(?:\w+:)?c\b([^>]*)>\s*<(?:\w+:)?f\b(?:[^>]*/>|[^>]*>[^<]*</(?:\w+:)?f>)\s*"
    rb"(<(?:\w+:)?v\b[^>]*?(?:/>|>\s*</(?:\w+:)?v>)\s*)?</(?:\w+:)?c>"
)
_TEXT = re.compile(rb"""\bt=["']str["']""")
_PLACE = re.compile(rb"""\br=["']([A-Z]{1,3}[0-9]{1,7})["']""")


def unsaved_formulas(sheet: IO[bytes]) -> tuple[int, str]:
    """Count the formulas of a sheet's XML that have no saved result, and name the cell of the first.

    An empty text is a result: `=IF(B2="","",B2)` is saved as one.

    Examples
    --------
    >>> import io
    >>> unsaved_formulas(io.BytesIO(b'<row><c r="B2"><f>A2+1</f><v/></c><c r="C2"><f>A2</f><v>7</v></c></row>'))
    (1, 'B2')
    """
    count, first = 0, ""
    for part in _whole_rows(sheet):
        for found in _CELL.finditer(part):
            if found[2] is not None and _TEXT.search(found[1]):
                continue
            place = _PLACE.search(found[1])
            first = first or (place[1].decode() if place else "a cell")
            count += 1
    return count, first


def _whole_rows(sheet: IO[bytes]) -> Iterator[bytes]:
    """Give the text in blocks that end with a row."""
    left = b""
    while block := sheet.read(_BLOCK):
        left += block
        cut = left.rfind(_END) + len(_END)
        if cut >= len(_END):
            yield left[:cut]
            left = left[cut:]
    yield left


def refuse_unsaved(archive: zipfile.ZipFile, source: str) -> None:
    """Refuse formulas without a saved result: a program wrote them, and nobody has worked them out since.

    Raises
    ------
    InputError
        With the first such cell and what to do.
    """
    for member in archive.namelist():
        if not member.startswith("xl/worksheets/") or not member.endswith(".xml"):
            continue
        with archive.open(member) as sheet:
            count, cell = unsaved_formulas(sheet)
        if count:
            raise refuse(
                "formula-unsaved",
                f"{source}, cell {cell}: a formula whose result was not saved, so what it stands for is not known "
                f"({count:,} such cells in its sheet). Open the workbook, save it, and import it again.",
            )
