"""Pounds of a panel of years in the prices of one of them."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.core.columns import number_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.price_index import PriceIndex, price_index


def financial_year_ending(year: int) -> str:
    """Write the financial year that ends on 31 March of a year.

    Examples
    --------
    >>> financial_year_ending(2025), financial_year_ending(2000)
    ('2024-25', '1999-00')
    """
    return f"{year - 1}-{year % 100:02d}"


def real_terms(
    frame: pd.DataFrame, *money: str, year: str = "year", to: int, index: PriceIndex | None = None
) -> pd.DataFrame:
    """Give the pounds of a panel in the prices of one of its years.

    Parameters
    ----------
    frame : DataFrame
        One row per council and year.
    *money : str
        Columns in pounds of the row's own year; missing values stay missing.
    year : str
        Column of the year in which the financial year ends: 2025 for 2024-25.
    to : int
        Year whose prices are wanted, written likewise.
    index : PriceIndex, optional
        By default the GDP deflator that comes with the workbench.

    Returns
    -------
    DataFrame
        The frame with these columns in pounds of `to`.

    Raises
    ------
    InputError
        If a column is missing or no number, a row has no whole year, or the index lacks a year.

    Examples
    --------
    >>> drawn = PriceIndex({"2023-24": 100.0, "2024-25": 104.0}, "drawn up for this example")
    >>> spend = pd.DataFrame({"year": [2024, 2025], "spend_gbp": [100.0, 100.0]})
    >>> real_terms(spend, "spend_gbp", to=2025, index=drawn)["spend_gbp"].tolist()
    [104.0, 100.0]
    """
    index = index or price_index()
    years = number_column(frame, year)
    strange = np.isnan(years) | (years != np.floor(years))
    if strange.any():
        raise InputError(
            f"Column {year!r}: {int(strange.sum()):,} values are no year. Write 2025 for 2024-25."
        )
    wanted = financial_year_ending(to)
    factors = {y: index.factor(financial_year_ending(int(y)), wanted) for y in np.unique(years)}
    factor = np.array([factors[y] for y in years])
    return frame.assign(**{name: number_column(frame, name) * factor for name in money})
