"""Measure speed on this machine, in one run, as ratios: `python -m benchmarks` (or `make bench`)."""

from __future__ import annotations

import argparse
import platform
import sys
import tempfile
from datetime import date
from pathlib import Path

from benchmarks import (
    analyses,
    evaluation,
    explorers,
    generation,
    impact,
    intake,
    ledger,
    matching,
    scenarios,
    sufficiency,
)
from benchmarks.measure import write_readme


def main() -> int:
    """Run the benchmarks, print them, and write them to benchmarks/README.md."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--children", type=int, default=80_000, help="children to generate (80,000)")
    parser.add_argument(
        "--only",
        choices=(
            "evaluation",
            "generation",
            "intake",
            "analyses",
            "ledger",
            "matching",
            "scenarios",
            "impact",
            "explorers",
            "sufficiency",
        ),
        help="one of the ten",
    )
    parser.add_argument(
        "--state", type=Path, help="file to take up the table of analyses from, and to add to"
    )
    parser.add_argument("--no-write", action="store_true", help="leave benchmarks/README.md as it is")
    given = parser.parse_args()
    lines: dict[str, list[str]] = {}
    with tempfile.TemporaryDirectory(prefix="vc-bench-") as folder:
        if given.only in (None, "evaluation"):
            lines["The demo evaluation"] = evaluation.measure(Path(folder))
        if given.only in (None, "generation"):
            lines["A nation of children"] = generation.measure(Path(folder), given.children)
        if given.only in (None, "intake"):
            lines["Five returns imported"] = intake.measure(Path(folder))
        if given.only in (None, "analyses"):
            lines["Every analysis by size"] = analyses.measure(given.state)
        if given.only in (None, "ledger"):
            lines["A ledger for a nation"] = ledger.measure()
        if given.only in (None, "matching"):
            lines["Children matched to homes"] = matching.measure()
        if given.only in (None, "scenarios"):
            lines["A scenario for a nation"] = scenarios.measure()
        if given.only in (None, "impact"):
            lines["A programme dealt out anew"] = impact.measure()
        if given.only in (None, "sufficiency"):
            lines["Children forecast"] = sufficiency.measure()
        if given.only in (None, "explorers"):
            lines["Explorers, from move to redraw"] = explorers.measure(Path(folder))
    machine = f"{platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    for title, said in lines.items():
        print(f"\n{title}\n" + "\n".join(said))
    if not given.no_write:
        write_readme(Path(__file__).with_name("README.md"), lines, machine, date.today())
    return 0


if __name__ == "__main__":
    sys.exit(main())
