"""Explore Education Statistics: CSV files whose columns and labels change from release to release.

Which column and which labels hold a measure is a table by release, `data/reference/ees_map.csv`: a new release
that names things anew needs rows there, not code.
"""

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

_COUNCILS, _NATION, _REGION = "Local authority", "National", "Regional"
SOURCE = "DfE, Explore Education Statistics"


def known_releases() -> pd.DataFrame:
    """Give the map of releases: table, release, labels ("column=label & column=label"), column, measure."""
    return pd.read_csv(data_file("reference/ees_map.csv"), keep_default_na=False)


def fitting_map(columns: list[str]) -> pd.DataFrame:
    """Give the newest rows of the map whose columns are all in a header; none where none fit.

    Examples
    --------
    >>> fitting_map(["cla_group", "placement_stability", "percentage"])["release"].unique().tolist()
    [2024]
    """
    fits = [
        part
        for (_, _), part in known_releases().groupby(["table", "release"])
        if _columns_of(part) <= set(columns)
    ]
    return max(fits, key=lambda part: part["release"].iloc[0]) if fits else known_releases().iloc[:0]


def read_education_statistics(file: Path, *, publication: str = SOURCE) -> Reading:
    """Read a CSV of Explore Education Statistics.

    Parameters
    ----------
    file : Path
        The file as published, with or without byte order mark, or gzipped.
    publication : str
        Source stored with every value.

    Returns
    -------
    Reading
        Values of councils; symbols (c, z, x, k, low, u) are reasons. The release is the last year in the file.

    Raises
    ------
    InputError
        If it cannot be read, is no table that the map knows, or a label of the map is not in it.
    """
    raw = _read(file)
    rows = fitting_map(list(raw.columns))
    if rows.empty:
        raise InputError(
            f"{file.name} has columns of no release that is known. Add its columns and labels to ees_map.csv."
        )
    year = raw["time_period"].map(lambda text: year_of(text)[0])
    if year.isna().any():
        raise InputError(f"{file.name}: time_period {raw['time_period'][year.isna()].iloc[0]!r} is no year.")
    raw = raw.assign(year=year.astype("int64"))
    release = str(raw["year"].max())
    picked = pd.concat([_pick(raw, row, file) for row in rows.itertuples()], ignore_index=True)
    told = picked.assign(release=release, source=publication)
    level = told["geographic_level"]
    councils = in_measure_units(told[level.eq(_COUNCILS)])
    totals = told[level.isin([_NATION, _REGION])].assign(
        area=lambda f: f["region_name"].where(f["region_name"].ne(""), "England")
    )
    return Reading(
        file=file.name,
        kind=f"EES {rows['table'].iloc[0]}",
        release=release,
        figures=councils[list(VALUES)].reset_index(drop=True),
        totals=totals[list(TOTALS)].reset_index(drop=True),
        councils=_councils(councils),
    )


def _councils(values: pd.DataFrame) -> pd.DataFrame:
    """Give each council as its last year names it."""
    last = values.sort_values("year").drop_duplicates("la_code", keep="last")
    return last.assign(region=last["region_name"])[list(COUNCILS)].reset_index(drop=True)


def _columns_of(part: pd.DataFrame) -> set[str]:
    return {*part["column"], *(name for labels in part["labels"] for name in _labels(labels))}


def _labels(text: str) -> dict[str, str]:
    """Read "column=label & column=label"."""
    return dict(pair.split("=", 1) for pair in text.split(" & "))


def _read(file: Path) -> pd.DataFrame:
    try:
        raw = pd.read_csv(file, dtype="str", keep_default_na=False, encoding="utf-8-sig")
    except (OSError, ValueError, EOFError):
        raise InputError(f"{file.name} cannot be read as CSV. Download it again.") from None
    absent = [name for name in ("time_period", "old_la_code", "new_la_code") if name not in raw.columns]
    if absent:
        raise InputError(
            f"{file.name} has no column {absent[0]}. Give a file of Explore Education Statistics."
        )
    filled = {"geographic_level": _COUNCILS, "region_name": "", "la_name": raw.get("geo_breakdown", "")}
    return raw.assign(**{name: raw[name] if name in raw.columns else cells for name, cells in filled.items()})


def _pick(raw: pd.DataFrame, row: tuple, file: Path) -> pd.DataFrame:  # type: ignore[type-arg]
    """Take the cells of one measure."""
    chosen = pd.Series(True, index=raw.index)
    for column, label in _labels(row.labels).items():  # type: ignore[attr-defined]
        same = raw[column].str.strip().eq(label)
        if not same.any():
            found = "; ".join(raw[column].unique()[:3])
            raise InputError(
                f"{file.name}: column {column} has no label {label!r}, but {found}, ... Add the release to ees_map.csv."
            )
        chosen &= same
    part = raw[chosen]
    value, reason = numbers(part[row.column])  # type: ignore[attr-defined]
    return pd.DataFrame(
        {
            "geographic_level": part["geographic_level"],
            "region_name": part["region_name"],
            "area": "",
            "la_code": council_numbers(part["old_la_code"]),
            "council_code": part["new_la_code"],
            "council": part["la_name"],
            "year": part["year"],
            "measure": row.measure,  # type: ignore[attr-defined]
            "value": value,
            "reason": reason,
        }
    )
