"""A folder of official statistics: each file is known by its header, whatever it is called."""

from __future__ import annotations

import gzip
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pyarrow.parquet as pq

from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import is_litter
from vcanalysis.intake.readers.education_statistics import fitting_map, read_education_statistics
from vcanalysis.intake.readers.joined_panel import read_joined
from vcanalysis.intake.readers.lait import NEEDED, read_lait
from vcanalysis.intake.readers.outturn import read_ro3, read_s251
from vcanalysis.intake.readers.reading import Reading

_ENDINGS = (".csv", ".csv.gz", ".parquet")
_LONGEST_HEADER = 65_536


def header_of(file: Path) -> list[str]:
    """Give the column names of a CSV or Parquet file; none where it cannot be read.

    Parameters
    ----------
    file : Path
        The file.
    """
    try:
        if file.suffix == ".parquet":
            return list(pq.read_schema(file).names)
        with gzip.open(file, "rb") if file.suffix == ".gz" else file.open("rb") as stream:
            first = stream.readline(_LONGEST_HEADER)
        return [name.strip().strip('"') for name in first.decode("utf-8-sig", errors="replace").split(",")]
    except (OSError, EOFError, ValueError):
        return []


def reader_of(header: list[str]) -> Callable[[Path], Reading] | None:
    """Give the reader of a file by its header; None where it is no table that is known.

    Examples
    --------
    >>> reader_of(["LA", "LineNumber", "TotalExpenditure"]).__name__
    'read_s251'
    """
    names = set(header)
    if {"la_code", "new_la_code", "year", "cla_n"} <= names:
        return read_joined
    if set(NEEDED) <= names:
        return read_lait
    if {"LA", "LineNumber", "TotalExpenditure"} <= names:
        return read_s251
    if {"new_la_code", "ro3_cla_total_k"} <= names:
        return read_ro3
    if {"time_period", "old_la_code"} <= names and len(fitting_map(header)):
        return read_education_statistics
    return None


def find_files(folder: Path) -> tuple[list[Path], list[Path]]:
    """Give the files of a folder that are known, and the tables in it that are not.

    Raises
    ------
    InputError
        If the folder is missing.
    """
    if not folder.is_dir():
        raise InputError(f"There is no folder {folder}. Give a folder of official statistics.")
    tables = sorted(
        p for p in folder.rglob("*") if p.name.endswith(_ENDINGS) and not is_litter(p.relative_to(folder))
    )
    known = [p for p in tables if reader_of(header_of(p))]
    return known, [p for p in tables if p not in known and not is_neighbours(p)]


def is_neighbours(file: Path) -> bool:
    """Say whether a file is a table of statistical neighbours."""
    return {"la_code", "neighbour", "closeness", "rank"} <= set(header_of(file))


def read_file(file: Path) -> Reading:
    """Read one file that is known.

    Raises
    ------
    InputError
        If it is not known, or is refused by its reader.
    """
    reader = reader_of(header_of(file))
    if reader is None:
        raise InputError(
            f"{file.name} is no table of official statistics that is known. See docs/statistics.md."
        )
    return reader(file)


def all_totals(readings: list[Reading]) -> pd.DataFrame:
    """Give the published totals of all files, the newest of each: area, year, measure, value, release, source."""
    every = pd.concat([r.totals for r in readings], ignore_index=True)
    order = every.assign(
        value=pd.to_numeric(every["value"], errors="coerce"), year=pd.to_numeric(every["year"])
    )
    order = order.dropna(subset=["value"]).sort_values("release", kind="stable")
    plain = order.assign(area=order["area"].str.replace(" The ", " the ", regex=False))
    return plain.drop_duplicates(["area", "year", "measure"], keep="last").reset_index(drop=True)
