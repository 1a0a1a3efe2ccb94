"""What a run could not tell: a few lines for the main text, and the whole list for an annex."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable

from vcanalysis.output.briefing.blocks import Bullets, Cell, Figure, Said, Section, Table
from vcanalysis.output.briefing.findings import direction
from vcanalysis.output.briefing.words import interval, lower_first, number, row_name
from vcanalysis.output.records import INVENTED, Record, Results

_OPEN = 5
_DIGITS = re.compile(r"\d+")
LACKING = {
    "edge": "The data of this run hold no case on the edge of care, or hardly any: add the table edge.",
    "send": "The data of this run hold no plan for special educational needs, or hardly any: add the table send.",
}
_NOTHING = "The data hold nothing, or hardly anything, to answer it with"
_NEVER = (
    Said(
        "Figures that stand side by side here went together in these data; a rival explanation, such as placements "
        "that would have become cheaper anyway, has to be ruled out before anyone says “saved” or “reduced”.",
        "Whether one thing causes another.",
    ),
    Said(
        "Needs that nobody assessed and costs that no extract holds are in no figure.",
        "What was not written down.",
    ),
)


def in_short(results: Results, sections: Iterable[Section]) -> Section:
    """Say in a few lines what the run could not tell, first of what the document speaks of.

    Parameters
    ----------
    results : Results
        Gated records.
    sections : iterable of Section
        What the document says.
    """
    open_, named = _opened(results, sections)
    none = _none(results)
    items = []
    if open_:
        words = "; ".join(f"{_short(r)} ({number(r)}, {interval(r)})" for r in named)
        more = len(open_) - len(named)
        rest = f"; and {more} more" if more else ""
        numbers = (str(more),) if more else ()
        items.append(
            Said(f"{words}{rest}.", "More or less, we cannot tell:", tuple(r.id for r in named), numbers)
        )
    if absent := _absent(results):
        items.append(Said(f"{' '.join(absent)} {_NOTHING}.", "", tuple(absent.values())))
    if none:
        names = "; ".join(_short(r) for r in none[:_OPEN])
        rest = f"; and {len(none) - _OPEN} more" if len(none) > _OPEN else ""
        numbers = (str(len(none) - _OPEN),) if rest else ()
        items.append(
            Said(
                f"{names}{rest}.",
                "Not estimable from these data:",
                tuple(r.id for r in none[:_OPEN]),
                numbers,
            )
        )
    return Section("What we do not know", (Bullets((*items, *_NEVER)),))


def in_full(results: Results) -> Section | None:
    """List every estimate whose direction is open and every one that could not be made, with the reason."""
    open_ = [r for r in _known_of(results) if _open(r)]
    listed = [*open_, *_none(results)]
    named = Counter(map(row_name, listed))
    rows = [(_told_apart(r) if named[row_name(r)] > 1 else row_name(r), r.sentence, r.id) for r in listed]
    rows += [(q, LACKING.get(id_.split(".")[0], f"{_NOTHING}."), id_) for q, id_ in _absent(results).items()]
    if not rows:
        return None
    cells = tuple((Cell(name, record), Cell(words, record)) for name, words, record in rows)
    source = "results of this run"
    table = Table(
        "unknown",
        "Open in direction, or not estimable",
        ("What", "What was found"),
        cells,
        source,
        words=(1,),
        numbers=tuple(dict.fromkeys(_DIGITS.findall(" ".join(name for name, _, _ in rows)))),
    )
    return Section("What we do not know, in full", (table,), annex=True)


def _told_apart(record: Record) -> str:
    """Name a record by its topic too, such as "Mean change (high)", where others have the same name."""
    return f"{row_name(record)} ({record.id.split('.')[1].replace('_', ' ')})"


def _opened(results: Results, sections: Iterable[Section]) -> tuple[list[Record], list[Record]]:
    """Give the records that leave the direction open, and those of them that are named: of what is spoken."""
    spoken = {name for s in sections for b in s.blocks if isinstance(b, (Said, Figure)) for name in b.ids}
    open_ = [r for r in _known_of(results) if _open(r)]
    return open_, ([r for r in open_ if r.id in spoken] or open_)[:_OPEN]


def _known_of(results: Results) -> list[Record]:
    return [r for r in results if INVENTED not in r.caveat]  # of an invented panel nothing is to be known


def is_of_nothing(record: Record) -> bool:
    """Whether an estimate could not be made since the data hold nothing of it."""
    return record.status == "published" and record.value is None and not record.n


def lacking(results: Results) -> dict[str, Said]:
    """Say of each table that may not be there, where the data hold nothing of it, which to add; by topic."""
    found = {topic: results.of(topic) for topic in LACKING}
    return {
        topic: Said(LACKING[topic], ids=(records.records[0].id,))
        for topic, records in found.items()
        if len(records) and all(is_of_nothing(r) for r in records)
    }


def _absent(results: Results) -> dict[str, str]:
    """Give the questions of which the data hold nothing at all, such as those of a table not there, and an id each."""
    asked: dict[str, list[Record]] = {}
    for record in results:
        asked.setdefault(record.question, []).append(record)
    return {q: of[0].id for q, of in asked.items() if q and all(is_of_nothing(r) for r in of)}


def _none(results: Results) -> list[Record]:
    absent = _absent(results)
    none = [r for r in _known_of(results) if r.status == "published" and r.value is None]
    none = [r for r in none if r.question not in absent]
    return list({r.sentence: r for r in none}.values())


def _short(record: Record) -> str:
    return lower_first(row_name(record))


def _open(record: Record) -> bool:
    # an interval with nought inside leaves even the direction open
    signed = record.low is not None and record.low < 0
    return record.status == "published" and record.group == "all" and signed and direction(record) == "flat"
