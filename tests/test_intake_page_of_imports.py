"""Back-tests: docs/imports.md says what comes of importing its sources again; only the seconds may differ."""

from __future__ import annotations

import pytest
from imports_drawn import ROOT, SOURCES, TIME, parts, section

PAGE = ROOT / "docs" / "imports.md"
_MARKS = {True: [pytest.mark.long], False: []}


def _counts(lines):
    return [line.rstrip() for line in lines if line and not line.startswith(TIME)]


@pytest.mark.parametrize("source", [pytest.param(s, id=s.title, marks=_MARKS[s.long]) for s in SOURCES])
def test_the_page_of_imports_counts_what_an_import_counts(source, tmp_path, request):
    if source.shared:
        request.getfixturevalue("shared")
    written = parts(PAGE.read_text(encoding="utf-8"))[source.title]
    assert _counts(written) == _counts(section(source, tmp_path)), "run: make imports"


def test_every_section_balances_and_says_how_long_it_took():
    for title, lines in parts(PAGE.read_text(encoding="utf-8")).items():
        assert any(line.startswith(TIME) for line in lines), title
        assert sum("They balance" in line for line in lines) == 2, title
        assert not any("NOT EVEN" in line for line in lines)
