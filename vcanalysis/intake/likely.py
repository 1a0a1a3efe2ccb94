"""What the columns of a file are likely to be: which table, which of our columns, which domains of need."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from vcanalysis.core.framework import frameworks, load_framework
from vcanalysis.core.schema import TABLES
from vcanalysis.intake.heading import SURE, likeness
from vcanalysis.intake.mapping import MADE_FROM
from vcanalysis.intake.readers.layout import squeeze
from vcanalysis.intake.words import KIND_OF, LEVELS, WORDS

MANY_DOMAINS = 3  # columns of domains that make a table wide
DEFAULT = "vcw-default-12"
_MAYBE = 0.6
_LIKELY = 0.7  # a column of a domain
_TWO = 2  # columns of levels in words that make a table wide
Matched = dict[str, tuple[str, float]]


def likely_table(columns: Sequence[str], levels: Sequence[str]) -> str:
    """Guess the table from its columns, and from those that hold levels in words."""

    def fit(table: str) -> float:
        names = (*TABLES[table].required, *KIND_OF.get(table, ()), *MADE_FROM.get(table, ()))
        found = sum(max((_best(c, n) for c in columns), default=0.0) >= SURE for n in set(names))
        return found / len(set(names))

    if len(levels) >= _TWO or len(likely_domains(columns, {})[1]) >= MANY_DOMAINS:
        return "needs"
    return max(("costs", "needs", "outcomes", "goals", "stepdown", "carers"), key=fit)


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


def likely_columns(columns: Sequence[str], table: str) -> Matched:
    """Give the likeliest of their columns for each of ours, and how alike the two are."""
    ours = [squeeze(column) for column in columns]
    weekly = squeeze("gbp_week") in ours  # the price by our own name; a name only like it is an amount
    unasked = {"framework", "amount" if weekly and squeeze("amount") not in ours else "gbp_week"}
    names = [n for n in (*TABLES[table].names, *MADE_FROM.get(table, ())) if n not in unasked]
    pairs = sorted(
        ((_best(c, n), n, c) for n in names for c in columns if _best(c, n) >= _MAYBE), reverse=True
    )
    matched: Matched = {}
    for score, name, column in pairs:
        if name not in matched and column not in {theirs for theirs, _ in matched.values()}:
            matched[name] = (column, score)
    return dict(sorted(matched.items(), key=lambda item: names.index(item[0])))


def _best(column: str, name: str) -> float:
    return max(likeness(column, word) for word in (name.replace("_", " "), *WORDS.get(name, ())))


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
