"""How often our intervals hold a truth that is known: what the validity trials of the project found."""

from __future__ import annotations

import re
from pathlib import Path

from vcanalysis.core.paths import home

SOURCE = "docs/validity.md"
_PART = "## Coverage"
_PRIMARY = "Realised saving"  # what the primary outcome is estimated by
_ROW = re.compile(r"^\| (?P<name>[^|]+) \|[^|]*\| (?P<covered>[\d.]+)(?P<missed> \(missed\))? \|", re.M)


def coverage_words(path: Path | None = None) -> str:
    """Say how many intervals hold what they should, or nothing where the trials do not lie beside the code.

    Parameters
    ----------
    path : Path, optional
        The page that the trials wrote; the project's own when left out.

    Examples
    --------
    >>> coverage_words(Path("nowhere"))
    ''
    """
    page = home() / SOURCE if path is None else path
    if not page.is_file():
        return ""  # an installed copy has no documents
    part = page.read_text(encoding="utf-8").partition(_PART)[2].partition("\n## ")[0]
    rows = list(_ROW.finditer(part))
    if not rows:
        return ""
    missed = sum(bool(row["missed"]) for row in rows)
    primary = next((row["covered"] for row in rows if row["name"] == _PRIMARY), None)
    said = (
        f"Tried on drawn data whose truth is known, {len(rows) - missed} of {len(rows)} kinds of interval hold it as "
        f"often as they say, and {missed} do not; {SOURCE} names them."
    )
    return f"{said} That of a saving made held it in {primary}% of trials." if primary else said
