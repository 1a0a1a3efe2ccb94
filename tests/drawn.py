"""Small tables drawn in a test: inputs a reader can see beside the outputs they must give."""

from __future__ import annotations

import csv
import datetime as dt
import io
import zipfile
from pathlib import Path

import openpyxl
import pandas as pd

from vcanalysis.intake.replacing import refuse_other_folder, replacing
from vcanalysis.intake.tables import write_council

EPISODE = [
    "CHILD", "DECOM", "RNE", "LS", "CIN", "PLACE", "PLACE_PROVIDER", "DEC", "REC", "REASON_PLACE_CHANGE",
    "HOME_POST", "PL_POST", "URN",
]  # fmt: skip
HEADER = ["CHILD", "SEX", "DOB", "ETHNIC", "UPN", "MOTHER", "MC_DOB"]
OC2 = [
    "CHILD", "DOB", "SDQ_SCORE", "SDQ_REASON", "CONVICTED", "HEALTH_CHECK", "IMMUNISATIONS", "TEETH_CHECK",
    "HEALTH_ASSESSMENT", "SUBSTANCE_MISUSE", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED",
]  # fmt: skip
MISSING = ["CHILD", "DOB", "MISSING", "MIS_START", "MIS_END"]
UASC = ["CHILD", "SEX", "DOB", "DUC"]
REVIEWS = ["CHILD", "DOB", "REVIEW", "REVIEW_CODE"]
HEADS = {
    "header": HEADER,
    "episodes": EPISODE,
    "oc2": OC2,
    "missing": MISSING,
    "uasc": UASC,
    "reviews": REVIEWS,
}


def drawn(text: str) -> pd.DataFrame:
    """Read a drawn table: columns apart by blanks, `-` for nothing, dates as dates."""
    lines = [line.split() for line in text.strip().splitlines()]
    frame = pd.DataFrame(lines[1:], columns=lines[0], dtype="str").replace("-", "")
    for name in frame.columns:
        if frame[name].str.fullmatch(r"\d{4}-\d\d-\d\d").any():
            days = pd.to_datetime(frame[name].where(frame[name].ne("")), format="%Y-%m-%d")
            frame[name] = days.astype("datetime64[ns]")
        elif frame[name].str.fullmatch(r"-?\d+(\.\d+)?").all():
            frame[name] = pd.to_numeric(frame[name])
    return frame


def save_council(path: Path, tables: dict[str, pd.DataFrame], meta: dict[str, object]) -> None:
    """Write a council folder from tables and what `council.toml` says, in place of one of the same kind."""
    refuse_other_folder(path, synthetic=bool(meta.get("synthetic", False)))
    with replacing(path) as part:
        write_council(part, tables, meta)


def uk(day: dt.date | None) -> str:
    """Write a day as the return does."""
    return day.strftime("%d/%m/%Y") if day else ""


def returns(
    children: int = 60, years: tuple[int, ...] = (2019, 2020)
) -> dict[int, dict[str, list[list[str]]]]:
    """Draw up annual returns of an invented council by a fixed recipe, years by their 31 March.

    Child k enters on the k-th of 60 days from 10 May of the first year's start, moves once in the year
    after, and every fifth child has left by then. Identifiers, postcodes and UPNs are tokens that occur
    nowhere else, so that a leak can be searched for.
    """
    made = {}
    for year in years:
        tables = {name: [list(head)] for name, head in HEADS.items()}
        for k in range(children):
            _add_child(tables, k, year, first=year == years[0])
        made[year] = tables
    return made


def _add_child(tables: dict[str, list[list[str]]], k: int, year: int, *, first: bool) -> None:
    child, born = f"QX{k:05d}", dt.date(2004 + k % 10, 1 + k % 12, 3 + k % 24)
    entered = dt.date(2018, 5, 10) + dt.timedelta(days=k)
    moved = dt.date(2019, 6, 1) + dt.timedelta(days=k)
    left = dt.date(2019, 4, 20)
    home, there = f"ZZ{k % 90 + 10} 9QQ", f"YY{k % 90 + 10} 8PP"
    leaver = k % 5 == 0
    start = [child, uk(entered), "S", "C2", "N1", "U4", "PR1"]
    place = [home, there, f"SC{k % 7:05d}77"]
    if first:
        tables["episodes"].append([*start, "", "", "", *place])
    elif leaver:
        tables["episodes"].append([*start, uk(left), "E8", "", *place])
    else:
        tables["episodes"].append([*start, uk(moved), "X1", "CARPL", *place])
        after = [child, uk(moved), "P", "C2", "N1", "K2", "PR4", "", "", ""]
        tables["episodes"].append([*after, home, f"XX{k % 90 + 10} 7OO", f"HM{k % 5:05d}77"])
    tables["header"].append([child, str(1 + k % 2), uk(born), "WBRI", f"UPN{k:09d}", "", ""])
    if not (leaver and not first):
        tables["oc2"].append([child, uk(born), str(k % 41), "", "0", "1", "1", "1", "1", "0", "0", "0"])
        tables["reviews"].append([child, uk(born), uk(entered), "PN1"])
    if k < 3:
        gone = dt.date(year - 1, 9, 1 + k)
        tables["missing"].append([child, uk(born), "M", uk(gone), uk(gone + dt.timedelta(days=2))])
    if k == 4:
        tables["uasc"].append([child, "1", uk(born), "01/01/2030"])


def text_of(rows: list[list[str]]) -> str:
    """Write rows as CSV."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def write_folder(made: dict[int, dict[str, list[list[str]]]], folder: Path, *, named_after: int = 0) -> Path:
    """Write a folder per year, named after the 31 March (0) or the 1 April before it (-1)."""
    for year, tables in made.items():
        place = folder / str(year + named_after)
        place.mkdir(parents=True)
        for name, rows in tables.items():
            (place / f"{name}.csv").write_text(text_of(rows), encoding="utf-8")
    return folder


def write_zip(made: dict[int, dict[str, list[list[str]]]], file: Path) -> Path:
    """Write the same as a zip."""
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for year, tables in made.items():
            for name, rows in tables.items():
                archive.writestr(f"{year}/{name}.csv", text_of(rows))
    return file


def write_workbook(tables: dict[str, list[list[str]]], file: Path) -> Path:
    """Write one return as a workbook, dates as dates and numbers as numbers."""
    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in tables.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append([_cell(value) for value in row])
    book.save(file)
    return file


def _cell(value: str) -> object:
    try:
        return dt.datetime.strptime(value, "%d/%m/%Y")
    except ValueError:
        return float(value) if value.isdigit() else value or None
