"""Verdicts and headlines on the change of need: what may be said, and no more."""

from __future__ import annotations

from vcanalysis.analysis.change.domains import DomainChanges
from vcanalysis.analysis.change.indices import NeedChange
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number


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


def moved(change: Estimate, *, what: str) -> str:
    """Say which way a score went, as firmly as the interval allows.

    Parameters
    ----------
    change : Estimate
        A mean change, negative where need fell.
    what : str
        How the sentence opens, such as "The total".

    Examples
    --------
    >>> moved(Estimate("Mean change", -2.0, -2.6, -1.4, n=90, unit="points"), what="The total")
    'The total fell by 2.0 points (95% interval 1.4 to 2.6).'
    >>> moved(Estimate("Mean change", -0.2, -0.8, 0.4, n=90, unit="points"), what="The total")
    'The total did not clearly change: between 0.8 points lower and 0.4 points higher.'
    """
    if change.value is None or change.low is None or change.high is None:
        return change.sentence()
    low, high = (write_number(abs(end), change.unit) for end in (change.low, change.high))
    if not change.excludes(0):
        return f"{what} did not clearly change: between {low} lower and {high} higher."
    if change.value > 0:
        return f"{what} rose by {change.words()}."
    return f"{what} fell by {change.named(value=-change.value, low=-change.high, high=-change.low).words()}."


def was_due(expected: Estimate) -> str:
    """Say what regression to the mean was to make of a score, in the words of `moved`.

    Examples
    --------
    >>> was_due(Estimate("Change expected", -1.7, -2.0, -1.4, n=90, unit="points"))
    'There a fall of 1.7 points (95% interval 1.4 to 2.0) was to be expected with no true change.'
    """
    if expected.value is None or expected.low is None or expected.high is None:
        return expected.sentence()
    way, said = "rise", expected
    if expected.value < 0:
        way, said = "fall", expected.named(value=-expected.value, low=-expected.high, high=-expected.low)
    return f"There a {way} of {said.words()} was to be expected with no true change."


def how_sure(everyone: NeedChange, neediest: NeedChange) -> str:
    """Say how sure the answer is: of what regression to the mean does among the neediest, and of the change of all.

    Never more than moderate for a change: who was not assessed again, and who rated, may differ in ways not seen.

    Examples
    --------
    >>> e = Estimate("Change beyond what is expected", -0.4, -1.2, 0.4, n=90, unit="points")
    >>> due = Estimate("Change expected", -1.7, -2.0, -1.4, n=30, unit="points")
    >>> how_sure(NeedChange(e, e, e, e, e, e), NeedChange(e, due, e, e, e, e))
    'high that a raw fall among the neediest proves nothing, moderate for the range of the change of all children'
    """
    said = []
    if neediest.expected.excludes(0):
        said.append("high that a raw fall among the neediest proves nothing")
    if neediest.adjusted.excludes(0):
        way = "fell" if (neediest.adjusted.value or 0.0) < 0 else "rose"
        said.append(f"moderate that need of the neediest {way} beyond that")
    beyond = everyone.adjusted
    if beyond.low is None or beyond.high is None:
        return ", ".join(said)
    if beyond.excludes(0):
        return ", ".join([*said, "moderate for the size of the change of all children"])
    return ", ".join([*said, "moderate for the range of the change of all children"])


def indices_headline(change: NeedChange) -> str:
    """Say what is left of a raw change after expectation.

    Examples
    --------
    >>> raw = Estimate("Mean change", -2.0, -2.6, -1.4, n=90, unit="points")
    >>> beyond = Estimate("Beyond", -0.1, -0.8, 0.6, n=90, unit="points")
    >>> indices_headline(NeedChange(raw, raw, beyond, raw, raw, raw))
    'Need fell among those picked for high need, but not clearly by more than was to be expected'
    """
    raw, beyond = change.raw, change.adjusted
    if not (raw.estimable and beyond.estimable):
        return "Too few children were assessed twice to say how need changed"
    if beyond.excludes(0):
        side = "fell by more" if (beyond.value or 0.0) < 0 else "ended higher"
        return f"Need of those picked for high need {side} than was to be expected"
    if raw.excludes(0) and (raw.value or 0.0) < 0:
        return "Need fell among those picked for high need, but not clearly by more than was to be expected"
    return "No clear change beyond expectation among those picked for high need"


def domains_headline(changes: DomainChanges) -> str:
    """Say how many domains changed clearly when all are looked at together.

    Examples
    --------
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


def bands_headline(seen: Estimates, error: Estimates) -> str:
    """Say how many children stay in the highest band, beside how many two people put there within days.

    Parameters
    ----------
    seen, error : Estimates
        From `band_transitions`, bands in order from the lowest: of two assessments, and of two ratings within days.

    Examples
    --------
    >>> stay = [Estimate("Share", v, n=40, unit="share", group="complex to complex") for v in (0.6, 0.7)]
    >>> bands_headline(Estimates(stay[:1]), Estimates(stay[1:]))
    'Of 100 children in complex need 60 stayed there; two people within days agree on 70'
    """
    last = seen[len(seen) - 1]
    twice = error[len(error) - 1] if len(error) else last
    if last.value is None:
        return "Too few children were in the highest band at first to say where they went"
    stayed = f"Of 100 children in {last.group.split(' to ')[0]} need {100 * last.value:.0f} stayed there"
    if not len(error) or twice.value is None:
        return stayed
    return f"{stayed}; two people within days agree on {100 * twice.value:.0f}"


def all_fall_sentence(chance: Estimate, *, falling: int, domains: int) -> str:
    """Say how often every domain would fall with nothing changed, beside how many did.

    Examples
    --------
    >>> chance = Estimate("Probability", 0.54, n=100, unit="probability")
    >>> all_fall_sentence(chance, falling=10, domains=12)
    'Among them 10 of 12 domains fell; all 12 would do so with nothing changed in 54% of such groups.'
    >>> chance = Estimate("Probability", 0.23, 0.05, 0.58, n=100, unit="probability")
    >>> all_fall_sentence(chance, falling=10, domains=12)[-44:]
    '23% of such groups (95% interval 5% to 58%).'
    """
    if not chance.estimable:
        return chance.sentence()
    value = 100 * (chance.value or 0.0)
    often = "in less than 1%" if value < 1 else "in more than 99%" if value > 99 else f"in {value:.0f}%"
    low, high = chance.low, chance.high
    told = low is not None and high is not None and f"{low:.0%}" != f"{high:.0%}"
    doubt = f" (95% interval {low:.0%} to {high:.0%})" if told else ""
    return (
        f"Among them {falling} of {domains} domains fell; all {domains} would do so with nothing changed {often} of "
        f"such groups{doubt}."
    )


def beside_others(difference: Estimate) -> str:
    """Say whether one group's later need differs from that of others who began alike, as firmly as may be.

    Parameters
    ----------
    difference : Estimate
        From `compare_groups`.

    Examples
    --------
    >>> beside_others(Estimate("Later need", -1.1, -3.0, 0.8, n=60, unit="points"))
    'No clear difference from children with the same first need: between 3.0 points lower and 0.8 points higher.'
    """
    if difference.value is None or difference.low is None or difference.high is None:
        return difference.sentence()
    low, high = (write_number(abs(end), difference.unit) for end in (difference.low, difference.high))
    if not difference.excludes(0):
        ends = f"between {low} lower and {high} higher"
        return f"No clear difference from children with the same first need: {ends}."
    side = "lower" if difference.value < 0 else "higher"
    least, most = (low, high) if side == "higher" else (high, low)
    return f"Later need was {side} than that of children with the same first need, by {least} to {most}."


def side_by_side(everyone: NeedChange, neediest: NeedChange) -> list[Estimate]:
    """Give the mean changes of all children and of those picked for high need the names they are drawn under.

    Examples
    --------
    >>> e = Estimate("Mean change", 1.0, n=20)
    >>> [each.group for each in side_by_side(NeedChange(e, e, e, e, e, e), NeedChange(e, e, e, e, e, e))][3:]
    ['High at first: expected', 'High at first: beyond expectation']
    """
    return [
        everyone.raw.named(group="All: raw"),
        everyone.adjusted.named(group="All: beyond expectation"),
        neediest.raw.named(group="High at first: raw"),
        neediest.expected.named(group="High at first: expected"),
        neediest.adjusted.named(group="High at first: beyond expectation"),
    ]
