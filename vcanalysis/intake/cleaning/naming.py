"""Which column of an extract is which of ours: by the mapping first, then by our own names."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from itertools import combinations

from vcanalysis.core.schema import TABLES
from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.mapping import MADE_FROM, TableMapping
from vcanalysis.intake.readers.layout import squeeze

LEVEL, STRENGTH = "domain:", "strength:"
_MONEY = ("amount", "gbp_week", "support_gbp_week", "care_share", "education_share", "health_share")
_PRICE = {"amount", "gbp_week"}  # two names of the price


def columns_by_name(
    columns: Sequence[str], *, table: str, mapping: TableMapping, source: str
) -> dict[str, str]:
    """Find their column for each of ours.

    Parameters
    ----------
    columns : sequence of str
        Names of the columns found.
    table : str
        Table of the schema.
    mapping : TableMapping
        The council's names.
    source : str
        File, for messages.

    Returns
    -------
    dict of str to str
        Our name to theirs. Columns of levels and strengths by domain are named `domain:...` and
        `strength:...`, a second column of the same domain with `|2` after it.

    Raises
    ------
    InputError
        If two columns answer to one name equally well, or one column to the names of two kinds of money.

    Examples
    --------
    >>> mapping = TableMapping(columns={"child_id": ("Person ID",)}, domains={"health": ("Body", "Mind")})
    >>> columns_by_name(["person_id", "Date", "Body", "Mind"], table="needs", mapping=mapping, source="x.csv")
    {'child_id': 'person_id', 'date': 'Date', 'domain:health': 'Body', 'domain:health|2': 'Mind'}
    """
    named: dict[str, str] = {}
    for name in (*TABLES[table].names, *MADE_FROM.get(table, ())):
        own = (name, "CHILD") if name == "child_id" else (name,)
        theirs = mapping.columns.get(name, ())
        for wanted in (*theirs, *(own if not theirs or name in mapping.optional else ())):
            found = _one(columns, wanted, source)
            if found is not None:
                named[name] = found
                break
    if table == "costs":
        named = _one_price(named, mapping, source)
        _refuse_two_kinds(named, source)
    for prefix, parts in ((LEVEL, mapping.domains), (STRENGTH, mapping.strengths)):
        for domain, wanted_ones in parts.items():
            there = [c for c in (_one(columns, wanted, source) for wanted in wanted_ones) if c is not None]
            for number, column in enumerate(there, start=1):
                named[f"{prefix}{domain}" + (f"|{number}" if number > 1 else "")] = column
    return named


def missing_columns(named: Collection[str], mapping: TableMapping) -> tuple[list[str], list[str]]:
    """Give the columns and domains that the mapping names and the file lacks: those it must have, and optional ones.

    Parameters
    ----------
    named : collection of str
        What `columns_by_name` found.
    mapping : TableMapping
        The council's names. A column with a value for every row (`always`) is never missing.

    Examples
    --------
    >>> mapping = TableMapping(columns={"to": ("End dat",), "period": ("Per",)}, optional=("period",))
    >>> missing_columns(["child_id", "from", "amount"], mapping)
    (['to'], ['period'])
    """
    have = {*named, *mapping.always}
    parts = (
        ("", "", mapping.columns),
        (LEVEL, "domains", mapping.domains),
        (STRENGTH, "strengths", mapping.strengths),
    )
    needed: list[str] = []
    optional: list[str] = []
    for prefix, all_of, part in parts:
        for name in (n for n in part if prefix + n not in have):
            (optional if {name, all_of} & set(mapping.optional) else needed).append(prefix + name)
    return needed, optional


def mapped_names(name: str, mapping: TableMapping) -> tuple[str, ...]:
    """Give their names of a column or domain.

    Examples
    --------
    >>> mapped_names("domain:health", TableMapping(domains={"health": ("Body",)}))
    ('Body',)
    """
    part = {LEVEL: mapping.domains, STRENGTH: mapping.strengths}
    kind = next((k for k in part if name.startswith(k)), "")
    return part.get(kind, mapping.columns)[name.removeprefix(kind)]


def _one_price(named: dict[str, str], mapping: TableMapping, source: str) -> dict[str, str]:
    """Take `amount` where a file has a weekly price by our own name too, which is then a column that is not used."""
    if not set(named) >= _PRICE or named["amount"] == named["gbp_week"]:
        return named
    if set(mapping.columns) >= _PRICE:
        raise refuse(
            "money-twice",
            f"{source}: the mapping names one column as amount and another as gbp_week. Name the price once.",
        )
    unused = "amount" if "gbp_week" in mapping.columns else "gbp_week"
    return {name: theirs for name, theirs in named.items() if name != unused}


def _refuse_two_kinds(named: dict[str, str], source: str) -> None:
    """Refuse a column that is read as two kinds of money: its pounds would count twice."""
    money = [name for name in _MONEY if name in named]
    for name, other in combinations(money, 2):
        if named[name] == named[other] and {name, other} != _PRICE:
            raise refuse(
                "money-twice",
                f"{source}: column {named[name]} is both {name} and {other} by the mapping. "
                "Name it for one of the two.",
            )


def _one(columns: Sequence[str], wanted: str, source: str) -> str | None:
    """Find the column of a name: spelt alike but for capitals, else alike but for signs and blanks."""
    forms: tuple[Callable[[str], str], ...] = (lambda text: text.strip().casefold(), squeeze)
    for form in forms:
        found = [column for column in columns if form(column) == form(wanted)]
        if len(found) > 1:
            raise refuse("column-twice", f"{source}: column {wanted} is there twice. Keep one of the two.")
        if found:
            return found[0]
    return None


def bare(column: str) -> str:
    """Give the domain a column is of.

    Examples
    --------
    >>> bare("domain:health|2"), bare("level")
    ('health', 'level')
    """
    return column.removeprefix(LEVEL).removeprefix(STRENGTH).partition("|")[0]
