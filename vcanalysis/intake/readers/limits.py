"""How much is read: looked at before anything is parsed, and counted where a file may hold more than it shows."""

from __future__ import annotations

import re
import zipfile
from dataclasses import dataclass
from pathlib import PurePosixPath

from vcanalysis.intake.cleaning.rules import refuse

# Of a source as a whole; tables of returns that hold as much as this take up to two gigabytes of memory.
MAX_BYTES = 500_000_000
MAX_RATIO = 200
MAX_FILES = 10_000
MAX_CELLS = 20_000_000
_SMALL = 10_000_000
FEWER = "Give fewer years at a time, and no columns that no table needs."


def check_members(members: list[zipfile.ZipInfo], source: str) -> None:
    """Refuse a zip before anything of it is read: paths that lead out, encryption, bombs.

    Raises
    ------
    InputError
        With the reason.
    """
    within_limits(len(members), sum(m.file_size for m in members), source)
    for member in members:
        name = member.filename.replace("\\", "/")
        if name.startswith("/") or ".." in PurePosixPath(name).parts or re.match(r"[A-Za-z]:", name):
            raise refuse(
                "unsafe-path", f"{source} holds a file whose path leads out of the zip. Make the zip again."
            )
        if member.flag_bits & 0x1:
            raise refuse("damaged-file", f"{source} is protected by a password. Give it unprotected.")
        if member.file_size > _SMALL and member.file_size > MAX_RATIO * max(member.compress_size, 1):
            raise refuse(
                "too-large",
                f"{source} holds a file that unpacks to more than {MAX_RATIO} times its size. Make the zip again.",
            )


def within_limits(files: int, size: int, source: str) -> None:
    """Refuse too many files or too many bytes (unpacked), before anything is read."""
    if files > MAX_FILES:
        raise refuse(
            "too-large",
            f"{source} holds {files:,} files; at most {MAX_FILES:,} are read. Give only the returns.",
        )
    if size > MAX_BYTES:
        raise refuse(
            "too-large",
            f"{source} holds {size / 1e6:,.0f} MB; at most {MAX_BYTES / 1e6:.0f} MB are read. {FEWER}",
        )


def few_cells(cells: int, place: str) -> None:
    """Refuse more cells, or fields of XML, than are read.

    Examples
    --------
    >>> few_cells(30_000_000, "costs.csv")
    Traceback (most recent call last):
    vcanalysis.intake.cleaning.rules.Refused: costs.csv holds more than 20,000,000 cells. Give fewer years at a \
time, and no columns that no table needs.
    """
    if cells > MAX_CELLS:
        raise refuse("too-large", f"{place} holds more than {MAX_CELLS:,} cells. {FEWER}")


@dataclass(slots=True)
class Counted:
    """Cells and letters met so far: a long text may stand in a file once and in a million of its cells."""

    cells: int = 0
    letters: int = 0

    def add(self, cells: int, letters: int, place: str) -> None:
        """Count more of them; refuse where they are too many."""
        self.cells += cells
        self.letters += letters
        few_cells(self.cells, place)
        if self.letters > MAX_BYTES:
            raise refuse(
                "too-large", f"{place} unpacks to more than {MAX_BYTES / 1e6:.0f} MB of text. {FEWER}"
            )
