"""Month by month: who was in care on each month's day, where, how old and for how long in that kind of place."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.sufficiency.settings import ADULT, MONTH_DAYS
from vcanalysis.core.columns import require_columns
from vcanalysis.core.errors import InputError

NEEDED = ("child_id", "start", "end", "placement_type", "birth_month")
_FAR = pd.Timestamp("2262-01-01")


@dataclass(frozen=True, slots=True)
class Panel:
    """Children in care on the day of each month, one row a child and month, sorted by child and month.

    Parameters
    ----------
    days : DatetimeIndex (months + 1)
        The day of each month; the last is the day of the forecast.
    kinds : tuple of str
        Kinds of placement, in their order.
    child, month, kind : array of int
        Number of the child, of the day, and of the kind.
    age, stay : array of float
        Months since birth, and since the child came to that kind of placement.
    target : array of int
        Kind a month later; the number of kinds where the child had left, -1 on the last day.
    came : array of bool
        Whether the child was not in care a month before; False on the first day.
    undated : int
        Children without a month of birth: they are given the middle age of their kind.
    """

    days: pd.DatetimeIndex
    kinds: tuple[str, ...]
    child: np.ndarray
    month: np.ndarray
    kind: np.ndarray
    age: np.ndarray
    stay: np.ndarray
    target: np.ndarray
    came: np.ndarray
    undated: int

    @property
    def months(self) -> int:
        """Steps from one day to the next."""
        return len(self.days) - 1

    def counts(self) -> np.ndarray:
        """Count the children on each day by kind: array (months + 1, kinds)."""
        flat = np.bincount(
            self.month * len(self.kinds) + self.kind, minlength=len(self.days) * len(self.kinds)
        )
        return flat.reshape(len(self.days), len(self.kinds))

    def arrivals(self) -> np.ndarray:
        """Count the children who came in each month: array (months)."""
        return np.bincount(self.month[self.came], minlength=len(self.days))[1:]


def monthly_panel(spells: pd.DataFrame, *, day: str | pd.Timestamp, since: str | pd.Timestamp) -> Panel:
    """Lay placements out month by month, up to the day of the forecast.

    Parameters
    ----------
    spells : DataFrame
        One row a placement: child_id, start, end (missing while it lasts), placement_type, birth_month (a month is
        taken as its middle). Short breaks must be left out and temporary stays joined to the placement around them,
        as `placement_spells(by_kind=True)` of a council does. What happened after `day` is not looked at.
    day, since : str or Timestamp
        Day of the forecast, and first day from which every placement is known.

    Raises
    ------
    InputError
        If a column is missing or holds no dates, a placement has no child, a day is none, or `since` does not lie
        before `day`.

    Examples
    --------
    >>> when = pd.to_datetime
    >>> spells = pd.DataFrame({"child_id": ["a", "b"], "start": when(["2019-01-10", "2019-02-10"]),
    ...     "end": when(["2019-03-15", None]), "placement_type": "Agency fostering", "birth_month": when("2010-05-01")})
    >>> monthly_panel(spells, day="2019-03-31", since="2018-12-31").counts().ravel().tolist()
    [0, 1, 2, 1]
    """
    require_columns(spells, *NEEDED)
    _refuse(spells)
    days = _days(_day(day), _day(since))
    rows, kinds, undated = _ordered(spells, days[-1])
    row, month = _rows_on(rows, days)
    child = rows["_child"].to_numpy()[row]
    end_of_child = np.append(child[1:] != child[:-1], True)
    follows = np.append((month[1:] == month[:-1] + 1), False) & ~end_of_child
    kind = rows["_kind"].to_numpy()[row]
    target = np.where(follows, np.append(kind[1:], 0), len(kinds))
    on = days[month].to_numpy()
    age, stay = ((on - rows[name].to_numpy()[row]) / np.timedelta64(1, "D") for name in ("_born", "_since"))
    return Panel(
        days=days,
        kinds=kinds,
        child=child,
        month=month,
        kind=kind,
        age=age / MONTH_DAYS,
        stay=stay / MONTH_DAYS,
        target=np.where(month == len(days) - 1, -1, target),
        came=~np.append(False, follows[:-1]) & (month > 0),
        undated=undated,
    )


def months_on(day: pd.Timestamp, months: int) -> pd.Timestamp:
    """Go some months on, or back: from the last day of a month to the last day of another.

    Examples
    --------
    >>> months_on(pd.Timestamp("2019-04-30"), -1).date().isoformat()
    '2019-03-31'
    """
    there = day + pd.DateOffset(months=months)
    return there + pd.offsets.MonthEnd(0) if day.is_month_end else there


def _refuse(spells: pd.DataFrame) -> None:
    for name in ("start", "end"):
        column = spells[name]
        if column.notna().any() and not pd.api.types.is_datetime64_any_dtype(column):
            raise InputError(
                f"Column {name!r} holds no dates. Turn it into dates first, with pandas.to_datetime."
            )
    nobody = int(spells["child_id"].isna().sum())
    if nobody:
        raise InputError(f"{nobody:,} placements have no child. Leave them out, or give each its child_id.")


def _day(day: str | pd.Timestamp) -> pd.Timestamp:
    try:
        found = pd.Timestamp(day)
    except (ValueError, TypeError):
        found = pd.NaT
    if pd.isna(found):
        raise InputError(f"{day!r} is no day. Write a day such as 2019-12-31.")
    return found


def _days(day: pd.Timestamp, since: pd.Timestamp) -> pd.DatetimeIndex:
    """List the days; who was in care on the day before the records begin is known on their first day."""
    if since >= day:
        raise InputError(
            f"Records from {since:%d/%m/%Y} do not reach before {day:%d/%m/%Y}. Choose a later day."
        )
    steps = (day.year - since.year) * 12 + day.month - since.month + 1
    days = [months_on(day, -k) for k in range(steps, -1, -1)]
    return pd.DatetimeIndex([d for d in days if d >= since - pd.Timedelta(days=1)])


def _ordered(spells: pd.DataFrame, day: pd.Timestamp) -> tuple[pd.DataFrame, tuple[str, ...], int]:
    """Sort placements by child and day; say when each child came to that kind of placement, and was born."""
    known = spells["start"].notna() & (spells["start"] <= day) & spells["placement_type"].notna()
    rows = spells.loc[known, list(NEEDED)]
    rows = rows.assign(_child=pd.factorize(rows["child_id"], sort=True)[0], _end=rows["end"].fillna(_FAR))
    rows = rows.sort_values(["_child", "start"], kind="stable", ignore_index=True)
    types = rows["placement_type"].astype("category").cat.remove_unused_categories()
    rows["_kind"] = types.cat.codes.to_numpy(dtype="int64")
    same = rows["_child"].eq(rows["_child"].shift()) & rows["_kind"].eq(rows["_kind"].shift())
    reached = rows.groupby("_child")["_end"].cummax().shift()
    goes_on = same & (rows["start"] <= reached)
    rows["_since"] = rows["start"].where(~goes_on).ffill()
    born = pd.to_datetime(rows["birth_month"]) + pd.Timedelta(days=15)
    undated = int(rows.loc[born.isna(), "_child"].nunique())
    middle = rows["start"] - pd.to_timedelta(
        (rows["start"] - born).groupby(rows["_kind"]).transform("median")
    )
    rows["_born"] = born.fillna(middle).fillna(rows["start"] - pd.Timedelta(days=ADULT / 2 * MONTH_DAYS))
    return rows, tuple(map(str, types.cat.categories)), undated


def _rows_on(rows: pd.DataFrame, days: pd.DatetimeIndex) -> tuple[np.ndarray, np.ndarray]:
    """Give, sorted by child and day, the row of the placement each child in care was in; of two the later."""
    marks = days.to_numpy()
    first = np.searchsorted(marks, rows["start"].to_numpy(), side="left")
    last = np.searchsorted(marks, rows["_end"].to_numpy(), side="left")
    number = np.clip(last - first, 0, None)
    row = np.repeat(np.arange(len(rows)), number)
    month = np.arange(len(row)) - np.repeat(np.cumsum(number) - number, number) + np.repeat(first, number)
    key = rows["_child"].to_numpy()[row] * len(days) + month
    order = np.argsort(key, kind="stable")
    kept = np.append(key[order][1:] != key[order][:-1], True) if len(order) else np.zeros(0, bool)
    return row[order[kept]], month[order[kept]]
