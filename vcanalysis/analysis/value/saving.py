"""A good saving costs less and leaves children no worse: both must be shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.value.contrast import contrast
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

METHOD = "difference in means; Welch interval"
COST, EFFECT = "Difference in cost over the period", "Difference in outcome (positive is better)"

_WORDS = {
    "good saving": "Costs were lower and outcomes no worse",
    "cheaper, outcome not shown to hold": "Costs were lower, but outcomes may have been worse",
    "no worse, not shown to be cheaper": "Outcomes were no worse, but costs not clearly lower",
    "neither shown": "Neither lower costs nor outcomes that hold are shown",
}


@dataclass(frozen=True, slots=True)
class GoodSaving:
    """Whether a group costs less with outcomes not worse by more than a margin.

    Parameters
    ----------
    cost, effect : Estimate
        Differences, the group less the others: pounds, and points with positive better.
    margin : float
        Points by which outcomes may be worse and still count as no worse.
    p_value : float or None
        Greater of the two one-sided tests (costs no less; outcome worse by the margin or more).
    verdict : str
        "good saving", "cheaper, outcome not shown to hold", "no worse, not shown to be cheaper", "neither shown" or
        "not estimable".
    """

    cost: Estimate
    effect: Estimate
    margin: float
    p_value: float | None
    verdict: str

    def frame(self) -> pd.DataFrame:
        """Give the two differences as tidy rows."""
        return pd.concat([self.cost.frame(), self.effect.frame()], ignore_index=True)

    def headline(self, name: str = "The group") -> str:
        """Say the verdict in few words, for the head of a page."""
        if not self.cost.estimable:
            return "Too few children to weigh cost against outcome"
        said = {
            "good saving": "cost less, and their outcomes were no worse",
            "cheaper, outcome not shown to hold": "cost less, but it is not shown that their outcomes held",
            "no worse, not shown to be cheaper": "did no worse, but are not shown to cost less",
            "neither shown": "are shown neither to cost less nor to do as well",
        }
        return f"{name} {said[self.verdict]}"

    def sentence(self) -> str:
        """Say both differences and what may be concluded."""
        if not self.cost.estimable:
            return self.cost.sentence()
        return (
            f"{_WORDS[self.verdict]} (margin {self.margin:g} points): cost {self.cost.words()}, outcome "
            f"{self.effect.words()}, against the others."
        )


def judge_saving(
    frame: pd.DataFrame, *, member: str, cost: str, effect: str, margin: float, level: float = 0.95
) -> GoodSaving:
    """Judge whether a group is a good saving against the others: cheaper, and no worse by more than a margin.

    Parameters
    ----------
    frame : DataFrame
        One row per child.
    member : str
        Column of flags: who belongs to the group.
    cost, effect : str
        Columns of cost over the period in pounds and of outcome in points, positive is better.
    margin : float
        Points by which outcomes may be worse: set it before looking, no larger than a change that matters.
    level : float
        Confidence level; each condition is tested one-sided at 1 - level, and both must hold.

    Returns
    -------
    GoodSaving
        Not estimable below 10 children in either group.

    Raises
    ------
    InputError
        If the margin is not above zero.

    Notes
    -----
    No design: children were not allotted to the group by lot, so neither difference is an effect of it.

    References
    ----------
    Berger RL (1982), Technometrics 24:295-300 (both must be shown, so no correction); Schuirmann DJ (1987), J
    Pharmacokinet Biopharm 15:657-680.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"family": np.arange(100) < 50, "better": rng.normal(0, 1, 100)})
    >>> frame["cost"] = rng.normal(1000, 100, 100) - 500 * frame["family"]
    >>> judge_saving(frame, member="family", cost="cost", effect="better", margin=1.0).verdict
    'good saving'
    """
    if not margin > 0:
        raise InputError(
            f"The margin {margin:g} is refused: give the points above 0 that still count as no worse."
        )
    found = contrast(frame, member=member, cost=cost, effect=effect)
    if found.reason:
        none = [
            Estimate.not_estimable(t, n=min(found.n), reason=found.reason, method=METHOD)
            for t in (COST, EFFECT)
        ]
        return GoodSaving(none[0], none[1], margin, None, "not estimable")
    errors = np.sqrt(np.diag(found.spread))
    factors = stats.t.ppf(0.5 + level / 2, found.freedom)
    made = []
    for place, (term, value, unit) in enumerate(
        ((COST, found.cost, "GBP"), (EFFECT, found.effect, "points"))
    ):
        half, error = factors[place] * errors[place], float(errors[place])
        made.append(
            Estimate(
                term, value, value - half, value + half, level, sum(found.n), unit, METHOD, std_error=error
            )
        )
    dear = float(stats.t.cdf(found.cost / errors[0], found.freedom[0]))
    worse = float(stats.t.sf((found.effect + margin) / errors[1], found.freedom[1]))
    return GoodSaving(made[0], made[1], margin, max(dear, worse), _verdict(dear, worse, 1 - level))


def _verdict(dear: float, worse: float, alpha: float) -> str:
    if dear < alpha and worse < alpha:
        return "good saving"
    if dear < alpha:
        return "cheaper, outcome not shown to hold"
    return "no worse, not shown to be cheaper" if worse < alpha else "neither shown"
