"""Whether provision fits need: mismatch both ways, readiness of setting and home, the ladder back to mainstream."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.core.columns import flag_column, number_column, require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import wilson

INTENSIVE = 3
FEWEST = 10
WILSON = "share; Wilson interval"
_FEW = f"at least {FEWEST} people are needed"


def share_of(count: int, n: int, *, term: str, group: str = "all", level: float = 0.95) -> Estimate:
    """Give a count as a share of n with its Wilson interval; not estimable below 10.

    Examples
    --------
    >>> share_of(10, 20, term="With a plan").words()
    '50% (95% interval 30% to 70%)'
    """
    if n < FEWEST:
        return Estimate.not_estimable(term, n=n, reason=_FEW, group=group, method=WILSON, of="people")
    ends, support = wilson(count, n, level), min(count, n - count)
    return Estimate(term, count / n, *ends, level, n, "share", WILSON, group, of="people", support=support)


def intensive(frame: pd.DataFrame, areas: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Say who has an area of intensive need, and of whom every area is known or one is intensive."""
    levels = np.column_stack([number_column(frame, area) for area in areas])
    any_ = (np.nan_to_num(levels, nan=-1) >= INTENSIVE).any(axis=1)
    return any_, any_ | ~np.isnan(levels).any(axis=1)


def mismatch(frame: pd.DataFrame, *, areas: Sequence[str], specialist: str, level: float = 0.95) -> Estimates:
    """Give the shares of people whose setting is not what their need would lead one to expect.

    Parameters
    ----------
    frame : DataFrame
        One row per person with a plan.
    areas : sequence of str
        Columns of levels of need, 0 to 3; 3 is intensive help.
    specialist : str
        Column of truth values: in a specialist setting.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        The share in a specialist setting of those without an intensive need, and the share in a mainstream setting of
        those with one. People of whom an area is not rated are left out of the first.

    Notes
    -----
    A mismatch of levels is no proof of a wrong setting: the setting in place may be what keeps a need low.

    Examples
    --------
    >>> frame = pd.DataFrame({"a": [3] * 20 + [0] * 20, "special": [True] * 15 + [False] * 20 + [True] * 5})
    >>> [round(e.value, 2) for e in mismatch(frame, areas=["a"], specialist="special")]
    [0.25, 0.25]
    """
    high, known = intensive(frame, areas)
    special, told = flag_column(frame, specialist)
    known &= told
    without, with_ = known & ~high, known & high
    terms = "Specialist setting without an intensive need", "Mainstream setting with an intensive need"
    counts = int((special & without).sum()), int((~special & with_).sum())
    sizes = int(without.sum()), int(with_.sum())
    return Estimates.of(
        share_of(c, n, term=t, level=level) for c, n, t in zip(counts, sizes, terms, strict=True)
    )


def readiness(frame: pd.DataFrame, *, areas: Sequence[str], ready: str, level: float = 0.95) -> Estimate:
    """Give the mean gap between the highest need and the highest need that a setting or home can meet.

    Parameters
    ----------
    frame : DataFrame
        One row per person; those who lack a level or the readiness are left out.
    areas : sequence of str
        Columns of levels of need.
    ready : str
        Column of the highest level that can be met.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        Levels; above nought where need goes beyond readiness. Interval by t.

    Examples
    --------
    >>> frame = pd.DataFrame({"a": [3, 2] * 10, "ready": [2] * 20})
    >>> readiness(frame, areas=["a"], ready="ready").value
    0.5
    """
    levels = np.column_stack([number_column(frame, area) for area in areas]).max(axis=1)
    gap = levels - number_column(frame, ready)
    gap = gap[~np.isnan(gap)]
    term, method = f"Need beyond what the {ready.split('_')[0]} can meet", "mean difference; t interval"
    if len(gap) < FEWEST:
        return Estimate.not_estimable(term, n=len(gap), reason=_FEW, method=method, of="people")
    error = float(gap.std(ddof=1) / np.sqrt(len(gap)))
    half, mean = float(stats.t.ppf(0.5 + level / 2, len(gap) - 1)) * error, float(gap.mean())
    found = Estimate(
        term, mean, mean - half, mean + half, level, len(gap), "levels", method, std_error=error, of="people"
    )
    return found.unless_alike(reason="all have the same gap")


def ladder(
    frame: pd.DataFrame, *, areas: Sequence[str], specialist: str, ready: Sequence[str], level: float = 0.95
) -> Estimates:
    """Give the ladder from a specialist setting back to mainstream: each rung as a share of the one above.

    Parameters
    ----------
    frame : DataFrame
        One row per person with a plan.
    areas : sequence of str
        Columns of levels of need.
    specialist : str
        Column of truth values.
    ready : sequence of str
        Columns of the highest level that setting and home can meet; each must reach the highest need.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        No area of intensive need; then each readiness in turn. Unknown counts as not reached: nobody is called ready
        by a gap in the record. Who stands on the last rung is a question for professionals, not a saving.

    Examples
    --------
    >>> frame = pd.DataFrame({"a": [1] * 30 + [3] * 10, "special": True, "setting_ready": [1] * 20 + [0] * 20})
    >>> found = ladder(frame, areas=["a"], specialist="special", ready=["setting_ready"])
    >>> [round(e.value, 2) for e in found]
    [0.75, 0.67]
    """
    require_columns(frame, *ready)
    here, _ = flag_column(frame, specialist)
    high, known = intensive(frame, areas)
    highest = np.column_stack([number_column(frame, area) for area in areas]).max(axis=1)
    rungs = [("No area of intensive need", here & known & ~high)]
    for name in ready:
        able = np.nan_to_num(number_column(frame, name), nan=-1) >= highest
        rungs.append((f"And the {name.split('_')[0]} is ready", rungs[-1][1] & able))
    made, above = [], int(here.sum())
    for term, on in rungs:
        made.append(share_of(int(on.sum()), above, term=term, level=level))
        above = int(on.sum())
    return Estimates.of(made)
