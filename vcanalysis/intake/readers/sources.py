"""Where tables come from: folder, zip, workbook, CSV, XML or SQLite, within limits set before parsing."""

from __future__ import annotations

import hashlib
import re
import tempfile
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath

import pandas as pd

from vcanalysis.core.paths import is_litter
from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.readers.limits import Counted, check_members, within_limits
from vcanalysis.intake.readers.names import SafeNames, safe_name
from vcanalysis.intake.readers.sqlite import read_sqlite, refuse_unfinished
from vcanalysis.intake.readers.text import TextTable, read_csv_bytes
from vcanalysis.intake.readers.workbook import WITH_MACROS, read_workbook
from vcanalysis.intake.readers.xml import read_xml_bytes

_TEXT = (".csv", ".txt", ".tsv")
_BOOK = (".xlsx",)
_BASE = (".sqlite", ".sqlite3", ".db")
_HERE = PurePosixPath()
_READ = (*_TEXT, *_BOOK, *_BASE, ".xml")
_REFUSED = {
    ".xls": "an old Excel workbook; save it as .xlsx or CSV",
    ".xlsm": WITH_MACROS,
    ".xlsb": "a binary workbook; save it as .xlsx or CSV",
    ".ods": "an OpenDocument sheet; save it as .xlsx or CSV",
    ".zip": "a zip within a zip; unpack it",
    **dict.fromkeys(
        (".gz", ".bz2", ".xz", ".7z", ".rar", ".tar", ".tgz"),
        "packed in a way that is not read; unpack it, or make a zip of it",
    ),
}


def read_source(path: str | Path, *, known: set[str], called: str = "returns") -> Iterator[TextTable]:
    """Read every table found at a path, as text, one after the other: what is done with need not be held.

    A file in a folder or zip that is of no kind read is given without columns, marked as no table.

    Parameters
    ----------
    path : str or Path
        A folder (with one folder per year, or flat), a zip of it, a workbook, or a CSV file.
    known : set of str
        Squeezed names of the columns that mark a header row.
    called : str
        What is read, as logs and messages say it: the name of a file might be a child's; see `SafeNames`.

    Raises
    ------
    InputError
        If there is nothing there, or it is too large, encrypted, damaged or of a kind that is not read.
    """
    place = Path(path)
    if not place.exists():
        raise refuse(
            "no-source",
            f"The path given for the {called} leads to no file or folder. Give the folder, zip, workbook or CSV.",
        )
    some, counted = False, Counted()
    try:
        for table in _tables(place, safe_name(place.name, called), known):
            some = some or "unknown-table" not in table.marks
            counted.add(table.frame.size, 0, safe_name(place.name, called))
            yield table
    except PermissionError:
        raise refuse(
            "no-source", f"The files given for the {called} may not be read. Ask for access."
        ) from None
    if not some:
        raise refuse(
            "no-source",
            f"The path given for the {called} holds no CSV file and no workbook. Give their folder, zip or workbook.",
        )


def _tables(place: Path, name: str, known: set[str]) -> Iterable[TextTable]:
    kind = place.suffix.lower()
    if place.is_dir():
        return _from_folder(place, name, known)
    if kind == ".zip":
        return _from_zip(place, name, known)
    if kind in _READ:
        within_limits(1, place.stat().st_size, name)
        return _from_file(place, PurePosixPath(name), known, name=place.stem, within="")
    raise refuse("file-kind", f"{name} is {_REFUSED.get(kind, 'of a kind that is not read')}.")


def _from_file(
    file: Path, safe: PurePosixPath, known: set[str], *, name: str, within: str
) -> list[TextTable]:
    kind = safe.suffix.lower()
    if kind in _BOOK:
        return read_workbook(file, source=str(safe), group=within, known=known)
    if kind in _BASE:
        return read_sqlite(file, source=str(safe), group=within)
    data = file.read_bytes()
    if kind == ".xml":
        return read_xml_bytes(data, source=str(safe), group=within)
    return [_from_bytes(data, safe, known, name)]


def _from_folder(folder: Path, called: str, known: set[str]) -> Iterator[TextTable]:
    found = (f for f in folder.rglob("*") if f.is_file())
    inside = {f: PurePosixPath(f.relative_to(folder).as_posix()) for f in sorted(found)}
    files = {f: path for f, path in inside.items() if not is_litter(path)}
    if any(folder.resolve() not in f.resolve().parents for f in files):
        raise refuse(
            "unsafe-path", f"{called} holds a link that leads out of it. Put the file itself into the folder."
        )
    sizes = {f: _unpacked(f, called) for f in files}
    read = [size for file, size in sizes.items() if file.suffix.lower() in (*_READ, ".zip")]
    within_limits(len(files), sum(read), called)
    alike = Counter(sizes.values())
    names = SafeNames()
    seen: set[tuple[str, str]] = set()
    for file, path in files.items():
        safe = names.of(path)
        if safe.suffix.lower() == ".zip":
            yield from _from_zip(file, str(safe), known, within=safe)
            continue
        if not _wanted(safe):
            yield _unread(str(safe))
            continue
        mark = (_group(safe), _fingerprint(file) if alike[sizes[file]] > 1 else str(file))
        if mark in seen:
            yield _copy(str(safe))
            continue
        seen.add(mark)
        yield from _from_file(file, safe, known, name=path.stem, within=str(safe.with_suffix("")))


def _fingerprint(file: Path) -> str:
    with file.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _unpacked(file: Path, called: str) -> int:
    """Give the bytes that a file of a folder comes to."""
    if file.suffix.lower() != ".zip":
        return file.stat().st_size
    try:
        with zipfile.ZipFile(file) as archive:
            return sum(member.file_size for member in archive.infolist())
    except (zipfile.BadZipFile, OSError, NotImplementedError):
        raise refuse("damaged-file", f"{called} holds a zip file that is damaged. Make it again.") from None


def _unread(source: str) -> TextTable:
    """Stand for a file of a kind that is not read."""
    return TextTable(source, "", "", pd.DataFrame(), marks=("unknown-table",))


def _copy(source: str) -> TextTable:
    """Stand for a file that is another of the same return, byte for byte."""
    return TextTable(source, "", "", pd.DataFrame(), marks=("same-file",))


def _from_zip(
    file: Path, called: str, known: set[str], *, within: PurePosixPath = _HERE
) -> Iterator[TextTable]:
    try:
        with zipfile.ZipFile(file) as archive:
            members = sorted((m for m in archive.infolist() if not m.is_dir()), key=lambda m: m.filename)
            check_members(members, called)
            names = SafeNames()
            seen: set[tuple[str, int, int]] = set()
            for member in members:
                path = PurePosixPath(member.filename)
                if is_litter(path):
                    continue
                safe = within / names.of(path)
                refuse_unfinished(path.name, member.file_size, source=called)
                if not _wanted(safe):
                    yield _unread(str(safe))
                    continue
                mark = (_group(safe), member.CRC, member.file_size)
                if mark in seen and member.file_size:
                    yield _copy(str(safe))
                    continue
                seen.add(mark)
                yield from _from_member(archive.read(member), safe, known, path.stem)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, NotImplementedError, RuntimeError):
        raise refuse("damaged-file", f"{called} is damaged or no zip file. Make the zip again.") from None


def _from_member(data: bytes, safe: PurePosixPath, known: set[str], name: str) -> list[TextTable]:
    kind = safe.suffix.lower()
    within = str(safe.with_suffix(""))
    if kind == ".xml":
        return read_xml_bytes(data, source=str(safe), group=within)
    if kind in _TEXT:
        return [_from_bytes(data, safe, known, name)]
    with tempfile.TemporaryDirectory(prefix="vcanalysis-") as folder:
        file = Path(folder) / f"member{kind}"
        file.write_bytes(data)
        return _from_file(file, safe, known, name=name, within=within)


def _wanted(safe: PurePosixPath) -> bool:
    kind = safe.suffix.lower()
    if kind in _REFUSED:
        raise refuse("file-kind", f"{safe} is {_REFUSED[kind]}.")
    return kind in _READ


def _group(safe: PurePosixPath) -> str:
    """Name what a file belongs to: its folder, and the year in its name if there is one."""
    year = re.search(r"(?<!\d)(19|20)\d\d(?!\d)", safe.stem)
    return "/".join([*safe.parts[:-1], *([year[0]] if year else [])])


def _from_bytes(data: bytes, safe: PurePosixPath, known: set[str], name: str) -> TextTable:
    return read_csv_bytes(data, source=str(safe), name=name, group=_group(safe), known=known)
