"""Charts of published records: a dot and its interval for every group, as accessible SVG.

Only gated records are drawn, so a chart holds no number that its table does not.
"""

from __future__ import annotations

import io
import logging
import re
import textwrap
from collections.abc import Sequence
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

ACCENT, INK, QUIET, RULE = "#12436D", "#0B0C0C", "#505A5F", "#D8DCE0"
FONT = ("Arial", "Liberation Sans", "Helvetica", "DejaVu Sans")
_WIDTH, _ROW, _EDGE = 7.2, 0.34, 0.4  # inches
_SVG = "http://www.w3.org/2000/svg"
_SETTINGS = {
    "svg.fonttype": "none",
    "svg.hashsalt": "vcanalysis",
    "font.family": "sans-serif",
    "font.sans-serif": list(FONT),
    "font.size": 10.5,
}


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
    logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # of four fonts one is enough
    with rc_context(_SETTINGS):  # type: ignore[arg-type]
        height = _ROW * len(records) + _EDGE
        figure = Figure(figsize=(_WIDTH, height))
        left = _inches(max((_short(_name(r)) for r in records), key=_inches)) + 0.15
        right = _inches(max(map(_said, records), key=_inches)) + 0.15
        _draw(
            figure.add_axes((left / _WIDTH, 0.32 / height, 1 - (left + right) / _WIDTH, 1 - 0.37 / height)),
            records,
        )
        target = io.StringIO()
        FigureCanvasSVG(figure).print_svg(
            target, metadata={"Date": None, "Creator": None, "Format": None, "Type": None}
        )
    return _accessible(target.getvalue(), title, description)


def _draw(ax: Axes, records: Sequence[Record]) -> None:
    unit = published_unit(records[0].unit)
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
        ax.annotate(_said(record), (1.02, row), xycoords=("axes fraction", "data"), va="center", color=INK)
    _scale(ax, records)
    ax.set_yticks(range(len(records)), [_short(_name(r)) for r in records], color=INK)
    ax.set_ylim(len(records) - 0.4, -0.6)
    ax.xaxis.set_major_locator(MaxNLocator(5, integer=unit in ("children", "days", "weeks")))
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: write_number(v, unit, with_unit=False)))
    ax.tick_params(length=0, colors=QUIET)
    ax.tick_params(axis="y", labelcolor=INK)
    ax.grid(axis="x", color=RULE, lw=0.8)
    ax.set_axisbelow(True)
    ax.spines[:].set_visible(False)


def _scale(ax: Axes, records: Sequence[Record]) -> None:
    ends = [v for r in records for v in (r.value, r.low, r.high) if v is not None]
    low, high = min([*ends, 0.0]), max([*ends, 0.0])
    ax.set_xlim(low - 0.02 * (high - low or 1), high + 0.04 * (high - low or 1))
    if low < 0 < high:
        ax.axvline(0, color=QUIET, lw=1)


def _said(record: Record) -> str:
    if record.value is None:
        return ""
    unit = published_unit(record.unit)
    value = write_number(record.value, unit, with_unit=False)
    if record.low is None or record.high is None:
        return value
    return f"{value} ({write_interval(record.low, record.high, unit)})"


def _name(record: Record) -> str:
    return record.group[:1].upper() + record.group[1:]


def _inches(text: str) -> float:
    # an even letter of Arial is half as wide as it is high: measuring each word would take most of the time
    return max(len(line) for line in text.split("\n")) * 0.53 * 10.5 / 72 if text else 0.0


def _short(group: str) -> str:
    return "\n".join(textwrap.wrap(group, 36))


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
