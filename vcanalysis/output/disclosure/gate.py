"""The gate: records in, published records out.

Small numbers are hidden, the rest rounded, and sentences written again from what is left, so that no
exact figure about few children leaves in a table, a chart or a line of prose. Anchors: the thresholds
and rounding of OpenSAFELY, HESA and the Office for National Statistics, taken at their stricter end.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace

from vcanalysis.core.estimate import Estimate
from vcanalysis.output.disclosure.policy import STRICT, Policy
from vcanalysis.output.records import Record, Results

HIDDEN = "not shown, to protect children's privacy"
_PEOPLE = ("children", "placements", "assessments", "count")
_PLACES = {
    "correlation": 2,
    "ratio": 2,
    "index": 2,
    "change": 1,
    "probability": 2,
    "percentage points": 0,
    "points": 1,
    "levels": 1,
    "days": 0,
    "classes": 0,
}


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
    shown = Results(tuple(_hide(r) if r.id in hidden else _publish(r, policy) for r in raw))
    return shown, Verdict(policy, len(raw) - len(hidden), len(small), len(beside))


def rounded(value: float | None, unit: str, policy: Policy = STRICT) -> float | None:
    """Round a number as its unit is published.

    Examples
    --------
    >>> rounded(2148.6, "GBP per week"), rounded(0.1449, "share"), rounded(413, "children")
    (2150.0, 0.14, 415.0)
    """
    if value is None:
        return None
    if unit in _PEOPLE:
        return float(_to_base(value, policy.round_to))
    if unit == "share":
        return round(value, policy.share_places) + 0.0
    if unit in _PLACES:
        return round(value, _PLACES[unit]) + 0.0
    return float(f"{value:.{policy.figures}g}")


def published_unit(unit: str) -> str:
    """Give the unit a published number is written in: shares in whole per cent."""
    return "probability" if unit == "share" else unit


def _to_base(value: float, base: int) -> int:
    return base * math.floor(value / base + 0.5)


def _is_count(record: Record) -> bool:
    return record.unit in _PEOPLE or (record.kind == "count" and record.unit != "share")


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
    families: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        if record.family and record.group != "all":
            families[record.family].append(record)
    beside: set[str] = set()
    for members in families.values():
        hidden = [r for r in members if r.id in small]
        rest = sorted((r for r in members if r.id not in small), key=_size)
        while hidden and rest and (len(hidden) < 2 or sum(map(_size, hidden)) < policy.min_count):
            hidden.append(rest.pop(0))
        beside |= {r.id for r in hidden} - small
    return beside


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
        status="suppressed",
        sentence=f"{record.term or record.label}{where}: {HIDDEN}.",
    )


def _publish(record: Record, policy: Policy) -> Record:
    unit = "children" if record.kind == "count" and record.unit == "" else record.unit
    done = replace(
        record,
        value=rounded(record.value, unit, policy),
        low=rounded(record.low, unit, policy),
        high=rounded(record.high, unit, policy),
        n=_to_base(record.n or 0, policy.round_to),
        unit=unit,
        wording=record.wording if _says_no_number(record) else "",
        support=None,
        status="published",
    )
    said: Estimate = replace(done.estimate(), unit=published_unit(unit))
    return replace(done, sentence=said.sentence())


def _says_no_number(record: Record) -> bool:
    # a number typed into the wording was never rounded; those of the term ("the dearest 10%") are names
    typed = set(re.findall(r"\d[\d,.]*", re.sub(r"\{[^}]*\}", "", record.wording)))
    return typed <= set(re.findall(r"\d[\d,.]*", f"{record.term} {record.label} {record.group}"))
