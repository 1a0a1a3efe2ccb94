"""Five returns read, cleaned, stitched and linked, from 1,000 to 80,000 children, beside cs-demand-model."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from pathlib import Path

from benchmarks.returns import write_returns

SIZES = (1_000, 10_000, 80_000)
RUNS = 7
RATIO, MEGABYTES = (
    4.0 / 4.8,
    358.0,
)  # of seconds to those of the peer, which reads and cleans two tables alone
# Each in a process of its own, whose seconds count from its first import of a library.
_COST = """
import json, sys, time
from pathlib import Path
clock = time.perf_counter()
def most_megabytes():
    # Not getrusage: its maximum may still be that of the program which started this one.
    status = Path("/proc/self/status").read_text()
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")) * 1024 / 1e6
def cost():
    return [time.perf_counter() - clock, time.process_time(), most_megabytes()]
"""
_OURS = f"""{_COST}
from vcanalysis.intake.importing import import_extracts
import_extracts(sys.argv[2], ssda903=sys.argv[1], key=sys.argv[3])
imported = cost()
from vcanalysis.intake.opening import open_council
council = open_council(sys.argv[2])
council.child_weeks(council.start, council.end)
print(json.dumps([imported, cost()]))
"""
_PEER = f"""{_COST}
from cs_demand_model import Config, DemandModellingDataContainer, fs_datastore
DemandModellingDataContainer(fs_datastore(sys.argv[1]), Config()).enriched_view
print(json.dumps([cost()]))
"""
_Cost = tuple[float, float, float, float]


def measure(folder: Path, sizes: tuple[int, ...] = SIZES) -> list[str]:
    """Time each size, and say it in the rows of a table."""
    lines = [
        "| children | episode rows | what | seconds, least | median | processor seconds | most memory, MB |",
        "|---:|---:|---|---:|---:|---:|---:|",
    ]
    peer = os.environ.get("VC_CSDM_PYTHON")
    for children in sizes:
        source = folder / f"returns-{children}"
        rows = write_returns(source, children)
        out, key = folder / f"council-{children}", folder / "keys" / "bench.key"
        ours, theirs = [], []
        for _ in range(RUNS):  # in turn: what else the machine does hits both
            ours.append(_run(sys.executable, _OURS, str(source), str(out), str(key)))
            if peer:
                theirs.append(_run(peer, _PEER, str(source)))
        imported, linked = _costs(ours)
        lines.append(_row(children, rows, "`vcanalysis import`", imported))
        lines.append(_row(children, rows, "the same, opened and linked into child-weeks", linked))
        if peer:
            (other,) = _costs(theirs)
            lines.append(_row(children, rows, "cs-demand-model 0.5.1, load and clean alone", other))
    return [*lines, "", *_said(linked, other if peer else None), *_of_peer(peer)]


def _said(linked: _Cost, peer: _Cost | None) -> list[str]:
    memory = "reached" if linked[3] <= MEGABYTES else "not reached"
    said = [
        f"Every figure is of {RUNS} runs, the two programs in turn, and counts the start of the program.",
        f"Most memory for 80,000 children, linked: {linked[3]:,.0f} MB; goal {MEGABYTES:g} MB, {memory}.",
    ]
    if peer:
        ratio = linked[1] / peer[1]
        time = "reached" if ratio <= RATIO else "not reached"
        said.append(
            f"Seconds for 80,000 children, linked, to those of cs-demand-model: {linked[0] / peer[0]:.2f} by the "
            f"least, {linked[1] / peer[1]:.2f} by the median; goal {RATIO:.2f} (4.0 s to 4.8 s), {time}."
        )
        less = "less" if peer[3] < linked[3] else "no less"
        said.append(
            f"cs-demand-model needs {less} memory: at most {peer[3]:,.0f} MB for 80,000 children, "
            f"ours {linked[3]:,.0f} MB."
        )
    return said


def _of_peer(peer: str | None) -> list[str]:
    if peer:
        return ["cs-demand-model reads header and episodes alone, logs no change and writes nothing."]
    return ["cs-demand-model was not run: name the Python of its own environment in VC_CSDM_PYTHON."]


def _costs(runs: list[list[list[float]]]) -> list[_Cost]:
    """Give, for each stage, least and median seconds, least processor seconds and most memory."""
    found = []
    for stage in zip(*runs, strict=True):
        wall, processor, memory = zip(*stage, strict=True)
        found.append((min(wall), statistics.median(wall), min(processor), max(memory)))
    return found


def _run(python: str, code: str, *arguments: str) -> list[list[float]]:
    env = {**os.environ, "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
    env.pop("PYTHONDONTWRITEBYTECODE", None)  # nobody compiles the program at every start
    done = subprocess.run(
        [python, "-c", code, *arguments], capture_output=True, text=True, check=False, env=env
    )
    if done.returncode:
        sys.exit(f"a run failed: {done.stderr[-400:]}")
    stages: list[list[float]] = json.loads(done.stdout.strip().splitlines()[-1])
    return stages


def _row(children: int, rows: int, what: str, took: _Cost) -> str:
    least, median, processor, memory = took
    return (
        f"| {children:,} | {rows:,} | {what} | {least:.1f} | {median:.1f} | {processor:.1f} | {memory:,.0f} |"
    )
