"""Tables and key facts of published records."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vcanalysis.output.briefing.blocks import Cell, Fact, KeyFacts, Table
from vcanalysis.output.briefing.words import (
    added_up,
    base,
    capital,
    interval,
    number,
    row_name,
    span_words,
    unit_words,
)
from vcanalysis.output.disclosure import published_unit
from vcanalysis.output.records import INVENTED, Record, Results

_TILES = 8
# names of key facts that one page shows side by side, and that are not the same
_NAMES = {
    "cost.typical.mean_weekly_cost": "Mean weekly cost, on the last day of the quarter",
    "cost.quarter.cost_of_a_child_week": "Cost of a week of care, over the whole quarter",
    "cost.quarter.cost_of_the_weeks_with_a_price": "Cost of the whole quarter",
}


def key_facts(records: Iterable[Record]) -> KeyFacts:
    """Set the key facts: at most eight records that have a value."""
    shown = [r for r in records if r.value is not None][:_TILES]
    return KeyFacts(tuple(_fact(r) for r in shown))


def _fact(record: Record) -> Fact:
    sure = [f"{span_words(record)} {interval(record)}"] if interval(record) else []
    if added_up(record):
        sure.append("added up, so no interval")
    if record.kind != "count":
        sure.append(base(record))
    return Fact(
        fact_name(record), number(record, with_unit=False), unit_words(record), "\n".join(sure), record.id
    )


def fact_name(record: Record) -> str:
    """Name a record among the key facts, so that it is told apart from others on the same page."""
    return _NAMES.get(record.id) or row_name(record)


def leading(results: Results) -> list[Record]:
    """Choose the records that lead their question, else the first of every question."""
    shown = [r for r in results if r.value is not None and INVENTED not in r.caveat]
    leads = [r for r in shown if r.lead]
    if leads:
        return leads
    firsts: dict[str, Record] = {}
    for record in (r for r in shown if r.group == "all"):
        firsts.setdefault(record.question, record)
    return list(firsts.values())


def table_of(
    records: Sequence[Record],
    *,
    id: str,  # noqa: A002
    title: str,
    source: str,
    head: str = "Measure",
) -> Table:
    """Set records as the rows of a table.

    Parameters
    ----------
    records : sequence of Record
        One a row.
    id, title, source : str
        Of the table.
    head : str
        Head of the first column: "Group" names rows by their groups alone.
    """
    spans = list(dict.fromkeys(span_words(r) for r in records if r.low is not None))
    columns = [
        head,
        "Estimate",
        *([capital(spans[0]) if len(spans) == 1 else "Interval"] if spans else []),
        "Based on",
    ]
    rows = []
    for record in records:
        name = capital(record.group) if head == "Group" else row_name(record)
        row = [Cell(name), Cell(number(record), record.id, record.value, published_unit(record.unit))]
        if spans:
            row.append(Cell(_interval(record, named=len(spans) > 1), record.id))
        rows.append((*row, Cell(base(record), record.id)))
    return Table(id, title, tuple(columns), tuple(rows), source, _marks(records))


def _interval(record: Record, *, named: bool) -> str:
    if record.low is None:
        return "–"
    return f"{interval(record)} ({span_words(record)})" if named else interval(record)


def _marks(records: Sequence[Record]) -> tuple[str, ...]:
    written = {number(r) for r in records}
    marks = {
        "[c]": "[c] withheld to protect children’s privacy.",
        "[x]": "[x] could not be estimated.",
    }
    return tuple(words for mark, words in marks.items() if mark in written)
