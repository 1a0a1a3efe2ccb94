"""The blocks a document is made of: sentences, key facts, tables, figures, sections.

A figure or a table that lacks what a reader needs to trust it is refused here, before anything is drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar, TypeAlias

from vcanalysis.core.errors import InputError

LONGEST_ALT = 250
_SHORT = 26  # letters that need not be broken into lines
_ROOM, _GAP = 118, 3  # letters of a line, and between two columns
_LEAST, _CROWDED = 8, 22  # letters of the narrowest and of the widest column where there is no room for all
_NAMED = 34  # letters of the first column there
_NARROW = 14  # letters of a column of words that leaves figures the room to stand on one line
_SMALL, _MANY = 1.13, 5  # room in small type, and the columns from which a table is set in it


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence or two, with the ids of the records whose numbers they hold.

    Parameters
    ----------
    text : str
        Plain words.
    lead : str
        What is said first, in bold.
    ids : tuple of str
        Ids of records.
    numbers : tuple of str
        Numbers that no record holds, because they count what the document itself holds or states.
    number : str
        Such as "1.2"; given when the document is numbered.
    verdict, neutral : str, float
        "up", "down" or "flat": on which side of a neutral value the words say that the interval of the record lies;
        empty where they claim no direction.
    origin : str
        What states the numbers, where no record does: the name of a file.
    """

    text: str
    lead: str = ""
    ids: tuple[str, ...] = ()
    numbers: tuple[str, ...] = ()
    number: str = ""
    verdict: str = ""
    neutral: float = 0.0
    origin: str = ""
    kind: ClassVar[str] = "said"


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list of short statements."""

    items: tuple[Said, ...]
    kind: ClassVar[str] = "bullets"


@dataclass(frozen=True, slots=True)
class Fact:
    """A key fact: a big number, what it is, and how sure it is."""

    name: str
    figure: str
    unit: str
    sure: str
    id: str


@dataclass(frozen=True, slots=True)
class KeyFacts:
    """The key facts of the first page, at most eight."""

    facts: tuple[Fact, ...]
    kind: ClassVar[str] = "facts"


@dataclass(frozen=True, slots=True)
class Cell:
    """A cell: its words, the number behind them, and the record that the number comes from.

    Parameters
    ----------
    text : str
        As a reader sees it.
    id : str
        Id of the record; empty where the cell holds no number.
    value : float or None
        The published number, for a spreadsheet to calculate with.
    unit : str
        Unit of the number.
    more : tuple of str
        Ids of further records that its words rest on.
    origin : str
        What states its numbers, where no record does: the name of a file.
    """

    text: str
    id: str = ""
    value: float | None = None
    unit: str = ""
    more: tuple[str, ...] = ()
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A table: the first column names the row, numbers stand to the right.

    Raises
    ------
    InputError
        If it has no title or source, or a row is not as long as the header.
    """

    id: str
    title: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    source: str
    notes: tuple[str, ...] = ()
    words: tuple[int, ...] = ()  # columns, besides the first, that hold words and not numbers
    number: str = ""
    numbers: tuple[str, ...] = ()  # those of its notes that no record holds
    kind: ClassVar[str] = "table"

    @property
    def weights(self) -> tuple[float, ...]:
        """How the width is shared out: 0 for a column as wide as its words, else in proportion."""
        longest = [
            max([len(head), *(len(row[i].text) for row in self.rows)]) for i, head in enumerate(self.columns)
        ]
        if sum(min(length, _SHORT) for length in longest) + _GAP * len(longest) > _ROOM:
            if whole := self._figures_whole(longest):
                return whole
            widest = (_NAMED, *[_CROWDED] * (len(longest) - 1))
            return tuple(float(max(min(*ends), _LEAST) + _GAP) for ends in zip(longest, widest, strict=True))
        shared = [0.0 if length <= _SHORT else min(length, 150) ** 0.6 for length in longest]
        return (max(shared[0], min(longest[0], 150) ** 0.6), *shared[1:])

    def _figures_whole(self, longest: list[int]) -> tuple[float, ...]:
        """Give columns of figures their full width, and words what is left: nothing if that is too little."""
        worded = [i == 0 or i in self.words for i in range(len(longest))]
        least = [min(n, _NARROW + 10 * (i == 0)) if worded[i] else n for i, n in enumerate(longest)]
        room = _ROOM * (_SMALL if len(longest) > _MANY else 1)
        too_long = any(n > _NAMED for i, n in enumerate(longest) if worded[i] and i)
        if too_long or sum(least) + _GAP * len(longest) > room:
            return ()
        return tuple(float(min(n, _NAMED)) if worded[i] else 0.0 for i, n in enumerate(longest))

    def __post_init__(self) -> None:
        if not self.title or not self.source:
            raise InputError(f"Table {self.id} needs a title and a source. Give both.")
        uneven = [row for row in self.rows if len(row) != len(self.columns)]
        if uneven:
            raise InputError(f"Table {self.id} has {len(uneven)} rows that do not fit its columns.")


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with all that its reader is owed.

    Parameters
    ----------
    id : str
        Name of its file.
    headline : str
        The finding.
    subtitle : str
        What is drawn, where and when, in which unit.
    source, n, alt : str
        Where the data come from; what they rest on; what is told to those who cannot see it.
    svg : str
        The picture.
    table : Table
        The numbers of the picture.
    notes : tuple of str
        Numbered below it.
    ids : tuple of str
        Ids of the records whose numbers the headline holds.

    Raises
    ------
    InputError
        If any of them is missing, or the description is longer than is read out at once.
    """

    id: str
    headline: str
    subtitle: str
    source: str
    n: str
    alt: str
    svg: str
    table: Table
    notes: tuple[str, ...] = ()
    ids: tuple[str, ...] = ()
    number: str = ""
    numbers: tuple[str, ...] = ()  # those of its notes that no record holds
    kind: ClassVar[str] = "figure"

    def __post_init__(self) -> None:
        for name in ("headline", "subtitle", "source", "n", "alt", "svg"):
            if not getattr(self, name).strip():
                raise InputError(f"Figure {self.id} has no {name}. No figure is published without one.")
        if len(self.alt) > LONGEST_ALT:
            raise InputError(
                f"Figure {self.id}: its description has {len(self.alt)} characters, at most {LONGEST_ALT} are "
                "read out at once. Leave the rest to the table."
            )


@dataclass(frozen=True, slots=True)
class Note:
    """A box beside the argument."""

    title: str
    items: tuple[Said, ...]
    kind: ClassVar[str] = "note"


@dataclass(frozen=True, slots=True)
class Section:
    """A part of the document, or a part of a part.

    Parameters
    ----------
    title : str
        Its heading.
    blocks : tuple
        What it holds.
    numbered : bool
        Whether its paragraphs are numbered.
    on_screen : bool
        Whether only the page and the spreadsheet hold it: a reader of paper is spared hundreds of rows.
    annex : bool
        Whether it stands behind the main text.
    behind : tuple of str
        Ids of the figures and tables behind it that stand in an annex; it is told where when numbered.
    number, anchor : str
        Given when the document is numbered.
    """

    title: str
    blocks: tuple[Block, ...]
    numbered: bool = False
    annex: bool = False
    number: str = ""
    anchor: str = ""
    on_screen: bool = False
    behind: tuple[str, ...] = ()
    kind: ClassVar[str] = "section"


Block: TypeAlias = Said | Bullets | KeyFacts | Table | Figure | Note | Section
