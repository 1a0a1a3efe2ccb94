"""The run folder: built apart, sealed last, moved into place whole.

No seal, no report: a run that fails or is killed leaves the last good report as it was.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from vcanalysis.core.errors import CheckFailed, InputError
from vcanalysis.core.period import Quarter

MANIFEST, SEAL = "manifest.json", "SEAL"
_NOT_WRITTEN = {getattr(errno, name) for name in ("ENOSPC", "EIO", "EDQUOT") if hasattr(errno, name)}


@contextmanager
def lock(folder: Path, quarter: str, *, wait: bool = False) -> Iterator[None]:
    """Let one run at a time build a council's quarter; the system frees the lock of a dead run.

    Parameters
    ----------
    folder : Path
        The council's reports.
    quarter : str
        What is locked: the name of a report.
    wait : bool
        Whether to wait for a run that holds it.

    Raises
    ------
    CheckFailed
        If another run holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f".lock-{quarter}").open("a+") as file:
        try:
            _take(file, wait=wait)
        except OSError:
            raise CheckFailed(
                f"Another evaluation of {quarter} is writing to {folder}. Wait for it, or give another --out."
            ) from None
        yield


def _take(file: IO[str], *, wait: bool) -> None:
    if sys.platform == "win32":
        import msvcrt

        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK if wait else msvcrt.LK_NBLCK, 1)
    else:
        import fcntl

        fcntl.flock(file, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))


@contextmanager
def building(folder: Path, quarter: str) -> Iterator[Path]:
    """Give an empty private folder to build a run in; it is gone afterwards, whatever happens.

    What a killed run left behind is put right first. To be used under the lock.
    """
    _recover(folder, quarter)
    build = folder / f".build-{quarter}-{secrets.token_hex(4)}"
    build.mkdir(mode=0o700)
    try:
        yield build
    finally:
        shutil.rmtree(build, ignore_errors=True)


def _recover(folder: Path, quarter: str) -> None:
    for old in _left(folder, f".old-{quarter}-"):
        if (folder / quarter).exists():
            shutil.rmtree(old, ignore_errors=True)
        else:  # killed between the two renames: the last good report comes back
            old.rename(folder / quarter)
    for build in _left(folder, f".build-{quarter}-"):
        shutil.rmtree(build, ignore_errors=True)


def _left(folder: Path, start: str) -> list[Path]:
    # a partial run is called 2019Q4-only-04: what it builds is not the full run's to remove
    return [path for path in folder.glob(f"{start}*") if "-" not in path.name.removeprefix(start)]


def seal(build: Path, manifest: dict[str, Any]) -> None:
    """Write the manifest with the hashes of all outputs, and the seal over it, to disk."""
    outputs = {str(p.relative_to(build).as_posix()): file_hash(p) for p in _files(build)}
    text = json.dumps({**manifest, "outputs": outputs}, indent=1, ensure_ascii=False) + "\n"
    (build / MANIFEST).write_text(text, encoding="utf-8")
    for path in [*_files(build), build / MANIFEST]:
        _sync(path)
    (build / SEAL).write_text(f"sha256 {file_hash(build / MANIFEST)}  {MANIFEST}\n", encoding="utf-8")
    _sync(build / SEAL)


def sealed(run: Path) -> dict[str, Any]:
    """Read the manifest of a run, having held every file against it.

    Raises
    ------
    InputError
        If the folder is not a run, has no seal, or was changed since it was sealed.
    """
    if not (run / SEAL).is_file() or not (run / MANIFEST).is_file():
        raise InputError(f"{run} is not a finished run: it has no seal. Run vcanalysis evaluate again.")
    if (run / SEAL).read_text(encoding="utf-8").split()[1:2] != [file_hash(run / MANIFEST)]:
        raise InputError(f"{run}: {MANIFEST} was changed after it was sealed. Run vcanalysis evaluate again.")
    manifest: dict[str, Any] = json.loads((run / MANIFEST).read_text(encoding="utf-8"))
    for name, expected in manifest["outputs"].items():
        if not (run / name).is_file() or file_hash(run / name) != expected:
            raise InputError(
                f"{run}: {name} was changed or lost after it was sealed. Run vcanalysis evaluate again."
            )
    return manifest


def earlier_report(folder: Path, quarter: str) -> Path | None:
    """Find the last full report before a quarter among the reports of a council.

    Parameters
    ----------
    folder : Path
        The council's reports, a folder a quarter.
    quarter : str
        Such as "2019Q4".

    Returns
    -------
    Path or None
        Its `results.json`, as published; None where there is no sealed report of an earlier quarter.
    """
    found = {}
    for seal in folder.glob("*/SEAL"):
        try:
            of = Quarter.parse(seal.parent.name)
        except InputError:
            continue  # a partial run, or another folder
        if of.end <= Quarter.parse(quarter).start:
            found[of.end] = seal.with_name("publish") / "results.json"
    return found[max(found)] if found else None


def report_of(folder: Path, quarter: str) -> Path | None:
    """Find the sealed full report of a quarter among the reports of a council: its `results.json`, as published."""
    results = folder / quarter / "publish" / "results.json"
    return results if (folder / quarter / SEAL).is_file() and results.is_file() else None


def seconds_of(run: Path) -> dict[str, float]:
    """Read how long each notebook took in a run, if there is one."""
    try:
        entries = json.loads((run / MANIFEST).read_text(encoding="utf-8"))["notebooks"]
        return {entry["name"]: float(entry["seconds"]) for entry in entries}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def move_into_place(build: Path, final: Path) -> None:
    """Put a sealed build where the report belongs; the previous one stays until it is there."""
    old = final.with_name(f".old-{final.name}-{secrets.token_hex(4)}")
    had = final.exists()
    if had:
        final.rename(old)
    try:
        build.rename(final)
    except BaseException:
        if had:
            old.rename(final)
        raise
    try:
        _sync(final.parent)
    finally:
        shutil.rmtree(old, ignore_errors=True)


def file_hash(path: Path) -> str:
    """Give the SHA-256 of a file."""
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()


def _files(folder: Path) -> list[Path]:
    own = {folder / MANIFEST, folder / SEAL}
    return sorted(p for p in folder.rglob("*") if p.is_file() and p not in own)


def _sync(path: Path) -> None:
    if sys.platform == "win32" and path.is_dir():
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    except OSError as error:  # some network shares cannot; a full or broken disk can, and says so
        if error.errno in _NOT_WRITTEN:
            raise
    finally:
        os.close(handle)
