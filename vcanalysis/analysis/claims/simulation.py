"""Simulated nations: some councils join, some of those report, and the truth for all of them is planted."""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import pandas as pd

from vcanalysis.analysis.claims.limits import LIMITS
from vcanalysis.analysis.claims.scaled import RUNGS, Scaled
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.limits import allowed


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """What is planted in a simulated nation; shares are of yearly spend on children in care.

    Parameters
    ----------
    true_share : float
        Mean saving of the councils if every one took part.
    between : float
        Standard deviation of the true saving between councils, as a share of spend.
    noise : float
        Standard deviation of what spend per child would have done anyway from one year to the next: half its variance
        is in the year before, so that a council whose care was dear then sees it fall.
    dear, keen : float
        Correlation of joining with care being dear that year, and with the true saving: 0 to 1, squares at most 1.
    joining, reporting : int
        How many councils join, and how many of those report.
    spend : float
        Pounds a year the nation spends.

    Raises
    ------
    InputError
        If a number is out of range.

    Examples
    --------
    >>> World(true_share=0.01).spend
    4880000000.0
    """

    true_share: float
    between: float = 0.0075
    noise: float = 0.03
    dear: float = 0.3
    keen: float = 0.3
    joining: int = 5
    reporting: int = 2
    spend: float = 4.88e9

    def __post_init__(self) -> None:
        for planted in fields(self):
            allowed(LIMITS, planted.name, getattr(self, planted.name))
        if self.dear**2 + self.keen**2 > 1:
            raise InputError(
                "dear and keen are correlations: give 0 to 1 for each, their squares at most 1 together."
            )
        if self.reporting > self.joining:
            raise InputError(
                f"{self.reporting} of {self.joining} councils cannot report. Give 1 or more, no more than join."
            )


def simulate_nation(
    frame: pd.DataFrame, *, world: World, rung: str = RUNGS[-1], draws: int = 4000, seed: int = 0
) -> Scaled:
    """Simulate nations in which some councils join and report, and scale their report up by children in care.

    Parameters
    ----------
    frame : DataFrame
        One row per council: ``children`` in care, and ``spend_level``, its spend per child against the nation's.
    world : World
        What is planted.
    rung : str
        How those that report are chosen, one of `RUNGS`; all rungs share their random numbers.
    draws, seed : int
        Simulated nations, and their seed.

    Returns
    -------
    Scaled

    Raises
    ------
    InputError
        If a column is missing, fewer councils are there than join, or there is no such rung.

    Examples
    --------
    >>> three = pd.DataFrame({"children": [100, 200, 300], "spend_level": 1.0})
    >>> sure = World(true_share=0.02, between=0, noise=0, joining=2, spend=6e6)
    >>> simulate_nation(three, world=sure, draws=10).over_truth().value
    1.0
    """
    children, spend = council_spend(frame, world)
    allowed(LIMITS, "draws", draws)
    allowed(LIMITS, "seed", seed)
    if rung not in RUNGS:
        raise InputError(f"There is no rung {rung!r}. Rungs are: {', '.join(RUNGS)}.")
    parts = np.full(draws, world.true_share), np.full(draws, world.between), np.full(draws, world.noise)
    return simulate_drawn(children, spend, world, rung, parts, seed)


def ladder_of_choice(frame: pd.DataFrame, *, world: World, draws: int = 4000, seed: int = 0) -> list[Scaled]:
    """Simulate the same nations on every rung of `RUNGS`: what each way of choosing councils adds.

    Parameters
    ----------
    frame, world, draws, seed
        As in `simulate_nation`.

    Examples
    --------
    >>> three = pd.DataFrame({"children": [100, 200, 300], "spend_level": 1.0})
    >>> len(ladder_of_choice(three, world=World(true_share=0.02, joining=3), draws=10))
    4
    """
    return [simulate_nation(frame, world=world, rung=rung, draws=draws, seed=seed) for rung in RUNGS]


def council_spend(frame: pd.DataFrame, world: World) -> tuple[np.ndarray, np.ndarray]:
    """Give children and pounds of spend of each council of a nation."""
    require_columns(frame, "children", "spend_level")
    children, level = number_column(frame, "children"), number_column(frame, "spend_level")
    if len(frame) < world.joining:
        raise InputError(f"{world.joining} councils join, but there are {len(frame)}. Give more councils.")
    for name, values in (("heads", children), ("spend level", level)):
        for value in values:
            allowed(LIMITS, name, value)
    weight = children * level
    return children, world.spend * weight / weight.sum()


def simulate_drawn(
    children: np.ndarray,
    spend: np.ndarray,
    world: World,
    rung: str,
    parts: tuple[np.ndarray, np.ndarray, np.ndarray],
    seed: int,
) -> Scaled:
    """Draw nations in rows and councils in columns; every rung draws the same numbers in the same order."""
    share, between, noise = (part[:, None] for part in parts)
    rng = np.random.default_rng(seed)
    size = len(share), len(children)
    gain, year_before, year_after, own_reason = (
        rng.standard_normal(size, dtype=np.float32) for _ in range(4)
    )
    true_saving = share + between * gain
    seen = true_saving + noise / 2**0.5 * (year_before - year_after)
    step = RUNGS.index(rung)
    dear, keen = world.dear * (step >= 1), world.keen * (step >= 2)
    score = dear * year_before + keen * gain + (1 - dear**2 - keen**2) ** 0.5 * own_reason
    joined = np.argpartition(score, -world.joining, axis=1)[:, -world.joining :]
    booked = np.take_along_axis(seen, joined, axis=1) * spend[joined]
    order = np.argsort(-booked, axis=1) if step == 3 else np.argsort(joined, axis=1)
    chosen = order[:, : world.reporting]
    reported = np.take_along_axis(booked, chosen, axis=1).sum(axis=1)
    heads = children[np.take_along_axis(joined, chosen, axis=1)].sum(axis=1)
    return Scaled(reported, reported / heads * children.sum(), (true_saving * spend).sum(axis=1), rung)
