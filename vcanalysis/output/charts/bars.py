"""Bars: the range that each input gives a result (a tornado), and steps that add up to a change (a bridge)."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from vcanalysis.core.numbers import write_interval
from vcanalysis.output.charts.frame import (
    ACCENT,
    INK,
    QUIET,
    SECOND,
    name_of,
    name_rows,
    rows_axes,
    said_of,
    settings,
    svg_of,
    wrapped,
)
from vcanalysis.output.disclosure import published_unit
from vcanalysis.output.records import Record

_THICK = 0.56


def ranges(records: Sequence[Record], *, title: str, description: str) -> str:
    """Draw for each group the range of a result around the value that all have in common.

    Parameters
    ----------
    records : sequence of Record
        One an input; the ends of the interval are the result at the ends of the input. Those without are left out.
    title, description : str
        What a reader who cannot see the picture is told.

    Returns
    -------
    str
        One `svg` element.

    Examples
    --------
    >>> shown = [Record(f"t.{g}", "Q?", "Value", -10.0, a, b, unit="GBP", n=20, group=g, status="published")
    ...          for g, a, b in (("price", -90.0, 60.0), ("time", -40.0, 5.0))]
    >>> ranges(shown, title="What carries the value", description="Price most.").startswith("<svg")
    True
    """
    with settings():
        drawn = [r for r in records if r.low is not None and r.high is not None]
        unit = published_unit(records[0].unit)
        names, said = [name_of(r) for r in drawn], [write_interval(r.low, r.high, unit) for r in drawn]
        ax = rows_axes(drawn, names, said)
        for row, record in enumerate(drawn):
            _range(ax, row, record)
        _lines(ax, drawn)
        name_rows(ax, names, said, unit)
        return svg_of(ax.figure, title, description)  # type: ignore[arg-type]


def _range(ax: Axes, row: int, record: Record) -> None:
    middle, low, high = record.value or 0.0, record.low or 0.0, record.high or 0.0
    for start, end, colour in ((low, middle, SECOND), (middle, high, ACCENT)):
        if end > start:
            ax.barh(row, end - start, left=start, height=_THICK, color=colour)


def _lines(ax: Axes, records: Sequence[Record]) -> None:
    ax.axvline(records[0].value or 0.0, color=INK, lw=1)
    low, high = ax.get_xlim()
    if low < 0 < high:
        ax.axvline(0, color=QUIET, lw=1, ls=(0, (3, 2)))


def steps(records: Sequence[Record], *, title: str, description: str) -> str:
    """Draw parts of a change one after the other, each beginning where the one before ended.

    Parameters
    ----------
    records : sequence of Record
        The parts, in order; from a hidden one on nothing is drawn, since it would be the gap.
    title, description : str
        What a reader who cannot see the picture is told.

    Returns
    -------
    str
        One `svg` element.

    Examples
    --------
    >>> shown = [Record(f"b.{g}", "Q?", g, v, unit="GBP", n=900, status="published")
    ...          for g, v in (("price", 5.0), ("mix", -3.0))]
    >>> steps(shown, title="What moved spending", description="Two parts.").startswith("<svg")
    True
    """
    with settings():
        names, said = (
            [name_of(r) if r.group != "all" else wrapped(r.label) for r in records],
            [said_of(r) for r in records],
        )
        ax = rows_axes(records, names, said)
        at = 0.0
        for row, record in enumerate(records):
            if record.value is None:
                break
            ax.barh(row, record.value, left=at, height=_THICK, color=ACCENT if record.value < 0 else SECOND)
            at += record.value
            if row + 1 < len(records):
                ax.plot([at, at], [row - _THICK / 2, row + 1 + _THICK / 2], color=QUIET, lw=0.9)
        ax.axvline(0, color=QUIET, lw=1)
        name_rows(ax, names, said, published_unit(records[0].unit))
        return svg_of(ax.figure, title, description)  # type: ignore[arg-type]
