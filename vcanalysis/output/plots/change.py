"""Pictures of how need changes."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
from matplotlib.axes import Axes

from vcanalysis.analysis.change.picture import ChangeByFirst
from vcanalysis.core.estimate import Estimate
from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import ACCENT, INK, QUIET, SEQUENCE, say_empty, share_axis


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
        return say_empty(ax, "Too few children were assessed twice")
    ends = np.array([known[0][0], known[-1][0]]) + np.array([-1, 1]) * 0.04 * (known[-1][0] - known[0][0])
    ax.plot(ends, [result.expected(x) for x in ends], color=INK, linewidth=1.2, linestyle=(0, (5, 3)))
    words = "dashed: expected if nobody truly changes and need is near normal"
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


@in_style
def plot_band_transitions(
    seen: Iterable[Estimate], error: Iterable[Estimate] = (), *, ax: Axes | None = None
) -> Axes:
    """Draw where the children of each band are at the second assessment, as stacked bars.

    Parameters
    ----------
    seen : iterable of Estimate
        From `band_transitions`: groups "first to second".
    error : iterable of Estimate
        The same of children rated twice within days: a thinner bar below each, what rating error alone does.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        Shares from left to right; the darker, the higher the second band.

    Examples
    --------
    >>> from vcanalysis.analysis.change import band_transitions
    >>> import pandas as pd
    >>> frame = pd.DataFrame({"b": ["low"] * 12, "a": ["low"] * 9 + ["some"] * 3})
    >>> len(plot_band_transitions(band_transitions(frame, before="b", after="a")).patches)
    2
    """
    ax = ax or new_axes(7.0)
    rows = {"later": _by_first(seen), "within days": _by_first(error)}
    names = list(rows["later"])[::-1]
    marks: list[tuple[float, str]] = []
    for place, first in enumerate(names):
        for at, height, when in ((place - 0.18, 0.4, "later"), (place + 0.27, 0.3, "within days")):
            shares = rows[when].get(first, {})
            if any(e.estimable for e in shares.values()):
                marks.append((at, f"{first}, {when}"))
                _stack(ax, at, height, shares, titled=place == 0 and when == "later")
    ax.set_yticks([at for at, _ in marks], [name for _, name in marks])
    ax.set(ylim=(len(names) - 0.5, -0.75), xlim=(0, 1))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    share_axis(ax)
    return ax


def _by_first(moves: Iterable[Estimate]) -> dict[str, dict[str, Estimate]]:
    """Sort shares by the first band, in the order they come."""
    found: dict[str, dict[str, Estimate]] = {}
    for each in moves:
        first, second = each.group.split(" to ")
        found.setdefault(first, {})[second] = each
    return found


def _stack(ax: Axes, at: float, height: float, shares: dict[str, Estimate], *, titled: bool) -> None:
    """Draw one bar, each part with its share; the uppermost bar also names the second bands above it."""
    start = 0.0
    for turn, (second, item) in enumerate(shares.items()):
        share = item.value or 0.0
        shade = round(turn * (len(SEQUENCE) - 1) / max(len(shares) - 1, 1))
        ax.barh(at, share, left=start, height=height, color=SEQUENCE[shade])
        middle, ink = start + share / 2, "white" if shade > 1 else INK
        if share >= 0.05:
            words = f"{100 * share:.0f}%"
            ax.text(middle, at, words, ha="center", va="center", fontsize=8.5, color=ink)
        if titled:
            ax.text(middle, at - 0.26, f"to {second}", ha="center", va="bottom", fontsize=8.5, color=INK)
        start += share
