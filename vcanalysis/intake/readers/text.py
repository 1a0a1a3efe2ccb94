"""Text tables: bytes of a CSV file or cells of a sheet become a frame of text, row by row accounted for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.readers.layout import shown_columns
from vcanalysis.intake.readers.limits import few_cells
from vcanalysis.intake.readers.lines import (
    END_MARK,
    ROW_COUNT,
    Head,
    after_lines,
    column_names,
    decode,
    find_header,
    one_line_end,
    refuse_open_quote,
    split_cells,
    without_blank_lines,
    without_foot,
    without_strokes,
)
from vcanalysis.intake.readers.names import known_column

_BLOCK = 100_000_000


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
    torn : tuple of tuple of str
        The cells of each of these rows, as far as they could be told.
    head : tuple of str
        Names of all columns of such a file in their order, those without a title too.
    sign : str
        What parts its cells.
    marks : tuple of str
        Rules under which the file as a whole was put right or flagged.
    kind : str
        The table of the return it is, where the source says so (XML); else empty.
    untitled : int
        Columns that hold something below no title; they are not in the frame.
    """

    source: str
    name: str
    group: str
    frame: pd.DataFrame
    broken: tuple[int, ...] = ()
    marks: tuple[str, ...] = ()
    kind: str = ""
    untitled: int = 0
    torn: tuple[tuple[str, ...], ...] = ()
    head: tuple[str, ...] = ()
    sign: str = ","


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
    text, ended = without_foot(text, END_MARK)
    if not text or text.isspace():
        raise refuse(
            "empty-file", f"{source} is empty. Export the table again; it needs at least its header."
        )
    text, counted = without_foot(one_line_end(text), ROW_COUNT)
    head = find_header(text, known)
    read = _parse(text, head, source)
    rows = without_header(read.frame)
    below = without_strokes(rows)
    marks = {
        mark: True,
        "end-mark": ended,
        "row-count": counted,
        "title-rows": head.row > 0,
        "separator": head.delimiter != ",",
        "header-again": len(rows) < len(read.frame),
        "ruled-line": len(below) < len(rows),
    }
    said = tuple(rule for rule, there in marks.items() if rule and there)
    return replace(read, name=name, group=group, frame=below, marks=said)


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


class _Torn:
    """Rows with too many or too few fields, as the reader of the cells gives them."""

    def __init__(self, head: Head) -> None:
        self.above, self.sign = head.row + 1, head.delimiter
        self.clear()

    def clear(self) -> None:
        self.rows: list[int] = []
        self.lines: list[str] = []
        self.closed: list[bool] = []  # whether a row too long ends in an empty cell
        self.running_on: list[int] = []

    def set_aside(self, row: arrow_csv.InvalidRow) -> str:
        # an exception raised in here would be swallowed
        spans = "\n" in row.text or "\r" in row.text
        (self.running_on if spans else self.rows).append(row.number + self.above)
        self.lines.append(row.text)
        ends = row.text.rstrip("\r\n").endswith(self.sign)
        self.closed.append(ends and row.actual_columns == row.expected_columns + 1)
        return "skip"


def _parse(text: str, head: Head, source: str) -> TextTable:
    torn = _Torn(head)
    at = after_lines(text, head.line)
    refuse_open_quote(text, at, head.line, source)
    names, lines = column_names(text, at, head.delimiter, source)
    body = text[after_lines(text, lines, at) :]
    few_cells((body.count("\n") + 1) * len(names), source)
    data = body.encode()
    try:
        cells = _cells(data, len(names), head.delimiter, torn.set_aside)
        if len(cells) == 0 and torn.closed and all(torn.closed):  # an export that ends each row with a comma
            torn.clear()
            names = [*names, ""]
            cells = _cells(data, len(names), head.delimiter, torn.set_aside)
    except pa.ArrowInvalid:
        if body.strip():
            raise refuse(
                "damaged-file", f"{source} cannot be read as a table. Save it again as CSV UTF-8."
            ) from None
        cells = pd.DataFrame(columns=range(len(names)), dtype="str")
    if torn.running_on:
        raise refuse(
            "open-quote",
            f"{source}: a quote that opens in or after row {torn.running_on[0]} closes rows further down.",
        )
    frame = text_frame(cells, names, source=source, bare=_no_blanks(data, head.delimiter))
    first = head.row + 2
    rows = pd.Index(range(first, first + len(frame) + len(torn.rows))).difference(torn.rows)
    frame = frame.assign(_row=rows[: len(frame)].to_numpy(dtype="int64"))
    return TextTable(
        source,
        "",
        "",
        without_blank_lines(frame),
        tuple(torn.rows),
        untitled=untitled(cells, names),
        torn=tuple(split_cells(line, head.delimiter) for line in torn.lines),
        head=tuple(map(_plain_name, names)),
        sign=head.delimiter,
    )


def _cells(
    data: bytes, width: int, delimiter: str, set_aside: Callable[[arrow_csv.InvalidRow], str]
) -> pd.DataFrame:
    """Read all cells as text, in one block: one piece of memory per column."""
    names = [f"f{i}" for i in range(width)]
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


def untitled(cells: pd.DataFrame, head: list[str]) -> int:
    """Count the columns that hold something below an empty title.

    Examples
    --------
    >>> untitled(pd.DataFrame([["1", "", "x"], ["2", "", ""]]), ["CHILD", "", " "])
    1
    """
    bare = [cells.iloc[:, i] for i, name in enumerate(head) if not str(name).strip()]
    return sum(bool(column.str.strip().ne("").any()) for column in bare)


def text_frame(frame: pd.DataFrame, head: list[str], *, source: str, bare: bool = False) -> pd.DataFrame:
    """Name the columns and make every cell text without blanks around it.

    Raises
    ------
    InputError
        If a column is there twice.
    """
    names = [_plain_name(name) for name in head]
    named = [n for n in names if n]
    plain = [name.casefold() for name in named]  # a form may have an item `Job` and another `Job*`
    if len(set(plain)) < len(plain):
        first = next(name for name in named if plain.count(name.casefold()) > 1)
        place = names.index(first) + 1
        shown = shown_columns(named) and known_column(first) and f"column {first}"
        raise refuse(
            "column-twice",
            f"{source}: {shown or f'column {place}'} is there twice. Keep one of the two; where "
            "the heading takes two rows, make it one.",
        )
    tidy = _as_text if bare else _bare
    columns = {name: tidy(frame.iloc[:, i]) for i, name in enumerate(names) if name}
    return pd.DataFrame(columns, index=frame.index)


def _plain_name(name: object) -> str:
    return " ".join(line.strip() for line in str(name).splitlines()).strip()


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
