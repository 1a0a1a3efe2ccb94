"""The need that was known when the money was spent: stretches cut where a child was assessed anew."""

from __future__ import annotations

import pandas as pd

from vcanalysis.analysis.ledger.reading import with_days
from vcanalysis.core.columns import number_column, require_columns

_SUMS = ("days", "weeks", "cost_gbp")


def need_at_the_time(
    stretches: pd.DataFrame, ratings: pd.DataFrame, *, band: str = "need_band"
) -> pd.DataFrame:
    """Give each stretch of a child in care the band of need known on each of its days.

    Parameters
    ----------
    stretches : DataFrame
        child_id, from, to, and days, weeks and cost_gbp (pounds) where they are there: `Council.child_weeks` gives it.
    ratings : DataFrame
        child_id, date and the band: `Council.assessments` gives it.
    band : str
        Column of the band.

    Returns
    -------
    DataFrame
        The stretches cut on the day of each assessment, days, weeks and pounds shared out by days, with the band of
        the latest assessment up to then; missing before the first. Nothing that was learnt later is in it.

    Raises
    ------
    InputError
        If a column is missing or a day is none.

    Examples
    --------
    >>> spent = pd.DataFrame({"child_id": ["a"], "from": ["2019-01-01"], "to": ["2019-01-11"], "cost_gbp": [100.0]})
    >>> rated = pd.DataFrame({"child_id": ["a"], "date": ["2019-01-04"], "need_band": ["high"]})
    >>> need_at_the_time(spent, rated)[["cost_gbp", "need_band"]].values.tolist()
    [[30.0, nan], [70.0, 'high']]
    """
    require_columns(stretches, "child_id", "from", "to")
    require_columns(ratings, "child_id", "date", band)
    rows = with_days(stretches.astype({"child_id": "str"}).reset_index(drop=True), "from", "to", needed=True)
    rated = with_days(ratings.astype({"child_id": "str"}), "date", needed=True).sort_values("date")
    rated = rated.drop_duplicates(["child_id", "date"], keep="last")[["child_id", "date", band]]
    pieces = _cut(rows, rated)
    days = (rows["to"] - rows["from"]).dt.days
    share = (pieces["to"] - pieces["from"]).dt.days / days.to_numpy()[pieces["row"]]
    found = rows.drop(columns=["from", "to"]).loc[pieces["row"]].reset_index(drop=True)
    sums = {name: number_column(found, name) * share for name in _SUMS if name in found}
    found = found.assign(**sums, **{"from": pieces["from"], "to": pieces["to"]}).sort_values(
        "from", kind="stable"
    )
    found = pd.merge_asof(found, rated, left_on="from", right_on="date", by="child_id").drop(columns="date")
    return found.sort_values(["child_id", "from"], ignore_index=True)


def _cut(rows: pd.DataFrame, rated: pd.DataFrame) -> pd.DataFrame:
    """Give row, from and to of the pieces between assessments."""
    whole = rows[["child_id", "from", "to"]].reset_index(names="row")
    inside = whole.merge(rated[["child_id", "date"]], on="child_id")
    inside = inside[(inside["date"] > inside["from"]) & (inside["date"] < inside["to"])]
    both = pd.concat([whole, inside.assign(**{"from": inside["date"]})]).sort_values(
        ["row", "from"], ignore_index=True
    )
    following = both.groupby("row")["from"].shift(-1)
    return both[["row", "from"]].assign(to=following.fillna(both["to"]))
