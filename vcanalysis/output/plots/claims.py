"""Pictures of a claim: what each route to England gives, beside what is claimed."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.transforms import blended_transform_factory

from vcanalysis.analysis.claims import ClaimAudit, write_claimed
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.numbers import write_number
from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import ACCENT, GREY, INK, QUIET, money_axis, say_empty

_REACH = 1.6  # times the largest proportion or the claim: beyond it an interval ends in an arrow


@in_style
def plot_claim_routes(audit: ClaimAudit, *, ax: Axes | None = None) -> Axes:
    """Draw what every route makes of an amount for England, with the claim as a line.

    Parameters
    ----------
    audit : ClaimAudit
        From `claim_audit`.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        Horizontal: pounds a year. Proportions in grey, pooled routes in the accent colour; an interval that leaves the
        picture ends in an arrow with its end beside it.

    Examples
    --------
    >>> from vcanalysis.analysis.claims import claim_audit
    >>> ax = plot_claim_routes(claim_audit(2.8e6, councils=2, price_year="2019-20", children=1400))
    >>> [label.get_text() for label in ax.get_yticklabels()][0]
    'per child'
    """
    ax = ax or new_axes(7.0)
    items = list(audit.routes)
    ends = [end for e in items[:3] for end in (e.value, e.high) if end is not None]
    if not ends or not max(ends):
        return say_empty(ax, "Nothing is reported, so that no route leads to a saving")
    most = _REACH * max([*ends, audit.terms.national or 0.0])
    ax.set_xlim(-most / 2, most)
    ax.set_ylim(len(items) - 0.4, -0.9)
    for place, item in enumerate(items):
        _draw(ax, place, item, colour=QUIET if place < 3 else ACCENT)
    ax.axvline(0, color=GREY, linewidth=0.8, zorder=0)
    if audit.terms.national:
        _claimed(ax, audit.terms.national)
    ax.set_yticks(range(len(items)), [item.group for item in items])
    ax.grid(axis="x")
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    money_axis(ax, axis="x")
    ax.set_xlabel("Saving of England a year", loc="right")
    return ax


def _claimed(ax: Axes, national: float) -> None:
    ax.axvline(national, color=INK, linewidth=1.2, linestyle=(0, (4, 3)), zorder=0)
    words = f"claimed: {write_claimed(national, 'GBP')}"
    ax.annotate(
        words, (national, -0.62), (4, 0), textcoords="offset points", va="center", fontsize=8.5, color=INK
    )


def _draw(ax: Axes, place: int, item: Estimate, *, colour: str) -> None:
    if item.value is None:
        ax.text(0, place, " not estimable", va="center", fontsize=8, color=QUIET, style="italic")
        return
    left, right = ax.get_xlim()
    if item.low is not None and item.high is not None:
        ax.plot([max(item.low, left), min(item.high, right)], [place] * 2, color=colour, lw=2.2, alpha=0.55)
        for end, edge, side in ((item.low, left, -1), (item.high, right, 1)):
            if side * end > side * edge:
                _arrow(ax, place, end, side=side, colour=colour)
    ax.plot([item.value], [place], "o", color=colour, markersize=6.5)


def _arrow(ax: Axes, place: int, end: float, *, side: int, colour: str) -> None:
    at = blended_transform_factory(ax.transAxes, ax.transData)
    edge = 0.99 if side > 0 else 0.01
    ax.plot(
        [edge], [place], ">" if side > 0 else "<", color=colour, markersize=7, transform=at, clip_on=False
    )
    ax.annotate(
        f"to {write_number(end, 'GBP')}",
        (edge, place),
        (-side * 4, -11),
        xycoords=at,
        textcoords="offset points",
        ha="right" if side > 0 else "left",
        va="center",
        fontsize=8,
        color=colour,
    )
