"""Quantile regression solved exactly, as the linear programme it is, on few rows at a time.

statsmodels' `QuantReg` stops short of the optimum, and scikit-learn's `QuantileRegressor` gives the solver two columns
a row: minutes for a nation. Few rows lie near the line; of the others only the side must be known.
"""

from __future__ import annotations

import numpy as np
from scipy.optimize import linprog

ROWS = 3000  # rows given to the solver at first; more take seconds
_NEAR = 1e-6  # of the spread of y: what the solver takes for on the line


def exact_quantile(y: np.ndarray, matrix: np.ndarray, share: float, *, rows: int = ROWS) -> np.ndarray:
    """Give the coefficients of a quantile regression at an optimum, checked on all rows.

    Parameters
    ----------
    y : array, shape (n,)
        Outcome, of a spread near 1.
    matrix : array, shape (n, terms)
        Design of full rank.
    share : float
        The quantile, between 0 and 1.
    rows : int
        Rows given to the solver at first: those nearest to the line of a sample of so many.

    Notes
    -----
    Rows far from the line of a sample are held on their side of it. Where one proves to lie on the other side, or no
    line leaves all on theirs, twice as many rows are let go; with none on the wrong side the optimum is that of all.

    References
    ----------
    Koenker R, Bassett G (1978), Econometrica 46:33-50; Portnoy S, Koenker R (1997), Stat Sci 12:279-300.

    Examples
    --------
    >>> y = np.array([1.0, 2.0, 3.0, 4.0, 100.0])
    >>> exact_quantile(y, np.ones((5, 1)), 0.5).round(9).tolist()
    [3.0]
    """
    n, wanted = len(y), (1 - share) * matrix.sum(axis=0)
    if n <= rows:
        return _needed(_solve(y, matrix, wanted))
    sample = np.linspace(0, n - 1, rows).astype(int)
    beta = _solve(y[sample], matrix[sample], (1 - share) * matrix[sample].sum(axis=0))
    while rows < n:
        beside = y - matrix @ _needed(beta)
        far = np.argsort(np.abs(beside), kind="stable")[rows:]
        free = np.ones(n, dtype=bool)
        free[far] = False
        above = far[beside[far] > 0]
        found = _solve(y[free], matrix[free], wanted - matrix[above].sum(axis=0))
        if found is not None:
            crossed = np.sign(beside[far]) * (y - matrix @ found)[far] < -_NEAR
            if not crossed.any():
                return found
            beta = found
        rows *= 2
    return _needed(_solve(y, matrix, wanted))


def _solve(y: np.ndarray, matrix: np.ndarray, wanted: np.ndarray) -> np.ndarray | None:
    """Solve the dual, one weight from 0 (below the line) to 1 (above) a row; none where nothing adds up to `wanted`."""
    found = linprog(-y, A_eq=matrix.T, b_eq=wanted, bounds=(0, 1), method="highs-ds")
    return -np.asarray(found.eqlin.marginals) if found.status == 0 else None


def _needed(beta: np.ndarray | None) -> np.ndarray:
    if beta is None:
        raise ArithmeticError("The linear programme of a quantile regression has no solution.")
    return beta
