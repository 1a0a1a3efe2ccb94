"""A folder replaced whole or not at all, and only where nothing but ours would go."""

from __future__ import annotations

import os
import re
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path, PurePath

from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import is_litter
from vcanalysis.core.schema import TABLES
from vcanalysis.intake.meta import read_meta
from vcanalysis.intake.readers.layout import LAYOUTS
from vcanalysis.intake.readers.names import safe_name

TRUTH = ("truth.json", "truth_children.parquet")
_OURS = {"council.toml", *TRUTH} | {f"{table}{end}" for table in TABLES for end in (".parquet", ".csv")}
_NOTES = {"log.csv", "report.json"}
_ASIDE = {f"{table}{end}.csv" for table in (*LAYOUTS, *TABLES) for end in ("", "_values")}
_NATION = re.compile(r"council_\d{3,}")
_KIND = {True: "a synthetic council", False: "an imported council"}


def refuse_other_folder(folder: Path, *, synthetic: bool) -> None:
    """Refuse to replace anything but a council of the same kind with nothing beside it.

    Parameters
    ----------
    folder : Path
        The folder to replace; absent and empty folders are fine.
    synthetic : bool
        Whether a synthetic council is to take its place.

    Raises
    ------
    InputError
        If the folder is a file, holds anything we did not write, or a council of the other kind.

    Examples
    --------
    >>> refuse_other_folder(Path("pyproject.toml"), synthetic=True)
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: pyproject.toml is a file. Name a folder for the council.
    """
    if not _holds_something(folder):
        return
    foreign = next(_foreign(folder), None)
    if foreign is not None:
        raise InputError(
            f"{folder} holds {foreign}, which is no part of a council, and would be replaced whole. "
            "Choose another folder, or move it elsewhere."
        )
    if not (folder / "council.toml").is_file():
        raise InputError(f"{folder} is not empty and no council folder. Choose another folder, or empty it.")
    found = read_meta(folder).get("synthetic", False)
    if found is not synthetic:
        raise InputError(
            f"{folder} holds {_KIND[bool(found)]}, which {_KIND[synthetic]} may not replace. "
            "Choose another folder, or move that council elsewhere."
        )


def refuse_other_nation(folder: Path) -> None:
    """Refuse to replace anything but folders council_NNN of synthetic councils.

    Raises
    ------
    InputError
        If the folder is a file, or holds anything else.
    """
    if not _holds_something(folder):
        return
    for entry in _entries(folder):
        if not (entry.is_dir() and _NATION.fullmatch(entry.name)):
            raise InputError(
                f"{folder} holds {_shown(entry)}, which is no folder of a synthetic council, and would be replaced "
                "whole. Choose another folder, or move it elsewhere."
            )
        refuse_other_folder(entry, synthetic=True)


def _holds_something(folder: Path) -> bool:
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file. Name a folder for the council.")
    return folder.is_dir() and bool(_entries(folder))


def _entries(folder: Path) -> list[Path]:
    """List what is in a folder, without what desktops leave in every folder."""
    return sorted(entry for entry in folder.iterdir() if not is_litter(PurePath(entry.name)))


def written_notes(notes: Path) -> list[Path]:
    """List the files of the folder `import` of a council that an import wrote; a person's own are not among them."""
    named = [notes / name for name in sorted(_NOTES)]
    named += [notes / "quarantine" / name for name in sorted(_ASIDE)]
    return [file for file in named if file.is_file()]


def _foreign(folder: Path) -> Iterator[str]:
    """Name what we did not write, in order of name, as a path inside the folder."""
    for entry in _entries(folder):
        if entry.name == "import" and entry.is_dir():
            yield from _strange(entry, _NOTES, within="import/", but="quarantine")
            if (entry / "quarantine").is_dir():
                yield from _strange(entry / "quarantine", _ASIDE, within="import/quarantine/")
        elif entry.name not in _OURS or not entry.is_file():
            yield _shown(entry)


def _strange(folder: Path, ours: set[str], *, within: str, but: str = "") -> Iterator[str]:
    for entry in _entries(folder):
        ours_too = entry.is_dir() if entry.name == but else entry.name in ours and entry.is_file()
        if not ours_too:
            yield within + _shown(entry)


def _shown(entry: Path) -> str:
    """Name a file or folder for a message, unless its name might be a child's."""
    name = entry.name
    if safe_name(name, "") == name or _NATION.fullmatch(name):
        return name
    return (
        "a folder of another name"
        if entry.is_dir()
        else f"a file of another name ({entry.suffix or 'no ending'})"
    )


@contextmanager
def replacing(folder: Path) -> Iterator[Path]:
    """Give an empty folder beside the one to replace; it takes its place when all went well.

    Parameters
    ----------
    folder : Path
        The folder to make or to replace. Whether it may be replaced is for the caller to ask before.

    Raises
    ------
    InputError
        If it cannot be written; it is then as it was.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as place:
    ...     with replacing(Path(place) / "new") as part:
    ...         _ = (part / "council.toml").write_text("")
    ...     [path.name for path in Path(place).iterdir()]
    ['new']
    """
    final = folder.resolve()  # a link stays a link
    part = final.parent / f".{final.name}.part-{secrets.token_hex(4)}"
    try:
        part.mkdir(parents=True)
        yield part
        _swap(part, final)
    except OSError as error:
        why = error.strerror or "no reason given"
        raise InputError(f"{folder} cannot be written: {why}. Nothing was changed.") from None
    finally:
        shutil.rmtree(part, ignore_errors=True)


def _swap(part: Path, final: Path) -> None:
    """Move the new folder into place; the old one goes only when the new one is there."""
    old = part.with_name(part.name.replace(".part-", ".old-"))
    if final.exists():
        os.replace(final, old)
    try:
        os.replace(part, final)
    except BaseException:
        if old.exists():
            os.replace(old, final)
        raise
    with suppress(OSError):
        shutil.rmtree(old)
