"""Draft a mapping from a file's headers and first rows, and say what is not sure; a person then edits it."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.framework import frameworks, load_framework
from vcanalysis.core.paths import data_file
from vcanalysis.core.schema import TABLES
from vcanalysis.intake.cleaning.amounts import amounts, periods
from vcanalysis.intake.cleaning.dates import parse_dates
from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.mapping import MADE_FROM, MAPPABLE, presets, read_mapping
from vcanalysis.intake.readers.layout import squeeze, table_by_columns
from vcanalysis.intake.readers.sources import read_source
from vcanalysis.intake.readers.text import TextTable
from vcanalysis.intake.words import KIND_OF, WORDS

_FIRST_ROWS = 200
_SURE = 0.85
_MAYBE = 0.6
_LIKELY = 0.7  # a column of a domain
_WIDE = 3  # columns of domains that make a table wide
_PRESET, _FORM = 0.6, 8  # share of the columns of a published form, which has many
_DEFAULT = "vcw-default-12"
# What a name of a column is written in, and a value that is none: an amount, a date, a number of a child.
_NAME = re.compile(r"[A-Za-z0-9 _.,:;/()%£&'?*#-]*[A-Za-z][A-Za-z0-9 _.,:;/()%£&'?*#-]*")
_MANY_DIGITS = re.compile(r"\d{3}|\d\D+\d")
_VALUE = re.compile(
    r"[£(-]*[\d.,]+\)?|\d{1,4}[-/. ]\d{1,2}[-/. ]\d{1,4}.*|[A-Za-z]{0,4}[-/ ]?\d{3,}[A-Za-z]?"
)


def draft_mapping(file: str | Path, *, table: str | None = None) -> str:
    """Draft a mapping for a file.

    Parameters
    ----------
    file : str or Path
        CSV, workbook or SQLite.
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
        If the file cannot be read or has no column that is known.
    """
    known = {squeeze(word) for words in WORDS.values() for word in words}
    known |= {squeeze(name) for name in MAPPABLE for name in TABLES[name].names}
    sheets = read_source(file, known=known, called=table or "draft")
    _refuse_return(sheets)
    found = max(sheets, key=lambda t: _hits(t, known))
    columns = _header(found, known)
    preset = _fitting_preset(columns)
    if preset and table in (None, *read_mapping(preset)):
        return _of_preset(preset)
    chosen = table or _guess_table(columns)
    if chosen not in MAPPABLE:
        raise InputError(f"{table} is no table that can be mapped. Tables are: {', '.join(MAPPABLE)}.")
    names = [c for c in columns if _is_name(c, known)]
    matched = _matches(names, chosen)
    framework, domains = _domains(names, matched) if chosen == "needs" else ("", {})
    if not _side_by_side(found.frame, matched):
        matched.pop("line", None)
    if "level" in matched and len(domains) < _WIDE:
        domains = {}
    if domains:
        matched = {
            name: found for name, found in matched.items() if name not in ("level", "domain", "strength")
        }
    matched = {name: found for name, found in matched.items() if found[0] not in domains.values()}
    lines = [
        f"# Draft for a file of {chosen}: read every line, correct it, and take out CHECK where it is right.",
        f"[{chosen}]",
    ]
    lines += [_line(name, theirs, score) for name, (theirs, score) in matched.items()]
    rows = found.frame.head(_FIRST_ROWS)
    lines += _options(rows, chosen, matched, framework if domains else "")
    lines += _unsure(columns, names, chosen, matched, domains)
    lines += _domain_lines(domains) + _code_lines(rows, chosen, matched)
    return "\n".join(lines) + "\n"


def _refuse_return(sheets: list[TextTable]) -> None:
    tables = (table_by_columns([str(c) for c in sheet.frame.columns]) for sheet in sheets)
    if {"header", "episodes"} & set(tables):
        raise InputError(
            f"{sheets[0].source} is an SSDA903 return, which needs no mapping. Give it with --ssda903."
        )


def _header(found: TextTable, known: set[str]) -> list[str]:
    """Give the names of the columns; refuse a first row that is data, without showing it."""
    columns = [str(c) for c in found.frame.columns if c != "_row"]
    hits = sum(squeeze(c) in known for c in columns)
    named = hits or any(_score(c, word) >= _SURE for c in columns for word in known)
    values = any(_VALUE.fullmatch(c.strip()) and squeeze(c) not in known for c in columns)
    if values or not named:
        raise refuse(
            "column-missing",
            f"{found.source}: the first row seems to be no header. Write the names of the columns above the rows.",
        )
    return columns


def _is_name(cell: str, known: set[str]) -> bool:
    """Say whether a cell of the first row can be shown: letters as in a name of a column, or a known name."""
    return squeeze(cell) in known or (bool(_NAME.fullmatch(cell)) and not _MANY_DIGITS.search(cell))


def _fitting_preset(columns: list[str]) -> str:
    """Name the mapping of the workbench most of whose columns the file has."""
    have = {squeeze(column) for column in columns}

    def share(name: str) -> float:
        sections = read_mapping(name).values()
        asked = [names for s in sections for names in (*s.columns.values(), *s.domains.values())]
        return sum(bool(have & {squeeze(n) for n in names}) for names in asked) / max(len(asked), _FORM)

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


def _score(column: str, word: str) -> float:
    return difflib.SequenceMatcher(None, squeeze(column), squeeze(word)).ratio()


def _best(column: str, name: str) -> float:
    return max(_score(column, word) for word in (name.replace("_", " "), *WORDS.get(name, ())))


def _guess_table(columns: list[str]) -> str:
    def fit(table: str) -> float:
        names = (*TABLES[table].required, *KIND_OF.get(table, ()), *MADE_FROM.get(table, ()))
        return sum(max((_best(c, n) for c in columns), default=0.0) >= _SURE for n in set(names)) / len(
            set(names)
        )

    domains = len(_domains(columns, {})[1])
    return (
        "needs"
        if domains >= _WIDE
        else max(("costs", "needs", "outcomes", "goals", "stepdown", "carers"), key=fit)
    )


def _matches(columns: list[str], table: str) -> dict[str, tuple[str, float]]:
    names = [
        n for n in (*TABLES[table].names, *MADE_FROM.get(table, ())) if n not in ("gbp_week", "framework")
    ]
    pairs = sorted(
        ((_best(c, n), n, c) for n in names for c in columns if _best(c, n) >= _MAYBE), reverse=True
    )
    matched: dict[str, tuple[str, float]] = {}
    for score, name, column in pairs:
        if name not in matched and column not in {theirs for theirs, _ in matched.values()}:
            matched[name] = (column, score)
    return dict(sorted(matched.items(), key=lambda item: names.index(item[0])))


def _domains(columns: list[str], matched: dict[str, tuple[str, float]]) -> tuple[str, dict[str, str]]:
    """Find the framework most of whose domains have a column, and those columns."""
    sure = {theirs for theirs, score in matched.values() if score >= _SURE}
    free = [column for column in columns if column not in sure]
    found = {name: _domains_of(name, free) for name in (_DEFAULT, *frameworks())}
    best = max(found, key=lambda name: len(found[name]))
    return best, found[best]


def _domains_of(name: str, columns: list[str]) -> dict[str, str]:
    framework = load_framework(name)
    words = {
        d: (d, framework.domain_titles[d], d.split("_")[0], "_".join(d.split("_")[:2]))
        for d in framework.domains
    }
    scored = sorted(
        ((max(_score(c, w) for w in words[d]), d, c) for d in words for c in columns), reverse=True
    )
    found: dict[str, str] = {}
    for score, domain, column in scored:
        if score >= _LIKELY and domain not in found and column not in found.values():
            found[domain] = column
    return {domain: found[domain] for domain in framework.domains if domain in found}


def _code_lines(rows: pd.DataFrame, table: str, matched: dict[str, tuple[str, float]]) -> list[str]:
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
    return f"{name} = {_quoted(theirs)}" + ("" if score >= _SURE else "  # CHECK: a guess from the name")


def _options(
    rows: pd.DataFrame, table: str, matched: dict[str, tuple[str, float]], framework: str
) -> list[str]:
    lines = []
    days = [name for name in ("from", "date", "set_on", "profiled") if name in matched]
    if days:
        text = rows[matched[days[0]][0]]
        text = text[text.ne("")]
        if len(text) and parse_dates(text).isna().mean() > 0.05:
            lines.append('dates = "mm/dd/yyyy"  # CHECK: the first rows are no dd/mm/yyyy and no yyyy-mm-dd')
    if table == "costs":
        lines += _cost_options(rows, matched)
    if table == "needs":
        lines.append(
            f'framework = "{framework or _DEFAULT}"  # CHECK: the needs framework these ratings are in'
        )
    return lines


def _side_by_side(rows: pd.DataFrame, matched: dict[str, tuple[str, float]]) -> bool:
    """Say whether two closed prices of one child overlap."""
    if not {"child_id", "from", "to"} <= set(matched):
        return False
    child = rows[matched["child_id"][0]]
    first, last = (parse_dates(rows[matched[name][0]]) for name in ("from", "to"))
    spans = pd.DataFrame({"child": child, "first": first, "last": last}).dropna()
    spans = spans.sort_values(["child", "first"], kind="stable")
    reached = spans.groupby("child")["last"].cummax().groupby(spans["child"]).shift()
    return bool((spans["first"] < reached).any())


def _cost_options(rows: pd.DataFrame, matched: dict[str, tuple[str, float]]) -> list[str]:
    lines = ['last_day = "included"  # CHECK: is the end the last day charged, or the day after it?']
    if "period" in matched:
        words = rows[matched["period"][0]]
        unread = sorted(set(words[periods(words).isna() & words.ne("")]))
        if unread:
            lines.append(
                f"# CHECK: {len(unread)} words for the period are not known; add [costs.values.period]"
            )
    elif "amount" in matched:
        parts = pd.Series(re.findall("[a-z]+", matched["amount"][0].lower()), dtype="str")
        every = next(iter(periods(parts).dropna()), "")
        said = "the name says so" if every else "nothing says what period the amount is for"
        lines.append(f'every = "{every or "week"}"  # CHECK: {said}')
    if _side_by_side(rows, matched):
        lines.append(
            "# CHECK: prices of one child overlap. `line` names the column of the service: lines add up"
        )
    if "amount" in matched:
        text = rows[matched["amount"][0]]
        bad = int((amounts(text)["pounds"].isna() & text.ne("")).sum())
        if bad:
            lines.append(f"# CHECK: {bad} of the first {len(rows)} amounts cannot be read")
    shares = [matched[n][0] for n in ("care_share", "education_share", "health_share") if n in matched]
    if shares:
        unit = "percent" if any(re.search("%|per ?cent", name.lower()) for name in shares) else "pounds"
        lines.append(f'shares_as = "{unit}"  # CHECK: shares, percent or pounds')
    return lines


def _domain_lines(domains: dict[str, str]) -> list[str]:
    if not domains:
        return []
    pairs = [f"{domain} = {_quoted(theirs)}  # CHECK" for domain, theirs in domains.items()]
    words = ["# [needs.values.level]  # if levels are words", '# Low = "1"', '# Medium = "2"', '# High = "3"']
    return ["", "[needs.domains]", *pairs, "", *words]


def _unsure(
    columns: list[str],
    names: list[str],
    table: str,
    matched: dict[str, tuple[str, float]],
    domains: dict[str, str],
) -> list[str]:
    made = {"gbp_week", "price_year", "framework"} | ({"domain", "level"} if domains else set())
    lacking = [n for n in TABLES[table].required if n not in matched and n not in made]
    if table == "costs" and "amount" not in matched:
        lacking.append("amount")
    used = {theirs for theirs, _ in matched.values()} | set(domains.values())
    over = [c if c in names else f"column {i}" for i, c in enumerate(columns, 1) if c not in used]
    lines = [f"# CHECK: no column was found for {name}, which is needed" for name in lacking]
    return lines + ([f"# Not used: {', '.join(over)}"] if over else [])
