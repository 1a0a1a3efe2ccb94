"""Ranks with what chance leaves open: intervals, the chance of the top ten, sets, and bands."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.core.columns import require_columns

BAND_LEVEL = 0.05
BANDS = ("above expectation", "cannot be told apart", "below expectation")


def ranks_of(draws: np.ndarray) -> np.ndarray:
    """Rank the columns of each row, the highest first.

    Examples
    --------
    >>> ranks_of(np.array([[0.1, 0.7, 0.4]])).tolist()
    [[3, 1, 2]]
    """
    places = np.empty(draws.shape, dtype=int)
    np.put_along_axis(places, np.argsort(-draws, axis=1), np.arange(1, draws.shape[1] + 1)[None], axis=1)
    return places


def rank_intervals(draws: np.ndarray, *, level: float = 0.95, top: int = 10) -> dict[str, np.ndarray]:
    """Give of each column its interval of ranks and its chance to be among the first.

    Parameters
    ----------
    draws : array (draws, councils)
        From `pool`.
    level : float
        Confidence level.
    top : int
        How many are "among the first".

    Returns
    -------
    dict
        Arrays rank (of the mean), rank_low (best), rank_high (worst) and top.

    References
    ----------
    Goldstein H, Spiegelhalter DJ (1996), J R Stat Soc A 159:385-443.

    Examples
    --------
    >>> sure = rank_intervals(np.array([[2.0, 1.0, 0.0]] * 50), top=1)
    >>> sure["rank_low"].tolist(), sure["top"].tolist()
    ([1, 2, 3], [1.0, 0.0, 0.0])
    """
    places = ranks_of(draws)
    tail = (1 - level) / 2
    low = np.quantile(places, tail, axis=0, method="inverted_cdf")
    high = np.quantile(places, 1 - tail, axis=0, method="inverted_cdf")
    return {
        "rank": ranks_of(draws.mean(axis=0)[None])[0],
        "rank_low": low.astype(int),
        "rank_high": high.astype(int),
        "top": (places <= top).mean(axis=0),
    }


def rank_sets(
    values: np.ndarray,
    errors: np.ndarray,
    *,
    level: float = 0.95,
    together: bool = False,
    draws: int = 1000,
    seed: int = 0,
) -> tuple[np.ndarray, np.ndarray]:
    """Give sets of ranks that hold the true rank at least as often as said, whatever the true values.

    Parameters
    ----------
    values, errors : array (councils,)
        Independent estimates and their standard errors.
    level : float
        Confidence level.
    together : bool
        Whether the sets hold all true ranks at once; otherwise each holds its own.
    draws, seed : int
        Simulations of the largest difference, and their seed.

    Returns
    -------
    tuple of array
        Best and worst rank, 1 for the highest value.

    Notes
    -----
    Each council is compared with every other; the critical value is that of the largest of these differences. The
    single-step version, without its steps down: never too short.

    References
    ----------
    Mogstad M, Romano JP, Shaikh AM, Wilhelm D (2024), Rev Econ Stud 91:476-518.

    Examples
    --------
    >>> best, worst = rank_sets(np.array([9.0, 5.0, 4.9]), np.full(3, 0.1))
    >>> best.tolist(), worst.tolist()
    ([1, 2, 2], [1, 3, 3])
    """
    n = len(values)
    drawn = np.random.default_rng(seed).standard_normal((draws, n)) * errors
    apart = np.hypot(errors[:, None], errors)
    largest = np.stack([np.abs((drawn - drawn[:, [j]]) / apart[j]).max(axis=1) for j in range(n)], axis=1)
    critical = np.quantile(largest.max(axis=1) if together else largest, level, axis=0)
    steps = (values - values[:, None]) / apart
    limit = np.broadcast_to(critical, n)[:, None]
    return 1 + (steps > limit).sum(axis=1), n - (steps < -limit).sum(axis=1)


def bands_of(
    left: np.ndarray, errors: np.ndarray, *, freedom: float = np.inf, level: float = BAND_LEVEL
) -> np.ndarray:
    """Say of each council whether it can be told from what is expected of it.

    Parameters
    ----------
    left, errors : array (councils,)
        Measured difference from what is expected, and the standard error of its chance.
    freedom : float
        Degrees of freedom the errors were estimated with.
    level : float
        Share of false ones among those told apart (Benjamini and Hochberg); where no council differs, the chance
        that any is told apart.

    Returns
    -------
    array of str
        One of `BANDS`.

    References
    ----------
    Benjamini Y, Hochberg Y (1995), J R Stat Soc B 57:289-300; Jones HE, Ohlssen DI, Spiegelhalter DJ (2008), J Clin
    Epidemiol 61:232-240, for comparing many institutions.

    Examples
    --------
    >>> bands_of(np.array([0.1, -0.2, 5.0]), np.ones(3)).tolist()
    ['cannot be told apart', 'cannot be told apart', 'above expectation']
    """
    chance = 2 * stats.t.sf(np.abs(left / errors), freedom)
    told = stats.false_discovery_control(chance) <= level
    return np.where(~told, BANDS[1], np.where(left > 0, BANDS[0], BANDS[2]))


def pairs_told_apart(draws: np.ndarray, *, level: float = 0.95, most: int = 1000) -> float:
    """Share of pairs of councils of which one is above the other in more than 1 - (1 - level) / 2 of the draws.

    Examples
    --------
    >>> pairs_told_apart(np.array([[2.0, 1.0, 0.0]] * 50))
    1.0
    """
    n, drawn = draws.shape[1], draws[:most]
    above = np.stack([(drawn[:, [j]] > drawn).mean(axis=0) for j in range(n)])
    return float((above > (1 + level) / 2).sum() / (n * (n - 1) / 2))


def deal_out(frame: pd.DataFrame, *, year: str, columns: Sequence[str], seed: int = 0) -> pd.DataFrame:
    """Deal the values of some columns out anew among the rows of each year, those of a row together.

    What an analysis finds then is what it finds where no council is like itself.

    Parameters
    ----------
    frame : DataFrame
        One row per council and year.
    year : str
        Column of the year.
    columns : sequence of str
        Columns dealt out.
    seed : int
        Seed of the deal.

    Returns
    -------
    DataFrame
        As the frame, with other values in these columns.

    Examples
    --------
    >>> drawn = pd.DataFrame({"year": [2024, 2024, 2025], "sdq": [13.0, 15.0, 14.0]})
    >>> dealt = deal_out(drawn, year="year", columns=["sdq"])
    >>> sorted(dealt["sdq"][:2]), dealt["sdq"].tolist()[2]
    ([13.0, 15.0], 14.0)
    """
    require_columns(frame, year, *columns)
    rng = np.random.default_rng(seed)
    order = np.arange(len(frame))
    for rows in frame.reset_index(drop=True).groupby(year).indices.values():
        order[rows] = rng.permutation(rows)
    return frame.assign(**{name: frame[name].to_numpy()[order] for name in columns})
