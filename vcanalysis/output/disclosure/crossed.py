"""Tables among the records of a release: cells that name what they count, made safe together.

A cell is a count whose group says what it counts by, such as "age: 5 to 9; placement: a home"; the cells of one
family and period that count by the same are a table, and tables of one family and period count the same children.
"""

from __future__ import annotations

import itertools
import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace

import pandas as pd

from vcanalysis.output.disclosure.attack import TOTAL, Key, Seen
from vcanalysis.output.disclosure.families import Tables, cell_of, group_of
from vcanalysis.output.disclosure.linked import protect
from vcanalysis.output.disclosure.policy import Policy
from vcanalysis.output.disclosure.tables import Protected
from vcanalysis.output.records import Record, slug

_COUNT = "children"


def publish_tables(
    records: Iterable[Record], policy: Policy, *, withheld: frozenset[str] = frozenset()
) -> Tables:
    """Make the tables of a release safe: small cells hidden, others with them, bands made coarser, the rest rounded.

    Parameters
    ----------
    records : iterable of Record
        Raw records; those that are no cells are left alone.
    policy : Policy
        What the release keeps to.
    withheld : frozenset of str
        Ids of cells that an earlier report shows a few children apart: no table of their children is shown again.

    Returns
    -------
    Tables
        Cells and the totals over one column, every one rounded by itself.
    """
    shown: dict[str, tuple[Record, ...]] = {}
    cells: set[str] = set()
    exact: dict[str, float] = {}
    for tables in _linked(records):
        members = [record for table in tables for record in table]
        counts = [_counts(table) for table in tables]
        made = protect(counts, count=_COUNT, policy=policy, ordered=_in_order(members), merge=True)
        seen: dict[str, Record] = {}
        for table, one in zip(counts, made, strict=True):
            for (group, value), n in zip(_told(one), _exact(table[0], one), strict=True):
                seen.setdefault(group, _record(members[0], group, value))
                exact[seen[group].id] = n
        if any(r.id in withheld for r in (*members, *seen.values())):
            seen = {group: _record(members[0], group, None) for group in seen}
            exact |= {r.id: 0.0 for r in seen.values()}  # hidden for what was told before, not for being few
        shown[members[0].id] = tuple(seen.values())
        cells |= {r.id for r in members}
    return Tables(shown, frozenset(cells), exact)


def seen_tables(
    raw: Iterable[Record], shown: Iterable[Record], policy: Policy
) -> tuple[list[Seen], dict[Key, Record]]:
    """Give the tables of a release as a reader has them, and the small cells hidden in them, for the attacker.

    The exact number of children in each set of tables is given as well: the department publishes it.
    """
    tables: list[Seen] = []
    watch: dict[Key, Record] = {}
    told = {(r.family, r.period, r.group): r for r in shown if cell_of(r)}
    for number, linked in enumerate(_linked(raw)):
        by_table = [_counts(table) for table in linked]
        mark = (
            "table",
            str(number + 1),
        )  # part of every key, so that no set takes another's total for its own
        head = linked[0][0]
        for _, by in by_table:
            frame = _frame(head, told, by).assign(table=mark[1])
            tables.append(Seen(frame, ("table", *by), policy.round_to))
        by = by_table[0][1]
        whole = pd.DataFrame([{"table": mark[1], **dict.fromkeys(by, TOTAL)}])
        total = float(by_table[0][0][_COUNT].sum())
        if total >= policy.width:  # of fewer the total alone leaves no count open, whatever is hidden
            tables.append(Seen(whole.assign(children=total), ("table", *by), base=1))
        for record in (r for table in linked for r in table):
            held = told.get((record.family, record.period, record.group))
            if (
                held is not None
                and held.status == "suppressed"
                and 0 < (record.value or 0) < policy.min_count
            ):
                watch[frozenset({mark, *cell_of(record).items()})] = record
    return tables, watch


def _linked(records: Iterable[Record]) -> list[list[list[Record]]]:
    """Gather cells into tables, and tables of the same children into sets."""
    sets: dict[tuple[str, str], dict[tuple[str, ...], list[Record]]] = defaultdict(lambda: defaultdict(list))
    for record in records:
        by = tuple(cell_of(record))
        if by:
            sets[record.family, record.period][by].append(record)
    return [list(tables.values()) for tables in sets.values()]


def _in_order(members: Iterable[Record]) -> list[str]:
    """Find the columns whose categories are bands of numbers, such as ages."""
    values: dict[str, set[str]] = defaultdict(set)
    for record in members:
        for by, what in cell_of(record).items():
            values[by].add(what)
    return [by for by, those in values.items() if all(re.search(r"\d", what) for what in those)]


def _counts(table: Sequence[Record]) -> tuple[pd.DataFrame, list[str]]:
    rows = [{**cell_of(r), _COUNT: r.value or 0.0} for r in table]
    return pd.DataFrame(rows), list(cell_of(table[0]))


def _exact(counts: pd.DataFrame, made: Protected) -> list[float]:
    """Count what every published cell counts, categories that were put together included."""
    frame = counts.copy()
    for column, groups in made.merged.items():
        frame[column] = frame[column].replace({old: new for new, olds in groups.items() for old in olds})
    return [
        float(frame.loc[(frame[list(cell)] == pd.Series(cell)).all(axis=1), _COUNT].sum())
        for cell in _cells(made)
        if cell
    ]


def _cells(made: Protected) -> list[dict[str, str]]:
    rows = made.frame[list(made.by)].to_dict("records")
    return [{str(k): str(v) for k, v in row.items() if v != TOTAL} for row in rows]


def _told(made: Protected) -> list[tuple[str, float | None]]:
    """Give the cells as they are shown; the number of all children is said elsewhere, once."""
    return [
        (group_of(cell), None if pd.isna(value) else float(value))
        for cell, value in zip(_cells(made), made.frame[made.count], strict=True)
        if cell
    ]


def _record(first: Record, group: str, value: float | None) -> Record:
    base = ".".join(first.id.split(".")[:-1]) or first.id
    made = replace(
        first, id=f"{base}.{slug(group)}", group=group, value=value, n=None if value is None else int(value),
        reason="", support=None, parts=None, lead=False,
    )  # fmt: skip
    where = f"{first.term or first.label}, {group}"
    if value is None:
        said = "not shown, to protect children's privacy"
        return replace(made, status="suppressed", reason=said, sentence=f"{where}: {said}.")
    return replace(made, status="published", sentence=made.estimate().sentence())


def _frame(head: Record, told: Mapping[tuple[str, str, str], Record], by: Sequence[str]) -> pd.DataFrame:
    """Set the published cells of one table out as the attacker reads them: every total, known or not."""
    found = {
        tuple(cell.get(column, TOTAL) for column in by): record.value
        for (family, period, _), record in told.items()
        if (family, period) == (head.family, head.period) and set(cell := cell_of(record)) <= set(by)
    }
    values = [[*dict.fromkeys(key[at] for key in found if key[at] != TOTAL), TOTAL] for at in range(len(by))]
    rows = [(*key, found.get(key)) for key in itertools.product(*values)]
    return pd.DataFrame(rows, columns=[*by, _COUNT]).astype({_COUNT: "float64"})
