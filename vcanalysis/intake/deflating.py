"""Prices of several years in the prices of one, by an index whose source is named."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pandas as pd

from vcanalysis.core.doors import door
from vcanalysis.core.errors import InputError
from vcanalysis.core.period import financial_year
from vcanalysis.core.price_index import PriceIndex, price_index

if TYPE_CHECKING:
    from vcanalysis.intake.council import Council

_MONEY = ("gbp_week", "support_gbp_week", "cost_gbp_week", "cost_gbp")


def deflate(frame: pd.DataFrame, index: PriceIndex | None = None, *, to: str) -> pd.DataFrame:
    """Give the pounds of a frame in the prices of one financial year.

    Parameters
    ----------
    frame : DataFrame
        Any of gbp_week, support_gbp_week, cost_gbp_week and cost_gbp (pounds), and the year they are of:
        `price_year` such as "2019-20", or else `from` and `to` (the day after the last) within one
        financial year, as child-weeks of a quarter have them.
    index : PriceIndex, optional
        By default the GDP deflator that comes with the workbench.
    to : str
        Financial year whose prices are wanted.

    Returns
    -------
    DataFrame
        The frame with the pounds changed and `price_year` set to the year wanted.

    Raises
    ------
    InputError
        If the index lacks a year, or a row has no price year and does not lie within one financial year.

    Examples
    --------
    >>> costs = pd.DataFrame({"gbp_week": [500.0], "price_year": ["2018-19"]})
    >>> drawn = PriceIndex({"2018-19": 100.0, "2019-20": 102.0}, "drawn up for this example")
    >>> deflate(costs, drawn, to="2019-20")["gbp_week"].tolist()
    [510.0]
    """
    index = index or price_index()
    years = _price_years(frame)
    factor = years.map({year: index.factor(year, to) for year in years.dropna().unique()}).astype("float64")
    money = [name for name in _MONEY if name in frame]
    return frame.assign(**{name: frame[name] * factor for name in money}, price_year=to)


def _price_years(frame: pd.DataFrame) -> pd.Series:
    if "price_year" in frame:
        said = frame["price_year"].astype("str").where(frame["price_year"].notna())
        if said.isna().any():
            raise InputError(
                f"{int(said.isna().sum()):,} rows have no price year. Give each row the year of its price."
            )
        return said
    absent = [name for name in ("from", "to") if name not in frame]
    if absent:
        raise InputError(
            f"Column {absent[0]} is missing: pounds need a price_year, or from and to, to be deflated."
        )
    first = financial_years(frame["from"])
    if first.ne(financial_years(frame["to"] - pd.Timedelta(days=1))).any():
        raise InputError(
            "Some rows run over 31 March. Ask for child-weeks within one financial year, year by year."
        )
    return first


def financial_years(days: pd.Series) -> pd.Series:
    """Name the financial year each day falls in.

    Examples
    --------
    >>> financial_years(pd.Series(pd.to_datetime(["2020-03-31", "2020-04-01"]))).tolist()
    ['2019-20', '2020-21']
    """
    return days.map({day: financial_year(day) for day in days.dropna().unique()}).astype("str")


@door("vc.in_prices_of(here, '2019-20')")
def in_prices_of(council: Council, year: str, index: PriceIndex | None = None) -> Council:
    """Give the council with every price in the prices of one financial year.

    A price holds from its first day on, in the pounds of its `price_year`; snapshots and child-weeks of the
    council returned are in the pounds of `year`, and its `price_year` says so.

    Parameters
    ----------
    council : Council
        As `open_council` gives it.
    year : str
        Financial year such as "2019-20".
    index : PriceIndex, optional
        By default the GDP deflator that comes with the workbench.

    Raises
    ------
    InputError
        If the index lacks a price year of the costs, or the year wanted.

    Examples
    --------
    >>> from vcanalysis.core.paths import data_file
    >>> from vcanalysis.intake.opening import open_council
    >>> dear = in_prices_of(open_council(data_file("demo")), "2024-25")
    >>> dear.price_year
    '2024-25'
    """
    costs = deflate(council.tables["costs"], index, to=year)
    return replace(council, tables={**council.tables, "costs": costs}, price_year=year)
