"""The explorers: time to the first picture, and from a move to the page redrawn."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time

import pandas as pd

from benchmarks.analyses import peak_megabytes
from vcanalysis.core.paths import data_file
from vcanalysis.intake.opening import open_council

SIZES = (1_000, 80_000)
GOAL_MS = 300
QUARTER = "2019Q4"
# explorer -> control -> where it is moved, one place after the other
MOVES: dict[str, dict[str, list[object]]] = {
    "need against cost": {"cost": [(low, 8000) for low in (500, 1000, 1500, 2000, 2500)]},
    "definition of the middle": {"floor": [500, 750, 1500, 2000, 2500]},
    "savings scenario": {"sustained_52_weeks": [0.4, 0.55, 0.6, 0.7, 0.8]},
    "timeline": {"child": [1, 2, 3, 4, 5]},
}


def children(count: int) -> tuple[pd.DataFrame, dict[str, str]]:
    """Give the snapshot of the demo council, repeated until there are so many children."""
    here = open_council(data_file("demo"))
    taken = here.snapshot(here.last_quarter().last_day).assign(weeks=13.0)
    times = -(-count // len(taken))
    return pd.concat([taken] * times, ignore_index=True).head(count), dict(here.framework.domain_titles)


def once(name: str, count: int) -> dict[str, float]:
    """Open an explorer in this process and move it: seconds to the first picture, and of each move."""
    start = time.perf_counter(), time.process_time()
    from vcanalysis.output import explore

    if name in ("need against cost", "definition of the middle"):
        frame, titles = children(count)
        made = {
            "need against cost": lambda: explore.need_against_cost(frame, domains=titles),
            "definition of the middle": lambda: explore.definition_of_the_middle(frame),
        }[name]()
    else:
        here = open_council(data_file("demo"))
        made = explore.timeline(here) if name == "timeline" else explore.savings_scenario(here, QUARTER)
    made.view.html()
    first = time.perf_counter() - start[0], time.process_time() - start[1]
    ((control, places),) = MOVES[name].items()
    took = []
    for place in places:
        value = made.controls[control].options[place] if control == "child" else place
        begun = time.perf_counter(), time.process_time()
        made.set(**{control: value}).view.html()
        took.append((time.perf_counter() - begun[0], time.process_time() - begun[1]))
    clock, cpu = (statistics.median(each) for each in zip(*took, strict=True))
    return {"first": first[0], "first_cpu": first[1], "clock": clock, "cpu": cpu, "mb": peak_megabytes()}


def measure() -> list[str]:
    """Measure every explorer, each in a process of its own."""
    rows = []
    for name in MOVES:
        sizes = SIZES if name in ("need against cost", "definition of the middle") else (0,)
        for count in sizes:
            words = [sys.executable, "-m", "benchmarks.explorers", name, str(count)]
            got = json.loads(subprocess.run(words, capture_output=True, text=True, check=True).stdout)
            rows.append(
                f"| {name} | {f'{count:,}' if count else 'demo'} | {got['first']:.1f} | {got['first_cpu']:.1f} | "
                f"{1000 * got['clock']:.0f} | {1000 * got['cpu']:.0f} | {got['mb']:.0f} |"
            )
    return [
        f"Goal: {GOAL_MS} ms from a move to the page redrawn at 1,000 children, the browser apart. The children are",
        "those of the demo council, repeated. The first picture counts the package and the reading of the data.",
        "Medians of five moves; where the clock shows far more than the processor, the machine was at other work.",
        "",
        "| explorer | children | first picture, s | processor, s | redraw, ms | processor, ms | memory, MB |",
        "|---|---:|---:|---:|---:|---:|---:|",
        *rows,
    ]


if __name__ == "__main__":
    print(json.dumps(once(sys.argv[1], int(sys.argv[2]))))
