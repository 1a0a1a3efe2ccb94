"""Agreement of raters by domain, and how much of the disagreement lies in severe and mild raters.

statsmodels' and scikit-learn's kappa take one rater as the first and have no interval for raters who are
interchangeable; the tests hold ours against R's psych with both orders of each pair.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse
from scipy.sparse import csgraph

from vcanalysis.analysis.association.resampling import fisher_interval
from vcanalysis.core.columns import number_column, require_columns, say_column
from vcanalysis.core.components import fit_along
from vcanalysis.core.estimate import Estimate, Estimates

KAPPA = "quadratically weighted kappa, raters interchangeable; jackknife of pairs on Fisher's scale"
RATERS = (
    "crossed raters in differences within pairs, restricted maximum likelihood; profile likelihood interval"
)
MINIMUM = 10
FEWEST_RATERS = 6


def _pairs(ratings: pd.DataFrame, subject: str, score: str) -> tuple[np.ndarray, np.ndarray, pd.DataFrame]:
    """Give first and second score of each subject rated exactly twice, and the rows they come from."""
    require_columns(ratings, subject)
    values = number_column(ratings, score)
    known = ~np.isnan(values) & ratings[subject].notna().to_numpy()
    rows = ratings.loc[known].assign(_score=values[known])
    rows = rows.loc[rows.groupby(subject)["_score"].transform("size") == 2].sort_values(
        subject, kind="stable"
    )
    scores = rows["_score"].to_numpy().reshape(-1, 2)
    return scores[:, 0], scores[:, 1], rows


def weighted_kappa(
    ratings: pd.DataFrame, *, subject: str, scores: Sequence[str], level: float = 0.95
) -> Estimates:
    """Agreement of two ratings of each ordinal domain beyond chance, near misses counted as near.

    Parameters
    ----------
    ratings : DataFrame
        One row per rating; subjects not rated exactly twice are left out.
    subject : str
        Column that names what was rated twice (the pair).
    scores : sequence of str
        Ordinal columns, such as the domains of need.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        One per column, group its name, unit "ratio": 1 is perfect agreement, 0 that of chance. Not estimable
        below 10 pairs or when no score differs.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    Raters are interchangeable, so both orders of a pair count: this is Scott's pi with quadratic weights,
    near Cohen's kappa. The leave-one-out influence of pairs gives the error.

    References
    ----------
    Cohen J (1968), Psychol Bull 70:213-220; Fleiss JL, Cohen J (1973), Educ Psychol Meas 33:613-619.

    Examples
    --------
    >>> ratings = pd.DataFrame({"pair": [*range(12)] * 2, "risk": [0, 1, 2, 3] * 3 + [0, 1, 2, 2] * 3})
    >>> round(weighted_kappa(ratings, subject="pair", scores=["risk"])[0].value, 2)
    0.87
    """
    return Estimates.of(_kappa(ratings, subject, name, level) for name in scores)


def _kappa(ratings: pd.DataFrame, subject: str, score: str, level: float) -> Estimate:
    first, second, _ = _pairs(ratings, subject, score)
    n, term, group = len(first), "Agreement of two ratings beyond chance", say_column(score)
    if n < MINIMUM:
        reason = f"at least {MINIMUM} children rated by two people are needed"
        return Estimate.not_estimable(term, n=n, reason=reason, group=group, method=KAPPA)
    apart = (first - second) ** 2
    middle, square = (first + second) / 2, (first**2 + second**2) / 2
    chance = 2 * (square.mean() - middle.mean() ** 2)
    if chance == 0:
        return Estimate.not_estimable(term, n=n, reason="all ratings are equal", group=group, method=KAPPA)
    value = 1 - apart.mean() / chance
    without = (
        n * np.array([apart.mean(), square.mean(), middle.mean()])[:, None] - [apart, square, middle]
    ) / (n - 1)
    left = 1 - without[0] / np.maximum(2 * (without[1] - without[2] ** 2), 1e-12)
    scaled = np.arctanh(np.clip(left, -0.9999, 0.9999))
    error = float(np.sqrt((n - 1) ** 2 / n * np.var(scaled, ddof=1)))
    if value == 1:
        return Estimate(term, 1.0, n=n, unit="ratio", method=KAPPA, group=group, of="children rated twice")
    low, high = fisher_interval(float(value), error, n, level)
    return Estimate(term, value, low, high, level, n, "ratio", KAPPA, group, of="children rated twice")


def rater_share(
    ratings: pd.DataFrame, *, subject: str, rater: str, score: str, level: float = 0.95
) -> Estimate:
    """Share of the disagreement between two ratings that lies in raters who are severe or mild throughout.

    Parameters
    ----------
    ratings : DataFrame
        One row per rating; subjects not rated exactly twice are left out.
    subject, rater : str
        Columns of what was rated twice and of who rated.
    score : str
        Column of the score.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        Unit "share": variance between raters over that variance and the residual error of a rating. High
        where training could mend the ratings. Not estimable below 10 pairs or 6 raters, when raters never
        meet different partners, or when the ratings never differ.

    Raises
    ------
    InputError
        If a column is missing or the score is not numeric.

    Notes
    -----
    Differences within a pair hold nothing of the child, so that children need not be like one another.

    References
    ----------
    Henderson CR (1953), Biometrics 9:226-252; Patterson HD, Thompson R (1971), Biometrika 58:545-554.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> severe = rng.normal(size=12)
    >>> who = np.array([rng.choice(12, 2, replace=False) for _ in range(150)])
    >>> ratings = pd.DataFrame({"pair": np.repeat(np.arange(150), 2), "rater": who.ravel()})
    >>> ratings["total"] = severe[ratings["rater"]] + rng.normal(size=300)
    >>> 0.05 < rater_share(ratings, subject="pair", rater="rater", score="total").value < 0.8
    True
    """
    require_columns(ratings, rater)
    first, second, rows = _pairs(ratings.loc[ratings[rater].notna()], subject, score)
    n = len(first)
    term = f"Share of the disagreement on {say_column(score)} that lies in severe and mild raters"
    codes, names = pd.factorize(rows[rater])
    reason = "" if n >= MINIMUM else f"at least {MINIMUM} children rated by two people are needed"
    if not reason and len(names) < FEWEST_RATERS:
        n, reason = len(names), f"at least {FEWEST_RATERS} raters are needed"
    if not reason and np.ptp(first - second) == 0:
        reason = "the ratings of every pair differ alike"
    if reason:
        return Estimate.not_estimable(term, n=n, reason=reason, method=RATERS)
    size, turned, met = _crossed(codes.reshape(-1, 2), len(names))
    if len(size) >= n - 1:
        reason = "raters share too few partners to tell them from error"
        return Estimate.not_estimable(term, n=n, reason=reason, method=RATERS)
    gap = first - second
    along = turned.T @ (met.T @ gap) / np.sqrt(size)
    # the order within a pair is arbitrary: no mean is fitted, and the residual holds two errors
    fit = fit_along(gap, np.zeros((n, 0)), size, (along, np.zeros((len(size), 0))), level)
    value, low, high = (_per_rating(v) for v in (fit.share, fit.low, fit.high))
    return Estimate(term, value, low, high, level, n, "share", RATERS, of="children rated twice", support=n)


def _crossed(who: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray, sparse.csr_matrix]:
    """Give who met whom as a sparse matrix (+1, -1 in each pair), and its directions from raters by raters.

    Raters linked by no chain of pairs have nothing in common: each such set lacks one direction, exactly.
    """
    n = len(who)
    rows, signs = np.repeat(np.arange(n), 2), np.tile([1.0, -1.0], n)
    met = sparse.csr_matrix((signs, (rows, who.ravel())), shape=(n, count))
    crossed = met.T @ met
    size, turned = np.linalg.eigh(crossed.toarray())
    apart = csgraph.connected_components(crossed, directed=False, return_labels=False)
    return size[apart:], turned[:, apart:], met


def _per_rating(share: float) -> float:
    """Carry a share against the error of a difference to one against the error of a rating: twice as large."""
    return 1.0 if share >= 1 else 2 * share / (1 - share) / (1 + 2 * share / (1 - share))
