"""The step-down pipeline: from profile to family search, offer, match and move, and what lasts after it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import pandas as pd

from vcanalysis.analysis.stepdown.shares import JEFFREYS, posterior_share, share_of
from vcanalysis.core.columns import require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import median_interval, support_of
from vcanalysis.core.survival import Incidence, Watch, aalen_johansen

STEPS = ("profiled", "search", "offer", "match", "move")
DECISIONS = ("search", "appropriate", "joint funding", "other")
WEEKS = (13, 26, 52)
MINIMUM = 6  # below six values no 95% interval of a median exists
_WAITED = "Days waited by those who wait now"
LEFT = "left the home otherwise"
_WATCH = Watch("days", "end", of="children")
_SAME_DAY = 0.5  # a step on the day of the one before it


@dataclass(frozen=True, slots=True)
class Pipeline:
    """How far children profiled for a family have come by a day.

    Parameters
    ----------
    rows : DataFrame
        The children; dates after the day are missing.
    day : Timestamp
        The day.
    steps : tuple of str
        Columns of the dates, in order; "suitable" is a decision, not a date.
    left : str
        Column of the day a child left the home in another way; empty when there is none.
    prior : tuple of float
        Prior of shares after the move.
    level : float
        Confidence level.
    """

    rows: pd.DataFrame
    day: pd.Timestamp
    steps: tuple[str, ...] = STEPS
    left: str = ""
    prior: tuple[float, float] = JEFFREYS
    level: float = 0.95

    def outcomes(self, decision: str = "decision") -> Estimates:
        """Share of profiled children for each decision of the panel, Wilson; children not yet decided are said.

        Raises
        ------
        InputError
            If a decision is none of `DECISIONS`.
        """
        require_columns(self.rows, decision)
        decided = self.rows[decision].dropna().astype("str")
        strange = sorted(set(decided) - set(DECISIONS))
        if strange:
            raise InputError(
                f"Column {decision!r} holds {strange[0]!r}. Decisions are: {', '.join(DECISIONS)}."
            )
        term, reason = "Profiled children by decision", "no child has been decided on"
        made = [
            share_of(
                int((decided == d).sum()), len(decided), term=term, group=d, level=self.level, reason=reason
            )
            for d in DECISIONS
        ]
        waiting = len(self.rows) - len(decided)
        return Estimates.of(made, f"{waiting} profiled children wait for a decision." if waiting else "")

    def reached(self) -> Estimates:
        """Share of all profiled children that have come to each step so far, Wilson."""
        made = [
            share_of(
                int(self.rows[step].notna().sum()),
                len(self.rows),
                term="Profiled children who have come so far",
                group=step,
                level=self.level,
                reason="no child has been profiled",
            )
            for step in self.steps[1:]
        ]
        return Estimates.of(made, "Recent profiles have had less time; days are counted below.")

    def conversions(self) -> Estimates:
        """Share of those at each step that have come to the next so far, Wilson; groups name the next step."""
        made = []
        for first, then in pairwise(self.steps):
            at = self.rows[self.rows[first].notna()]
            count, reason = int(at[then].notna().sum()), f"no child has come to {first}"
            made.append(
                share_of(
                    count,
                    len(at),
                    term="Came on from the step before",
                    group=then,
                    level=self.level,
                    reason=reason,
                )
            )
        return Estimates.of(made)

    def wait(self, first: str, then: str) -> Incidence:
        """Days from one step to another, with leaving the home otherwise as competing end.

        Returns
        -------
        Incidence
            ``.at(day, then)`` is the share that has come to the step within so many days, ``.median(then)`` the time
            until half have. A child still waiting is censored; one that left otherwise stays in the count, because it
            can no longer come to the step.
        """
        return aalen_johansen(self._waits(first, then), _WATCH, level=self.level)

    def _waits(self, first: str, then: str) -> pd.DataFrame:
        at = self.rows[self.rows[first].notna()]
        gone = at[self.left] if self.left else pd.Series(pd.NaT, index=at.index)
        stop = at[then].fillna(gone.where(gone >= at[first])).fillna(self.day)
        end = np.select([at[then].notna(), gone.notna() & (gone >= at[first])], [then, LEFT], default="")
        days = (stop - at[first]).dt.days.clip(lower=0).astype(float).replace(0.0, _SAME_DAY)
        return pd.DataFrame(
            {"days": days, "end": pd.Series(end, index=at.index, dtype="str").replace("", None)}
        )

    def median_days(self) -> Estimates:
        """Days until half of those at a step have come to the next, competing ends counted; groups name the next."""
        return Estimates.of(self._median(first, then) for first, then in pairwise(self.steps))

    def _median(self, first: str, then: str) -> Estimate:
        term, found = "Days until half have come on from the step before", self.wait(first, then)
        about = {"group": then, "of": "children", "unit": "days"}
        if then not in found.kinds:
            reason = found.history.why_not() or f"no child has come to {then}"
            return Estimate.not_estimable(term, n=len(found.history), reason=reason, **about)
        return found.median(then, term=term)

    def waiting(self) -> Estimates:
        """Give the median days that children now waiting for the next step have waited; groups name that step.

        Children who left otherwise, whose steps the panel did not ask for, or who came on wait no more. A step that
        nobody waits for is left out.
        """
        found = [self._waiting(first, then) for first, then in pairwise(self.steps)]
        nobody = Estimate.not_estimable(_WAITED, n=0, reason="nobody waits", unit="days")
        return Estimates.of([e for e in found if e.n] or [nobody])

    def _waiting(self, first: str, then: str) -> Estimate:
        waits = self._waits(first, then)
        if (
            first == self.steps[0] and "decision" in self.rows
        ):  # who was decided on otherwise waits for no search
            decided = self.rows.loc[waits.index, "decision"]
            waits = waits[decided.isna() | decided.eq("search")]
        days = np.floor(waits.loc[waits["end"].isna(), "days"].to_numpy())
        term, method = _WAITED, "median; distribution-free interval"
        if len(days) < MINIMUM:
            reason = f"at least {MINIMUM} children must wait"
            return Estimate.not_estimable(
                term, n=len(days), reason=reason, group=then, unit="days", method=method
            )
        value, (low, high) = float(np.median(days)), median_interval(days, self.level) or (None, None)
        about = (self.level, len(days), "days", method, then)
        return Estimate(term, value, low, high, *about, support=support_of(days, value, low, high))

    def within(self, weeks: float, *, first: str = "", then: str = "") -> Estimate:
        """Share of those at a step that come to another within so many weeks; from the first to the last by default."""
        first, then = first or self.steps[0], then or self.steps[-1]
        found, term = self.wait(first, then), f"From {first} to {then} within {weeks:g} weeks"
        about = {"n": len(found.history), "of": "children", "unit": "share"}
        if then not in found.kinds:
            reason = found.history.why_not() or f"no child has come to {then}"
            return Estimate.not_estimable(term, reason=reason, **about)  # type: ignore[arg-type]
        over = found.found.staying[-1] <= 0  # nobody waits any more: what has come by now will not change
        day = min(7 * weeks, float(found.history.exit.max())) if over else 7 * weeks
        return found.at(day, then).named(term=term, group="all")

    def sustained(self, weeks: Sequence[int] = WEEKS, *, column: str = "sustained_{}_weeks") -> Estimates:
        """Share still in a family so many weeks on, among children who moved that long ago: Wilson.

        Children who moved later are left out whatever became of them: their breakdowns are known early, their
        successes only when the time is up, so that counting what is known would make moves look worse than they are.
        """
        counts = [self._due(column.format(week), week) for week in weeks]
        made = [
            share_of(
                count,
                n,
                term=f"In a family {week} weeks after the move",
                level=self.level,
                reason=f"no child moved {week} weeks ago or more",
            )
            for week, (count, n) in zip(weeks, counts, strict=True)
        ]
        return Estimates.of(made)

    def sustained_with_prior(
        self, weeks: Sequence[int] = (52,), *, column: str = "sustained_{}_weeks"
    ) -> Estimates:
        """Give the same with the prior of the pipeline, which must be for these weeks: beta-binomial."""
        made = [
            posterior_share(
                *self._due(column.format(week), week),
                term=f"In a family {week} weeks after the move, with prior",
                prior=self.prior,
                level=self.level,
            )
            for week in weeks
        ]
        return Estimates.of(made)

    def _due(self, column: str, weeks: int) -> tuple[int, int]:
        """Count those still in a family among the children whose weeks are up and whose state is known."""
        require_columns(self.rows, column)
        long_ago = self.rows[self.steps[-1]] + pd.Timedelta(weeks=weeks) <= self.day
        known = self.rows.loc[long_ago, column].dropna().astype(bool)
        return int(known.sum()), len(known)

    def after_the_move(self, *, ended: str = "ended", reason: str = "reason") -> Incidence:
        """How family placements after the move ended, by days since: breakdown, planned move, home, 18th birthday.

        Raises
        ------
        InputError
            If a column is missing.
        """
        require_columns(self.rows, ended, reason)
        moved = self.rows[self.rows[self.steps[-1]].notna()]
        over = moved[ended].where(moved[ended] <= self.day)
        days = (over.fillna(self.day) - moved[self.steps[-1]]).dt.days.clip(lower=0)
        end = moved[reason].astype("str").where(over.notna() & moved[reason].notna(), None)
        end = end.mask(over.notna() & moved[reason].isna(), "not said")
        watch = Watch("days", "end", of="moves")
        rows = pd.DataFrame({"days": days.astype(float).replace(0.0, _SAME_DAY), "end": end})
        return aalen_johansen(rows, watch, level=self.level)


def pipeline(
    frame: pd.DataFrame,
    *,
    day: str | pd.Timestamp,
    steps: Sequence[str] = STEPS,
    left: str = "",
    prior: tuple[float, float] = JEFFREYS,
    level: float = 0.95,
) -> Pipeline:
    """Follow children profiled for a family from step to step.

    Parameters
    ----------
    frame : DataFrame
        One row per profile with a date column for each step (missing until it happens), and for the other results
        ``decision``, ``sustained_13_weeks`` and so on (flags), ``ended`` and ``reason``.
    day : str or Timestamp
        Last day that counts; profiles after it are left out, steps after it have not happened.
    steps : sequence of str
        Date columns in order.
    left : str
        Column of the day a child left the home in another way than by the move, if known.
    prior : tuple of float
        Prior of the shares after the move, such as ``preset("bham_stepdown_sib").beta()``; stated in their method.
    level : float
        Confidence level.

    Returns
    -------
    Pipeline
        ``.outcomes()``, ``.reached()``, ``.conversions()``, ``.median_days()``, ``.waiting()``, ``.within(weeks)``,
        ``.sustained()``, ``.after_the_move()``.

    Raises
    ------
    InputError
        If a column is missing, holds no dates, or a step comes before the one it follows.

    References
    ----------
    Aalen OO, Johansen S (1978), Scand J Stat 5:141-150, for days with competing ends; the four outcomes are those
    reported from Oxfordshire in 2019.

    Examples
    --------
    >>> days = pd.date_range("2019-01-01", periods=20, freq="7D")
    >>> rows = pd.DataFrame({"profiled": days, "search": [*days[:10] + pd.Timedelta(days=20), *[pd.NaT] * 10],
    ...                      "decision": ["search", "appropriate"] * 10})
    >>> found = pipeline(rows, day="2019-12-31", steps=("profiled", "search"))
    >>> found.outcomes().group("search").words()
    '50% (95% interval 30% to 70%)'
    """
    when, dates = pd.Timestamp(day), [*steps, *filter(None, [left])]
    require_columns(frame, *dates)
    rows = frame.copy()
    for name in dates:
        if not pd.api.types.is_datetime64_any_dtype(rows[name]):
            if rows[name].notna().any():
                raise InputError(
                    f"Column {name!r} holds no dates. Give a column of dates, empty until it happens."
                )
            rows[name] = pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
        rows[name] = rows[name].where(rows[name] <= when)
    rows = rows[rows[steps[0]].notna()]
    _refuse_disorder(rows, steps)
    return Pipeline(rows, when, tuple(steps), left, prior, level)


def _refuse_disorder(rows: pd.DataFrame, steps: Sequence[str]) -> None:
    for first, then in pairwise(steps):
        early = int((rows[then] < rows[first]).sum())
        if early:
            raise InputError(
                f"Column {then!r}: {early} dates lie before {first!r} of the same child. Correct the dates."
            )
        skipped = int((rows[then].notna() & rows[first].isna()).sum())
        if skipped:
            raise InputError(
                f"Column {then!r}: {skipped} children have a date there and none in {first!r}. Fill in the step before."
            )
