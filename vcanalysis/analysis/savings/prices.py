"""The gap between the prices of two kinds of placement, from the council's own data."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from vcanalysis.analysis.savings.inputs import Input
from vcanalysis.core.columns import cost_column, require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.facts import Fact
from vcanalysis.core.intervals import Interval
from vcanalysis.core.parts import parts_of, step_of
from vcanalysis.core.resampled import Draws, mean_draws, studentised_interval

METHOD = "mean weekly cost; bootstrap-t"
MINIMUM = 10
BETWEEN_COUNCILS = (0.78, 1.24)  # 10th and 90th percentile of residential unit costs over the median, 2018-19


def _mean(costs: np.ndarray, *, term: str, seed: int, level: float) -> tuple[Estimate, Draws]:
    n = len(costs)
    if n < MINIMUM:
        reason = f"at least {MINIMUM} children with a price are needed"
        return Estimate.not_estimable(term, n=n, reason=reason, method=METHOD), (np.zeros(0), np.zeros(0))
    mean, error = float(costs.mean()), float(np.std(costs, ddof=1)) / math.sqrt(n)
    drawn = mean_draws(costs, seed=seed)
    low, high = _ends(drawn, mean, error, n=n, level=level)
    return Estimate(
        term, mean, low, high, level, n, "GBP per week", METHOD, std_error=error, parts=parts_of(costs)
    ), drawn


def _ends(drawn: Draws, value: float, error: float, *, n: int, level: float) -> Interval:
    return studentised_interval(drawn, value, error, n=n, level=level) if error > 0 else (value, value)


def price_gap(
    frame: pd.DataFrame,
    *,
    cost: str,
    placement_type: str,
    dear: Sequence[str] = ("Residential home",),
    cheap: Sequence[str] = ("Agency fostering",),
    level: float = 0.95,
    seed: int = 0,
) -> Estimates:
    """Mean weekly cost of two kinds of placement and the gap between them.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows without a price are left out.
    cost, placement_type : str
        Columns of weekly cost in pounds and of the type of placement.
    dear, cheap : sequence of str
        Types compared.
    level : float
        Confidence level.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Estimates
        Mean of the dear, mean of the cheap, and the gap; means, because pounds add up and medians do not.

    Raises
    ------
    InputError
        If a column is missing, or costs are not numbers of at least 0.

    Notes
    -----
    Children who can move to a family are not like all children in homes: their present price may be lower and
    their family will cost more than fostering usually does. The gap is the most there could be, not the saving.

    Examples
    --------
    >>> frame = pd.DataFrame({"cost": [800.0] * 20 + [4000.0] * 20,
    ...                       "type": ["Agency fostering"] * 20 + ["Residential home"] * 20})
    >>> price_gap(frame, cost="cost", placement_type="type")[2].value
    3200.0
    """
    require_columns(frame, cost, placement_type)
    costs, types = cost_column(frame, cost), frame[placement_type].astype("str")
    sides = [costs[types.isin(list(names)).to_numpy() & ~np.isnan(costs)] for names in (dear, cheap)]
    names = [" or ".join(names).lower() for names in (dear, cheap)]
    first, high = _mean(sides[0], term=f"Mean weekly cost, {names[0]}", seed=seed, level=level)
    second, low = _mean(sides[1], term=f"Mean weekly cost, {names[1]}", seed=seed + 1, level=level)
    term, method = f"Gap in mean weekly cost, {names[0]} less {names[1]}", f"difference of {METHOD}"
    if first.value is None or second.value is None:
        few = first if first.value is None else second
        gap = Estimate.not_estimable(term, n=few.n, reason=few.reason, method=method)
        return Estimates((first, second, gap))
    value, n = first.value - second.value, first.n + second.n
    error = math.hypot(first.std_error or 0.0, second.std_error or 0.0)
    drawn = high[0] - low[0], np.hypot(high[1], low[1])
    ends = _ends(drawn, value, error, n=min(first.n, second.n), level=level)
    gap = Estimate(term, value, *ends, level, n, "GBP per week", method, std_error=error)
    gap = gap.named(
        parts=max(first.parts, second.parts, key=lambda p: (p.first + p.second) / max(p.total, 1e-9))
    )
    return Estimates((first, second, gap))


def or_national(own: Estimate, national: Fact, *, width: float = 0.0) -> Estimate | Input:
    """Give the council's own price, or the national one with the spread between councils where there is none.

    Parameters
    ----------
    own : Estimate
        Mean weekly cost from `price_gap`.
    national : Fact
        Published unit cost, pounds a week in the prices of its financial year.
    width : float
        Where the scenario is published: the own price is rounded until two means, with and without a child, leave it
        open by this share of the dearest. The results would else tell the mean more finely than it is shown.

    Returns
    -------
    Estimate or Input
        The national price ranges from the 10th to the 90th percentile of councils, in pounds of its own year:
        `Scenario.with_values` brings them to the scenario's.

    Examples
    --------
    >>> few = Estimate.not_estimable("Mean weekly cost", n=4, reason="at least 10 children are needed")
    >>> from vcanalysis.core.facts import fact
    >>> round(or_national(few, fact("england_residential_week_2020")).low)
    3249
    """
    if own.estimable and width and own.parts is not None:
        step = step_of(width * own.parts.first / (2 * own.n + 1))
        value, low, high = (
            None if e is None else step * math.floor(e / step + 0.5) for e in (own.value, own.low, own.high)
        )
        return own.named(value=value, low=low, high=high)
    if own.estimable:
        return own
    low, high = (share * national.value for share in BETWEEN_COUNCILS)
    reason = "The council has too few priced children; the published unit cost takes the place of its price."
    source = "Department for Education: Local Authority Interactive Tool; 10th and 90th percentile of councils, 2018-19"
    return Input(national.value, low, high, "GBP per week", reason, source, national.year)
