"""When an import stops because too much was set aside, and what its message says: how often, why, what to do."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from vcanalysis.core.schema import TABLES
from vcanalysis.intake.cleaning.dates import ACCEPTED
from vcanalysis.intake.cleaning.kinds import EMPTIED, QUARANTINE, QUARANTINED, STOP_SHARE
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.log import lines_of
from vcanalysis.intake.cleaning.rules import RULES, refuse
from vcanalysis.intake.mapping import MAPPABLE

_FEW = 2  # rows or values: slips in a small table or a column seldom filled are no sign of a wrong extract
_SMALL = 1 / 3  # of the rows of a small table
_CAUSES = 3  # said beside the first
_MONEY = ("gbp_week", "amount", "support_gbp_week")
_YEAR = (
    "Write financial years as 2018-19 or 2018/19; 2018 alone may be the year that begins in it or ends in it."
)
_AMOUNTS = (
    "Amounts are read as 1234.50, £1,234.50, 1 234.50 or 1.2k, credits with a minus, in brackets or with CR, and "
    "with a word for the period, such as 700 pw."
)
_DATES = f"Dates are read as {ACCEPTED}; with the month first, beside the return, if a mapping says so."
_TO_DO = {
    "outcome-twice": "The return's values hold: leave such rows out of the file, or correct the one that is wrong.",
    "unlike-rows": (
        "Leave out the rows that are wrong; where several people reported, name the column that says who: rater."
    ),
    "orphan": (
        "Write identifiers as the return does, and give the returns of all years; rows of other children can be left "
        "out by a column that tells them (`only` in a mapping)."
    ),
    "no-child": "Write the identifier in every row: in merged cells only the first row has it.",
    "row-length": (
        "A comma or a line end inside a value needs quotes around the value: export again, or as a workbook."
    ),
    "price-overlap": (
        'If such rows are service lines that add up, name their column in a mapping, such as line = "Service"; else '
        "give one price a day."
    ),
    "price-outside": "Check identifiers and dates; prices of young people who have left care are no part of it.",
    "price-above": "Check the period that the amounts are for (`every` in a mapping).",
    "shares-sum": (
        "What care, education and health pay must add up to 1, to 100 or to the price in pounds (`shares_as` in a "
        "mapping says to which): name the columns of all who pay, or of none."
    ),
    "unknown-code": "Codes are those of the SSDA903 guide, such as U4 (PLACE), C2 (LS) or N1 (CIN).",
    "value-range": "Totals of the SDQ are 0 to 40, its impact 0 to 10, answers 1 (yes) or 0 (no).",
    "after-return": "Give the return of the year in which they begin, or put its year into the name of its folder.",
    "credit-alone": (
        "Give the charges that these credits take back, for the same child and days; or leave the credits out by a "
        "column that tells them (`only` in a mapping)."
    ),
    "credit-unclear": (
        "Give each charge as it stands after the reversal; or name the column that tells lines apart, such as "
        'line = "Service".'
    ),
    "net-negative": "Give all charges that these credits were taken from, or the credits as they stand in the end.",
    "payer-negative": "Give what each payer pays after all credits, or the credits with the shares of their charge.",
    "price-backwards": (
        "Correct the dates; or, where such rows are for a single day, say that the end is the last day charged: "
        'last_day = "included".'
    ),
    "price-touches": 'If the end is the day after the last one charged, say so: last_day = "not included".',
    "support-sign": "Write support above nought beside a charge, and below nought beside a credit.",
    "end-before-start": "Correct the dates; an end that has not come yet is left empty.",
    "age-beyond-25": "Correct the date of birth, or leave the row out: plans end at 25.",
    "birth-late": "Correct the date of birth, or the begin of the episode.",
    "same-day": "Give each child one episode a day: leave out those that were replaced.",
    "bad-postcode": "Give full postcodes, such as NR1 2DH, or leave the column out.",
}
# Rules of what ends before it begins: what it says if most rows do.
_BACKWARDS = {
    "end-before-start": "Most episodes with an end end before they begin: DECOM and DEC may be exchanged.",
    "price-backwards": (
        "Most prices with an end end on the day they begin or before: the columns of from and to may be exchanged."
    ),
}
_WORDS = ("not-allowed", "unknown-value", "code-unknown", "level-range", "unknown-domain", "not-a-number")


def refuse_if_too_many(ledger: Ledger) -> None:
    """Stop when more than 5% of a table's rows, or of a column's values, were set aside: the extract is wrong.

    Rows set aside only because their child was stopped do not count, nor postcodes, nor values of tables that
    are not kept, nor one or two values of a column, nor one or two rows of a table if they are a third at most.

    Raises
    ------
    InputError
        Naming table, rule, first row, the other causes with their counts, what is allowed and what to do.
    """
    _refuse_lost_columns(ledger)
    found = [e for e in ledger.entries if e.action == QUARANTINED and RULES[e.rule].kind == QUARANTINE]
    if not found:
        return
    for table, own in lines_of(found).groupby("table", sort=False, observed=True):
        rows = ledger.rows_in[str(table)]
        if len(own) > STOP_SHARE * rows and (len(own) > _FEW or len(own) > _SMALL * rows):
            causes = own[["rule", "column"]].astype("str").value_counts()
            rule, column = causes.index[0]
            first = own.loc[own["rule"].eq(rule) & own["column"].eq(column)].iloc[0]
            at = f", column {column}" if column else ""
            why = _causes(causes)
            to_do = what_to_do(rule, str(table), column, allowed=ledger.allowed.get((str(table), column), ""))
            to_do = _of_exchanged(own["rule"], rows) or to_do
            raise refuse(
                "too-many",
                f"{first['file']}, line {first['row']:,}{at}: {RULES[rule].text}. In all {len(own):,} of {rows:,} rows "
                f"of {table} cannot be used, more than 5%: nothing was imported{why}. {to_do}",
            )


def _of_exchanged(rules: pd.Series, rows: int) -> str:
    """Say that two columns may be exchanged where most rows that are not lost otherwise end before they begin."""
    for rule, said in _BACKWARDS.items():
        back = int(rules.eq(rule).sum())
        if back > (rows - len(rules) + back) / 2:
            return said
    return ""


def _causes(causes: pd.Series) -> str:
    """Count the rows of the first cause and of the others, where there are others."""
    if len(causes) == 1:
        return ""
    said = [f"{causes.iloc[0]:,} for this reason"]
    for (rule, column), count in causes.iloc[1 : _CAUSES + 1].items():  # type: ignore[misc]
        said.append(f"{count:,} for: {RULES[rule].detects}" + (f" (column {column})" if column else ""))
    rest = int(causes.iloc[_CAUSES + 1 :].sum())
    return f" ({', '.join(said)}" + (f", {rest:,} for other reasons)" if rest else ")")


def _refuse_lost_columns(ledger: Ledger) -> None:
    for (table, column), given in ledger.given.items():
        own = [e for e in ledger.entries if (e.table, e.column, e.action) == (table, column, EMPTIED)]
        lost = sum(len(e.rows) for e in own)
        if lost > max(STOP_SHARE * given, _FEW):
            first = lines_of(own).iloc[0]
            rule = str(first["rule"])
            to_do = what_to_do(rule, table, column, allowed=ledger.allowed.get((table, column), ""))
            raise refuse(
                "too-many-values",
                f"{first['file']}, line {first['row']:,}, column {column}: {RULES[rule].detects}. In all {lost:,} of "
                f"{given:,} values of the column cannot be read, more than 5%: nothing was imported. {to_do} Or leave "
                "the column out.",
            )


def what_to_do(rule: str, table: str, column: str, *, allowed: str = "") -> str:
    """Say what a column may hold and what to do about values that it may not.

    Parameters
    ----------
    rule, table, column : str
        As in the log.
    allowed : str
        What the column may hold, in words, where the ledger was told.

    Examples
    --------
    >>> what_to_do("not-allowed", "goals", "horizon", allowed="short, long")
    'Allowed are: short, long. Say in a mapping what each of your words means: [goals.values.horizon] "Your word" = \
"short".'
    """
    if rule in _TO_DO:
        return _TO_DO[rule]
    if column == "price_year":
        return _YEAR
    if rule == "not-a-date":
        return " ".join([_DATES, *_of_no_date(table, column)])
    if rule == "not-a-number" and column in _MONEY:
        return _AMOUNTS
    if rule == "needed-empty":
        return f"Every row needs a value of {column}: fill it in, or leave such rows out."
    words = [f"Allowed are: {allowed}."] if allowed else []
    mapped = _of_words(table, column, allowed) if rule in _WORDS else ()
    return " ".join([*words, *mapped]) or "Correct the extract."


def _of_no_date(table: str, column: str) -> Sequence[str]:
    """Say how a word for no date is mapped, where a column may be empty."""
    declared = {c.name: c for c in TABLES[table].columns} if table in MAPPABLE else {}
    if column not in declared or declared[column].required:
        return ()
    return (
        f"A word that stands for no date, such as Ongoing, needs a line in a mapping: [{table}.values.{column}] "
        'Ongoing = "".',
    )


def _of_words(table: str, column: str, allowed: str) -> Sequence[str]:
    """Say how words are mapped, in tables that are."""
    if table not in MAPPABLE:
        return ()
    part = "level" if table == "needs" and column not in TABLES[table].names else column
    one = allowed.partition(",")[0].partition(" to ")[0] or "1"
    return (
        f'Say in a mapping what each of your words means: [{table}.values.{part}] "Your word" = "{one}".',
    )
