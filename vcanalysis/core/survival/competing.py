"""How placements, or other waits, end: cumulative incidence of each kind of end when the kinds compete."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import Interval
from vcanalysis.core.survival.curve import beside, first_time, grid_of, share_interval
from vcanalysis.core.survival.history import History, Watch, read_history
from vcanalysis.core.survival.risk import (
    Steps,
    clustered_variance,
    incidence_weights,
    influence,
    most_staying,
    steps,
    stood_for,
)

METHOD = "Aalen-Johansen cumulative incidence with delayed entry; log(-log) interval, infinitesimal jackknife"
_HALF, _ALL = 0.5 - 1e-9, 1 - 1e-9  # a sum of shares may miss a half, or one, by the last bit


@dataclass(frozen=True, slots=True)
class Incidence:
    """The share of placements that have ended in each way, by time since they began.

    Parameters
    ----------
    history : History
        The placements.
    found : Steps
        Risk sets and ends at each time.
    level : float
        Confidence level.
    """

    history: History
    found: Steps
    level: float = 0.95

    @property
    def kinds(self) -> tuple[str, ...]:
        """Kinds of end there are."""
        return self.history.kinds

    def std_error(self, kind: str, day: float) -> float:
        """Give the standard error of the share ended in one way by a day: infinitesimal jackknife over clusters."""
        number = self.kinds.index(kind)
        own, lost = incidence_weights(self.found, number, day)
        given = influence(self.history, self.found, own, kind=number) + influence(
            self.history, self.found, lost
        )
        return math.sqrt(clustered_variance(self.history, given))

    def at(self, day: float, kind: str) -> Estimate:
        """Share that has ended in one way by a day; the others have ended otherwise or still last.

        Nought where none ended in that way, with the interval of what may have been missed.
        """
        term = f"{self.history.of.capitalize()} that end within {day:,.0f} days{self.history.given()}"
        about = {"group": kind, "method": METHOD, "of": self.history.of}
        reason, n = self.history.why_not() or self.history.unseen(day), len(self.history)
        if reason:
            return Estimate.not_estimable(term, n=n, reason=reason, **about)
        upto = self.found.upto(day) if kind in self.kinds else 0
        share = float(self.found.incidence()[upto - 1, self.kinds.index(kind)]) if upto else 0.0
        error = self.std_error(kind, day) if upto else 0.0
        low, high = self._ends(share, error, day)
        return Estimate(term, share, low, high, self.level, n, "share", std_error=error, **about)  # type: ignore[arg-type]

    def _ends(self, share: float, error: float, day: float) -> Interval:
        if share > _ALL:
            return 1 - most_staying(self.history, self.found, day, self.level), 1.0
        return share_interval(share, error, stood_for(self.history, self.found, day), self.level)

    def median(self, kind: str, *, term: str = "Days until half have ended") -> Estimate:
        """Time by which half have ended in one way; its interval inverts that of the incidence.

        Ends of other kinds stay in the count, so where they are common half may never end in this way: the time is
        then not estimable, and has no upper end where the incidence may stay below a half.
        """
        n, term = len(self.history), term + self.history.given()
        about = {"group": kind, "method": f"{METHOD}, inverted", "of": self.history.of, "unit": "days"}
        reason = self.history.why_not() or self.history.none_ended(kind)
        reason = reason or self.history.unseen(self.history.start)
        if reason:
            return Estimate.not_estimable(term, n=n, reason=reason, **about)
        reached = np.flatnonzero(self.found.incidence()[:, self.kinds.index(kind)] >= _HALF)
        if not len(reached):
            reason = f"fewer than half of the {self.history.of} ended in that way"
            return Estimate.not_estimable(term, n=n, reason=reason, **about)
        low = first_time(self.found.time, lambda day: (self.at(day, kind).high or 0.0) >= _HALF)
        high = first_time(self.found.time, lambda day: (self.at(day, kind).low or 0.0) >= _HALF)
        value = float(self.found.time[reached[0]])
        support = beside(self.history, value, low, high)
        return Estimate(term, value, low, high, self.level, n, support=support, **about)  # type: ignore[arg-type]

    def all_at(self, day: float, *, also: Iterable[str] = ()) -> Estimates:
        """Share that has ended in each way by a day, the commonest first.

        Parameters
        ----------
        day : float
            Days since the placement began.
        also : iterable of str
            Kinds of end to give even where none ended so: they are then nought.
        """
        made = [self.at(day, kind) for kind in dict.fromkeys([*self.kinds, *also])]
        return Estimates.of(sorted(made, key=lambda e: -(e.value or 0.0)))

    def frame(self, *, until: float | None = None) -> pd.DataFrame:
        """Give the share of each kind at up to 60 times: ``day``, a column a kind, and ``lasting``."""
        days = grid_of(self.found.time, until, self.history.start)
        upto = np.searchsorted(self.found.time, days, side="right")
        grown = np.concatenate([np.zeros((1, max(len(self.kinds), 1))), self.found.incidence()])[upto]
        table = pd.DataFrame(grown[:, : len(self.kinds)], columns=list(self.kinds))
        return table.assign(day=days, lasting=np.concatenate([[1.0], self.found.staying])[upto])


def aalen_johansen(frame: pd.DataFrame, watch: Watch, *, level: float = 0.95) -> Incidence:
    """Share of placements that have ended in each way, by time since they began.

    Parameters
    ----------
    frame : DataFrame
        One row per placement.
    watch : Watch
        Columns of time, event (words: the kind of end), entry and cluster.
    level : float
        Confidence level.

    Returns
    -------
    Incidence
        ``.at(day, kind)``, ``.all_at(day)``, ``.frame()``.

    Raises
    ------
    InputError
        If a column is missing or a time cannot be.

    References
    ----------
    Aalen OO, Johansen S (1978), Scand J Stat 5:141-150; Gooley TA et al. (1999), Stat Med 18:695-706.

    Examples
    --------
    >>> rows = pd.DataFrame({"days": range(10, 30), "end": ["breakdown", "planned move", None, "planned move"] * 5})
    >>> aalen_johansen(rows, Watch("days", "end")).at(20, "planned move").sentence()
    'Placements that end within 20 days, planned move: 27% (95% interval 9.8% to 48%; 20 placements).'
    """
    history = read_history(frame, watch).once_watched()
    return Incidence(history, steps(history), level)
