"""Verdicts and headlines on the change of need: what may be said, and no more."""

from __future__ import annotations

from collections.abc import Iterable

from vcanalysis.analysis.change.domains import DomainChanges
from vcanalysis.analysis.change.indices import NeedChange
from vcanalysis.core.estimate import Estimate


def verdict(change: NeedChange) -> str:
    """Answer in a word whether need is falling, by the change beyond what was expected.

    Examples
    --------
    >>> from vcanalysis.core.estimate import Estimate
    >>> e = Estimate("Change beyond what is expected", -0.4, -1.2, 0.4, n=90, unit="points")
    >>> verdict(NeedChange(e, e, e, e, e, e))
    'Not clearly.'
    """
    beyond = change.adjusted
    if not beyond.estimable:
        return "It cannot be told."
    if not beyond.excludes(0):
        return "Not clearly."
    return "Yes, by more than was to be expected." if (beyond.value or 0.0) < 0 else "No."


def indices_headline(change: NeedChange) -> str:
    """Say what is left of a raw change after expectation.

    Examples
    --------
    >>> raw = Estimate("Mean change", -2.0, -2.6, -1.4, n=90, unit="points")
    >>> beyond = Estimate("Beyond", -0.1, -0.8, 0.6, n=90, unit="points")
    >>> indices_headline(NeedChange(raw, raw, beyond, raw, raw, raw))
    'Need fell among those picked for high need, but not by more than was to be expected'
    """
    raw, beyond = change.raw, change.adjusted
    if not (raw.estimable and beyond.estimable):
        return "Too few children were assessed twice to say how need changed"
    if beyond.excludes(0):
        side = "fell by more" if (beyond.value or 0.0) < 0 else "ended higher"
        return f"Need of those picked for high need {side} than was to be expected"
    if raw.excludes(0) and (raw.value or 0.0) < 0:
        return "Need fell among those picked for high need, but not by more than was to be expected"
    return "No clear change beyond expectation among those picked for high need"


def domains_headline(changes: DomainChanges) -> str:
    """Say how many domains changed clearly when all are looked at together.

    Examples
    --------
    >>> from vcanalysis.core.estimate import Estimates
    >>> import pandas as pd
    >>> one = Estimate("Change of need", -0.05, -0.2, 0.1, n=90, unit="levels", group="Safety")
    >>> domains_headline(DomainChanges(Estimates((one,)), pd.DataFrame()))
    'No domain changed clearly: 1 of 1 lower at the later assessment, none by more than chance'
    """
    known = [e for e in changes.estimates if e.estimable]
    if not known:
        return "Too few children were assessed twice to compare domains"
    if not changes.clear:
        lower = f"{len(changes.falling)} of {len(known)} lower at the later assessment"
        return f"No domain changed clearly: {lower}, none by more than chance"
    down = [e.group for e in known if e.excludes(0) and (e.value or 0.0) < 0]
    up = len(changes.clear) - len(down)
    return f"{len(down)} of {len(known)} domains fell clearly and {up} rose clearly"


def all_fall_sentence(chance: Estimate, *, falling: int, domains: int) -> str:
    """Say how often every domain would fall with nothing changed, beside how many did.

    Examples
    --------
    >>> chance = Estimate("Probability", 0.54, n=100, unit="probability")
    >>> all_fall_sentence(chance, falling=10, domains=12)
    'Among them 10 of 12 domains fell; all 12 would do so with nothing changed in 54% of such groups.'
    """
    if not chance.estimable:
        return chance.sentence()
    value = 100 * (chance.value or 0.0)
    often = "in less than 1%" if value < 1 else f"in {value:.0f}%"
    return (
        f"Among them {falling} of {domains} domains fell; all {domains} would do so with nothing changed {often} of "
        "such groups."
    )


def labelled(parts: Iterable[tuple[str, Estimate]]) -> list[Estimate]:
    """Give estimates the names they are to be drawn under.

    Examples
    --------
    >>> [e.group for e in labelled([("Raw", Estimate("Mean change", 1.0, n=20))])]
    ['Raw']
    """
    return [estimate.named(group=name) for name, estimate in parts]
