"""Figures of published records: which groups are drawn, how, and what their headline may say."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from vcanalysis.output import charts
from vcanalysis.output.briefing.blocks import Figure
from vcanalysis.output.briefing.tables import table_of
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
)
from vcanalysis.output.records import Record, Results

_ONE_OF_MANY = ("residential home", "secure home", "children's home")  # one kind of place, many places
_FEWEST = 3  # a chart of fewer groups shows nothing that a sentence does not


@dataclass(frozen=True, slots=True)
class Picture:
    """A figure that a form asks for.

    Parameters
    ----------
    topic : str
        Ids of its records begin with this; the group, or the name of the part, follows.
    clear : str
        Headline when the highest lies clear of all others and the lowest too, or there are no intervals: ``{most}``,
        ``{most_group}``, ``{least}`` and ``{least_group}`` stand for theirs, ``{first}``, ``{first_group}``
        and ``{first_range}`` for the first record's, ``{last}``, ``{last_group}`` and ``{last_range}`` for the last
        one's, ``{at}`` and ``{at_range}`` for those of the group `at`, ``{most_range}`` for the highest's.
    unclear : str
        Headline when even highest and lowest overlap; empty where the order of the groups is not the point.
    subtitle : str
        What is drawn.
    chart : callable
        Draws the records.
    top : str
        Headline when the highest lies clear of all others, the lowest of the highest alone.
    between : str
        Headline when the highest lies clear of the lowest alone: it names these two and no order of the others.
    at : str
        Group whose number the headline names.
    drawn : str
        What the chart is made of, for those who cannot see it.
    note : str
        How to read it, where dots and bars do not say.
    """

    topic: str
    clear: str
    unclear: str
    subtitle: str
    chart: Callable[..., str] = charts.dots
    top: str = ""
    between: str = ""
    at: str = ""
    drawn: str = ""
    note: str = ""


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
    records = [r for r in results if r.id.rsplit(".", 1)[0] == picture.topic]
    by_group = any(r.group != "all" for r in records)
    if by_group:
        records = [r for r in records if r.group != "all"]
    shown = [r for r in records if r.value is not None]
    if len(shown) < _FEWEST or (picture.at and picture.at not in {r.group for r in shown}):
        return None
    headline, ids = _headline(picture, records, shown)
    alt = _alt(picture, shown)
    return Figure(
        id=picture.topic,
        headline=headline,
        subtitle=f"{picture.subtitle}; {_when(records)}",
        source=source,
        n=_sizes(shown),
        alt=alt,
        svg=_with_minus(picture.chart(records, title=headline, description=alt)),
        table=table_of(
            records,
            id=picture.topic,
            title=f"{picture.subtitle}, by group" if by_group else picture.subtitle,
            source=source,
            head="Group" if by_group else "Measure",
        ),
        notes=_reading(picture, records),
        ids=ids,
    )


def _when(records: Sequence[Record]) -> str:
    """Write the time that records are of, from the first to the last."""
    times = [period_words(record.period) for record in (records[0], records[-1])]
    return " – ".join(dict.fromkeys(times))


def _headline(
    picture: Picture, records: Sequence[Record], shown: Sequence[Record]
) -> tuple[str, tuple[str, ...]]:
    least, most = min(shown, key=_value), max(shown, key=_value)
    named = next((r for r in shown if r.group == picture.at), shown[0])
    alike = [r for r in shown if number(r) == number(most)]  # written alike: none of them is the one
    words = _words(picture, shown)
    headline = words.format(
        most=f"{number(most)} each" if len(alike) > 1 else number(most),
        most_range=interval(most),
        most_group=" or ".join(_group(r) for r in alike),
        least=number(least),
        least_group=_group(least),
        first_group=_group(shown[0]),
        first=number(shown[0]),
        first_range=interval(shown[0]),
        last=number(shown[-1]),
        last_range=interval(shown[-1]),
        last_group=_group(shown[-1]),
        at=number(named),
        at_range=interval(named),
    )
    headline = capital(headline)
    if any(r.status == "suppressed" for r in records):
        headline = f"Of the groups shown: {lower_first(headline)}"
    asked = {
        "most": most,
        "most_range": most,
        "least": least,
        "first": shown[0],
        "first_range": shown[0],
        "last": shown[-1],
        "last_range": shown[-1],
        "at": named,
        "at_range": named,
    }
    told = [r.id for name, r in asked.items() if f"{{{name}}}" in words]
    return headline, tuple(dict.fromkeys(told or [most.id, least.id]))


def _group(record: Record) -> str:
    name = lower_first(record.label if record.group == "all" else record.group)
    return f"{name}s" if name in _ONE_OF_MANY else name


def _with_minus(svg: str) -> str:
    return re.sub(r"(<text[^>]*>)([^<]*)", lambda m: m[1] + minus(m[2]), svg)


def _words(picture: Picture, shown: Sequence[Record]) -> str:
    """Choose the headline that the intervals bear: no order is named of groups whose intervals overlap."""
    if not picture.unclear:
        return picture.clear
    least, *between, most = sorted(shown, key=_value)
    if not _apart(least, most):
        return picture.unclear
    if not all(_apart(r, most) for r in between):
        return picture.between or picture.clear
    if not all(_apart(least, r) for r in between):
        return picture.top or picture.between or picture.clear
    return picture.clear


def _apart(lower: Record, higher: Record) -> bool:
    if higher.low is None or lower.high is None:
        return True
    return higher.low > lower.high


def _alt(picture: Picture, shown: Sequence[Record]) -> str:
    least, most = min(shown, key=_value), max(shown, key=_value)
    drawn = picture.drawn or ("Dots with intervals" if most.low is not None else "Dots")
    ends = f"from {number(least)} ({_group(least)}) to {number(most)} ({_group(most)})"
    if least.value == most.value:
        ends = f"the widest {interval(shown[0])} ({_group(shown[0])})"
    return f"{drawn} for {len(shown)} groups, {ends}. The table holds all figures."[:250]


def _sizes(shown: Sequence[Record]) -> str:
    bases = [r for r in shown if r.n is not None]
    if not bases:
        return "base withheld"
    fewest, most = min(bases, key=lambda r: r.n or 0), max(bases, key=lambda r: r.n or 0)
    return base(most) if fewest.n == most.n else f"{fewest.n:,} to {base(most)} a group"


def _reading(picture: Picture, records: Sequence[Record]) -> tuple[str, ...]:
    spans = list(dict.fromkeys(span_words(r) for r in records if r.low is not None))
    bars = f", bars their {spans[0] if len(spans) == 1 else 'intervals'}" if spans else ""
    hidden = [lower_first(r.group if r.group != "all" else row_name(r)) for r in records if r.value is None]
    withheld = (f"Not drawn, since withheld or not estimable: {', '.join(hidden)}.",) if hidden else ()
    return (picture.note or f"Dots are estimates{bars}.", *withheld)


def _value(record: Record) -> float:
    return record.value if record.value is not None else 0.0
