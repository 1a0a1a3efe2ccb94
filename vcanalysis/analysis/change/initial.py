"""Do the neediest change most? Change against the first score, freed of regression to the mean."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.change.regression import mean_and_error, stability
from vcanalysis.analysis.change.scores import two_scores
from vcanalysis.core.estimate import Estimate

BLOMQVIST = "Blomqvist: slope of change on true first score"
OLDHAM = "Oldham: correlation of change with the mean of both scores"


def blomqvist(
    pairs: pd.DataFrame,
    *,
    before: str,
    after: str,
    reliability: Estimate | float,
    cluster: str | Sequence[str] = (),
    level: float = 0.95,
) -> Estimate:
    """Whether children with truly higher need change more: slope of change on the first score without its error.

    Parameters
    ----------
    pairs : DataFrame
        One row per child assessed twice.
    before, after : str
        Columns of the two scores.
    reliability : Estimate or float
        Reliability of the first score among these children.
    cluster : str or sequence of str
        One or two columns of raters.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        Unit "ratio": points of change for each point of true first score; negative where the neediest fall most.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    The plain slope is negative even if nothing changes, by one less the reliability. The corrected slope is
    (1 + plain slope) / reliability - 1; its interval carries both uncertainties by the delta method.

    References
    ----------
    Blomqvist N (1977), J Am Stat Assoc 72:746-749.

    Examples
    --------
    >>> frame = pd.DataFrame({"b": range(12), "a": [0.8 * x + (x % 4 in (1, 2)) for x in range(12)]})
    >>> round(blomqvist(frame, before="b", after="a", reliability=0.8).value, 2)
    0.0
    """
    term = "Change for each point of true first score"
    plain = stability(pairs, before=before, after=after, cluster=cluster, level=level)
    if not plain.estimable:
        return Estimate.not_estimable(term, n=plain.n, reason=plain.reason, method=BLOMQVIST)
    if isinstance(reliability, Estimate) and not reliability.estimable:
        return Estimate.not_estimable(
            term, n=plain.n, reason="the reliability is not known", method=BLOMQVIST
        )
    r, r_error = mean_and_error(reliability)
    if not 0 < r <= 1:
        reason = f"the reliability must lie between 0 and 1, not {r:.2f}"
        return Estimate.not_estimable(term, n=plain.n, reason=reason, method=BLOMQVIST)
    kept = float(plain.value or 0.0)
    error = math.hypot((plain.std_error or 0.0) / r, kept * r_error / r**2)
    half = error * ((plain.high or 0.0) - kept) / (plain.std_error or 1.0)
    value = kept / r - 1
    method = f"{BLOMQVIST}; delta-method interval"
    return Estimate(term, value, value - half, value + half, level, plain.n, "ratio", method, std_error=error)


def oldham(pairs: pd.DataFrame, *, before: str, after: str, level: float = 0.95) -> Estimate:
    """Correlation of change with the mean of both scores: free of regression to the mean when nothing changes.

    Parameters
    ----------
    pairs : DataFrame
        One row per child assessed twice.
    before, after : str
        Columns of the two scores.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        Unit "correlation", with Fisher's interval. Nought if and only if the scores vary as much at the second
        assessment as at the first (Pitman's test).

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    References
    ----------
    Oldham PD (1962), J Chronic Dis 15:969-977.

    Examples
    --------
    >>> frame = pd.DataFrame({"b": range(12), "a": [2 * x for x in range(12)]})
    >>> round(oldham(frame, before="b", after="a").value, 2)
    1.0
    """
    term, scores = "Correlation of change with the mean score", two_scores(pairs, before=before, after=after)
    reason = scores.lacking_line() or ("every child changed alike" if np.ptp(scores.change) == 0 else "")
    if reason:
        return Estimate.not_estimable(term, n=len(scores), reason=reason, method=OLDHAM)
    found = stats.pearsonr(scores.change, (scores.before + scores.after) / 2)
    low, high = found.confidence_interval(level)
    return Estimate(
        term,
        float(found.statistic),
        low,
        high,
        level,
        len(scores),
        "correlation",
        f"{OLDHAM}; Fisher interval",
    )
