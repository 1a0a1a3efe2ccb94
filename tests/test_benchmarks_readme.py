"""Unit tests: every benchmark can be run, and one measured again replaces its own table and no other."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks import evaluation, explorers
from benchmarks.measure import Cost, write_readme
from vcanalysis.core.paths import data_file

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.mark.parametrize("name", sorted(file.stem for file in BENCHMARKS.glob("[a-z]*.py")))
def test_every_benchmark_can_be_imported(name):
    import_module(f"benchmarks.{name}")


def test_an_explorer_is_moved_and_its_redraw_measured():
    found = explorers.once("definition of the middle", str(data_file("demo")))
    assert set(found) == {"first", "first_cpu", "clock", "cpu", "mb"}
    assert 0 < found["clock"] < found["first"]


def test_only_the_table_measured_again_is_replaced(tmp_path):
    file = tmp_path / "README.md"
    write_readme(file, {"One": ["| a |", "", "said"], "Two": ["| b |"]}, "a machine", dt.date(2026, 1, 1))
    before = file.read_text(encoding="utf-8")
    write_readme(file, {"Two": ["| c |"]}, "another", dt.date(2026, 1, 2))
    after = file.read_text(encoding="utf-8")
    cut = "\n## Two"
    assert after.split(cut)[0] == before.split(cut)[0]
    assert "| c |" in after
    assert "| b |" not in after
    assert "02 January 2026" in after


def test_the_whole_run_is_measured_to_its_four_formats_or_the_benchmark_stops(tmp_path):
    (tmp_path / "results.json").write_text("[{}, {}, {}]")
    files = [tmp_path / f"{name}.{form}" for name in evaluation.DOCUMENTS for form in evaluation.FORMATS]
    for file in files:
        file.touch()
    given = (Cost(60.0, 900.0), Cost(6.0, 300.0), {"00_a": 100.0, "91_b": 80.0}, tmp_path)
    rows = evaluation.said(*given)
    assert "| notebooks run afresh | 2 |" in rows
    assert "| documents in html, pdf, docx, xlsx | 2 |" in rows
    assert "| seconds | 60.0 |" in rows
    assert "| most memory held at once, all processes, MB | 900 |" in rows
    assert any(row.endswith("four formats too | 60.0 | 3.0 |") for row in rows)
    files[0].unlink()
    with pytest.raises(SystemExit, match=r"did not publish briefing\.html"):
        evaluation.said(*given)
