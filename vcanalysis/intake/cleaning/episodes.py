"""Episode rows, one by one: codes, dates and the child they belong to."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd

from vcanalysis.intake.cleaning.coded import by_text, coded, put, texts_of
from vcanalysis.intake.cleaning.dates import year_days
from vcanalysis.intake.cleaning.directory import read_directory
from vcanalysis.intake.cleaning.distance import area_of_placement, miles_from_home
from vcanalysis.intake.cleaning.identifiers import no_id
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.values import (
    blank_unknown,
    known_codes,
    read_dates,
    set_aside_strangers,
    tidy_codes,
    wrong_year,
)

TABLE = "episodes"
_CODES = ("RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "REC", "REASON_PLACE_CHANGE")
_POSTCODE = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}|ZZ99 \d?[A-Z]{2,3}", re.ASCII)
_NEEDED = ("PLACE", "LS")
_SET_ASIDE = ("PLACE", "LS", "CIN")
SHORT_BREAKS = ("V3", "V4")
TEMPORARY = ("T0", "T1", "T2", "T3", "T4")
_P2_ENDED = pd.Timestamp("2023-10-28")  # rule 217t
_WITHOUT_PROVIDER = ("T0", "T1", "T2", "T3", "T4", "Z1", "Z11", "Z12", "Z13", "Z14")


def clean_episodes(
    rows: pd.DataFrame, births: pd.Series, *, ledger: Ledger, directory: str | Path | None = None
) -> pd.DataFrame:
    """Hold every episode against the rules for single rows.

    Parameters
    ----------
    rows : DataFrame
        Columns of the episodes table as text, with `_file`, `_row`, `_year`.
    births : Series of datetime64
        Date of birth by child, from the header.
    ledger : Ledger
        Takes note of every row changed, flagged or set aside.
    directory : str or Path, optional
        Directory of postcodes, to measure how far from home a placement is and whether in the council's area.

    Returns
    -------
    DataFrame
        The rows that can be used, with `decom` and `dec` as dates and, given a directory, `distance_miles` and `area`.
    """
    rows = ledger.quarantine(rows, no_id(rows["CHILD"]), table=TABLE, rule="no-child", column="CHILD")
    rows = tidy_codes(rows, {code: known_codes(code) for code in _CODES}, table=TABLE, ledger=ledger)
    rows = set_aside_strangers(rows, births.index, table=TABLE, ledger=ledger)
    rows = _check_codes(rows, ledger=ledger)
    rows = rows.assign(_born=births.reindex(rows["CHILD"]).to_numpy())
    rows, decom = read_dates(rows, "DECOM", table=TABLE, ledger=ledger, required=True, near=rows["_born"])
    rows = rows.assign(decom=decom)
    rows, dec = read_dates(rows, "DEC", table=TABLE, ledger=ledger, required=False, near=rows["_born"])
    rows = _check_days(rows.assign(dec=dec), ledger=ledger)
    _flag_kinds(rows, ledger=ledger)
    rows = _check_postcodes(rows, ledger=ledger)
    if directory is not None:
        found = read_directory(rows, directory)
        rows = rows.assign(distance_miles=miles_from_home(rows, found), area=area_of_placement(rows, found))
    return rows.drop(columns=["HOME_POST", "_born", "_april"])


def _check_codes(rows: pd.DataFrame, *, ledger: Ledger) -> pd.DataFrame:
    for column in _SET_ASIDE:
        unknown = ~rows[column].isin(known_codes(column))
        if column not in _NEEDED:
            unknown &= rows[column].ne("")
        rows = ledger.quarantine(rows, unknown, table=TABLE, rule="unknown-code", column=column)
    for column in _CODES:
        if column not in _SET_ASIDE:
            if column == "RNE":
                odd = ~rows[column].isin(known_codes(column))
                ledger.flag(rows, odd, table=TABLE, rule="no-start-reason", column=column)
                rows = rows.assign(RNE=put(rows["RNE"], odd, ""))
            else:
                rows = blank_unknown(rows, column, known_codes(column), table=TABLE, ledger=ledger)
        odd = rows[column].ne("") & wrong_year(rows[column], rows["_year"], column)
        ledger.flag(rows, odd, table=TABLE, rule="code-year", column=column)
    lacking = rows["PLACE_PROVIDER"].eq("") & ~rows["PLACE"].isin(_WITHOUT_PROVIDER)
    ledger.flag(rows, lacking, table=TABLE, rule="no-provider", column="PLACE_PROVIDER")
    return rows


def _check_days(rows: pd.DataFrame, *, ledger: Ledger) -> pd.DataFrame:
    april = year_days(rows["_year"], month=4, day=1)
    rows = rows.assign(_april=april)
    for mask, rule, column in (
        (rows["decom"] >= april, "after-return", "DECOM"),
        (rows["dec"] < rows["decom"], "end-before-start", "DEC"),
        (rows["decom"] < rows["_born"], "birth-late", "DECOM"),
    ):
        rows = ledger.quarantine(rows, mask.loc[rows.index], table=TABLE, rule=rule, column=column)
    future = rows["dec"] > rows["_april"]
    ledger.change(rows, future, table=TABLE, rule="future-end", column="DEC")
    rows = rows.assign(dec=rows["dec"].mask(future))
    ledger.flag(rows, rows["dec"].eq(rows["decom"]), table=TABLE, rule="no-day", column="DEC")
    unreasoned = rows["dec"].notna() ^ rows["REC"].ne("")
    ledger.flag(rows, unreasoned, table=TABLE, rule="no-reason", column="REC")
    return rows


def _flag_kinds(rows: pd.DataFrame, *, ledger: Ledger) -> None:
    """Count the rows that mean something else than an ordinary placement."""
    retired = rows["PLACE"].eq("P2") & (rows["decom"] >= _P2_ENDED)
    for mask, rule, column in (
        (rows["LS"].isin(SHORT_BREAKS), "short-break", "LS"),
        (rows["PLACE"].isin(TEMPORARY), "temporary", "PLACE"),
        (retired & rows["_year"].lt(_P2_ENDED.year + 2), "code-year", "PLACE"),
    ):
        ledger.flag(rows, mask, table=TABLE, rule=rule, column=column)


def _check_postcodes(rows: pd.DataFrame, *, ledger: Ledger) -> pd.DataFrame:
    """Put postcodes in one form; what leaves the import is a distance, never a postcode."""
    out = rows
    lacking = pd.Series(False, index=rows.index)
    for column in ("HOME_POST", "PL_POST"):
        tidy = _tidied(rows, column, ledger=ledger)
        lacking |= by_text(tidy, lambda text: not text or text.startswith("ZZ99"))
        out = out.assign(**{column: coded(tidy)})
    ledger.flag(rows, lacking, table=TABLE, rule="no-distance", column="PL_POST")
    return out


def _tidied(rows: pd.DataFrame, column: str, *, ledger: Ledger) -> pd.Series:
    given = rows[column]
    tidy = {text: tidy_postcode(text) for text in texts_of(given)[1]}
    bad = by_text(given, lambda text: tidy[text] is None)
    ledger.empty(rows, bad, table=TABLE, rule="bad-postcode", column=column)
    changed = by_text(given, lambda text: tidy[text] not in (None, text))
    ledger.change(rows, changed, table=TABLE, rule="postcode-form", column=column)
    return by_text(given, lambda text: tidy[text] or "", "str")


def tidy_postcode(code: str) -> str | None:
    """Write a postcode in capitals with one blank; nothing where it is none.

    Examples
    --------
    >>> [tidy_postcode(text) for text in ("sw1a1aa", "N/K", "")]
    ['SW1A 1AA', None, '']
    """
    squeezed = "".join(code.upper().split())
    tidy = f"{squeezed[:-3]} {squeezed[-3:]}"
    return "" if not code else tidy if _POSTCODE.fullmatch(tidy) else None
