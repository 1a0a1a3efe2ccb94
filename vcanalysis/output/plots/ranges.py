"""Estimates as dots with their intervals."""

from __future__ import annotations

from collections.abc import Iterable

from matplotlib.axes import Axes
from matplotlib.patheffects import Normal, Stroke
from matplotlib.ticker import FuncFormatter, MaxNLocator

from vcanalysis.analysis.association import Explained
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.numbers import write_number
from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import ACCENT, GREY, INK, QUIET, money_axis, share_axis, write_count


def _name(estimate: Estimate) -> str:
    return estimate.term if estimate.group == "all" else estimate.group


@in_style
def plot_estimates(
    estimates: Iterable[Estimate],
    *,
    ax: Axes | None = None,
    null: float | None = None,
    highlight: Iterable[str] | None = None,
    unit: str = "",
) -> Axes:
    """Draw estimates as dots with their intervals, one line each, the first on top.

    Parameters
    ----------
    estimates : iterable of Estimate
        In reading order; those not estimable are drawn as a grey note.
    ax : Axes, optional
        Where to draw; a new Axes when absent.
    null : float, optional
        Value of no difference, drawn as a thin line.
    highlight : iterable of str, optional
        Names (group, or term where there is no group) drawn in the accent colour; all when absent.
    unit : str
        Unit the axis is written in; that of the first estimate when empty.

    Returns
    -------
    Axes

    Examples
    --------
    >>> ax = plot_estimates([Estimate("Share in homes", 0.12, 0.09, 0.16, n=270, unit="share")])
    >>> len(ax.get_yticks())
    1
    """
    ax = ax or new_axes(7.0)
    items = list(estimates)
    unit = unit or next((e.unit for e in items if e.estimable), "")
    chosen = {_name(e) for e in items} if highlight is None else set(highlight)
    ends = [v for e in items for v in (e.value, e.low, e.high) if v is not None] + (
        [] if null is None else [null]
    )
    low, high = (min(ends), max(ends)) if ends else (0.0, 1.0)
    pad = 0.04 * (high - low or 1.0)
    ax.set_xlim(low - pad, high + pad)
    for place, item in enumerate(items):
        _draw(ax, place, item, colour=ACCENT if _name(item) in chosen else QUIET, at=low)
    if null is not None:
        ax.axvline(null, color=QUIET, linewidth=0.8, zorder=0)
    ax.set_yticks(range(len(items)), [_name(e) for e in items])
    ax.set_ylim(len(items) - 0.4, -0.6)
    ax.grid(axis="x")
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    ax.xaxis.set_major_locator(MaxNLocator(6))
    if unit.startswith("GBP"):
        money_axis(ax, axis="x")
    else:
        ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: write_number(v, unit, with_unit=False)))
    return ax


def draw_range(
    ax: Axes, place: int, item: Estimate, *, colour: str, width: float, alpha: float = 1.0
) -> None:
    """Draw the interval of an estimate as a horizontal line, where it has one."""
    if item.low is not None and item.high is not None:
        ends = [item.low, item.high]
        # A white edge keeps the line visible where it crosses a dark bar.
        edge = [Stroke(linewidth=width + 1.6, foreground="white"), Normal()] if alpha == 1 else None
        ax.plot(
            ends, [place] * 2, color=colour, lw=width, solid_capstyle="butt", alpha=alpha, path_effects=edge
        )


def _draw(ax: Axes, place: int, item: Estimate, *, colour: str, at: float) -> None:
    if not item.estimable:
        ax.text(at, place, "not estimable", va="center", fontsize=8, color=QUIET, style="italic")
        return
    draw_range(ax, place, item, colour=colour, width=2.2, alpha=0.55)
    ax.plot([item.value or 0.0], [place], "o", color=colour, markersize=6.5)


@in_style
def plot_rank_correlations(
    overall: Estimate,
    within: Iterable[Estimate] = (),
    *,
    ax: Axes | None = None,
) -> Axes:
    """Draw the rank correlation over all children in the accent colour and those within groups in grey.

    Parameters
    ----------
    overall : Estimate
        From `rank_correlation`.
    within : iterable of Estimate
        From `rank_correlation_by`.
    ax : Axes, optional
        Where to draw.

    Returns
    -------
    Axes
        Horizontal axis from no link (0) towards perfect order (1).

    Examples
    --------
    >>> ax = plot_rank_correlations(Estimate("Rank correlation", 0.2, 0.1, 0.3, n=300, unit="correlation"))
    >>> ax.get_yticklabels()[0].get_text()
    'All children (about 300)'
    """
    ax = ax or new_axes(7.5)
    named = [overall.named(group=f"All children ({write_count(overall.n)})")]
    named += [e.named(group=f"{e.group} ({write_count(e.n)})") for e in within]
    plot_estimates(named, ax=ax, null=0.0, highlight=[named[0].group], unit="correlation")
    low, high = ax.get_xlim()
    ax.set_xlim(min(low, -0.25), max(high, 1.02))
    ax.set_xlabel("Rank correlation of need and weekly cost: 0 no link, 1 the same order", loc="right")
    return ax


@in_style
def plot_share_explained(
    result: Explained,
    *,
    ax: Axes | None = None,
    highlight: str = "Need",
) -> Axes:
    """Draw the share of the differences in cost that each block explains, with intervals.

    Parameters
    ----------
    result : Explained
        From `share_explained`.
    ax : Axes, optional
        Where to draw.
    highlight : str
        Block drawn in the accent colour.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from vcanalysis.core.estimate import Estimates
    >>> one = Estimate("Share of cost explained", 0.04, 0.01, 0.08, n=400, unit="share", group="Need")
    >>> ax = plot_share_explained(Explained(Estimates((one,)), one, "log"))
    >>> ax.get_yticklabels()[0].get_text()
    'Need'
    """
    ax = ax or new_axes(6.5)
    items = result.ordered()
    for place, item in enumerate(items):
        chosen = item.group == highlight
        ax.barh(place, item.value or 0.0, height=0.62, color=ACCENT if chosen else GREY)
        draw_range(ax, place, item, colour=INK, width=1.1)
        edge = max(v for v in (item.value, item.high, 0.0) if v is not None)
        words = write_number(item.value, "share") if item.estimable else "not estimable"
        ax.annotate(
            words,
            (edge, place),
            (6, 0),
            textcoords="offset points",
            va="center",
            fontsize=9,
            weight="bold" if chosen else "normal",
        )
    ax.set_yticks(range(len(items)), [e.group for e in items])
    ax.set_ylim(len(items) - 0.5, -0.5)
    ax.set_xlim(min(0.0, *(e.low or 0.0 for e in items)), None)
    ax.tick_params(axis="y", length=0)
    share_axis(ax)
    ax.set_xlabel(
        f"Share of the differences in {'log ' if result.scale == 'log' else ''}weekly cost explained"
    )
    return ax
