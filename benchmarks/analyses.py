"""Every analysis on one council, a region and a nation: `python -m benchmarks.analyses NAME CHILDREN` runs one."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from pathlib import Path

import psutil

from benchmarks import tasks_before_care, tasks_of_cost, tasks_of_councils, tasks_of_send, tasks_over_time
from benchmarks.drawn import children

SIZES = (1_000, 10_000, 80_000)
GOAL_MB = 2_000
LONGEST = 1_200.0
_PARTS = (tasks_of_cost, tasks_over_time, tasks_of_councils, tasks_of_send, tasks_before_care)
TASKS = {name: task for part in _PARTS for name, task in part.TASKS.items()}


def measure(state: Path | None = None, sizes: tuple[int, ...] = SIZES) -> list[str]:
    """Run every analysis at every size in a process of its own; give the rows of a table.

    What the state file holds is not measured again: delete it after a change of code or machine.
    """
    known = _read(state)
    rows = [
        "Seconds of processor time of the analysis alone, without reading its data, and most memory held with",
        f"libraries and data, on drawn children. An analysis that takes more than {LONGEST:,.0f} seconds is ended.",
        "",
        "| analysis |" + "".join(f" {n:,}: s | MB |" for n in sizes) + " within 2 GB |",
        "|---" + "|---:" * (2 * len(sizes)) + "|---|",
    ]
    for name in TASKS:
        costs = [known.get((name, n)) or _once(name, n, state) for n in sizes]
        cells = "".join(f" {s:.1f} | {mb:,.0f} |" if s < LONGEST else " over | |" for s, mb in costs)
        good = all(seconds < LONGEST and held <= GOAL_MB for seconds, held in costs)
        rows.append(f"| {name} |{cells} {'yes' if good else 'NO'} |")
        print(rows[-1], flush=True)
    return rows


def _read(state: Path | None) -> dict[tuple[str, int], tuple[float, float]]:
    if state is None or not state.is_file():
        return {}
    lines = [json.loads(line) for line in state.read_text(encoding="utf-8").splitlines()]
    return {(line["name"], line["children"]): (line["seconds"], line["megabytes"]) for line in lines}


def _once(name: str, n: int, state: Path | None) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.analyses", name, str(n)]
    try:
        said = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, timeout=LONGEST)
        found = json.loads(said.stdout)
    except subprocess.TimeoutExpired:
        found = {"seconds": LONGEST, "megabytes": 0.0}
    if state is not None:
        with state.open("a", encoding="utf-8") as file:
            file.write(json.dumps({"name": name, "children": n, **found}) + "\n")
    return found["seconds"], found["megabytes"]


def main() -> None:
    """Run one analysis once and say what it cost."""
    prepare, work = TASKS[sys.argv[1]]
    given = prepare(children(int(sys.argv[2])))
    start = time.process_time()
    work(given)
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "megabytes": peak_megabytes()}))


def peak_megabytes() -> float:
    """Give the most memory this process has held."""
    try:
        import resource
    except ImportError:  # Windows
        return psutil.Process().memory_info().peak_wset / 1e6
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1e6 if sys.platform == "darwin" else size / 1e3


if __name__ == "__main__":
    main()
