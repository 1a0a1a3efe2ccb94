"""What is looked at before anything is read: how much there is, and whether a zip leads out or blows up."""

from __future__ import annotations

import re
import zipfile
from pathlib import PurePosixPath

from vcanalysis.intake.cleaning.rules import refuse

MAX_BYTES = 2_000_000_000
MAX_RATIO = 200
MAX_FILES = 10_000
MAX_CELLS = 20_000_000  # of a sheet
_SMALL = 10_000_000


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
            f"{source} holds {size / 1e9:.1f} GB; at most 2 GB are read. Give fewer years at a time.",
        )
