"""A nation of synthetic children: seconds and memory."""

from __future__ import annotations

import sys
from pathlib import Path

from benchmarks.measure import run

SECONDS, MEGABYTES, COUNCILS = 60, 2000, 150


def measure(folder: Path, children: int) -> list[str]:
    """Time the generation of a nation, and say it in the rows of a table."""
    out = folder / "nation"
    command = [sys.executable, "-m", "vcanalysis", "synth", str(out), "--children", str(children)]
    took = run([*command, "--councils", str(COUNCILS), "--years", "4", "--seed", "1"])
    size = sum(path.stat().st_size for path in out.rglob("*") if path.is_file()) / 1e6
    within = took.seconds <= SECONDS and took.megabytes <= MEGABYTES
    return [
        "| what | measured | goal |",
        "|---|---:|---:|",
        f"| {children:,} children in {COUNCILS} councils over 4 years, seconds | {took.seconds:.1f} | {SECONDS} |",
        f"| most memory held at once, MB | {took.megabytes:,.0f} | {MEGABYTES:,} |",
        f"| written, MB | {size:,.0f} | |",
        f"| seconds against the goal | {took.seconds / SECONDS:.2f} | 1 |",
        "",
        "Within the goal." if within else "Outside the goal.",
    ]
