"""The savings scenario for a nation: `python -m benchmarks.scenarios WAY CHILDREN DRAWS` runs one way once."""

from __future__ import annotations

import json
import subprocess
import sys
import time

import numpy as np
import pandas as pd

from benchmarks.analyses import GOAL_MB, peak_megabytes
from vcanalysis.analysis import savings
from vcanalysis.analysis.savings import flows
from vcanalysis.analysis.savings.fates import months_in_family
from vcanalysis.analysis.savings.simulation import WEEKS_PER_MONTH, draw_inputs

NATION = (80_000, 10_000)
SMALLER = ((80_000, 1_000), (8_000, 10_000), (8_000, 1_000))
LOOP = (8_000, 20)  # children and draws that a pandas loop can do
_BLOCK = 10_000_000
_PRICES = ("residential_gbp_week", "family_gbp_week", "support_gbp_week")


def scenario(children: int) -> savings.Scenario:
    """Give the default scenario with so many candidates."""
    known = {"candidates": children, "residential_gbp_week": (4200, 3900, 4500)}
    return savings.load_scenario().with_values(**known)


def ours(children: int, draws: int) -> float:
    """Mean gross saving by the package."""
    return float(
        savings.simulate_savings(scenario(children), draws=draws).by_year("gross").sum(axis=1).mean()
    )


def pandas_loop(children: int, draws: int) -> float:
    """Mean gross saving as an analyst would write it: a frame of children for each draw, month by month."""
    given, rng = scenario(children), np.random.default_rng(1)
    x = draw_inputs(given, draws=draws, rng=rng)
    year = np.unique(given.step_years(), return_inverse=True)[1]
    found = []
    for d in range(draws):
        one = {name: values[[d]] for name, values in x.items()}
        v = {name: float(values[0]) for name, values in one.items()}
        frame = pd.DataFrame({"suitable": rng.random(children) < v["suitable_share"]})
        frame["referred"] = rng.random(children) < v["referred_share"]
        frame["matched"] = rng.random(children) < v["matched_share"]
        frame["move"] = rng.random(children) * v["ramp_months"] + v["delay_months"]
        frame["leave"] = rng.exponential(-12 / np.log(1 - v["natural_exit_year"]), children)
        stay = months_in_family(one, np.zeros(children, int), rng.exponential(size=children))
        frame["end"] = np.minimum(frame["move"] + stay, frame["leave"])
        total = 0.0
        for month in range(given.steps):
            moved = frame[frame["suitable"] & frame["referred"] & frame["matched"]]
            there = moved["end"].clip(upper=month + 1) - moved["move"].clip(lower=month)
            home, family, pay = (
                v[price] * (1 + v[growth]) ** year[month]
                for price, growth in zip(
                    _PRICES, ("residential_growth_year", "family_growth_year", "pay_growth_year"), strict=True
                )
            )
            total += there.clip(lower=0).sum() * (home - family - pay) * WEEKS_PER_MONTH
        found.append(total)
    return float(np.mean(found))


def numpy_alone(children: int, draws: int) -> float:
    """Draw as many random numbers as the package does for this scenario, and do nothing else."""
    drawn, plain = [0], flows._stream

    def counting(rng: np.random.Generator) -> flows.Source:
        stream = plain(rng)

        def numbers(shape: tuple[int, int]) -> np.ndarray:
            drawn[0] += shape[0] * shape[1]
            return stream(shape)

        return numbers

    flows._stream = counting  # type: ignore[assignment]
    try:
        savings.simulate_savings(scenario(children), draws=100)
    finally:
        flows._stream = plain
    wanted, rng = drawn[0] * draws // 100, np.random.default_rng(1)
    start = time.process_time()
    for i in range(0, wanted, _BLOCK):
        rng.random(min(_BLOCK, wanted - i), dtype=np.float32)
    return time.process_time() - start


WAYS = {"ours": ours, "pandas": pandas_loop, "numpy": numpy_alone}


def measure() -> list[str]:
    """Run the nation, smaller sizes, the loop and bare NumPy; give the rows of a table."""
    nation = _once("ours", *NATION)
    smaller = [(size, _once("ours", *size)) for size in SMALLER]
    loop, same = _once("pandas", *LOOP), _once("ours", LOOP[0], 2_000)
    numbers = _once("numpy", *NATION)["value"]
    cells, looped = NATION[0] * NATION[1], LOOP[0] * LOOP[1]
    longer = loop["seconds"] * cells / looped / nation["seconds"]
    within = "within" if nation["megabytes"] <= GOAL_MB else "NOT within"
    return [
        "Seconds of processor time; three years by months, the default scenario, all children candidates.",
        "",
        "| what | children | draws | seconds | for a million children and draws | most memory, MB |",
        "|---|---:|---:|---:|---:|---:|",
        _row("`simulate_savings`", NATION, nation),
        *(_row("`simulate_savings`", size, cost) for size, cost in smaller),
        _row("a pandas loop over draws and months", LOOP, loop),
        "",
        f"Scaled up, the loop would take {longer * nation['seconds'] / 3600:,.1f} hours for the nation,",
        f"{longer:,.0f} times as long. It finds £{loop['value'] / 1e6:,.1f} million gross in {LOOP[1]} draws,",
        f"the package £{same['value'] / 1e6:,.1f} million in 2,000. To draw as many numbers NumPy alone needs",
        f"{numbers:,.1f} s, {numbers / nation['seconds']:.0%} of the nation's time. Memory is {within} 2 GB.",
    ]


def _row(what: str, size: tuple[int, int], cost: dict[str, float]) -> str:
    each = cost["seconds"] / (size[0] * size[1] / 1e6)
    return f"| {what} | {size[0]:,} | {size[1]:,} | {cost['seconds']:.1f} | {each:.3f} | {cost['megabytes']:,.0f} |"


def _once(way: str, children: int, draws: int) -> dict[str, float]:
    command = [sys.executable, "-m", "benchmarks.scenarios", way, str(children), str(draws)]
    said = subprocess.run(command, check=True, capture_output=True, text=True)
    return {name: float(number) for name, number in json.loads(said.stdout).items()}


def main() -> None:
    """Run one way once and say what it cost and found."""
    start = time.process_time()
    value = WAYS[sys.argv[1]](int(sys.argv[2]), int(sys.argv[3]))
    print(json.dumps({"seconds": time.process_time() - start, "megabytes": peak_megabytes(), "value": value}))


if __name__ == "__main__":
    main()
