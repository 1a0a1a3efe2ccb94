"""Property tests of the form of the notebooks: one question, short cells, a tested answer, nothing stored besides."""

from __future__ import annotations

import ast
import io
import itertools
import re
import statistics
import tokenize
from pathlib import Path

import nbformat
import pytest

from vcanalysis.output.run.parameters import declared

FOLDER = Path(__file__).parents[1] / "notebooks"
NOTEBOOKS = sorted(FOLDER.glob("*.ipynb"))
REQUIRED = {"00", "01", "02", "03", "04", "05", "06", "08", "11", "90", "91"}
SECTIONS = ["Read", "Look", "Estimate", "Check", "What we found", "What this does not show", "Sources"]
LONGEST_CELL, MEDIAN_CELL, LARGEST_KB = 15, 4, 25
TYPES = {"str", "int", "float", "bool"}


def read(path):
    return nbformat.read(path, as_version=4)


def code_cells(notebook):
    return [cell for cell in notebook.cells if cell.cell_type == "code"]


def tags(cell):
    return set(cell.metadata.get("tags", []))


def lines(cell):
    return [line for line in cell.source.splitlines() if line.strip()]


def headings(notebook, level):
    mark = "#" * level + " "
    return [
        line.removeprefix(mark).strip()
        for cell in notebook.cells
        if cell.cell_type == "markdown"
        for line in cell.source.splitlines()
        if line.startswith(mark)
    ]


def source_of(cell):
    """Code of a cell that Python can parse: magics and shell lines are not ours to use."""
    return ast.parse(cell.source)


every_notebook = pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)


def test_the_required_notebooks_are_there():
    assert {path.name[:2] for path in NOTEBOOKS} >= REQUIRED


@every_notebook
def test_the_title_is_one_question(path):
    titles = headings(read(path), 1)
    assert len(titles) == 1, titles
    assert titles[0].endswith("?")
    assert read(path).cells[0].cell_type == "markdown"
    assert re.fullmatch(r"\d\d_[a-z0-9_]+", path.stem)


@every_notebook
def test_the_second_cell_says_the_answer_in_short(path):
    second = read(path).cells[1]
    assert second.cell_type == "code"
    assert "in_short()" in second.source


@every_notebook
def test_the_parameters_are_typed_and_commented(path):
    cells = [cell for cell in code_cells(read(path)) if "parameters" in tags(cell)]
    assert len(cells) == 1, "exactly one cell is tagged `parameters`"
    comments = {
        token.start[0]
        for token in tokenize.generate_tokens(io.StringIO(cells[0].source).readline)
        if token.type == tokenize.COMMENT
    }
    for statement in source_of(cells[0]).body:
        written = ast.unparse(statement)
        assert isinstance(statement, ast.AnnAssign), f"{written}: write name: type = value  # what it is"
        assert ast.unparse(statement.annotation) in TYPES, written
        assert statement.value is not None, written
        assert statement.end_lineno in comments, f"{written}: say behind # what it is"


@every_notebook
def test_every_number_says_what_values_it_may_have(path):
    for parameter in declared(path).values():
        if {"int", "float"} & set(parameter.types):
            said = f"{parameter.name}: end its comment in a range, such as [0 or more] or [1 to 100]"
            assert parameter.allowed is not None, said
            assert parameter.allowed.holds(parameter.default), f"{parameter.name}: the default is outside"


@every_notebook
def test_the_sections_come_in_their_order(path):
    found = [heading for heading in headings(read(path), 2) if heading in SECTIONS]
    assert found == SECTIONS


@every_notebook
def test_no_function_is_defined_and_no_shell_is_used(path):
    for cell in code_cells(read(path)):
        banned = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)
        defined = [node for node in ast.walk(source_of(cell)) if isinstance(node, banned)]
        assert not defined, cell.source


@every_notebook
def test_cells_are_short(path):
    lengths = [len(lines(cell)) for cell in code_cells(read(path))]
    assert max(lengths) <= LONGEST_CELL
    assert statistics.median(lengths) <= MEDIAN_CELL


@every_notebook
def test_code_is_introduced_in_words(path):
    cells = read(path).cells
    introduced = [
        before.cell_type == "markdown"
        for before, cell in itertools.pairwise(cells)
        if cell.cell_type == "code"
    ]
    assert sum(introduced) / len(introduced) >= 0.85


@every_notebook
def test_only_the_answer_is_stored_and_the_answer_is_tested(path):
    cells = code_cells(read(path))
    stored = [cell for cell in cells if cell.outputs]
    assert all("keep_output" in tags(cell) for cell in stored), "run: make notebooks"
    answer = cells[-1]
    assert {"keep_output", "nbval-check-output"} <= tags(answer)
    assert answer.outputs, "the answer is not stored; run: make notebooks"
    assert answer.execution_count is not None, "nbval skips a cell that was not run; run: make notebooks"
    text = "".join(output.get("text", "") for output in answer.outputs)
    assert re.search(r"\d", text), "the answer holds no number that could be wrong"


@every_notebook
def test_in_short_repeats_the_answer(path):
    cells = code_cells(read(path))
    shown = "".join(output.get("data", {}).get("text/markdown", "") for output in cells[0].outputs)
    told = "".join(output.get("text", "") for output in cells[-1].outputs)
    assert told.split() == shown.replace("*", "").split(), "run: make notebooks"


@every_notebook
def test_it_says_how_many_figures_it_draws(path):
    cells = code_cells(read(path))
    figures = sum(cell.metadata.get("vcanalysis", {}).get("figures", 0) for cell in cells)
    shows = sum(len(re.findall(r"\bshow\(", cell.source)) for cell in cells)
    assert figures >= shows, "fewer figures than calls of show(); run: make notebooks"


@every_notebook
def test_no_amount_is_typed_into_prose(path):
    text = ""
    for cell in read(path).cells:
        if cell.cell_type == "markdown":
            text += re.split(r"^## Sources", cell.source, flags=re.MULTILINE)[0] + "\n"
    amounts = re.findall(r"£\s?\d[\d,.]*|\b(?!9[05])\d+(?:\.\d+)? ?(?:%|per cent)", text)
    assert not amounts, f"numbers are printed by code, never typed: {amounts}"


@every_notebook
def test_the_file_is_small(path):
    assert path.stat().st_size <= LARGEST_KB * 1024
