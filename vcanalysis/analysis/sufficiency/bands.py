"""Kinds and ages put together where few children are expected, so that a strategy can be published."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vcanalysis.analysis.sufficiency.settings import ADULT, AGE_BANDS, AGE_EDGES
from vcanalysis.core.codes import family_or_home

Group = tuple[str, tuple[int, ...]]  # what it is called, and the numbers of the kinds or ages in it
_ALONE = 3
_YEARS = (*(edge // 12 for edge in AGE_EDGES), ADULT // 12)


def kinds_together(names: Sequence[str], sizes: np.ndarray, *, least: float) -> list[Group]:
    """Put the kinds of few children into one, as "the one or the other"; the rest stand by themselves.

    Where fewer than three kinds would stand alone, they are told as foster families, homes and elsewhere.

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
    >>> kinds_together(["Agency", "Own", "Home", "Secure", "Other"], np.array([[80, 70, 30, 2, 9]]), least=10)
    [('Agency', (0,)), ('Own', (1,)), ('Home', (2,)), ('Secure or other', (3, 4))]
    """
    enough = sizes.min(axis=0) >= least
    if not enough.all() and enough.sum() < _ALONE:  # what would be left of a small council says too little
        return _alike_together(names, sizes, least=least)
    return _few_together([(name, (k,)) for k, name in enumerate(names)], sizes, least=least)


def _alike_together(names: Sequence[str], sizes: np.ndarray, *, least: float) -> list[Group]:
    """Put kinds together as foster families, homes and elsewhere; of these, those of few children."""
    like = family_or_home(pd.Series(list(names))).tolist()
    groups = [(what, tuple(k for k, one in enumerate(like) if one == what)) for what in dict.fromkeys(like)]
    held = np.column_stack([sizes[:, list(kinds)].sum(axis=1) for _, kinds in groups])
    return _few_together(groups, held, least=least)


def _few_together(groups: Sequence[Group], sizes: np.ndarray, *, least: float) -> list[Group]:
    lowest = sizes.min(axis=0)
    order = np.argsort(lowest, kind="stable")
    few = [int(k) for k in order if lowest[k] < least]
    while few and len(few) < len(groups) and (len(few) < 2 or sizes[:, few].sum(axis=1).min() < least):
        few.append(int(order[len(few)]))
    alone = [group for k, group in enumerate(groups) if k not in few]
    if not few:
        return alone
    first, *more = (groups[k][0] for k in sorted(few))
    *between, last = [first, *map(str.lower, more)]
    called = f"{', '.join(between)} or {last}" if between else last
    return [*alone, (called if alone else "all kinds", tuple(n for k in sorted(few) for n in groups[k][1]))]


def ages_together(sizes: np.ndarray, *, least: float) -> list[Group]:
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
