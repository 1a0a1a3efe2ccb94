"""Opening a PDF: its words as a reader gets them, notes, outline, metadata, and the marks of its drawings.

Typesetters write words as numbers of glyphs with a map beside them, so the bytes of the page say nothing by themselves.
"""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator

from pypdf import PdfReader
from pypdf.errors import PdfReadError
from pypdf.generic import ArrayObject, DictionaryObject, PdfObject, StreamObject

from vcanalysis.output.leaks.drawings import MARKS, ONE_EACH, VERTICES

_PAGE = 200  # painted shapes of a page: rules of tables and bars of charts among them
_DEEP = 5  # drawings within drawings
_LINES = (b"m", b"l", b"c", b"v", b"y")
_CURVES = (b"c", b"v", b"y")
_OPERATOR = re.compile(rb"(?<=\s)(?:[mlcvynFSs]|[fBb]\*?|Do)(?=\s|$)")
_STRING = re.compile(rb"\((?:\\.|[^()\\])*\)", re.S)
_WORDS = ("/Contents", "/RC", "/T", "/V", "/TU")

logging.getLogger("pypdf").setLevel(logging.ERROR)  # what it mends of a file is no concern of a reader


def said_and_wrong(content: bytes) -> Iterator[tuple[str, str]]:
    """Give the texts of a PDF, and what is wrong with it as such: pairs of text and fault, one of them empty.

    Parameters
    ----------
    content : bytes
        The file.
    """
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            yield "", "content that cannot be read"
            return
        yield from _of_document(reader)
        for page in reader.pages:
            yield page.extract_text(), ""
            yield from ((said, "") for said in _notes(page))
            stream = page.get_contents()
            if stream is not None and _one_each(stream):
                yield "", ONE_EACH
            for form in _forms(page.get("/Resources")):
                if _one_each(form):
                    yield "", ONE_EACH
    except (PdfReadError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        yield "", "content that cannot be read"


def _of_document(reader: PdfReader) -> Iterator[tuple[str, str]]:
    for key, value in (reader.metadata or DictionaryObject()).items():
        said = str(value)
        yield (f"<dc:creator>{said}<" if key == "/Author" else said), ""
    root = reader.root_object
    more = root["/Metadata"].get_object() if "/Metadata" in root else None
    if isinstance(more, StreamObject):
        yield more.get_data().decode("utf-8", "replace"), ""
    yield "\n".join(_titles(reader.outline)), ""
    names = root.get("/Names", DictionaryObject()).get_object()
    if {"/EmbeddedFiles", "/JavaScript"} & set(names) or "/OpenAction" in root or "/AF" in root:
        yield "", "a file within a file"
    if "/AcroForm" in root:
        yield "", "a form to fill in"


def _titles(outline: list) -> Iterator[str]:
    for one in outline:
        if isinstance(one, list):
            yield from _titles(one)
        else:
            yield str(one.title)


def _notes(page: DictionaryObject) -> Iterator[str]:
    for note in page.get("/Annots", ArrayObject()).get_object() or ():
        about = note.get_object()
        yield from (str(about[key]) for key in _WORDS if key in about)
        action = about.get("/A", DictionaryObject()).get_object()
        yield from (str(action[key]) for key in ("/URI", "/F") if key in action)


def _forms(resources: PdfObject | None, deep: int = 0) -> Iterator[StreamObject]:
    held = None if resources is None or deep > _DEEP else resources.get_object()
    if not isinstance(held, DictionaryObject):
        return
    inner = held.get("/XObject", DictionaryObject()).get_object()
    for one in inner.values():
        form = one.get_object()
        if form.get("/Subtype") == "/Form":
            yield form
            yield from _forms(form.get("/Resources"), deep + 1)


def _one_each(stream: StreamObject) -> bool:
    """Whether a drawing has as many round or stamped marks, shapes or corners as there may be children."""
    marks = shapes = corners = 0
    curved = False
    for operator in _OPERATOR.findall(_STRING.sub(b"", stream.get_data())):
        if operator in _LINES:
            corners, curved = corners + 1, curved or operator in _CURVES
            if corners > VERTICES:
                return True
        elif operator == b"Do":
            marks += 1
        else:
            painted = operator != b"n"
            marks, shapes = marks + (painted and curved), shapes + painted
            corners, curved = 0, False
    return marks > MARKS or shapes > _PAGE
