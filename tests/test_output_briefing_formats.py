"""Tests that read all four formats back: the same numbers in each, tagged for all readers, the same bytes again."""

from __future__ import annotations

import io
import re
import zipfile

import openpyxl
import pypdf
import pytest
from docx import Document as open_word
from docx.oxml.ns import qn

from tests.briefing_drawn import ABOUT, PLANNED, raw
from vcanalysis.output import briefing, leaks
from vcanalysis.output.briefing import committee, quarterly
from vcanalysis.output.briefing.words import minus
from vcanalysis.output.disclosure import gate
from vcanalysis.output.records import example_results, read_results

EXAMPLE = read_results(example_results())


@pytest.fixture(scope="module", params=["drawn", "example", "briefing"])
def run(request, tmp_path_factory):
    """The quarterly report of a small run and of the demo run, the briefing of the demo run; each with its files."""
    results = gate(raw())[0] if request.param == "drawn" else EXAMPLE
    about = PLANNED if request.param == "briefing" else ABOUT
    out = tmp_path_factory.mktemp("publish")
    briefing.write(out, results, about)
    form = committee if request.param == "briefing" else quarterly
    return form.compose(results, about), results, out


@pytest.fixture
def files(run):
    """Path of the document in each format."""
    document, _, out = run
    return {kind: out / f"{document.name}.{kind}" for kind in ("html", "pdf", "docx", "xlsx")}


def plain(text: str) -> str:
    """Words as they are read, however they are broken into lines and joined."""
    return re.sub(r"\s+", "", str(minus(text)).replace("\u2060", "").replace("\u2212", "-"))


def read_page(files):
    text = files["html"].read_text()
    text = re.sub(r"<style>.*?</style>|<svg.*?</svg>|<[^>]*>", "", text, flags=re.DOTALL)
    return plain(text.replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">").replace("&#39;", "'"))


def read_pdf(files):
    return plain("".join(page.extract_text() for page in pypdf.PdfReader(files["pdf"]).pages))


def read_word(files):
    body = open_word(str(files["docx"])).element.body
    return plain("".join(t.text or "" for t in body.iter(qn("w:t"))))


@pytest.mark.parametrize("read", [read_page, read_pdf, read_word])
def test_every_sentence_and_every_cell_of_the_document_is_in_every_text(run, files, read):
    document = run[0]
    shown = document if read is read_page else document.on_paper()
    text = read(files)
    said = [b for b in shown.blocks() if b.kind == "said"]
    said += [item for b in shown.blocks() if b.kind == "bullets" for item in b.items]
    wanted = [s.lead + s.text for s in said] + [f.headline for f in shown.figures()]
    wanted += [cell.text for table in shown.tables() for row in table.rows for cell in row]
    # page foots stand between lines of the PDF: a sentence is looked for by its halves
    halves = [
        half for words in wanted for half in ((words[:40], words[-40:]) if read is read_pdf else (words,))
    ]
    missing = [words for words in halves if plain(words) not in text]
    assert len(missing) <= (len(halves) // 200 if read is read_pdf else 0), missing


def test_every_number_of_the_document_is_a_number_in_the_spreadsheet(run, files):
    document, results, _ = run
    book = openpyxl.load_workbook(files["xlsx"])
    shown = {}
    for sheet in book.worksheets:
        for row in sheet.iter_rows(values_only=True):
            if row[-1] in results:
                shown.setdefault(row[-1], set()).add(row[-8:-5])
    ids = {c.id for t in document.tables() for row in t.rows for c in row if c.value is not None}
    assert ids
    for name in ids:
        record = results[name]
        ends = ("[z]" if end is None else end for end in (record.low, record.high))
        assert shown[name] == {(record.value, *ends)}, name


def test_the_spreadsheet_opens_on_a_cover_and_holds_one_table_a_sheet(files):
    book = openpyxl.load_workbook(files["xlsx"])
    assert book.sheetnames[:3] == ["Cover", "Contents", "Notes"]
    assert all(len(sheet.tables) == 1 for sheet in book.worksheets[1:])
    assert not any(
        cell.value is None
        for s in book.worksheets[3:]
        for t in s.tables.values()
        for r in s[t.ref]
        for cell in r
    )
    assert not [name for name in zipfile.ZipFile(files["xlsx"]).namelist() if "vba" in name.lower()]


def tags_of(reader):
    """Every structure element of a tagged PDF, in order."""

    def walk(node):
        node = node.get_object()
        if isinstance(node, pypdf.generic.ArrayObject):
            for kid in node:
                yield from walk(kid)
        elif isinstance(node, pypdf.generic.DictionaryObject):
            if "/S" in node:
                yield node
            if "/K" in node:
                yield from walk(node["/K"])

    yield from walk(reader.trailer["/Root"]["/StructTreeRoot"]["/K"])


def test_the_pdf_says_its_title_and_language_and_is_tagged_to_pdf_ua(files):
    reader = pypdf.PdfReader(files["pdf"])
    root = reader.trailer["/Root"]
    assert root["/Lang"] == "en-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert root["/ViewerPreferences"]["/DisplayDocTitle"]
    assert "October to December 2019" in reader.metadata.title
    assert b"pdfuaid:part>1<" in root["/Metadata"].get_data()


def test_the_pdf_has_headings_described_pictures_and_heads_with_their_scope(run, files):
    document = run[0]
    tags = list(tags_of(pypdf.PdfReader(files["pdf"])))
    kinds = [tag["/S"] for tag in tags]
    assert kinds.count("/H1") == 1
    assert kinds.count("/H2") == len(document.on_paper().sections) + 1
    figures = [str(tag.get("/Alt", "")) for tag in tags if tag["/S"] == "/Figure"]
    assert [plain(f.alt) for f in document.figures()] == [plain(alt) for alt in figures if alt]
    heads = [tag for tag in tags if tag["/S"] == "/TH"]
    scopes = [part["/Scope"] for head in heads for part in _attributes(head) if "/Scope" in part]
    assert len(scopes) == len(heads) > 0


def _attributes(tag):
    found = tag.get("/A", [])
    return [a.get_object() for a in found] if isinstance(found, list) else [found.get_object()]


def test_the_word_file_has_real_headings_described_pictures_and_repeated_heads(run, files):
    document = run[0]
    word = open_word(str(files["docx"]))
    titles = [p.text for p in word.paragraphs if p.style.name == "Heading 2"]
    assert len([p for p in word.paragraphs if p.style.name == "Heading 1"]) == 1
    assert [t.split("  ")[-1] for t in titles[:-1]] == [s.title for s in document.on_paper().sections]
    described = [p.get("descr") for p in word.element.body.iter(qn("wp:docPr"))]
    assert described == [f.alt for f in document.figures()]
    tables = [t for t in word.element.body.iter(qn("w:tbl")) if t.find(f".//{qn('w:tblHeader')}") is not None]
    assert len(tables) == len(document.on_paper().tables())
    assert {lang.get(qn("w:val")) for lang in word.styles.element.iter(qn("w:lang"))} == {"en-GB"}


def test_a_short_table_of_the_word_file_stands_on_one_page_and_no_source_stands_alone(files):
    for table in open_word(str(files["docx"])).tables:
        if table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is None:
            continue
        kept = [row._tr.find(f".//{qn('w:keepNext')}") is not None for row in table.rows]
        assert kept[0]
        assert kept[-1]
        assert all(kept) == (len(kept) <= 16)


def test_no_column_of_the_word_file_or_the_spreadsheet_is_too_narrow_or_too_wide_to_read(run, files):
    for table in open_word(str(files["docx"])).tables:
        sizes = {e.get(qn("w:val")) for e in table._tbl.iter(qn("w:sz"))}
        letter = 0.5 * 10 * max(int(size) for size in sizes)  # an even letter, in twentieths of a point
        if table.rows[0]._tr.find(f".//{qn('w:tblHeader')}") is None:
            continue
        for place, column in enumerate(table._tbl.tblGrid.findall(qn("w:gridCol"))):
            words = [
                word for row in table.rows[:40] for word in row.cells[place].text.split() if len(word) < 18
            ]
            assert int(column.get(qn("w:w"))) >= letter * max(map(len, words), default=0), (
                place,
                table.rows[0],
            )
    for sheet in openpyxl.load_workbook(files["xlsx"]).worksheets:
        assert max(c.width for c in sheet.column_dimensions.values()) <= 126
    notes = openpyxl.load_workbook(files["xlsx"])["Notes"].column_dimensions
    assert notes["A"].width < 40
    assert notes["B"].width < 90


def test_files_hold_the_date_of_the_data_and_nobody_s_name(run, files):
    out = run[2]
    word = open_word(str(files["docx"])).core_properties
    book = openpyxl.load_workbook(files["xlsx"]).properties
    pdf = pypdf.PdfReader(files["pdf"]).metadata
    assert {f"{d:%Y-%m-%d}" for d in (word.created, word.modified, book.created, pdf.creation_date)} == {
        "2019-12-31"
    }
    assert {word.author, word.last_modified_by, book.creator, pdf.author} == {"Test council (synthetic)"}
    assert leaks.scan(out) == []
    for kind in ("docx", "xlsx"):
        entries = zipfile.ZipFile(files[kind]).infolist()
        assert {entry.date_time[0] for entry in entries} == {1980}
        assert not [entry for entry in entries if "thumbnail" in entry.filename]


def test_the_same_records_give_the_same_bytes(run, tmp_path):
    document, results, out = run
    briefing.write(tmp_path, results, PLANNED if document.name == "briefing" else ABOUT)
    for file in sorted(path for path in out.rglob("*") if path.is_file()):
        assert (tmp_path / file.relative_to(out)).read_bytes() == file.read_bytes(), file.name


def test_an_archive_can_be_read_again_after_it_was_settled(files):
    content = files["docx"].read_bytes()
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
