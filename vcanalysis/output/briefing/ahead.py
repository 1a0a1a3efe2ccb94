"""The table of a sufficiency strategy: children in care now and ahead, as the disclosure gate lets them out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from vcanalysis.output.briefing.blocks import Cell, Table
from vcanalysis.output.briefing.parts import source_of
from vcanalysis.output.briefing.words import capital, interval, number, span_words
from vcanalysis.output.disclosure import MARK, published_unit
from vcanalysis.output.records import Record, Results

_ALL = "council.children_in_care", ("sufficiency.in_a_year", "sufficiency.at_the_end")
_MEANING = "What each of many futures gives, if the next years are like the last."
_NOW = "The share now is that of the day of the forecast, where its group is counted by itself."
_TOGETHER = "Where few children are expected, groups are put together."
_HIDDEN = f"{MARK}: not shown, as it would tell of few children."


def children_ahead(
    of: str, then: str, head: str, title: str, *, now: str = ""
) -> Callable[[Results, Mapping[str, Any]], Table | None]:
    """Make the part of a page that sets out children expected, sooner and later, group by group.

    Parameters
    ----------
    of, then : str
        What the ids of the records begin with: sooner and later.
    head : str
        What the groups are.
    title : str
        Title of the table.
    now : str
        What the ids of the records of today begin with; empty where there are none.
    """

    def table(results: Results, about: Mapping[str, Any]) -> Table | None:
        early, late = (_by_group(results, topic) for topic in (of, then))
        if not any(r.value is not None for r in early.values()):
            return None
        today = _by_group(results, now) if now else {}
        rows = [
            _row(capital(group), today.get(group), (early.get(group), late.get(group)), bool(now))
            for group in dict.fromkeys([*early, *late])
        ]
        whole, ahead = _ALL
        last = _row("All children", results.get(whole), tuple(map(results.get, ahead)), bool(now))
        times = [_when(found) for found in (early, late) if found]
        spans = [h for when in times for h in (f"In {when}", f"Interval, {when}")]
        heads = (head, *(["Now"] if now else []), *spans)
        width = len(heads)
        return Table(
            of,
            title,
            heads,
            tuple(row[:width] for row in (*rows, last)),
            source_of(about),
            _notes(early, bool(now)),
        )

    return table


def _by_group(results: Results, topic: str) -> dict[str, Record]:
    return {r.group: r for r in results.of(topic)}


def _when(found: Mapping[str, Record]) -> str:
    """Read from what a record is called how far ahead it is: "Children in care in 12 months"."""
    first = next(iter(found.values()))
    return first.label.rsplit(" in ", 1)[-1]


def _row(
    name: str, today: Record | None, ahead: tuple[Record | None, ...], with_now: bool
) -> tuple[Cell, ...]:
    return (
        Cell(name),
        *([_cell(today)] if with_now else []),
        *(cell for record in ahead for cell in (_cell(record), _span(record))),
    )


def _cell(record: Record | None) -> Cell:
    if record is None:
        return Cell("–")
    return Cell(number(record, with_unit=False), record.id, record.value, published_unit(record.unit))


def _span(record: Record | None) -> Cell:
    return Cell("–") if record is None or record.low is None else Cell(interval(record), record.id)


def _notes(found: Mapping[str, Record], with_now: bool) -> tuple[str, ...]:
    spans = dict.fromkeys(f"Interval: {span_words(r)}." for r in found.values() if r.low is not None)
    hidden = [_HIDDEN] if any(r.status == "suppressed" for r in found.values()) else []
    return (_MEANING, *([_NOW] if with_now else []), _TOGETHER, *hidden, *spans)
