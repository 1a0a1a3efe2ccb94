"""Runs about the median, and whether one quarter tells of the next: checks on a series of counts."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from scipy import stats
from statsmodels.tsa.stattools import acf

from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import normal_quantile

SPAN = "range of chance"
LEAST_RUN = 10  # useful quarters: in fewer no run is too long to be chance
_LEAST = 8
_RUN_METHOD = "runs about the median (Anhøj)"


def _useful(counts: Sequence[int]) -> np.ndarray:
    """Give True above and False below the median; values on it are left out, as they are on no side."""
    values = np.asarray(counts, dtype=float)
    away = values - np.median(values) if len(values) else values
    return away[away != 0] > 0


def longest_run(counts: Sequence[int]) -> Estimate:
    """Give the longest run of counts on one side of their median, with the longest that chance gives.

    Parameters
    ----------
    counts : sequence of int
        In order of time.

    Returns
    -------
    Estimate
        Unit "quarters"; the interval is the range of chance. Not estimable below 10 counts off the median.

    References
    ----------
    Anhøj J, Olesen AV (2014), PLoS ONE 9:e113825.

    Examples
    --------
    >>> longest_run([9, 12, 8, 11, 9, 13, 21, 24, 20, 22, 25, 23]).sentence()
    'Longest run on one side of the median: 6 quarters (95% range of chance 1 to 7; 12 quarters).'
    """
    term = "Longest run on one side of the median"
    side = _useful(counts)
    if len(side) < LEAST_RUN:
        return _too_few(term, len(side))
    edges = np.flatnonzero(np.diff(side)) + 1
    longest = int(np.diff([0, *edges, len(side)]).max())
    most = round(math.log2(len(side)) + 3)
    return Estimate(
        term, longest, 1, most, 0.95, len(side), "quarters", _RUN_METHOD, of="quarters", span=SPAN
    )


def crossings(counts: Sequence[int]) -> Estimate:
    """Give how often a series crosses its median, with the fewest times that chance gives.

    Parameters
    ----------
    counts : sequence of int
        In order of time.

    Returns
    -------
    Estimate
        Unit "times"; the interval is the range of chance. Not estimable below 10 counts off the median.

    References
    ----------
    Anhøj J, Olesen AV (2014), PLoS ONE 9:e113825.

    Examples
    --------
    >>> crossings([9, 12, 8, 11, 9, 13, 21, 24, 20, 22, 25, 23]).sentence()
    'Crossings of the median: 1 time (95% range of chance 3 to 11; 12 quarters).'
    """
    term = "Crossings of the median"
    side = _useful(counts)
    if len(side) < LEAST_RUN:
        return _too_few(term, len(side))
    crossed = int(np.diff(side).sum())
    fewest = int(stats.binom.ppf(0.05, len(side) - 1, 0.5))
    return Estimate(
        term,
        crossed,
        fewest,
        len(side) - 1,
        0.95,
        len(side),
        "times",
        _RUN_METHOD,
        of="quarters",
        span=SPAN,
    )


def _too_few(term: str, n: int) -> Estimate:
    reason = f"at least {LEAST_RUN} quarters off the median are needed"
    return Estimate.not_estimable(term, n=n, reason=reason, method=_RUN_METHOD, of="quarters")


def autocorrelation(counts: Sequence[int], *, level: float = 0.95) -> Estimate:
    """Give the correlation of each count with the one before: limits of chance take it to be nought.

    Parameters
    ----------
    counts : sequence of int
        In order of time.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        Unit "correlation". Not estimable below 8 counts, or where all are alike.

    Notes
    -----
    A short series without any correlation gives one of about -1/n: the interval is moved by that, and its width is
    that of a series without correlation, so that it says whether there is any rather than how much.

    References
    ----------
    Moran PAP (1948), Biometrika 35:255-260.

    Examples
    --------
    >>> autocorrelation([9, 12, 8, 11, 9, 13, 21, 24, 20, 22, 25, 23]).excludes(0)
    True
    """
    term, n = "Correlation of a quarter with the one before", len(counts)
    if n < _LEAST:
        reason = f"at least {_LEAST} quarters are needed"
        return Estimate.not_estimable(term, n=n, reason=reason, of="quarters")
    values = np.asarray(counts, dtype=float)
    if np.ptp(values) == 0:
        return Estimate.not_estimable(term, n=n, reason="all quarters are alike", of="quarters")
    r = float(acf(values, nlags=1, fft=False)[1])
    half = normal_quantile(level) * (n - 2) / (n * math.sqrt(n - 1))
    low, high = max(r + 1 / n - half, -1.0), min(r + 1 / n + half, 1.0)
    return Estimate(term, r, low, high, level, n, "correlation", "lag one; Moran's variance", of="quarters")
