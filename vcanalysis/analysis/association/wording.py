"""The first word of the answer, as the interval allows it."""

from __future__ import annotations

from vcanalysis.core.estimate import Estimate

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


def _word(size: float) -> str:
    return "hardly" if size < WEAK else "partly" if size < STRONG else "largely"
