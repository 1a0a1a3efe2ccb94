"""Simulated nations: some councils join, some of those report, and the truth for all of them is planted."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.claims.terms import draw, strata
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.facts import assumption
from vcanalysis.core.intervals import normal_quantile, percentile_interval, wilson

# what is true of those that report, each beside what was true before
RUNGS = (
    "any two councils",
    "two that join because care was dear",
    "and because they have most to gain",
    "and the best two report",
)
_OF = "simulated nations"


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
        if not -1 < self.true_share < 1:
            raise InputError(
                f"A true saving of {self.true_share:g} of spend is refused. Give a share under 1."
            )
        if self.between < 0 or self.noise < 0 or self.spend <= 0:
            raise InputError("Spreads must be 0 or more and spend more than 0.")
        if not (0 <= self.dear <= 1 and 0 <= self.keen <= 1 and self.dear**2 + self.keen**2 <= 1):
            raise InputError(
                "dear and keen are correlations: give 0 to 1 for each, their squares at most 1 together."
            )
        if not 1 <= self.reporting <= self.joining:
            raise InputError(
                f"{self.reporting} of {self.joining} councils cannot report. Give 1 or more, no more than join."
            )


@dataclass(frozen=True, slots=True)
class Scaled:
    """Simulated nations: what was reported, what it becomes for the nation, and the truth; made by `simulate_nation`.

    Parameters
    ----------
    reported : array
        Pounds a year the reporting councils report together, one number per draw.
    scaled : array
        The same scaled up by children in care.
    truth : array
        Pounds a year the whole nation would save.
    rung : str
        How councils were chosen, one of `RUNGS`.
    """

    reported: np.ndarray
    scaled: np.ndarray
    truth: np.ndarray
    rung: str

    def beyond(self, times: float = 2.0) -> Estimate:
        """Give how often the scaled-up figure is beyond so many times the truth, and of its sign."""
        if (self.truth == 0).any():
            return self._no_truth(f"Scaled up beyond {times:g} times the truth")
        hit = np.where(self.truth > 0, self.scaled > times * self.truth, self.scaled < times * self.truth)
        return self._rate(hit, f"Scaled up beyond {times:g} times the truth")

    def wrong_sign(self) -> Estimate:
        """Give how often the scaled-up figure shows a saving where there is a loss or none, or the reverse."""
        return self._rate((self.scaled > 0) != (self.truth > 0), "Scaled up with the wrong sign")

    def over_truth(self, level: float = 0.95) -> Estimate:
        """Give scaled-up figure over truth: the median nation, and the middle of the nations."""
        if (self.truth == 0).any():
            return self._no_truth("Scaled up over the truth")
        ratio = self.scaled / self.truth
        low, high = percentile_interval(ratio, level)
        return self._of(
            "Scaled up over the truth",
            float(np.median(ratio)),
            low,
            high,
            "ratio",
            "range of the nations",
            level,
        )

    def _no_truth(self, term: str) -> Estimate:
        reason = "nothing is saved in truth, so that there is nothing to compare with"
        return Estimate.not_estimable(term, n=len(self.truth), reason=reason, group=self.rung, of=_OF)

    def mean_reported(self) -> Estimate:
        """Give the mean of what is reported, with the Monte Carlo error as its interval."""
        return self._mean(self.reported, "Reported, on average")

    def mean_scaled(self) -> Estimate:
        """Give the mean of the scaled-up figure, with the Monte Carlo error as its interval."""
        return self._mean(self.scaled, "Scaled up, on average")

    def _mean(self, values: np.ndarray, term: str) -> Estimate:
        half = normal_quantile(0.95) * float(values.std(ddof=1) / len(values) ** 0.5)
        mean = float(values.mean())
        return self._of(term, mean, mean - half, mean + half, "GBP per year", "Monte Carlo interval", 0.95)

    def _rate(self, hit: np.ndarray, term: str) -> Estimate:
        ends = wilson(float(hit.sum()), len(hit))
        return self._of(term, float(hit.mean()), *ends, "probability", "Monte Carlo interval", 0.95)

    def _of(
        self, term: str, value: float, low: float, high: float, unit: str, span: str, level: float
    ) -> Estimate:
        n, method = len(self.scaled), "simulated nations with a planted truth"
        return Estimate(term, value, low, high, level, n, unit, method, self.rung, of=_OF, span=span)


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
    children, spend = _council_spend(frame, world)
    if rung not in RUNGS:
        raise InputError(f"There is no rung {rung!r}. Rungs are: {', '.join(RUNGS)}.")
    parts = np.full(draws, world.true_share), np.full(draws, world.between), np.full(draws, world.noise)
    return _simulate(children, spend, world, rung, parts, seed)


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


def nations_that_report(
    frame: pd.DataFrame,
    *,
    amount: float,
    national: float,
    within: float = 0.1,
    draws: int = 20_000,
    seed: int = 0,
) -> Estimates:
    """Say what is true of the nation in those simulated nations whose councils report about this amount.

    Parameters
    ----------
    frame : DataFrame
        As in `simulate_nation`.
    amount : float
        Pounds a year the reporting councils report together.
    national : float
        Pounds a year claimed for the nation.
    within : float
        How near a simulated report must come, as a share of the amount.
    draws, seed : int
        Simulated nations before choosing, and their seed.

    Returns
    -------
    Estimates
        True saving of the nation a year (median, 95% range), the probability that it is a saving, and that it is more
        than `national`; both probabilities with their Monte Carlo error.

    Raises
    ------
    InputError
        If the amounts or `within` are not more than 0, or a column is missing.

    Notes
    -----
    Rejection sampling: the truth, the spread between councils and the noise are drawn from the assumptions
    `claim_national_share`, `claim_between_councils` and `claim_noise_share`, and nations that report something else
    are left out. What comes out is as good as those ranges.

    References
    ----------
    Rubin (1984), Annals of Statistics 12:1151-1172, section 3.1.

    Examples
    --------
    >>> many = pd.DataFrame({"children": np.arange(100, 700, 20), "spend_level": 1.0})
    >>> found = nations_that_report(many, amount=20e6, national=300e6, within=0.5, draws=2000)
    >>> [e.unit for e in found]
    ['GBP per year', 'probability', 'probability']
    """
    if not (amount > 0 and national > 0 and within > 0):
        raise InputError("Amount, national claim and `within` must be more than 0.")
    uniform = strata(3, draws, seed)
    share = draw(assumption("claim_national_share"), uniform[0])
    between = draw(assumption("claim_between_councils"), uniform[1]) * np.abs(share)
    noise = draw(assumption("claim_noise_share"), uniform[2])
    joining = assumption("claim_joining").central
    world = World(true_share=0.0, dear=joining, keen=joining)
    children, spend = _council_spend(frame, world)
    made = _simulate(children, spend, world, RUNGS[-1], (share, between, noise), seed)
    truth = made.truth[np.abs(made.reported / amount - 1) <= within]
    return _conditional(truth, national, draws)


def _conditional(truth: np.ndarray, national: float, draws: int) -> Estimates:
    method = f"rejection sampling, {draws:,} simulated nations"
    terms = ("True saving of the nation", "The nation saves", "The nation saves more than claimed")
    if len(truth) < 100:
        reason = "fewer than 100 simulated nations report about this amount"
        return Estimates.of(Estimate.not_estimable(t, n=len(truth), reason=reason, of=_OF) for t in terms)
    low, high = percentile_interval(truth, 0.95)
    first = Estimate(terms[0], float(np.median(truth)), low, high, n=len(truth), unit="GBP per year", method=method,
                     of=_OF, span="range")  # fmt: skip
    rates = [
        Estimate(
            term,
            float(hit.mean()),
            *wilson(float(hit.sum()), len(hit)),
            n=len(hit),
            unit="probability",
            method=method,
            of=_OF,
            span="Monte Carlo interval",
        )
        for term, hit in zip(terms[1:], (truth > 0, truth > national), strict=True)
    ]
    return Estimates.of([first, *rates])


def _council_spend(frame: pd.DataFrame, world: World) -> tuple[np.ndarray, np.ndarray]:
    require_columns(frame, "children", "spend_level")
    children, level = number_column(frame, "children"), number_column(frame, "spend_level")
    if len(frame) < world.joining:
        raise InputError(f"{world.joining} councils join, but there are {len(frame)}. Give more councils.")
    weight = children * level
    return children, world.spend * weight / weight.sum()


def _simulate(
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
