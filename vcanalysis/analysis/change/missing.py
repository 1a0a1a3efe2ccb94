"""Those not assessed again: who they are, and what the change would be if others like them spoke for them."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import statsmodels.api as sm

from vcanalysis.analysis.change.cohort import cohort_of
from vcanalysis.analysis.change.scores import MINIMUM, TOO_FEW, rated_by, t_estimate
from vcanalysis.analysis.change.variance import spread
from vcanalysis.core.columns import number_column
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import normal_quantile
from vcanalysis.core.parts import fewest_of

MISSING = "Those not assessed again less the others, in standard deviations"
WEIGHTED = "mean change weighted by the inverse of the probability of a second assessment"
LARGEST_WEIGHT = 0.99  # quantile at which weights are cut


def who_is_missing(
    everyone: pd.DataFrame, *, after: str, columns: Sequence[str], level: float = 0.95, term: str = MISSING
) -> Estimates:
    """How those without a score differ from the others, in standard deviations of each characteristic.

    Parameters
    ----------
    everyone : DataFrame
        One row per child assessed at all, such as ``Pairs.everyone``.
    after : str
        Column of the score, such as that of the second assessment; empty where there is none.
    columns : sequence of str
        Numeric (or True and False) characteristics.
    level : float
        Confidence level of all intervals together.
    term : str
        Words for the sentence.

    Returns
    -------
    Estimates
        One standardised difference per characteristic: those without a score less the others.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    References
    ----------
    Hedges LV, Olkin I (1985), Statistical Methods for Meta-Analysis, p. 86; Dunn OJ (1961), J Am Stat Assoc 56:52-64,
    for intervals that hold together.

    Examples
    --------
    >>> frame = pd.DataFrame({"first": [5.0, 7, 9, 11] * 10, "second": [4.0, None] * 20})
    >>> round(who_is_missing(frame, after="second", columns=["first"])[0].value, 2)
    0.97
    """
    gone = np.isnan(number_column(everyone, after))
    items, each = [], 1 - (1 - level) / max(len(columns), 1)
    method = "standardised difference"
    if len(columns) > 1:
        method += "; intervals of all characteristics together (Bonferroni)"
    for name in columns:
        values = number_column(everyone, name)
        parts = [values[side & ~np.isnan(values)] for side in (gone, ~gone)]
        found = _standardised(name, *parts, level=each, term=term)
        items.append(found.named(level=level, method=method))
    return Estimates.of(items)


def _standardised(name: str, first: np.ndarray, second: np.ndarray, *, level: float, term: str) -> Estimate:
    n, m = len(first), len(second)
    if min(n, m) < MINIMUM:
        reason = f"at least {MINIMUM} children are needed on each side"
        return Estimate.not_estimable(term, n=min(n, m), reason=reason, group=name)
    pooled = math.sqrt(((n - 1) * first.var(ddof=1) + (m - 1) * second.var(ddof=1)) / (n + m - 2))
    if pooled == 0:
        reason = "all children are alike in it"
        return Estimate.not_estimable(term, n=n + m, reason=reason, group=name)
    d = float(first.mean() - second.mean()) / pooled
    half = normal_quantile(level) * math.sqrt((n + m) / (n * m) + d * d / (2 * (n + m)))
    few = fewest_of(first, second)
    return Estimate(term, d, d - half, d + half, level, n + m, "ratio", group=name, support=few)


def weighted_change(
    everyone: pd.DataFrame,
    *,
    before: str,
    after: str,
    predictors: Sequence[str] = (),
    cluster: str | Sequence[str] = (),
    level: float = 0.95,
) -> Estimate:
    """Mean change among all children assessed once, those assessed again standing for others like them.

    Parameters
    ----------
    everyone : DataFrame
        One row per child assessed at all.
    before, after : str
        Columns of the two scores; the second empty where there is none.
    predictors : sequence of str
        Numeric columns that may go with being assessed again, besides the first score.
    cluster : str or sequence of str
        One or two columns of raters.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        In points.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    Weights come from a logistic regression and are cut at their 99th percentile; the interval counts that the
    weights were estimated. Right if, among children alike in the predictors, it was chance who was seen again.

    References
    ----------
    Robins JM, Rotnitzky A, Zhao LP (1995), J Am Stat Assoc 90:106-121.

    Examples
    --------
    >>> rng = np.random.default_rng(5)
    >>> frame = pd.DataFrame({"b": rng.normal(10, 3, 200)})
    >>> frame["a"] = (frame["b"] - 1 + [0.01, -0.01] * 100).where(rng.random(200) < 0.7)
    >>> round(weighted_change(frame, before="b", after="a").value, 1)
    -1.0
    """
    term = "Mean change, all children weighted in"
    cohort = cohort_of(everyone, before, after, predictors, cluster)
    method, seen = WEIGHTED + rated_by(cohort.codes), cohort.seen
    if seen.sum() < MINIMUM:
        return Estimate.not_estimable(term, n=int(seen.sum()), reason=TOO_FEW, method=method)
    chance = np.ones(len(seen))
    if not seen.all():
        fit = sm.GLM(seen.astype(float), cohort.design, family=sm.families.Binomial()).fit()
        chance = np.clip(fit.fittedvalues, 1e-6, 1 - 1e-9)
    weight = np.where(seen, 1 / chance, 0.0)
    weight = np.minimum(weight, np.quantile(weight[seen], LARGEST_WEIGHT))
    change = np.where(seen, cohort.after - cohort.before, 0.0)
    value = float(weight @ change / weight.sum())
    influence = weight * (change - value) / weight.sum()
    if not seen.all():
        # Estimated weights balance what was observed; leaving that out would make the interval too wide.
        score = cohort.design * (seen - chance)[:, None]
        influence = influence - score @ np.linalg.lstsq(score, influence, rcond=None)[0]
    within = spread(influence, cohort.codes)
    error = float(within.errors()[0])
    return t_estimate(term, value, error, within, n=len(seen), level=level, unit="points", method=method)
