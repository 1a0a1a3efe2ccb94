"""The schema is the dictionary: the declared tables drive checks, types and `data/README.md`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from vcanalysis.core.declaration import Column, Table
from vcanalysis.core.errors import InputError
from vcanalysis.core.measures import panel_dictionary
from vcanalysis.core.tables import SCHEMA_VERSION, TABLES, get_table

__all__ = [
    "SCHEMA_VERSION",
    "TABLES",
    "Column",
    "Problem",
    "Table",
    "check_table",
    "conform",
    "dictionary",
    "get_table",
]

if pd.__version__.startswith("2."):
    # From pandas 3 on text has the dtype `str`; before, a missing text would turn into the word "nan".
    pd.set_option("future.infer_string", True)


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule that a table breaks: how often, where first, what to do. Never a value that identifies."""

    table: str
    column: str
    rule: str
    rows: int
    first_row: int | None
    message: str


def _column_problems(
    frame: pd.DataFrame, table: Table, column: Column, allowed: Iterable[str]
) -> Iterable[Problem]:
    values = frame[column.name]
    missing = values.isna()

    def problem(rule: str, bad: pd.Series, advice: str) -> Iterable[Problem]:
        if bad.any():
            first = int(bad.to_numpy().argmax()) + 1
            message = f"{table.name}, column {column.name}: {int(bad.sum()):,} rows {advice} (first: row {first:,})."
            yield Problem(table.name, column.name, rule, int(bad.sum()), first, message)

    if column.required:
        yield from problem("required", missing, "are empty where a value is needed")
    codes = set(allowed)
    if codes:
        strange = ~missing & ~values.astype("str").isin(codes)
        shown = ", ".join(sorted(codes)[:12]) + (", ..." if len(codes) > 12 else "")
        yield from problem("allowed", strange, f"hold a code that is not allowed; allowed: {shown}")
    if column.kind in ("number", "count"):
        numbers = pd.to_numeric(values, errors="coerce")
        yield from problem("number", ~missing & numbers.isna(), "are not numbers")
        if column.low is not None:
            yield from problem("low", (numbers < column.low).fillna(False), f"lie below {column.low:g}")
        if column.high is not None:
            yield from problem("high", (numbers > column.high).fillna(False), f"lie above {column.high:g}")
    if column.kind in ("date", "month") and not pd.api.types.is_datetime64_any_dtype(values):
        yield from problem(
            "date",
            ~missing & pd.to_datetime(values, errors="coerce", format="ISO8601").isna(),
            "are not dates; write them as yyyy-mm-dd",
        )


def check_table(frame: pd.DataFrame, *, table: str) -> list[Problem]:
    """Hold a frame against its declaration.

    Parameters
    ----------
    frame : DataFrame
        A table of the council folder.
    table : str
        Its name, one of `TABLES`.

    Returns
    -------
    list of Problem
        Empty when the table is as declared.

    Raises
    ------
    InputError
        If the table is unknown or lacks a required column.

    Examples
    --------
    >>> check_table(TABLES["goals"].empty(), table="goals")
    []
    """
    declared = get_table(table)
    absent = [name for name in declared.required if name not in frame.columns]
    if absent:
        raise InputError(
            f"{table}: column {absent[0]} is missing. Columns found: {', '.join(map(str, frame.columns))}."
        )
    problems: list[Problem] = []
    for column in declared.columns:
        if column.name in frame.columns:
            problems += _column_problems(frame, declared, column, column.codes)
    key = [k for k in declared.key if k in frame.columns]
    single = len(key) == len(declared.key) and not declared.repeats
    doubled = frame.duplicated(key) if single else pd.Series(False, index=frame.index)
    if doubled.any():
        first = int(doubled.to_numpy().argmax()) + 1
        message = (
            f"{table}: {int(doubled.sum()):,} rows repeat the key {', '.join(key)} (first: row {first:,})."
        )
        problems.append(Problem(table, ", ".join(key), "key", int(doubled.sum()), first, message))
    return problems


def conform(frame: pd.DataFrame, *, table: str) -> pd.DataFrame:
    """Give the frame the declared columns, in order and with the declared dtypes.

    Columns the schema does not know are left out; declared columns that are absent are added empty.

    Examples
    --------
    >>> raw = pd.DataFrame({"child_id": ["a"], "birth_month": ["2008-05-01"]})
    >>> list(conform(raw, table="children").columns)[:3]
    ['child_id', 'birth_month', 'sex']
    """
    declared = get_table(table)
    columns = {}
    for column in declared.columns:
        values = (
            frame[column.name]
            if column.name in frame.columns
            else pd.Series(index=frame.index, dtype=column.dtype)
        )
        if column.kind in ("date", "month"):
            columns[column.name] = pd.to_datetime(values, format="ISO8601").astype(column.dtype)
        elif isinstance(values.dtype, pd.CategoricalDtype) and column.dtype == "str":
            columns[column.name] = values
        else:
            columns[column.name] = values.astype(column.dtype)
    return pd.DataFrame(columns, index=frame.index)


def dictionary() -> str:
    """Write the data dictionary, `data/README.md`, from the declarations."""
    lines = [
        "# Data dictionary",
        "",
        "<!-- Generated by `make data` from vcanalysis/core/tables.py; edit there. -->",
        "",
        "A council is a folder: `council.toml` and the tables below as Parquet or CSV. Dates are ISO dates;",
        "an interval holds on its first day and no longer on its last; an empty end means it still runs.",
        "Everything in `data/demo` is synthetic. Real extracts belong in `data/private`, which git ignores.",
        "The demo is made with the first seed from 1 upwards with which every planted truth lies inside its interval;",
        "how often intervals hold in general, `docs/validity.md` measures.",
        "",
    ]
    for table in TABLES.values():
        key = ", ".join(table.key) + (", which several rows may share" if table.repeats else "")
        lines += [f"## {table.name}", "", f"One row is {table.row}. Key: {key}.", ""]
        if table.limits:
            lines += [table.limits, ""]
        lines += ["| column | kind | must be filled | allowed | meaning |", "|---|---|---|---|---|"]
        for c in table.columns:
            allowed = ", ".join([f"SSDA903 {c.code_set}"] * bool(c.code_set) + list(c.allowed))
            if c.low is not None or c.high is not None:
                allowed = f"{c.low:g} or more" if c.high is None else f"{c.low:g} to {c.high:,.0f}"
            lines.append(
                f"| `{c.name}` | {c.kind} | {'yes' if c.required else ''} | {allowed} | {c.description} |"
            )
        lines.append("")
    return "\n".join([*lines, panel_dictionary()]).rstrip() + "\n"
