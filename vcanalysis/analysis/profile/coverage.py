"""How far the assessments can be trusted: who is assessed, how fresh, by how many people."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.analysis.profile.shares import share_of
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.scoring import OVERDUE_DAYS

_UNKNOWN = "who rated is not known"


def assessment_coverage(
    frame: pd.DataFrame, *, need: str, need_age_days: str, overdue: int = OVERDUE_DAYS, level: float = 0.95
) -> Estimates:
    """Share of children assessed, and share of these whose assessment is overdue.

    Parameters
    ----------
    frame : DataFrame
        One row per child in care.
    need : str
        Column of the need score, missing where there is no usable assessment.
    need_age_days : str
        Column of days since the latest assessment.
    overdue : int
        Days after which an assessment is overdue: `overdue_days` of the framework, or half a year.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        "Share of children assessed" and "Share of assessments overdue".

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Examples
    --------
    >>> frame = pd.DataFrame({"need_total": [4, 9, None], "need_age_days": [20, 300, None]})
    >>> [round(e.value, 2) for e in assessment_coverage(frame, need="need_total", need_age_days="need_age_days")]
    [0.67, 0.5]
    """
    assessed = ~np.isnan(number_column(frame, need))
    days = number_column(frame, need_age_days)[assessed]
    days = days[~np.isnan(days)]
    return Estimates(
        (
            share_of(
                int(assessed.sum()),
                len(frame),
                term="Share of children assessed",
                level=level,
                reason="there are no children",
            ),
            share_of(
                int((days > overdue).sum()),
                len(days),
                term=f"Share of assessments overdue (older than {overdue} days)",
                level=level,
                reason="no child is assessed",
            ),
        )
    )


def raters_per_child(assessments: pd.DataFrame, *, child: str, rater: str, level: float = 0.95) -> Estimates:
    """How many people have rated the same child: a change in score may be a change of rater.

    Parameters
    ----------
    assessments : DataFrame
        One row per assessment.
    child, rater : str
        Columns that name the child and the rater.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        Share of the children assessed at least twice whose raters differ, and the mean number of raters
        per assessed child (a count, without an interval); not estimable where no assessment says who rated.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"child": [1, 1, 2, 2], "rater": ["a", "b", "a", "a"]})
    >>> [e.value for e in raters_per_child(rows, child="child", rater="rater")]
    [0.5, 1.5]
    """
    require_columns(assessments, child, rater)
    known = assessments.dropna(subset=[child, rater])
    parts = known.groupby(child, observed=True)[rater]
    times, raters = parts.size(), parts.nunique()
    again = raters[times >= 2]
    unknown = len(assessments) > 0 and raters.empty
    share = share_of(
        int((again > 1).sum()),
        len(again),
        term="Share of children assessed again who had more than one rater",
        level=level,
        reason=_UNKNOWN if unknown else "no child is assessed twice",
    )
    term = "Mean number of raters per child"
    if raters.empty:
        reason = _UNKNOWN if unknown else "no child is assessed"
        return Estimates((share, Estimate.not_estimable(term, n=0, reason=reason, method="mean")))
    return Estimates(
        (share, Estimate(term, float(raters.mean()), n=len(raters), unit="ratio", method="mean"))
    )
