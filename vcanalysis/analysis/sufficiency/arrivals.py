"""How many children will come: a level that drifts from year to year, swings that pass, and siblings together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vcanalysis.analysis.sufficiency.settings import Settings

_STEPS = (
    0.0,
    0.15,
    0.35,
    0.6,
    0.9,
    1.3,
    1.8,
    2.5,
    3.5,
)  # of the spread believed before: grid of the posterior


@dataclass(frozen=True, slots=True)
class Level:
    """What past years say about the number who come: one entry for each belief about drift and swing.

    Parameters
    ----------
    weight, mean, variance : array
        Posterior weight of each pair of drift and swing; mean and variance of the logarithm of the level now.
    drift, swing : array
        The pairs: spread a year of changes that stay, and of those that pass.
    clumping : float
        Variance of the number of a month in terms of its mean; 1 when children come one by one.
    """

    weight: np.ndarray
    mean: np.ndarray
    variance: np.ndarray
    drift: np.ndarray
    swing: np.ndarray
    clumping: float


def clumping(monthly: np.ndarray) -> float:
    """Say how far months vary beyond chance within their years: 1 when children come one by one.

    Brothers and sisters come together, so months vary more than independent events would.

    Examples
    --------
    >>> clumping(np.array([4, 4, 4, 4] * 6))
    1.0
    """
    years = len(monthly) // 12
    rows = monthly[len(monthly) - 12 * years :].reshape(years, 12)
    means = rows.mean(axis=1, keepdims=True)
    known = means[:, 0] > 0
    freedom = 11 * int(known.sum())
    if not freedom:
        return 1.0
    found = float(((rows - means)[known] ** 2 / means[known]).sum()) / freedom
    return 1.0 + max(0.0, found - 1.0) * freedom / (freedom + 11)


def learn_level(monthly: np.ndarray, settings: Settings) -> Level:
    """Learn the level of arrivals from whole years of monthly counts.

    Parameters
    ----------
    monthly : array of int
        Children who came in each month, the last month last; years are counted back from it.
    settings : Settings
        Beliefs about drift and swing.

    Notes
    -----
    A local level model of the logarithm of yearly counts, by the Kalman filter on a grid of the two spreads, each with
    a half-Cauchy prior, whose long tail gives way to what a council's own years say: nothing decides beforehand whether
    a change stays. A share of the belief, `steady`, is set aside for years that differ by chance alone. Without it the
    interval is too wide where they do; with half of it, too narrow where three years of records hide how much years
    differ. `docs/validity.md` has the figures.

    References
    ----------
    Harvey AC (1989), Forecasting, Structural Time Series Models and the Kalman Filter, section 4.1.
    """
    years = len(monthly) // 12
    yearly = monthly[len(monthly) - 12 * years :].reshape(years, 12).sum(axis=1).astype("float64")
    spread = clumping(monthly)
    steps = np.array(_STEPS)
    drift, swing = (g.ravel() for g in np.meshgrid(settings.drift * steps, settings.swing * steps))
    weight = -np.log1p((drift / settings.drift) ** 2) - np.log1p((swing / settings.swing) ** 2)
    width = np.gradient(steps)
    belief = np.exp(weight) * np.outer(width, width).ravel()
    belief *= (1 - settings.steady) / belief.sum()
    belief[0] += settings.steady  # the pair of no drift and no swing
    weight = np.log(belief)
    noise = spread / np.maximum(yearly, 1.0)
    logs = np.log(np.maximum(yearly, 0.5))
    mean, variance = np.full(len(drift), logs[0]), noise[0] + swing**2
    for value, error in zip(logs[1:], noise[1:], strict=True):
        variance = variance + drift**2
        total = variance + swing**2 + error
        weight = weight - 0.5 * (np.log(total) + (value - mean) ** 2 / total)
        gain = variance / total
        mean, variance = mean + gain * (value - mean), variance * (1 - gain)
    shares = np.exp(weight - weight.max())
    return Level(shares / shares.sum(), mean, variance, drift, swing, spread)


def draw_arrivals(level: Level, *, months: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Draw the number of children who come in each month ahead.

    Parameters
    ----------
    level : Level
        From `learn_level`.
    months, draws : int
        Months ahead and futures.
    rng : Generator
        Source of randomness.

    Returns
    -------
    array of int (draws, months)
    """
    pick = rng.choice(len(level.weight), size=draws, p=level.weight)
    years = -(-months // 12)
    drift = level.drift[pick, None]
    steps = (
        rng.standard_normal((draws, years)) * drift - drift**2 / 2
    )  # a level that drifts does not rise on average
    now = level.mean[pick] + rng.standard_normal(draws) * np.sqrt(level.variance[pick])
    logs = (
        now[:, None]
        + np.cumsum(steps, axis=1)
        + rng.standard_normal((draws, years)) * level.swing[pick, None]
    )
    expected = np.repeat(np.exp(logs) / 12, 12, axis=1)[:, :months]
    if level.clumping > 1.01:
        size = expected / (level.clumping - 1)
        expected = rng.gamma(np.maximum(size, 1e-9)) * (level.clumping - 1)
    return rng.poisson(expected)
