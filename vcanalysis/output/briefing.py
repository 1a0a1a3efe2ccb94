"""The briefing: one page that a finance director can read, made from gated records alone.

It needs nothing but itself: no script, no font and no picture from elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vcanalysis.core.errors import InputError
from vcanalysis.core.numbers import write_interval, write_number
from vcanalysis.core.period import Quarter, write_day
from vcanalysis.output import charts
from vcanalysis.output.disclosure import MARK, Policy, published_unit
from vcanalysis.output.records import Record, Results

if TYPE_CHECKING:
    from jinja2 import Environment

UNAVAILABLE = "[x]"
PAGE = "quarterly.html"
_TILES = 8
_SENTENCES = 2  # said in full; the table says the rest
_GROUPS = 3  # fewer groups are rows of the question's table
_MINUS = re.compile(r"(?<![\w-])-(?=£?\d)")  # a word joiner follows: a line may end between minus and £
_SUMMARY = "9"  # notebooks from 90 on sum up; their figures open the page


@dataclass(frozen=True, slots=True)
class Measure:
    """Records that belong in one table: the same measure, for all or for several groups."""

    id: str
    title: str
    records: tuple[Record, ...]

    @property
    def span(self) -> str:
        """Say from where to where the groups run, naming no order that the intervals do not carry."""
        shown = [r for r in self.records if r.value is not None]
        if len(shown) < 2:
            return ""
        least, most = min(shown, key=_value), max(shown, key=_value)
        return f"From {number(least)} ({least.group}) to {number(most)} ({most.group})."

    @property
    def drawn(self) -> bool:
        """Whether there is enough to see for a chart."""
        shown = sum(r.value is not None for r in self.records)
        return shown >= (_GROUPS if self.has_interval else 2 * _GROUPS)

    @property
    def level(self) -> str:
        """Name of the intervals."""
        spans = {span_words(r) for r in self.records if r.low is not None}
        return spans.pop() if len(spans) == 1 else "intervals, named in the table"

    @property
    def has_interval(self) -> bool:
        """Whether any of its records has an interval."""
        return any(r.low is not None for r in self.records)


@dataclass(frozen=True, slots=True)
class Section:
    """A question with what was found."""

    anchor: str
    question: str
    sentences: tuple[str, ...]
    rows: tuple[Record, ...]
    measures: tuple[Measure, ...]

    @property
    def records(self) -> tuple[Record, ...]:
        """All records of the question."""
        return self.rows + tuple(r for m in self.measures for r in m.records)

    @property
    def trace(self) -> str:
        """Say where the figures come from: notebooks, methods, design of the strongest claim."""
        notebooks, methods, designs = (
            "; ".join(dict.fromkeys(words for r in self.records if (words := getattr(r, name))))
            for name in ("notebook", "method", "design")
        )
        parts = (("From notebook", notebooks), ("methods:", methods), ("design grade", designs))
        return " · ".join(f"{head} {words}" for head, words in parts if words)


def write(out: Path, results: Results, about: Mapping[str, Any]) -> None:
    """Write the page and its figures into a publish folder.

    Parameters
    ----------
    out : Path
        The `publish` folder.
    results : Results
        Gated records.
    about : mapping
        The manifest: council, quarter, run and versions.
    """
    sections = sections_of(results)
    figures = {m.id: draw(m) for s in sections for m in s.measures if m.drawn}
    folder = out / "figures"
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.svg"):
        old.unlink()
    for name, svg in figures.items():
        (folder / f"{name}.svg").write_text(svg + "\n", encoding="utf-8")
    (out / PAGE).write_text(page(results, about, figures), encoding="utf-8")


def page(results: Results, about: Mapping[str, Any], figures: Mapping[str, str]) -> str:
    """Render the page.

    Parameters
    ----------
    results : Results
        Gated records.
    about : mapping
        The manifest: council, quarter, run and versions.
    figures : mapping
        SVG by id of the measure.
    """
    hidden = [r for r in results if r.status == "suppressed"]
    unknown = [r for r in results if r.status == "published" and r.value is None]
    return (
        _templates()
        .get_template("quarterly.html.j2")
        .render(
            about=about,
            quarter=Quarter.parse(about["quarter"]).words(),
            tiles=tiles(results),
            sections=sections_of(results),
            figures=figures,
            total=len(results),
            hidden=hidden,
            unknown=unknown,
            policy=Policy(),
            unclear=[r for r in results if _unclear(r)],
        )
    )


def tiles(results: Iterable[Record]) -> list[Record]:
    """Choose the key figures: those that lead their question, else the first of every question.

    Examples
    --------
    >>> tiles([Record("a.b", "Q?", "Rank correlation", 0.2, unit="correlation", n=100, status="published")])[0].id
    'a.b'
    """
    shown = [r for r in results if r.value is not None]
    leads = [r for r in shown if r.lead]
    if leads:
        return leads[:_TILES]
    firsts: dict[str, Record] = {}
    for record in (r for r in shown if r.group == "all"):
        if record.label not in {r.label for r in firsts.values()}:
            firsts.setdefault(record.question, record)
    return list(firsts.values())[:_TILES]


def sections_of(results: Iterable[Record]) -> list[Section]:
    """Arrange records under their questions, groups of one measure together, the summing-up first."""
    made: list[Section] = []
    ordered = sorted(results, key=lambda r: not r.notebook.startswith(_SUMMARY))
    for question, records in _gathered(ordered, key=lambda r: r.question).items():
        whole = [r for r in records if r.group == "all"]
        grouped = _gathered((r for r in records if r.group != "all"), key=lambda r: r.id.rsplit(".", 1)[0])
        measures = [Measure(name, found[0].label, tuple(found)) for name, found in grouped.items()]
        rows = whole + [r for m in measures if len(m.records) < _GROUPS for r in m.records]
        leads = [r for r in records if r.lead] or [r for r in whole if r.value is not None][:_SENTENCES]
        sentences = tuple(r.sentence for r in leads)
        many = tuple(m for m in measures if len(m.records) >= _GROUPS)
        made.append(Section(f"q{len(made) + 1}", question, sentences, tuple(rows), many))
    return made


def _gathered(records: Iterable[Record], *, key: Callable[[Record], str]) -> dict[str, list[Record]]:
    found: dict[str, list[Record]] = {}
    for record in records:
        found.setdefault(key(record), []).append(record)
    return found


def draw(measure: Measure) -> str:
    """Draw a measure by group, with words for those who cannot see it."""
    description = (
        f"Dots with intervals for {len(measure.records)} groups. {measure.span} The table holds all figures."
    )
    return charts.dots(measure.records, title=f"{measure.title} by group", description=description)


def number(record: Record, *, with_unit: bool = True) -> str:
    """Write the number of a record as it is published, or the mark for why it is not there.

    Examples
    --------
    >>> number(Record("a.b", "Q?", "Share", 0.07, unit="share", n=200))
    '7%'
    """
    if record.status == "suppressed":
        return MARK
    if record.value is None:
        return UNAVAILABLE
    return write_number(record.value, published_unit(record.unit), with_unit=with_unit)


def unit_words(record: Record) -> str:
    """Give the words behind the number: " a week"."""
    return number(record).removeprefix(number(record, with_unit=False))


def interval(record: Record) -> str:
    """Write the interval of a record, or nothing."""
    if record.low is None or record.high is None:
        return ""
    return write_interval(record.low, record.high, published_unit(record.unit))


def span_words(record: Record) -> str:
    """Name the interval of a record: "95% interval"."""
    return f"{100 * record.level:.3g}% {record.span}"


def typeset(text: Any) -> Any:
    r"""Write a true minus before numbers, which no line end may part from them.

    Examples
    --------
    >>> ascii(typeset("-60 in 2019-20"))
    "'\\u2212\\u206060 in 2019-20'"
    """
    plain = isinstance(text, str) and not hasattr(text, "__html__")  # markup is done with
    return _MINUS.sub("\u2212\u2060", text) if plain else text


def row_name(record: Record) -> str:
    """Name a record in a table of several measures."""
    return record.label if record.group == "all" else f"{record.label}: {record.group}"


def group_name(record: Record) -> str:
    """Name the group of a record."""
    return record.group[:1].upper() + record.group[1:]


def period_words(text: str) -> str:
    """Write a period in words where it is a quarter.

    Examples
    --------
    >>> period_words("2019Q4"), period_words("31 December 2019")
    ('October to December 2019', '31 December 2019')
    """
    try:
        return Quarter.parse(text).words()
    except InputError:
        return text


def base(record: Record) -> str:
    """Say what a record rests on: "410 children"."""
    return MARK if record.n is None else f"{record.n:,}"


def _value(record: Record) -> float:
    return record.value if record.value is not None else 0.0


def _unclear(record: Record) -> bool:
    # an interval with nought inside leaves even the direction open
    signed = record.low is not None and record.high is not None and record.low < 0 < record.high
    return record.status == "published" and record.group == "all" and signed


@cache
def _templates() -> Environment:
    from jinja2 import Environment, PackageLoader, StrictUndefined

    made = Environment(
        loader=PackageLoader("vcanalysis.output"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=StrictUndefined,
        finalize=typeset,
    )
    made.filters.update(
        number=number, interval=interval, base=base, unit_words=unit_words, span_words=span_words
    )
    made.filters.update(row_name=row_name, group_name=group_name, period_words=period_words, day=write_day)
    made.globals.update(MARK=MARK, UNAVAILABLE=UNAVAILABLE)
    return made
