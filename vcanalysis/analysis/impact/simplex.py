"""Weights that are never negative and sum to one, as near as they come to a path."""

from __future__ import annotations

import numpy as np
from scipy.optimize import nnls

Array = np.ndarray
_ROUNDS = 60


def simplex_weights(columns: Array, target: Array, *, ridge: float = 0.0) -> Array:
    """Give the weights of columns, none negative, summing to one, whose sum lies nearest to a target.

    Parameters
    ----------
    columns : array (times, donors)
    target : array (times,)
    ridge : float
        Penalty on the sum of squared weights; above nought there is one solution alone.

    Notes
    -----
    Non-negative least squares of the gaps with one row that asks for a sum: scaling the solution to one is exact
    because the target has been taken off every column. With a penalty, the few conditions of the optimum are solved
    for the donors in use, again until their set stands still.

    References
    ----------
    Lawson CL, Hanson RJ (1974), Solving Least Squares Problems, chapter 23.

    Examples
    --------
    >>> simplex_weights(np.array([[0.0, 4.0], [1.0, 3.0]]), np.array([1.0, 1.5])).round(2).tolist()
    [0.75, 0.25]
    """
    if ridge > 0 and columns.shape[1] > columns.shape[0]:
        found = _penalised(columns, target, ridge)
        if found is not None:
            return found
    size = max(float(np.abs(columns - target[:, None]).max()), 1e-300)
    gaps = (columns - target[:, None]) / size
    rows = [gaps] + ([np.sqrt(ridge) / size * np.eye(columns.shape[1])] if ridge > 0 else [])
    whole = np.vstack([*rows, np.ones(columns.shape[1])])
    raw = nnls(whole, np.append(np.zeros(len(whole) - 1), 1.0))[0]
    return np.asarray(raw / raw.sum())


def _penalised(columns: Array, target: Array, ridge: float) -> Array | None:
    """Solve for what is left over at each time and the price of the sum; None where the set does not stand still."""
    times, donors = columns.shape
    inside = np.ones(donors, dtype=bool)
    for _ in range(_ROUNDS):
        part = columns[:, inside]
        matrix = np.zeros((times + 1, times + 1))
        matrix[:times, :times] = np.eye(times) + part @ part.T / ridge
        matrix[:times, times] = matrix[times, :times] = part.sum(axis=1) / ridge
        matrix[times, times] = inside.sum() / ridge
        try:
            solved = np.linalg.solve(matrix, np.append(target, 1.0))
        except np.linalg.LinAlgError:
            return None
        raw = (columns.T @ solved[:times] + solved[times]) / ridge
        if np.array_equal(raw > 0, inside):
            return np.asarray(np.where(inside, raw, 0.0))
        inside = raw > 0
        if not inside.any():
            return None
    return None
