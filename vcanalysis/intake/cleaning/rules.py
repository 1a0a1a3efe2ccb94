"""The rules of the cleaning, in words. The log names them; the report quotes them."""

from __future__ import annotations

# The seven repairs of the London episode fixes (R1 to R5), then our own, by what they do.
RULES: dict[str, str] = {
    "R1": "left open though the child has a later episode: ended the day that begins",
    "R1A": "left open before the child came back into care: ended after 31 March of its return",
    "R2": "left open and never returned again: ended after 31 March of its return, the last day it is known",
    "R3": "left open and the same as the neighbouring episode but for its first day: dropped",
    "R3A": "replaced by a later return: dropped",
    "R4": "overlaps the next episode: ended the day that begins",
    "R5": "ends with X1 before the next episode begins: extended to the day that begins",
    "duplicate": "repeats another row: dropped",
    "replaced": "given again by a later row or return: dropped",
    "spelling": "code written in lower case, with blanks or with .0: put right",
    "excel-day": "date written as Excel's count of days: read as that date",
    "filler": "filler such as 31/12/9999 read as no date",
    "unknown-value": "value that is not allowed in an optional column: left empty",
    "future-end": "ends after the year of its return: read as still running",
    "row-length": "row with too many or too few fields: set aside",
    "no-child": "row without a child: set aside",
    "not-a-date": "value that is not a date: set aside",
    "not-a-number": "value that is not a number: set aside",
    "birth-conflict": "child given twice in one return with different dates of birth: set aside",
    "birth-late": "date of birth after the return or after the episode began: set aside",
    "orphan": "child who is in no header: set aside",
    "unknown-code": "code of place, legal status or need that is in no SSDA903 list: set aside",
    "end-before-start": "ends before it begins: set aside",
    "after-return": "begins after the year of its return: set aside",
    "same-day": "a second episode beginning on the same day: set aside",
    "price-overlap": "price for days that already have one: set aside",
    "price-cut": "open price followed by another: ended the day that begins",
    "code-year": "code that the return of that year did not know: kept",
    "no-reason": "ended without a reason, or a reason without an end: kept",
    "no-day": "ends on the day it begins: kept, holds no day in care",
    "no-provider": "no provider where one is due: kept",
    "birth-changed": "date of birth corrected by a later return: the later one kept",
    "no-episode": "child in the header without an episode: kept",
    "unknown-domain": "domain that the needs framework does not know: set aside",
    "away": "away without authorisation, not counted as missing: kept",
}

# What a log line says was done, and what it does to the balance of rows.
CHANGED, DROPPED, QUARANTINED, FLAGGED = "changed", "dropped", "quarantined", "flagged"
