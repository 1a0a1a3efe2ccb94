"""SSDA903 returns: which tables are there, and which year each return is for."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd
import pyarrow as pa
from pandas.api.types import union_categoricals

from vcanalysis.intake.cleaning.coded import coded
from vcanalysis.intake.cleaning.dates import is_filler, is_open_end, parse_dates
from vcanalysis.intake.cleaning.rules import RULES, refuse
from vcanalysis.intake.readers.layout import (
    LAYOUTS,
    nearest_table,
    squeeze,
    standard_columns,
    table_by_columns,
    table_by_name,
)
from vcanalysis.intake.readers.names import said_columns
from vcanalysis.intake.readers.sources import read_source
from vcanalysis.intake.readers.text import TextTable, repeated
from vcanalysis.intake.readers.years import refuse_two_years, years_of

# Columns of tables in use that nothing is made of: they are let go at once.
_LEFT = {
    "header": ("MOTHER", "MC_DOB"),
    "oc2": ("DOB", "SDQ_REASON", "HEALTH_ASSESSMENT", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED"),
    "missing": ("DOB",),
    "uasc": ("DOB", "SEX"),
}
_YEAR = r"(19|20)\d\d([/-](20)?\d\d|\.0)?"
_OWN = ("_file", "_row", "_year")
KNOWN = {squeeze(c) for layout in LAYOUTS.values() for c in layout.columns}


@dataclass
class ReturnSet:
    """All returns read, stacked: one frame per table.

    Parameters
    ----------
    tables : dict of DataFrame
        Text columns of the layout, as categories but for CHILD, with `_file`, `_row` and `_year` (the
        return's 31 March).
    years : dict of int to str
        Year of 31 March and where the return was found.
    notes : list of str
        What was inferred or put right in reading, for the report.
    broken : list of (str, str, int)
        Table, file and row of rows with too many or too few fields.
    marks : list of (str, str, str)
        Rule, table and file of what holds for a file as a whole.
    odd : list of (str, str, str, DataFrame)
        Rule, table, column and rows of values that are no date or no code, in tables checked and not kept.
    """

    tables: dict[str, pd.DataFrame]
    years: dict[int, str]
    notes: list[str] = field(default_factory=list)
    broken: list[tuple[str, str, int]] = field(default_factory=list)
    marks: list[tuple[str, str, str]] = field(default_factory=list)
    odd: list[tuple[str, str, str, pd.DataFrame]] = field(default_factory=list)

    def mark(self, rule: str, table: str, file: str, more: str = "") -> None:
        """Note a rule that holds for a file as a whole."""
        self.marks.append((rule, table, file))
        self.notes.append(f"{file}: {RULES[rule].text}{more}.")


def read_returns(path: str | Path) -> ReturnSet:
    """Read SSDA903 returns.

    Parameters
    ----------
    path : str or Path
        Folder with a folder per year, flat folder, zip of either, workbook with a sheet per table, or
        one CSV with the columns LA and YEAR.

    Returns
    -------
    ReturnSet
        Each return's year is inferred from its dates, not from the name of its folder: some makers name
        it by the 1 April it begins, others by the 31 March it ends.

    Raises
    ------
    InputError
        If header or episodes are missing or empty, a table is not what its name says, or two returns
        are for the same year.
    """
    read = ReturnSet(tables={}, years={})
    stacks: dict[str, dict[str, list[pd.DataFrame]]] = {}
    for table in read_source(path, known=KNOWN):
        kind = _recognise(table, read)
        rows = f" ({len(table.frame):,} rows)" if len(table.frame) else ""
        for rule in table.marks:
            read.mark(rule, kind or "", table.source, rows if rule == "unknown-table" else "")
        if table.untitled:
            read.mark("no-title", kind or "", table.source, f" ({table.untitled:,})")
        if kind is None:
            if "same-file" not in table.marks and "unknown-table" not in table.marks:
                read.mark("unknown-table", "", table.source, rows)
            continue
        _refuse_stacked(table)
        read.broken += [(kind, table.source, row) for row in table.broken]
        for group, frame in _by_year_column(_standard(table, kind, read), table.group):
            stacks.setdefault(group, {}).setdefault(kind, []).append(frame)
    _refuse_incomplete(stacks)
    _refuse_copies(stacks)
    episodes = {group: tables["episodes"] for group, tables in stacks.items()}
    refuse_two_years(episodes)
    years = years_of(episodes, read)
    _stack(stacks, years, read)
    return read


def _stack(stacks: dict[str, dict[str, list[pd.DataFrame]]], years: dict[str, int], read: ReturnSet) -> None:
    """Stack each table over the returns, letting go of the parts."""
    ordered = sorted(stacks, key=lambda g: years[g])
    for kind in dict.fromkeys(kind for group in ordered for kind in stacks[group]):
        parts = [
            frame.assign(_year=years[group]) for group in ordered for frame in stacks[group].pop(kind, [])
        ]
        files = union_categoricals([part.pop("_file").array for part in parts], sort_categories=True)
        rows = pd.concat(parts, ignore_index=True).fillna("").assign(_file=files)
        for name in rows.columns.difference(["CHILD", *_OWN]):
            rows[name] = coded(rows[name])
        read.tables[kind] = rows
    pa.default_memory_pool().release_unused()


def _recognise(table: TextTable, read: ReturnSet) -> str | None:
    if table.kind or {"same-file", "unknown-table"} & {*table.marks}:
        return table.kind or None
    columns = [c for c in table.frame.columns if c != "_row"]
    by_name, by_columns = table_by_name(table.name), table_by_columns(columns)
    if by_name and by_columns and by_name != by_columns:
        raise refuse(
            "wrong-table",
            f"{table.source} is named as {by_name} but its columns are those of {by_columns}. Give the right "
            "file.",
        )
    kind = by_columns or by_name or nearest_table(table.name)
    if kind and by_name is None:
        read.mark("sheet-name", kind, table.source)
    return kind


def _refuse_stacked(table: TextTable) -> None:
    """Refuse two exports one below the other when nothing says which return a row is of."""
    if "header-again" in table.marks and "YEAR" not in {squeeze(str(c)) for c in table.frame.columns}:
        raise refuse(
            "stacked",
            f"{table.source}: the header stands again among the rows, so several exports lie one below the other. "
            "Give each return a file, folder or workbook of its own, or add a column YEAR (of its 31 March).",
        )


def _standard(table: TextTable, kind: str, read: ReturnSet) -> pd.DataFrame:
    columns = [c for c in table.frame.columns if c != "_row"]
    mapping = standard_columns(columns, table=kind, source=table.source)
    if any(theirs != ours for theirs, ours in mapping.items()):
        read.mark("header-form", kind, table.source)
    extra = [c for c in columns if c not in mapping]
    if extra:
        read.mark("extra-column", kind, table.source, f" ({len(extra):,}: {said_columns(extra, KNOWN)})")
    if table.frame.empty and kind not in ("header", "episodes"):
        read.mark("no-rows", kind, table.source)
    if not LAYOUTS[kind].used:  # checked and counted: rows alone are kept
        read.odd += _odd_values(table, kind, {ours: theirs for theirs, ours in mapping.items()})
        mapping = {theirs: ours for theirs, ours in mapping.items() if ours in ("LA", "YEAR")}
        frame = table.frame[[*mapping, "_row"]].rename(columns=mapping)
        return frame.assign(_file=repeated(table.source, len(frame)))
    mapping = {theirs: ours for theirs, ours in mapping.items() if ours not in _LEFT.get(kind, ())}
    frame = table.frame[[*mapping, "_row"]].rename(columns=mapping)
    absent = {c: "" for c in LAYOUTS[kind].columns if c not in frame and c not in _LEFT.get(kind, ())}
    return frame.assign(**absent, _file=repeated(table.source, len(frame)))


@cache
def _plain_day(text: str) -> bool:
    """Say whether a text is a day as the return writes it: nearly all are, and this is quick to see."""
    try:
        return 1950 <= dt.datetime.strptime(text, "%d/%m/%Y").year <= 2100
    except ValueError:
        return False


def _odd_values(
    table: TextTable, kind: str, theirs: dict[str, str]
) -> list[tuple[str, str, str, pd.DataFrame]]:
    """Find values that are no date and no code, by the distinct ones."""
    layout, found = LAYOUTS[kind], []
    for column in (c for c in (*layout.dates, *layout.codes) if c in theirs):
        values = table.frame[theirs[column]]
        dated = column in layout.dates
        texts = [text for text in values.unique() if text and not (dated and _plain_day(text))]
        if not texts:
            continue
        distinct = pd.Series(texts, dtype="str")
        if dated:
            rule, fine = (
                "not-a-date",
                (parse_dates(distinct).notna() | is_filler(distinct) | is_open_end(distinct)),
            )
        else:
            rule, fine = "unknown-value", distinct.str.strip().str.upper().isin(layout.codes[column])
        odd = distinct[~fine]
        if len(odd):
            rows = table.frame.loc[values.isin(odd), ["_row"]].assign(_file=table.source)
            found.append((rule, kind, column, rows))
    return found


def _by_year_column(frame: pd.DataFrame, group: str) -> list[tuple[str, pd.DataFrame]]:
    """Split a table that stacks the years of several returns, as regional platforms write it."""
    if "YEAR" not in frame.columns:
        return [(group, frame.drop(columns="LA", errors="ignore"))]
    councils = frame["LA"].str.strip().str.casefold().nunique() if "LA" in frame else 1
    if councils > 1:
        raise refuse(
            "two-councils",
            f"{frame['_file'].iloc[0]} holds {councils} councils in column LA. Give one at a time.",
        )
    strange = ~frame["YEAR"].str.fullmatch(_YEAR).fillna(False).astype(bool)
    if strange.any():  # what stands there might be a name: it is not shown
        first = frame.loc[strange].iloc[0]
        raise refuse(
            "stacked",
            f"{first['_file']}, line {first['_row']:,}, column YEAR: no year such as 2020 or 2019/20. In all "
            f"{int(strange.sum()):,} rows are like it. Write the year of each row's return.",
        )
    parts = frame.drop(columns="LA", errors="ignore").groupby("YEAR", sort=True)
    return [(f"YEAR {year}", part.drop(columns="YEAR")) for year, part in parts]


def _refuse_incomplete(stacks: dict[str, dict[str, list[pd.DataFrame]]]) -> None:
    if not stacks:
        raise refuse(
            "no-table",
            "The returns hold no table of an SSDA903 return. Give header.csv, episodes.csv and so on.",
        )
    for group, tables in sorted(stacks.items()):
        place = group or "the returns"
        for kind in ("header", "episodes"):
            if kind not in tables:
                raise refuse(
                    "no-table",
                    f"{place}: the table {kind} is missing. A return needs header and episodes.",
                )
            if not sum(map(len, tables[kind])):
                source = tables[kind][0]["_file"].to_list() or [f"{place}, {kind}"]
                raise refuse(
                    "no-table",
                    f"{source[0]} is empty. A return needs children in {kind}; export it again.",
                )


def _refuse_copies(stacks: dict[str, dict[str, list[pd.DataFrame]]]) -> None:
    """Refuse the same episodes under two names: one of the two is the wrong file."""
    seen: dict[int, str] = {}
    sizes = Counter(sum(map(len, tables["episodes"])) for tables in stacks.values())
    for group, tables in stacks.items():
        if sizes[sum(map(len, tables["episodes"]))] == 1:
            continue
        rows = pd.concat(tables["episodes"]).drop(columns=["_file", "_row"])
        mark = int(pd.util.hash_pandas_object(rows, index=False).sum()) ^ len(rows)
        if mark in seen:
            raise refuse(
                "year-twice",
                f"{seen[mark]} and {group} hold the same episodes. Give each return once.",
            )
        seen[mark] = group
