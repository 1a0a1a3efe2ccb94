"""Revisions: what an earlier report said of a period, and what is said of the same period now."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.period import Quarter
from vcanalysis.output.records import Record, Results

_SCENARIO = "0"  # design grade
KINDS = ("revised", "no longer shown", "shown since", "no longer estimable", "estimable since", "dropped")
_COLUMNS = [
    "id", "label", "group", "period", "unit", "kind", "before", "low_before", "high_before", "after", "low_after",
    "high_after", "difference", "inside_before",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Revisions:
    """What was revised between two reports.

    Parameters
    ----------
    compared : int
        Figures of the earlier report that the later one holds for the same time, or should.
    rows : tuple of (Record, Record or None, str)
        The earlier figure, the later one, and what became of it (one of `KINDS`); figures unchanged are left out.
    """

    compared: int
    rows: tuple[tuple[Record, Record | None, str], ...]

    def frame(self) -> pd.DataFrame:
        """Give one row per revised figure.

        Columns: `id, label, group, period, unit, kind`, the figure and its interval `before` and `after`,
        `difference`, and `inside_before`: whether the later figure lies in the earlier interval.
        """
        return pd.DataFrame([_row(*row) for row in self.rows], columns=_COLUMNS)

    def sentence(self) -> str:
        """Say how many figures were revised, and the widest of them that left its interval."""
        if not self.compared:
            return "No figure of the earlier report speaks of a period that this one speaks of."
        if not self.rows:
            return f"None of {self.compared} figures that were published before is revised."
        told = self.frame()
        outside = int((told["inside_before"] == False).sum())  # noqa: E712, a missing value is neither
        return (
            f"{len(told)} of {self.compared} figures that were published before are revised, {outside} of them "
            "beyond the interval given then."
        )


def revisions(earlier: Results, later: Results) -> Revisions:
    """Hold two published reports against each other, figure by figure, where they speak of the same period.

    A figure of another period is no revision: that is a change, and the quarterly report judges it. A figure that is
    gone counts as dropped where both reports are of one quarter, or where it is a quarter within a series that the
    later report goes on with.

    Parameters
    ----------
    earlier, later : Results
        Gated records of two runs, of one quarter or of two.

    Raises
    ------
    InputError
        If a record did not pass the gate.

    Examples
    --------
    >>> def told(value):
    ...     return Results((Record("mix.homes", "Q?", "In homes", value, 0.1, 0.2, unit="share", n=270,
    ...                            period="2019Q3", status="published"),))
    >>> print(revisions(told(0.12), told(0.15)).frame()[["id", "before", "after", "inside_before"]].to_string())
              id  before  after  inside_before
    0  mix.homes    0.12   0.15           True
    >>> revisions(told(0.12), told(0.12)).sentence()
    'None of 1 figures that were published before is revised.'
    """
    raw = [r.id for r in (*earlier, *later) if r.status == "private"]
    if raw:
        raise InputError(f"{raw[0]} did not pass the gate. Compare the results.json of publish folders.")
    same = _newest(earlier) == _newest(later)
    now = {(r.id, _time(r, later)): r for r in later}
    due = _due(earlier, later)
    pairs = [(r, now.get((r.id, _time(r, earlier)))) for r in earlier]
    asked = [(old, new) for old, new in pairs if new is not None or same or old.id in due]
    kinds = [(old, new, _kind(old, new)) for old, new in asked]
    return Revisions(len(asked), tuple((old, new, kind) for old, new, kind in kinds if kind))


def _quarter(text: str) -> Quarter | None:
    try:
        return Quarter.parse(text)
    except InputError:
        return None


def _newest(report: Results) -> Quarter | None:
    """Give the quarter that a report is about: the last that any of its figures is of."""
    return max(filter(None, (_quarter(r.period) for r in report)), default=None)


def _time(record: Record, report: Results) -> str:
    """Say what time a figure is of, as far as it can be held against one of another report.

    One of a series of quarters is of the quarter it is called by, whichever run gave it. A scenario begins at the
    quarter of its run, whatever its period is called.
    """
    quarter = _quarter(record.group) or (_newest(report) if record.design == _SCENARIO else None)
    return record.period if quarter is None else str(quarter)


def _due(earlier: Results, later: Results) -> set[str]:
    """Find the figures that a later report should hold too: quarters within a series that it goes on with.

    A series is one without gaps; a quarter that falls out at its far end is not missed.
    """
    then, now = _series(earlier), _series(later)
    without_gaps = {topic for topic, found in then.items() if _whole(found) and topic in now}
    return {
        found[quarter]
        for topic in without_gaps
        for found in [then[topic]]
        for quarter in found
        if min(now[topic]) <= quarter <= max(now[topic])
    }


def _series(report: Results) -> dict[str, dict[Quarter, str]]:
    made: dict[str, dict[Quarter, str]] = {}
    for record in report:
        quarter = _quarter(record.group)
        if quarter is not None:
            made.setdefault(record.id.rsplit(".", 1)[0], {})[quarter] = record.id
    return made


def _whole(quarters: Collection[Quarter]) -> bool:
    first = min(quarters)
    return len(quarters) > 1 and all(first.shift(step) in quarters for step in range(len(quarters)))


def _kind(old: Record, new: Record | None) -> str:
    if new is None:
        return "dropped"
    if old.status != new.status:
        return "no longer shown" if new.status == "suppressed" else "shown since"
    if (old.value is None) != (new.value is None):
        return "no longer estimable" if new.value is None else "estimable since"
    same = ("value", "low", "high", "unit")
    return "" if all(getattr(old, name) == getattr(new, name) for name in same) else "revised"


def _row(old: Record, new: Record | None, kind: str) -> list[object]:
    after = (None, None, None) if new is None else (new.value, new.low, new.high)
    moved = None if old.value is None or after[0] is None else after[0] - old.value
    ends = old.low is not None and old.high is not None and after[0] is not None
    inside = old.low <= after[0] <= old.high if ends else None  # type: ignore[operator]
    return [
        old.id,
        old.label,
        old.group,
        old.period,
        old.unit,
        kind,
        old.value,
        old.low,
        old.high,
        *after,
        moved,
        inside,
    ]
