"""Tests of the page of findings: every part is there, it holds no row of the panel, and it is what the code finds."""

from __future__ import annotations

import importlib
import re

import pandas as pd
import pytest

from tests.findings_impact import left_out
from tests.findings_left_out import lacking, too_small
from tests.findings_productivity import BOOK, of_index, of_spread, weighed
from tests.notebook_names import code_of, names_of
from tests.write_findings import PAGE, PARTS, stored
from vcanalysis.analysis import productivity
from vcanalysis.analysis.impact.design import read_design
from vcanalysis.analysis.impact.settings import Settings
from vcanalysis.intake.panel import open_panel
from vcanalysis.intake.statistics.making import make_panel
from vcanalysis.intake.synth.panel import draw_panel

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


def test_no_list_on_the_page_is_cut():
    assert not re.search(r"\band \d+ more\b", PAGE.read_text(encoding="utf-8"))


def test_a_design_names_all_councils_it_leaves_out():
    drawn = draw_panel(councils=60, seed=1, errors=False, complete=True).frame[
        ["council", "year", "looked_after_per_10k"]
    ]
    names = sorted(drawn["council"].unique())
    gone = drawn["council"].isin(names[20:40]) & drawn["year"].eq(2018)
    gappy = drawn.assign(looked_after_per_10k=drawn["looked_after_per_10k"].mask(gone))
    about = {"unit": "council", "time": "year", "outcome": "looked_after_per_10k", "settings": Settings()}
    design = read_design(gappy, **about, first_treated=dict.fromkeys(names[:6], 2019))
    assert left_out(gappy, design) == f"without every year: {', '.join(names[20:40])}"


def test_councils_without_a_number_are_named_with_the_years_that_lack_it():
    """Ayton has 29 children in 2024, Beck no score in 2025, Crane never one; Dene has all."""
    drawn = pd.DataFrame({"council": list("AABBCCDD"), "year": [2024, 2025] * 4}).assign(
        council=lambda f: f["council"].map({"A": "Ayton", "B": "Beck", "C": "Crane", "D": "Dene"}),
        looked_after_n=[29.0, 31.0, 80.0, 80.0, 90.0, 90.0, 95.0, 95.0],
        sdq_mean=[14.0, 14.0, 13.0, None, None, None, 15.0, 15.0],
    )
    named = "Fewer than 30 children or no number of them, so left out: Ayton (2024)."
    assert too_small(drawn, since=2024, fewest=30) == named
    assert lacking(drawn, ["sdq_mean", "looked_after_n"]) == ["- Mean SDQ score: Beck (2025); Crane."]


def test_the_page_has_the_outcomes_and_weights_that_the_notebook_declares():
    """The page is made by running the notebook; a notebook changed since then shows here."""
    (cell,) = (cell for cell in code_of(BOOK) if "outcomes = [" in cell)
    declared = {"productivity": productivity}
    exec(cell.partition("layout =")[0], declared)
    assert f"weights:\n{weighed(declared['outcomes'])}." in stored("productivity")


@pytest.fixture(scope="module")
def published(tmp_path_factory, shared):
    made = make_panel(tmp_path_factory.mktemp("published") / "panel", folder=shared / "authorities")
    return open_panel(made.out), made


@pytest.mark.shared
@pytest.mark.parametrize("part", [part for part in DONE if part in ("panel", "arithmetic")])
def test_the_page_says_what_the_code_finds(published, part):
    lines = importlib.import_module(f"tests.findings_{part}").findings(*published)
    assert "\n".join(lines) == stored(part).rpartition("\n\nMade on ")[0]


@pytest.mark.shared
def test_the_page_holds_what_the_notebook_finds_on_the_same_panel(published):
    _, made = published
    book = names_of(BOOK, {"panel": str(made.out)}, until="envelopment(")
    told = stored("productivity").splitlines()
    assert [line for line in [*of_spread(book), *of_index(book)] if line not in told] == []
