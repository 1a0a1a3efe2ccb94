"""How a result shows itself in a notebook: a sentence, a small table and, where it has one, a picture."""

from __future__ import annotations

import html
from collections.abc import Callable
from typing import Any

MOST_ROWS = 12
_pictures: list[Callable[[Any], str]] = []


def draw_with(picture_of: Callable[[Any], str]) -> None:
    """Name the function that draws results: pictures lie in a layer above this one.

    Parameters
    ----------
    picture_of : callable
        Gives the picture of a result as a piece of a page, or nothing.
    """
    _pictures[:] = [picture_of]


class Shown:
    """A result with `sentence` and `frame`: a notebook shows both, and its picture.

    Examples
    --------
    >>> import pandas as pd
    >>> class Share(Shown):
    ...     def sentence(self): return "One & all."
    ...     def frame(self): return pd.DataFrame({"estimate": [0.5]})
    >>> Share()._repr_html_()[:22]
    '<p>One &amp; all.</p><'
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        told: Any = self
        table = told.frame()
        more = f"<p>{MOST_ROWS} of {len(table):,} rows are shown.</p>" if len(table) > MOST_ROWS else ""
        shown = table.head(MOST_ROWS).to_html(border=0, index=False, na_rep="–", float_format="{:.4g}".format)
        picture = "".join(draw(self) for draw in _pictures)
        return f"<p>{html.escape(told.sentence())}</p>{picture}{shown}{more}"
