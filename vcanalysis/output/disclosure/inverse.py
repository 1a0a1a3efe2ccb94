"""What published shares and means can come from: arithmetic of the attacker, by hand."""

from __future__ import annotations

import math


def numerators(share: float, n: float, *, base: int = 5, places: int = 2) -> list[tuple[int, int]]:
    """Find every count and base that a published share can come from.

    Parameters
    ----------
    share : float
        The published share, rounded to `places`.
    n : float
        The published base, rounded to `base`.

    Examples
    --------
    >>> numerators(0.33, 3, base=1), len(numerators(0.33, 60))
    ([(1, 3)], 3)
    """
    half, step = base // 2, 0.5 * 10**-places + 1e-9
    return [
        (count, m)
        for m in range(max(int(n) - half, 1), int(n) + half + 1)
        for count in range(math.ceil((share - step) * m), math.floor((share + step) * m) + 1)
        if 0 <= count <= m
    ]


def one_more(
    before: tuple[float, float],
    after: tuple[float, float],
    *,
    steps: tuple[float, float] = (0, 0),
    base: int = 5,
) -> tuple[float, float]:
    """Find what one child can have cost, from two published means, the second with one child more.

    Parameters
    ----------
    before, after : tuple of float
        Published mean and base.
    steps : tuple of float
        To what the two means are rounded; 0 where they are not.
    base : int
        To what the bases are rounded.

    Examples
    --------
    >>> one_more((500.0, 20), (520.0, 21), base=1)
    (920.0, 920.0)
    """
    half = base // 2
    ends = [
        (after[0] + sign * steps[1] / 2) * (n + 1) - (before[0] - sign * steps[0] / 2) * n
        for n in range(max(int(before[1]) - half, 1), int(before[1]) + half + 1)
        if abs(n + 1 - after[1]) <= half
        for sign in (-1, 1)
    ]
    return min(ends), max(ends)
