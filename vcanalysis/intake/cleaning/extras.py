"""Needs, costs and outcomes a council holds beside its return: already in the columns of the schema."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.period import financial_year
from vcanalysis.core.schema import TABLES, check_table, conform
from vcanalysis.intake.cleaning.dates import parse_dates
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.values import among, clean_ids
from vcanalysis.intake.readers.layout import squeeze
from vcanalysis.intake.readers.sources import read_source
from vcanalysis.intake.tables import typed

DEFAULT_FRAMEWORK = "vcw-default-12"
_MONEY = ("gbp_week", "support_gbp_week")


def read_mapping(file: str | Path | None) -> dict[str, dict[str, str]]:
    """Read a mapping of column names: a section per table, `our_column = "their column"`.

    Raises
    ------
    InputError
        If the file is missing, no TOML, or names a table or column the schema does not have.
    """
    if file is None:
        return {}
    try:
        sections = tomllib.loads(Path(file).read_text(encoding="utf-8"))
    except OSError:
        raise InputError(f"There is no mapping {file}. Give a TOML file.") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read as TOML: {error}.") from None
    for table, columns in sections.items():
        if table not in TABLES or not isinstance(columns, dict):
            raise InputError(f"{file}: [{table}] is no table. Tables are: {', '.join(TABLES)}.")
        strange = [name for name in columns if name not in TABLES[table].names]
        if strange:
            allowed = ", ".join(TABLES[table].names)
            raise InputError(f"{file}, [{table}]: there is no column {strange[0]}. Columns are: {allowed}.")
    return sections


def read_extra(
    file: str | Path, *, table: str, children: pd.Series, mapping: dict[str, str], ledger: Ledger
) -> pd.DataFrame:
    """Read a table in the columns of the schema, with the children as the return identifies them.

    Parameters
    ----------
    file : str or Path
        CSV, workbook of one sheet or Parquet.
    table : str
        needs, costs or outcomes.
    children : Series of str
        Identifiers in the header; rows of other children are set aside.
    mapping : dict of str to str
        Our column to theirs.
    ledger : Ledger
        Takes note of the rows set aside.

    Returns
    -------
    DataFrame
        Columns of the schema, with CHILD in place of child_id.

    Raises
    ------
    InputError
        If the file cannot be read, a needed column is missing or a value is not allowed.
    """
    rows = _as_text(Path(file), table)
    theirs = {squeeze(theirs): ours for ours, theirs in mapping.items()}
    official = {squeeze(name): name for name in TABLES[table].names} | {"CHILD": "child_id"}
    rows = rows.rename(columns={c: {**official, **theirs}.get(squeeze(c), c) for c in rows.columns})
    if "child_id" not in rows:
        shown = ", ".join(c for c in rows.columns if not c.startswith("_"))
        raise InputError(f"{file}: column child_id of {table} is missing. Columns found: {shown}.")
    rows = rows.assign(CHILD=clean_ids(rows["child_id"]))
    ledger.take_in(table, rows)
    rows = ledger.quarantine(
        rows, ~among(rows["CHILD"], children), table=table, rule="orphan", column="child_id"
    )
    return _checked(_fill_defaults(rows, table), table, Path(file).name)


def _as_text(file: Path, table: str) -> pd.DataFrame:
    known = {squeeze(name) for name in TABLES[table].names}
    if file.suffix.lower() == ".parquet":
        try:
            raw = pd.read_parquet(file)
        except (OSError, ValueError):
            raise InputError(
                f"{file} cannot be read as Parquet. Write it again, or give it as CSV."
            ) from None
        text = {c: _text(raw[c]) for c in raw.columns}
        return pd.DataFrame(text).assign(_file=file.name, _row=range(2, len(raw) + 2))
    found = read_source(file, known=known)
    if len(found) > 1:
        raise InputError(f"{file} holds {len(found)} tables. Give one file with one sheet for {table}.")
    if found[0].broken:
        raise InputError(
            f"{found[0].source}, line {found[0].broken[0]:,}: too many or too few fields. Correct the row."
        )
    if found[0].frame.empty:
        raise InputError(f"{found[0].source} is empty. Give {table} with at least one row, or leave it out.")
    return found[0].frame.assign(_file=found[0].source)


def _text(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%Y-%m-%d").fillna("").astype("str")
    return values.astype("str").where(values.notna(), "")


def _fill_defaults(rows: pd.DataFrame, table: str) -> pd.DataFrame:
    rows = rows.copy()
    for column in TABLES[table].columns:
        if column.name in rows and column.kind == "date":
            days = parse_dates(rows[column.name])
            readable = days.dt.strftime("%Y-%m-%d").astype("str")
            rows[column.name] = readable.where(days.notna(), rows[column.name])
    for name in _MONEY:
        if name in rows:
            rows[name] = rows[name].str.replace(r"[£,\s]", "", regex=True)
    if table == "needs" and "framework" not in rows:
        rows["framework"] = DEFAULT_FRAMEWORK
    if table == "costs" and "price_year" not in rows and "from" in rows:
        days = parse_dates(rows["from"])
        rows["price_year"] = [financial_year(day) if pd.notna(day) else "" for day in days]
    return rows


def _checked(rows: pd.DataFrame, table: str, source: str) -> pd.DataFrame:
    absent = [name for name in TABLES[table].required if name not in rows]
    if absent:
        shown = ", ".join(c for c in rows.columns if not c.startswith("_") and c != "CHILD")
        raise InputError(f"{source}: column {absent[0]} of {table} is missing. Columns found: {shown}.")
    text = rows.reset_index(drop=True)
    empty = text[TABLES[table].required].eq("").any()
    if empty.any():
        lacking = str(empty.index[empty.to_numpy().argmax()])
        row = int(text.loc[text[lacking].eq(""), "_row"].iloc[0])
        raise InputError(f"{source}, line {row:,}, column {lacking} is empty; every row needs it.")
    frame = typed(text, table=table, source=source)
    frame = conform(frame.mask(frame.eq("").fillna(False)), table=table)
    problems = check_table(frame, table=table)
    if problems:
        raise InputError(f"{source}: {problems[0].message}")
    return frame.drop(columns="child_id").assign(CHILD=text["CHILD"], _file=text["_file"], _row=text["_row"])


def settle_prices(rows: pd.DataFrame, *, ledger: Ledger) -> pd.DataFrame:
    """Make sure that no day of a child has two prices.

    An open price that another follows ends the day that begins; a price for days that already have one
    is set aside.

    Examples
    --------
    >>> rows = pd.DataFrame({"CHILD": "a", "from": pd.to_datetime(["2019-04-01", "2019-06-01"]), "to": pd.NaT,
    ...     "gbp_week": 500.0, "_file": "x.csv", "_row": [2, 3]})
    >>> settle_prices(rows, ledger=Ledger())["to"].dt.strftime("%d %b %Y").tolist()
    ['01 Jun 2019', nan]
    """
    rows = rows.sort_values(["CHILD", "from", "_row"], kind="stable", ignore_index=True)
    following = rows["from"].shift(-1).where(rows["CHILD"].eq(rows["CHILD"].shift(-1)))
    cut = rows["to"].isna() & following.notna() & (following > rows["from"])
    ledger.change(rows, cut, table="costs", rule="price-cut", column="to")
    rows = rows.assign(to=rows["to"].mask(cut, following))
    far = pd.Timestamp("2262-01-01")
    reached = rows["to"].fillna(far).groupby(rows["CHILD"]).cummax().shift()
    inside = rows["CHILD"].eq(rows["CHILD"].shift()) & (rows["from"] < reached)
    return ledger.quarantine(rows, inside, table="costs", rule="price-overlap", column="from")
