"""The share of fostering that is in-house, and what more of it would mean in places and pounds."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import statsmodels.api as sm

from vcanalysis.core.columns import cost_column, number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import wilson
from vcanalysis.core.parts import fit_of, parts_of, priced_alike

IN_HOUSE, AGENCY = "In-house fostering", "Agency fostering"
WEEKS_A_YEAR = 365.25 / 7
MINIMUM = 10
METHOD = "regression of weekly cost within each kind, averaged over the agency's children; HC3"


def in_house_share(frame: pd.DataFrame, *, placement_type: str, level: float = 0.95) -> Estimate:
    """Share of the children in mainstream fostering who live with the council's own carers.

    Parameters
    ----------
    frame : DataFrame
        One row per child on a day.
    placement_type : str
        Column with "In-house fostering" and "Agency fostering"; all else, kinship too, is no mainstream fostering.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        In-house over in-house and agency, with Wilson's interval. Not estimable without a child in either.

    Raises
    ------
    InputError
        If the column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"type": ["In-house fostering"] * 10 + ["Agency fostering"] * 10})
    >>> in_house_share(frame, placement_type="type").words()
    '50% (95% interval 30% to 70%)'
    """
    require_columns(frame, placement_type)
    types = frame[placement_type].astype("str")
    own, n = int((types == IN_HOUSE).sum()), int(types.isin([IN_HOUSE, AGENCY]).sum())
    term, method = "Share of mainstream fostering that is in-house", "share; Wilson"
    if not n:
        return Estimate.not_estimable(term, n=0, reason="no child is in mainstream fostering", method=method)
    ends = wilson(own, n, level)
    return Estimate(term, own / n, *ends, level, n, "share", method, support=min(own, n - own))


def agency_gap(
    frame: pd.DataFrame, *, cost: str, placement_type: str, adjust: tuple[str, ...] = (), level: float = 0.95
) -> Estimate:
    """Weekly cost of children with an agency beyond what children alike cost in-house.

    Parameters
    ----------
    frame : DataFrame
        One row per child; those without a price or one of the adjusters are left out.
    cost, placement_type : str
        Columns of weekly cost in pounds and of the kind of placement.
    adjust : tuple of str
        Columns in which children are alike, such as need and age; none for the plain difference in means.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        Pounds a week. Not estimable with less than 10 children and two more than there are columns in either kind,
        or where cost does not vary.

    Raises
    ------
    InputError
        If a column is missing or not numeric, or a cost lies below zero.

    Notes
    -----
    A line for either kind, so that prices may rise with need differently; averaged over the agency's children, who
    are the ones who would move. What carers cost the council beside the weekly price (recruitment, assessment,
    social workers, empty places) is in neither price unless the council put it there: the gap is no saving.

    References
    ----------
    Lin W (2013), Ann Appl Stat 7:295-318; MacKinnon JG, White H (1985), J Econometrics 29:305-325 (HC3).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"type": ["In-house fostering"] * 60 + ["Agency fostering"] * 60})
    >>> frame["cost"] = 500 + 340 * (frame["type"] == "Agency fostering") + rng.normal(0, 30, 120)
    >>> agency_gap(frame, cost="cost", placement_type="type").sentence()[:70]
    'Weekly cost with an agency beyond that of children alike in-house: £34'
    """
    require_columns(frame, placement_type)
    term = "Weekly cost with an agency beyond that of children alike in-house"
    types = frame[placement_type].astype("str").to_numpy(dtype=object)
    values = np.column_stack([cost_column(frame, cost), *(number_column(frame, name) for name in adjust)])
    known = np.isin(types, [IN_HOUSE, AGENCY]) & ~np.isnan(values).any(axis=1)
    values, agency = values[known], (types[known] == AGENCY).astype(float)
    fewest = int(min(agency.sum(), (1 - agency).sum()))
    if fewest < MINIMUM + 2 * len(adjust):
        reason = f"at least {MINIMUM + 2 * len(adjust)} children with a price are needed in either kind"
        return Estimate.not_estimable(term, n=fewest, reason=reason, method=METHOD)
    alike = values[:, 1:] - values[agency == 1, 1:].mean(axis=0)
    design = np.column_stack([np.ones(len(agency)), agency, alike, alike * agency[:, None]])
    if np.linalg.matrix_rank(design) < design.shape[1] or np.ptp(values[:, 0]) == 0:
        return Estimate.not_estimable(term, n=len(agency), reason="cost or need does not vary", method=METHOD)
    fit = sm.OLS(values[:, 0], design).fit(cov_type="HC3", use_t=True)
    low, high = fit.conf_int(1 - level)[1]
    return Estimate(
        term, float(fit.params[1]), float(low), float(high), level, len(agency), "GBP per week", METHOD,
        std_error=float(fit.bse[1]), support=fewest, parts=parts_of(values[:, 0]),
        fit=fit_of(design),
    )  # fmt: skip


def more_in_house(children_in_house: int, gap: Estimate, *, growth: float = 0.14) -> Estimates:
    """Say what growth of in-house fostering would mean: places, pounds a week and pounds a year.

    Parameters
    ----------
    children_in_house : int
        Children with the council's own carers now.
    gap : Estimate
        Pounds a week by which an agency costs more, from `agency_gap`.
    growth : float
        Relative growth of the number of children, not percentage points of the share.

    Returns
    -------
    Estimates
        Added children, pounds a week and pounds in a full year; the range of the pounds is that of the gap alone.

    Raises
    ------
    InputError
        If the growth is not above zero, or the number of children lies below it.

    Examples
    --------
    >>> gap = Estimate("Gap", 340.0, 320.0, 360.0, n=150, unit="GBP per week")
    >>> [round(e.value) for e in more_in_house(100, gap, growth=0.14)]
    [14, 4760, 248370]
    """
    if not 0 < growth < math.inf or children_in_house < 0:
        raise InputError(
            f"Growth {growth:g} of {children_in_house:,} children is refused. Give a growth above 0."
        )
    added = growth * children_in_house
    n = children_in_house
    terms = ("More children in-house", "Price of more children in-house less than an agency's, a week",
             "Price of more children in-house less than an agency's, a full year")  # fmt: skip
    places = Estimate(terms[0], added, n=n, unit="children", method=f"{growth:.0%} growth of a count")
    if not n or gap.value is None:
        reason = gap.reason if gap.value is None else "no child lives in-house"
        none = [Estimate.not_estimable(t, n=gap.n if n else 0, reason=reason) for t in terms[1:]]
        return Estimates((places, *none))
    found = [places]
    for term, unit, weeks in ((terms[1], "GBP per week", 1.0), (terms[2], "GBP per year", WEEKS_A_YEAR)):
        value = gap.value * added * weeks
        low, high = (None if end is None else end * added * weeks for end in (gap.low, gap.high))
        found.append(
            Estimate(
                term, value, low, high, gap.level, gap.n, unit, gap.method, support=gap.support,
                priced=priced_alike(n, value, low, high),
            )
        )  # fmt: skip
    return Estimates.of(found)
