"""Councils: funnels, ranks with what chance leaves open, and outcome against spend."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter

from vcanalysis.analysis.productivity import BANDS, Funnel, Productivity
from vcanalysis.core.numbers import write_number
from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import ACCENT, CATEGORIES, GREY, INK, QUIET, money_axis, say_empty

_BAND_COLOURS = {BANDS[0]: CATEGORIES[1], BANDS[1]: GREY, BANDS[2]: CATEGORIES[3]}


@in_style
def plot_funnel(result: Funnel, *, ax: Axes | None = None, named: dict[str, str] | None = None) -> Axes:
    """Draw councils by size with the limits of chance and those that allow for the usual spread.

    Parameters
    ----------
    result : Funnel
        From `funnel`.
    ax : Axes, optional
        Where to draw.
    named : dict of str to str, optional
        Councils to be named beside their points: unit and words.

    Returns
    -------
    Axes
        Horizontal: children the value rests on; vertical: the value. Thin dashed: exact limits; solid: limits in force.

    Examples
    --------
    >>> from vcanalysis.analysis.productivity import funnel
    >>> drawn = pd.DataFrame({"council": range(12), "cases": [50.0] * 11 + [99.0], "children": 10_000})
    >>> plot_funnel(funnel(drawn, unit="council", value="cases", size="children")).get_xlabel()
    'Children'
    """
    ax = ax or new_axes(8.0)
    if result.reason:
        return say_empty(ax, result.headline())
    points = result.points
    curve = result.curve(np.geomspace(points["size"].min() * 0.9, points["size"].max() * 1.05, 200))
    for name, width in (("95", 0.8), ("998", 1.4)):
        for side in ("low", "high"):
            ax.plot(curve["size"], curve[f"exact_{side}_{name}"], color=QUIET, lw=width / 2, ls=(0, (4, 3)))
            ax.plot(curve["size"], curve[f"{side}_{name}"], color=QUIET, lw=width)
    ax.axhline(result.target * result.per, color=QUIET, lw=0.6)
    out = points["position"] != "within"
    ax.plot(points["size"][~out], points["value"][~out], "o", color=GREY, ms=4, mec="white", mew=0.4)
    ax.plot(points["size"][out], points["value"][out], "D", color=ACCENT, ms=4.5, mec="white", mew=0.4)
    last = curve.iloc[-1]
    for name, words in (("95", "95%"), ("998", "99.8%")):
        ax.text(last["size"], last[f"high_{name}"], f" {words}", color=QUIET, fontsize=8, va="center")
    ax.text(
        last["size"], last["exact_high_95"], " chance alone", color=QUIET, fontsize=8, va="bottom", ha="right"
    )
    _name_points(ax, points, named or {})
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:,.0f}"))
    ax.set_xlabel("Children")
    if result.kind == "share":
        ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: write_number(v, "share")))
    return ax


def _name_points(ax: Axes, points: pd.DataFrame, named: dict[str, str]) -> None:
    for unit, words in named.items():
        for _, row in points[points["unit"] == unit].iterrows():
            place = (row["size"], row["value"])
            ax.annotate(words, place, (5, 4), textcoords="offset points", fontsize=8, color=INK)


@in_style
def plot_ranks(result: Productivity, *, ax: Axes | None = None, named: dict[str, str] | None = None) -> Axes:
    """Draw every council's rank with its interval, the most productive on the left.

    Parameters
    ----------
    result : Productivity
        From `outcome_productivity`.
    ax : Axes, optional
        Where to draw.
    named : dict of str to str, optional
        Councils to be named: unit and words.

    Returns
    -------
    Axes
        Horizontal: councils in order; vertical: rank, 1 on top. Marks differ for those told from expectation.

    Examples
    --------
    >>> from vcanalysis.analysis.productivity import Layout, Outcome, outcome_productivity
    >>> drawn = pd.DataFrame({"council_code": ["A"], "year": [2025], "looked_after_n": [9.0], "sdq_mean": [14.0]})
    >>> drawn["looked_after_gbp_child_week"] = 2000.0
    >>> found = outcome_productivity(drawn, outcomes=[Outcome("sdq_mean", "lower")], layout=Layout())
    >>> plot_ranks(found).texts[0].get_text()
    'Councils cannot be ranked with these data'
    """
    ax = ax or new_axes(8.5)
    if result.reason:
        return say_empty(ax, "Councils cannot be ranked with these data")
    table = result.table
    for band, mark in zip(BANDS, ("^", "o", "v"), strict=True):
        rows, colour = table[table["band"] == band], _BAND_COLOURS[band]
        ax.vlines(rows["rank"], rows["rank_low"], rows["rank_high"], color=colour, lw=1.4, alpha=0.75)
        words = f"{len(rows)} {band}"
        ax.plot(rows["rank"], rows["rank"], mark, color=INK, mfc=colour, mew=0.6, ms=3.6, ls="", label=words)
    ax.legend(loc="lower left", labelspacing=0.3, handletextpad=0.2, borderaxespad=0.2)
    for unit, words in (named or {}).items():
        for place in table.loc[table["unit"] == unit, "rank"]:
            ax.plot(place, place, "s", color=CATEGORIES[2], ms=5.5)
            ax.annotate(
                words,
                (place, place),
                (6, 6),
                textcoords="offset points",
                fontsize=8.5,
                weight="bold",
                color=INK,
            )
    ax.set_yticks([1, *range(25, len(table) + 1, 25)])
    ax.set_ylim(len(table) + 1, 0)
    ax.set_xlim(0, len(table) + 1)
    ax.set(xlabel="Councils, the most outcome beyond expectation first", ylabel="Rank")
    return ax


@in_style
def plot_outcome_against_spend(
    result: Productivity, *, ax: Axes | None = None, highlight: Iterable[str] = ()
) -> Axes:
    """Draw councils' outcome with its interval against spend, marked by band.

    Parameters
    ----------
    result : Productivity
        From `outcome_productivity`.
    ax : Axes, optional
        Where to draw.
    highlight : iterable of str
        Councils drawn larger.

    Returns
    -------
    Axes
        Horizontal: spend per child and week on a log scale; vertical: outcome, 100 the mean council.

    Examples
    --------
    >>> from vcanalysis.analysis.productivity import Layout, Outcome, outcome_productivity
    >>> nobody = pd.DataFrame({name: [1.0] for name in ("council", "year", "children", "spend", "health")})
    >>> layout = Layout(unit="council", size="children", spend="spend")
    >>> found = outcome_productivity(nobody, outcomes=[Outcome("health", "higher")], layout=layout)
    >>> plot_outcome_against_spend(found).texts[0].get_text()
    'Councils cannot be compared with these data'
    """
    ax = ax or new_axes(8.0)
    if result.reason:
        return say_empty(ax, "Councils cannot be compared with these data")
    table, chosen = result.table, set(highlight)
    ax.vlines(table["spend_gbp"], table["outcome_low"], table["outcome_high"], color=GREY, lw=0.7, zorder=1)
    for band, mark in zip(BANDS, ("^", "o", "v"), strict=True):
        rows = table[table["band"] == band]
        size = np.where(rows["unit"].isin(chosen), 64, 24)
        look: dict[str, Any] = {
            "color": _BAND_COLOURS[band],
            "marker": mark,
            "edgecolor": "white",
            "lw": 0.5,
            "label": band,
        }
        ax.scatter(rows["spend_gbp"], rows["outcome"], size, **look)
    ax.axhline(100, color=QUIET, lw=0.8, ls=(0, (4, 3)))
    spread = (table["spend_gbp"].min() * 0.95, table["spend_gbp"].max() * 1.05)
    ax.set_xlim(*spread)
    money_axis(ax, axis="x", log=True)
    ax.legend(loc="upper right", ncols=3, handletextpad=0.1, columnspacing=1.0, bbox_to_anchor=(1, 1.1))
    ax.set(xlabel="Spend on a child in care and week", ylabel="Outcome, 100 the mean council")
    return ax
