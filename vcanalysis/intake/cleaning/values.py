"""Values of a return: identifiers, codes and numbers, put in one form."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

import pandas as pd

from vcanalysis.core.codes import code_table, codes_in
from vcanalysis.intake.cleaning.coded import by_text, coded, put
from vcanalysis.intake.cleaning.dates import (
    in_other_form,
    is_excel_day,
    is_filler,
    is_open_end,
    parse_dates,
    short_years,
)
from vcanalysis.intake.cleaning.identifiers import clean_ids
from vcanalysis.intake.cleaning.kinds import STOP_SHARE
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.rules import refuse

_DAMAGED = r"\d(?:\.\d+)?[Ee]\+?\d{1,3}"
_DAY_FIRST = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]", re.ASCII)
_YEAR_FIRST = re.compile(r"\d{4}[/.-]", re.ASCII)
_WHOLE = re.compile(r"(\d+)\.0", re.ASCII)


def among(ids: pd.Series, known: pd.Series | pd.Index) -> pd.Series:
    """Say which identifiers are known; many times faster than `isin` with long lists of text.

    Examples
    --------
    >>> among(pd.Series(["a", "b"]), pd.Series(["b", "c", "b"])).tolist()
    [False, True]
    """
    return pd.Series(pd.Index(known).unique().get_indexer(ids) >= 0, index=ids.index)


def set_aside_strangers(
    rows: pd.DataFrame, known: pd.Series | pd.Index, *, table: str, ledger: Ledger, column: str = "CHILD"
) -> pd.DataFrame:
    """Set aside the rows of children who were stopped, or are in no header that is used; give the others."""
    for children, rule in ((ledger.stopped, "birth-conflict"), (ledger.headless, "header-aside")):
        if len(children):
            rows = ledger.quarantine(
                rows, among(rows["CHILD"], children), table=table, rule=rule, column=column
            )
    return ledger.quarantine(rows, ~among(rows["CHILD"], known), table=table, rule="orphan", column=column)


def refuse_damaged_ids(tables: Mapping[str, pd.Series], *, distinct: pd.Series | None = None) -> None:
    """Stop when a spreadsheet has damaged the identifiers: the wrong children would be joined.

    Parameters
    ----------
    tables : mapping of str to Series
        Identifiers of each table.
    distinct : Series of str, optional
        The distinct ones of all tables, clean, where they are known already.

    Raises
    ------
    InputError
        If identifiers are written as 1E5, or the same one with and without leading noughts.

    Examples
    --------
    >>> refuse_damaged_ids({"header": pd.Series(["1.2E+05"])})
    Traceback (most recent call last):
    vcanalysis.intake.cleaning.rules.Refused: header, column CHILD: a spreadsheet has turned identifiers into numbers \
such as 1.2E+05 (first: row 1). Export again with CHILD as text.
    """
    every = pd.concat(list(tables.values())).drop_duplicates() if distinct is None else distinct
    if every.str.fullmatch(_DAMAGED).fillna(False).any():
        _refuse_numbers({name: clean_ids(ids.drop_duplicates()) for name, ids in tables.items()})
    padded = every[every.str.match(r"0+[1-9]\d*$").fillna(False)]
    if len(padded) and among(padded.str.lstrip("0"), every).any():
        raise refuse(
            "damaged-ids",
            "Column CHILD: the same identifiers appear with and without leading noughts, so a spreadsheet has "
            "cut them somewhere. Export again with CHILD as text.",
        )


def refuse_other_case(theirs: pd.Series, known: pd.Series, *, source: str) -> None:
    """Stop when a table writes the identifiers of the return in another case: its children would be strangers.

    Raises
    ------
    InputError
        If more than 5% of its rows would be known but for the case.

    Examples
    --------
    >>> refuse_other_case(pd.Series(["ab1"]), pd.Series(["AB1"]), source="costs.csv")
    Traceback (most recent call last):
    vcanalysis.intake.cleaning.rules.Refused: costs.csv: 1 of 1 rows name children of the return in another case \
(capitals or small letters). Write the identifiers as the return does.
    """
    strange = theirs.loc[~among(theirs, known)]
    cased = int(strange.str.casefold().isin(known.str.casefold()).sum()) if len(strange) else 0
    if cased > STOP_SHARE * len(theirs):
        raise refuse(
            "damaged-ids",
            f"{source}: {cased:,} of {len(theirs):,} rows name children of the return in another case "
            "(capitals or small letters). Write the identifiers as the return does.",
        )


def _refuse_numbers(own: Mapping[str, pd.Series]) -> None:
    for name, ids in own.items():
        damaged = ids.str.fullmatch(_DAMAGED).fillna(False).astype(bool)
        if damaged.any():
            row = int(ids.index[damaged.to_numpy()][0]) + 1
            raise refuse(
                "damaged-ids",
                f"{name}, column CHILD: a spreadsheet has turned identifiers into numbers such as 1.2E+05 "
                f"(first: row {row:,}). Export again with CHILD as text.",
            )


def tidy_codes(
    rows: pd.DataFrame, codes: Mapping[str, frozenset[str]], *, table: str, ledger: Ledger
) -> pd.DataFrame:
    """Write codes in capitals, without blanks and without .0; log the rows whose code is one of its column's then."""
    tidy = {}
    for column, known in codes.items():
        changed = by_text(rows[column], lambda text: text != _tidy(text))
        if changed.any():
            tidy[column] = coded(by_text(rows[column], _tidy, "str"))
            mended = changed & tidy[column].isin(known)
            ledger.change(rows, mended, table=table, rule="spelling", column=column)
    return rows.assign(**tidy)


def _tidy(code: str) -> str:
    bare = code.strip().upper()
    whole = _WHOLE.fullmatch(bare)
    return whole[1] if whole else bare


def is_null(text: str) -> bool:
    """Say whether a text is what databases write for nothing.

    Examples
    --------
    >>> is_null(" Null"), is_null("")
    (True, False)
    """
    return text.strip().upper() == "NULL"


def known_codes(code_set: str) -> frozenset[str]:
    """All codes of a set, whatever the year."""
    return frozenset(codes_in(code_set))


def wrong_year(codes: pd.Series, years: pd.Series, code_set: str) -> pd.Series:
    """Say where a code is in the list, but not in that of its return's year.

    Examples
    --------
    >>> wrong_year(pd.Series(["K3", "K3"]), pd.Series([2020, 2025]), "PLACE").tolist()
    [True, False]
    """
    odd = pd.Series(False, index=codes.index)
    here = set(codes.unique())
    for code in code_table():
        limited = code.first_year > 0 or code.last_year < 9999
        if limited and code.code_set == code_set and code.code in here:
            outside = (years < code.first_year) | (years > code.last_year)
            odd |= outside & codes.eq(code.code)
    return odd


def read_dates(
    rows: pd.DataFrame,
    column: str,
    *,
    table: str,
    ledger: Ledger,
    required: bool,
    near: pd.Series | None = None,
    after: bool = True,
) -> tuple[pd.DataFrame, pd.Series]:
    """Read a column of dates; rows whose value is no date are set aside.

    Parameters
    ----------
    rows : DataFrame
        With the column as text, `_file` and `_row`.
    column, table, ledger
        What is read, of which table, and who takes note.
    required : bool
        Whether a row without a date is set aside too.
    near : Series of datetime64, optional
        Date of birth (`after`) or last day of the return (not `after`) of each row: a year of two digits
        is read if one century alone makes the child 0 to 25 years old.
    after : bool
        Whether the dates follow `near`.

    Returns
    -------
    tuple of DataFrame and Series
        The rows that remain, and their dates (NaT where there is none).
    """
    text = rows[column]
    filler = is_filler(text)
    ledger.flag(rows, filler, table=table, rule="filler", column=column)
    null = by_text(text, is_null) & (not required)
    ledger.change(rows, null, table=table, rule="null-word", column=column)
    no_end = is_open_end(text) & (not required)
    ledger.change(rows, no_end, table=table, rule="open-filler", column=column)
    ledger.change(rows, is_excel_day(text), table=table, rule="excel-day", column=column)
    mixed = _mixed_files(rows, column)
    for file in mixed:
        ledger.mark("mixed-dates", table, file)
    days = parse_dates(text)
    ledger.change(rows, days.notna() & in_other_form(text), table=table, rule="date-form", column=column)
    if near is not None and (days.isna() & text.ne("")).any():
        short = short_years(text, near, after=after)
        ledger.change(rows, short.notna(), table=table, rule="short-year", column=column)
        days = days.where(short.isna(), short)
    empty = text.eq("") | filler | no_end | null
    if mixed:
        _refuse_unclear(rows, days.isna() & ~empty & rows["_file"].isin(mixed), column)
    bad = days.isna() & (~empty | required)
    return ledger.quarantine(rows, bad, table=table, rule="not-a-date", column=column), days.loc[~bad]


def _refuse_unclear(rows: pd.DataFrame, unclear: pd.Series, column: str) -> None:
    """Stop at a date that cannot be told where a column mixes two forms: any other of it may be misread."""
    if unclear.any():
        first = rows.loc[unclear].iloc[0]
        raise refuse(
            "mixed-unclear",
            f"{first['_file']}, line {first['_row']:,}, column {column}: the column holds both dd/mm/yyyy and "
            "yyyy-mm-dd, and this value is a date in neither. Export the column again in one form.",
        )


def _mixed_files(rows: pd.DataFrame, column: str) -> list[str]:
    """Name the files that hold both forms of date in a column."""
    slashes, dashes = (by_text(rows[column], _begins(form)) for form in (_DAY_FIRST, _YEAR_FIRST))
    if not (slashes.any() and dashes.any()):
        return []
    both = set(rows["_file"][slashes].unique()) & set(rows["_file"][dashes].unique())
    return sorted(map(str, both))


def _begins(form: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda text: bool(form.match(text))


def blank_unknown(
    rows: pd.DataFrame,
    column: str,
    allowed: frozenset[str],
    *,
    table: str,
    ledger: Ledger,
    rule: str = "unknown-value",
) -> pd.DataFrame:
    """Empty the values of an optional column that are not allowed, and the word NULL; log them."""
    null = by_text(rows[column], is_null) & ~rows[column].isin(allowed)
    ledger.change(rows, null, table=table, rule="null-word", column=column)
    rows = rows.assign(**{column: put(rows[column], null, "")})
    strange = rows[column].ne("") & ~rows[column].isin(allowed)
    ledger.allow(table, column, allowed)
    ledger.empty(rows, strange, table=table, rule=rule, column=column)
    return rows.assign(**{column: put(rows[column], strange, "")})
