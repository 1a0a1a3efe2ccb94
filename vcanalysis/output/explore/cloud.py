"""A cloud of children, need against weekly cost: some of them marked, and no more drawn than can be seen apart."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from vcanalysis.output.explore.words import CHILDREN, Words
from vcanalysis.output.plots.frame import in_style
from vcanalysis.output.plots.look import ACCENT, QUIET, money_axis, say_empty

MOST_DRAWN = 3_000
_SEED = 0  # of the sideways jitter and of which children are drawn: the same picture each time


class Window(NamedTuple):
    """A part of the cloud: lowest and highest need, lowest and highest weekly cost in pounds."""

    need_low: float
    need_high: float
    cost_low: float
    cost_high: float


@in_style
def draw_cloud(
    ax: Axes,
    points: pd.DataFrame,
    *,
    marks: tuple[str, str],
    window: Window | None = None,
    floor: float = 0.0,
    words: Words = CHILDREN,
) -> Axes:
    """Draw weekly cost against need; marked children are triangles in the accent colour, the others grey dots.

    Parameters
    ----------
    ax : Axes
        Where to draw.
    points : DataFrame
        need, cost and marked of each child.
    marks : (str, str)
        What the marked are, and what the others are.
    window : Window, optional
        A part to be framed.
    floor : float
        Weekly cost at which a line is drawn; none at 0.
    words : Words
        Whom it shows.
    """
    points = points[points["cost"] > 0]
    if points.empty:
        return say_empty(ax, f"No {words.one} here has both a need score and a price")
    ends = float(points["cost"].min()), float(points["cost"].max())
    drawn = points.sample(MOST_DRAWN, random_state=_SEED) if len(points) > MOST_DRAWN else points
    size = 26 if len(drawn) < 600 else 13
    sideways = drawn["need"].to_numpy() + np.random.default_rng(_SEED).uniform(-0.35, 0.35, len(drawn))
    inside, cost = drawn["marked"].to_numpy(dtype=bool), drawn["cost"].to_numpy()
    ax.scatter(sideways[~inside], cost[~inside], s=size, color="#8A8A8A", alpha=0.5, linewidths=0)
    ax.scatter(sideways[inside], cost[inside], s=size + 8, color=ACCENT, marker="^", alpha=0.8, linewidths=0)
    if window:
        box = (window.need_high - window.need_low + 1, window.cost_high - window.cost_low)
        ax.add_patch(
            Rectangle(
                (window.need_low - 0.5, window.cost_low), *box, fill=False, edgecolor=ACCENT, linewidth=1.4
            )
        )
    if ends[0] < floor < ends[1]:
        ax.axhline(floor, color=ACCENT, linewidth=0.9, linestyle=(0, (4, 3)))
    ax.set_ylim(0.75 * ends[0], 1.3 * ends[1])
    money_axis(ax, axis="y", log=True)
    ax.grid(axis="y")
    ax.text(0.0, 1.02, f"▲ {marks[0]}", color=ACCENT, weight="bold", transform=ax.transAxes)
    ax.text(1.0, 1.02, f"● {marks[1]}", color=QUIET, ha="right", transform=ax.transAxes)
    ax.set(xlabel=f"Total need {words.rated}", ylabel="Weekly cost (log scale)")
    return ax


def said_of_nobody(rows: pd.DataFrame, known: int, words: Words = CHILDREN) -> tuple[str, ...]:
    """Say how a council gets what a cloud needs, where nobody can be drawn.

    Examples
    --------
    >>> said_of_nobody(pd.DataFrame({"need_total": [3.0]}), 1)
    ()
    """
    if known:
        return ()
    return tuple(filter(None, [words.missing if rows.empty else words.give]))


def said_of_drawing(count: int, words: Words = CHILDREN) -> tuple[str, ...]:
    """Say that only a sample is drawn, where it is.

    Examples
    --------
    >>> said_of_drawing(80_000)
    ('Drawn are 3,000 of 80,000 children, picked at random; every number counts all of them.',)
    >>> said_of_drawing(900)
    ()
    """
    if count <= MOST_DRAWN:
        return ()
    return (
        f"Drawn are {MOST_DRAWN:,} of {count:,} {words.people}, picked at random; every number counts all of them.",
    )
