"""First and last assessment of each child, side by side, and who has no second."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from vcanalysis.core.columns import require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates

AGAIN, ONCE, SOON, BREAK = "assessed again", "assessed once", "assessed again too soon", "framework changed"
WHY = (AGAIN, ONCE, SOON, BREAK)
LEAST_DAYS = 150
Crosswalk = Mapping[tuple[str, str], Callable[[pd.DataFrame], pd.DataFrame]]


@dataclass(frozen=True)
class Pairs:
    """Children with two assessments, and those without.

    Parameters
    ----------
    everyone : DataFrame
        One row per child ever assessed: the child, ``date_before``, ``date_after``, ``years`` between them,
        each column twice (``_before``, ``_after``; the latter empty where there is no second assessment that
        counts) and ``reassessed``, one of `WHY`.
    """

    everyone: pd.DataFrame

    @property
    def frame(self) -> pd.DataFrame:
        """The children assessed twice, one row each."""
        return self.everyone.loc[self.everyone["reassessed"] == AGAIN].reset_index(drop=True)

    @property
    def flow(self) -> Estimates:
        """How many children there are of each kind: counts, without intervals."""
        found = self.everyone["reassessed"].value_counts()
        counts = [("assessed at all", len(self.everyone)), *((why, int(found.get(why, 0))) for why in WHY)]
        return Estimates.of(
            Estimate("Children", count, n=count, unit="count", method="count", group=why)
            for why, count in counts
        )

    def __len__(self) -> int:
        return int((self.everyone["reassessed"] == AGAIN).sum())


def pair_assessments(
    frame: pd.DataFrame,
    *,
    child: str,
    date: str,
    columns: Sequence[str],
    framework: str = "",
    crosswalk: Crosswalk | None = None,
    least_days: int = LEAST_DAYS,
) -> Pairs:
    """Set the first and the last assessment of each child side by side.

    Parameters
    ----------
    frame : DataFrame
        One row per assessment, in any order; where a child has two on one day the first row counts.
    child, date : str
        Columns of the child and of the day.
    columns : sequence of str
        Scores and whatever else is to be compared or kept, such as ``need_total`` and ``rater_id``.
    framework : str
        Column of the version of the framework; empty when there is only one.
    crosswalk : mapping, optional
        From (old version, new version) to a function that takes the old columns and gives them on the new
        scale. A pair whose versions differ is refused, and counted, unless its crosswalk is given.
    least_days : int
        Days that must lie between the two; the usual review is after half a year.

    Returns
    -------
    Pairs

    Raises
    ------
    InputError
        If a column is missing or a date is empty.

    Examples
    --------
    >>> rows = pd.DataFrame({"child": ["a", "a", "b"], "need": [14, 9, 7],
    ...                      "on": pd.to_datetime(["2018-01-01", "2019-01-01", "2018-05-01"])})
    >>> pairs = pair_assessments(rows, child="child", date="on", columns=["need"])
    >>> pairs.frame[["need_before", "need_after"]].values.tolist(), len(pairs.everyone)
    ([[14.0, 9.0]], 2)
    """
    ordered = _ordered(frame, child, date, [*columns, *([framework] if framework else [])])
    ends = ordered.groupby(child, sort=False, observed=True)
    return _join(ends.head(1), ends.tail(1), child, date, framework, crosswalk or {}, least_days)


def pair_around(
    frame: pd.DataFrame,
    *,
    child: str,
    date: str,
    columns: Sequence[str],
    baseline: str | pd.Timestamp,
    follow_up: str | pd.Timestamp,
    within_days: int = 183,
) -> Pairs:
    """Set the assessments that held on two days side by side: baseline and follow-up.

    Parameters
    ----------
    frame : DataFrame
        One row per assessment.
    child, date : str
        Columns of the child and of the day.
    columns : sequence of str
        What is to be compared or kept.
    baseline, follow_up : str or Timestamp
        The two days. For each the last assessment at or before it counts, if not older than `within_days`.
    within_days : int
        How old an assessment may be.

    Returns
    -------
    Pairs
        Of the children who had an assessment at the baseline.

    Raises
    ------
    InputError
        If a column is missing or the follow-up is not after the baseline.

    Examples
    --------
    >>> rows = pd.DataFrame({"child": ["a", "a"], "need": [14, 9], "on": pd.to_datetime(["2018-12-01", "2019-11-01"])})
    >>> len(pair_around(rows, child="child", date="on", columns=["need"], baseline="2018-12-31",
    ...                 follow_up="2019-12-31"))
    1
    """
    days = [pd.Timestamp(baseline), pd.Timestamp(follow_up)]
    if days[1] <= days[0]:
        raise InputError(
            f"The follow-up ({days[1]:%d/%m/%Y}) must lie after the baseline ({days[0]:%d/%m/%Y})."
        )
    ordered = _ordered(frame, child, date, columns)
    held = []
    for day in days:
        known = ordered.loc[(ordered[date] <= day) & (ordered[date] > day - pd.Timedelta(days=within_days))]
        held.append(known.groupby(child, sort=False, observed=True).tail(1))
    later = held[1].loc[held[1][child].isin(held[0][child])]
    return _join(held[0], later, child, date, "", {}, 1)


def _ordered(frame: pd.DataFrame, child: str, date: str, columns: Sequence[str]) -> pd.DataFrame:
    require_columns(frame, child, date, *columns)
    if frame[date].isna().any():
        empty = int(frame[date].isna().sum())
        raise InputError(f"Column {date!r} is empty in {empty:,} rows. Give every assessment its day.")
    kept = frame[list(dict.fromkeys([child, date, *columns]))]
    kept = kept.assign(**{child: kept[child].astype("str")})
    return kept.sort_values([child, date], kind="stable").drop_duplicates([child, date])


def _join(
    first: pd.DataFrame,
    last: pd.DataFrame,
    child: str,
    date: str,
    framework: str,
    crosswalk: Crosswalk,
    least_days: int,
) -> Pairs:
    both = first.merge(last, on=child, how="left", suffixes=("_before", "_after"))
    days = (both[f"{date}_after"] - both[f"{date}_before"]).dt.days
    again = pd.Series(ONCE, index=both.index).mask(days > 0, SOON).mask(days >= least_days, AGAIN)
    if framework:
        both, broken = _translate(both, framework, crosswalk)
        again = again.mask(broken & (again == AGAIN), BREAK)
    after = [c for c in both.columns if str(c).endswith("_after")]
    both[after] = both[after].where(again == AGAIN)
    both = both.rename(columns={f"{date}_before": "date_before", f"{date}_after": "date_after"})
    years = pd.Series(days / 365.25).where(again == AGAIN)
    return Pairs(both.assign(years=years, reassessed=again).reset_index(drop=True))


def _translate(both: pd.DataFrame, framework: str, crosswalk: Crosswalk) -> tuple[pd.DataFrame, pd.Series]:
    """Bring the first of a pair to the scale of the second where a crosswalk is given; mark the rest."""
    versions = both[[f"{framework}_before", f"{framework}_after"]].astype("str")
    before, after = versions.iloc[:, 0], versions.iloc[:, 1]
    broken = (before != after) & both[f"{framework}_after"].notna()
    numeric = [
        str(c) for c in both.columns if str(c).endswith("_before") and pd.api.types.is_numeric_dtype(both[c])
    ]
    for (old, new), convert in crosswalk.items():
        rows = broken & (before == old) & (after == new)
        names = {c: c.removesuffix("_before") for c in numeric}
        given = convert(both.loc[rows, numeric].rename(columns=names))
        moved = given.add_suffix("_before").astype("float64")
        both = both.astype(dict.fromkeys(moved.columns, "float64"))
        both.loc[rows, moved.columns] = moved.to_numpy()
        broken &= ~rows
    return both, broken
