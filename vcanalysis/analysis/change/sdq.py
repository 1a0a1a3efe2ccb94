"""The SDQ added-value score: how much better children do than a comparison group without help would have done."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.change.pairs import pair_assessments
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.estimate import Estimate

METHOD = "SDQ added value (2.3 + 0.8 T0 + 0.2 impact - 0.3 emotional - T1); t interval"
MINIMUM = 10
TOTAL, IMPACT, EMOTIONAL = "sdq_total", "sdq_impact", "sdq_emotional"
LEAST_DAYS, MOST_DAYS = 120, 245


def sdq_pairs(
    outcomes: pd.DataFrame,
    *,
    child: str = "child_id",
    date: str = "date",
    measure: str = "measure",
    value: str = "value",
) -> pd.DataFrame:
    """Set the first two SDQs of each child side by side, where they are 4 to 8 months apart.

    Parameters
    ----------
    outcomes : DataFrame
        One row per measurement of a child, such as the table ``outcomes`` of a council.
    child, date, measure, value : str
        Columns; measures other than ``sdq_total``, ``sdq_impact`` and ``sdq_emotional`` are left out.

    Returns
    -------
    DataFrame
        One row per child: `before`, `after`, `impact` and `emotional`, empty where not recorded.

    Raises
    ------
    InputError
        If a column is missing or a date is empty.

    Examples
    --------
    >>> rows = pd.DataFrame({"child_id": "a", "measure": ["sdq_total", "sdq_impact", "sdq_total"], "value": [20, 4, 15],
    ...                      "date": pd.to_datetime(["2019-01-01", "2019-01-01", "2019-07-01"])})
    >>> sdq_pairs(rows)[["before", "after", "impact"]].values.tolist()
    [[20.0, 15.0, 4.0]]
    """
    require_columns(outcomes, child, date, measure, value)
    rows = outcomes.loc[outcomes[measure].isin([TOTAL, IMPACT, EMOTIONAL])]
    rows = rows.assign(**{value: rows[value].astype("float64"), measure: rows[measure].astype("str")})
    wide = rows.pivot_table(index=[child, date], columns=measure, values=value, observed=True)
    wide = wide.reindex(columns=[TOTAL, IMPACT, EMOTIONAL]).reset_index().sort_values([child, date])
    two = wide.groupby(child, observed=True).head(2)
    columns = [TOTAL, IMPACT, EMOTIONAL]
    pairs = pair_assessments(two, child=child, date=date, columns=columns, least_days=LEAST_DAYS).frame
    near = pairs.loc[(pairs["date_after"] - pairs["date_before"]).dt.days <= MOST_DAYS]
    names = {"before": TOTAL + "_before", "after": TOTAL + "_after"}
    names |= {"impact": IMPACT + "_before", "emotional": EMOTIONAL + "_before"}
    return near[[child, *names.values()]].rename(columns={old: new for new, old in names.items()})


def sdq_added_value(
    frame: pd.DataFrame, *, before: str, after: str, impact: str, emotional: str, level: float = 0.95
) -> Estimate:
    """Mean SDQ added-value score: positive where children do better than expected without help.

    Parameters
    ----------
    frame : DataFrame
        One row per child with two parent SDQs 4 to 8 months apart, from a group at high risk.
    before, after : str
        Columns of the total difficulties score (0 to 40), first and second.
    impact, emotional : str
        Columns of the first impact score and emotional symptoms score.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        In SDQ points. Not estimable where impact or emotional scores were not recorded.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    Made from 604 children in a national survey; its standard deviation is 5 points, so that one child's score is
    uncertain by 10 points either way, and the mean of 100 by one. It does not hold for groups at low risk, nor
    for SDQs filled in by carers who changed between the two.

    References
    ----------
    Ford T, Hutchings J, Bywater T et al. (2009), Br J Psychiatry 194:552-558; sdqinfo.com, e10.

    Examples
    --------
    >>> frame = pd.DataFrame({"t0": [20.0] * 12, "t1": [15.0, 17] * 6, "i": [4] * 12, "e": [6] * 12})
    >>> round(sdq_added_value(frame, before="t0", after="t1", impact="i", emotional="e").value, 2)
    1.3
    """
    term = "Mean SDQ added value"
    first, second, burden, feeling = (number_column(frame, c) for c in (before, after, impact, emotional))
    score = 2.3 + 0.8 * first + 0.2 * burden - 0.3 * feeling - second
    score = score[~np.isnan(score)]
    if len(score) < MINIMUM:
        reason = f"at least {MINIMUM} children need two totals, an impact and an emotional score"
        return Estimate.not_estimable(term, n=len(score), reason=reason, method=METHOD)
    error = float(score.std(ddof=1)) / math.sqrt(len(score))
    half = float(stats.t.ppf(0.5 + level / 2, len(score) - 1)) * error
    mean = float(score.mean())
    ends = mean - half, mean + half
    made = Estimate(term, mean, *ends, level, len(score), "points", METHOD, std_error=error)
    return made.unless_alike(
        1.0, reason="all children have the same score, so that nothing says how sure this is"
    )
