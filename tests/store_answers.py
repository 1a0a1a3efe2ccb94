"""Run the notebooks on the demo council and store them as they are committed: `make notebooks`.

Kept are the outputs of the cells tagged `keep_output` (the tested answer) and, in the metadata of each cell, the
number of figures it drew. Everything else that a run leaves in a notebook is removed, so that the files stay small
and two runs give the same bytes.
"""

from __future__ import annotations

import argparse
import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbstripout import strip_output

NOTEBOOKS = Path(__file__).parents[1] / "notebooks"
# Keys of a run, of an editor or of a machine.
EXTRA_KEYS = (
    "metadata.papermill metadata.language_info.version metadata.widgets metadata.vscode metadata.toc "
    "cell.metadata.papermill cell.metadata.execution cell.metadata.ExecuteTime cell.metadata.collapsed "
    "cell.metadata.scrolled cell.metadata.vscode cell.metadata.jupyter"
)
KERNEL = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}


def normalise(notebook):
    """Remove what a run leaves behind, but for the tested answer; run order becomes the execution count."""
    notebook = strip_output(notebook, False, True, True, extra_keys=EXTRA_KEYS.split())
    notebook.metadata["kernelspec"] = dict(KERNEL)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    for position, cell in enumerate(code, start=1):
        ran = cell.execution_count is not None
        cell.execution_count = position if ran else None
        for output in cell.outputs:
            if "execution_count" in output:
                output["execution_count"] = cell.execution_count
    return notebook


def note_figures(notebook):
    """Write the number of figures each cell drew into its metadata."""
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        drawn = sum("image/png" in output.get("data", {}) for output in cell.outputs)
        cell.metadata.pop("vcanalysis", None)
        if drawn:
            cell.metadata["vcanalysis"] = {"figures": drawn}


def store(path):
    """Run one notebook and store it; returns a line about it, or the error."""
    notebook = nbformat.read(path, as_version=4)
    try:
        NotebookClient(notebook, timeout=600, resources={"metadata": {"path": str(path.parent)}}).execute()
    except CellExecutionError as error:
        return False, f"{path.name}: {error.ename}: {error.evalue}"
    note_figures(notebook)
    figures = sum(c.metadata.get("vcanalysis", {}).get("figures", 0) for c in notebook.cells)
    nbformat.write(normalise(notebook), path)
    return True, f"{path.name}: {figures} figures, {path.stat().st_size / 1024:.0f} KB"


def main():
    """Run the notebooks named, or all."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("notebooks", nargs="*", type=Path, help="notebooks to run; all when left out")
    parser.add_argument("--jobs", type=int, default=1, help="notebooks to run at a time")
    parser.add_argument("--only-normalise", action="store_true", help="remove outputs without running")
    options = parser.parse_args()
    paths = [path.resolve() for path in options.notebooks] or sorted(NOTEBOOKS.glob("*.ipynb"))
    if options.only_normalise:
        for path in paths:
            nbformat.write(normalise(nbformat.read(path, as_version=4)), path)
        return 0
    with ProcessPoolExecutor(options.jobs) as pool:
        outcomes = list(pool.map(store, paths))
    for _, line in outcomes:
        print(line)
    return 0 if all(done for done, _ in outcomes) else 1


if __name__ == "__main__":
    sys.exit(main())
