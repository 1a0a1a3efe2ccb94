"""The joined file: published panels of many measures in one CSV, a row a council and year."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.measures import Measure, by_column, measures
from vcanalysis.core.paths import data_file

LOG = ("rule", "council_code", "council", "year", "measure", "value", "expected", "detail")
_NEEDED = ("la_code", "new_la_code", "la_name", "region", "year")
_NOT_GIVEN = "empty in the joined file, which does not say why"
_NOT_FINITE = "no finite number"
_NOBODY = "nobody to measure"
_CANNOT_BE = "outside what can be"
_EQUAL = "the same in every council: a national figure"
_NO_COUNCIL = "the council did not exist"


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
    )


def read_joined(file: Path) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Read a joined file into the tidy panel.

    Parameters
    ----------
    file : Path
        CSV with la_code, new_la_code, la_name, region, year and measures under the names that
        `data/reference/panel_measures.csv` gives in its column `column`.

    Returns
    -------
    frame, long, log : DataFrame
        As in `vcanalysis.intake.panel.Panel`. A value that cannot be a measurement is in the log, not in the frame.

    Raises
    ------
    InputError
        If the file is no such table, or a council has a year twice.
    """
    raw = _read(file)
    known = list(measures().values())
    if not by_column(raw.columns):
        raise InputError(
            f"{file.name} has no measure that is known. Its columns must be those of data/README.md."
        )
    keys, exists = _councils(raw)
    values = pd.DataFrame({m.measure: _numbers(raw, m) for m in known}, index=raw.index)
    reasons = _reasons(values, keys["year"], exists, known)
    log = _log(keys, values, reasons)
    clean = values.where(reasons == "").astype("float64")
    frame = pd.concat([keys, clean], axis=1)[exists.to_numpy()].sort_values(["council_code", "year"])
    long = _long(keys[exists], clean[exists], reasons[exists], known, release=file.stem)
    return frame.reset_index(drop=True), long, log


def read_neighbours(folder: Path, frame: pd.DataFrame) -> pd.DataFrame:
    """Read the statistical neighbours that lie beside a panel; a table without rows where there are none.

    Parameters
    ----------
    folder : Path
        Folder that may hold `stat_neighbours_*.csv` with la_code, neighbour, closeness and rank.
    frame : DataFrame
        Panel with council_code.

    Returns
    -------
    DataFrame
        council_code, neighbour_code, rank, closeness.
    """
    empty = pd.DataFrame({"council_code": [], "neighbour_code": [], "rank": [], "closeness": []})
    found = sorted(folder.glob("stat_neighbours_*.csv"))
    joined = sorted(folder.glob("la_panel_*.csv"))
    if not found or not joined:
        return empty
    codes = _councils(_read(joined[0]))[0].assign(la_code=_read(joined[0])["la_code"])
    code = codes.drop_duplicates("la_code").set_index("la_code")["council_code"]
    table = pd.read_csv(found[-1])
    neighbours = pd.DataFrame(
        {
            "council_code": table["la_code"].map(code),
            "neighbour_code": table["neighbour"].map(code),
            "rank": table["rank"].astype("int64"),
            "closeness": table["closeness"].str.strip(),
        }
    )
    return neighbours[neighbours["council_code"].isin(frame["council_code"])].reset_index(drop=True)


def _read(file: Path) -> pd.DataFrame:
    try:
        raw = pd.read_csv(
            file, encoding="utf-8-sig", dtype={"new_la_code": "str", "la_name": "str", "region": "str"}
        )
    except (OSError, ValueError):
        raise InputError(
            f"{file.name} cannot be read as CSV. Give the joined panel as it was written."
        ) from None
    absent = [name for name in _NEEDED if name not in raw.columns]
    if absent:
        raise InputError(f"{file.name} has no column {absent[0]}. A joined panel has {', '.join(_NEEDED)}.")
    if raw.duplicated(["la_code", "year"]).any():
        raise InputError(f"{file.name} has a council and year twice. Keep one row of each.")
    return raw


def _councils(raw: pd.DataFrame) -> tuple[pd.DataFrame, pd.Series]:
    """Give keys, and whether the council existed in the year: reorganised councils by the table of changes."""
    changes = council_changes().set_index("la_code")
    number = raw["la_code"]
    keys = pd.DataFrame(
        {
            "council_code": number.map(changes["council_code"]).fillna(raw["new_la_code"]).astype("str"),
            "council": number.map(changes["council"]).fillna(raw["la_name"]).astype("str"),
            "region": raw["region"].astype("str"),
            "year": raw["year"].astype("int64"),
        }
    )
    first, last = (number.map(changes[name]) for name in ("first_year", "last_year"))
    exists = keys["year"].ge(first.fillna(0)) & keys["year"].le(last.fillna(9999))
    return keys, exists


def _numbers(raw: pd.DataFrame, measure: Measure) -> pd.Series:
    if measure.column not in raw.columns:
        return pd.Series(np.nan, index=raw.index)
    return pd.to_numeric(raw[measure.column], errors="coerce").astype("float64") * measure.factor


def _reasons(values: pd.DataFrame, year: pd.Series, exists: pd.Series, known: list[Measure]) -> pd.DataFrame:
    """Say of every cell why it is no number; empty where it is one."""
    reasons = {}
    for m in known:
        cells = values[m.measure]
        why = pd.Series("", index=cells.index)
        if m.of in values.columns:
            why = why.mask(values[m.of].eq(0), _NOBODY)
        why = why.mask((cells < m.low) | (cells > m.high), _CANNOT_BE)
        why = why.mask(np.isinf(cells), _NOT_FINITE)
        spread = cells.groupby(year).agg(["nunique", "count"]).reindex(year)
        alike = (spread["nunique"].eq(1) & spread["count"].gt(20)).to_numpy()
        why = why.mask(alike & ~cells.eq(0), _EQUAL)
        why = why.mask(~exists & cells.notna(), _NO_COUNCIL)
        reasons[m.measure] = why.mask(cells.isna(), _NOT_GIVEN)
    return pd.DataFrame(reasons, index=values.index)


def _log(keys: pd.DataFrame, values: pd.DataFrame, reasons: pd.DataFrame) -> pd.DataFrame:
    """List the values that were given and are not used."""
    rows = []
    for name in values.columns:
        strange = ~reasons[name].isin(["", _NOT_GIVEN])
        rows.append(
            keys.loc[strange, ["council_code", "council", "year"]].assign(
                rule=reasons.loc[strange, name],
                measure=name,
                value=values.loc[strange, name],
                expected=np.nan,
                detail="",
            )
        )
    return pd.concat(rows, ignore_index=True)[list(LOG)].astype({"detail": "str"})


def _long(
    keys: pd.DataFrame, values: pd.DataFrame, reasons: pd.DataFrame, known: list[Measure], *, release: str
) -> pd.DataFrame:
    """Give one row a council, year and measure."""
    source = {m.measure: m.source for m in known}
    index = keys[["council_code", "year"]]
    stacked = pd.concat([index, values], axis=1).melt(["council_code", "year"], var_name="measure")
    why = pd.concat([index, reasons], axis=1).melt(["council_code", "year"], var_name="measure")["value"]
    long = stacked.assign(reason=why, release=release, source=stacked["measure"].map(source))
    return long.sort_values(["council_code", "year", "measure"], ignore_index=True)


__all__ = ["LOG", "council_changes", "read_joined", "read_neighbours"]
