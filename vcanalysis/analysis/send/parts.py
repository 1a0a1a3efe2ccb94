"""Which share of the cost of plans goes to one part of it, such as home-to-school transport."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.send.fit import FEWEST
from vcanalysis.core.columns import cost_column
from vcanalysis.core.estimate import Estimate


def share_of_cost(frame: pd.DataFrame, *, part: str, whole: str, term: str, level: float = 0.95) -> Estimate:
    """Give the share of all cost that a part takes: a ratio of sums, not a mean of shares.

    Parameters
    ----------
    frame : DataFrame
        One row per person; those who lack either column are left out.
    part, whole : str
        Columns of yearly pounds; the part lies in the whole.
    term : str
        What is estimated.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        A share; linearised error of a ratio, interval by t.

    References
    ----------
    Cochran WG (1977), Sampling Techniques, section 6.5.

    Examples
    --------
    >>> frame = pd.DataFrame({"ride": [1.0, 2.0, 3.0] * 10, "all": [10.0, 10.0, 20.0] * 10})
    >>> share_of_cost(frame, part="ride", whole="all", term="Transport").value
    0.15
    """
    a, b = cost_column(frame, part), cost_column(frame, whole)
    known = ~np.isnan(a) & ~np.isnan(b)
    a, b, n = a[known], b[known], int(known.sum())
    method = "ratio of sums; linearised error, t interval"
    if n < FEWEST or not b.sum() > 0:
        reason = f"at least {FEWEST} people with a cost are needed"
        return Estimate.not_estimable(term, n=n, reason=reason, method=method, of="people")
    ratio = float(a.sum() / b.sum())
    error = float(np.sqrt(((a - ratio * b) ** 2).sum() * n / (n - 1)) / b.sum())
    half = float(stats.t.ppf(0.5 + level / 2, n - 1)) * error
    ends = max(ratio - half, 0.0), min(ratio + half, 1.0)
    support = int(min((a > 0).sum(), ((a <= 0) & (b > 0)).sum()))
    found = Estimate(term, ratio, *ends, level, n, "share", method, std_error=error, of="people")
    return found.named(support=support).unless_alike(reason="all spend the same share")
