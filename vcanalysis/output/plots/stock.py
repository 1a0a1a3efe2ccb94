"""The council over time: children in care by where they live, and how many come and go."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from vcanalysis.core.columns import require_columns
from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import ACCENT, CATEGORIES, INK, QUIET

_TIMES = 7  # more would touch each other at 16 cm
_SHOWN = 4  # groups drawn by name; the rest are drawn together


@in_style
def plot_stock(counts: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the number of children over time by group, as areas stacked and named at the right.

    Parameters
    ----------
    counts : DataFrame
        Columns when (in time order), group, children. The four largest groups are named; the others are
        drawn together.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> counts = pd.DataFrame({"when": ["2019Q3", "2019Q4"] * 2, "group": ["Foster"] * 2 + ["Home"] * 2,
    ...                        "children": [90, 95, 20, 18]})
    >>> plot_stock(counts).get_ylabel()
    'Children in care'
    """
    require_columns(counts, "when", "group", "children")
    ax = ax or new_axes(8.0)
    wide = counts.pivot_table(index="when", columns="group", values="children", aggfunc="sum", observed=True)
    wide = wide.fillna(0).reindex(counts["when"].unique())
    largest = wide.sum().sort_values(ascending=False).index
    table = wide[largest[:_SHOWN]].copy()
    if len(largest) > _SHOWN:
        table["All others"] = wide[largest[_SHOWN:]].sum(axis=1)
    across = range(len(table))
    colours = (*CATEGORIES[:_SHOWN], "#BFBFBF")
    ax.stackplot(across, table.to_numpy().T, colors=colours, edgecolor="white", linewidth=0.8)
    _name_areas(ax, table)
    _name_times(ax, table)
    ax.set_ylim(0, 1.05 * float(table.sum(axis=1).max()))
    ax.set_ylabel("Children in care")
    return ax


@in_style
def plot_flows(
    table: pd.DataFrame,
    *,
    flows: tuple[str, str] = ("came into care", "left care"),
    ax: Axes | None = None,
) -> Axes:
    """Draw two flows over time, named at their ends.

    Parameters
    ----------
    table : DataFrame
        Columns when (in time order), flow, events.
    flows : tuple of str
        The two flows to draw; the first in the accent colour.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> table = pd.DataFrame({"when": ["2019Q3", "2019Q4"] * 2, "events": [9, 7, 5, 8],
    ...                       "flow": ["came into care"] * 2 + ["left care"] * 2})
    >>> plot_flows(table).get_ylabel()
    'Children'
    """
    require_columns(table, "when", "flow", "events")
    ax = ax or new_axes(7.0)
    wide = table.pivot_table(index="when", columns="flow", values="events", aggfunc="sum")
    wide = wide.reindex(table["when"].unique())[list(flows)]
    for name, colour, marker in zip(flows, (ACCENT, QUIET), ("o", "s"), strict=True):
        ax.plot(range(len(wide)), wide[name], color=colour, marker=marker, markersize=4, linewidth=1.5)
    ends = wide.iloc[-1].sort_values()
    gap = 0.07 * float(wide.to_numpy().max())
    heights = [float(ends.iloc[0]), max(float(ends.iloc[1]), float(ends.iloc[0]) + gap)]
    for name, height in zip(ends.index, heights, strict=True):
        _name_end(ax, str(name), (len(wide) - 1, height), ACCENT if name == flows[0] else QUIET)
    _name_times(ax, wide)
    ax.set_ylim(0, 1.1 * float(wide.to_numpy().max()))
    ax.set_ylabel("Children")
    return ax


def _name_times(ax: Axes, table: pd.DataFrame) -> None:
    """Write a few times on the axis, always the last."""
    step = -(-len(table) // _TIMES)
    ax.set_xticks(list(range(len(table)))[::-1][::step], [str(w) for w in table.index][::-1][::step])
    ax.set_xlim(0, len(table) - 1)


def _name_end(ax: Axes, name: str, where: tuple[float, float], colour: str) -> None:
    ax.annotate(
        name.capitalize(),
        where,
        xytext=(6, 0),
        textcoords="offset points",
        va="center",
        fontsize=8.5,
        color=colour,
        annotation_clip=False,
    )


def _name_areas(ax: Axes, table: pd.DataFrame) -> None:
    """Write each area's name at its right edge, never closer than the text is high."""
    last = table.iloc[-1]
    middles = last.cumsum() - last / 2
    gap = 0.06 * float(table.sum(axis=1).max())
    height = -gap
    for name, middle in middles.items():
        height = max(float(middle), height + gap)
        ax.annotate(
            f"{name} ({last[name]:,.0f})",
            (len(table) - 1, height),
            (6, 0),
            textcoords="offset points",
            va="center",
            fontsize=8.5,
            color=INK,
            annotation_clip=False,
        )
