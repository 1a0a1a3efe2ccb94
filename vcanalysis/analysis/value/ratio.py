"""Pounds for each point of outcome, with an interval that admits when there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd
from scipy import stats

from vcanalysis.analysis.value.change import Line
from vcanalysis.analysis.value.contrast import contrast
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.numbers import write_number

METHOD = "ratio of differences in means; Fieller interval"


@dataclass(frozen=True, slots=True)
class Range:
    """The values of a ratio that the data do not rule out.

    Parameters
    ----------
    kind : str
        "bounded" (from low to high), "outside" (all values but those between low and high) or "all".
    low, high : float or None
        Ends; None where every value is possible.
    """

    kind: str
    low: float | None = None
    high: float | None = None

    def covers(self, value: float) -> bool:
        """Whether a value is not ruled out."""
        if self.low is None or self.high is None:
            return True
        between = self.low <= value <= self.high
        return between if self.kind == "bounded" else not self.low < value < self.high


def fieller(
    top: float,
    below: float,
    *,
    var_top: float,
    var_below: float,
    cover: float = 0.0,
    factor: float = 1.959964,
) -> Range:
    """Interval of a ratio of two means.

    Parameters
    ----------
    top, below : float
        Estimates above and below the line.
    var_top, var_below, cover : float
        Their variances and covariance.
    factor : float
        Quantile of t or the normal for the level.

    Returns
    -------
    Range
        Bounded only where the lower mean differs clearly from nothing.

    References
    ----------
    Fieller EC (1954), J R Stat Soc B 16:175-185; Franz VH (2007), arXiv:0710.2024, for its three cases.

    Examples
    --------
    >>> found = fieller(10, 5, var_top=1, var_below=0.25)
    >>> found.kind, round(found.low, 3), round(found.high, 3)
    ('bounded', 1.509, 2.651)
    >>> fieller(1, 0.1, var_top=1, var_below=1).kind
    'all'
    """
    square = factor**2
    a, b = below**2 - square * var_below, top * below - square * cover
    c = top**2 - square * var_top
    inside = b * b - a * c
    if a == 0 or inside < 0:
        return Range("all")
    ends = sorted((b + sign * math.sqrt(inside)) / a for sign in (-1, 1))
    return Range("bounded" if a > 0 else "outside", *ends)


def cost_per_outcome(
    frame: pd.DataFrame,
    *,
    member: str,
    cost: str,
    effect: str | Line,
    cluster: str = "",
    level: float = 0.95,
    term: str = "Cost of one more point of outcome",
) -> Estimate:
    """Give the pounds a group costs more for each point its outcome is better than that of the others.

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
    cluster : str
        Column of what children share, such as who rated them.
    level : float
        Confidence level.
    term : str
        Words for the sentence.

    Returns
    -------
    Estimate
        Pounds a point. Not estimable where the difference in outcome could be nothing: the reason says which
        values are ruled out, if any. For display only: a negative ratio may mean cheaper and better or dearer and
        worse, so decide by `net_benefit`.

    Examples
    --------
    >>> frame = pd.DataFrame({"home": [True] * 10 + [False] * 10, "cost": [9.0, 11.0] * 5 + [4.0, 6.0] * 5,
    ...                       "better": [2.0, 2.2] * 5 + [1.0, 1.2] * 5})
    >>> cost_per_outcome(frame, member="home", cost="cost", effect="better").sentence()
    'Cost of one more point of outcome: £5 (95% interval £4 to £5; 20 children).'
    """
    found = contrast(frame, member=member, cost=cost, effect=effect, cluster=cluster)
    n = sum(found.n)
    if found.reason:
        return Estimate.not_estimable(term, n=min(found.n), reason=found.reason, method=METHOD)
    factor = float(stats.t.ppf(0.5 + level / 2, min(found.freedom)))
    (var_top, cover), (_, var_below) = found.spread
    allowed = fieller(
        found.cost, found.effect, var_top=var_top, var_below=var_below, cover=cover, factor=factor
    )
    if allowed.kind == "bounded":
        return Estimate(term, found.cost / found.effect, allowed.low, allowed.high, level, n, "GBP", METHOD)
    low, high = (write_number(v, "GBP") for v in (allowed.low, allowed.high))
    out = (
        f"only {low} to {high} is ruled out" if allowed.kind == "outside" else "no value at all is ruled out"
    )
    reason = f"the difference in outcome could be nothing, and {out}, by the children with cost and outcome"
    return Estimate.not_estimable(term, n=n, reason=reason, method=METHOD)
