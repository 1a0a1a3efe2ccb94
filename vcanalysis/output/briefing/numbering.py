"""Numbering: parts, paragraphs, figures and tables get their numbers once, for all formats."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import count

from vcanalysis.output.briefing.blocks import Block, Figure, Said, Section, Table
from vcanalysis.output.briefing.document import Document


def numbered(document: Document) -> Document:
    """Give parts, paragraphs, figures and tables their numbers: once, so that all formats name them alike.

    Examples
    --------
    >>> from datetime import date
    >>> part = Section("The problem", (Said("Care is dear."), Said("It grows dearer.")), numbered=True)
    >>> whole = Document("a", "", "T", "", "", "", (), (part,), date(2019, 12, 31), "Demo council")
    >>> [block.number for block in numbered(whole).blocks()]
    ['1', '1.1', '1.2']
    """
    figures, tables, parts = count(1), count(1), count(1)
    letters = (chr(code) for code in range(ord("A"), ord("Z") + 1))
    made: list[Section] = []
    for section in document.sections:
        number = next(letters) if section.annex else str(next(parts)) if section.numbered else ""
        anchor = f"part-{number.lower()}" if number else f"s{len(made) + 1}"
        blocks = _number(section.blocks, number, count(1), figures, tables)
        made.append(replace(section, blocks=blocks, number=number, anchor=anchor))
    return replace(document, sections=tuple(_pointed(section, made) for section in made))


def _pointed(section: Section, made: Iterable[Section]) -> Section:
    """Say below a part which figures and tables stand behind it, and in which annex."""
    if not section.behind:
        return section
    annex, shown = next(
        (part.number, inner.blocks)
        for part in made
        if part.annex
        for inner in part.blocks
        if isinstance(inner, Section) and inner.title == section.title
    )
    names = [
        f"{kind.__name__}{'s' if len(found) > 1 else ''} {_listed(found)}"
        for kind in (Figure, Table)
        if (found := [block.number for block in shown if isinstance(block, kind)])
    ]
    numbers = tuple(block.number for block in shown if isinstance(block, (Figure, Table)))
    words = Said(
        f"Annex {annex}: {'; '.join(names)}.", "More on this:", numbers=numbers, origin="the document"
    )
    return replace(section, blocks=(*section.blocks, words))


def _listed(numbers: Sequence[str]) -> str:
    return f"{', '.join(numbers[:-1])} and {numbers[-1]}" if len(numbers) > 1 else numbers[0]


def _number(
    blocks: Iterable[Block], part: str, said: count[int], figures: count[int], tables: count[int]
) -> tuple[Block, ...]:
    done: list[Block] = []
    for block in blocks:
        if isinstance(block, Said) and part:
            done.append(replace(block, number=f"{part}.{next(said)}"))
        elif isinstance(block, Section):
            inner = _number(block.blocks, part, said, figures, tables)
            done.append(replace(block, blocks=inner))
        elif isinstance(block, Table):
            done.append(replace(block, number=str(next(tables))))
        elif isinstance(block, Figure):
            table = replace(block.table, number=str(next(tables)))
            done.append(replace(block, number=str(next(figures)), table=table))
        else:
            done.append(block)
    return tuple(done)
