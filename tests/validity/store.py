"""What every trial last measured, kept with the project: docs/validity.csv, of which docs/validity.md is the reading.

A row holds for the present code while the key of its trial is the same, or while the present code gives its first
replicates the same numbers: code may be moved and renamed without a trial being measured again. A trial whose
replicates say yes or no has no such numbers; there the key alone decides.
"""

from __future__ import annotations

import csv
import hashlib
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

from tests.validity.laboratory import Measured, Trial

FIRST = 10  # replicates whose numbers are compared
DIGITS = 6


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a trial measured, with the key and the first numbers of the code it was measured on."""

    trial: str
    key: str
    numbers: str
    measured: Measured
    present: bool = True  # measured on the code there was when the page was last written

    def holds_for(self, trial: Trial, key: str) -> bool:
        """Whether the present code is the code measured, by its key or else by its first numbers."""
        return key == self.key or (self.numbers != "" and first_numbers(trial) == self.numbers)


def first_numbers(trial: Trial) -> str:
    """Run the first replicates and give the mark of their numbers."""
    return mark([trial.replicate(seed) for seed in range(FIRST)])


def mark(rows: Sequence[Sequence[float | None]]) -> str:
    """Give a mark of replicates' numbers, to six digits; none where they only say yes or no."""
    if all(value in (0.0, 1.0) for row in rows for value in row):
        return ""
    said = [["" if _nothing(v) else f"{v:.{DIGITS}g}" for v in row] for row in rows]
    return hashlib.sha256(repr(said).encode()).hexdigest()[:12]


def read(path: Path) -> dict[str, Kept]:
    """Read what is kept, by trial; nothing where there is no file."""
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {row["trial"]: _kept(row) for row in rows}


def write(path: Path, kept: Iterable[Kept]) -> None:
    """Write what is kept, one line a trial."""
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["trial", "key", "numbers", "present", *_COLUMNS])
        for row in kept:
            said = [_said(value) for value in asdict(row.measured).values()]
            out.writerow([row.trial, row.key, row.numbers, "yes" if row.present else "no", *said])


_COLUMNS = [field.name for field in fields(Measured)]


def _kept(row: dict[str, str]) -> Kept:
    said = {name: float(row[name]) if row[name] else math.nan for name in _COLUMNS}
    measured = Measured(**{**said, "replicates": int(said["replicates"])})  # type: ignore[arg-type]
    return Kept(
        trial=row["trial"],
        key=row["key"],
        numbers=row["numbers"],
        measured=measured,
        present=row["present"] == "yes",
    )


def _said(value: float) -> str:
    return "" if _nothing(value) else f"{value:.4g}"


def _nothing(value: float | None) -> bool:
    return value is None or math.isnan(value)
