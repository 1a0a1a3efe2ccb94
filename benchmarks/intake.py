"""Five returns read, cleaned, stitched and linked, from 1,000 to 80,000 children, beside cs-demand-model."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

from benchmarks.returns import write_returns

SIZES = (1_000, 10_000, 80_000)
SECONDS, MEGABYTES = 4.0, 358.0
# Run in a process of its own, so that its memory and processor seconds are its own.
_OURS = """
import json, resource, sys, time
from vcanalysis.intake.importing import import_extracts
clock = time.perf_counter()
import_extracts(sys.argv[2], ssda903=sys.argv[1], key=sys.argv[3])
wall = time.perf_counter() - clock
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""
_PEER = """
import json, resource, sys, time
import fs
from cs_demand_model.datastore import fs_datastore
from cs_demand_model.data.ssda903 import SSDA903TableType
from cs_demand_model import Config, DemandModellingDataContainer
clock = time.perf_counter()
DemandModellingDataContainer(fs_datastore(sys.argv[1]), Config()).enriched_view
wall = time.perf_counter() - clock
used = resource.getrusage(resource.RUSAGE_SELF)
print(json.dumps([wall, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024]))
"""


def measure(folder: Path, sizes: tuple[int, ...] = SIZES) -> list[str]:
    """Time each size, and say it in the rows of a table."""
    lines = [
        "| children | episode rows | who | seconds | processor seconds | most memory, MB |",
        "|---:|---:|---|---:|---:|---:|",
    ]
    peer = os.environ.get("VC_CSDM_PYTHON")
    for children in sizes:
        source = folder / f"returns-{children}"
        rows = write_returns(source, children)
        key = folder / "keys" / "bench.key"
        took = _run(sys.executable, _OURS, str(source), str(folder / f"council-{children}"), str(key))
        lines.append(_row(children, rows, "vcanalysis", took))
        if peer:
            lines.append(
                _row(children, rows, "cs-demand-model, load and clean alone", _run(peer, _PEER, str(source)))
            )
    wall, _, memory = took
    reached = "reached" if wall <= SECONDS and memory <= MEGABYTES else "not reached"
    lines += ["", f"Goal for 80,000 children: {SECONDS:g} s and {MEGABYTES:g} MB; {reached}."]
    if not peer:
        lines.append("cs-demand-model was not run: name the Python of its own environment in VC_CSDM_PYTHON.")
    return lines


def _run(python: str, code: str, *arguments: str) -> tuple[float, float, float]:
    done = subprocess.run([python, "-c", code, *arguments], capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"the import failed: {done.stderr[-400:]}")
    wall, processor, memory = json.loads(done.stdout.strip().splitlines()[-1])
    return wall, processor, memory


def _row(children: int, rows: int, who: str, took: tuple[float, float, float]) -> str:
    return f"| {children:,} | {rows:,} | {who} | {took[0]:.1f} | {took[1]:.1f} | {took[2]:,.0f} |"
