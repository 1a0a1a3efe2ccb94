"""Joint funding against need: whether health or education pays more where it is needed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vcanalysis.core.columns import cost_column, number_column, say_column
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import wilson
from vcanalysis.core.parts import parts_of

MINIMUM = 10


def joint_funding(
    frame: pd.DataFrame, *, shares: Sequence[str], cost: str, needed: Sequence[str], level_of_need: float = 2
) -> Estimates:
    """Say for how many children with a need others pay a share, and what they pay of all.

    Parameters
    ----------
    frame : DataFrame
        One row per child.
    shares : sequence of str
        Columns of the shares that others pay, such as health's and education's.
    cost : str
        Weekly price, pounds.
    needed : sequence of str
        For each share the column of the need that would call for it.
    level_of_need : float
        Level from which the need calls for action.

    Returns
    -------
    Estimates
        For each payer: the share of children with that need, and of those without, for whom it pays; and its part of
        all spend, which is exact. Not estimable below 10 children on a side, or where the framework does not rate the
        need: it then has no column.

    Raises
    ------
    InputError
        If a column of shares or prices is missing, or any is not numeric.

    Notes
    -----
    A share not recorded looks like one not paid. Need that another agency meets outside the placement is not seen.

    Examples
    --------
    >>> frame = pd.DataFrame({"health_share": [0.5, 0.0] * 10, "gbp": 1000.0, "mental": [3, 0] * 10})
    >>> found = joint_funding(frame, shares=["health_share"], cost="gbp", needed=["mental"])
    >>> [round(e.value, 2) for e in found]
    [1.0, 0.0, 0.25]
    """
    costs = cost_column(frame, cost)
    made: list[Estimate] = []
    for share, need in zip(shares, needed, strict=True):
        part = number_column(frame, share)
        needs = number_column(frame, need) if need in frame else np.full(len(frame), np.nan)
        unrated = "" if need in frame else f"no {say_column(need)} is rated here"
        known = ~np.isnan(part) & ~np.isnan(needs)
        payer = share.removesuffix("_share").capitalize()
        for words, side in (("with", needs >= level_of_need), ("without", needs < level_of_need)):
            term = f"{payer} pays a share, children {words} such a need"
            made.append(_paying(part[known & side] > 0, term, unrated=unrated))
        made.append(_of_all(part, costs, f"{payer}'s part of all spend"))
    return Estimates.of(made)


def _paying(pays: np.ndarray, term: str, *, unrated: str = "", level: float = 0.95) -> Estimate:
    if unrated or len(pays) < MINIMUM:
        reason = unrated or f"at least {MINIMUM} children are needed"
        return Estimate.not_estimable(term, n=len(pays), reason=reason)
    count, n = int(pays.sum()), len(pays)
    return Estimate(
        term, count / n, *wilson(count, n, level), level, n, "share", "Wilson interval", support=count
    )


def _of_all(part: np.ndarray, costs: np.ndarray, term: str) -> Estimate:
    known = ~np.isnan(part) & ~np.isnan(costs)
    total = float(costs[known].sum())
    if total <= 0:
        return Estimate.not_estimable(term, n=int(known.sum()), reason="no child has a price and a share")
    paid = part[known] * costs[known]
    about = {"n": int(known.sum()), "unit": "share", "method": "arithmetic, exact", "parts": parts_of(paid)}
    return Estimate(term, float(paid.sum()) / total, **about)  # type: ignore[arg-type]
