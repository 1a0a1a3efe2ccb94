"""What children cost once they have left a residential home of their own accord."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.ledger.paid import PAYERS, Paid, as_days
from vcanalysis.analysis.ledger.reading import LIMITS
from vcanalysis.core.columns import require_columns
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.limits import allowed
from vcanalysis.core.parts import parts_of

MINIMUM = 5


def cost_elsewhere(stays: pd.DataFrame, paid: Paid, *, weeks: int = 52, level: float = 0.95) -> Estimate:
    """Mean weekly cost of children in the time after they left a home, nought for those who left care.

    Parameters
    ----------
    stays : DataFrame
        One row per stay in homes with child_id and end (missing while it lasts), of children outside the programme:
        `stays_in_homes` gives it. Each child counts once, by its first stay that ended.
    paid : Paid
        Prices.
    weeks : int
        Weeks after the end that count, cut where the prices end.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        In "GBP per week": pounds over days, summed over children; ratio with t interval. A child back in a home costs
        what it costs.

    Raises
    ------
    InputError
        If a column is missing or the level cannot be.

    References
    ----------
    Cochran WG (1977), Sampling Techniques, 3rd ed., section 6.4, for the error of a ratio.

    Examples
    --------
    >>> cost_elsewhere(pd.DataFrame({"child_id": ["a"], "end": pd.to_datetime(["2019-01-01"])}), Paid.none()).sentence()
    'Weekly cost after leaving a home: not estimable. At least 5 children must have left a home; found 1.'
    """
    require_columns(stays, "child_id", "end")
    allowed(LIMITS, "level", level)
    term, about = (
        "Weekly cost after leaving a home",
        {"unit": "GBP per week", "method": "ratio of means, t interval"},
    )
    left = stays[stays["end"].notna()].sort_values("end").drop_duplicates("child_id")
    last = int(paid.stop.max(initial=0))
    first = as_days(left["end"])
    stop = np.minimum(first + 7 * weeks, last)
    spent = paid.between(left["child_id"].reset_index(drop=True), first, np.maximum(stop, first))
    days = np.maximum(stop - first, 0) - spent["unpriced"].to_numpy() / 7
    gbp = spent[list(PAYERS)].sum(axis=1).to_numpy() / 100
    gbp, days = gbp[days > 0], days[days > 0]
    if len(days) < MINIMUM:
        reason = f"at least {MINIMUM} children must have left a home"
        return Estimate.not_estimable(term, n=len(left), reason=reason, **about)
    ratio = gbp.sum() / days.sum()
    error = float(np.sqrt(len(days) * np.var(gbp - ratio * days, ddof=1)) / days.sum())
    half = float(stats.t.ppf((1 + level) / 2, len(days) - 1)) * error
    ends = max(ratio - half, 0.0), ratio + half
    return Estimate(term, ratio, *ends, level, len(days), std_error=error, parts=parts_of(gbp), **about)  # type: ignore[arg-type, misc]
