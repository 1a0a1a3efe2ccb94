"""One notebook: executed by papermill, judged by our own completion check.

Papermill calls a notebook completed even when its kernel was killed, so its word is never taken.
"""

from __future__ import annotations

import ast
import copy
import json
import logging
import warnings
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import nbformat

from vcanalysis.core.errors import CheckFailed
from vcanalysis.output.records import MIME
from vcanalysis.output.run.kernels import kernel_options

CELL_SECONDS = 3600  # no cell may take longer
MOST_SHOWN = 20_000_000  # characters that a cell may show
_CAUSES = {
    "DeadKernelError": "the kernel was killed or ran out of memory",
    "MemoryError": "it ran out of memory",
    "CellTimeoutError": "it took too long",
}


class RunFailed(CheckFailed):
    """A notebook broke; nothing was published (exit code 1)."""


@dataclass(frozen=True, slots=True)
class Job:
    """A notebook to run: the file, what it is given, and on which kind of kernel."""

    path: Path
    parameters: dict[str, Any]
    kernels: str
    on_cell: Callable[[int], None] = field(default=lambda index: None)

    @property
    def name(self) -> str:
        """File name without its ending."""
        return self.path.stem


def execute(job: Job) -> nbformat.NotebookNode:
    """Run a notebook from top to bottom in a kernel of its own.

    Returns
    -------
    NotebookNode
        The executed notebook, without times and paths of this run.

    Raises
    ------
    RunFailed
        If a cell fails, the kernel dies, or an expected result or figure is missing.
    """
    import papermill
    from papermill.exceptions import PapermillExecutionError

    _silence()
    reached = [0]

    def begin(cell: Any, cell_index: int) -> None:
        reached[0] = cell_index
        job.on_cell(cell_index)

    source = nbformat.read(job.path, as_version=4)
    with kernel_options(job.kernels) as options:
        try:
            done = papermill.execute_notebook(
                source,
                None,
                job.parameters,
                kernel_name="python3",
                language="python",
                progress_bar=False,
                execution_timeout=CELL_SECONDS,
                resources={"metadata": {"path": str(job.path.parent)}},
                shutdown_kernel="immediate",
                record_timing=False,
                on_cell_start=begin,
                **options,
            )
        except PapermillExecutionError as error:
            raise RunFailed(_line(source, job, error.cell_index, _what(error.ename, error.evalue))) from None
        except Exception as error:
            what = _what(type(error).__name__, str(error))
            raise RunFailed(_line(source, job, reached[0], what)) from None
    return _complete(source, job, scrubbed(done))


def scrubbed(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Remove what papermill adds: times, paths and random ids. Two equal runs then give equal files."""
    clean = copy.deepcopy(notebook)
    clean.metadata.pop("papermill", None)
    for index, cell in enumerate(clean.cells):
        for name in ("papermill", "execution"):
            cell.metadata.pop(name, None)
        if "injected-parameters" in cell.metadata.get("tags", ()):
            cell["id"] = f"injected-parameters-{index}"
    return clean


def _complete(
    source: nbformat.NotebookNode, job: Job, notebook: nbformat.NotebookNode
) -> nbformat.NotebookNode:
    for index, cell in enumerate(notebook.cells):
        if cell.cell_type != "code" or not cell.source.strip():
            continue
        if cell.execution_count is None:
            raise RunFailed(_line(source, job, index, "it was never run"))
        if any(out.output_type == "error" for out in cell.outputs):
            raise RunFailed(_line(source, job, index, "it shows an error"))
        shown = {mime for out in cell.outputs for mime in out.get("data", {})}
        if sum(len(json.dumps(out)) for out in cell.outputs) > MOST_SHOWN:
            raise RunFailed(_line(source, job, index, f"it shows more than {MOST_SHOWN:,} characters"))
        called = _called(cell.source)
        if "record" in called and MIME not in shown:
            raise RunFailed(_line(source, job, index, "it recorded no result"))
        if "show" in called and not any(mime.startswith("image/") for mime in shown):
            raise RunFailed(_line(source, job, index, "its figure is missing"))
    return notebook


def _called(source: str) -> set[str]:
    """Functions that a cell calls as statements: ``record(...)``, ``vc.show(...)``."""
    try:
        body = ast.parse(source).body
    except SyntaxError:  # a magic command
        return set()
    calls = [s.value.func for s in body if isinstance(s, ast.Expr) and isinstance(s.value, ast.Call)]
    return {f.attr if isinstance(f, ast.Attribute) else getattr(f, "id", "") for f in calls}


def _what(ename: str, evalue: str) -> str:
    # the messages of our own refusals hold no value; those of any other error may
    return " ".join(evalue.split()) if ename in ("InputError", "CheckFailed") else _CAUSES.get(ename, ename)


def _line(source: nbformat.NotebookNode, job: Job, index: int, what: str) -> str:
    """Say what broke in which cell of the notebook as its author sees it, without the injected cell."""
    tagged = [i for i, cell in enumerate(source.cells) if "parameters" in cell.metadata.get("tags", ())]
    shift = 0 if tagged and index > tagged[0] else 1
    return f"{job.path.name}, cell {index + shift}: {what}"


def _silence() -> None:
    for name in ("papermill", "traitlets", "nbclient"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    warnings.filterwarnings("ignore", module=r"(papermill|nbclient|nbformat|jupyter_client|zmq)(\..*)?")
