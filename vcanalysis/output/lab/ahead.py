"""Run the notebook to begin with before it opens, so that whoever opens it is handed the answer."""

from __future__ import annotations

from pathlib import Path

from vcanalysis.core.errors import CheckFailed


def run_ahead(notebook: Path) -> bool:
    """Run a notebook where it lies, unless it shows something already.

    Parameters
    ----------
    notebook : Path
        A user's copy.

    Returns
    -------
    bool
        Whether it now shows what it found. One that breaks stays as it was: its owner sees why when running it.
    """
    import nbformat
    from nbformat.sign import NotebookNotary

    from vcanalysis.output.run.notebook import Job, execute

    try:
        there = nbformat.read(notebook, as_version=4)
        if any(cell.get("outputs") for cell in there.cells):
            return True
        done = execute(Job(notebook, {}, "plain"))
        nbformat.write(done, notebook)
        NotebookNotary().sign(done)  # its owner ran it: JupyterLab shows its tables as they are
    except (CheckFailed, OSError, nbformat.reader.NotJSONError, nbformat.ValidationError):
        return False
    return True
