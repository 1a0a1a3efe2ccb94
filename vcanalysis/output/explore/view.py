"""A view: what an explorer shows for one state of its controls; it stands by itself where no widget runs."""

from __future__ import annotations

import base64
import html
import io
from dataclasses import dataclass

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from vcanalysis.output.plots.frame import figure_of
from vcanalysis.output.plots.look import style

WIDTH_PX = 560  # beside its controls on a screen 1280 wide with the list of files open
_DRAWN_PX = 660
_DPI = 100
_PACKED = {"compress_level": 1}  # nothing is sent anywhere, and packing well takes longer than drawing a line
_EDGES = {"bottom": 0.12, "top": 0.93}


@dataclass(frozen=True, slots=True)
class View:
    """What an explorer shows for one state of its controls.

    Parameters
    ----------
    headline : str
        What was found, in one sentence.
    sentences : tuple of str
        What else must be said: numbers with their intervals, and what was left out.
    table : DataFrame
        The numbers, written out; at most some ten rows.
    ax : Axes
        The picture.
    alt : str
        The picture in words.
    source : str
        Where the data come from and what is synthetic.
    """

    headline: str
    sentences: tuple[str, ...]
    table: pd.DataFrame
    ax: Axes
    alt: str
    source: str = ""

    def sentence(self) -> str:
        """Say it all in words."""
        return " ".join([f"{self.headline.rstrip('.')}.", *self.sentences])

    def frame(self) -> pd.DataFrame:
        """Give the numbers as a table."""
        return self.table

    def png(self) -> bytes:
        """Draw the picture."""
        buffer = io.BytesIO()
        with style():
            figure_of(self.ax).savefig(
                buffer, format="png", dpi=_DPI, metadata={"Software": None}, pil_kwargs=_PACKED
            )
        return buffer.getvalue()

    def html(self) -> str:
        """Write words, picture and table as a piece of a page that needs nothing from elsewhere."""
        said = "".join(f"<p>{html.escape(text)}</p>" for text in self.sentences)
        image = base64.b64encode(self.png()).decode("ascii")
        table = self.table.to_html(border=0, na_rep="–", justify="left")
        table = table.replace("<table ", "<table style='line-height:1.3' ", 1)
        # the corner heads nothing; the heads of rows are read like lines
        table = table.replace("<th></th>", "<td></td>").replace("<th>", "<th style='text-align:left'>")
        return (
            f"<div class='vc-view' style='max-width:{WIDTH_PX}px;line-height:1.4'>"
            f"<p role='status'><strong>{html.escape(self.headline)}</strong></p>"
            f"<figure style='margin:0'><img src='data:image/png;base64,{image}' width='{WIDTH_PX}' "
            f"alt='{html.escape(self.alt, quote=True)}'/>"
            f"<figcaption>{html.escape(self.source)}</figcaption></figure>{said}{table}</div>"
        )

    def _repr_html_(self) -> str:
        return self.html()

    def __str__(self) -> str:
        return self.sentence()


def canvas(
    height_px: int = 400,
    *,
    rows: int = 1,
    heights: tuple[float, ...] = (),
    left: float = 0.125,
    right: float = 0.98,
) -> list[Axes]:
    """Make the Axes of a view: margins are fixed, since finding the best ones takes longer than drawing.

    Examples
    --------
    >>> [ax.get_xlabel() for ax in canvas(rows=2)]
    ['', '']
    """
    with style():
        figure = Figure(figsize=(_DRAWN_PX / _DPI, height_px / _DPI), dpi=_DPI)
        FigureCanvasAgg(figure)
        shares = {"height_ratios": heights} if heights else {}
        made = figure.subplots(rows, 1, squeeze=False, sharex=rows > 1, gridspec_kw=shares)
        figure.subplots_adjust(**_EDGES, left=left, right=right, hspace=0.22)
    return [row[0] for row in made]
