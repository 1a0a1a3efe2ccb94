"""Pictures of how need changes."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from vcanalysis.analysis.change.picture import ChangeByFirst
from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import ACCENT, INK, QUIET


@in_style
def plot_change_by_first(result: ChangeByFirst, *, ax: Axes | None = None) -> Axes:
    """Draw mean change by first score as dots with intervals, on the line expected from regression to the mean.

    Parameters
    ----------
    result : ChangeByFirst
        From `change_by_first`.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        First score from left to right, change upwards.

    Examples
    --------
    >>> import pandas as pd
    >>> from vcanalysis.analysis.change import change_by_first
    >>> frame = pd.DataFrame({"b": range(60), "a": [30 + 0.5 * (x - 30) + (-1) ** x for x in range(60)]})
    >>> ax = plot_change_by_first(change_by_first(frame, before="b", after="a", population_mean=30))
    >>> ax.get_xlabel()
    'First total score'
    """
    ax = ax or new_axes(7.5)
    ax.axhline(0, color=QUIET, linewidth=0.8, zorder=0)
    ax.set_xlabel("First total score")
    ax.set_ylabel("Change to the later score, points")
    known = [(x, e) for x, e in zip(result.first, result.groups, strict=True) if e.estimable]
    if not known or not result.slope.estimable:
        ax.text(
            0.5, 0.5, "Too few children were assessed twice", ha="center", transform=ax.transAxes, color=QUIET
        )
        return ax
    ends = np.array([known[0][0], known[-1][0]]) + np.array([-1, 1]) * 0.04 * (known[-1][0] - known[0][0])
    ax.plot(ends, [result.expected(x) for x in ends], color=INK, linewidth=1.2, linestyle=(0, (5, 3)))
    words = "dashed: expected if nobody truly changes"
    ax.text(0.02, 0.05, words, transform=ax.transAxes, fontsize=8.5, color=INK)
    for x, item in known:
        ax.plot(
            [x, x],
            [item.low or 0.0, item.high or 0.0],
            color=ACCENT,
            linewidth=2.2,
            alpha=0.55,
            solid_capstyle="butt",
        )
        ax.plot([x], [item.value or 0.0], "o", color=ACCENT, markersize=6.5)
    ax.grid(axis="y")
    return ax
