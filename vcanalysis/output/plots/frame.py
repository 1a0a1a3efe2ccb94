"""Around the picture: a new Axes, its headline, subtitle, source and alt text, and showing it."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar, cast
from weakref import WeakKeyDictionary

import pandas as pd
from IPython.display import publish_display_data
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties

from vcanalysis.core.doors import door
from vcanalysis.core.errors import InputError
from vcanalysis.output.plots.look import INK, QUIET, WIDTH_CM, style

_INCH_CM = 2.54
_DPI = 200
_SHOWN_PIXELS = 720
_SPACING = 1.32  # line height over type size
_EDGE = 0.02  # inches around the words
_HEADLINE: dict[str, Any] = {"size": 11.5, "weight": "bold", "color": INK}
_SUBTITLE: dict[str, Any] = {"size": 8.8, "color": QUIET}
_SOURCE: dict[str, Any] = {"size": 7.4, "color": QUIET}
Draw = TypeVar("Draw", bound=Callable[..., Axes])


@dataclass(frozen=True, slots=True)
class Caption:
    """The words of a figure.

    Parameters
    ----------
    headline : str
        What was found.
    subtitle : str
        What is drawn: measure, who, where, when, how many.
    source : str
        Where the data come from.
    alt : str
        What a reader who cannot see the picture needs to know.
    """

    headline: str
    subtitle: str
    source: str
    alt: str


_captions: WeakKeyDictionary[Figure, Caption] = WeakKeyDictionary()


def figure_of(ax: Axes) -> Figure:
    """Give the whole figure an Axes stands in."""
    return cast(Figure, ax.get_figure(root=True))


def new_axes(height_cm: float = 8.0) -> Axes:
    """Make an Axes in the house look, 16 cm wide, kept out of pyplot's list of open figures.

    Examples
    --------
    >>> float(round(figure_of(new_axes(8)).get_figwidth() * 2.54, 1))
    16.0
    """
    with style():
        size = (WIDTH_CM / _INCH_CM, height_cm / _INCH_CM)
        figure = Figure(figsize=size, dpi=_DPI, layout="constrained")
        FigureCanvasAgg(figure)
        return figure.add_subplot()


def in_style(draw: Draw) -> Draw:
    """Decorate a plot function so that it draws in the house look."""
    wanted = str(next(iter(draw.__annotations__.values()), ""))

    @wraps(draw)
    def drawn(*args: Any, **kwargs: Any) -> Axes:
        given = args[0] if args else None
        kinds = {kind.__name__ for kind in type(given).__mro__}
        table = isinstance(given, pd.DataFrame) and "Frame" not in wanted
        other = bool(args) and wanted.isidentifier() and wanted not in kinds
        if table or other or not (args or kwargs):
            found = "a table" if table else type(given).__name__ if args else "nothing"
            raise InputError(
                f"{draw.__name__} draws {wanted}, not {found}. Ask the question first, and give its answer."
            )
        with style():
            return draw(*args, **kwargs)

    return cast(Draw, drawn)


def _wrap(text: str, figure: Figure, look: dict[str, Any], inches: float) -> list[str]:
    """Break text into lines no wider than the figure, by the measured width of the words."""
    canvas = figure.canvas if isinstance(figure.canvas, FigureCanvasAgg) else FigureCanvasAgg(figure)
    renderer = canvas.get_renderer()
    font = FontProperties(size=look["size"], weight=look.get("weight", "normal"))
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        width = renderer.get_text_width_height_descent(longer, font, ismath=False)[0]
        if lines and width <= inches * figure.dpi:
            lines[-1] = longer
        else:
            lines.append(word)
    return lines


@door("vc.plots.finish(ax, headline=..., subtitle=..., source=..., alt=...)", takes=Axes)
def finish(ax: Axes, *, headline: str, subtitle: str, source: str, alt: str) -> Axes:
    """Put the words on a figure: headline and subtitle above, source below, alt text for those who cannot see it.

    The figure grows by what the words need, so the picture itself keeps its size.

    Parameters
    ----------
    ax : Axes
        The picture (any Axes of its figure).
    headline : str
        The finding, as a sentence; wrapped where long.
    subtitle : str
        Measure, who, where, when, how many.
    source : str
        Where the data come from and what is synthetic.
    alt : str
        The picture in words.

    Returns
    -------
    Axes
        The same Axes.

    Raises
    ------
    InputError
        If the headline or the alt text is empty, or the figure already has its words.

    Examples
    --------
    >>> ax = finish(new_axes(), headline="Need varies", subtitle="Made up", source="Nobody", alt="A bar.")
    >>> caption_of(ax).headline
    'Need varies'
    """
    figure = figure_of(ax)
    if not headline.strip() or not alt.strip():
        raise InputError("A figure needs a headline (what was found) and alt text. Give both to finish().")
    if figure in _captions:
        raise InputError("This figure already has its headline. Call finish() once for each figure.")
    with style():
        _write(figure, headline, subtitle, source)
    _captions[figure] = Caption(headline.strip(), subtitle.strip(), source.strip(), alt.strip())
    return ax


def _write(figure: Figure, headline: str, subtitle: str, source: str) -> None:
    width, height = (float(v) for v in figure.get_size_inches())
    source = source if source.startswith("Source") or not source else f"Source: {source}"
    blocks = [
        (text, look, _wrap(text, figure, look, width - 2 * _EDGE))
        for text, look in ((headline, _HEADLINE), (subtitle, _SUBTITLE), (source, _SOURCE))
    ]
    sizes = [len(lines) * float(look["size"]) * _SPACING / 72 for _, look, lines in blocks]
    above, below = sizes[0] + sizes[1] + 0.16, sizes[2] + (0.08 if source else 0.0)
    whole = height + above + below
    figure.set_size_inches(width, whole)
    tops = (whole - _EDGE, whole - _EDGE - sizes[0] - 0.03, sizes[2] + _EDGE)
    for (_, look, lines), top in zip(blocks, tops, strict=True):
        figure.text(
            _EDGE / width, top / whole, "\n".join(lines), ha="left", va="top", linespacing=1.2, **look
        )
    figure.set_layout_engine("constrained", rect=(0, below / whole, 1, height / whole))


def caption_of(ax: Axes) -> Caption | None:
    """Give the words of an Axes' figure, None before `finish`."""
    return _captions.get(figure_of(ax))


@door("vc.plots.render(vc.plots.plot_middle(middle))", takes=Axes)
def render(ax: Axes, *, file_format: str = "png") -> bytes:
    """Draw a figure to bytes, the same bytes each time.

    Parameters
    ----------
    ax : Axes
        The picture.
    file_format : str
        "png" (200 dots an inch) or "svg".

    Examples
    --------
    >>> render(new_axes())[1:4]
    b'PNG'
    """
    buffer = io.BytesIO()
    made = {"Software": None} if file_format == "png" else {"Date": None, "Creator": None}
    with style():
        figure_of(ax).savefig(buffer, format=file_format, dpi=_DPI, metadata=made)
    return buffer.getvalue()


@door("vc.plots.show(ax), with the ax of a plot after vc.plots.finish", takes=Axes)
def show(ax: Axes) -> None:
    """Display a finished figure in a notebook, with its alt text, and close it.

    Parameters
    ----------
    ax : Axes
        The picture, after `finish`.

    Raises
    ------
    InputError
        If the figure has no headline and alt text yet.
    """
    caption = caption_of(ax)
    if caption is None:
        raise InputError("The figure has no headline and alt text yet. Call finish() on it before show().")
    figure = figure_of(ax)
    image = base64.b64encode(render(ax)).decode("ascii")
    height = round(_SHOWN_PIXELS * figure.get_figheight() / figure.get_figwidth())
    about = {"alt": caption.alt, "width": _SHOWN_PIXELS, "height": height}
    words = {"headline": caption.headline, "subtitle": caption.subtitle, "source": caption.source}
    publish_display_data(
        {"image/png": image, "text/plain": f"Figure: {caption.headline}"},
        metadata={"image/png": about, "vcanalysis": words},
    )
    _close(figure)


def _close(figure: Figure) -> None:
    """Close the figure where pyplot made it, so that it is neither shown twice nor kept."""
    if getattr(figure, "number", None) is not None:
        from matplotlib import pyplot as plt

        plt.close(figure)
