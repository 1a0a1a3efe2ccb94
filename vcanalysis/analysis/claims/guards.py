"""What a number given to the audit or to a simulated nation may be: one table, and one line that refuses the rest."""

from __future__ import annotations

import math
from dataclasses import dataclass
from numbers import Real

from vcanalysis.core.errors import InputError


@dataclass(frozen=True, slots=True)
class Allowed:
    """What one number may be: how it is named when refused, its ends, and what to give instead."""

    said: str
    ask: str
    low: float = -math.inf
    high: float = math.inf
    whole: bool = False
    ends: bool = True  # whether the ends themselves are allowed


_PLANTED = "0 or more, as a share of spend, and no more than 10"
_CORRELATION = "a correlation, 0 to 1"
ALLOWED = {
    "amount": Allowed("An amount of {} pounds is", "the saving in pounds a year, a number of 0 or more", 0),
    "one amount": Allowed("An amount of {} pounds is", "the pounds a year of each council"),
    "reported": Allowed("A reported amount of {} pounds is", "more than 0 pounds", 0, ends=False),
    "national": Allowed(
        "A claim of {} pounds for England is", "more than 0 pounds, or leave it out", 0, ends=False
    ),
    "within": Allowed("A nearness (`within`) of {} is", "a share of more than 0, such as 0.1", 0, ends=False),
    "councils": Allowed("{} councils are", "a whole number of 1 or more", 1, whole=True),
    "heads": Allowed("A council with {} children in care is", "more than 0", 0, ends=False),
    "spend level": Allowed("A council with a spend level of {} is", "more than 0", 0, ends=False),
    "level": Allowed("A level of {} is", "one between 0 and 1, such as 0.95", 0, 1, ends=False),
    "audit draws": Allowed(
        "{} draws are", "1,000 or more: fewer are too few for an interval", 1000, whole=True
    ),
    "draws": Allowed("{} draws are", "a whole number of 1 or more", 1, whole=True),
    "seed": Allowed("A seed of {} is", "a whole number of 0 or more", 0, whole=True),
    "true_share": Allowed("A true saving of {} of spend is", "a share between -1 and 1", -1, 1, ends=False),
    "between": Allowed("A spread between councils of {} is", _PLANTED, 0, 10),
    "noise": Allowed("A noise of {} is", _PLANTED, 0, 10),
    "dear": Allowed("dear of {} is", _CORRELATION, 0, 1),
    "keen": Allowed("keen of {} is", _CORRELATION, 0, 1),
    "joining": Allowed("{} councils that join are", "a whole number of 1 or more", 1, whole=True),
    "reporting": Allowed("{} councils that report are", "a whole number of 1 or more", 1, whole=True),
    "spend": Allowed("A spend of {} pounds is", "more than 0", 0, ends=False),
}


def is_number(given: object) -> bool:
    """Whether something is a finite number, and not text, nothing, or yes and no.

    Examples
    --------
    >>> is_number(2.5), is_number("2.5"), is_number(None), is_number(float("nan"))
    (True, False, False, False)
    """
    return isinstance(given, Real) and not isinstance(given, bool) and math.isfinite(given)


def allowed(name: str, given: object) -> float:
    """Give a number back if it is one that `ALLOWED` names.

    Raises
    ------
    InputError
        If it is no number or beyond what is allowed.

    Examples
    --------
    >>> allowed("level", 0.9)
    0.9
    """
    rule = ALLOWED[name]
    if is_number(given):
        value = float(given)  # type: ignore[arg-type]
        inside = rule.low <= value <= rule.high if rule.ends else rule.low < value < rule.high
        if inside and (not rule.whole or value == int(value)):
            return value
    shown = f"{given:,.10g}" if isinstance(given, Real) and not isinstance(given, bool) else repr(given)[:40]
    raise InputError(f"{rule.said.format(shown)} refused. Give {rule.ask}.")
