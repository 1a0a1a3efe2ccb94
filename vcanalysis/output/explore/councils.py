"""One council beside its statistical neighbours: ranks with their intervals, and who can be told apart."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from vcanalysis.analysis import productivity
from vcanalysis.analysis.productivity.standing import AHEAD, ALIKE, BEHIND
from vcanalysis.core.doors import door
from vcanalysis.core.numbers import write_number
from vcanalysis.intake.panel import Panel, open_panel
from vcanalysis.output.explore.controls import Control, Pick, Slider
from vcanalysis.output.explore.explorer import Explorer
from vcanalysis.output.explore.index import OUTCOMES, index_of
from vcanalysis.output.explore.view import View, canvas
from vcanalysis.output.plots.look import ACCENT, INK, QUIET, say_empty, style

INDEX = "All outcomes, beyond expectation"
_MOST = 10  # neighbours that the official model names
_PX = 400


@dataclass(frozen=True, slots=True)
class Compared:
    """What a comparison needs, made once.

    Parameters
    ----------
    panel : Panel
        Councils by years.
    found : Productivity
        The index.
    standings : mapping of str to Standings
        Ranks by measure.
    names : mapping of str to str
        Councils' names by code.
    """

    panel: Panel
    found: productivity.Productivity
    standings: Mapping[str, productivity.Standings]
    names: Mapping[str, str]

    @property
    def middle(self) -> str:
        """Code of the council of middle rank; empty where none is ranked."""
        table = self.found.table
        return str(table["unit"].iloc[len(table) // 2]) if len(table) else ""

    def alike(self, unit: str, most: int) -> list[str]:
        """Give the statistical neighbours of a council, the nearest first."""
        pairs = self.panel.neighbours
        return list(pairs.loc[pairs["council_code"].eq(unit)].sort_values("rank")["neighbour_code"])[:most]


@door("vc.explore.compare_councils(vc.open_panel(), council='Council 006')", takes=(Panel, type(None)))
def compare_councils(panel: Panel | None = None, *, council: str = "", seed: int = 2019) -> Explorer:
    """Explore how one council compares with its statistical neighbours, and how sure its rank is.

    Parameters
    ----------
    panel : Panel, optional
        From `open_panel`; the synthetic one when left out.
    council : str
        Name or ONS code of the council shown at first; the one of middle rank when empty.
    seed : int
        Seed of the simulation; ranks are those of notebook 14.

    Returns
    -------
    Explorer
        Controls: council (any of the panel), measure (the index, or one outcome) and neighbours (how many).

    Raises
    ------
    InputError
        If the panel lacks a column, or holds no such council.
    """
    data = panel or open_panel()
    names = _names(data.frame)
    codes = {name: code for code, name in names.items()}
    listed = tuple(sorted(codes))
    asked = Pick("Council", listed, "").read(names.get(council, council), "council") if council else ""
    known = _compared(data, names, seed)
    first = asked or names[known.middle or codes[listed[0]]]

    def draw(**state: Any) -> View:
        return look_at_council(known, codes[state["council"]], state["measure"], int(state["neighbours"]))

    controls: dict[str, Control] = {
        "council": Pick("Council", listed, first),
        "measure": Pick("Ranked by", (INDEX, *(o.name for o in OUTCOMES)), INDEX),
        "neighbours": Slider(
            "Statistical neighbours, nearest first", productivity.FEWEST_NEIGHBOURS, _MOST, 1, _MOST
        ),
    }
    return Explorer("A council beside its neighbours", controls, draw)


def _compared(data: Panel, names: Mapping[str, str], seed: int) -> Compared:
    found = index_of(data, seed=seed)
    ranked = {INDEX: productivity.standings(found)}
    ranked |= {o.name: productivity.standings(found, outcome=o.name, seed=seed) for o in OUTCOMES}
    return Compared(data, found, ranked, names)


def _names(frame: pd.DataFrame) -> dict[str, str]:
    """Give each code a name of its own: a council that was cut anew has its old name twice."""
    last = frame.sort_values("year").drop_duplicates("council_code", keep="last")
    names = last.set_index("council_code")["council"].astype("str")
    again = names[names.duplicated(keep=False)]
    return {code: f"{name} ({code})" if code in again.index else name for code, name in names.items()}


def look_at_council(known: Compared, unit: str, measure: str, most: int) -> View:
    """Give the view of one council in one measure.

    Parameters
    ----------
    known : Compared
        What was made once.
    unit : str
        Code of the council.
    measure : str
        `INDEX` or the name of an outcome.
    most : int
        How many neighbours count, the nearest first.
    """
    name, ranked = known.names[unit], known.standings[measure]
    source = f"Source: {known.panel.source}, own calculation"
    page = productivity.council_page(known.found, unit=unit, neighbours=known.alike(unit, most))
    ax = canvas(_PX, left=0.3)[0]
    if unit not in set(ranked.table["unit"]):
        reason = _why_not(known, unit)
        headline = f"{name} cannot be compared in this: {reason}"
        return View(
            headline,
            known_limits(known),
            _table(known, page),
            say_empty(ax, reason),
            alt=headline,
            source=source,
        )
    rows = ranked.beside(unit, known.alike(unit, most))
    headline = _headline(name, ranked.rank_words(unit), rows)
    _draw(ax, rows.assign(name=rows["unit"].map(known.names)), unit, len(ranked.table))
    absent = [known.names.get(code, code) for code in page.absent]
    without = (f"Neighbours without a number: {', '.join(absent)}.",) if absent else ()
    return View(
        headline,
        (f"{name}: {page.sentence()}", *_said_of(rows, known.names), *without, *known_limits(known)),
        _table(known, page),
        ax,
        alt=f"Bars of ranks with 95% intervals, one for the council and each neighbour. {headline}.",
        source=source,
    )


def known_limits(known: Compared) -> tuple[str, ...]:
    """Say what no comparison of councils shows."""
    always = (
        "Neighbours are alike in what the official model looks at; they are no yardstick of what could be."
    )
    return tuple(filter(None, (always, productivity.RECREATION, known.panel.caveat)))


def _why_not(known: Compared, unit: str) -> str:
    left_out = known.found.scores.left_out
    told = left_out.loc[left_out["unit"].eq(unit), "reason"] if len(left_out) else []
    return next(iter(told), known.found.reason or "it has no number in the last years")


def _headline(name: str, rank: str, rows: pd.DataFrame) -> str:
    others = rows[rows["says"] != ""]
    if others.empty:
        return f"{name} ranks anywhere from {rank}; no neighbour of it is in these data"
    alike = int(others["says"].eq(ALIKE).sum())
    whom = f"all {len(others)}" if alike == len(others) else f"{alike} of {len(others)}"
    return f"{name} ranks anywhere from {rank}; it cannot be told apart from {whom} neighbours"


def _said_of(rows: pd.DataFrame, names: Mapping[str, str]) -> tuple[str, ...]:
    """Name the neighbours that can be told apart."""
    said = []
    for verdict, words in ((AHEAD, "Better"), (BEHIND, "Worse")):
        whom = ", ".join(rows.loc[rows["says"] == verdict, "unit"].map(names))
        if whom:
            said.append(f"{words} in this measure, with 95% confidence for each pair by itself: {whom}.")
    return tuple(said)


def _draw(ax: Axes, rows: pd.DataFrame, unit: str, councils: int) -> None:
    own, told = rows["unit"].eq(unit).to_numpy(), ~rows["says"].isin(["", ALIKE]).to_numpy()
    places = pd.Series(range(len(rows)))
    with style():
        for mask, mark, colour, wide in (
            (~own & ~told, "o", "#8A8A8A", 1.4),
            (told, "s", INK, 1.4),
            (own, "^", ACCENT, 2.6),
        ):
            part = rows[mask]
            ax.hlines(places[mask], part["rank_low"], part["rank_high"], color=colour, linewidth=wide)
            ax.plot(part["rank"], places[mask], mark, color=colour, markersize=8 if mark == "^" else 6)
        ax.set_yticks(places, rows["name"].str.slice(0, 26))
        for label, mine in zip(ax.get_yticklabels(), own, strict=True):
            label.set_fontweight("bold" if mine else "normal")
        ax.set(xlim=(0, councils + 1), ylim=(len(rows) - 0.4, -0.6))
        ax.set_xlabel(f"Rank of {councils}, 1 the best, with its 95% interval")
        ax.set_xticks([1, *range(25, councils + 1, 25)])
        ax.grid(axis="x")
        ax.text(-0.4, 1.02, "▲ the council", color=ACCENT, weight="bold", transform=ax.transAxes)
        ax.text(0.02, 1.02, "● cannot be told apart from it", color=QUIET, transform=ax.transAxes)
        ax.text(1.0, 1.02, "■ can be told apart", color=INK, ha="right", transform=ax.transAxes)


def _table(known: Compared, page: productivity.CouncilPage) -> pd.DataFrame:
    """Give the index, spend and each outcome beside neighbours and country."""
    if page.outcomes.empty:
        return pd.DataFrame({"comparison": ["not estimable"]}, index=[INDEX])
    unit, mine = page.unit, page.neighbours["unit"].eq(page.unit)
    beside, spend = page.neighbours[~mine], known.found.table["spend_gbp"]
    own = page.productivity
    rows = {
        INDEX: [f"{own.value:.1f} ({own.low:.1f} to {own.high:.1f})", _mean(beside["productivity"]), "0.0"],
        "spend on a child, £ a week, area prices off": [
            write_number(float(each.mean()), "GBP") if len(each) else "–"
            for each in (page.neighbours.loc[mine, "spend_gbp"], beside["spend_gbp"], spend)
        ],
    }
    rows = {title: [*cells, "–", "–"] for title, cells in rows.items()}
    rows[INDEX][3] = known.standings[INDEX].rank_words(unit)
    for row in page.outcomes.itertuples():
        cells = [
            f"{row.own:.1f} ({row.low:.1f} to {row.high:.1f})",
            f"{row.neighbours:.1f}",
            f"{row.country:.1f}",
        ]
        rows[f"{row.outcome}, {row.better} is better"] = [
            *("–" if "nan" in cell else cell for cell in cells),
            known.standings[row.outcome].rank_words(unit),
            row.says,
        ]
    heads = [
        "here (95% interval)",
        "neighbours",
        "country",
        "rank (95% interval)",
        "beside the neighbours' mean",
    ]
    return pd.DataFrame.from_dict(rows, orient="index", columns=heads)


def _mean(values: pd.Series) -> str:
    return f"{values.mean():.1f}" if len(values) else "–"
