"""Pictures of prevention: how the mix of spend moved, and when a shift of spend pays."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from vcanalysis.analysis.prevention import Prevented, SpendMix
from vcanalysis.core.numbers import write_number
from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import ACCENT, CATEGORIES, INK, QUIET, money_axis, say_empty

_APART = 0.035  # of a share: names at the ends of lines nearer than this are moved apart


@in_style
def plot_spend_mix(mix: SpendMix, *, ax: Axes | None = None) -> Axes:
    """Draw the share of each part of spend by year, named at its end with its last value.

    Parameters
    ----------
    mix : SpendMix
        From `spend_mix`.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from vcanalysis.analysis.prevention import spend_mix
    >>> drawn = pd.DataFrame({"council": list("aabbcc"), "year": [2017, 2025] * 3, "all": 100.0,
    ...                       "care": [40.0, 50.0, 42.0, 50.0, 44.0, 50.0]})
    >>> ax = plot_spend_mix(spend_mix(drawn, unit="council", year="year", whole="all", parts={"care": "care"}))
    >>> ax.get_ylabel()
    'Share of spend'
    """
    ax = ax or new_axes(8.5)
    if mix.reason:
        return say_empty(ax, mix.headline())
    wide = mix.table.pivot_table(index="year", columns="part", values="share", observed=True)
    names = [estimate.group for estimate in mix.now]
    colours = (ACCENT, *[c for c in CATEGORIES if c != ACCENT])
    for name, colour in zip(names, colours, strict=False):
        ax.plot(wide.index, wide[name], color=colour, lw=2.2 if name == names[0] else 1.6)
    ends = wide.iloc[-1][names].sort_values()
    at = -1.0
    for name, share in ends.items():
        at = max(float(share), at + _APART)
        words = f" {name} {write_number(float(share), 'share')}"
        ax.text(wide.index[-1], at, words, color=INK, va="center", ha="left", fontsize=9)
    ax.set_ylim(0, None)
    ax.set_ylabel("Share of spend")
    ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: write_number(v, "share")))
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    return ax


@in_style
def plot_running_net(result: Prevented, *, ax: Axes | None = None) -> Axes:
    """Draw the net saving added up to the end of each year: the median, and the middle 95% of draws.

    Parameters
    ----------
    result : Prevented
        From `simulate_shift`.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from vcanalysis.analysis.prevention import Shift, simulate_shift
    >>> shift = Shift(moved_gbp_year=1e6, pool_year=500, base=0.45, effect=(0.16, 0.08, 0.24),
    ...               child_gbp=(5000, 2000, 9000), care_gbp_week=(1400, 700, 2100))
    >>> plot_running_net(simulate_shift(shift, draws=100)).get_xlabel()
    'Years since the money was moved'
    """
    ax = ax or new_axes(8.0)
    table = result.by_year()
    years = [0, *table["year"]]
    ax.fill_between(years, [0, *table["low"]], [0, *table["high"]], color=ACCENT, alpha=0.18, lw=0)
    ax.plot(years, [0, *table["median"]], color=ACCENT, lw=2)
    ax.axhline(0, color=QUIET, lw=0.8)
    ends = {"median": "half of the draws", "low": "one in forty below", "high": "one in forty above"}
    for name, words in ends.items():
        ax.text(years[-1], table[name].iloc[-1], f" {words}", color=INK, va="center", fontsize=8)
    ax.set_xlabel("Years since the money was moved")
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    money_axis(ax)
    return ax


__all__ = ["plot_running_net", "plot_spend_mix"]
