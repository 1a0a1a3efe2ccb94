"""Goals set and met: the outcome that a child chose."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.core.columns import require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import effective_number, wilson

METHOD = (
    "share of goals; Wilson interval on the effective number of goals, children as clusters, t for normal"
)
TERM = "Goals met"
MINIMUM = 10


def goals_met(
    frame: pd.DataFrame,
    *,
    child: str,
    progress: str,
    group: str = "",
    met: str = "met",
    level: float = 0.95,
) -> Estimates:
    """Give the share of goals that were met, for all and by group.

    Parameters
    ----------
    frame : DataFrame
        One row per goal.
    child, progress : str
        Columns of the child and of the last known progress; goals without progress are left out. Dropped goals
        count as not met.
    group : str
        Column to divide by, such as whether the child set the goal; none when empty.
    met : str
        Value of progress of a goal that was met.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        All goals first; n counts goals. Not estimable below 10 children.

    Raises
    ------
    InputError
        If a column is missing.

    Notes
    -----
    Goals differ in how hard they are: whoever sets easy ones meets more. Recent goals had less time.

    References
    ----------
    Korn EL, Graubard BI (1998), Surv Methodol 24:193-201, for the effective number
    and its reduction by the square of the normal over the t quantile.

    Examples
    --------
    >>> goals = pd.DataFrame({"child": list("abcdefghij") * 2, "progress": ["met", "some"] * 10})
    >>> goals_met(goals, child="child", progress="progress")[0].value
    0.5
    """
    require_columns(frame, child, progress, *([group] if group else []))
    known = frame.loc[frame[progress].notna() & frame[child].notna()]
    parts = [("all", known)]
    if group:
        parts += [(str(name), rows) for name, rows in known.groupby(group, observed=True)]
    return Estimates.of(
        _share(rows[child], rows[progress].astype("str").eq(met).to_numpy(), name, level)
        for name, rows in parts
    )


def _share(children: pd.Series, met: np.ndarray, group: str, level: float) -> Estimate:
    n, number = len(met), int(children.nunique())
    if number < MINIMUM:
        reason = f"goals of at least {MINIMUM} children are needed"
        return Estimate.not_estimable(TERM, n=number, reason=reason, group=group, method=METHOD)
    share = float(met.mean())
    size, error = effective_number(met, children.to_numpy(), level)
    low, high = wilson(share * size, size, level)
    return Estimate(TERM, share, low, high, level, n, "share", METHOD, group, error, of="goals")
