"""How far apart two groups of skewed costs come by chance: the children are dealt out anew.

A few very dear children decide a mean. Where a small group has none of them its mean and its standard error are both
low, and an interval by t claims a saving three times as often as it should. Here the two groups are pooled, one of
them moved by the difference that is asked about, and dealt out anew many times: exact where costs are alike but for
that difference, right in large samples where they are not.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import combinations_with_replacement

import numpy as np
from scipy import stats

from vcanalysis.analysis.value.skewed import MOST, drawn_means, straighten

DEALS, FEW = 999, 399
_MANY = 20_000  # children above whom few deals do: their means are nearly normal
_CELLS = 4_000_000  # dealt at once: 32 MB
_STEPS = 15  # halvings of four standard errors until an end is found to about a ten-thousandth of one
_FURTHEST = 1024.0  # standard errors, beyond which no end is sought
_ROUNDING = 1e-9  # share of the spread below which an error is rounding


@dataclass(frozen=True, slots=True)
class Dealt:
    """Sums over the group, as it is (first row) and as dealt anew, of every product of up to three measures.

    Parameters
    ----------
    sums, totals : array (1 + deals, m) and (m,)
        Over the group, and over all children: the products, then those with who truly is in the group.
    products : tuple of tuple of int
        Which measures are multiplied, the empty one for a count.
    scale : array (k,)
        What the measures were divided by.
    n : tuple of int
        Children in the group, and others.
    skewed : tuple of array (deals, m) or None
        Means of the products in the group and among the others, drawn from costs as skewed as these.
    """

    sums: np.ndarray
    totals: np.ndarray
    products: tuple[tuple[int, ...], ...]
    scale: np.ndarray
    n: tuple[int, int]
    skewed: tuple[np.ndarray, np.ndarray] | None = None

    def along(self, weights: np.ndarray) -> Reference:
        """Give the reference of a weighted sum of the measures."""
        scaled = np.asarray(weights) * self.scale
        scaled = scaled / max(float(np.abs(scaled).max()), 1e-300)
        into = np.zeros((len(self.totals), 6))
        first = len(self.products)
        for place, product in enumerate(self.products):
            ways = len({*_orders(product)})
            weight = ways * float(np.prod(scaled[list(product)]))
            if product:
                into[place, len(product) - 1] = weight
            if len(product) < 3:
                into[first, 3 + len(product)] = weight
                first += 1
        drawn = None
        if self.skewed is not None:
            inside, others = (part @ into[: len(self.products), :3] for part in self.skewed)
            drawn = _drawn(inside, others, self.n)
        return Reference(self.sums @ into, self.totals @ into, self.n, drawn)


@dataclass(frozen=True, slots=True)
class Reference:
    """What one difference in means is held against; its factors count standard errors of Welch.

    Parameters
    ----------
    sums, totals : array (1 + deals, 6) and (6,)
        Sums of the measure, its square and cube, then of membership alone, times the measure, times its square.
    n : tuple of int
        Children in the group, and others.
    drawn : array (deals,) or None
        The straightened statistic where costs are drawn as skewed as these, their means alike.
    """

    sums: np.ndarray
    totals: np.ndarray
    n: tuple[int, int]
    drawn: np.ndarray | None = None

    def tails(self, factor: float) -> tuple[float, float]:
        """Give the one-sided p-values (too low, too high) of a difference this many standard errors above the null."""
        _, error, _ = _welch(self.sums[:1, :3], (self.totals - self.sums[:1])[:, :3], self.n)
        inside, everyone = (_moved(part, factor * float(error[0])) for part in (self.sums, self.totals))
        found = _straightened(*_welch(inside, everyone - inside, self.n))
        low, high = _beyond(found[0], found)
        if self.drawn is None:
            return low, high
        fewer, more = _beyond(found[0], np.append(self.drawn, found[0]))
        return max(low, fewer), max(high, more)

    def factors(self, level: float) -> tuple[float, float]:
        """Give how many standard errors the difference lies above the least and the greatest that is not ruled out."""
        tail = (1 - level) / 2
        least = self._end(lambda factor: self.tails(factor)[1] < tail)
        greatest = -self._end(lambda factor: self.tails(-factor)[0] < tail)
        return least, greatest

    @staticmethod
    def _end(ruled_out: Callable[[float], bool]) -> float:
        low, high = 0.0, 4.0
        while high < _FURTHEST and not ruled_out(high):
            low, high = high, 2 * high
        for _ in range(_STEPS):
            middle = (low + high) / 2
            low, high = (low, middle) if ruled_out(middle) else (middle, high)
        return high


def deal(values: np.ndarray, inside: np.ndarray, *, seed: int = 0) -> Dealt:
    """Deal the children out anew, the size of the group kept.

    Parameters
    ----------
    values : array (n, k)
        Measures of the children, none missing.
    inside : array of bool (n,)
        Who belongs to the group.
    seed : int
        Seed of the deals.

    Notes
    -----
    The statistic is that of Welch, straightened by Hall's cubic for the skewness it has (unbiased third moments):
    to first order its distribution is the same whatever the shapes of the two groups.

    References
    ----------
    Janssen A (1997), Stat Probab Lett 36:9-21; Chung EY, Romano JP (2013), Ann Stat 41:484-507, for studentised
    permutation; Zhou XH, Dinh P (2005), Biostatistics 6:187-200, for the cubic of two skewed groups.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> found = deal(rng.lognormal(9, 1, (240, 1)), np.arange(240) < 40)
    >>> [round(factor, 1) for factor in found.along(np.array([1.0])).factors(0.95)]
    [1.6, -4.7]
    """
    rng = np.random.default_rng(seed)
    means = np.where(inside[:, None], values[inside].mean(axis=0), values[~inside].mean(axis=0))
    scale = np.maximum((values - means).std(axis=0), 1e-300)
    columns, products = _columns((values - means) / scale, inside)
    sums, step = [inside[None].astype(float) @ columns], max(1, _CELLS // len(inside))
    deals = DEALS if len(inside) <= _MANY else FEW
    for start in range(0, deals, step):
        rows = np.tile(inside, (min(step, deals - start), 1))
        sums.append(rng.permuted(rows, axis=1).astype(float) @ columns)
    size = int(inside.sum())
    skewed = drawn_means(values / scale, inside, products, draws=deals, rng=rng)
    return Dealt(np.vstack(sums), columns.sum(axis=0), products, scale, (size, len(inside) - size), skewed)


def carried(factor: float, *, freedom: tuple[float, float]) -> float:
    """Carry a factor from the freedom it was found with to another one, at the same probability by t.

    Examples
    --------
    >>> round(carried(-1.96, freedom=(1e9, 5)), 2)
    -2.57
    >>> round(carried(-2.57, freedom=(5, 1e9)), 2)
    -1.96
    """
    old, new = freedom
    if new == old:
        return factor
    size = stats.t.isf(stats.t.sf(abs(factor), old), new)
    return float(np.copysign(min(size, abs(factor)) if new > old else size, factor))


def _columns(values: np.ndarray, inside: np.ndarray) -> tuple[np.ndarray, tuple[tuple[int, ...], ...]]:
    measures = range(values.shape[1])
    products = tuple(p for power in range(4) for p in combinations_with_replacement(measures, power))
    plain = [values[:, list(product)].prod(axis=1) for product in products]
    marked = [inside * column for product, column in zip(products, plain, strict=True) if len(product) < 3]
    return np.column_stack([*plain, *marked]), products


def _orders(product: tuple[int, ...]) -> list[tuple[int, ...]]:
    """Give the orders in which a product of up to three measures may be written."""
    if len(product) < 2:
        return [product]
    return [
        (product[i], *rest) for i in range(len(product)) for rest in _orders(product[:i] + product[i + 1 :])
    ]


def _beyond(one: float, all_: np.ndarray) -> tuple[float, float]:
    """Give the shares of some numbers that lie no higher than one of them, and no lower."""
    return float((all_ <= one).sum()) / len(all_), float((all_ >= one).sum()) / len(all_)


def _drawn(inside: np.ndarray, others: np.ndarray, n: tuple[int, int]) -> np.ndarray:
    """Give the straightened statistic from means of the first three powers, where few may have been drawn for many."""
    sums = []
    for part, size in zip((inside, others), n, strict=True):
        one, two, three = np.moveaxis(part, -1, 0)
        spread, third = two - one**2, three - 3 * one * two + 2 * one**3
        one = one * np.sqrt(min(size, MOST) / size)
        two = spread + one**2
        sums.append(size * np.stack([one, two, third + 3 * one * two - 2 * one**3], axis=-1))
    return _straightened(*_welch(sums[0], sums[1], n))


def _moved(sums: np.ndarray, by: float) -> np.ndarray:
    """Give the sums of the first three powers when those truly in the group are moved by so much."""
    one, two, three, count, once, twice = np.moveaxis(sums, -1, 0)
    return np.stack(
        [
            one + by * count,
            two + 2 * by * once + by**2 * count,
            three + 3 * by * twice + 3 * by**2 * once + by**3 * count,
        ],
        axis=-1,
    )


def _welch(
    inside: np.ndarray, others: np.ndarray, n: tuple[int, int]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give difference, error and skewness from sums of the first three powers in either group."""
    parts = []
    for sums, size in ((inside, n[0]), (others, n[1])):
        mean, square, cube = np.moveaxis(sums / size, -1, 0)
        spread = np.maximum(square - mean**2, 0.0) * size / (size - 1)
        third = (cube - 3 * mean * square + 2 * mean**3) * size**2 / ((size - 1) * (size - 2))
        parts.append((mean, spread / size, third / size**2))
    (one, var, third), (other, var_other, third_other) = parts
    error = np.maximum(np.sqrt(var + var_other), _ROUNDING)
    return one - other, error, (third - third_other) / error**3


def _straightened(gap: np.ndarray, error: np.ndarray, skewness: np.ndarray) -> np.ndarray:
    return straighten(gap / error, skewness)
