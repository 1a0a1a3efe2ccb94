"""Where the workbench keeps its own files: the clone it runs from."""

from __future__ import annotations

import os
import re
import unicodedata
from functools import cache
from pathlib import Path, PurePath

from vcanalysis.core.errors import InputError


@cache
def home() -> Path:
    """Give the folder of the workbench: the clone, or the folder named by VCANALYSIS_HOME.

    Raises
    ------
    InputError
        If neither holds `data/reference`.
    """
    named = os.environ.get("VCANALYSIS_HOME")
    folder = Path(named) if named else Path(__file__).resolve().parents[2]
    if not (folder / "data" / "reference").is_dir():
        raise InputError(
            f"The workbench's own files were not found in {folder}. Run from a clone of the project, "
            "or set VCANALYSIS_HOME to it."
        )
    return folder


def data_file(name: str) -> Path:
    """Give a file of the project's `data` folder, such as ``reference/facts.csv``."""
    return home() / "data" / name


def find_folder(path: str | Path) -> Path:
    """Find a folder from where you are or, failing that, from the workbench's own folder.

    A notebook runs in `notebooks/` and says ``data/demo``; so does the command line in the clone.

    Examples
    --------
    >>> find_folder("data/reference").resolve() == data_file("reference").resolve()
    True
    """
    folder = Path(path).expanduser()
    if folder.is_absolute() or folder.exists() or not (home() / folder).is_dir():
        return folder
    return home() / folder


def is_litter(path: PurePath) -> bool:
    """Say whether a file is what desktops and office programs leave behind, or lies in a folder of such.

    Examples
    --------
    >>> [is_litter(PurePath(p)) for p in (".DS_Store", "a/Thumbs.db", "~$needs.xlsx", "__MACOSX/x.csv", "x.csv")]
    [True, True, True, True, False]
    """
    return any(
        part.startswith((".", "~$"))
        or part.lower() in ("thumbs.db", "ehthumbs.db", "desktop.ini", "__macosx")
        for part in path.parts
    )


def council_folder(out: Path, name: str) -> Path:
    """Give the folder of a council's reports: its name in letters that every file system takes.

    Examples
    --------
    >>> council_folder(Path("reports"), "Demo council").as_posix()
    'reports/demo-council'
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return out / (re.sub(r"[^a-z0-9]+", "-", plain).strip("-") or "council")
