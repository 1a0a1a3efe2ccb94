"""What every trial last measured, kept with the project: docs/validity.csv, of which docs/validity.md is the reading.

A row holds for the present code while the key of its trial is the same, or while the present code gives its first
replicates the same numbers: code may be moved and renamed without a trial being measured again, and processors differ
in the last digits of an optimum. Of a trial whose replicates say yes or no, the estimates are compared that it makes
on its way; where it makes none, the key decides.
"""

from __future__ import annotations

import csv
import json
import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, fields
from pathlib import Path

import numpy as np

from tests.validity.laboratory import Measured, Trial
from tests.validity.state import Rows
from tests.validity.witness import witnessed

FIRST = 10  # replicates whose numbers are compared
_OWN = 3  # numbers a replicate gives at the most
DIGITS = 5
EXACT = 1e-5  # by which the means of the estimates made on the way may differ
CLOSE = 0.002  # of the width of an interval, or of 1 for a p-value, by which equal numbers may differ


@dataclass(frozen=True, kw_only=True)
class Kept:
    """What a trial measured, with the key and the first numbers of the code it was measured on."""

    trial: str
    key: str
    numbers: Rows
    measured: Measured
    present: bool = True  # measured on the code there was when the page was last written

    def holds_for(self, trial: Trial, key: str) -> bool:
        """Whether the present code is the code measured, by its key or else by its first numbers."""
        return key == self.key or (bool(self.numbers) and alike(self.numbers, first_numbers(trial)))

    @property
    def says_yes_or_no(self) -> bool:
        """Whether its replicates give no numbers of their own, but perhaps estimates on the way."""
        return not self.numbers or len(self.numbers[0]) > _OWN


def first_numbers(trial: Trial) -> Rows:
    """Run the first replicates and give their numbers, or those of the estimates made on the way to yes or no."""
    return numbers_of([trial.replicate(seed) for seed in range(FIRST)]) or witnessed(trial, FIRST)


def numbers_of(rows: Rows) -> Rows:
    """Give the replicates' own numbers to know code by; none where replicates only say yes or no."""
    said = [[None if _nothing(v) else float(f"{v:.{DIGITS}g}") for v in row] for row in rows]
    return [] if all(value in (0.0, 1.0) for row in said for value in row) else said


def alike(one: Rows, other: Rows) -> bool:
    """Whether two codes gave the same numbers, but for the last digits."""
    return len(one) == len(other) and all(map(_row_alike, one, other))


def _row_alike(one: Sequence[float | None], other: Sequence[float | None]) -> bool:
    a, b = (np.array([np.nan if v is None else v for v in row], dtype=float) for row in (one, other))
    if len(a) > _OWN:
        return a.shape == b.shape and np.allclose(a, b, rtol=EXACT, atol=EXACT, equal_nan=True)
    scale = abs(a[2] - a[1]) if len(a) == 3 and np.isfinite(a).all() else 1.0
    return a.shape == b.shape and np.allclose(a, b, rtol=10.0**-DIGITS, atol=CLOSE * scale, equal_nan=True)


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
            out.writerow(
                [
                    row.trial,
                    row.key,
                    json.dumps(row.numbers, separators=(",", ":")),
                    "yes" if row.present else "no",
                    *said,
                ]
            )


_COLUMNS = [field.name for field in fields(Measured)]


def _kept(row: dict[str, str]) -> Kept:
    said = {name: float(row[name]) if row[name] else math.nan for name in _COLUMNS}
    measured = Measured(**{**said, "replicates": int(said["replicates"])})  # type: ignore[arg-type]
    return Kept(
        trial=row["trial"],
        key=row["key"],
        numbers=json.loads(row["numbers"]),
        measured=measured,
        present=row["present"] == "yes",
    )


def _said(value: float) -> str:
    return "" if _nothing(value) else f"{value:.4g}"


def _nothing(value: float | None) -> bool:
    return value is None or math.isnan(value)
