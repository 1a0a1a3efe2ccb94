"""Pictures of what children need, and of need against cost."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vcanalysis.analysis.association import NeedCost
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.numbers import write_number
from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import ACCENT, GREY, INK, QUIET, SEQUENCE, money_axis, share_axis
from vcanalysis.output.plots.ranges import draw_range

_MOST_LEVELS = 8  # that are told apart by shade


@in_style
def plot_domain_profile(
    profile: Iterable[Estimate],
    *,
    ax: Axes | None = None,
    top: int = 3,
) -> Axes:
    """Draw the share of children who need action in each domain, with intervals, the most frequent on top.

    Parameters
    ----------
    profile : iterable of Estimate
        From `domain_profile`.
    ax : Axes, optional
        Where to draw.
    top : int
        Domains drawn in the accent colour.

    Returns
    -------
    Axes

    Examples
    --------
    >>> ax = plot_domain_profile([Estimate("Share", 0.4, 0.3, 0.5, n=100, unit="share", group="Safety")])
    >>> ax.get_yticklabels()[0].get_text()
    'Safety'
    """
    ax = ax or new_axes(9.0)
    items = [e for e in profile if e.estimable]
    for place, item in enumerate(items):
        colour = ACCENT if place < top else GREY
        ax.barh(place, item.value or 0.0, height=0.66, color=colour)
        draw_range(ax, place, item, colour=INK, width=1.1)
        edge = max(item.value or 0.0, item.high or 0.0)
        words = write_number(item.value, "share")
        ax.annotate(words, (edge, place), (5, 0), textcoords="offset points", va="center", fontsize=8.5)
    ax.set_yticks(range(len(items)), [e.group for e in items])
    ax.set_ylim(max(len(items), 1) - 0.5, -0.5)
    highest = max((max(e.value or 0.0, e.high or 0.0) for e in items), default=1.0)
    ax.set_xlim(0, min(1.0, 1.1 * highest) if highest < 0.9 else 1.08)
    ax.tick_params(axis="y", length=0)
    share_axis(ax)
    ax.set_xlabel("Share of assessed children; line: 95% interval")
    return ax


@in_style
def plot_level_distribution(
    table: pd.DataFrame,
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw the share of children at each level of each domain as stacked bars, darkest for the highest need.

    Parameters
    ----------
    table : DataFrame
        From `level_distribution`; domains with fewer than 10 assessed children are left out.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from vcanalysis.analysis.profile import level_distribution
    >>> frame = pd.DataFrame({"Safety": [0, 1, 1, 0, 0, 1, 0, 1, 1, 1]})
    >>> ax = plot_level_distribution(level_distribution(frame, domains=["Safety"], levels=["none", "some"]))
    >>> [t.get_text() for t in ax.get_legend().get_texts()]
    ['none', 'some']
    """
    ax = ax or new_axes(9.0)
    wide = table[table["n"] >= 10].pivot_table(index="domain", columns="level", values="share", observed=True)
    if wide.empty:
        return ax
    half = wide.columns[len(wide.columns) // 2 :]
    wide = _few_levels(wide.loc[wide[half].sum(axis=1).sort_values(ascending=False).index])
    start = np.zeros(len(wide))
    colours = [
        SEQUENCE[round(i * (len(SEQUENCE) - 1) / max(len(wide.columns) - 1, 1))]
        for i in range(len(wide.columns))
    ]
    for colour, name in zip(colours, wide.columns, strict=True):
        shares = wide[name].to_numpy()
        ax.barh(range(len(wide)), shares, left=start, height=0.72, color=colour, label=str(name))
        start = start + shares
    ax.set_yticks(range(len(wide)), list(wide.index))
    ax.set(ylim=(len(wide) - 0.5, -0.5), xlim=(0, 1))
    ax.tick_params(axis="y", length=0)
    share_axis(ax)
    columns = 2 if sum(len(str(c)) for c in wide.columns) > 70 else len(wide.columns)
    ax.legend(
        loc="lower left",
        bbox_to_anchor=(0, 1.0),
        ncols=columns,
        handlelength=1.1,
        columnspacing=1.4,
        borderaxespad=0.2,
    )
    return ax


def _few_levels(wide: pd.DataFrame) -> pd.DataFrame:
    """Put the levels of a long score together, as many as there are shades."""
    names = list(wide.columns)
    if len(names) <= _MOST_LEVELS:
        return wide
    parts = np.array_split(np.array(names, dtype=object), len(SEQUENCE))
    return pd.DataFrame({f"{part[0]} to {part[-1]}": wide[list(part)].sum(axis=1) for part in parts})


@in_style
def plot_need_against_cost(
    result: NeedCost,
    *,
    ax: Axes | None = None,
    curve: pd.DataFrame | None = None,
    highlight: np.ndarray | None = None,
    label: str = "",
    seed: int = 0,
) -> Axes:
    """Draw weekly cost against need: every child a grey point, the median and middle half of each group of need.

    Parameters
    ----------
    result : NeedCost
        From `cost_by_need`.
    ax : Axes, optional
        Where to draw.
    curve : DataFrame, optional
        Columns need and cost, from `monotone_cost`: drawn as dashes.
    highlight : array of bool, optional
        Points to draw in the accent colour, in the order of ``result.points``.
    label : str
        What the highlighted points are.
    seed : int
        Seed of the sideways jitter that keeps whole-number needs from hiding each other.

    Returns
    -------
    Axes
        Need on the horizontal axis, weekly cost on a log vertical axis.

    Examples
    --------
    >>> from vcanalysis.analysis.association import cost_by_need
    >>> rng = np.random.default_rng(3)
    >>> frame = pd.DataFrame({"need": rng.integers(0, 30, 300), "cost": np.exp(rng.normal(7, 0.8, 300))})
    >>> plot_need_against_cost(cost_by_need(frame, need="need", cost="cost")).get_yscale()
    'log'
    """
    ax = ax or new_axes(9.5)
    points, groups = result.points, result.groups
    if points.empty:
        ax.text(
            0.5,
            0.5,
            "No child has both a need score and a price",
            ha="center",
            transform=ax.transAxes,
            color=QUIET,
        )
        return ax
    sideways = points["need"].to_numpy() + np.random.default_rng(seed).uniform(-0.35, 0.35, len(points))
    size = 9 if len(points) < 1000 else 4
    ax.scatter(sideways, points["cost"], s=size, color="#9A9A9A", alpha=0.45, linewidths=0, zorder=1)
    if highlight is not None:
        chosen = np.asarray(highlight, dtype=bool)
        ax.scatter(
            sideways[chosen],
            points["cost"].to_numpy()[chosen],
            s=size + 5,
            color=ACCENT,
            alpha=0.75,
            linewidths=0,
            zorder=2,
            label=label,
        )
    else:
        _bands(ax, groups)
    if curve is not None:
        _dashes(ax, curve, points["need"])
    ax.set_ylim(0.75 * float(points["cost"].min()), 1.3 * float(points["cost"].max()))
    money_axis(ax, axis="y", log=True)
    ax.grid(axis="y")
    ax.set(
        xlabel="Total need at the latest assessment (0 = no need in any domain)",
        ylabel="Weekly cost (log scale)",
    )
    return ax


def _dashes(ax: Axes, curve: pd.DataFrame, needs: pd.Series) -> None:
    """Draw the monotone curve but for its ends, which rest on a handful of children and lead the eye astray."""
    inside = curve[curve["need"].between(*needs.quantile([0.025, 0.975]))]
    ax.plot(inside["need"], inside["cost"], color=INK, linewidth=1.2, linestyle=(0, (4, 2)), zorder=4)


def _bands(ax: Axes, groups: pd.DataFrame) -> None:
    """Draw each group of need as a box over its range, with the median as a line that leads the eye."""
    # groups meet half-way between the last child of one and the first of the next
    meet = (groups["need_high"].to_numpy()[:-1] + groups["need_low"].to_numpy()[1:]) / 2
    lows, highs = [groups["need_low"].min() - 0.4, *meet], [*meet, groups["need_high"].max() + 0.4]
    for row, left, right in zip(groups.itertuples(), lows, highs, strict=False):
        width = right - left
        ax.bar(
            left,
            row.p75 - row.p25,
            width,
            row.p25,
            align="edge",
            color=ACCENT,
            alpha=0.20,
            linewidth=0,
            zorder=2,
        )
        ax.plot(
            [left, left + width],
            [row.median] * 2,
            color=ACCENT,
            linewidth=2.4,
            solid_capstyle="butt",
            zorder=3,
        )
    if len(groups):
        last = groups.iloc[-1]
        at = (last.need_high + 0.4, last["median"])
        ax.annotate(" median", at, color=ACCENT, weight="bold", va="center", fontsize=8.5)
        ax.annotate(" middle half", (at[0], last.p75), color=ACCENT, va="top", fontsize=8.5)
