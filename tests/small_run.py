"""Tiny notebooks and a council of nobody, for tests of the runner."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace

import nbformat
import pandas as pd

from vcanalysis.core.period import Quarter
from vcanalysis.output.records import MIME
from vcanalysis.output.run import evaluate as runner
from vcanalysis.output.run import manifest, plan, preload, release

PARAMETERS = 'council: str = ""  # folder\nquarter: str = "2019Q4"\ndraws: int = 10  # how many'
GOOD = """
from vcanalysis.core.estimate import Estimate
from vcanalysis.output.results import record
record(Estimate("Share in homes", 0.1234, 0.0812, 0.1799, n=213, unit="share"), id="{id}.share", question="{id}?")
"""
FIGURE = "import matplotlib.pyplot as plt\nplt.plot([1, 2], [3, 4])\nplt.show()"
KILL = "import os, signal\nos.kill(os.getpid(), signal.SIGKILL)"


def write_notebook(folder: Path, name: str, *cells: str, parameters: str = PARAMETERS) -> Path:
    """Write a notebook of code cells below a cell of parameters."""
    new = nbformat.v4
    first = new.new_code_cell(parameters, metadata={"tags": ["parameters"]}, id="parameters")
    rest = [new.new_code_cell(cell.strip(), id=f"cell-{i}") for i, cell in enumerate(cells)]
    notebook = new.new_notebook(cells=[new.new_markdown_cell(f"# {name}?", id="title"), first, *rest])
    notebook.metadata["kernelspec"] = {"name": "python3", "display_name": "Python 3", "language": "python"}
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.ipynb"
    nbformat.write(notebook, path)
    return path


def good(topic: str) -> str:
    """Give a cell that records one result."""
    return GOOD.replace("{id}", topic)


def council_of_nobody(folder: Path) -> SimpleNamespace:
    """Make what the runner asks of a council, with a folder behind it."""
    folder.mkdir(exist_ok=True)
    (folder / "council.toml").write_text('name = "Test council"\n')
    return SimpleNamespace(
        path=folder,
        name="Test council",
        code="E99999998",
        label="Test council (synthetic)",
        caveat="Test council is synthetic: no child in it exists.",
        synthetic=True,
        simulated=(),
        price_year="2019-20",
        start=pd.Timestamp("2018-01-01"),
        end=pd.Timestamp("2020-01-01"),
        tables={"children": pd.DataFrame({"child_id": ["kid-000001", "kid-000002"]})},
        last_quarter=lambda: Quarter(2019, 4),
    )


def small_runner(tmp_path: Path, monkeypatch):
    """Give a function that evaluates one small notebook on a council of nobody; the documents are a line each."""
    council = council_of_nobody(tmp_path / "council")
    (council.path / "costs.csv").write_text("gbp_week\n900\n")
    monkeypatch.setattr(plan, "_open", lambda path: council)
    monkeypatch.setattr(preload, "_PRELOAD", preload._PRELOAD[:3])
    monkeypatch.setattr(
        release.briefing, "write", lambda out, *_: (out / "quarterly.html").write_text("a line\n")
    )
    monkeypatch.setattr(release, "write_star", lambda *_: None)
    page = SimpleNamespace(from_notebook_node=lambda *_, **__: ("<p>page</p>", {}))
    monkeypatch.setattr(release, "_exporter", lambda: page)
    monkeypatch.setattr(manifest, "_commit", dict)  # git takes longer than all the rest

    def evaluated(**options) -> Path:
        return runner.evaluate(
            council.path, **{"out": tmp_path / "reports", "notebooks": tmp_path / "notebooks", **options}
        )

    evaluated.notebooks = tmp_path / "notebooks"
    evaluated.council = council
    evaluated.reports = tmp_path / "reports" / "test-council"
    write_notebook(evaluated.notebooks, "04_share", good("share"))
    return evaluated


def give_outcome(monkeypatch) -> None:
    """Give the outcome of every notebook, a share of as many per cent as it has draws: no kernel is started."""

    def given(job):
        notebook, topic = nbformat.read(job.path, as_version=4), job.name.split("_")[1]
        share = job.parameters.get("draws", 12) / 100
        found = {
            "id": f"{topic}.share", "question": f"{topic}?", "label": "Share in homes", "unit": "share", "n": 213,
            "value": share + 0.0034, "low": share - 0.04, "high": share + 0.06,
        }  # fmt: skip
        notebook.cells[-1]["outputs"] = [nbformat.v4.new_output("display_data", data={MIME: [found]})]
        return notebook

    monkeypatch.setattr(runner, "execute", given)


def contents(folder: Path) -> dict[str, bytes]:
    """Read every file of a folder."""
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }
