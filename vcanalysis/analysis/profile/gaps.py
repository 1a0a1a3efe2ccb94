"""Where two groups of children differ in need: all domains at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from statsmodels.stats.proportion import confint_proportions_2indep

from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.parts import fewest_of, to_base

MINIMUM = 10
METHOD = "difference of shares; Newcombe interval, all domains together (Bonferroni)"


def domain_gaps(
    frame: pd.DataFrame,
    *,
    domains: Sequence[str],
    group: str,
    titles: Mapping[str, str] | None = None,
    at_least: int = 2,
    base: int = 1,
    level: float = 0.95,
) -> Estimates:
    """How much more often one group of children needs action than the others, in every domain at once.

    Parameters
    ----------
    frame : DataFrame
        One row per child, one column of levels per domain; a missing level is left out.
    domains : sequence of str
        Columns of the domains.
    group : str
        Column of True and False: whose share is given less that of the others, such as ten years or older.
    titles : mapping of str to str
        Names to show.
    at_least : int
        Lowest level that counts as needing action.
    base : int
        To which counts are rounded first, where the differences are published: a difference of exact shares gives them.
    level : float
        Confidence level of all intervals together.

    Returns
    -------
    Estimates
        One difference per domain in percentage points, the largest first. Not estimable below 10 children on a side.

    Raises
    ------
    InputError
        If a column is missing or not numeric, or `group` is not of True and False.

    References
    ----------
    Newcombe RG (1998), Stat Med 17:873-890, method 10; Dunn OJ (1961), J Am Stat Assoc 56:52-64.

    Examples
    --------
    >>> frame = pd.DataFrame({"safe": [3] * 15 + [0] * 25, "older": [True] * 20 + [False] * 20})
    >>> found = domain_gaps(frame, domains=["safe"], group="older")[0]
    >>> found.value, found.excludes(0)
    (75.0, True)
    """
    require_columns(frame, group)
    if not pd.api.types.is_bool_dtype(frame[group]):
        raise InputError(
            f"Column {group!r} must hold True or False: who is meant. Found {frame[group].dtype}."
        )
    inside, each = frame[group].fillna(False).to_numpy(dtype=bool), 1 - (1 - level) / max(len(domains), 1)
    items = []
    for name in domains:
        levels = number_column(frame, name)
        known = ~np.isnan(levels)
        first, second = (levels[known & side] >= at_least for side in (inside, ~inside))
        items.append(_gap(first, second, dict(titles or {}).get(name, name), each, level, base))
    return Estimates.of(sorted(items, key=lambda e: -(e.value if e.value is not None else -1000.0)))


def _gap(first: np.ndarray, second: np.ndarray, title: str, each: float, level: float, base: int) -> Estimate:
    term = "Difference in the share of children who need action"
    if min(len(first), len(second)) < MINIMUM:
        reason = f"at least {MINIMUM} children are needed on each side"
        n = min(len(first), len(second))
        return Estimate.not_estimable(term, n=n, reason=reason, group=title, method=METHOD)
    counts = [to_base(count, base) for side in (first, second) for count in (side.sum(), len(side))]
    ends = confint_proportions_2indep(*counts, method="newcomb", compare="diff", alpha=1 - each)
    value = 100 * (counts[0] / counts[1] - counts[2] / counts[3])
    low, high = (100 * float(end) for end in ends)
    n = len(first) + len(second)
    few = fewest_of(first, second)
    return Estimate(term, value, low, high, level, n, "percentage points", METHOD, title, support=few)


def gaps_headline(gaps: Estimates, *, who: str) -> str:
    """Say in how many domains a group clearly needs action more often, and where most.

    Examples
    --------
    >>> gaps_headline(Estimates((Estimate("Gap", 30, 10, 50, n=80, group="Safety"),)), who="Older children")
    'Older children clearly need action more often in 1 of 1 domains, most of all in safety'
    >>> gaps_headline(Estimates((Estimate("Gap", 3, -10, 20, n=80, group="Safety"),)), who="Older children")
    'Older children and the others differ clearly in no domain'
    """
    known = [e for e in gaps if e.estimable]
    if not known:
        return "Too few children to compare needs"
    more = [e for e in known if e.excludes(0) and (e.value or 0.0) > 0]
    less = [e for e in known if e.excludes(0) and (e.value or 0.0) < 0]
    if not more and not less:
        return f"{who} and the others differ clearly in no domain"
    top, how = (more[0], "more") if more else (less[-1], "less")
    named = top.group[0].lower() + top.group[1:]
    number = f"{len(more) if more else len(less)} of {len(known)} domains"
    return f"{who} clearly need action {how} often in {number}, most of all in {named}"
