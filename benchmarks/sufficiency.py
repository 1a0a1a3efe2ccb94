"""A year ahead for a council, for returns in the real format and for a nation: `python -m benchmarks.sufficiency`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.analyses import peak_megabytes
from vcanalysis.analysis.sufficiency import forecast
from vcanalysis.core.codes import PLACEMENT_TYPES
from vcanalysis.core.paths import data_file
from vcanalysis.intake.opening import open_council

DAY, YEARS = pd.Timestamp("2025-03-31"), 5
RETURNS = "ssda903/returns_2017_2021.zip"
# what, where the placements come from, futures, goal in seconds
CASES = (
    ("the demo council", "demo", 100, 0.12),
    ("the demo council", "demo", 1000, 5.0),
    ("five returns in the real format", "returns", 1000, 5.0),
    ("a nation, 80,000 in care", "nation", 200, 60.0),
)


def nation(in_care: int = 80_000, *, seed: int = 2025) -> pd.DataFrame:
    """Draw the placements of a nation: 1.9 placements a child, stays of two years, all kinds and ages."""
    rng = np.random.default_rng(seed)
    children = int(in_care * (YEARS + 12) / 1.7)
    came = rng.uniform(-12, YEARS, children)
    age = 17 * rng.random(children)
    gone = np.minimum(came + rng.exponential(2.0, children), came + 18 - age)
    turn = came + rng.exponential(1.5, children)
    two = turn < gone
    rows = pd.DataFrame(
        {
            "child_id": np.r_[np.arange(children), np.flatnonzero(two)],
            "start": np.r_[came, turn[two]],
            "end": np.r_[np.minimum(gone, turn), gone[two]],
            "born": np.r_[came - age, (came - age)[two]],
        }
    )
    rows = rows[rows["end"] > 0]
    days = {
        c: DAY - pd.to_timedelta((365.25 * (YEARS - rows[c])).round(), unit="D")
        for c in ("start", "end", "born")
    }
    kinds = rng.choice(PLACEMENT_TYPES, len(rows), p=[0.15, 0.2, 0.3, 0.11, 0.01, 0.09, 0.07, 0.03, 0.04])
    found = rows[["child_id"]].assign(start=days["start"], end=days["end"], birth_month=days["born"])
    return found.assign(placement_type=pd.Categorical(kinds, categories=PLACEMENT_TYPES))


def of_council(folder: Path) -> tuple[pd.DataFrame, pd.Timestamp, pd.Timestamp]:
    """Give the placements of a council, the last day and the first of its data."""
    here = open_council(folder)
    born = here.tables["children"][["child_id", "birth_month"]]
    return here.placement_spells().merge(born, on="child_id", how="left"), here.last_day, here.start


def shared_returns() -> Path | None:
    """Give the returns in the real format, where they lie beside the project."""
    folder = os.environ.get("VC_SHARED")
    path = Path(folder) / RETURNS if folder else None
    return path if path and path.is_file() else None


def placements(source: str) -> tuple[pd.DataFrame, pd.Timestamp, pd.Timestamp]:
    """Give the placements of a case."""
    if source == "nation":
        return nation(), DAY, DAY - pd.DateOffset(years=YEARS)
    if source == "demo":
        return of_council(Path(str(data_file("demo"))))
    with tempfile.TemporaryDirectory(prefix="vc-bench-") as folder:
        out = Path(folder) / "council"
        command = [sys.executable, "-m", "vcanalysis", "import", str(out), "--ssda903", str(shared_returns())]
        subprocess.run([*command, "--key", str(Path(folder) / "key")], check=True, capture_output=True)
        return of_council(out)


def once(source: str, draws: int) -> dict[str, float]:
    """Forecast twice, so that nothing is loaded in the second; give its processor seconds and what it found."""
    spells, day, since = placements(source)
    options = {"day": day, "since": since, "months": 12, "draws": draws}
    if source != "nation":
        forecast(spells, **options)
    start = time.process_time()
    total = forecast(spells, **options).total(12)
    spent = time.process_time() - start
    ends = {"value": total.value or 0.0, "low": total.low or 0.0, "high": total.high or 0.0}
    return {"seconds": spent, "megabytes": peak_megabytes(), "now": float(total.n), **ends}


def measure() -> list[str]:
    """Forecast every case in a process of its own; give the rows of a table."""
    rows = []
    for what, source, draws, goal in CASES:
        if source == "returns" and shared_returns() is None:
            rows.append(f"| {what} | | {draws:,} | not measured: not beside the project | {goal:g} | |")
            continue
        command = [sys.executable, "-m", "benchmarks.sufficiency", source, str(draws)]
        said = subprocess.run(command, check=True, capture_output=True, text=True)
        cost = {name: float(number) for name, number in json.loads(said.stdout).items()}
        numbers = f"{cost['seconds']:.2f} | {goal:g} | {cost['megabytes']:,.0f} |"
        rows.append(f"| {what} | {cost['now']:,.0f} | {draws:,} | {numbers}")
    return [
        "One year ahead, by kind and age, with intervals; seconds of processor time, the second time round, laying out",
        "the placements by month included.",
        "",
        "| what | children in care | futures | seconds | goal | most memory, MB |",
        "|---|---:|---:|---:|---:|---:|",
        *rows,
    ]


if __name__ == "__main__":
    print(json.dumps(once(sys.argv[1], int(sys.argv[2]))))
