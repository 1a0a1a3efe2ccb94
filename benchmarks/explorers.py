"""The explorers: seconds to the first picture, and from a move to the page redrawn, as the clock shows them."""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.analyses import peak_megabytes

SIZES = {
    1_000: 2_540,
    80_000: 203_000,
}  # in care on a day: to be drawn, looked after at any time in four years
GOAL_MS = 300
# explorer -> control -> where it is moved, one place after the other; of a list of choices, the place in it
MOVES: dict[str, dict[str, list[Any]]] = {
    "need against cost": {"cost": [(low, 8000) for low in (500, 1000, 1500, 2000, 2500)]},
    "definition of the middle": {"floor": [500, 750, 1500, 2000, 2500]},
    "savings scenario": {"sustained_52_weeks": [0.4, 0.55, 0.6, 0.7, 0.8]},
    "plans by setting": {"cost": [(low, 2000) for low in (100, 300, 500, 700, 900)]},
    "list by risk": {"threshold": [5, 10, 15, 25, 30]},
    "timeline": {"child": [1, 2, 3, 4, 5]},
    "council comparison": {"council": [10, 40, 70, 100, 130]},
}
OF_COUNCILS = "council comparison"


def explorer(name: str, folder: str) -> Any:
    """Make an explorer as the notebook does."""
    import vcanalysis as vc

    if name == OF_COUNCILS:
        return vc.explore.compare_councils(vc.open_panel())
    here = vc.open_council(folder)
    period = here.last_quarter()
    if name == "timeline":
        return vc.explore.timeline(here)
    if name == "savings scenario":
        return vc.explore.savings_scenario(here, period)
    if name == "plans by setting":
        people = vc.send.at_censuses(here.tables["send"], until=period.last_day)
        plans = people[people["plan"] & people["census"].eq(people["census"].max())]
        return vc.explore.need_against_cost(plans, words=vc.explore.PLANS)
    if name == "list by risk":
        cases = vc.edge.edge_cases(here.tables["edge"], start=here.start, end=period.end)
        recipe = vc.stepdown.Recipe(curves=("need_total", "age_years"), kinds=("plan",))
        return vc.explore.list_by_risk(vc.edge.entry_risk(cases, horizon=365, recipe=recipe))
    weeks = here.child_weeks(period.start, period.end).groupby("child_id")["weeks"].sum()
    children = here.snapshot(period.last_day)
    children["weeks"] = children["child_id"].map(weeks)
    if name == "need against cost":
        return vc.explore.need_against_cost(children, domains=here.framework.domain_titles)
    return vc.explore.definition_of_the_middle(children)


def timed(work: Callable[[], Any]) -> tuple[float, float]:
    """Give seconds by the clock, and of the processor."""
    begun = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - begun[0], time.process_time() - begun[1]


def once(name: str, folder: str) -> dict[str, float]:
    """Open an explorer in this process and move it: the first picture, and the median of five moves."""
    made: list[Any] = []

    def first() -> None:
        made.append(explorer(name, folder))
        made[0].view.html()

    opened = timed(first)
    ((control, places),) = MOVES[name].items()
    choices = getattr(made[0].controls[control], "options", None)
    values = [choices[place] for place in places] if choices else places
    took = [timed(partial(_move, made[0], control, value)) for value in values]
    clock, cpu = (statistics.median(each) for each in zip(*took, strict=True))
    return {"first": opened[0], "first_cpu": opened[1], "clock": clock, "cpu": cpu, "mb": peak_megabytes()}


def _move(made: Any, control: str, value: Any) -> None:
    made.set(**{control: value}).view.html()


def measure(folder: Path) -> list[str]:
    """Measure every explorer, each in a process of its own."""
    rows = []
    for count, ever in SIZES.items():
        council = folder / f"council_{count}"
        _run("vcanalysis", "synth", str(council), "--children", str(ever), "--years", "4", "--seed", "1")
        rows += [_row(name, f"{count:,} children", str(council)) for name in MOVES if name != OF_COUNCILS]
    rows.append(_row(OF_COUNCILS, "150 councils", ""))
    return [
        f"Goal: {GOAL_MS} ms from a move to the page redrawn at 1,000 children, the browser apart. Synthetic councils",
        "with so many children in care on a day; the council comparison has the synthetic panel. The first picture",
        "counts the start of the package and the reading of the data; redraw is the median of five moves, by the clock",
        "and by the processor: where the two differ, the machine was at other work. Memory is the most held at once.",
        "",
        "| explorer | of | first picture, s | processor, s | redraw, ms | processor, ms | memory, MB |",
        "|---|---|---:|---:|---:|---:|---:|",
        *rows,
    ]


def _row(name: str, size: str, folder: str) -> str:
    got = json.loads(_run("benchmarks.explorers", name, folder))
    return (
        f"| {name} | {size} | {got['first']:.1f} | {got['first_cpu']:.1f} | {1000 * got['clock']:.0f} | "
        f"{1000 * got['cpu']:.0f} | {got['mb']:.0f} |"
    )


def _run(*words: str) -> str:
    done = subprocess.run([sys.executable, "-m", *words], capture_output=True, text=True, check=True)
    return done.stdout


if __name__ == "__main__":
    print(json.dumps(once(sys.argv[1], sys.argv[2])))
