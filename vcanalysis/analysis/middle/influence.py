"""Figures of the dearest with what each child contributes to them, from which intervals come without resamples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vcanalysis.analysis.middle.balance import Prices
from vcanalysis.core.intervals import Interval

_NOTHING = 1e-12  # of an error, so that two figures without one go together not at all


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure and what each child contributes to its error.

    Parameters
    ----------
    value : float
        The figure.
    influence : array (children,)
        What it would change by with more of a child, from nought.
    """

    value: float
    influence: np.ndarray

    def __sub__(self, other: Figure) -> Figure:
        """Give the difference of two figures of the same children."""
        return Figure(self.value - other.value, self.influence - other.influence)


def mean_of_dearest(prices: Prices, values: np.ndarray, at_cut: float) -> Figure:
    """Mean of values among the dearest, whose cut moves with the children there are.

    Parameters
    ----------
    prices : Prices
        Children with a price at both dates.
    values : array (children,)
        What is averaged.
    at_cut : float
        Mean of the values among those of the dearest whose first price is near the cut.

    References
    ----------
    Serfling RJ (1980), Approximation Theorems of Mathematical Statistics, sections 2.5 and 6.6, for the influence.

    Examples
    --------
    >>> from vcanalysis.analysis.middle.shared import nothing_shared
    >>> alone = nothing_shared(3)
    >>> prices = Prices(np.array([1.0, 2.0, 9.0]), np.zeros(3), np.array([0.0, 0.0, 1.0]), alone)
    >>> mean_of_dearest(prices, prices.first, 9.0).value
    9.0
    """
    number = prices.part.sum()
    value = float(prices.part @ values / number)
    return Figure(value, prices.part * (values - at_cut) / number + (at_cut - value) / len(values))


def correlation_of(prices: Prices) -> Figure:
    """Pearson's correlation of the two dates; missing where a date does not vary.

    References
    ----------
    Devlin SJ, Gnanadesikan R, Kettenring JR (1975), Biometrika 62:531-545, for the influence.

    Examples
    --------
    >>> from vcanalysis.analysis.middle.shared import nothing_shared
    >>> alone = nothing_shared(3)
    >>> prices = Prices(np.array([1.0, 2.0, 3.0]), np.array([1.0, 3.0, 2.0]), np.zeros(3), alone)
    >>> round(correlation_of(prices).value, 3)
    0.5
    """
    apart = [p - p.mean() for p in (prices.first, prices.second)]
    if not all(np.ptp(p) for p in apart):
        return Figure(np.nan, np.zeros(len(prices.first)))
    one, other = (a / np.sqrt((a @ a) / len(a)) for a in apart)
    value = float(np.clip((one @ other) / len(one), -1, 1))
    return Figure(value, (one * other - value * (one**2 + other**2) / 2) / len(one))


def difference_interval(
    prices: Prices, one: Figure, other: Figure, ends: tuple[Interval, Interval]
) -> Interval:
    """Interval of a difference from those of its parts, however lopsided they are.

    References
    ----------
    Zou GY, Donner A (2008), Stat Med 27:1693-1702 (method of variance estimates recovery).

    Examples
    --------
    >>> from vcanalysis.analysis.middle.shared import nothing_shared
    >>> prices = Prices(np.ones(2), np.ones(2), np.zeros(2), nothing_shared(2))
    >>> parts = Figure(9.0, np.array([1.0, 0.0])), Figure(5.0, np.array([0.0, 2.0]))
    >>> [round(end, 3) for end in difference_interval(prices, *parts, ((6.0, 12.0), (1.0, 9.0)))]
    [-1.0, 9.0]
    """
    (low, high), (least, most) = ends
    a, b = one.influence, other.influence
    together = prices.shared.product(a, b) / max(prices.shared.error(a) * prices.shared.error(b), _NOTHING)

    def half(x: float, y: float) -> float:
        return float(np.sqrt(max(x * x + y * y - 2 * together * x * y, 0.0)))

    middle = one.value - other.value
    below, above = half(one.value - low, most - other.value), half(high - one.value, other.value - least)
    return middle - below, middle + above


def ratio_interval(prices: Prices, above: Figure, below: Figure, quantile: float) -> Interval:
    """Fieller's interval of a ratio whose lower figure is clearly above nought.

    References
    ----------
    Fieller EC (1954), J R Stat Soc B 16:175-185.

    Examples
    --------
    >>> from vcanalysis.analysis.middle.shared import nothing_shared
    >>> alone = nothing_shared(2)
    >>> prices = Prices(np.ones(2), np.ones(2), np.zeros(2), alone)
    >>> ends = ratio_interval(prices, Figure(1.0, np.array([0.1, 0.0])), Figure(2.0, np.zeros(2)), 2.0)
    >>> [round(end, 3) for end in ends]
    [0.4, 0.6]
    """
    wide, of = quantile**2, prices.shared
    square = below.value**2 - wide * of.error(below.influence) ** 2
    middle = above.value * below.value - wide * of.product(above.influence, below.influence)
    half = np.sqrt(max(middle**2 - square * (above.value**2 - wide * of.error(above.influence) ** 2), 0.0))
    return float((middle - half) / square), float((middle + half) / square)
