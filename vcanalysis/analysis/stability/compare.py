"""Whether placements of different groups end at the same pace: the log-rank test."""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.core.columns import require_columns
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.survival.history import Array, History, Watch, read_history
from vcanalysis.core.survival.risk import at_risk, influence, steps


def log_rank(frame: pd.DataFrame, watch: Watch, *, group: str, kind: str = "") -> Estimate:
    """Log-rank test that the hazard of an end is the same in all groups; the value is the p-value.

    Parameters
    ----------
    frame : DataFrame
        One row per placement; rows without a group are left out.
    watch : Watch
        Columns of time, event, entry and cluster; with a cluster the test is robust to it.
    group : str
        Column of groups.
    kind : str
        Kind of end; any when empty. Other kinds then end the watch.

    Raises
    ------
    InputError
        If a column is missing or a time cannot be.

    References
    ----------
    Mantel N (1966), Cancer Chemother Rep 50:163-170; Lee EW, Wei LJ, Amato DA (1992) for clusters.

    Examples
    --------
    >>> rows = pd.DataFrame({"days": [*range(10, 30), *range(20, 40)], "end": ["moved"] * 40,
    ...                      "where": ["a"] * 20 + ["b"] * 20})
    >>> log_rank(rows, Watch("days", "end"), group="where").value < 0.001
    True
    """
    require_columns(frame, group)
    term = "Probability of so large a difference between groups if hazards were equal"
    about = {"method": "log-rank test", "of": "placements", "unit": "probability"}
    named = frame.loc[frame[group].notna()]
    history = read_history(named, watch)
    groups, number = np.unique(named[group].astype("str").to_numpy()[history.rows], return_inverse=True)
    reason = history.why_not() or ("" if len(groups) > 1 else "there is only one group")
    reason = reason or history.none_ended(kind)
    if reason:
        return Estimate.not_estimable(term, n=len(history), reason=reason, **about)
    p = float(stats.chi2.sf(_statistic(history, number, len(groups), kind), len(groups) - 1))
    return Estimate(term, p, n=len(history), **about)  # type: ignore[arg-type]


def _statistic(history: History, number: Array, groups: int, kind: str) -> float:
    """Give the chi-squared statistic; the last group is implied by the others."""
    found, which = steps(history), history.kinds.index(kind) if kind else -1
    ends = found.ends[:, which] if kind else found.all_ends
    used = range(groups - 1)
    share = np.stack([at_risk(history.take(number == g), found.time) for g in used], axis=1)
    share /= found.at_risk[:, None]
    own = history.ended(kind)
    seen = np.array([(own & (number == g)).sum() for g in used]) - (ends[:, None] * share).sum(axis=0)
    if history.clustered:
        base = influence(history, found, np.ones(len(found.time)), kind=which)
        given = [base * (number == g) - influence(history, found, share[:, g], kind=which) for g in used]
        sums = np.stack([np.bincount(history.cluster, weights=column) for column in given], axis=1)
        variance = sums.T @ sums
    else:
        scale = ends * (found.at_risk - ends) / np.maximum(found.at_risk - 1, 1)
        variance = np.diag(scale @ share) - (share * scale[:, None]).T @ share
    return float(seen @ np.linalg.pinv(variance) @ seen)
