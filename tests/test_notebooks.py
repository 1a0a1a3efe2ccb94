"""Property tests of how the notebooks are tested: a wrong number or a missing figure must fail.

The notebooks themselves run under nbval in `make unit`, once each, with the plugin `tests/notebook_figures.py`.
Here a small notebook is run in the same way, intact and damaged.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output

from tests.store_answers import normalise, note_figures

ROOT = Path(__file__).parents[1]
# The smallest PNG there is, displayed as a figure is.
DRAW = """import base64
from IPython.display import display_png
display_png(base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAA"
                             "AABJRU5ErkJggg=="), raw=True)"""
ANSWER = 'print("Rank correlation: -0.30 (95% interval -0.41 to -0.19).")'


def small_notebook(*, answer="-0.30", figure=DRAW, ran=1):
    """A notebook as it is committed: one figure counted, one answer stored."""
    stored = new_output(
        "stream", name="stdout", text=f"Rank correlation: {answer} (95% interval -0.41 to -0.19).\n"
    )
    return new_notebook(
        cells=[
            new_markdown_cell("# Does it bite?"),
            new_code_cell(figure, metadata={"vcanalysis": {"figures": 1}}),
            new_code_cell(
                ANSWER,
                execution_count=ran,
                outputs=[stored],
                metadata={"tags": ["keep_output", "nbval-check-output"]},
            ),
        ],
        metadata={
            "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
        },
    )


@pytest.fixture(scope="module")
def verdicts(tmp_path_factory):
    """Run the intact and the damaged notebooks under nbval; name -> lines of the report that failed."""
    folder = tmp_path_factory.mktemp("notebooks")
    made = {
        "intact": small_notebook(),
        "wrong_number": small_notebook(answer="-0.31"),
        "missing_figure": small_notebook(figure="pass"),
        "second_figure": small_notebook(figure=DRAW + "\n" + DRAW),
        "failing_cell": small_notebook(figure=DRAW + "\n1 / 0"),
    }
    for name, notebook in made.items():
        nbformat.write(notebook, folder / f"{name}.ipynb")
    command = [
        sys.executable, "-m", "pytest", "-p", "tests.notebook_figures", "-p", "no:cacheprovider", "--nbval-lax",
        "--nbval-current-env", "--nbval-sanitize-with", str(ROOT / "tests" / "nbval_sanitize.cfg"), "-q", "-rf",
        "--rootdir", str(folder), "-c", os.devnull, str(folder),
    ]  # fmt: skip
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=300)
    failed = [line for line in done.stdout.splitlines() if line.startswith("FAILED")]
    return {name: [line for line in failed if f"{name}.ipynb" in line] for name in made}, done.stdout


def test_an_intact_notebook_passes(verdicts):
    assert verdicts[0]["intact"] == []


@pytest.mark.parametrize("damage", ["wrong_number", "missing_figure", "second_figure", "failing_cell"])
def test_a_damaged_notebook_fails(verdicts, damage):
    assert verdicts[0][damage], verdicts[1]


def test_the_report_names_the_figure_that_is_missing(verdicts):
    assert "The cell drew 0 figures; 1 were expected" in verdicts[1]


def test_storing_keeps_the_answer_and_the_number_of_figures_and_nothing_else():
    notebook = small_notebook(ran=7)
    picture = new_output("display_data", data={"image/png": "iVBORw0KGgo=", "text/plain": "Figure: it bites"})
    notebook.cells[1].outputs = [picture]
    notebook.cells[1].execution_count = 6
    notebook.cells[1].metadata["execution"] = {"iopub.status.busy": "2019-12-31T00:00:00Z"}
    notebook.metadata["papermill"] = {"duration": 3.1}
    note_figures(notebook)
    stored = normalise(notebook)
    figure, answer = stored.cells[1], stored.cells[2]
    assert figure.outputs == []
    assert figure.metadata == {"vcanalysis": {"figures": 1}}
    assert answer.outputs[0]["text"].startswith("Rank correlation")
    assert [figure.execution_count, answer.execution_count] == [1, 2]
    assert "papermill" not in stored.metadata
    assert normalise(stored) == stored
