"""How well two ratings of the same child agree."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.core.columns import number_column, require_columns, say_column
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import icc_interval
from vcanalysis.core.variance import one_way

METHOD = "ICC(1), one-way random effects; exact F interval"
MINIMUM = 10


def reliability(
    ratings: pd.DataFrame, *, subject: str, score: str, level: float = 0.95, term: str = ""
) -> Estimate:
    """Agreement of several ratings of the same child by different people: ICC(1).

    Parameters
    ----------
    ratings : DataFrame
        One row per rating.
    subject : str
        Column that names what was rated twice (the pair or the child); rated once is left out.
    score : str
        Column of the score.
    level : float
        Confidence level.
    term : str
        Words for the sentence.

    Returns
    -------
    Estimate
        Share of the differences between scores that is not rating error: 1 is perfect agreement, 0 none.
        Unit "ratio". Not estimable below 10 subjects rated twice, or when no rating differs.

    Raises
    ------
    InputError
        If a column is missing or the score is not numeric.

    Notes
    -----
    A one-way model: raters are interchangeable, so a rater who always scores high counts as error. It
    speaks for children like those rated twice; if only the puzzling ones were, it is too low.

    References
    ----------
    Shrout PE, Fleiss JL (1979), Psychol Bull 86:420-428, case 1.

    Examples
    --------
    >>> ratings = pd.DataFrame({"pair": [*range(12)] * 2, "need_total": [*range(12), *range(1, 13)]})
    >>> round(reliability(ratings, subject="pair", score="need_total").value, 2)
    0.96
    """
    require_columns(ratings, subject)
    values = number_column(ratings, score)
    known = ~np.isnan(values) & ratings[subject].notna().to_numpy()
    codes, _ = pd.factorize(ratings.loc[known, subject])
    repeated = np.bincount(codes, minlength=1)[codes] > 1 if known.any() else np.zeros(0, dtype=bool)
    values, codes = values[known][repeated], np.unique(codes[repeated], return_inverse=True)[1]
    term = term or f"Agreement of two ratings of {say_column(score)}"
    n = len(np.unique(codes))
    if n < MINIMUM:
        reason = f"at least {MINIMUM} children rated by two people are needed"
        return Estimate.not_estimable(term, n=n, reason=reason, method=METHOD)
    found = one_way(values, codes)
    if found.within == 0 or found.between == 0:
        reason = (
            "all ratings are equal"
            if found.within == found.between
            else "the ratings do not vary as error would"
        )
        return Estimate.not_estimable(term, n=n, reason=reason, method=METHOD)
    low, high = icc_interval(found.ratio, found.groups, found.extra, found.size, level)
    return Estimate(term, found.icc, low, high, level, n, "ratio", METHOD, of="children rated twice")
