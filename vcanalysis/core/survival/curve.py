"""How long placements last: the Kaplan-Meier curve, with delayed entry and clusters."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import Interval, normal_quantile
from vcanalysis.core.survival.history import Array, History, Watch, read_history
from vcanalysis.core.survival.risk import (
    Steps,
    at_risk,
    clustered_variance,
    greenwood,
    influence,
    most_staying,
    staying_weight,
    steps,
)

METHOD = "Kaplan-Meier with delayed entry; log(-log) interval (beta product where none lasts)"
_POINTS = 60


@dataclass(frozen=True, slots=True)
class Survival:
    """The share of placements that still last, by time since they began.

    Parameters
    ----------
    history : History
        The placements.
    found : Steps
        Risk sets, ends and the curve at each time of an end.
    level : float
        Confidence level.
    group : str
        Whose placements; "all" when not split.
    """

    history: History
    found: Steps
    level: float = 0.95
    group: str = "all"

    def std_error(self, day: float) -> float:
        """Give the standard error of the share on a day: Greenwood, or infinitesimal jackknife over clusters."""
        upto = self.found.upto(day)
        if not self.history.clustered:
            share = self.found.staying[upto - 1] if upto else 1.0
            return float(share * math.sqrt(greenwood(self.found)[:upto].sum()))
        given = influence(self.history, self.found, staying_weight(self.found, day))
        return math.sqrt(clustered_variance(self.history, given))

    def at(self, day: float, *, term: str = "") -> Estimate:
        """Share that still lasts on a day, as an Estimate in the unit "share".

        Not estimable when nobody is watched so long, unless all had ended before: the share is then nought. Where too
        few were watched at first, the share is of those that lasted until enough were, and the term says so.
        """
        term = (term or f"{self.history.of.capitalize()} that last {day:,.0f} days") + self.history.given()
        reason = self.history.why_not() or self.history.unseen(day)
        n = len(self.history)
        about = {"group": self.group, "method": self._method, "of": self.history.of}
        if reason:
            return Estimate.not_estimable(term, n=n, reason=reason, **about)
        upto = self.found.upto(day)
        share = float(self.found.staying[upto - 1]) if upto else 1.0
        error = self.std_error(day)
        if share > 0:
            watched = float(at_risk(self.history, np.array([day]))[0])
            low, high = share_interval(share, error, watched, self.level)
        else:
            low, high = 0.0, most_staying(self.history, self.found, day, self.level)
        return Estimate(term, share, low, high, self.level, n, "share", std_error=error, **about)  # type: ignore[arg-type]

    def along(self, weeks: Iterable[int], *, term: str) -> Estimates:
        """Give the share that still lasts after each of several numbers of weeks, to be drawn as a curve.

        Parameters
        ----------
        weeks : iterable of int
            In the order they are to be shown.
        term : str
            What still lasts, in words.

        Returns
        -------
        Estimates
            Groups such as "26 weeks"; the support is who is still watched then.
        """
        made = [
            (f"{w} weeks", self.at(7 * w, term=term), at_risk(self.history, np.array([7.0 * w]))[0])
            for w in weeks
        ]
        return Estimates.of(found.named(group=group, support=int(watched)) for group, found, watched in made)

    @property
    def _method(self) -> str:
        return f"{METHOD} robust to clusters" if self.history.clustered else METHOD

    def median(self, *, term: str = "Median length of a placement") -> Estimate:
        """Time by which half of the placements have ended; its interval inverts that of the curve."""
        about: dict[str, Any] = {
            "group": self.group,
            "method": f"{self._method}, inverted",
            "of": self.history.of,
            "unit": "days",
        }
        below = np.flatnonzero(self.found.staying <= 0.5)
        term += self.history.given()
        reason = (self.history.why_not() or self.history.unseen(self.history.start)) or (
            "" if len(below) else f"fewer than half of the {self.history.of} ended in time"
        )
        n = len(self.history)
        if reason:
            return Estimate.not_estimable(term, n=n, reason=reason, **about)
        grid = self.found.time
        ends = [self._crosses(grid, side) for side in (0, 1)]
        value = float(grid[below[0]])
        about["support"] = beside(self.history, value, *ends)
        return Estimate(term, value, ends[0], ends[1], self.level, n, **about)

    def _crosses(self, grid: Array, side: int) -> float | None:
        """First time at which an end of the interval lies at or below one half (Brookmeyer and Crowley 1982)."""

        def below(day: float) -> bool:
            made = self.at(day)
            end = (made.low, made.high)[side]
            return end is not None and end <= 0.5

        return first_time(grid, below)

    def frame(self, *, until: float | None = None) -> pd.DataFrame:
        """Give the curve at up to 60 times: the columns of an Estimate, and ``day`` and ``at_risk``."""
        days = grid_of(self.found.time, until, self.history.start)
        rows = Estimates.of(self.at(float(day)) for day in days).frame()
        return rows.assign(day=days, at_risk=at_risk(self.history, days).astype(int))


def beside(history: History, *said: float | None) -> int:
    """Count the fewest who ended by, or stayed beyond, any time that is said: each is the time of somebody's end."""
    ended = history.exit[history.ended()]
    return min(min(int((ended <= t).sum()), int((history.exit > t).sum())) for t in said if t is not None)


def first_time(times: Array, reached: Callable[[float], bool]) -> float | None:
    """Give the first of some times at which a curve that only falls, or only rises, has reached something.

    By halving: a nation has too many times to try each.

    Examples
    --------
    >>> first_time(np.arange(100.0), lambda day: day >= 40), first_time(np.arange(9.0), lambda day: False)
    (40.0, None)
    """
    low, high = 0, len(times)
    while low < high:
        middle = (low + high) // 2
        low, high = (low, middle) if reached(float(times[middle])) else (middle + 1, high)
    return float(times[low]) if low < len(times) else None


def grid_of(times: Array, until: float | None, start: float) -> Array:
    """Give the start and up to 60 of the times, evenly spread."""
    inside = times if until is None else times[times <= until]
    few = inside[np.unique(np.linspace(0, len(inside) - 1, _POINTS).astype(int))] if len(inside) else inside
    last = [] if until is None or until in few else [until]
    return np.concatenate([[start if start < np.inf else 0.0], few, last])


def share_interval(share: float, error: float, watched: float, level: float) -> Interval:
    """Interval of a share that stays, or has ended, on the log(-log) scale; exact where it is none or all.

    Parameters
    ----------
    share, error : float
        The share and its standard error.
    watched : float
        Placements still watched then: they bound the interval where no end was seen.
    level : float
        Confidence level.

    References
    ----------
    Kalbfleisch JD, Prentice RL (2002), The Statistical Analysis of Failure Time Data, section 1.4.

    Examples
    --------
    >>> [round(end, 3) for end in share_interval(0.6, 0.1, 40, 0.95)]
    [0.38, 0.764]
    >>> [round(end, 3) for end in share_interval(1.0, 0.0, 40, 0.95)]
    [0.912, 1.0]
    """
    tail = ((1 - level) / 2) ** (1 / max(watched, 1))
    if share >= 1:
        return tail, 1.0
    if share <= 0:
        return 0.0, 1 - tail
    spread = normal_quantile(level) * error / (share * -math.log(share))
    return share ** math.exp(spread), share ** math.exp(-spread)


def kaplan_meier(frame: pd.DataFrame, watch: Watch, *, level: float = 0.95, group: str = "all") -> Survival:
    """Share of placements that still last, by time since they began, whatever ends them.

    Parameters
    ----------
    frame : DataFrame
        One row per placement.
    watch : Watch
        Columns of time, event, entry and cluster.
    level : float
        Confidence level.
    group : str
        Words for whose placements these are.

    Returns
    -------
    Survival
        ``.at(day)``, ``.median()``, ``.frame()``.

    Raises
    ------
    InputError
        If a column is missing or a time cannot be.

    Notes
    -----
    Any end counts. The share lost to one kind of end is `aalen_johansen`: one minus a curve that censors the other
    kinds answers what would be if nobody could leave in another way. Where placements are first watched late, the
    curve starts once five are watched at the same time, and is that of placements that lasted until then.

    References
    ----------
    Kaplan EL, Meier P (1958), J Am Stat Assoc 53:457-481; Tsai WY, Jewell NP, Wang MC (1987), Biometrika 74:883-886.

    Examples
    --------
    >>> rows = pd.DataFrame({"days": range(10, 30), "end": ["moved", None] * 10})
    >>> kaplan_meier(rows, Watch("days", "end")).at(20).sentence()
    'Placements that last 20 days: 64% (95% interval 37% to 82%; 20 placements).'
    """
    history = read_history(frame, watch).once_watched()
    return Survival(history, steps(history), level, group)
