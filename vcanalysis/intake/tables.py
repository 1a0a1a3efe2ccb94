"""The files of a council folder: Parquet or CSV in, Parquet out, the same bytes for the same rows."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, MutableMapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from vcanalysis.core.errors import InputError
from vcanalysis.core.schema import SCHEMA_VERSION, TABLES, Column, conform
from vcanalysis.intake.memory import lean_memory

_SLICE = 200_000  # rows
_ORDERED_BY_COUNCIL = ("placements", "needs", "costs")
_YES = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}
_ADVICE = {
    "date": "a date; write dates as yyyy-mm-dd",
    "month": "a date; write the first day of the month as yyyy-mm-dd",
    "flag": "true or false",
    "count": "a whole number",
    "number": "a number",
}


class Tables(MutableMapping[str, pd.DataFrame]):
    """The tables of a council folder, each read when it is first asked for; an absent one is an empty frame."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._held: dict[str, pd.DataFrame] = {}

    def __getitem__(self, name: str) -> pd.DataFrame:
        if name not in self._held and name in TABLES:
            with lean_memory():
                self._held[name] = read_table(self.folder, name)
        return self._held[name]

    def __setitem__(self, name: str, frame: pd.DataFrame) -> None:
        self._held[name] = frame

    def __delitem__(self, name: str) -> None:
        raise TypeError("A council has all tables of the schema: set an empty one instead.")

    def __iter__(self) -> Iterator[str]:
        return iter(TABLES)

    def __len__(self) -> int:
        return len(TABLES)

    def coded(self, name: str) -> pd.DataFrame:
        """Give the columns of codes, read alone where the table was not asked for yet."""
        columns = [column.name for column in TABLES[name].columns if column.codes]
        file = None if name in self._held else _find(self.folder, name)
        if file is None or file.suffix != ".parquet":
            return self[name][columns]
        return _load(file, name, columns)


def open_tables(folder: Path, *, required: tuple[str, ...] = ()) -> Tables:
    """Open the tables of a council folder.

    Raises
    ------
    InputError
        If a required table is missing or empty, a file cannot be read, or a table holds a code that the
        schema does not know.
    """
    tables = Tables(folder)
    for name in required:
        if tables[name].empty:
            found = "is missing" if _find(folder, name) is None else "is empty"
            raise InputError(
                f"{folder}: the table {name} {found}. Every question needs it: import the council's extracts again."
            )
    _refuse_unknown_codes(tables)
    return tables


def read_table(folder: Path, name: str) -> pd.DataFrame:
    """Read one table of a council folder; an absent one is an empty frame.

    Rows come in the order of their key, and of all else where rows may share it, so that no answer depends on how
    a file was written. The long tables are left as they are: the council orders what it makes of them.

    Raises
    ------
    InputError
        If the file cannot be read.
    """
    file = _find(folder, name)
    if file is None:
        return TABLES[name].empty()
    frame = _read(file, name)
    if name in _ORDERED_BY_COUNCIL:
        return frame
    table = TABLES[name]
    order = dict.fromkeys([*table.key, *(table.names if table.repeats else ())])
    return frame.sort_values([*order], ignore_index=True)


def _find(folder: Path, name: str) -> Path | None:
    files = [folder / f"{name}{end}" for end in (".parquet", ".csv")]
    found = [file for file in files if file.is_file()]
    if len(found) > 1:
        raise InputError(f"{folder} holds {name} both as Parquet and as CSV. Keep one of the two.")
    return found[0] if found else None


def _read(file: Path, name: str) -> pd.DataFrame:
    return conform(_load(file, name), table=name)


def _load(file: Path, name: str, columns: list[str] | None = None) -> pd.DataFrame:
    """Read a file, or of a Parquet file those of some columns that it has."""
    try:
        if file.suffix == ".parquet":
            there = pq.read_schema(file).names
            frame = pd.read_parquet(file, columns=columns and [c for c in columns if c in there])
        else:
            frame = _read_csv(file, name)
            there = list(map(str, frame.columns))
    except (OSError, pa.ArrowException, UnicodeDecodeError, pd.errors.ParserError):
        raise InputError(f"{file} cannot be read. Write the table again or restore it from a copy.") from None
    except pd.errors.EmptyDataError:
        return TABLES[name].empty()
    absent = [column for column in TABLES[name].required if column not in there]
    if absent:
        raise InputError(f"{file}: column {absent[0]} is missing. Columns found: {', '.join(there)}.")
    return frame


def _read_csv(file: Path, name: str) -> pd.DataFrame:
    raw = pd.read_csv(file, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8-sig")
    return typed(raw, table=name, source=file.name)


def typed(raw: pd.DataFrame, *, table: str, source: str) -> pd.DataFrame:
    """Turn a table of text into the declared types.

    Raises
    ------
    InputError
        If a value is not of its column's type; the message names source, row and column, not the value.

    Examples
    --------
    >>> raw = pd.DataFrame({"child_id": ["a"], "from": ["2019-04-01"], "gbp_week": ["512.50"]})
    >>> typed(raw, table="costs", source="costs.csv")["gbp_week"].tolist()
    [512.5]
    """
    known = {column.name: column for column in TABLES[table].columns}
    columns = {
        name: _typed_column(raw[name], known[name], source=source) for name in raw.columns if name in known
    }
    return pd.DataFrame(columns, index=raw.index)


def _typed_column(values: pd.Series, column: Column, *, source: str) -> pd.Series:
    if column.dtype == "str":
        return values
    text = values.str.strip()
    present = text.notna() & text.ne("")
    text = text.where(present)
    if column.kind in ("date", "month"):
        result = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce").astype("datetime64[ns]")
    elif column.kind == "flag":
        result = text.str.lower().map(_YES).astype("boolean")
    else:
        result = pd.to_numeric(text, errors="coerce")
        if column.kind == "count":
            result = result.where(result % 1 == 0).astype("Int64")
    bad = present & result.isna()
    if bad.any():
        row = int(bad.to_numpy().argmax()) + 2
        raise InputError(
            f"{source}, line {row}, column {column.name}: the value is not {_ADVICE[column.kind]}."
        )
    return result


def _refuse_unknown_codes(tables: Tables) -> None:
    """Stop at a code that the schema does not know: every later count would be wrong."""
    for table in TABLES:
        for name, values in tables.coded(table).items():
            allowed = TABLES[table].column(str(name)).codes
            if set(pd.Series(values.unique()).dropna().astype("str")) <= set(allowed):
                continue
            strange = values.notna() & ~values.astype("str").isin(allowed)
            shown = ", ".join(sorted(allowed)[:12]) + (", ..." if len(allowed) > 12 else "")
            raise InputError(
                f"{tables.folder}, table {table}, column {name}: {int(strange.sum()):,} rows hold a code that is not "
                f"allowed (first: row {int(strange.to_numpy().argmax()) + 1:,}). Allowed: {shown}."
            )


def _write_parquet(frame: pd.DataFrame, file: Path, *, table: str, as_text: tuple[str, ...] = ()) -> None:
    """Write a table slice by slice: a large one is never in memory twice."""
    # A large table is written faster, at a tenth more bytes.
    level = 9 if len(frame) < 20_000 else 1
    writer = None
    for start in range(0, len(frame), _SLICE):
        part = frame.iloc[start : start + _SLICE]
        plain = {c: _decoded(part[c]) for c in as_text if c in part}
        rows = conform(part.assign(**plain), table=table).reset_index(drop=True)
        arrow = pa.Table.from_pandas(rows, preserve_index=False)
        if writer is None:
            writer = pq.ParquetWriter(file, arrow.schema, compression="zstd", compression_level=level)
        writer.write_table(arrow)
    if writer is not None:
        writer.close()


def write_council(
    folder: Path,
    tables: Mapping[str, pd.DataFrame],
    meta: Mapping[str, Any],
    *,
    as_text: tuple[str, ...] = (),
) -> None:
    """Write the tables and `council.toml` into an empty folder; columns `as_text` are written as text, not codes."""
    for name, frame in tables.items():
        if not frame.empty:
            _write_parquet(frame, folder / f"{name}.parquet", table=name, as_text=as_text)
    lines = [f"{key} = {_toml(value)}" for key, value in {"schema_version": SCHEMA_VERSION, **meta}.items()]
    (folder / "council.toml").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def _decoded(values: pd.Series) -> pd.Series:
    """Write categories out as text; Arrow needs a quarter of the memory that pandas does."""
    if not isinstance(values.dtype, pd.CategoricalDtype):
        return values
    text = pa.array(values).dictionary_decode().to_pandas()
    return text.astype("str").set_axis(values.index)


def _toml(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_toml(v) for v in value) + "]"
    if isinstance(value, (int, float)):
        return repr(value)
    return json.dumps("" if value is None else str(value), ensure_ascii=False)
