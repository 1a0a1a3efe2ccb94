"""The plan of a run: everything it needs, checked before anything runs."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vcanalysis.core.errors import CheckFailed, InputError
from vcanalysis.core.paths import council_folder, home
from vcanalysis.core.period import Quarter
from vcanalysis.output import protocol
from vcanalysis.output.disclosure.policy import Policy
from vcanalysis.output.disclosure.policy import policy as find_policy
from vcanalysis.output.run import folder, inputs, manifest, preload
from vcanalysis.output.run.parameters import files_named, planned, read_settings, settle

if TYPE_CHECKING:
    from vcanalysis.intake.council import Council

_LAST = 90  # notebooks from this number on draw on the results of the others


@dataclass(frozen=True)
class Plan:
    """Everything a run needs, checked before anything runs."""

    council: Council
    quarter: Quarter
    notebooks: list[Path]
    parameters: dict[str, dict[str, Any]]
    folder: Path
    kernels: str
    jobs: int
    fresh: bool
    partial: bool
    policy: Policy
    inputs: dict[str, Any] = field(repr=False)
    key: bytes = field(repr=False)
    hashes: dict[str, str] = field(repr=False)

    @property
    def name(self) -> str:
        """Name of the report's folder: a partial run never takes the place of the full one."""
        numbers = "-".join(path.name[:2] for path in self.notebooks)
        return f"{self.quarter}-only-{numbers}" if self.partial else str(self.quarter)

    def must_be_unchanged(self) -> None:
        """Refuse to go on where something that the run reads is no longer what it was.

        Raises
        ------
        CheckFailed
            Naming what was changed.
        """
        others = [*self.notebooks, *files_named(self.parameters)]
        inputs.must_be_unchanged(self.hashes, inputs.all_hashes(Path(self.council.path), self.key, others))

    def after(self) -> list[Path]:
        """Notebooks that draw on the others."""
        return [path for path in self.notebooks if _number(path) >= _LAST]

    def before(self) -> list[Path]:
        """Notebooks that stand on their own."""
        return [path for path in self.notebooks if _number(path) < _LAST]

    def heaviest_first(self) -> list[Path]:
        """Notebooks that stand on their own, by what they took last time: the longest must not come last."""
        took = folder.seconds_of(self.folder / str(self.quarter))
        return sorted(self.before(), key=lambda path: (-took.get(path.stem, float("inf")), -_number(path)))


def make_plan(
    council: Path | str,
    *,
    quarter: str | None,
    settings: Path | str | Mapping[str, Any] | None,
    out: Path | str,
    only: str | Iterable[str] | None,
    jobs: int | None,
    fresh: bool,
    notebooks: Path | str | None,
    kernel: str | None,
    policy: str = "strict",
) -> Plan:
    """Check the arguments of an evaluation, open its council and begin to load libraries.

    Raises
    ------
    InputError
        If anything is refused.
    CheckFailed
        If the council's tables are not sound.
    """
    allowed = find_policy(policy)  # refused before anything is read
    found = _find(Path(notebooks) if notebooks else home() / "notebooks")
    chosen = _choose(found, only)
    kind = _kernel(kernel)
    preload.prepare(kind)  # loads libraries while the rest is checked
    given = settle(chosen, read_settings(settings))
    opened = _open(Path(council))
    parameters = planned(chosen, protocol.read(Path(opened.path)), given)
    reports = council_folder(Path(out).resolve(), opened.name)
    key = inputs.hash_key(reports, synthetic=opened.synthetic)
    hashes = inputs.all_hashes(Path(opened.path), key, [*chosen, *files_named(parameters)])
    return Plan(
        council=opened,
        quarter=_quarter(opened, quarter),
        notebooks=chosen,
        parameters=parameters,
        folder=reports,
        kernels=kind,
        jobs=_jobs(jobs),
        fresh=fresh,
        partial=len(chosen) < len(found),
        policy=allowed,
        inputs=manifest.describe(opened, key, hashes),
        key=key,
        hashes=hashes,
    )


def _find(notebooks: Path) -> list[Path]:
    found = sorted(p for p in notebooks.glob("*.ipynb") if re.match(r"\d\d_", p.name))
    if not found:
        raise InputError(f"{notebooks} holds no notebook named like 04_does_spend_follow_need.ipynb.")
    return found


def _choose(found: list[Path], only: str | Iterable[str] | None) -> list[Path]:
    if only is None:
        return found
    words = only.split(",") if isinstance(only, str) else only
    wanted = {str(word).strip().zfill(2) for word in words if str(word).strip()}
    there = ", ".join(p.name[:2] for p in found)
    if not wanted:
        raise InputError(f"--only names no notebook. Choose from: {there}; or leave it out to run all.")
    unknown = sorted(wanted - {p.name[:2] for p in found})
    if unknown:
        raise InputError(f"There is no notebook {', '.join(unknown)}. Choose from: {there}.")
    return [p for p in found if p.name[:2] in wanted or _number(p) >= _LAST]


def _open(path: Path) -> Council:
    from vcanalysis.intake.checking import check_council
    from vcanalysis.intake.opening import open_council

    council = open_council(path)
    problems = check_council(council).problems
    if problems:
        count = f"{len(problems)} {'problem' if len(problems) == 1 else 'problems'}"
        raise CheckFailed(
            f"{path} has {count} to correct, such as: {problems[0].message} To see all, run: vcanalysis check {path}"
        )
    return council


def _quarter(council: Council, text: str | None) -> Quarter:
    last = council.last_quarter()
    if text is None:
        return last
    quarter = Quarter.parse(text)
    if quarter.start < council.start or quarter.end > council.end:
        first = Quarter.containing(council.start)
        first = first if first.start >= council.start else first.shift(1)
        raise InputError(
            f"Quarter {quarter} lies outside the data of {council.name}, which cover {first} to {last}."
        )
    return quarter


def _kernel(kind: str | None) -> str:
    best = preload.default_kind()
    if kind is None:
        return best
    if kind not in preload.KINDS:
        raise InputError(f"Kernel {kind!r} does not exist. Choose from: {', '.join(preload.KINDS)}.")
    return "plain" if best == "plain" else kind


def _jobs(jobs: int | None) -> int:
    if jobs is None:
        return (os.cpu_count() or 1) + 1  # a kernel that starts waits more than it works
    if jobs < 1:
        raise InputError(f"Jobs must be 1 or more, not {jobs}.")
    return jobs


def _number(path: Path) -> int:
    return int(path.name[:2])
