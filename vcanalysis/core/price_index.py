"""A price index by financial year, with its source: what prices of one year are in pounds of another."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file


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
