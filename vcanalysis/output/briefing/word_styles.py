"""Styles of the Word file: one typeface, few sizes, one accent, and headings that navigate."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from docx.document import Document as WordFile

ACCENT, INK, QUIET, RULE = "12436D", "0B0C0C", "505A5F", "D8DCE0"
_FONT = "Arial"

# name -> (size in points, colour, bold, space before, space after, kept with what follows)
_STYLES: dict[str, tuple[float, str, bool, float, float, bool]] = {
    "Normal": (10.5, INK, False, 0, 6, False),
    "Heading 1": (22, INK, True, 2, 2, True),
    "Heading 2": (15, INK, True, 20, 8, True),
    "Heading 3": (11.5, INK, True, 12, 4, True),
    "Subtitle": (13, INK, False, 0, 8, False),
    "Eyebrow": (9.5, ACCENT, True, 0, 0, True),
    "Banner": (9.5, INK, True, 4, 4, False),
    "Caption": (10, INK, True, 12, 4, True),
    "Headline": (10.5, INK, True, 14, 0, True),
    "Figure subtitle": (9, QUIET, False, 0, 4, True),
    "Picture": (10, INK, False, 0, 2, True),
    "Source": (8.5, QUIET, False, 2, 8, False),
    "Numbered": (10.5, INK, False, 0, 6, False),
    "List Bullet": (10.5, INK, False, 0, 4, False),
    "Box title": (10.5, ACCENT, True, 8, 3, True),
}


def new_file(footer: str) -> WordFile:
    """Make an empty file with the styles, A4, in British English.

    Parameters
    ----------
    footer : str
        What every page ends in, before its number.
    """
    import docx
    from docx.shared import Cm

    word = docx.Document()
    page = word.sections[0]
    page.page_width, page.page_height = Cm(21), Cm(29.7)
    page.left_margin = page.right_margin = Cm(2.1)
    page.top_margin = page.bottom_margin = Cm(2)
    for name, look in _STYLES.items():
        _style(word, name, *look)
    _rule_above(word.styles["Heading 2"])
    _indent(word.styles["Numbered"])
    _table_style(word)
    _one_typeface(word)
    _speak_english(word)
    _drop_thumbnail(word)
    _foot(page.footer.paragraphs[0], footer)
    return word


def _style(
    word: Any, name: str, size: float, colour: str, bold: bool, before: float, after: float, keep: bool
) -> None:
    from docx.enum.style import WD_STYLE_TYPE
    from docx.shared import Pt, RGBColor

    there = name in [s.name for s in word.styles]
    style = word.styles[name] if there else word.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    style.font.name, style.font.size, style.font.bold, style.font.italic = _FONT, Pt(size), bold, False
    style.font.color.rgb = RGBColor.from_string(colour)
    layout = style.paragraph_format
    layout.space_before, layout.space_after, layout.keep_with_next = Pt(before), Pt(after), keep


def _rule_above(style: Any) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls, qn

    rule = parse_xml(
        f'<w:pBdr {nsdecls("w")}><w:top w:val="single" w:sz="16" w:space="6" w:color="{ACCENT}"/></w:pBdr>'
    )
    style.element.get_or_add_pPr().find(qn("w:spacing")).addprevious(rule)  # Word minds the order


def _indent(style: Any) -> None:
    from docx.shared import Cm

    style.paragraph_format.left_indent, style.paragraph_format.first_line_indent = Cm(1), Cm(-1)
    style.paragraph_format.tab_stops.add_tab_stop(Cm(1))


def _table_style(word: Any) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls

    word.styles.element.append(
        parse_xml(
            f'<w:style {nsdecls("w")} w:type="table" w:customStyle="1" w:styleId="Figures"><w:name w:val="Figures"/>'
            f'<w:tblPr><w:tblBorders><w:bottom w:val="single" w:sz="4" w:color="{RULE}"/>'
            f'<w:insideH w:val="single" w:sz="4" w:color="{RULE}"/></w:tblBorders>'
            '<w:tblCellMar><w:left w:w="70" w:type="dxa"/><w:right w:w="70" w:type="dxa"/></w:tblCellMar>'
            "</w:tblPr></w:style>"
        )
    )


def _one_typeface(word: Any) -> None:
    # the template's theme would put its own typefaces and blues over the styles
    from docx.oxml.ns import qn

    for fonts in word.styles.element.iter(qn("w:rFonts")):
        fonts.attrib.clear()
        for script in ("w:ascii", "w:hAnsi", "w:cs", "w:eastAsia"):
            fonts.set(qn(script), _FONT)
    for colour in word.styles.element.iter(qn("w:color")):
        if any("theme" in key for key in colour.attrib):
            colour.attrib.clear()
            colour.set(qn("w:val"), INK)


def _speak_english(word: Any) -> None:
    from docx.oxml.ns import qn

    for language in word.styles.element.iter(qn("w:lang")):
        for script in ("w:val", "w:eastAsia"):
            language.set(qn(script), "en-GB")


def _drop_thumbnail(word: Any) -> None:
    package = word.part.package
    for key, relation in list(package.rels.items()):
        if relation.reltype.endswith("/thumbnail"):  # a picture of the empty template
            del package.rels[key]


def _foot(paragraph: Any, text: str) -> None:
    from docx.oxml import parse_xml
    from docx.oxml.ns import nsdecls
    from docx.shared import Pt, RGBColor

    run = paragraph.add_run(f"{text}  ·  page ")
    run.font.size, run.font.color.rgb = Pt(8), RGBColor.from_string(QUIET)
    paragraph._p.append(
        parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr="PAGE"><w:r><w:rPr><w:sz w:val="16"/></w:rPr><w:t>1</w:t></w:r>'
            "</w:fldSimple>"
        )
    )
