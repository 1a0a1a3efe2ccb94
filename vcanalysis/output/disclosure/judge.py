"""The judge of a release: every hidden figure that adds up with others, given to the attacker."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from vcanalysis.core.parts import to_base
from vcanalysis.output.disclosure.attack import TOTAL, Seen, attack
from vcanalysis.output.disclosure.crossed import seen_tables
from vcanalysis.output.disclosure.families import cell_of, counted, lines_of, same_children
from vcanalysis.output.disclosure.policy import STRICT, Policy
from vcanalysis.output.disclosure.rounding import PEOPLE
from vcanalysis.output.records import Record, Results


def judge(raw: Results, shown: Results, policy: Policy = STRICT) -> pd.DataFrame:
    """Attack the hidden counts of a release with all that is published of the same children.

    Parameters
    ----------
    raw, shown : Results
        The records before and after the gate.
    policy : Policy
        What the release keeps to.

    Returns
    -------
    DataFrame
        As `attack` gives it, one row a small count; the cell names its line and place in it.

    Notes
    -----
    The attacker is given more than the reader: the rounded counts themselves, where the reader has shares; the exact
    total of every line, as the department's own tables print it, unless it is itself so small that no count in it
    could be left open, whatever is hidden; and every published count and base that is as large
    as a hidden one and may be of the same children, whatever it is called (`same_children`).

    Examples
    --------
    >>> from vcanalysis.output.disclosure.gate import gate
    >>> cells = {"a": 300, "b": 40, "c": 4}
    >>> raw = Results(tuple(Record(f"mix.{k}", "Q?", "Children", v / 344, unit="share", n=344, kind="count", group=k,
    ...                            family="mix") for k, v in cells.items()))
    >>> judge(raw, gate(raw)[0])["width"].tolist()
    [46.0]
    """
    tables, cells = seen_tables(raw, shown, policy)
    watch = set(cells)
    others = [r for r in shown if raw.get(r.id) is not None and not cell_of(r)]
    for key, cell in cells.items():
        tables += [
            Seen(pd.DataFrame([{**dict(key), "children": v}]), tuple(dict(key)), base)
            for r in others
            for v, base in _also_said(r, raw[r.id], cell, policy)
        ]
    for number, members in enumerate(lines_of(raw)):
        total = _total(members)
        rows = [(r.id, _published_count(r, shown[r.id], policy)) for r in members]
        told = total >= policy.width
        rows.append((TOTAL, to_base(total, policy.round_to) if told else None))
        line = str(number + 1)  # part of every key, so that no line takes the total of another for its own
        frame = pd.DataFrame(rows, columns=["record", "children"]).astype({"children": "float64"})
        tables.append(Seen(frame.assign(line=line), ("line", "record"), policy.round_to))
        whole = pd.DataFrame([(line, TOTAL, total)], columns=["line", "record", "children"])
        tables += [Seen(whole, ("line", "record"), base=1)] if told else []
        tables += [
            Seen(pd.DataFrame([{"line": line, "record": m.id, "children": v}]), ("line", "record"), base)
            for m in members
            for r in others
            for v, base in _also_said(r, raw[r.id], m, policy)
        ]
        watch |= {
            frozenset({("line", line), ("record", r.id)})
            for r in members
            if shown[r.id].status == "suppressed" and 0 < counted(r) < policy.min_count
        }
    return attack(tables, watch=sorted(watch, key=str), width=policy.width)


def _also_said(shown: Record, raw: Record, member: Record, policy: Policy) -> list[tuple[float, int]]:
    """Give what another published record says of the same children, and to what it is rounded: its count, its base."""
    if shown.status != "published" or not same_children(raw, member):
        return []
    size = round(counted(member), 3)
    said = []
    if round(float(raw.n or 0), 3) == size:
        said.append((float(shown.n or 0), _rounded_by(shown.n or 0, size, policy)))
    if shown.unit in PEOPLE and shown.value is not None and raw.value == size:
        said.append((float(shown.value), policy.round_to))
    return said


def _rounded_by(told: int, size: float, policy: Policy) -> int:
    """Say to what a base is rounded: one shown as one with others near it lies further off than its rounding."""
    alone = abs(told - size) <= policy.round_to // 2
    return policy.round_to if alone else policy.round_to + policy.apart - 1


def _total(members: Iterable[Record]) -> float:
    members = list(members)
    shares = all(r.unit == "share" for r in members)
    return float(members[0].n or 0) if shares else sum(counted(r) for r in members)


def _published_count(raw: Record, shown: Record, policy: Policy) -> float | None:
    return None if shown.value is None else float(to_base(counted(raw), policy.round_to))
