"""What councils say they spent: section 251 outturn as published to 2014, and the revenue outturn RO3."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from vcanalysis.core.errors import InputError
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

S251, RO3 = "DfE, section 251 outturn", "MHCLG, RO3 outturn"
_LINES = {16: "looked_after_gbp", 33: "children_services_gbp"}  # of the old section 251 table
_RO3 = {
    "cla_total_k": "ro3_looked_after_gbp",
    "cla_residential_total_k": "ro3_residential_gbp",
    "cla_fostering_total_k": "ro3_fostering_gbp",
    "cla_asylum_total_k": "ro3_asylum_gbp",
    "cla_other_total_k": "ro3_other_care_gbp",
}
_YEARS = re.compile(r"(\d{4})[-_](\d{2})(?!\d)")


def year_in_name(file: Path) -> int:
    """Give the financial year in a file's name by the year in which it ends.

    Raises
    ------
    InputError
        If the name holds none.

    Examples
    --------
    >>> year_in_name(Path("ro3_2024_25_by_la.csv"))
    2025
    """
    found = _YEARS.search(file.stem)
    year = year_of(f"{found[1]}-{found[2]}")[0] if found else None
    if year is None:
        raise InputError(f"{file.name}: its name must say the financial year, such as ro3_2024_25.csv.")
    return year


def read_s251(file: Path) -> Reading:
    """Read the section 251 table by line: LA, LineNumber, CYPServiceDescription, TotalExpenditure and others.

    Parameters
    ----------
    file : Path
        CSV in Latin-1; its name says the financial year.

    Returns
    -------
    Reading
        Total spend on children looked after (line 16) and on children's services (line 33), in pounds.

    Raises
    ------
    InputError
        If it cannot be read, or its name says no year.
    """
    raw = _read(file, ("LA", "LineNumber", "TotalExpenditure"), encoding="latin-1")
    line = pd.to_numeric(raw["LineNumber"], errors="coerce")
    part = raw[line.isin(_LINES)]
    code = part["LA"].str.extract(r"(\d{3})", expand=False)
    value, reason = numbers(part["TotalExpenditure"])
    table = pd.DataFrame(
        {
            "la_code": council_numbers(code),
            "council_code": "",
            "council": part["LA"].str.replace(r"^\s*\d{3}\s*", "", regex=True),
            "measure": line[part.index].map(_LINES).astype("str"),
            "value": value,
            "reason": reason,
        }
    )
    return _reading(file, "section 251", S251, table[table["la_code"].between(200, 969)])


def read_ro3(file: Path) -> Reading:
    """Read the revenue outturn of children's social care: one row a council, columns in thousand pounds.

    Parameters
    ----------
    file : Path
        CSV with new_la_code, la_name and ro3_cla_total_k and others in thousand pounds; its name says the year.

    Returns
    -------
    Reading
        Total expenditure in pounds; M, [x] and [n] are reasons. Rows of classes of councils are left out.

    Raises
    ------
    InputError
        If it cannot be read, or its name says no year.
    """
    raw = _read(file, ("new_la_code", "la_name", *(f"ro3_{name}" for name in _RO3)), encoding="utf-8-sig")
    raw = raw[raw["new_la_code"].str.fullmatch(r"E\d{8}")]
    parts = []
    for column, name in _RO3.items():
        value, reason = numbers(raw[f"ro3_{column}"])
        parts.append(
            pd.DataFrame(
                {
                    "la_code": 0,
                    "council_code": raw["new_la_code"],
                    "council": raw["la_name"],
                    "measure": name,
                    "value": value * 1000,
                    "reason": reason,
                }
            )
        )
    return _reading(file, "RO3", RO3, pd.concat(parts, ignore_index=True))


def _reading(file: Path, kind: str, source: str, table: pd.DataFrame) -> Reading:
    year = year_in_name(file)
    told = in_measure_units(table.assign(year=year, release=f"{year - 1}-{year % 100:02d}", source=source))
    none = pd.DataFrame({name: pd.Series(dtype="str") for name in TOTALS})
    councils = told.assign(region="").drop_duplicates(["la_code", "council_code"])[list(COUNCILS)]
    return Reading(
        file=file.name,
        kind=kind,
        release=f"{year - 1}-{year % 100:02d}",
        figures=told[list(VALUES)].reset_index(drop=True),
        totals=none,
        councils=councils.reset_index(drop=True),
    )


def _read(file: Path, needed: tuple[str, ...], *, encoding: str) -> pd.DataFrame:
    try:
        raw = pd.read_csv(file, dtype="str", keep_default_na=False, encoding=encoding)
    except (OSError, ValueError):
        raise InputError(f"{file.name} cannot be read as CSV. Download it again.") from None
    absent = [name for name in needed if name not in raw.columns]
    if absent:
        raise InputError(f"{file.name} has no column {absent[0]}. It must have {', '.join(needed)}.")
    return raw
