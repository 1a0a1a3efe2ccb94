"""One-way analysis of variance: how much values differ between groups and within them."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class OneWay:
    """Mean squares of a one-way analysis of variance.

    Parameters
    ----------
    between, within : float
        Mean squares between and within groups, in squared units of the values.
    groups : int
        Groups.
    extra : int
        Degrees of freedom within: values minus groups.
    size : float
        Mean size of a group as the intraclass correlation needs it (k0; the plain size when all are equal).
    """

    between: float
    within: float
    groups: int
    extra: int
    size: float

    @property
    def ratio(self) -> float:
        """F ratio; infinite when nothing differs within groups."""
        return self.between / self.within if self.within else math.inf

    @property
    def share(self) -> float:
        """Share of the variation that lies between groups (R squared)."""
        between, within = self.between * (self.groups - 1), self.within * self.extra
        return between / (between + within) if between + within else 0.0

    @property
    def icc(self) -> float:
        """Intraclass correlation ICC(1): share of variance that the values of a group have in common."""
        return (self.between - self.within) / (self.between + (self.size - 1) * self.within)


def one_way(values: np.ndarray, codes: np.ndarray) -> OneWay:
    """One-way analysis of variance.

    Parameters
    ----------
    values : array of float
        Values without gaps.
    codes : array of int
        Group of each value: 0, 1, 2 and so on, none without a value; at least two groups, and a group of two.

    Returns
    -------
    OneWay
        The mean squares.

    Notes
    -----
    Values are taken as differences from the first, which loses no digit of numbers that start alike.

    References
    ----------
    Searle SR, Casella G, McCulloch CE (1992), Variance Components, sections 3.4 and 3.6.

    Examples
    --------
    >>> found = one_way(np.array([1.0, 2.0, 3.0, 5.0]), np.array([0, 0, 1, 1]))
    >>> found.between, found.within, found.ratio
    (6.25, 1.25, 5.0)
    """
    shifted = np.asarray(values, dtype=float) - values[0]
    sizes = np.bincount(codes)
    means = np.bincount(codes, weights=shifted) / sizes
    groups, total = len(sizes), len(shifted)
    between = float(sizes @ (means - shifted.mean()) ** 2) / (groups - 1)
    within = float(np.sum((shifted - means[codes]) ** 2)) / (total - groups)
    size = (total - float(sizes @ sizes) / total) / (groups - 1)
    return OneWay(between, within, groups, total - groups, size)
