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

from vcanalysis.analysis import association, change, middle, profile, savings, spending, stability, value
from vcanalysis.intake import stays

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
    """Give the first need, price and levels of every child, and the next."""
    rng, n = np.random.default_rng(1), len(frame)
    first, later = frame[DOMAINS].add_suffix("_before"), frame[DOMAINS].add_suffix("_after")
    later = (later + rng.integers(-1, 2, later.shape)).clip(0, 3)
    both = pd.concat([first, later, frame[["cost"]]], axis=1)
    return both.assign(
        before=frame["need"], after=0.8 * frame["need"] + rng.normal(0, 3, n),
        cost_after=frame["cost"] * np.exp(rng.normal(0, 0.2, n)),
    )  # fmt: skip


def placements(frame: pd.DataFrame) -> pd.DataFrame:
    """Give the days a placement lasted, and how it ended."""
    rng = np.random.default_rng(1)
    days = rng.exponential(600 * np.exp(-0.02 * frame["need"])) + 1
    ends = pd.Series(rng.choice(["moved", "home"], len(frame)), index=frame.index)
    watched = rng.uniform(30, 1500, len(frame))
    return frame.assign(days=np.minimum(days, watched), end=ends.where(days <= watched))


def moves(frame: pd.DataFrame) -> pd.DataFrame:
    """Give three placements of every child, in days since it came into care."""
    rng = np.random.default_rng(1)
    gaps = rng.exponential(400 * np.exp(-0.02 * frame["need"].to_numpy())[:, None], (len(frame), 3)) + 1
    until = gaps.cumsum(axis=1)
    return pd.DataFrame({
        "child": np.repeat(frame["child"], 3), "need": np.repeat(frame["need"], 3),
        "entry": (until - gaps).ravel(), "until": until.ravel(), "moved": rng.random(until.size) < 0.8,
    })  # fmt: skip


def ratings(frame: pd.DataFrame) -> pd.DataFrame:
    """Give four yearly assessments of every child."""
    rng = np.random.default_rng(1)
    rows = pd.DataFrame({"child": np.repeat(frame["child"], 4), "years": np.tile(np.arange(4.0), len(frame))})
    own = np.repeat(frame["need"].to_numpy(), 4) - 0.3 * rows["years"]
    return rows.assign(score=own + rng.normal(0, 2, len(rows)))


def spells(frame: pd.DataFrame) -> pd.DataFrame:
    """Join the episodes of children who move twice into placements, as a council folder does."""
    rows, day = moves(frame).assign(order=np.tile([0, 1, 2], len(frame))), pd.Timestamp("2015-04-01")
    begun, ended = (day + pd.to_timedelta(rows[name] // 1, unit="D") for name in ("entry", "until"))
    last = rows["order"] == 2
    episodes = pd.DataFrame({
        "child_id": rows["child"].astype("str"), "care_start": day, "spell": np.arange(len(rows)),
        "temporary": False, "decom": begun, "dec": ended, "rec": np.where(last, "E4A", "X1"),
        "reason_place_change": np.where(last, None, "CARPL"), "placement_type": np.tile(TYPES[:3], len(frame)),
        "place_provider": "PR0", "provider_id": "p", "home_id": "h", "distance_miles": 5.0,
    })  # fmt: skip
    children = pd.DataFrame(
        {"child_id": frame["child"].astype("str"), "birth_month": pd.Timestamp("2008-01-01")}
    )
    about = dict.fromkeys(["sex", "ethnicity", "uasc", "disability", "sibling_group"], "0")
    return stays.placement_spells(
        episodes, children.assign(**about), start=day, end=pd.Timestamp("2020-04-01")
    )


def families(frame: pd.DataFrame) -> pd.DataFrame:
    """Give who lives with family or friends, and an outcome."""
    better = np.random.default_rng(1).normal(0, 3, len(frame))
    return frame.assign(family=frame["placement"] == TYPES[0], better=better)


def groups(frame: pd.DataFrame) -> middle.Classes:
    """Find three groups: what is asked of the groups afterwards costs this too."""
    return middle.find_classes(frame[DOMAINS], number=3, n_init=5)


YARD = change.Yardstick(3.0, threshold=14, population_mean=10.0)
WATCH = stability.Watch("days", "end")
IN_CARE = stability.Watch("until", "moved", "entry", "child")
ABOUT = {"member": "family", "cost": "cost", "effect": "better"}
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
    "association: quantile slopes": lambda f: association.quantile_slopes(f, need="need", cost="cost"),
    "association: need curve": lambda f: association.need_curve(f, need="need", cost="cost"),
    "association: price setters": lambda f: association.price_setters(f, cost="cost", provider="provider"),
    "association: polychoric": lambda f: association.polychoric(f, x=DOMAINS[0], y=DOMAINS[1]),
    "middle: the rule": lambda f: middle.find_middle(f, need="need", n3="n3", band="band", cost="cost"),
    "middle: latent classes": lambda f: middle.find_classes(f[DOMAINS]),
    "middle: number of groups, 20 resamples": lambda f: middle.check_number(groups(f), replicates=20),
    "middle: do groups return, 40 resamples": lambda f: middle.stability(groups(f)),
    "middle: cost by group": lambda f: middle.compare_groups(
        groups(f), f["cost"], term="Cost", unit="GBP per week"
    ),
    "middle: fall of the dearest": lambda f: middle.dearest_fall(again(f), before="cost", after="cost_after"),
    "change: all indices": lambda f: change.need_change(
        again(f), before="before", after="after", against=YARD
    ),
    "change: by domain": lambda f: change.domain_changes(again(f), domains=DOMAINS),
    "change: growth, four assessments each": lambda f: change.growth(
        ratings(f), child="child", time="years", score="score"
    ),
    "stability: spells, three placements each": spells,
    "stability: how long placements last": lambda f: stability.kaplan_meier(placements(f), WATCH),
    "stability: competing ends": lambda f: stability.aalen_johansen(placements(f), WATCH),
    "stability: Cox": lambda f: stability.cox(placements(f), WATCH, covariates=["need"], kind="moved"),
    "stability: moves of a child (Andersen-Gill)": lambda f: stability.andersen_gill(
        moves(f), IN_CARE, covariates=["need"]
    ),
    "value: net benefit": lambda f: value.net_benefit(families(f), **ABOUT),
    "value: cost of an outcome (Fieller)": lambda f: value.cost_per_outcome(families(f), **ABOUT),
    "value: good savings": lambda f: value.judge_saving(families(f), **ABOUT, margin=1.0),
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
    print(json.dumps({"seconds": seconds, "megabytes": peak_megabytes()}))


def peak_megabytes() -> float:
    """Give the most memory this process has held."""
    try:
        import resource
    except ImportError:  # Windows
        return psutil.Process().memory_info().peak_wset / 1e6
    size = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return size / 1e6 if sys.platform == "darwin" else size / 1e3


if __name__ == "__main__":
    main()
