"""The demo evaluation against `papermill` called once per notebook with the same parameters."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import nbformat

from benchmarks.measure import run
from vcanalysis.core.paths import data_file, home
from vcanalysis.output.run.notebook import scrubbed

QUARTER = "2019Q4"
GOAL = 5.0


def measure(folder: Path) -> list[str]:
    """Time both ways, hold their outputs against each other, and say it in the rows of a table."""
    python = [sys.executable, "-m"]
    evaluate = [
        *python,
        "vcanalysis",
        "evaluate",
        str(data_file("demo")),
        "--quarter",
        QUARTER,
        "--out",
        str(folder),
    ]
    ours = run([*evaluate, "--fresh"])
    again = run(evaluate)
    private = folder / "demo-council" / QUARTER / "private"
    seconds = {}
    for path in sorted(private.glob("*.ipynb")):
        source = home() / "notebooks" / path.name
        given = [str(word) for pair in _parameters(path).items() for word in ("-p", *pair)]
        out = folder / f"papermill-{path.name}"
        plain = [*python, "papermill", "--cwd", str(source.parent), str(source), str(out), *given]
        seconds[path.stem] = run(plain).seconds
        _same(path, out)
        print(f"papermill {path.stem} {seconds[path.stem]:.1f} s, outputs equal", file=sys.stderr)
    theirs = sum(seconds.values())
    reached = "reached" if theirs / ours.seconds >= GOAL else "not reached"
    return [
        "| way | seconds | ratio |",
        "|---|---:|---:|",
        f"| `papermill`, once per notebook ({len(seconds)} notebooks) | {theirs:.1f} | 1 |",
        f"| `vcanalysis evaluate --fresh`, gate and page too | {ours.seconds:.1f} | {theirs / ours.seconds:.1f} |",
        f"| `vcanalysis evaluate` again, nothing changed | {again.seconds:.1f} | {theirs / again.seconds:.1f} |",
        "",
        f"Outputs were equal cell by cell. Goal: at least {GOAL:g} times faster; {reached}. "
        f"Most memory held at once: {ours.megabytes:,.0f} MB.",
        "",
        "Papermill by notebook, seconds: "
        + ", ".join(f"{name[:2]} {took:.1f}" for name, took in seconds.items())
        + ".",
    ]


def _parameters(executed: Path) -> dict[str, Any]:
    """Read from an executed notebook what it was given."""
    cells = nbformat.read(executed, as_version=4).cells
    source = next(c.source for c in cells if "injected-parameters" in c.metadata.get("tags", ()))
    given: dict[str, Any] = {}
    exec(source, {}, given)
    return given


def _same(ours: Path, theirs: Path) -> None:
    """Hold outputs against each other, mime type by mime type."""
    both = [_outputs(scrubbed(nbformat.read(path, as_version=4))) for path in (ours, theirs)]
    for number, (one, other) in enumerate(zip(*both, strict=True), start=1):
        if one != other:
            sys.exit(f"{ours.name}, code cell {number}: outputs of the two ways differ")


def _outputs(notebook: nbformat.NotebookNode) -> list[str]:
    cells = [cell for cell in notebook.cells if cell.cell_type == "code"]
    shown = [[out for out in c.outputs if out.get("name") != "stderr"] for c in cells]
    return [json.dumps(outputs, sort_keys=True) for outputs in shown]
