"""How well two ratings of the same child agree, and what that hides of a correlation."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from vcanalysis.core.columns import number_column, require_columns, say_column
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import icc_interval, normal_quantile, percentile_interval

METHOD = "ICC(1), one-way random effects; exact F interval"
CORRECTED = "Spearman (1904) correction for attenuation; interval by simulation"
MINIMUM = 10
RELIABILITIES = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9, 0.95, 1.0)


def _one_way(values: np.ndarray, codes: np.ndarray) -> tuple[float, float, int, int, float]:
    """Give the mean squares between and within, groups, degrees of freedom within, mean size k0."""
    sizes = np.bincount(codes)
    means = np.bincount(codes, weights=values) / sizes
    groups, total = len(sizes), len(values)
    between = float(sizes @ (means - values.mean()) ** 2) / (groups - 1)
    within = float(np.sum((values - means[codes]) ** 2)) / (total - groups)
    size = (total - float(sizes @ sizes) / total) / (groups - 1)
    return between, within, groups, total - groups, size


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
    between, within, groups, extra, size = _one_way(values, codes)
    if within == 0 or between == 0:
        reason = "all ratings are equal" if within == between else "the ratings do not vary as error would"
        return Estimate.not_estimable(term, n=n, reason=reason, method=METHOD)
    ratio = between / within
    low, high = icc_interval(ratio, groups, extra, size, level)
    value = (ratio - 1) / (ratio + size - 1)
    return Estimate(term, value, low, high, level, n, "ratio", METHOD, of="children rated twice")


def _draw(estimate: Estimate, normal: np.ndarray) -> np.ndarray:
    """Draw from the sampling distribution of a correlation or ICC, on Fisher's scale."""
    value = min(max(float(estimate.value or 0.0), -0.9999), 0.9999)
    if estimate.low is None or estimate.high is None:
        return np.full(normal.shape, value)
    ends = np.arctanh(np.clip([estimate.low, estimate.high], -0.9999, 0.9999))
    spread = (ends[1] - ends[0]) / (2 * normal_quantile(estimate.level))
    return np.tanh(math.atanh(value) + spread * normal)


def disattenuated(
    correlation: Estimate, reliable: Estimate | float, *, draws: int = 20_000, seed: int = 0, term: str = ""
) -> Estimate:
    """Correlation there would be if need were rated without error.

    Parameters
    ----------
    correlation : Estimate
        Observed correlation, from `rank_correlation`.
    reliable : Estimate or float
        Reliability of one of the two columns: from `reliability`, or assumed (then taken as certain).
    draws : int
        Simulated pairs of correlation and reliability, each drawn on Fisher's scale from its own interval.
    seed : int
        Seed of the simulation.
    term : str
        Words for the sentence.

    Returns
    -------
    Estimate
        Observed correlation over the square root of the reliability, cut at -1 and 1; its interval carries
        the uncertainty of both.

    Notes
    -----
    Assumes classical error: rating errors do not depend on the child's true need nor on the price. Where
    raters know the placement and score accordingly, the observed correlation is too high already and the
    correction makes it worse. The formula is exact for Pearson's correlation and close for ranks.

    References
    ----------
    Spearman C (1904), Am J Psychol 15:72-101.

    Examples
    --------
    >>> rho = Estimate("Rank correlation", 0.20, 0.09, 0.31, n=300, unit="correlation")
    >>> round(disattenuated(rho, 0.64).value, 2)
    0.25
    """
    term = term or f"{correlation.term}, had need been rated without error"
    known = reliable if isinstance(reliable, Estimate) else Estimate("reliability", reliable, n=correlation.n)
    about = {"group": correlation.group, "method": CORRECTED, "of": correlation.of}
    for part in (correlation, known):
        if not part.estimable:
            return Estimate.not_estimable(term, n=part.n, reason=part.reason, **about)
    if (known.value or 0.0) <= 0 or (known.low is not None and known.low <= 0.05):
        reason = "the ratings agree too little, or too few were made twice, to correct for their error"
        return Estimate.not_estimable(term, n=known.n, reason=reason, **about)
    normal = np.random.default_rng(seed).standard_normal((2, draws))
    drawn = _draw(correlation, normal[0]) / np.sqrt(np.clip(_draw(known, normal[1]), 0.01, 1.0))
    low, high = percentile_interval(np.clip(drawn, -1, 1), correlation.level)
    value = min(max((correlation.value or 0.0) / math.sqrt(min(known.value or 1.0, 1.0)), -1.0), 1.0)
    return Estimate(
        term, value, low, high, correlation.level, correlation.n, "correlation", CORRECTED, correlation.group
    )


def disattenuation_curve(
    correlation: Estimate, *, reliabilities: Iterable[float] = RELIABILITIES, seed: int = 0
) -> Estimates:
    """Corrected correlation for a range of reliabilities, for when the true one is not known.

    Parameters
    ----------
    correlation : Estimate
        Observed correlation.
    reliabilities : iterable of float
        Assumed reliabilities, above 0 and at most 1.
    seed : int
        Seed of the simulation.

    Returns
    -------
    Estimates
        One per reliability; the group holds the reliability as text, such as "0.70".

    Examples
    --------
    >>> rho = Estimate("Rank correlation", 0.20, 0.09, 0.31, n=300, unit="correlation")
    >>> [round(e.value, 2) for e in disattenuation_curve(rho, reliabilities=[0.5, 1.0])]
    [0.28, 0.2]
    """
    return Estimates.of(
        disattenuated(correlation, value, seed=seed).named(group=f"{value:.2f}") for value in reliabilities
    )
