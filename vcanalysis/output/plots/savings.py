"""Pictures of what could be saved."""

from __future__ import annotations

from matplotlib.axes import Axes

from vcanalysis.analysis.savings import Savings
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.numbers import write_number
from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import ACCENT, INK, QUIET, money_axis

_ROOM_MONTHS = 10  # labels closer than this would overlap at 16 cm


@in_style
def plot_savings_fan(result: Savings, *, ax: Axes | None = None) -> Axes:
    """Draw the cumulative net saving month by month: median, middle half, middle 95% of the draws.

    Parameters
    ----------
    result : Savings
        From `simulate_savings`.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        Horizontal: months since the start, with the financial years; vertical: pounds, undiscounted.

    Examples
    --------
    >>> from vcanalysis.analysis.savings import load_scenario, simulate_savings
    >>> scenario = load_scenario().with_values(candidates=30, residential_gbp_week=4200.0)
    >>> plot_savings_fan(simulate_savings(scenario, draws=200)).get_ylabel()
    'Net saving since the start'
    """
    ax = ax or new_axes(8.5)
    fan, names = result.fan(), result.scenario.month_years()
    ax.fill_between(fan["month"], fan["low"], fan["high"], color=ACCENT, alpha=0.14, linewidth=0)
    ax.fill_between(
        fan["month"], fan["lower_quarter"], fan["upper_quarter"], color=ACCENT, alpha=0.28, linewidth=0
    )
    ax.plot(fan["month"], fan["median"], color=ACCENT, linewidth=2.2)
    ax.axhline(0, color=INK, linewidth=0.9)
    last, end = fan.iloc[-1], float(fan["month"].iloc[-1])
    for column, words in (("high", "95% of draws"), ("upper_quarter", "middle half"), ("median", "median")):
        ax.annotate(
            f" {words}",
            (end, last[column]),
            color=ACCENT,
            va="center",
            fontsize=8.5,
            weight="bold" if column == "median" else "normal",
        )
    ends = [i + 1 for i in range(len(names)) if i + 1 == len(names) or names[i + 1] != names[i]]
    ends = [month for month in ends if month == ends[-1] or ends[-1] - month >= _ROOM_MONTHS]
    likely = [write_number(float(fan["likelihood"].iloc[month - 1]), "probability") for month in ends]
    times = [*(f"end of {names[month - 1]}" for month in ends[:-1]), f"after {len(names)} months"]
    ax.set_xticks(ends, [f"{time}\n{p} likely above zero" for time, p in zip(times, likely, strict=True)])
    ax.set_xlim(0, end)
    ax.grid(axis="x")
    money_axis(ax)
    ax.set_ylabel("Net saving since the start")
    return ax


@in_style
def plot_savings_by_year(result: Savings, *, ax: Axes | None = None) -> Axes:
    """Draw the part-year and the full-year effect of each financial year beside each other, never added.

    Parameters
    ----------
    result : Savings
        From `simulate_savings`.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        Dots are means of the draws, lines the middle 95%.

    Examples
    --------
    >>> from vcanalysis.analysis.savings import load_scenario, simulate_savings
    >>> scenario = load_scenario().with_values(candidates=30, residential_gbp_week=4200.0)
    >>> len(plot_savings_by_year(simulate_savings(scenario, draws=200)).get_xticks())
    3
    """
    ax = ax or new_axes(7.5)
    kinds = (("part-year", -0.13, QUIET, "s"), ("Full-year", 0.13, ACCENT, "o"))
    for kind, shift, colour, marker in kinds:
        items: list[Estimate] = [e for e in result.estimates if e.group != "all" and kind in e.term]
        label = (
            "Net saving within the year, after programme cost"
            if kind == "part-year"
            else ("Full-year effect of moves in place at its end, before programme cost")
        )
        for place, item in enumerate(items):
            ax.vlines(
                place + shift, item.low or 0.0, item.high or 0.0, color=colour, linewidth=2.2, alpha=0.5
            )
        ax.plot(
            [i + shift for i in range(len(items))],
            [e.value or 0.0 for e in items],
            marker,
            color=colour,
            markersize=6.5,
            label=label,
        )
    ax.axhline(0, color=INK, linewidth=0.9)
    ax.set_xticks(range(len(result.years)), result.years)
    ax.set_xlim(-0.5, len(result.years) - 0.5)
    ax.grid(axis="y")
    money_axis(ax)
    ax.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=1, handletextpad=0.2)
    return ax
