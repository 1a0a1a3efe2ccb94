"""What may be said of a hazard ratio and of a curve, no more firmly than the interval allows."""

from __future__ import annotations

from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number

_WAYS = {
    "planned move": "a planned move",
    "step-down": "a step-down",
    "home": "going home",
    "18th birthday": "the 18th birthday",
    "other": "other ways",
}


def sooner(ratio: Estimate, *, what: str = "end", who: str = "with more need") -> str:
    """Say in a few words whether placements of some children end sooner.

    Parameters
    ----------
    ratio : Estimate
        A hazard ratio.
    what, who : str
        Words for the end and for the children.

    Examples
    --------
    >>> sooner(Estimate("Need", 1.5, 1.2, 1.9, n=400, unit="ratio"), what="break down")
    'Placements of children with more need break down more often.'
    >>> sooner(Estimate("Need", 1.1, 0.8, 1.4, n=400, unit="ratio"), what="break down")
    'No clear link: placements of children with more need may break down more or less often.'
    """
    if ratio.value is None or ratio.low is None or ratio.high is None:
        return "These data cannot say."
    if not ratio.excludes(1):
        return f"No clear link: placements of children {who} may {what} more or less often."
    return f"Placements of children {who} {what} {'more' if ratio.value > 1 else 'less'} often."


def how_sure(ratio: Estimate) -> str:
    """Say how sure a ratio of hazards by need is: never high, since needs are rated with error.

    Parameters
    ----------
    ratio : Estimate
        A hazard ratio for more need.

    Examples
    --------
    >>> how_sure(Estimate("Need", 1.5, 1.2, 1.9, n=400, unit="ratio"))
    'moderate that breakdowns go with need, low for the size of the ratio, which rating error draws towards one'
    >>> how_sure(Estimate("Need", 1.1, 0.8, 1.4, n=400, unit="ratio"))
    'low: whether breakdowns go with need is not clear'
    """
    if ratio.value is None or ratio.low is None or ratio.high is None:
        return "none: these data cannot say whether breakdowns go with need"
    if not ratio.excludes(1):
        return "low: whether breakdowns go with need is not clear"
    error = "which rating error draws towards one"
    return f"moderate that breakdowns go with need, low for the size of the ratio, {error}"


def curve_headline(share: Estimate) -> str:
    """Say how many placements last so long.

    Examples
    --------
    >>> curve_headline(Estimate("Placements that last 365 days", 0.25, 0.23, 0.28, n=900, unit="share"))
    '25 of 100 placements last a year (23 to 28)'
    """
    if share.value is None or share.low is None or share.high is None:
        return "How many placements last a year cannot be estimated from these data"
    low, high = 100 * share.low, 100 * share.high
    return f"{100 * share.value:.0f} of 100 placements last a year ({low:.0f} to {high:.0f})"


def ends_headline(within: Estimates, kind: str) -> str:
    """Say how many placements end in one way within the time of the estimates, and which way is the commonest.

    Examples
    --------
    >>> both = [Estimate("Placements that end", v, v, v, n=90, unit="share", group=g)
    ...         for v, g in ((0.2, "home"), (0.1, "breakdown"))]
    >>> ends_headline(Estimates.of(both), "breakdown")
    'Within a year 10% of placements break down; more end by going home (20%)'
    """
    known = [e for e in within if e.estimable]
    mine = [e for e in known if e.group == kind]
    if not mine:
        return "How placements end cannot be estimated from these data"
    first = max(known, key=lambda e: e.value or 0.0)
    share = write_number(mine[0].value, "share")
    if first.group == kind:
        return f"Within a year {share} of placements break down: the commonest end"
    how = _WAYS.get(first.group, first.group)
    return f"Within a year {share} of placements break down; more end by {how} ({write_number(first.value, 'share')})"
