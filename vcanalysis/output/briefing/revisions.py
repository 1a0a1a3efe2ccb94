"""Revisions: what the report before said of a quarter, and what this one says of it now."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from vcanalysis.output.briefing.blocks import Cell, Said, Section, Table
from vcanalysis.output.briefing.parts import source_of
from vcanalysis.output.briefing.words import interval, number, row_name
from vcanalysis.output.records import Record
from vcanalysis.output.revisions import Revisions

TITLE = "Revisions to what was reported"
_LONGEST = 40  # rows: a report of which all was revised is read for that, and not row by row


def section(about: Mapping[str, Any]) -> Section:
    """Say what was revised since the report before, in a table where anything was.

    Parameters
    ----------
    about : mapping
        The manifest; ``revisions`` holds what was found, None where there was no earlier report.
    """
    found: Revisions | None = about.get("revisions")
    if found is None:
        said = Said(
            "This run has no earlier report beside it, so no figure can be revised.", "No earlier run."
        )
        return Section(TITLE, (said,), numbered=True)
    sentence = found.sentence()
    numbers = tuple(word for word in sentence.replace(",", " ").split() if word.isdigit())
    told = Said(sentence, "Since the report before.", numbers=numbers)
    table = (_table(found, source_of(about)),) if found.rows else ()
    return Section(TITLE, (told, *table), numbered=True)


def _table(found: Revisions, source: str) -> Table:
    shown = found.rows[:_LONGEST]
    rows = tuple(
        (
            Cell(row_name(was)),
            Cell(was.period),
            Cell(_said(was), origin="the report before"),
            Cell(_said(now) if now else "–", now.id if now else ""),
            Cell(kind),
        )
        for was, now, kind in shown
    )
    more = len(found.rows) - len(shown)
    notes = (
        "Both as published, so a change that rounding hides is not seen.",
        *((f"{more} more are not shown.",) if more else ()),
    )
    columns = ("Figure", "Of", "Reported", "Now", "What became of it")
    return Table("revisions", "Figures that were revised", columns, rows, source, notes, words=(1, 4))


def _said(record: Record) -> str:
    return f"{number(record)} ({interval(record)})" if interval(record) else number(record)
