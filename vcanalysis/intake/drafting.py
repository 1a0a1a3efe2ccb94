"""Draft a mapping from a file's headers and first rows, and say what is not sure; a person then edits it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.paths import data_file
from vcanalysis.core.schema import TABLES
from vcanalysis.intake.cleaning.dates import ACCEPTED, in_full, is_filler, is_open_end, parse_dates
from vcanalysis.intake.cleaning.entry import in_our_order
from vcanalysis.intake.heading import SURE, header, is_name, shown_as
from vcanalysis.intake.likely import (
    DEFAULT,
    MANY_DOMAINS,
    Matched,
    columns_of_levels,
    columns_of_months,
    columns_of_units,
    likely_columns,
    likely_domains,
    likely_table,
    other_amounts,
    other_days,
)
from vcanalysis.intake.mapping import MAPPABLE, presets, read_mapping
from vcanalysis.intake.price_options import endless, price_options, side_by_side
from vcanalysis.intake.readers.layout import squeeze, table_by_columns
from vcanalysis.intake.readers.parquet import read_parquet
from vcanalysis.intake.readers.sources import read_source
from vcanalysis.intake.readers.text import TextTable
from vcanalysis.intake.words import WORDS

_FIRST_ROWS = 200
_STRAY = 0.05  # share of dates that may be slips
_MONTHLY = (
    " Columns named after months cannot be mapped: write a row for each child and month, with its first day, its last "
    "day and its amount."
)
_PRESET, _FORM = 0.6, 8  # share of the columns of a published form, which has many


def draft_mapping(file: str | Path, *, table: str | None = None) -> str:
    """Draft a mapping for a file.

    Parameters
    ----------
    file : str or Path
        CSV, workbook, SQLite or Parquet.
    table : str, optional
        The table it is for; guessed from the columns when left out.

    Returns
    -------
    str
        TOML to be edited. Lines marked `CHECK` were guessed; columns that fit nothing are listed, never
        values of theirs.

    Raises
    ------
    InputError
        If the file cannot be read, or nothing says of which table it is.
    """
    known = {squeeze(word) for words in WORDS.values() for word in words}
    known |= {squeeze(name) for name in MAPPABLE for name in TABLES[name].names}
    packed = Path(file).suffix.lower() == ".parquet" and Path(file).is_file()
    one = (
        [read_parquet(Path(file), called="file")] if packed else read_source(file, known=known, called="file")
    )
    sheets = list(one)
    _refuse_return(sheets)
    found = max(sheets, key=lambda t: _hits(t, known))
    columns = header(found, known)
    preset = _fitting_preset(columns)
    if preset and table in (None, *read_mapping(preset)):
        return _of_preset(preset)
    rows = found.frame.head(_FIRST_ROWS)
    levels = columns_of_levels(rows, columns)
    names = [c for c in columns if is_name(c, known)]
    chosen = table or _likely_of(found, columns, names, levels)
    if chosen not in MAPPABLE:
        raise InputError(f"{table} is no table that can be mapped. Tables are: {', '.join(MAPPABLE)}.")
    lines = _lines(rows, columns, names, chosen, levels if chosen == "needs" else [])
    if len(sheets) > 1:
        lines.insert(lines.index(f"[{chosen}]") + 1, _sheet(found, len(sheets), known))
    if found.untitled:
        lines.append(
            f"# CHECK: {found.untitled} of its columns hold values below no title: name them to use them"
        )
    return "\n".join(lines) + "\n"


def _likely_of(found: TextTable, columns: list[str], names: list[str], levels: list[str]) -> str:
    """Guess the table, one of whose columns at least must be told by a name that can be shown."""
    rows = found.frame.head(_FIRST_ROWS)
    table = likely_table(rows, columns, levels)
    if table and any(_likely(rows, names, table, levels)[1:]):
        return table
    months = _MONTHLY if columns_of_months(columns) > 1 else ""
    raise InputError(
        f"{found.source}: nothing in its columns says which table it is of. Say it with --table: "
        f"{', '.join(MAPPABLE)}.{months}"
    )


def _sheet(found: TextTable, count: int, known: set[str]) -> str:
    """Name the sheet that was read, where its name can be shown."""
    shown = _quoted(found.name) if is_name(found.name, known) else '"..."'
    return (
        f"sheet = {shown}  # CHECK: one of {count} tables of the file, the likeliest; only this one is read"
    )


def _lines(
    rows: pd.DataFrame, columns: list[str], names: list[str], table: str, levels: list[str]
) -> list[str]:
    """Write the draft of a table line by line."""
    framework, matched, domains = _likely(rows, names, table, levels)
    lines = [
        f"# Draft for a file of {table}: read every line, correct it, and take out CHECK where it is right.",
        "# What every line can say: docs/mapping.md",
        f"[{table}]",
    ]
    lines += [_line(name, theirs, score) for name, (theirs, score) in matched.items()]
    lines += _options(rows, columns, names, table, matched, framework)
    lines += _unsure(columns, names, table, matched, domains)
    wide = domains or len(levels) > 1
    free = [c for c in levels if c in names and not any(c in theirs for theirs in domains.values())]
    lines += _domain_lines(domains, free if wide else [])
    return lines + _code_lines(rows, table, matched)


def _likely(
    rows: pd.DataFrame, names: list[str], table: str, levels: list[str]
) -> tuple[str, Matched, dict[str, list[str]]]:
    """Give framework, columns and domains as far as names and first rows tell."""
    matched = likely_columns(rows, names, table)
    framework, domains = likely_domains(names, matched) if table == "needs" else ("", {})
    if "line" in matched and not (
        side_by_side(rows, matched) or squeeze(matched["line"][0]) == squeeze("line")
    ):
        matched.pop("line")  # a column of our own name is read whether a mapping names it or not
    if "level" in matched and len(domains) < MANY_DOMAINS and len(levels) < 2:
        domains = {}
    wide = {c for theirs in domains.values() for c in theirs} | (set(levels) if len(levels) > 1 else set())
    if wide:
        matched = {n: f for n, f in matched.items() if n not in ("level", "domain", "strength")}
    matched = {name: found for name, found in matched.items() if found[0] not in wide}
    return (framework if domains else ""), matched, domains


def _refuse_return(sheets: list[TextTable]) -> None:
    tables = (table_by_columns([str(c) for c in sheet.frame.columns]) for sheet in sheets)
    if {"header", "episodes"} & set(tables):
        raise InputError(
            f"{sheets[0].source} is an SSDA903 return, which needs no mapping. Give it with --ssda903."
        )


def _fitting_preset(columns: list[str]) -> str:
    """Name the mapping of the workbench most of whose columns the file has, or all of a form of few."""
    have = {squeeze(column) for column in columns}

    def share(name: str) -> float:
        sections = read_mapping(name).values()
        asked = [names for s in sections for names in (*s.columns.values(), *s.domains.values())]
        there = sum(bool(have & {squeeze(n) for n in names}) for names in asked)
        few = there == len(asked) and any(s.domains for s in sections)
        return there / (len(asked) if few else max(len(asked), _FORM))

    best = max(presets(), key=share)
    return best if share(best) >= _PRESET else ""


def _of_preset(name: str) -> str:
    text = data_file(f"mappings/{name}.toml").read_text(encoding="utf-8")
    said = (
        f"# CHECK: the columns are those of a published form. Give --mapping {name}, or edit this copy of it."
    )
    return f"{said}\n{text}"


def _hits(table: TextTable, known: set[str]) -> int:
    return sum(squeeze(str(name)) in known for name in table.frame.columns)


def _code_lines(rows: pd.DataFrame, table: str, matched: Matched) -> list[str]:
    """Ask for the words of columns that allow a few codes, without showing a value."""
    lines = []
    for column in TABLES[table].columns:
        if column.name not in matched or not column.allowed:
            continue
        words = rows[matched[column.name][0]].str.strip()
        strange = set(words[~words.isin(column.allowed) & words.ne("")])
        if strange:
            allowed = ", ".join(column.allowed)
            lines += ["", f"[{table}.values.{column.name}]"]
            lines.append(
                f"# CHECK: {len(strange)} words of theirs are none of ours: {allowed}. A line for each:"
            )
            lines.append(f'# "Their word" = "{column.allowed[0]}"')
    return lines


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _line(name: str, theirs: str, score: float) -> str:
    return f"{name} = {_quoted(theirs)}" + ("" if score >= SURE else "  # CHECK: a guess from the name")


def _options(
    rows: pd.DataFrame, columns: list[str], names: list[str], table: str, matched: Matched, framework: str
) -> list[str]:
    lines = []
    days = [name for name in ("from", "date", "set_on", "profiled") if name in matched]
    if days:
        lines += _order(rows[matched[days[0]][0]])
    if table == "costs":
        lines += [*price_options(rows, matched), *_choices(rows, columns, names, matched)]
    if table == "needs" and "framework" not in matched:
        lines.append(
            f'framework = "{framework or DEFAULT}"  # CHECK: the needs framework these ratings are in'
        )
    return lines


def _choices(rows: pd.DataFrame, columns: list[str], names: list[str], matched: Matched) -> list[str]:
    """Ask which of several days or amounts is meant, and whether a rate is for one of several units."""
    asked = [
        (name, other_days(rows, names, matched, name), f"take the {which} day that the amount is for")
        for name, which in (("from", "first"), ("to", "last"))
        if name in matched
    ]
    paid = "take what is paid, by all payers together"
    asked.append(("amount", other_amounts(rows, names, matched), paid))
    lines = endless(rows, columns, names, matched) + [
        f"# CHECK: {name} may also be {_quotes(found)}: {advice}" for name, found, advice in asked if found
    ]
    units = columns_of_units(rows, columns, matched)
    if units:
        lines.append(
            f"# CHECK: is the amount for one unit? It is not multiplied by {_quotes(units)}: "
            "take a column of what was paid in all"
        )
    return lines


def _quotes(names: list[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _order(text: pd.Series) -> list[str]:
    """Propose the month first only where that reads the dates; else say that they cannot be read."""
    text = in_full(text[text.ne("")])
    unread = parse_dates(text).isna() & ~is_filler(text) & ~is_open_end(text)
    if unread.sum() <= _STRAY * len(text):
        return []
    if parse_dates(in_our_order(text)).notna().mean() >= 1 - _STRAY:
        return ['dates = "mm/dd/yyyy"  # CHECK: read the other way round, the first rows are no dates']
    return [
        f"# CHECK: {int(unread.sum())} of the first {len(text)} dates cannot be read. Read are {ACCEPTED}"
    ]


def _domain_lines(domains: dict[str, list[str]], free: list[str]) -> list[str]:
    """Write the columns of each domain, and those that hold levels of a domain nobody has named."""
    if not domains and not free:
        return []
    pairs = [f"{domain} = {_listed(theirs)}  # CHECK" for domain, theirs in domains.items()]
    pairs += [f"# CHECK: levels of which domain? domain = {_quoted(column)}" for column in free]
    words = ["# [needs.values.level]  # if levels are words", '# Low = "1"', '# Medium = "2"', '# High = "3"']
    return ["", "[needs.domains]", *pairs, "", *words]


def _listed(columns: list[str]) -> str:
    quoted = [_quoted(column) for column in columns]
    return quoted[0] if len(quoted) == 1 else f"[{', '.join(quoted)}]"


def _unsure(
    columns: list[str],
    names: list[str],
    table: str,
    matched: Matched,
    domains: dict[str, list[str]],
) -> list[str]:
    made = {"gbp_week", "price_year", "framework"} | ({"domain", "level"} if domains else set())
    lacking = [n for n in TABLES[table].required if n not in matched and n not in made]
    if table == "costs" and not {"amount", "gbp_week"} & set(matched):
        lacking.append("amount")
    used = {theirs for theirs, _ in matched.values()} | {c for theirs in domains.values() for c in theirs}
    over = [called for c, called in shown_as(columns, names).items() if c not in used]
    lines = [f"# CHECK: no column was found for {name}, which is needed" for name in lacking]
    return lines + ([f"# Not used: {', '.join(over)}"] if over else [])
