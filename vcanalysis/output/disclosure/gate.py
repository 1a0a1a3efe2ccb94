"""The gate: records in, published records out.

Small numbers are hidden, the rest rounded, and sentences written again from what is left, so that no
exact figure about few children leaves in a table, a chart or a line of prose. Anchors: the thresholds
and rounding of OpenSAFELY, HESA and the Office for National Statistics, taken at their stricter end.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from vcanalysis.core.estimate import Estimate
from vcanalysis.output.disclosure.magnitudes import dominated
from vcanalysis.output.disclosure.policy import STRICT, Policy
from vcanalysis.output.disclosure.rounding import PEOPLE, published_unit, rounded, to_base
from vcanalysis.output.records import Record, Results

HIDDEN = "not shown, to protect children's privacy"


_WHOLE = 1e-6  # records keep ten figures


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


def gate(records: Iterable[Record], policy: Policy = STRICT) -> tuple[Results, Verdict]:
    """Hide, round and say again: the only way from a result to a published one.

    A count or a base under the minimum is hidden; in a family of records that add up, further members
    are hidden until what is hidden is at least two records and the minimum together.

    Parameters
    ----------
    records : iterable of Record
        Raw records of a run.
    policy : Policy
        The thresholds.

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
    raw = Results(tuple(records))
    small = {r.id for r in raw if not _says_nothing(r) and _too_small(r, policy)}
    small |= _about_few(raw, policy)
    beside = _complements(raw, small, policy)
    hidden = small | beside
    bases = _alike([r for r in raw if r.id not in hidden], policy)
    shown = Results(tuple(_hide(r) if r.id in hidden else _publish(r, policy, bases) for r in raw))
    return shown, Verdict(policy, len(raw) - len(hidden), len(small), len(beside))


def _is_count(record: Record) -> bool:
    return record.unit in PEOPLE or (record.kind == "count" and record.unit != "share")


def _is_proportion(record: Record) -> bool:
    counted = record.kind == "count" or "wilson" in record.method.lower()
    return record.unit == "share" and counted


def _size(record: Record) -> float:
    """How many children stand behind a record: what it counts, or what it rests on."""
    if _is_count(record) and record.value is not None:
        return abs(record.value)
    return record.n or 0


def _says_nothing(record: Record) -> bool:
    """Whether a record is of nobody at all: that there are no data is no secret, and hiding it would mislead."""
    return record.value is None and not record.n


def _too_small(record: Record, policy: Policy) -> bool:
    if policy.zeros == "shown" and _is_count(record) and record.value == 0:
        return False
    if _size(record) < policy.min_count:
        return True
    if record.support is not None and record.support < policy.min_count:
        return True
    if record.unit.startswith("GBP") and record.parts is not None and dominated(record.parts, policy):
        return True
    if record.kind == "estimate" and (record.n or 0) < policy.min_count:
        return True
    if _is_proportion(record) and record.value is not None:
        yes = record.value * (record.n or 0)
        few = min(yes, (record.n or 0) - yes)
        if policy.zeros == "shown" and few == 0:
            few = policy.min_count
        return few < policy.min_count or (record.n or 0) < policy.min_base
    return False


def _about_few(records: Results, policy: Policy) -> set[str]:
    """Find what else is said of a group of fewer than the minimum: its share of the spend is its cost."""
    whole = [r for r in records if r.group == "all"]
    few = {
        r.id.rsplit(".", 1)[0]
        for r in whole
        if _is_proportion(r) and r.value is not None and r.value * (r.n or 0) < policy.min_count
    }
    told = ("share", "GBP", "GBP per week", "GBP per year", "weeks")
    return {r.id for r in whole if r.unit in told and r.id.rsplit(".", 1)[0] in few}


def _complements(records: Results, small: set[str], policy: Policy) -> set[str]:
    beside: set[str] = set()
    for members in lines_of(records):
        hidden = [r for r in members if r.id in small]
        rest = sorted((r for r in members if r.id not in small), key=counted)
        while hidden and rest and (len(hidden) < 2 or sum(map(counted, hidden)) < policy.min_count):
            hidden.append(rest.pop(0))
        beside |= {r.id for r in hidden} - small
    return beside


def lines_of(records: Iterable[Record]) -> list[list[Record]]:
    """Find the records that add up to a total: those of a family, parted by their base where each part makes one whole.

    Moves between bands are one family, yet those out of each band make a whole of their own.
    """
    families: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.family and record.group != "all":
            families[record.family].append(record)
    lines = []
    for members in families.values():
        parts: dict[int | None, list[Record]] = defaultdict(list)
        for record in members:
            parts[record.n].append(record)
        wholes = all(abs(sum(r.value or 0 for r in part) - 1) < _WHOLE for part in parts.values())
        lines += list(parts.values()) if wholes else [members]
    return lines


def counted(record: Record) -> float:
    """Say how many children a record counts: of a share, its numerator.

    Examples
    --------
    >>> counted(Record("a.b", "Q?", "Share", 0.25, unit="share", n=40, method="share; Wilson"))
    10.0
    """
    if record.unit == "share" and record.value is not None:
        return record.value * (record.n or 0)
    return _size(record)


def _alike(records: Iterable[Record], policy: Policy) -> dict[int, int]:
    """Show bases that are fewer than ten children apart as one: their difference would be a small count."""
    bases: dict[int, int] = {}
    left = sorted({r.n or 0 for r in records if r.of == "children"}, reverse=True)
    while left and policy.round_to > 1:
        alike = [n for n in left if left[0] - n < policy.apart]
        bases |= dict.fromkeys(alike, to_base((alike[0] + alike[-1]) / 2, policy.round_to))
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
        parts=None,
        status="suppressed",
        sentence=f"{record.term or record.label}{where}: {HIDDEN}.",
    )


def _publish(record: Record, policy: Policy, bases: dict[int, int]) -> Record:
    unit = "children" if record.kind == "count" and record.unit == "" else record.unit
    n = to_base(record.n or 0, policy.round_to)
    value, low, high = _from_rounded_counts(record, policy) or (record.value, record.low, record.high)
    largest = record.parts.first if record.parts is not None else None
    done = replace(
        record,
        value=rounded(value, unit, policy, n=record.n, largest=largest),
        low=rounded(low, unit, policy, n=record.n, largest=largest),
        high=rounded(high, unit, policy, n=record.n, largest=largest),
        n=n if _is_count(record) or record.of != "children" else bases.get(record.n or 0, n),
        unit=unit,
        wording=record.wording if _says_no_number(record) else "",
        support=None,
        parts=None,
        status="published",
    )
    said: Estimate = replace(done.estimate(), unit=published_unit(unit))
    return replace(done, sentence=said.sentence())


def _from_rounded_counts(record: Record, policy: Policy) -> tuple[float, float | None, float | None] | None:
    """Work a counted share out again from its rounded counts: the exact one gives its numerator away."""
    if record.unit != "share" or record.value is None or not record.n:
        return None
    from vcanalysis.core.intervals import wilson  # statsmodels takes a second to load

    count = round(record.value * record.n)
    ends = (record.low, record.high)
    if abs(count - record.value * record.n) > _WHOLE * record.n or not _is_wilson(count, record):
        return None
    top, bottom = to_base(count, policy.round_to), to_base(record.n, policy.round_to)
    if not bottom or count in (0, record.n):
        return record.value, *ends
    told = wilson(min(top, bottom), bottom, record.level) if record.low is not None else ends
    return min(top / bottom, 1.0), *told


def _is_wilson(count: int, record: Record) -> bool:
    from vcanalysis.core.intervals import wilson

    if record.low is None or record.high is None:
        return True
    low, high = wilson(count, record.n or 0, record.level)
    return abs(low - record.low) < _WHOLE and abs(high - record.high) < _WHOLE


def _says_no_number(record: Record) -> bool:
    # a number typed into the wording was never rounded; those of the term ("the dearest 10%") are names
    typed = set(re.findall(r"\d[\d,.]*", re.sub(r"\{[^}]*\}", "", record.wording)))
    return typed <= set(re.findall(r"\d[\d,.]*", f"{record.term} {record.label} {record.group}"))
