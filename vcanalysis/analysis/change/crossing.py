"""Children who fall below a threshold of need, and children who rise to it."""

from __future__ import annotations

import math
from typing import Final

from scipy import optimize

from vcanalysis.analysis.change.scores import MINIMUM, TOO_FEW, TwoScores
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import normal_quantile

METHOD = "difference of paired shares; score interval (Tango)"
EDGE: Final = 1 - 1e-9


def crossing(scores: TwoScores, threshold: float, *, level: float) -> Estimate:
    """Give the change of the share at or above a threshold.

    References
    ----------
    Tango T (1998), Stat Med 17:891-908.
    """
    term, n = "Change of the share with high need", len(scores)
    if n < MINIMUM:
        return Estimate.not_estimable(term, n=n, reason=TOO_FEW, method=METHOD)
    high, later = scores.before >= threshold, scores.after >= threshold
    up, down = int((~high & later).sum()), int((high & ~later).sum())
    low, top = (100 * end for end in paired_shares(up, down, n, level))
    wording = f"{term}: {{value}} ({{interval}}; {n:,} children): {down:,} fell below the threshold, {up:,} rose to it."
    return Estimate(
        term,
        100 * (up - down) / n,
        low,
        top,
        level,
        n,
        "percentage points",
        METHOD,
        wording=wording,
        support=min(up, down),
    )


def paired_shares(up: int, down: int, n: int, level: float = 0.95) -> tuple[float, float]:
    """Give the ends of the score interval of a difference of two shares of the same children.

    Parameters
    ----------
    up, down : int
        Children who came to have it, and children who ceased to.
    n : int
        All children.
    level : float
        Confidence level.

    References
    ----------
    Tango T (1998), Stat Med 17:891-908; example of Fagerland MW, Lydersen S, Laake P (2014), Stat Med 33:2850-2875.

    Examples
    --------
    >>> [round(end, 3) for end in paired_shares(1, 7, 21)]
    [-0.517, -0.026]
    """
    z, value = normal_quantile(level), (up - down) / n

    def score(difference: float) -> float:
        a, c = 2 * n, -down * difference * (1 - difference)
        b = (a - up + down) * difference - up - down
        other = (math.sqrt(max(b * b - 4 * a * c, 0.0)) - b) / (2 * a)  # most likely share that ceased
        variance = n * (2 * other + difference * (1 - difference))
        return (up - down - n * difference) / math.sqrt(max(variance, 1e-12))

    ends = []
    for sign in (1, -1):
        far, near = -sign * EDGE, min(max(value, -EDGE), EDGE)
        beyond = sign * score(far) <= z or abs(far - near) < 1e-8
        ends.append(far if beyond else float(optimize.brentq(lambda d, s=sign: s * score(d) - z, far, near)))
    return ends[0], ends[1]
