"""The lines of a text file: how they are coded and end, where the header stands, which are blank."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import dataclass
from itertools import islice

import pandas as pd

from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.readers.header_row import header_row

TITLE_ROWS = 20
MAX_COLUMNS = 2_000
_HEAD = 50_000  # characters in which the header row is looked for
_LONGEST_HEAD = 130_000
_FOOT = 200  # characters in which something below the rows is looked for
ROW_COUNT = re.compile(r"\n\s*\(\d+ rows? affected\)\s*\Z", re.ASCII)  # as a database writes it
END_MARK = re.compile(r"\x1a[\s\x1a]*\Z")  # as old programs write it


def decode(data: bytes, *, source: str) -> tuple[str, str]:
    r"""Decode a file: UTF-8 or UTF-16, with or without mark, else Windows-1252.

    Returns the text and the rule under which it was read, empty for plain UTF-8.

    Raises
    ------
    InputError
        If the bytes are none of these.

    Examples
    --------
    >>> decode(b"caf\xe9", source="x.csv")
    ('café', 'windows-text')
    """
    plain = _of_two_bytes(data)
    marks = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    coding = next((name for mark, name in marks.items() if data.startswith(mark)), plain)
    marked = {"utf-8-sig": "byte-mark", "utf-8": ""}.get(coding, "utf-16")
    for attempt, mark in ((coding, marked), ("cp1252", "windows-text")):
        try:
            text = data.decode(attempt).lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, mark
    raise refuse("no-text", f"{source} is no text file. Save it again as CSV UTF-8.")


def _of_two_bytes(data: bytes) -> str:
    r"""Name the coding of text without a mark: UTF-16, where every other byte of most letters is nought, or UTF-8.

    Examples
    --------
    >>> _of_two_bytes("CHILD".encode("utf-16-be")), _of_two_bytes(b"CHILD"), _of_two_bytes(b"C\x00\x00\x00")
    ('utf-16-be', 'utf-8', 'utf-8')
    """
    if b"\x00" not in data:
        return "utf-8"
    for noughts, coding in ((1, "utf-16-le"), (0, "utf-16-be")):
        mostly = data[noughts::2].count(0) > len(data) / 4
        if mostly and len(data) % 2 == 0 and not data[1 - noughts :: 2].count(0):
            return coding
    return "utf-8"


@dataclass(frozen=True, slots=True)
class Head:
    """Where the header stands: rows and lines above it (a row may run over several lines), and what parts cells."""

    delimiter: str = ","
    row: int = 0
    line: int = 0
    hits: int = 0


def one_line_end(text: str) -> str:
    """Let lines end as elsewhere where some end as on old Macs."""
    if "\r" not in text or text.count("\r") == text.count("\r\n"):
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def find_header(text: str, known: set[str]) -> Head:
    """Find the header, and what separates its cells: where most of the known columns are, else most cells."""
    best, told = Head(), 0
    for delimiter in ",;\t":
        lines = csv.reader(io.StringIO(text[:_HEAD]), delimiter=delimiter)
        rows, above = [], [0]
        for cells in islice(lines, TITLE_ROWS):
            rows.append(cells)
            above.append(lines.line_num)
        row, hits, cells_told = header_row(rows, known)
        if (hits, cells_told, -row) > (best.hits, told, -best.row):
            best, told = Head(delimiter, row, above[row], hits), cells_told
        if 1 < len(rows[row]) == hits:  # every cell is known: no other sign tells more
            break
    return best


def without_foot(text: str, form: re.Pattern[str]) -> tuple[str, bool]:
    r"""Leave out what a program wrote below the rows; say whether there was any.

    Examples
    --------
    >>> without_foot("CHILD\n1\n(1 row affected)\n", ROW_COUNT)
    ('CHILD\n1', True)
    """
    found = form.search(text[-_FOOT:])
    return (text[: found.start() - min(len(text), _FOOT)], True) if found else (text, False)


def split_cells(line: str, delimiter: str) -> tuple[str, ...]:
    """Part a line into cells; into none where a cell is too large.

    Examples
    --------
    >>> split_cells('1, "a,b",c', ",")
    ('1', 'a,b', 'c')
    """
    try:
        cells = next(csv.reader([line], delimiter=delimiter, skipinitialspace=True), [])
    except csv.Error:
        return ()
    return tuple(cell.strip() for cell in cells)


def after_lines(text: str, lines: int, at: int = 0) -> int:
    """Give the place in a text after so many lines."""
    for _ in range(lines):
        at = text.find("\n", at) + 1 or len(text)
    return at


def column_names(text: str, at: int, delimiter: str, source: str) -> tuple[list[str], int]:
    """Give the names of the columns and the lines they stand in; too many are refused before the rest is parsed."""
    line = text.find("\n", at) + 1 or len(text)
    end = min(max(at + _HEAD, line), at + _LONGEST_HEAD)
    rows = csv.reader(io.StringIO(text[at:end]), delimiter=delimiter)
    names = next(rows)
    if len(names) > MAX_COLUMNS:
        raise refuse(
            "too-large", f"{source} has more than {MAX_COLUMNS:,} columns. Give those that the table needs."
        )
    return names, rows.line_num


def without_blank_lines(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out lines without a value, such as the tail a spreadsheet writes: they count as rows of the file.

    Examples
    --------
    >>> without_blank_lines(pd.DataFrame({"CHILD": ["1", "", "2"], "DOB": "", "_row": [2, 3, 4]}))["_row"].tolist()
    [2, 4]
    """
    names = [name for name in frame.columns if name != "_row"]
    if not names:
        return frame
    empty = frame[names[0]].eq("")  # nearly always none
    for name in names[1:]:
        if not empty.any():
            return frame
        empty &= frame[name].eq("")
    return frame[~empty].reset_index(drop=True)


def without_strokes(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out a first row of strokes, by which databases part the header from the rows.

    Examples
    --------
    >>> without_strokes(pd.DataFrame({"CHILD": ["-----", "1"], "DOB": ["---", ""], "_row": [2, 3]}))["_row"].tolist()
    [3]
    """
    first = frame.drop(columns="_row", errors="ignore").head(1)
    strokes = first.size > 0 and all(first.iloc[0].str.fullmatch("-+"))
    return frame.iloc[1:].reset_index(drop=True) if strokes else frame


def refuse_open_quote(text: str, at: int, above: int, source: str) -> None:
    """Refuse a text from the header on (`at`, so many lines `above`) in which a quote never closes.

    Raises
    ------
    InputError
        With the first line in which one may open.
    """
    if text.count('"', at) % 2:
        lines = enumerate(text[at:].split("\n"), start=1 + above)
        row = next(number for number, line in lines if line.count('"') % 2)
        raise refuse(
            "open-quote",
            f"{source}, line {row:,}: a quote that opens in or after this line never closes.",
        )
