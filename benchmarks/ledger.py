"""The ledger of realised savings for a nation: `python -m benchmarks.ledger WAY MOVED` runs one way once."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from itertools import pairwise

import numpy as np
import pandas as pd

from benchmarks.analyses import GOAL_MB, peak_megabytes
from vcanalysis.analysis import ledger

NATION = 80_000
MOVED = (80_000, 8_000, 800)
LOOP = 100  # children that a loop over days can do
START, DAY = pd.Timestamp("2019-01-01"), pd.Timestamp("2020-01-01")
HOME, FAMILY = 4000.0, 900.0


def moves(moved: int) -> pd.DataFrame:
    """Draw children moved within a year, since when each had lived in a home, and its price."""
    rng = np.random.default_rng(1)
    move = START + pd.to_timedelta(rng.integers(0, 360, moved), unit="D")
    since = move - pd.to_timedelta(rng.integers(90, 500, moved), unit="D")
    price = (HOME * rng.lognormal(0, 0.3, moved)).round(2)
    return pd.DataFrame({"child_id": range(moved), "move": move, "in_home_since": since, "gbp_week": price})


def prices(moved: pd.DataFrame, children: int = NATION) -> pd.DataFrame:
    """Give three prices a year for every child of the nation, those moved in a family from their move."""
    cuts = [START, START + pd.Timedelta(days=120), START + pd.Timedelta(days=240), DAY]
    spans = [
        pd.DataFrame(
            {"child_id": np.arange(children), "from": first, "to": then, "gbp_week": FAMILY + 10 * i}
        )
        for i, (first, then) in enumerate(pairwise(cuts))
    ]
    rows = pd.concat(spans, ignore_index=True)
    begun = moved.set_index("child_id")["move"].reindex(rows["child_id"]).to_numpy()
    begins = rows["from"].where(~(rows["from"] < begun), begun)
    return rows.assign(**{"from": begins}).query("`from` < to")


def history(children: int = 10_000) -> pd.DataFrame:
    """Draw stays in homes of children outside the programme, most of them seen to end."""
    rng = np.random.default_rng(2)
    days = np.ceil(430 * rng.exponential(size=children) ** 1.25).clip(1, 3_000)
    return pd.DataFrame(
        {"child_id": range(children), "entry_days": 0, "exit_days": days, "left": rng.random(children) < 0.8}
    )


def ours(moved: int) -> float:
    """Net, every line, every year and every class with their intervals."""
    rows = moves(moved)
    paid = ledger.read_paid(prices(rows), until=DAY)
    terms = ledger.Terms(day=DAY, inflation=0.03, elsewhere_gbp_week=500.0)
    found = ledger.savings_ledger(rows, ledger.Sources(paid), ledger.natural_stays(history()), terms)
    said = [*found.statement(), *found.by_year(), *found.classes(), ledger.full_year_effect(found)]
    return float(next(e.value or 0.0 for e in said if e.term == found.net.term))


def day_by_day(moved: int) -> float:
    """Net as an analyst would write it, without intervals: a loop over children and days."""
    rows, staying, net = moves(moved), ledger.natural_stays(history()), 0.0
    paid = {child: part for child, part in prices(rows).groupby("child_id") if child < moved}
    for row in rows.itertuples():
        for day in pd.date_range(row.move, DAY, inclusive="left"):
            entry, after = float((row.move - row.in_home_since).days), float((day - row.move).days)
            there = float(staying.still_there(np.array([entry]), np.array([after]))[0])
            april = pd.Timestamp(row.move.year, 4, 1)
            fee = row.gbp_week * (1.03 if row.move < april <= day else 1.0)
            part = paid[row.Index]
            now = part.loc[(part["from"] <= day) & (part["to"] > day), "gbp_week"].sum()
            net += (there * fee + (1 - there) * 500.0 - now) / 7
    return net


WAYS = {"ours": ours, "loop": day_by_day}


def measure() -> list[str]:
    """Draw up the ledger at several sizes and by a loop; give the rows of a table."""
    made = [(moved, _once("ours", moved)) for moved in MOVED]
    loop, same = _once("loop", LOOP), _once("ours", LOOP)
    most = max(cost["megabytes"] for _, cost in made)
    within = "within" if most <= GOAL_MB else "NOT within"
    return [
        f"Prices of {NATION:,} children; moves of one year; every line, year and class with its interval (1,000",
        "draws); seconds of processor time, reading the prices included.",
        "",
        "| what | children moved | seconds | milliseconds a child | most memory, MB |",
        "|---|---:|---:|---:|---:|",
        *(_row("`savings_ledger`", moved, cost) for moved, cost in made),
        _row("a loop over children and days, net alone", LOOP, loop),
        "",
        f"The loop finds £{loop['value']:,.2f}, the ledger £{same['value']:,.2f}. Memory is {within} 2 GB.",
    ]


def _row(what: str, moved: int, cost: dict[str, float]) -> str:
    each = 1000 * cost["seconds"] / moved
    return f"| {what} | {moved:,} | {cost['seconds']:.1f} | {each:.2f} | {cost['megabytes']:,.0f} |"


def _once(way: str, moved: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.ledger", way, str(moved)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    return {name: float(number) for name, number in json.loads(said.stdout).items()}


def main() -> None:
    """Run one way once and say what it cost and found."""
    start = time.process_time()
    value = WAYS[sys.argv[1]](int(sys.argv[2]))
    print(json.dumps({"seconds": time.process_time() - start, "megabytes": peak_megabytes(), "value": value}))


if __name__ == "__main__":
    main()
