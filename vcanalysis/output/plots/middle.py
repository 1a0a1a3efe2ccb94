"""Pictures of the children in the middle and of groups by pattern of need."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vcanalysis.analysis.middle import Classes, MiddleGroup, cut_off_name
from vcanalysis.core.numbers import write_number
from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import (
    ACCENT,
    CATEGORIES,
    GREY,
    INK,
    MARKERS,
    QUIET,
    money_axis,
    say_empty,
    write_count,
)

_SHORT = 16  # letters of a group's name up to which three stand side by side


@in_style
def plot_middle(group: MiddleGroup, *, ax: Axes | None = None, seed: int = 0) -> Axes:
    """Draw weekly cost against need with the children in the middle in the accent colour.

    Parameters
    ----------
    group : MiddleGroup
        From `find_middle`.
    ax : Axes, optional
        Where to draw.
    seed : int
        Seed of the sideways jitter that keeps whole-number needs from hiding each other.

    Returns
    -------
    Axes
        Need on the horizontal axis, weekly cost on a log vertical axis.

    Examples
    --------
    >>> import pandas as pd
    >>> from vcanalysis.analysis.middle import find_middle
    >>> rng = np.random.default_rng(2)
    >>> frame = pd.DataFrame({"need": rng.integers(0, 30, 200), "n3": 0, "band": "enhanced",
    ...                       "cost": np.exp(rng.normal(7, 0.7, 200))})
    >>> plot_middle(find_middle(frame, need="need", n3="n3", band="band", cost="cost")).get_yscale()
    'log'
    """
    ax = ax or new_axes(9.5)
    points = group.points[group.points["cost"] > 0]
    if points.empty:
        return say_empty(ax, "No child has both a need score and a price")
    sideways = points["need"] + np.random.default_rng(seed).uniform(-0.35, 0.35, len(points))
    inside, size = points["middle"].to_numpy(), 12 if len(points) < 1000 else 5
    ax.scatter(sideways[~inside], points["cost"][~inside], s=size, color="#9A9A9A", alpha=0.5, linewidths=0)
    ax.scatter(sideways[inside], points["cost"][inside], s=size + 4, color=ACCENT, alpha=0.75, linewidths=0)
    ax.set_ylim(0.75 * float(points["cost"].min()), 1.3 * float(points["cost"].max()))
    money_axis(ax, axis="y", log=True)
    ax.grid(axis="y")
    _label(ax, group, inside)
    ax.set(xlabel="Total need at the latest assessment", ylabel="Weekly cost (log scale)")
    return ax


def _label(ax: Axes, group: MiddleGroup, inside: np.ndarray) -> None:
    floor = group.rule.floor_gbp_week
    if ax.get_ylim()[0] < floor < ax.get_ylim()[1]:
        ax.axhline(floor, color=ACCENT, linewidth=0.8, linestyle=(0, (4, 3)))
    words = f"In the middle: {write_count(int(inside.sum()))} children"
    others = f"All others: {write_count(int((~inside).sum()))} children"
    ax.text(0.0, 1.02, words, color=ACCENT, weight="bold", transform=ax.transAxes)
    ax.text(1.0, 1.02, others, color=QUIET, ha="right", transform=ax.transAxes)


@in_style
def plot_classes(
    classes: Classes, *, ax: Axes | None = None, titles: Mapping[str, str] | None = None
) -> Axes:
    """Draw the mean level of each domain in each group, one line of dots a domain.

    Parameters
    ----------
    classes : Classes
        From `find_classes`.
    ax : Axes, optional
        Where to draw.
    titles : mapping of str to str, optional
        Names of the domains to show.

    Returns
    -------
    Axes
        Horizontal: mean level; domains with the widest gap between groups on top.

    Examples
    --------
    >>> import pandas as pd
    >>> from vcanalysis.analysis.middle import find_classes
    >>> rng = np.random.default_rng(1)
    >>> high = rng.integers(0, 2, 200)[:, None]
    >>> items = pd.DataFrame(rng.binomial(3, 0.15 + 0.6 * high, (200, 6)), columns=list("abcdef"))
    >>> len(plot_classes(find_classes(items, max_classes=2)).get_yticks())
    6
    """
    ax = ax or new_axes(9.5)
    if classes.profile.empty:
        return say_empty(ax, "No groups could be fitted")
    wide = classes.profile.pivot_table(index="domain", columns="group", values="mean_level", sort=False)
    wide = wide.loc[(wide.max(axis=1) - wide.min(axis=1)).sort_values(ascending=False).index]
    named, places = dict(titles or {}), np.arange(len(wide))
    ax.hlines(places, wide.min(axis=1), wide.max(axis=1), color=GREY, linewidth=2)
    for i, share in enumerate(classes.shares):
        label = f"{share.group} ({write_number(share.value, 'share')})"
        colour, marker = CATEGORIES[i % 6], MARKERS[i % 6]
        ax.plot(wide[share.group], places, marker, color=colour, markersize=6.5, label=label)
    ax.set_yticks(places, [named.get(str(d), str(d)) for d in wide.index])
    ax.set_ylim(len(wide) - 0.4, -0.6)
    ax.set_xlim(0, max(3.0, float(wide.to_numpy().max()) + 0.1))
    ax.tick_params(axis="y", length=0)
    ax.grid(axis="x")
    ax.set_xlabel("Mean level of need", color=INK)
    ax.legend(
        loc="lower right",
        bbox_to_anchor=(1.02, 1.0),
        ncols=3 if max(len(share.group) for share in classes.shares) <= _SHORT else 1,
        handletextpad=0.2,
        columnspacing=1.2,
    )
    return ax


@in_style
def plot_cut_offs(group: MiddleGroup, *, ax: Axes | None = None) -> Axes:
    """Draw how the share of children in the middle moves with each cut-off, the one that matters most on top.

    Parameters
    ----------
    group : MiddleGroup
        From `find_middle`.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        A line of dots for each cut-off, its outermost values beside them; the rule as used is the vertical line.

    Examples
    --------
    >>> import pandas as pd
    >>> from vcanalysis.analysis.middle import find_middle
    >>> rng = np.random.default_rng(2)
    >>> frame = pd.DataFrame({"need": rng.integers(0, 30, 200), "n3": 0, "band": "enhanced",
    ...                       "cost": np.exp(rng.normal(7, 0.7, 200))})
    >>> group = find_middle(frame, need="need", n3="n3", band="band", cost="cost")
    >>> plot_cut_offs(group).get_yticklabels()[0].get_text()
    'Floor of cost'
    """
    ax = ax or new_axes(7.5)
    table = group.sensitivity
    if table.empty:
        return say_empty(ax, "Too few children to try other cut-offs")
    shares = table.groupby("cut_off")["share"]
    order = (shares.max() - shares.min()).sort_values(ascending=False).index
    for place, cut_off in enumerate(order):
        rows = table[table["cut_off"] == cut_off]
        ax.hlines(place, rows["share"].min(), rows["share"].max(), color=GREY, linewidth=2)
        ax.plot(rows["share"], [place] * len(rows), "o", color=QUIET, markersize=6.5)
        used = rows.loc[rows["chosen"], "share"]
        ax.plot(used, [place] * len(used), "o", color=ACCENT, markersize=6.5)
        _ends(ax, place, rows)
    ax.axvline(float(table.loc[table["chosen"], "share"].iloc[0]), color=ACCENT, linewidth=0.8, zorder=0)
    names = [cut_off_name(c) for c in order]
    ax.set_yticks(range(len(order)), [n[:1].upper() + n[1:] for n in names])
    ax.set_ylim(len(order) - 0.5, -0.6)
    low, high = float(table["share"].min()), float(table["share"].max())
    ax.set_xlim(low - 0.2 * max(high - low, 0.01), high + 0.12 * max(high - low, 0.01))
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_formatter(lambda v, _: f"{100 * v:.0f}%")
    ax.grid(axis="x")
    ax.set_xlabel("Share of children in the middle")
    return ax


def _ends(ax: Axes, place: int, rows: pd.DataFrame) -> None:
    """Write the values that give the fewest and the most children beside their dots."""
    ends = (rows["share"].min(), rows["share"].max())
    for share, sideways, where in zip(ends, (-8, 8), ("right", "left"), strict=True):
        words = " or ".join(f"{value:,.10g}" for value in rows.loc[rows["share"] == share, "value"])
        if ends[0] < ends[1]:
            ax.annotate(
                words,
                (share, place),
                (sideways, 0),
                textcoords="offset points",
                ha=where,
                va="center",
                fontsize=8.5,
                color=QUIET,
            )
