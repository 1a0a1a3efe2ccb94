"""Prices of an area: what placements cost more in one part of the country than in another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError

FEWEST = 3


def area_prices(
    frame: pd.DataFrame, *, unit: str, year: str, area: str, prices: Sequence[str], level: float = 0.95
) -> pd.DataFrame:
    """Price level of each area beside the country, from what its councils pay for placements of one kind.

    Parameters
    ----------
    frame : DataFrame
        One row per council and year.
    unit, year, area : str
        Columns of council, year and area.
    prices : sequence of str
        Columns of prices of one kind of placement each, above 0, in any year's prices: years are compared within.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        area, factor (1 the country; the geometric mean over kinds of placement), low and high (t interval of the logs
        of the area's councils; missing below 3 councils) and councils.

    Raises
    ------
    InputError
        If a column is missing, a price is not above 0, or none is given.

    Notes
    -----
    A stand-in for the official area cost adjustment, which is not at hand. It takes away what an area's councils pay
    more for the same kind of placement, whatever the reason, and so some of what they might do better about.

    Examples
    --------
    >>> made = pd.DataFrame({"council": range(6), "year": 2025, "region": list("AAABBB"), "fee": [9.0] * 3 + [4.0] * 3})
    >>> area_prices(made, unit="council", year="year", area="region", prices=["fee"])["factor"].round(2).tolist()
    [1.5, 0.67]
    """
    if not prices:
        raise InputError("No price is given. Name at least one column of prices.")
    require_columns(frame, unit, year, area)
    logs = pd.DataFrame({name: _logs(frame, name) for name in prices}, index=frame.index)
    logs = logs - logs.groupby(frame[year]).transform("mean")
    councils = logs.mean(axis=1).groupby([frame[area], frame[unit]]).mean().dropna()
    rows = []
    for name, values in councils.groupby(level=0):
        n, middle = len(values), float(values.mean())
        # the area is part of the country it is held against
        error = values.std(ddof=1) * np.sqrt((1 - n / len(councils)) / n) if n >= FEWEST else np.nan
        half = float(stats.t.ppf(0.5 + level / 2, max(n - 1, 1))) * error
        rows.append((name, *np.exp([middle, middle - half, middle + half]), n))
    return pd.DataFrame(rows, columns=["area", "factor", "low", "high", "councils"])


def in_area_prices(frame: pd.DataFrame, *money: str, area: str, factors: pd.DataFrame) -> pd.DataFrame:
    """Give pounds at the country's prices: divided by the factor of their area.

    Parameters
    ----------
    frame : DataFrame
        One row per council and year.
    *money : str
        Columns in pounds.
    area : str
        Column of the area.
    factors : DataFrame
        area and factor, as from `area_prices` or an official table.

    Returns
    -------
    DataFrame
        The frame with these columns divided; missing where an area has no factor.

    Examples
    --------
    >>> made = pd.DataFrame({"region": ["A"], "spend": [300.0]})
    >>> factors = pd.DataFrame({"area": ["A"], "factor": [1.5]})
    >>> in_area_prices(made, "spend", area="region", factors=factors)["spend"].tolist()
    [200.0]
    """
    require_columns(frame, area)
    factor = frame[area].map(factors.set_index("area")["factor"]).to_numpy(dtype=float)
    return frame.assign(**{name: number_column(frame, name) / factor for name in money})


def _logs(frame: pd.DataFrame, name: str) -> np.ndarray:
    values = number_column(frame, name)
    if (values <= 0).any():
        raise InputError(f"Column {name!r}: {int((values <= 0).sum()):,} prices are not above £0.")
    return np.log(values)
