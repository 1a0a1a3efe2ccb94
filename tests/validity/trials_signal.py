"""Trials of signal and noise: false alarms of the newest quarter of a flow, and intervals of changes of a stock."""

from __future__ import annotations

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Rate, Trial, remembered
from tests.validity.planted import generator
from vcanalysis.analysis import signal

QUARTERS = 16
BEYOND = ("above chance", "below chance")
ALARMS = (*BEYOND, "a lasting shift")


def families(rng, mean, quarters=QUARTERS):
    """Children who come in each quarter, with their brothers and sisters: one, two or three at a time."""
    sizes = rng.choice([1, 2, 3], (quarters, 200), p=[0.7, 0.2, 0.1])
    came = rng.poisson(mean / 1.4, quarters)
    return np.array([sizes[i, :n].sum() for i, n in enumerate(came)])


def carried_over(rng, mean, correlation):
    """Counts whose rate drifts from quarter to quarter."""
    drift = np.empty(QUARTERS)
    drift[0] = rng.normal()
    for i in range(1, QUARTERS):
        drift[i] = correlation * drift[i - 1] + np.sqrt(1 - correlation**2) * rng.normal()
    return rng.poisson(mean * np.exp(0.25 * drift))


def seasonal(rng, mean):
    """Counts a fifth higher and lower by season."""
    return rng.poisson(mean * np.tile([1.2, 1.0, 0.8, 1.0], QUARTERS // 4))


def judged(counts):
    return signal.judge_flow(counts.tolist(), base=5).verdict


@remembered
def quiet(seed, mean):
    return judged(generator(seed).poisson(mean, QUARTERS))


def alarm_within_five_years(seed):
    """Whether twenty reports in a row, each with all quarters so far, ever call an unchanged flow changed."""
    counts = generator(seed).poisson(30, QUARTERS + 20)
    return any(judged(counts[: end + 1]) in ALARMS for end in range(QUARTERS, len(counts)))


def council_twice(seed):
    """300 children a year apart, three in four the same, cost staying with the child."""
    rng = generator(seed)
    own = rng.normal(0, 300, 375)
    cost = 900 + own + rng.normal(0, 150, (2, 375)) + np.array([[0.0], [40.0]])
    homes = rng.uniform(size=(2, 375)) < np.where(own > 250, 0.6, 0.1)
    frames = [
        pd.DataFrame({"id": np.arange(375), "cost": c, "home": h}) for c, h in zip(cost, homes, strict=True)
    ]
    return frames[1].iloc[75:], frames[0].iloc[:300]


def changed(seed, value, unit):
    now, before = council_twice(seed)
    return signal.change_of_mean(now, before, child="id", value=value, term="Change", unit=unit)


def grown(seed):
    came, left = generator(seed).poisson([120, 100])
    return signal.growth(int(came), int(left))


FEW_ALARMS = (0.0, 1.5)
TRIALS: tuple[Trial, ...] = (
    *(
        Rate(
            f"Newest quarter of {mean} events beyond its limits, nothing changed",
            "15 quarters before, Poisson; 99% limits",
            lambda seed, mean=mean: quiet(seed, mean) in BEYOND,
            FEW_ALARMS,
        )
        for mean in (8, 30)
    ),
    Rate(
        "Newest quarter called changed by any rule, nothing changed",
        "15 quarters before, 30 events each",
        lambda seed: quiet(seed, 30) in ALARMS,
        (0.0, 5.0),
    ),
    Rate(
        "Newest quarter beyond its limits, brothers and sisters together",
        "families of one to three, 30 children a quarter",
        lambda seed: judged(families(generator(seed), 30)) in BEYOND,
        FEW_ALARMS,
    ),
    Rate(
        "Newest quarter beyond its limits, seasons",
        "a fifth more in spring, a fifth less in autumn",
        lambda seed: judged(seasonal(generator(seed), 30)) in BEYOND,
        FEW_ALARMS,
    ),
    Rate(
        "Newest quarter called changed by any rule, quarters carry over",
        "correlation of the rate 0.5, spread 25%",
        lambda seed: judged(carried_over(generator(seed), 30, 0.5)) in ALARMS,
        (0.0, 5.0),
    ),
    Rate(
        "A false alarm of one flow within five years of quarterly reports",
        "20 reports in a row, 30 events a quarter",
        alarm_within_five_years,
        (0.0, 25.0),
    ),
    Rate(
        "Twice as many events in the newest quarter are seen",
        "30 events a quarter, then 60",
        lambda seed: (
            judged(np.append(generator(seed).poisson(30, 15), generator(seed + 1).poisson(60)))
            == "above chance"
        ),
        (75.0, 100.0),
    ),
    Coverage(
        "Change of a mean between two dates",
        "300 children a year apart, most the same",
        40.0,
        lambda seed: changed(seed, "cost", "GBP per week"),
    ),
    Coverage(
        "Change of a share between two dates",
        "300 children a year apart, most the same",
        0.0,
        lambda seed: changed(seed, "home", "percentage points"),
    ),
    Coverage("Growth of the number in care", "120 come, 100 leave, Poisson", 20.0, grown),
)
