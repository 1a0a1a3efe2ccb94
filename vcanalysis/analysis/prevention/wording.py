"""What may be said of prevention when the panel, the scenario and the trials are set side by side."""

from __future__ import annotations

from vcanalysis.analysis.prevention.lagged import LaggedLink
from vcanalysis.analysis.prevention.result import Prevented
from vcanalysis.core.estimate import Estimate

_LIKELY = 0.9


def needed_headline(needed: Estimate, found: Estimate) -> str:
    """Say how the effect needed stands to the one a trial found.

    Examples
    --------
    >>> needed = Estimate("Needed", 12.0, 6.0, 30.0, unit="percentage points")
    >>> needed_headline(needed, Estimate("Found", 8.6, 4.8, 12.4, unit="percentage points"))
    'The effect needed to break even may be more or less than the trial found'
    """
    ends = (needed.low, needed.high, found.low, found.high)
    if None in ends:
        return "The effect needed to break even cannot be told"
    low, high, least, most = (float(end or 0.0) for end in ends)
    if low > most:
        return "To break even takes more than the trial found"
    if high < least:
        return "To break even takes less than the trial found"
    return "The effect needed to break even may be more or less than the trial found"


def verdict(link: LaggedLink, needed: Estimate, moved: Prevented, *, longer: LaggedLink | None = None) -> str:
    """Say in a few sentences whether prevention would pay.

    Parameters
    ----------
    link : LaggedLink
        What the panel shows of one year.
    needed : Estimate
        Fall of care that a tenth more support must bring to pay for itself.
    moved : Prevented
        The scenario.
    longer : LaggedLink, optional
        What the panel shows of several years together.
    """
    first = f"{_likely(moved)} "
    if not link.change.estimable or not needed.estimable:
        return first.strip()
    if not link.rules_out(needed):
        return f"{first}Councils' figures do not rule out a fall of care that pays for itself in a year."
    first += "Councils' figures show no fall of care as large as would pay for itself in a year"
    if longer is None or not longer.change.estimable:
        return f"{first}."
    also = (
        "nor over the years together"
        if longer.rules_out(needed)
        else "but over the years together one may be"
    )
    return f"{first}, {also}."


def beside_all(longer: LaggedLink, whole: LaggedLink) -> str:
    """Say what the years together show with the smallest councils left in, where any is left out.

    Parameters
    ----------
    longer, whole : LaggedLink
        The link over several years without the smallest councils, and with every council.
    """
    if not (longer.change.estimable and whole.change.estimable) or whole.change.n <= longer.change.n:
        return ""
    small = whole.change.n - longer.change.n
    return (
        f"The years together hang on {small} councils of few children, left out after the links were first seen: "
        f"without them {longer.change.words()}, with them {whole.change.words()}."
    )


def _likely(moved: Prevented) -> str:
    chance = moved.pays().value
    if chance is None:
        return "Whether it would pay cannot be told from these data."
    word = "It may or may not"
    if chance >= _LIKELY:
        word = "Probably it would"
    elif chance <= 1 - _LIKELY:
        word = "Probably not within the years looked at"
    return f"{word}: on what the trial found it pays in {100 * chance:.0f}% of draws."


__all__ = ["beside_all", "needed_headline", "verdict"]
