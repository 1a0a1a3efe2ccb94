"""From which band of need to which: shares of children who move, and who would by rating error alone."""

from __future__ import annotations

import pandas as pd

from vcanalysis.core.columns import require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import wilson

METHOD = "share of those in the first band; Wilson interval"
MINIMUM = 10


def band_transitions(frame: pd.DataFrame, *, before: str, after: str, level: float = 0.95) -> Estimates:
    """Share of the children of each band who are in each band at the second assessment.

    Parameters
    ----------
    frame : DataFrame
        One row per child assessed twice, or per double rating: then it shows what rating error alone does.
    before, after : str
        Columns of the two bands; an ordered Categorical keeps its order.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        One per ordered pair of bands; the group is "first to second". A first band of fewer than 10 children is
        not estimable.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> frame = pd.DataFrame({"b": ["low"] * 12, "a": ["low"] * 9 + ["high"] * 3})
    >>> [(e.group, e.value) for e in band_transitions(frame, before="b", after="a") if e.estimable]
    [('low to high', 0.25), ('low to low', 0.75)]
    """
    require_columns(frame, before, after)
    names, items = _names(frame, before, after), []
    known = frame[[before, after]].dropna().astype("str")
    for first in names:
        there = known.loc[known[before] == first, after]
        for second in names:
            items.append(_share(int((there == second).sum()), len(there), f"{first} to {second}", level))
    return Estimates.of(items)


def share_changing_band(frame: pd.DataFrame, *, before: str, after: str, level: float = 0.95) -> Estimates:
    """Shares of children in a lower band, the same and a higher band at the second assessment.

    Parameters
    ----------
    frame : DataFrame
        One row per child assessed twice, or per double rating.
    before, after : str
        Columns of the two bands, ordered Categoricals with the lowest need first.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        Groups "lower", "same" and "higher".

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> bands = pd.CategoricalDtype(["low", "high"], ordered=True)
    >>> frame = pd.DataFrame({"b": ["high"] * 10, "a": ["low"] * 4 + ["high"] * 6}).astype(bands)
    >>> [e.value for e in share_changing_band(frame, before="b", after="a")]
    [0.4, 0.6, 0.0]
    """
    require_columns(frame, before, after)
    known = frame[[before, after]].dropna()
    names = _names(frame, before, after)
    first, second = (known[c].astype("str").map(names.index) for c in (before, after))
    counts = (("lower", second < first), ("same", second == first), ("higher", second > first))
    return Estimates.of(_share(int(moved.sum()), len(known), group, level) for group, moved in counts)


def _names(frame: pd.DataFrame, before: str, after: str) -> list[str]:
    for column in (frame[before], frame[after]):
        if isinstance(column.dtype, pd.CategoricalDtype):
            return [str(name) for name in column.cat.categories]
    return sorted({str(v) for c in (before, after) for v in frame[c].dropna().unique()})


def _share(count: int, n: int, group: str, level: float) -> Estimate:
    term = "Share of children by band at the second assessment"
    if n < MINIMUM:
        reason = f"at least {MINIMUM} children must have been in the band"
        return Estimate.not_estimable(term, n=n, reason=reason, group=group, method=METHOD)
    return Estimate(term, count / n, *wilson(count, n, level), level, n, "share", METHOD, group)
