"""Stocks: who is in care, where and at what cost, and how that changed, with intervals and no control chart.

Most children of one date are children of the date before. A chart that takes the dates for independent calls
nearly every ordinary year a signal; a change between two dates with the same children counted as the same does not.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.rates import confint_poisson_2indep

from vcanalysis.core.columns import require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import wilson
from vcanalysis.core.parts import parts_of

LEAST = 10  # children at each date
OTHERS = "All others"


def change_of_mean(
    now: pd.DataFrame,
    before: pd.DataFrame,
    *,
    child: str,
    value: str,
    term: str,
    unit: str = "",
    level: float = 0.95,
) -> Estimate:
    """Give the change of a mean or a share between two dates, children of both dates counted as the same.

    Parameters
    ----------
    now, before : DataFrame
        One row a child at each date.
    child, value : str
        Columns of the child and of what is averaged (True and False for a share); rows without it are left out.
    term, unit : str
        Of the estimate; a share is given in "percentage points".
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        Not estimable with fewer than 10 children at either date, or where nothing varies.

    Raises
    ------
    InputError
        If a column is missing.

    Notes
    -----
    The difference of two means is a sum over children, those of both dates with both their parts: its variance is
    that of the sum (linearisation), with Student's t. Two dates a year apart share most of their children, and an
    interval that takes them for strangers is too wide where a value stays with the child.

    References
    ----------
    Wood J (2008), J Off Stat 24:53-78 (change between overlapping samples).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> then = pd.DataFrame({"id": range(100), "cost": rng.normal(1000, 200, 100)})
    >>> today = then.assign(cost=then["cost"] + 50 + rng.normal(0, 10, 100))
    >>> made = change_of_mean(today, then, child="id", value="cost", term="Mean weekly cost", unit="GBP per week")
    >>> 40 < made.low < made.value < made.high < 60
    True
    """
    later, earlier = _known(now, child, value), _known(before, child, value)
    n = len(set(later.index) | set(earlier.index))
    if min(len(later), len(earlier)) < LEAST:
        reason = f"at least {LEAST} children are needed at each date"
        return Estimate.not_estimable(term, n=min(len(later), len(earlier)), reason=reason)
    change = float(later.mean() - earlier.mean())
    parts = _parts(later).sub(_parts(earlier), fill_value=0.0).to_numpy()
    error = float(np.sqrt(n / (n - 1) * np.sum((parts - parts.mean()) ** 2)))
    half = float(stats.t.ppf(0.5 + level / 2, n - 1)) * error
    scale = 100 if unit == "percentage points" else 1
    made = Estimate(
        term,
        scale * change,
        scale * (change - half),
        scale * (change + half),
        level,
        n,
        unit,
        "difference of means, overlapping children linearised",
        std_error=scale * error,
        parts=parts_of(later),
    )
    return made.unless_alike(reason="nothing varies between children")


def _known(frame: pd.DataFrame, child: str, value: str) -> pd.Series:
    require_columns(frame, child, value)
    return frame.dropna(subset=[value]).set_index(child)[value].astype(float)


def _parts(values: pd.Series) -> pd.Series:
    return (values - values.mean()) / len(values)


def growth(came: int, left: int, *, base: int = 1, level: float = 0.95) -> Estimate:
    """Give by how much the number in care grew: children who came less children who left.

    Parameters
    ----------
    came, left : int
        Events of the same year.
    base : int
        Counts are rounded to this first.
    level : float
        Confidence level.

    Returns
    -------
    Estimate
        Unit "children a year". Not estimable below 10 events.

    References
    ----------
    Li HQ, Tang ML, Wong WK (2014), Stat Med 33:1-15 (difference of Poisson rates, method of variance recovery).

    Examples
    --------
    >>> growth(120, 100).sentence()
    'Growth of the number in care: 20 children a year (95% interval -9 to 49; 220 events).'
    """
    term = "Growth of the number in care"
    came, left = (base * ((2 * int(count) + base) // (2 * base)) for count in (came, left))
    if came + left < LEAST:
        reason = f"at least {LEAST} children who came or left are needed"
        return Estimate.not_estimable(term, n=came + left, reason=reason, of="events")
    low, high = confint_poisson_2indep(
        came, 1, left, 1, method="mover", compare="diff", alpha=1 - level, method_mover="score"
    )
    about = ("children a year", "difference of two Poisson counts (method of variance recovery)")
    return Estimate(
        term, came - left, low, high, level, came + left, *about, of="events", support=min(came, left)
    )


def mix(now: pd.DataFrame, *, group: str, kept: int = 4, level: float = 0.95) -> Estimates:
    """Give the share of children in each of the largest groups, the others together.

    Parameters
    ----------
    now : DataFrame
        One row a child.
    group : str
        Column of the group, such as the type of placement.
    kept : int
        Groups shown by name.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        One a group, largest first, with Wilson's interval.

    Raises
    ------
    InputError
        If the column is missing.

    Examples
    --------
    >>> print(mix(pd.DataFrame({"kind": ["foster"] * 30 + ["home"] * 10}), group="kind")[1].sentence())
    Share of children, home: 25% (95% interval 14% to 40%; 40 children).
    """
    require_columns(now, group)
    kinds = _kinds(now, group, _largest(now, group, kept))
    n = len(kinds)
    return Estimates.of(
        Estimate(
            "Share of children",
            count / n,
            *wilson(count, n, level),
            level,
            n,
            "share",
            "share; Wilson",
            str(name),
        )
        for name, count in kinds.value_counts(sort=False).items()
    )


def change_of_mix(
    now: pd.DataFrame, before: pd.DataFrame, *, child: str, group: str, kept: int = 4, level: float = 0.95
) -> Estimates:
    """Give the change of each group's share between two dates, in percentage points.

    Parameters
    ----------
    now, before : DataFrame
        One row a child at each date.
    child, group : str
        Columns of the child and of the group.
    kept : int
        Groups shown by name: those that are largest now.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        One a group, in the order of `mix`.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> then = pd.DataFrame({"id": range(40), "kind": ["foster"] * 25 + ["home"] * 15})
    >>> now = pd.DataFrame({"id": range(40), "kind": ["foster"] * 30 + ["home"] * 10})
    >>> change_of_mix(now, then, child="id", group="kind").group("home").value
    -12.5
    """
    require_columns(now, child, group)
    require_columns(before, child, group)
    names = _largest(now, group, kept)
    dates = [frame.assign(kind=_kinds(frame, group, names)) for frame in (now, before)]
    made = []
    for name in dates[0]["kind"].cat.categories:
        later, earlier = (frame.assign(inside=frame["kind"] == name) for frame in dates)
        change = change_of_mean(
            later,
            earlier,
            child=child,
            value="inside",
            term="Change of the share of children",
            unit="percentage points",
            level=level,
        )
        few = min(int(later["inside"].sum()), int(earlier["inside"].sum()))
        made.append(change.named(group=str(name), support=few))
    return Estimates.of(made)


def _largest(frame: pd.DataFrame, group: str, kept: int) -> list[str]:
    return [str(name) for name in frame[group].value_counts().index[:kept] if (frame[group] == name).any()]


def _kinds(frame: pd.DataFrame, group: str, names: list[str]) -> pd.Series:
    words = frame[group].astype("str")
    others = [] if words.isin(names).all() else [OTHERS]
    return pd.Series(
        pd.Categorical(words.where(words.isin(names), OTHERS), categories=[*names, *others]),
        index=frame.index,
    )
