"""Two groups of children by cost and outcome at once: means, differences and how the two go together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.core.columns import number_column, require_columns

MINIMUM = 10


@dataclass(frozen=True, slots=True)
class Contrast:
    """Differences in mean cost and mean outcome between a group and the others.

    Parameters
    ----------
    cost, effect : float
        Difference in mean cost (pounds) and in mean outcome (points, positive is better).
    spread : array (2, 2)
        Variances and covariance of the two differences.
    freedom : tuple of float
        Degrees of freedom of the two, after Welch and Satterthwaite.
    n : tuple of int
        Children in the group, and others.
    reason : str
        Why there is none, else empty.
    """

    cost: float
    effect: float
    spread: np.ndarray
    freedom: tuple[float, float]
    n: tuple[int, int]
    reason: str = ""

    def along(self, weights: np.ndarray, level: float) -> tuple[float, float, float]:
        """Give a weighted sum of the two differences, its error, and the factor of its interval."""
        value = float(weights @ np.array([self.cost, self.effect]))
        error = float(np.sqrt(max(weights @ self.spread @ weights, 0.0)))
        return value, error, float(stats.t.ppf(0.5 + level / 2, min(self.freedom)))


def contrast(frame: pd.DataFrame, *, member: str, cost: str, effect: str) -> Contrast:
    """Contrast the children of a group with all others; those lacking cost or outcome are left out.

    Examples
    --------
    >>> frame = pd.DataFrame({"home": [True] * 10 + [False] * 10, "cost": range(20), "better": [1.0, 2.0] * 10})
    >>> contrast(frame, member="home", cost="cost", effect="better").cost
    -10.0
    """
    require_columns(frame, member, cost, effect)
    both = np.column_stack([number_column(frame, cost), number_column(frame, effect)])
    known = ~np.isnan(both).any(axis=1) & frame[member].notna().to_numpy()
    inside = frame[member].fillna(False).to_numpy(dtype=bool)
    groups = [both[known & inside], both[known & ~inside]]
    sizes = (len(groups[0]), len(groups[1]))
    if min(sizes) < MINIMUM:
        return _none(sizes, f"at least {MINIMUM} children with cost and outcome are needed in either group")
    covers = [np.cov(g.T) / len(g) for g in groups]
    spread = covers[0] + covers[1]
    if (np.diag(spread) <= 0).any():
        return _none(sizes, "cost or outcome does not vary between the children")
    gap = groups[0].mean(axis=0) - groups[1].mean(axis=0)
    below = sum(np.diag(c) ** 2 / (size - 1) for c, size in zip(covers, sizes, strict=True))
    freedom = np.diag(spread) ** 2 / below
    return Contrast(float(gap[0]), float(gap[1]), spread, (float(freedom[0]), float(freedom[1])), sizes)


def _none(sizes: tuple[int, int], reason: str) -> Contrast:
    return Contrast(np.nan, np.nan, np.full((2, 2), np.nan), (np.nan, np.nan), sizes, reason)
