"""What a period cost: weeks in care, and pounds for the weeks that have a price."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.core.columns import cost_column, number_column, require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.parts import parts_of


def period_cost(stretches: pd.DataFrame, *, weeks: str, cost: str, child: str) -> Estimates:
    """Count child-weeks and pounds of a period.

    Parameters
    ----------
    stretches : DataFrame
        Stretches of days in care within the period, no child-day twice.
    weeks, cost : str
        Columns of weeks and of pounds for them; pounds are missing where there is no price.
    child : str
        Column that names the child, only to count children.

    Returns
    -------
    Estimates
        "Weeks in care", "Cost of the weeks with a price", "Share of weeks with a price", "Cost of a
        child-week": counts, without intervals.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Examples
    --------
    >>> rows = pd.DataFrame({"child_id": ["a", "b"], "weeks": [13.0, 2.0], "cost_gbp": [13000.0, None]})
    >>> [e.value for e in period_cost(rows, weeks="weeks", cost="cost_gbp", child="child_id")]
    [15.0, 13000.0, 0.8666666666666667, 1000.0]
    """
    require_columns(stretches, child)
    time, money = number_column(stretches, weeks), cost_column(stretches, cost)
    n, priced = int(stretches[child].nunique()), ~np.isnan(money)
    if n == 0 or time.sum() == 0:
        return Estimates((Estimate.not_estimable("Weeks in care", n=0, reason="no child was in care"),))
    each_child = pd.Series(np.nan_to_num(money)).groupby(stretches[child].to_numpy()).sum().to_numpy()
    total, seen = float(np.nansum(money)), float(time[priced].sum())
    spent = Estimate(
        "Cost of the weeks with a price",
        total,
        n=n,
        unit="GBP",
        method="sum of days x price / 7",
        parts=parts_of(each_child),
    )
    if not seen:
        reason = "no week has a price"
        spent = Estimate.not_estimable(spent.term, n=0, reason=reason, method=spent.method)
    items = [
        Estimate("Weeks in care", float(time.sum()), n=n, unit="weeks", method="sum of days / 7"),
        spent,
        Estimate("Share of weeks with a price", seen / float(time.sum()), n=n, unit="share", method="share"),
    ]
    if seen > 0:
        each = total / seen
        items.append(
            Estimate(
                "Cost of a child-week",
                each,
                n=n,
                unit="GBP per week",
                method="pounds / weeks",
                parts=parts_of(each_child * n / seen),
            )
        )
    return Estimates.of(items)
