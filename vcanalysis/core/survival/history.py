"""Placements, or whatever lasts, under watch: from when to when each was seen, how it ended, whose it was."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError

Array = np.ndarray[Any, Any]
MINIMUM = 10
FEWEST_WATCHED = 5  # a curve starts when so many are watched at once: one early end among few would end it
ANY_END = "end"


@dataclass(frozen=True, slots=True)
class Watch:
    """Names of the columns that say how each placement was watched.

    Parameters
    ----------
    time : str
        Days (or any unit) from the start of the placement to its end, or to the last day it was seen.
    event : str
        How it ended: words, missing where it had not ended; or a flag, true where it ended.
    entry : str
        Days from its start to the first day it was watched (left truncation): above nought for a placement that
        had begun before the data. Without it every placement is taken to be watched from its first day.
    cluster : str
        What placements share, such as ``child_id``: errors are robust to it. Without it placements count as
        independent.
    of : str
        What the rows are, in words.

    Examples
    --------
    >>> Watch("exit_days", "end", entry="entry_days", cluster="child_id").entry
    'entry_days'
    """

    time: str
    event: str
    entry: str = ""
    cluster: str = ""
    of: str = "placements"


@dataclass(frozen=True, slots=True)
class History:
    """Placements as arrays of one length: watched from `entry` (exclusive) to `exit` (inclusive).

    Parameters
    ----------
    entry, exit : array of float
        Time under watch.
    kind : array of int
        Number of the kind of end in `kinds`, -1 where it had not ended.
    kinds : tuple of str
        Kinds of end there are.
    cluster : array of int
        Number of the cluster; each placement its own when there is no cluster.
    rows : array of int
        Position in the frame it came from.
    of : str
        What they are, in words.
    start : float
        Time before which too few were watched to say anything: a curve is that of those who lasted until then.
    """

    entry: Array
    exit: Array
    kind: Array
    kinds: tuple[str, ...]
    cluster: Array
    rows: Array
    of: str = "placements"
    start: float = 0.0

    def __len__(self) -> int:
        return len(self.exit)

    @property
    def clustered(self) -> bool:
        """Whether any two placements share a cluster."""
        return bool(len(self) and self.cluster.max() + 1 < len(self))

    @property
    def clusters(self) -> int:
        """How many clusters there are."""
        return len(np.unique(self.cluster))

    def take(self, index: Array) -> History:
        """Give the placements at an index or under a mask."""
        parts = (part[index] for part in (self.entry, self.exit, self.kind))
        entry, exit_, kind = parts
        cluster = np.unique(self.cluster[index], return_inverse=True)[1]
        return History(entry, exit_, kind, self.kinds, cluster, self.rows[index], self.of, self.start)

    def lasting(self, start: float) -> History:
        """Give those that lasted until a time, watched from it on."""
        kept = self.take(self.exit > start)
        return replace(kept, entry=np.maximum(kept.entry, start), start=start)

    def once_watched(self, *, least: float = 0.0) -> History:
        """Give the same from when `FEWEST_WATCHED` are watched at once, and from `least` at the earliest.

        Where nearly all are first watched late, one early end among the one or two watched would carry a curve to
        nought for good; a curve that starts later is one of those that lasted so long. The start is infinite, and
        nothing left out, where so many never are watched at once.
        """
        begun, left = np.sort(self.entry), np.sort(self.exit)
        times = np.unique(np.maximum(begun, least))
        watched = np.searchsorted(begun, times, side="right") - np.searchsorted(left, times, side="right")
        enough = times[watched >= FEWEST_WATCHED]
        return self.lasting(float(enough[0])) if len(enough) else replace(self, start=np.inf)

    def given(self) -> str:
        """Say, behind a term, of whom a curve is that starts late; empty where it starts at nought."""
        late = 0 < self.start < np.inf
        return f", of those that lasted {self.start:,.0f} days" if late else ""

    def unseen(self, time: float) -> str:
        """Say why a curve does not reach a time; empty where it does, and where all had ended before."""
        if self.start == np.inf:
            return f"at no time were {FEWEST_WATCHED} of the {self.of} watched at once"
        if time < self.start:
            return f"fewer than {FEWEST_WATCHED} of the {self.of} were watched before day {self.start:,.0f}"
        begun, left = np.sort(self.entry), np.sort(self.exit)
        times = np.unique(left)
        watched = np.searchsorted(begun, times) - np.searchsorted(left, times, side="right")
        last = times[watched == 0]  # after the first none is left, though others may be watched later
        if len(last) and time > last[0] and not self._all_ended(float(last[0])):
            return f"none of the {self.of} was watched for {time:,.0f} days without a gap"
        return ""

    def _all_ended(self, time: float) -> bool:
        """Say whether no watch goes beyond a time and all watched until it ended then: the curve stays nought."""
        last = self.exit >= time
        return bool((self.exit[last] == time).all() and (self.kind[last] >= 0).all())

    def ended(self, kind: str = "") -> Array:
        """Say which placements ended, in any way or in one; none where that way was never seen."""
        if not kind:
            return self.kind >= 0
        return self.kind == self.kinds.index(kind) if kind in self.kinds else np.zeros(len(self), dtype=bool)

    def none_ended(self, kind: str = "") -> str:
        """Say that none ended in a way, and which ways were seen; empty where one did."""
        if self.ended(kind).any():
            return ""
        seen = f" (kinds of end found: {', '.join(self.kinds)})" if self.kinds else ""
        return f"none of the {self.of} ended by {kind!r}{seen}" if kind else f"none of the {self.of} ended"

    def one_cluster(self) -> str:
        """Say that all placements hang together, so that nothing says how far chance goes; empty otherwise."""
        return f"all {self.of} share one cluster" if self.clustered and self.clusters < 2 else ""

    def why_not(self) -> str:
        """Say why nothing can be estimated from these placements; empty where something can."""
        if len(self) < MINIMUM:
            return f"at least {MINIMUM} {self.of} are needed"
        if self.clustered and self.clusters < MINIMUM:
            return f"{self.of} of at least {MINIMUM} children are needed"
        return "" if (self.kind >= 0).any() else f"none of the {self.of} ended while watched"


def _kinds(events: pd.Series) -> tuple[Array, tuple[str, ...]]:
    """Give each kind of end a number; flags have one kind."""
    if pd.api.types.is_bool_dtype(events) or pd.api.types.is_numeric_dtype(events):
        strange = ~events.dropna().isin([0, 1])
        if strange.any():
            raise InputError(
                f"Column {events.name!r}: {int(strange.sum()):,} values are neither 0 nor 1. Give a flag or words."
            )
        return np.where(events.fillna(0).to_numpy(dtype=float) == 1, 0, -1), (ANY_END,)
    named = events.astype("category").cat.remove_unused_categories()
    return np.asarray(named.cat.codes, dtype=np.int64), tuple(map(str, named.cat.categories))


def read_history(frame: pd.DataFrame, watch: Watch) -> History:
    """Read placements from a frame; those without a time, or with no time under watch, are left out.

    Parameters
    ----------
    frame : DataFrame
        One row per placement.
    watch : Watch
        Names of its columns.

    Raises
    ------
    InputError
        If a column is missing, a time is below nought or not a number, or a placement is left before it is entered.

    Examples
    --------
    >>> rows = pd.DataFrame({"days": [5, 9, 9], "end": ["moved", None, "moved"]})
    >>> history = read_history(rows, Watch("days", "end"))
    >>> history.kinds, history.kind.tolist()
    (('moved',), [0, -1, 0])
    """
    require_columns(frame, watch.time, watch.event, *filter(None, (watch.entry, watch.cluster)))
    exit_ = number_column(frame, watch.time)
    entry = number_column(frame, watch.entry) if watch.entry else np.zeros(len(frame))
    if (exit_ < 0).any() or (entry < 0).any():
        raise InputError(
            f"Column {watch.time!r}: times below 0 cannot be. Count from the start of the placement."
        )
    early = int((exit_ < entry).sum())
    if early:
        raise InputError(
            f"{early:,} placements end before they are entered. Check {watch.entry!r} and {watch.time!r}."
        )
    kind, kinds = _kinds(frame[watch.event])
    rows = np.flatnonzero(exit_ > entry)
    named = pd.factorize(frame[watch.cluster])[0] if watch.cluster else np.arange(len(frame))
    named = np.where(named < 0, len(frame) + np.arange(len(frame)), named)[rows]
    cluster = np.unique(named, return_inverse=True)[1]
    return History(entry[rows], exit_[rows], kind[rows], kinds, cluster, rows, watch.of)
