"""Prices: amounts made weekly, shares of the payers, one price on one day."""

from __future__ import annotations

import pandas as pd

from vcanalysis.core.schema import TABLES
from vcanalysis.intake.cleaning.amounts import amounts, periods, weekly, without_thousands
from vcanalysis.intake.cleaning.concurrent import line_of
from vcanalysis.intake.cleaning.entry import next_price
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.mapping import PERIODS, TableMapping

TABLE = "costs"
SHARES = ("care_share", "education_share", "health_share")
_FAR = pd.Timestamp("2262-01-01")
_MOST = next(column.high for column in TABLES["costs"].columns if column.name == "gbp_week") or float("inf")


def price_rows(rows: pd.DataFrame, mapping: TableMapping, *, ledger: Ledger) -> pd.DataFrame:
    """Read amount, period and shares of every row.

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
        gbp_week, support_gbp_week and the three shares as numbers; `_pounds` of a total as it was written.

    Raises
    ------
    InputError
        If an amount has no period.
    """
    backwards = rows["to"].notna() & (rows["to"] <= rows["from"])
    rows = ledger.quarantine(rows, backwards, table=TABLE, rule="price-backwards", column="to")
    column = "amount" if "amount" in rows else "gbp_week"
    read = _read_money(rows, column, ledger=ledger)
    bad = read["pounds"].isna()
    rows = ledger.quarantine(rows, bad, table=TABLE, rule="not-a-number", column=column)
    read = read.loc[rows.index]
    period = _period(rows, read, column, mapping)
    days = (rows["to"] - rows["from"]).dt.days.astype("float64")
    endless = period.eq("total") & days.isna()
    _refuse_periods(rows, endless, "a total without an end; name the column of the end")
    ledger.change(rows, period.ne("week"), table=TABLE, rule="rate-converted", column=column)
    week = weekly(read["pounds"], period, days)
    rows = ledger.quarantine(rows, week.abs() > _MOST, table=TABLE, rule="price-above", column=column)
    rows = rows.assign(gbp_week=week.loc[rows.index])
    if "support_gbp_week" in rows:
        support = _read_money(rows, "support_gbp_week", ledger=ledger)["pounds"]
        wrong = rows["support_gbp_week"].ne("") & ~support.between(0, _MOST)
        ledger.empty(rows, wrong, table=TABLE, rule="unknown-value", column="support_gbp_week")
        rows = rows.assign(support_gbp_week=support.where(~wrong))
    return _read_shares(rows, mapping, ledger=ledger)


def _read_money(rows: pd.DataFrame, column: str, *, ledger: Ledger) -> pd.DataFrame:
    read = amounts(rows[column])
    ledger.change(rows, read["tidied"], table=TABLE, rule="money-form", column=column)
    ledger.change(rows, read["worded"], table=TABLE, rule="money-words", column=column)
    return read


def _period(rows: pd.DataFrame, read: pd.DataFrame, column: str, mapping: TableMapping) -> pd.Series:
    default = mapping.options.get("every", "week" if column == "gbp_week" else "")
    said = pd.Series(default, index=rows.index, dtype="str")
    if "period" in rows:
        known = rows["period"].where(rows["period"].isin(PERIODS), periods(rows["period"]))
        said = known.fillna("").where(rows["period"].ne(""), default)
    said = read["period"].fillna("").where(read["period"].notna(), said)
    advice = "no known period; name the column `period`, map its words, or say `every` in the mapping"
    _refuse_periods(rows, said.eq(""), advice)
    return said


def _refuse_periods(rows: pd.DataFrame, wrong: pd.Series, what: str) -> None:
    if wrong.any():
        first = rows.loc[wrong].iloc[0]
        raise refuse(
            "no-period",
            f"{first['_file']}, line {first['_row']:,}: the amount has {what}. {int(wrong.sum()):,} rows are like it.",
        )


def _read_shares(rows: pd.DataFrame, mapping: TableMapping, *, ledger: Ledger) -> pd.DataFrame:
    have = [name for name in SHARES if name in rows]
    if not have:
        return rows
    text = rows[have].apply(lambda said: without_thousands(said.str.replace(r"[£%\s]", "", regex=True)))
    numbers = text.apply(pd.to_numeric, errors="coerce").astype("float64")
    given = text.ne("").any(axis=1)
    total = numbers.sum(axis=1).where(given)
    unit = mapping.options.get("shares_as") or _unit_of_most(total)
    whole = {"shares": 1.0, "percent": 100.0}.get(unit)
    right = total.gt(0) if whole is None else (total - whole).abs().le(0.005 * whole)
    unread = (text.ne("") & numbers.isna()).any(axis=1) | numbers.lt(0).any(axis=1)
    wrong = given & (~right.fillna(False) | unread)
    if whole is None:
        owed = rows["gbp_week"].abs()
        wrong |= given & (total - owed).abs().gt(0.01 + 0.005 * owed)
    ledger.change(
        rows, given & ~wrong & (unit != "shares"), table=TABLE, rule="shares-percent", column=have[0]
    )
    shares = numbers.fillna(0.0).where(given).div(total, axis=0)
    rows = ledger.quarantine(rows, wrong, table=TABLE, rule="shares-sum", column=have[0])
    return rows.assign(**{name: shares.loc[rows.index, name] for name in have})


def _unit_of_most(total: pd.Series) -> str:
    """Say whether most rows add up to a hundred or to one; the others are then set aside, never scaled."""
    hundred, one = (((total - whole).abs() <= 0.005 * whole).sum() for whole in (100.0, 1.0))
    return "percent" if hundred > one else "shares"


def settle_prices(rows: pd.DataFrame, *, ledger: Ledger) -> pd.DataFrame:
    """Make sure that no day of a child has two prices, or none of its service lines where they are named.

    An open price that another follows ends the day that begins; a price for days that already have one
    is set aside.

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
    reached = rows["to"].fillna(_FAR).groupby(rows["_line"]).cummax().shift()
    inside = rows["_line"].eq(rows["_line"].shift()) & (rows["from"] < reached)
    rows = rows.drop(columns="_line")
    rows = ledger.quarantine(rows, inside, table=TABLE, rule="price-overlap", column="from")
    ledger.flag(rows, rows["gbp_week"].eq(0), table=TABLE, rule="no-charge", column="gbp_week")
    return rows


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
