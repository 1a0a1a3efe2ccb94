"""The nearest comparable children: an explanation of a probability in counts and likeness, never in identities."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from sklearn.neighbors import NearestNeighbors

from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError


def nearest_children(
    frame: pd.DataFrame,
    *,
    of: pd.Series,
    family: str,
    domains: Sequence[str],
    age: str = "age_years",
    lasted_weeks: str = "",
    nearest: int = 5,
) -> pd.DataFrame:
    """Compare each child of a list with the nearest children in families, by levels of need and age.

    Parameters
    ----------
    frame : DataFrame
        One row per child on a day.
    of : Series of bool
        The children asked about, with the index of the frame.
    family : str
        Flag: true for a child in a family, false in a home, missing elsewhere.
    domains : sequence of str
        Columns of the levels; a level that is missing for either child counts as the mean of those known.
    age : str
        Column of the age, years.
    lasted_weeks : str
        Column of weeks in the placement: how many of the nearest have lasted 26 weeks.
    nearest : int
        Children in families each is compared with.

    Returns
    -------
    DataFrame
        Index of the children asked about: ``in_families_of_nearest`` (how many of the nearest children, in homes and
        families, live in a family), ``of_nearest`` (how many were compared), ``domains_alike`` (mean number of domains
        at the same level, nearest children in families), ``within_a_level`` (or one level apart), ``age_gap_years``
        (mean) and ``lasted_26_weeks`` (how many of them). Missing where the child's own needs or age are. No other
        child is named.

    Raises
    ------
    InputError
        If a column is missing or not numeric, or fewer than one child is asked for.

    Notes
    -----
    Distance is the sum of absolute differences in levels, plus a level for every three years of age.

    Examples
    --------
    >>> rows = pd.DataFrame({"a": [1.0, 1, 3], "b": [0.0, 0, 3], "age_years": [9, 9, 15]})
    >>> rows["family"] = [False, True, True]
    >>> found = nearest_children(rows, of=~rows["family"], family="family", domains=["a", "b"], nearest=1)
    >>> found[["in_families_of_nearest", "of_nearest", "domains_alike"]].iloc[0].tolist()
    [1.0, 1.0, 2.0]
    """
    require_columns(frame, family, *domains, age, *filter(None, [lasted_weeks]))
    if nearest < 1:
        raise InputError(f"{nearest} nearest children: give 1 or more.")
    lives = number_column(frame, family)
    levels = np.column_stack([number_column(frame, name) for name in domains])
    years = number_column(frame, age)
    with np.errstate(invalid="ignore"):
        mean = np.nansum(levels, axis=1) / np.maximum((~np.isnan(levels)).sum(axis=1), 1)
    points = np.column_stack([np.where(np.isnan(levels), mean[:, None], levels), years / 3])
    usable = ~np.isnan(lives) & ~np.isnan(points).any(axis=1) & ~np.isnan(levels).all(axis=1)
    asked = np.flatnonzero(of.reindex(frame.index).fillna(False).to_numpy(dtype=bool) & usable)
    table = pd.DataFrame(index=frame.index[of.reindex(frame.index).fillna(False).to_numpy(dtype=bool)])
    pools = np.flatnonzero(usable), np.flatnonzero(usable & (lives == 1))
    if not len(asked) or not len(pools[1]):
        return table.assign(in_families_of_nearest=np.nan, of_nearest=0.0)
    everyone, families = (_nearest(points, asked, pool, nearest) for pool in pools)
    apart = np.abs(points[asked][:, None, :-1] - points[families][:, :, :-1])
    found = pd.DataFrame(
        {
            "in_families_of_nearest": (lives[everyone] == 1).sum(axis=1).astype(float),
            "of_nearest": float(everyone.shape[1]),
            "domains_alike": (apart < 0.5).sum(axis=2).mean(axis=1),
            "within_a_level": (apart < 1.5).sum(axis=2).mean(axis=1),
            "age_gap_years": np.abs(years[asked][:, None] - years[families]).mean(axis=1),
        },
        index=frame.index[asked],
    )
    if lasted_weeks:
        weeks = number_column(frame, lasted_weeks)
        found["lasted_26_weeks"] = (weeks[families] >= 26).sum(axis=1).astype(float)
    return table.join(found)


def _nearest(points: np.ndarray, asked: np.ndarray, pool: np.ndarray, count: int) -> np.ndarray:
    """Give the positions of the nearest of a pool to each child asked about, never the child itself."""
    wanted = min(count + 1, len(pool))
    found = NearestNeighbors(n_neighbors=wanted, metric="manhattan").fit(points[pool])
    which = pool[found.kneighbors(points[asked], return_distance=False)]
    own = which == asked[:, None]
    drop = np.where(own.any(axis=1), own.argmax(axis=1), wanted - 1)
    kept = np.ones_like(own)
    if wanted > count or own.any():
        kept[np.arange(len(asked)), drop] = False
    return np.asarray(which[kept].reshape(len(asked), -1))
