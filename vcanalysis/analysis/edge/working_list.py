"""Open cases for the professionals who know the child: by team and by how long they are open, never by risk."""

from __future__ import annotations

import pandas as pd

from vcanalysis.core.columns import require_columns

SHOWN = (
    "team",
    "child_id",
    "plan",
    "opened",
    "weeks_open",
    "age_years",
    "need_total",
    "panel_flag",
    "supported",
)


def working_list(now: pd.DataFrame, *, day: pd.Timestamp) -> pd.DataFrame:
    """Give open cases to talk about, each team's together, the longest open first.

    The risk stands last and in words, since it decides nothing: it is that of children with a like record at the
    opening, and says nothing of who would gain by support.

    Parameters
    ----------
    now : DataFrame
        `EntryRisk.now`.
    day : Timestamp
        Day after the last day known.

    Examples
    --------
    >>> rows = pd.DataFrame({"team": ["b", "a"], "child_id": ["x", "y"], "plan": "child in need",
    ...     "opened": pd.to_datetime(["2019-06-01", "2019-09-01"]), "age_years": [9.1, 3.2], "need_total": [12, 9],
    ...     "panel_flag": False, "supported": False, "probability": [0.21, None]})
    >>> working_list(rows, day=pd.Timestamp("2020-01-01"))["of 100 with a like record, enter care"].tolist()
    ['not known', '21']
    """
    asked = (
        "team",
        "child_id",
        "plan",
        "opened",
        "age_years",
        "need_total",
        "panel_flag",
        "supported",
        "probability",
    )
    require_columns(now, *asked)
    words = now["probability"].map(lambda p: "not known" if pd.isna(p) else f"{100 * p:.0f}")
    made = now.assign(weeks_open=((day - now["opened"]).dt.days // 7), age_years=now["age_years"].round(1))
    made["of 100 with a like record, enter care"] = words
    ordered = made.sort_values(["team", "opened", "child_id"], kind="stable", ignore_index=True)
    return ordered[[*SHOWN, "of 100 with a like record, enter care"]]
