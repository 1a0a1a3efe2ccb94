"""Miles from home to placement, by a directory of postcodes; the postcodes themselves are let go.

Straight lines, in whole miles: closer would draw a circle around a family's home. A placement for adoption has
no distance, whatever the return says of it.
"""

from __future__ import annotations

from pathlib import Path

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
_METRES_IN_MILE = 1609.344
_EARTH_MILES = 3958.8
ADOPTION = ("A3", "A4", "A5", "A6")


def miles_from_home(rows: pd.DataFrame, directory: str | Path) -> pd.Series:
    """Measure how far each placement is from home.

    Parameters
    ----------
    rows : DataFrame
        HOME_POST, PL_POST (capitals, one blank; empty where unknown) and PLACE.
    directory : str or Path
        CSV with a column of postcodes and two of easting and northing in metres, or of latitude and
        longitude in degrees; the ONS Postcode Directory and Code-Point Open with a header are such.

    Returns
    -------
    Series of float
        Whole miles; missing where a postcode is, is not in the directory, or the child is placed for adoption.

    Raises
    ------
    InputError
        If the directory is absent or has none of these columns.
    """
    pairs = rows[["HOME_POST", "PL_POST"]].apply(lambda codes: codes.str.replace(" ", "", regex=False))
    wanted = pd.unique(pairs.to_numpy().ravel())
    where, globe = _read(Path(directory), wanted)
    home, there = (where.reindex(pairs[name]).to_numpy() for name in ("HOME_POST", "PL_POST"))
    miles = _on_globe(home, there) if globe else np.hypot(*(home - there).T) / _METRES_IN_MILE
    measured = pd.Series(np.round(miles), index=rows.index)
    return measured.mask(rows["PLACE"].isin(ADOPTION))


def _on_globe(home: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Great-circle miles between latitudes and longitudes (haversine)."""
    (lat1, long1), (lat2, long2) = np.radians(home).T, np.radians(there).T
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((long2 - long1) / 2) ** 2
    return 2 * _EARTH_MILES * np.arcsin(np.sqrt(half))


def _read(file: Path, wanted: np.ndarray) -> tuple[pd.DataFrame, bool]:
    """Read the places of the postcodes wanted, block by block: a directory holds millions."""
    try:
        with file.open("rb") as stream:
            head = stream.readline().decode("utf-8-sig").strip().split(",")
        names = {squeeze(name): name.strip('"') for name in head}
        code = next((names[n] for n in _POSTCODE if n in names), None)
        places, globe = next(
            (
                ([next(names[n] for n in options if n in names) for options in pair], pair is _GLOBE)
                for pair in (_GRID, _GLOBE)
                if all(any(n in names for n in options) for options in pair)
            ),
            ([], False),
        )
        if code is None or not places:
            raise refuse(
                "column-missing",
                "The directory of postcodes needs a column postcode, and easting and northing or latitude and "
                "longitude. Give its columns these names.",
            )
        parts = list(_blocks(file, code, places, set(wanted) - {""}))
    except (OSError, UnicodeDecodeError, pa.ArrowInvalid):
        raise refuse(
            "no-source", "The directory of postcodes cannot be read as CSV. Give it again."
        ) from None
    found = pd.concat(parts) if parts else pd.DataFrame(columns=[code, *places])
    found = found.drop_duplicates(code).set_index(code).astype("float64")
    return found.where(found.ne(0).any(axis=1)), globe


def _blocks(file: Path, code: str, places: list[str], wanted: set[str]) -> list[pd.DataFrame]:
    types = {code: pa.string(), **{name: pa.float64() for name in places}}
    options = arrow_csv.ConvertOptions(include_columns=[code, *places], column_types=types)
    parts = []
    with arrow_csv.open_csv(file, convert_options=options) as blocks:
        for block in blocks:
            bare = pc.replace_substring(pc.utf8_upper(block.column(0)), " ", "")
            hit = pc.is_in(bare, value_set=pa.array(sorted(wanted), pa.string()))
            parts.append(block.set_column(0, code, bare).filter(hit).to_pandas())
    return parts
