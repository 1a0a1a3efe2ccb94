"""Headlines: what was found about children who could live in a family, as one line that the numbers allow."""

from __future__ import annotations

from vcanalysis.analysis.stepdown.calibration import AREA, SLOPE
from vcanalysis.analysis.stepdown.contract import BEST, WORST, whatever_the_times
from vcanalysis.analysis.stepdown.fairness import CALIBRATION, GAP, Fairness
from vcanalysis.analysis.stepdown.family import FamilyProbability
from vcanalysis.analysis.stepdown.pipeline import Pipeline
from vcanalysis.analysis.stepdown.screen import Screen
from vcanalysis.core.estimate import Estimate, Estimates

_WEAK, _STRONG = 0.7, 0.8  # areas below and from which need and age tell little, or much


def overlap_headline(found: FamilyProbability) -> str:
    """Say how far need, age and sex tell children in homes from children in families.

    Examples
    --------
    >>> from vcanalysis.analysis.stepdown import Recipe, family_probability
    >>> import pandas as pd
    >>> few = pd.DataFrame({"need": [1.0], "family": [True]})
    >>> overlap_headline(family_probability(few, family="family", recipe=Recipe(numbers=("need",))))
    'No probability can be given: at least 20 children in homes and 20 in families are needed'
    """
    area = found.validation.term(AREA)
    if area.value is None:
        return f"No probability can be given: {area.reason}"
    if area.low is not None and area.low <= 0.5:
        return "Among comparable children, need and age do not clearly tell who lives in a home"
    how = "hardly" if area.value < _WEAK else ("partly" if area.value < _STRONG else "largely")
    return f"Among comparable children, need and age {how} tell who lives in a home"


def calibration_headline(found: FamilyProbability) -> str:
    """Say whether the probabilities are right, too bold or too timid, for children they had not seen."""
    slope = found.validation.term(SLOPE)
    if slope.value is None or slope.low is None or slope.high is None:
        return f"Whether the probabilities hold cannot be said: {slope.reason}"
    if slope.excludes(1.0):
        return f"The probabilities are too {'bold' if slope.value < 1 else 'timid'} for children they had not seen"
    wide = " as far as so few children can show" if slope.high - slope.low > 1 else ""
    return f"The probabilities hold for children they had not seen{wide}"


def screen_headline(found: Screen, *, where: str = "in homes") -> str:
    """Say how many children are for review.

    Examples
    --------
    >>> from vcanalysis.analysis.stepdown import screen
    >>> import pandas as pd
    >>> one = pd.DataFrame({"child_id": ["a"], "placement_type": "Residential home", "ls": "C2",
    ...     "weeks_in_placement": 30, "need_age_days": 20, "rated_share": 1.0, "vetoed": True, "comparable": True,
    ...     "probability": 0.9, "wishes": True})
    >>> screen_headline(screen(one))
    'None of 1 children in homes meets every criterion for a panel to talk about a family'
    """
    count, n = len(found.for_review), len(found.table)
    if not n:
        return f"There are no children {where}"
    meet = "meets" if count <= 1 else "meet"
    who = f"{count or 'None'} of {n} children {where} {meet}"
    return f"{who} every criterion for a panel to talk about a family"


def pipeline_headline(found: Pipeline) -> str:
    """Say how many of the children profiled have moved."""
    n, moved = len(found.rows), int(found.rows[found.steps[-1]].notna().sum())
    return (
        f"Of {n} children profiled, {moved} have moved to a family so far"
        if n
        else "No child has been profiled"
    )


def contract_headline(bounds: Estimates, published: Estimate, *, printed: float | None = None) -> str:
    """Say how survival compares with what was published; `printed` is the share as it was printed.

    Examples
    --------
    >>> from vcanalysis.analysis.stepdown import Contract, contract_survival
    >>> published = Estimate("Stable", 20 / 31, n=31, unit="share")
    >>> contract_headline(contract_survival(Contract(31, 12, 7)), published, printed=0.64)
    '50% to 61% were in a family after 52 weeks (95% interval 29% to 76%), not the 64% published (20 of 31 is 65%)'
    """
    low, high = bounds.group(WORST).value, bounds.group(BEST).value
    if low is None or high is None or published.value is None:
        return f"What the contract achieved cannot be said: {bounds[0].reason}"
    weeks = next(word for word in bounds[0].term.split() if word.isdigit())
    count, real = f"{round(published.value * published.n)} of {published.n}", f"{published.value:.0%}"
    share = real if printed is None else f"{printed:.0%}"
    return (
        f"{low:.0%} to {high:.0%} were in a family after {weeks} weeks{whatever_the_times(bounds).brackets()}, "
        f"not the {share} published ({count}{'' if share == real else f' is {real}'})"
    )


_MORE = {
    CALIBRATION: "More often {of} than the probability says",
    GAP: "More often missed by the threshold than others",
}


def fairness_headline(found: Fairness, *, drawn: str = CALIBRATION) -> str:
    """Say in which groups the gap that is drawn is clear, and which way it goes.

    Parameters
    ----------
    found : Fairness
        The probability in groups.
    drawn : str
        `CALIBRATION` or `GAP`: what the picture shows, so that the headline speaks of nothing else.
    """
    part = found.calibration if drawn == CALIBRATION else found.gaps
    judged = sum(e.estimable for e in part)
    if not judged:
        return "No group is large enough to judge the probability by itself"
    clear = [e for e in found.clear_gaps() if e.term == drawn and e.value is not None]
    more, less = ([e.group for e in clear if (e.value or 0) * sign > 0] for sign in (1, -1))
    if not clear:
        return f"No clear gap in any of {judged} groups, allowing for their number"
    often = _MORE[drawn].format(of=found.of)
    said = [f"{often}: {', '.join(more)}"] if more else []
    first = "less often" if more else often.replace("More often", "Less often")
    return "; ".join(said + ([f"{first}: {', '.join(less)}"] if less else []))
