"""Rounding: how finely a published number of each unit is said."""

from __future__ import annotations

import math
from collections.abc import Callable

from vcanalysis.output.disclosure.policy import STRICT, Policy
from vcanalysis.output.records import Record

_NOTHING = 1e-6  # pounds
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
    steps = (m * 10.0 ** (power + k) for k in range(12) for m in (1, 2, 5))
    return next(s for s in steps if s >= least * (1 - 1e-9))


def published_unit(unit: str) -> str:
    """Give the unit a published number is written in: shares in whole per cent."""
    return "probability" if unit == "share" else unit


def to_base(value: float, base: int) -> int:
    """Round a count to the nearest multiple of a base, halves upwards.

    Examples
    --------
    >>> to_base(12, 5), to_base(13, 5), to_base(7, 1)
    (10, 15, 7)
    """
    return base * math.floor(value / base + 0.5)


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
