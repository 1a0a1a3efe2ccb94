"""What the rows of a finance extract stand for, in pence, before any rule touches them."""

from __future__ import annotations

import pandas as pd

from vcanalysis.core.schema import TABLES
from vcanalysis.intake.cleaning.amounts import amounts, periods, weekly
from vcanalysis.intake.cleaning.coded import by_text
from vcanalysis.intake.cleaning.concurrent import line_of
from vcanalysis.intake.cleaning.dates import is_filler, is_open_end, parse_dates, short_years
from vcanalysis.intake.cleaning.identifiers import Identifiers, clean_ids
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.values import is_null
from vcanalysis.intake.mapping import PERIODS, TableMapping

SUPPORT = "support_gbp_week"


def take_note(
    rows: pd.DataFrame, mapping: TableMapping, *, ledger: Ledger, end: pd.Timestamp
) -> pd.DataFrame:
    """Count the pounds of an extract in the ledger; give the rows with what each stands for."""
    rows = pd.concat([rows, at_entry(rows, mapping, end=end)], axis=1)
    ledger.pence_in += float(rows["_pence"].sum())
    ledger.rows_without_pence += int(rows["_pence"].isna().sum())
    return rows


def count_left_out(
    rows: pd.DataFrame,
    mapping: TableMapping,
    *,
    births: pd.Series,
    ids: Identifiers,
    ledger: Ledger,
    end: pd.Timestamp,
) -> None:
    """Count the pounds of rows that the mapping leaves out, read as those that it keeps are; none of it is logged."""
    children = Identifiers(ids.known).numbers(clean_ids(rows["child_id"]))  # not to be known to the others
    rows = rows.assign(CHILD=children)
    rows = plain_dates(rows, "costs", mapping, born=children.map(births), ledger=Ledger())
    pence = at_entry(rows, mapping, end=end)["_pence"]
    ledger.pence_left_out = float(pence.sum())
    ledger.pence_in += ledger.pence_left_out
    ledger.rows_without_pence += int(pence.isna().sum())


def at_entry(
    rows: pd.DataFrame, mapping: TableMapping, *, end: pd.Timestamp, torn: pd.Series | None = None
) -> pd.DataFrame:
    """Say what each row of an extract stands for, before any rule is applied to it.

    Parameters
    ----------
    rows : DataFrame
        Text columns CHILD, from, to and amount (with period) or gbp_week, and support_gbp_week if there is one.
    mapping : TableMapping
        Says the period where the rows do not.
    end : Timestamp
        Day after the last day covered.
    torn : Series of bool, optional
        Rows that end no price either, as a credit does not.

    Returns
    -------
    DataFrame
        `_pence` of price and support (not rounded; missing where one of them, or a day that is written, cannot be
        read) and `_next`: the day on which the next price of the child begins, where an open price therefore ends. A
        credit ends no price.
    """
    column = "amount" if "amount" in rows else "gbp_week"
    read = amounts(rows[column])
    said = read["period"]
    if "period" in rows:
        said = said.fillna(rows["period"].where(rows["period"].isin(PERIODS), periods(rows["period"])))
    said = said.fillna(mapping.options.get("every", "week" if column == "gbp_week" else ""))
    first, last = (_day_of(rows, name) for name in ("from", "to"))
    if mapping.options.get("last_day") == "included":
        last = last + pd.Timedelta(days=1)
    beside = read["pounds"] < 0
    follows = next_price(line_of(rows), first, beside if torn is None else beside | torn)
    last = last.fillna(follows).fillna(end.as_unit("ns"))
    if "to" in rows:
        last = last.mask(no_day(rows["to"]))  # not open: nobody knows for how long it is paid
    days = (last - first).dt.days.astype("float64")
    week = weekly(read["pounds"], said, days)
    if SUPPORT in rows:
        support = amounts(rows[SUPPORT])
        extra = weekly(support["pounds"], support["period"].fillna("week"), days)
        week = week + extra.mask(rows[SUPPORT].str.strip().eq(""), 0.0)
    return pd.DataFrame({"_pence": week * days.where(days > 0) / 7 * 100, "_next": follows})


def _day_of(rows: pd.DataFrame, name: str) -> pd.Series:
    if name not in rows:
        return pd.Series(pd.NaT, index=rows.index, dtype="datetime64[ns]")
    return parse_dates(rows[name])


def no_day(text: pd.Series) -> pd.Series:
    """Say where the end of a price is written, but is neither a day nor one of the signs for "open".

    Examples
    --------
    >>> no_day(pd.Series(["31/06/2018", "ask", "", "NULL", "31/12/2099", "30/06/2018"])).tolist()
    [True, True, False, False, False, False]
    """
    open_end = text.str.strip().eq("") | is_filler(text) | is_open_end(text) | by_text(text, is_null)
    return parse_dates(text).isna() & ~open_end


def in_our_order(dates: pd.Series) -> pd.Series:
    """Write dates of the form mm/dd/yyyy, whatever their sign, as dd/mm/yyyy.

    Examples
    --------
    >>> in_our_order(pd.Series(["05/20/2018", "05.20.18", "2018-05-20"])).tolist()
    ['20/05/2018', '20.05.18', '2018-05-20']
    """
    return dates.str.replace(r"^(\d{1,2})([/.-])(\d{1,2})([/.-])", r"\3\2\1\4", regex=True)


def plain_dates(
    rows: pd.DataFrame, table: str, mapping: TableMapping, *, born: pd.Series | None, ledger: Ledger
) -> pd.DataFrame:
    """Put day and month in our order where the mapping asks for it, and write years of two digits in full.

    Parameters
    ----------
    rows : DataFrame
        Text columns of the table.
    table, mapping, ledger
        What is read, how its dates are written, and who takes note.
    born : Series of datetime64 or None
        Date of birth of the child of each row: a year is told where one alone makes the child 0 to 25 years old.
    """
    if mapping.options.get("dates") == "mm/dd/yyyy" and "entered" in rows:
        rows = rows.assign(entered=in_our_order(rows["entered"]))
    for name in (c.name for c in TABLES[table].columns if c.kind in ("date", "month") and c.name in rows):
        if mapping.options.get("dates") == "mm/dd/yyyy":
            rows = rows.assign(**{name: in_our_order(rows[name])})
        if born is not None and (parse_dates(rows[name]).isna() & rows[name].ne("")).any():
            days = short_years(rows[name], born, after=True)
            ledger.change(rows, days.notna(), table=table, rule="short-year", column=name)
            rows = rows.assign(**{name: rows[name].mask(days.notna(), days.dt.strftime("%d/%m/%Y"))})
    return rows


def next_price(children: pd.Series, first: pd.Series, credit: pd.Series) -> pd.Series:
    """Give the first day after each row's own on which another price of the child begins.

    Parameters
    ----------
    children, first, credit : Series
        Child, first day and whether it is a credit, of each row; a credit begins no price.

    Examples
    --------
    >>> days = pd.Series(pd.to_datetime(["2019-04-01", "2019-06-01", "2019-05-01"]))
    >>> found = next_price(pd.Series(["a", "a", "a"]), days, pd.Series([False, False, True]))
    >>> found.dt.strftime("%d %b").tolist()
    ['01 Jun', nan, '01 Jun']
    """
    starts = pd.DataFrame({"CHILD": children, "_day": first}).assign(_at=range(len(children)))
    known = starts.loc[~credit.to_numpy(dtype=bool), ["CHILD", "_day"]].dropna().drop_duplicates()
    found = pd.merge_asof(
        starts.dropna().sort_values("_day", kind="stable"),
        known.assign(_next=known["_day"]).sort_values("_day", kind="stable"),
        on="_day",
        by="CHILD",
        direction="forward",
        allow_exact_matches=False,
    )
    after = found.set_index("_at")["_next"].reindex(range(len(children)))
    return pd.Series(after.to_numpy(), index=children.index)
