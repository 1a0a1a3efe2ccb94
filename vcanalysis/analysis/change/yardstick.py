"""What a change is held against: rating error, a threshold, the population, the usual persistence of a score."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Yardstick:
    """What a change is held against.

    Parameters
    ----------
    error_sd : Estimate or float
        Standard deviation of rating error, in points of the score: from `rating_error` or
        `Yardstick.from_reliability`.
    threshold : float
        Score at or above which need counts as high.
    population_mean : Estimate, float or None
        Mean first score of all children the pairs were picked from. Without it the change beyond expectation
        cannot be given.
    slope : Estimate, float or None
        As for `change_beyond_regression`.
    """

    error_sd: Estimate | float
    threshold: float
    population_mean: Estimate | float | None = None
    slope: Estimate | float | None = None

    @classmethod
    def from_reliability(
        cls,
        reliability: float,
        *,
        sd: float,
        threshold: float,
        population_mean: Estimate | float | None = None,
    ) -> Yardstick:
        """Make a yardstick from a published reliability and the standard deviation it belongs to.

        Raises
        ------
        InputError
            If the reliability lies outside 0 to 1 or the standard deviation is not positive.

        Examples
        --------
        >>> Yardstick.from_reliability(0.84, sd=5.0, threshold=14).error_sd
        2.0
        """
        if not 0 <= reliability <= 1 or sd <= 0:
            raise InputError(
                f"Reliability is {reliability:g} and the standard deviation {sd:g}; the first must lie between 0 "
                "and 1, the second above 0."
            )
        return cls(round(sd * math.sqrt(1 - reliability), 12), threshold, population_mean)


def rating_error(ratings: pd.DataFrame, *, subject: str, score: str, level: float = 0.95) -> Estimate:
    """Estimate the standard deviation of the error of one rating, from children rated twice within days.

    Parameters
    ----------
    ratings : DataFrame
        One row per rating.
    subject : str
        Column that names the pair (or child) rated more than once.
    score : str
        Column of the score.
    level : float
        Confidence level of the interval (chi squared).

    Returns
    -------
    Estimate
        In points of the score. Leanings of a rater to score high count as error.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Examples
    --------
    >>> ratings = pd.DataFrame({"pair": [*range(12)] * 2, "need": [*range(12), *range(2, 14)]})
    >>> round(rating_error(ratings, subject="pair", score="need").value, 3)
    1.414
    """
    require_columns(ratings, subject)
    values, term = number_column(ratings, score), "Standard deviation of rating error"
    method = "within-child standard deviation; chi-squared interval"
    known = ~np.isnan(values) & ratings[subject].notna().to_numpy()
    codes = pd.factorize(ratings.loc[known, subject])[0]
    sizes = np.bincount(codes, minlength=1)
    means = np.bincount(codes, weights=values[known], minlength=1) / np.maximum(sizes, 1)
    df, n = int(np.maximum(sizes - 1, 0).sum()), int((sizes > 1).sum())
    squares = float(np.sum((values[known] - means[codes]) ** 2))
    if n < 10 or squares == 0:
        reason = (
            "at least 10 children rated twice are needed" if n < 10 else "no two ratings of a child differ"
        )
        return Estimate.not_estimable(term, n=n, reason=reason, method=method, of="children rated twice")
    tail = (1 - level) / 2
    low, high = (math.sqrt(squares / stats.chi2.ppf(q, df)) for q in (1 - tail, tail))
    return Estimate(
        term, math.sqrt(squares / df), low, high, level, n, "points", method, of="children rated twice"
    )
