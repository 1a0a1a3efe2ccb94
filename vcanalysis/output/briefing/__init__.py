"""The briefing: documents made from gated records alone, each as page, PDF, Word file and spreadsheet.

A form (`quarterly`, `committee`) composes a `document` from records; four thin renderers draw it. This package
alone knows formats; what may be published is decided before, by `vcanalysis.output.disclosure`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vcanalysis.output.briefing import claims, committee, docx, html, pdf, quarterly, sheets, worth
from vcanalysis.output.briefing.document import Document
from vcanalysis.output.briefing.findings import confidence, direction, likelihood
from vcanalysis.output.briefing.questions import answered, answers
from vcanalysis.output.records import Results

PAGE = "quarterly.html"
CLAIMS = "claims.csv"

__all__ = [
    "CLAIMS", "PAGE", "answered", "answers", "confidence", "direction", "likelihood", "summary", "value_for_money",
    "write",
]  # fmt: skip


def write(out: Path, results: Results, about: Mapping[str, Any]) -> None:
    """Write the documents, their figures and the register of their claims into a publish folder.

    Parameters
    ----------
    out : Path
        The `publish` folder.
    results : Results
        Gated records.
    about : mapping
        The manifest: council, quarter, run and versions; ``revisions`` holds what an earlier report said otherwise.

    Raises
    ------
    CheckFailed
        If a sentence says more than its records bear.
    """
    documents = [quarterly.compose(results, about)]
    if "protocol" in about and not about.get("partial"):
        documents.append(committee.compose(results, about))
    for document in documents:
        claims.must_be_borne(document, results)
    _clear(out / "figures")
    for document in documents:
        _write_formats(out, document, results)
    (out / CLAIMS).write_text(claims.register(documents, results), encoding="utf-8")


def value_for_money(results: Results, *, price_year: str) -> dict[str, str]:
    """Give the verdict on each aspect of value for money, with the result that decides it."""
    return worth.verdicts(results, price_year)


def summary(results: Results) -> list[str]:
    """Give the paragraphs of the briefing's summary: what is said first, then on what it rests."""
    said = committee.summary(results)
    return [f"**{s.lead}** {s.text}".strip() if s.lead else s.text for s in said]


def _write_formats(out: Path, document: Document, results: Results) -> None:
    for figure in document.figures():
        (out / "figures" / f"{figure.id}.svg").write_text(figure.svg + "\n", encoding="utf-8")
    (out / f"{document.name}.html").write_text(html.render(document), encoding="utf-8")
    (out / f"{document.name}.pdf").write_bytes(pdf.render(document))
    (out / f"{document.name}.docx").write_bytes(docx.render(document, pdf.pictures(document)))
    (out / f"{document.name}.xlsx").write_bytes(sheets.render(document, results))


def _clear(folder: Path) -> None:
    folder.mkdir(exist_ok=True)
    for old in folder.glob("*.svg"):
        old.unlink()
