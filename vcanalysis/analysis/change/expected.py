"""What an average would do with no true change at all, because high first scores were picked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.change.mirror import TIME_REVERSED
from vcanalysis.analysis.change.regression import (
    backwards,
    cut_of,
    lacking_expectation,
    mean_and_error,
    slope_of,
)
from vcanalysis.analysis.change.scores import rated_by, t_estimate, two_scores
from vcanalysis.analysis.change.variance import spread
from vcanalysis.core.estimate import Estimate

EXPECTED = "Change expected from regression to the mean alone"
ERROR_ALONE = "Change expected from rating error alone"
DAVIS = "(1 - reliability) times the mean of the upper normal tail; ends of the interval of the reliability"
EXPECTED_METHOD = (
    "distance of the first scores from the population's mean, times the slope less one; delta method"
)


def expected_fall(
    reliability: Estimate | float, *, cut_sd: float, sd: float = 1.0, unit: str = "points"
) -> Estimate:
    """Change of a mean from rating error alone, because only high first scores were picked.

    Parameters
    ----------
    reliability : Estimate or float
        Share of the differences between scores that is not error, 0 to 1, such as the agreement of two ratings
        within days. The ends of its interval are carried along.
    cut_sd : float
        Where the picking began: standard deviations of the observed score above its mean.
    sd : float
        Standard deviation of the observed score, in `unit`; taken as certain.
    unit : str
        Unit of the score.

    Returns
    -------
    Estimate
        Negative: a fall. It needs no second assessment, so it is a second opinion on `expected_change`. Not
        estimable where the reliability is not, or lies outside 0 to 1.

    Notes
    -----
    Exact for normal scores only: (1 - reliability) times the mean of the upper tail. What children truly lose or gain
    between the assessments comes on top.

    References
    ----------
    Davis CE (1976), Am J Epidemiol 104:493-498.

    Examples
    --------
    >>> [round(expected_fall(0.7, cut_sd=cut).value, 2) for cut in (0.5, 1.0, 1.5)]
    [-0.34, -0.46, -0.58]
    """
    known = isinstance(reliability, Estimate)
    given = reliability if isinstance(reliability, Estimate) else Estimate("", reliability)
    value = given.value
    if value is None or not 0 <= value <= 1:
        reason = given.reason or f"the reliability must lie between 0 and 1, not {value:.2f}"
        return Estimate.not_estimable(ERROR_ALONE, n=given.n, reason=reason, method=DAVIS)
    tail = sd * float(np.exp(stats.norm.logpdf(cut_sd) - stats.norm.logsf(cut_sd)))
    low, high = (None if end is None else -(1 - end) * tail for end in (given.low, given.high))
    about = {"of": given.of} if known else {}
    return Estimate(
        ERROR_ALONE,
        -(1 - value) * tail,
        low,
        high,
        given.level,
        given.n,
        unit,
        DAVIS,
        **about,  # type: ignore[arg-type]
    )


def expected_change(
    pairs: pd.DataFrame,
    *,
    before: str,
    after: str,
    population_mean: Estimate | float,
    slope: Estimate | float | None = None,
    selected: str = "",
    cluster: str | Sequence[str] = (),
    level: float = 0.95,
) -> Estimate:
    """Mean change that regression to the mean alone would make: the raw change less what lies beyond it.

    Parameters
    ----------
    pairs, before, after, population_mean, slope, selected, cluster, level
        As for `change_beyond_regression`.

    Returns
    -------
    Estimate
        In points of the score, negative where need was to fall. The interval (delta method) holds what it is learnt
        from and, where it is an Estimate, the population mean to be uncertain.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Examples
    --------
    >>> frame = pd.DataFrame({"b": [45, 52, 63, 68, 57, 55, 60, 59, 61, 58]})
    >>> frame["a"] = [49, 50, 70, 71, 53, 61, 62, 67, 64, 60]
    >>> round(expected_change(frame, before="b", after="a", population_mean=58).value, 2)
    -0.02
    """
    scores = two_scores(pairs, before=before, after=after, cluster=cluster, selected=selected)
    cut = cut_of(scores, slope)
    method = (EXPECTED_METHOD if cut is None else TIME_REVERSED) + rated_by(scores.codes)
    reason = lacking_expectation(scores, population_mean, slope)
    if reason:
        return Estimate.not_estimable(EXPECTED, n=scores.picked_count, reason=reason, method=method)
    mean, mean_error = mean_and_error(population_mean)
    about: dict[str, Any] = {"n": scores.picked_count, "level": level, "unit": "points", "method": method}
    if cut is not None:
        return backwards(scores, EXPECTED, mean, cut, part="due", **about)
    above, picked = scores.before - mean, scores.picked
    b, slope_error, of_slope = slope_of(scores, slope)
    distance = float(above[picked].mean())
    influence = np.where(picked, (b - 1) * (above - distance), 0.0) / picked.sum() + distance * of_slope
    within = spread(influence, scores.codes)
    given = (distance * slope_error) ** 2 + ((1 - b) * mean_error) ** 2
    error = math.sqrt(float(within.covariance[0, 0]) + given)
    return t_estimate(EXPECTED, (b - 1) * distance, error, within, **about)
