"""A directory of postcodes: where each lies, and in which council; the postcodes themselves are let go."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as arrow_csv

from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.readers.layout import squeeze

_POSTCODE = ("PCDS", "PCD", "PCD2", "PCD7", "PCD8", "POSTCODE")
_GRID = (("OSEAST1M", "EASTING", "EASTINGS", "EAST1M"), ("OSNRTH1M", "NORTHING", "NORTHINGS", "NORTH1M"))
_GLOBE = (("LAT", "LATITUDE"), ("LONG", "LNG", "LON", "LONGITUDE"))
_DISTRICT = re.compile(r"OSLAUA|LAUA|LAD\d\dCD|LADCD|ADMINDISTRICTCODE")
_COUNTY = re.compile(r"OSCTY|CTY\d\dCD|CTYCD|ADMINCOUNTYCODE")
_REAL_COUNTY = r"E10(?!9{6})"  # elsewhere the directory has a stand-in


class Directory(NamedTuple):
    """What a directory says of the postcodes of a return.

    Parameters
    ----------
    places : DataFrame
        Easting and northing in metres, or latitude and longitude in degrees, by postcode without blank.
    globe : bool
        Whether they are latitude and longitude.
    council : Series of str
        Code of the county, or of the district where there is none, by postcode; empty where no column names councils.
    """

    places: pd.DataFrame
    globe: bool
    council: pd.Series


def bare(codes: pd.Series) -> pd.Series:
    """Write postcodes without their blank, as the directory is looked up by."""
    return codes.str.replace(" ", "", regex=False)


def read_directory(rows: pd.DataFrame, file: str | Path) -> Directory:
    """Read what a directory says of the postcodes of some episodes.

    Parameters
    ----------
    rows : DataFrame
        HOME_POST and PL_POST (capitals, one blank; empty where unknown).
    file : str or Path
        CSV with a column of postcodes and two of easting and northing in metres, or of latitude and longitude in
        degrees; the ONS Postcode Directory and Code-Point Open with a header are such. Columns of county and district
        codes (`oscty` and `oslaua`, `cty25cd` and `lad25cd`) are read where there are any.

    Raises
    ------
    InputError
        If the directory is absent or has none of the columns of places.
    """
    wanted = set(np.unique(np.concatenate([bare(rows[name]) for name in ("HOME_POST", "PL_POST")])))
    try:
        names = _names(Path(file))
        code = next((names[n] for n in _POSTCODE if n in names), None)
        places, globe = _columns_of_places(names)
        if code is None or not places:
            raise refuse(
                "column-missing",
                "The directory of postcodes needs a column postcode, and easting and northing or latitude and "
                "longitude. Give its columns these names.",
            )
        councils = [next((names[n] for n in names if form.fullmatch(n)), "") for form in (_COUNTY, _DISTRICT)]
        found = _lines(Path(file), code, places, [c for c in councils if c], wanted - {""})
    except (OSError, UnicodeDecodeError, pa.ArrowInvalid, pa.ArrowKeyError):
        raise refuse(
            "no-source", "The directory of postcodes cannot be read as CSV. Give it again."
        ) from None
    where = found[places].astype("float64")
    # a directory writes noughts, or a latitude of 99.999999, for no place; Northern Ireland has a grid of its own
    on_map = where.iloc[:, 0].abs().le(90) if globe else ~where.index.str.startswith("BT")
    return Directory(where.where(where.ne(0).any(axis=1) & on_map), globe, _councils(found, *councils))


def _names(file: Path) -> Mapping[str, str]:
    with file.open("rb") as stream:
        head = stream.readline().decode("utf-8-sig").rstrip("\r\n").split(",")
    return {squeeze(name): name.strip('"') for name in head}


def _columns_of_places(names: Mapping[str, str]) -> tuple[list[str], bool]:
    for pair in (_GRID, _GLOBE):
        if all(any(n in names for n in options) for options in pair):
            return [next(names[n] for n in options if n in names) for options in pair], pair is _GLOBE
    return [], False


def _councils(found: pd.DataFrame, county: str, district: str) -> pd.Series:
    if not district:
        return pd.Series(dtype="str")
    codes = found[district].astype("str").str.strip()
    if county:
        above = found[county].astype("str").str.strip()
        codes = codes.mask(above.str.match(_REAL_COUNTY), above)
    return codes[codes.ne("") & codes.ne("nan")]


def _lines(file: Path, code: str, places: list[str], more: list[str], wanted: set[str]) -> pd.DataFrame:
    """Read the lines of the postcodes wanted, block by block: a directory holds millions."""
    words, numbers = [code, *more], dict.fromkeys(places, pa.float64())
    types = {**dict.fromkeys(words, pa.string()), **numbers}
    options = arrow_csv.ConvertOptions(include_columns=[code, *places, *more], column_types=types)
    parts = []
    with arrow_csv.open_csv(file, convert_options=options) as blocks:
        for block in blocks:
            plain = pc.replace_substring(pc.utf8_upper(block.column(0)), " ", "")
            hit = pc.is_in(plain, value_set=pa.array(sorted(wanted), pa.string()))
            parts.append(block.set_column(0, code, plain).filter(hit).to_pandas())
    found = pd.concat(parts) if parts else pd.DataFrame(columns=[code, *places, *more])
    return found.drop_duplicates(code).set_index(code)
