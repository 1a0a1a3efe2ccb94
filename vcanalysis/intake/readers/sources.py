"""Where tables come from: a folder, a zip file, a workbook or one CSV file, within limits."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path, PurePosixPath

import openpyxl

from vcanalysis.core.errors import InputError
from vcanalysis.intake.readers.text import TextTable, read_csv_bytes, sheet_table

MAX_BYTES = 2_000_000_000
MAX_RATIO = 200
MAX_FILES = 10_000
_SMALL = 10_000_000
_TEXT = (".csv", ".txt", ".tsv")
_BOOK = (".xlsx",)
_REFUSED = {
    ".xls": "an old Excel workbook; save it as .xlsx or CSV",
    ".xlsm": "a workbook with macros; save it as .xlsx or CSV",
    ".xlsb": "a binary workbook; save it as .xlsx or CSV",
    ".xml": "an XML return, which is not read yet; export the return as CSV",
    ".ods": "an OpenDocument sheet; save it as .xlsx or CSV",
}


def read_source(path: str | Path, *, known: set[str]) -> list[TextTable]:
    """Read every table found at a path, as text.

    Parameters
    ----------
    path : str or Path
        A folder (with one folder per year, or flat), a zip of it, a workbook, or a CSV file.
    known : set of str
        Squeezed names of the columns that mark a header row.

    Raises
    ------
    InputError
        If there is nothing there, or it is too large, encrypted, damaged or of a kind that is not read.
    """
    place = Path(path)
    if not place.exists():
        raise InputError(
            f"There is no file or folder {place}. Give the folder, zip or workbook of the returns."
        )
    kind = place.suffix.lower()
    if place.is_dir():
        tables = list(_from_folder(place, known))
    elif kind == ".zip":
        tables = list(_from_zip(place, known))
    elif kind in _BOOK:
        tables = _from_workbook(place, place.name, "", known)
    elif kind in _TEXT:
        tables = [_from_bytes(place.read_bytes(), PurePosixPath(place.name), known)]
    else:
        raise InputError(f"{place.name} is {_REFUSED.get(kind, 'of a kind that is not read')}.")
    if not tables:
        raise InputError(
            f"{place} holds no CSV file and no workbook. Give the folder, zip or workbook of the returns."
        )
    return tables


def _from_folder(folder: Path, known: set[str]) -> Iterator[TextTable]:
    files = sorted(f for f in folder.rglob("*") if f.is_file())
    _within_limits(len(files), sum(f.stat().st_size for f in files), str(folder))
    for file in files:
        inside = PurePosixPath(file.relative_to(folder).as_posix())
        if _wanted(inside):
            if inside.suffix.lower() in _BOOK:
                yield from _from_workbook(file, str(inside), str(inside.with_suffix("")), known)
            else:
                yield _from_bytes(file.read_bytes(), inside, known)


def _from_zip(file: Path, known: set[str]) -> Iterator[TextTable]:
    try:
        with zipfile.ZipFile(file) as archive:
            members = sorted((m for m in archive.infolist() if not m.is_dir()), key=lambda m: m.filename)
            check_members(members, file.name)
            for member in members:
                inside = PurePosixPath(member.filename)
                if _wanted(inside):
                    yield _from_bytes(archive.read(member), inside, known)
    except (zipfile.BadZipFile, EOFError, OSError):
        raise InputError(f"{file.name} is damaged or no zip file. Make the zip again.") from None


def check_members(members: list[zipfile.ZipInfo], source: str) -> None:
    """Refuse a zip before anything of it is read: paths that lead out, encryption, bombs.

    Raises
    ------
    InputError
        With the reason.
    """
    _within_limits(len(members), sum(m.file_size for m in members), source)
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or ".." in PurePosixPath(name).parts or re.match(r"[A-Za-z]:", name):
            raise InputError(f"{source} holds a file whose path leads out of the zip. Make the zip again.")
        if member.flag_bits & 0x1:
            raise InputError(f"{source} is protected by a password. Give it unprotected.")
        if member.file_size > _SMALL and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise InputError(
                f"{source} holds a file that unpacks to more than {MAX_RATIO} times its size. Make the zip again."
            )


def _within_limits(files: int, size: int, source: str) -> None:
    if files > MAX_FILES:
        raise InputError(
            f"{source} holds {files:,} files; at most {MAX_FILES:,} are read. Give only the returns."
        )
    if size > MAX_BYTES:
        raise InputError(
            f"{source} holds {size / 1e9:.1f} GB; at most 2 GB are read. Give fewer years at a time."
        )


def _wanted(inside: PurePosixPath) -> bool:
    hidden = any(part.startswith((".", "__MACOSX", "~$")) for part in inside.parts)
    kind = inside.suffix.lower()
    if kind in _REFUSED and not hidden:
        raise InputError(f"{inside} is {_REFUSED[kind]}.")
    return not hidden and kind in _TEXT + _BOOK


def _group(inside: PurePosixPath) -> str:
    """Name what a file belongs to: its folder, and the year in its name if there is one."""
    year = re.search(r"(?<!\d)(19|20)\d\d(?!\d)", inside.stem)
    return "/".join([*inside.parts[:-1], *([year[0]] if year else [])])


def _from_bytes(data: bytes, inside: PurePosixPath, known: set[str]) -> TextTable:
    return read_csv_bytes(data, source=str(inside), name=inside.stem, group=_group(inside), known=known)


def _from_workbook(file: Path, source: str, group: str, known: set[str]) -> list[TextTable]:
    try:
        with zipfile.ZipFile(file) as archive:
            check_members(archive.infolist(), source)
        book = openpyxl.load_workbook(file, read_only=True, data_only=True)
    except zipfile.BadZipFile:
        raise InputError(f"{source} is damaged, protected by a password or no .xlsx workbook.") from None
    if book.epoch.year == 1904:
        raise InputError(f"{source} counts days from 1904. Switch the workbook to the 1900 date system.")
    tables = []
    for sheet in book.worksheets:
        place = f"{source}, sheet {sheet.title}"
        table = sheet_table(
            sheet.iter_rows(values_only=True), source=place, name=sheet.title, group=group, known=known
        )
        if table is not None:
            hidden = ("hidden sheet",) if sheet.sheet_state != "visible" else ()
            tables.append(replace(table, notes=table.notes + hidden))
    book.close()
    return tables
