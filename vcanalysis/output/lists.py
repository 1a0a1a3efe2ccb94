"""Lists of children for the professionals who know them: shown in the notebook, written to the run's private folder.

A list names children, so it has a door of its own that leads to `private/` alone: it is no record, and nothing that is
published is made from it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.output.results import show_bundle

LIST_MIME = "application/vnd.vcanalysis.private-list+json"
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet would run a cell that begins so


def private_list(frame: pd.DataFrame, *, name: str, title: str) -> None:
    """Show a list of children, and have the run keep it as `private/<name>.csv`.

    Parameters
    ----------
    frame : DataFrame
        One row per child, in the order it is to be worked; its index is not shown.
    name : str
        Name of the file: lower case letters, digits and underscores.
    title : str
        What the list is, in words.

    Raises
    ------
    InputError
        If the name would not do as the name of a file.

    Examples
    --------
    >>> private_list(pd.DataFrame({"child_id": ["a", "b"]}), name="panel", title="Children to talk about")
    Children to talk about: 2 children, in the private folder of the run as panel.csv.
    """
    if not _NAME.fullmatch(name):
        raise InputError(f"A list cannot be called {name!r}. Use lower case letters, digits and underscores.")
    safe = frame.apply(lambda column: column.map(_as_text))
    said = f"{title}: {len(frame)} children, in the private folder of the run as {name}.csv."
    show_bundle(
        {
            "text/plain": said,
            "text/html": f"<p>{said}</p>{frame.to_html(index=False, na_rep='')}",
            LIST_MIME: {"name": name, "csv": safe.to_csv(index=False, lineterminator="\n")},
        }
    )


def _as_text(value: Any) -> Any:
    """Put a mark before text that a spreadsheet would take for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def write_lists(notebook: Mapping[str, Any], folder: Path) -> list[Path]:
    """Write the lists that a notebook showed into a private folder.

    Parameters
    ----------
    notebook : mapping
        An executed notebook.
    folder : Path
        The private folder of the run.

    Returns
    -------
    list of Path
        The files, readable by their owner alone.

    Raises
    ------
    InputError
        If two lists have one name.
    """
    written: list[Path] = []
    for cell in notebook["cells"]:
        for output in cell.get("outputs", ()):
            shown = output.get("data", {}).get(LIST_MIME)
            if not shown:
                continue
            path = folder / f"{shown['name']}.csv"
            if not _NAME.fullmatch(shown["name"]) or path.exists():
                raise InputError(f"Two lists are called {shown['name']!r}. Give each a name of its own.")
            path.touch(mode=0o600)
            path.write_text(shown["csv"], encoding="utf-8")
            written.append(path)
    return written
