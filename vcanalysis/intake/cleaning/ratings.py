"""Ratings of need: long or a column per domain, in numbers or in words."""

from __future__ import annotations

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.framework import load_framework
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.mapping import TableMapping

TABLE = "needs"
_DEFAULT = "vcw-default-12"
_PREFIX = "domain:"


def rating_rows(rows: pd.DataFrame, mapping: TableMapping, *, ledger: Ledger) -> pd.DataFrame:
    """Read framework and levels of every row.

    Parameters
    ----------
    rows : DataFrame
        CHILD, date and either `domain` and `level` or columns named `domain:...`, as text.
    mapping : TableMapping
        May name the framework.
    ledger : Ledger
        Takes note: a level the framework does not have is set aside, a blank one is missing, never nought.

    Raises
    ------
    InputError
        If there is no such framework.
    """
    if "framework" not in rows:
        rows = rows.assign(framework=mapping.options.get("framework", _DEFAULT))
    wide = [str(c) for c in rows.columns if str(c).startswith(_PREFIX)]
    for column in wide or ["level"]:
        if column not in rows:
            raise InputError(
                "Needs have no column level and no columns of domains. Name them in the mapping."
            )
        rows = _read_levels(rows, column, wide=bool(wide), ledger=ledger)
    if not wide:
        known = _all_domains(rows["framework"])
        pairs = rows["framework"].astype("str") + "|" + rows["domain"].astype("str")
        strange = rows["framework"].isin(list(_domains_of(rows["framework"]))) & ~pairs.isin(known)
        rows = ledger.quarantine(rows, strange, table=TABLE, rule="unknown-domain", column="domain")
    return rows


def _domains_of(frameworks: pd.Series) -> dict[str, tuple[tuple[str, ...], int]]:
    """Domains and top level of every framework named, of those that exist."""
    found = {}
    for name in frameworks.dropna().unique():
        try:
            framework = load_framework(str(name))
        except InputError:
            continue
        found[str(name)] = (framework.domains, len(framework.levels) - 1)
    return found


def _all_domains(frameworks: pd.Series) -> list[str]:
    return [
        f"{name}|{domain}" for name, (domains, _) in _domains_of(frameworks).items() for domain in domains
    ]


def _read_levels(rows: pd.DataFrame, column: str, *, wide: bool, ledger: Ledger) -> pd.DataFrame:
    text = rows[column].str.strip()
    value = pd.to_numeric(text, errors="coerce").astype("float64")
    top = rows["framework"].map({n: t for n, (_, t) in _domains_of(rows["framework"]).items()})
    ledger.change(rows, text.str.endswith(".0"), table=TABLE, rule="level-words", column=_bare(column))
    blank = text.eq("")
    ledger.flag(rows, blank, table=TABLE, rule="level-missing", column=_bare(column))
    wrong = ~blank & (value.isna() | (value % 1).ne(0) | (value < 0) | (value > top.fillna(40)))
    if wide:
        ledger.empty(rows, wrong, table=TABLE, rule="level-range", column=_bare(column))
        return rows.assign(**{column: value.where(~wrong)})
    rows = rows.assign(**{column: value})
    return ledger.quarantine(rows, wrong, table=TABLE, rule="level-range", column=column)


def _bare(column: str) -> str:
    return column.removeprefix(_PREFIX)


def long_ratings(rows: pd.DataFrame, *, ledger: Ledger) -> pd.DataFrame:
    """Lay ratings out in one row per domain; of several by one rater on one day the last entered holds."""
    for name, value in (("rater_id", ""), ("rater_role", "unknown"), ("context", "review")):
        if name not in rows:
            rows = rows.assign(**{name: value})
    wide = [str(c) for c in rows.columns if str(c).startswith(_PREFIX)]
    about = ["CHILD", "date", "framework", "rater_id", "rater_role", "context", "_file", "_row"]
    if wide:
        rows = rows.melt(about, wide, "domain", "level").dropna(subset="level")
        rows = rows.assign(domain=rows["domain"].map(_bare))
    else:
        more = ["strength"] if "strength" in rows else []
        rows = rows[[*about, "domain", "level", *more]]
    key = ["CHILD", "date", "rater_id", "domain"]
    rows = rows.sort_values([*key, "_row"], kind="stable", ignore_index=True)
    again = rows.duplicated(key, keep="last")
    ledger.flag(rows, again, table=TABLE, rule="rated-twice", column="date")
    return rows.loc[~again].astype({"level": "Int64"})
