"""What has been measured, block by block, so that a run that was ended goes on where it stood."""

from __future__ import annotations

import json
import os
from pathlib import Path

BLOCK = 50
Rows = list[list[float | None]]


class State:
    """Results in a folder: one folder per trial and key, one file per block of seeds.

    Parameters
    ----------
    folder : Path
        Where the results lie; made if need be.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def path(self, name: str, key: str, block: int) -> Path:
        """Give the file of a block."""
        plain = "".join(c if c.isalnum() else "-" for c in name.lower())[:60]
        return self.folder / f"{plain}-{key}" / f"{block:04d}.json"

    def missing(self, name: str, key: str, replicates: int) -> list[int]:
        """Name the blocks still to be run."""
        return [b for b in range(-(-replicates // BLOCK)) if not self.path(name, key, b).exists()]

    def write(self, name: str, key: str, block: int, rows: Rows) -> None:
        """Keep a block, whole or not at all."""
        path = self.path(name, key, block)
        path.parent.mkdir(parents=True, exist_ok=True)
        part = path.with_suffix(f".{os.getpid()}")
        part.write_text(json.dumps(rows), encoding="utf-8")
        part.replace(path)

    def rows(self, name: str, key: str, replicates: int) -> Rows:
        """Give the rows there are of the first replicates, in the order of seeds."""
        files = [self.path(name, key, block) for block in range(-(-replicates // BLOCK))]
        kept = [json.loads(f.read_text(encoding="utf-8")) for f in files if f.exists()]
        return [row for rows in kept for row in rows][:replicates]
