"""Tests of the page of findings: every part is there, it holds no row of the panel, and it is what the code finds."""

from __future__ import annotations

import importlib
import re

import pytest

from tests.write_findings import PAGE, PARTS, stored
from vcanalysis.intake.panel import open_panel
from vcanalysis.intake.statistics.making import make_panel

DONE = [part for part in PARTS if (PAGE.parents[1] / "tests" / f"findings_{part}.py").is_file()]


@pytest.mark.parametrize("part", DONE)
def test_a_part_that_has_code_is_on_the_page_with_its_day(part):
    text = stored(part)
    assert text.startswith("## ")
    assert re.search(r"Made on \d{1,2} \w+ 20\d\d from published panel", text)


def test_the_page_holds_no_code_of_a_council_and_no_long_table():
    text = PAGE.read_text(encoding="utf-8")
    assert not re.search(r"\bE0[6-9]\d{6}\b|\bE10\d{6}\b", text)
    rows = re.findall(r"(?:^\|.*\n)+", text, re.MULTILINE)
    assert max(row.count("\n") for row in rows) <= 40


@pytest.fixture(scope="module")
def published(tmp_path_factory, shared):
    made = make_panel(tmp_path_factory.mktemp("published") / "panel", folder=shared / "authorities")
    return open_panel(made.out), made


@pytest.mark.shared
@pytest.mark.parametrize("part", [part for part in DONE if part in ("panel", "arithmetic")])
def test_the_page_says_what_the_code_finds(published, part):
    lines = importlib.import_module(f"tests.findings_{part}").findings(*published)
    assert "\n".join(lines) == stored(part).rpartition("\n\nMade on ")[0]
