"""Pictures of the homes that will be needed."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from vcanalysis.analysis.sufficiency import Forecast
from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import ACCENT, INK

_BANDS = ((95, 0.14), (80, 0.2), (50, 0.28))


@in_style
def plot_forecast(ahead: Forecast, *, kind: str | None = None, ax: Axes | None = None) -> Axes:
    """Draw the children in care up to the day of the forecast, and the fan of what may come.

    Parameters
    ----------
    ahead : Forecast
        From `sufficiency.forecast`; where it is not estimable the past alone is drawn.
    kind : str, optional
        One kind of placement; all children where not said.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        Horizontal: days; vertical: children in care, from zero. Bands hold half, 80% and 95% of the futures.

    Raises
    ------
    InputError
        If there is no such kind.

    Examples
    --------
    >>> from vcanalysis.analysis.sufficiency import forecast
    >>> start = pd.date_range("2016-01-05", periods=120, freq="12D")
    >>> spells = pd.DataFrame({"child_id": range(120), "start": start, "end": start + pd.Timedelta(days=500),
    ...     "placement_type": "Agency fostering", "birth_month": pd.Timestamp("2010-01-01")})
    >>> plot_forecast(forecast(spells, day="2019-06-30", since="2016-01-01", draws=50)).get_ylabel()
    'Children in care'
    """
    ax = ax or new_axes(8.0)
    fan = ahead.fan(kind)
    past = fan.dropna(subset=["children"])
    ax.plot(past["day"], past["children"], color=INK, linewidth=1.8)
    top = float(past["children"].max())
    if "middle" in fan:
        future = fan.dropna(subset=["middle"])
        for band, alpha in _BANDS:
            ends = future[f"low_{band}"], future[f"high_{band}"]
            ax.fill_between(future["day"], *ends, color=ACCENT, alpha=alpha, linewidth=0)
        ax.plot(future["day"], future["middle"], color=ACCENT, linewidth=2.0)
        top = max(top, float(future["high_95"].max()))
    ax.set_ylim(0, 1.05 * max(top, 1.0))
    if "middle" in fan:
        _name_bands(ax, fan.dropna(subset=["middle"]))
    ax.set_xlim(past["day"].iloc[0], fan["day"].iloc[-1])
    ax.set_ylabel("Children in care")
    return ax


def _name_bands(ax: Axes, future: pd.DataFrame) -> None:
    """Write behind the fan what it holds."""
    last = future.iloc[-1]
    names = (
        ("high_95", "95% of futures", "normal"),
        ("high_80", "80%", "normal"),
        ("high_50", "half", "normal"),
        ("middle", "middle", "bold"),
    )
    # names need room on the whole axis, which is as high as the highest the line or the fan comes
    room, before = 0.06 * ax.get_ylim()[1], float("inf")
    least = (len(names) - 1) * room  # so that the last name stays above the axis
    for column, label, weight in names:
        place = min(max(float(last[column]), least), before - room)
        least -= room
        ax.annotate(f" {label}", (last["day"], place), color=ACCENT, va="center", fontsize=8.5, weight=weight)
        before = place
