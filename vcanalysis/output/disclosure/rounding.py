"""Rounding: how finely a published number of each unit is said."""

from __future__ import annotations

import math
from collections.abc import Callable

from vcanalysis.core.parts import step_of, to_base
from vcanalysis.output.disclosure.policy import STRICT, Policy
from vcanalysis.output.records import Record

_NOTHING = 1e-6  # pounds
# units whose intervals may be as wide as the root of a number of children makes them: the width tells the number
_WIDE_BY_COUNT = ("ratio", "correlation", "standard deviations")
_TOGETHER = 4 / 3  # a number and both its ends, rounded each, leave a little less open than one of them
_ALIKE = 1e-6  # what is left of the ten figures that a run keeps
PEOPLE = ("children", "placements", "assessments", "count")
PLACES = "places"  # of homes and carers: wanting or to spare, no child each; rounded alike
LEVELS = "levels"  # of need: whole numbers of each person
# A mean of n, and one of n + 1, leave a person open by (2 n + 1) steps: as many levels of 105 in hundredths as of ten,
# the fewest that are shown, in tenths.
_HUNDREDTHS = 105
_PLACES = {
    "correlation": 2,
    "ratio": 2,
    "index": 2,
    "change": 1,
    "small change": 3,  # of rates between councils, where a per cent is a large effect
    "probability": 2,
    "percentage points": 0,
    "points": 1,
    "days": 0,
    "classes": 0,
}


def rounded(
    value: float | None,
    unit: str,
    policy: Policy = STRICT,
    *,
    n: int | None = None,
    largest: float | None = None,
) -> float | None:
    """Round a number as its unit is published, pounds and levels of need by the people behind them.

    Examples
    --------
    >>> rounded(2148.6, "GBP per week"), rounded(0.1449, "share"), rounded(413, "children")
    (2150.0, 0.14, 415.0)
    >>> rounded(0.043, "levels", n=104), rounded(0.043, "levels", n=105)
    (0.0, 0.04)
    """
    if value is None:
        return None
    if unit in (*PEOPLE, PLACES):
        return float(to_base(value, policy.round_to))
    if unit == "share":
        return round(value, policy.share_places) + 0.0
    if unit == LEVELS:
        return round(value, 2 if (n or 0) >= _HUNDREDTHS else 1) + 0.0
    if unit in _PLACES:
        return round(value, _PLACES[unit]) + 0.0
    if unit.startswith("GBP") and n:
        return pounds(value, n, largest=largest, policy=policy)
    return float(f"{value:.{policy.figures}g}")


def pounds(value: float, n: int, *, largest: float | None = None, policy: Policy = STRICT) -> float:
    """Round a mean or a total in pounds, so coarsely that a child more or less stays open.

    Parameters
    ----------
    value : float
        Mean a child, or total, in pounds.
    n : int
        Children behind it.
    largest : float, optional
        What the dearest child costs; the mean itself where it is not known.
    policy : Policy
        Significant figures, and how wide a child's cost must stay.

    Notes
    -----
    A mean of n rounded to a step, and one of n + 1, leave what the child cost open by (2 n + 1) steps.

    Examples
    --------
    >>> pounds(3123.4, 250), pounds(3123.4, 25), pounds(500.2, 20, largest=7313.37)
    (3120.0, 3120.0, 500.0)
    """
    if abs(value) < _NOTHING:
        return 0.0
    step = pounds_step(value, n, largest=largest, policy=policy)
    return float(f"{math.floor(value / step + 0.5) * step:.10g}")


def pounds_step(value: float, n: int, *, largest: float | None = None, policy: Policy = STRICT) -> float:
    """Give the step `pounds` rounds to: 1, 2 or 5 times a power of ten.

    Examples
    --------
    >>> pounds_step(3123.4, 250), pounds_step(3123.4, 25), pounds_step(500.2, 20, largest=7313.37)
    (10.0, 20.0, 50.0)
    """
    size = abs(value) if largest is None else max(abs(largest), abs(value))
    power = math.floor(math.log10(abs(value))) + 1 - policy.figures
    least = policy.pounds_width * size / (2 * n + 1)
    return step_of(least, power)


def rounded_all(
    record: Record,
    numbers: tuple[float | None, ...],
    policy: Policy = STRICT,
    *,
    unit: str,
    again: bool = False,
    of_nobody: bool = False,
) -> list[float | None]:
    """Round an estimate and its ends as a record of children is published.

    Pounds are rounded all as coarsely, since an end near nought would else tell the estimate finely; by the smaller
    side of a difference; and a total by its largest part. Weeks in care count children who are there nearly all the
    time. Ends that tell how many are behind them are rounded by `width_step`, unless they were worked out `again` from
    rounded counts.

    Examples
    --------
    >>> week = Record("a.b", "Q?", "Change", 1028.2, 11.7, 2044.7, unit="GBP per week", n=12)
    >>> rounded_all(week, (1028.2, 11.7, 2044.7), unit="GBP per week")
    [1020.0, 20.0, 2040.0]
    """
    parts, n = record.parts, record.n or 0
    largest, least = parts.first if parts is not None else None, 0.0
    if not of_nobody:
        if unit.startswith("GBP"):
            n = min(n, record.support or n) if parts is not None else n
            if parts is not None and abs(abs(record.value or 0.0) - parts.total) <= _ALIKE * parts.total:
                least = (
                    policy.pounds_width * parts.first
                )  # of a total its step is all that leaves a child open
            largest = max(largest or 0.0, *(abs(end) for end in numbers if end is not None), 0.0)
        elif unit == "weeks" and n:
            least = policy.round_to * abs(record.value or 0.0) / n
        elif not again:
            least = width_step(record, policy)
    return [coarsely(rounded(number, unit, policy, n=n, largest=largest), least) for number in numbers]


def width_step(record: Record, policy: Policy = STRICT) -> float:
    """Give the step at which the width of an interval leaves open the `support` it names; 0 where it does not tell.

    A width that falls as the root of n, rounded to a step, leaves n open by 2 n step over half the width. Of drawn
    groups of 11 to 70, two decimals leave one number in 30 of 100; so rounded, two and more in all, 12 in the middle.

    Examples
    --------
    >>> gap = Record("a.b", "Q?", "Apart", 0.41, -0.11, 0.94, unit="ratio", n=276, support=27)
    >>> round(width_step(gap), 3)
    0.065
    """
    by_count = record.unit in _WIDE_BY_COUNT or record.unit.startswith("per 100")
    exact = by_count and policy.round_to > 1 and record.of != "events"  # events are counted in fives before
    if not exact or not record.support or record.low is None or record.high is None:
        return 0.0
    return _TOGETHER * (record.high - record.low) / 2 * policy.round_to / (2 * record.support)


def coarsely(value: float | None, least: float) -> float | None:
    """Round to `step_of` a least step; nothing is done where it is 0.

    Examples
    --------
    >>> coarsely(0.41, 0.049), coarsely(0.41, 0.0)
    (0.4, 0.41)
    """
    if value is None or least <= 0:
        return value
    step = step_of(least)
    return float(f"{math.floor(value / step + 0.5) * step:.10g}") + 0.0


def published_unit(unit: str) -> str:
    """Give the unit a published number is written in: shares in whole per cent."""
    return "probability" if unit == "share" else unit


def rate_of_rounded(record: Record, policy: Policy = STRICT) -> tuple[float, float, float] | None:
    """Work a rate, or the ratio of two, out again from rounded events: its exact ends tell how many there were.

    None where the ends are not those of counted events: they then rest on more than the number of these.
    """
    value, low, high, n = record.value, record.low, record.high, record.n
    if (
        not value
        or low is None
        or high is None
        or not n
        or not (record.unit.startswith("per 100") or record.unit == "ratio")
    ):
        return None
    from scipy import stats  # takes a second to load

    from vcanalysis.core.intervals import wilson

    def rate(events: int) -> tuple[float, float, float]:
        tail = (1 - record.level) / 2
        return (
            events,
            float(stats.chi2.ppf(tail, 2 * events)) / 2,
            float(stats.chi2.isf(tail, 2 * events + 2)) / 2,
        )

    def odds(events: int, others: int) -> tuple[float, float, float]:
        first, second = (p / (1 - p) for p in wilson(events, events + others, record.level))
        return events / others, first, second

    few = record.support or n
    tried: list[tuple[Callable[..., tuple[float, float, float]], tuple[int, ...]]] = []
    if record.unit != "ratio":
        tried = [(rate, (k,)) for k in dict.fromkeys((n, few))]
    elif 0 < few < n:
        tried = [(odds, (few, n - few)), (odds, (n - few, few))]
    for law, counts in tried:
        of = law(*counts)
        if all(abs(end / value - o / of[0]) < _ALIKE for end, o in zip((low, high), of[1:], strict=True)):
            told = law(*(max(to_base(k, policy.round_to), policy.round_to) for k in counts))
            return value / of[0] * told[0], value / of[0] * told[1], value / of[0] * told[2]
    return None
