"""Shares of children: by group, and the ends between which a share lies when some are unknown."""

from __future__ import annotations

import pandas as pd

from vcanalysis.core.columns import require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import wilson

WILSON = "share; Wilson interval"


def share_of(
    count: int, n: int, *, term: str, group: str = "all", level: float, reason: str = ""
) -> Estimate:
    """Give a count as a share of n, with a Wilson interval; not estimable when n is nought."""
    if n < 1:
        return Estimate.not_estimable(term, n=0, reason=reason, group=group, method=WILSON)
    return Estimate(term, count / n, *wilson(count, n, level), level, n, "share", WILSON, group)


def share_by(
    frame: pd.DataFrame, *, group: str, column: str, value: str, least: int = 10, level: float = 0.95
) -> Estimates:
    """Share of children with a certain value of one column, in each group of another.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows where `column` is missing are left out.
    group, column : str
        Column of the groups (an ordered Categorical keeps its order) and column of the value.
    value : str
        The value counted.
    least : int
        Groups of fewer children are not estimable.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        One share per group that has children.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"home": ["family"] * 20, "band": ["complex"] * 5 + ["standard"] * 15})
    >>> [(e.group, e.value) for e in share_by(frame, group="home", column="band", value="complex")]
    [('family', 0.25)]
    """
    require_columns(frame, group, column)
    known = frame.dropna(subset=[column, group])
    parts = known[column].astype("str").eq(value).groupby(known[group], observed=True, sort=True)
    term = f"Share of children in the band {value}" if "band" in column else f"Share of children: {value}"
    reason = f"at least {least} children with a known value are needed"
    return Estimates.of(
        share_of(int(rows.sum()), len(rows), term=term, group=str(name), level=level)
        if len(rows) >= least
        else Estimate.not_estimable(term, n=len(rows), reason=reason, group=str(name), method=WILSON)
        for name, rows in parts
    )


def bounds(counted: pd.Series, *, known: pd.Series, term: str = "Share of all children") -> Estimate:
    """Give the ends between which a share must lie whatever the unknown cases are: no assumption at all.

    Parameters
    ----------
    counted : Series of bool
        Whether a child is counted; ignored where not known.
    known : Series of bool
        Whether it is known.
    term : str
        Words for the sentence.

    Returns
    -------
    Estimate
        The share among the known, with the two ends in place of an interval (level 1: no chance is involved).

    References
    ----------
    Manski CF (1989), J Human Resources 24:343-360.

    Examples
    --------
    >>> ends = bounds(pd.Series([True, False, False, False]), known=pd.Series([True, True, True, False]))
    >>> round(ends.value, 2), ends.low, ends.high
    (0.33, 0.25, 0.5)
    """
    n, sure = len(known), int((counted & known).sum())
    unknown = n - int(known.sum())
    method = "share among the known; ends if all unknown were out or in (Manski bounds)"
    if n == unknown:
        return Estimate.not_estimable(term, n=0, reason="it is known of no child", method=method)
    ends = (sure / n, (sure + unknown) / n)
    wording = (
        f"{term}: {{value}} among those known; whatever the others are, "
        "between {low} and {high} ({n} children known)."
    )
    of, told = n - unknown, {"wording": wording, "span": "ends"}
    few = min(sure, of - sure, unknown or of)  # with the ends, those not known can be counted too
    return Estimate(term, sure / of, *ends, 1.0, of, "share", method, support=few, **told)  # type: ignore[arg-type]
