"""Pictures of what care costs."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes

from vcanalysis.analysis.spending import Concentration, CostByGroup
from vcanalysis.core.numbers import write_number
from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import (
    ACCENT,
    GREY,
    INK,
    QUIET,
    money_axis,
    say_empty,
    share_axis,
    write_count,
    write_money,
)


@in_style
def plot_cost_by_type(
    result: CostByGroup,
    *,
    ax: Axes | None = None,
    highlight: str = "",
) -> Axes:
    """Draw weekly cost by group: the median, the middle half and the middle eight tenths, on a log axis.

    Parameters
    ----------
    result : CostByGroup
        From `cost_by`; groups of fewer than 10 children are left out.
    ax : Axes, optional
        Where to draw.
    highlight : str
        Group drawn in the accent colour; that with the largest share of the money when empty or not drawn.

    Returns
    -------
    Axes

    Examples
    --------
    >>> import pandas as pd
    >>> from vcanalysis.analysis.spending import cost_by
    >>> frame = pd.DataFrame({"cost": range(500, 520), "type": "Foster"})
    >>> plot_cost_by_type(cost_by(frame, cost="cost", group="type")).get_yticklabels()[0].get_text()
    'Foster (about 20)'
    """
    ax = ax or new_axes(8.5)
    table = result.shown
    if table.empty:
        return say_empty(ax, "Too few children have a price")
    drawn = highlight in set(table["group"])
    chosen = highlight if drawn else str(table.loc[table["share_of_spend"].idxmax(), "group"])
    ax.set_xlim(0.8 * float(table["p10"].min()), 1.9 * float(table["p90"].max()))
    for row in table.itertuples():
        colour = ACCENT if row.group == chosen else "#8C8C8C"
        ax.plot([row.p10, row.p90], [row.Index] * 2, color=colour, linewidth=1.3, alpha=0.8)
        ax.plot(
            [row.p25, row.p75], [row.Index] * 2, color=colour, linewidth=8, solid_capstyle="butt", alpha=0.45
        )
        ax.plot([row.median], [row.Index], "o", color=colour, markersize=6.5)
        ax.annotate(
            write_money(round(row.median, -1)),
            (row.p90, row.Index),
            (7, 0),
            textcoords="offset points",
            va="center",
            color=INK,
            weight="bold" if row.group == chosen else "normal",
        )
    ax.set_yticks(range(len(table)), [f"{r.group} ({write_count(r.n)})" for r in table.itertuples()])
    ax.set_ylim(len(table) - 0.4, -0.6)
    ax.tick_params(axis="y", length=0)
    money_axis(ax, axis="x", log=True)
    ax.grid(axis="x")
    ax.set_xlabel("Weekly cost (log scale). Dot: median; bar: middle half; line: middle 80%", loc="right")
    return ax


@in_style
def plot_lorenz(
    result: Concentration,
    *,
    ax: Axes | None = None,
    mark: float = 0.10,
) -> Axes:
    """Draw the Lorenz curve with the dearest share marked.

    Parameters
    ----------
    result : Concentration
        From `concentration`.
    ax : Axes, optional
        Where to draw.
    mark : float
        Share of dearest placements to mark.

    Returns
    -------
    Axes
        Horizontal: placements, cheapest first; vertical: share of the money.

    Examples
    --------
    >>> import pandas as pd
    >>> from vcanalysis.analysis.spending import concentration
    >>> ax = plot_lorenz(concentration(pd.DataFrame({"cost": range(1, 101)}), cost="cost", replicates=50))
    >>> ax.get_xlabel()
    'Share of placements, cheapest first'
    """
    ax = ax or new_axes(9.0)
    curve = result.curve
    ax.plot([0, 1], [0, 1], color=GREY, linewidth=1)
    if curve.empty:
        return ax
    ax.plot(curve["share_of_children"], curve["share_of_spend"], color=ACCENT, linewidth=2.2)
    held = float(np.interp(1 - mark, curve["share_of_children"], curve["share_of_spend"]))
    beyond = curve[curve["share_of_children"] >= 1 - mark]
    ax.fill_between(
        beyond["share_of_children"], beyond["share_of_spend"], held, color=ACCENT, alpha=0.16, linewidth=0
    )
    ax.plot([0, 1 - mark], [held, held], color=QUIET, linewidth=0.8, linestyle=(0, (3, 3)))
    ax.plot([1 - mark] * 2, [0, held], color=QUIET, linewidth=0.8, linestyle=(0, (3, 3)))
    ax.text(
        0.02,
        held + 0.015,
        f"The dearest {mark:.0%} take {write_number(1 - held, 'share')}",
        weight="bold",
        color=ACCENT,
    )
    ax.text(
        0.02, held - 0.02, f"The other {1 - mark:.0%} take {write_number(held, 'share')}", va="top", color=INK
    )
    ax.text(0.74, 0.77, "if all cost the same", color=QUIET, ha="right", fontsize=8)
    ax.set(
        xlim=(0, 1), ylim=(0, 1), xlabel="Share of placements, cheapest first", ylabel="Share of weekly spend"
    )
    share_axis(ax, axis="x")
    share_axis(ax, axis="y")
    return ax
