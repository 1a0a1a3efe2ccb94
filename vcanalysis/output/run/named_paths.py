"""Parameters that name a file or a folder: found before anything runs, and known by their content.

A parameter called ``..._file`` names a file; `panel` names the folder of a council-year panel. Empty means the
notebook's own. Where they lie says more of the machine than of the run, so that is never told.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from vcanalysis.core.errors import InputError

_FILE = "_file"  # how the name of a parameter ends that names a file
PANEL = "panel"  # the parameter that names a folder


def names_path(name: str) -> bool:
    """Say whether a parameter names a file or a folder.

    Examples
    --------
    >>> [names_path(n) for n in ("scenario_file", "panel", "draws")]
    [True, True, False]
    """
    return name.endswith(_FILE) or name == PANEL


def existing(name: str, value: str, stem: str) -> str:
    """Give the full path of what a parameter names; empty stays empty.

    Raises
    ------
    InputError
        If it is not there: a file, or for `panel` a folder.
    """
    if not value:
        return value
    path = Path(value).expanduser().resolve()  # from the current folder: a notebook runs in its own
    there, kind = (path.is_dir(), "folder") if name == PANEL else (path.is_file(), "file")
    if not there:
        raise InputError(
            f"Parameter {name!r} of {stem} names {value!r}, which is not a {kind}. "
            f"Name an existing {kind}, from the folder of the settings or the current one, or leave it empty."
        )
    return str(path)


def beside(settings: Path, given: Mapping[str, Any]) -> dict[str, Any]:
    """Find what settings name without a full path: in their own folder first, so that they can be moved together.

    Parameters
    ----------
    settings : Path
        The file of settings.
    given : mapping
        What it holds: parameters by name, or in a table per notebook.
    """
    found: dict[str, Any] = {}
    for name, value in given.items():
        if isinstance(value, dict):
            found[name] = beside(settings, value)
        elif isinstance(value, str) and value and names_path(name):
            near = settings.parent / Path(value).expanduser()
            found[name] = str(near) if (near.is_dir() if name == PANEL else near.is_file()) else value
        else:
            found[name] = value
    return found


def files_behind(path: Path | str) -> list[Path]:
    """Give the files that a path stands for: itself, or those directly in the folder.

    Parameters
    ----------
    path : path
        File or folder.
    """
    place = Path(path)
    return sorted(p for p in place.iterdir() if p.is_file()) if place.is_dir() else [place]


def told(path: Path | str) -> str:
    """Tell a file or folder by its content.

    Parameters
    ----------
    path : path
        File or folder.
    """
    place = Path(path)
    if not place.is_dir():
        return f"{place.name} (sha256 {_hash(place.read_bytes())})"
    files = files_behind(place)
    whole = "\n".join(f"{p.name} {_hash(p.read_bytes())}" for p in files)
    return f"folder of {len(files)} files (sha256 {_hash(whole.encode())})"


def _hash(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:24]
