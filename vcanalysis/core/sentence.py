"""Estimates set into a sentence of a page."""

from __future__ import annotations

from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate


def say(template: str, **parts: Estimate | str | int) -> str:
    """Set estimates into a sentence, or say which of them could not be made and why.

    Parameters
    ----------
    template : str
        A sentence with a field for each part, such as "The median child costs {median}."
    **parts : Estimate, str or int
        An estimate is written with its interval.

    Returns
    -------
    str
        The sentence; where an estimate is not estimable, that estimate's own sentence in its place.

    Examples
    --------
    >>> median = Estimate("Median weekly cost", 518, 476, 575, n=278, unit="GBP per week")
    >>> say("The median child costs {median}.", median=median)
    'The median child costs £518 a week (95% interval £476 to £575).'
    >>> none = Estimate.not_estimable("Median weekly cost", n=0, reason="no child has a price")
    >>> say("The median child costs {median}.", median=none)
    'Median weekly cost: not estimable. No child has a price; found 0.'
    """
    for part in parts.values():
        if isinstance(part, Estimate) and not part.estimable:
            return part.sentence()
    words = {k: p.words() if isinstance(p, Estimate) else p for k, p in parts.items()}
    try:
        return template.format(**words)
    except KeyError as error:
        raise InputError(
            f"The sentence names {{{error.args[0]}}}, and was given {', '.join(parts) or 'nothing'}. "
            f"Write: vc.say({template!r}, {error.args[0]}=...)"
        ) from None
