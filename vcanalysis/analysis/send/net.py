"""What support to move would save: net of moves that come anyway and of what support costs."""

from __future__ import annotations

import math

from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number

TERMS = (
    "Scenario: most that support may cost a year for each person offered a move",
    "Scenario: worth of an offer of support to move, less its price",
)
METHOD = "cost of a move times the moves added, supposing that {} move; method of variance estimates recovery"


def net_of_support(
    saved: Estimate, anyway: Estimate, *, arrive: float, support_gbp: float = 0.0
) -> Estimates:
    """Give what support to move may cost at most, and what it saves net of its price.

    Parameters
    ----------
    saved : Estimate
        What a move saved in a year, pounds.
    anyway : Estimate
        Share that moves in a year without support.
    arrive : float
        Share of those offered support who move within the year: supposed.
    support_gbp : float
        Price of support for each person offered it, pounds; 0 where it is not known.

    Returns
    -------
    Estimates
        Pounds for each person offered support: the most it may cost, ``saved * (arrive - anyway)``, and that less the
        price. A price below the first is no profit: what is saved may not be cash.

    Raises
    ------
    InputError
        If the share does not lie between 0 and 1, or the price below 0.

    Notes
    -----
    Takes for granted that those offered support would move without it as often as everybody in a specialist setting,
    and save as much as those who moved without it. Where support goes to those nearest to a move, the first is too low
    and the scenario too good. The two errors are taken to be independent.

    References
    ----------
    Zou GY, Donner A (2008), Stat Med 27:1693-1702.

    Examples
    --------
    >>> saved = Estimate("Saved", 20_000.0, 15_000.0, 25_000.0, n=60, unit="GBP")
    >>> anyway = Estimate("Moves", 0.05, 0.03, 0.08, n=900, unit="share")
    >>> [round(e.value) for e in net_of_support(saved, anyway, arrive=0.2, support_gbp=1_000)]
    [3000, 2000]
    >>> print(net_of_support(saved, anyway, arrive=0.2)[1].reason)
    no price of support is given (support_gbp)
    """
    if not 0 <= arrive <= 1 or support_gbp < 0:
        raise InputError(
            f"arrive is {arrive:g} and support_gbp {support_gbp:g}. Give a share from 0 to 1 and pounds from 0."
        )
    method = METHOD.format(write_number(arrive, "share"))
    about = {"n": saved.n, "method": method, "of": saved.of}
    lacking = next((e.reason or "it has no interval" for e in (saved, anyway) if not e.has_interval), "")
    if lacking:
        return Estimates.of(Estimate.not_estimable(term, reason=lacking, **about) for term in TERMS)  # type: ignore[arg-type]
    value, low, high = _times(saved, anyway, arrive)
    most = Estimate(
        TERMS[0], value, low, high, saved.level, saved.n, "GBP", method, of=saved.of, support=saved.support
    )
    net = most.named(term=TERMS[1], value=value - support_gbp, low=low - support_gbp, high=high - support_gbp)
    unpriced = Estimate.not_estimable(TERMS[1], reason="no price of support is given (support_gbp)", **about)  # type: ignore[arg-type]
    return Estimates.of([most, net if support_gbp else unpriced])


def _times(saved: Estimate, anyway: Estimate, arrive: float) -> tuple[float, float, float]:
    """Give the saving times the moves added, and the ends of its interval."""
    each, added = float(saved.value or 0.0), arrive - float(anyway.value or 0.0)
    money = [added * (float(end or 0.0) - each) for end in (saved.low, saved.high)]
    moves = [each * (arrive - float(end or 0.0) - added) for end in (anyway.low, anyway.high)]
    down, up = (math.hypot(of(money), of(moves)) for of in (min, max))
    return each * added, each * added - down, each * added + up
