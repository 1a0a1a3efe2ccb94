"""How long placements last and how they end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes

from vcanalysis.analysis.stability import Incidence, Survival
from vcanalysis.core.survival.risk import at_risk
from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import ACCENT, CATEGORIES, INK, QUIET, share_axis

_YEAR = 365.25


def _axes_of_time(ax: Axes, until: float) -> None:
    ax.set_ylim(0, 1)
    share_axis(ax, axis="y")
    ax.set_xlim(0, until)
    years = np.arange(0, until / _YEAR + 0.01, 0.5 if until <= 3.01 * _YEAR else 1)
    ax.set_xticks(years * _YEAR, [f"{y:g}" for y in years])
    ax.set_xlabel("Years since the placement began")
    ax.grid(axis="y")


@in_style
def plot_survival(
    curves: Survival | Sequence[Survival], *, until: float = 730.5, ax: Axes | None = None
) -> Axes:
    """Draw the share of placements that still last, with its band, and how many are watched below.

    Parameters
    ----------
    curves : Survival or several
        From `kaplan_meier`; the first in the accent colour, each named by its group at its end.
    until : float
        Last day drawn.
    ax : Axes, optional
        Where to draw; a new Axes when absent.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from vcanalysis.analysis.stability import Watch, kaplan_meier
    >>> rows = pd.DataFrame({"days": range(10, 900, 10), "end": "moved"})
    >>> len(plot_survival(kaplan_meier(rows, Watch("days", "end"))).lines)
    1
    """
    ax = ax or new_axes(8.5)
    several = [curves] if isinstance(curves, Survival) else list(curves)
    for place, curve in enumerate(several):
        table = curve.frame(until=until).dropna(subset=["estimate"])
        if not len(table):
            continue
        colour = ACCENT if place == 0 else CATEGORIES[place % len(CATEGORIES)]
        days = table["day"].to_numpy()
        ax.fill_between(days, table["low"], table["high"], step="post", color=colour, alpha=0.15, linewidth=0)
        ax.step(days, table["estimate"], where="post", color=colour, linewidth=2)
        if curve.group != "all":
            end = float(table["estimate"].iloc[-1])
            ax.annotate(
                curve.group, (days[-1], end), (5, 0), textcoords="offset points", va="center", color=colour
            )
    _axes_of_time(ax, until)
    ax.set_ylabel("Placements that still last")
    if len(several) == 1:
        _watched(ax, several[0], until)
    return ax


def _watched(ax: Axes, curve: Survival, until: float) -> None:
    """Write how many placements are watched under the ticks."""
    ticks = np.array([t for t in ax.get_xticks() if t <= until])
    counts = at_risk(curve.history, np.maximum(ticks, 1.0))
    labels = [f"{tick / _YEAR:g}\n{count:,.0f}" for tick, count in zip(ticks, counts, strict=True)]
    ax.set_xticks(ticks, labels)
    ax.set_xlabel("Years since the placement began; below: placements under watch")


@in_style
def plot_incidence(
    incidence: Incidence,
    *,
    until: float = 730.5,
    highlight: str = "breakdown",
    order: Sequence[str] = (),
    ax: Axes | None = None,
) -> Axes:
    """Stack the shares of placements that have ended in each way; what is left still lasts.

    Parameters
    ----------
    incidence : Incidence
        From `aalen_johansen`.
    until : float
        Last day drawn.
    highlight : str
        Kind of end in the accent colour, at the bottom.
    order : sequence of str
        Kinds from the bottom upwards after that; as they are found when empty.
    ax : Axes, optional
        Where to draw; a new Axes when absent.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from vcanalysis.analysis.stability import Watch, aalen_johansen
    >>> rows = pd.DataFrame({"days": range(10, 810, 10), "end": ["breakdown", "home"] * 40})
    >>> len(plot_incidence(aalen_johansen(rows, Watch("days", "end"))).collections)
    2
    """
    ax = ax or new_axes(8.5)
    table = incidence.frame(until=until)
    kinds = [k for k in (order or incidence.kinds) if k in incidence.kinds and k != highlight]
    kinds = ([highlight] if highlight in incidence.kinds else []) + kinds
    shades = np.linspace(0.72, 0.92, max(len(kinds) - 1, 1))
    below = np.zeros(len(table))
    for place, kind in enumerate(kinds):
        above = below + table[kind].to_numpy()
        mine = kind == highlight
        colour = ACCENT if mine else str(shades[(place - 1) % len(shades)])
        ax.fill_between(
            table["day"], below, above, step="post", color=colour, linewidth=0.6, edgecolor="white"
        )
        _name(ax, kind, float(below[-1]), float(above[-1]), until, ACCENT if mine else INK)
        below = above
    _name(ax, "still lasts", float(below[-1]), 1.0, until, QUIET)
    _axes_of_time(ax, until)
    ax.set_ylabel("Placements")
    return ax


def _name(ax: Axes, kind: str, low: float, high: float, until: float, colour: str) -> None:
    """Name a band at its right edge, where it is high enough to be told apart."""
    if high - low >= 0.025:
        text = f"{kind} {100 * (high - low):.0f}%"
        ax.annotate(
            text, (until, (low + high) / 2), (5, 0), textcoords="offset points", va="center", color=colour
        )
