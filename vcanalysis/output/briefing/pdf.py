"""The PDF: tagged to PDF/UA-1 by Typst, the same bytes for the same document."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from vcanalysis.output.briefing.document import Document, plain
from vcanalysis.output.briefing.words import minus

_FORM = Path(__file__).parents[1] / "templates" / "document.typ"


def render(document: Document) -> bytes:
    """Render a document as an accessible PDF.

    Parameters
    ----------
    document : Document
        Numbered.

    Returns
    -------
    bytes
        PDF/UA-1: title, language, headings, described pictures, table heads with their scope.
    """
    return _compile(
        _FORM.read_bytes(), json.dumps(plain(document.on_paper(), _write)), document, pdf_standards=["ua-1"]
    )


def pictures(document: Document, *, ppi: int = 220) -> dict[str, bytes]:
    """Draw the figures of a document as PNG, for programs that read no SVG.

    Parameters
    ----------
    document : Document
        Numbered.
    ppi : int
        Dots per inch.

    Returns
    -------
    dict
        PNG by id of the figure.
    """
    figures = document.figures()
    if not figures:
        return {}
    form = (
        "#let d = json(bytes(sys.inputs.document))\n"
        "#set page(width: 16cm, height: auto, margin: 0pt)\n"
        '#for f in d { page(image(bytes(f), format: "svg", width: 100%)) }'
    )
    made = _compile(
        form.encode(), json.dumps([f.svg for f in figures]), document, format="png", ppi=float(ppi)
    )
    pages = made if isinstance(made, list) else [made]
    return {figure.id: page for figure, page in zip(figures, pages, strict=True)}


def _write(text: str) -> str:
    return str(minus(text, joined=True))


def _compile(form: bytes, content: str, document: Document, **options: Any) -> bytes:
    import typst

    # the clock stands at the last day of the data
    moment = datetime(document.made.year, document.made.month, document.made.day, tzinfo=UTC)
    made: bytes = typst.compile(
        form,
        sys_inputs={"document": content, "size": _size()},
        font_paths=[_fonts()],
        timestamp=int(moment.timestamp()),
        **options,
    )
    return made


@cache
def _size() -> str:
    """Choose the size of type, in points: the typeface that others fall back on is a ninth wider than they are."""
    import typst

    narrow = {"Arial", "Liberation Sans", "Helvetica"} & set(typst.Fonts(font_paths=[_fonts()]).families())
    return "10" if narrow else "9"


@cache
def _fonts() -> str:
    import matplotlib

    # for machines without Arial or its kin: the typeface that charts fall back on too
    return str(Path(matplotlib.get_data_path()) / "fonts" / "ttf")
