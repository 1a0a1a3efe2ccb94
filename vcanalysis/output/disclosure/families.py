"""Who is counted: the lines that records of a release add up in, and the records that may be of the same children."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from vcanalysis.output.disclosure.policy import Policy
from vcanalysis.output.disclosure.rounding import PEOPLE
from vcanalysis.output.records import Record, Results

WHOLE = 1e-6  # records keep ten figures
# what a base may count that is no child of this council: published or drawn figures, and what is no person
ELSEWHERE = ("councils", "forecasts", "simulated nations", "children in care in the councils", "year before")
_THINGS = ("pairs", "claims", "rows")
_PAIR = re.compile(r"([^:;]+): ([^:;]+)")  # what a cell counts by
_QUARTER = re.compile(r"\d{4}Q[1-4]")


def cell_of(record: Record) -> dict[str, str]:
    """Say what a record of a table counts by; nothing where it is no cell of a table.

    Examples
    --------
    >>> cell_of(Record("t.a", "Q?", "Children", 12, unit="children", kind="count", family="t",
    ...                group="age: 5 to 9; placement: a home"))
    {'age': '5 to 9', 'placement': 'a home'}
    """
    if record.kind != "count" or record.unit != "children" or not record.family:
        return {}
    parts = [_PAIR.fullmatch(part) for part in record.group.split("; ")]
    return {found[1]: found[2] for found in parts if found} if all(parts) else {}


def group_of(cell: Mapping[str, str]) -> str:
    """Write what a cell counts by as the group of its record."""
    return "; ".join(f"{by}: {what}" for by, what in cell.items())


def who(group: str) -> str:
    """Give the group a cell or line is of, whatever it is counted by: "placement: a home" is "a home".

    Examples
    --------
    >>> who("placement: a home"), who("a home"), who("age: 5 to 9; placement: a home")
    ('a home', 'a home', 'age: 5 to 9; placement: a home')
    """
    found = _PAIR.fullmatch(group)
    return found[2] if found else group


@dataclass(frozen=True, slots=True)
class Tables:
    """The tables of a release after the door.

    Parameters
    ----------
    shown : mapping
        Id of the first cell of a linked set of tables -> the records that stand for the set.
    cells : frozenset of str
        Ids of all raw cells.
    exact : mapping
        Id of every record that stands for a cell or total -> how many children it counts: never published.
    """

    shown: Mapping[str, tuple[Record, ...]]
    cells: frozenset[str]
    exact: Mapping[str, float]

    def hidden(self) -> list[Record]:
        """Give what is hidden, with its exact count."""
        gone = [r for records in self.shown.values() for r in records if r.status == "suppressed"]
        return [replace(r, value=n, n=int(n), reason="") for r in gone if (n := self.exact[r.id])]


def is_count(record: Record) -> bool:
    """Whether a record is a number of children, placements or the like; pounds that were added up are none."""
    return record.unit in PEOPLE or (record.kind == "count" and not record.unit)


def is_elsewhere(record: Record) -> bool:
    """Whether a record is of councils as they are published, or of none: no child of this council is behind it.

    Examples
    --------
    >>> is_elsewhere(Record("a.b", "Q?", "Effect", 12.0, unit="GBP per week", n=150, of="councils, 6 of a programme"))
    True
    """
    return record.of.split(",")[0] in ELSEWHERE


def is_of_nobody(record: Record) -> bool:
    """Whether the base of a record counts no children."""
    return is_elsewhere(record) or record.of in _THINGS


def is_proportion(record: Record) -> bool:
    """Whether a share is of its base, so that its numerator counts some of them.

    Every share is, unless its record says what it rests on instead: a share of differences, a switching value.
    """
    if record.unit != "share" or is_of_nobody(record) or record.value is None:
        return False
    return record.support is None or abs(record.support - fewer(record)) < 1


def fewer(record: Record) -> float:
    """How many of the base a share counts, or leaves, whichever are fewer."""
    yes = (record.value or 0) * (record.n or 0)
    return min(yes, (record.n or 0) - yes)


def size(record: Record) -> float:
    """How many children stand behind a record: what it counts, or what it rests on."""
    if is_count(record) and record.value is not None:
        return abs(record.value)
    return record.n or 0


def counted(record: Record) -> float:
    """Say how many children a record counts: of a share, its numerator.

    Examples
    --------
    >>> counted(Record("a.b", "Q?", "Share", 0.25, unit="share", n=40, method="share; Wilson"))
    10.0
    """
    if record.unit == "share" and record.value is not None:
        return record.value * (record.n or 0)
    return size(record)


def lines_of(records: Iterable[Record]) -> list[list[Record]]:
    """Find the records that add up to a total: those of a family, parted by their base where each part makes one whole.

    Moves between bands are one family, yet those out of each band make a whole of their own.
    """
    families: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.family and record.group != "all" and not cell_of(record):
            families[record.family].append(record)
    lines = []
    for members in families.values():
        parts: dict[int | None, list[Record]] = defaultdict(list)
        for record in members:
            parts[record.n].append(record)
        wholes = all(abs(sum(r.value or 0 for r in part) - 1) < WHOLE for part in parts.values())
        lines += list(parts.values()) if wholes else [members]
    return lines


def same_children(one: Record, other: Record) -> bool:
    """Whether a record may count, or rest on, the very children of another: as many, then, and of no other group.

    Which children a record counts no record says; that as many are the same is the worst that can be.

    Examples
    --------
    >>> home = Record("mix.home", "Q?", "Children", 12, unit="children", n=12, kind="count", group="home", family="mix")
    >>> same_children(Record("homes.all", "Q?", "In homes", 12, unit="children", n=12, kind="count"), home)
    True
    """
    groups = {who(one.group), who(other.group)}
    if (
        is_of_nobody(one)
        or one.id == other.id
        or not _at_once(one, other)
        or (len(groups) > 1 and "all" not in groups)
    ):
        return False
    sizes = {counted(one)} if is_count(one) or is_proportion(one) else set()
    return round(counted(other), 3) in {round(float(v), 3) for v in (*sizes, one.n or 0)}


def _at_once(one: Record, other: Record) -> bool:
    """Whether two records may be of the same time: of other quarters they are not."""
    both = _QUARTER.fullmatch(one.period) and _QUARTER.fullmatch(other.period)
    return one.period == other.period or not both


def complements(records: Results, gone: set[str], small: set[str], policy: Policy) -> set[str]:
    """Find what must be hidden in every line where something is: two at the least, and not too few together."""
    beside = set()
    for members in lines_of(records):
        hidden = [r for r in members if r.id in gone]
        rest = sorted((r for r in members if r.id not in gone), key=counted)
        if not any(r.id in small for r in hidden):
            hidden = hidden[:1] if len(hidden) == 1 else []
        while hidden and rest and (len(hidden) < 2 or sum(map(counted, hidden)) < policy.min_count):
            hidden.append(rest.pop(0))
        beside |= {r.id for r in hidden}
    return beside


def hidden_of_lines(records: Results, gone: set[str]) -> list[Record]:
    """Give the hidden records that add up to a total with others."""
    return [r for members in lines_of(records) for r in members if r.id in gone and counted(r) > 0]


def near_a_whole(records: Results, gone: set[str], policy: Policy) -> set[str]:
    """Find counts a few short of another, where counts are not rounded: the few are their difference."""
    if policy.round_to > 1:
        return set()
    heads = [r for r in records if r.unit == "children" and r.group == "all" and r.id not in gone and r.value]
    return {
        a.id for a in heads for b in heads
        if _at_once(a, b) and 0 < (b.value or 0) - (a.value or 0) < policy.min_count
    }  # fmt: skip
