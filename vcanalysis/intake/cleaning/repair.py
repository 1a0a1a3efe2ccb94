"""Stitch episodes across returns: the seven repairs of the London episode fixes.

The rules are those that London councils agreed for stacked SSDA903 returns (R1, R1A, R2, R3, R3A, R4, R5).
Where they leave room, this is the order and these are the ties:

1. Rows that repeat another in the same return are dropped. Of two versions of an episode (same child, same
   first day) the one in the later return replaces the earlier (R3A). Of several within one return that begin
   on the same day no rule says which holds: all are set aside, unless one alone holds a day in care (or
   none does: the lowest row is then kept).
2. R3 and R3A drop episodes left open in a return that is not the last: R3 those that equal a neighbour in all
   but their first day (of two open ones that equal each other the later is kept), R3A those that follow an
   episode of a later return. Neighbours are found again afterwards.
3. R1, R1A and R2 end the episodes still left open.
4. R4 and then R5 mend what is left between neighbours, also within one return and in the last one, so that no
   day of a child is counted twice.

R1A and R2 are published with 31 March as the end, meaning the last day the child is known to be in care. An
end is here the first day no longer in care, so they write 1 April (R1A at the latest the day care begins
again); a child left open in a return is thus counted on its 31 March, as the return says.
"""

from __future__ import annotations

import pandas as pd

from vcanalysis.intake.cleaning.coded import ordered, put
from vcanalysis.intake.cleaning.dates import year_days
from vcanalysis.intake.cleaning.ledger import Ledger

TABLE = "episodes"
_AS_WRITTEN = ("DECOM", "DEC")  # one day may be written in two forms
_SAME = ("RNE", "LS", "PLACE", "PLACE_PROVIDER", "PL_POST", "URN")
_MOVES = ("P", "B", "T", "U")
_CONTINUES = ("L", *_MOVES)


def repair_episodes(rows: pd.DataFrame, *, ledger: Ledger, last_year: int | None = None) -> pd.DataFrame:
    """Stitch the episodes of several returns into one history per child.

    Parameters
    ----------
    rows : DataFrame
        Episodes as text with `decom` and `dec` as dates (NaT while open), `_year` (31 March of the
        return), `_file`, `_row`.
    ledger : Ledger
        Takes note of every row dropped, changed or set aside.
    last_year : int, optional
        Year of the last return; by default the latest in `rows`. Only in it may an episode stay open.

    Returns
    -------
    DataFrame
        One row per episode, sorted by child and first day, without overlaps.

    Examples
    --------
    >>> rows = pd.DataFrame({"CHILD": "a", "RNE": ["S", "P"], "LS": "C2", "CIN": "N1", "PLACE": ["U4", "K2"],
    ...     "PLACE_PROVIDER": "PR1", "REC": "", "REASON_PLACE_CHANGE": "", "PL_POST": "", "URN": "",
    ...     "decom": pd.to_datetime(["2018-05-01", "2019-06-01"]), "dec": pd.NaT, "_year": [2019, 2020],
    ...     "_file": "x.csv", "_row": [2, 3]})
    >>> repair_episodes(rows, ledger=Ledger())["dec"].dt.strftime("%d %b %Y").tolist()
    ['01 Jun 2019', nan]
    """
    last = int(rows["_year"].max()) if last_year is None else last_year
    rows = _one_version(_sorted(rows), ledger=ledger)
    rows = _drop_open_leftovers(rows, last, ledger=ledger)
    rows = _end_open(rows, last, ledger=ledger)
    return _mend_neighbours(rows, ledger=ledger)


def _sorted(rows: pd.DataFrame) -> pd.DataFrame:
    return ordered(rows, ["CHILD", "decom", "_year", "_row"]).reset_index(drop=True)


def _next(rows: pd.DataFrame, column: str) -> pd.Series:
    values = rows[column].shift(-1)
    return values.where(rows["CHILD"].eq(rows["CHILD"].shift(-1)))


def _one_version(rows: pd.DataFrame, *, ledger: Ledger) -> pd.DataFrame:
    said = [c for c in rows.columns if not c.startswith("_") and c not in _AS_WRITTEN]
    again = rows.duplicated(["CHILD", "decom", "dec", "_year"], keep=False)  # numbers first: far faster
    again.loc[again] = rows.loc[again].duplicated([*said, "_year"])
    rows = ledger.drop(rows, again, table=TABLE, rule="duplicate")
    rows = rows.reset_index(drop=True)
    key = ["CHILD", "decom"]
    latest = (
        rows["_year"].where(~rows.duplicated(key, keep="last")).bfill()
    )  # each day's last row is its latest
    rows = ledger.drop(rows, rows["_year"] < latest, table=TABLE, rule="R3A")
    rows = ledger.quarantine(rows, _no_telling(rows, key), table=TABLE, rule="same-day", column="DECOM")
    return rows.reset_index(drop=True)


def _no_telling(rows: pd.DataFrame, key: list[str]) -> pd.Series:
    """Say which episodes begin on the same day as another of the child and cannot be told to hold."""
    aside = rows.duplicated(key, keep=False)
    doubled = rows.loc[aside]
    if doubled.empty:
        return aside
    holds_days = ~doubled["dec"].eq(doubled["decom"])
    days = holds_days.groupby([doubled[name] for name in key]).transform("sum")
    last = ~doubled.duplicated(key, keep="last")
    aside.loc[doubled.index] = ~((days.eq(1) & holds_days) | (days.eq(0) & last))
    return aside


def _drop_open_leftovers(rows: pd.DataFrame, last: int, *, ledger: Ledger) -> pd.DataFrame:
    before = rows[["CHILD", "_year", *_SAME]].shift()
    has_before = rows["CHILD"].eq(before["CHILD"])
    like_before = has_before & pd.concat([rows[c].eq(before[c]) for c in _SAME], axis=1).all(axis=1)
    like_next = like_before.shift(-1, fill_value=False)
    left_open = rows["dec"].isna() & (rows["_year"] < last)
    gives_way = left_open & like_next
    repeats = left_open & (gives_way | (like_before & ~gives_way.shift(fill_value=False)))
    replaced = left_open & ~repeats & has_before & (before["_year"] > rows["_year"])
    kept = ledger.drop(rows, repeats, table=TABLE, rule="R3")
    return ledger.drop(kept, replaced.loc[kept.index], table=TABLE, rule="R3A").reset_index(drop=True)


def _end_open(rows: pd.DataFrame, last: int, *, ledger: Ledger) -> pd.DataFrame:
    left_open = rows["dec"].isna() & (rows["_year"] < last)
    following, reason = _next(rows, "decom"), _next(rows, "RNE")
    april = year_days(rows["_year"], month=4, day=1)
    r2 = left_open & following.isna()
    r1a = left_open & reason.eq("S").fillna(False)
    r1 = left_open & ~r2 & ~r1a
    for rule, mask in (("R1", r1), ("R1A", r1a), ("R2", r2)):
        ledger.change(rows, mask, table=TABLE, rule=rule, column="DEC")
    # An episode of a later year may begin before 1 April of this return: it must not be overrun.
    known = april.where(april.lt(following) | following.isna(), following)
    dec = rows["dec"].mask(r1, following).mask(r1a | r2, known)
    moved = r1 & reason.isin(_MOVES)
    return rows.assign(
        dec=dec,
        REC=put(put(rows["REC"], r1, "X1"), r1a | r2, "E99"),
        REASON_PLACE_CHANGE=put(rows["REASON_PLACE_CHANGE"], moved, "LIIAF"),
    )


def _mend_neighbours(rows: pd.DataFrame, *, ledger: Ledger) -> pd.DataFrame:
    following = _next(rows, "decom")
    overlaps = following.notna() & (rows["dec"].isna() | (rows["dec"] > following))
    gap = following.notna() & (rows["dec"] < following) & rows["REC"].eq("X1")
    continues = _next(rows, "RNE").isin(_CONTINUES) & (rows["dec"] < following) & ~gap
    ledger.flag(rows, continues, table=TABLE, rule="gap", column="DEC")
    first = ~rows["CHILD"].duplicated()
    late = first & rows["RNE"].ne("S") & rows["RNE"].ne("")
    ledger.flag(rows, late, table=TABLE, rule="first-not-s", column="RNE")
    ledger.change(rows, overlaps, table=TABLE, rule="R4", column="DEC")
    ledger.change(rows, gap, table=TABLE, rule="R5", column="DEC")
    unreasoned = overlaps & rows["REC"].eq("")
    return rows.assign(
        dec=rows["dec"].mask(overlaps | gap, following), REC=put(rows["REC"], unreasoned, "X1")
    )
