"""Flows: the newest count of events beside the range that chance gives, with the checks that range needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from vcanalysis.analysis.signal.limits import LEVEL, METHOD, prediction_limits, rise_that_is_seen
from vcanalysis.analysis.signal.runs import SPAN, autocorrelation, crossings, longest_run
from vcanalysis.core.columns import require_columns
from vcanalysis.core.estimate import Estimate, Estimates

LEAST_BEFORE, LEAST_EVENTS = 8, 10
TERMS = ("Newest quarter", "Mean of the quarters before", "Smallest lasting rise seen 8 times in 10")


@dataclass(frozen=True, slots=True)
class FlowSignal:
    """What the newest count of a flow says.

    Parameters
    ----------
    newest : Estimate
        The newest count; its interval is the range of chance by the counts before.
    usual : Estimate
        Mean count of the quarters before.
    carried : Estimate
        Correlation of a quarter with the one before.
    run, crossed : Estimate
        Longest run on one side of the median, and crossings of it, with their ranges of chance.
    seen : Estimate
        Smallest lasting rise that the newest count would show eight times in ten.
    """

    newest: Estimate
    usual: Estimate
    carried: Estimate
    run: Estimate
    crossed: Estimate
    seen: Estimate

    @property
    def checks(self) -> Estimates:
        """Give what the verdict rests on besides the count itself."""
        return Estimates((self.usual, self.carried, self.run, self.crossed, self.seen))

    @property
    def verdict(self) -> str:
        """Say in a few words whether the newest count is more than chance."""
        return verdict(self.newest, self.carried, self.run, self.crossed)

    def frame(self) -> pd.DataFrame:
        """Give the count and its checks as a tidy frame."""
        return Estimates((self.newest, *self.checks)).frame()

    def sentence(self) -> str:
        """Say the count, its range of chance and the verdict."""
        return f"{self.newest.sentence()} Verdict: {self.verdict}."


def verdict(newest: Estimate, carried: Estimate, run: Estimate, crossed: Estimate) -> str:
    """Say whether a count is more than chance, by rules that are the same every quarter.

    Parameters
    ----------
    newest : Estimate
        The newest count with its range of chance.
    carried : Estimate
        Correlation of a quarter with the one before.
    run, crossed : Estimate
        Longest run about the median and crossings of it, each with its range of chance.

    Returns
    -------
    str
        "could not be judged", "not judged: quarters carry over", "above chance", "below chance", "a lasting shift"
        or "within chance": the first that holds.

    Notes
    -----
    A flow that carries over from quarter to quarter leaves the range of chance far too often, so it is not judged.

    Examples
    --------
    >>> open_ = Estimate.not_estimable("Run", n=0, reason="few")
    >>> verdict(Estimate("Came", 60, 15, 48, n=300, unit="count"), open_, open_, open_)
    'above chance'
    """
    if newest.value is None or newest.low is None or newest.high is None:
        return "could not be judged"
    if (carried.low or 0.0) > 0:
        return "not judged: quarters carry over"
    if not newest.low <= newest.value <= newest.high:
        return "above chance" if newest.value > newest.high else "below chance"
    return "a lasting shift" if _outside(run) or _outside(crossed) else "within chance"


def _outside(check: Estimate) -> bool:
    return check.excludes(check.value) if check.value is not None else False


def judge_flow(
    counts: Sequence[int], *, level: float = LEVEL, base: int = 1, group: str = "all"
) -> FlowSignal:
    """Hold the newest count of a flow against the range that chance gives by the counts before.

    Parameters
    ----------
    counts : sequence of int
        Events in periods of equal length, in order of time, the newest last.
    level : float
        Share of counts inside the range when nothing has changed.
    base : int
        Counts and limits are rounded to this: the verdict is that of the numbers as published.
    group : str
        Name of the flow.

    Returns
    -------
    FlowSignal
        Not estimable with fewer than 8 earlier counts, or 10 events in them.

    Raises
    ------
    InputError
        If a count is negative.

    Examples
    --------
    >>> judge_flow([30, 28, 33, 25, 31, 29, 36, 27, 34], group="came into care").sentence()
    'Newest quarter, came into care: 34 (99% range of chance 16 to 46; 273 events). Verdict: within chance.'
    """
    # a check rests on the events that its quarters hold: so the gate reads it
    about: dict[str, Any] = {"of": "events", "group": group, "support": min(counts, default=0)}
    checks = [
        check(counts).named(n=sum(counts), **about) for check in (autocorrelation, longest_run, crossings)
    ]
    judged = _judged([_to(base, int(count)) for count in counts], level, base)
    newest, usual, seen = (e.named(**about) if e.estimable else e.named(group=group) for e in judged)
    return FlowSignal(newest, usual, checks[0], checks[1], checks[2], seen)


def _judged(counts: list[int], level: float, base: int) -> tuple[Estimate, Estimate, Estimate]:
    """Give the newest count with its range of chance, the usual count, and the rise that would be seen."""
    before, n = counts[:-1], sum(counts)
    if len(before) < LEAST_BEFORE or sum(before) < LEAST_EVENTS:
        few, of = (len(before), "quarters") if len(before) < LEAST_BEFORE else (sum(before), "events")
        reason = f"at least {LEAST_BEFORE} earlier quarters with {LEAST_EVENTS} events in them are needed"
        a, b, c = (Estimate.not_estimable(w, n=few, reason=reason, method=METHOD, of=of) for w in TERMS)
        return a, b, c
    low, high = (_to(base, end) for end in prediction_limits(before, level=level))
    mean = sum(before) / len(before)
    return (
        Estimate(TERMS[0], counts[-1], low, high, level, n, "count", METHOD, span=SPAN),
        Estimate(TERMS[1], mean, n=n, unit="count", method="mean"),
        Estimate(
            TERMS[2], rise_that_is_seen(high, mean), n=n, unit="change", method="Poisson, given the limits"
        ),
    )


def _to(base: int, count: int) -> int:
    return base * ((2 * count + base) // (2 * base))


def judge_flows(table: pd.DataFrame, *, level: float = LEVEL, base: int = 1) -> dict[str, FlowSignal]:
    """Judge the newest count of every flow of a table.

    Parameters
    ----------
    table : DataFrame
        Columns when (in order of time), flow, events.
    level, base
        As for `judge_flow`.

    Returns
    -------
    dict
        By the name of the flow, in the order of the table.

    Raises
    ------
    InputError
        If a column is missing or a count is negative.

    Examples
    --------
    >>> table = pd.DataFrame({"when": [f"{y}Q{q}" for y in (2017, 2018, 2019) for q in (1, 2, 3, 4)],
    ...                       "flow": "left care", "events": [20, 22, 19, 25, 21, 18, 24, 20, 23, 19, 22, 48]})
    >>> judge_flows(table)["left care"].verdict
    'above chance'
    """
    require_columns(table, "when", "flow", "events")
    return {
        str(name): judge_flow(rows["events"].tolist(), level=level, base=base, group=str(name))
        for name, rows in table.groupby("flow", sort=False, observed=True)
    }
