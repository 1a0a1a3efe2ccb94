"""Ratings that are paid on, rated again by someone who gains nothing: whether they lean, and how many it takes."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.core.columns import number_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import wilson

MINIMUM = 10


def rerating_audit(
    frame: pd.DataFrame, *, first: str, second: str, cut: float, level: float = 0.95
) -> Estimates:
    """Hold ratings that are paid on against those of an auditor who does not know them.

    Parameters
    ----------
    frame : DataFrame
        One row per child rated twice at about the same time.
    first, second : str
        Columns: the paid rating and the auditor's.
    cut : float
        Lowest rating that pays more.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        Mean difference in points, and among children whom the two put on different sides of the cut the share whom
        the paid rating put above it: half where ratings only scatter.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    References
    ----------
    McNemar Q (1947), Psychometrika 12:153-157; Wilson (1927).

    Examples
    --------
    >>> frame = pd.DataFrame({"paid": [10, 10, 10, 9] * 10, "audit": [9, 10, 9, 9] * 10})
    >>> rerating_audit(frame, first="paid", second="audit", cut=10)[0].words()
    '0.5 points (95% interval 0.3 to 0.7)'
    """
    one, two = number_column(frame, first), number_column(frame, second)
    both = ~np.isnan(one) & ~np.isnan(two)
    gap, n = (one - two)[both], int(both.sum())
    terms = (
        "Paid rating less the auditor's",
        "Put above the cut by the paid rating, of those the two disagree on",
    )
    if n < MINIMUM:
        reason = f"at least {MINIMUM} children must be rated twice"
        return Estimates.of(Estimate.not_estimable(t, n=n, reason=reason) for t in terms)
    half = float(stats.t.ppf(0.5 + level / 2, n - 1) * gap.std(ddof=1) / math.sqrt(n))
    mean = float(gap.mean())
    drift = Estimate(terms[0], mean, mean - half, mean + half, level, n, "points", "paired t")
    up, down = int(((one >= cut) & (two < cut) & both).sum()), int(((one < cut) & (two >= cut) & both).sum())
    if up + down < MINIMUM:
        reason = f"at least {MINIMUM} children must be put on different sides of the cut"
        moved = Estimate.not_estimable(terms[1], n=up + down, reason=reason)
    else:
        ends = wilson(up, up + down, level)
        moved = Estimate(terms[1], up / (up + down), *ends, level, up + down, "share", "Wilson interval")
    return Estimates((drift.unless_alike(reason="all ratings differ alike"), moved))


def audit_size(children: int, *, wrong: float, certain: float = 0.95) -> int:
    """Give how many ratings must be rated again to meet at least one wrong one, if so many are wrong.

    Parameters
    ----------
    children : int
        Ratings that are paid on.
    wrong : float
        Share of them that is wrong at least, if any is.
    certain : float
        Chance of meeting one.

    Raises
    ------
    InputError
        If there are no children, or a share is not between 0 and 1.

    References
    ----------
    Hypergeometric distribution: a sample drawn by lot without putting back.

    Examples
    --------
    >>> audit_size(200, wrong=0.05)
    51
    """
    if children < 1 or not 0 < wrong < 1 or not 0 < certain < 1:
        raise InputError(
            "An audit needs at least one rating, and shares between 0 and 1, such as 0.05 and 0.95."
        )
    bad = max(math.ceil(wrong * children - 1e-9), 1)
    sizes = np.arange(1, children + 1)
    met = 1 - stats.hypergeom.pmf(0, children, bad, sizes)
    return int(sizes[np.argmax(met >= certain)])
