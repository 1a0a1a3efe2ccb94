"""A region's matching beside scipy's own assignment: `python -m benchmarks.matching WAY CHILDREN HOMES CASE`."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import numpy as np
import pandas as pd
from scipy.optimize import linear_sum_assignment

from benchmarks.analyses import peak_megabytes
from benchmarks.drawn import DOMAINS, children
from vcanalysis.analysis import matching
from vcanalysis.analysis.matching.gaps import Gaps

SIZE = (5_000, 6_000)
GOAL_MB = 2_000
AGES = np.array([(0, 4), (0, 10), (5, 12), (5, 17), (8, 17), (0, 17), (11, 17)])
# share of the homes that have a free place, and children with a brother or sister
CASES = {"places for all": (1.0, 0.0), "too few places": (0.4, 0.0), "one in five with siblings": (1.0, 0.2)}
WAYS = ("ours", "greedy", "scipy, dense")


def problem(n: int, homes: int, *, case: str, seed: int = 2019) -> matching.Problem:
    """Draw children and homes, of which a share has a free place; siblings come in pairs."""
    rng = np.random.default_rng(seed)
    with_place, siblings = CASES[case]
    skill = np.clip(0.45 + 0.13 * rng.standard_normal(homes), 0.05, 0.95)
    ages = AGES[rng.integers(0, len(AGES), homes)]
    table = pd.DataFrame(rng.binomial(3, skill[:, None], (homes, len(DOMAINS))), columns=DOMAINS).assign(
        household_id=np.arange(homes).astype("str"), age_min=ages[:, 0], age_max=ages[:, 1],
        approved_places=rng.choice([1, 2, 3], homes, p=[0.4, 0.4, 0.2]) * (rng.random(homes) < with_place),
    )  # fmt: skip
    who = children(n).rename(columns={"child": "child_id", "age": "age_years"})
    pairs, row = int(n * siblings / 2), np.arange(n)
    who["sibling_group"] = pd.Series(row // 2).astype("str").where(row < 2 * pairs)
    who["age_years"] = who["age_years"].to_numpy()[np.where(row < 2 * pairs, row - row % 2, row)]
    return matching.pose(who, table, domains=DOMAINS)


def dense(posed: matching.Problem) -> float:
    """Match by one dense table of children and places, as a user of scipy would; with many ties it takes far longer."""
    unmatched = posed.rules.unmatched
    table = np.empty((posed.shape[0], int(posed.places.sum())))
    gaps = Gaps(posed)
    for rows in posed.blocks():
        table[rows] = np.repeat(np.minimum(gaps.cost(rows), unmatched), posed.places, axis=1)
    child, seat = linear_sum_assignment(table)
    return float(table[child, seat].sum()) + unmatched * (posed.shape[0] - len(child))


def once(way: str, n: int, homes: int, case: str) -> dict[str, float]:
    """Match once; give seconds of processor time, the total and its bound, and the most memory held."""
    posed = problem(n, homes, case=case)
    start = time.process_time()
    if way == "scipy, dense":
        total = bound = dense(posed)
    else:
        found = matching.assign(posed) if way == "ours" else matching.greedy(posed)
        total, bound = found.total, found.total if found.bound is None else found.bound
    seconds = time.process_time() - start
    return {"seconds": seconds, "total": total, "bound": bound, "megabytes": peak_megabytes()}


def measure(n: int = SIZE[0], homes: int = SIZE[1]) -> list[str]:
    """Match every case in every way, each in a process of its own; give the rows of a table."""
    rows = [
        f"{n:,} children and {homes:,} homes, twelve domains. Seconds of processor time, unmet levels in all (a child",
        "without a home counts 36) and the least that was proven. scipy's dense table has the same",
        "small numbers that break ties, without which it takes far longer, and parts siblings.",
        "",
        "| case | way | s | levels | proven least | MB | within 2 GB |",
        "|---|---|---:|---:|---:|---:|---|",
    ]
    for case in CASES:
        for way in WAYS:
            command = [sys.executable, "-m", "benchmarks.matching", way, str(n), str(homes), case]
            said = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
            proven = f"{said['bound']:,.0f}" if way == "ours" else ""
            good = "yes" if said["megabytes"] <= GOAL_MB else "NO"
            rows.append(
                f"| {case} | {way} | {said['seconds']:.1f} | {said['total']:,.0f} | {proven} | "
                f"{said['megabytes']:,.0f} | {good} |"
            )
            print(rows[-1], flush=True)
    return rows


if __name__ == "__main__":
    print(json.dumps(once(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), sys.argv[4])))
