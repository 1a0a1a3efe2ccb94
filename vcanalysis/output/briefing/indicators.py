"""The indicators of the quarterly report: now, last quarter, a year before, and beside targets and England."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vcanalysis.core.facts import Fact, fact_of_year
from vcanalysis.core.numbers import write_number
from vcanalysis.core.period import Quarter, write_day
from vcanalysis.output import protocol
from vcanalysis.output.briefing import flows
from vcanalysis.output.briefing.blocks import Cell, Table
from vcanalysis.output.briefing.councils import NEIGHBOURS
from vcanalysis.output.briefing.findings import direction
from vcanalysis.output.briefing.parts import source_of
from vcanalysis.output.briefing.words import base, interval, number
from vcanalysis.output.disclosure import published_unit
from vcanalysis.output.records import Record, Results

KPIS = {
    "council.children_in_care": "Children in care",
    "quarter.flows.came_into_care": "Children who came into care",
    "quarter.flows.left_care": "Children who left care",
    "quarter.flows.moved_placement": "Moves of placement",
    "cost.quarter.cost_of_a_child_week": "Cost of a week of care, whole quarter",
    "cost.quarter.cost_of_the_weeks_with_a_price": "Cost of the whole quarter",
    "cost.dearest_share.dearest_10": "Share of spend on the dearest tenth",
    "need_spend.rank_correlation": "Rank correlation of need and cost",
    "data.assessed.share_of_children_assessed": "Children with an assessment",
    "stability.last_a_year": "Placements that last a year",
    "middle.broad.share_of_weekly_spend_in_the_middle": "Share of spend in the middle",
    "matching.in_house_share": "Mainstream fostering that is in-house",
}
_CHANGES = {
    "council.children_in_care": "quarter.growth",
    "cost.quarter.cost_of_a_child_week": "quarter.stock.change_of_mean_weekly_cost",
} | {f"quarter.flows.{flow}": f"quarter.change.{flow}" for flow in flows.FLOWS}
_SERIES = {
    "council.children_in_care": "quarter.then.children_in_care",
    "cost.quarter.cost_of_a_child_week": "quarter.then.cost_of_a_child_week",
    "need_spend.rank_correlation": "need_spend.trend",
    "cost.quarter.cost_of_the_weeks_with_a_price": "quarter.then.cost_of_the_weeks_with_a_price",
} | {f"quarter.flows.{flow}": f"quarter.series.{flow}" for flow in flows.FLOWS}
_NATIONAL = {
    "stability.three_or_more": ("Three placements or more in the year", "england_three_placements"),
    "cost.residential_mean": ("Weekly cost of a residential home", "england_residential_week"),
}
_PUBLISHED = "figures of the Department for Education"
_AS_TOLD = " †"
_TITLE = "Twelve indicators"


def table(results: Results, about: Mapping[str, Any]) -> Table | None:
    """Set the indicators in a table: one row each, with what they were and whether the change is more than chance.

    Parameters
    ----------
    results : Results
        Gated records.
    about : mapping
        The manifest.
    """
    shown = [results[name] for name in KPIS if name in results]
    if not shown:
        return None
    now = Quarter.parse(about["quarter"])
    rows = tuple(_row(record, results, now, about.get("before", {})) for record in shown)
    columns = (
        "Indicator",
        "This quarter",
        "Interval",
        "Last quarter",
        "A year before",
        "Verdict",
        "Based on",
    )
    notes = (
        "Verdict: of a flow, whether it is beyond the limits of chance; then the change on the same quarter of the "
        "year before (of cost, on its last day), where “no clear change” means that its interval holds zero. A stock "
        "is mostly the same children as last time: no control chart suits it.",
        "Earlier quarters are as counted now, their costs at the prices of the price year; those marked † are as the "
        "report of that quarter gave them. A dash: there is none; under Interval, what was counted or added up.",
    )
    title = _TITLE if len(rows) == len(KPIS) else "Indicators"
    return Table("indicators", title, columns, rows, source_of(about), notes, words=(5,))


def _row(record: Record, results: Results, now: Quarter, before: Mapping[str, Results]) -> tuple[Cell, ...]:
    change = results.get(_CHANGES.get(record.id, ""))
    flow = record.id.removeprefix("quarter.flows.")
    return (
        Cell(KPIS[record.id]),
        Cell(number(record, with_unit=False), record.id, record.value, published_unit(record.unit)),
        Cell(interval(record) or "–", record.id),
        _then(record, results, now.shift(-1), before),
        _then(record, results, now.shift(-4), before),
        Cell(_verdict(flows.verdict_of(results, flow), change), change.id if change else ""),
        Cell(base(record), record.id),
    )


def _verdict(beside_chance: str, change: Record | None) -> str:
    return "; ".join(filter(None, (beside_chance, changed(change)))) if beside_chance else changed(change)


def _then(record: Record, results: Results, quarter: Quarter, before: Mapping[str, Results]) -> Cell:
    """Give the figure of an earlier quarter as it is counted now, else as its own report gave it."""
    topic = _SERIES.get(record.id, "")
    then = results.get(f"{topic}.{str(quarter).lower()}")
    if then is not None:
        return Cell(number(then, with_unit=False), then.id)
    told = before[str(quarter)].get(record.id) if str(quarter) in before else None
    if told is None:
        return Cell("–")
    return Cell(f"{number(told, with_unit=False)}{_AS_TOLD}", origin=f"the report of {quarter}")


def changed(change: Record | None) -> str:
    """Say in a word or two whether a change is more than chance."""
    if change is None:
        return "–"
    if change.value is None:
        return number(change)
    return {"up": "rose", "down": "fell", "flat": "no clear change"}[direction(change)]


def compared(results: Results, about: Mapping[str, Any]) -> Table | None:
    """Set indicators beside what the council aimed at, and beside England where a national figure is published.

    Parameters
    ----------
    results : Results
        Gated records.
    about : mapping
        The manifest: targets of the protocol, and the price year that chooses the national figure.
    """
    rows = [*_aims(results, about), *_nation(results, about)]
    if not rows:
        return None
    none = "" if len(results.of(NEIGHBOURS)) else "No statistical neighbours were given to this run. "
    notes = (
        f"A target is reached only where the whole interval lies beyond it. {none}England is not a target. National "
        "figures: Department for Education.",
    )
    columns = ("Indicator", "This council", "Interval", "Set beside", "Verdict")
    return Table(
        "compared", "Beside targets and England", columns, tuple(rows), source_of(about), notes, words=(3, 4)
    )


def _aims(results: Results, about: Mapping[str, Any]) -> list[tuple[Cell, ...]]:
    targets = about.get("protocol", {}).get("targets", [])
    told = [(results[t["outcome"]], t["least"]) for t in targets if t["outcome"] in results]
    return [
        _beside(
            r,
            KPIS.get(r.id, r.label),
            f"Target: {protocol.target_words(r, least)}",
            protocol.reached(r, least),
            protocol.FILE,
        )
        for r, least in told
    ]


def _nation(results: Results, about: Mapping[str, Any]) -> list[tuple[Cell, ...]]:
    year = about["council"].get("price_year", "")
    found = [(results.get(name), words, series) for name, (words, series) in _NATIONAL.items()]
    return [
        _beside(
            record,
            words,
            f"England: {write_number(fact.value, published_unit(fact.unit))} ({_day_words(fact.year)})",
            _side(record, fact),
            _PUBLISHED,
        )
        for record, words, series in found
        if year and record is not None
        for fact in [fact_of_year(series, _ending(record) or year)]
    ]


def _ending(record: Record) -> str:
    """Give the financial year that ends on 31 March, of a record that is of that day, such as "2018-19"."""
    return f"{int(record.period) - 1}-{record.period[2:]}" if record.period.isdigit() else ""


def _day_words(year: str) -> str:
    """Write the year of a fact, or its day in words."""
    return write_day(year) if len(year) == len("2019-03-31") else year


def _beside(record: Record, words: str, aim: str, verdict: str, origin: str) -> tuple[Cell, ...]:
    return (
        Cell(words),
        Cell(number(record), record.id, record.value, published_unit(record.unit)),
        Cell(interval(record) or "–", record.id),
        Cell(aim, origin=origin),
        Cell(verdict, record.id),
    )


def _side(record: Record, fact: Fact) -> str:
    if record.value is None:
        return number(record)
    return {"up": "above England", "down": "below England", "flat": "not clearly different"}[
        direction(record, fact.value)
    ]
