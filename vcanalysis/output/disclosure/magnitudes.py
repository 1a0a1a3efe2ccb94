"""Pounds and models: whether one or two children or providers can be worked out from what is said of many."""

from __future__ import annotations

from vcanalysis.core.parts import Fit, Parts, Sellers
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


def of_few_sellers(sellers: Sellers, policy: Policy = STRICT) -> bool:
    """Whether pounds tell the price of a provider: mostly bought, from too few, or most of it from one or two.

    What the council provides itself is its own to tell.

    Examples
    --------
    >>> of_few_sellers(Sellers(2, 9000, 8000, 17_000, 18_000)), of_few_sellers(Sellers(1, 900, 0, 900, 40_000))
    (True, False)
    """
    if sellers.bought <= sellers.paid / 2:
        return False
    most = Parts(sellers.first, sellers.second, sellers.bought)
    return sellers.number < policy.min_providers or dominated(most, policy)


def rests_on_few(fit: Fit, policy: Policy = STRICT) -> bool:
    """Whether a model gives the value of one child or a few: freedom, rarest column and leverage.

    Examples
    --------
    >>> rests_on_few(Fit(58, 1, 1.0)), rests_on_few(Fit(58, 20, 0.2))
    (True, False)
    """
    return (
        fit.freedom < policy.min_freedom
        or fit.column < policy.min_column
        or fit.leverage > policy.max_leverage
    )
