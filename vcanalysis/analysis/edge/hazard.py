"""Time at home cut into pieces, and the hazard of entry in them: support counts from its first day, never before."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm

from vcanalysis.core.columns import number_column, require_columns

Array = np.ndarray
EDGES = np.array([0.0, 30.0, 90.0, 180.0, 365.0, 730.0, np.inf])  # days since the opening
_EMPTY = 1e-9


@dataclass(frozen=True, slots=True)
class Hazard:
    """A fitted hazard of entry to care, per day.

    Parameters
    ----------
    design : array (cases, columns)
        What is known of each case at the opening.
    mean, covariance : array
        Coefficients: those of the pieces of time, of the design, and the logarithm of the hazard ratio of support.
    freedom : float
        Degrees of freedom of the errors, where they are shared within children.
    """

    design: Array
    mean: Array
    covariance: Array
    freedom: float = np.inf

    def draws(self, count: int, seed: int) -> Array:
        """Draw coefficients, one row a draw."""
        rng = np.random.default_rng(seed)
        return rng.multivariate_normal(self.mean, self.covariance, count, method="svd")

    def without(self, coefficients: Array, of: Array, weights: Array) -> Array:
        """Give the hazard without support summed over days in each piece: (draws, cases asked, ...).

        Parameters
        ----------
        coefficients : array (draws, columns)
            From `draws`.
        of : array of int
            The cases asked.
        weights : array (cases asked, times, pieces)
            Days in each piece.
        """
        pieces = len(EDGES) - 1
        by_time = np.exp(coefficients[:, :pieces])
        by_case = np.exp(coefficients[:, pieces:-1] @ self.design[of].T)
        return by_case[:, :, None] * np.einsum("ctp,dp->dct", weights, by_time)


def known_at_opening(rows: pd.DataFrame, *, numbers: tuple[str, ...], kinds: tuple[str, ...]) -> Array:
    """Write what is known of each case as numbers: lines and squares, a mark for a gap, a column for each kind."""
    require_columns(rows, *numbers, *kinds)
    if rows.empty:
        return np.zeros((0, 0))
    made = []
    for name in numbers:
        values = number_column(rows, name)
        gap = np.isnan(values)
        filled = np.where(gap, np.nanmean(values) if not gap.all() else 0.0, values)
        spread = filled.std()
        scaled = (filled - filled.mean()) / (spread if spread > 0 else 1.0)
        made += [scaled, scaled**2, gap.astype(float)]
    for name in kinds:
        words = rows[name].astype("object").where(rows[name].notna(), "not known").astype("str")
        made += [column.to_numpy(dtype=float) for _, column in pd.get_dummies(words).items()][1:]
    design = np.column_stack(made) if made else np.zeros((len(rows), 0))
    return design[:, design.std(axis=0) > _EMPTY]


def days_in_pieces(start: Array, end: Array) -> Array:
    """Give the days from `start` to `end` (since the opening) in each piece: one column a piece."""
    low, high = EDGES[:-1], EDGES[1:]
    return np.clip(np.minimum(end[..., None], high) - np.maximum(start[..., None], low), 0.0, None)


def fit_hazard(rows: pd.DataFrame, design: Array) -> Hazard | None:
    """Fit the hazard by Poisson regression on pieces of time; None where it cannot be fitted.

    Where a child has more cases than one, errors are shared within the child; their degrees of freedom are the children
    who came into care, with support or without, whichever are fewer, less one.

    References
    ----------
    Holford TR (1980), Biometrics 36:299-305 (the piecewise exponential model as a Poisson regression).
    """
    until, given = number_column(rows, "days"), rows["supported"].to_numpy(dtype=bool)
    since = np.where(given, number_column(rows, "supported_day"), np.inf)
    entered = rows["entered"].to_numpy(dtype=bool)
    last = np.clip(np.searchsorted(EDGES, until, side="left") - 1, 0, len(EDGES) - 2)
    parts = []
    for with_, start, end in (
        (0.0, np.zeros(len(rows)), np.minimum(until, since)),
        (1.0, np.minimum(since, until), until),
    ):
        days = days_in_pieces(start, end)
        events = np.zeros_like(days)
        here = entered & (given == bool(with_))
        events[np.flatnonzero(here), last[here]] = 1.0
        case, piece = np.nonzero(days > 0)
        parts.append((case, piece, days[case, piece], events[case, piece], np.full(len(case), with_)))
    case, piece, days, events, supported = (np.concatenate(each) for each in zip(*parts, strict=True))
    seen = np.bincount(piece, weights=events, minlength=len(EDGES) - 1) > 0
    kept = seen[piece]  # no entry in a piece: its hazard is nought, and it says nothing of the rest
    x = np.column_stack([np.eye(len(EDGES) - 1)[piece[kept]][:, seen], design[case[kept]], supported[kept]])
    columns = np.concatenate([seen, np.ones(design.shape[1] + 1, bool)])
    try:
        model = sm.GLM(events[kept], x, sm.families.Poisson(), offset=np.log(days[kept]))
        found = model.fit(maxiter=50, **_errors(rows, case[kept]))
    except (np.linalg.LinAlgError, ValueError):
        return None
    mean, covariance = np.where(columns, 0.0, -30.0), np.zeros((len(columns), len(columns)))
    mean[columns] = found.params
    covariance[np.ix_(columns, columns)] = found.cov_params()
    if not np.isfinite(covariance).all() or covariance[-1, -1] > 25:
        return None
    return Hazard(design, mean, covariance, _freedom(rows))


def _freedom(rows: pd.DataFrame) -> float:
    if not repeated(rows):
        return np.inf
    children = rows[rows["entered"]].groupby("supported")["child_id"].nunique()
    return max(float(children.min()) - 1, 1.0)


def _errors(rows: pd.DataFrame, case: Array) -> dict[str, Any]:
    """Ask for errors that are shared within a child, where a child has more cases than one."""
    if not repeated(rows):
        return {}
    children = pd.factorize(rows["child_id"])[0]
    return {"cov_type": "cluster", "cov_kwds": {"groups": children[case]}}


def repeated(rows: pd.DataFrame) -> bool:
    """Say whether a child has more cases than one."""
    return bool(rows["child_id"].duplicated().any())
