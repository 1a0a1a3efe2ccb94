"""The look: one accent colour, grey for the rest, one typeface, money written as money."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import matplotlib as mpl
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullFormatter, NullLocator

# Government Analysis Function palette: accessible in this order, told apart by marker as well.
CATEGORIES = ("#12436D", "#28A197", "#801650", "#F46A25", "#3D3D3D", "#A285D1")
MARKERS = ("o", "s", "^", "D", "v", "P")
ACCENT, GREY, INK, QUIET = "#12436D", "#BFBFBF", "#1A1A1A", "#5A5A5A"
SEQUENCE = ("#E9EEF3", "#A9BDD0", "#5B83A8", "#12436D")  # light to dark, for ordered levels
WIDTH_CM = 16.0
_MONEY_STEPS = (50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000)

SETTINGS: dict[Any, Any] = {
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "axes.labelsize": 9,
    "axes.labelcolor": QUIET,
    "axes.edgecolor": QUIET,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "axes.grid": False,
    "grid.color": "#E6E6E6",
    "grid.linewidth": 0.6,
    "xtick.color": QUIET,
    "ytick.color": QUIET,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.labelsize": 8.5,
    "ytick.labelsize": 8.5,
    "xtick.major.width": 0.6,
    "ytick.major.width": 0.6,
    "xtick.major.size": 3,
    "ytick.major.size": 3,
    "legend.frameon": False,
    "legend.fontsize": 8.5,
    "text.color": INK,
    "figure.facecolor": "white",
    "savefig.facecolor": "white",
    "svg.fonttype": "none",
    "svg.hashsalt": "vcanalysis",
}


@contextmanager
def style() -> Iterator[None]:
    """Draw in the house look within the block; the caller's settings return after it.

    Examples
    --------
    >>> with style():
    ...     mpl.rcParams["axes.spines.top"]
    False
    """
    with mpl.rc_context(SETTINGS):
        yield


def write_money(value: float) -> str:
    """Write pounds for an axis: £400, £2,000, £1.5m.

    Examples
    --------
    >>> write_money(2000), write_money(1_500_000), write_money(-300_000)
    ('£2,000', '£1.5m', '-£0.3m')
    """
    sign, size = ("-" if value < 0 else ""), abs(value)
    if size >= 99_999.5:
        return f"{sign}£{size / 1e6:,.2f}".rstrip("0").rstrip(".") + "m"
    return f"{sign}£{size:,.0f}"


def write_count(count: int) -> str:
    """Write a number of children for a label: rounded to 5, and said to be; nothing exact below 10.

    Examples
    --------
    >>> write_count(1234), write_count(9)
    ('about 1,235', 'under 10')
    """
    return f"about {5 * round(count / 5):,}" if count >= 10 else "under 10"


def say_empty(ax: Axes, words: str) -> Axes:
    """Say in the middle of an empty picture why nothing can be drawn."""
    ax.text(0.5, 0.5, words, ha="center", transform=ax.transAxes, color=QUIET)
    return ax


def money_axis(ax: Axes, *, axis: str = "y", log: bool = False) -> None:
    """Write an axis in pounds; on a log scale with ticks at round amounts within the limits."""
    target = ax.yaxis if axis == "y" else ax.xaxis
    if log:
        low, high = ax.get_ylim() if axis == "y" else ax.get_xlim()
        (ax.set_yscale if axis == "y" else ax.set_xscale)("log")
        steps = [s for s in _MONEY_STEPS if low <= s <= high]
        steps = steps[::2] if axis == "x" and len(steps) > 6 else steps  # words side by side need room
        target.set_major_locator(FixedLocator(steps))
        target.set_minor_locator(NullLocator())
        target.set_minor_formatter(NullFormatter())
        (ax.set_ylim if axis == "y" else ax.set_xlim)(low, high)
    target.set_major_formatter(FuncFormatter(lambda value, _: write_money(value)))


def share_axis(ax: Axes, *, axis: str = "x") -> None:
    """Write an axis of shares as per cent."""
    target = ax.xaxis if axis == "x" else ax.yaxis
    target.set_major_formatter(FuncFormatter(lambda value, _: f"{round(100 * value, 1):g}%"))
