"""The attacker: what anybody can work out from all tables of a release together, by linear programming.

The independent judge of what is hidden: it is given nothing but what is published, knows every method used to
hide it, and shares no code with the suppression it judges.
"""

from __future__ import annotations

import math
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.optimize import linprog
from scipy.sparse.csgraph import connected_components

TOTAL = "All"
Key = frozenset[tuple[str, str]]
_SHOTS = 24  # directions tried before single cells are


@dataclass(frozen=True, slots=True)
class Seen:
    """A published table as a reader has it.

    Parameters
    ----------
    frame : DataFrame
        One row a cell: the columns of `by` ("All" for a total) and `count`, missing where it is hidden.
    by : tuple of str
        The columns that say what is counted; tables that share a column and its values are linked.
    base : int
        To what counts are rounded; 1 where they are exact.
    count : str
        Column of the counts.
    """

    frame: pd.DataFrame
    by: tuple[str, ...]
    base: int = 5
    count: str = "children"

    def cells(self) -> dict[Key, float]:
        """Give the count of every cell, missing where hidden, by what it counts."""
        names = self.frame[list(self.by)].astype(str).to_numpy()
        counts = self.frame[self.count].to_numpy(dtype=float, na_value=np.nan)
        return {
            frozenset(pair for pair in zip(self.by, row, strict=True) if pair[1] != TOTAL): value
            for row, value in zip(names, counts, strict=True)
        }


@dataclass
class _Programme:
    """Bounds and sums: everything the attacker knows, in one linear programme."""

    index: dict[Key, int] = field(default_factory=dict)
    low: list[float] = field(default_factory=list)
    high: list[float] = field(default_factory=list)
    sums: list[dict[int, float]] = field(default_factory=list)

    def cell(self, key: Key) -> int:
        """Find the variable of a cell, or make one that may be anything not below nought."""
        if key not in self.index:
            self.index[key] = len(self.low)
            self.low.append(0.0)
            self.high.append(math.inf)
        return self.index[key]

    def within(self, at: int, low: float, high: float) -> None:
        """Narrow a variable."""
        self.low[at], self.high[at] = max(self.low[at], low), min(self.high[at], high)


def attack(
    tables: Iterable[Seen],
    *,
    watch: Collection[Key] | None = None,
    width: float = 10,
    seconds: float = 60,
) -> pd.DataFrame:
    """Find how closely hidden counts can be known.

    Parameters
    ----------
    tables : iterable of Seen
        All tables of a release, and what is known from elsewhere, such as exact official tables.
    watch : collection of keys, optional
        The cells to find, each a frozenset of (column, value); all hidden ones when left out.
    width : float
        A range this wide is wide enough: a cell shown to have it is looked at no further.
    seconds : float
        Time after which the rest is given up, and said not to be proved.

    Returns
    -------
    DataFrame
        One row a cell: `cell`, `low`, `high` (exact ends where `ends` is true, else ends that certainly can
        be), `width`, `proved` (whether wide enough, or its ends exact), `ends`.

    Notes
    -----
    Counts are whole numbers; the programme lets them be fractions, so its ranges are rounded inwards.

    References
    ----------
    Fischetti and Salazar (2001), Solving the cell suppression problem on tabular data, Management Science 47(7).

    Examples
    --------
    >>> seen = pd.DataFrame({"home": ["a", "b", "All"], "children": [20.0, float("nan"), 25.0]})
    >>> attack([Seen(seen, ("home",), base=1)])[["low", "high"]].to_numpy().tolist()
    [[5.0, 5.0]]
    """
    tables = list(tables)
    programme = _write(tables)
    targets = _targets(tables, watch)
    at = {key: programme.cell(key) for key in targets}
    low, high, ends = _ranges(programme, np.array(list(at.values()), dtype=int), width, seconds)
    return _frame(list(at), low, high, ends, width=width)


def _targets(tables: Sequence[Seen], watch: Collection[Key] | None) -> list[Key]:
    if watch is not None:
        return list(watch)
    hidden: dict[Key, bool] = {}
    for table in tables:
        for key, value in table.cells().items():
            hidden[key] = hidden.get(key, True) and math.isnan(value)
    return [key for key, is_hidden in hidden.items() if is_hidden]


def _write(tables: Sequence[Seen]) -> _Programme:
    """Write down all that is published: counts near what they are rounded to, that add up."""
    programme = _Programme()
    for table in tables:
        cells = table.cells()
        for key, value in cells.items():
            at = programme.cell(key)
            if not math.isnan(value):
                programme.within(at, value - table.base // 2, value + table.base // 2)
        _add_up(programme, cells)
    return programme


def _add_up(programme: _Programme, cells: dict[Key, float]) -> None:
    parts: dict[tuple[str, Key], list[Key]] = {}
    for key in cells:
        for pair in key:
            parts.setdefault((pair[0], key - {pair}), []).append(key)
    for (_, whole), pieces in parts.items():
        if whole in cells:
            row = {programme.cell(piece): 1.0 for piece in pieces}
            row[programme.cell(whole)] = -1.0
            programme.sums.append(row)


def _ranges(
    programme: _Programme, targets: np.ndarray, width: float, seconds: float
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Range of every target, component by component: cells that share no hidden sum do not know each other."""
    started = time.monotonic()
    low, high = np.array(programme.low), np.array(programme.high)
    known = np.isclose(low, high)
    most = 2 * float(np.max(high[np.isfinite(high)], initial=0.0)) + 1000  # more children than there are
    high = np.where(np.isfinite(high), high, most)
    matrix = _matrix(programme.sums, len(low))
    right = -matrix[:, known] @ low[known]
    free = np.flatnonzero(~known)
    part = _components(matrix[:, free])
    found_low, found_high = low.copy(), low.copy()
    ends = known.copy()
    wanted = np.isin(free, targets)
    for number in np.unique(part[wanted]):
        inside = free[part == number]
        rows = np.flatnonzero(np.diff(matrix[:, inside].tocsr().indptr))
        space = _Space(matrix[rows][:, inside].tocsr(), right[rows], low[inside], high[inside])
        mine = np.flatnonzero(np.isin(inside, targets))
        left = seconds - (time.monotonic() - started)
        ends[inside[mine]] = space.search(mine, width=width, seconds=left)
        found_low[inside], found_high[inside] = space.least, space.most
    return found_low[targets], found_high[targets], ends[targets]


def _matrix(rows: Sequence[dict[int, float]], columns: int) -> sparse.csr_matrix:
    at = [(i, j, v) for i, row in enumerate(rows) for j, v in row.items()]
    i, j, v = (np.array(part) for part in zip(*at, strict=True)) if at else (np.zeros(0),) * 3
    return sparse.csr_matrix((v, (i.astype(int), j.astype(int))), shape=(len(rows), columns))


def _components(matrix: sparse.csr_matrix) -> np.ndarray:
    graph = sparse.bmat([[None, matrix.T], [matrix, None]]) if matrix.shape[0] else None
    if graph is None:
        return np.arange(matrix.shape[1])
    return connected_components(graph, directed=False)[1][: matrix.shape[1]]


class _Space:
    """Everything the hidden counts of one component can be."""

    def __init__(self, matrix: sparse.csr_matrix, right: np.ndarray, low: np.ndarray, high: np.ndarray):
        self.matrix, self.right, self.bounds = matrix, right, np.column_stack([low, high])
        self.least, self.most = np.full(len(low), math.inf), np.full(len(low), -math.inf)

    def search(self, targets: np.ndarray, *, width: float, seconds: float) -> np.ndarray:
        """Widen the ranges of targets until they are wide enough or cannot be wider; say whose ends are exact."""
        until = time.monotonic() + seconds
        draw = np.random.default_rng(0)
        exact = np.zeros(len(targets), dtype=bool)
        for _ in range(_SHOTS if len(targets) > _SHOTS / 2 else 0):
            # every answer is a point that can be: one shot widens the ranges of many cells
            narrow = targets[self.most[targets] - self.least[targets] < width]
            if len(narrow) == 0 or time.monotonic() > until:
                break
            cost = np.zeros(len(self.least))
            cost[narrow] = draw.choice([-1.0, 1.0], len(narrow))
            self._solve(cost)
        for place, target in enumerate(targets):
            if self.most[target] - self.least[target] >= width or time.monotonic() > until:
                continue
            for sign in (1.0, -1.0):
                cost = np.zeros(len(self.least))
                cost[target] = sign
                self._solve(cost)
            exact[place] = True
        return exact

    def _solve(self, cost: np.ndarray) -> None:
        done = linprog(cost, A_eq=self.matrix, b_eq=self.right, bounds=self.bounds, method="highs")
        if done.status == 2:
            raise ValueError("the tables contradict each other: no counts can lie behind them")
        if done.x is not None:
            self.least, self.most = np.minimum(self.least, done.x), np.maximum(self.most, done.x)


def _frame(
    keys: Sequence[Key], low: np.ndarray, high: np.ndarray, ends: np.ndarray, *, width: float
) -> pd.DataFrame:
    low = np.maximum(np.ceil(low - 1e-6), 0) + 0.0
    high = np.floor(high + 1e-6)
    return pd.DataFrame(
        {
            "cell": [", ".join(f"{name} {value}" for name, value in sorted(key)) or TOTAL for key in keys],
            "low": low,
            "high": high,
            "width": high - low,
            "proved": (high - low >= width) | ends,
            "ends": ends,
        }
    )
