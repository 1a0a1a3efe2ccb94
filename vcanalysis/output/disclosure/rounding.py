"""Rounding: how finely a published number of each unit is said."""

from __future__ import annotations

import math

from vcanalysis.output.disclosure.policy import STRICT, Policy

_NOTHING = 1e-6  # pounds
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
