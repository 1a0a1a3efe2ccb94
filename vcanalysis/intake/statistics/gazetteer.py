"""Which council is which: numbers and codes of councils, and when they began and ended."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from vcanalysis.core.paths import data_file
from vcanalysis.intake.readers.joined_panel import KIND as JOINED
from vcanalysis.intake.readers.reading import COUNCILS, Reading


def council_changes() -> pd.DataFrame:
    """Give the councils that began or ended: `data/reference/council_changes.csv`.

    Returns
    -------
    DataFrame
        council_code, council, la_code, first_year and last_year (ending 31 March; 0 and 9999 where open), joined_by.
    """
    table = pd.read_csv(data_file("reference/council_changes.csv"), dtype={"joined_by": "str", "note": "str"})
    return table.assign(
        first_year=table["first_year"].fillna(0).astype("int64"),
        last_year=table["last_year"].fillna(9999).astype("int64"),
        joined_by=table["joined_by"].fillna(""),
    )


def gazetteer(readings: Iterable[Reading]) -> pd.DataFrame:
    """Give every council once, by its number: the newest code and name that a source gives.

    Codes change when councils are reorganised, numbers of councils do not: sources are joined by number.

    Parameters
    ----------
    readings : iterable of Reading
        Files read.

    Returns
    -------
    DataFrame
        Index la_code; council_code ("LA835" where no source gives a code), council, region, first_year, last_year.
    """
    read = list(readings)
    order = sorted(
        read, key=lambda r: (r.kind != JOINED, r.release)
    )  # newer publications last, so that they stay
    told = pd.concat([r.councils[list(COUNCILS)] for r in order if len(r.councils)], ignore_index=True)
    told = told[told["la_code"] > 0].replace({"": None, "nan": None})
    latest = told.groupby("la_code")[["council_code", "council"]].last()
    region = told.groupby("la_code")["region"].first()  # the joined file and the tool part London in two
    changes = council_changes().set_index("la_code")
    own = changes[["council_code", "council"]].reindex(latest.index)
    named = own.fillna(latest).assign(region=region.fillna(""))
    numbers = pd.Series([f"LA{number}" for number in named.index], index=named.index)
    named["council_code"] = named["council_code"].fillna(numbers)
    years = (
        changes[["first_year", "last_year"]].reindex(named.index).fillna({"first_year": 0, "last_year": 9999})
    )
    return named.join(years.astype("int64")).astype(
        dict.fromkeys(("council_code", "council", "region"), "str")
    )


def with_codes(values: pd.DataFrame, councils: pd.DataFrame) -> pd.DataFrame:
    """Give values their council's code, name and region; rows of no council that is known are left out.

    Parameters
    ----------
    values : DataFrame
        With la_code, or council_code where la_code is 0.
    councils : DataFrame
        As `gazetteer` gives them.
    """
    by_code = pd.Series(councils.index, index=councils["council_code"])
    number = values["la_code"].where(values["la_code"] > 0, values["council_code"].map(by_code))
    known = number.isin(councils.index)
    kept = values[known].drop(columns=["council_code", "council", "la_code"])
    return kept.assign(la_code=number[known].astype("int64")).merge(
        councils, left_on="la_code", right_index=True, how="left", validate="many_to_one"
    )
