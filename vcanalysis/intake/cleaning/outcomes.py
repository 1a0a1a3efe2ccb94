"""Outcomes of the return: the OC2 table and the missing episodes, dated on the return's 31 March."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.intake.cleaning.coded import by_text, coded, ordered, put
from vcanalysis.intake.cleaning.dates import is_filler, is_open_end, parse_dates, year_days
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.values import (
    blank_unknown,
    is_null,
    read_dates,
    set_aside_strangers,
    tidy_codes,
)

_FLAGS = {
    "HEALTH_CHECK": "health_check",
    "TEETH_CHECK": "dental_check",
    "IMMUNISATIONS": "immunisations_up_to_date",
    "CONVICTED": "convicted",
    "SUBSTANCE_MISUSE": "substance_misuse",
}
_MEASURE = pd.CategoricalDtype(["sdq_total", *_FLAGS.values(), "missing_episodes"])
_MISSING, _AWAY = "M", "A"
_KINDS = frozenset((_MISSING, _AWAY))
_FEW = 2  # slips, and no sign of columns exchanged
_ANSWERS = frozenset(("0", "1"))
_TRUTHS = {"TRUE": "1", "FALSE": "0"}
_NOT_CARERS = ("teacher", "child")
_SCORES = frozenset(str(score) for score in range(41))
SDQ_FRAMEWORK = "sdq-total"
SDQ_DOMAIN = "total_difficulties"


def clean_oc2(rows: pd.DataFrame, children: pd.Series, *, ledger: Ledger) -> pd.DataFrame:
    """Give one row per child and year, SDQ score and flags as text, values not allowed left empty."""
    table = "oc2"
    rows = set_aside_strangers(rows, children, table=table, ledger=ledger)
    rows = _truths(rows, ledger=ledger)
    answers = dict.fromkeys(_FLAGS, _ANSWERS)
    rows = tidy_codes(rows, {"SDQ_SCORE": _SCORES, **answers}, table=table, ledger=ledger)
    rows = ordered(rows, ["CHILD", "_year", "_row"])
    again = rows.duplicated(["CHILD", "_year"], keep="last")
    rows = ledger.drop(rows, again, table=table, rule="replaced")
    rows = blank_unknown(rows, "SDQ_SCORE", _SCORES, table=table, ledger=ledger)
    for column in _FLAGS:
        rows = blank_unknown(rows, column, _ANSWERS, table=table, ledger=ledger)
    return rows


def clean_missing(rows: pd.DataFrame, children: pd.Series, *, ledger: Ledger) -> pd.DataFrame:
    """Give one row per time a child was missing or away, the latest return holding."""
    table = "missing"
    rows = set_aside_strangers(rows, children, table=table, ledger=ledger)
    rows = tidy_codes(rows, {"MISSING": _KINDS}, table=table, ledger=ledger)
    rows, start = read_dates(rows, "MIS_START", table=table, ledger=ledger, required=True)
    rows = ordered(rows.assign(start=start), ["CHILD", "start", "_year", "_row"])
    again = rows.duplicated(["CHILD", "start"], keep="last")
    rows = ledger.drop(rows, again, table=table, rule="replaced")
    strange = ~rows["MISSING"].isin(_KINDS)
    ledger.allow(table, "MISSING", _KINDS)
    ledger.empty(rows, strange, table=table, rule="unknown-value", column="MISSING")
    ledger.given[table, "MISSING"] = len(rows)  # none may be blank: it would count as no time missing
    rows = rows.assign(MISSING=put(rows["MISSING"], strange, ""))
    ledger.flag(rows, rows["MISSING"].eq(_AWAY), table=table, rule="away", column="MISSING")
    end = rows["MIS_END"]
    ended = parse_dates(end)
    strange = ended.isna() & end.ne("") & ~(is_filler(end) | is_open_end(end) | by_text(end, is_null))
    ledger.flag(rows, strange, table=table, rule="missing-end", column="MIS_END")
    backwards = ended < rows["start"]
    ledger.flag(rows, backwards, table=table, rule="missing-backwards", column="MIS_END")
    if backwards.sum() > max(ended.notna().sum() / 2, _FEW):
        ledger.notes.append(
            "missing: most times missing end before they begin: MIS_START and MIS_END may be exchanged."
        )
    return rows


def _truths(rows: pd.DataFrame, *, ledger: Ledger) -> pd.DataFrame:
    """Write TRUE and FALSE, as workbooks and databases hold them, as the return does."""
    for column in _FLAGS:
        words = by_text(rows[column], lambda text: text.strip().upper() in _TRUTHS)
        ledger.change(rows, words, table="oc2", rule="spelling", column=column)
        if words.any():
            said = by_text(rows[column], lambda text: _TRUTHS.get(text.strip().upper(), text), "str")
            rows = rows.assign(**{column: coded(said)})
    return rows


def outcomes_table(
    oc2: pd.DataFrame | None,
    missing: pd.DataFrame | None,
    header: pd.DataFrame,
    *,
    lost: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """Build the outcomes table, still under the identifiers of the return.

    Parameters
    ----------
    oc2, missing : DataFrame or None
        Clean tables; None when no return had one.
    header : DataFrame
        CHILD and `_year` of every header row used: a child who was in a return that lists missing
        episodes, and has none, was missing 0 times.
    lost : DataFrame, optional
        CHILD and `_year` of times missing that were set aside: how often that child was missing is not known.
    """
    parts = []
    if oc2 is not None:
        for column, measure in {"SDQ_SCORE": "sdq_total", **_FLAGS}.items():
            given = oc2.loc[oc2[column].ne(""), ["CHILD", "_year", column]]
            codes, distinct = pd.factorize(given.pop(column))
            value = pd.Index(distinct, dtype="str").astype("float64").to_numpy()[codes]
            parts.append(given.assign(measure=_constant(measure, len(given)), value=value))
    if missing is not None and len(missing):
        unknown = missing.loc[missing["MISSING"].eq(""), ["CHILD", "_year"]]
        parts.append(_missing_counts(missing, header, pd.concat([unknown, lost])))
    if not parts:
        none = header[["CHILD"]].iloc[:0]
        return none.assign(
            date=pd.Series(dtype="datetime64[ns]"), measure="", value=pd.Series(dtype="float64"), rater=""
        )
    rows = pd.concat(parts, ignore_index=True)
    by_return = pd.Categorical.from_codes(np.zeros(len(rows), dtype="int8"), ["return"])
    return rows.assign(date=_march(rows["_year"]), rater=by_return).drop(columns="_year")


def beside_return(rows: pd.DataFrame, returned: pd.DataFrame, *, ledger: Ledger) -> pd.DataFrame:
    """Give the outcomes of a file that the return does not have: which of two values is right cannot be known.

    Parameters
    ----------
    rows : DataFrame
        child_id, date, measure, value and rater of the file, `_file`, `_row`. The return's SDQ is the carer's: that
        of a teacher or the child is another.
    returned : DataFrame
        The same columns from the return, one row per child, day and measure.
    ledger : Ledger
        Takes note of rows that repeat the return (dropped) and of those that contradict it (set aside).

    Examples
    --------
    >>> returned = pd.DataFrame({"child_id": ["a", "b"], "date": pd.Timestamp("2020-03-31"),
    ...     "measure": "sdq_total", "value": [12.0, 9.0]})
    >>> rows = returned.assign(value=[12.0, 20.0], rater="carer", _file="x", _row=[2, 3])
    >>> ledger = Ledger()
    >>> len(beside_return(rows, returned, ledger=ledger)), [entry.rule for entry in ledger.entries]
    (0, ['duplicate', 'outcome-twice'])
    """
    key, text = ["child_id", "date", "measure"], {"child_id": "str", "measure": "str"}
    others = rows["rater"].isin(_NOT_CARERS) & rows["measure"].astype("str").eq("sdq_total")
    known = returned[[*key, "value"]].astype(text)
    there = rows[key].astype(text).merge(known, on=key, how="left")["value"].set_axis(rows.index)
    there = there.where(~others)
    same = there.eq(rows["value"])
    rows = ledger.drop(rows, same, table="outcomes", rule="duplicate")
    other = there.notna().loc[rows.index]
    rows = ledger.quarantine(rows, other, table="outcomes", rule="outcome-twice", column="value")
    ledger.kept["outcomes"] = len(rows)
    return rows


def _missing_counts(missing: pd.DataFrame, header: pd.DataFrame, unknown: pd.DataFrame) -> pd.DataFrame:
    """Count by child and year; nothing for a child one of whose times was set aside or is of no known kind."""
    times = missing.loc[missing["MISSING"].eq(_MISSING)].groupby(["CHILD", "_year"]).size()
    listed = header.loc[header["_year"].isin(missing["_year"]), ["CHILD", "_year"]].drop_duplicates()
    index = pd.MultiIndex.from_frame(listed)
    counts = times.reindex(
        index.union(times.index).difference(pd.MultiIndex.from_frame(unknown)), fill_value=0
    )
    counted = counts.rename("value").astype("float64").reset_index()
    return counted.assign(measure=_constant("missing_episodes", len(counted)))


def _constant(measure: str, rows: int) -> pd.Categorical:
    code = _MEASURE.categories.get_loc(measure)
    return pd.Categorical.from_codes(np.full(rows, code, dtype="int8"), dtype=_MEASURE)


def sdq_needs(oc2: pd.DataFrame) -> pd.DataFrame:
    """Make the SDQ of the return the first need score, in the framework `sdq-total`."""
    given = oc2.loc[oc2["SDQ_SCORE"].ne("")]
    return pd.DataFrame(
        {
            "CHILD": given["CHILD"],
            "date": _march(given["_year"]),
            "framework": SDQ_FRAMEWORK,
            "rater_id": pd.Series(pd.NA, index=given.index, dtype="str"),  # the return does not say
            "rater_role": "carer",
            "context": "SDQ return",
            "domain": SDQ_DOMAIN,
            "level": by_text(given["SDQ_SCORE"], _score, "float64").astype("int64"),
        }
    )


def _score(text: str) -> float:
    return float(text) if text.replace(".", "", 1).isdecimal() else float("nan")


def _march(years: pd.Series) -> pd.Series:
    return year_days(years, month=3, day=31)
