"""Pictures of value: how likely a group is better value, for every worth of a point of outcome."""

from __future__ import annotations

from matplotlib.axes import Axes

from vcanalysis.analysis.value import NetBenefit, say_chance
from vcanalysis.core.numbers import write_number
from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import ACCENT, QUIET, money_axis, say_empty, share_axis


@in_style
def plot_acceptability(result: NetBenefit, *, ax: Axes | None = None, name: str = "the group") -> Axes:
    """Draw the chance that a group is better value against what a point of outcome is held to be worth.

    Parameters
    ----------
    result : NetBenefit
        From `net_benefit`.
    ax : Axes, optional
        Where to draw.
    name : str
        What to call the group.

    Returns
    -------
    Axes
        Horizontal: pounds a point; vertical: probability, the declared worth marked.

    Examples
    --------
    >>> import numpy as np
    >>> import pandas as pd
    >>> from vcanalysis.analysis.value import net_benefit
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"home": np.arange(80) < 40, "cost": rng.normal(1000, 100, 80)})
    >>> frame["better"] = rng.normal(0, 1, 80)
    >>> plot_acceptability(net_benefit(frame, member="home", cost="cost", effect="better")).get_xlabel()
    'What a point of outcome is held to be worth'
    """
    ax = ax or new_axes(7.0)
    curve = result.curve
    if curve.empty:
        return say_empty(ax, "Too few children to weigh cost against outcome")
    ax.plot(curve["worth_gbp"], curve["probability"], color=ACCENT, linewidth=2.2, marker="o", markersize=4)
    ax.axhline(0.5, color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
    ax.text(float(curve["worth_gbp"].max()), 0.51, "as likely as not", ha="right", va="bottom", color=QUIET)
    chance = result.probability()
    if chance is not None:
        above = chance < 0.85
        ax.annotate(
            f"{say_chance(chance)} at {write_number(result.worth_gbp, 'GBP')}",
            (result.worth_gbp, chance),
            (6, 10 if above else -18),
            textcoords="offset points",
            color=ACCENT,
            weight="bold",
        )
    ax.set_ylim(0, 1.02)
    share_axis(ax, axis="y")
    money_axis(ax, axis="x")
    ax.grid(axis="y")
    ax.set(xlabel="What a point of outcome is held to be worth", ylabel=f"Chance that {name} is better value")
    return ax
