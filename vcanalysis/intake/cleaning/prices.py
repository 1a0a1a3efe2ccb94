"""Prices: amounts made weekly, shares of the payers, one price on one day."""

from __future__ import annotations

import pandas as pd

from vcanalysis.core.schema import TABLES
from vcanalysis.intake.cleaning.amounts import amounts, periods, weekly
from vcanalysis.intake.cleaning.concurrent import line_of
from vcanalysis.intake.cleaning.entry import SUPPORT, next_price
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.cleaning.shares import read_shares
from vcanalysis.intake.mapping import PERIODS, TableMapping

TABLE = "costs"
_FAR = pd.Timestamp("2262-01-01")
_MOST = next(column.high for column in TABLES["costs"].columns if column.name == "gbp_week") or float("inf")


def price_rows(rows: pd.DataFrame, mapping: TableMapping, *, ledger: Ledger) -> pd.DataFrame:
    """Read amount, period, support and shares of every row.

    Parameters
    ----------
    rows : DataFrame
        Text columns, with `from` and `to` as dates already.
    mapping : TableMapping
        Says the period (`every`) and the unit of the shares (`shares_as`) where the rows do not.
    ledger : Ledger
        Takes note.

    Returns
    -------
    DataFrame
        gbp_week, support_gbp_week (pounds a week unless a word says another period) and the three shares
        as numbers.

    Raises
    ------
    InputError
        If an amount has no period.
    """
    backwards = rows["to"].notna() & (rows["to"] <= rows["from"])
    rows = ledger.quarantine(rows, backwards, table=TABLE, rule="price-backwards", column="to")
    column = "amount" if "amount" in rows else "gbp_week"
    rows, paid = _read_weekly(rows, column, mapping, ledger=ledger)
    rows = rows.assign(gbp_week=paid["week"])
    if SUPPORT in rows:
        rows, support = _read_weekly(rows, SUPPORT, mapping, ledger=ledger)
        rows = rows.assign(**{SUPPORT: support["week"]})
        other = (rows[SUPPORT] * rows["gbp_week"] < 0) | (rows["gbp_week"].eq(0) & (rows[SUPPORT] < 0))
        rows = ledger.quarantine(rows, other, table=TABLE, rule="support-sign", column=SUPPORT)
    return read_shares(rows, paid.loc[rows.index], mapping, ledger=ledger)


def _read_weekly(
    rows: pd.DataFrame, column: str, mapping: TableMapping, *, ledger: Ledger
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give the rows whose amount can be read and is one, with its pounds, period and pounds a week."""
    read = amounts(rows[column])
    ledger.change(rows, read["tidied"], table=TABLE, rule="money-form", column=column)
    ledger.change(rows, read["worded"], table=TABLE, rule="money-words", column=column)
    none = rows[column].str.strip().eq("") & (column == SUPPORT)
    unread = read["pounds"].isna() & ~none
    rows = ledger.quarantine(rows, unread, table=TABLE, rule="not-a-number", column=column)
    read = read.loc[rows.index]
    period = _period(rows, read, column, mapping)
    days = (rows["to"] - rows["from"]).dt.days.astype("float64")
    endless = period.eq("total") & days.isna()
    _refuse_periods(rows, endless, "a total without an end; name the column of the end")
    ledger.change(rows, period.ne("week"), table=TABLE, rule="rate-converted", column=column)
    read = read.assign(period=period, week=weekly(read["pounds"], period, days))
    above = read["week"].abs() > _MOST
    rows = ledger.quarantine(rows, above, table=TABLE, rule="price-above", column=column)
    return rows, read.loc[rows.index]


def _period(rows: pd.DataFrame, read: pd.DataFrame, column: str, mapping: TableMapping) -> pd.Series:
    if column == SUPPORT:
        return read["period"].fillna("week")
    default = mapping.options.get("every", "week" if column == "gbp_week" else "")
    said = pd.Series(default, index=rows.index, dtype="str")
    if "period" in rows:
        known = rows["period"].where(rows["period"].isin(PERIODS), periods(rows["period"]))
        said = known.fillna("").where(rows["period"].ne(""), default)
    said = read["period"].fillna("").where(read["period"].notna(), said)
    words = f"map its words ([costs.values.period]) to {', '.join(PERIODS)}"
    every = "where it is empty, say `every`" if "period" in rows else "say `every` in the mapping"
    column_of = "see that `period` names the right column" if "period" in rows else "name the column `period`"
    by = "or leave such rows out by a column that tells them (`only`)"
    advice = f"no known period; {column_of}, {words}, {every}, {by}"
    _refuse_periods(rows, said.eq(""), advice)
    return said


def _refuse_periods(rows: pd.DataFrame, wrong: pd.Series, what: str) -> None:
    if wrong.any():
        first, count = rows.loc[wrong].iloc[0], int(wrong.sum())
        alike = f" {count:,} rows are like it." if count > 1 else ""
        raise refuse("no-period", f"{first['_file']}, line {first['_row']:,}: the amount has {what}.{alike}")


def settle_prices(rows: pd.DataFrame, *, ledger: Ledger, last_day: bool = False) -> pd.DataFrame:
    """Make sure that no day of a child has two prices, or none of its service lines where they are named.

    An open price that another follows ends the day that begins; a price for days that already have one
    is set aside. Prices that were set aside shut out no other.

    Parameters
    ----------
    rows : DataFrame
        CHILD, from, to (the day after the last charged), gbp_week, `_file`, `_row`, and line where one is named.
    ledger : Ledger
        Takes note.
    last_day : bool
        Whether the extract's ends were read as the last day charged: a price that begins on that very day
        then suggests that they are not.

    Examples
    --------
    >>> rows = pd.DataFrame({"CHILD": "a", "from": pd.to_datetime(["2019-04-01", "2019-06-01"]), "to": pd.NaT,
    ...     "gbp_week": 500.0, "_file": "x.csv", "_row": [2, 3]})
    >>> settle_prices(rows, ledger=Ledger())["to"].dt.strftime("%d %b %Y").tolist()
    ['01 Jun 2019', nan]
    """
    rows = rows.assign(_line=line_of(rows))
    rows = rows.sort_values(["_line", "from", "_row"], kind="stable", ignore_index=True)
    following = (
        rows["_next"] if "_next" in rows else next_price(rows["_line"], rows["from"], rows["gbp_week"] < 0)
    )
    cut = rows["to"].isna() & following.notna()
    ledger.change(rows, cut, table=TABLE, rule="price-cut", column="to")
    rows = rows.assign(to=rows["to"].mask(cut, following))
    over = _days_over(rows)
    touches = over.eq(1) & last_day
    rows = rows.drop(columns="_line")
    rows = ledger.quarantine(rows, touches, table=TABLE, rule="price-touches", column="from")
    inside = over.loc[rows.index].gt(0)
    rows = ledger.quarantine(rows, inside, table=TABLE, rule="price-overlap", column="from")
    ledger.flag(rows, rows["gbp_week"].eq(0), table=TABLE, rule="no-charge", column="gbp_week")
    return rows


def _days_over(rows: pd.DataFrame) -> pd.Series:
    """Give the days by which each price begins before the last one kept of its line ends; nought if it is kept."""
    ends = rows["to"].fillna(_FAR)
    reached = ends.groupby(rows["_line"]).cummax().groupby(rows["_line"]).shift()
    over = pd.Series(0, index=rows.index)
    several = rows["_line"].isin(rows.loc[rows["from"] < reached, "_line"])
    for _, own in rows.loc[several].groupby("_line", sort=False):
        reach = pd.Timestamp.min
        for at, first in own["from"].items():
            over[at] = max((reach - first).days, 0) if reach > first else 0
            if not over[at]:
                reach = ends[at]
    return over


def said_of_ends(rows: pd.DataFrame, mapping: TableMapping) -> list[str]:
    """Say that no price has an end, or how ends were read where the mapping does not say it.

    Parameters
    ----------
    rows : DataFrame
        gbp_week and `to` as read, before an open price is made to end where the next begins.
    mapping : TableMapping
        May say `last_day`.

    Examples
    --------
    >>> said_of_ends(pd.DataFrame({"gbp_week": [700.0], "to": pd.to_datetime([None])}), TableMapping())[0][:43]
    'No price of costs has an end: each of the 1'
    >>> ends = pd.DataFrame({"gbp_week": [700.0], "to": pd.to_datetime(["2019-05-01"])})
    >>> said_of_ends(ends, TableMapping(options={"last_day": "included"}))
    []
    """
    prices = rows.loc[rows["gbp_week"] >= 0]
    if len(prices) and prices["to"].isna().all():
        return [
            f"No price of costs has an end: each of the {len(prices):,} is paid until the next of its child begins, "
            "the last to the end of the data. If the file says when prices end, name that column in the mapping (`to`)."
        ]
    if "last_day" in mapping.options or rows["to"].isna().all():
        return []
    return [
        "The end of a price was read as the day after the last day charged, because no mapping says otherwise. If "
        'it is the last day charged, write last_day = "included" under [costs] in a mapping.'
    ]


def in_care_at_all(rows: pd.DataFrame, placements: pd.DataFrame, *, start: str, end: str) -> pd.Series:
    """Say which rows overlap a day in care of their child.

    Parameters
    ----------
    rows : DataFrame
        CHILD and two columns of dates; a missing end is open, an end equal to the start is that one day.
    placements : DataFrame
        CHILD, decom, dec, ls; short breaks do not count.
    start, end : str
        Names of the two columns.
    """
    care = placements.loc[~placements["ls"].isin(["V3", "V4"]) & placements["decom"].notna()]
    care = care.assign(_reach=care["dec"].fillna(_FAR)).sort_values(["CHILD", "decom"], kind="stable")
    care = care.assign(_reach=care["_reach"].groupby(care["CHILD"]).cummax())[["CHILD", "decom", "_reach"]]
    one_day = rows[end].eq(rows[start])
    last = rows[end].fillna(_FAR).where(~one_day, rows[start] + pd.Timedelta(days=1))
    asked = pd.DataFrame(
        {"CHILD": rows["CHILD"], "_last": last - pd.Timedelta(days=1), "_first": rows[start]}
    )
    asked = asked.assign(_at=range(len(asked))).sort_values("_last", kind="stable")
    found = pd.merge_asof(
        asked, care.sort_values("decom", kind="stable"), left_on="_last", right_on="decom", by="CHILD"
    )
    found = found.sort_values("_at", ignore_index=True)
    hit = found["_reach"].notna() & (found["_reach"] > found["_first"])
    return pd.Series(hit.to_numpy(dtype=bool), index=rows.index)
