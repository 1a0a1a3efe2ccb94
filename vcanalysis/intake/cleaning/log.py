"""The lines of the log: kept as codes, a few numbers a line, until they are written."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.csv as arrow_csv

LOG_COLUMNS = ["rule", "table", "file", "row", "column", "action"]
_ORDER = ("table", "file", "row", "rule", "column")


@dataclass(frozen=True, slots=True)
class Entry:
    """What one rule did to rows of one table.

    Parameters
    ----------
    rule, table, column, action : str
        As in the log.
    files : Categorical
        File of each row.
    rows : array of int64
        Row of each in its file; 0 stands for the file as a whole.
    """

    rule: str
    table: str
    column: str
    action: str
    files: pd.Categorical
    rows: np.ndarray


def lines_of(entries: list[Entry]) -> pd.DataFrame:
    """Give the lines of all entries in the order of table, file, row, rule and column.

    Returns
    -------
    DataFrame
        The columns of the log; all but `row` are categories in the order of their text.

    Examples
    --------
    >>> entry = Entry("R2", "episodes", "DEC", "changed", pd.Categorical(["b.csv", "a.csv"]), np.array([2, 9]))
    >>> lines_of([entry])["file"].tolist()
    ['a.csv', 'b.csv']
    """
    counts = [len(entry.rows) for entry in entries]
    files = pd.api.types.union_categoricals([e.files for e in entries], sort_categories=True)
    said: dict[str, object] = {"file": files, "row": np.concatenate([e.rows for e in entries])}
    for name in ("rule", "table", "column", "action"):
        values = pd.Categorical([getattr(entry, name) for entry in entries])
        said[name] = values.take(np.repeat(np.arange(len(entries)), counts))
    lines = pd.DataFrame(said)[LOG_COLUMNS]
    keys = [lines[n] if n == "row" else lines[n].cat.codes for n in reversed(_ORDER)]
    return lines.take(np.lexsort(keys)).reset_index(drop=True)


def write_lines(lines: pd.DataFrame, file: Path) -> None:
    """Write the lines as CSV; Arrow does it many times faster where nothing needs a quote."""
    head = ",".join(LOG_COLUMNS).encode() + b"\n"
    plain = arrow_csv.WriteOptions(include_header=False, quoting_style="none")
    try:
        with file.open("wb") as out:
            out.write(head)
            arrow_csv.write_csv(pa.Table.from_pandas(lines, preserve_index=False), out, plain)
    except pa.ArrowInvalid:
        lines.to_csv(file, index=False, lineterminator="\n", encoding="utf-8")
