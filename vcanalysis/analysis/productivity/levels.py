"""The level of a measure over several years, and how much of it is the chance of single years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.optimize import nnls

from vcanalysis.analysis.productivity.pooling import pool
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError

FEWEST = 10


@dataclass(frozen=True, slots=True)
class Levels:
    """Councils' levels of one measure over several years.

    Parameters
    ----------
    frame : DataFrame
        Index: council; columns value (mean over years, each year's own mean taken off and the mean of all put back),
        variance (of chance), years (counted) and size (mean children).
    floor, by_child : float
        Variance of chance of one year: floor + by_child / children.
    freedom : int
        Degrees of freedom these were estimated with.
    reason : str
        Why chance is not known; empty where it is.
    """

    frame: pd.DataFrame
    floor: float
    by_child: float
    freedom: int = 0
    reason: str = ""


def levels_over_years(
    frame: pd.DataFrame,
    *,
    unit: str,
    year: str,
    value: str,
    size: str,
    years: Sequence[int] = (),
) -> Levels:
    """Level of a measure over several years, and the variance of its chance.

    Parameters
    ----------
    frame : DataFrame
        One row per council and year.
    unit, year : str
        Columns of council and year.
    value : str
        The measure; rows without it are left out.
    size : str
        Children it rests on; chance falls with them.
    years : sequence of int
        Years that count; all when empty.

    Returns
    -------
    Levels
        With a reason where fewer than 10 councils have two years, or nothing moves from year to year.

    Raises
    ------
    InputError
        If a column is missing or not numeric, or a council has a year twice.

    Notes
    -----
    What a council's years differ among themselves is taken for chance: children who happen to be there, and anything
    else that does not last. It is fitted as one part for all councils and one that falls with the number of children.
    What lasts several years without being the council's own is not seen by this, so the chance is at least as large.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> own = np.repeat(rng.normal(15, 1, 40), 3)
    >>> drawn = pd.DataFrame({"council": np.repeat(np.arange(40), 3), "year": [2023, 2024, 2025] * 40, "children": 100})
    >>> found = levels_over_years(drawn.assign(sdq=own + rng.normal(0, 0.8, 120)), unit="council", year="year",
    ...                           value="sdq", size="children")
    >>> bool(0.15 < found.frame["variance"].mean() < 0.28)
    True
    """
    require_columns(frame, unit, year)
    rows = pd.DataFrame(
        {
            "unit": frame[unit].to_numpy(),
            "year": number_column(frame, year),
            "value": number_column(frame, value),
            "size": number_column(frame, size),
        }
    )
    rows = rows[rows["value"].notna() & (rows["size"] > 0) & (rows["year"].isin(years) | (not years))]
    if rows.duplicated(["unit", "year"]).any():
        raise InputError("A council has a year twice. Give one row per council and year.")
    middle = rows.groupby("year")["value"].transform("mean")
    rows = rows.assign(left=rows["value"] - middle, inverse=1 / rows["size"])
    grouped = rows.groupby("unit")
    found = grouped.agg(left=("left", "mean"), years=("year", "size"), size=("size", "mean"))
    inverse, within = grouped["inverse"].mean(), grouped["left"].var(ddof=1)
    within = within * len(found) / max(len(found) - 1, 1)  # the years' means were estimated too
    floor, by_child, reason = _chance(within, inverse, found["years"])
    variance = (floor + by_child * inverse) / found["years"]
    value_ = found["left"] + (rows["value"].mean() if len(rows) else np.nan)
    return Levels(
        found.assign(value=value_, variance=variance)[["value", "variance", "years", "size"]],
        floor,
        by_child,
        int((found["years"] - 1).sum()),
        reason,
    )


def _chance(within: pd.Series, inverse: pd.Series, years: pd.Series) -> tuple[float, float, str]:
    """Fit the variance of one year as a part for all and a part by child, both at least 0."""
    known = years > 1
    if int(known.sum()) < FEWEST:
        return np.nan, np.nan, f"at least {FEWEST} councils with two years are needed to know its chance"
    squares, freedom = within[known].to_numpy(), (years[known] - 1).to_numpy()
    if not squares.any():
        return np.nan, np.nan, "it is the same in every year, so its chance is not known"
    columns = np.column_stack([np.ones(len(squares)), inverse[known].to_numpy()])
    scale, expected = columns.mean(axis=0), np.full(len(squares), squares.mean())
    parts = np.zeros(2)
    for _ in range(3):  # the error of a variance goes with its size: weigh by what is expected
        root = np.sqrt(freedom) / expected
        parts = nnls(columns / scale * root[:, None], squares * root)[0] / scale
        expected = np.maximum(columns @ parts, 1e-9 * squares.mean())
    return float(parts[0]), float(parts[1]), ""


def shrunken(levels: Levels, *, level: float = 0.95, seed: int = 0) -> pd.DataFrame:
    """Draw councils' levels towards the mean, those of few children most, with their intervals.

    Parameters
    ----------
    levels : Levels
        From `levels_over_years`.
    level : float
        Confidence level.
    seed : int
        Seed of the draws.

    Returns
    -------
    DataFrame
        As `levels.frame`, with shrunken, low and high; missing where the chance is not known.

    References
    ----------
    As `pool`.

    Examples
    --------
    >>> drawn = pd.DataFrame({"value": [1.0, 2.0, 9.0], "variance": [1.0, 1.0, 1.0]})
    >>> found = shrunken(Levels(drawn, 0.0, 1.0))
    >>> bool(found.loc[2, "shrunken"] < 9 and found.loc[0, "shrunken"] > 1)
    True
    """
    frame = levels.frame
    if levels.reason:
        return frame.assign(shrunken=np.nan, low=np.nan, high=np.nan)
    drawn = pool(frame["value"].to_numpy(), frame["variance"].to_numpy(), seed=seed)
    whole = drawn.expected + drawn.effects
    low, high = np.quantile(whole, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return frame.assign(shrunken=whole.mean(axis=0), low=low, high=high)
