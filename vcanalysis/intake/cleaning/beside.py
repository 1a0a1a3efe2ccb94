"""The file of a table beside the return: which of its sheets, which of its columns, which of its rows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd

from vcanalysis.core.schema import TABLES
from vcanalysis.intake.cleaning.identifiers import valid_nhs
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.naming import (
    LEVEL,
    STRENGTH,
    bare,
    columns_by_name,
    mapped_names,
    missing_columns,
)
from vcanalysis.intake.cleaning.rules import RULES, refuse
from vcanalysis.intake.mapping import MADE_FROM, TableMapping
from vcanalysis.intake.readers.layout import said_of_one, shown_columns, squeeze
from vcanalysis.intake.readers.names import safe_name, said_columns
from vcanalysis.intake.readers.parquet import read_parquet
from vcanalysis.intake.readers.sources import read_source
from vcanalysis.intake.readers.text import TextTable


def table_of(file: Path, table: str, mapping: TableMapping) -> TextTable:
    """Read the one table of a file, or the sheet that the mapping names.

    Raises
    ------
    InputError
        If the file cannot be read, or holds none or several.
    """
    known = {
        squeeze(n) for n in (*TABLES[table].names, *mapping.theirs(), "child", *MADE_FROM.get(table, ()))
    }
    if file.suffix.lower() == ".parquet":
        return read_parquet(file, called=table)
    every = list(read_source(file, known=known, called=table))
    found = [t for t in every if "unknown-table" not in t.marks]
    sheet = mapping.options.get("sheet")
    if sheet:
        found = [t for t in found if squeeze(t.name) == squeeze(sheet)]
    if len(found) != 1:
        many = f"{len(found)} tables{' of that name' if sheet else ''}"
        raise refuse(
            "several-sheets",
            f"{safe_name(file.name, table)} holds {many}. Name the sheet for {table} "
            'in the mapping: sheet = "..."',
        )
    if found[0].frame.empty and found[0].broken:
        raise refuse(
            "no-table",
            f"{found[0].source}: no row has as many cells as the header, from line {found[0].broken[0]:,} on. A comma "
            "or a line end inside a value needs quotes around the value: export again, or as a workbook.",
        )
    if found[0].frame.empty:
        raise refuse(
            "no-table", f"{found[0].source} is empty. Give {table} with at least one row, or leave it out."
        )
    unread = tuple("unknown-table" for t in every if "unknown-table" in t.marks)
    return replace(found[0], marks=found[0].marks + unread)


def named_rows(found: TextTable, table: str, mapping: TableMapping, *, ledger: Ledger) -> pd.DataFrame:
    """Give the columns our names and leave out the others.

    Parameters
    ----------
    found : TextTable
        The table as read.
    table : str
        Table of the schema.
    mapping : TableMapping
        The council's names.
    ledger : Ledger
        Takes in the rows; told what columns are left out.

    Returns
    -------
    DataFrame
        Text columns under our names, `_row`, `_file`, and of prices and goals `_rest`: equal where all other columns
        are.

    Raises
    ------
    InputError
        If a column that is needed, or named by the mapping, is missing.
    """
    columns = [c for c in found.frame.columns if c != "_row"]
    named = columns_by_name(columns, table=table, mapping=mapping, source=found.source)
    chosen_by = {squeeze(name) for name in mapping.only}
    extra = [c for c in columns if c not in named.values() and squeeze(c) not in chosen_by]
    if extra:
        ledger.mark("extra-column", table, found.source)
        said = said_columns(extra, {squeeze(name) for name in TABLES[table].names})
        ledger.notes.append(f"{found.source}: {RULES['extra-column'].text} ({len(extra):,}: {said}).")
    if "NHS" in squeeze(named.get("child_id", "")):
        raise refuse(
            "nhs-key",
            f"{found.source}: children are named by NHS number. Name the column of your own identifier.",
        )
    frame = found.frame.assign(_file=found.source)
    for column in (c for c in columns if "NHS" in squeeze(c)):
        wrong = frame[column].ne("") & ~valid_nhs(frame[column])
        ledger.flag(frame, wrong, table=table, rule="nhs-number", column="NHS")
    rows = frame[["_row", "_file"]].assign(**{name: frame[theirs] for name, theirs in named.items()})
    for name in (n for n in mapping.always if n in rows):
        ledger.mark("always-beside", table, found.source, column=name)
        ledger.notes.append(f"{found.source}: {RULES['always-beside'].text} ({name}).")
    rows = rows.assign(**{name: str(value) for name, value in mapping.always.items() if name not in rows})
    _refuse_absent(rows, table, found, mapping)
    _refuse_unfound(named, table, found, mapping, ledger=ledger)
    if table in ("costs", "goals"):
        others = frame[[c for c in columns if c not in named.values()]]
        rows = rows.assign(
            _rest=pd.util.hash_pandas_object(others, index=False) if len(others.columns) else 0
        )
    ledger.take_in(table, rows)
    return rows


def left_out(found: TextTable, mapping: TableMapping) -> pd.Series:
    """Say which rows the mapping does not want (`only`).

    Raises
    ------
    InputError
        If a column by which it chooses is missing, or no row is left.
    """
    frame, source = found.frame, found.source
    out = pd.Series(False, index=frame.index)
    for theirs, values in mapping.only.items():
        column = next((c for c in frame.columns if squeeze(str(c)) == squeeze(theirs)), None)
        if column is None:
            raise refuse(
                "column-missing",
                f"{source}: column {theirs} is missing, by which the mapping chooses rows under `only`.",
            )
        out |= ~frame[column].str.strip().str.casefold().isin([v.strip().casefold() for v in values])
    if len(out) and out.all():
        raise refuse(
            "no-table",
            f"{source}: no row is left of {len(out):,}, since none has the words that the mapping chooses by under "
            "`only`. Write them as the file does.",
        )
    return out


def mapped_values(rows: pd.DataFrame, mapping: TableMapping, *, ledger: Ledger) -> pd.DataFrame:
    """Put our values in place of theirs, as the mapping says; log levels that were words."""
    out = rows
    for name, values in mapping.translations.items():
        known = {str(theirs).strip().casefold(): str(ours) for theirs, ours in values.items()}
        wide = {"level": LEVEL, "strength": STRENGTH}.get(name, "?")
        columns = [c for c in rows if c == name or str(c).startswith(wide)]
        for column in columns:
            said = rows[column].str.strip().str.casefold()
            mapped = said.map(known)
            if name in ("level", "strength"):
                words = mapped.notna() & mapped.ne(rows[column])
                ledger.change(rows, words, table="needs", rule="level-words", column=bare(str(column)))
            out = out.assign(**{str(column): mapped.astype("str").where(mapped.notna(), rows[column])})
    return out


def _refuse_absent(rows: pd.DataFrame, table: str, found: TextTable, mapping: TableMapping) -> None:
    made = {"costs": {"price_year"}, "needs": {"framework"}}.get(table, set())
    if mapping.domains and table == "needs":
        made = made | {"domain", "level"}
    absent = [n for n in TABLES[table].required if n not in rows and n not in made]
    if table == "costs" and "amount" in rows:
        absent = [n for n in absent if n != "gbp_week"]
    if absent:
        about = _found(found, table, mapping)
        draft = f" Draft a mapping that names it: vcanalysis import --draft-mapping FILE --table {table}"
        several = len(found.frame.columns) > 2  # with _row
        raise refuse(
            "column-missing",
            f"{found.source}: column {absent[0]} of {table} is missing. {about}{draft if several else ''}",
        )


def _found(found: TextTable, table: str, mapping: TableMapping) -> str:
    known = {squeeze(n) for n in (*TABLES[table].names, *mapping.theirs(), "child")}
    columns = [c for c in found.frame.columns if c != "_row"]
    if len(columns) == 1:
        return said_of_one(columns)
    shown = shown_columns(columns, known)
    return (
        f"Columns found: {shown}."
        if shown
        else "No name in its first row is one we know; a heading of two rows must be made one."
    )


def _refuse_unfound(
    named: dict[str, str], table: str, found: TextTable, mapping: TableMapping, *, ledger: Ledger
) -> None:
    """Refuse a file without a column that the mapping names; say which optional ones it lacks."""
    needed, optional = missing_columns(named, mapping)
    for name in optional:
        ledger.mark("optional-missing", table, found.source, column=bare(name))
    if needed:
        theirs = " or ".join(mapped_names(needed[0], mapping))
        ours = bare(needed[0])
        about = _found(found, table, mapping)
        raise refuse(
            "mapped-missing",
            f"{found.source}: the mapping names {theirs} for {ours} of {table}, and no column is called that "
            f"({len(needed)} missing in all). {about} Correct the name in the mapping, take its line out, or list it "
            f'there as one that the file may lack: optional = ["{ours}"].',
        )
