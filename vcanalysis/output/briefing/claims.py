"""Claims: every sentence with the records behind it, and a refusal of words that their numbers do not bear.

A number may stand in a sentence, a headline or a row of a table only if one of its records holds it, or if the file
is named that states it. "Saved", "reduced" and their like need a design of grade 3 and an interval that leaves out
nought; "rose", "fell" and their like need the interval on their side.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vcanalysis.core.errors import CheckFailed
from vcanalysis.output.briefing.blocks import Bullets, Figure, KeyFacts, Note, Said, Table
from vcanalysis.output.briefing.document import Document
from vcanalysis.output.briefing.findings import confidence, direction, likelihood
from vcanalysis.output.briefing.wording import has_direction, unborne
from vcanalysis.output.briefing.words import (
    base,
    capital,
    interval,
    lower_first,
    number,
    period_words,
    row_name,
    span_words,
)
from vcanalysis.output.records import Record, Results

COLUMNS = (
    "document", "place", "sentence", "result_id", "value", "low", "high", "level", "unit", "n", "leaves_out_zero",
    "design", "confidence", "status", "notebook", "stated_in",
)  # fmt: skip
_MANIFEST, _ITSELF, _GLOSSARY = "manifest.json", "this document", "glossary"
_NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?")


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a document: where it stands, what it says, and the records it rests on.

    Parameters
    ----------
    place, text : str
        Where, and what.
    ids : tuple of str
        Records.
    numbers : tuple of str
        Numbers that count what the document itself holds.
    verdict, neutral : str, float
        As in `Said`.
    origin : str
        The file that states numbers which no record holds.
    stated : str
        The part of the text whose numbers that file states; empty for all of it.
    row : bool
        Whether it is a row of a table, in which one record may bear the words.
    """

    place: str
    text: str
    ids: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    verdict: str = ""
    neutral: float = 0.0
    origin: str = ""
    stated: str = ""
    row: bool = False

    @property
    def claims(self) -> bool:
        """Whether it holds a number or a direction, or rests on a record."""
        return bool(self.ids or _tokens(self.text) or has_direction(self.text))


def claims_of(document: Document) -> Iterator[Claim]:
    """Give everything in a document that can be quoted and claims something."""
    yield from (claim for claim in _everything(document) if claim.claims)


def _everything(document: Document) -> Iterator[Claim]:
    titled = document.titled or Said(document.title)
    yield _claim(
        Said(document.title, "", titled.ids, verdict=titled.verdict, neutral=titled.neutral), "title"
    )
    yield Claim("subtitle", document.subtitle, origin=_MANIFEST)
    for name, value in (("banner", document.banner), ("status", document.status), *document.front):
        yield Claim("front matter", f"{name}: {value}", origin=_MANIFEST)
    for block in document.blocks():
        yield from _of_block(block)
    for word, meaning in document.words:
        yield Claim("words used", f"{word}: {meaning}", origin=_GLOSSARY)


def _of_block(block: object) -> Iterator[Claim]:
    if isinstance(block, Said):
        yield _claim(block, block.number or "text")
    elif isinstance(block, Bullets | Note):
        yield from (_claim(item, "list") for item in block.items)
    elif isinstance(block, KeyFacts):
        for fact in block.facts:
            yield Claim("key figures", f"{fact.name}: {fact.figure}{fact.unit}", (fact.id,))
    elif isinstance(block, Figure):
        place = f"figure {block.number}"
        yield Claim(place, block.headline, block.ids)
        drawn = tuple(dict.fromkeys((*block.ids, *_ids(block.table))))
        shown = tuple(str(count) for count in range(len(block.table.rows) + 1))  # how many groups are drawn
        for words in (block.subtitle, block.n, block.alt, *block.notes):
            yield Claim(place, words, drawn, (*shown, *block.numbers), row=True)
        yield from _of_table(block.table, f"table of {place}")
    elif isinstance(block, Table):
        yield from _of_table(block, f"table {block.number}")


def _of_table(table: Table, place: str) -> Iterator[Claim]:
    for words in (table.title, *table.columns, *table.notes):
        if _tokens(words):
            yield Claim(place, words, _ids(table), table.numbers, row=True)
    for row in table.rows:
        text = "; ".join(cell.text for cell in row)
        ids = tuple(dict.fromkeys(name for cell in row for name in (cell.id, *cell.more) if name))
        origin = next((cell.origin for cell in row if cell.origin), "")
        stated = "; ".join(cell.text for cell in row if cell.origin)
        yield Claim(place, text, ids, table.numbers, origin=origin, stated=stated, row=True)


def _ids(table: Table) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for row in table.rows for c in row for name in (c.id, *c.more) if name))


def _claim(said: Said, place: str) -> Claim:
    text = f"{said.lead} {said.text}".strip()
    return Claim(place, text, said.ids, said.numbers, said.verdict, said.neutral, said.origin)


def must_be_borne(document: Document, results: Results) -> None:
    """Refuse a document whose words its numbers do not bear.

    Raises
    ------
    CheckFailed
        Naming the sentence, and what is wrong with it.
    """
    by_id = {r.id: r for r in results}
    for claim in claims_of(document):
        wrong = _wrong(claim, [by_id[name] if name in by_id else results[name] for name in claim.ids])
        if wrong:
            raise CheckFailed(
                f'{document.name}, {claim.place}: "{claim.text[:120]}" {wrong}. Take the words from the record.'
            )


def _wrong(claim: Claim, records: list[Record]) -> str:
    stated = _tokens(claim.stated or claim.text) if claim.origin else frozenset()
    loose = _tokens(claim.text) - stated - set(claim.numbers)
    for record in records:
        loose -= _borne(record) if loose else loose
    if loose:
        return f"holds the number {min(loose)}, which none of its records holds"
    if claim.origin and not records:
        return ""  # what another file states is not this document's claim
    written = claim.text
    for record in sorted(records, key=lambda r: -len(r.sentence)):
        for said in (record.sentence, *_as_written(record.label), *_as_written(record.group)):
            written = written.replace(said, "") if said else written
    return unborne(written, records, verdict=claim.verdict, neutral=claim.neutral, some=claim.row)


def _as_written(name: str) -> tuple[str, ...]:
    """Give a name as it stands, at the head of a sentence and within one."""
    return name, capital(name), lower_first(name)


def _borne(record: Record) -> frozenset[str]:
    likely = likelihood(record) if record.unit == "probability" else ""
    names = (
        record.label,
        record.group,
        lower_first(record.group),
        record.sentence,
        confidence(record),
        likely,
    )
    about = (record.period, period_words(record.period), row_name(record), record.question)
    words = (*names, *about, number(record), interval(record), span_words(record), base(record))
    return _tokens(" ".join(words))


def _tokens(text: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(text))


def register(documents: Iterable[Document], results: Results) -> str:
    """List everything that claims something: one row for each record of each sentence, as CSV.

    Parameters
    ----------
    documents : iterable of Document
        Numbered.
    results : Results
        Their records.

    Returns
    -------
    str
        Columns as `COLUMNS`; estimates rounded as published; `leaves_out_zero` says whether their interval does;
        `stated_in` names what states a number that no record holds.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    by_id = {r.id: _row(r) for r in results}
    none = ("",) * (len(COLUMNS) - 4)
    for document in documents:
        for claim in claims_of(document):
            told = (document.name, claim.place, claim.text)
            other = claim.origin or (_ITSELF if claim.numbers or not claim.ids else "")
            # what is said of all of a figure or a table rests on its rows, which follow
            whole = claim.row and not claim.origin and len(claim.ids) > _MANY
            writer.writerows((*told, *by_id[name], other) for name in claim.ids if not whole)
            if not claim.ids or whole:
                writer.writerow((*told, *none, "its rows" if whole else other))
    return target.getvalue()


_MANY = 8  # records of a row of a table


def _row(record: Record) -> tuple[object, ...]:
    ends = (record.value, record.low, record.high)
    shown = ("" if v is None else f"{v:.10g}" for v in ends)
    side = "" if record.low is None else "no" if direction(record) == "flat" else "yes"
    n = "" if record.n is None else record.n
    return (
        record.id, *shown, record.level, record.unit, n, side, record.design, confidence(record), record.status,
        record.notebook,
    )  # fmt: skip
