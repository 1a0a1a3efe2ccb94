"""The forecast: children in care in every future, and what may be said of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.analysis.sufficiency.bands import ages_together, kinds_together
from vcanalysis.analysis.sufficiency.panel import Panel, months_on
from vcanalysis.analysis.sufficiency.settings import AGE_BANDS, age_band
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates

METHOD = "monthly multistate simulation; resampled children, drifting arrivals"
_Some = tuple[int, ...] | None  # numbers of kinds or ages; None for all


@dataclass(frozen=True)
class Forecast:
    """Children in care in every future.

    Parameters
    ----------
    panel : Panel
        The records it was learnt from.
    draws : array of int (futures, months + 1, kinds, ages), or None
        Children in care; None where not estimable.
    coming : array of int (futures, months)
        Children who come in each month.
    reason : str
        Why it is not estimable; empty where it is.
    level : float
        Coverage of the intervals.
    learnt : object
        What futures are played from, for scenarios.
    found : int
        Where it is not estimable, what was found of what `reason` needs.
    """

    panel: Panel
    draws: np.ndarray | None
    coming: np.ndarray
    reason: str
    level: float
    learnt: Any
    found: int = 0

    @property
    def months(self) -> int:
        """Months ahead."""
        return self.coming.shape[1]

    @property
    def days(self) -> pd.DatetimeIndex:
        """Day of the forecast and the day of each month ahead."""
        day = self.panel.days[-1]
        return pd.DatetimeIndex([months_on(day, k) for k in range(self.months + 1)])

    def total(self, month: int) -> Estimate:
        """Give the children in care some months ahead.

        Examples
        --------
        >>> forecast(spells, day="2019-12-31", since="2016-01-01").total(12)  # doctest: +SKIP
        """
        return self._estimate("Children in care", "all", None, None, month)

    def by_kind(self, month: int, *, least: float = 0.0) -> Estimates:
        """Give the children some months ahead by kind of placement.

        Kinds of fewer than `least` children, now or at the end of a year, are put together into one.
        """
        groups = kinds_together(self.panel.kinds, self._expected(2), least=least)
        return Estimates.of(
            self._estimate("Children in care", called, numbers, None, month) for called, numbers in groups
        )

    def by_age(self, month: int, *, least: float = 0.0) -> Estimates:
        """Give the children some months ahead by age.

        Ages at which fewer than `least` children are, now or at the end of a year, are put with their neighbours.
        """
        groups = ages_together(self._expected(1), least=least)
        return Estimates.of(
            self._estimate("Children in care", called, None, numbers, month) for called, numbers in groups
        )

    def counts(self, kind: str | None = None) -> np.ndarray:
        """Give the children in care in every future: array (futures, months + 1), of one kind or all.

        Raises
        ------
        InputError
            If there is no such kind.
        """
        if self.draws is None:
            return np.zeros((0, self.months + 1))
        every = self.draws.sum(axis=3)
        return every.sum(axis=2) if kind is None else every[:, :, self._number(kind)]

    def flows(self) -> Estimates:
        """Give how many will come and how many will leave in the first year, or in the months asked for if fewer."""
        year = min(12, self.months)
        came = self.coming[:, :year].sum(axis=1)
        now = self.counts()
        left = now[:, 0] + came - now[:, year] if len(now) else came
        gone = (self.panel.target == len(self.panel.kinds)) & (self.panel.month >= self.panel.months - year)
        seen = int(self.panel.arrivals()[-year:].sum()), int(gone.sum())
        return Estimates.of(
            self._of(f"Children who {flow} in {year} months", "all", values, n)
            for flow, values, n in zip(("come", "leave"), (came, left), seen, strict=True)
        )

    def frame(self) -> pd.DataFrame:
        """Give a tidy frame for every month ahead, all children and each kind: the columns of estimates, and `day`."""
        rows = []
        for month, day in enumerate(self.days):
            one = Estimates((self.total(month), *self.by_kind(month))).frame()
            rows.append(one.assign(day=day))
        return pd.concat(rows, ignore_index=True)

    def fan(self, kind: str | None = None) -> pd.DataFrame:
        """Give the numbers of a fan chart: day, children (days known), middle, ends of the 50%, 80% and 95% bands."""
        shown = self.panel.counts()
        past = shown.sum(axis=1) if kind is None else shown[:, self._number(kind)]
        known = pd.DataFrame({"day": self.panel.days, "children": past.astype("float64")})
        drawn = self.counts(kind)
        if not len(drawn):
            return known
        ahead = pd.DataFrame({"day": self.days, "middle": np.median(drawn, axis=0)})
        for band in (50, 80, 95):
            ends = [interval_of_counts(values, band / 100) for values in drawn.T]
            ahead[f"low_{band}"], ahead[f"high_{band}"] = np.transpose(ends)
        return pd.concat([known, ahead], ignore_index=True)

    def sentence(self) -> str:
        """Say how many children are expected at the end."""
        return self.total(self.months).sentence()

    def headline(self) -> str:
        """Say the finding for a picture."""
        last = self.total(self.months)
        if not last.estimable or last.low is None or last.high is None:
            return "How many children will be in care cannot be said from these records"
        now = int(self.panel.counts()[-1].sum())
        return (
            f"Between {last.low:.0f} and {last.high:.0f} children in care in {self.months} months, {now} now"
        )

    def none(self, term: str, **fields: object) -> Estimate:
        """Say that a number is not estimable because the forecast is not."""
        return Estimate.not_estimable(term, n=self.found, reason=self.reason, **fields)

    def _number(self, kind: str) -> int:
        if kind not in self.panel.kinds:
            raise InputError(
                f"No kind of placement {kind!r} in the records. They hold: {', '.join(self.panel.kinds)}."
            )
        return self.panel.kinds.index(kind)

    def _expected(self, axis: int) -> np.ndarray:
        """Give the children now and at the end of each year ahead, and of all, by kind (axis 2) or age (axis 1)."""
        if self.draws is None:
            return np.full((1, len(self.panel.kinds) if axis == 2 else len(AGE_BANDS)), np.inf)
        when = sorted({*range(0, self.months + 1, 12), self.months})
        return self.draws[:, when].mean(axis=0).sum(axis=axis)

    def _estimate(self, term: str, group: str, kinds: _Some, ages: _Some, month: int) -> Estimate:
        if not 0 <= month <= self.months:
            raise InputError(f"The forecast runs {self.months} months. Give a month from 0 to {self.months}.")
        n = int((self.panel.month == self.panel.months).sum())
        term = f"{term} in {month} months"
        if self.draws is None:
            return self.none(term, method=METHOD, group=group)
        if kinds is not None or ages is not None:
            n = self._seen(kinds, ages)
        some = self.draws[:, month]
        some = some if kinds is None else some[:, kinds]
        some = some if ages is None else some[:, :, ages]
        return self._of(term, group, some.sum(axis=(1, 2)), n)

    def _seen(self, kinds: _Some, ages: _Some) -> int:
        """Count the children of some kinds or ages in the records: what a number about them rests on."""
        panel = self.panel
        own = np.ones(len(panel.child), bool) if kinds is None else np.isin(panel.kind, kinds)
        if ages is not None:
            own &= np.isin(age_band(np.maximum(panel.age, 0.0)), ages)
        return len(np.unique(panel.child[own]))

    def _of(self, term: str, group: str, values: np.ndarray, n: int) -> Estimate:
        """Sum up the futures: mean, and the interval that holds the wished share of them."""
        if not len(values):
            return self.none(term, method=METHOD, group=group)
        low, high = interval_of_counts(values, self.level)
        return Estimate(
            term,
            float(values.mean()),
            low,
            high,
            self.level,
            n,
            "children",
            METHOD,
            group,
            float(values.std()),
        )


def interval_of_counts(values: np.ndarray, level: float) -> tuple[float, float]:
    """Give the interval that holds a share of drawn whole numbers.

    Parameters
    ----------
    values : array of int
        Counts drawn.
    level : float
        Share the interval is to hold.

    Returns
    -------
    tuple of float
        Whole numbers: the quantiles of the draws, at ranks that hold the share also of one draw more.

    Examples
    --------
    >>> interval_of_counts(np.arange(1, 1001), 0.95)
    (25.0, 976.0)
    """
    low, high = np.quantile(values, [0.5 - level / 2, 0.5 + level / 2], method="weibull")
    return float(np.round(low)), float(np.round(high))
