"""Kinds and ages put together where few children are expected, so that a strategy can be published."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vcanalysis.analysis.sufficiency.settings import ADULT, AGE_BANDS, AGE_EDGES

_YEARS = (*(edge // 12 for edge in AGE_EDGES), ADULT // 12)


def kinds_together(
    names: Sequence[str], sizes: np.ndarray, *, least: float
) -> list[tuple[str, tuple[int, ...]]]:
    """Put the kinds of few children into one, as "the one or the other"; the rest stand by themselves.

    Parameters
    ----------
    names : sequence of str
        Kinds of placement.
    sizes : array (times, kinds)
        Children expected in each at several times; the least holds.
    least : float
        Below this a kind does not stand alone.

    Returns
    -------
    list of (str, tuple of int)
        What to call each, and the numbers of the kinds in it.

    Examples
    --------
    >>> kinds_together(["Agency", "Home", "Secure", "Other"], np.array([[80, 30, 2, 9]]), least=10)
    [('Agency', (0,)), ('Home', (1,)), ('Secure or Other', (2, 3))]
    """
    lowest = sizes.min(axis=0)
    order = np.argsort(lowest, kind="stable")
    few = [int(k) for k in order if lowest[k] < least]
    while few and len(few) < len(names) and (len(few) < 2 or sizes[:, few].sum(axis=1).min() < least):
        few.append(int(order[len(few)]))
    alone: list[tuple[str, tuple[int, ...]]] = [(name, (k,)) for k, name in enumerate(names) if k not in few]
    if not few:
        return alone
    *first, last = (names[k] for k in sorted(few))
    called = f"{', '.join(first)} or {last}" if first else last
    return [*alone, (called, tuple(sorted(few)))]


def ages_together(sizes: np.ndarray, *, least: float) -> list[tuple[str, tuple[int, ...]]]:
    """Put neighbouring ages together until each band has enough children.

    Parameters
    ----------
    sizes : array (times, ages)
        Children expected in each of `AGE_BANDS` at several times; the least holds.
    least : float
        Below this a band does not stand alone.

    Examples
    --------
    >>> ages_together(np.array([[4, 30, 40, 80, 7]]), least=10)
    [('under 5', (0, 1)), ('5 to 9', (2,)), ('10 to 17', (3, 4))]
    """
    groups = [[k] for k in range(len(AGE_BANDS))]
    while len(groups) > 1:
        held = [float(sizes[:, group].sum(axis=1).min()) for group in groups]
        at = int(np.argmin(held))
        if held[at] >= least:
            break
        beside = [k for k in (at - 1, at + 1) if 0 <= k < len(groups)]
        near = min(beside, key=lambda k: held[k])
        low, high = min(at, near), max(at, near)
        groups[low : high + 1] = [groups[low] + groups[high]]
    return [(_called(group), tuple(group)) for group in groups]


def _called(group: Sequence[int]) -> str:
    if len(group) == 1:
        return AGE_BANDS[group[0]]
    low, high = _YEARS[group[0]], _YEARS[group[-1] + 1]
    return f"under {high}" if low == 0 else f"{low} to {high - 1}"
