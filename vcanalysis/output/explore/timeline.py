"""A child's timeline: placements, costs, needs, goals and outcomes under one another. Private."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.dates import AutoDateLocator

from vcanalysis.core.codes import PLACEMENT_TYPES
from vcanalysis.core.doors import door
from vcanalysis.core.errors import InputError
from vcanalysis.core.numbers import write_number
from vcanalysis.core.period import write_day
from vcanalysis.intake.council import Council
from vcanalysis.output.explore.controls import Pick
from vcanalysis.output.explore.explorer import Explorer
from vcanalysis.output.explore.view import View, canvas
from vcanalysis.output.plots.look import ACCENT, CATEGORIES, GREY, INK, QUIET, money_axis, style

MOST_LISTED = 1000  # children to choose from, those with most on record first
PRIVATE = "Private: about one child, for the professionals concerned. Never publish it."
_HATCHES = ("", "//", "..", "\\\\", "xx", "--")
_GOALS = {"met": "■", "some": "▲", "none": "○"}
_LEVELS = ((3, "#8A8A8A"), (22, "#7F94B8"), (52, "#45659B"), (95, ACCENT))  # size and shade of levels 0 to 3
_SHORTEST_LABELLED = 0.2  # of the width; the words below the picture name every stay
_OUTCOME = "sdq_total"


@dataclass(frozen=True, slots=True)
class Story:
    """What is on record about one child.

    Parameters
    ----------
    stays : DataFrame
        from, to, placement_type, gbp_week: stretches with one placement and one price.
    needs : DataFrame
        date, need_total and the domains of each assessment.
    goals, outcomes : DataFrame
        Rows of the tables.
    titles : dict of str to str
        Domains of need and their titles.
    """

    stays: pd.DataFrame
    needs: pd.DataFrame
    goals: pd.DataFrame
    outcomes: pd.DataFrame
    titles: dict[str, str]


@door("vc.explore.timeline(here)", takes=Council)
def timeline(council: Council, *, child: str = "") -> Explorer:
    """Explore one child's time in care.

    Parameters
    ----------
    council : Council
        Whose children.
    child : str
        Pseudonym of the child to begin with; left out, the one with most on record.

    Returns
    -------
    Explorer
        Control: child, a pseudonym; the 1,000 with most assessments, goals, outcomes and kinds of
        placement on record, those with most first.

    Raises
    ------
    InputError
        If no child was in care in the time covered, or not the child asked for.
    """
    weeks = council.child_weeks(council.start, council.end)
    rated = council.assessments().query("~second_rating")
    if weeks.empty:
        raise InputError("No child was in care in the time covered. Check the council with: vcanalysis check")
    often = _on_record(council, weeks, rated)
    if child and child not in often.index:
        raise InputError("That child was not in care in the time covered. Check the pseudonym.")
    listed = tuple(often.sort_values(ascending=False, kind="stable").index[:MOST_LISTED])
    listed = tuple(dict.fromkeys([*([child] if child else []), *listed]))
    left = len(often) - len(listed)
    unlisted = (
        (f"{left:,} children with less on record are not listed: timeline(council, child=...).",)
        if left
        else ()
    )
    titles = dict(council.framework.domain_titles)

    def draw(child: str) -> View:
        tables = (weeks, rated, council.tables["goals"], council.tables["outcomes"])
        stays, needs, goals, outcomes = (rows[rows["child_id"] == child] for rows in tables)
        view = look_at_child(Story(stays, needs, goals, outcomes, titles), label=council.label)
        return replace(view, sentences=(*view.sentences, *unlisted))

    return Explorer(
        "A child's time in care", {"child": Pick("Child (pseudonym)", listed, listed[0], private=True)}, draw
    )


def _on_record(council: Council, weeks: pd.DataFrame, rated: pd.DataFrame) -> pd.Series:
    """Count by child in care what there is to show: assessments, goals, outcomes and kinds of placement."""
    kinds = weeks[["child_id", "placement_type"]].drop_duplicates()
    tables = (kinds, rated, council.tables["goals"], council.tables["outcomes"])
    counts = [rows["child_id"].astype("str").value_counts() for rows in tables]
    return pd.concat(counts, axis=1).reindex(weeks["child_id"].astype("str").unique()).sum(axis=1)


def look_at_child(story: Story, *, label: str = "") -> View:
    """Give the view of one child's time in care.

    Parameters
    ----------
    story : Story
        What is on record.
    label : str
        Name of the council.
    """
    places, prices, needs, domains, marks = canvas(720, rows=5, heights=(1, 1.5, 1.5, 4.2, 1), left=0.37)
    for ax in (places, prices, needs, domains):
        ax.xaxis.set_visible(False)  # the last band carries the time for all; ticks take the longest to draw
    with style():
        _draw_places(places, story.stays)
        _draw_prices(prices, story.stays)
        _draw_needs(needs, story.needs)
        _draw_domains(domains, story)
        _draw_marks(marks, story)
    headline = _headline(story)
    return View(
        headline,
        (PRIVATE, *_said_of_places(story.stays)),
        _table(story),
        places,
        alt="Five bands over time: placements, weekly cost, total need, each domain of need, goals and outcomes. "
        f"{headline}.",
        source=f"Source: {label}, own calculation" if label else "",
    )


def _said_of_places(stays: pd.DataFrame) -> tuple[str, ...]:
    """Name every stay with its first day: a short one has no room for words in the picture."""
    said = [f"{kind} from {write_day(first)}" for kind, first, _ in _runs(stays)]
    return (f"Where: {'; '.join(said)}.",) if said else ()


def _draw_places(ax: Axes, stays: pd.DataFrame) -> None:
    kinds = [k for k in PLACEMENT_TYPES if k in set(stays["placement_type"].astype("str"))]
    whole = (stays["to"].max() - stays["from"].min()).days
    for kind, first, last in _runs(stays):
        place = kinds.index(kind) if kind in kinds else 0
        colour, hatch = CATEGORIES[place % 6], _HATCHES[place % 6]
        width = (last - first).days
        ax.barh(0, width, left=first, height=0.8, color=colour, hatch=hatch, edgecolor="white", linewidth=0.8)
        if width > _SHORTEST_LABELLED * whole:
            box = {"facecolor": "white", "alpha": 0.85, "edgecolor": "none", "pad": 1.5}
            middle = first + (last - first) / 2
            words = kind.replace(" ", "\n", 1)
            ax.text(
                middle, 0, words, ha="center", va="center", fontsize=7.5, color=INK, bbox=box, clip_on=True
            )
    ax.set(yticks=[], ylabel="Where", ylim=(-0.6, 0.6))


def _draw_prices(ax: Axes, stays: pd.DataFrame) -> None:
    for row in stays.itertuples():
        ax.plot(
            [row[_at(stays, "from")], row[_at(stays, "to")]], [row.gbp_week] * 2, color=ACCENT, linewidth=2.2
        )
    ax.set_ylim(0, 1.15 * _most(stays["gbp_week"]))
    money_axis(ax)
    ax.grid(axis="y")
    ax.set_ylabel("£ a week")


def _draw_needs(ax: Axes, needs: pd.DataFrame) -> None:
    ax.plot(needs["date"], needs["need_total"], "-", color=GREY, linewidth=1.2)
    ax.plot(needs["date"], needs["need_total"], "o", color=ACCENT, markersize=6)
    for day, total in zip(needs["date"], needs["need_total"], strict=True):
        ax.annotate(f"{total:.3g}", (day, total), (0, 6), textcoords="offset points", ha="center", fontsize=8)
    # every point is labelled: an axis would only take time to draw
    ax.set(ylim=(0, 1.3 * _most(needs["need_total"])), yticks=[], ylabel="Total need")


def _draw_domains(ax: Axes, story: Story) -> None:
    """Draw the level of each domain at each assessment: the larger and darker the square, the more is needed."""
    levels = story.needs[list(story.titles)].astype("float64").to_numpy()
    days = np.repeat(story.needs["date"].to_numpy(), len(story.titles))
    rows = np.tile(np.arange(len(story.titles)), len(story.needs))
    for level, (size, colour) in enumerate(_LEVELS):
        there = levels.ravel() == level
        ax.scatter(days[there], rows[there], s=size, c=colour, marker="s", linewidths=0)
    ax.set(ylim=(len(story.titles) - 0.4, -0.6))
    ax.yaxis.set_visible(False)  # words alone take a third of the time that ticks take
    beside = ax.get_yaxis_transform()
    for row, title in enumerate(story.titles.values()):
        ax.text(-0.01, row, title, ha="right", va="center", fontsize=8, color=INK, transform=beside)
    ax.hlines(range(len(story.titles)), 0, 1, transform=beside, color="#E4E4E4", linewidth=0.6, zorder=0)


def _most(values: pd.Series) -> float:
    """Give the highest that is known, 1 at least: an axis needs a length."""
    return max(float(values.max()), 1.0) if values.notna().any() else 1.0


def _draw_marks(ax: Axes, story: Story) -> None:
    for day, progress in zip(story.goals["set_on"], story.goals["progress"].astype("str"), strict=True):
        ax.text(day, 1, _GOALS.get(progress, "?"), ha="center", va="center", color=ACCENT, clip_on=True)
    scores = story.outcomes[story.outcomes["measure"].astype("str") == _OUTCOME]
    for day, values in scores.groupby("date")["value"]:  # carer, teacher and child may answer on one day
        said = ", ".join(f"{value:g}" for value in values)
        ax.text(day, 0, said, ha="center", va="center", fontsize=8.5, color=QUIET, clip_on=True)
    for row, there in ((0, scores), (1, story.goals)):
        if there.empty:
            ax.text(
                0.0,
                row,
                " none recorded",
                va="center",
                fontsize=8,
                color=QUIET,
                transform=ax.get_yaxis_transform(),
            )
    ax.set(yticks=[0, 1], yticklabels=["SDQ", "Goals"], ylim=(-0.7, 1.7))
    ax.set_xlabel(
        "Squares: the larger, the more is needed, 0 to 3. SDQ: 0 to 40, lower is better.\n"
        "Goals: ■ met, ▲ some progress, ○ none, ? not known.",
        x=0.3,
    )
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_locator(AutoDateLocator(minticks=2, maxticks=5))


def _at(frame: pd.DataFrame, column: str) -> int:
    return list(frame.columns).index(column) + 1


def _runs(stays: pd.DataFrame) -> list[tuple[str, pd.Timestamp, pd.Timestamp]]:
    """Join stretches of one type that follow on each other."""
    found: list[tuple[str, pd.Timestamp, pd.Timestamp]] = []
    ordered = stays.sort_values("from")
    for kind, first, last in zip(
        ordered["placement_type"].astype("str"), ordered["from"], ordered["to"], strict=True
    ):
        if found and found[-1][0] == kind and found[-1][2] == first:
            found[-1] = (kind, found[-1][1], last)
        else:
            found.append((kind, first, last))
    return found


def _headline(story: Story) -> str:
    stays, needs = story.stays, story.needs.sort_values("date").dropna(subset="need_total")
    spent = write_number(float((stays["gbp_week"] * (stays["to"] - stays["from"]).dt.days / 7).sum()), "GBP")
    weeks = (stays["to"] - stays["from"]).dt.days.sum() / 7
    spent = f"{spent} spent" if stays["gbp_week"].notna().any() else "no price known"
    said = f"{weeks:,.0f} weeks in care, {spent}; changes of the kind of placement: {len(_runs(stays)) - 1}"
    if len(needs) < 2:
        return f"{said}; needs assessed {('once' if len(needs) else 'never')}"
    first, last = needs["need_total"].iloc[0], needs["need_total"].iloc[-1]
    return f"{said}; total need {first:.3g} at first, {last:.3g} at the last of {len(needs)} assessments"


def _table(story: Story) -> pd.DataFrame:
    """Give the domains of the first and the last assessment, those that moved most first."""
    needs = story.needs.sort_values("date")
    if needs.empty:
        return pd.DataFrame({"needs": ["not assessed"]})
    ends = needs.iloc[[0, -1]]
    table = ends[list(story.titles)].T.set_axis([write_day(day) for day in ends["date"]], axis=1)
    if len(needs) == 1:
        table = table.iloc[:, :1]
    order = (table.iloc[:, -1] - table.iloc[:, 0]).abs().sort_values(ascending=False, kind="stable").index
    return (
        table.loc[order].rename(index=story.titles).map(lambda level: "–" if pd.isna(level) else f"{level:g}")
    )
