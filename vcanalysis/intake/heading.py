"""Whether the first row of a file is a header, and which of its cells can be shown."""

from __future__ import annotations

import difflib
import re

import pandas as pd

from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.readers.layout import squeeze
from vcanalysis.intake.readers.names import known_column
from vcanalysis.intake.readers.text import TextTable

SURE = 0.85
# What a name of a column is written in, and a value that is none: an amount, a date, a number of a child.
_NAME = re.compile(r"[A-Za-z0-9 _.,:;/()%£&'?*#-]*[A-Za-z][A-Za-z0-9 _.,:;/()%£&'?*#-]*")
_VALUE = re.compile(
    r"[£(-]*[\d.,]+\)?|\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}.*|[A-Za-z]{0,4}[-/ ]?\d{3,}[A-Za-z]?"
)


def likeness(column: str, word: str) -> float:
    """Say how alike two names are, from 0 to 1.

    Examples
    --------
    >>> likeness("Start Date", "start_date"), likeness("abc", "xyz")
    (1.0, 0.0)
    """
    return difflib.SequenceMatcher(None, squeeze(column), squeeze(word)).ratio()


def header(found: TextTable, known: set[str]) -> list[str]:
    """Give the names of the columns.

    Parameters
    ----------
    found : TextTable
        The file as it was read.
    known : set of str
        Squeezed names that are columns for sure.

    Raises
    ------
    InputError
        If the first row is data; it is not shown.
    """
    columns = [str(c) for c in found.frame.columns if c != "_row"]
    values = any(_VALUE.fullmatch(c.strip()) and squeeze(c) not in known for c in columns)
    if values or not (_known(columns, known) or _stands_above_values(found.frame, columns)):
        raise refuse(
            "column-missing",
            f"{found.source}: the first row seems to be no header. Write the names of the columns above the rows.",
        )
    return columns


def _known(columns: list[str], known: set[str]) -> bool:
    return any(squeeze(c) in known or likeness(c, word) >= SURE for c in columns for word in known)


def _stands_above_values(frame: pd.DataFrame, columns: list[str]) -> bool:
    """Say whether two columns or more hold nothing but dates, amounts and numbers below a first cell that is none."""
    given = [frame[c][frame[c].ne("")] for c in columns]
    return sum(len(cells) > 0 and bool(cells.str.fullmatch(_VALUE.pattern).all()) for cells in given) >= 2


def is_name(cell: str, known: set[str]) -> bool:
    """Say whether a cell of the first row can be shown: a known name, or one of known words alone.

    Examples
    --------
    >>> is_name("Start date", set()), is_name("Jamie 07700 900123", set()), is_name("Mary Jones", set())
    (True, False, False)
    """
    return squeeze(cell) in known or (bool(_NAME.fullmatch(cell)) and known_column(cell, known))
