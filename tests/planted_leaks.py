"""Leaks planted in releases, and releases without one, for the test of the gate; every value is made up."""

from __future__ import annotations

import base64
import gzip
import io
import json
import re
import struct
import zipfile
import zlib

import numpy as np
import pypdf
import pypdf.annotations
import typst
from matplotlib.figure import Figure
from openpyxl import Workbook

UPN, POSTCODE, CHILD, NHS = "B801200005001", "NR1 2DH", "9f3b2c41aa07", "943 476 5919"
HOME = "/ho" + "me/jsmith"  # written so that no test of this repository takes it for a path
NARROW = '<col min="1" max="1" width="0" customWidth="1"/>'


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


def pdf(said: str = "410 children", author: str = "Demo council") -> bytes:
    """Make a page as the report does: its words are numbers of glyphs."""
    about = f'#set document(title: "Briefing", author: "{author}")\n#set text(lang: "en")\n'
    return typst.compile(f"{about}= Briefing\n{said}".encode(), format="pdf")


def changed_pdf(change) -> bytes:
    """Make a page and change it, as an editor of such files would."""
    made = pypdf.PdfWriter(clone_from=io.BytesIO(pdf()))
    change(made)
    memory = io.BytesIO()
    made.write(memory)
    return memory.getvalue()


def noted(made):
    """Leave a note beside the text."""
    note = pypdf.annotations.Text(rect=(0, 0, 9, 9), text=f"see {UPN}")
    made.add_annotation(0, note)


def drawn(kind: str, draw) -> bytes:
    """Draw with matplotlib, as a chart is drawn, its comments and dates taken out."""
    figure = Figure()
    draw(figure.subplots(), np.random.default_rng(1))
    memory = io.BytesIO()
    unsaid = {"svg": {"Date": None}, "pdf": {"CreationDate": None}, "png": {"Software": None}}
    figure.savefig(memory, format=kind, metadata=unsaid.get(kind))
    made = memory.getvalue()
    return re.sub(rb"<!--.*?-->", b"", made, flags=re.S) if kind == "svg" else made


def encoded_picture(draw) -> str:
    """Make a page that holds a picture."""
    return f'<p>Spend</p><img src="data:image/png;base64,{base64.b64encode(drawn("png", draw)).decode()}">'


def words(ax, rng):
    """Draw text, bars, lines and two dozen dots, as charts do."""
    for place in range(24):
        ax.text(place / 24, 0.04 * place, "Children ... in. care: i.e. 275.", fontsize=8, color="#12436D")
        ax.plot(place / 24, 0.5, "o", color="#F46A25")
    ax.bar(np.arange(12) / 12, rng.uniform(size=12), width=0.03)
    ax.plot(np.linspace(0, 1, 300), np.cumsum(rng.normal(0, 0.02, 300)))


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


def scatter(ax, rng):
    """Draw a point a child."""
    ax.scatter(*rng.uniform(size=(2, 300)))


def sorted_line(ax, rng):
    """Draw what each child costs, in order."""
    ax.plot(np.sort(rng.uniform(size=300)))


def penny(made, sheet):
    """Show pounds and keep the pence."""
    sheet["C1"] = 7313.37
    sheet["C1"].number_format = "£#,##0"


def empty_format(made, sheet):
    """Give a value a form that shows nothing."""
    sheet["C1"] = 7
    sheet["C1"].number_format = ";;;"


def rows_of_children(made, sheet):
    """Put a row a child, without an id, into a sheet."""
    for row in NAMELESS.splitlines():
        sheet.append(row.split(","))


def made_by(who: str) -> bytes:
    """Make a workbook with a maker."""
    return book(lambda made, sheet: setattr(made.properties, "creator", who))


def draw_rows(n: int = 40) -> str:
    """Draw children who do not exist, without ids."""
    rng = np.random.default_rng(3)
    rows = (f"{rng.integers(1, 18)},{rng.choice(['M', 'F'])},U1,{rng.integers(0, 37)},{rng.uniform(300, 9000):.2f}"
            for _ in range(n))  # fmt: skip
    return "age,sex,placement,need,weekly_cost\n" + "\n".join(rows) + "\n"


def html_table(text: str) -> str:
    """Write rows as a table of a page."""
    rows = ("".join(f"<td>{cell}</td>" for cell in line.split(",")) for line in text.splitlines())
    return "<table>" + "".join(f"<tr>{row}</tr>" for row in rows) + "</table>"


NAMELESS = draw_rows()
WHOLE = re.sub(r"\.\d\d", "", NAMELESS)
BARE = "\n".join(line.rpartition(",")[2] for line in NAMELESS.splitlines()[1:])
ROWS = "CHILD,SEX,DOB,ETHNIC\n101,1,03/04/2011,WBRI\n"
LEAKS: dict[str, tuple[str, bytes | str]] = {
    "a pseudonym in a table": ("page.html", f"<td>{CHILD}</td>"),
    "an id in json": ("results.json", '{"child_id": "9f3b2c"}'),
    "a child each beside a price": ("table.csv", "child,pounds\n" + "".join(f"c{i},{5 * i}\n" for i in range(99, 111))),
    "a note behind the end of a PDF": ("briefing.pdf", pdf() + b"\n% made from /tmp/councils/norfolk\n"),
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
    "a postcode in print": ("briefing.pdf", pdf(f"lives at {POSTCODE}")),
    "a pupil number in print": ("briefing.pdf", pdf(f"pupil {UPN}")),
    "a pseudonym in print": ("briefing.pdf", pdf(f"child {CHILD}")),
    "a date of birth in print": ("briefing.pdf", pdf("DOB: 03/04/2011")),
    "pounds to the penny in print": ("briefing.pdf", pdf("cost £7,313.37 a week")),
    "a path in print": ("briefing.pdf", pdf(f"from {HOME}/care.csv")),
    "a trace in print": ("briefing.pdf", pdf("Traceback (most recent call last):")),
    "rows of children in print": ("briefing.pdf", pdf(BARE)),
    "the author of a page": ("briefing.pdf", pdf(author="J Smith")),
    "a note on a page": ("briefing.pdf", changed_pdf(noted)),
    "a file in a page": ("briefing.pdf", changed_pdf(lambda made: made.add_attachment("rows.csv", ROWS.encode()))),
    "a locked page": ("briefing.pdf", changed_pdf(lambda made: made.encrypt("b", algorithm="RC4-128"))),
    "a page that cannot be read": ("briefing.pdf", b"%PDF-1.7\n%%EOF\n"),
    "a point for every child in print": ("spend.pdf", drawn("pdf", scatter)),
    "a point for every child in a picture": ("spend.png", drawn("png", scatter)),
    "a grey point for every child in a photograph": ("spend.jpg", drawn("jpg", lambda ax, rng: ax.scatter(
        *rng.uniform(size=(2, 90)), color="#3D3D3D"))),
    "a pale point for every child in a picture in a page": ("page.html", encoded_picture(lambda ax, rng: ax.scatter(
        *rng.uniform(size=(2, 275)), s=14, alpha=0.4))),
    "a corner for every child in print": ("spend.pdf", drawn("pdf", sorted_line)),
    "a point of its own size for every child": ("spend.svg", drawn("svg", lambda ax, rng: ax.scatter(
        *rng.uniform(size=(2, 300)), s=rng.uniform(5, 60, 300)))),
    "a line with a corner for every child": ("spend.svg", drawn("svg", sorted_line)),
    "a step for every child": ("spend.svg", drawn("svg", lambda ax, rng: ax.ecdf(rng.uniform(size=70)))),
    "a bar for every child": ("spend.svg", drawn("svg", lambda ax, rng: ax.bar(range(120), rng.uniform(size=120)))),
    "rows of children without ids": ("tables.csv", NAMELESS),
    "rows of children in whole pounds": ("tables.csv", WHOLE),
    "a table of children in a page": ("page.html", html_table(NAMELESS)),
    "a table of children in whole pounds in a page": ("page.html", html_table(WHOLE)),
    "a column of what children cost": ("tables.csv", "a,b,c\n" + "".join(f"x,y,{v[:-3]}\n" for v in BARE.split())),
    "children in json": ("tables.json", json.dumps([{"age": 14, "sex": "M", "need": n} for n in range(30)])),
    "columns of children in json": ("tables.json", json.dumps({c: list(range(30)) for c in ("age", "sex", "need")})),
    "children in a workbook": ("tables.xlsx", book(rows_of_children)),
    "children in an output": ("run.ipynb", notebook(text(WHOLE))),
    "children in a table of an output": ("run.ipynb", notebook(shown(text__html=html_table(WHOLE)))),
    "many days": ("page.html", "<p>" + ", ".join(f"0{d}/04/2011" for d in range(1, 9)) + "</p>"),
    "a birthday without the word": ("page.html", "<table><tr><td>M</td><td>03/04/2011</td></tr></table>"),
    "pence under a format of pounds": ("tables.xlsx", book(penny)),
    "a value in an empty format": ("tables.xlsx", book(empty_format)),
    "a column without width": ("tables.xlsx", zipped(xl__worksheets__sheet1_xml=NARROW)),
    "white words": ("briefing.docx", zipped(word__document_xml='<w:color w:val="FFFFFF"/>seven')),
    "a user name as the maker": ("tables.xlsx", made_by("JSMITH01")),
    "a dotted user name as the maker": ("tables.xlsx", made_by("j.smith")),
    "a person with a body as the maker": ("tables.xlsx", made_by("Smith, John (Children's Services)")),
    "a foreign name as the maker": ("tables.xlsx", made_by("José Ángel")),
    "key words of a file": ("tables.xlsx", book(lambda made, sheet: setattr(made.properties, "keywords", "Jamie"))),
    "a rule of style that hides": ("page.html", "<style>.h{display:none}</style><p class=h>seven</p>"),
    "a template of a page": ("page.html", "<template>child 1</template>"),
    "data of an element": ("page.html", '<p data-raw="7313">x</p>'),
    "a postcode without its space": ("page.html", "<p>NR12DH</p>"),
    "a postcode in small letters": ("page.html", "<p>nr1 2dh</p>"),
    "an address of a file": ("page.html", f"file://{HOME}/care.csv"),
    "a share of a network": ("page.html", r"\\\\council-fs01\\children$\\jsmith"),
    "a path from home": ("page.html", "~/care/children.csv"),
    "a path of Windows with strokes": ("page.html", "C:/Documents/jsmith/care.py:3: UserWarning"),
    "an error alone": ("page.html", "KeyError: 'Jamie'"),
    "rows in hexadecimal digits": ("page.html", ROWS.encode().hex()),
    "a place on the map": ("map.json", '{"type": "Point", "coordinates": [-0.1276, 51.5072]}'),
    "a private result in a dictionary": ("results.json", json.dumps({"records": json.loads(record(status="private"))})),
    "a count of three called published": ("results.json", record(value=3.0, n=3, unit="children")),
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
    "a chart of dots, bars and words": ("chart.png", drawn("png", words)),
    "a chart in a photograph": ("chart.jpg", drawn("jpg", words)),
    "a picture of our library": ("map.png", png((b"tEXt", b"Software\0Matplotlib version3.11.2, https://matplotlib.org/"))),
    "a picture with a title": ("map.png", png((b"tEXt", b"Title\0Weekly cost by need"))),
    "a workbook": ("tables.xlsx", book()),
    "a document": ("briefing.docx", zipped(word__document_xml="<w:p><w:t>410 children</w:t></w:p>")),
    "a printed page": ("briefing.pdf", pdf()),
    "a chart in print": ("spend.pdf", drawn("pdf", lambda ax, rng: ax.bar(range(12), rng.uniform(size=12)))),
    "a chart": ("spend.svg", drawn("svg", lambda ax, rng: ax.plot(range(16), rng.uniform(size=16), marker="o"))),
    "a table": ("table.csv", "placement,children,change\nFoster family,410,-5\nOther,[c],+10\n"),
    "a table of pounds": ("costs.csv", "placement,gbp_week\nFoster family,830\n"),
    "words": ("README.md", "# What this is\nFigures of 31/12/2019; children born abroad are counted.\n"),
    "a notebook": ("answer.ipynb", notebook(text("Hardly. 410 children."))),
    "a packed release": ("all.zip", zipped(page_html=PAGE, tables_csv="placement,children\nAll,410\n")),
    "telephone and reference numbers": ("page.html", "<p>020 7946 0018, CM12 and 100 to 250 children; URN 1234567</p>"),
}  # fmt: skip
