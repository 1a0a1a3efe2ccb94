"""The gate: records in, published records out.

Small numbers are hidden, the rest rounded, and sentences written again from what is left, so that no
exact figure about few children leaves in a table, a chart or a line of prose. Anchors: the thresholds
and rounding of OpenSAFELY, HESA and the Office for National Statistics, taken at their stricter end.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

from vcanalysis.core.estimate import Estimate
from vcanalysis.core.parts import to_base
from vcanalysis.output.disclosure.families import (
    WHOLE,
    Tables,
    cell_of,
    complements,
    fewer,
    hidden_of_lines,
    is_count,
    is_elsewhere,
    is_of_nobody,
    is_proportion,
    near_a_whole,
    same_children,
    size,
)
from vcanalysis.output.disclosure.magnitudes import dominated, of_few_sellers, rests_on_few
from vcanalysis.output.disclosure.policy import STRICT, Policy
from vcanalysis.output.disclosure.rounding import (
    PLACES,
    published_unit,
    rate_of_rounded,
    rounded_all,
)
from vcanalysis.output.records import Record, Results

HIDDEN = "not shown, to protect children's privacy"
_RESULT = re.compile(r"£|\d\s?%|\d[.,]\d")
_NOTHING_BEHIND: dict[str, Any] = {"parts": None, "fit": None, "sellers": None, "priced": None}


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate did: how many records it let through and how many it hid, and why."""

    policy: Policy
    published: int
    hidden_small: int
    hidden_with: int

    @property
    def hidden(self) -> int:
        """Records hidden for either reason."""
        return self.hidden_small + self.hidden_with

    def as_dict(self) -> dict[str, object]:
        """Give the verdict for the manifest."""
        return asdict(self)


def gate(
    records: Iterable[Record], policy: Policy = STRICT, *, withheld: frozenset[str] = frozenset()
) -> tuple[Results, Verdict]:
    """Hide, round and say again: the only way from a result to a published one.

    A count or a base under the minimum is hidden; in a family of records that add up, further members
    are hidden until what is hidden is at least two records and the minimum together.

    Parameters
    ----------
    records : iterable of Record
        Raw records of a run.
    policy : Policy
        The thresholds.
    withheld : frozenset of str
        Ids of further records to hide: those that an earlier report shows a few children apart. Of a cell of a table,
        all tables of the same children are hidden: the other cells would give it back.

    Returns
    -------
    Results, Verdict
        Records with status "published" or "suppressed", in the same order; what was done.

    Examples
    --------
    >>> small = Record("mix.secure", "What does care cost?", "In secure homes", 4, unit="children", n=4, kind="count")
    >>> large = Record("mix.foster", "What does care cost?", "In foster families", 412, unit="children", n=412,
    ...                kind="count")
    >>> shown, verdict = gate([small, large])
    >>> [r.sentence for r in shown]
    ["In secure homes: not shown, to protect children's privacy.", 'In foster families: 410 children.']
    """
    given = Results(tuple(records))
    tables = tables_of(given, policy, withheld=withheld)
    raw = Results(tuple(r for r in given if r.id not in tables.cells))
    small = {r.id for r in raw if not _says_nothing(r) and _too_small(r, policy)}
    small |= _about_few(raw, policy) | (withheld & {r.id for r in raw})
    hidden = small | {r.id for m in tables.hidden() for r in raw if same_children(r, m)}
    while more := (complements(raw, hidden, small, policy) | near_a_whole(raw, hidden, policy)) - hidden:
        hidden |= more
        hidden |= {r.id for m in hidden_of_lines(raw, hidden) for r in raw if same_children(r, m)}
    bases = _alike([r for r in raw if r.id not in hidden], policy)
    told: list[Record] = []
    for record in given:
        if record.id in tables.cells:
            told += tables.shown.get(record.id, ())
        else:
            told.append(_hide(record) if record.id in hidden else _publish(record, policy, bases))
    return Results(tuple(told)), _verdict(policy, told, small)


def tables_of(records: Results, policy: Policy, *, withheld: frozenset[str] = frozenset()) -> Tables:
    """Make the tables among the records of a release safe; those with a withheld cell are not shown at all."""
    if not any(map(cell_of, records)):
        return Tables({}, frozenset(), {})
    from vcanalysis.output.disclosure.crossed import publish_tables  # scipy is loaded where there are tables

    return publish_tables(records, policy, withheld=withheld)


def _verdict(policy: Policy, told: Iterable[Record], small: set[str]) -> Verdict:
    hidden = [r for r in told if r.status == "suppressed"]
    few = sum(r.id in small for r in hidden)
    return Verdict(policy, sum(r.status == "published" for r in told), few, len(hidden) - few)


def _says_nothing(record: Record) -> bool:
    """Whether a record is of nobody at all: that there are no data is no secret, and hiding it would mislead."""
    return record.value is None and not record.n


def _too_small(record: Record, policy: Policy) -> bool:
    if is_elsewhere(record) or (policy.zeros == "shown" and is_count(record) and record.value == 0):
        return False
    if size(record) < policy.min_count:
        return True
    if record.support is not None and record.support < policy.min_count:
        return True
    if record.unit == PLACES and record.support is None and record.value is not None:
        return True  # a gap in places is children less places: its record must say how many children
    if record.priced and record.priced.number < policy.min_count:
        return True
    if _tells_of_pounds(record, policy) or (record.fit and rests_on_few(record.fit, policy)):
        return True
    if record.kind == "estimate" and (record.n or 0) < policy.min_count:
        return True
    if is_proportion(record) and record.value is not None:
        few = fewer(record)
        if policy.zeros == "shown" and few == 0:
            few = policy.min_count
        return few < policy.min_count or (record.n or 0) < policy.min_base
    return False


def _tells_of_pounds(record: Record, policy: Policy) -> bool:
    """Whether pounds are those of one or two children or providers, or may be: their record does not say whose."""
    if record.sellers and of_few_sellers(record.sellers, policy):
        return True
    if record.parts is not None and (record.unit.startswith("GBP") or record.unit == "share"):
        return dominated(record.parts, policy)
    of_children = record.unit.startswith("GBP") and not is_of_nobody(record)
    unsaid = record.support is None and record.fit is None
    return of_children and unsaid and record.value is not None


def _about_few(records: Results, policy: Policy) -> set[str]:
    """Find what else is said of a group of fewer than the minimum: its share of the spend is its cost."""
    few = {
        (r.id.rsplit(".", 1)[0], r.group)
        for r in records
        if is_proportion(r) and r.value is not None and r.value * (r.n or 0) < policy.min_count
    }
    told = ("share", "GBP", "GBP per week", "GBP per year", "weeks")
    return {r.id for r in records if r.unit in told and (r.id.rsplit(".", 1)[0], r.group) in few}


def _alike(records: Iterable[Record], policy: Policy) -> dict[int, int]:
    """Show bases that are fewer than ten children apart as one: their difference would be a small count.

    The one is told by the largest alone, which may be known from elsewhere: the middle would then give the smallest.
    """
    bases: dict[int, int] = {}
    left = sorted({r.n for r in records if r.of == "children" and r.n}, reverse=True)
    while left:
        alike = [n for n in left if left[0] - n < policy.apart]
        middle = alike[0] - (policy.apart - 1) / 2 if len(alike) > 1 else alike[0]
        bases |= dict.fromkeys(alike, to_base(max(middle, policy.min_count), policy.round_to))
        left = left[len(alike) :]
    return bases


def _hide(record: Record) -> Record:
    where = "" if record.group == "all" else f", {record.group}"
    return replace(
        record,
        value=None,
        low=None,
        high=None,
        n=None,
        reason=HIDDEN,
        wording="",
        support=None,
        **_NOTHING_BEHIND,
        status="suppressed",
        sentence=f"{record.term or record.label}{where}: {HIDDEN}.",
    )


def _publish(record: Record, policy: Policy, bases: dict[int, int]) -> Record:
    unit = "children" if record.kind == "count" and record.unit == "" else record.unit
    n = to_base(record.n or 0, policy.round_to)
    if not is_count(record) and record.of == "children":
        n = bases.get(record.n or 0, n)
    again = _from_rounded_counts(record, policy) or rate_of_rounded(record, policy)
    value, low, high = again or _for_rounded_count(record, n, policy)
    told = rounded_all(
        record, (value, low, high), policy, unit=unit, again=bool(again), of_nobody=is_of_nobody(record)
    )
    done = replace(
        record,
        value=told[0],
        low=told[1],
        high=told[2],
        n=n,
        unit=unit,
        wording=record.wording if _says_no_number(record) else "",
        reason=_without_results(record.reason),
        support=None,
        **_NOTHING_BEHIND,
        status="published",
    )
    said: Estimate = replace(done.estimate(), unit=published_unit(unit))
    return replace(done, sentence=said.sentence())


def _from_rounded_counts(record: Record, policy: Policy) -> tuple[float, float | None, float | None] | None:
    """Work a counted share out again from its rounded counts: the exact one gives its numerator away."""
    if record.unit != "share" or record.value is None or not record.n or is_elsewhere(record):
        return None  # of forecasts and published councils no numerator counts a child of this one
    if not 0 <= record.value <= 1:
        return None  # a skill or a change, no part of a number
    from vcanalysis.core.intervals import wilson  # statsmodels takes a second to load

    count = round(record.value * record.n)
    ends = (record.low, record.high)
    by_wilson = _is_wilson(count, record)
    if abs(count - record.value * record.n) > WHOLE * record.n:
        return None
    if not by_wilson and (record.support is None or record.support > fewer(record)):
        return None  # not of so many children, or the record does not say so
    top, bottom = to_base(count, policy.round_to), to_base(record.n, policy.round_to)
    if not bottom or count in (0, record.n):
        return record.value, *ends
    share = min(top / bottom, 1.0)
    if not by_wilson:  # other ends move with it
        low, high = (None if end is None else min(max(end + share - record.value, 0.0), 1.0) for end in ends)
        return share, low, high
    told = wilson(min(top, bottom), bottom, record.level) if record.low is not None else ends
    return share, *told


def _for_rounded_count(
    record: Record, n: int, policy: Policy
) -> tuple[float | None, float | None, float | None]:
    """Give a sum at a known price for the number of children that is shown: over the price, it tells the number."""
    ends = (record.value, record.low, record.high)
    if record.priced is None:
        return ends
    exact = record.priced.number
    more = (n if exact == record.n else to_base(exact, policy.round_to)) - exact
    value, low, high = (
        None if end is None else end + more * each for end, each in zip(ends, record.priced[1:], strict=True)
    )
    return value, low, high


def _is_wilson(count: int, record: Record) -> bool:
    from vcanalysis.core.intervals import wilson

    if record.low is None or record.high is None:
        return True
    if record.level == 1:
        return False
    low, high = wilson(count, record.n or 0, record.level)
    return abs(low - record.low) < WHOLE and abs(high - record.high) < WHOLE


def _says_no_number(record: Record) -> bool:
    # a number typed into the wording was never rounded; those of the term ("the dearest 10%") are names
    typed = set(re.findall(r"\d[\d,.]*", re.sub(r"\{[^}]*\}", "", record.wording)))
    return typed <= set(re.findall(r"\d[\d,.]*", f"{record.term} {record.label} {record.group}"))


def _without_results(reason: str) -> str:
    """Leave out the clauses of a reason that hold pounds, a share or a decimal: no such number was ever rounded.

    Examples
    --------
    >>> _without_results("all may have come anyway; each costs at least £21,300")
    'all may have come anyway'
    """
    kept = [clause for clause in reason.split("; ") if not _RESULT.search(clause)]
    return "; ".join(kept) or (reason and "the data do not determine it")
