"""Whether the first row of a file is a header, and which of its cells can be shown."""

from __future__ import annotations

import difflib
import re

import pandas as pd

from vcanalysis.intake.cleaning.dates import MONTHS
from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.readers.header_row import VALUE
from vcanalysis.intake.readers.layout import said_of_one, squeeze
from vcanalysis.intake.readers.names import known_column
from vcanalysis.intake.readers.text import TextTable

SURE = 0.85
WORD = re.compile("[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
_MOST = 0.8  # of the cells of a column, some of which say `n/a`
_NAME = re.compile(r"[A-Za-z0-9 _.,:;/()%£&'?*#-]*[A-Za-z][A-Za-z0-9 _.,:;/()%£&'?*#-]*")
# Names that look like values: a year, alone or after a month or another word.
_YEAR = re.compile(rf"(?:{MONTHS}|[a-z]{{0,4}})[ '/-]?(?:19|20)\d\d", re.ASCII | re.IGNORECASE)


def likeness(column: str, word: str) -> float:
    """Say how alike two names are, from 0 to 1.

    Examples
    --------
    >>> likeness("Start Date", "start_date"), likeness("abc", "xyz")
    (1.0, 0.0)
    """
    return difflib.SequenceMatcher(None, squeeze(column), squeeze(word)).ratio()


def words_of(column: str) -> set[str]:
    """Give the words of a name, also of one written without blanks.

    Examples
    --------
    >>> sorted(words_of("PeriodFrom")), sorted(words_of("NHSNumber / unit-rate"))
    (['from', 'period'], ['nhs', 'number', 'rate', 'unit'])
    """
    return {word.lower() for word in WORD.findall(column)}


def shown_as(columns: list[str], names: list[str]) -> dict[str, str]:
    """Call columns by their names where these can be shown, others by their places.

    Examples
    --------
    >>> shown_as(["Start", "Jo Smith"], ["Start"])
    {'Start': 'Start', 'Jo Smith': 'column 2'}
    """
    return {c: c if c in names else f"column {i}" for i, c in enumerate(columns, 1)}


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
    if len(columns) == 1:
        raise refuse("column-missing", f"{found.source}: {said_of_one(columns)}")
    values = any(_is_value(c.strip()) and squeeze(c) not in known for c in columns)
    if values or not (_known(columns, known) or _stands_above_values(found.frame, columns)):
        raise refuse(
            "column-missing",
            f"{found.source}: the first row seems to be no header. Write the names of the columns above the rows.",
        )
    return columns


def _known(columns: list[str], known: set[str]) -> bool:
    return any(squeeze(c) in known or likeness(c, word) >= SURE for c in columns for word in known)


def _is_value(cell: str) -> bool:
    return bool(VALUE.fullmatch(cell)) and not _YEAR.fullmatch(cell)


def _stands_above_values(frame: pd.DataFrame, columns: list[str]) -> bool:
    """Say whether two columns or more hold little but dates, amounts and numbers below a first cell that is none."""
    given = [frame[c][frame[c].ne("")] for c in columns]
    return sum(len(cells) > 0 and cells.str.fullmatch(VALUE.pattern).mean() >= _MOST for cells in given) >= 2


def is_name(cell: str, known: set[str]) -> bool:
    """Say whether a cell of the first row can be shown: a known name, or one of known words alone.

    Examples
    --------
    >>> is_name("Start date", set()), is_name("Jamie 07700 900123", set()), is_name("Mary Jones", set())
    (True, False, False)
    """
    return squeeze(cell) in known or (bool(_NAME.fullmatch(cell)) and known_column(cell, known))
