"""Draft a mapping from a file's headers and first rows, and say what is not sure; a person then edits it."""

from __future__ import annotations

import difflib
import re
from pathlib import Path

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.framework import load_framework
from vcanalysis.core.schema import TABLES
from vcanalysis.intake.cleaning.amounts import amounts, periods
from vcanalysis.intake.cleaning.dates import parse_dates
from vcanalysis.intake.mapping import MADE_FROM, MAPPABLE
from vcanalysis.intake.readers.layout import squeeze
from vcanalysis.intake.readers.sources import read_source
from vcanalysis.intake.readers.text import TextTable

_FIRST_ROWS = 200
_SURE = 0.85
_MAYBE = 0.6
# Words that finance and case systems use for our columns; the longest match wins.
_WORDS: dict[str, tuple[str, ...]] = {
    "child_id": (
        "child id",
        "client id",
        "person id",
        "identifier",
        "mosaic id",
        "lcs id",
        "service user id",
    ),
    "from": ("start date", "from date", "placement start date", "service start", "period start"),
    "to": ("end date", "to date", "placement end date", "service end", "period end"),
    "amount": (
        "amount",
        "total weekly cost",
        "weekly cost",
        "unit cost",
        "rate",
        "price",
        "fee",
        "gross cost",
    ),
    "period": ("frequency", "per", "unit", "period", "cost period", "basis"),
    "care_share": ("contribution from social care", "social care contribution", "care share"),
    "education_share": ("contribution from education", "education contribution", "education share"),
    "health_share": (
        "contribution from health",
        "health contribution",
        "icb contribution",
        "ccg contribution",
    ),
    "date": ("date", "assessment date", "completed date", "date completed", "review date"),
    "rater_id": ("assessor", "worker", "completed by", "social worker", "rater"),
    "level": ("level", "score", "rating", "need level"),
    "domain": ("domain", "area of need", "item"),
    "household_id": ("carer id", "household", "household id", "foster carer id"),
    "set_on": ("goal set", "date set"),
    "profiled": ("profile date", "profiled on"),
}
_KIND_OF = {
    "costs": ("amount", "gbp_week"),
    "needs": ("level", "domain"),
    "carers": ("household_id", "capability"),
}


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
    known = {squeeze(word) for words in _WORDS.values() for word in words}
    known |= {squeeze(name) for name in MAPPABLE for name in TABLES[name].names}
    found = max(read_source(file, known=known, called=table or "draft"), key=lambda t: _hits(t, known))
    columns = [str(c) for c in found.frame.columns if c != "_row"]
    chosen = table or _guess_table(columns)
    if chosen not in MAPPABLE:
        raise InputError(f"{table} is no table that can be mapped. Tables are: {', '.join(MAPPABLE)}.")
    lines = [
        f"# Draft for {Path(file).name}: read every line, correct it, and take out CHECK where it is right.",
        f"[{chosen}]",
    ]
    matched = _matches(columns, chosen)
    if chosen == "needs" and "level" not in matched:
        domains = _domains(columns, matched)
        matched = {k: v for k, v in matched.items() if v[0] not in domains.values()}
    else:
        domains = {}
    lines += [_line(name, theirs, score) for name, (theirs, score) in matched.items()]
    lines += _options(found.frame.head(_FIRST_ROWS), chosen, matched)
    lines += _domain_lines(domains)
    lines += _unsure(columns, chosen, matched, domains)
    return "\n".join(lines) + "\n"


def _hits(table: TextTable, known: set[str]) -> int:
    return sum(squeeze(str(name)) in known for name in table.frame.columns)


def _score(column: str, word: str) -> float:
    return difflib.SequenceMatcher(None, squeeze(column), squeeze(word)).ratio()


def _best(column: str, name: str) -> float:
    return max(_score(column, word) for word in (name.replace("_", " "), *_WORDS.get(name, ())))


def _guess_table(columns: list[str]) -> str:
    def fit(table: str) -> float:
        names = (*TABLES[table].required, *_KIND_OF.get(table, ()), *MADE_FROM.get(table, ()))
        return sum(max((_best(c, n) for c in columns), default=0.0) >= _SURE for n in set(names)) / len(
            set(names)
        )

    domains = len(_domains(columns, {}))
    return (
        "needs"
        if domains >= 3
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


def _domains(columns: list[str], matched: dict[str, tuple[str, float]]) -> dict[str, str]:
    sure = {theirs for theirs, score in matched.values() if score >= _SURE}
    framework = load_framework("vcw-default-12")
    found: dict[str, str] = {}
    for domain in framework.domains:
        words = (domain.replace("_", " "), framework.domain_titles[domain], *domain.split("_")[:1])
        scored = [(max(_score(c, w) for w in words), c) for c in columns if c not in sure]
        best = max(scored, default=(0.0, ""))
        if best[0] >= _MAYBE and best[1] not in found.values():
            found[domain] = best[1]
    return found


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _line(name: str, theirs: str, score: float) -> str:
    return f"{name} = {_quoted(theirs)}" + ("" if score >= _SURE else "  # CHECK: a guess from the name")


def _options(rows: pd.DataFrame, table: str, matched: dict[str, tuple[str, float]]) -> list[str]:
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
        lines.append('framework = "vcw-default-12"  # CHECK: the needs framework these ratings are in')
    return lines


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
        week = re.search("week", matched["amount"][0], re.IGNORECASE)
        said = "the name says so" if week else "nothing says what period the amount is for"
        lines.append(f'every = "week"  # CHECK: {said}')
    if "amount" in matched:
        text = rows[matched["amount"][0]]
        bad = int((amounts(text)["pounds"].isna() & text.ne("")).sum())
        if bad:
            lines.append(f"# CHECK: {bad} of the first {len(rows)} amounts cannot be read")
    if {"care_share", "education_share", "health_share"} & set(matched):
        lines.append('shares_as = "pounds"  # CHECK: shares, percent or pounds')
    return lines


def _domain_lines(domains: dict[str, str]) -> list[str]:
    if not domains:
        return []
    pairs = [f"{domain} = {_quoted(theirs)}  # CHECK" for domain, theirs in domains.items()]
    words = ["# [needs.values.level]  # if levels are words", '# Low = "1"', '# Medium = "2"', '# High = "3"']
    return ["", "[needs.domains]", *pairs, "", *words]


def _unsure(
    columns: list[str], table: str, matched: dict[str, tuple[str, float]], domains: dict[str, str]
) -> list[str]:
    made = {"gbp_week", "price_year", "framework"} | ({"domain", "level"} if domains else set())
    lacking = [n for n in TABLES[table].required if n not in matched and n not in made]
    if table == "costs" and "amount" not in matched:
        lacking.append("amount")
    used = {theirs for theirs, _ in matched.values()} | set(domains.values())
    over = [c for c in columns if c not in used]
    lines = [f"# CHECK: no column was found for {name}, which is needed" for name in lacking]
    return lines + ([f"# Not used: {', '.join(over)}"] if over else [])
