"""Statistical neighbours: which councils are held to be like which, as published."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.intake.readers.reading import council_numbers

NEIGHBOURS = ("council_code", "neighbour_code", "rank", "closeness")
_NEEDED = ("la_code", "neighbour", "closeness", "rank")


def no_neighbours() -> pd.DataFrame:
    """Give a table of neighbours without rows."""
    return pd.DataFrame({name: pd.Series(dtype="int64" if name == "rank" else "str") for name in NEIGHBOURS})


def read_neighbours(file: Path, code: pd.Series) -> pd.DataFrame:
    """Read statistical neighbours.

    Parameters
    ----------
    file : Path
        CSV with la_code, neighbour, closeness and rank.
    code : Series
        ONS code by council number (index).

    Returns
    -------
    DataFrame
        council_code, neighbour_code, rank (1 is nearest), closeness.

    Raises
    ------
    InputError
        If it is no such table.
    """
    try:
        table = pd.read_csv(file, encoding="utf-8-sig")
    except (OSError, ValueError):
        raise InputError(f"{file.name} cannot be read as CSV. Download it again.") from None
    absent = [name for name in _NEEDED if name not in table.columns]
    if absent:
        raise InputError(f"{file.name} has no column {absent[0]}. It must have {', '.join(_NEEDED)}.")
    neighbours = pd.DataFrame(
        {
            "council_code": council_numbers(table["la_code"]).map(code),
            "neighbour_code": council_numbers(table["neighbour"]).map(code),
            "rank": council_numbers(table["rank"]),
            "closeness": table["closeness"].astype("str").str.strip(),
        }
    )
    known = (
        neighbours["rank"].gt(0) & neighbours["council_code"].notna() & neighbours["neighbour_code"].notna()
    )
    return neighbours[known].sort_values(["council_code", "rank"], ignore_index=True)
