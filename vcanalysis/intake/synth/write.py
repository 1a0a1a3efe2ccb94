"""Write synthetic councils to disk: one folder, or a nation of them."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from vcanalysis.core.errors import InputError
from vcanalysis.intake.replacing import TRUTH, refuse_other_folder, refuse_other_nation, replacing
from vcanalysis.intake.synth.council import Synthetic, synthesise
from vcanalysis.intake.synth.nation import nation_settings
from vcanalysis.intake.synth.settings import SynthSettings
from vcanalysis.intake.tables import write_council

Progress = Callable[[int, int], None]
_IN_ONE_PROCESS = 4  # fewer councils than this are not worth a second process


def write_synthetic(
    out: str | Path,
    *,
    children: int = 700,
    years: int = 4,
    seed: int = 0,
    councils: int = 1,
    name: str = "",
    progress: Progress | None = None,
    processes: int | None = None,
) -> list[Path]:
    """Write one synthetic council into a folder, or many into folders of their own below it.

    Parameters
    ----------
    out : str or Path
        The folder. With more than one council it holds `council_001`, `council_002` and so on. What
        an earlier call wrote there is replaced whole; nothing else ever is.
    children : int
        Children looked after at any time in the window, of all councils together: an exact count.
    years : int
        Length of the window, which ends on 31 December 2019.
    seed : int
        The same seed gives the same bytes, whatever the number of processes.
    councils : int
        How many councils; more than one differ in size, prices, mix of placements and return rates
        about as much as councils in England do.
    name : str
        Name of a single council; by default after its folder: "Demo council" in `data/demo`.
    progress : callable, optional
        Called with the councils done and the councils in all.
    processes : int, optional
        Worker processes for many councils; by default two where there are two processors.

    Returns
    -------
    list of Path
        The folders written. Each holds the tables, `council.toml`, `truth.json` and
        `truth_children.parquet`; only tests and benchmarks may read the last two.

    Raises
    ------
    InputError
        If a number is out of range, or the folder holds anything but synthetic councils.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_synthetic(Path(folder) / "c", children=30, councils=2)]
    ['council_001', 'council_002']
    """
    _refuse(children=children, years=years, councils=councils)
    folder = Path(out)
    base = SynthSettings(children=children, years=years, seed=seed, name=name or council_name(folder))
    if councils == 1:
        refuse_other_folder(folder, synthetic=True)
        save_synthetic(folder, synthesise(base))
        _report(progress, 1, 1)
        return [folder]
    refuse_other_nation(folder)
    with replacing(folder) as part:
        jobs = list(_nation(part, base, councils))
        _write_all(jobs, processes or min(2, os.cpu_count() or 1), progress)
        refuse_other_nation(folder)  # again: it may have changed meanwhile
    return [folder / job[0].name for job in jobs]


def council_name(folder: Path) -> str:
    """Name a synthetic council after its folder.

    Examples
    --------
    >>> council_name(Path("data/demo")), council_name(Path("small_town")), council_name(Path("my-council"))
    ('Demo council', 'Small town council', 'My council')
    """
    words = folder.resolve().name.replace("_", " ").replace("-", " ").split() or ["synthetic"]
    words += [] if words[-1].lower() == "council" else ["council"]
    name = " ".join(words)
    return name[0].upper() + name[1:]


def _refuse(*, children: int, years: int, councils: int) -> None:
    for value, what in ((children, "children"), (years, "years"), (councils, "councils")):
        if value < 1:
            raise InputError(f"The number of {what} is {value}; it must be 1 or more.")
    if councils > children:
        raise InputError(f"{councils:,} councils cannot share {children:,} children. Ask for more children.")


def _report(progress: Progress | None, done: int, total: int) -> None:
    if progress is not None:
        progress(done, total)


Job = tuple[Path, SynthSettings, np.random.SeedSequence]


def _write_all(jobs: list[Job], workers: int, progress: Progress | None) -> None:
    if workers > 1 and len(jobs) >= _IN_ONE_PROCESS:
        with ProcessPoolExecutor(workers) as pool:
            for done, _ in enumerate(pool.map(_write_one, jobs, chunksize=2), start=1):
                _report(progress, done, len(jobs))
        return
    for done, job in enumerate(jobs, start=1):
        _write_one(job)
        _report(progress, done, len(jobs))


def _write_one(job: Job) -> None:
    folder, settings, entropy = job
    save_synthetic(folder, synthesise(settings, entropy=entropy))


def _nation(folder: Path, base: SynthSettings, councils: int) -> Iterator[Job]:
    """Give every council of a nation its folder."""
    wide = len(str(councils))
    for row, (settings, entropy) in enumerate(nation_settings(base, councils)):
        yield folder / f"council_{row + 1:0{max(3, wide)}d}", settings, entropy


def save_synthetic(folder: str | Path, council: Synthetic) -> None:
    """Write a synthetic council with its truth, in place of an earlier synthetic one.

    Raises
    ------
    InputError
        If the folder holds anything but a synthetic council, or cannot be written.
    """
    path = Path(folder)
    refuse_other_folder(path, synthetic=True)
    truth, children = TRUTH
    with replacing(path) as part:
        write_council(part, council.tables, council.meta)
        text = json.dumps(council.truth, indent=1, ensure_ascii=False, sort_keys=True)
        (part / truth).write_text(text + "\n", encoding="utf-8", newline="\n")
        rows = pa.Table.from_pandas(council.truth_children, preserve_index=False)
        pq.write_table(rows, part / children, compression="zstd")
