"""The picture that goes with a result when a notebook shows it."""

from __future__ import annotations

import base64
import html
from collections.abc import Callable
from typing import Any

from matplotlib.axes import Axes

from vcanalysis.output import plots

_SHOWN_PX = 560
_DRAWN_BY: dict[str, Callable[..., Axes]] = {
    "Classes": plots.plot_classes,
    "Concentration": plots.plot_lorenz,
    "CostByGroup": plots.plot_cost_by_type,
    "MiddleGroup": plots.plot_middle,
    "NeedCost": plots.plot_need_against_cost,
    "Savings": plots.plot_savings_fan,
}


def picture_of(result: Any) -> str:
    """Draw a result as a piece of a page; nothing for a kind of result that has no picture.

    Parameters
    ----------
    result : object
        A result of an analysis.

    Examples
    --------
    >>> picture_of("no result")
    ''
    """
    draw = _DRAWN_BY.get(type(result).__name__)
    if draw is None:
        return ""
    image = base64.b64encode(plots.render(draw(result))).decode("ascii")
    words = html.escape(result.sentence(), quote=True)
    return f'<img src="data:image/png;base64,{image}" width="{_SHOWN_PX}" alt="{words}"/>'
