"""How far apart two groups of very skewed costs come by chance, were their costs log-normal.

A small group says too little of its dearest children: where it has none of them, no deal of the children there are
gives it one. So the groups are also drawn anew from log-normal costs as spread as theirs, each with the doubt about
that spread. An interval must hold by both ways of making chance.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy import stats

SPREAD = 0.5  # of log costs: less skewed means are well served without
MOST = 1000  # children of a group that are drawn; of more the mean is as good as normal, and only scaled
_LOW = 1.25  # how much wider in all than above the middle the logs may be spread: a few pounds for a day are no tail
_CELLS = 2_000_000  # drawn at once: 16 MB

Products = Sequence[tuple[int, ...]]


def straighten(t: np.ndarray | float, skewness: np.ndarray | float) -> np.ndarray:
    """Take the skewness out of t by Hall's cubic, which never turns back.

    References
    ----------
    Hall P (1992), J R Stat Soc B 54:221-228.

    Examples
    --------
    >>> float(straighten(-2.0, 0.3).round(3))
    -1.577
    """
    return np.asarray(t + skewness * t**2 / 3 + skewness**2 * t**3 / 27 + skewness / 6)


def log_spread(costs: np.ndarray) -> float:
    """Give the spread of log costs, all above nought; low outliers count for little, since they make no tail.

    Examples
    --------
    >>> round(log_spread(np.exp(np.array([6.0, 7.0, 8.0] * 20))), 1)
    0.8
    """
    logs = np.log(costs)
    above = logs[logs >= np.median(logs)] - np.median(logs)
    return float(min(logs.std(ddof=1), _LOW * np.sqrt(np.mean(above**2))))


def draw_spreads(spread: float, size: int, draws: int, rng: np.random.Generator) -> np.ndarray:
    """Draw spreads of log costs that so many children leave open.

    References
    ----------
    Krishnamoorthy K, Mathew T (2003), J Stat Plan Inference 115:103-121.

    Examples
    --------
    >>> draw_spreads(1.0, 10_000, 2, np.random.default_rng(1)).round(1).tolist()
    [1.0, 1.0]
    """
    return np.asarray(spread * np.sqrt((size - 1) / rng.chisquare(size - 1, draws)))


def log_normal(normal: np.ndarray, spread: np.ndarray | float) -> np.ndarray:
    """Turn normal draws into log-normal ones about a mean of 1, less that mean.

    Examples
    --------
    >>> log_normal(np.array([0.5]), 1.0).tolist()
    [0.0]
    """
    return np.asarray(np.expm1(spread * normal - np.square(spread) / 2))


def drawn_means(
    values: np.ndarray, inside: np.ndarray, products: Products, *, draws: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray] | None:
    """Draw both groups anew under equal means; None where no measure is a very skewed cost.

    Parameters
    ----------
    values : array (n, k)
        Measures of the children; the first that is very skewed and above nought is drawn.
    inside : array of bool (n,)
        Who belongs to the group.
    products : sequence of tuple of int
        Which measures are multiplied.
    draws : int
        How often.
    rng : Generator
        Source of chance.

    Returns
    -------
    tuple of array (draws, products) or None
        Means of the products in the group and among the others. A measure that is not drawn is that of the child
        whose cost has the same rank.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> costs = rng.lognormal(7, 1, (60, 1))
    >>> [part.shape for part in drawn_means(costs, np.arange(60) < 20, [(), (0,)], draws=9, rng=rng)]
    [(9, 2), (9, 2)]
    """
    for lead, costs in enumerate(values.T):
        known = [log_spread(costs[side]) if costs.min() > 0 else 0.0 for side in (inside, ~inside)]
        if max(known) < SPREAD:
            continue
        about = values - np.where(inside[:, None], values[inside].mean(axis=0), values[~inside].mean(axis=0))
        about, found = about[np.argsort(_standing(costs, inside))], []
        for side, spread in zip((inside, ~inside), known, strict=True):
            size = int(side.sum())
            drawn = draw_spreads(spread, size, draws, rng)
            how = (lead, float(costs[side].mean()), min(size, MOST))
            found.append(_means(about, products, drawn, how, rng))
        return found[0], found[1]
    return None


def _means(
    about: np.ndarray,
    products: Products,
    spreads: np.ndarray,
    how: tuple[int, float, int],
    rng: np.random.Generator,
) -> np.ndarray:
    """Means of the products over so many children of one group, for each of the spreads."""
    lead, mean, size = how
    made, step = np.empty((len(spreads), len(products))), max(1, _CELLS // size)
    for start in range(0, len(made), step):
        spread = spreads[start : start + step, None]
        normal = rng.standard_normal((len(spread), size))
        ranks = np.minimum((stats.norm.cdf(normal) * len(about)).astype(int), len(about) - 1)
        columns = list(np.moveaxis(about[ranks], -1, 0))
        columns[lead] = mean * log_normal(normal, spread)
        for place, product in enumerate(products):
            part = np.ones_like(normal)
            for measure in product:
                part = part * columns[measure]
            made[start : start + step, place] = part.mean(axis=1)
    return made


def _standing(costs: np.ndarray, inside: np.ndarray) -> np.ndarray:
    """Say how dear each child is within its own group, in standard deviations of log cost."""
    logs = np.log(costs)
    for side in (inside, ~inside):
        logs[side] = (logs[side] - logs[side].mean()) / max(float(logs[side].std()), 1e-300)
    return logs
