"""Several tables of the same children made safe together: a cell that stands in two is shown or hidden in both."""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from vcanalysis.output.disclosure.attack import Key
from vcanalysis.output.disclosure.bands import coarser, joined
from vcanalysis.output.disclosure.policy import STRICT, Policy
from vcanalysis.output.disclosure.suppress import Grid, Hidden, hide
from vcanalysis.output.disclosure.tables import Protected, cells_of, counts_by, protected, small, weights
from vcanalysis.output.disclosure.totals import lines_of, with_totals

Merged = dict[str, tuple[str, ...]]


@dataclass
class _Table:
    """Counts, one dimension a column, the categories of each, and which of them were put together."""

    array: np.ndarray
    names: dict[str, list[str]]
    merged: dict[str, Merged] = field(default_factory=dict)


def protect(
    tables: Sequence[tuple[pd.DataFrame, Sequence[str]]],
    *,
    count: str = "children",
    policy: Policy = STRICT,
    ordered: Sequence[str] = (),
    merge: bool = False,
    seconds: float = 10.0,
) -> list[Protected]:
    """Make several tables of the same children safe together.

    Parameters
    ----------
    tables : sequence of (DataFrame, columns)
        Counts (children), and the columns each counts by; a combination that is not there counts nobody, and columns of
        one name are one and the same.
    count : str
        Column of the counts.
    policy : Policy
        Thresholds and rounding.
    ordered : sequence of str
        Columns whose categories stand in an order: only neighbours are put together.
    merge : bool
        Whether categories are put together, in every table that has the column, when more than
        `policy.hidden_share` of the cells of a table would be hidden.
    seconds : float
        Time after which the search for the fewest cells is given up.

    Returns
    -------
    list of Protected
        In the order given. A cell that stands in several is shown or hidden in all, and rounded by itself.

    Examples
    --------
    >>> ages = pd.DataFrame({"home": ["a", "b"] * 2, "age": ["0", "0", "1", "1"], "children": [30, 4, 25, 41]})
    >>> sexes = pd.DataFrame({"home": ["a", "b"] * 2, "sex": ["f", "f", "m", "m"], "children": [27, 22, 28, 23]})
    >>> [round(t.hidden_share, 2) for t in protect([(ages, ["home", "age"]), (sexes, ["home", "sex"])])]
    [0.44, 0.0]
    """
    held = [_Table(*counts_by(frame, by, count)) for frame, by in tables]
    while True:
        made = _protect_once(held, count=count, policy=policy, seconds=seconds)
        full = [
            table for table, one in zip(held, made, strict=True) if one.hidden_share > policy.hidden_share
        ]
        if not merge or not any(_coarsened(held, table, ordered, policy) for table in full):
            return made


def _coarsened(held: Sequence[_Table], table: _Table, ordered: Sequence[str], policy: Policy) -> bool:
    """Put two categories of a table together, and the same two wherever else they stand."""
    step = coarser(table.array, table.names, ordered=ordered, threshold=policy.min_count)
    if step is None:
        return False
    column, new, old = step[2]
    for other in held:
        if column in other.names:
            other.array, other.names = joined(other.array, other.names, column, old, new)
            group = other.merged.setdefault(column, {})
            group[new] = tuple(itertools.chain.from_iterable(group.pop(o, (o,)) for o in old))
    return True


def _protect_once(held: Sequence[_Table], *, count: str, policy: Policy, seconds: float) -> list[Protected]:
    full = [with_totals(table.array) for table in held]
    cells = [cells_of(table.names) for table in held]
    places: dict[Key, int] = {}
    for _, keys in cells:
        for key in keys:
            places.setdefault(key, len(places))
    at = [np.array([places[key] for key in keys]) for _, keys in cells]
    grid, primary = _grid(full, at, len(places), policy)
    done = hide(grid, primary, width=policy.width, seconds=seconds)
    return [
        protected(
            frame, keys, policy.round_to * np.floor(array / policy.round_to + 0.5), primary[where],
            Hidden(done.mask[where], done.above), count=count, policy=policy,
            merged=_copied(table.merged),
        )
        for table, array, (frame, keys), where in zip(held, full, cells, at, strict=True)
    ]  # fmt: skip


def _grid(
    full: Sequence[np.ndarray], at: Sequence[np.ndarray], size: int, policy: Policy
) -> tuple[Grid, np.ndarray]:
    """Write all tables as one grid of cells, and say which are small."""
    values, weigh = np.zeros(size), np.zeros(size)
    primary = np.zeros(size, dtype=bool)
    lines: list[tuple[int, np.ndarray]] = []
    for array, where in zip(full, at, strict=True):
        values[where], weigh[where] = array.ravel(), np.maximum(weigh[where], weights(array))
        primary[where] |= small(array, policy).ravel()
        lines += [(int(where[total]), where[parts]) for total, parts in lines_of(array.shape)]
    return Grid(values, lines, weigh), primary


def _copied(merged: Mapping[str, Merged]) -> dict[str, Merged]:
    return {column: dict(groups) for column, groups in merged.items()}
