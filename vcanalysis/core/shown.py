"""How a result shows itself in a notebook: a sentence, a small table and, where it has one, a picture.

No result knows of it: whatever has `sentence` is taught to show itself when the vocabulary loads it.
"""

from __future__ import annotations

import html
import sys
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from typing import Any

import pandas as pd

from vcanalysis.core.estimate import COLUMNS, Estimate, Estimates

MOST_ROWS = 12
_PACKAGE = __name__.split(".")[0]
_OF_ONE_CHILD = "child_id"  # a row a child is no summary, and is on no page unasked
_pictures: list[Callable[[Any], str]] = []


def draw_with(picture_of: Callable[[Any], str]) -> None:
    """Name the function that draws results: pictures lie in a layer above this one.

    Parameters
    ----------
    picture_of : callable
        Gives the picture of a result as a piece of a page, or nothing.
    """
    _pictures[:] = [picture_of]


def teach_results() -> None:
    """Let each class of the package that has `sentence`, and is loaded, show itself in a notebook."""
    for name, module in list(sys.modules.items()):
        if name.split(".")[0] != _PACKAGE:
            continue
        for kind in list(vars(module).values()):
            if isinstance(kind, type) and kind.__module__ == name and is_result(kind):
                kind._repr_html_ = show  # type: ignore[attr-defined]


def is_result(kind: type) -> bool:
    """Say whether a class can say itself, and shows itself in no way of its own.

    Examples
    --------
    >>> is_result(Estimate), is_result(int)
    (False, False)
    """
    own = ("_repr_html_", "_repr_mimebundle_")
    return callable(getattr(kind, "sentence", None)) and not any(hasattr(kind, name) for name in own)


def show(result: Any) -> str:
    """Write a result as a piece of a page: sentence, picture, table.

    Examples
    --------
    >>> class Share:
    ...     def sentence(self): return "One & all."
    ...     def frame(self): return pd.DataFrame({"estimate": [0.5]})
    >>> show(Share())[:22]
    '<p>One &amp; all.</p><'
    """
    picture = "".join(draw(result) for draw in _pictures)
    return f"<p>{html.escape(result.sentence())}</p>{picture}{_table(result)}"


def _table(result: Any) -> str:
    """Write the small table: the estimates as they are written elsewhere, or whatever the frame holds."""
    table = result.frame() if hasattr(result, "frame") else pd.DataFrame(columns=COLUMNS)
    if _OF_ONE_CHILD in table:
        return ""
    held = _estimates(result)
    if tuple(table.columns) == COLUMNS and held:
        return Estimates.of(held[:MOST_ROWS])._repr_html_() + _more(len(held))
    if table.empty:
        return ""
    text = table.head(MOST_ROWS).to_html(border=0, index=False, na_rep="–", float_format="{:.4g}".format)
    return text + _more(len(table))


def _more(rows: int) -> str:
    return f"<p>{MOST_ROWS} of {rows:,} rows are shown.</p>" if rows > MOST_ROWS else ""


def _estimates(result: Any) -> list[Estimate]:
    """Give the estimates that a result holds, in the order of its fields."""
    held: list[Estimate] = []
    for field in fields(result) if is_dataclass(result) else ():
        value = getattr(result, field.name)
        held += (
            list(value) if isinstance(value, Estimates) else [value] if isinstance(value, Estimate) else []
        )
    return held
