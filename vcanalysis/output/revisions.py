"""Revisions: what an earlier report said of a period, and what is said of the same period now."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.period import Quarter
from vcanalysis.output.records import Record, Results

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
        Figures of the earlier report that speak of a period which the later one speaks of too.
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

    A figure of another period is no revision: that is a change, and the quarterly report judges it.

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
    times = {_time(r) for r in later}
    now = {(r.id, _time(r)): r for r in later}
    asked = [r for r in earlier if _time(r) in times]
    pairs = [(r, now.get((r.id, _time(r)))) for r in asked]
    kinds = [(old, new, _kind(old, new)) for old, new in pairs]
    return Revisions(len(asked), tuple((old, new, kind) for old, new, kind in kinds if kind))


def _time(record: Record) -> str:
    # one of a series of quarters is of the quarter it is called by; the period of the run that gave it does not matter
    try:
        return str(Quarter.parse(record.group))
    except InputError:
        return record.period


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
