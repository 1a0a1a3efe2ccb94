"""Worth it at what price? Net benefit and the chance that it is positive, over what a point is held to be worth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.value.change import Line
from vcanalysis.analysis.value.contrast import contrast
from vcanalysis.core.columns import number_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.numbers import write_number
from vcanalysis.core.parts import parts_of

METHOD = (
    "net benefit of differences in means; studentised permutation with Hall's correction, very skewed costs "
    "held against log-normal ones too"
)
TERM = "Net benefit per child"
_ALIKE = "at this worth cost and outcome move as one in all children, so that nothing says how sure this is"
_SURE = 0.975  # probability from which a headline says so: the 95% interval then lies above nothing


def say_chance(chance: float) -> str:
    """Write a probability without claiming certainty.

    Examples
    --------
    >>> say_chance(0.62), say_chance(0.9999)
    ('62%', 'more than 99%')
    """
    if chance > 0.99:
        return "more than 99%"
    return "less than 1%" if chance < 0.01 else write_number(chance, "probability")


@dataclass(frozen=True, slots=True)
class NetBenefit:
    """Net benefit per child of one group against the others.

    Parameters
    ----------
    curve : DataFrame
        One row per worth of a point: worth_gbp, net_benefit, low, high, probability (that it is positive).
    at : Estimate
        Net benefit at the declared worth.
    worth_gbp : float
        The declared worth of a point, pounds.
    """

    curve: pd.DataFrame
    at: Estimate
    worth_gbp: float

    def frame(self) -> pd.DataFrame:
        """Give the net benefit at the declared worth as a tidy row."""
        return self.at.frame()

    def probability(self) -> float | None:
        """Give the chance that the net benefit is positive at the declared worth."""
        found = self.curve.loc[self.curve["worth_gbp"] == self.worth_gbp, "probability"]
        return float(found.iloc[0]) if len(found) else None

    def sentence(self) -> str:
        """Say the net benefit and how likely it is to be positive."""
        if not self.at.estimable:
            return self.at.sentence()
        chance = say_chance(self.probability() or 0.0)
        worth = write_number(self.worth_gbp, "GBP")
        return (
            f"With a point held to be worth {worth}, the net benefit per child is {self.at.words()}; "
            f"{chance} likely to be positive."
        )

    def headline(self) -> str:
        """Say whether the answer hangs on what a point is worth, for the head of a picture."""
        if self.curve.empty:
            return "Too few children to weigh cost against outcome"
        sure = self.curve["probability"] >= _SURE
        worth = self.curve["worth_gbp"].map(lambda v: write_number(v, "GBP"))
        if sure.all():
            return f"Better value at every worth of a point from {worth.iloc[0]} to {worth.iloc[-1]}"
        if not sure.any():
            return "Not shown to be better value at any worth of a point"
        if sure.iloc[0]:
            return f"Clearly better value while a point of outcome is worth up to {worth[sure.idxmin() - 1]}"
        if not sure.iloc[
            -1
        ]:  # towards the end of the curve the noise of the outcome outweighs the saving again
            kept = sure.index[sure]
            ends = worth[kept[0]] if len(kept) == 1 else f"{worth[kept[0]]} to {worth[kept[-1]]}"
            return f"Clearly better value only where a point of outcome is worth about {ends}"
        return f"Better value only if a point of outcome is worth {worth[sure.idxmax()]} or more"


def net_benefit(
    frame: pd.DataFrame,
    *,
    member: str,
    cost: str,
    effect: str | Line,
    worth: Sequence[float] = (0, 250, 500, 1000, 2000, 5000),
    declared: float = 1000.0,
    cluster: str = "",
    level: float = 0.95,
    seed: int = 0,
) -> NetBenefit:
    """Weigh the outcome of a group against its cost, for every worth of a point.

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
    worth : sequence of float
        Pounds a point is held to be worth, for the curve.
    declared : float
        The worth at which one figure is given; it joins the curve.
    cluster : str
        Column of what children share, such as who rated them.
    level : float
        Confidence level.
    seed : int
        Seed of the deals from which interval and probability are made.

    Returns
    -------
    NetBenefit
        worth x difference in outcome - difference in cost. The probability is the share of deals of the children that
        fall short of it (missing where nothing varies): the cost-effectiveness acceptability curve. Not
        estimable below 10 children in either group, or where cost and outcome move as one.

    Raises
    ------
    InputError
        If a worth lies below zero.

    References
    ----------
    Stinnett AA, Mullahy J (1998), Med Decis Making 18:S68-S80; Fenwick E, O'Brien BJ, Briggs A (2004), Health Econ
    13:405-415.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"home": np.arange(80) < 40, "cost": rng.normal(1000, 100, 80), "better": 0.0})
    >>> frame["better"] = rng.normal(0, 1, 80) + 2 * frame["home"]
    >>> net_benefit(frame, member="home", cost="cost", effect="better").at.excludes(0)
    True
    """
    values = sorted({*map(float, worth), float(declared)})
    if values[0] < 0:
        raise InputError(f"A point cannot be worth {values[0]:g} pounds. Give 0 or more.")
    found = contrast(frame, member=member, cost=cost, effect=effect, cluster=cluster, seed=seed)
    columns = ["worth_gbp", "net_benefit", "low", "high", "probability"]
    if found.reason:
        none = Estimate.not_estimable(TERM, n=min(found.n), reason=found.reason, method=METHOD)
        return NetBenefit(pd.DataFrame(columns=columns, dtype=float), none, float(declared))
    rows, chosen = [], None
    for value in values:
        gap = found.along((-1.0, value))
        size = float(np.abs(found.means) @ [1.0, value])
        varies = gap.error > 1e-7 * size  # else cost and outcome move as one here: what is left is rounding
        ends = gap.ends(level) if varies else (np.nan, np.nan)
        rows.append((value, gap.value, *ends, 1 - gap.tails()[1] if varies else np.nan))
        if value == declared:
            ends = ends if varies else (gap.value, gap.value)
            chosen = Estimate(
                TERM,
                gap.value,
                *ends,
                level,
                sum(found.n),
                "GBP",
                METHOD,
                std_error=gap.error,
                support=min(found.n),
                parts=parts_of(number_column(frame, cost)),
            ).unless_alike(size, reason=_ALIKE)
    assert chosen is not None
    return NetBenefit(pd.DataFrame(rows, columns=columns), chosen, float(declared))
