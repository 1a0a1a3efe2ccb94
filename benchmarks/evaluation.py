"""The whole demo run, from settings to four formats, against `papermill` once per notebook with the same parameters."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import nbformat

from benchmarks.measure import Cost, run
from vcanalysis.core.paths import data_file, home
from vcanalysis.output.run.notebook import scrubbed

QUARTER = "2019Q4"
GOAL = 5.0
FORMATS = ("html", "pdf", "docx", "xlsx")
DOCUMENTS = ("briefing", "quarterly")
_BY_CHANCE = re.compile(r"\bT_[0-9a-f]{5}|(?<= at )0x[0-9a-f]+")  # the name and place of a table with a style
SETTINGS = "[20_what_was_saved]\ntarget_gbp_year = 250000.0\n"  # what the notebook declares, given as a council would


def measure(folder: Path) -> list[str]:
    """Time both ways, hold their outputs against each other, and say it in the rows of a table."""
    python = [sys.executable, "-m"]
    settings = folder / "settings.toml"
    settings.write_text(SETTINGS, encoding="utf-8")
    where = [str(data_file("demo")), "--quarter", QUARTER, "--out", str(folder), "--settings", str(settings)]
    evaluate = [*python, "vcanalysis", "evaluate", *where]
    ours = run([*evaluate, "--fresh"])
    again = run(evaluate)
    report = folder / "demo-council" / QUARTER
    seconds = {}
    for path in sorted((report / "private").glob("*.ipynb")):
        source = home() / "notebooks" / path.name
        given = [str(word) for pair in _parameters(path).items() for word in ("-p", *pair)]
        out = folder / f"papermill-{path.name}"
        plain = [*python, "papermill", "--cwd", str(source.parent), str(source), str(out), *given]
        seconds[path.stem] = run(plain).seconds
        _same(path, out)
        print(f"papermill {path.stem} {seconds[path.stem]:.1f} s, outputs equal", file=sys.stderr)
    return said(ours, again, seconds, report / "publish")


def said(ours: Cost, again: Cost, seconds: Mapping[str, float], published: Path) -> list[str]:
    """Say what the run cost and what it published, in the rows of tables.

    Parameters
    ----------
    ours, again : Cost
        Of the run afresh, and of the same with nothing changed.
    seconds : mapping
        Of papermill, by notebook.
    published : Path
        The folder that the run published.
    """
    theirs, faster = sum(seconds.values()), sum(seconds.values()) / ours.seconds
    reached = "reached" if faster >= GOAL else "not reached"
    results = len(json.loads((published / "results.json").read_text(encoding="utf-8")))
    made = {
        form: sorted(p.stem for p in published.glob(f"*.{form}") if p.stem in DOCUMENTS) for form in FORMATS
    }
    missing = [f"{name}.{form}" for form, names in made.items() for name in DOCUMENTS if name not in names]
    if missing:
        sys.exit(f"The run did not publish {', '.join(missing)}")
    return [
        "From a settings file to both documents in four formats, tables, register of claims and seal:",
        "",
        "| the whole run | measured |",
        "|---|---:|",
        f"| notebooks run afresh | {len(seconds)} |",
        f"| results that passed the gate or were hidden by it | {results:,} |",
        f"| documents in {', '.join(FORMATS)} | {len(DOCUMENTS)} |",
        f"| seconds | {ours.seconds:.1f} |",
        f"| most memory held at once, all processes, MB | {ours.megabytes:,.0f} |",
        f"| seconds again, nothing changed | {again.seconds:.1f} |",
        f"| most memory again, MB | {again.megabytes:,.0f} |",
        "",
        "| way | seconds | ratio |",
        "|---|---:|---:|",
        f"| `papermill`, once per notebook ({len(seconds)} notebooks), nothing published | {theirs:.1f} | 1 |",
        f"| `vcanalysis evaluate --fresh`, gate and four formats too | {ours.seconds:.1f} | {faster:.1f} |",
        f"| `vcanalysis evaluate` again, nothing changed | {again.seconds:.1f} | {theirs / again.seconds:.1f} |",
        "",
        f"Outputs were equal cell by cell. Goal: at least {GOAL:g} times faster; {reached}.",
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
    shown = [_joined([out for out in c.outputs if out.get("name") != "stderr"]) for c in cells]
    return [_BY_CHANCE.sub("", json.dumps(outputs, sort_keys=True)) for outputs in shown]


def _joined(outputs: list[nbformat.NotebookNode]) -> list[nbformat.NotebookNode]:
    """Join what was printed in a row: where a stream is cut hangs on when the kernel sends it."""
    joined: list[nbformat.NotebookNode] = []
    for output in outputs:
        if output.output_type == "stream" and joined and joined[-1].output_type == "stream":
            joined[-1] = nbformat.from_dict({**joined[-1], "text": joined[-1].text + output.text})
        else:
            joined.append(output)
    return joined
