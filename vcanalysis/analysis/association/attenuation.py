"""What rating error hides of a correlation: corrected with the data of both at once, or over a curve."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import pandas as pd

from vcanalysis.analysis.association.correlation import rank_correlation, spearman_of_tables
from vcanalysis.analysis.association.reliability import reliability
from vcanalysis.analysis.association.resampling import complete, draw_weights, level_codes, resampled_tables
from vcanalysis.core.clusters import Units, unit_sums, units_of
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import normal_quantile, percentile_interval

CORRECTED = "Spearman (1904) correction for attenuation; interval by simulation"
JOINTLY = "Spearman (1904) correction for attenuation; bootstrap of children, both estimated on each resample"
BREAK_EVEN = "Spearman (1904) correction for attenuation, turned about"
RELIABILITIES = (0.5, 0.55, 0.6, 0.65, 0.7, 0.75, 0.8, 0.85, 0.9)
LEAST_RELIABLE = 0.05
REPLICATES = 1000


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
    draws, seed : int
        Simulated pairs of correlation and reliability, each drawn on Fisher's scale from its own interval; their seed.
    term : str
        Words for the sentence.

    Returns
    -------
    Estimate
        Observed correlation over the root of the reliability, cut at -1 and 1; its interval counts the doubt of both.

    Notes
    -----
    Assumes classical error: rating errors depend neither on true need nor on the price. Where raters score by the
    placement, the observed correlation is too high already and the correction makes it worse. Close for ranks.

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
    if (known.value or 0.0) <= 0 or (known.low is not None and known.low <= LEAST_RELIABLE):
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
    correlation, seed
        As for `disattenuated`.
    reliabilities : iterable of float
        Assumed reliabilities, above 0 and at most 1.

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


def break_even_agreement(correlation: Estimate, *, wanted: float = 0.5) -> Estimate:
    """Give the agreement of two ratings at which rating error alone would hide a link of the size wanted.

    Parameters
    ----------
    correlation : Estimate
        Observed correlation, from `rank_correlation`.
    wanted : float
        Correlation without rating error that would be called strong, above 0 and at most 1.

    Returns
    -------
    Estimate
        The observed correlation over the one wanted, squared, cut at 1, and the ends of its interval so too. Where
        ratings agree better than the upper end, error hides no such link. Not estimable where the correlation is
        not above 0: error weakens a link, it does not turn it round.

    Raises
    ------
    InputError
        If the correlation wanted is not above 0 and at most 1.

    References
    ----------
    Spearman C (1904), Am J Psychol 15:72-101; Cohen J (1988) for 0.5, a large correlation.

    Examples
    --------
    >>> rho = Estimate("Rank correlation", 0.20, 0.10, 0.30, n=300, unit="correlation")
    >>> print(break_even_agreement(rho).sentence())
    Agreement of two ratings that would hide a correlation of 0.50: 0.16 (95% interval 0.04 to 0.36; 300 children).
    """
    if not 0 < wanted <= 1:
        raise InputError(f"A correlation wanted of {wanted:g} cannot be: give one above 0 and at most 1.")
    term = f"Agreement of two ratings that would hide a correlation of {wanted:.2f}"
    even = correlation.named(term=term, wording="", std_error=None, method=BREAK_EVEN)
    if (correlation.value or 0.0) <= 0:
        reason = (
            correlation.reason
            or "the correlation is not above 0, and rating error does not turn a link round"
        )
        return even.named(value=None, low=None, high=None, reason=reason)
    ends = {"value": even.value, "low": even.low, "high": even.high}
    return even.named(
        **{k: None if v is None else min(max(v, 0.0) / wanted, 1.0) ** 2 for k, v in ends.items()}
    )


def _agreements(
    ratings: pd.DataFrame, subject: str, score: str, units: Units, weights: np.ndarray
) -> np.ndarray:
    """ICC(1) of each resample, from sums of pairs within units."""
    values = number_column(ratings, score)
    codes = pd.factorize(ratings[subject])[0]
    size = np.bincount(codes).astype(float)
    mean = np.bincount(codes, weights=values) / size
    within = np.bincount(codes, weights=(values - mean[codes]) ** 2)
    first = np.unique(codes, return_index=True)[1]
    pairs = Units(units.codes[first], units.count, units.clusters)
    columns = np.column_stack([np.ones(len(size)), size, size**2, size * mean, size * mean**2, within])
    count, ratings_, squares, total, raw, inside = (weights @ unit_sums(columns, pairs)).T
    between = (raw - total**2 / np.maximum(ratings_, 1)) / np.maximum(count - 1, 1)
    each = (ratings_ - squares / np.maximum(ratings_, 1)) / np.maximum(count - 1, 1)
    error = inside / np.maximum(ratings_ - count, 1)
    return (between - error) / np.maximum(between + (each - 1) * error, 1e-12)


def _rated_twice(ratings: pd.DataFrame, subject: str, score: str) -> pd.DataFrame:
    known = ratings.loc[~np.isnan(number_column(ratings, score)) & ratings[subject].notna()]
    return known.loc[known.groupby(subject)[score].transform("size") > 1]


def disattenuated_jointly(
    frame: pd.DataFrame,
    ratings: pd.DataFrame,
    *,
    x: str,
    y: str,
    child: str,
    subject: str,
    cluster: str = "",
    level: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Correlation there would be if need were rated without error, from the data of correlation and agreement.

    Parameters
    ----------
    frame : DataFrame
        One row per child with its identifier, need and cost.
    ratings : DataFrame
        One row per rating of children rated twice, with the child's identifier; children may lie in both.
    x, y : str
        Columns of the need score, in `frame` and in `ratings`, and of `frame` alone, such as weekly cost.
    child, subject : str
        Columns that identify the child, in both, and what was rated twice (the pair), in `ratings`.
    cluster : str
        Column of `frame` that children share, such as ``home_id``; a child without one stands alone.
    level, seed : float and int
        Confidence level; seed of the bootstrap.

    Returns
    -------
    Estimate
        Unit "correlation". Not estimable where either part is not, or the ratings agree hardly at all.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    As `disattenuated`, but correlation and agreement are estimated anew on each of 1,000 resamples of
    children (or clusters), so that what they share by resting on the same children counts. With clusters the interval
    reaches at least as far as that of the observed correlation, so it leaves out nought only where that one does.

    References
    ----------
    Spearman C (1904), Am J Psychol 15:72-101; Charles EP (2005), Psychol Methods 10:206-226.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> true = rng.normal(size=200)
    >>> frame = pd.DataFrame({"id": range(200), "need": true + rng.normal(size=200), "cost": true})
    >>> again = frame.assign(need=true + rng.normal(size=200))
    >>> both = pd.concat([frame, again]).assign(pair=lambda f: f["id"])
    >>> corrected = disattenuated_jointly(frame, both, x="need", y="cost", child="id", subject="pair")
    >>> round(corrected.value, 1)
    1.0
    """
    require_columns(frame, child)
    require_columns(ratings, child, subject)
    rho = rank_correlation(frame, x=x, y=y, cluster=cluster, level=level)
    plain = disattenuated(
        rho, reliability(ratings, subject=subject, score=x, level=level), draws=2, seed=seed
    )
    if not plain.estimable:
        return plain.named(method=JOINTLY)
    need, cost, known = complete(frame, x, y)
    rows, pairs = frame.loc[known], _rated_twice(ratings, subject, x)
    labels = _labels(rows, pairs, child, cluster)
    both = units_of(labels, len(labels), seed=seed)
    units = Units(both.codes[: len(rows)], both.count, both.clusters)
    tables = resampled_tables(level_codes(need), level_codes(cost), units, replicates=REPLICATES, seed=seed)
    twice = Units(both.codes[len(rows) :], both.count, both.clusters)
    # the same seed and as many units: the same resamples
    agree = _agreements(pairs, subject, x, twice, draw_weights(both, REPLICATES, seed))
    drawn = spearman_of_tables(tables) / np.sqrt(np.clip(agree, LEAST_RELIABLE, 1.0))
    low, high = percentile_interval(np.clip(drawn, -1, 1), level)
    if cluster:  # a bootstrap knows too little of few clusters, or of one that holds half the children
        low, high = _never_narrower(low, high, rho, plain)
    return Estimate(plain.term, plain.value, low, high, level, rho.n, "correlation", JOINTLY)


def _never_narrower(low: float, high: float, rho: Estimate, corrected: Estimate) -> tuple[float, float]:
    """Reach at least as far as the interval of the observed correlation does, corrected in the same way."""
    if not (rho.value and rho.low is not None and rho.high is not None):
        return low, high
    times = (corrected.value or 0.0) / rho.value
    return max(min(low, rho.low * times), -1.0), min(max(high, rho.high * times), 1.0)


def _labels(rows: pd.DataFrame, pairs: pd.DataFrame, child: str, cluster: str) -> pd.Series:
    """Name what each row of either table is drawn with: its cluster, or the child."""
    ids = pd.concat([rows[child], pairs[child]], ignore_index=True).astype("str")
    if not cluster:
        return ids
    shared = rows.loc[rows[cluster].notna()].drop_duplicates(child).set_index(child)[cluster]
    shared.index = shared.index.astype("str")
    return ids.map("cluster " + shared.astype("str")).fillna("child " + ids)
