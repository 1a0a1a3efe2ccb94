"""By how much prices rose in general between two dates, so that both can be put in pounds of one."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.core.columns import cost_column, number_column
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import median_interval, support_of

MINIMUM = 10
TERM = "Price of the same placement at the later date against the earlier, median"
METHOD = "median ratio; order statistics"


def general_rise(
    frame: pd.DataFrame, *, before: str, after: str, stayed: str, level: float = 0.95
) -> Estimate:
    """Say by how much the price of the same placement rose between two dates, at the median.

    Parameters
    ----------
    frame : DataFrame
        One row per child; children without a price above nought at either date are left out.
    before, after : str
        Columns of weekly cost in pounds at the first and the second date.
    stayed : str
        Column of True and False: whether the child was in the same placement at both.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        In the unit "ratio": what earlier prices are multiplied by to be in pounds of the later date. Not estimable
        where fewer than 10 children stayed.

    Raises
    ------
    InputError
        If a column is missing, not numeric, or a cost lies below zero.

    Notes
    -----
    The median is that of uplifts, not of the few whose care was priced anew. Fees that all rose by more than prices
    elsewhere are taken out too: it says what a contract costs here, not what money is worth.

    Examples
    --------
    >>> frame = pd.DataFrame({"first": [500.0, 800.0, 4000.0, 900.0] * 5, "stayed": [True, True, True, False] * 5})
    >>> frame["second"] = frame["first"] * np.tile([1.03, 1.03, 1.06, 2.0], 5)
    >>> round(general_rise(frame, before="first", after="second", stayed="stayed").value, 2)
    1.03
    """
    first, second = cost_column(frame, before), cost_column(frame, after)
    same = number_column(frame, stayed) == 1
    used = same & (first > 0) & (second > 0)
    ratios = second[used] / first[used]
    if len(ratios) < MINIMUM:
        reason = f"at least {MINIMUM} children with a price at both dates must have stayed"
        return Estimate.not_estimable(TERM, n=len(ratios), reason=reason, method=METHOD)
    value = float(np.median(ratios))
    low, high = median_interval(ratios, level) or (None, None)
    few = support_of(ratios, value, low, high)
    return Estimate(TERM, value, low, high, level, len(ratios), "ratio", METHOD, support=few)
