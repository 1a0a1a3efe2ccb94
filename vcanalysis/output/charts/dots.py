"""Dots with intervals: groups of one measure beside each other."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from vcanalysis.output.charts.frame import (
    ACCENT,
    QUIET,
    name_of,
    name_rows,
    rows_axes,
    said_of,
    settings,
    svg_of,
)
from vcanalysis.output.disclosure import published_unit
from vcanalysis.output.records import Record


def dots(records: Sequence[Record], *, title: str, description: str) -> str:
    """Draw groups as dots with their intervals.

    Parameters
    ----------
    records : sequence of Record
        Published records of one measure, one a group, in the order they are to be read; a hidden one
        keeps its row and is marked.
    title, description : str
        What a reader who cannot see the picture is told.

    Returns
    -------
    str
        One `svg` element with title and description, without size: it takes the width it is given.

    Examples
    --------
    >>> shown = [Record(f"mix.{g}", "Q?", "Share", v, v - 0.05, v + 0.05, unit="share", n=200, group=g,
    ...                 status="published") for g, v in (("foster", 0.7), ("home", 0.2))]
    >>> picture = dots(shown, title="Children by placement", description="Most live in foster families.")
    >>> picture.startswith("<svg"), "<title" in picture, "<metadata" in picture
    (True, True, False)
    """
    with settings():
        names, said = [name_of(r) for r in records], [said_of(r) for r in records]
        ax = rows_axes(records, names, said)
        _draw(ax, records)
        name_rows(ax, names, said, published_unit(records[0].unit))
        return svg_of(ax.figure, title, description)  # type: ignore[arg-type]


def _draw(ax: Axes, records: Sequence[Record]) -> None:
    for row, record in enumerate(records):
        if record.value is None:
            ax.annotate(
                "not shown [c]", (0.01, row), xycoords=("axes fraction", "data"), va="center", color=QUIET
            )
            continue
        if record.low is not None and record.high is not None:
            ax.plot(
                [record.low, record.high], [row, row], color=ACCENT, lw=2.4, alpha=0.45, solid_capstyle="butt"
            )
        ax.plot([record.value], [row], "o", color=ACCENT, ms=7)
    _scale(ax, records)


def _scale(ax: Axes, records: Sequence[Record]) -> None:
    ends = [v for r in records for v in (r.value, r.low, r.high) if v is not None]
    low, high = min([*ends, 0.0]), max([*ends, 0.0])
    ax.set_xlim(low - 0.02 * (high - low or 1), high + 0.04 * (high - low or 1))
    if low < 0 < high:
        ax.axvline(0, color=QUIET, lw=1)
