"""Do councils stay where they are: year-to-year correlation, what chance hides of it, and the first ten again."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import percentile_interval, resample

FEWEST = 25
GROUPS = 25  # of councils, left out in turn
METHOD = "rank correlation some years apart, mean over pairs of years; jackknife of 25 groups of councils"
CORRECTED = (
    "Pearson correlation over the share of the spread that is not chance; jackknife of 25 groups of councils"
)
_NEAR = 0.9999


def persistence(
    frame: pd.DataFrame,
    *,
    unit: str,
    year: str,
    value: str,
    lags: Sequence[int] = (1, 2, 3),
    level: float = 0.95,
) -> Estimates:
    """Rank correlation of councils' values one, two and more years apart.

    Parameters
    ----------
    frame : DataFrame
        One row per council and year; rows without the value are left out.
    unit, year, value : str
        Columns of council, year and the value.
    lags : sequence of int
        Years apart, each at least 1.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        One for each lag; not estimable below 25 councils in a pair of years, or where a year does not vary.

    Raises
    ------
    InputError
        If a column is missing or not numeric, a lag is below 1, or a council has a year twice.

    Notes
    -----
    The mean over pairs of years is taken on Fisher's scale; the interval leaves out 25 groups of councils in turn,
    since the pairs of years share their councils.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> own = np.repeat(rng.normal(0, 1, 50), 4)
    >>> drawn = pd.DataFrame({"council": np.repeat(np.arange(50), 4), "year": [2022, 2023, 2024, 2025] * 50})
    >>> found = persistence(drawn.assign(rate=own + rng.normal(0, 0.5, 200)), unit="council", year="year", value="rate")
    >>> bool(0.65 < found[0].value < 0.9), found[0].group
    (True, '1 year apart')
    """
    if any(lag < 1 for lag in lags):
        raise InputError("A lag is below 1 year. Give whole years from 1.")
    wide = _wide(frame, unit, year, value)
    return Estimates.of(_at_lag(wide, lag, level) for lag in lags)


def persistence_without_chance(
    frame: pd.DataFrame, *, unit: str, year: str, value: str, variance: str, lag: int = 1, level: float = 0.95
) -> Estimate:
    """Correlation of councils' values some years apart, had each rested on very many children.

    Parameters
    ----------
    frame : DataFrame
        As in `persistence`.
    unit, year, value : str
        Columns of council, year and the value.
    variance : str
        Variance of the value that comes of its number of children, such as 8 squared over the children rated.
    lag : int
        Years apart.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        Covariance of the years over the spread of councils less the mean variance, cut at 1. Not estimable where
        chance alone would give as much spread.

    Raises
    ------
    InputError
        As `persistence`.

    References
    ----------
    Spearman C (1904), Am J Psychol 15:72-101.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> own = np.repeat(rng.normal(0, 1, 200), 2)
    >>> drawn = pd.DataFrame({"council": np.repeat(np.arange(200), 2), "year": [2024, 2025] * 200, "chance": 1.0})
    >>> found = persistence_without_chance(drawn.assign(rate=own + rng.normal(0, 1, 400)), unit="council", year="year",
    ...                                    value="rate", variance="chance")
    >>> bool(found.value > 0.8)
    True
    """
    wide, chance = _wide(frame, unit, year, value), _wide(frame, unit, year, variance)
    chance = chance.reindex(index=wide.index, columns=wide.columns)
    pairs = _pairs(wide, lag)
    term = "Correlation of a council with itself, chance of few children taken off"
    about: dict[str, Any] = {
        "unit": "correlation",
        "of": "councils",
        "method": CORRECTED,
        "group": _apart(lag),
        "level": level,
    }
    n = len(wide)
    if reason := _unable(wide, pairs):
        return Estimate.not_estimable(term, n=n, reason=reason, **about)
    group = _groups(n)
    kept = [np.ones(n, dtype=bool), *(group != left for left in range(GROUPS))]
    each = np.stack([_moments(wide.to_numpy()[k], chance.to_numpy()[k], pairs) for k in kept])
    rho = each[:, 0] / np.where(each[:, 1] > 0, each[:, 1], np.nan)
    if np.isnan(rho).any():
        return Estimate.not_estimable(term, n=n, reason="chance alone would give as much spread", **about)
    half = _half(rho[1:], level)
    value_, low, high = (float(np.clip(x, -1, 1)) for x in (rho[0], rho[0] - half, rho[0] + half))
    return Estimate(term, value_, low, high, n=n, **about)


def first_again(
    frame: pd.DataFrame, *, unit: str, year: str, value: str, top: int = 10, lag: int = 1, seed: int = 0
) -> Estimate:
    """Share of the first ten of one year that are among the first ten some years later.

    Parameters
    ----------
    frame : DataFrame
        As in `persistence`; the highest value is first.
    unit, year, value : str
        Columns of council, year and the value.
    top : int
        How many are "the first".
    lag : int
        Years apart.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Estimate
        Mean over pairs of years, with a bootstrap of councils at 95%. By chance it would be `top` over the councils.

    Examples
    --------
    >>> same = pd.DataFrame({"council": list(range(30)) * 2, "year": [2024] * 30 + [2025] * 30})
    >>> first_again(same.assign(rate=same["council"]), unit="council", year="year", value="rate").value
    1.0
    """
    wide = _wide(frame, unit, year, value)
    pairs = _pairs(wide, lag)
    term = f"Of the first {top}, those among the first {top} again"
    about: dict[str, Any] = {"unit": "share", "of": "councils", "group": _apart(lag)}
    about["method"] = "mean over pairs of years; bootstrap of councils"
    n = len(wide)
    if reason := _unable(wide, pairs) or ("" if n >= 2 * top else f"at least {2 * top} councils are needed"):
        return Estimate.not_estimable(term, n=n, reason=reason, **about)
    values = wide.to_numpy()
    whole = float(_again(values, pairs, top, np.ones((1, n), dtype=int))[0])
    drawn = resample(lambda counts: _again(values, pairs, top, counts), n, seed=seed)
    low, high = percentile_interval(drawn)
    return Estimate(term, whole, low, high, n=n, **about)


def _wide(frame: pd.DataFrame, unit: str, year: str, value: str) -> pd.DataFrame:
    require_columns(frame, unit, year)
    rows = pd.DataFrame({"unit": frame[unit].to_numpy(), "year": number_column(frame, year)})
    rows["value"] = number_column(frame, value)
    rows = rows.dropna()
    if rows.duplicated(["unit", "year"]).any():
        raise InputError("A council has a year twice. Give one row per council and year.")
    return rows.pivot_table(index="unit", columns="year", values="value", aggfunc="first")


def _pairs(wide: pd.DataFrame, lag: int) -> list[tuple[int, int]]:
    """Places of the columns of years that lie so far apart."""
    years = wide.columns.to_numpy()
    return [(i, j) for i, one in enumerate(years) for j, other in enumerate(years) if other - one == lag]


def _apart(lag: int) -> str:
    return f"{lag} year{'s' if lag > 1 else ''} apart"


def _unable(wide: pd.DataFrame, pairs: list[tuple[int, int]]) -> str:
    if not pairs:
        return "no two years lie so far apart"
    values = wide.to_numpy()
    for i, j in pairs:
        both = values[~np.isnan(values[:, [i, j]]).any(axis=1)][:, [i, j]]
        if len(both) < FEWEST:
            return f"at least {FEWEST} councils with both years are needed"
        if (np.ptp(both, axis=0) == 0).any():
            return "it is the same for all councils in a year"
    return ""


def _groups(n: int) -> np.ndarray:
    """Deal councils out to groups."""
    return np.random.default_rng(0).permutation(n) % GROUPS


def _half(each: np.ndarray, level: float) -> float:
    """Half width of the interval by what leaving out each group of councils in turn moves."""
    n = len(each)
    return float(stats.t.ppf(0.5 + level / 2, n - 1)) * math.sqrt(
        (n - 1) / n * float(((each - each.mean()) ** 2).sum())
    )


def _at_lag(wide: pd.DataFrame, lag: int, level: float) -> Estimate:
    pairs, n = _pairs(wide, lag), len(wide)
    term = "Rank correlation of a council with itself"
    about: dict[str, Any] = {
        "unit": "correlation",
        "of": "councils",
        "method": METHOD,
        "group": _apart(lag),
        "level": level,
    }
    if reason := _unable(wide, pairs):
        return Estimate.not_estimable(term, n=n, reason=reason, **about)
    values = wide.to_numpy()
    whole = _fisher(values, pairs)
    each = np.array([_fisher(values[_groups(n) != left], pairs) for left in range(GROUPS)])
    half = _half(each, level)
    ends = (math.tanh(whole - half), math.tanh(whole + half))
    return Estimate(term, math.tanh(whole), *ends, n=n, **about)


def _fisher(values: np.ndarray, pairs: list[tuple[int, int]]) -> float:
    """Mean of Spearman's correlation over pairs of years, on Fisher's scale."""
    found = []
    for i, j in pairs:
        both = values[~np.isnan(values[:, [i, j]]).any(axis=1)][:, [i, j]]
        one, other = stats.rankdata(both, axis=0).T
        rho = float(np.corrcoef(one, other)[0, 1])
        found.append(math.atanh(min(max(rho, -_NEAR), _NEAR)))
    return float(np.mean(found))


def _moments(values: np.ndarray, chance: np.ndarray, pairs: list[tuple[int, int]]) -> np.ndarray:
    """Mean covariance of pairs of years, and mean spread less chance."""
    found = []
    for i, j in pairs:
        known = ~np.isnan(values[:, [i, j]]).any(axis=1)
        both = np.cov(values[known][:, [i, j]].T)
        true = [both[k, k] - float(np.nanmean(chance[known, at])) for k, at in enumerate((i, j))]
        found.append((both[0, 1], math.sqrt(max(true[0], 0.0) * max(true[1], 0.0))))
    return np.asarray(np.mean(found, axis=0))


def _again(values: np.ndarray, pairs: list[tuple[int, int]], top: int, counts: np.ndarray) -> np.ndarray:
    """Share of the first of one year that are first again, in resamples given as counts; whole where all are 1."""
    shares = []
    for i, j in pairs:
        known = ~np.isnan(values[:, [i, j]]).any(axis=1)
        first = np.minimum(*(_first(values[known, k], counts[:, known], top) for k in (i, j)))
        shares.append(first.sum(axis=1) / top)
    return np.asarray(np.mean(shares, axis=0))


def _first(values: np.ndarray, counts: np.ndarray, top: int) -> np.ndarray:
    """Say how often each council stands among the first of each resample."""
    order = np.argsort(-values, kind="stable")
    drawn = counts[:, order]
    places = np.empty_like(drawn)
    places[:, order] = np.clip(top - (np.cumsum(drawn, axis=1) - drawn), 0, drawn)
    return np.asarray(places)
