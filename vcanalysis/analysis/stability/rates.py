"""How often placements end in a year, by group: ends over time watched."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.core.columns import require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.survival.history import MINIMUM, History, Watch, read_history

_YEAR = 365.25
_UNIT = "per 100 children a year"
_FEW = 5


def end_rates(
    frame: pd.DataFrame, watch: Watch, *, group: str = "", kind: str = "", level: float = 0.95, term: str = ""
) -> Estimates:
    """Count ends per 100 children in placement for a year, over all placements or within groups.

    Parameters
    ----------
    frame : DataFrame
        One row per placement, times in days.
    watch : Watch
        Columns of time, event, entry and cluster.
    group : str
        Column of groups; an ordered Categorical keeps its order. Rows without a group are left out.
    kind : str
        Kind of end; any when empty.
    level : float
        Confidence level.
    term : str
        Words for the sentence.

    Returns
    -------
    Estimates
        Unit "per 100 children a year"; not estimable below 10 placements.

    Raises
    ------
    InputError
        If a column is missing or a time cannot be.

    Notes
    -----
    The rate is the mean over the time watched: hazards are higher in the first months. Exact Poisson interval below 5
    ends or without clusters, otherwise on the log scale with the variance between clusters.

    References
    ----------
    Garwood F (1936), Biometrika 28:437-442; ratio of sums over clusters after Cochran (1977), chapter 6.

    Examples
    --------
    >>> rows = pd.DataFrame({"days": [365.25] * 20, "end": ["breakdown"] * 5 + [None] * 15})
    >>> end_rates(rows, Watch("days", "end"), kind="breakdown")[0].sentence()
    'Placements that end by breakdown: 25 per 100 children a year (95% interval 8.12 to 58.3; 20 placements).'
    """
    term = term or ("Placements that end" + (f" by {kind}" if kind else ""))
    if not group:
        return Estimates((_rate(read_history(frame, watch), kind, level, term, "all"),))
    require_columns(frame, group)
    parts = frame.groupby(group, observed=True, sort=True)
    return Estimates.of(
        _rate(read_history(rows, watch), kind, level, term, str(name)) for name, rows in parts
    )


def _rate(history: History, kind: str, level: float, term: str, group: str) -> Estimate:
    """Rate of one group, with its interval."""
    n, method = len(history), "ends over time watched"
    reason = f"at least {MINIMUM} {history.of} are needed" if n < MINIMUM else history.one_cluster()
    if reason:
        return Estimate.not_estimable(term, n=n, reason=reason, group=group, of=history.of, method=method)
    ended = history.ended(kind)
    years = (history.exit - history.entry) / _YEAR
    count, time = int(ended.sum()), float(years.sum())
    rate = 100 * count / time
    if count < _FEW or not history.clustered:
        tail = (1 - level) / 2
        low = 50 * stats.chi2.ppf(tail, 2 * count) / time if count else 0.0
        high = 50 * stats.chi2.isf(tail, 2 * count + 2) / time
    else:
        own = np.bincount(history.cluster, weights=ended) - count / time * np.bincount(
            history.cluster, weights=years
        )
        clusters = history.clusters
        error = math.sqrt(float(own @ own) * clusters / (clusters - 1)) / count
        spread = math.exp(float(stats.t.ppf(0.5 + level / 2, clusters - 1)) * error)
        low, high = rate / spread, rate * spread
    made = Estimate(term, rate, low, high, level, n, _UNIT, method, group)
    return made.named(of=history.of, support=count)
