"""Prices of several years in the prices of one, by an index whose source is named."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from vcanalysis.core.errors import InputError


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


def deflate(costs: pd.DataFrame, index: PriceIndex, *, to: str) -> pd.DataFrame:
    """Give the weekly prices in the prices of one year.

    Parameters
    ----------
    costs : DataFrame
        gbp_week, support_gbp_week (both pounds a week) and price_year.
    index : PriceIndex
        With every price year in the costs.
    to : str
        Financial year whose prices are wanted.

    Examples
    --------
    >>> costs = pd.DataFrame({"gbp_week": [500.0], "price_year": ["2018-19"]})
    >>> drawn = PriceIndex({"2018-19": 100.0, "2019-20": 102.0}, "drawn up for this example")
    >>> deflate(costs, drawn, to="2019-20")["gbp_week"].tolist()
    [510.0]
    """
    factors = {year: index.factor(str(year), to) for year in costs["price_year"].dropna().unique()}
    factor = costs["price_year"].map(factors).astype("float64")
    money = [name for name in ("gbp_week", "support_gbp_week") if name in costs]
    return costs.assign(**{name: costs[name] * factor for name in money}, price_year=to)
