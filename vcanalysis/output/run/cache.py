"""The cache: a notebook whose source, parameters, data and code are unchanged is not run again."""

from __future__ import annotations

import hashlib
import json
import platform
import secrets
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import nbformat

from vcanalysis.core.paths import home

PACKAGES = ("numpy", "pandas", "scipy", "scikit-learn", "statsmodels", "matplotlib", "seaborn")
_NOT_DATA = ("truth.json", "truth_children.parquet")  # no notebook may read them
_KEEP = 200  # files kept per council


class Cache:
    """Executed notebooks of one council, found by what went into them.

    Parameters
    ----------
    folder : Path
        Where they lie; made, readable by its owner only, on first use.
    use : bool
        Whether to look at what is there; new notebooks are kept either way.
    """

    def __init__(self, folder: Path, *, use: bool = True) -> None:
        self.folder, self.use = folder, use
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)

    def find(self, key: str) -> nbformat.NotebookNode | None:
        """Give the executed notebook of a key, or None."""
        path = self.folder / f"{key}.ipynb"
        if not self.use or not path.is_file():
            return None
        try:
            found = nbformat.read(path, as_version=4)
        except Exception:  # a damaged entry is run again
            return None
        path.touch()
        return found

    def keep(self, key: str, notebook: nbformat.NotebookNode) -> None:
        """Keep an executed notebook."""
        (self.folder / f"{key}.html").unlink(missing_ok=True)  # the page of an earlier run of it
        self.write(f"{key}.ipynb", nbformat.writes(notebook))

    def write(self, name: str, text: str) -> Path:
        """Write a file of the cache whole or not at all."""
        return write_whole(self.folder / name, text)

    def prune(self) -> None:
        """Forget the entries that were not used for longest."""
        entries = sorted(self.folder.glob("*.*"), key=lambda p: p.stat().st_mtime, reverse=True)
        for path in entries[_KEEP:]:
            path.unlink(missing_ok=True)


def write_whole(path: Path, text: str) -> Path:
    """Write a file whole or not at all; runs that share a cache may write the same one at once."""
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def notebook_key(notebook: Path, parameters: Mapping[str, Any], *parts: str) -> str:
    """Give the key of a notebook: its cells, its parameters, and the digests of all else it may use.

    Parameters
    ----------
    notebook : Path
        The notebook; outputs and metadata but tags do not count.
    parameters : mapping
        What it is given.
    *parts : str
        Digests of data, code and environment.
    """
    cells = nbformat.read(notebook, as_version=4).cells
    source = [(cell.cell_type, cell.source, cell.metadata.get("tags", [])) for cell in cells]
    return digest(
        json.dumps([notebook.stem, source, parameters, parts], sort_keys=True, default=str).encode()
    )


def digest(content: bytes) -> str:
    """Give a short hash of bytes."""
    return hashlib.sha256(content).hexdigest()[:24]


def data_files(council: Path) -> list[Path]:
    """List the files of a council folder that an evaluation may read.

    Truth, import logs and hidden files are left out.
    """
    return sorted(
        p for p in council.iterdir() if p.is_file() and p.name not in _NOT_DATA and not p.name.startswith(".")
    )


def digest_files(files: Iterable[Path], root: Path) -> str:
    """Hash files with their names."""
    whole = hashlib.sha256()
    for path in files:
        whole.update(f"{path.relative_to(root)}\0".encode())
        with path.open("rb") as content:
            whole.update(hashlib.file_digest(content, "sha256").digest())
    return whole.hexdigest()[:24]


def code_digest() -> str:
    """Hash the source of the package and the project's own reference data."""
    package = Path(__file__).resolve().parents[2]
    source = digest_files(sorted(package.rglob("*.py")), package)
    data = home() / "data"
    folders = ("reference", "assumptions", "frameworks", "presets")
    known = sorted(p for name in folders for p in (data / name).rglob("*") if p.is_file())
    return digest(f"{source} {digest_files(known, data)}".encode())


def versions() -> dict[str, str]:
    """Give the versions that results may depend on."""
    found = {"python": platform.python_version()}
    for name in ("vcanalysis", *PACKAGES):
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = "absent"
    return found
