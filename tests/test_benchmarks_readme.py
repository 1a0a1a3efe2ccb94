"""Unit tests: every benchmark can be run, and one measured again replaces its own table and no other."""

from __future__ import annotations

import datetime as dt
from importlib import import_module
from pathlib import Path

import pytest

from benchmarks.measure import write_readme

BENCHMARKS = Path(__file__).parents[1] / "benchmarks"


@pytest.mark.parametrize("name", sorted(file.stem for file in BENCHMARKS.glob("[a-z]*.py")))
def test_every_benchmark_can_be_imported(name):
    import_module(f"benchmarks.{name}")


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
