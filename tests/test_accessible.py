"""Reference tests of accessibility: pages by axe-core in a browser, PDF, Word file and spreadsheet by their structure.

The page is held against WCAG 2.2 AA (axe-core and real keys in Chromium), the PDF against what PDF/UA-1 asks of its
structure, the spreadsheet against the Analysis Function's guidance on releasing statistics in spreadsheets.
"""

from __future__ import annotations

import io
import re
import shutil
from itertools import pairwise
from pathlib import Path

import openpyxl
import pypdf
import pytest
from docx import Document as open_word
from docx.oxml.ns import qn

from tests.briefing_drawn import PLANNED
from vcanalysis.output.briefing import committee, docx, html, pdf, quarterly, sheets
from vcanalysis.output.records import example_results, read_results
from vcanalysis.output.star.tables import star
from vcanalysis.output.star.workbook import workbook

RESULTS = read_results(example_results())
FORMS = {"quarterly": quarterly, "briefing": committee}
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")


@pytest.fixture(scope="module", params=FORMS)
def document(request):
    """The quarterly report and the briefing of the demo run."""
    return FORMS[request.param].compose(RESULTS, PLANNED)


# ── the page, in a browser ──────────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def browser():
    """A Chromium of this machine, without a window."""
    drive = pytest.importorskip("playwright.sync_api", reason="axe-playwright-python is not installed")
    found = next(filter(None, map(shutil.which, BROWSERS)), None)
    with drive.sync_playwright() as driver:
        own = Path(driver.chromium.executable_path)
        if not found and not own.is_file():
            pytest.skip("this machine has no Chromium")
        browser = driver.chromium.launch(executable_path=found or str(own))
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def address(document, tmp_path_factory):
    """Where the page lies."""
    path = tmp_path_factory.mktemp("page") / f"{document.name}.html"
    path.write_text(html.render(document), encoding="utf-8")
    return path.as_uri()


@pytest.fixture
def page(browser, address):
    """The page, opened at the width of a laptop; nothing may be asked of the network."""
    page = browser.new_page(viewport={"width": 1280, "height": 800})
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(address)
    yield page
    page.close()
    assert [url for url in asked if not url.startswith(("file:", "data:"))] == []


@pytest.mark.slow
def test_axe_finds_no_fault_in_the_page(page):
    axe = Path(pytest.importorskip("axe_playwright_python").__file__).with_name("axe.min.js")
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    page.evaluate(axe.read_text(encoding="utf-8"))
    found = page.evaluate("tags => axe.run({runOnly: {type: 'tag', values: tags}})", WCAG)
    assert len(found["passes"]) > 30
    assert {(v["id"], n["html"][:120]) for v in found["violations"] for n in v["nodes"]} == set()
    # of words in a drawing and of cells scrolled out of sight axe cannot tell what lies behind them
    assert {v["id"] for v in found["incomplete"]} <= {"color-contrast"}


def test_words_in_drawings_stand_out_from_white(page):
    colours = page.evaluate(
        "[...document.querySelectorAll('svg text')].map(t => [getComputedStyle(t).fill, t.textContent])"
    )
    assert colours
    faint = {
        words for fill, words in colours if contrast(tuple(map(int, re.findall(r"\d+", fill)[:3]))) < 4.5
    }
    assert faint == set()


def contrast(colour: tuple[int, ...]) -> float:
    """Contrast of a colour with white (WCAG 2.2, relative luminance)."""
    parts = [c / 255 / 12.92 if c <= 10 else ((c / 255 + 0.055) / 1.055) ** 2.4 for c in colour]
    return 1.05 / (0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2] + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast((255, 255, 255)) == 1.0
    assert contrast((0, 0, 0)) == 21.0
    assert contrast((118, 118, 118)) == pytest.approx(4.54, abs=0.01)  # the lightest grey that passes


@pytest.mark.parametrize(
    "how",
    [
        "width 640",
        "width 320",
        "html { font-size: 225% !important }",
        "* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important }",
    ],
    ids=["200% zoom", "400% zoom", "200% text", "wide text"],
)
def test_the_page_is_read_without_scrolling_sideways(page, how):
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    if how.startswith("width"):
        page.set_viewport_size({"width": int(how.split()[1]), "height": 800})
    else:
        page.add_style_tag(content=how)
    room, wide = page.evaluate("[document.documentElement.clientWidth, document.documentElement.scrollWidth]")
    assert wide <= room
    outside = page.evaluate(
        "[...document.querySelectorAll('main *')].filter(e => !e.closest('.scroll') && "
        "e.getBoundingClientRect().right > document.documentElement.clientWidth + 1).map(e => e.outerHTML.slice(0, 99))"
    )
    assert outside == []


def test_the_first_key_leads_past_the_head_to_the_findings(page):
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    assert page.evaluate("document.activeElement.getBoundingClientRect().left") >= 0
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"


def test_tables_are_reached_seen_and_scrolled_with_keys_alone(page):
    page.set_viewport_size({"width": 400, "height": 800})
    wide = page.evaluate(
        "[...document.querySelectorAll('.scroll')].filter(s => s.checkVisibility() && "
        "s.scrollWidth > s.clientWidth + 5).length"
    )
    assert wide
    reached = 0
    for _ in range(400):
        page.keyboard.press("Tab")
        told = page.evaluate(
            "(e => [e.tagName, e.className, e.scrollWidth - e.clientWidth, getComputedStyle(e).outlineStyle, "
            "e.getAttribute('aria-label')])(document.activeElement)"
        )
        if told[0] == "BODY":
            break
        assert told[3] != "none", "what has the focus shows it"
        if told[1] == "scroll" and told[2] > 5:
            reached += 1
            assert told[4]
            page.keyboard.press("ArrowRight")
            page.wait_for_function("document.activeElement.scrollLeft > 0", timeout=20_000)
    assert reached == wide


def test_figures_open_as_tables_with_a_key(page):
    closed = page.locator("details").first
    closed.locator("summary").focus()
    page.keyboard.press("Enter")
    assert closed.evaluate("d => d.open")
    assert closed.locator("table").is_visible()


def test_print_holds_what_the_page_holds_closed_tables_too(page, document):
    paper = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4", prefer_css_page_size=True)))
    text = plain("".join(p.extract_text() for p in paper.pages))
    titles = [t.title for t in document.tables()] + [f.headline for f in document.figures()]
    missing = [t for t in titles if plain(t) not in text]
    assert missing == []
    assert "Skiptothefindings" not in text


def plain(text: str) -> str:
    """Words without blanks and joiners, minus signs as they are typed."""
    return re.sub(r"[\s\u2060]+", "", text.replace("\u2212", "-"))


# ── the PDF, by its structure ───────────────────────────────────────────────────────────────────────────────────────


@pytest.fixture(scope="module")
def paper(document):
    """The PDF, opened."""
    pikepdf = pytest.importorskip("pikepdf", reason="pikepdf is not installed")
    with pikepdf.open(io.BytesIO(pdf.render(document))) as opened:
        yield opened


@pytest.fixture(scope="module")
def tags(paper):
    """Every element of its structure, in the order of reading: its kind, the element, its level."""
    import pikepdf

    def walk(node, level):
        if isinstance(node, pikepdf.Array):
            for kid in node:
                yield from walk(kid, level)
        elif isinstance(node, pikepdf.Dictionary) and "/S" in node:
            yield str(node["/S"]), node, level
            if "/K" in node:
                yield from walk(node["/K"], level + 1)

    return list(walk(paper.Root.StructTreeRoot.K, 0))


def kids(node, *kinds):
    """Elements of a kind right below an element, or below its groups of rows."""
    import pikepdf

    below = node.get("/K", [])
    for kid in below if isinstance(below, pikepdf.Array) else [below]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if str(kid["/S"]) in kinds:
                yield kid
            elif str(kid["/S"]) in ("/THead", "/TBody", "/TFoot"):
                yield from kids(kid, *kinds)


def test_the_pdf_is_sound_and_says_its_title_and_language(paper, document):
    check = getattr(paper, "check_pdf_syntax", None) or paper.check
    assert list(check()) == []
    root = paper.Root
    assert str(root.Lang) == "en-GB"
    assert bool(root.MarkInfo.Marked)
    assert bool(root.ViewerPreferences.DisplayDocTitle)
    with paper.open_metadata() as metadata:
        said = metadata["dc:title"].replace("\u2060", "").replace("−", "-")
        assert document.title in said
        assert metadata["pdfuaid:part"] == "1"
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root.keys())


def test_headings_of_the_pdf_begin_at_one_and_skip_no_level(tags, document):
    levels = [int(kind[2]) for kind, _, _ in tags if re.fullmatch(r"/H[1-6]", kind)]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert [b for a, b in pairwise(levels) if b > a + 1] == []


def test_every_picture_of_the_pdf_is_described_in_words(tags, document):
    described = [str(node.get("/Alt", "")) for kind, node, _ in tags if kind == "/Figure"]
    assert len(described) >= len(document.figures())
    assert all(len(words) > 40 for words in described)


def test_every_table_of_the_pdf_has_a_head_with_scope_and_rows_of_equal_length(tags, document):
    import pikepdf

    found = [node for kind, node, _ in tags if kind == "/Table"]
    assert len(found) == len(document.on_paper().tables())
    for table in found:
        rows = [list(kids(row, "/TH", "/TD")) for row in kids(table, "/TR")]
        assert {str(cell["/S"]) for cell in rows[0]} == {"/TH"}
        for cell in rows[0]:
            parts = cell["/A"] if isinstance(cell["/A"], pikepdf.Array) else [cell["/A"]]
            assert [str(a["/Scope"]) for a in parts if "/Scope" in a] == ["/Column"]
        assert len({len(row) for row in rows}) == 1


def test_every_page_of_the_pdf_is_tabbed_in_the_order_of_its_structure_and_its_fonts_are_in_it(paper):
    for page in paper.pages:
        assert "/Annots" not in page or str(page.get("/Tabs")) == "/S"
        for font in page.get("/Resources", {}).get("/Font", {}).values():
            below = font.get("/DescendantFonts", [font])[0]
            assert {"/FontFile", "/FontFile2", "/FontFile3"} & set(below["/FontDescriptor"].keys())
            assert "/ToUnicode" in font


def test_every_section_of_the_pdf_stands_in_its_outline(paper, document):
    with paper.open_outline() as outline:
        titles = " ".join(entry.title for top in outline.root for entry in (top, *top.children))
    assert [s.title for s in document.on_paper().sections if s.title not in titles] == []


LONGEST = {"briefing": 8, "quarterly": 4}  # pages before the annexes, as the forms of both ask


def test_the_main_text_is_as_short_as_its_form_asks(paper, document):
    with paper.open_outline() as outline:
        entries = [entry for top in outline.root for entry in (top, *top.children)]
    annex = next(e for e in entries if e.title.startswith("Annex A"))
    before = [page.objgen for page in paper.pages].index(annex.destination[0].objgen)
    assert before <= LONGEST[document.name]


def test_the_pdf_is_read_in_the_order_of_the_document(tags, document):
    spoken = [str(node["/T"]) for kind, node, _ in tags if kind in ("/H1", "/H2")]
    titles = [s.title for s in document.on_paper().sections]
    assert [title for title, heading in zip(titles, spoken[1:], strict=False) if title not in heading] == []
    described = [str(node["/Alt"]) for kind, node, _ in tags if kind == "/Figure"]
    assert list(dict.fromkeys(described)) == [pdf._write(f.alt) for f in document.figures()]


def test_everything_drawn_in_the_pdf_is_tagged_or_said_to_be_decoration(paper):
    import pikepdf

    for page in paper.pages:
        depth = 0
        for _, operator in pikepdf.parse_content_stream(page, "BDC BMC EMC Tj TJ Do"):
            depth += {"BDC": 1, "BMC": 1, "EMC": -1}.get(str(operator), 0)
            assert depth > 0 or str(operator) == "EMC"


# ── the Word file ───────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_word_file_skips_no_heading_and_every_table_has_a_head_that_is_repeated(document):
    word = open_word(io.BytesIO(docx.render(document, pdf.pictures(document))))
    levels = [int(p.style.name[-1]) for p in word.paragraphs if re.fullmatch(r"Heading [1-6]", p.style.name)]
    assert levels[0] == 1
    assert [b for a, b in pairwise(levels) if b > a + 1] == []
    assert all(len(p.get("descr") or "") > 40 for p in word.element.body.iter(qn("wp:docPr")))
    assert word.core_properties.title
    shown = [t for t in word.tables if t._tbl.find(f".//{qn('w:tblHeader')}") is not None]
    for table in shown:
        assert not list(table._tbl.iter(qn("w:gridSpan"), qn("w:vMerge"), qn("w:tbl")))[1:]
    # a table without a head is a layout: it may hold one row of tiles at a time, read from left to right
    others = [t for t in word.tables if t._tbl.find(f".//{qn('w:tblHeader')}") is None]
    assert all(not list(t._tbl.iter(qn("w:vMerge"))) for t in others)


# ── the spreadsheets: the checklist of the Analysis Function ────────────────────────────────────────────────────────


@pytest.fixture(scope="module", params=["document", "tables"])
def book(request, document):
    """The spreadsheet of a document, and the workbook of tables."""
    about = {**PLANNED, "policy": {"name": "strict"}}
    content = (
        sheets.render(document, RESULTS)
        if request.param == "document"
        else workbook(star(RESULTS, about), about)
    )
    return openpyxl.load_workbook(io.BytesIO(content))


def test_the_spreadsheet_says_what_it_is_and_opens_on_its_cover(book):
    assert book.properties.title
    assert book.properties.creator
    assert book.active.title == "Cover"
    assert book.sheetnames[1] == "Contents"


def test_every_sheet_has_a_title_and_one_marked_table_without_gaps(book):
    for sheet in book.worksheets:
        assert sheet["A1"].value
        assert sheet.sheet_state == "visible"
        assert not sheet.merged_cells.ranges
        assert not sheet._images
        assert not sheet._charts
        assert not [r for r in sheet.row_dimensions.values() if r.hidden]
        assert not [c for c in sheet.column_dimensions.values() if c.hidden]
    for sheet in book.worksheets[1:]:
        (table,) = sheet.tables.values()
        rows = list(sheet[table.ref])
        heads = [cell.value for cell in rows[0]]
        assert len(set(heads)) == len(heads)
        assert all(heads)
        assert not [cell.coordinate for row in rows for cell in row if cell.value in (None, "")]
        assert rows[-1][0].row == sheet.max_row, "nothing stands below a table"
        assert rows[0][0].row <= 8
        assert "one table" in " ".join(
            str(sheet.cell(row, 1).value) for row in range(1, rows[0][0].row)
        ).lower() or (sheet.title in ("Contents", "Notes"))


def test_every_table_is_in_the_contents_with_a_link_and_signs_are_told_on_the_cover(book):
    contents = book["Contents"]
    linked = {
        cell.hyperlink.location.split("!")[0].strip("'")
        for row in contents.iter_rows()
        for cell in row
        if cell.hyperlink
    }
    assert set(book.sheetnames[2:]) - {"Notes"} <= linked
    used = {
        str(cell.value) for s in book.worksheets[2:] for row in s.iter_rows() for cell in row
        if re.fullmatch(r"\[\w+\]", str(cell.value))
    }  # fmt: skip
    cover = " ".join(str(cell.value) for row in book["Cover"].iter_rows() for cell in row)
    assert not {sign for sign in used if sign not in cover}
