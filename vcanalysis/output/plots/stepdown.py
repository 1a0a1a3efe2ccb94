"""Who could live in a family: the screen step by step, where children overlap, and whether probabilities hold."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib.axes import Axes

from vcanalysis.analysis.stepdown import FamilyProbability
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import wilson
from vcanalysis.output.plots.frame import in_style, new_axes
from vcanalysis.output.plots.look import ACCENT, GREY, INK, QUIET, share_axis
from vcanalysis.output.plots.ranges import draw_range

_BINS = 20
_GROUPS = 5
_LEAST = 10


@in_style
def plot_screen(funnel: pd.DataFrame, *, ax: Axes | None = None) -> Axes:
    """Draw how many children are left after each criterion, and how many of them wait on one that is not known.

    Parameters
    ----------
    funnel : DataFrame
        From ``Screen.funnel()``; a criterion nobody can be judged by is marked "ask".
    ax : Axes, optional
        Where to draw; a new Axes when absent.

    Returns
    -------
    Axes

    Examples
    --------
    >>> table = pd.DataFrame({"criterion": ["lives in a home"], "met": [9], "not_met": [1], "cannot_be_judged": [0],
    ...                       "left": [9], "unjudged_so_far": [0]})
    >>> plot_screen(table).get_yticklabels()[0].get_text()
    'lives in a home'
    """
    ax = ax or new_axes(9.0)
    places = np.arange(len(funnel))
    left, waits = funnel["left"].to_numpy(), funnel["unjudged_so_far"].to_numpy()
    last = places == len(funnel) - 1
    ax.barh(places, left, height=0.68, color=np.where(last, ACCENT, GREY))
    ax.barh(
        places, waits, left=left, height=0.68, color="white", edgecolor=QUIET, linewidth=0.8, hatch="////"
    )
    asked = (funnel["met"] + funnel["not_met"]).eq(0).to_numpy()
    for place, count, open_, ask in zip(places, left, waits, asked, strict=True):
        words = (
            f"{count:,.0f}" + (f" and {open_:,.0f} not known" if open_ else "") + (" (ask)" if ask else "")
        )
        ax.annotate(
            words, (count + open_, place), (5, 0), textcoords="offset points", va="center", fontsize=8.5
        )
    ax.set_yticks(places, [_folded(words) for words in funnel["criterion"]])
    ax.set_ylim(len(funnel) - 0.5, -0.5)
    room = 2.0 if asked.any() or waits.any() else 1.25  # for the words behind the bars
    ax.set_xlim(0, room * max(float((left + waits).max(initial=0)), 1.0))
    ax.tick_params(axis="y", length=0)
    ax.set_xlabel("Children who meet this criterion and all above it", loc="right")
    return ax


def _folded(words: str, width: int = 44) -> str:
    """Write long words on two lines."""
    if len(words) <= width:
        return words
    cut = words.rfind(" ", 0, len(words) // 2 + 8)
    return f"{words[:cut]}\n{words[cut + 1 :]}"


@in_style
def plot_overlap(found: FamilyProbability, *, threshold: float = np.nan, ax: Axes | None = None) -> Axes:
    """Draw how children in families and in homes are spread over the probability of living in a family.

    Parameters
    ----------
    found : FamilyProbability
        From `family_probability`; children outside the overlap have no probability and are not drawn.
    threshold : float
        Drawn as a line where given.
    ax : Axes, optional
        Where to draw; a new Axes when absent.

    Returns
    -------
    Axes
        Families above the line, homes below it, each as shares of its own.

    Examples
    --------
    >>> from vcanalysis.analysis.stepdown import Recipe, family_probability
    >>> rows = pd.DataFrame({"need": range(80), "family": [True, False] * 40})
    >>> len(plot_overlap(family_probability(rows, family="family", recipe=Recipe(numbers=("need",)))).texts) > 0
    True
    """
    ax = ax or new_axes(7.5)
    known = found.rows.dropna(subset=["probability"])
    edges = np.linspace(0, 1, _BINS + 1)
    for family, sign, colour, words in ((True, 1, GREY, "in families"), (False, -1, ACCENT, "in homes")):
        values = known.loc[known["family"].eq(family), "probability"].to_numpy(dtype=float)
        counts = np.histogram(values, edges)[0] / max(len(values), 1)
        ax.bar(
            edges[:-1],
            sign * counts,
            width=1 / _BINS,
            align="edge",
            color=colour,
            edgecolor="white",
            linewidth=0.6,
        )
        ax.text(0.01, 0.5 + sign * 0.40, f"Children {words}", transform=ax.transAxes, va="center", color=INK)
    ax.axhline(0, color=QUIET, linewidth=0.8)
    if np.isfinite(threshold):
        ax.axvline(threshold, color=INK, linewidth=1.0, linestyle=(0, (4, 3)))
        ax.annotate(
            f"threshold {100 * threshold:.0f}%", (threshold, 1.0), (-5, -4), xycoords=("data", "axes fraction"),
            textcoords="offset points", ha="right", va="top", fontsize=8.5,
        )  # fmt: skip
    most = max(abs(v) for v in ax.get_ylim())
    ax.set(xlim=(0, 1), ylim=(-most, most), yticks=[])
    ax.spines["left"].set_visible(False)
    share_axis(ax)
    ax.set_xlabel("Probability that a comparable child lives in a family")
    return ax


@in_style
def plot_calibration(frame: pd.DataFrame, *, outcome: str, probability: str, ax: Axes | None = None) -> Axes:
    """Draw the share observed against the share predicted, in fifths of the probability, with Wilson intervals.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows that lack outcome or probability are left out.
    outcome, probability : str
        Columns.
    ax : Axes, optional
        Where to draw; a new Axes when absent.

    Returns
    -------
    Axes
        On the line, what is predicted happens. Nothing but the line below 50 children.

    Examples
    --------
    >>> rows = pd.DataFrame({"p": [0.2, 0.8] * 50, "happened": [0, 1] * 50})
    >>> len(plot_calibration(rows, outcome="happened", probability="p").collections) >= 0
    True
    """
    ax = ax or new_axes(8.0)
    ax.plot([0, 1], [0, 1], color=QUIET, linewidth=0.8, linestyle=(0, (4, 3)))
    known = frame.dropna(subset=[outcome, probability])
    if len(known) >= _GROUPS * _LEAST:
        order = known[probability].rank(method="first")
        for _, part in known.groupby(np.ceil(_GROUPS * order / len(known)), observed=True):
            happened = part[outcome].astype(float)
            ends = wilson(float(happened.sum()), len(part))
            at = float(part[probability].astype(float).mean())
            ax.plot([at, at], ends, color=ACCENT, linewidth=2.2, alpha=0.55, solid_capstyle="butt")
            ax.plot([at], [happened.mean()], "o", color=ACCENT, markersize=6.5)
    ax.set(xlim=(0, 1), ylim=(0, 1), ylabel="Children who do live in a family")
    ax.set_xlabel("Probability given, mean of a fifth of the children")
    share_axis(ax)
    ax.yaxis.set_major_formatter(ax.xaxis.get_major_formatter())
    ax.grid(axis="y")
    return ax


@in_style
def plot_contract(bounds: list[Estimate], published: Estimate, *, ax: Axes | None = None) -> Axes:
    """Draw what survival says of a contract, for each way the times could have been, below the published share.

    Parameters
    ----------
    bounds : list of Estimate
        From `contract_survival`; groups say how the times were.
    published : Estimate
        The share as published.
    ax : Axes, optional
        Where to draw; a new Axes when absent.

    Returns
    -------
    Axes

    Examples
    --------
    >>> from vcanalysis.analysis.stepdown import Contract, contract_survival
    >>> published = Estimate("As published", 0.645, 0.47, 0.79, n=31, unit="share")
    >>> ax = plot_contract(list(contract_survival(Contract(31, 12, 7))), published)
    >>> ax.get_yticklabels()[0].get_text()
    'As published'
    """
    ax = ax or new_axes(6.0)
    rows = [(_folded(published.term, 30), published, GREY)]
    rows += [(_folded(f"Survival, if {e.group}", 30), e, ACCENT) for e in bounds]
    for place, (_, item, colour) in enumerate(rows):
        draw_range(ax, place, item, colour=colour, width=2.4, alpha=0.6)
        if item.value is not None:
            ax.plot([item.value], [place], "o", color=colour if colour == ACCENT else QUIET, markersize=7)
            ax.annotate(
                f"{100 * item.value:.0f}%",
                (item.value, place),
                (0, 8),
                textcoords="offset points",
                ha="center",
            )
    ax.set_yticks(range(len(rows)), [words for words, _, _ in rows])
    ax.set_ylim(len(rows) - 0.5, -0.7)
    ax.set_xlim(0, 1)
    ax.tick_params(axis="y", length=0)
    ax.spines["left"].set_visible(False)
    share_axis(ax)
    ax.grid(axis="x")
    ax.set_xlabel("Share in a family at the last week; line: 95% interval", loc="right")
    return ax
