"""Both scores of the children assessed twice, and a mean with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.analysis.change.variance import Spread, memberships, spread
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

MINIMUM = 10
FEWEST_RATERS = 3
_POINT = 1.0  # scores count in points: beside one a width of a thousand-millionth is rounding
ALL_ALIKE = "all children changed alike, so that nothing says how sure this is"
TOO_FEW = f"at least {MINIMUM} children must be assessed twice"


@dataclass(frozen=True, slots=True)
class TwoScores:
    """First and second score of the children who have both, their clusters, and whom the question is about.

    `unseen` holds the first scores of the children who have no second.
    """

    before: np.ndarray
    after: np.ndarray
    codes: list[np.ndarray]
    picked: np.ndarray
    unseen: np.ndarray

    @property
    def change(self) -> np.ndarray:
        """Second score less first: a fall of need is negative."""
        return self.after - self.before

    @property
    def picked_count(self) -> int:
        """Children the question is about."""
        return int(self.picked.sum())

    def only_picked(self) -> TwoScores:
        """Give the scores of the children the question is about."""
        kept = self.picked
        return TwoScores(
            self.before[kept], self.after[kept], [c[kept] for c in self.codes], kept[kept], self.unseen
        )

    def __len__(self) -> int:
        return len(self.before)

    def lacking(self) -> str:
        """Say why nothing can be estimated, or nothing."""
        if self.picked_count < MINIMUM:
            return TOO_FEW
        if self.codes and len(np.unique(np.concatenate(self.codes))) < FEWEST_RATERS:
            return (
                f"at least {FEWEST_RATERS} people must have rated, since ratings by one person hang together"
            )
        return ""

    def lacking_line(self) -> str:
        """Say why no line can be fitted, or nothing."""
        return self.lacking() or (
            "all children have the same first score" if np.ptp(self.before) == 0 else ""
        )


def two_scores(
    pairs: pd.DataFrame,
    *,
    before: str,
    after: str,
    cluster: str | Sequence[str] = (),
    selected: str = "",
) -> TwoScores:
    """Take both scores of the children who have both.

    Raises
    ------
    InputError
        If a column is missing, not numeric or, for `selected`, not of True and False.
    """
    first, second = number_column(pairs, before), number_column(pairs, after)
    known = ~(np.isnan(first) | np.isnan(second))
    picked = _marks(pairs, selected)[known] if selected else np.ones(int(known.sum()), dtype=bool)
    codes, unseen = memberships(pairs.loc[known], cluster), first[np.isnan(second) & ~np.isnan(first)]
    return TwoScores(first[known], second[known], codes, picked, unseen)


def _marks(frame: pd.DataFrame, name: str) -> np.ndarray:
    require_columns(frame, name)
    if not pd.api.types.is_bool_dtype(frame[name]):
        raise InputError(f"Column {name!r} must hold True or False: who is meant. Found {frame[name].dtype}.")
    return frame[name].fillna(False).to_numpy(dtype=bool)


def rated_by(codes: list[np.ndarray]) -> str:
    """Say in a method's name that shared raters widen the interval."""
    return "; interval widened for shared raters" if codes else ""


def t_estimate(
    term: str, value: float, error: float, within: Spread, *, n: int, level: float, **about: Any
) -> Estimate:
    """Give an estimate with its t interval, or say that all changed alike."""
    half = within.quantile(level) * error
    made = Estimate(term, value, value - half, value + half, level, n, std_error=error, **about)
    return made.unless_alike(_POINT, reason=ALL_ALIKE)


def mean_change(scores: TwoScores, *, level: float = 0.95, term: str = "Mean change") -> Estimate:
    """Give the mean change with its t interval."""
    method = f"mean of differences; t interval{rated_by(scores.codes)}"
    change = scores.change
    reason = scores.lacking()
    if reason or np.ptp(change) == 0:
        reason = reason or "every child changed alike, so that the spread is not known"
        return Estimate.not_estimable(term, n=len(scores), reason=reason, method=method)
    within = spread((change - change.mean()) / len(scores), scores.codes)
    error = float(within.errors()[0])
    return t_estimate(
        term, float(change.mean()), error, within, n=len(scores), level=level, unit="points", method=method
    )
