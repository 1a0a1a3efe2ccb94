"""The Word file: real headings, lists and tables that a council can edit and a screen reader can follow."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any
from xml.sax.saxutils import escape

from vcanalysis.output.briefing.archive import settled
from vcanalysis.output.briefing.blocks import Block, Bullets, Figure, KeyFacts, Note, Said, Section, Table
from vcanalysis.output.briefing.document import Document
from vcanalysis.output.briefing.word_styles import ACCENT, QUIET, new_file
from vcanalysis.output.briefing.words import minus

if TYPE_CHECKING:
    from docx.document import Document as WordFile
    from docx.text.paragraph import Paragraph

_NAMES = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TEXT_WIDTH = 9500  # twentieths of a point between the margins
_LONGEST_WORD = 18  # letters that are kept on one line
_MARGINS = 210  # of a cell, left and right together, and what a wide letter takes more
_SHORT = 15  # rows of a table that stands on one page
_MANY = 5  # columns from which a table is set in small type


def render(document: Document, pictures: dict[str, bytes]) -> bytes:
    """Render a document as a Word file.

    Parameters
    ----------
    document : Document
        Numbered.
    pictures : dict
        PNG by id of the figure.

    Returns
    -------
    bytes
        The file, the same for the same document.
    """
    word = new_file(f"{document.council} · {document.subtitle}")
    _describe(word, document)
    _open(word, document)
    for section in document.on_paper().sections:
        part = f"{'Annex ' if section.annex else ''}{section.number}".strip()
        word.add_heading(f"{part}  {section.title}" if part else section.title, 2)
        _blocks(word, section.blocks, pictures)
    word.add_heading("Words used", 2)
    for term, meaning in document.words:
        _say(word.add_paragraph(), Said(meaning, f"{term}:"))
    target = io.BytesIO()
    word.save(target)
    return settled(target.getvalue())


def _describe(word: WordFile, document: Document) -> None:
    about = word.core_properties
    about.title, about.author = f"{document.title}, {document.subtitle}", document.council
    about.last_modified_by, about.language = document.council, document.language
    about.subject, about.comments, about.keywords = document.eyebrow, "", ""
    about.created = about.modified = datetime(document.made.year, document.made.month, document.made.day)
    about.revision = 1


def _open(word: WordFile, document: Document) -> None:
    word.add_paragraph(document.eyebrow, "Eyebrow")
    word.add_heading(document.title, 1)
    word.add_paragraph(document.subtitle, "Subtitle")
    for words in (document.banner, document.status):
        if words:
            word.add_paragraph(words, "Banner")
    front = word.add_paragraph(style="Source")
    for place, (name, value) in enumerate(document.front):
        front.add_run(f"{'  ·  ' if place else ''}{name} ").bold = True
        front.add_run(value)


def _blocks(word: WordFile, blocks: tuple[Block, ...], pictures: dict[str, bytes]) -> None:
    for block in blocks:
        if isinstance(block, Said):
            _say(word.add_paragraph(style="Numbered" if block.number else "Normal"), block)
        elif isinstance(block, Bullets):
            _bullets(word, block.items)
        elif isinstance(block, Note):
            word.add_paragraph(block.title, "Box title")
            _bullets(word, block.items)
        elif isinstance(block, KeyFacts):
            _facts(word, block)
        elif isinstance(block, Table):
            _table(word, block)
        elif isinstance(block, Figure):
            _figure(word, block, pictures[block.id])
        elif isinstance(block, Section):
            word.add_heading(block.title, 3)
            _blocks(word, block.blocks, pictures)


def _say(paragraph: Paragraph, said: Said) -> None:
    if said.number:
        paragraph.add_run(f"{said.number}\t")
    if said.lead:
        paragraph.add_run(minus(said.lead)).bold = True
    paragraph.add_run((" " if said.lead and said.text else "") + minus(said.text))


def _bullets(word: WordFile, items: tuple[Said, ...]) -> None:
    for item in items:
        _say(word.add_paragraph(style="List Bullet"), item)


def _figure(word: WordFile, figure: Figure, picture: bytes) -> None:
    from docx.shared import Cm

    _label(word.add_paragraph(style="Headline"), f"Figure {figure.number}", figure.headline)
    word.add_paragraph(minus(f"{figure.subtitle}; {figure.n}"), "Figure subtitle")
    holder = word.add_paragraph(style="Picture")
    drawn = holder.add_run().add_picture(io.BytesIO(picture), width=Cm(16.5))
    about = drawn._inline.docPr
    about.set("descr", figure.alt)
    about.set("name", f"Figure {figure.number}")
    notes = " ".join((*figure.notes, f"Data: Table {figure.table.number}.", f"Source: {figure.source}."))
    word.add_paragraph(minus(notes), "Source")


def _label(paragraph: Paragraph, label: str, words: str) -> None:
    from docx.shared import RGBColor

    run = paragraph.add_run(f"{label}  ")
    run.bold, run.font.color.rgb = True, RGBColor.from_string(ACCENT)
    paragraph.add_run(minus(words)).bold = True


def _facts(word: WordFile, facts: KeyFacts) -> None:
    cells = [
        _paragraph(f.name, size=17)
        + _paragraph(f"{f.figure}{f.unit}", size=32, bold=True, colour=ACCENT)
        + "".join(_paragraph(line, size=15, colour=QUIET) for line in f.sure.split("\n"))
        for f in facts.facts
    ]
    cells += [_paragraph("", size=15)] * (-len(cells) % 4)
    rows = "".join(
        f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{''.join(_tile(cell) for cell in cells[at : at + 4])}</w:tr>"
        for at in range(0, len(cells), 4)
    )
    _insert(word, rows, [_TEXT_WIDTH // 4] * 4, "Key figures", header=False)


def _tile(content: str) -> str:
    width = _TEXT_WIDTH // 4
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/><w:tcBorders>'
        f'<w:top w:val="single" w:sz="20" w:color="{ACCENT}"/></w:tcBorders>'
        f'<w:shd w:val="clear" w:fill="F3F5F7"/></w:tcPr>{content}</w:tc>'
    )


def _table(word: WordFile, table: Table) -> None:
    _label(word.add_paragraph(style="Caption"), f"Table {table.number}", table.title)
    widths = _widths(table)
    head = "".join(
        _cell(c, w, i, table, bold=True, keep=True)
        for i, (c, w) in enumerate(zip(table.columns, widths, strict=True))
    )
    rows = [f"<w:tr><w:trPr><w:cantSplit/><w:tblHeader/></w:trPr>{head}</w:tr>"]
    for at, row in enumerate(table.rows):
        keep = len(table.rows) <= _SHORT or at == len(table.rows) - 1  # else the source begins a page alone
        cells = "".join(
            _cell(c.text, w, i, table, keep=keep) for i, (c, w) in enumerate(zip(row, widths, strict=True))
        )
        rows.append(f"<w:tr><w:trPr><w:cantSplit/></w:trPr>{cells}</w:tr>")
    _insert(word, "".join(rows), widths, table.title)
    word.add_paragraph(minus(" ".join((*table.notes, f"Source: {table.source}."))), "Source")


def _widths(table: Table) -> list[int]:
    """Share out the width: columns of figures as wide as their cells and their head on two lines."""
    longest = [
        max([_on_two_lines(head), *(len(row[i].text) for row in table.rows)])
        for i, head in enumerate(table.columns)
    ]
    letter, weights = _letter(table), table.weights
    fixed = [
        0 if weight else letter * letters + _MARGINS for weight, letters in zip(weights, longest, strict=True)
    ]
    room = _TEXT_WIDTH - sum(fixed)
    shared = [f or int(room * w / sum(weights)) for f, w in zip(fixed, weights, strict=True)]
    whole = [max(width, least) for width, least in zip(shared, _whole_words(table), strict=True)]
    whole[shared.index(max(shared))] -= sum(whole) - sum(shared)  # the widest gives what the narrow ones lack
    return whole


def _on_two_lines(words: str) -> int:
    """Say how many letters wide words are that are cut once where that leaves them narrowest."""
    parts = words.split()
    cuts = (max(len(" ".join(parts[:at])), len(" ".join(parts[at:]))) for at in range(len(parts)))
    return min(cuts, default=0)


def _whole_words(table: Table) -> list[int]:
    columns = zip(table.columns, *([cell.text for cell in row] for row in table.rows), strict=True)
    longest = [max(len(word) for text in column for word in (*text.split(), "")) for column in columns]
    return [_letter(table) * min(length, _LONGEST_WORD) + _MARGINS for length in longest]


def _size(table: Table) -> int:
    """Give the type of a table in half points: small where there are many columns."""
    return 15 if len(table.columns) > _MANY else 17


def _letter(table: Table) -> int:
    """Say how wide a letter is at the most, in twentieths of a point: six tenths of its height."""
    return round(0.6 * 10 * _size(table))


def _cell(text: str, width: int, column: int, table: Table, *, bold: bool = False, keep: bool) -> str:
    side = "left" if column == 0 or column in table.words else "right"
    line = '<w:tcBorders><w:bottom w:val="single" w:sz="8" w:color="0B0C0C"/></w:tcBorders>' if bold else ""
    return (
        f'<w:tc><w:tcPr><w:tcW w:w="{width}" w:type="dxa"/>{line}'
        f'<w:vAlign w:val="{"bottom" if bold else "top"}"/></w:tcPr>'
        f"{_paragraph(text, size=_size(table), bold=bold, side=side, keep=keep)}</w:tc>"
    )


def _paragraph(
    text: str, *, size: int, bold: bool = False, colour: str = "", side: str = "left", keep: bool = False
) -> str:
    kept = "<w:keepNext/>" if keep else ""
    style = ("<w:b/>" if bold else "") + (f'<w:color w:val="{colour}"/>' if colour else "")
    return (
        f'<w:p><w:pPr>{kept}<w:spacing w:before="30" w:after="30"/><w:jc w:val="{side}"/></w:pPr><w:r><w:rPr>{style}'
        f'<w:sz w:val="{size}"/></w:rPr><w:t xml:space="preserve">{escape(minus(text))}</w:t></w:r></w:p>'
    )


def _insert(word: WordFile, rows: str, widths: list[int], title: str, *, header: bool = True) -> None:
    from docx.oxml import parse_xml

    # written as XML in one piece: cell by cell, a long table takes seconds
    grid = "".join(f'<w:gridCol w:w="{width}"/>' for width in widths)
    look = (
        f'<w:tblLook w:firstRow="{int(header)}" w:firstColumn="{int(header)}" w:noHBand="1" w:noVBand="1"/>'
    )
    made: Any = parse_xml(
        f'<w:tbl {_NAMES}><w:tblPr><w:tblStyle w:val="Figures"/><w:tblW w:w="{sum(widths)}" w:type="dxa"/>'
        f'<w:tblLayout w:type="fixed"/>{look}<w:tblCaption w:val="{escape(title, {chr(34): "&quot;"})}"/></w:tblPr>'
        f"<w:tblGrid>{grid}</w:tblGrid>{rows}</w:tbl>"
    )
    word.element.body.insert_element_before(made, "w:sectPr")
