"""The tables of a run as one plain workbook: no macro, no formula, nothing hidden."""

from __future__ import annotations

import io
import warnings
from collections.abc import Mapping
from typing import Any

import pandas as pd

from vcanalysis.core.period import Quarter
from vcanalysis.output.briefing.archive import settled
from vcanalysis.output.disclosure import MARK

_WIDEST = 40  # characters of a column: ids and sentences are longer, and are read in their cell


def workbook(tables: Mapping[str, pd.DataFrame], about: Mapping[str, Any]) -> bytes:
    """Write the tables as a workbook: a cover, contents, one table a sheet, no formula, no macro."""
    import gptables

    council = about["council"]["name"]
    title = f"{council}, {about['quarter']}: results as tables"
    intro = [
        "Join results to measures, questions and runs by the columns that end in _id.",
        *filter(None, [about["council"].get("caveat")]),
    ]
    signs = [f"{MARK} is a figure withheld to protect children’s privacy, [x] one that could not be estimated, [z] "
             "one that does not apply."]  # fmt: skip
    target = io.BytesIO()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = gptables.produce_workbook(
            target,
            sheets={name: _sheet(name, frame, title) for name, frame in tables.items()},
            cover=gptables.Cover(
                title, intro, signs, ["The analyst who ran the evaluation for the council."]
            ),
        )
    for name, frame in tables.items():
        for place, width in enumerate(_widths(frame)):
            book.get_worksheet_by_name(name).set_column(place, place, width)
    day = Quarter.parse(about["quarter"]).end.to_pydatetime()
    book.set_properties({"title": title, "author": council, "comments": "", "created": day})
    book.close()
    return settled(target.getvalue())


def _widths(frame: pd.DataFrame) -> list[int]:
    longest = [max(len(name), *frame[name].dropna().astype(str).str.len(), 0) for name in frame]
    return [min(length, _WIDEST) + 2 for length in longest]


def _sheet(name: str, frame: pd.DataFrame, title: str) -> Any:
    from gptables import GPTable

    shown = frame.astype(object)
    if name == "results":
        signs = frame["status"].map({"hidden": MARK, "not estimable": "[x]"})
        for column in ("value", "low", "high", "n"):
            shown[column] = shown[column].where(frame[column].notna(), signs)
    shown = shown.where(shown.notna() & (shown != ""), "[z]")
    return GPTable(
        table=shown,
        table_name=name,
        title=f"{name.capitalize()}: {title}",
        source=f"Source: {title}",
        instructions="This worksheet contains one table.",
        index_columns={2: 0},
    )
