"""Trials of need against cost beyond one correlation: corrected for error and range, within groups, between types."""

from __future__ import annotations

from functools import cache, partial

import numpy as np
import pandas as pd

from tests.validity.laboratory import Coverage, Trial
from tests.validity.planted import generator, rated, spearman_of, two_normal
from vcanalysis.analysis import association
from vcanalysis.core.estimate import Estimate

WIDER = 1.5  # spread of need among all children, over that among those in care


def error_of(found: Estimate, truth: float) -> Estimate:
    """Move an estimate by its own truth, where that differs from replicate to replicate: nought is to be held."""
    return Estimate("error", found.value - truth, found.low - truth, found.high - truth, n=found.n)


def seen_in_care(seed, n=250, rho=0.4, wider=WIDER):
    """Children taken into care for their need: the more it departs from theirs, the less often they are seen."""
    rng = generator(seed)
    need, cost = two_normal(rng, int(6 * n), rho).T
    kept = rng.random(len(need)) < np.exp(-0.5 * (wider**2 - 1) * (need - 0.8) ** 2)
    return pd.DataFrame({"x": need[kept][:n], "y": np.exp(cost[kept][:n])})


def unrestricted(seed):
    return association.unrestricted(association.rank_correlation(seen_in_care(seed), x="x", y="y"), WIDER)


def separately(seed, rho=0.4):
    """Correlation of 250 children, the reliability from 80 others rated twice."""
    rng = generator(seed)
    need, cost = two_normal(rng, 250, rho).T
    seen = pd.DataFrame({"x": rated(rng, need, 0.64, times=1)[0], "y": cost})
    twice = rated(rng, rng.standard_normal(80), 0.64)
    ratings = pd.DataFrame({"pair": [*range(80)] * 2, "score": twice.ravel()})
    known = association.reliability(ratings, subject="pair", score="score")
    return association.disattenuated(
        association.rank_correlation(seen, x="x", y="y"), known, draws=2000, seed=seed
    )


SIZES, LINKS = (60, 90, 150), (0.5, 0.3, 0.0)


def within_a_type(seed):
    """One of three types of placement in turn, children of a home alike: the error of its correlation."""
    rng, which = generator(seed), seed % 3
    home = [np.repeat(np.arange(size // 3), 3) for size in SIZES]
    drawn = [
        np.sqrt(0.3) * two_normal(rng, size // 3, rho)[of] + np.sqrt(0.7) * two_normal(rng, size, rho)
        for size, rho, of in zip(SIZES, LINKS, home, strict=True)
    ]
    frame = pd.DataFrame(np.concatenate(drawn), columns=["x", "y"])
    kind = np.repeat(["a", "b", "c"], SIZES)
    frame = frame.assign(kind=kind, home=[f"{k}{h}" for k, h in zip(kind, np.concatenate(home), strict=True)])
    found = association.rank_correlation_by(frame, x="x", y="y", group="kind", cluster="home")[which]
    return error_of(found, spearman_of(LINKS[which]))


DEARER, NEEDIER = np.array([0.0, 0.5, 1.6]), np.array([8.0, 10.0, 12.0])
SHARES, STEEP, SIZE = np.array([0.5, 0.3, 0.2]), 0.04, 300


def between_types(seed):
    """Types differ in need and in price; a provider's price is its own, and it has all types."""
    rng = generator(seed)
    kind, provider = rng.choice(3, SIZE, p=SHARES), rng.integers(0, 25, SIZE)
    need = rng.gamma(NEEDIER[kind] / 2, 2)
    log = 6 + DEARER[kind] + STEEP * need + rng.normal(0, 0.25, 25)[provider] + rng.normal(0, 0.5, SIZE)
    frame = pd.DataFrame({"need": need, "kind": kind.astype(str), "provider": provider, "cost": np.exp(log)})
    found = association.within_between(frame, need="need", cost="cost", group="kind", cluster="provider")
    return found.slopes.group("between types")


def between_truth():
    """Slope of mean log cost on mean need of the types, weighted by their children."""
    price = DEARER + STEEP * NEEDIER
    apart = NEEDIER - SHARES @ NEEDIER
    return float(np.expm1(SHARES @ (apart * price) / (SHARES @ apart**2)))


TOGETHER = 0.6  # correlation of the two blocks


def correlated_blocks(seed, block):
    """Two blocks that go together, one idle, and children who share what is not explained with their provider."""
    rng = generator(seed)
    provider = np.repeat(np.arange(60), 4)
    x, z = (
        np.sqrt(0.3) * two_normal(rng, 60, TOGETHER)[provider] + np.sqrt(0.7) * two_normal(rng, 240, TOGETHER)
    ).T
    rest = np.sqrt(0.3) * rng.standard_normal(60)[provider] + np.sqrt(0.7) * rng.standard_normal(240)
    frame = pd.DataFrame({"x": x, "z": z, "idle": rng.standard_normal(240), "provider": provider})
    frame["cost"] = np.exp(7 + x + 0.5 * z + rest)
    blocks = {"X": ["x"], "Z": ["z"], "Idle": ["idle"]}
    return association.share_explained(frame, cost="cost", blocks=blocks, cluster="provider").blocks.group(
        block
    )


@cache
def credit(block):
    """Shapley share of population R squared: each alone, and after the other."""
    whole = 1 + 0.25 + TOGETHER
    alone = {"X": (1 + 0.5 * TOGETHER) ** 2, "Z": (0.5 + TOGETHER) ** 2}
    other = alone["Z" if block == "X" else "X"]
    return float((alone[block] + whole - other) / 2 / (whole + 1))


TRIALS: tuple[Trial, ...] = (
    Coverage(
        "Correlation had need varied more",
        "250 children in care, need varies 1.5 times as much among all",
        spearman_of(0.4),
        unrestricted,
    ),
    Coverage(
        "Correlation corrected for error, reliability apart",
        "250 children, 80 others rated twice",
        spearman_of(0.4),
        separately,
    ),
    Coverage(
        "Rank correlation within a type",
        "60, 90 or 150 children in homes of three, the correlation of each type its own",
        0.0,
        within_a_type,
        known="by chance: 3,000 further councils gave 95.7%",
        ci=100,
    ),
    Coverage("Slope between types", "300 children, 25 providers, three types", between_truth, between_types),
    *(
        Coverage(
            f"Share explained by correlated blocks, {words}",
            "60 providers of 4 children, two blocks correlated .6",
            partial(credit, block),
            partial(correlated_blocks, block=block),
            ci=100,
        )
        for block, words in (("X", "the stronger"), ("Z", "the weaker"))
    ),
)
