"""Statistics of bootstrap resamples without a loop over them, and the bootstrap-t interval for skewed money."""

from __future__ import annotations

import numpy as np

from vcanalysis.core.intervals import Interval, percentile_interval, resample

Draws = tuple[np.ndarray, np.ndarray]


def studentised_interval(
    draws: Draws, observed: float, error: float, *, n: int, level: float = 0.95, share: bool = False
) -> Interval:
    """Bootstrap-t interval.

    Parameters
    ----------
    draws : tuple of array
        The statistic in each resample, and its standard error there.
    observed, error : float
        The statistic in the sample and its standard error.
    n : int
        Observations.
    level : float
        Confidence level.
    share : bool
        Whether the statistic lies between 0 and 1: the interval is then made on the logit scale and stays inside.

    Returns
    -------
    tuple of float
        Lower and upper end; the percentile interval where a share is 0 or 1.

    Notes
    -----
    Costs are skewed: a resample without the dearest children has a small statistic and a small error too, which
    plain percentiles cannot see. Each resample's variance is drawn towards the sample's with the weight of one
    observation, so that a resample of equal values has an error too.

    References
    ----------
    Efron B, Tibshirani RJ (1993), An Introduction to the Bootstrap, section 12.5; for the Gini coefficient
    Davidson R (2009), J Econometrics 150:30-40.

    Examples
    --------
    >>> draws = mean_draws(np.array([1.0, 2.0, 3.0, 4.0, 20.0] * 8), seed=1)
    >>> low, high = studentised_interval(draws, 6.0, 1.13, n=40)
    >>> bool(6.0 - low < high - 6.0)
    True
    """
    drawn, errors = draws[0], np.sqrt((n * draws[1] ** 2 + error**2) / (n + 1))
    if not share:
        ends = np.quantile((drawn - observed) / errors, [(1 + level) / 2, (1 - level) / 2])
        low, high = observed - ends * error
        return float(low), float(high)
    inside = (drawn > 0) & (drawn < 1)
    if not 0 < observed < 1 or inside.mean() < level:
        return percentile_interval(drawn, level)
    steps = _logit(drawn[inside]) - _logit(observed)
    slope = drawn[inside] * (1 - drawn[inside])
    ends = np.quantile(steps * slope / errors[inside], [(1 + level) / 2, (1 - level) / 2])
    low, high = 1 / (1 + np.exp(ends * error / (observed * (1 - observed)) - _logit(observed)))
    return float(low), float(high)


def mean_draws(values: np.ndarray, *, replicates: int = 2000, seed: int = 0) -> Draws:
    """Draw the mean and its standard error in bootstrap resamples.

    Parameters
    ----------
    values : array of float
        At least two observations without missing values.
    replicates, seed : int
        Resamples and their seed.

    Returns
    -------
    tuple of array
        Means and standard errors.

    Examples
    --------
    >>> means, errors = mean_draws(np.array([3.0, 3.0, 3.0]), replicates=2)
    >>> means.tolist(), errors.tolist()
    ([3.0, 3.0], [0.0, 0.0])
    """
    n, middle = len(values), values.mean()
    shifted = values - middle
    powers = np.column_stack([shifted, shifted**2])
    sums = resample(lambda counts: counts @ powers / n, n, replicates=replicates, seed=seed)
    variance = np.maximum(sums[:, 1] - sums[:, 0] ** 2, 0.0)
    return middle + sums[:, 0], np.sqrt(variance / (n - 1))


def resampled_medians(values: np.ndarray, replicates: int, rng: np.random.Generator) -> np.ndarray:
    """Draw the median of bootstrap resamples without making them.

    Which ordered values stand in the middle of a resample of n is settled by the middle order statistics of n
    uniform numbers, and these are beta distributed.

    Parameters
    ----------
    values : array of float
        Observations without missing values.
    replicates : int
        Resamples.
    rng : Generator
        Source of randomness.

    References
    ----------
    David HA, Nagaraja HN (2003), Order Statistics, 3rd ed., section 2.5.

    Examples
    --------
    >>> resampled_medians(np.array([4.0, 4.0, 4.0]), 2, np.random.default_rng(1)).tolist()
    [4.0, 4.0]
    """
    ordered, n = np.sort(values), len(values)
    lower = (n + 1) // 2
    first = rng.beta(lower, n - lower + 1, replicates)
    second = first
    if n % 2 == 0:  # the least of the n - lower numbers above the first
        second = 1 - (1 - first) * rng.random(replicates) ** (1 / (n - lower))
    places = [np.minimum((uniform * n).astype(int), n - 1) for uniform in (first, second)]
    return (ordered[places[0]] + ordered[places[1]]) / 2


def resampled_quantiles(values: np.ndarray, counts: np.ndarray, shares: tuple[float, ...]) -> np.ndarray:
    """Give quantiles of many resamples at once, each as `numpy.quantile` of the resampled values.

    Parameters
    ----------
    values : array of float
        Observations without missing values.
    counts : array (resamples, observations)
        How often each was drawn, as `resample` gives them; the observations may be a part of those drawn from.
    shares : tuple of float
        Which quantiles, 0 to 1.

    Returns
    -------
    array (shares, resamples)
        Missing where a resample drew none of them.

    Examples
    --------
    >>> resampled_quantiles(np.array([3.0, 1.0]), np.array([[1, 1], [2, 0], [0, 0]]), (0.25,)).tolist()
    [[1.5, 3.0, nan]]
    """
    order = np.argsort(values, kind="stable")
    ordered, passed = np.append(values[order], np.nan), np.cumsum(counts[:, order], axis=1)
    drawn = passed[:, -1] if len(values) else np.zeros(len(counts), dtype=int)
    # each resample's running counts lie above those of the one before it: one search does for all
    above = np.arange(len(counts)) * (int(drawn.max(initial=0)) + 1)
    running = (passed + above[:, None]).ravel()

    def at(rank: np.ndarray) -> np.ndarray:
        place = np.searchsorted(running, rank + above, side="right") - np.arange(len(counts)) * len(values)
        return ordered[np.where(drawn > 0, np.minimum(place, len(values)), len(values))]

    found = []
    for share in shares:
        rank = (drawn - 1) * share
        lower = np.clip(np.floor(rank), 0, None).astype(int)
        least, next_ = at(lower), at(np.minimum(lower + 1, np.maximum(drawn - 1, 0)))
        found.append(least + (rank - lower) * (next_ - least))
    return np.array(found)


def _logit(share: np.ndarray | float) -> np.ndarray:
    return np.log(np.asarray(share) / (1 - np.asarray(share)))
