"""Claims: every sentence with the records behind it, and a refusal of words that their numbers do not bear.

A number may stand in a sentence only if one of its records holds it. "Saved", "reduced" and their like need a
design of grade 3 and an interval that leaves out nought; "rose" and "fell" need the interval on their side.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from vcanalysis.core.errors import CheckFailed
from vcanalysis.output.briefing.blocks import Bullets, Figure, KeyFacts, Note, Said
from vcanalysis.output.briefing.document import Document
from vcanalysis.output.briefing.findings import confidence, direction, likelihood
from vcanalysis.output.briefing.words import base, interval, number, span_words
from vcanalysis.output.records import Record, Results

COLUMNS = (
    "document", "place", "sentence", "result_id", "value", "low", "high", "level", "unit", "n", "leaves_out_zero",
    "design", "confidence", "status", "notebook",
)  # fmt: skip
_NUMBER = re.compile(r"(?<![\w.])\d+(?:,\d{3})*(?:\.\d+)?")
_QUOTED = re.compile(r"“[^”]*”")
_CAUSAL = re.compile(
    r"\b(?:reduc(?:ed|es|ing)|sav(?:ed|es)|led to|caus(?:ed|es)|improv(?:ed|es)|thanks to|due to)\b", re.I
)
_MOVED = {"rose": "up", "risen": "up", "fell": "down", "fallen": "down"}
_LEAST_DESIGN = 3
_KNOWN = frozenset({"95", "100"})  # the explanation of intervals


@dataclass(frozen=True, slots=True)
class Claim:
    """A sentence of a document: where it stands, what it says, and the records it rests on."""

    place: str
    text: str
    written: str  # the words that the form chose, and not the record
    ids: tuple[str, ...]
    numbers: tuple[str, ...] = ()


def claims_of(document: Document) -> Iterator[Claim]:
    """Give every sentence of a document that can be quoted."""
    for block in document.blocks():
        if isinstance(block, Said):
            yield _claim(block, block.number or "text")
        elif isinstance(block, Bullets | Note):
            yield from (_claim(item, "list") for item in block.items)
        elif isinstance(block, KeyFacts):
            for fact in block.facts:
                text = f"{fact.name}: {fact.figure}{fact.unit}"
                yield Claim("key figures", text, "", (fact.id,))
        elif isinstance(block, Figure):
            yield Claim(f"figure {block.number}", block.headline, block.headline, block.ids)


def _claim(said: Said, place: str) -> Claim:
    return Claim(place, f"{said.lead} {said.text}".strip(), said.lead, said.ids, said.numbers)


def must_be_borne(document: Document, results: Results) -> None:
    """Refuse a document whose words its numbers do not bear.

    Raises
    ------
    CheckFailed
        Naming the sentence, and what is wrong with it.
    """
    known = _KNOWN | _tokens(" ".join((document.title, document.subtitle, *(v for _, v in document.front))))
    for claim in claims_of(document):
        records = [results[name] for name in claim.ids]
        wrong = _wrong(claim, records, known)
        if wrong:
            raise CheckFailed(
                f'{document.name}, {claim.place}: "{claim.text[:120]}" {wrong}. Take the words from the record.'
            )


def _wrong(claim: Claim, records: list[Record], known: frozenset[str]) -> str:
    loose = _tokens(claim.text) - known - set(claim.numbers) - {t for r in records for t in _borne(r)}
    if loose:
        return f"holds the number {min(loose)}, which none of its records holds"
    written = _QUOTED.sub("", claim.written)
    causal = _CAUSAL.search(written)
    if causal and not (records and all(_causal(r) for r in records)):
        return f'says "{causal[0]}", which needs a design of grade {_LEAST_DESIGN} and an interval without nought'
    for word, side in _MOVED.items():
        if re.search(rf"\b{word}\b", written) and not all(direction(r) == side for r in records):
            return f'says "{word}", which the interval does not bear'
    return ""


def _borne(record: Record) -> frozenset[str]:
    likely = likelihood(record) if record.unit == "probability" else ""
    names = (record.label, record.group, record.sentence, confidence(record), likely)
    words = (*names, number(record), interval(record), span_words(record), base(record))
    return _tokens(" ".join(words))


def _tokens(text: str) -> frozenset[str]:
    return frozenset(_NUMBER.findall(text))


def _causal(record: Record) -> bool:
    grade = int(record.design) if record.design.isdigit() else 0
    return grade >= _LEAST_DESIGN and direction(record) != "flat"


def register(documents: Iterable[Document], results: Results) -> str:
    """List every sentence that rests on records: one row for each record of each sentence, as CSV.

    Parameters
    ----------
    documents : iterable of Document
        Numbered.
    results : Results
        Their records.

    Returns
    -------
    str
        Columns as `COLUMNS`; estimates rounded as published; `leaves_out_zero` says whether their interval does.
    """
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\n")
    writer.writerow(COLUMNS)
    for document in documents:
        for claim in claims_of(document):
            writer.writerows(
                (document.name, claim.place, claim.text, *_row(results[name])) for name in claim.ids
            )
    return target.getvalue()


def _row(record: Record) -> tuple[object, ...]:
    ends = (record.value, record.low, record.high)
    shown = ("" if v is None else f"{v:.10g}" for v in ends)
    side = "" if record.low is None else "no" if direction(record) == "flat" else "yes"
    n = "" if record.n is None else record.n
    return (
        record.id, *shown, record.level, record.unit, n, side, record.design, confidence(record), record.status,
        record.notebook,
    )  # fmt: skip
