"""Unit tests of every notebook on a council of three children, and on one of returns alone: it runs to its end.

The cells are run one after another in this process, without a kernel, which is the cheapest way.
"""

from __future__ import annotations

import json
from pathlib import Path

import matplotlib
import pytest

from benchmarks.returns import write_returns
from vcanalysis.cli import main
from vcanalysis.intake.synth import write_synthetic

NOTEBOOKS = sorted((Path(__file__).parents[1] / "notebooks").glob("*.ipynb"))
SHORT = ("06", "20")  # need most years before the quarter: tried on a council with the least there can be
ABOUT_CHILDREN = ("04", "08", "09", "19")  # what they ask needs more than three children


@pytest.fixture(scope="module")
def three_children(tmp_path_factory):
    """A synthetic council of three children."""
    return str(write_synthetic(tmp_path_factory.mktemp("council") / "three", children=3, seed=4)[0])


def run(path, **parameters):
    """Run the code of a notebook, with parameters set where the notebook sets its own."""
    names = {}
    for cell in json.loads(path.read_text("utf-8"))["cells"]:
        if cell["cell_type"] == "code":
            exec(compile("".join(cell["source"]), f"{path.stem}, cell {cell['id']}", "exec"), names)
            names |= parameters if "parameters" in cell["metadata"].get("tags", ()) else {}


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_a_notebook_runs_on_three_children_and_says_what_it_cannot_estimate(
    path, three_children, capsys, monkeypatch
):
    monkeypatch.chdir(Path(__file__).parents[1])
    matplotlib.use("Agg")
    run(path, council=three_children)
    assert "not estimable" in capsys.readouterr().out or not path.stem.startswith(ABOUT_CHILDREN)


@pytest.fixture(scope="module")
def two_years(tmp_path_factory):
    """A synthetic council of three children over two years: no quarter's end lies early enough to compare with."""
    return str(write_synthetic(tmp_path_factory.mktemp("council") / "two", children=3, seed=4, years=2)[0])


@pytest.mark.slow
def test_what_was_saved_is_asked_before_any_child_has_left(three_children, capsys, monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[1])
    matplotlib.use("Agg")
    run(next(p for p in NOTEBOOKS if p.stem.startswith("20")), council=three_children, quarter="2018Q4")
    assert "not estimable" in capsys.readouterr().out


@pytest.mark.slow
@pytest.mark.parametrize(
    "path", [p for p in NOTEBOOKS if p.stem.startswith(SHORT)], ids=lambda path: path.stem[:2]
)
def test_a_notebook_runs_on_three_children_over_two_years(path, two_years, capsys, monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[1])
    matplotlib.use("Agg")
    run(path, council=two_years)
    assert "not estimable" in capsys.readouterr().out


@pytest.fixture(scope="module")
def returns_alone(tmp_path_factory):
    """A council of statutory returns of sixty children: no needs but theirs, no price, no home."""
    where = tmp_path_factory.mktemp("returns")
    write_returns(where / "returns", 60, seed=60)
    assert main(["import", str(where / "council"), "--ssda903", str(where / "returns")]) == 0
    return str(where / "council")


@pytest.mark.slow
@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem[:2])
def test_a_notebook_runs_on_returns_alone(path, returns_alone, monkeypatch):
    monkeypatch.chdir(Path(__file__).parents[1])
    matplotlib.use("Agg")
    run(path, council=returns_alone, quarter="2025Q1")
