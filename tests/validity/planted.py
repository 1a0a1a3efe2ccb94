"""Simulators with a known truth, shared by the trials. Every one takes the generator of `generator(seed)`."""

from __future__ import annotations

import numpy as np

Generator = np.random.Generator
CUTS = (-0.8, 0.2, 1.2)  # four levels of need, the highest the rarest


def generator(seed: int) -> Generator:
    """Give the random generator of a replicate.

    Its stream differs from the one an estimator makes of the same seed for its bootstrap, so that data and
    resamples are independent.
    """
    return np.random.default_rng([seed, 2019])


def two_normal(rng: Generator, n: int, rho: float) -> np.ndarray:
    """Draw n pairs of standard normals with Pearson correlation rho; shape (n, 2)."""
    first, other = rng.standard_normal((2, n))
    return np.column_stack([first, rho * first + np.sqrt(1 - rho**2) * other])


def spearman_of(rho: float) -> float:
    """Give the rank correlation of two normals whose Pearson correlation is rho."""
    return float(6 / np.pi * np.arcsin(rho / 2))


def levels(values: np.ndarray, cuts: tuple[float, ...] = CUTS) -> np.ndarray:
    """Cut a latent number into ordinal levels 0, 1, 2 and so on."""
    return np.digitize(values, cuts)


def rated(rng: Generator, true: np.ndarray, reliability: float, times: int = 2) -> np.ndarray:
    """Rate standard normal needs several times: the share `reliability` of the variance of a rating is true.

    Shape (times, children); `levels` makes ordinal scores of them.
    """
    error = np.sqrt(1 / reliability - 1)
    return true + rng.normal(0, error, (times, len(true)))


def clustered(rng: Generator, groups: int, size: float, icc: float) -> tuple[np.ndarray, np.ndarray]:
    """Draw normal values that share something within a group (a provider, a home), and the group of each.

    Groups have 1 + Poisson(size - 1) children; `icc` is the share of variance between groups.
    """
    group = np.repeat(np.arange(groups), 1 + rng.poisson(size - 1, groups))
    shared = rng.normal(0, np.sqrt(icc), groups)
    return shared[group] + rng.normal(0, np.sqrt(1 - icc), len(group)), group


def lognormal_costs(rng: Generator, n: int, spread: float = 0.8) -> np.ndarray:
    """Draw weekly costs around 1,100 pounds with one smooth dear tail."""
    return rng.lognormal(7, spread, n)


def costs_by_type(rng: Generator, n: int) -> np.ndarray:
    """Draw weekly costs as councils have them: three kinds of fostering, and a few homes at five times the price."""
    kind = rng.choice(4, n, p=[0.35, 0.35, 0.18, 0.12])
    price, spread = np.array([320, 550, 850, 4200])[kind], np.array([0.3, 0.3, 0.3, 0.45])[kind]
    return price * np.exp(rng.normal(0, 1, n) * spread)


def competing(
    rng: Generator, n: int, hazards: tuple[float, ...], censored: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """Draw times with constant cause-specific hazards: time, and which end came first (1, 2 and so on; 0 censored).

    The cumulative incidence of cause k at t is h_k / h * (1 - exp(-h * t)), with h the sum of the hazards.
    """
    rates = np.array([censored, *hazards])
    with np.errstate(divide="ignore"):
        times = rng.exponential(1.0, (n, len(rates))) / rates
    end = times.argmin(axis=1)
    return times[np.arange(n), end], end


def proportional(rng: Generator, log_hazard: np.ndarray, base: float, shape: float = 1.0) -> np.ndarray:
    """Draw Weibull times whose hazard is base * shape * t**(shape - 1) * exp(log_hazard): for Cox regression."""
    return (rng.exponential(1.0, len(log_hazard)) / (base * np.exp(log_hazard))) ** (1 / shape)
