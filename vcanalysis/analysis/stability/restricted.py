"""Mean time in a placement up to a limit, and how it differs between groups."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.core.columns import require_columns
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.survival.history import Array, History, Watch, read_history
from vcanalysis.core.survival.risk import (
    area_after,
    clustered_variance,
    greenwood,
    influence,
    mean_weight,
    steps,
)

_ALIKE = "no differences in how long they last were seen by then, so that nothing says how sure this is"


def restricted_mean(
    frame: pd.DataFrame, watch: Watch, *, until: float, level: float = 0.95, group: str = "all"
) -> Estimate:
    """Mean days in the placement within its first `until` days: the area under the curve.

    Parameters
    ----------
    frame : DataFrame
        One row per placement.
    watch : Watch
        Columns of time, event, entry and cluster.
    until : float
        The limit, days; placements must have been watched so long.
    level : float
        Confidence level.
    group : str
        Words for whose placements these are.

    Returns
    -------
    Estimate
        Unit "days".

    References
    ----------
    Royston P, Parmar MKB (2013), BMC Med Res Methodol 13:152; variance after Greenwood times m / (m - 1) for m ends
    in time (Klein JP, Moeschberger ML 2003, section 4.5), or jackknife over clusters; t with m - 1 degrees of freedom.

    Examples
    --------
    >>> rows = pd.DataFrame({"days": range(10, 30), "end": ["moved", None] * 10})
    >>> restricted_mean(rows, Watch("days", "end"), until=25).sentence()
    'Mean days in a placement within 25 days: 21 days (95% interval 18 to 24; 20 placements).'
    """
    term = f"Mean days in a placement within {until:,.0f} days"
    history = read_history(frame, watch).once_watched()
    term += history.given()
    method = "restricted mean (area under Kaplan-Meier)" + (
        " robust to clusters" if history.clustered else ""
    )
    about = {"group": group, "of": "placements", "method": method, "unit": "days"}
    reason = history.why_not() or history.unseen(until)
    if reason:
        return Estimate.not_estimable(term, n=len(history), reason=reason, **about)
    value, error, freedom = mean_and_error(history, until)
    half = float(stats.t.ppf(0.5 + level / 2, freedom)) * error
    ends = max(value - half, 0.0), min(value + half, until)
    made = Estimate(term, value, *ends, level, len(history), std_error=error, **about)  # type: ignore[arg-type, call-arg, misc]
    return made.unless_alike(reason=_ALIKE)


def mean_and_error(history: History, until: float) -> tuple[float, float, float]:
    """Give the restricted mean, its standard error and degrees of freedom."""
    found = steps(history)
    area = area_after(found, until)
    first = min(float(found.time[0]), until) if len(found.time) else until
    value = first + (float(area[0]) if len(area) else 0.0)
    freedom = _freedom(history, until)
    if history.clustered:
        given = influence(history, found, mean_weight(found, until))
        variance = clustered_variance(history, given)
    else:
        variance = float(area**2 @ greenwood(found))
    return value, math.sqrt(variance * (freedom + 1) / freedom), freedom


def _freedom(history: History, until: float) -> float:
    """Count ends in time, or clusters, less one: they also correct the variance for its small-sample bias."""
    ends = int((history.ended() & (history.exit <= until)).sum())
    return float(max((min(ends, history.clusters) if history.clustered else ends) - 1, 1))


def restricted_mean_difference(
    frame: pd.DataFrame, watch: Watch, *, group: str, pair: tuple[str, str], until: float, level: float = 0.95
) -> Estimate:
    """Difference in mean days in the placement between two groups: the first of the pair less the second.

    Parameters
    ----------
    frame : DataFrame
        One row per placement.
    watch : Watch
        Columns of time, event, entry and cluster.
    group : str
        Column of groups.
    pair : tuple of str
        The two groups.
    until : float
        The limit, days.
    level : float
        Confidence level.

    Notes
    -----
    Clusters with placements in both groups are allowed for. A difference is not an effect: children differ.

    Examples
    --------
    >>> rows = pd.DataFrame({"days": [*range(10, 30), *range(20, 40)], "end": ["moved", None] * 20,
    ...                      "where": ["a"] * 20 + ["b"] * 20})
    >>> found = restricted_mean_difference(rows, Watch("days", "end"), group="where", pair=("b", "a"), until=25)
    >>> round(found.value, 1), found.excludes(0)
    (3.3, False)
    """
    require_columns(frame, group)
    term = f"Difference in mean days within {until:,.0f} days, {pair[0]} less {pair[1]}"
    names = frame[group].astype("str").to_numpy()
    history = _from_both(read_history(frame, watch), names, pair)
    names, term = names[history.rows], term + history.given()
    parts = [history.take(names == name).once_watched(least=history.start) for name in pair]
    n = sum(map(len, parts))
    about = {"of": "placements", "method": "difference of restricted means", "unit": "days"}
    for part, name in zip(parts, pair, strict=True):
        reason = part.why_not() or part.unseen(until)
        if reason:
            return Estimate.not_estimable(term, n=len(part), reason=f"{name}: {reason}", **about)
    (one, _, some), (other, _, more) = (mean_and_error(part, until) for part in parts)
    error = _error_of_difference(history, [names == name for name in pair], until)
    value, half = one - other, float(stats.t.ppf(0.5 + level / 2, min(some, more))) * error
    made = Estimate(term, value, value - half, value + half, level, n, std_error=error, **about)  # type: ignore[arg-type, call-arg, misc]
    return made.unless_alike(until, reason=_ALIKE)


def _from_both(history: History, names: Array, pair: tuple[str, str]) -> History:
    """Give the placements from when enough of either group are watched: both are compared from the same day."""
    start, parts = 0.0, [history.take(names[history.rows] == name) for name in pair]
    for _ in range(2 * len(parts)):
        start = max(part.once_watched(least=start).start for part in parts)
    return history.lasting(start) if start < math.inf else history


def _error_of_difference(history: History, masks: list[Array], until: float) -> float:
    """Give the standard error of a difference of restricted means, with clusters that both groups share."""
    given, scale = np.zeros(len(history)), 1.0
    if not history.clustered:
        return math.hypot(*(mean_and_error(history.take(mask), until)[1] for mask in masks))
    for mask, sign in zip(masks, (1, -1), strict=True):
        part = history.take(mask)
        found = steps(part)
        given[mask] += sign * influence(part, found, mean_weight(found, until))
        freedom = _freedom(part, until)
        scale = max(scale, (freedom + 1) / freedom)
    return math.sqrt(scale * clustered_variance(history, given))
