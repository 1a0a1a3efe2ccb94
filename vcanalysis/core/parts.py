"""What stands behind a number, for the disclosure gate: parts, model, who was paid, whom a known price counts."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd


class Parts(NamedTuple):
    """The largest part of a sum, the next, and all parts together, by their size without sign."""

    first: float
    second: float
    total: float


def parts_of(values: Sequence[float] | np.ndarray) -> Parts:
    """Find the two largest parts of a sum or a mean, for the disclosure gate.

    Parameters
    ----------
    values : sequence of float
        What each child contributes; missing values are left out.

    Examples
    --------
    >>> parts_of([400.0, 16_000.0, 380.0])
    Parts(first=16000.0, second=400.0, total=16780.0)
    """
    sizes = np.abs(np.asarray(values, dtype=float))
    sizes = np.sort(sizes[np.isfinite(sizes)])[::-1]
    first, second = (*sizes[:2].tolist(), 0.0, 0.0)[:2]
    return Parts(first, second, float(sizes.sum()))


def column_support(matrix: np.ndarray) -> int:
    """Find the fewest rows that any column of a design rests on: those not nought, and the rarer of two values.

    A column that is nought for all but a few children gives their values away, whatever the degrees of freedom.

    Examples
    --------
    >>> column_support(np.column_stack([np.ones(60), np.arange(60) < 1, np.arange(60) < 25]).astype(float))
    1
    """
    fewest = len(matrix)
    for column in np.asarray(matrix, dtype=float).T:
        kinds, counts = np.unique(column, return_counts=True)
        fewest = min(fewest, int(np.count_nonzero(column)), int(counts.min()) if len(kinds) == 2 else fewest)
    return fewest


def fewest_of(*sides: Sequence[float] | np.ndarray) -> int:
    """Find the fewest children that a comparison of groups tells of, for the disclosure gate.

    Of flags, the fewest with or without on any side; of other numbers, the smallest side.

    Examples
    --------
    >>> fewest_of([1.0, 0.0, 0.0], [0.0] * 20), fewest_of([0.5, 0.2], [0.1, 0.4, 0.9])
    (0, 2)
    """
    groups = [np.asarray(side, dtype=float) for side in sides]
    sizes = [len(group) for group in groups]
    if all(np.isin(group, (0.0, 1.0)).all() for group in groups):
        sizes += [int(group.sum()) for group in groups] + [int((group == 0).sum()) for group in groups]
    return min(sizes)


def to_base(count: float, base: int) -> int:
    """Round a count to a multiple of a base, halves upwards, before a number is made of it that is published.

    Examples
    --------
    >>> to_base(12, 5), to_base(13, 5), to_base(7, 1)
    (10, 15, 7)
    """
    return base * math.floor(count / base + 0.5)


def step_of(least: float, power: int | None = None) -> float:
    """Give the first of 1, 2 or 5 times a power of ten that is as large as a step, from a power on if one is given.

    Examples
    --------
    >>> step_of(0.049), step_of(3.0), step_of(3.0, 1)
    (0.05, 5.0, 10.0)
    """
    power = math.floor(math.log10(least)) if power is None else power
    steps = (m * 10.0 ** (power + k) for k in range(12) for m in (1, 2, 5))
    return float(f"{next(s for s in steps if s >= least * (1 - 1e-9)):.10g}")


class Fit(NamedTuple):
    """What a fitted model leaves open: degrees of freedom, rows behind its rarest column, its largest leverage."""

    freedom: int
    column: int
    leverage: float


def fit_of(matrix: np.ndarray) -> Fit:
    """Say how far the coefficients of a design rest on few of its rows, for the disclosure gate.

    Examples
    --------
    >>> fit_of(np.column_stack([np.ones(60), np.arange(60) < 1]).astype(float))
    Fit(freedom=58, column=1, leverage=1.0)
    """
    # columns brought to one size: a rank is judged beside the largest
    sizes = np.abs(matrix).max(axis=0)
    u, s, _ = np.linalg.svd(matrix[:, sizes > 0] / sizes[sizes > 0], full_matrices=False)
    u = u[:, s > s.max(initial=0.0) * len(matrix) * np.finfo(float).eps]
    leverage = float((u**2).sum(axis=1).max(initial=0.0))
    return Fit(len(matrix) - u.shape[1], column_support(matrix), round(leverage, 9))


class Priced(NamedTuple):
    """Children counted at a price that all know: how many, and what one more adds to the number and to its ends."""

    number: int
    each: float
    low: float
    high: float


def priced_alike(
    number: int, value: float, low: float | None = None, high: float | None = None
) -> Priced | None:
    """Say that a sum, and the ends of its interval, grow in proportion to a number of children.

    Parameters
    ----------
    number : int
        Children counted; of none there is nothing to say.
    value, low, high : float
        The sum and its ends; where there are none, the sum stands for them.

    Examples
    --------
    >>> priced_alike(20, 5000.0)
    Priced(number=20, each=250.0, low=250.0, high=250.0)
    """
    if not number:
        return None
    ends = (value if end is None else end for end in (low, high))
    return Priced(number, value / number, *(end / number for end in ends))


class Sellers(NamedTuple):
    """Who was paid: providers outside the council, what the largest two were paid, all of them, and all in all."""

    number: int
    first: float
    second: float
    bought: float
    paid: float


def sellers_of(
    pounds: Sequence[float] | np.ndarray, sellers: Sequence[object] | np.ndarray | None
) -> Sellers | None:
    """Find how much of a sum or a mean goes to its largest providers, for the disclosure gate.

    Parameters
    ----------
    pounds : sequence of float
        What each child's placement costs.
    sellers : sequence, optional
        The provider of each, missing where the council provides itself; None where it is not known.

    Examples
    --------
    >>> sellers_of([500.0, 500.0, 4000.0, 3000.0], [None, None, "a", "a"])
    Sellers(number=1, first=7000.0, second=0.0, bought=7000.0, paid=8000.0)
    """
    if sellers is None:
        return None
    sizes = pd.Series(np.abs(np.asarray(pounds, dtype=float)))
    by = sizes.groupby(pd.Series(np.asarray(sellers, dtype=object))).sum()
    first, second = (*np.sort(by.to_numpy())[::-1][:2].tolist(), 0.0, 0.0)[:2]
    return Sellers(len(by), first, second, float(by.sum()), float(sizes.sum()))
