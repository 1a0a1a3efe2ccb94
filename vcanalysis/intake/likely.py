"""What the columns of a file are likely to be: which table, which of our columns, which domains of need."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from vcanalysis.core.framework import frameworks, load_framework
from vcanalysis.core.schema import TABLES
from vcanalysis.intake.cleaning.amounts import amounts, periods
from vcanalysis.intake.cleaning.dates import MONTHS, in_full, is_filler, is_open_end, parse_dates
from vcanalysis.intake.cleaning.entry import in_our_order
from vcanalysis.intake.heading import SURE, likeness, words_of
from vcanalysis.intake.mapping import MADE_FROM
from vcanalysis.intake.readers.layout import squeeze
from vcanalysis.intake.words import (
    KIND_OF,
    LEVELS,
    OF_AMOUNTS,
    OF_PRICES,
    OF_UNITS,
    OTHER_DAYS,
    SAID_BY,
    WORDS,
)

MANY_DOMAINS = 3  # columns of domains that make a table wide
DEFAULT = "vcw-default-12"
_MAYBE = 0.6
_LIKELY = 0.7  # a column of a domain
_TWO = 2  # columns of levels in words that make a table wide
_HALF = 0.5
_BIRTH = frozenset(("birth", "born", "dob"))
_MONTH = re.compile(rf"(?:{MONTHS})[ '/-]?(?:\d\d|\d{{4}})?", re.ASCII | re.IGNORECASE)
_BY_WORD = 0.75  # a column told by one word of its name
_BEST = 1.01  # a day of the price goes before one of the placement
_PAYERS = ("care_share", "education_share", "health_share")
_OF_A_PERSON = frozenset(("name", "forename", "surname"))
_NOT_A_CHILD = frozenset(
    ("provider", "carer", "supplier", "home", "placement", "worker", "team", "invoice", "service")
)
_NEVER = {
    "child_id": _OF_A_PERSON | _NOT_A_CHILD,
    **dict.fromkeys(_PAYERS, frozenset(("no", "number", "id"))),
}
_AMOUNTS = ("amount", "gbp_week", "support_gbp_week", *_PAYERS)
_DATES = frozenset(c.name for table in TABLES.values() for c in table.columns if c.kind == "date")
_NUMBERS = frozenset(
    c.name for table in TABLES.values() for c in table.columns if c.kind in ("number", "count")
) - {*_AMOUNTS, "level", "strength"}  # which may be words
_NUMBER = r"\d+(?:\.0+)?"  # a day of a spreadsheet, or an identifier
Matched = dict[str, tuple[str, float]]


def likely_table(rows: pd.DataFrame, columns: Sequence[str], levels: Sequence[str]) -> str:
    """Guess the table from its columns, what they hold, and those that hold levels in words; empty if none fits."""
    if len(levels) >= _TWO or len(likely_domains(columns, {})[1]) >= MANY_DOMAINS:
        return "needs"

    def fit(table: str) -> tuple[float, float]:
        asked = [(name,) for name in _must_have(table)] + [KIND_OF[table]]
        scores = [max((_fit(c, n, rows) for n in names for c in columns), default=0.0) for names in asked]
        if scores[-1] < _MAYBE:
            return (0.0, 0.0)
        return sum(s >= SURE for s in scores) / len(scores), sum(scores) / len(scores)

    best = max(KIND_OF, key=fit)
    return best if max(fit(best)) else ""


def _must_have(table: str) -> list[str]:
    """Name the columns that a file of the table must have, by any name."""
    made = ("gbp_week", "price_year", "framework", "level", *KIND_OF[table])
    return [name for name in TABLES[table].required if name not in made]


def columns_of_levels(rows: pd.DataFrame, columns: Sequence[str]) -> list[str]:
    """Name the columns that hold nothing but levels in words.

    Examples
    --------
    >>> rows = pd.DataFrame({"ID": ["1", "2"], "School": ["Low", "high"], "Team": ["North", "High"]})
    >>> columns_of_levels(rows, ["ID", "School", "Team"])
    ['School']
    """
    said = {c: set(rows[c].str.strip().str.casefold()) - {""} for c in columns}
    return [c for c, words in said.items() if words and words <= LEVELS]


def likely_columns(rows: pd.DataFrame, columns: Sequence[str], table: str) -> Matched:
    """Give the likeliest of their columns for each of ours, and how alike the two are.

    A name that is only like one of ours must stand above what ours holds: dates, amounts.

    Examples
    --------
    >>> rows = pd.DataFrame({"ID": ["7"], "Placement Type": ["K2"], "Date placed": ["01/06/2018"], "Weekly £": ["700"]})
    >>> {ours: theirs for ours, (theirs, _) in likely_columns(rows, list(rows), "costs").items()}
    {'child_id': 'ID', 'from': 'Date placed', 'amount': 'Weekly £', 'line': 'Placement Type'}
    """
    ours = [squeeze(column) for column in columns]
    weekly = squeeze("gbp_week") in ours  # the price by our own name; a name only like it is an amount
    unasked = "amount" if weekly and squeeze("amount") not in ours else "gbp_week"
    names = [n for n in (*TABLES[table].names, *MADE_FROM.get(table, ())) if n != unasked]
    scored = ((_fit(c, n, rows), n, c) for n in names for c in columns)
    pairs = sorted((found for found in scored if found[0] >= _MAYBE), reverse=True)
    matched: Matched = {}
    for score, name, column in pairs:
        if name not in matched and column not in {theirs for theirs, _ in matched.values()}:
            matched[name] = (column, score)
    matched |= _end_beside(rows, columns, matched) if table == "costs" else {}
    return dict(sorted(matched.items(), key=lambda item: names.index(item[0])))


def _end_beside(rows: pd.DataFrame, columns: Sequence[str], matched: Matched) -> Matched:
    """Give the end called as the start is, such as `Actual End` beside `Actual Start`, where no other was found."""
    if "from" not in matched or "to" in matched:
        return {}
    about = words_of(matched["from"][0]) - SAID_BY["from"]
    ends = other_days(rows, columns, matched, "to")
    alike = [c for c in ends if words_of(c) - SAID_BY["to"] == about]
    return {"to": (alike[0], _MAYBE)} if len(alike) == 1 else {}


def other_amounts(rows: pd.DataFrame, columns: Sequence[str], matched: Matched) -> list[str]:
    """Name the columns that may be the price too, such as gross beside net."""
    return [
        c
        for c in _free(columns, matched)
        if (words_of(c) & OF_AMOUNTS or _fit(c, "amount", rows) >= SURE) and _may_hold(rows[c], "amount")
    ]


def other_days(rows: pd.DataFrame, columns: Sequence[str], matched: Matched, name: str) -> list[str]:
    """Name the columns that may be the first or the last day too, such as those of the placement beside a line's."""
    return [c for c in _free(columns, matched) if words_of(c) & SAID_BY[name] and _may_hold(rows[c], name)]


def columns_of_days(rows: pd.DataFrame, columns: Sequence[str], matched: Matched) -> list[str]:
    """Name the columns not used that hold days, but for a date of birth."""
    return [c for c in _free(columns, matched) if not words_of(c) & _BIRTH and _holds_days(rows[c])]


def columns_of_units(rows: pd.DataFrame, columns: Sequence[str], matched: Matched) -> list[str]:
    """Name the columns that may say how many units a rate is for."""
    return [c for c in _free(columns, matched) if words_of(c) <= OF_UNITS and _may_hold(rows[c], "amount")]


def _free(columns: Sequence[str], matched: Matched) -> list[str]:
    used = {theirs for theirs, _ in matched.values()}
    return [c for c in columns if c not in used]


def columns_of_months(columns: Sequence[str]) -> int:
    """Count the columns that are named after a month, such as Apr-18.

    Examples
    --------
    >>> columns_of_months(["ID", "Apr-18", "May 2018", "June", "Mayor"])
    3
    """
    return sum(bool(_MONTH.fullmatch(c.strip())) for c in columns)


def _fit(column: str, name: str, rows: pd.DataFrame) -> float:
    """Say how well a column fits one of ours, from 0 to 1: by its name, its words and what it holds."""
    score = max(likeness(column, word) for word in (name.replace("_", " "), *WORDS.get(name, ())))
    said = words_of(column)
    # a name that is known in full, such as `Service User ID`, is what it says
    if (name in _DATES and said & _BIRTH) or (name in _NEVER and said & _NEVER[name] and score < 1):
        return 0.0
    if name in SAID_BY and not said & SAID_BY[name]:
        score = min(score, 0.0 if name in _PAYERS else SURE - 0.01)
    elif name in SAID_BY and score < _BY_WORD and not said & OTHER_DAYS:
        score = _BY_WORD
    if name in ("from", "to") and score >= _MAYBE and said & SAID_BY[name] and said & OF_PRICES:
        score = _BEST
    return _borne_out(score, rows[column], name)


def _borne_out(score: float, cells: pd.Series, name: str) -> float:
    """Give the score that the cells of a column leave to its name: never a sure one where they are something else."""
    given = cells[cells.ne("")]
    if given.empty:
        return score
    if name == "period" and _may_hold(given, "amount"):
        return 0.0  # numbers: of units, or of a provider
    if score >= _MAYBE and name not in (*_DATES, "entered") and _holds_days(given):
        return 0.0
    if _may_hold(given, name):
        return score
    return min(score, SURE - 0.01) if score >= SURE else 0.0


def _holds_days(cells: pd.Series) -> bool:
    """Say whether half of the cells are days that no number can be taken for."""
    given = cells[cells.ne("") & ~cells.str.fullmatch(_NUMBER)]
    days = _held(given, "to")
    return days is not None and bool(days.sum() > _HALF * cells.ne("").sum())


def _may_hold(cells: pd.Series, name: str) -> bool:
    """Say whether half of the cells are what a column of ours holds, where that is of one kind."""
    given = cells[cells.ne("")]
    held = _held(given, name) if len(given) else None
    return held is None or bool(held.mean() >= _HALF)


def _held(given: pd.Series, name: str) -> pd.Series | None:
    """Say which cells are what a column of ours holds; None where it may hold anything."""
    if name == "period":
        return periods(given).notna()
    if name in _AMOUNTS:
        return amounts(given.str.rstrip("% ") if name in _PAYERS else given)["pounds"].notna()
    if name in _NUMBERS:
        return pd.to_numeric(given, errors="coerce").notna()
    if name not in _DATES:
        return None
    text = in_full(given)
    read = parse_dates(text).notna() | parse_dates(in_our_order(text)).notna()
    return read | is_filler(text) | is_open_end(text)


def likely_domains(columns: Sequence[str], matched: Matched) -> tuple[str, dict[str, list[str]]]:
    """Find the framework most of whose domains have a column, and the columns of each."""
    sure = {theirs for theirs, score in matched.values() if score >= SURE}
    free = [column for column in columns if column not in sure]
    found = {name: _domains_of(name, free) for name in (DEFAULT, *frameworks())}
    best = max(found, key=lambda name: len(found[name]))
    return best, found[best]


def _domains_of(name: str, columns: list[str]) -> dict[str, list[str]]:
    framework = load_framework(name)
    words = {
        d: (d, framework.domain_titles[d], d.split("_")[0], "_".join(d.split("_")[:2]))
        for d in framework.domains
    }
    kin: dict[str, list[str]] = {}
    for column in columns:
        kin.setdefault(_family(column), []).append(column)
    scored = sorted(((max(likeness(f, w) for w in words[d]), d, f) for d in words for f in kin), reverse=True)
    found: dict[str, str] = {}
    for score, domain, family in scored:
        if score >= _LIKELY and domain not in found and family not in found.values():
            found[domain] = family
    return {domain: kin[found[domain]] for domain in framework.domains if domain in found}


def _family(column: str) -> str:
    """Give what columns of one domain have in common, such as `Health` of `Health 1` and `Health: teeth`.

    Examples
    --------
    >>> _family("Health_2"), _family("Health: teeth"), _family("Self-care")
    ('Health', 'Health', 'Self-care')
    """
    stem = re.sub(r"[\s_.-]*\d{1,2}$", "", re.split(r":| - ", column)[0]).strip()
    return stem if squeeze(stem) else column
