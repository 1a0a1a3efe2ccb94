"""Charts along time: counts of each quarter with the limits of chance, a share that lasts, an amount added up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from vcanalysis.core.numbers import write_number
from vcanalysis.output.charts.frame import ACCENT, INK, QUIET, WASH, WIDTH, dress, settings, svg_of
from vcanalysis.output.disclosure import published_unit
from vcanalysis.output.records import Record

_PANEL, _HEAD = 0.75, 0.3  # inches


def run_charts(
    flows: Mapping[str, tuple[Sequence[Record], Record | None]], *, title: str, description: str
) -> str:
    """Draw each flow quarter by quarter, one above the other, with the range that chance gives the newest.

    Parameters
    ----------
    flows : mapping
        Heading of the panel to the counts by quarter (groups such as 2019Q4, in order) and the record of the newest
        with its limits; None where it could not be judged. A hidden count is a gap in the line.
    title, description : str
        What a reader who cannot see the picture is told.

    Returns
    -------
    str
        One `svg` element.

    Examples
    --------
    >>> counts = [Record(f"q.{i}", "Q?", "Came", 30.0 + i, unit="count", n=30, group=f"2019Q{i}", status="published")
    ...           for i in (1, 2, 3, 4)]
    >>> run_charts({"Came into care": (counts, None)}, title="Flows", description="One line.").startswith("<svg")
    True
    """
    with settings():
        height = len(flows) * (_PANEL + _HEAD) + 0.3
        figure = Figure(figsize=(WIDTH, height))
        for place, (head, (counts, newest)) in enumerate(flows.items()):
            bottom = (0.3 + (len(flows) - 1 - place) * (_PANEL + _HEAD)) / height
            ax = figure.add_axes((0.045, bottom, 0.9, _PANEL / height))
            _panel(ax, counts, newest)
            ax.set_title(head, loc="left", fontsize=10.5, color=INK, pad=4)
            ax.tick_params(labelbottom=place == len(flows) - 1)
        return svg_of(figure, title, description)


def _panel(ax: Axes, counts: Sequence[Record], newest: Record | None) -> None:
    heights = [float("nan") if r.value is None else r.value for r in counts]
    last, top = len(counts) - 1, max([r.value or 0.0 for r in counts])
    if newest is not None and newest.low is not None and newest.high is not None:
        ax.axhspan(newest.low, newest.high, color=WASH, lw=0)
        for height in (newest.low, newest.high):
            ax.axhline(height, color=QUIET, lw=0.9, ls=(0, (4, 3)))
        top = max(top, newest.high)
    ax.plot(range(len(counts)), heights, "o-", color=QUIET, lw=1.4, ms=3.5)
    if counts[last].value is not None:
        ax.plot([last], heights[-1:], "o", color=ACCENT, ms=8)
        ax.annotate(write_number(counts[last].value, "count"), (last, heights[-1]), (8, 0), textcoords="offset points",
                    va="center", color=ACCENT, weight="bold", annotation_clip=False)  # fmt: skip
    first = [i for i, r in enumerate(counts) if r.group.endswith("Q1")] or [0]
    ax.set_xticks(first, [counts[i].group[:4] for i in first])
    ax.set_xlim(-0.4, last + 0.4)
    ax.set_ylim(0, 1.12 * top or 1)
    ax.yaxis.set_major_locator(MaxNLocator(3, integer=True))
    dress(ax, grid="y")


def curve(records: Sequence[Record], *, title: str, description: str) -> str:
    """Draw a share that lasts as it falls with the weeks, with its interval as a band.

    Parameters
    ----------
    records : sequence of Record
        Groups such as "26 weeks", in order; the curve ends where one is hidden.
    title, description : str
        What a reader who cannot see the picture is told.

    Returns
    -------
    str
        One `svg` element.

    Examples
    --------
    >>> shown = [Record(f"k.{w}", "Q?", "Last", s, s - 0.05, s + 0.05, unit="share", n=90, group=f"{w} weeks",
    ...                 status="published") for w, s in ((13, 0.7), (26, 0.5), (52, 0.3))]
    >>> curve(shown, title="Placements that last", description="A falling line.").startswith("<svg")
    True
    """
    with settings():
        figure = Figure(figsize=(WIDTH, 2.2))
        ax = figure.add_axes((0.07, 0.2, 0.88, 0.75))
        shown = _until_hidden(records)
        weeks = [0.0, *(float(r.group.split()[0]) for r in shown)]
        low, middle, high = (
            [1.0, *(getattr(r, end) or 0.0 for r in shown)] for end in ("low", "value", "high")
        )
        ax.fill_between(weeks, low, high, color=WASH, lw=0)
        ax.plot(weeks, middle, "o-", color=ACCENT, lw=2, ms=5)
        _name_points(ax, shown)
        ax.set_xticks(weeks[1:])
        ax.set_xlim(0, weeks[-1] * 1.02)
        ax.set_ylim(0, 1.04)
        ax.set_xlabel("Weeks since the placement began", color=QUIET)
        ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: write_number(v, "probability")))
        dress(ax, grid="y")
        return svg_of(figure, title, description)


def fan(records: Sequence[Record], *, title: str, description: str) -> str:
    """Draw an amount added up from nought to the end of each year, its range as a band that widens.

    Parameters
    ----------
    records : sequence of Record
        One a year, in order; the fan ends where one is hidden.
    title, description : str
        What a reader who cannot see the picture is told.

    Returns
    -------
    str
        One `svg` element.

    Examples
    --------
    >>> shown = [Record(f"n.{y}", "Q?", "Net", v, v - 9e4 * y, v + 9e4 * y, unit="GBP", n=20, group=f"2019-2{y}",
    ...                 status="published") for y, v in ((1, -5e4), (2, -2e4), (3, 6e4))]
    >>> fan(shown, title="Net saving so far", description="A band that widens.").startswith("<svg")
    True
    """
    with settings():
        figure = Figure(figsize=(WIDTH, 2.4))
        ax = figure.add_axes((0.13, 0.13, 0.62, 0.82))
        shown = _until_hidden(records)
        low, middle, high = (
            [0.0, *(getattr(r, end) or 0.0 for r in shown)] for end in ("low", "value", "high")
        )
        years = range(len(shown) + 1)
        ax.fill_between(years, low, high, color=WASH, lw=0)
        for edge in (low, high):
            ax.plot(years, edge, color=QUIET, lw=0.9, ls=(0, (4, 3)))
        ax.plot(years, middle, "o-", color=ACCENT, lw=2, ms=5)
        ax.axhline(0, color=QUIET, lw=1)
        ends = (
            (high[-1], QUIET, "normal", "high end"),
            (middle[-1], ACCENT, "bold", "estimate"),
            (low[-1], QUIET, "normal", "low end"),
        )
        for height, colour, weight, words in ends:
            said = f"{write_number(height, published_unit(records[0].unit))}, {words}"
            ax.annotate(said, (years[-1], height), (8, 0), textcoords="offset points", va="center", color=colour,
                        weight=weight, annotation_clip=False)  # fmt: skip
        ax.set_xticks(years, ["Start", *(r.group for r in shown)])
        ax.set_xlim(0, years[-1] * 1.02)
        ax.yaxis.set_major_locator(MaxNLocator(5))
        ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: write_number(v, "GBP")))
        dress(ax, grid="y")
        return svg_of(figure, title, description)


def _name_points(ax: Axes, shown: Sequence[Record]) -> None:
    for record in shown:
        words = write_number(record.value, published_unit(record.unit))
        where = (float(record.group.split()[0]), record.high or record.value or 0.0)
        ax.annotate(words, where, (1, 4), textcoords="offset points", ha="left", color=INK, fontsize=9.5)


def _until_hidden(records: Sequence[Record]) -> list[Record]:
    hidden = next((i for i, r in enumerate(records) if r.value is None), len(records))
    return list(records[:hidden])
