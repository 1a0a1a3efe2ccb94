"""Stays in residential homes: placements that follow each other in homes joined, watched over a period."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vcanalysis.analysis.ledger.paid import HOMES
from vcanalysis.analysis.ledger.reading import as_day
from vcanalysis.core.columns import require_columns

COLUMNS = ["child_id", "start", "end", "entry_days", "exit_days", "left"]
_GAP = pd.Timedelta(days=1)


def stays_in_homes(
    stretches: pd.DataFrame,
    *,
    start: str | pd.Timestamp,
    end: str | pd.Timestamp,
    began: pd.DataFrame | None = None,
    homes: Sequence[str] = HOMES,
    of_age: pd.Series | None = None,
) -> pd.DataFrame:
    """Join what a child spent in residential homes without a break into stays, and watch them over a period.

    Parameters
    ----------
    stretches : DataFrame
        child_id, from, to, placement_type, as `Council.child_weeks` gives them; only children who are no part of the
        programme, or only the time before it.
    start, end : str or Timestamp
        First day watched and day after the last: a stay that goes on is censored then.
    began : DataFrame, optional
        child_id and start of placements: a stay under way on the first day began when its placement did, not when
        the data do.
    homes : sequence of str
        Placement types that are residential homes.
    of_age : Series, optional
        18th birthday by child_id. A stay that reaches it is censored there: the ledger ends each claim on that day
        itself, and an end that is counted as natural too would be taken off twice.

    Returns
    -------
    DataFrame
        One row per stay: child_id, start, end (missing while it lasts), entry_days, exit_days, left. A move from
        home to home is no end.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"child_id": ["a", "a"], "from": pd.to_datetime(["2019-01-01", "2019-02-01"]),
    ...                      "to": pd.to_datetime(["2019-02-01", "2019-03-01"]),
    ...                      "placement_type": ["Residential home", "Agency fostering"]})
    >>> stays_in_homes(rows, start="2019-01-01", end="2019-03-01")[["exit_days", "left"]].values.tolist()
    [[31, True]]
    """
    require_columns(stretches, "child_id", "from", "to", "placement_type")
    first, last = as_day(start, "start"), as_day(end, "end")
    rows = stretches[stretches["placement_type"].isin(list(homes))].sort_values(["child_id", "from"])
    new = (rows["child_id"] != rows["child_id"].shift()) | (rows["from"] > rows["to"].shift() + _GAP)
    stays = rows.groupby(new.cumsum()).agg(
        child_id=("child_id", "first"), start=("from", "first"), end=("to", "last")
    )
    if began is not None:
        stays["start"] = _real_start(stays, began)
    stays = stays[(stays["end"] > first) & (stays["start"] < last)].reset_index(drop=True)
    limit = pd.Series(last, index=stays.index)
    if of_age is not None:
        birthday = stays["child_id"].map(of_age)
        limit = birthday.where(birthday < limit, limit)
    stays["left"] = stays["end"] < limit
    stays["entry_days"] = (first - stays["start"]).dt.days.clip(lower=0)
    stays["exit_days"] = (stays["end"].where(stays["left"], limit) - stays["start"]).dt.days
    stays = stays[stays["exit_days"] > stays["entry_days"]].reset_index(drop=True)
    return stays.assign(end=stays["end"].where(stays["left"]))[COLUMNS]


def _real_start(stays: pd.DataFrame, began: pd.DataFrame) -> pd.Series:
    """Give the start of the placement under way on the first day of each stay."""
    require_columns(began, "child_id", "start")
    left = stays[["child_id", "start"]].reset_index(names="row").sort_values("start")
    right = began[["child_id", "start"]].rename(columns={"start": "placed"}).sort_values("placed")
    kinds = {"start": "datetime64[ns]", "placed": "datetime64[ns]", "child_id": "str"}
    left, right = (f.astype({n: k for n, k in kinds.items() if n in f}) for f in (left, right))
    found = pd.merge_asof(left, right, left_on="start", right_on="placed", by="child_id").set_index("row")
    return found["placed"].fillna(found["start"]).sort_index()
