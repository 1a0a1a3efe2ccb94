"""Cases on the edge of care: who of them came into care, as the return says where the extract does not."""

from __future__ import annotations

import pandas as pd

_SHORT_BREAKS = ("V3", "V4")


def known_entries(rows: pd.DataFrame, episodes: pd.DataFrame) -> pd.DataFrame:
    """Fill in the days of entry to care and of return home, where an extract has no day of entry at all.

    A census of children in need does not say who came into care; the return on children looked after does.

    Parameters
    ----------
    rows : DataFrame
        CHILD, opened, entered_care, returned.
    episodes : DataFrame
        CHILD, decom, dec and ls of the episodes; short breaks are no care.

    Examples
    --------
    >>> days = pd.to_datetime
    >>> none = pd.Series(pd.NaT, index=[0, 1], dtype="datetime64[ns]")
    >>> cases = pd.DataFrame({"CHILD": [1, 2], "opened": days(["2019-01-10", "2019-02-01"]),
    ...     "entered_care": none, "returned": none})
    >>> care = pd.DataFrame({"CHILD": [1, 1], "decom": days(["2019-03-01", "2019-04-01"]),
    ...     "dec": days(["2019-04-01", None]), "ls": "C2"})
    >>> known_entries(cases, care)["entered_care"].dt.strftime("%d %b").tolist()
    ['01 Mar', nan]
    """
    if rows.empty or rows["entered_care"].notna().any():
        return rows
    care = episodes[~episodes["ls"].isin(_SHORT_BREAKS)].sort_values(["CHILD", "decom"])
    again = care["decom"] <= care.groupby("CHILD")["dec"].shift()
    by = care.groupby((~again).cumsum().to_numpy())
    last = care.drop_duplicates("CHILD", keep="last").index if care.empty else by.tail(1).index
    periods = by.head(1)[["CHILD", "decom"]].assign(_out=care.loc[last, "dec"].to_numpy())
    asked = rows[["CHILD", "opened"]].assign(_at=range(len(rows))).sort_values("opened", kind="stable")
    found = pd.merge_asof(
        asked,
        periods.sort_values("decom", kind="stable"),
        left_on="opened",
        right_on="decom",
        by="CHILD",
        direction="forward",
    ).sort_values("_at")
    return rows.assign(entered_care=found["decom"].to_numpy(), returned=found["_out"].to_numpy())
