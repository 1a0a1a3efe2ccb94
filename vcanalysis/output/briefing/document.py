"""The document: what a briefing says, apart from how it looks.

A few frozen parts, in the order they are read. Every renderer draws the same document, so that the page,
the PDF, the Word file and the spreadsheet hold the same numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, fields, is_dataclass, replace
from datetime import date
from typing import Any, ClassVar

from vcanalysis.output.briefing.blocks import Block, Figure, Said, Section, Table


@dataclass(frozen=True, slots=True)
class Document:
    """A briefing or a report.

    Parameters
    ----------
    name : str
        Of its files, without ending.
    eyebrow, title, subtitle : str
        What series, what it found or is about, when.
    banner : str
        What in the data is not real.
    status : str
        What kind of publication it is.
    front : tuple of (str, str)
        Who made it of what: names and values.
    sections : tuple of Section
        In reading order.
    made : date
        The last day of the data: the date in the files, so that the same results give the same bytes.
    council : str
        Whose children it is about.
    words : tuple of (str, str)
        The glossary.
    titled : Said or None
        The title as a finding, with the record whose numbers it holds.
    """

    name: str
    eyebrow: str
    title: str
    subtitle: str
    banner: str
    status: str
    front: tuple[tuple[str, str], ...]
    sections: tuple[Section, ...]
    made: date
    council: str
    language: ClassVar[str] = "en-GB"
    words: tuple[tuple[str, str], ...] = field(default=())
    titled: Said | None = None

    def on_paper(self) -> Document:
        """Give the document as it is printed: without what only a screen holds, the figures as tables behind.

        A page folds the table of a figure away below it, and a spreadsheet gives it a sheet.
        """
        kept = tuple(s for s in self.sections if not s.on_screen)
        tables = tuple(f.table for f in self.figures())
        behind = Section("The figures as tables", tables, annex=True, anchor="figures-as-tables")
        return replace(self, sections=(*kept, behind) if tables else kept)

    def blocks(self) -> Iterator[Block]:
        """Give every block, those inside others after them."""
        yield from _walk(self.sections)

    def tables(self) -> list[Table]:
        """Give every table once, those of figures among them."""
        found = (b.table if isinstance(b, Figure) else b for b in self.blocks())
        return list(dict.fromkeys(b for b in found if isinstance(b, Table)))

    def figures(self) -> list[Figure]:
        """Give every figure."""
        return [b for b in self.blocks() if isinstance(b, Figure)]


def _walk(blocks: Iterable[Block]) -> Iterator[Block]:
    for block in blocks:
        yield block
        if isinstance(block, Section):
            yield from _walk(block.blocks)


def plain(part: Any, write: Callable[[str], str] = str) -> Any:
    """Turn a document into lists and dictionaries, each block with its kind.

    Parameters
    ----------
    part : Document or any part of one
        What to turn.
    write : callable
        How words are written.

    Examples
    --------
    >>> from vcanalysis.output.briefing.blocks import Said
    >>> plain(Said("Care is dear."))["kind"]
    'said'
    """
    if is_dataclass(part) and not isinstance(part, type):
        made = {f.name: plain(getattr(part, f.name), write) for f in fields(part)}
        more = {name: plain(getattr(part, name)) for name in ("kind", "weights") if hasattr(part, name)}
        return made | more
    if isinstance(part, (tuple, list)):
        return [plain(item, write) for item in part]
    if isinstance(part, date):
        return part.isoformat()
    return write(part) if isinstance(part, str) and not part.startswith("<svg") else part
