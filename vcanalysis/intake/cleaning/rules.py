"""The rules of the cleaning, declared once: they drive the code, the log, the report and the list in docs."""

from __future__ import annotations

from vcanalysis.core.errors import InputError
from vcanalysis.intake.cleaning.kinds import FIX, FLAG, QUARANTINE, STOP, STOP_CHILD, Rule


class Refused(InputError):
    """An extract refused under a rule of class STOP."""

    def __init__(self, rule: str, message: str) -> None:
        super().__init__(message)
        self.rule = rule


def refuse(rule: str, message: str) -> Refused:
    """Make the error of a rule of class STOP.

    Parameters
    ----------
    rule : str
        A rule of class STOP.
    message : str
        One line for the user: what was found, where, what to do.

    Examples
    --------
    >>> raise refuse("empty-file", "x.csv is empty.")
    Traceback (most recent call last):
    vcanalysis.intake.cleaning.rules.Refused: x.csv is empty.
    """
    if RULES[rule].kind != STOP:
        raise AssertionError(f"{rule} is of class {RULES[rule].kind}")
    return Refused(rule, message)


_NOT_IMPORTED = "nothing is imported"
_ASIDE = "set aside"
_KEPT = "kept"

_DECLARED = (
    # --- the source as a whole ---
    Rule("no-source", STOP, "no file or folder of that name, or nothing in it that is read", _NOT_IMPORTED),
    Rule("file-kind", STOP, "file of a kind that is not read (old, binary or macro workbook)", _NOT_IMPORTED),
    Rule("damaged-file", STOP, "damaged file, or one protected by a password", _NOT_IMPORTED),
    Rule("too-large", STOP, "more files, bytes, rows or cells than are read, or a zip bomb", _NOT_IMPORTED),
    Rule("unsafe-path", STOP, "path in a zip, or link in a folder, that leads out of it", _NOT_IMPORTED),
    Rule("unsafe-xml", STOP, "XML that declares a document type or entities", _NOT_IMPORTED),
    Rule("days-from-1904", STOP, "workbook that counts days from 1904", _NOT_IMPORTED),
    Rule("empty-file", STOP, "file without a character", _NOT_IMPORTED),
    Rule("no-text", STOP, "bytes that are no text", _NOT_IMPORTED),
    Rule("open-quote", STOP, "quote that never closes", _NOT_IMPORTED),
    Rule("no-table", STOP, "header or episodes missing or without a row", _NOT_IMPORTED),
    Rule("column-missing", STOP, "column that is needed is missing", _NOT_IMPORTED),
    Rule("mapped-missing", STOP, "column that the mapping names, not as optional, and the file lacks", _NOT_IMPORTED),
    Rule("column-twice", STOP, "column that is there twice", _NOT_IMPORTED),
    Rule("money-twice", STOP, "column that is two kinds of money at once, such as price and support", _NOT_IMPORTED),
    Rule("wrong-table", STOP, "table whose columns are those of another", _NOT_IMPORTED),
    Rule("two-councils", STOP, "returns of more than one council", _NOT_IMPORTED),
    Rule("year-twice", STOP, "two returns of one year, or the same episodes under two years", _NOT_IMPORTED),
    Rule("stacked", STOP, "exports one below the other in one table, and rows without their YEAR", _NOT_IMPORTED),
    Rule("outside-period", STOP, "return whose dates are not of the year it is named after", _NOT_IMPORTED),
    Rule("damaged-ids", STOP, "identifiers such as 1.2E+05, with or without noughts, in another case", _NOT_IMPORTED),
    Rule("no-date-at-all", STOP, "column of dates without one date", _NOT_IMPORTED),
    Rule("mixed-unclear", STOP, "both forms of date in one column, and a value that is none", _NOT_IMPORTED),
    Rule("several-sheets", STOP, "several sheets where one table is asked for", _NOT_IMPORTED),
    Rule("no-period", STOP, "price without a word on the period it is for", _NOT_IMPORTED),
    Rule("no-census-year", STOP, "prices of the day of a census whose year is not said", _NOT_IMPORTED),
    Rule(
        "formula-unsaved", STOP, "workbook with a formula whose result was not saved: a blank, were it read",
        _NOT_IMPORTED,
    ),
    Rule("nhs-key", STOP, "NHS number or unique pupil number used to identify children", _NOT_IMPORTED),
    Rule("no-framework", STOP, "needs framework that is neither known nor a file", _NOT_IMPORTED),
    Rule("too-many", STOP, "more than 5% of a table's rows, and more than two or a third, set aside", _NOT_IMPORTED),
    Rule(
        "too-many-values", STOP, "more than 5% of the values of a column, and more than two, set aside",
        _NOT_IMPORTED,
    ),
    Rule("byte-mark", FIX, "UTF-8 text with a byte-order mark", "read without it"),
    Rule("windows-text", FIX, "Windows-1252 text", "read as such"),
    Rule("utf-16", FIX, "UTF-16 text", "read as such"),
    Rule("separator", FIX, "columns separated by semicolons or tabs", "read as such"),
    Rule("title-rows", FIX, "rows of titles above the header", "left out"),
    Rule("row-count", FIX, "line below the rows that says how many they are, as databases write it", "left out"),
    Rule("ruled-line", FIX, "line of strokes below the header, as databases write it", "left out"),
    Rule("end-mark", FIX, "sign for the end of a file (Ctrl-Z), as old programs write it", "left out"),
    Rule("header-again", FIX, "header again among the rows", "left out"),
    Rule("header-form", FIX, "column names in another case or spacing", "read as the standard names"),
    Rule("sheet-name", FIX, "table or sheet with a misspelt name", "told by its columns or nearest name"),
    Rule("mixed-dates", FIX, "both dd/mm/yyyy and yyyy-mm-dd in one column", "each read by its own form"),
    Rule("hidden-sheet", FLAG, "hidden sheet", "read, and said"),
    Rule("same-file", FLAG, "file given twice, byte for byte", "second left out"),
    Rule("extra-column", FLAG, "column, or field of XML, that the layout does not have", "left out"),
    Rule("no-title", FLAG, "column with values and no title", "left out"),
    Rule(
        "optional-missing", FLAG, "column that the mapping names as optional and the file lacks",
        "read without it, and said which",
    ),
    Rule("no-rows", FLAG, "table with a header and no row", _KEPT),
    Rule("unknown-table", FLAG, "file that is no table of the return", "left out"),
    Rule("table-unused", FLAG, "table that no question uses yet", "checked and counted, not kept"),
    # --- repairs of the London episode fixes ---
    Rule("R1", FIX, "left open though the child has a later episode", "ended the day that begins", "142"),
    Rule("R1A", FIX, "left open before the child came back into care", "ended after 31 March of its return"),
    Rule(
        "R2", FIX, "left open and never returned again",
        "ended after 31 March of its return, the last day it is known",
    ),
    Rule("R3", FIX, "left open and the same as the neighbouring episode but for its first day", "dropped"),
    Rule("R3A", FIX, "replaced by a later return", "dropped"),
    Rule("R4", FIX, "overlaps the next episode", "ended the day that begins", "501"),
    Rule("R5", FIX, "ends with X1 before the next episode begins", "extended to the day that begins", "431"),
    # --- rows and values of the return ---
    Rule("duplicate", FIX, "repeats another row", "dropped"),
    Rule("replaced", FIX, "given again by a later row or return", "dropped"),
    Rule(
        "rating-replaced", FIX, "rating of a domain beside another by the same rater on that day that holds",
        "not used; a row with no other is dropped",
    ),
    Rule("spelling", FIX, "code written in lower case, with blanks or with .0", "put right"),
    Rule("null-word", FIX, "NULL, which databases write for nothing, where it is no code", "read as empty"),
    Rule(
        "date-form", FIX,
        "date in another form that is read one way only (20-05-2018, 20 May 2018, 20180520), or with a time of day",
        "read as that date",
    ),
    Rule("excel-day", FIX, "date written as Excel's count of days", "read as that date"),
    Rule("open-filler", FIX, "31/12/2099 or 31/12/2999 for no end", "read as open"),
    Rule("short-year", FIX, "year of two digits that gives the child one possible age", "read as that year"),
    Rule("future-end", FIX, "ends after the year of its return", "read as still running"),
    Rule("postcode-form", FIX, "postcode in lower case or without its blank", "read as meant"),
    Rule("row-length", QUARANTINE, "row with too many or too few fields", "set aside; pounds read where they are sure"),
    Rule("no-child", QUARANTINE, "row without a child", _ASIDE),
    Rule("not-a-date", QUARANTINE, "value that is not a date", _ASIDE, "102, 141, 147"),
    Rule(
        "birth-conflict", STOP_CHILD, "child given twice in one return with different dates of birth",
        "every row of the child set aside, in every table", "INT32, 203",
    ),
    Rule("header-aside", STOP_CHILD, "child whose row in the header was set aside", "all rows of the child set aside"),
    Rule("birth-late", QUARANTINE, "date of birth after the return or after the episode began", _ASIDE, "301, 302"),
    Rule("orphan", QUARANTINE, "child who is in no header", _ASIDE, "INT03"),
    Rule(
        "unknown-code", QUARANTINE, "code of place, legal status or need that is in no SSDA903 list",
        _ASIDE, "144, 145, 146",
    ),
    Rule("end-before-start", QUARANTINE, "ends before it begins", _ASIDE, "356"),
    Rule("after-return", QUARANTINE, "begins after the year of its return", _ASIDE),
    Rule(
        "same-day", QUARANTINE, "several episodes of a child that begin on one day, which no repair can part",
        "all set aside, but for one that alone holds a day in care", "501",
    ),
    Rule(
        "unknown-value", QUARANTINE, "value that is not allowed in an optional column",
        "value set aside, left empty", "143",
    ),
    Rule("bad-postcode", QUARANTINE, "postcode that is none", "value set aside, left empty"),
    Rule("word-code", FLAG, "NA, None or null as a code", "kept as text, never read as missing"),
    Rule("filler", FLAG, "filler such as 31/12/9999 for no date", "read as no date"),
    Rule("code-year", FLAG, "code that the return of that year did not know", _KEPT, "217t"),
    Rule(
        "no-start-reason", FLAG, "episode without a valid reason for its start",
        "kept, the period in care is told by the dates", "143",
    ),
    Rule(
        "first-not-s", FLAG, "first episode of a child that does not begin a period in care",
        "kept, the period in care is told by the dates", "357",
    ),
    Rule("gap", FLAG, "days missing before an episode that continues another", _KEPT, "431, 432, 433"),
    Rule("no-reason", FLAG, "ended without a reason, or a reason without an end", _KEPT, "148"),
    Rule("no-day", FLAG, "ends on the day it begins", "kept, holds no day in care", "355"),
    Rule("no-provider", FLAG, "no provider where one is due", _KEPT),
    Rule(
        "short-break", FLAG, "short break (V3, V4)",
        "kept, no part of the children in care, never priced as full-time care", "365, 366, 367, 398, 420",
    ),
    Rule(
        "temporary", FLAG, "temporary placement (T0 to T4)",
        "kept, belongs to the placement around it", "375 to 383",
    ),
    Rule("birth-changed", FLAG, "date of birth corrected by a later return", "the later one kept", "203"),
    Rule("no-episode", FLAG, "child in the header without an episode", _KEPT, "1010"),
    Rule("missing-backwards", FLAG, "time missing that ends before it begins", "kept, counted by the day it begins"),
    Rule("missing-end", FLAG, "end of a time missing that is no date", "kept, counted by the day it begins"),
    Rule("away", FLAG, "away without authorisation, not counted as missing", _KEPT),
    Rule("no-distance", FLAG, "postcode missing or a stand-in such as ZZ99", "kept, distance unknown"),
    Rule("upn-letter", FLAG, "unique pupil number whose check letter is wrong", "kept, never an identifier", "168"),
    Rule("upn-missing", FLAG, "code for a missing unique pupil number (UN1 to UN5)", "read as none"),
    Rule("upn-double", FLAG, "unique pupil number of two children", "kept, never an identifier", "444"),
    Rule("nhs-number", FLAG, "NHS number whose check digit is wrong", "left out, never an identifier"),
    # --- prices and other tables beside the return ---
    Rule("money-form", FIX, "amount with a pound sign, commas or blanks", "read as the number"),
    Rule("money-words", FIX, "amount with a known word such as pw or k", "read as the amount meant"),
    Rule("rate-converted", FIX, "price for another period than a week", "made weekly: 7 days, a year of 365.25 days"),
    Rule("shares-percent", FIX, "shares of the payers written as percentages or pounds", "read as shares of 1"),
    Rule("level-words", FIX, "level written as a word or with .0", "read as the number"),
    Rule("year-form", FIX, "financial year such as 2019/20 or 2019-2020", "read as 2019-20"),
    Rule("price-year", FIX, "price without its price year", "that of the day on which it begins"),
    Rule(
        "no-price-year", FIX, "file of which no price has its price year",
        "each price has that of the day on which it begins; one line for the file",
    ),
    Rule(
        "price-old", FLAG, "price without its price year that began in an earlier year and still runs",
        "kept in pounds of the year it began; if it is today's price, say its year (`price_year`) in the mapping",
    ),
    Rule("left-out", FIX, "row that the mapping leaves out (`only`)", "left out, its pounds counted"),
    Rule("price-cut", FIX, "open price followed by another", "ended the day that begins"),
    Rule(
        "credit-late", FIX, "credit that goes on after the data, against an open price",
        "netted to the end of the data, the pounds of its later days set aside",
    ),
    Rule(
        "reversed", FIX, "charge on doubled days, and the credit of its days, amount and payers that takes it back",
        "both left out, the other charge holds",
    ),
    Rule("shares-scaled", FIX, "shares or contributions that miss the whole by up to 0.5%", "scaled to the whole"),
    Rule("not-a-number", QUARANTINE, "value that is not a number", _ASIDE),
    Rule("needed-empty", QUARANTINE, "value that every row needs is empty", _ASIDE),
    Rule("not-allowed", QUARANTINE, "value that its column does not allow", _ASIDE),
    Rule("price-above", QUARANTINE, "price above £100,000 a week", _ASIDE),
    Rule("price-backwards", QUARANTINE, "price that ends on the day it begins or before", _ASIDE),
    Rule(
        "price-overlap", QUARANTINE, "price for days that already have one",
        "set aside; service lines side by side add up when the mapping names their column as `line`",
    ),
    Rule(
        "price-touches", QUARANTINE, "price that begins on the day an earlier one ends, read as the last day charged",
        'set aside; if most do, `last_day` looks wrong: write last_day = "not included" in the mapping',
    ),
    Rule("support-sign", QUARANTINE, "support below nought, or above it in a credit", _ASIDE),
    Rule("price-outside", QUARANTINE, "price for days of which the child was in care on none", _ASIDE),
    Rule("credit-alone", QUARANTINE, "credit with a day that no charge of the child covers", _ASIDE),
    Rule(
        "credit-unclear", QUARANTINE, "credit on days that have two charges, such as an old one reversed and a new one",
        "both charges and the credit set aside; give the charges as they stand after the reversal",
    ),
    Rule("value-range", QUARANTINE, "value that its measure cannot have, such as an SDQ total of 99", _ASIDE),
    Rule(
        "outcome-twice", QUARANTINE, "outcome that the return gives for the same child and day with another value",
        "set aside, the return's holds",
    ),
    Rule(
        "unlike-rows", QUARANTINE,
        "two values of what there is one of: a measure by one rater on a day, a domain of a household, a profile",
        "all set aside, since which is right cannot be known",
    ),
    Rule("shares-sum", QUARANTINE, "shares of the payers that do not add up to the whole", _ASIDE),
    Rule("level-range", QUARANTINE, "level that the needs framework does not have", _ASIDE),
    Rule("unknown-domain", QUARANTINE, "domain that the needs framework does not know", _ASIDE),
    Rule(
        "net-negative", QUARANTINE, "credits that take a charge below nought",
        "the charge, its credits and whatever else they were netted against set aside",
    ),
    Rule("age-beyond-25", QUARANTINE, "birth after the census, or 26 years or more before it", _ASIDE),
    Rule("parts-over-whole", FLAG, "top-up and transport that together cost more than the whole", _KEPT),
    Rule("plan-order", FLAG, "plan that ceased before it was made, or was made before it was asked for", _KEPT),
    Rule("steps-order", FLAG, "step of a move to a family dated before one that goes before it", _KEPT),
    Rule(
        "payer-negative", QUARANTINE, "credits that take what care, education or health pays below nought",
        "the charge, its credits and whatever else they were netted against set aside",
    ),
    Rule("credit", FLAG, "credit whose days charges of the same child cover", "netted against them, day by day"),
    Rule("price-added", FLAG, "service line beside another (`line` in the mapping)", "the two add up"),
    Rule("line-years", FLAG, "lines of different price years that add up", "the dearest's year kept, nothing deflated"),
    Rule("no-charge", FLAG, "price of nought", "kept as its own kind, neither missing nor free"),
    Rule("no-price", FLAG, "child in care on the last day without a price", "kept, no price is invented"),
    Rule("level-missing", FLAG, "domain left blank", "missing, never nought"),
    Rule(
        "rated-twice", FLAG, "one of several ratings of a domain by one rater on one day",
        "kept: the latest entered where the extract says when, else the highest level",
    ),
    Rule(
        "always-beside", FLAG, "column that is in the file, for which the mapping has a value under `always`",
        "the file's values hold",
    ),
    Rule(
        "rated-outside", FLAG, "assessment before care began or after it ended",
        "kept, no part of any need at placement",
    ),
    Rule("code-unknown", QUARANTINE, "code that an optional column does not allow", "value set aside, left empty"),
)  # fmt: skip

RULES: dict[str, Rule] = {rule.id: rule for rule in _DECLARED}
