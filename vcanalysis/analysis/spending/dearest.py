"""What the dearest placements take, and what the need of their children is against the rest."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.spending.concentration import MINIMUM, concentration, top_name
from vcanalysis.core.columns import cost_column, number_column, require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import median_interval, percentile_interval, support_of, wilson
from vcanalysis.core.numbers import write_number
from vcanalysis.core.resampled import resampled_medians

GAP = "Difference in median need, dearest less others"


@dataclass(frozen=True, slots=True)
class Dearest:
    """The dearest placements against the rest: their money and their children's need.

    Parameters
    ----------
    estimates : Estimates
        Share of spend, median weekly cost, median need and share in the highest band; groups "dearest 10%"
        and "all others"; and the difference in median need.
    threshold_gbp_week : float or None
        Weekly cost of the cheapest of the dearest, pounds.
    share : float
        Size of the top, as a share of children.
    """

    estimates: Estimates
    threshold_gbp_week: float | None
    share: float

    def frame(self) -> pd.DataFrame:
        """Give all figures as tidy rows."""
        return self.estimates.frame()

    def sentence(self) -> str:
        """Say what the dearest take and how their need differs."""
        return self.estimates.sentence()

    def headline(self) -> str:
        """Say whether the dearest placements hold the children with the highest need."""
        gap = self.estimates.term(GAP)
        if not gap.estimable:
            return "Too few children have a price and a need score to compare the dearest placements"
        if gap.excludes(0):
            more = "more" if (gap.value or 0) > 0 else "less"
            size = write_number(abs(gap.value or 0), "points")
            return f"Children in the dearest placements have {more} need: {size} at the median"
        return "No clear difference in need between the dearest placements and the others"


def _needs(needs: np.ndarray, *, group: str, level: float) -> Estimate:
    known = needs[~np.isnan(needs)]
    term, method = "Median need", "median; distribution-free interval"
    ends = median_interval(known, level)
    if ends is None:
        reason = "at least 6 assessed children are needed"
        return Estimate.not_estimable(term, n=len(known), reason=reason, group=group, method=method)
    value, (low, high), n = float(np.median(known)), ends, len(known)
    few = support_of(known, value, low, high)
    return Estimate(term, value, low, high, level, n, "points", method, group, support=few)


def _in_band(bands: pd.Series, *, highest: str, group: str, level: float) -> Estimate:
    known = bands.dropna()
    term, method = f"Share with {highest} need", "share; Wilson interval"
    if known.empty:
        reason = "no child has a band of need"
        return Estimate.not_estimable(term, n=0, reason=reason, group=group, method=method)
    count = int((known.astype("str") == highest).sum())
    ends = wilson(count, len(known), level)
    return Estimate(term, count / len(known), *ends, level, len(known), "share", method, group)


def _gap(dear: np.ndarray, rest: np.ndarray, *, level: float, replicates: int, seed: int) -> Estimate:
    term, method = GAP, "difference of medians; percentile bootstrap"
    dear, rest = dear[~np.isnan(dear)], rest[~np.isnan(rest)]
    n = len(dear) + len(rest)
    if min(len(dear), len(rest)) < 6:
        reason = "at least 6 assessed children are needed on either side"
        return Estimate.not_estimable(term, n=min(len(dear), len(rest)), reason=reason, method=method)
    rng = np.random.default_rng(seed)
    drawn = resampled_medians(dear, replicates, rng) - resampled_medians(rest, replicates, rng)
    ends = percentile_interval(drawn, level)
    error = float(np.std(drawn, ddof=1))
    value = float(np.median(dear) - np.median(rest))
    few = min(support_of(side, float(np.median(side))) for side in (dear, rest))
    return Estimate(term, value, *ends, level, n, "points", method, std_error=error, support=few)


def dear_placements(frame: pd.DataFrame, *, cost: str, least: float) -> Estimate:
    """Count the placements that cost so much a week or more.

    Parameters
    ----------
    frame : DataFrame
        One row per child.
    cost : str
        Column of weekly cost, pounds; missing where there is no price.
    least : float
        Pounds a week.

    Raises
    ------
    InputError
        If the column is missing, or costs are not numbers of at least 0.

    Examples
    --------
    >>> dear_placements(pd.DataFrame({"cost": [500.0, 12000.0]}), cost="cost", least=10000).sentence()
    'Placements of £10,000 a week or more: 1 child.'
    """
    count = int((cost_column(frame, cost) >= least).sum())
    term = f"Placements of {write_number(least, 'GBP per week')} or more"
    return Estimate(term, count, n=count, unit="children", method="count")


def dearest(
    frame: pd.DataFrame,
    *,
    cost: str,
    need: str,
    share: float = 0.1,
    band: str = "",
    highest: str = "complex",
    level: float = 0.95,
    replicates: int = 1000,
    seed: int = 0,
) -> Dearest:
    """Compare the dearest placements with the rest: what they take, and what their children need.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows without a price are left out.
    cost, need : str
        Columns of weekly cost in pounds and of the need score.
    share : float
        Size of the top, as a share of the priced children, rounded to whole children; ties at the edge are
        settled by order in the frame.
    band, highest : str
        Column of the band of need, if there is one, and the name of its highest band.
    level : float
        Confidence level.
    replicates, seed : int
        Bootstrap resamples for the difference in medians, and their seed.

    Returns
    -------
    Dearest
        Estimates for the dearest and for all others; each says why where it is not estimable.

    Raises
    ------
    InputError
        If a column is missing, not numeric, or a cost lies below zero.

    Notes
    -----
    Who is dearest on one day is partly chance: a year later the same children will cost less on average
    even if nothing is done (regression to the mean).

    Examples
    --------
    >>> frame = pd.DataFrame({"cost": range(1, 101), "need": [5, 9, 7, 3] * 25})
    >>> dearest(frame, cost="cost", need="need").estimates.term("Median weekly cost").value
    95.5
    """
    require_columns(frame, cost, need, *([band] if band else []))
    costs, needs = cost_column(frame, cost), number_column(frame, need)
    known = ~np.isnan(costs)
    costs, needs = costs[known], needs[known]
    count = round(share * len(costs))
    name, spend = top_name(share), "Share of weekly spend taken"
    if count < 1 or len(costs) < MINIMUM:
        reason = f"at least {MINIMUM} children with a price are needed"
        none = [Estimate.not_estimable(t, n=len(costs), reason=reason) for t in (spend, GAP)]
        return Dearest(Estimates.of(none), None, share)
    top = np.zeros(len(costs), dtype=bool)
    top[np.argsort(-costs, kind="stable")[:count]] = True
    shares = concentration(
        frame, cost=cost, top=(share,), level=level, replicates=replicates, seed=seed
    ).shares
    estimates = [*shares]
    bands = frame.loc[known, band].reset_index(drop=True) if band else None
    for side, group in ((top, name), (~top, "all others")):
        low, high = median_interval(costs[side], level) or (None, None)
        about = ("GBP per week", "median; distribution-free interval", group)
        value = float(np.median(costs[side]))
        few = support_of(costs[side], value, low, high)
        cost_of = Estimate(
            "Median weekly cost", value, low, high, level, int(side.sum()), *about, support=few
        )
        estimates.append(cost_of)
        estimates.append(_needs(needs[side], group=group, level=level))
        if bands is not None:
            estimates.append(_in_band(bands[side], highest=highest, group=group, level=level))
    estimates.append(_gap(needs[top], needs[~top], level=level, replicates=replicates, seed=seed))
    return Dearest(Estimates.of(estimates), float(costs[top].min()), share)
