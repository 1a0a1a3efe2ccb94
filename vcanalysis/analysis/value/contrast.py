"""Two groups of children by cost and outcome at once: means, differences and how the two go together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.value.change import Line
from vcanalysis.analysis.value.gaps import gaps_of


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


def contrast(
    frame: pd.DataFrame, *, member: str, cost: str, effect: str | Line, cluster: str = ""
) -> Contrast:
    """Contrast the children of a group with all others; those lacking cost or outcome are left out.

    Examples
    --------
    >>> frame = pd.DataFrame({"home": [True] * 10 + [False] * 10, "cost": range(20), "better": [1.0, 2.0] * 10})
    >>> contrast(frame, member="home", cost="cost", effect="better").cost
    -10.0
    """
    about = "cost and outcome", "cost or outcome does not vary between the children"
    found = gaps_of(frame, (cost, effect), member=member, cluster=cluster, about=about)
    if found.reason:
        return Contrast(np.nan, np.nan, np.full((2, 2), np.nan), (np.nan, np.nan), found.n, found.reason)
    (cost_gap, effect_gap), (one, other) = found.means.tolist(), found.freedom.tolist()
    return Contrast(cost_gap, effect_gap, found.spread, (one, other), found.n)
