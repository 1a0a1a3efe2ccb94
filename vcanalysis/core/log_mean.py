"""The logarithmic mean: what each factor of a product gave to its change, exactly, and rounded to the penny."""

from __future__ import annotations

from typing import Any

import numpy as np

Array = np.ndarray[Any, Any]


def log_mean_effects(money: Array, first: Array, second: Array) -> Array:
    """Give the pounds of each factor in each cell (LMDI-I); a cell that comes or goes by its limit.

    Parameters
    ----------
    money : array
        Pounds of the two periods, shape (cells, 2); each the product of its factors.
    first, second : array
        Factors of either period, shape (cells, factors).

    Returns
    -------
    array
        Shape (cells, factors); rows add up to the change of the cell.

    References
    ----------
    Ang BW (2005), Energy Policy 33:867-871; Ang BW, Liu N (2007), Energy Policy 35:238-246, for zeros.

    Examples
    --------
    >>> both = np.array([[10.0, 2.0]]), np.array([[20.0, 2.0]])
    >>> log_mean_effects(np.array([[20.0, 40.0]]), *both).round(6).tolist()
    [[20.0, 0.0]]
    """
    change = money[:, 1] - money[:, 0]
    there = (money > 0).all(axis=1)
    effects = np.zeros(first.shape)
    if there.any():
        ratio = np.log(money[there, 1] / money[there, 0])
        mean = np.where(np.abs(ratio) < 1e-9, money[there, 0], change[there] / np.where(ratio == 0, 1, ratio))
        effects[there] = mean[:, None] * np.log(second[there] / first[there])
    gone = ~there & (change != 0)
    first_nought = (np.stack([first, second]).min(axis=0) == 0).argmax(axis=1)
    effects[gone, first_nought[gone]] = change[gone]
    return effects


def to_the_penny(exact: Array, total: int) -> list[int]:
    """Round effects so that they add up to the change (largest remainder).

    Examples
    --------
    >>> to_the_penny(np.array([1.5, 1.5]), 3)
    [2, 1]
    """
    floor = np.floor(exact)
    order = np.argsort(-(exact - floor), kind="stable")
    floor[order[: max(int(total - floor.sum()), 0)]] += 1
    return [int(pence) for pence in floor]
