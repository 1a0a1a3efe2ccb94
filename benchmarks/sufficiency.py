"""A year ahead for a council, for returns in the real format and for a nation, beside cs-demand-model."""

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
from benchmarks.returns import write_returns
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
    ("five returns in the real format", "returns", 100, 0.12),
    ("five returns in the real format", "returns", 1000, 5.0),
    ("five returns of 80,000 children", "written", 200, 60.0),
    ("a nation, 80,000 in care", "nation", 200, 60.0),
)
PEER = """
import json, resource, sys, time
from datetime import timedelta
from cs_demand_model import Config, DemandModellingDataContainer, ModelPredictor, PopulationStats, fs_datastore
config = Config()
data = DemandModellingDataContainer(fs_datastore(sys.argv[1]), config)
placed = data.enriched_view
begun = time.process_time()
stats, day = PopulationStats(placed, config), data.end_date
model = ModelPredictor.from_model(stats, day - timedelta(days=365), day)
ahead = model.predict(365).iloc[-1]
spent = time.process_time() - begun
here = [name for name in ahead.index if name[1] != "NOT_IN_CARE"]
now = stats.stock_at(day)
most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024 / 1e6
print(json.dumps({"seconds": spent, "megabytes": most, "now": float(now.sum()), "value": float(ahead[here].sum())}))
"""


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
        out, given = Path(folder) / "council", extracts(source, Path(folder))
        command = [sys.executable, "-m", "vcanalysis", "import", str(out), "--ssda903", str(given)]
        subprocess.run([*command, "--key", str(Path(folder) / "key")], check=True, capture_output=True)
        return of_council(out)


def extracts(source: str, folder: Path) -> Path | None:
    """Give the returns of a case: those beside the project, or those written for it."""
    if source == "written":
        write_returns(folder / "returns", 80_000)
        return folder / "returns"
    return shared_returns()


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


def peers(source: str, python: str) -> dict[str, float]:
    """Let cs-demand-model forecast the same returns a year ahead: one future, no interval."""
    with tempfile.TemporaryDirectory(prefix="vc-bench-") as folder:
        command = [python, "-W", "ignore", "-c", PEER, str(extracts(source, Path(folder)))]
        said = subprocess.run(command, check=True, capture_output=True, text=True)
    return dict(json.loads(said.stdout.strip().splitlines()[-1]))


def measure() -> list[str]:
    """Forecast every case in a process of its own; give the rows of a table."""
    rows, peer, last = [], os.environ.get("VC_CSDM_PYTHON"), ""
    for what, source, draws, goal in CASES:
        if source == "returns" and shared_returns() is None:
            rows.append(f"| {what} | | {draws:,} | | not measured: not beside the project | {goal:g} | |")
            continue
        if peer and source in ("returns", "written") and source != last:
            rows.append(_row(what, "cs-demand-model, no interval", peers(source, peer), ""))
        command = [sys.executable, "-m", "benchmarks.sufficiency", source, str(draws)]
        said = subprocess.run(command, check=True, capture_output=True, text=True)
        rows.append(_row(what, f"ours, {draws:,} futures", json.loads(said.stdout), f"{goal:g}"))
        last = source
    return [
        "One year ahead, by kind and age; seconds of processor time, the data already read: ours the second time",
        "round, laying out the placements by month included; cs-demand-model 0.5.1 its rates and its 365 days.",
        "",
        "| what | in care now | way | in a year | seconds | goal | most memory, MB |",
        "|---|---:|---|---:|---:|---:|---:|",
        *rows,
        "",
        *_of_peer(peer),
    ]


def _of_peer(peer: str | None) -> list[str]:
    if peer:
        return [
            "cs-demand-model counts short breaks, and leaves open the episodes of children whom the next return no",
            "longer knows, so that its numbers are other; its states outside care are left out of its sum.",
        ]
    return ["cs-demand-model was not run: name the Python of its own environment in VC_CSDM_PYTHON."]


def _row(what: str, way: str, cost: dict[str, float], goal: str) -> str:
    ends = f" ({cost['low']:,.0f} to {cost['high']:,.0f})" if "low" in cost else ""
    return (
        f"| {what} | {cost['now']:,.0f} | {way} | {cost['value']:,.0f}{ends} | {cost['seconds']:.2f} | {goal} | "
        f"{cost['megabytes']:,.0f} |"
    )


if __name__ == "__main__":
    print(json.dumps(once(sys.argv[1], int(sys.argv[2]))))
