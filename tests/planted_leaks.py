"""Leaks planted in releases, and releases without one, for the test of the gate; every value is made up."""

from __future__ import annotations

import base64
import gzip
import io
import json
import struct
import zipfile
import zlib

from openpyxl import Workbook

UPN, POSTCODE, CHILD, NHS = "B801200005001", "NR1 2DH", "9f3b2c41aa07", "943 476 5919"


def zipped(**files: str | bytes) -> bytes:
    """Pack files, their names given with two underscores for a slash and one for a dot."""
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return memory.getvalue()


def book(change=None) -> bytes:
    """Make a workbook of one small table."""
    made = Workbook()
    sheet = made.active
    sheet.append(["Placement", "Children"])
    sheet.append(["Foster family", 410])
    if change:
        change(made, sheet)
    memory = io.BytesIO()
    made.save(memory)
    return memory.getvalue()


def png(*chunks: tuple[bytes, bytes], behind: bytes = b"") -> bytes:
    """Make a picture of one grey point with chunks of its own."""
    parts = [(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)), *chunks]
    parts += [(b"IDAT", zlib.compress(b"\0\x80")), (b"IEND", b"")]
    body = b"".join(
        struct.pack(">I", len(d)) + k + d + struct.pack(">I", zlib.crc32(k + d)) for k, d in parts
    )
    return b"\x89PNG\r\n\x1a\n" + body + behind


def pdf(stream: bytes = b"BT (410 children) Tj ET", info: bytes = b"", more: bytes = b"") -> bytes:
    """Make a page with a packed stream."""
    packed = zlib.compress(stream)
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Length " + str(len(packed)).encode() + b" /Filter /FlateDecode >>\nstream\n"
        + packed + b"\nendstream\nendobj\n2 0 obj\n<< " + info + b" >>\nendobj\n" + more + b"%%EOF\n"
    )  # fmt: skip


def notebook(*outputs: dict, cell: dict | None = None, **metadata: object) -> str:
    """Make a notebook of one cell."""
    made = {"cell_type": "code", "source": ["1"], "metadata": cell or {}, "outputs": list(outputs)}
    return json.dumps({"cells": [made], "metadata": metadata, "nbformat": 4, "nbformat_minor": 5})


def text(said: str) -> dict:
    """Give the output of a cell that prints."""
    return {"output_type": "stream", "name": "stdout", "text": [said]}


def shown(**data: object) -> dict:
    """Give an output in several forms; a name's two underscores stand for a slash."""
    return {
        "output_type": "display_data",
        "metadata": {},
        "data": {k.replace("__", "/"): v for k, v in data.items()},
    }


def attached() -> str:
    """Make a notebook with a file attached to a cell."""
    return notebook().replace('"metadata"', '"attachments": {"a": {}, "b": {"image/png": ""}}, "metadata"', 1)


def record(**changes: object) -> str:
    """Give a results file of one record."""
    row = {
        "id": "a.b",
        "value": 410.0,
        "n": 410,
        "status": "published",
        "sentence": "410 children.",
        "support": None,
    }
    return json.dumps([{**row, **changes}])


def points(n: int) -> str:
    """Draw n points as a scatter plot does."""
    return "<svg>" + "".join(f'<use x="{i}.25" y="{7 * i % 50}.5"/>' for i in range(n)) + "</svg>"


def hidden_sheet(made, sheet):
    """Hide a sheet as the reprimanded council did."""
    made.create_sheet("working").sheet_state = "veryHidden"


def formula(made, sheet):
    """Write what a spreadsheet would run."""
    sheet["C1"] = '=HYPERLINK("http://example.org","x")'


def hidden_column(made, sheet):
    """Hide a column."""
    sheet["C2"] = 7
    sheet.column_dimensions["C"].hidden = True


def author(made, sheet):
    """Leave the name of who made it."""
    made.properties.creator = "J Smith"


def upn_in_a_cell(made, sheet):
    """Leave a pupil number in a far cell."""
    sheet["ZZ900"] = UPN


def encoded(said: str) -> str:
    """Encode as a page carries pictures."""
    return base64.b64encode(said.encode()).decode()


ROWS = "CHILD,SEX,DOB,ETHNIC\n101,1,03/04/2011,WBRI\n"
LEAKS: dict[str, tuple[str, bytes | str]] = {
    "a pseudonym in a table": ("page.html", f"<td>{CHILD}</td>"),
    "an id in json": ("results.json", '{"child_id": "9f3b2c"}'),
    "a pupil number": ("page.html", f"<td>{UPN}</td>"),
    "a postcode": ("page.html", f"<p>lives at {POSTCODE}</p>"),
    "a date of birth": ("page.html", "<p>DOB: 03/04/2011</p>"),
    "an NHS number": ("page.html", f"<p>NHS no {NHS}</p>"),
    "a path in a table": ("results.json", '{"council": "/tmp/councils/norfolk"}'),
    "a path of Windows": ("page.html", r"C:\Users\jsmith\care.csv"),
    "a trace in a page": ("page.html", "Traceback (most recent call last):\n KeyError"),
    "a script": ("page.html", "<script>alert(1)</script>"),
    "a handler": ("page.html", '<svg onload="x()"></svg>'),
    "a picture from elsewhere": ("page.html", '<img src="https://example.org/pixel.png">'),
    "a comment of the page": ("page.html", "<!-- child 17 left -->"),
    "a paragraph not shown": ("page.html", '<p style="display: none">seven</p>'),
    "escaped letters in a page": ("page.html", "<p>" + "".join(f"&#{ord(c)};" for c in POSTCODE) + "</p>"),
    "escaped letters in json": ("results.json", json.dumps({"x": "é"}).replace("\\u00e9", "\\u0042" + UPN[1:])),
    "encoded text in a page": ("page.html", f'<a href="data:text/csv;base64,{encoded(ROWS)}">data</a>'),
    "an encoded workbook": ("page.html", "data:;base64," + base64.b64encode(book(upn_in_a_cell)).decode()),
    "pounds to the penny": ("page.html", "<p>cost £7,313.37 a week</p>"),
    "rows of a return": ("table.csv", ROWS),
    "rows renamed": ("notes.txt", ROWS),
    "a formula in a table": ("table.csv", "name,children\n=1+1,20\n"),
    "a pupil number in a workbook": ("tables.xlsx", book(upn_in_a_cell)),
    "a hidden sheet": ("tables.xlsx", book(hidden_sheet)),
    "a hidden column": ("tables.xlsx", book(hidden_column)),
    "a formula in a workbook": ("tables.xlsx", book(formula)),
    "the name of an author": ("tables.xlsx", book(author)),
    "a pivot cache": ("tables.xlsx", zipped(xl__pivotCache__records_xml="<r/>")),
    "a comment in a document": ("briefing.docx", zipped(word__document_xml="<w:p/>", word__comments_xml="<x/>")),
    "a struck out sentence": ("briefing.docx", zipped(word__document_xml='<w:del w:id="1">seven</w:del>')),
    "a file in a packed file": ("all.zip", zipped(inner_zip=zipped(page_html=f"<td>{UPN}</td>"))),
    "metadata of a picture": ("map.png", png((b"tEXt", b"Author\0J Smith"))),
    "bytes behind a picture": ("map.png", png(behind=ROWS.encode())),
    "a packed stream of a page": ("briefing.pdf", pdf(b"BT (" + POSTCODE.encode() + b") Tj ET")),
    "the author of a page": ("briefing.pdf", pdf(info=b"/Author (J Smith)")),
    "a file in a page": ("briefing.pdf", pdf(more=b"<< /EmbeddedFile /x >>")),
    "a mark for every child": ("spend.svg", points(412)),
    "a pickle with another name": ("model.json", b"\x80\x04\x95" + b"x" * 40),
    "a data file with another name": ("table.csv", b"PAR1" + b"x" * 40),
    "parameters of a run": ("run.ipynb", notebook(text("ok"), papermill={"parameters": {}})),
    "an unmasked form of an output": ("run.ipynb", notebook(shown(text__plain="7", text__html="[c]"))),
    "a hidden output": ("run.ipynb", notebook(text("seven"), cell={"jupyter": {"outputs_hidden": True}})),
    "an error output": ("run.ipynb", notebook({"output_type": "error", "ename": "KeyError", "traceback": []})),
    "an attachment of a cell": ("run.ipynb", attached()),
    "a result that passed no gate": ("results.json", record(status="private")),
    "a number that was to be hidden": ("results.json", record(status="suppressed")),
    "a packed table": ("table.json", gzip.compress(ROWS.encode())),
    "text in two bytes a letter": ("page.html", f"<td>{UPN}</td>".encode("utf-16")),
}  # fmt: skip

PNG = base64.b64encode(png()).decode()
PAGE = """<!DOCTYPE html><html lang="en"><head><title>Report</title><style>@media print {nav {display: none}}</style>
</head><body><p>Data from 1 January 2016 to 31 December 2019. Run 89ada70258. £4,560 a week, £1.25 million, 250
children. <a href="https://www.gov.uk/guidance">Guidance</a> <a href="#q1">1</a> E99999999 2019Q4</p></body></html>"""
CLEAN: dict[str, tuple[str, bytes | str]] = {
    "a page": ("page.html", PAGE),
    "a page with a drawing": ("page.html", PAGE.replace("</p>", f"</p>{points(12)}")),
    "a page with a picture": ("page.html", PAGE + f'<img src="data:image/png;base64,{PNG}">'),
    "a page with pounds": ("page.html", "<p>£7,310 a week, £1.25m, £2.50 million, −£3,000</p>"),
    "results": ("results.json", record()),
    "a hidden result": ("results.json", record(status="suppressed", value=None, n=None)),
    "a list of hashes": ("manifest.json", json.dumps({"key": "1db39c5cc7ca55abca067fa3e4e4db6c", "run": "827662fe31"})),
    "a drawing": ("spend.svg", points(40)),
    "a picture": ("map.png", png()),
    "a picture of our library": ("map.png", png((b"tEXt", b"Software\0Matplotlib version3.11.2, https://matplotlib.org/"))),
    "a picture with a title": ("map.png", png((b"tEXt", b"Title\0Weekly cost by need"))),
    "a workbook": ("tables.xlsx", book()),
    "a document": ("briefing.docx", zipped(word__document_xml="<w:p><w:t>410 children</w:t></w:p>")),
    "a printed page": ("briefing.pdf", pdf()),
    "a table": ("table.csv", "placement,children,change\nFoster family,410,-5\nOther,[c],+10\n"),
    "a table of pounds": ("costs.csv", "placement,gbp_week\nFoster family,830\n"),
    "words": ("README.md", "# What this is\nFigures of 31/12/2019; children born abroad are counted.\n"),
    "a notebook": ("answer.ipynb", notebook(text("Hardly. 410 children."))),
    "a packed release": ("all.zip", zipped(page_html=PAGE, tables_csv="placement,children\nAll,410\n")),
    "telephone and reference numbers": ("page.html", "<p>020 7946 0018, CM12 and 100 to 250 children; URN 1234567</p>"),
}  # fmt: skip
