"""Prices of several years in the prices of one, by an index whose source is named."""

from __future__ import annotations

import csv
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file
from vcanalysis.core.period import financial_year

if TYPE_CHECKING:
    from vcanalysis.intake.council import Council

_MONEY = ("gbp_week", "support_gbp_week", "cost_gbp_week", "cost_gbp")


@dataclass(frozen=True)
class PriceIndex:
    """A price index by financial year.

    Parameters
    ----------
    values : dict of str to float
        Index by financial year such as "2019-20".
    source : str
        Where the values are from; every deflated figure names it.
    """

    values: dict[str, float]
    source: str

    def factor(self, year: str, to: str) -> float:
        """Give what prices of `year` are multiplied by to be in prices of `to`.

        Raises
        ------
        InputError
            If the index lacks one of the years: prices are never carried on by a guess.

        Examples
        --------
        >>> PriceIndex({"2018-19": 100.0, "2019-20": 102.0}, "drawn up for this example").factor("2018-19", "2019-20")
        1.02
        """
        for asked in (year, to):
            if asked not in self.values:
                known = ", ".join(sorted(self.values))
                raise InputError(f"The price index has no year {asked}. It has: {known}.")
        return self.values[to] / self.values[year]


def read_index(file: str | Path) -> PriceIndex:
    """Read an index: a CSV with the columns year, index and source, such as HM Treasury's GDP deflator.

    Raises
    ------
    InputError
        If it cannot be read, a value is no number above nought, or a row has no source.
    """
    try:
        with Path(file).open(encoding="utf-8-sig", newline="") as stream:
            rows = list(csv.DictReader(stream))
    except (OSError, UnicodeDecodeError):
        raise InputError(f"There is no price index {file}. Give a CSV with year, index and source.") from None
    values, sources = {}, set()
    for number, row in enumerate(rows, start=2):
        year, source = (row.get("year") or "").strip(), (row.get("source") or "").strip()
        try:
            value = float(row.get("index") or "")
        except ValueError:
            value = 0.0
        if not year or not source or not 0 < value < 1e6:
            raise InputError(f"{file}, line {number}: a year, an index above 0 and a source are needed.")
        values[year] = value
        sources.add(source)
    if not values:
        raise InputError(f"{file} has no row. Give year, index and source.")
    return PriceIndex(values, "; ".join(sorted(sources)))


@cache
def price_index() -> PriceIndex:
    """Give the index that comes with the workbench: the GDP deflator by financial year, outturn only.

    Source: HM Treasury, GDP deflators at market prices, from ONS series L8GG; `data/reference/price_index.csv`.

    Examples
    --------
    >>> round(price_index().factor("2018-19", "2019-20"), 4)
    1.0264
    """
    return read_index(data_file("reference/price_index.csv"))


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
    >>> from vcanalysis.intake.council import open_council
    >>> dear = in_prices_of(open_council(data_file("demo")), "2024-25")
    >>> dear.price_year
    '2024-25'
    """
    costs = deflate(council.tables["costs"], index, to=year)
    return replace(council, tables={**council.tables, "costs": costs}, price_year=year)
