"""Pictures of a programme's impact: years since the start, a council beside its synthetic control, placebos."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.ticker import FuncFormatter, MaxNLocator

from vcanalysis.analysis.impact import Event, SyntheticControl
from vcanalysis.core.numbers import write_number
from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import ACCENT, GREY, QUIET, money_axis, say_empty


def _unit_axis(ax: Axes, unit: str) -> None:
    if unit.startswith("GBP"):
        money_axis(ax)
    else:
        ax.yaxis.set_major_formatter(FuncFormatter(lambda v, _: write_number(v, unit, with_unit=False)))


@in_style
def plot_event_study(event: Event, *, ax: Axes | None = None) -> Axes:
    """Draw effects by years since the start with their intervals, the last year before as the base.

    Parameters
    ----------
    event : Event
        From `staggered_effect(...).event`.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        Horizontal: years since the first year with the programme; before it in grey.

    Examples
    --------
    >>> import pandas as pd
    >>> from vcanalysis.core.estimate import Estimate
    >>> steps = pd.DataFrame({"since": [-2.0, 0.0], "estimate": [0.1, -2.0], "std_error": [1.0, 1.0],
    ...                       "low": [-2.0, -4.0], "high": [2.2, 0.0], "n": [6.0, 6.0], "others": [99.0, 99.0]})
    >>> plot_event_study(Event(steps, Estimate("Before", 0.1), 0.8, "Effect on moves", "points")).get_xlabel()
    'Years since the first year with the programme'
    """
    ax = ax or new_axes(7.5)
    steps = event.steps
    if steps.empty:
        return say_empty(ax, "No effect by year can be estimated")
    for row in steps.itertuples():
        colour = ACCENT if row.since >= 0 else QUIET
        ax.plot(
            [row.since] * 2,
            [row.low, row.high],
            color=colour,
            linewidth=2.2,
            alpha=0.55,
            solid_capstyle="butt",
        )
        ax.plot([row.since], [row.estimate], "o" if row.since >= 0 else "s", color=colour, markersize=6)
    base = -1 if -1 not in set(steps["since"]) else -2
    ax.plot([base], [0], "o", markerfacecolor="white", markeredgecolor=QUIET, markersize=6)
    ax.annotate("base", (base, 0), (0, 7), textcoords="offset points", ha="center", color=QUIET, fontsize=8.5)
    ax.axhline(0, color=QUIET, linewidth=0.8, zorder=0)
    ax.axvline(-0.5, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    top = ax.get_ylim()[1]
    ax.annotate(
        "programme starts",
        (-0.5, top),
        (4, -4),
        textcoords="offset points",
        va="top",
        color=QUIET,
        fontsize=8.5,
    )
    ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(axis="y")
    _unit_axis(ax, event.unit)
    ax.set_xlabel("Years since the first year with the programme")
    return ax


@in_style
def plot_synthetic_control(
    result: SyntheticControl, *, ax: Axes | None = None, name: str = "The council"
) -> Axes:
    """Draw a council's path beside that of its synthetic control.

    Parameters
    ----------
    result : SyntheticControl
        From `synthetic_control`.
    ax : Axes, optional
        Where to draw.
    name : str
        What to call the council.

    Returns
    -------
    Axes
        Horizontal: time; a dashed line where the programme starts.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from vcanalysis.analysis.impact import synthetic_control
    >>> rng = np.random.default_rng(1)
    >>> panel = pd.DataFrame([(u, t, rng.normal()) for u in range(20) for t in range(9)], columns=["c", "t", "rate"])
    >>> ax = plot_synthetic_control(synthetic_control(panel, unit="c", time="t", outcome="rate", treated=(0, 6)))
    >>> [text.get_text() for text in ax.texts]
    ['programme starts', 'The council', 'its synthetic control']
    """
    ax = ax or new_axes(7.5)
    path = result.path
    if path.empty:
        return say_empty(ax, "No synthetic control can be made")
    ax.plot(path["time"], path["actual"], color=ACCENT, linewidth=2.4)
    ax.plot(path["time"], path["synthetic"], color=QUIET, linewidth=2.0, linestyle=(0, (4, 2)))
    _mark_start(ax, result)
    ends = path.iloc[-1]
    apart = 0.05 * (ax.get_ylim()[1] - ax.get_ylim()[0])
    lift = max(apart - abs(ends["gap"]), 0.0) / 2 * (1 if ends["gap"] >= 0 else -1)
    for key, words, colour, sign in (
        ("actual", name, ACCENT, 1),
        ("synthetic", "its synthetic control", QUIET, -1),
    ):
        where = (ends["time"], ends[key] + sign * lift)
        ax.annotate(
            words, where, (6, 0), textcoords="offset points", va="center", color=colour, weight="bold"
        )
    return _over_times(ax, result)


@in_style
def plot_placebo_gaps(result: SyntheticControl, *, ax: Axes | None = None, name: str = "The council") -> Axes:
    """Draw a council's gap to its synthetic control over those of all placebos.

    Parameters
    ----------
    result : SyntheticControl
        From `synthetic_control`.
    ax : Axes, optional
        Where to draw.
    name : str
        What to call the council.

    Returns
    -------
    Axes
        Horizontal: time; vertical: actual less synthetic.

    Examples
    --------
    >>> import pandas as pd
    >>> from vcanalysis.analysis.impact import synthetic_control
    >>> alone = pd.DataFrame({"council": "A", "year": [2018, 2019], "rate": [60.0, 62.0]})
    >>> found = synthetic_control(alone, unit="council", time="year", outcome="rate", treated=("A", 2019))
    >>> plot_placebo_gaps(found).texts[0].get_text()
    'No synthetic control can be made'
    """
    ax = ax or new_axes(7.5)
    if result.gaps.empty:
        return say_empty(ax, "No synthetic control can be made")
    times = result.gaps.columns.to_numpy(dtype=float)
    others = result.gaps.iloc[1:].to_numpy()
    for gaps in others:
        ax.plot(times, gaps, color=GREY, linewidth=0.7, alpha=0.7)
    ax.plot(times, result.path["gap"], color=ACCENT, linewidth=2.4)
    _mark_start(ax, result)
    last = (times[-1], float(result.path["gap"].iloc[-1]))
    ax.annotate(name, last, (6, 0), textcoords="offset points", va="center", color=ACCENT, weight="bold")
    ax.annotate(
        f"{len(others)} placebos", (times[-1], float(others[:, -1].max())), (6, 0), textcoords="offset points",
        va="center", color=QUIET,
    )  # fmt: skip
    return _over_times(ax, result)


def _over_times(ax: Axes, result: SyntheticControl) -> Axes:
    """Draw the axes of time and outcome, with room for names on the right."""
    times = result.path["time"].to_numpy(dtype=float)
    ax.set_xlim(times[0], times[-1] + 0.28 * (times[-1] - times[0]))
    ax.set_xticks(times)
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{v:g}"))
    ax.grid(axis="y")
    _unit_axis(ax, result.effect.unit)
    return ax


def _mark_start(ax: Axes, result: SyntheticControl) -> None:
    """Draw the start between the last time before and the first after."""
    times = result.path["time"]
    at = (times[times < result.start].max() + times[times >= result.start].min()) / 2
    ax.axvline(at, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)), zorder=0)
    ax.annotate(
        "programme starts", (at, ax.get_ylim()[1]), (4, -4), textcoords="offset points", va="top", color=QUIET,
        fontsize=8.5,
    )  # fmt: skip
