"""Secondary suppression: the fewest further cells to hide, so that no small count can be worked out.

An integer programme picks the cells; a linear one looks for a small count that can still be known too closely and
says which cells would cover it (a cut); both in turn, until none is left or the time is up. Then single paths of
least weight are hidden, which always ends.
"""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import Bounds, LinearConstraint, linprog, milp

_GAP = 0.01  # of the integer programme
_ROUNDS = 4  # of programme and cuts: counted, not timed, so that a slow machine hides the same cells
_NODES = 300  # branches of one programme
_CUTS = 10  # at most, of one round
_IDLE = 2  # drawn directions that may show nothing new before single cells are tried


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells of tables and how they add up.

    Parameters
    ----------
    values : array
        Published (rounded) value of every cell, totals included.
    lines : sequence of (int, array)
        The total of a line and its parts, as places in `values`.
    weights : array
        What hiding a cell costs.
    """

    values: np.ndarray
    lines: Sequence[tuple[int, np.ndarray]]
    weights: np.ndarray

    def sums(self) -> sparse.csr_matrix:
        """Write the lines as a matrix: parts less their total."""
        rows = np.repeat(np.arange(len(self.lines)), [len(parts) + 1 for _, parts in self.lines])
        columns = np.concatenate([np.append(parts, total) for total, parts in self.lines])
        signs = np.concatenate([np.append(np.ones(len(parts)), -1.0) for _, parts in self.lines])
        return sparse.csr_matrix((signs, (rows, columns)), shape=(len(self.lines), len(self.values)))


@dataclass(frozen=True, slots=True)
class Hidden:
    """What is hidden, and how near it comes to the fewest.

    Parameters
    ----------
    mask : array of bool
        The cells that are hidden.
    above : float
        By how much, at most, its weight is above the least that could do: 0.03 is 3%.
    """

    mask: np.ndarray
    above: float


def hide(grid: Grid, primary: np.ndarray, *, width: float, seconds: float = 10.0) -> Hidden:
    """Hide further cells until no primary one can be known within less than a width.

    Parameters
    ----------
    grid : Grid
        The cells of one table or of several linked ones.
    primary : array of bool
        Cells that must be hidden.
    width : float
        Width of the range that must be left, in the unit of the values.
    seconds : float
        Time after which the search is given up; what is found by then is made safe path by path.

    References
    ----------
    Fischetti and Salazar (2001), Management Science 47(7), 1008-1027: the cuts.
    Kelly, Golden and Assad (1992), Networks 22, 397-417: the paths.
    """
    until = time.monotonic() + seconds
    if not primary.any():
        return Hidden(primary.copy(), 0.0)
    cell = _Cells(grid, primary, width)
    mask, least = primary.copy(), float(grid.weights @ primary)
    cuts: list[np.ndarray] = []
    for _ in range(_ROUNDS):
        left = until - time.monotonic()
        found, bound = cell.cheapest(cuts, seconds=left) if left > 0 else (None, least)
        least = max(least, bound)
        if found is None:
            break
        mask = found
        fresh = cell.uncovered(mask, until=until)
        if not fresh:
            break
        cuts += fresh
    mask = cell.covered_by_paths(mask)
    return Hidden(mask, float(grid.weights @ mask) / least - 1)


class _Cells:
    def __init__(self, grid: Grid, primary: np.ndarray, width: float):
        self.grid, self.primary, self.width = grid, primary, width
        self.sums = grid.sums()
        self.up = 3.0 * width  # further up than any protection needs
        self.size = len(grid.values)
        self.still = np.zeros(len(grid.lines))

    def cheapest(self, cuts: list[np.ndarray], *, seconds: float) -> tuple[np.ndarray | None, float]:
        """Pick the cells of least weight that keep to the lines and the cuts so far; say what is least."""
        rows, least = self._lines_covered()
        if cuts:
            rows = sparse.vstack([rows, sparse.csr_matrix(np.vstack(cuts))])
            least = np.append(least, np.full(len(cuts), self.width))
        done = milp(
            self.grid.weights,
            integrality=np.ones(self.size),
            bounds=Bounds(self.primary.astype(float), np.ones(self.size)),
            constraints=LinearConstraint(rows, least, np.inf),
            options={"time_limit": seconds, "mip_rel_gap": _GAP, "node_limit": _NODES},
        )
        return (None, 0.0) if done.x is None else (done.x > 0.5, float(done.mip_dual_bound))

    def _lines_covered(self) -> tuple[sparse.csr_matrix, np.ndarray]:
        """No cell of a line is hidden alone, and what is hidden beside a primary one makes up the width."""
        at: list[tuple[int, int, float]] = []
        least: list[float] = []
        for total, parts in self.grid.lines:
            members = np.append(parts, total)
            for one in members:
                at += [(len(least), int(j), -1.0 if j == one else 1.0) for j in members]
                least.append(0.0)
            for one in parts[self.primary[parts]]:
                room = np.minimum(self.grid.values[parts], self.width)
                at += [(len(least), int(j), float(v)) for j, v in zip(parts, room, strict=True) if j != one]
                at.append((len(least), int(total), self.width))
                least.append(self.width - min(float(self.grid.values[one]), self.width))
        i, j, v = (np.array(part) for part in zip(*at, strict=True))
        return sparse.csr_matrix((v, (i, j)), shape=(len(least), self.size)), np.array(least)

    def uncovered(self, mask: np.ndarray, *, until: float) -> list[np.ndarray]:
        """Look for primary cells that can be known too closely; give a cut for each."""
        cuts: list[np.ndarray] = []
        for _, moves in self._too_close(mask):
            prices = [np.where(p > 0, p * self.grid.values, -p * self.up) for p in moves]
            cuts.append(np.minimum(prices[0] + prices[1], self.width))
            if time.monotonic() > until or len(cuts) >= _CUTS:
                break
        return cuts

    def _too_close(self, mask: np.ndarray) -> Iterator[tuple[int, list[np.ndarray]]]:
        """Give primary cells that can be known too closely, with the prices of their furthest moves.

        Every move shows of many cells how far they reach: first all are moved in drawn directions, then those not
        yet seen to be wide one by one. The mask may grow while this is read: what could move still can.
        """
        draw = np.random.default_rng(0)
        least, most = np.zeros(self.size), np.zeros(self.size)

        def moved(cost: np.ndarray) -> np.ndarray:
            move, prices = self._move(cost, mask)
            np.minimum(least, move, out=least)
            np.maximum(most, move, out=most)
            return prices

        def close(cells: np.ndarray) -> np.ndarray:
            return cells[most[cells] - least[cells] < self.width - 1e-6]

        left, idle = np.flatnonzero(self.primary), 0
        while idle < _IDLE and len(left) > 1:
            moved(self._towards(left, draw.choice([-1.0, 1.0], len(left))))
            before, left = len(left), close(left)
            idle = 0 if len(left) < before else idle + 1
        for one in left:
            cell, prices = np.array([one]), []
            for sign in (-1.0, 1.0):
                if len(close(cell)):
                    prices.append(moved(self._towards(cell, sign)))
            if len(close(cell)):
                yield int(one), prices

    def _towards(self, cells: np.ndarray, signs: np.ndarray | float) -> np.ndarray:
        cost = np.zeros(self.size)
        cost[cells] = signs
        return cost

    def _move(self, cost: np.ndarray, mask: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        inside = np.flatnonzero(mask)
        bounds = np.column_stack([-self.grid.values[inside], np.full(len(inside), self.up)])
        done = linprog(
            cost[inside], A_eq=self.sums[:, inside], b_eq=self.still, bounds=bounds, method="highs"
        )
        move = np.zeros(self.size)
        move[inside] = done.x
        return move, cost - self.sums.T @ done.eqlin.marginals

    def covered_by_paths(self, mask: np.ndarray) -> np.ndarray:
        """Hide, for every primary cell not covered, the moves of least weight that cover it."""
        mask = mask.copy()
        for one, _ in self._too_close(mask):
            mask |= self._path(one, mask)
        return mask

    def _path(self, one: int, mask: np.ndarray) -> np.ndarray:
        price = np.where(mask, 1e-6, self.grid.weights)
        twice = np.concatenate([price, price])
        high = np.concatenate([np.full(self.size, self.up), self.grid.values])
        low = np.zeros(2 * self.size)
        low[one] = high[one] = self.width
        both = sparse.hstack([self.sums, -self.sums])
        done = linprog(twice, A_eq=both, b_eq=self.still, bounds=np.column_stack([low, high]))
        if done.x is None:  # not even all cells together are wide enough: all of it goes
            return np.ones(self.size, dtype=bool)
        return done.x[: self.size] + done.x[self.size :] > 1e-6
