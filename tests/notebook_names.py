"""Run the code of a notebook and give the names it sets: page of findings and notebook are then one declaration."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import matplotlib

BOOKS = Path(__file__).resolve().parents[1] / "notebooks"
_SETTINGS = "quarter: str ="  # what every cell of settings holds


def code_of(number: str) -> list[str]:
    """Give the code cells of a notebook, by its number."""
    (book,) = BOOKS.glob(f"{number}_*.ipynb")
    cells = json.loads(book.read_text(encoding="utf-8"))["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]


def names_of(number: str, settings: Mapping[str, Any], *, until: str = "") -> dict[str, Any]:
    """Run a notebook with other settings, up to the cell that holds `until`, and give what its names hold then."""
    matplotlib.use("Agg")
    names: dict[str, Any] = {}
    before = Path.cwd()
    os.chdir(BOOKS.parent)
    try:
        for cell in code_of(number):
            if until and until in cell:
                break
            exec(cell.replace("vc.in_short()", ""), names)
            if _SETTINGS in cell:
                names |= settings
    finally:
        os.chdir(before)
    return names
