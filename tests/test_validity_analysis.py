"""Validity laboratory: planted truths, 1,000 replicates each, written to docs/validity.md. Run by `make validity`."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from vcanalysis.analysis import association, middle, savings, spending
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import median_interval, wilson

pytestmark = pytest.mark.validity
REPLICATES = 1000
WIDE = (
    "it carries the widths of two intervals as if they were independent, though both were estimated on the same "
    "children, and so errs on the wide side; within simulation error of the gate"
)
SHORT = (
    "300 children show too little of the dear tail, so that a bootstrap of a share of a sum comes out too narrow, and "
    "the share itself a little low; the function's notes say so. Tried on the smooth tail, 400 replicates: a bootstrap "
    "studentised on the logit scale (92.5% for the dearest tenth, 90.0% for Gini), and one corrected for bias (90.2% "
    "and 89.8%). Still to be mended"
)
FOOT = """
Nominal coverage is 95%. With 1,000 replicates the simulation error of a coverage is 0.7 points, so 93.6% to 96.4%
is as good as nominal; a rejection rate under a true null should lie between 3.5% and 6.5%. An interval made to cover
at least as often as it says (distribution-free, or of a count) may lie above. Bias is the mean error in units of the
estimate's standard deviation over replicates.

## Where a gate is missed
"""


@dataclass(frozen=True)
class Trial:
    """One planted truth: what is estimated, on what data, the truth, and the gate for its coverage in per cent."""

    name: str
    design: str
    truth: float
    estimate: Callable[[int], Estimate]
    gate: tuple[float, float] = (93.6, 96.4)
    known: str = ""  # why a miss is accepted and what was tried


def _pearson_as_spearman(rho):
    return 6 / np.pi * np.arcsin(rho / 2)


def _two_normal(seed, n, rho):
    return np.random.default_rng(seed).multivariate_normal([0, 0], [[1, rho], [rho, 1]], n)


def _correlation(n, rho):
    def estimate(seed):
        return association.rank_correlation(
            pd.DataFrame(_two_normal(seed, n, rho), columns=["x", "y"]), x="x", y="y"
        )

    return estimate


def _ordinal(x):
    return np.digitize(x, [-0.8, 0.2, 1.2])


def _ordinal_correlation(n):
    def estimate(seed):
        drawn = _two_normal(seed, n, 0.3)
        frame = pd.DataFrame({"x": _ordinal(drawn[:, 0]), "y": np.exp(drawn[:, 1])})
        return association.rank_correlation(frame, x="x", y="y")

    return estimate


def _ordinal_truth():
    drawn = _two_normal(99, 2_000_000, 0.3)
    return float(stats.spearmanr(_ordinal(drawn[:, 0]), drawn[:, 1]).statistic)


def _share(seed):
    count = int(np.random.default_rng(seed).binomial(60, 0.15))
    low, high = wilson(count, 60)
    return Estimate("share", count / 60, low, high, n=60)


def _median(seed):
    drawn = np.random.default_rng(seed).lognormal(7, 0.8, 40)
    low, high = median_interval(drawn)
    return Estimate("median", float(np.median(drawn)), low, high, n=40)


def _ratings(seed, n, reliable, true=None):
    rng = np.random.default_rng(seed)
    true = rng.normal(size=n) if true is None else true
    noise = np.sqrt(1 / reliable - 1)
    return true + rng.normal(0, noise, n), true + rng.normal(0, noise, n)


def _twice(first, second):
    return pd.DataFrame({"pair": [*range(len(first))] * 2, "score": [*first, *second]})


def _reliability(seed):
    return association.reliability(_twice(*_ratings(seed, 60, 0.7)), subject="pair", score="score")


def _disattenuated(seed):
    drawn = _two_normal(seed, 250, 0.4)
    first, second = _ratings(seed + 10_000, 250, 0.64, drawn[:, 0])
    rho = association.rank_correlation(pd.DataFrame({"x": first, "y": drawn[:, 1]}), x="x", y="y")
    reliable = association.reliability(_twice(first[:120], second[:120]), subject="pair", score="score")
    return association.disattenuated(rho, reliable, draws=4000, seed=seed)


def _smooth(rng, n):
    return rng.lognormal(7, 0.8, n)


def _by_type(rng, n):
    """Weekly costs as councils have them: three kinds of fostering and a few homes at five times the price."""
    kind = rng.choice(4, n, p=[0.35, 0.35, 0.18, 0.12])
    middle_price, spread = np.array([320, 550, 850, 4200])[kind], np.array([0.3, 0.3, 0.3, 0.45])[kind]
    return middle_price * np.exp(rng.normal(0, 1, n) * spread)


def _concentration(draw, pick):
    def estimate(seed):
        costs = pd.DataFrame({"cost": draw(np.random.default_rng(seed), 300)})
        result = spending.concentration(costs, cost="cost", top=(0.10,), replicates=500, seed=seed)
        return result.gini if pick == "gini" else result.shares[0]

    return estimate


def _by_type_truth(pick):
    costs = pd.DataFrame({"cost": _by_type(np.random.default_rng(10**6), 2_000_000)})
    curve = spending.lorenz(costs, cost="cost", points=100_001)
    held = curve["share_of_spend"].to_numpy()
    if pick == "gini":
        return float(1 - 2 * np.trapezoid(held, curve["share_of_children"]))
    return float(1 - np.interp(0.9, curve["share_of_children"], held))


def _explained(seed):
    rng = np.random.default_rng(seed)
    x, z = rng.normal(size=(2, 250))
    kind = rng.integers(0, 12, 250).astype(str)
    frame = pd.DataFrame({"x": x, "z": z, "kind": kind, "cost": np.exp(x + 2 * z + rng.normal(size=250))})
    blocks = {"X": ["x"], "Z": ["z"], "Kind": ["kind"]}
    return association.share_explained(frame, cost="cost", blocks=blocks, replicates=200, seed=seed).blocks[0]


def _kappa(seed):
    rng = np.random.default_rng(seed)
    truth = rng.random(150) < 0.4
    first, second = (np.where(rng.random(150) < 0.15, ~truth, truth) for _ in range(2))
    return middle.agreement(pd.Series(first), pd.Series(second))


def _kappa_truth():
    agree = 0.85**2 + 0.15**2
    yes = 0.4 * 0.85 + 0.6 * 0.15
    chance = yes**2 + (1 - yes) ** 2
    return (agree - chance) / (1 - chance)


def _gap(seed):
    rng = np.random.default_rng(seed)
    costs = [*rng.lognormal(8.3, 0.4, 60), *rng.lognormal(6.7, 0.3, 80)]
    frame = pd.DataFrame({"cost": costs, "type": ["Home"] * 60 + ["Foster"] * 80})
    return savings.price_gap(
        frame, cost="cost", placement_type="type", dear=["Home"], cheap=["Foster"], seed=seed
    )[2]


TRIALS = [
    Trial(
        "Rank correlation", "120 children, normal scores", _pearson_as_spearman(0.3), _correlation(120, 0.3)
    ),
    Trial("Rank correlation, true null", "120 children, no link", 0.0, _correlation(120, 0.0)),
    Trial(
        "Rank correlation, ties",
        "60 children, four levels by log-normal cost",
        _ordinal_truth(),
        _ordinal_correlation(60),
    ),
    Trial("Wilson share", "60 children, 15% in truth", 0.15, _share, (93.0, 98.0)),
    Trial("Median cost", "40 children, log-normal", float(np.exp(7)), _median, (93.6, 98.5)),
    Trial("Reliability, ICC(1)", "60 children rated twice, .7 in truth", 0.7, _reliability),
    Trial(
        "Correlation corrected for error",
        "250 children, 120 rated twice",
        _pearson_as_spearman(0.4),
        _disattenuated,
        known=WIDE,
    ),
    Trial(
        "Share of the dearest tenth",
        "300 children, prices by type of placement",
        _by_type_truth("top"),
        _concentration(_by_type, "top"),
        known=SHORT,
    ),
    Trial(
        "Gini coefficient",
        "300 children, prices by type of placement",
        _by_type_truth("gini"),
        _concentration(_by_type, "gini"),
        known=SHORT,
    ),
    Trial(
        "Share of the dearest tenth, smooth tail",
        "300 children, log-normal, sd(log) 0.8",
        float(stats.norm.cdf(0.8 - stats.norm.ppf(0.9))),
        _concentration(_smooth, "top"),
        known=SHORT,
    ),
    Trial(
        "Gini coefficient, smooth tail",
        "300 children, log-normal, sd(log) 0.8",
        float(2 * stats.norm.cdf(0.8 / np.sqrt(2)) - 1),
        _concentration(_smooth, "gini"),
        known=SHORT,
    ),
    Trial("Share explained (Shapley)", "250 children, three blocks", 1 / 6, _explained),
    Trial("Agreement (kappa)", "150 children, two definitions", _kappa_truth(), _kappa),
    Trial(
        "Price gap", "60 and 80 children, log-normal", float(np.exp(8.3 + 0.08) - np.exp(6.7 + 0.045)), _gap
    ),
]


def measure(trial: Trial, replicates: int = REPLICATES) -> tuple[float, float, float]:
    """Give the coverage and the misses on either side in per cent, and the bias in standard deviations."""
    found = [trial.estimate(seed) for seed in range(replicates)]
    values = np.array([e.value for e in found])
    inside = np.mean([e.low <= trial.truth <= e.high for e in found])
    below = np.mean([e.high < trial.truth for e in found])
    return 100 * float(inside), 100 * float(below), float((values.mean() - trial.truth) / values.std())


@pytest.fixture(scope="module")
def table(root):
    """Rows gathered by the trials; written when the last is done."""
    rows: list[str] = []
    missed: list[str] = []
    yield rows, missed
    if len(rows) < len(TRIALS):
        return
    head = (
        "| estimator | planted | coverage % | interval below the truth % | bias (sd) | gate % |\n"
        + "|---" * 6
        + "|"
    )
    title = "# Validity of the intervals\n\nGenerated by `make validity`: "
    title += f"{REPLICATES:,} replicates of each planted truth.\n"
    text = "\n".join([title, head, *rows]) + "\n" + FOOT + "\n".join(missed or ["None."]) + "\n"
    (root / "docs" / "validity.md").write_text(text, encoding="utf-8")


@pytest.mark.parametrize("trial", TRIALS, ids=lambda t: t.name)
def test_the_interval_covers_as_often_as_it_says(trial, table):
    coverage, below, bias = measure(trial)
    low, high = trial.gate
    table[0].append(
        f"| {trial.name} | {trial.design} | {coverage:.1f} | {below:.1f} | {bias:+.2f} | {low:.1f} to {high:.1f} |"
    )
    if not low <= coverage <= high:
        table[1].append(f"- {trial.name}, {coverage:.1f}%: {trial.known or 'not explained yet'}.")
    assert trial.known or low <= coverage <= high
