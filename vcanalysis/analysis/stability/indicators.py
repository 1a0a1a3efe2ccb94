"""The two stability indicators of the Department for Education, as it defines them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vcanalysis.core.columns import require_columns
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import wilson

_ADOPTION = "Placed for adoption"
_UNDER, _IN_CARE_YEARS, _STAY_YEARS = 16, 2.5, 2.0
_METHOD = "share; Wilson interval"


@dataclass(frozen=True, slots=True)
class Spells:
    """Names of the columns of placements, with the defaults that `Council.placement_spells` gives.

    Parameters
    ----------
    child, care_start, start, end : str
        The child; first day of the unbroken period in care; first day of the placement; its last, missing while it
        lasts.
    kind : str
        Type of placement, "Placed for adoption" among them.
    age : str
        Age in years when the placement began.
    """

    child: str = "child_id"
    care_start: str = "care_start"
    start: str = "start"
    end: str = "end"
    kind: str = "placement_type"
    age: str = "age_years"


def last_31_march(day: str | pd.Timestamp) -> pd.Timestamp:
    """Give the last 31 March up to a day: the day of the published indicators.

    Examples
    --------
    >>> last_31_march("2019-12-31").date().isoformat()
    '2019-03-31'
    """
    when = pd.Timestamp(day)
    march = pd.Timestamp(when.year, 3, 31)
    return march if march <= when else pd.Timestamp(when.year - 1, 3, 31)


def _on(rows: pd.DataFrame, spells: Spells, day: pd.Timestamp) -> pd.Series:
    return (rows[spells.start] <= day) & (rows[spells.end].isna() | (rows[spells.end] > day))


def _share(term: str, count: int, n: int, level: float, reason: str) -> Estimate:
    if n == 0:
        return Estimate.not_estimable(term, n=0, reason=reason, method=_METHOD)
    low, high = wilson(count, n, level)
    return Estimate(term, count / n, low, high, level, n, "share", _METHOD, support=min(count, n - count))


def three_or_more_placements(
    frame: pd.DataFrame, *, day: str | pd.Timestamp, spells: Spells | None = None, level: float = 0.95
) -> Estimate:
    """Share of the children in care on a day who had three or more placements in the year to that day.

    Parameters
    ----------
    frame : DataFrame
        One row per placement, whole (not cut to a period); temporary placements and changes of status belong to the
        placement around them, short breaks are left out.
    day : str or Timestamp
        The day, 31 March for the published indicator.
    spells : Spells, optional
        Names of the columns.
    level : float
        Confidence level.

    Raises
    ------
    InputError
        If a column is missing.

    Notes
    -----
    The placement at the start of the year counts; so do placements of an earlier period in care in the year.

    References
    ----------
    DfE, Children looked after in England: formerly national indicator NI 062.

    Examples
    --------
    >>> rows = pd.DataFrame({"child_id": ["a", "a", "a", "b"], "care_start": pd.Timestamp("2018-01-01"),
    ...     "start": pd.to_datetime(["2018-01-01", "2018-06-01", "2018-09-01", "2018-01-01"]),
    ...     "end": pd.to_datetime(["2018-06-01", "2018-09-01", None, None])})
    >>> three_or_more_placements(rows, day="2019-03-31").value
    0.5
    """
    spells = spells or Spells()
    require_columns(frame, spells.child, spells.start, spells.end)
    when = pd.Timestamp(day)
    first = when - pd.DateOffset(years=1) + pd.Timedelta(days=1)
    now = frame.loc[_on(frame, spells, when), spells.child].unique()
    lived = (frame[spells.start] <= when) & (frame[spells.end].isna() | (frame[spells.end] > first))
    counted = frame.loc[lived & frame[spells.child].isin(now), spells.child].value_counts()
    many = int((counted >= 3).sum())
    term = "Children with three or more placements in the year"
    return _share(term, many, len(now), level, "no child was in care on the day")


def long_term_stability(
    frame: pd.DataFrame, *, day: str | pd.Timestamp, spells: Spells | None = None, level: float = 0.95
) -> Estimate:
    """Share of the children under 16 in care for 2.5 years or more who have lived in one placement for 2 years.

    Or who are placed for adoption, where that placement and the one before together have lasted 2 years.

    Parameters
    ----------
    frame : DataFrame
        One row per placement, whole (not cut to a period).
    day : str or Timestamp
        The day, 31 March for the published indicator.
    spells : Spells, optional
        Names of the columns.
    level : float
        Confidence level.

    Raises
    ------
    InputError
        If a column is missing.

    References
    ----------
    DfE, Children looked after in England: formerly national indicator NI 063.

    Examples
    --------
    >>> rows = pd.DataFrame({"child_id": ["a", "b", "b"], "care_start": pd.Timestamp("2016-01-01"),
    ...     "start": pd.to_datetime(["2016-01-01", "2016-01-01", "2018-06-01"]),
    ...     "end": pd.to_datetime([None, "2018-06-01", None]), "age_years": [5.0, 5.0, 7.4],
    ...     "placement_type": ["In-house fostering"] * 3})
    >>> long_term_stability(rows, day="2019-03-31").value
    0.5
    """
    spells = spells or Spells()
    require_columns(frame, spells.child, spells.care_start, spells.start, spells.end, spells.kind, spells.age)
    when = pd.Timestamp(day)
    rows = frame.sort_values([spells.child, spells.start], kind="stable")
    before = rows.shift()
    follows = (before[spells.child] == rows[spells.child]) & (before[spells.end] == rows[spells.start])
    adopted = rows[spells.kind].astype("str").eq(_ADOPTION) & follows
    since = rows[spells.start].where(~adopted, before[spells.start])
    age = rows[spells.age] + (when - rows[spells.start]).dt.days / 365.25
    long = rows[spells.care_start] <= when - pd.DateOffset(months=int(12 * _IN_CARE_YEARS))
    asked = _on(rows, spells, when) & long & (age < _UNDER)
    stayed = asked & (since <= when - pd.DateOffset(months=int(12 * _STAY_YEARS)))
    term = "Children under 16, in care 2.5 years or more, in one placement for 2 years"
    reason = "no child under 16 had been in care for 2.5 years"
    return _share(term, int(stayed.sum()), int(asked.sum()), level, reason)
