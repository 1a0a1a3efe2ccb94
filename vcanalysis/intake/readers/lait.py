"""The Local Authority Interactive Tool: one long table of many measures, all as text, as Parquet or CSV."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file
from vcanalysis.intake.readers.reading import (
    COUNCILS,
    TOTALS,
    VALUES,
    Reading,
    council_numbers,
    in_measure_units,
    numbers,
    year_of,
)

SOURCE = "DfE, Local Authority Interactive Tool"
NEEDED = ("Short Desc", "Years", "LA and Regions", "Values", "LA Number", "Region")
_FIRST_AREA = 970  # numbers from here to 990 are England and its regions
_LAST_AREA = 990
_IN_TWO = ("London (Inner)", "London (Outer)")  # parts of a region that is listed as well
# the later the better, where a year is given twice
_STATUS = {"prov": 0, "": 1, "OT": 2, "Rev": 3, "Final": 4}


def read_lait(file: Path) -> Reading:
    """Read the tool's data as it is downloaded.

    Parameters
    ----------
    file : Path
        Parquet or CSV with Short Desc, Years, LA and Regions, Values, LA Number and Region.

    Returns
    -------
    Reading
        Measures of `data/reference/lait_map.csv`. "-" is a reason, not a number: the tool hides why. Spans of several
        years are left out; of a year given twice, the revised one stays. The release is the last year in the file
        with the status of the figure ("2025 prov").

    Raises
    ------
    InputError
        If it cannot be read, lacks a column, or holds no measure that is known.
    """
    wanted = pd.read_csv(data_file("reference/lait_map.csv")).set_index("item")["measure"]
    raw = _read(file)
    raw = raw[raw["Short Desc"].isin(wanted.index)]
    if raw.empty:
        raise InputError(
            f"{file.name} holds no measure that is known. Give the data of the Interactive Tool."
        )
    periods = {text: year_of(text) for text in raw["Years"].unique()}
    year = raw["Years"].map({text: found[0] for text, found in periods.items()})
    status = raw["Years"].map({text: found[1] for text, found in periods.items()}).astype("str")
    kept = year.notna()
    value, reason = numbers(raw.loc[kept, "Values"])
    release = str(int(year.max()))
    table = pd.DataFrame(
        {
            "la_code": raw.loc[kept, "LA Number"],
            "council_code": "",
            "council": raw.loc[kept, "LA and Regions"].astype("str"),
            "year": year[kept].astype("int64"),
            "measure": raw.loc[kept, "Short Desc"].map(wanted).astype("str"),
            "value": value,
            "reason": reason,
            "release": (release + " " + status[kept]).str.strip(),
            "source": SOURCE,
        }
    )
    regions = raw.drop_duplicates("LA Number").set_index("LA Number")["Region"].astype("str")
    return _reading(file.name, release, _latest(table, status[kept]), regions)


def _reading(name: str, release: str, table: pd.DataFrame, regions: pd.Series) -> Reading:
    area = table["la_code"].between(_FIRST_AREA, _LAST_AREA)
    totals = table[area & ~table["council"].isin(_IN_TWO) & table["value"].notna()].rename(
        columns={"council": "area"}
    )
    councils = table[~area].drop_duplicates("la_code")
    return Reading(
        file=name,
        kind="LAIT",
        release=release,
        figures=in_measure_units(table[~area])[list(VALUES)].reset_index(drop=True),
        totals=totals[list(TOTALS)].reset_index(drop=True),
        councils=councils.assign(region=councils["la_code"].map(regions))[list(COUNCILS)].reset_index(
            drop=True
        ),
    )


def _latest(table: pd.DataFrame, status: pd.Series) -> pd.DataFrame:
    """Of figures for one year, keep the one that was revised last."""
    order = status.map(_STATUS).fillna(1).to_numpy()
    keyed = table.assign(_order=order).sort_values("_order", kind="stable")
    return (
        keyed.drop_duplicates(["la_code", "year", "measure"], keep="last").drop(columns="_order").sort_index()
    )


def _read(file: Path) -> pd.DataFrame:
    try:
        if file.suffix == ".parquet":
            raw = pd.read_parquet(file, columns=list(NEEDED))
        else:
            raw = pd.read_csv(
                file, dtype="str", keep_default_na=False, encoding="utf-8-sig", usecols=list(NEEDED)
            )
    except (OSError, ValueError, KeyError):
        raise InputError(
            f"{file.name} cannot be read as data of the Interactive Tool: it must have {', '.join(NEEDED)}."
        ) from None
    numbered = raw.assign(**{"LA Number": council_numbers(raw["LA Number"])})
    return numbered[numbered["LA Number"] > 0]
