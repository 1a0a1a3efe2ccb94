"""One's own copies of the notebooks: set to a council, never written over once they have been changed."""

from __future__ import annotations

import hashlib
import json
import os
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import home
from vcanalysis.intake.council import Council

LEDGER = ".copied.json"  # what was copied, by hash: tells a copy that its owner has changed
START = "00_where_do_i_start.ipynb"


@dataclass(frozen=True, slots=True)
class Copies:
    """The copies made: their folder, how many were written, and how many are kept because their owner changed them."""

    folder: Path
    written: int
    kept: int

    @property
    def start(self) -> Path:
        """The notebook to begin with."""
        return self.folder / START

    def line(self) -> str:
        """Say it in one line."""
        own = f", {self.kept} that you have changed kept as they are" if self.kept else ""
        return f"Your notebooks: {self.folder} ({self.written} copied{own})."


def default_folder(council: Council) -> Path:
    """Give the folder in which a user's copies for a council lie: in the user's home."""
    name = re.sub(r"[^a-z0-9]+", "-", council.name.lower()).strip("-") or "council"
    return Path.home() / "valuing-care" / name


def copy_notebooks(council: Council, folder: Path, *, originals: Path | None = None) -> Copies:
    """Copy the notebooks, set to a council and its last quarter; those that were changed since stay.

    Parameters
    ----------
    council : Council
        Whom the copies are about.
    folder : Path
        Where they go.
    originals : Path, optional
        Where they come from; the notebooks of the workbench when left out.

    Raises
    ------
    InputError
        If the folder holds copies for another council, lies among the originals, or cannot be written.
    """
    source = (originals or home() / "notebooks").resolve()
    folder = folder.expanduser().resolve()
    if folder == source or source in folder.parents:
        raise InputError(f"{folder} holds the originals. Name another folder with --folder.")
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        return _copy(council, source, folder)
    except OSError as error:
        raise InputError(
            f"{folder} cannot be written ({error.strerror}). Name a folder of your own with --folder."
        ) from None


def _copy(council: Council, source: Path, folder: Path) -> Copies:
    about = str(council.path.resolve())
    known = _ledger(folder, about)
    written = kept = 0
    for original in sorted(source.rglob("*.ipynb")):
        name = original.relative_to(source)
        if any(part.startswith(".") for part in name.parts):
            continue
        content, target = set_to(original.read_text(encoding="utf-8"), council), folder / name
        if target.exists():
            there = _hash(target.read_bytes())
            if there != known.get(name.as_posix()):
                kept += 1
                continue
            if there == _hash(content):  # what it showed when it ran stays
                continue
        target.parent.mkdir(exist_ok=True)
        _replace(target, content)
        known[name.as_posix()] = _hash(content)
        written += 1
    _replace(folder / LEDGER, json.dumps({"council": about, "copied": known}, indent=1).encode())
    return Copies(folder, written, kept)


def set_to(notebook: str, council: Council) -> bytes:
    """Give a notebook set to a council and its last quarter, without the answers of another.

    Parameters
    ----------
    notebook : str
        The JSON of a notebook.
    council : Council
        Whom it is to be about.
    """
    content: dict[str, Any] = json.loads(notebook)
    values = {"council": str(council.path.resolve()), "quarter": str(council.last_quarter())}
    for cell in content["cells"]:
        if cell["cell_type"] != "code":
            continue
        cell["outputs"], cell["execution_count"] = [], None
        if "parameters" in cell["metadata"].get("tags", ()):
            text = cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])
            cell["source"] = _with_values(text, values)
    return (json.dumps(content, indent=1, ensure_ascii=False) + "\n").encode()


def _with_values(text: str, values: dict[str, str]) -> str:
    lines = []
    for line in text.splitlines():
        name = line.split(":")[0].strip()
        if name in values:
            _, mark, comment = line.partition("  # ")
            line = f"{name}: str = {json.dumps(values[name])}{mark}{comment}"
        lines.append(line)
    return "\n".join(lines)


def _ledger(folder: Path, about: str) -> dict[str, str]:
    try:
        told = json.loads((folder / LEDGER).read_text(encoding="utf-8"))
        council, copied = told["council"], dict(told["copied"])
    except FileNotFoundError:
        return {}
    except (ValueError, KeyError, TypeError):
        return {}  # damaged: every notebook there counts as changed, and is kept
    if council != about:
        raise InputError(
            f"{folder} holds notebooks about another council. Name another folder with --folder."
        )
    return copied


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all."""
    part = path.with_name(f".{path.name}.{os.getpid()}")
    part.write_bytes(content)
    part.replace(path)


def _hash(content: bytes) -> str:
    """Give the hash of what a notebook asks: to run it is not to change it."""
    try:
        cells = json.loads(content)["cells"]
        asked = [[cell["cell_type"], "".join(cell["source"])] for cell in cells]
    except (ValueError, KeyError, TypeError):
        return hashlib.sha256(content).hexdigest()
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()
