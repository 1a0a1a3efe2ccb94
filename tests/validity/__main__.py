"""Measure the validity of our intervals and tests, and write docs/validity.md: `make validity`.

Results are kept block by block; a run that was ended goes on where it stood, and a trial whose code changed is
measured again.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from pathlib import Path

from tests.validity.collect import trials
from tests.validity.fingerprint import ROOT, fingerprint
from tests.validity.laboratory import REPLICATES, Trial, passes
from tests.validity.page import Result, page
from tests.validity.state import BLOCK, State

PAGE = ROOT / "docs" / "validity.md"


def arguments() -> argparse.Namespace:
    """Read the command line."""
    parser = argparse.ArgumentParser(prog="python -m tests.validity", description=__doc__)
    parser.add_argument("--only", metavar="NAME", help="trials whose name holds NAME; prints, writes no page")
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


def results(chosen: list[Trial], keys: dict[str, str], given: argparse.Namespace) -> list[Result]:
    """Sum up what has been measured."""
    state = State(given.state)
    kept = [(t, state.rows(t.name, keys[t.name], given.replicates)) for t in chosen]
    return [(t, t.measure(rows)) for t, rows in kept if rows]


def main() -> int:
    """Run the trials, print what they said, write the page."""
    given = arguments()
    chosen = [t for t in trials().values() if not given.only or given.only.lower() in t.name.lower()]
    if not chosen:
        print(f"No trial is called {given.only!r}; there are: {', '.join(trials())}.", file=sys.stderr)
        return 2
    keys = {t.name: fingerprint(t) for t in chosen}
    broken = [] if given.page else run(chosen, keys, given)
    found = results(chosen, keys, given)
    for trial, m in found:
        print(f"{'' if passes(trial, m) else 'MISSED '}{trial.name}: {m.rate:.1f}% of {m.replicates:,}")
    if not given.only:
        measured = {trial.name for trial, _ in found}
        waiting = [trial for trial in chosen if trial.name not in measured]
        PAGE.write_text(page(found, waiting=waiting), encoding="utf-8")
        print(f"{PAGE.relative_to(ROOT)}: {len(found)} of {len(chosen)} trials")
    unexplained = [t.name for t, m in found if not passes(t, m) and not t.known]
    return 1 if broken or unexplained else 0


if __name__ == "__main__":
    sys.exit(main())
