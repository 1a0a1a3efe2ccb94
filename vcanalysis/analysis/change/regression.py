"""Regression to the mean: what an average would do with no true change, and what is left of a change without it."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd

from vcanalysis.analysis.change.mirror import BEYOND_REVERSED, Part, cut_between, read_backwards
from vcanalysis.analysis.change.scores import TwoScores, rated_by, t_estimate, two_scores
from vcanalysis.analysis.change.variance import Spread, least_squares, spread
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import normal_quantile

BEYOND = "Change beyond what is expected"
MEE_CHUA = "Mee and Chua: change where the first score is the population's mean"
WITH_SLOPE = "change beyond regression to the mean at a given slope"


def stability(
    pairs: pd.DataFrame, *, before: str, after: str, cluster: str | Sequence[str] = (), level: float = 0.95
) -> Estimate:
    """Slope of the second score on the first: how much of a high first score is still there at the second.

    Parameters
    ----------
    pairs : DataFrame
        One row per child assessed twice.
    before, after : str
        Columns of the two scores.
    cluster : str or sequence of str
        One or two columns of the people who rated: children rated by one person are not independent.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        Unit "ratio": 1 when nothing regresses, 0 when the first score tells nothing of the second.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Examples
    --------
    >>> frame = pd.DataFrame({"b": range(12), "a": [x // 2 for x in range(12)]})
    >>> round(stability(frame, before="b", after="a").value, 1)
    0.5
    """
    term = "Slope of the later score on the first"
    scores = two_scores(pairs, before=before, after=after, cluster=cluster)
    reason = scores.lacking_line()
    if reason:
        return Estimate.not_estimable(term, n=len(scores), reason=reason, method="least squares")
    coefficients, influence = least_squares([scores.before - scores.before.mean()], scores.after)
    within = spread(influence[:, 1], scores.codes, used=2)
    about = {"unit": "ratio", "method": f"least squares, robust errors{rated_by(scores.codes)}"}
    return t_estimate(
        term, coefficients[1], float(within.errors()[0]), within, n=len(scores), level=level, **about
    )


def mean_and_error(number: Estimate | float) -> tuple[float, float]:
    """Give the value of a number and its standard error, nought where it is taken as known."""
    if not isinstance(number, Estimate):
        return float(number), 0.0
    error = number.std_error
    if error is None and number.low is not None and number.high is not None:
        error = (number.high - number.low) / (2 * normal_quantile(number.level))
    return float(number.value or 0.0), float(error or 0.0)


def change_beyond_regression(
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
    """Mean change that regression to the mean does not explain.

    Parameters
    ----------
    pairs : DataFrame
        One row per child; they may have been picked for a high first score. Children without a second score count
        in who was seen again only: give them wherever `selected` is given.
    before, after : str
        Columns of the two scores.
    population_mean : Estimate or float
        Mean first score of the children they were picked from; an Estimate brings its own uncertainty.
    slope : Estimate or float, optional
        How much of a first score is still there at the second, known from elsewhere: from `stability` of other
        children, or a reliability. Without it the slope is that of the pairs (Mee and Chua).
    selected : str
        Column of True and False: the change is that of the children marked. Where they are all those above some first
        score and no slope is given, all pairs are read backwards in time as well, and no line is assumed. Else the
        slope is that of all pairs.
    cluster : str or sequence of str
        One or two columns of raters. Without it and without `slope` the interval is Mee's and Chua's exact t.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        In points of the score, negative where need fell by more than was to be expected.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    Without `selected`, or with a slope, it assumes a straight line between the two scores. Nothing here can
    tell a programme from anything else that happened to all children alike. Read backwards: if no child truly
    changes, those high at the later assessment were lower at the first by as much as those high at first are
    lower later, whatever the shape of need. What the picked truly changed by, and what the others did, are the two
    numbers that, given back, leave this balance and a mean that stands still; so it does not matter whether all
    children changed or the picked alone. Three things it needs: later ratings err as much as first ones (where they
    err less, a fall is claimed that was none); who is seen again goes with the first score alone, and some are of
    every first score (where of a run of scores nobody is, it is not estimable: those beside cannot stand for them); and
    children change by much the same (where half of all fell by 3 points, it finds 1 for 1.5; where all fell by 1 sd and
    low scores had no room to fall, hardly any regression to the mean is found, and 1.1 for 0.9).

    References
    ----------
    Mee RW, Chua TC (1991), Am Stat 45:39-42; Campbell DT, Kenny DA (1999), A Primer on Regression
    Artifacts; Robins JM (1994), Commun Stat 23:2379-2412.

    Examples
    --------
    >>> frame = pd.DataFrame({"b": [45, 52, 63, 68, 57, 55, 60, 59, 61, 58]})
    >>> frame["a"] = [49, 50, 70, 71, 53, 61, 62, 67, 64, 60]
    >>> round(change_beyond_regression(frame, before="b", after="a", population_mean=58).value, 2)
    2.92
    """
    scores = two_scores(pairs, before=before, after=after, cluster=cluster, selected=selected)
    own, cut = slope is None and not selected, cut_of(scores, slope)
    name = MEE_CHUA if own else WITH_SLOPE if cut is None else BEYOND_REVERSED
    term, method = BEYOND, name + rated_by(scores.codes)
    reason = lacking_expectation(scores, population_mean, slope)
    if reason:
        return Estimate.not_estimable(term, n=scores.picked_count, reason=reason, method=method)
    mean, mean_error = mean_and_error(population_mean)
    about: dict[str, Any] = {"n": scores.picked_count, "level": level, "unit": "points", "method": method}
    if cut is not None:
        return backwards(scores, term, mean, cut, part="beyond", **about)
    made = _at_own_slope(scores, mean) if own else _at_slope(scores, mean, slope)
    error = math.sqrt(made.variance + ((1 - made.slope) * mean_error) ** 2)
    return t_estimate(term, made.value, error, made.within, **about)


def cut_of(scores: TwoScores, slope: Estimate | float | None) -> float | None:
    """Give the first score above which children were picked; None where a line is asked for or all are meant."""
    return None if slope is not None else cut_between(scores.before, scores.picked)


def backwards(
    scores: TwoScores, term: str, mean: float, cut: float, *, part: Literal["due", "beyond"], **about: Any
) -> Estimate:
    """Give the part of the change asked for, from the pairs read backwards in time."""
    read = read_backwards(scores, mean, cut)
    if isinstance(read, str):
        return Estimate.not_estimable(term, n=about["n"], reason=read, method=about["method"])
    found: Part = getattr(read.parts(scores.change), part)
    within = read.spread(found.influence, scores.codes)
    return t_estimate(term, found.value, float(within.errors()[0]), within, **about)


def lacking_expectation(
    scores: TwoScores, population_mean: Estimate | float, slope: Estimate | float | None
) -> str:
    """Say why no change can be expected, or nothing."""
    reason = scores.lacking_line()
    for given in (population_mean, slope):
        if isinstance(given, Estimate) and not given.estimable:
            reason = reason or f"{given.term[0].lower()}{given.term[1:]} is not known: {given.reason}"
    return reason


def slope_of(scores: TwoScores, slope: Estimate | float | None) -> tuple[float, float, np.ndarray]:
    """Give the slope, its error where it is from elsewhere, and each row's influence where it is that of all pairs."""
    if slope is not None:
        return *mean_and_error(slope), np.zeros(len(scores))
    coefficients, influence = least_squares([scores.before - scores.before.mean()], scores.after)
    return float(coefficients[1]), 0.0, influence[:, 1]


class _Beyond(NamedTuple):
    value: float
    variance: float
    slope: float
    within: Spread


def _at_own_slope(scores: TwoScores, mean: float) -> _Beyond:
    coefficients, influence = least_squares([scores.before - mean], scores.after)
    b = float(coefficients[1])
    if scores.codes:
        within = spread(influence[:, 0], scores.codes, used=2)
        return _Beyond(float(coefficients[0] - mean), float(within.covariance[0, 0]), b, within)
    value, error, df = mee_chua(scores.before, scores.after, mean)
    return _Beyond(value, error**2, b, Spread(np.array([[error**2]]), df, 0))


def _at_slope(scores: TwoScores, mean: float, slope: Estimate | float | None) -> _Beyond:
    """Hold the picked children against a slope from elsewhere, or against that of all pairs."""
    above, picked = scores.before - mean, scores.picked
    b, slope_error, of_slope = slope_of(scores, slope)
    extra = (float(above[picked].mean()) * slope_error) ** 2
    left = scores.after - mean - b * above
    value = float(left[picked].mean())
    influence = np.where(picked, left - value, 0.0) / picked.sum() - above[picked].mean() * of_slope
    within = spread(influence, scores.codes)
    return _Beyond(value, float(within.covariance[0, 0]) + extra, b, within)


def mee_chua(before: np.ndarray, after: np.ndarray, population_mean: float) -> tuple[float, float, int]:
    """Give the effect beyond regression to the mean, its standard error and degrees of freedom, from plain numbers.

    References
    ----------
    Mee RW, Chua TC (1991), Am Stat 45:39-42.

    Examples
    --------
    >>> effect, error, df = mee_chua(np.array([45.0, 52, 63, 68]), np.array([49.0, 50, 70, 71]), 60.0)
    >>> round(effect, 2), round(error, 2), df
    (3.34, 2.29, 2)
    """
    x, n = np.asarray(before, dtype=float) - population_mean, len(before)
    coefficients, _ = least_squares([x], np.asarray(after, dtype=float))
    residual = after - coefficients[0] - coefficients[1] * x
    variance = float(residual @ residual) / (n - 2)
    error = math.sqrt(variance * (1 / n + x.mean() ** 2 / float(np.sum((x - x.mean()) ** 2))))
    return float(coefficients[0] - population_mean), error, n - 2
