"""The first word of the answer, as the interval allows it."""

from __future__ import annotations

from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number

WEAK, STRONG = 0.3, 0.5  # size of a rank correlation, after Cohen (1988)


def follows(rho: Estimate) -> str:
    """Say in a word or two whether spend follows need, no more firmly than the interval allows.

    Parameters
    ----------
    rho : Estimate
        Rank correlation of need and cost.

    Returns
    -------
    str
        "Hardly." when the whole interval lies between 0 and 0.3; "Partly." and "Largely." above;
        "No clear link." when it holds 0; "It runs against need." when it lies below 0. Where the interval
        straddles two words, the weaker is said with "or".

    References
    ----------
    Cohen J (1988), Statistical power analysis: 0.3 medium, 0.5 large.

    Examples
    --------
    >>> follows(Estimate("Rank correlation", 0.2, 0.1, 0.29, n=400, unit="correlation"))
    'Hardly.'
    >>> follows(Estimate("Rank correlation", 0.2, 0.1, 0.4, n=120, unit="correlation"))
    'Hardly, or partly.'
    >>> follows(Estimate("Rank correlation", 0.1, -0.1, 0.3, n=90, unit="correlation"))
    'No clear link.'
    """
    if rho.value is None or rho.low is None or rho.high is None:
        return "These data cannot say."
    if rho.high < 0:
        return "No: it runs against need."
    if rho.low <= 0:
        return "No clear link."
    first, last = _word(rho.low), _word(rho.high)
    return f"{first.capitalize()}." if first == last else f"{first.capitalize()}, or {last}."


def headline(overall: Estimate, within: Estimates) -> str:
    """Say the correlation, and in how many types of placement it is clear.

    Examples
    --------
    >>> all_children = Estimate("Rank correlation", 0.2, 0.1, 0.3, n=400, unit="correlation")
    >>> headline(all_children, Estimates((all_children.named(group="Fostering"),)))
    'Need and cost go together weakly (0.20); the link is clear in 1 of 1 types of placement'
    """
    if overall.value is None:
        return "The link between need and cost cannot be estimated from these data"
    known = [e for e in within if e.estimable]
    clear = sum(e.excludes(0) for e in known)
    size = write_number(overall.value, "correlation")
    if not overall.excludes(0):
        start = f"No clear link between need and cost ({size})"
    else:
        how = {"hardly": "weakly", "partly": "moderately", "largely": "strongly"}[_word(abs(overall.value))]
        start = f"Need and cost go {'together' if overall.value > 0 else 'opposite ways'} {how} ({size})"
    return f"{start}; the link is clear in {clear} of {len(known)} types of placement"


def curve_headline(curve: Estimates) -> str:
    """Say how far rating error could hide a link: the corrected correlation at the poorest agreement.

    Parameters
    ----------
    curve : Estimates
        From `disattenuation_curve`, poorest agreement first.

    Examples
    --------
    >>> curve_headline(Estimates((Estimate("r", 0.28, 0.1, 0.4, n=90, unit="correlation", group="0.50"),)))
    'Even if raters agreed only to 0.50, the correlation would be 0.28 (0.10 to 0.40)'
    """
    first = next(iter(curve), None)
    if first is None or first.value is None:
        return "What rating error hides cannot be estimated from these data"
    size = write_number(first.value, "correlation")
    ends = f"{write_number(first.low, 'correlation')} to {write_number(first.high, 'correlation')}"
    return f"Even if raters agreed only to {first.group}, the correlation would be {size} ({ends})"


def _word(size: float) -> str:
    return "hardly" if size < WEAK else "partly" if size < STRONG else "largely"
