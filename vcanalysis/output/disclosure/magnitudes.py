"""Pounds: whether one or two children can be worked out from what is said of many."""

from __future__ import annotations

from vcanalysis.core.parts import Parts
from vcanalysis.output.disclosure.policy import STRICT, Policy


def dominated(parts: Parts, policy: Policy = STRICT) -> bool:
    """Whether the largest parts of a sum make so much of it that they can nearly be worked out.

    Examples
    --------
    >>> dominated(Parts(16_000, 400, 17_430)), dominated(Parts(500, 500, 10_000))
    (True, False)
    """
    largest = parts.first + parts.second
    if parts.total == 0:
        return False
    rest = parts.total - largest
    return (
        rest < policy.dominance_percent / 100 * parts.first or largest > policy.dominance_share * parts.total
    )
