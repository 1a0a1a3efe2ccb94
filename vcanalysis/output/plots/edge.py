"""Pictures of the edge of care: whether a list by risk does better than support for all, or for none."""

from __future__ import annotations

import pandas as pd
from matplotlib.axes import Axes

from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import ACCENT, GREY, INK, say_empty, share_axis

_LINES = {"by risk": (ACCENT, "-"), "all": (INK, (0, (4, 2))), "none": (GREY, (0, (1, 1)))}


@in_style
def plot_decision(curve: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw the net benefit of support by risk, to all and to none, against the risk from which it is offered.

    Parameters
    ----------
    curve : DataFrame
        From `vcanalysis.analysis.edge.decision_curve`: threshold, policy, net_benefit, low, high.
    ax : Axes, optional
        Where to draw; a new Axes when absent.

    Returns
    -------
    Axes
        The interval is drawn for the list by risk alone.

    Examples
    --------
    >>> from vcanalysis.analysis.edge import decision_curve
    >>> rows = pd.DataFrame({"entered": [1, 0, 0, 1], "risk": [0.6, 0.1, 0.4, 0.3]})
    >>> found = decision_curve(rows, outcome="entered", probability="risk", thresholds=[0.1, 0.2])
    >>> len(plot_decision(found).lines)
    3
    """
    ax = ax or new_axes(7.0)
    if curve["net_benefit"].isna().all():
        return say_empty(ax, "Too few unseen cases to weigh a list by risk")
    for policy, (colour, style) in _LINES.items():
        rows = curve[curve["policy"].eq(policy)]
        ax.plot(
            rows["threshold"], rows["net_benefit"], color=colour, linestyle=style, linewidth=2, label=policy
        )
        if policy == "by risk":
            ax.fill_between(
                rows["threshold"], rows["low"], rows["high"], color=colour, alpha=0.15, linewidth=0
            )
    share_axis(ax, axis="x")
    ax.set(xlabel="Risk from which support is offered", ylabel="Net benefit per case")
    lowest = curve.loc[curve["policy"].eq("by risk"), "low"].min()
    ax.set_ylim(bottom=min(2 * float(lowest), -0.02))
    ax.legend(title="Support", frameon=False, loc="upper right")
    return ax
