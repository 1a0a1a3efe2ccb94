"""The joined file: published panels of many measures in one CSV, a row a council and year."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.measures import by_column
from vcanalysis.intake.readers.reading import (
    COUNCILS,
    TOTALS,
    VALUES,
    Reading,
    council_numbers,
    in_measure_units,
)

KIND = "joined file"
_NEEDED = ("la_code", "new_la_code", "la_name", "region", "year")
_NOT_GIVEN = "empty in the joined file, which does not say why"
_NOT_FINITE = "no finite number"


def read_joined(file: Path) -> Reading:
    """Read a joined file.

    Parameters
    ----------
    file : Path
        CSV with la_code, new_la_code, la_name, region, year and measures under the names that
        `data/reference/panel_measures.csv` gives in its column `column`.

    Returns
    -------
    Reading
        Values in the units of the measures; what the file does not tell (why a cell is empty) is said to be so.

    Raises
    ------
    InputError
        If the file is no such table, or a council has a year twice.
    """
    raw = _read(file)
    known = by_column(raw.columns)
    if not known:
        raise InputError(
            f"{file.name} has no measure that is known. Its columns must be those of data/README.md."
        )
    long = raw.melt(
        ["la_code", "new_la_code", "la_name", "year"], list(known), var_name="column", value_name="cell"
    )
    cell = pd.to_numeric(long["cell"], errors="coerce").astype("float64")
    finite = cell.abs() < float("inf")
    factor = long["column"].map({name: m.factor for name, m in known.items()})
    source = long["column"].map({name: m.source for name, m in known.items()})
    values = pd.DataFrame(
        {
            "la_code": long["la_code"],
            "council_code": long["new_la_code"].fillna(""),
            "council": long["la_name"],
            "year": long["year"].astype("int64"),
            "measure": long["column"].map({name: m.measure for name, m in known.items()}).astype("str"),
            "value": (cell * factor).where(finite),
            "reason": pd.Series("", index=cell.index)
            .mask(~finite, _NOT_FINITE)
            .mask(cell.isna(), _NOT_GIVEN),
            "release": file.stem,
            "source": source.astype("str"),
        }
    )
    none = pd.DataFrame({name: pd.Series(dtype="str") for name in TOTALS})
    return Reading(file.name, KIND, file.stem, in_measure_units(values)[list(VALUES)], none, _councils(raw))


def _councils(raw: pd.DataFrame) -> pd.DataFrame:
    named = raw.rename(columns={"new_la_code": "council_code", "la_name": "council"})
    return (
        named.fillna({"council_code": ""}).drop_duplicates("la_code")[list(COUNCILS)].reset_index(drop=True)
    )


def _read(file: Path) -> pd.DataFrame:
    try:
        raw = pd.read_csv(
            file, encoding="utf-8-sig", dtype=dict.fromkeys(("new_la_code", "la_name", "region"), "str")
        )
    except (OSError, ValueError):
        raise InputError(
            f"{file.name} cannot be read as CSV. Give the joined panel as it was written."
        ) from None
    absent = [name for name in _NEEDED if name not in raw.columns]
    if absent:
        raise InputError(f"{file.name} has no column {absent[0]}. A joined panel has {', '.join(_NEEDED)}.")
    raw = raw.assign(la_code=council_numbers(raw["la_code"]), year=council_numbers(raw["year"]))
    if raw[["la_code", "year"]].eq(0).any(axis=None):
        raise InputError(f"{file.name} has a row without council number or year. Give both in every row.")
    if raw.duplicated(["la_code", "year"]).any():
        raise InputError(f"{file.name} has a council and year twice. Keep one row of each.")
    return raw
