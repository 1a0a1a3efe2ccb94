"""Around a chart of the briefing: its settings, and the accessible SVG that it becomes."""

from __future__ import annotations

import io
import logging
import re
import textwrap
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from html import escape
from xml.etree import ElementTree

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from vcanalysis.core.numbers import write_interval, write_number
from vcanalysis.output.disclosure import published_unit
from vcanalysis.output.records import Record

ACCENT, SECOND, INK, QUIET, RULE, WASH = "#12436D", "#F46A25", "#0B0C0C", "#505A5F", "#D8DCE0", "#E4EAF0"
FONT = ("Arial", "Liberation Sans", "Helvetica", "DejaVu Sans")
WIDTH = 7.2  # inches
_LINE, _APART = 0.165, 0.07  # inches of a line of a name, and between rows whose names have two
_WIDER = 1.08  # room for a typeface wider than Arial, where a machine has none of its kin
_LONG = 36  # letters of the longest
_SVG = "http://www.w3.org/2000/svg"
_SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "vcanalysis",
    "font.family": "sans-serif",
    "font.sans-serif": list(FONT),
    "font.size": 10.5,
}


@contextmanager
def settings() -> Iterator[None]:
    """Set type and ids, so that the same records give the same bytes."""
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # of four fonts one is enough
    with rc_context(_SETTINGS):  # type: ignore[arg-type]
        yield


def svg_of(figure: Figure, title: str, description: str) -> str:
    """Write a figure as one `svg` element with title and description, without size: it takes the width it is given."""
    target = io.StringIO()
    empty = {"Date": None, "Creator": None, "Format": None, "Type": None}
    FigureCanvasSVG(figure).print_svg(target, metadata=empty)
    return _accessible(target.getvalue(), title, description)


def rows_axes(
    records: Sequence[Record], names: Sequence[str], said: Sequence[str], *, row: float = 0.34
) -> Axes:
    """Make axes with a row for each record: names to the left, what is said of each to the right."""
    row += _APART * max(name.count("\n") for name in names)  # names of two lines must not meet
    height = row * len(records) + 0.4
    left, right = (_WIDER * inches(max(texts, key=inches)) + 0.15 for texts in (names, said))
    figure = Figure(figsize=(WIDTH, height))
    return figure.add_axes((left / WIDTH, 0.32 / height, 1 - (left + right) / WIDTH, 1 - 0.37 / height))


def name_rows(ax: Axes, names: Sequence[str], said: Sequence[str], unit: str) -> None:
    """Write names and numbers beside the rows, and dress the axis."""
    for place, words in enumerate(said):
        ax.annotate(words, (1.02, place), xycoords=("axes fraction", "data"), va="center", color=INK)
    ax.set_yticks(range(len(names)), [""] * len(names))
    for place, name in enumerate(names):
        _name(ax, place, name.split("\n"))
    ax.set_ylim(len(names) - 0.4, -0.6)
    ax.xaxis.set_major_locator(
        MaxNLocator(3 if unit.startswith("GBP") else 5, integer=unit in ("children", "days", "weeks"))
    )
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: write_number(v, unit, with_unit=False)))
    dress(ax, grid="x")


def _name(ax: Axes, place: int, lines: Sequence[str]) -> None:
    """Write each line by itself: its end stands at the axis in whatever typeface it is shown."""
    for i, line in enumerate(lines):
        up = (len(lines) - 1 - 2 * i) / 2 * _LINE * 72
        ax.annotate(
            line, (0, place), (-5, up), xycoords=("axes fraction", "data"), textcoords="offset points",
            ha="right", va="center", color=INK,
        )  # fmt: skip


def dress(ax: Axes, *, grid: str) -> None:
    """Take away what a reader does not need."""
    ax.tick_params(length=0, colors=QUIET)
    if grid == "x":
        ax.tick_params(axis="y", labelcolor=INK)
    ax.grid(axis=grid, color=RULE, lw=0.8)  # type: ignore[arg-type]
    ax.set_axisbelow(True)
    ax.spines[:].set_visible(False)


def said_of(record: Record) -> str:
    """Write a number with its interval, or nothing."""
    if record.value is None:
        return ""
    unit = published_unit(record.unit)
    value = write_number(record.value, unit, with_unit=False)
    if record.low is None or record.high is None:
        return value
    return f"{value} ({write_interval(record.low, record.high, unit)})"


def name_of(record: Record) -> str:
    """Write the group of a record as the name of its row."""
    group = record.group[:1].upper() + record.group[1:]
    return wrapped(group)


def wrapped(name: str) -> str:
    r"""Break a long name, before its bracket where it has one, else into lines of about one length.

    Examples
    --------
    >>> wrapped("Moderate need (communication, self-care)")
    'Moderate need\n(communication, self-care)'
    """
    head, mark, rest = name.partition(" (")
    if mark and len(name) > _LONG >= max(len(head), len(rest) + 1):
        return f"{head}\n({rest}"
    least = -(-len(name) // _LONG)  # lines
    tried = (textwrap.wrap(name, width, break_on_hyphens=False) for width in range(len(name) // least, _LONG))
    even = next((lines for lines in tried if len(lines) == least), None) if least > 1 else None
    return "\n".join(even or textwrap.wrap(name, _LONG, break_on_hyphens=False))


def inches(text: str) -> float:
    """Say how wide a text is: an even letter of Arial is half as wide as high, and measuring each takes long."""
    return max(len(line) for line in text.split("\n")) * 0.53 * 10.5 / 72 if text else 0.0


def _accessible(drawn: str, title: str, description: str) -> str:
    ElementTree.register_namespace("", _SVG)
    ElementTree.register_namespace("xlink", "http://www.w3.org/1999/xlink")
    root = ElementTree.fromstring(re.sub(r"<!DOCTYPE[^>]*>", "", drawn))
    for element in root.findall(f"{{{_SVG}}}metadata"):
        root.remove(element)
    for size in ("width", "height"):
        root.attrib.pop(size, None)
    name = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:60]
    root.attrib.update({"role": "img", "aria-labelledby": f"{name}-t {name}-d"})
    text = ElementTree.tostring(root, encoding="unicode")
    # ids must not meet those of another chart on the page; the page's own typeface is used
    text = re.sub(r'\bid="', f'id="{name}-', text)
    text = re.sub(r"url\(#", f"url(#{name}-", text)
    text = re.sub(r'href="#', f'href="#{name}-', text)
    text = re.sub(r"font: ([\d.]+)px [^;\"]+", r"font-size: \1px; font-family: " + ", ".join(_css()), text)
    said = f'<title id="{name}-t">{escape(title)}</title><desc id="{name}-d">{escape(description)}</desc>'
    return re.sub(r"(<svg[^>]*>)", lambda m: m[1] + said, text, count=1)


def _css() -> list[str]:
    return [f"'{name}'" if " " in name else name for name in FONT[:3]] + ["sans-serif"]
