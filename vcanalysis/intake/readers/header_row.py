"""Which of the first rows of a table is its header: by the names in it, else because it stands above dates and amounts.

A word may be both the name of a column and a value: `Weekly` is a frequency and, in short, a weekly price. So a row
that holds dates or amounts of its own is the header only where no row of words stands above it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from vcanalysis.intake.readers.layout import squeeze

# A value that is no name of a column: an amount, a date, a number of a child.
VALUE = re.compile(r"[£(-]*[\d.,]+\)?|\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}.*|[A-Za-z]{0,4}[-/ ]?\d{3,}[A-Za-z]?")
_NEXT = 3  # rows below, the first of which may be empty but for a name


def header_row(rows: Sequence[Sequence[str]], known: set[str]) -> tuple[int, int, int]:
    """Find the header among the first rows of a table.

    Parameters
    ----------
    rows : sequence of sequence of str
        Cells of the first rows.
    known : set of str
        Squeezed names that are columns for sure.

    Returns
    -------
    tuple of int
        Its place, how many known names it has, and how many cells where it was told by what stands below; the first
        row where nothing tells it.

    Examples
    --------
    >>> header_row([["Costs"], ["PSN", "Begun", "Paid"], ["QX00001", "01/06/2018", "700"]], {"COST"})
    (1, 0, 3)
    >>> header_row([["PSN", "Begun", "How often"], ["QX00001", "01/06/2018", "Weekly"]], {"WEEKLY"})
    (0, 0, 3)
    """
    hits = [sum(squeeze(cell) in known for cell in row) for row in rows]
    best = hits.index(max(hits))
    sure = hits[best] > 0
    if sure and not _values(rows[best]):
        return best, hits[best], 0
    asked = range(best) if sure else range(len(rows))
    least = 1 if sure else 2
    above = next((at for at in asked if _stands_above(rows, at, least)), None)
    if above is None:
        return best, hits[best], 0
    return above, hits[above], len(_filled(rows[above]))


def _stands_above(rows: Sequence[Sequence[str]], at: int, least: int) -> bool:
    """Say whether a row of two words or more stands above as many values or more, and nothing wider than itself."""
    own = _filled(rows[at])
    below = [filled for row in rows[at + 1 :] if (filled := _filled(row))][:_NEXT]
    return (
        len(own) > 1
        and not _values(own)
        and any(_values(row) >= least for row in below)
        and all(len(row) <= len(own) for row in below)
    )


def _filled(row: Sequence[str]) -> list[str]:
    return [cell.strip() for cell in row if cell.strip()]


def _values(row: Sequence[str]) -> int:
    return sum(bool(VALUE.fullmatch(cell.strip())) for cell in row)
