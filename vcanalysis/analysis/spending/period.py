"""What a period cost: weeks in care, and pounds for the weeks that have a price."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.core.columns import cost_column, number_column, require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.parts import parts_of

TERMS = (
    "Weeks in care",
    "Cost of the weeks with a price",
    "Share of weeks with a price",
    "Cost of a child-week",
)


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
        child-week": counts, without intervals. Always these four; pounds are not estimable where no week has a price.

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
        return Estimates.of(
            [Estimate.not_estimable(term, n=0, reason="no child was in care") for term in TERMS]
        )
    total, seen = float(time.sum()), float(time[priced].sum())
    made = [
        Estimate(TERMS[0], total, n=n, unit="weeks", method="sum of days / 7"),
        Estimate(TERMS[2], seen / total, n=n, unit="share", method="share"),
    ]
    each_child = pd.Series(np.nan_to_num(money)).groupby(stretches[child].to_numpy()).sum().to_numpy()
    spent, each = _pounds(each_child, seen)
    return Estimates.of([made[0], spent, made[1], each])


def _pounds(each_child: np.ndarray, weeks: float) -> tuple[Estimate, Estimate]:
    """Give pounds in all and a week, of what each child cost in the weeks with a price."""
    n, methods = len(each_child), ("sum of days x price / 7", "pounds / weeks")
    if not weeks:
        none = [
            Estimate.not_estimable(term, n=0, reason="no week has a price", method=method)
            for term, method in zip(TERMS[1::2], methods, strict=True)
        ]
        return none[0], none[1]
    total = float(each_child.sum())
    return (
        Estimate(TERMS[1], total, n=n, unit="GBP", method=methods[0], parts=parts_of(each_child)),
        Estimate(
            TERMS[3],
            total / weeks,
            n=n,
            unit="GBP per week",
            method=methods[1],
            parts=parts_of(each_child * n / weeks),
        ),
    )
