"""Header and UASC tables: one row per child, the latest return first."""

from __future__ import annotations

import pandas as pd

from vcanalysis.intake.cleaning.coded import by_text, coded, ordered, plain
from vcanalysis.intake.cleaning.dates import year_days
from vcanalysis.intake.cleaning.identifiers import no_id
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.one_council import refuse_other_births
from vcanalysis.intake.cleaning.values import (
    among,
    blank_unknown,
    known_codes,
    read_dates,
    set_aside_strangers,
    tidy_codes,
)

# Words that software likes to read as missing; a council may use them as codes of its own.
WORD_CODES = frozenset(("NA", "NONE", "NULL"))
_SEX = {"1": "M", "2": "F", "M": "M", "F": "F", "U": "U"}


def clean_header(rows: pd.DataFrame, *, ledger: Ledger) -> pd.DataFrame:
    """Make one row per child of the headers of all returns.

    Parameters
    ----------
    rows : DataFrame
        CHILD, SEX, DOB, ETHNIC as text with `_file`, `_row`, `_year`.
    ledger : Ledger
        Takes note of every row dropped, changed or set aside.

    Returns
    -------
    DataFrame
        CHILD, SEX (F, M or U), ETHNIC, `birth` (the date, to be cut to its month) and `_year` of the
        latest return. A child given twice in one return with two dates of birth is stopped: every row of
        the child, in every table, is set aside; between returns the later one holds.
    """
    table = "header"
    rows = ledger.quarantine(rows, no_id(rows["CHILD"]), table=table, rule="no-child", column="CHILD")
    ethnic = known_codes("ETHNIC") | WORD_CODES
    rows = tidy_codes(rows, {"SEX": frozenset(_SEX), "ETHNIC": ethnic}, table=table, ledger=ledger)
    rows, birth = read_dates(
        rows, "DOB", table=table, ledger=ledger, required=True, near=_year_end(rows), after=False
    )
    rows = rows.assign(birth=birth)
    late = rows["birth"] > _year_end(rows)
    rows = ledger.quarantine(rows, late, table=table, rule="birth-late", column="DOB")
    said = ["CHILD", "_year", "SEX", "birth", "ETHNIC"]
    again = rows.duplicated(["CHILD", "_year"], keep=False)  # numbers first: far faster
    again.loc[again] = rows.loc[again].duplicated(said)
    rows = ledger.drop(rows, again, table=table, rule="duplicate")
    ledger.stopped = rows.loc[_differs(rows, ["CHILD", "_year"], "birth"), "CHILD"].drop_duplicates()
    stopped = among(rows["CHILD"], ledger.stopped)
    rows = ledger.quarantine(rows, stopped, table=table, rule="birth-conflict", column="DOB")
    rows = ordered(rows, ["CHILD", "_year", "_row"])
    last = ~rows.duplicated("CHILD", keep="last")
    refuse_other_births(rows)
    corrected = _differs(rows, ["CHILD"], "birth")
    ledger.flag(rows, corrected & last, table=table, rule="birth-changed", column="DOB")
    rows = ledger.drop(rows, ~last, table=table, rule="replaced")
    _flag_pupil_numbers(rows, ledger=ledger)
    rows = rows.assign(SEX=coded(by_text(rows["SEX"], lambda text: _SEX.get(text, text), "str")))
    rows = blank_unknown(rows, "SEX", frozenset("FMU"), table=table, ledger=ledger)
    ledger.allow(table, "SEX", _SEX)
    ledger.flag(rows, rows["ETHNIC"].isin(WORD_CODES), table=table, rule="word-code", column="ETHNIC")
    return blank_unknown(rows, "ETHNIC", ethnic, table=table, ledger=ledger)


def _flag_pupil_numbers(rows: pd.DataFrame, *, ledger: Ledger) -> None:
    """Flag pupil numbers that are none; they are never kept, let alone used to tell children apart."""
    if "UPN" not in rows:
        return
    number = by_text(rows["UPN"], lambda text: text.strip().upper(), "str")
    none = number.isin([f"UN{reason}" for reason in range(1, 6)])
    given = number.ne("") & ~none
    wrong = pd.Series(False, index=rows.index)
    wrong.loc[given] = ~valid_upn(number[given])
    double = given & number.duplicated(keep=False)
    for mask, rule in ((none, "upn-missing"), (wrong, "upn-letter"), (double, "upn-double")):
        ledger.flag(rows, mask, table="header", rule=rule, column="UPN")


def valid_upn(numbers: pd.Series) -> pd.Series:
    """Say which unique pupil numbers have the check letter that their digits ask for.

    Weights 2 to 13, modulo 23, letters without I, O and S (DfE guide to unique pupil numbers).

    Examples
    --------
    >>> valid_upn(pd.Series(["B801200005001", "A801200005001", "UN1"])).tolist()
    [True, False, False]
    """
    formed = numbers.str.fullmatch(r"[A-Z]\d{11}[0-9A-Z]").fillna(False).astype(bool)
    if not formed.any():
        return formed
    letters = "ABCDEFGHJKLMNPQRTUVWXYZ"
    digits = numbers.where(formed, "A" + "0" * 12)
    last = digits.str[12]
    value = pd.to_numeric(last.where(last.str.isdigit(), last.map(letters.find)), errors="coerce")
    total = 13 * value
    for place in range(1, 12):
        total = total + (place + 1) * pd.to_numeric(digits.str[place])
    return formed & (total % 23).map(dict(enumerate(letters))).eq(digits.str[0])


def clean_uasc(rows: pd.DataFrame, children: pd.Series, *, ledger: Ledger) -> pd.DataFrame:
    """Give one row per child who was an unaccompanied asylum-seeker at any time."""
    table = "uasc"
    rows = set_aside_strangers(rows, children, table=table, ledger=ledger)
    rows = ordered(rows, ["CHILD", "_year", "_row"])
    return ledger.drop(rows, rows.duplicated("CHILD", keep="last"), table=table, rule="replaced")


def _differs(rows: pd.DataFrame, key: list[str], column: str) -> pd.Series:
    """Say which rows belong to a group in which a column has several values."""
    groups = rows.groupby(key)[column]
    return groups.transform("min") < groups.transform("max")


def _year_end(rows: pd.DataFrame) -> pd.Series:
    return year_days(rows["_year"], month=3, day=31)


def children_table(header: pd.DataFrame, uasc: pd.DataFrame | None) -> pd.DataFrame:
    """Build the children table, still under the identifiers of the return.

    The flag `uasc` is empty when no return had a UASC table: not returned is not the same as no.
    """
    month = header["birth"].dt.to_period("M").dt.to_timestamp()
    flag = pd.Series(pd.NA, index=header.index, dtype="boolean")
    if uasc is not None:
        flag = among(header["CHILD"], uasc["CHILD"]).astype("boolean")
    return pd.DataFrame(
        {
            "CHILD": header["CHILD"],
            "birth_month": month,
            "sex": plain(header["SEX"]),
            "ethnicity": plain(header["ETHNIC"]),
            "uasc": flag,
        }
    )
