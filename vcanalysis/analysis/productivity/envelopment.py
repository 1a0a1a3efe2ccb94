"""Data envelopment: how far a council lies from the best mixture of others; to explore, it knows no chance."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError

Returns = Literal["constant", "variable"]
Side = Literal["input", "output"]


def envelopment(
    frame: pd.DataFrame,
    *,
    unit: str,
    inputs: Sequence[str],
    outputs: Sequence[str],
    returns: Returns = "variable",
    side: Side = "input",
) -> pd.DataFrame:
    """Efficiency of councils by data envelopment analysis.

    Parameters
    ----------
    frame : DataFrame
        One row per council; rows that lack a number are left out.
    unit : str
        Column that names the council.
    inputs, outputs : sequence of str
        Columns, all above 0; more outputs and fewer inputs are better.
    returns : {"constant", "variable"}
        Whether twice the input is expected to give twice the output, or scale is let alone.
    side : {"input", "output"}
        Whether to say which share of its inputs a council would need, or which share of what it could reach it has.

    Returns
    -------
    DataFrame
        unit, efficiency (0 to 1; 1 on the frontier) and peers (how many councils form its best mixture).

    Raises
    ------
    InputError
        If a column is missing, not numeric, or not above 0, or none is given.

    Notes
    -----
    Every council's luck is taken for skill, and one extreme council moves the frontier of all: a list of those on the
    frontier is a list of extremes. It is shown beside the primary measure and never instead of it.

    References
    ----------
    Charnes A, Cooper WW, Rhodes E (1978), Eur J Oper Res 2:429-444; Banker RD, Charnes A, Cooper WW (1984), Manage
    Sci 30:1078-1092.

    Examples
    --------
    >>> shops = pd.DataFrame({"shop": list("ABC"), "staff": [2.0, 3.0, 3.0], "sales": [1.0, 3.0, 2.0]})
    >>> found = envelopment(shops, unit="shop", inputs=["staff"], outputs=["sales"], returns="constant")
    >>> found["efficiency"].round(3).tolist()
    [0.5, 1.0, 0.667]
    """
    if not inputs or not outputs:
        raise InputError("An envelopment needs at least one input and one output.")
    require_columns(frame, unit)
    data = np.column_stack([number_column(frame, name) for name in (*inputs, *outputs)])
    kept = ~np.isnan(data).any(axis=1)
    if (data[kept] <= 0).any():
        raise InputError("An envelopment needs inputs and outputs above 0. Shift or leave out what is not.")
    used, made = data[kept, : len(inputs)], data[kept, len(inputs) :]
    found = [_solve(used, made, own, returns=returns, side=side) for own in range(len(used))]
    rows = pd.DataFrame(found, columns=["efficiency", "peers"])
    return rows.assign(unit=frame.loc[kept, unit].to_numpy())[["unit", "efficiency", "peers"]]


def _solve(
    used: np.ndarray, made: np.ndarray, own: int, *, returns: Returns, side: Side
) -> tuple[float, int]:
    """Find the mixture of councils that does best beside one of them: its efficiency and how many are in it."""
    n = len(used)
    best = np.zeros(n + 1)
    best[-1] = 1.0 if side == "input" else -1.0
    # last column: by what the council's inputs may shrink, or its outputs grow
    inputs = np.column_stack([used.T, -used[own] if side == "input" else np.zeros(used.shape[1])])
    outputs = np.column_stack([-made.T, np.zeros(made.shape[1]) if side == "input" else made[own]])
    bounds = np.concatenate(
        [
            np.zeros(used.shape[1]) if side == "input" else used[own],
            -made[own] if side == "input" else np.zeros(made.shape[1]),
        ]
    )
    whole = {"A_eq": np.r_[np.ones(n), 0.0][None], "b_eq": [1.0]} if returns == "variable" else {}
    found = linprog(best, A_ub=np.vstack([inputs, outputs]), b_ub=bounds, method="highs", **whole)
    scale = float(found.x[-1])
    return (scale if side == "input" else 1 / scale), int((found.x[:-1] > 1e-7).sum())
