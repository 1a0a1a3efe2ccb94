"""How many pounds, given back to the dearest of a first date, make both directions of time look alike.

Nobody is sorted by price here: a child counts among the dear by how far up a ramp its price lies. So children with one
price count alike, whatever the order of the rows, and a pound given back moves nothing by a jump.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.optimize import brentq

from vcanalysis.analysis.middle.shared import Shared

_NOTHING = 1e-9  # of the highest price: what is left of rounding


@dataclass(frozen=True, slots=True)
class Prices:
    """Weekly costs of the same children at two dates.

    Parameters
    ----------
    first, second : array (children,)
        Weekly cost at the two dates, pounds.
    part : array (children,)
        How much of each child is among the dearest of the first date, 0 to 1.
    shared : Shared
        What children share.
    """

    first: np.ndarray
    second: np.ndarray
    part: np.ndarray
    shared: Shared


@dataclass(frozen=True, slots=True)
class Balance:
    """The pounds that balance both directions of time.

    Parameters
    ----------
    value, low, high : float
        Pounds a week, and the ends of their interval; the high end is infinite where nothing could be too much.
    influence : array (children,)
        What each child contributes to the error, as `Shared` sums it up.
    """

    value: float
    low: float
    high: float
    influence: np.ndarray


def share_of_dearest(prices: np.ndarray, number: float) -> np.ndarray:
    """Say how much of each child is among the dearest; those at the cut share what is left to give.

    Examples
    --------
    >>> share_of_dearest(np.array([5.0, 9.0, 5.0, 2.0]), 2).tolist()
    [0.5, 1.0, 0.5, 0.0]
    """
    place = len(prices) - int(number)
    cut = np.partition(prices, place)[place]
    above, at = prices > cut, prices == cut
    return above + at * (number - above.sum()) / at.sum()


def ramp_of(prices: np.ndarray, top: float) -> tuple[float, float]:
    """Give the prices between which a child counts ever more as dear; equal where no price stands out.

    It runs about the cut of the dearest, and over half the way down to the middle price at least.

    Examples
    --------
    >>> ramp_of(np.array([450.0] * 6 + [700.0] + [5000.0] * 3), 0.1)
    (2725.0, 5000.0)
    """
    middle, low, high = np.quantile(prices, [0.5, 1 - 2 * top, 1 - top / 2])
    high = high if high > middle else prices.max()
    return float(min(low, (middle + high) / 2)), float(high)


def score(prices: Prices, ramp: tuple[float, float], pounds: float) -> np.ndarray:
    """Give what each child adds to the upset of the balance, once pounds are given back to the dearest.

    Swapping the dates of a child turns its sign, so that with nothing done all signs are as likely as their
    opposites; a rise of all prices by the same pounds is taken out first.
    """
    low, high = ramp
    risen = prices.second - prices.first + pounds * prices.part
    fall = risen.mean() - risen
    restored = prices.first - fall
    dear = [np.clip((p - low) / (high - low), 0, 1) for p in (prices.first, restored)]
    steep = [((p > low) & (p < high)) / (high - low) for p in (restored, prices.first)]
    # what an error of the common rise would do to the sum, the same forwards and backwards
    common = (dear[0] + dear[1] - (steep[0] - steep[1]) * fall / 2).mean()
    return (dear[0] + dear[1] - common) * fall


def find_balance(prices: Prices, ramp: tuple[float, float], quantile: float) -> Balance | None:
    """Find the pounds at which the balance is not upset, and all those at which it is not clearly upset.

    Parameters
    ----------
    prices : Prices
        Children with a price at both dates.
    ramp : tuple of float
        As `ramp_of` gives it.
    quantile : float
        Of the normal distribution, such as 1.96.

    Returns
    -------
    Balance or None
        None where no number of pounds balances the dates. The low end is never so low that the dearest would have
        cost less than nothing without it.

    Notes
    -----
    The sum of scores is held against the root of the sum of squares of its providers, which needs no resamples and
    stays honest with few of them: where one provider is all, that ratio is 1 whatever its prices do.

    References
    ----------
    Efron B (1969), J Am Stat Assoc 64:1278-1302, for sums of symmetric parts over their own size; Robins JM (1994),
    Commun Stat 23:2379-2412, for giving back.
    """
    least = -float(prices.part @ prices.second / prices.part.sum())
    most = 2 * float(max(prices.first.max(), prices.second.max()))

    def total(pounds: float) -> float:
        return float(score(prices, ramp, pounds).sum())

    if not total(least) > 0 > total(most):
        return None
    value = float(brentq(total, least, most))
    low = _cross(lambda e: _ratio(prices, ramp, e) - quantile, value, least)
    high = _cross(lambda e: _ratio(prices, ramp, e) + quantile, value, most)
    if high is None:
        return Balance(value, least, np.inf, np.full(len(prices.first), np.inf))
    error = (high - value if low is None else (high - low) / 2) / quantile
    scores = score(prices, ramp, value)
    size = prices.shared.error(scores)
    influence = scores * (error / size if size else 0.0)
    return Balance(value, least if low is None else low, high, influence)


def _ratio(prices: Prices, ramp: tuple[float, float], pounds: float) -> float:
    """Divide the sum of scores by its error; 0 where all are nothing but rounding."""
    scores = score(prices, ramp, pounds)
    size = prices.shared.error(scores)
    return float(scores.sum()) / size if size > _NOTHING * prices.first.max() else 0.0


def _cross(function: Callable[[float], float], start: float, end: float) -> float | None:
    """Find where a function crosses nought between two places; None where it does not."""
    if function(start) * function(end) > 0:
        return None
    return float(brentq(function, start, end))
