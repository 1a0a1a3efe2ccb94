"""What a reader of official statistics gives: values of councils with reasons and release, and published totals."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from vcanalysis.core.measures import measures

VALUES = ("la_code", "council_code", "council", "year", "measure", "value", "reason", "release", "source")
COUNCILS = ("la_code", "council_code", "council", "region")
TOTALS = ("area", "year", "measure", "value", "release", "source")

# symbols of official statistics: why there is no number
SYMBOLS = {
    "c": "c: suppressed",
    "z": "z: not applicable",
    "x": "x: not available",
    "k": "k: rounds to 0",
    "low": "low: rounds to 0",
    "u": "u: too unreliable",
    "~": "~: rounds to 0",
    ":": ":: not available",
    "-": "-: no number, reason not published",
    "..": "..: not available",
    "[c]": "c: suppressed",
    "[z]": "z: not applicable",
    "[x]": "x: not available",
    "[n]": "n: not returned",
    "[low]": "low: rounds to 0",
    "[u]": "u: too unreliable",
    "m": "m: missing return",
    "": "empty",
}
_YEAR = re.compile(r"(?P<first>\d{4})(?:[-/]?(?P<second>\d{2}))?(?: \((?P<status>[^)]*)\))?")


@dataclass(frozen=True, slots=True)
class Reading:
    """What one file of official statistics holds.

    Parameters
    ----------
    file : str
        Its name.
    kind : str
        Which source it is, such as "EES placement stability".
    release : str
        Release of the publication; stored with every value.
    figures : DataFrame
        One row a council, year and measure, with the columns of `VALUES`; `reason` is empty where there is a value.
    totals : DataFrame
        Published figures of England and its regions, with the columns of `TOTALS`.
    councils : DataFrame
        Councils as the file names them, with the columns of `COUNCILS`; la_code is 0 and the others are empty where it
        does not say.
    """

    file: str
    kind: str
    release: str
    figures: pd.DataFrame
    totals: pd.DataFrame
    councils: pd.DataFrame


def year_of(text: str) -> tuple[int | None, str]:
    """Give the year in which a period ends, and its status; None for spans of several years.

    Examples
    --------
    >>> [year_of(t) for t in ("2024", "202425", "2023-24 (OT)", "2025 (prov)", "2014-16")]
    [(2024, ''), (2025, ''), (2024, 'OT'), (2025, 'prov'), (None, '')]
    """
    found = _YEAR.fullmatch(str(text).strip())
    if found is None:
        return None, ""
    first, status = int(found["first"]), found["status"] or ""
    if not found["second"]:
        return (first if first >= 1900 else None), status
    second = first // 100 * 100 + int(found["second"])
    second += 100 if second < first else 0
    return (second if second == first + 1 else None), status


def numbers(cells: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Part cells into numbers and reasons: what is no number is a reason, never a missing number.

    Examples
    --------
    >>> value, reason = numbers(pd.Series(["12", "c", "1,204", "k", "??"]))
    >>> value.tolist(), reason.tolist()
    ([12.0, nan, 1204.0, nan, nan], ['', 'c: suppressed', '', 'k: rounds to 0', 'a symbol that is not known'])
    """
    text = cells.astype("str").str.strip().fillna("")
    value = pd.to_numeric(text.str.replace(",", "", regex=False), errors="coerce").astype("float64")
    value = value.where(value.abs() < float("inf"))
    reason = text.str.lower().map(SYMBOLS).fillna("a symbol that is not known")
    return value, reason.where(value.isna(), "").astype("str")


def council_numbers(cells: pd.Series) -> pd.Series:
    """Give numbers of councils; 0 where a cell is none.

    Examples
    --------
    >>> council_numbers(pd.Series(["306", "306.0", "", "x", "1e400", "12.5"])).tolist()
    [306, 306, 0, 0, 0, 0]
    """
    number = pd.to_numeric(cells, errors="coerce").astype("float64")
    return number.where(number.between(1, 9999) & (number % 1 == 0), 0).astype("int64")


def in_measure_units(frame: pd.DataFrame) -> pd.DataFrame:
    """Put values that no measurement can be aside, with the reason.

    Parameters
    ----------
    frame : DataFrame
        With measure, value and reason.
    """
    known = measures()
    low, high = (
        frame["measure"].map({name: getattr(m, end) for name, m in known.items()}).astype("float64")
        for end in ("low", "high")
    )
    wrong = (frame["value"] < low) | (frame["value"] > high)
    return frame.assign(
        value=frame["value"].mask(wrong),
        reason=frame["reason"].mask(wrong, "outside what can be").astype("str"),
    )
