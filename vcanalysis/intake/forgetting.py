"""Forget a council: delete what an import wrote, and say what remains."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from pathlib import Path, PurePath

from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import council_folder, home, is_litter
from vcanalysis.core.schema import TABLES
from vcanalysis.intake.meta import read_meta
from vcanalysis.intake.pseudonyms import default_key_file
from vcanalysis.intake.replacing import written_notes

_WRITTEN = {"council.toml", "truth.json", "truth_children.parquet"} | {
    f"{table}{end}" for table in TABLES for end in (".parquet", ".csv")
}


@dataclass(frozen=True)
class Forgotten:
    """What was deleted and what remains.

    Parameters
    ----------
    path : Path
        The council folder.
    files : int
        Files deleted.
    remains : tuple of str
        What is still there and may hold or lead to the children.
    """

    path: Path
    files: int
    remains: tuple[str, ...]

    def lines(self) -> list[str]:
        """Say it."""
        deleted = "file of {} was" if self.files == 1 else "files of {} were"
        return [f"{self.files:,} {deleted.format(self.path)} deleted.", "What remains:"] + [
            f"  {line}" for line in self.remains
        ]


def forget_council(path: str | Path, *, reports: str | Path = "reports") -> Forgotten:
    """Delete a council folder that an import wrote.

    Parameters
    ----------
    path : str or Path
        The council folder. Files in it that the workbench did not write are left.
    reports : str or Path
        Folder of reports in which to look for runs on this council.

    Raises
    ------
    InputError
        If it is no council folder, or the demo council of the clone. A folder that an import wrote is one though its
        `council.toml` is damaged.

    Examples
    --------
    >>> forget_council("no/such/council")
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: There is no folder no/such/council. Give a council folder, such as data/demo.
    """
    folder = Path(path)
    meta = _meta_of(folder)
    if folder.is_symlink():
        raise InputError(f"{folder} is a link. Name the folder itself.")
    if (home() / "data" / "demo").resolve() == folder.resolve():
        raise InputError(
            "data/demo is the demo council: it is synthetic and part of the clone. Nothing was deleted."
        )
    own = [file for file in folder.iterdir() if file.name in _WRITTEN and file.is_file()]
    own += written_notes(folder / "import")
    for file in own:
        file.unlink()
    for place in (folder / "import" / "quarantine", folder / "import"):
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()
    found = (file.relative_to(folder) for file in folder.rglob("*") if file.is_file())
    left = sorted(str(file) for file in found if not is_litter(PurePath(file)))
    if not left:
        shutil.rmtree(folder)
    return Forgotten(folder, len(own), tuple(_remains(folder, meta, left, Path(reports))))


def _meta_of(folder: Path) -> dict[str, object] | None:
    """Read `council.toml`; None where it is damaged, but an import's own account says that it wrote the folder."""
    try:
        return read_meta(folder)
    except InputError:
        account = folder / "import" / "report.json"
        if (folder / "council.toml").is_file() and account.is_file():
            return None
        raise


def _some(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


def _remains(folder: Path, meta: dict[str, object] | None, left: list[str], reports: Path) -> list[str]:
    said = []
    if left:
        said.append(f"{_some(len(left), 'file')} in {folder} that the workbench did not write.")
    place = council_folder(reports, str((meta or {}).get("name", folder.name)))
    runs = [*place.iterdir()] if place.is_dir() else []
    if runs:
        said.append(f"{_some(len(runs), 'run')} in {place}: delete private/ and what you need not keep.")
    if meta is None:
        said.append(
            "The key of the pseudonyms, whose name could not be read: see what is in use before you delete one."
        )
    key = str((meta or {}).get("key_id") or "")
    if key:
        said.append(
            f"The key {key} of the pseudonyms, in the file given with --key or else in {default_key_file()}: with it "
            "and the extracts the pseudonyms can be made again. Delete it when no other council needs it."
        )
    said.append("The extracts themselves, which are never changed: delete them where they lie.")
    said.append("Copies and backups of the folder, which the workbench cannot know of.")
    return said
