"""Flows of children: each quarter's count with the limits of chance, the verdict, and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from vcanalysis.analysis.signal import verdict
from vcanalysis.core.estimate import Estimate
from vcanalysis.output import charts
from vcanalysis.output.briefing.blocks import Cell, Figure, Said, Table
from vcanalysis.output.briefing.parts import source_of
from vcanalysis.output.briefing.words import interval, number
from vcanalysis.output.records import Record, Results

FLOWS = {
    "came_into_care": "Children who came into care",
    "moved_placement": "Moves of placement",
    "left_care": "Children who left care",
}
RULES = (
    "Rules, the same every quarter: a count outside the limits; else a run on one side of the median that is longer, "
    "or crossings of it that are fewer, than chance gives. A flow that carries over between quarters is not judged.",
)
_CHECKS = {
    "carried": "correlation_of_a_quarter_with_the_one_before",
    "run": "longest_run_on_one_side_of_the_median",
    "crossed": "crossings_of_the_median",
}
_SIGNALS = ("above chance", "below chance", "a lasting shift")
_NOT_RUN = Estimate.not_estimable("Check", n=0, reason="not in this run")


def _check(results: Results, check: str, flow: str) -> Record | None:
    return results.get(f"quarter.check.{check}.{flow}")


def verdict_of(results: Results, flow: str) -> str:
    """Judge the newest count of a flow by the published numbers, or give nothing where the run holds none.

    Parameters
    ----------
    results : Results
        Gated records.
    flow : str
        Last part of the ids, such as ``left_care``.
    """
    newest = results.get(f"quarter.signal.{flow}")
    if newest is None:
        return ""
    if newest.status == "suppressed":
        return "not shown"
    found = [_check(results, check, flow) for check in _CHECKS.values()]
    checks = [_NOT_RUN if record is None else record.estimate() for record in found]
    return verdict(newest.estimate(), *checks)


def said(results: Results) -> list[Said]:
    """Say of each flow whether its newest count is more than chance, and how large a rise it could have missed."""
    return [_say(results, flow, words) for flow, words in FLOWS.items() if verdict_of(results, flow)]


def _say(results: Results, flow: str, words: str) -> Said:
    newest, judged = results[f"quarter.signal.{flow}"], verdict_of(results, flow)
    if newest.value is None:
        return Said(newest.sentence, f"{words}: {judged}.", (newest.id,))
    seen = _check(results, "smallest_lasting_rise_seen_8_times_in_10", flow)
    told = f"Limits of chance {interval(newest)}, by the quarters before."
    ids = [newest.id]
    if seen is not None and seen.value is not None:
        told += f" Only a lasting rise of {number(seen)} or more would show in one quarter 8 times in 10."
        ids.append(seen.id)
    return Said(told, f"{words}: {number(newest)}, {judged}.", tuple(ids), numbers=("8", "10"))


def figure(results: Results, about: Mapping[str, Any]) -> Figure | None:
    """Draw all flows quarter by quarter with their limits.

    Parameters
    ----------
    results : Results
        Gated records.
    about : mapping
        The manifest.
    """
    series = {flow: list(results.of(f"quarter.series.{flow}")) for flow in FLOWS}
    drawn = {
        flow: records for flow, records in series.items() if sum(r.value is not None for r in records) > 1
    }
    if not drawn:
        return None
    newest = {flow: results.get(f"quarter.signal.{flow}") for flow in drawn}
    heads = {flow: _head(results, flow, newest[flow]) for flow in drawn}
    headline = _headline({flow: verdict_of(results, flow) for flow in drawn})
    everything = [r for records in drawn.values() for r in records]
    spans = (everything[0].group, everything[-1].group)
    return Figure(
        id="quarter.series",
        headline=headline,
        subtitle=f"Events in each quarter, {spans[0]} to {spans[1]}, with the limits of chance for the newest",
        source=source_of(about),
        n=f"{len(next(iter(drawn.values())))} quarters",
        alt=f"{len(drawn)} lines over the quarters. {'. '.join(heads.values())}."[:250],
        svg=charts.run_charts(
            {heads[flow]: (records, newest[flow]) for flow, records in drawn.items()},
            title=headline,
            description="; ".join(heads.values()),
        ),
        table=_counts(drawn, source_of(about)),
        notes=(_shaded(newest.values()), *RULES),
        ids=tuple(r.id for r in newest.values() if r is not None),
    )


def _shaded(newest: Iterable[Record | None]) -> str:
    level = next((r.level for r in newest if r is not None), None)
    if level is None:
        return "No count could be judged."
    return f"Shaded: where the newest count lies in at least {100 * level:.3g}% of quarters when nothing has changed."


def _counts(drawn: Mapping[str, list[Record]], source: str) -> Table:
    quarters = list(dict.fromkeys(r.group for records in drawn.values() for r in records))
    by_quarter = [{r.group: r for r in records} for records in drawn.values()]
    rows = tuple((Cell(q), *(_count(records.get(q)) for records in by_quarter)) for q in quarters)
    columns = ("Quarter", *(FLOWS[flow] for flow in drawn))
    return Table("quarter.series", "Events in each quarter, by flow", columns, rows, source)


def _count(record: Record | None) -> Cell:
    return Cell("–") if record is None else Cell(number(record), record.id, record.value, "count")


def _head(results: Results, flow: str, newest: Record | None) -> str:
    words = FLOWS[flow]
    if newest is None or newest.value is None:
        return words
    return f"{words}: {number(newest)}, {verdict_of(results, flow)} ({interval(newest)})"


def _headline(judged: dict[str, str]) -> str:
    beyond = [
        FLOWS[flow]
        for flow, words in judged.items()
        if words in ("above chance", "below chance", "a lasting shift")
    ]
    if beyond:
        return f"More than chance this quarter: {_listed(beyond)}"
    within = [words for words in judged.values() if words == "within chance"]
    if len(within) == len(judged):
        return "No flow of children is beyond what chance alone gives"
    return "No flow that could be judged is beyond what chance alone gives"


def _listed(words: Iterable[str]) -> str:
    return "; ".join(w[0].lower() + w[1:] for w in words)


def checks(results: Results, about: Mapping[str, Any]) -> Table | None:
    """Set the checks behind the verdicts in a table: one row a flow.

    Parameters
    ----------
    results : Results
        Gated records.
    about : mapping
        The manifest.
    """
    flows = [flow for flow in FLOWS if verdict_of(results, flow)]
    if not flows:
        return None
    columns = ("Flow", "Newest", "Limits of chance", "Carry-over", "Longest run", "Crossings", "Verdict")
    rows = tuple(_row(results, flow) for flow in flows)
    notes = (
        *RULES,
        "Carry-over: correlation of a quarter with the one before, with its 95% interval. In brackets behind runs and "
        "crossings: what chance gives.",
    )
    title = "Signal or noise: what each verdict rests on"
    return Table("quarter.verdicts", title, columns, rows, source_of(about), notes, words=(6,))


def _row(results: Results, flow: str) -> tuple[Cell, ...]:
    newest = results[f"quarter.signal.{flow}"]
    found = [_check(results, check, flow) for check in _CHECKS.values()]
    return (
        Cell(FLOWS[flow]),
        Cell(number(newest), newest.id, newest.value, "count"),
        Cell(interval(newest) or "–", newest.id),
        *(Cell(_ranged(record), record.id if record else "") for record in found),
        Cell(verdict_of(results, flow)),
    )


def _ranged(record: Record | None) -> str:
    if record is None:
        return "–"
    value = number(record, with_unit=False)
    return f"{value} ({interval(record)})" if interval(record) else value
