"""Pictures of what could be saved."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import PercentFormatter

from vcanalysis.analysis.savings import Savings
from vcanalysis.core.estimate import Estimate, Estimates
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
    fan, names = result.fan(), result.scenario.step_years()
    ax.fill_between(fan["month"], fan["low"], fan["high"], color=ACCENT, alpha=0.14, linewidth=0)
    ax.fill_between(
        fan["month"], fan["lower_quarter"], fan["upper_quarter"], color=ACCENT, alpha=0.28, linewidth=0
    )
    ax.plot(fan["month"], fan["median"], color=ACCENT, linewidth=2.2)
    ax.axhline(0, color=INK, linewidth=0.9)
    last, end = fan.iloc[-1], float(fan["month"].iloc[-1])
    for column, label in (("high", "95% of draws"), ("upper_quarter", "middle half"), ("median", "median")):
        ax.annotate(
            f" {label}",
            (end, last[column]),
            color=ACCENT,
            va="center",
            fontsize=8.5,
            weight="bold" if column == "median" else "normal",
        )
    ends = [i for i in range(len(names)) if i + 1 == len(names) or names[i + 1] != names[i]]
    ends = [i for i in ends if i == ends[-1] or end - fan["month"].iloc[i] >= _ROOM_MONTHS]
    likely = [write_number(float(fan["likelihood"].iloc[i]), "probability") for i in ends]
    times = [*(f"end of {names[i]}" for i in ends[:-1]), f"after {end:.0f} months"]
    words = [f"{time}\n{p} likely above zero" for time, p in zip(times, likely, strict=True)]
    ax.set_xticks(fan["month"].iloc[ends].to_list(), words)
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
        Dots are means of the draws, lines the middle 95%; the thick part of the part-year effect is the middle half.

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
    fan = result.fan_by_year()
    ax.vlines(
        fan.index - 0.13, fan["lower_quarter"], fan["upper_quarter"], color=QUIET, linewidth=5.5, alpha=0.5
    )
    ax.axhline(0, color=INK, linewidth=0.9)
    ax.set_xticks(range(len(result.years)), result.years)
    ax.set_xlim(-0.5, len(result.years) - 0.5)
    ax.grid(axis="y")
    money_axis(ax)
    ax.legend(loc="lower left", bbox_to_anchor=(-0.02, 1.0), ncols=1, handletextpad=0.2)
    return ax


@in_style
def plot_savings_likelihood(result: Savings, *, ax: Axes | None = None) -> Axes:
    """Draw month by month how likely the programme is to have saved so far, and to have paid back for good.

    Parameters
    ----------
    result : Savings
        From `simulate_savings`.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        Horizontal: months since the start; vertical: share of the draws.

    Examples
    --------
    >>> from vcanalysis.analysis.savings import load_scenario, simulate_savings
    >>> scenario = load_scenario().with_values(candidates=30, residential_gbp_week=4200.0)
    >>> plot_savings_likelihood(simulate_savings(scenario, draws=200)).get_xlabel()
    'Months since the start'
    """
    ax = ax or new_axes(6.5)
    fan = result.fan()
    lines = (
        ("likelihood", ACCENT, "-", "above zero so far"),
        ("paid_back", QUIET, "--", "paid back for good"),
    )
    for column, colour, style, label in lines:
        ax.plot(fan["month"], fan[column], style, color=colour, linewidth=2.2, label=label)
    ax.set_xlim(0, float(fan["month"].iloc[-1]))
    top = float(fan["likelihood"].max())
    ax.set_ylim(0, 1 if top > 0.4 else max(2 * top, 0.1))
    ax.yaxis.set_major_formatter(PercentFormatter(1))
    ax.set_xlabel("Months since the start")
    ax.set_ylabel("Likelihood")
    ax.grid(axis="y")
    ax.legend(loc="upper left")
    return ax


@in_style
def plot_sobol(found: Estimates, *, shown: int = 8, ax: Axes | None = None) -> Axes:
    """Draw for each input the share of the spread it carries alone, and with all it interacts with.

    Parameters
    ----------
    found : Estimates
        From `sobol_indices`.
    shown : int
        Inputs to draw, those with the largest total first.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        Bars are first-order indices, dots total indices with their Monte Carlo error.

    Examples
    --------
    >>> terms = ("First-order index", "Total index")
    >>> pair = Estimates.of(Estimate(term, 0.6, 0.5, 0.7, unit="share", group="price") for term in terms)
    >>> plot_sobol(pair).get_xlabel()
    'Share of the spread of the result'
    """
    ax = ax or new_axes(6.5)
    first = [e for e in found if e.term.startswith("First") and e.estimable][:shown]
    total = [e for e in found if e.term.startswith("Total") and e.estimable][:shown]
    for place, (alone, all_) in enumerate(zip(first, total, strict=True)):
        words = ("alone", "with all it interacts with") if place == 0 else ("", "")
        ax.barh(
            place, max(alone.value or 0.0, 0.0), color=QUIET, alpha=0.5, height=0.6, label=words[0] or None
        )
        ax.hlines(place, all_.low or 0.0, all_.high or 0.0, color=ACCENT, linewidth=2.2)
        ax.plot(all_.value or 0.0, place, "o", color=ACCENT, markersize=6.5, label=words[1] or None)
    ax.set_yticks(range(len(first)), [e.group for e in first])
    ax.invert_yaxis()
    ax.set_xlim(0, None)
    ax.xaxis.set_major_formatter(PercentFormatter(1))
    ax.set_xlabel("Share of the spread of the result")
    ax.grid(axis="x")
    if first:
        ax.legend(loc="lower right")
    return ax
