"""Text tables: bytes of a CSV file or cells of a sheet become a frame of text, row by row accounted for."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.readers.layout import shown_columns, squeeze
from vcanalysis.intake.readers.names import known_column

TITLE_ROWS = 20
_HEAD = 50_000  # characters in which the header row is looked for
_LONGEST_HEAD = 130_000
_BLOCK = 100_000_000
MAX_COLUMNS = 2_000


@dataclass(frozen=True, slots=True)
class TextTable:
    """A table as text.

    Parameters
    ----------
    source : str
        File, or file and sheet, as a message names it.
    name : str
        File stem or sheet name.
    group : str
        What the table belongs to: its folder, with the year in the file name if there is one.
    frame : DataFrame
        All text; an empty cell is an empty string. `_row` is the row in the file, the header being 1.
    broken : tuple of int
        Rows with too many or too few fields; they are not in the frame.
    marks : tuple of str
        Rules under which the file as a whole was put right or flagged.
    kind : str
        The table of the return it is, where the source says so (XML); else empty.
    """

    source: str
    name: str
    group: str
    frame: pd.DataFrame
    broken: tuple[int, ...] = ()
    marks: tuple[str, ...] = ()
    kind: str = ""


def decode(data: bytes, *, source: str) -> tuple[str, str]:
    r"""Decode a file: UTF-8 with or without mark, UTF-16 with mark, else Windows-1252.

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
    marks = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
    coding = next((name for mark, name in marks.items() if data.startswith(mark)), "utf-8")
    marked = {"utf-8-sig": "byte-mark", "utf-16": "utf-16"}.get(coding, "")
    for attempt, mark in ((coding, marked), ("cp1252", "windows-text")):
        try:
            text = data.decode(attempt).lstrip("\ufeff")
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text, mark
    raise refuse("no-text", f"{source} is no text file. Save it again as CSV UTF-8.")


def read_csv_bytes(data: bytes, *, source: str, name: str, group: str, known: set[str]) -> TextTable:
    r"""Read a CSV file as text.

    Parameters
    ----------
    data : bytes
        The file.
    source, name, group : str
        See `TextTable`.
    known : set of str
        Squeezed column names that mark the header row; rows of titles above it are dropped.

    Raises
    ------
    InputError
        If the file is empty, not text, or has a quote that is never closed.

    Examples
    --------
    >>> table = read_csv_bytes(b"CHILD;DOB\n007;NA\n", source="x.csv", name="x", group="", known={"CHILD"})
    >>> table.frame.values.tolist()
    [['007', 'NA', 2]]
    """
    text, mark = decode(data, source=source)
    if not text or text.isspace():
        raise refuse(
            "empty-file", f"{source} is empty. Export the table again; it needs at least its header."
        )
    text = _one_line_end(text)
    head = _find_header(text, known)
    marks = [mark, "title-rows" if head.row else "", "separator" if head.delimiter != "," else ""]
    frame, broken = _parse(text, head, source)
    rows = without_header(frame)
    marks.append("header-again" if len(rows) < len(frame) else "")
    return TextTable(source, name, group, rows, broken, tuple(m for m in marks if m))


def without_header(frame: pd.DataFrame) -> pd.DataFrame:
    """Leave out rows that are the header again, where exports were put one below the other.

    Examples
    --------
    >>> without_header(pd.DataFrame({"CHILD": ["1", "CHILD", "2"], "DOB": ["a", "DOB", "b"]}))["CHILD"].tolist()
    ['1', '2']
    """
    names = [name for name in frame.columns if name != "_row"]
    if len(names) < 2:  # a title
        return frame
    rows = frame.loc[frame[names[0]].eq(names[0]), names]  # nearly always none
    again = rows.index[(rows == names).all(axis=1)] if len(rows) else rows.index
    return frame.drop(index=again) if len(again) else frame


@dataclass(frozen=True, slots=True)
class _Head:
    """Where the header stands: rows and lines above it (a row may run over several lines), and what parts cells."""

    delimiter: str = ","
    row: int = 0
    line: int = 0
    hits: int = 0


def _one_line_end(text: str) -> str:
    """Let lines end as elsewhere where some end as on old Macs."""
    if text.count("\r") == text.count("\r\n"):
        return text
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _find_header(text: str, known: set[str]) -> _Head:
    """Find the row with most of the known columns, and what separates them."""
    best = _Head()
    for delimiter in ",;\t":
        lines = csv.reader(io.StringIO(text[:_HEAD]), delimiter=delimiter)
        above = 0
        for position, cells in enumerate(islice(lines, TITLE_ROWS)):
            if len(cells) >= max(best.hits, 1):  # or it cannot have as many of them
                hits = sum(squeeze(cell) in known for cell in cells)
                if (hits, -position) > (best.hits, -best.row):
                    best = _Head(delimiter, position, above, hits)
            above = lines.line_num
    return best


def _parse(text: str, head: _Head, source: str) -> tuple[pd.DataFrame, tuple[int, ...]]:
    broken: list[int] = []
    running_on: list[int] = []
    first = head.row + 2

    def set_aside(row: arrow_csv.InvalidRow) -> str:
        # an exception raised in here would be swallowed
        spans = "\n" in row.text or "\r" in row.text
        (running_on if spans else broken).append(row.number + first - 1)
        return "skip"

    at = _after_lines(text, head.line)
    _refuse_open_quote(text, at, head.line, source)
    names, lines = _names(text, at, head.delimiter, source)
    body = text[_after_lines(text, lines, at) :]
    data = body.encode()
    try:
        cells = _cells(data, [f"f{i}" for i in range(len(names))], head.delimiter, set_aside)
    except pa.ArrowInvalid:
        if body.strip():
            raise refuse(
                "damaged-file", f"{source} cannot be read as a table. Save it again as CSV UTF-8."
            ) from None
        cells = pd.DataFrame(columns=range(len(names)), dtype="str")
    if running_on:
        raise refuse(
            "open-quote",
            f"{source}: a quote that opens in or after row {running_on[0]} closes rows further down.",
        )
    frame = text_frame(cells, names, source=source, bare=_no_blanks(data, head.delimiter))
    rows = pd.Index(range(first, first + len(frame) + len(broken))).difference(broken)
    frame = frame.assign(_row=rows[: len(frame)].to_numpy(dtype="int64"))
    return _without_blank_lines(frame, body, first), tuple(broken)


def _after_lines(text: str, lines: int, at: int = 0) -> int:
    """Give the place in a text after so many lines."""
    for _ in range(lines):
        at = text.find("\n", at) + 1 or len(text)
    return at


def _names(text: str, at: int, delimiter: str, source: str) -> tuple[list[str], int]:
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


def _without_blank_lines(frame: pd.DataFrame, body: str, first: int) -> pd.DataFrame:
    """Leave out lines without a character, which count as rows of the file but are none of the table."""
    if not (body.startswith(("\n", "\r\n")) or "\n\n" in body or "\n\r\n" in body):
        return frame
    blank, row, inside = [], first - 1, False
    for line in body.split("\n"):
        row += not inside
        if not inside and line in ("", "\r"):
            blank.append(row)
        inside ^= line.count('"') % 2 == 1
    empty = frame.drop(columns="_row").eq("").all(axis=1)
    return frame[~(empty & frame["_row"].isin(blank))].reset_index(drop=True)


def _cells(
    data: bytes, names: list[str], delimiter: str, set_aside: Callable[[arrow_csv.InvalidRow], str]
) -> pd.DataFrame:
    """Read all cells as text, in one block: one piece of memory per column."""
    block = min(len(data) + 1, _BLOCK)
    arrow = arrow_csv.read_csv(
        pa.BufferReader(data),
        read_options=arrow_csv.ReadOptions(use_threads=False, column_names=names, block_size=block),
        parse_options=arrow_csv.ParseOptions(
            delimiter=delimiter,
            newlines_in_values=True,
            invalid_row_handler=set_aside,
            ignore_empty_lines=False,  # they count as rows
        ),
        convert_options=arrow_csv.ConvertOptions(
            column_types=dict.fromkeys(names, pa.large_string()), strings_can_be_null=False
        ),
    )
    return arrow.to_pandas()


def _refuse_open_quote(text: str, at: int, above: int, source: str) -> None:
    if text.count('"', at) % 2:
        lines = enumerate(text[at:].split("\n"), start=1 + above)
        row = next(number for number, line in lines if line.count('"') % 2)
        raise refuse(
            "open-quote",
            f"{source}, line {row:,}: a quote that opens in or after this line never closes.",
        )


def _no_blanks(data: bytes, delimiter: str) -> bool:
    """Say for sure that no cell has blanks around it; far faster than looking at each."""
    if not data.isascii() or (b"\t" in data and delimiter != "\t"):
        return False
    letters = np.frombuffer(data, dtype="uint8")
    blanks = np.flatnonzero(letters == ord(" "))
    ends = np.zeros(256, dtype=bool)
    ends[[ord(mark) for mark in (delimiter, "\n", "\r", '"')]] = True
    beside = letters.take(blanks - 1, mode="wrap"), letters.take(blanks + 1, mode="wrap")
    return not (ends[beside[0]] | ends[beside[1]]).any()


def text_frame(frame: pd.DataFrame, head: list[str], *, source: str, bare: bool = False) -> pd.DataFrame:
    """Name the columns and make every cell text without blanks around it.

    Raises
    ------
    InputError
        If a column is there twice.
    """
    names = [" ".join(line.strip() for line in str(name).splitlines()).strip() for name in head]
    named = [n for n in names if n]
    plain = [name.casefold() for name in named]  # a form may have an item `Job` and another `Job*`
    if len(set(plain)) < len(plain):
        place = next(i for i, name in enumerate(plain, 1) if plain.count(name) > 1)
        shown = shown_columns(named) and known_column(named[place - 1]) and f"column {named[place - 1]}"
        raise refuse(
            "column-twice", f"{source}: {shown or f'column {place}'} is there twice. Keep one of the two."
        )
    tidy = _as_text if bare else _bare
    columns = {name: tidy(frame.iloc[:, i]) for i, name in enumerate(names) if name}
    return pd.DataFrame(columns, index=frame.index)


def _as_text(cells: pd.Series) -> pd.Series:
    return cells.astype("str")


def _bare(cells: pd.Series) -> pd.Series:
    """Make cells text without blanks around them; most columns have none, which is found fast."""
    text = cells.astype("str")
    cut = pa.array(text.array)
    same = pc.equal(cut, pc.utf8_trim_whitespace(cut))
    return text if pc.all(same).as_py() else text.str.strip()


def repeated(text: str, rows: int) -> pd.Categorical:
    """Give one text for every row, held once."""
    return pd.Categorical.from_codes(np.zeros(rows, dtype="int8"), pd.Index([text], dtype="str"))
