"""Measure the validity of our intervals and tests, and write docs/validity.md: `make validity`.

Results are kept block by block; a run that was ended goes on where it stood, and a trial whose code changed is
measured again. What each trial last measured is kept with the project in docs/validity.csv.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import replace
from pathlib import Path

from tests.validity.collect import trials
from tests.validity.fingerprint import ROOT, fingerprint
from tests.validity.laboratory import REPLICATES, Trial, passes
from tests.validity.page import page
from tests.validity.state import BLOCK, State
from tests.validity.store import FIRST, Kept, first_numbers, numbers_of, read, write
from tests.validity.witness import witnessed

PAGE = ROOT / "docs" / "validity.md"
STORE = ROOT / "docs" / "validity.csv"


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.validity", description=__doc__)
    parser.add_argument("--only", metavar="NAME", help="trials whose name holds NAME")
    parser.add_argument("--replicates", type=int, default=REPLICATES, help=f"seeds of each ({REPLICATES:,})")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="processes (all cores)")
    parser.add_argument("--state", type=Path, default=ROOT / ".validity", help="folder of the results")
    parser.add_argument("--fresh", action="store_true", help="measure again what has been measured")
    parser.add_argument("--page", action="store_true", help="write the page from what there is; run nothing")
    return parser.parse_args()


def run_block(keys: dict[str, str], block: int, folder: Path) -> float:
    """Run the seeds of one block of the trials that share a run and keep them; gives the seconds it took."""
    start = time.perf_counter()
    for name, key in keys.items():
        rows = [trials()[name].replicate(seed) for seed in range(block * BLOCK, (block + 1) * BLOCK)]
        State(folder).write(name, key, block, rows)
    return time.perf_counter() - start


def blocks(
    chosen: list[Trial], keys: dict[str, str], given: argparse.Namespace
) -> dict[tuple[str, int], list[str]]:
    """Give the blocks still to be run, by run and number, with the names of their trials."""
    state, wanted = State(given.state), dict[tuple[str, int], list[str]]()
    everything = range(-(-given.replicates // BLOCK))
    for trial in chosen:
        missing = everything if given.fresh else state.missing(trial.name, keys[trial.name], given.replicates)
        for block in missing:
            wanted.setdefault((trial.run or trial.name, block), []).append(trial.name)
    return wanted


def run(chosen: list[Trial], keys: dict[str, str], given: argparse.Namespace) -> list[str]:
    """Run all blocks that are missing; gives the names of runs that broke."""
    broken = []
    with ProcessPoolExecutor(given.jobs) as pool:
        tasks: dict[Future[float], tuple[str, int]] = {
            pool.submit(run_block, {name: keys[name] for name in names}, block, given.state): (shared, block)
            for (shared, block), names in blocks(chosen, keys, given).items()
        }
        for done, task in enumerate(as_completed(tasks), 1):
            name, block = tasks[task]
            if error := task.exception():
                broken.append(name)
                print(f"{name}: {type(error).__name__}: {error}", flush=True)
            else:
                each = task.result() / BLOCK
                print(f"[{done}/{len(tasks)}] {name}, block {block}: {each:.3f} s each", flush=True)
    return sorted(set(broken))


def standing(name: str, kept: Kept | None) -> tuple[str, Kept | None]:
    """Give the present key of a trial, and what is kept of it with the word whether that is of the present code."""
    trial = trials()[name]
    key = fingerprint(trial)
    if kept is None:
        return key, None
    if not kept.holds_for(trial, key):
        return key, replace(kept, present=False)
    return key, replace(kept, key=key, present=True, numbers=kept.numbers or first_numbers(trial))


def compared(chosen: list[Trial], kept: dict[str, Kept], jobs: int) -> tuple[dict[str, str], dict[str, Kept]]:
    """Give the present keys, and what is kept with the word whether it is of the present code."""
    names = [trial.name for trial in chosen]
    with ProcessPoolExecutor(jobs) as pool:
        stand = dict(zip(names, pool.map(standing, names, map(kept.get, names)), strict=True))
    keys = {name: key for name, (key, _) in stand.items()}
    return keys, kept | {name: told for name, (_, told) in stand.items() if told is not None}


def enough(kept: Kept | None, replicates: int) -> bool:
    """Whether what is kept was measured on the present code, with as many replicates as are asked for."""
    return kept is not None and kept.present and kept.measured.replicates >= replicates


def measured(trial: Trial, key: str, kept: Kept | None, given: argparse.Namespace) -> Kept | None:
    """Give what the blocks of this trial say, or what was kept where that is of more replicates."""
    rows = State(given.state).rows(trial.name, key, given.replicates)
    if rows and not enough(kept, len(rows) + 1):
        numbers = numbers_of(rows[:FIRST]) or witnessed(trial, FIRST)
        return Kept(trial=trial.name, key=key, numbers=numbers, measured=trial.measure(rows))
    return kept


def told(kept: Kept) -> str:
    """Say what a trial measured in one line."""
    missed = "" if passes(trials()[kept.trial], kept.measured) else "MISSED "
    earlier = "" if kept.present else " (earlier code)"
    return f"{missed}{kept.trial}: {kept.measured.rate:.1f}% of {kept.measured.replicates:,}{earlier}"


def main() -> int:
    """Run the trials, print what they said, keep it, write the page."""
    given = arguments()
    chosen = [t for t in trials().values() if not given.only or given.only.lower() in t.name.lower()]
    if not chosen:
        print(f"No trial is called {given.only!r}; there are: {', '.join(trials())}.", file=sys.stderr)
        return 2
    keys, kept = compared(chosen, read(STORE), given.jobs)
    todo = [t for t in chosen if given.fresh or not enough(kept.get(t.name), given.replicates)]
    broken = [] if given.page else run(todo, keys, given)
    found = {t.name: k for t in chosen if (k := measured(t, keys[t.name], kept.get(t.name), given))}
    print("\n".join(map(told, found.values())))
    kept |= found
    write(STORE, [kept[name] for name in trials() if name in kept])
    PAGE.write_text(page(read(STORE)), encoding="utf-8")
    print(f"{PAGE.relative_to(ROOT)}: {len(kept)} of {len(trials())} trials")
    unexplained = [
        n for n, k in found.items() if not passes(trials()[n], k.measured) and not trials()[n].known
    ]
    return 1 if broken or unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
