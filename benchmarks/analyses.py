"""Every analysis on one council, a region and a nation: `python -m benchmarks.analyses NAME CHILDREN` runs one."""

from __future__ import annotations

import json
import subprocess
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
import psutil

from vcanalysis.analysis import association, change, middle, profile, savings, spending, stability

SIZES = (1_000, 10_000, 80_000)
GOAL_MB = 2_000
LONGEST = 1_200.0
DOMAINS = [f"domain_{number:02d}" for number in range(1, 13)]
TYPES = ["Family and friends", "In-house fostering", "Agency fostering", "Residential home"]


def children(n: int, seed: int = 2019) -> pd.DataFrame:
    """Draw children with three kinds of need in twelve domains, a placement, a provider and a weekly cost."""
    rng = np.random.default_rng(seed)
    kind = rng.choice(3, n, p=[0.5, 0.3, 0.2])
    heights = np.array([[-0.8] * 12, [0.9] * 6 + [-0.6] * 6, [0.9] * 12])[kind]
    levels = np.digitize(heights + rng.normal(0, 1, (n, 12)), [0.0, 0.9, 1.8])
    frame = pd.DataFrame(levels, columns=DOMAINS)
    need = levels.sum(axis=1)
    place = np.digitize(need / 12 + rng.normal(0, 0.6, n), [0.2, 0.9, 1.7])
    price = np.array([300.0, 520.0, 950.0, 4300.0])[place] * np.exp(0.01 * need + rng.normal(0, 0.3, n))
    band = np.array(["standard", "enhanced", "complex"])[np.digitize(need, [8, 18])]
    return frame.assign(
        child=np.arange(n), need=need, n3=(levels == 3).sum(axis=1), band=band, cost=price, age=rng.uniform(0, 18, n),
        placement=np.array(TYPES)[place], provider=rng.integers(0, max(n // 25, 8), n).astype(str),
        need_age=rng.integers(0, 500, n),
    )  # fmt: skip


def twice(frame: pd.DataFrame) -> pd.DataFrame:
    """Two ratings of every child."""
    again = frame.assign(need=frame["need"] + np.random.default_rng(1).integers(-3, 4, len(frame)))
    return pd.concat([frame[["child", "need"]], again[["child", "need"]]])


def scenario(frame: pd.DataFrame) -> object:
    """Simulate savings for one child in fifty, as many candidates as a nation would have."""
    given = savings.load_scenario().with_values(
        candidates=len(frame) // 50, residential_gbp_week=(4200, 3900, 4500)
    )
    return savings.simulate_savings(given, draws=2_000)


def again(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the first need and the next of every child."""
    next_need = 0.8 * frame["need"] + np.random.default_rng(1).normal(0, 3, len(frame))
    return pd.DataFrame({"before": frame["need"], "after": next_need})


def placements(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the days a placement lasted, and how it ended."""
    rng = np.random.default_rng(1)
    days = rng.exponential(600 * np.exp(-0.02 * frame["need"])) + 1
    ends = pd.Series(rng.choice(["moved", "home"], len(frame)), index=frame.index)
    watched = rng.uniform(30, 1500, len(frame))
    return frame.assign(days=np.minimum(days, watched), end=ends.where(days <= watched))


YARD = change.Yardstick(3.0, threshold=14, population_mean=10.0)
WATCH = stability.Watch("days", "end")
BLOCKS = {"Need": ["need"], "Age": ["age"], "Placement": ["placement"]}
WORK: dict[str, Callable[[pd.DataFrame], object]] = {
    "profile: domains": lambda f: profile.domain_profile(f, domains=DOMAINS),
    "profile: coverage of assessments": lambda f: profile.assessment_coverage(
        f, need="need", need_age_days="need_age"
    ),
    "spending: cost by placement": lambda f: spending.cost_by(f, cost="cost", group="placement"),
    "spending: mean and median": lambda f: spending.mean_and_median(f, cost="cost"),
    "spending: the dearest, Gini": lambda f: spending.concentration(f, cost="cost"),
    "spending: need of the dearest": lambda f: spending.dearest(f, cost="cost", need="need", band="band"),
    "association: rank correlation": lambda f: association.rank_correlation(f, x="need", y="cost"),
    "association: within placements": lambda f: association.rank_correlation_by(
        f, x="need", y="cost", group="placement"
    ),
    "association: reliability": lambda f: association.reliability(twice(f), subject="child", score="need"),
    "association: share explained": lambda f: association.share_explained(f, cost="cost", blocks=BLOCKS),
    "association: price model": lambda f: association.cost_model(
        f, cost="cost", terms=["need", "age", "placement"], cluster="provider"
    ),
    "middle: the rule": lambda f: middle.find_middle(f, need="need", n3="n3", band="band", cost="cost"),
    "middle: latent classes": lambda f: middle.find_classes(f[DOMAINS]),
    "change: all indices": lambda f: change.need_change(
        again(f), before="before", after="after", against=YARD
    ),
    "stability: how long placements last": lambda f: stability.kaplan_meier(placements(f), WATCH),
    "stability: competing ends": lambda f: stability.aalen_johansen(placements(f), WATCH),
    "stability: Cox": lambda f: stability.cox(placements(f), WATCH, covariates=["need"], kind="moved"),
    "savings: price gap": lambda f: savings.price_gap(f, cost="cost", placement_type="placement"),
    "savings: 2,000 draws": scenario,
}


def measure() -> list[str]:
    """Run every analysis at every size in a process of its own; give the rows of a table."""
    rows = [
        "Seconds of processor time of the analysis alone, and most memory held with libraries and data, on drawn",
        f"children. An analysis that takes more than {LONGEST:,.0f} seconds is ended.",
        "",
        "| analysis |" + "".join(f" {n:,}: s | MB |" for n in SIZES) + " within 2 GB |",
        "|---" + "|---:" * (2 * len(SIZES)) + "|---|",
    ]
    for name in WORK:
        costs = [_once(name, n) for n in SIZES]
        cells = "".join(f" {s:.1f} | {mb:,.0f} |" if s < LONGEST else " over | |" for s, mb in costs)
        good = all(seconds < LONGEST and held <= GOAL_MB for seconds, held in costs)
        rows.append(f"| {name} |{cells} {'yes' if good else 'NO'} |")
        print(rows[-1], flush=True)
    return rows


def _once(name: str, n: int) -> tuple[float, float]:
    command = [sys.executable, "-m", "benchmarks.analyses", name, str(n)]
    try:
        said = subprocess.run(command, check=True, capture_output=True, text=True, timeout=LONGEST)
    except subprocess.TimeoutExpired:
        return LONGEST, 0.0
    found = json.loads(said.stdout)
    return found["seconds"], found["megabytes"]


def main() -> None:
    """Run one analysis once and say what it cost."""
    frame = children(int(sys.argv[2]))
    start = time.process_time()
    WORK[sys.argv[1]](frame)
    seconds = time.process_time() - start
    print(json.dumps({"seconds": seconds, "megabytes": _peak()}))


def _peak() -> float:
    try:
        import resource
    except ImportError:  # Windows
        return psutil.Process().memory_info().peak_wset / 1e6
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1e6 if sys.platform == "darwin" else size / 1e3


if __name__ == "__main__":
    main()
