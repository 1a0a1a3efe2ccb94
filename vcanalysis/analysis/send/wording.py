"""Words for the question whether the picture is the same for special educational needs."""

from __future__ import annotations

from vcanalysis.analysis.send.growth import FACTORS, Growth
from vcanalysis.analysis.send.moves import PAIRS
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number

SMALL = 0.02  # of the cost of the first census: a factor below it is not called a mover


def of_people(found: Estimate) -> Estimate:
    """Give an estimate of children as one of people: plans run from birth to 25.

    Examples
    --------
    >>> of_people(Estimate.not_estimable("Ratio", n=3, reason="at least 10 children are needed")).sentence()
    'Ratio: not estimable. At least 10 people are needed; found 3.'
    """
    return found.named(of="people", reason=found.reason.replace("children", "people"))


def same_picture(need_cost: Estimate, ratio: Estimate) -> str:
    """Say whether cost hardly follows need here too, and what setting does at the same need.

    Examples
    --------
    >>> rho = Estimate("Rank correlation", 0.3, 0.2, 0.4, n=300, unit="correlation")
    >>> ratio = Estimate("Ratio", 3.0, 2.7, 3.3, n=300, unit="ratio")
    >>> same_picture(rho, ratio)
    'Much the same: cost follows need loosely, and at the same need a specialist place costs more.'
    """
    if need_cost.n == 0:
        return "There is no plan with need and cost in these data, so that nothing can be said."
    if need_cost.value is None or ratio.value is None:
        return "These data cannot tell whether the picture is the same."
    dearer = ratio.low is not None and ratio.low > 1
    if not need_cost.excludes(0.0):
        first = "no link of cost with need is seen"
    elif need_cost.high is not None and need_cost.high < 0.5:
        first = "cost follows need loosely"
    else:
        first = "cost follows need"
    second = (
        "at the same need a specialist place costs more"
        if dearer
        else "at the same need no dearer specialist place is seen"
    )
    if first == "cost follows need" and not dearer:
        return f"Not the same: {first}, and {second}."
    opening = "Much the same" if dearer and first != "cost follows need" else "In part"
    return f"{opening}: {first}, and {second}."


def growth_headline(growth: Growth) -> str:
    """Say which factor moved the cost of plans most."""
    if growth.why_not:
        return "Why the cost of plans changed cannot be told from these data"
    first = max(FACTORS, key=lambda f: abs(growth.effects[f]))
    if abs(growth.effects[first]) < SMALL * growth.first:
        return f"No factor moved the yearly cost of plans by {write_number(SMALL, 'share')} or more"
    rose = "rose" if growth.second > growth.first else "fell" if growth.second < growth.first else "stayed"
    amount = write_number(abs(growth.second - growth.first) / 100, "GBP")
    said = f"by {amount}" if growth.second != growth.first else "as it was"
    return f"The yearly cost of plans {rose} {said}; {first} moved it most"


def moves_headline(moved: Estimates) -> str:
    """Say whether more move to specialist settings where a phase changes, as the intervals allow."""
    change, same = moved[0], moved[1]
    if change.value is None or same.value is None:
        return "Too few moves to tell where they happen"
    if (change.low or 0) > (same.high or 1):
        return "More move to a specialist setting where a phase of education changes"
    return "No clear difference between years with and without a change of phase"


def stepped_back(back: Estimate) -> str:
    """Say how many move from a specialist setting to mainstream in a year.

    Examples
    --------
    >>> stepped_back(Estimate("Specialist to mainstream in a year", 0.04, 0.02, 0.07, n=200, unit="share"))
    'Of those in specialist settings 4.0% (95% interval 2.0% to 7.0%) are in mainstream a year later.'
    """
    if back.value is None:
        return back.sentence()
    return f"Of those in specialist settings {back.words()} are in mainstream a year later."


def rungs_of(own: Estimate, beyond: Estimate, alike: Estimate) -> Estimates:
    """Name three estimates of what a move to mainstream saved: own fall, beyond others, beyond people alike.

    Examples
    --------
    >>> one = Estimate("Fall", 20_000.0, 15_000.0, 25_000.0, n=40, unit="GBP")
    >>> rungs_of(one, one, one)[2].sentence()
    'Less cost a year after a move to mainstream, beyond like people: £20,000 (95% interval £15,000 to £25,000; 40 \
pairs of censuses).'
    """
    names = {"own fall": own, "beyond those who stayed": beyond, "beyond like people": alike}
    term = "Less cost a year after a move to mainstream"
    return Estimates.of(of_people(e).named(term=term, group=name, of=PAIRS) for name, e in names.items())


def saving_headline(rungs: Estimates) -> str:
    """Say what a move to mainstream went with in cost, by the last rung that could be climbed.

    Examples
    --------
    >>> fall = Estimate("Fall", 20_000.0, 15_000.0, 25_000.0, n=40, unit="GBP")
    >>> saving_headline(Estimates.of([fall, fall, fall]))
    'A move to mainstream went with £20,000 (95% interval £15,000 to £25,000) less a year than like people who stayed'
    """
    last = rungs[2]
    if last.value is None:
        return "Too few moves to say what one saves"
    if not last.excludes(0.0):
        return "A move to mainstream did not clearly go with a lower cost"
    less = "less" if last.value > 0 else "more"
    said = (
        last
        if last.value > 0
        else last.named(value=-last.value, low=-(last.high or 0), high=-(last.low or 0))
    )
    return f"A move to mainstream went with {said.words()} {less} a year than like people who stayed"


def unseen(strength: Estimates) -> Estimates:
    """Say of people who moved, in words of moves, how strong a cause unknown here must be to explain a saving away.

    Parameters
    ----------
    strength : Estimates
        Robustness values and E-values, as `ledger.Comparison.robustness` gives them.

    Examples
    --------
    >>> strength = Estimates.of([Estimate("Share of who takes part that it must explain", 0.3, n=51, unit="share")])
    >>> unseen(strength).sentence()
    'Share of who moves that it must explain: 30% (51 moves).'
    """
    few = "too few people moved, or none who stayed were like them"
    return Estimates.of(
        e.named(
            of="moves",
            reason=e.reason and few,
            term=e.term.replace("who takes part", "who moves").replace("taking part", "a move"),
        )
        for e in strength
    )


def saving_and_its_doubt(rungs: Estimates, strength: Estimates) -> str:
    """Say what a move went with in cost and, where that is clear, what cause unknown here would undo it.

    Examples
    --------
    >>> fall = Estimate("Fall", 20_000.0, 15_000.0, 25_000.0, n=40, unit="GBP")
    >>> strength = Estimates.of([Estimate("Robustness value", 0.3, n=51, unit="share")])
    >>> print(saving_and_its_doubt(Estimates.of([fall, fall, fall]), strength).split(". ")[1])
    To undo it, a cause unknown here would have to explain 30% of what is left of the cost and of who moves.
    """
    said = f"{saving_headline(rungs)}."
    if not rungs[2].excludes(0.0) or strength[0].value is None:
        return said
    share = write_number(strength[0].value, "share")
    return (
        f"{said} To undo it, a cause unknown here would have to explain {share} of what is left of the cost and of "
        "who moves."
    )


def how_sure(need_cost: Estimate) -> str:
    """Say how sure the answer is, by the width of the interval of need and cost."""
    if need_cost.low is None or need_cost.high is None:
        return "not estimable"
    width = need_cost.high - need_cost.low
    return (
        "moderate: one council, ratings by those who know the setting" if width < 0.3 else "low: few people"
    )
