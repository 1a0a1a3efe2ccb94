"""Pounds for each point of outcome, with an interval that admits when there is none."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.value.change import Line
from vcanalysis.analysis.value.contrast import contrast
from vcanalysis.analysis.value.gaps import Gaps
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.numbers import write_number

METHOD = "ratio of differences in means; Fieller interval by studentised permutation"
_HALVINGS = 30


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
    seed: int = 0,
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
    seed : int
        Seed of the deals from which the interval is made.
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
    >>> frame = pd.DataFrame({"home": [True] * 10 + [False] * 10, "cost": [900.0, 1100.0] * 5 + [400.0, 600.0] * 5,
    ...                       "better": [2.0, 2.2] * 5 + [1.0, 1.2] * 5})
    >>> cost_per_outcome(frame, member="home", cost="cost", effect="better").sentence()
    'Cost of one more point of outcome: £500 (95% interval £450 to £529; 20 children).'
    """
    found = contrast(frame, member=member, cost=cost, effect=effect, cluster=cluster, seed=seed)
    n = sum(found.n)
    if found.reason:
        return Estimate.not_estimable(term, n=min(found.n), reason=found.reason, method=METHOD)
    allowed = _not_ruled_out(found, (1 - level) / 2)
    if allowed.kind == "bounded":
        return Estimate(
            term, found.means[0] / found.means[1], allowed.low, allowed.high, level, n, "GBP", METHOD
        )
    low, high = (write_number(v, "GBP") for v in (allowed.low, allowed.high))
    out = f"only {low} to {high} is ruled out" if allowed.kind == "outside" else "no value is ruled out"
    # what is published leaves out the clause with the pounds
    reason = (
        f"{out}; the difference in outcome could be nothing: decide by net benefit, of the children with both"
    )
    return Estimate.not_estimable(term, n=n, reason=reason, method=METHOD)


def _not_ruled_out(found: Gaps, tail: float) -> Range:
    """Give the ratios r for which cost - r x effect could be nothing.

    Fieller's search: the weights (1, -r) up to their sign are the angles of half a circle, on which the estimate itself
    is never ruled out and what lies at right angles to it, in standard errors, is the first to be.
    """
    root = np.linalg.inv(np.linalg.cholesky(found.spread))
    height = root @ found.means
    start = math.atan2(-height[0], height[1])

    def weights(angle: float) -> np.ndarray:
        return np.asarray(root.T @ [math.cos(angle), math.sin(angle)])

    ends = []
    for side in (-1, 1):
        inside, outside = start, start + side * math.pi / 2
        if not _ruled_out(found, weights(outside), tail):
            return Range("all")
        for _ in range(_HALVINGS):
            middle = (inside + outside) / 2
            there = _ruled_out(found, weights(middle), tail)
            inside, outside = (inside, middle) if there else (middle, outside)
        ends.append(weights(inside))
    # Between the two, the weight of cost turns its sign where the effect alone could be nothing.
    low, high = sorted(float(-effect / cost) for cost, effect in ends)
    return Range("outside" if ends[0][0] * ends[1][0] < 0 else "bounded", low, high)


def _ruled_out(found: Gaps, weights: np.ndarray, tail: float) -> bool:
    return min(found.along(weights.tolist()).tails()) < tail
