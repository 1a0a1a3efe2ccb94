"""Tables a council holds beside its return, read through a mapping, every row accounted for."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from vcanalysis.core.schema import TABLES, Column, conform
from vcanalysis.intake.cleaning.beside import left_out, mapped_values, named_rows, table_of
from vcanalysis.intake.cleaning.entry import count_left_out, plain_dates, take_note
from vcanalysis.intake.cleaning.identifiers import Identifiers, clean_ids, no_id
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.price_years import price_years
from vcanalysis.intake.cleaning.prices import price_rows
from vcanalysis.intake.cleaning.ratings import known_domains, long_ratings, rating_rows
from vcanalysis.intake.cleaning.rules import RULES
from vcanalysis.intake.cleaning.sense import sensible
from vcanalysis.intake.cleaning.torn import pence_of_torn
from vcanalysis.intake.cleaning.values import (
    blank_unknown,
    read_dates,
    refuse_damaged_ids,
    refuse_other_case,
    set_aside_strangers,
)
from vcanalysis.intake.mapping import TableMapping
from vcanalysis.intake.readers.text import TextTable

DEFAULT_FRAMEWORK = "vcw-default-12"
OWN_CHILDREN = ("edge",)  # tables whose children need not be in care
_YES = {word: "true" for word in ("true", "1", "yes", "y")} | {
    word: "false" for word in ("false", "0", "no", "n")
}
_MONEY = ("gbp_week", "support_gbp_week", "care_share", "education_share", "health_share")


def read_extra(
    file: str | Path,
    *,
    table: str,
    births: pd.Series,
    ids: Identifiers,
    mapping: TableMapping,
    ledger: Ledger,
    end: pd.Timestamp,
) -> pd.DataFrame:
    """Read a table beside the return, with the children as the return identifies them.

    Parameters
    ----------
    file : str or Path
        CSV, workbook or Parquet.
    table : str
        needs, costs, outcomes, goals, stepdown, carers or edge.
    births : Series of datetime64
        Dates of birth by the numbers of the children in the header; rows of other children are set aside.
    ids : Identifiers
        Numbers the identifiers.
    mapping : TableMapping
        The council's names of columns and values; an empty one if they are ours.
    ledger : Ledger
        Takes note of every row changed, flagged or set aside.
    end : Timestamp
        Day after the last day covered; open prices run to it.

    Returns
    -------
    DataFrame
        Columns of the schema in their types, with CHILD in place of child_id, `_file` and `_row`.

    Raises
    ------
    InputError
        If the file cannot be read or a needed column is missing.
    """
    found = table_of(Path(file), table, mapping)
    for rule in found.marks:
        ledger.mark(rule, table, found.source)
    if found.untitled:
        ledger.mark("no-title", table, found.source)
        ledger.notes.append(f"{found.source}: {RULES['no-title'].text} ({found.untitled:,}).")
    rows, unwanted = chosen_rows(found, table, mapping, ledger=ledger)
    if table == "costs" and len(unwanted):
        count_left_out(unwanted, mapping, births=births, ids=ids, ledger=ledger, end=end)
    if "child_id" not in TABLES[table].names:
        rows = plain_dates(rows, table, mapping, born=None, ledger=ledger)
    else:
        children = births.index.to_series()
        theirs = clean_ids(rows["child_id"])
        refuse_damaged_ids({"header": pd.Series(ids.known), found.source: theirs})
        refuse_other_case(theirs, ids.text(children), source=found.source)
        rows = rows.assign(CHILD=ids.numbers(theirs)).drop(columns="child_id")
        rows = plain_dates(rows, table, mapping, born=rows["CHILD"].map(births), ledger=ledger)
        if table == "costs":
            pence = pence_of_torn(found, rows, mapping, births=births, ids=ids, end=end)
            ledger.quarantine_broken(table, found.source, found.broken, pence)
            rows = take_note(rows, mapping, ledger=ledger, end=end)
        without = no_id(rows["CHILD"])
        rows = ledger.quarantine(rows, without, table=table, rule="no-child", column="child_id")
        if table not in OWN_CHILDREN:
            rows = set_aside_strangers(rows, children, table=table, ledger=ledger, column="child_id")
        rows = drop_repeated(rows, table, ledger=ledger)
    rows = sensible(typed_rows(rows, table, mapping, ledger=ledger), table, ledger=ledger)
    if table == "costs":
        rows = price_years(rows, mapping, ledger=ledger, end=end)
        rows = price_rows(rows, mapping, ledger=ledger)
        return rows.drop(columns=["amount", "period"], errors="ignore")
    if table == "needs":
        return long_ratings(rating_rows(rows, mapping, ledger=ledger), ledger=ledger)
    if "domain" in rows:
        framework = mapping.options.get("framework", DEFAULT_FRAMEWORK)
        rows = known_domains(rows, framework, table=table, ledger=ledger)
    return one_per_key(rows, table, ledger=ledger)


def chosen_rows(
    found: TextTable, table: str, mapping: TableMapping, *, ledger: Ledger
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the rows of a file under our names and with our values, and those that the mapping leaves out."""
    rows = named_rows(found, table, mapping, ledger=ledger)
    if table != "costs":
        ledger.quarantine_broken(table, found.source, found.broken)
    out = left_out(found, mapping)
    unwanted = mapped_values(rows.loc[out], mapping, ledger=Ledger())
    return mapped_values(ledger.leave_out(rows, out, table=table), mapping, ledger=ledger), unwanted


def drop_repeated(rows: pd.DataFrame, table: str, *, ledger: Ledger) -> pd.DataFrame:
    """Drop rows that repeat another in every column; of prices and goals also in those that nothing is read from.

    A price repeated for a child with a credit may be the one the credit takes back, so it is not dropped here.
    """
    about = [c for c in rows.columns if c != "_row"]
    again = rows.duplicated(about)
    if table == "costs":
        credit = rows["_pence"].lt(0) & ~rows.duplicated(about, keep=False)
        again &= ~(rows["_pence"].gt(0) & rows["CHILD"].isin(rows.loc[credit, "CHILD"]))
        ledger.pence_repeated += float(rows.loc[again, "_pence"].sum())
    return ledger.drop(rows.drop(columns="_rest", errors="ignore"), again, table=table, rule="duplicate")


def typed_rows(rows: pd.DataFrame, table: str, mapping: TableMapping, *, ledger: Ledger) -> pd.DataFrame:
    """Turn text into the declared types; what cannot be read is set aside."""
    for column in TABLES[table].columns:
        if column.name == "child_id" or (table == "costs" and column.name in (*_MONEY, "price_year")):
            continue
        if column.name in ("level", "strength") or column.name not in rows:
            continue
        if column.required:
            empty = rows[column.name].str.strip().eq("")
            rows = ledger.quarantine(rows, empty, table=table, rule="needed-empty", column=column.name)
        rows = _typed_column(rows, column, table, mapping, ledger=ledger)
    if table != "costs":
        return rows
    if "to" not in rows:
        rows = rows.assign(to=pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]"))
    if mapping.options.get("last_day") == "included":
        rows = rows.assign(to=rows["to"] + pd.Timedelta(days=1))
    return rows


def _typed_column(
    rows: pd.DataFrame, column: Column, table: str, mapping: TableMapping, *, ledger: Ledger
) -> pd.DataFrame:
    name = column.name
    if column.kind in ("date", "month"):
        rows, days = read_dates(rows, name, table=table, ledger=ledger, required=column.required)
        days = days.dt.to_period("M").dt.to_timestamp() if column.kind == "month" else days
        return rows.assign(**{name: days})
    if column.kind == "flag":
        read = rows[name].str.strip().str.lower().map(_YES)
        allowed = frozenset(("true", "false"))
        rows = rows.assign(**{name: read.astype("str").where(read.notna(), rows[name])})
        rows = blank_unknown(rows, name, allowed, table=table, ledger=ledger, rule="code-unknown")
        ledger.allow(table, name, ("yes", "no"))
        return rows.assign(**{name: rows[name].map({"true": True, "false": False}).astype("boolean")})
    if column.kind in ("number", "count"):
        return _numbers(rows, column, table, ledger=ledger)
    allowed = frozenset(column.codes)
    if not allowed:
        return rows
    if column.required:
        strange = ~rows[name].isin(allowed)
        ledger.allow(table, name, allowed)
        return ledger.quarantine(rows, strange, table=table, rule="not-allowed", column=name)
    rows = blank_unknown(rows, name, allowed, table=table, ledger=ledger, rule="code-unknown")
    return rows.assign(**{name: rows[name].where(rows[name].ne(""))})


def _numbers(rows: pd.DataFrame, column: Column, table: str, *, ledger: Ledger) -> pd.DataFrame:
    name = column.name
    value = pd.to_numeric(rows[name], errors="coerce").astype("float64")
    value = value.where(value.abs() < float("inf"))
    bad = rows[name].str.strip().ne("") & value.isna()
    if column.kind == "count":
        bad |= value.notna() & (value % 1).ne(0)
    outside = pd.Series(False, index=rows.index)
    if column.low is not None:
        outside |= value < column.low
    if column.high is not None:
        outside |= value > column.high
    if column.low is not None and column.high is not None:
        ledger.allowed[table, name] = f"{column.low:g} to {column.high:g}"
    rows = rows.assign(**{name: value})
    rows = ledger.quarantine(rows, bad, table=table, rule="not-a-number", column=name)
    return ledger.quarantine(rows, outside.loc[rows.index], table=table, rule="not-allowed", column=name)


def one_per_key(rows: pd.DataFrame, table: str, *, ledger: Ledger) -> pd.DataFrame:
    """Set aside all rows that share a key and differ: which is right cannot be known, least of all by their order."""
    declared = TABLES[table]
    if not declared.repeats:
        key, read = (
            [n for n in (_ours(name, rows) for name in names) if n in rows]
            for names in (declared.key, declared.names)
        )
        rows = ledger.drop(rows, rows.duplicated(read), table=table, rule="duplicate")
        rows = ledger.quarantine(rows, rows.duplicated(key, keep=False), table=table, rule="unlike-rows")
    ledger.kept[table] = len(rows)
    frame = conform(rows.assign(child_id=rows["CHILD"]) if "CHILD" in rows else rows, table=table)
    about = [c for c in ("CHILD", "_file", "_row") if c in rows]
    given = frame.drop(columns="child_id", errors="ignore") if "CHILD" in rows else frame
    return pd.concat([given, rows[about]], axis=1)


def _ours(name: str, rows: pd.DataFrame) -> str:
    """Name a column as the rows have it: children of the return stand there by number."""
    return "CHILD" if name == "child_id" and "CHILD" in rows else name
