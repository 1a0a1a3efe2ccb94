"""Rows set aside, written so that a person can find them in the extract and nobody in them.

A value is written only when it is of the kind its column should hold: a known code, a date, a small
number, an amount that could be read (as it was read, so that a person can mend it). Anything else might be a
name in the wrong column and is replaced by words.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from vcanalysis.core.codes import codes_in
from vcanalysis.intake.cleaning.amounts import amounts, periods
from vcanalysis.intake.cleaning.dates import parse_dates
from vcanalysis.intake.pseudonyms import Pseudonymiser

_DATES = ("DECOM", "DEC", "DUC", "MIS_START", "MIS_END", "date", "from", "to")
_CODES = ("RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "REC", "REASON_PLACE_CHANGE", "ETHNIC")
_FEW_CODES = {
    "SEX": frozenset("12MFU"),
    "MISSING": frozenset("MA"),
    "SDQ_REASON": frozenset(f"SDQ{number}" for number in range(1, 6)),
}
_NUMBERS = ("SDQ_SCORE", "level", "care_share", "education_share", "health_share")
_AMOUNTS = ("amount", "gbp_week", "support_gbp_week")
_LARGE = 100_000  # a bare number from here on may be an identifier in the wrong column
ORDER = ("rule", "file", "row", "column", "child_id")


def write_quarantine(
    folder: Path, aside: dict[str, list[pd.DataFrame]], pseudonyms: Pseudonymiser, *, end: str = ""
) -> None:
    """Write one CSV file per table that has rows set aside, or values (`end` of the names of the files)."""
    if not aside:
        return
    folder.mkdir(parents=True, exist_ok=True)
    for table, parts in aside.items():
        rows = pd.concat([safe_rows(part, pseudonyms) for part in parts], ignore_index=True)
        rows = rows.sort_values(["file", "row", "rule"], kind="stable")
        rows.to_csv(folder / f"{table}{end}.csv", index=False, lineterminator="\n", encoding="utf-8")


def safe_rows(rows: pd.DataFrame, pseudonyms: Pseudonymiser) -> pd.DataFrame:
    """Give the rows without anything that identifies.

    Examples
    --------
    >>> rows = pd.DataFrame({"CHILD": ["123"], "DOB": ["07/05/2008"], "PLACE": ["Ann Lee"], "SEX": ["1"],
    ...     "PL_POST": ["AB1 2CD"], "_file": "x.csv", "_row": 2, "_rule": "unknown-code", "_column": "PLACE"})
    >>> safe_rows(rows, Pseudonymiser(b"0" * 32))[["row", "birth_month", "PLACE", "SEX"]].values.tolist()
    [[2, '2008-05', '(not a known code)', '1']]
    """
    out = {
        "rule": rows["_rule"],
        "file": rows["_file"].astype("str"),
        "row": rows["_row"],
        "column": rows["_column"],
    }
    if "CHILD" in rows:
        out["child_id"] = pseudonyms.replace(rows["CHILD"], kind="child")
    if "DOB" in rows:
        out["birth_month"] = parse_dates(rows["DOB"].fillna("")).dt.strftime("%Y-%m")
    for name in rows.columns:
        column = str(name)
        if column in _DATES:
            out[column] = _safe_date(rows[column])
        elif column in _CODES or column in _FEW_CODES:
            allowed = _FEW_CODES.get(column) or frozenset(codes_in(column))
            out[column] = _safe(rows[column], rows[column].isin(allowed), "(not a known code)")
        elif column in _NUMBERS:
            number = pd.to_numeric(rows[column], errors="coerce").between(0, 99_999)
            out[column] = _safe(rows[column].astype("str"), number, "(not a number)")
        elif column in _AMOUNTS:
            out[column] = safe_amounts(rows[column])
        elif column == "period":
            out[column] = _safe(
                rows[column], periods(rows[column].fillna("")).notna(), "(not a known period)"
            )
    return pd.DataFrame(out, index=rows.index)


def _safe(values: pd.Series, fine: pd.Series, words: str) -> pd.Series:
    return values.astype("str").where(fine | values.isna() | values.eq(""), words)


def safe_amounts(values: pd.Series) -> pd.Series:
    """Write amounts as they were read, whether they are still text or pounds a week by now.

    Examples
    --------
    >>> safe_amounts(pd.Series(["£250,600.5", "(350.00)", "123456", "Ann Lee", ""])).tolist()
    ['250600.50', '-350.00', '(a large number)', '(not a number)', '']
    """
    text = values.astype("str").where(values.notna(), "")
    pounds = amounts(text)["pounds"]
    as_money = text.str.contains(r"£|,|\.\d", regex=True) | pd.api.types.is_numeric_dtype(values)
    shown = pounds.map("{:.2f}".format).astype("str")
    shown = shown.where(as_money | pounds.abs().lt(_LARGE), "(a large number)")
    return shown.where(pounds.notna(), "(not a number)").where(text.ne(""), "")


def _safe_date(values: pd.Series) -> pd.Series:
    if pd.api.types.is_datetime64_any_dtype(values):
        return values.dt.strftime("%Y-%m-%d")
    days = parse_dates(values.fillna(""))
    return days.dt.strftime("%Y-%m-%d").astype("str").where(days.notna() | values.eq(""), "(not a date)")
