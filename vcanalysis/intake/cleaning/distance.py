"""Miles from home to placement and whether it lies in the council's area, by a directory of postcodes.

Straight lines, in whole miles: closer would draw a circle around a family's home. A placement for adoption has
no distance and no area, whatever the return says of it.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.intake.cleaning.directory import Directory, bare

_METRES_IN_MILE = 1609.344
_EARTH_MILES = 3958.8
ADOPTION = ("A3", "A4", "A5", "A6")
INSIDE, OUTSIDE = "inside", "outside"
CLEARLY = 0.6  # share of the families' homes


def miles_from_home(rows: pd.DataFrame, directory: Directory) -> pd.Series:
    """Measure how far each placement is from home.

    Parameters
    ----------
    rows : DataFrame
        HOME_POST, PL_POST (capitals, one blank; empty where unknown) and PLACE.
    directory : Directory
        From `read_directory`.

    Returns
    -------
    Series of float
        Whole miles; missing where a postcode is, is not in the directory, or the child is placed for adoption.
    """
    home, there = (directory.places.reindex(bare(rows[name])).to_numpy() for name in ("HOME_POST", "PL_POST"))
    miles = _on_globe(home, there) if directory.globe else np.hypot(*(home - there).T) / _METRES_IN_MILE
    measured = pd.Series(np.round(miles), index=rows.index)
    return measured.mask(rows["PLACE"].isin(ADOPTION))


def area_of_placement(rows: pd.DataFrame, directory: Directory) -> pd.Series:
    """Say whether each placement lies inside the council's own area.

    Parameters
    ----------
    rows : DataFrame
        HOME_POST, PL_POST and PLACE, as `miles_from_home` takes them.
    directory : Directory
        From `read_directory`.

    Returns
    -------
    Series of str
        "inside" or "outside"; missing where the postcode of the placement is not in the directory, the child is placed
        for adoption, the directory names no councils, or no council holds six in ten of the families' homes.

    Notes
    -----
    The return does not say which council it is of: its area is taken to be that in which most families' homes lie, each
    postcode counted once. Half is not enough: a council split in two after the return has up to 55% in one of them.
    """
    home, there = (directory.council.reindex(bare(rows[name])) for name in ("HOME_POST", "PL_POST"))
    said = home[~rows["HOME_POST"].duplicated().to_numpy()].value_counts(normalize=True)
    area = pd.Series(pd.NA, index=rows.index, dtype="str")
    if said.empty or said.iloc[0] < CLEARLY:
        return area
    known = there.notna().to_numpy() & ~rows["PLACE"].isin(ADOPTION).to_numpy()
    inside = there.eq(said.index[0]).to_numpy()
    return area.mask(known & inside, INSIDE).mask(known & ~inside, OUTSIDE)


def _on_globe(home: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Great-circle miles between latitudes and longitudes (haversine)."""
    (lat1, long1), (lat2, long2) = np.radians(home).T, np.radians(there).T
    half = np.sin((lat2 - lat1) / 2) ** 2 + np.cos(lat1) * np.cos(lat2) * np.sin((long2 - long1) / 2) ** 2
    return 2 * _EARTH_MILES * np.arcsin(np.sqrt(half))
