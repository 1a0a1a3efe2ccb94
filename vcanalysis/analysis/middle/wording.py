"""What may be said of the middle and of the dearest, no more firmly than the intervals allow."""

from __future__ import annotations

from vcanalysis.analysis.middle.group import MiddleGroup
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.numbers import write_number

SURE, FAIR = (
    1.5,
    2.0,
)  # upper end over lower end of a share up to which it is called known, and fairly known [J]


def how_sure(group: MiddleGroup) -> str:
    """Say how sure the share of children in the middle is under its rule, and whether another rule would move it more.

    Parameters
    ----------
    group : MiddleGroup
        From `find_middle`.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> from vcanalysis.analysis.middle import find_middle
    >>> rng = np.random.default_rng(2)
    >>> frame = pd.DataFrame({"need": rng.integers(0, 30, 200), "n3": 0, "band": "enhanced",
    ...                       "cost": np.exp(rng.normal(7, 0.7, 200))})
    >>> how_sure(find_middle(frame, need="need", n3="n3", band="band", cost="cost"))
    'high for the count under each rule, low for where the rule should lie'
    """
    share = group.estimates[0]
    if share.value is None or share.low is None or share.high is None:
        return "none: these data cannot say how many children are in the middle"
    wide = share.high / share.low if share.low > 0 else float("inf")
    word = "high" if wide <= SURE else "moderate" if wide <= FAIR else "low"
    start = f"{word} for the count under each rule"
    tried = group.sensitivity["share"]
    if tried.min() >= share.low and tried.max() <= share.high:
        return f"{start}; other cut-offs move it no further than chance does"
    joined = "and for" if word == "low" else "low for"
    return f"{start}{' ' if word == 'low' else ', '}{joined} where the rule should lie"


def beyond_expected(excess: Estimate) -> str:
    """Say by how much the dearest fell beyond what was to be expected, or that it is not clear.

    Parameters
    ----------
    excess : Estimate
        From `dearest_fall`: positive where they fell by more.

    Examples
    --------
    >>> beyond_expected(Estimate("Fall beyond", 40, -260, 140, n=90, unit="GBP per week"))
    'Beyond what was to be expected, no clear fall: between £260 a week dearer and £140 a week cheaper.'
    >>> beyond_expected(Estimate("Fall beyond", 400, 260, 540, n=90, unit="GBP per week"))
    'They fell by £400 a week (95% interval £260 to £540) more than was to be expected.'
    """
    if excess.value is None or excess.low is None or excess.high is None:
        return excess.sentence()
    if excess.low > 0:
        return f"They fell by {excess.words()} more than was to be expected."
    if excess.high < 0:
        less = excess.named(value=-excess.value, low=-excess.high, high=-excess.low)
        return f"They fell by {less.words()} less than was to be expected."
    dearer, cheaper = (write_number(abs(end), excess.unit) for end in (excess.low, excess.high))
    ends = f"between {dearer} dearer and {cheaper} cheaper"
    return f"Beyond what was to be expected, no clear fall: {ends}."
