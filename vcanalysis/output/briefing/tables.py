"""Tables and figures of published records."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vcanalysis.output import charts
from vcanalysis.output.briefing.blocks import Cell, Fact, Figure, KeyFacts, Table
from vcanalysis.output.briefing.words import (
    base,
    capital,
    interval,
    lower_first,
    minus,
    number,
    period_words,
    row_name,
    span_words,
    unit_words,
)
from vcanalysis.output.disclosure import published_unit
from vcanalysis.output.records import Record, Results

_TILES = 8
_FEWEST = 3  # a chart of fewer groups shows nothing that a sentence does not


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure that a form asks for.

    Parameters
    ----------
    topic : str
        Ids of its records begin with this; the group follows.
    clear : str
        Headline when the interval of the highest lies above that of the lowest, or there are no intervals:
        ``{most}``, ``{most_group}``, ``{least}`` and ``{least_group}`` stand for theirs.
    unclear : str
        Headline when they overlap.
    subtitle : str
        What is drawn.
    """

    topic: str
    clear: str
    unclear: str
    subtitle: str


def key_facts(records: Iterable[Record], *, hidden: bool = False) -> KeyFacts:
    """Set the key facts: at most eight records, those without a value only where `hidden` asks for them."""
    shown = [r for r in records if hidden or r.value is not None][:_TILES]
    return KeyFacts(tuple(_fact(r) for r in shown))


def _fact(record: Record) -> Fact:
    sure = [f"{span_words(record)} {interval(record)}"] if interval(record) else []
    if record.value is None:
        sure = ["withheld to protect children" if record.status == "suppressed" else "could not be estimated"]
    elif record.kind != "count":
        sure.append(base(record))
    return Fact(
        row_name(record), number(record, with_unit=False), unit_words(record), "\n".join(sure), record.id
    )


def leading(results: Results) -> list[Record]:
    """Choose the records that lead their question, else the first of every question."""
    shown = [r for r in results if r.value is not None]
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
        *([spans[0] if len(spans) == 1 else "Interval"] if spans else []),
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


def figure_of(picture: Picture, results: Results, *, source: str) -> Figure | None:
    """Draw a picture of the run's records, if there are enough of them to see.

    Parameters
    ----------
    picture : Picture
        What a form asks for.
    results : Results
        Gated records.
    source : str
        Where the data come from.
    """
    records = [r for r in results if r.id.rsplit(".", 1)[0] == picture.topic and r.group != "all"]
    shown = [r for r in records if r.value is not None]
    if len(shown) < _FEWEST:
        return None
    least, most = min(shown, key=_value), max(shown, key=_value)
    headline = (picture.clear if _apart(least, most) else picture.unclear).format(
        most=number(most),
        most_group=lower_first(most.group),
        least=number(least),
        least_group=lower_first(least.group),
    )
    if any(r.status == "suppressed" for r in records):
        headline = f"Of the groups shown: {lower_first(headline)}"
    when = period_words(records[0].period)
    alt = _alt(shown, least, most, picture.subtitle)
    return Figure(
        id=picture.topic,
        headline=headline,
        subtitle=f"{picture.subtitle}; {when}",
        source=source,
        n=_sizes(shown),
        alt=alt,
        svg=_with_minus(charts.dots(shown, title=headline, description=alt)),
        table=table_of(
            records, id=picture.topic, title=f"{picture.subtitle}, by group", source=source, head="Group"
        ),
        notes=_reading(records),
        ids=tuple(dict.fromkeys((most.id, least.id))),
    )


def _with_minus(svg: str) -> str:
    return re.sub(r"(<text[^>]*>)([^<]*)", lambda m: m[1] + minus(m[2]), svg)


def _apart(least: Record, most: Record) -> bool:
    if most.low is None or least.high is None:
        return True
    return most.low > least.high


def _alt(shown: Sequence[Record], least: Record, most: Record, subtitle: str) -> str:
    drawn = "Dots with intervals" if most.low is not None else "Dots"
    return (
        f"{drawn} for {len(shown)} groups, from {number(least)} ({lower_first(least.group)}) "
        f"to {number(most)} ({lower_first(most.group)}). The table holds all figures."
    )[:250] or subtitle


def _sizes(shown: Sequence[Record]) -> str:
    bases = [r for r in shown if r.n is not None]
    if not bases:
        return "base withheld"
    fewest, most = min(bases, key=lambda r: r.n or 0), max(bases, key=lambda r: r.n or 0)
    return base(most) if fewest.n == most.n else f"{fewest.n:,} to {base(most)} a group"


def _reading(records: Sequence[Record]) -> tuple[str, ...]:
    spans = list(dict.fromkeys(span_words(r) for r in records if r.low is not None))
    bars = f", bars their {spans[0] if len(spans) == 1 else 'intervals'}" if spans else ""
    hidden = [lower_first(r.group) for r in records if r.value is None]
    withheld = (f"Not drawn, since withheld or not estimable: {', '.join(hidden)}.",) if hidden else ()
    return (f"Dots are estimates{bars}.", *withheld)


def _value(record: Record) -> float:
    return record.value if record.value is not None else 0.0
