"""A good saving costs less and leaves children no worse: both must be shown."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vcanalysis.analysis.value.change import Line
from vcanalysis.analysis.value.contrast import ONLY_COST, ONLY_EFFECT, contrast
from vcanalysis.core.columns import number_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.parts import parts_of

METHOD = (
    "difference in means; studentised permutation with Hall's correction, very skewed costs "
    "held against log-normal ones too"
)
COST, EFFECT = "Difference in cost over the period", "Difference in outcome (positive is better)"

_WORDS = {
    "good saving": "Costs were lower and outcomes no worse by the margin",
    "cheaper, outcome not shown to hold": "Costs were lower, but outcomes may have been worse by the margin",
    "no worse, not shown to be cheaper": "Outcomes were no worse by the margin, but costs not clearly lower",
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
        Greater of the two one-sided tests (costs no less; outcome worse by the margin or more): below 0.025 where
        95% intervals show a good saving.
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
        allowed = f"{self.margin:g} point{'' if self.margin == 1 else 's'}"
        said = {
            "good saving": f"cost less, and their outcomes were no more than {allowed} worse",
            "cheaper, outcome not shown to hold": f"cost less, but outcomes worse by {allowed} are not ruled out",
            "no worse, not shown to be cheaper": f"did no more than {allowed} worse, but are not shown to cost less",
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
    frame: pd.DataFrame,
    *,
    member: str,
    cost: str,
    effect: str | Line,
    margin: float,
    cluster: str = "",
    level: float = 0.95,
    seed: int = 0,
) -> GoodSaving:
    """Judge whether a group is a good saving against the others: cheaper, and no worse by more than a margin.

    Parameters
    ----------
    frame : DataFrame
        One row per child.
    member : str
        Column of flags: who belongs to the group.
    cost : str
    effect : str or Line
        Columns of cost over the period in pounds and of outcome in points, positive is better. An outcome measured
        from a line is given as the `Line`, so that its error is counted.
    margin : float
        Points by which outcomes may be worse: set it before looking, no larger than a change that matters.
    cluster : str
        Column of what children share, such as who rated them.
    level : float
        Confidence level of the intervals. Each condition holds where the interval shows it, which is a one-sided
        test at half of 1 - level: 2.5%.
    seed : int
        Seed of the deals from which the intervals are made.

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
    Costs are compared as they are; only an outcome given as a `Line` is adjusted.

    Where the costs of the two groups are alike, a saving that is none is claimed in 2.5%. A small group more skewed
    than the others (log-normal, sd of logs 1.06 against 0.6; 50 children against 100) says too little of its dearest
    children: by t it is claimed in 11%, by dealing the children out alone in 6%, held against log-normal costs
    too in 4%.

    No design: children were not allotted to the group by lot, so neither difference is an effect of it.

    References
    ----------
    Piaggio G et al. (2012), JAMA 308:2594-2604 (one-sided 2.5%, as is usual where no worse is claimed); Berger RL
    (1982), Technometrics 24:295-300 (both must be shown, so no correction); Schuirmann DJ (1987), J Pharmacokinet
    Biopharm 15:657-680.

    Examples
    --------
    >>> import numpy as np
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
    found = contrast(frame, member=member, cost=cost, effect=effect, cluster=cluster, seed=seed)
    if found.reason:
        none = [
            Estimate.not_estimable(t, n=min(found.n), reason=found.reason, method=METHOD)
            for t in (COST, EFFECT)
        ]
        return GoodSaving(none[0], none[1], margin, None, "not estimable")
    gaps = found.along(ONLY_COST), found.along(ONLY_EFFECT)
    made = [
        Estimate(
            term,
            gap.value,
            *gap.ends(level),
            level,
            sum(found.n),
            unit,
            METHOD,
            std_error=gap.error,
            support=min(found.n),
            parts=parts_of(number_column(frame, cost)) if unit == "GBP" else None,
        )
        for gap, term, unit in zip(gaps, (COST, EFFECT), ("GBP", "points"), strict=True)
    ]
    dear, worse = gaps[0].tails()[0], gaps[1].tails(-margin)[1]
    return GoodSaving(made[0], made[1], margin, max(dear, worse), _verdict(dear, worse, (1 - level) / 2))


def how_sure(saving: GoodSaving) -> str:
    """Say how sure it is that costs differ, and what no figure here can show.

    Examples
    --------
    >>> gap = Estimate("Cost", -500.0, -900.0, -100.0, unit="GBP")
    >>> how_sure(GoodSaving(gap, gap, 1.0, 0.01, "good saving"))
    'high that costs differ, low that the placement is why outcomes do or do not'
    """
    if not saving.cost.estimable:
        return "none: too few children to compare"
    sure = "high that costs differ" if saving.cost.excludes(0) else "low that costs differ at all"
    return f"{sure}, low that the placement is why outcomes do or do not"


def _verdict(dear: float, worse: float, alpha: float) -> str:
    if dear < alpha and worse < alpha:
        return "good saving"
    if dear < alpha:
        return "cheaper, outcome not shown to hold"
    return "no worse, not shown to be cheaper" if worse < alpha else "neither shown"
