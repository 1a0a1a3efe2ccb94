"""Ratings of need: long or a column per domain, in numbers or in words."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.framework import frameworks, load_framework
from vcanalysis.intake.cleaning.dates import parse_dates
from vcanalysis.intake.cleaning.kinds import STOP_SHARE
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.naming import LEVEL, STRENGTH, bare
from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.mapping import TableMapping

TABLE = "needs"
_DEFAULT = "vcw-default-12"
_CLOCK = r"[ T](\d{1,2}):(\d\d)(?::(\d\d))?(?:\.\d+)? ?([AaPp][Mm])?"


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
    _refuse_unknown_frameworks(rows)
    wide = _of(rows, LEVEL)
    strengths = _of(rows, STRENGTH) or [c for c in ("strength",) if c in rows]
    if not wide and "level" not in rows:
        raise InputError("Needs have no column level and no columns of domains. Name them in the mapping.")
    given = rows[wide].ne("").sum().sum()
    for column in (*(wide or ["level"]), *strengths):
        rows = _read_levels(rows, column, wide=bool(wide), ledger=ledger)
    if wide:
        _refuse_unread(rows, given, wide)
    if not wide:
        known = _all_domains(rows["framework"])
        ledger.allow(TABLE, "domain", {pair.partition("|")[2] for pair in known})
        pairs = rows["framework"].astype("str") + "|" + rows["domain"].astype("str")
        rows = ledger.quarantine(
            rows, ~pairs.isin(known), table=TABLE, rule="unknown-domain", column="domain"
        )
    return rows


def _refuse_unread(rows: pd.DataFrame, given: int, wide: list[str]) -> None:
    """Stop where levels were emptied by the column: words that nobody has mapped."""
    lost = int(given - rows[wide].notna().sum().sum())
    if lost > STOP_SHARE * given:
        top = max(level for _, level in _domains_of(rows["framework"]).values())
        raise refuse(
            "too-many",
            f"{rows['_file'].iloc[0]}: {lost:,} of {given:,} levels are none of the needs framework ("
            f'0 to {top}). Say in a mapping what each word means ([needs.values.level] "High" = "3"), or name the '
            "right framework.",
        )


def _refuse_unknown_frameworks(rows: pd.DataFrame) -> None:
    """Stop at a framework that nobody has declared; what stands there may be free text, so it is not shown."""
    named = [str(name) for name in rows["framework"].unique()]
    strange = [name for name in named if name not in frameworks() and not _is_file(name)]
    if strange:
        wrong = rows.loc[rows["framework"].isin(strange)]
        raise refuse(
            "no-framework",
            f"{wrong['_file'].iloc[0]}, line {wrong['_row'].iloc[0]:,}: the needs framework named is none. "
            f"Frameworks are: {', '.join(frameworks())}; or give the path of a .toml file.",
        )


def _is_file(name: str) -> bool:
    try:
        return name.endswith(".toml") and Path(name).is_file()
    except (OSError, ValueError):
        return False


def _domains_of(named: pd.Series) -> dict[str, tuple[tuple[str, ...], int]]:
    """Domains and top level of every framework named."""
    found = {}
    for name in named.unique():
        framework = load_framework(str(name))
        found[str(name)] = (framework.domains, len(framework.levels) - 1)
    return found


def _all_domains(named: pd.Series) -> list[str]:
    return [f"{name}|{domain}" for name, (domains, _) in _domains_of(named).items() for domain in domains]


def known_domains(rows: pd.DataFrame, framework: str, *, table: str, ledger: Ledger) -> pd.DataFrame:
    """Set aside the rows of another table than needs whose domain the needs framework does not know."""
    domains = load_framework(framework).domains
    ledger.allow(table, "domain", domains)
    strange = ~rows["domain"].isin(domains)
    return ledger.quarantine(rows, strange, table=table, rule="unknown-domain", column="domain")


def _read_levels(rows: pd.DataFrame, column: str, *, wide: bool, ledger: Ledger) -> pd.DataFrame:
    text = rows[column].str.strip()
    value = pd.to_numeric(text, errors="coerce").astype("float64")
    known = {n: t for n, (_, t) in _domains_of(rows["framework"]).items()}
    top = rows["framework"].map(known).astype("float64")
    if known:  # no row is left where all were set aside before
        ledger.allowed[TABLE, bare(column)] = f"0 to {max(known.values())}"
    ledger.change(rows, text.str.endswith(".0"), table=TABLE, rule="level-words", column=bare(column))
    blank = text.eq("")
    if not column.startswith("strength"):
        ledger.flag(rows, blank, table=TABLE, rule="level-missing", column=bare(column))
    wrong = ~blank & (value.isna() | (value % 1).ne(0) | (value < 0) | (value > top))
    if wide or column == "strength":
        ledger.empty(rows, wrong, table=TABLE, rule="level-range", column=bare(column))
        return rows.assign(**{column: value.where(~wrong)})
    rows = rows.assign(**{column: value})
    return ledger.quarantine(rows, wrong, table=TABLE, rule="level-range", column=column)


def _of(rows: pd.DataFrame, prefix: str) -> list[str]:
    return [str(c) for c in rows.columns if str(c).startswith(prefix)]


def long_ratings(rows: pd.DataFrame, *, ledger: Ledger) -> pd.DataFrame:
    """Lay ratings out in one row per domain.

    Of several of a domain by one rater on one day the latest entered holds where the extract has a column
    `entered`, else the highest level. A row of which no rating holds is dropped: the ledger is told what is kept.
    """
    count = len(rows)
    for name, value in (("rater_id", ""), ("rater_role", "unknown"), ("context", "review")):
        if name not in rows:
            rows = rows.assign(**{name: value})
    rows = rows.assign(_entered=_entered(rows))
    about = ["CHILD", "date", "framework", "rater_id", "rater_role", "context", "_file", "_row", "_entered"]
    if _of(rows, LEVEL):
        rows = _laid_out(rows, about)
    else:
        more = ["strength"] if "strength" in rows else []
        rows = rows[[*about, "domain", "level", *more]]
    rows, dropped = _once_a_day(rows, ledger=ledger)
    ledger.kept[TABLE] = count - dropped
    return rows.drop(columns="_entered").astype(
        {name: "Int64" for name in ("level", "strength") if name in rows}
    )


def _once_a_day(rows: pd.DataFrame, *, ledger: Ledger) -> tuple[pd.DataFrame, int]:
    """Give the rating of a domain by one rater on one day that holds, and how many rows of the file are dropped.

    Where nobody is named, another role is another rater. A blank never holds against a level.
    """
    role = rows["rater_role"].fillna("").where(rows["rater_id"].fillna("").eq(""), "")
    rows = rows.assign(_role=role, _given=rows["level"].notna())
    key = ["CHILD", "date", "framework", "rater_id", "_role", "domain"]
    strength = ["strength"] if "strength" in rows else []
    order = [*key, "_given", "_entered", "level", *strength, "_row"]
    rows = rows.sort_values(order, kind="stable", ignore_index=True, na_position="first")
    again = rows.duplicated(key, keep="last")
    whole = again.groupby([rows["_file"], rows["_row"]], observed=True).transform("all")
    holds = rows.duplicated(key) & ~again

    def once(mask: pd.Series) -> pd.Series:  # a row of the file has as many ratings as domains
        return mask & ~rows[["_file", "_row"]].where(mask).duplicated()

    ledger.flag(rows, once(holds), table=TABLE, rule="rated-twice", column="date")
    ledger.change(rows, once(again & ~whole), table=TABLE, rule="rating-replaced", column="date")
    dropped = once(again & whole)
    ledger.drop(rows, dropped, table=TABLE, rule="rating-replaced", column="date")
    return rows.loc[~again].drop(columns=["_role", "_given"]), int(dropped.sum())


def _laid_out(rows: pd.DataFrame, about: list[str]) -> pd.DataFrame:
    """Make a row per domain of a column per domain; of several columns of a domain the highest holds."""
    levels, strengths = _of(rows, LEVEL), _of(rows, STRENGTH)
    parts = []
    for domain in dict.fromkeys(bare(column) for column in (*levels, *strengths)):
        part = rows[about].assign(domain=domain)
        for name, columns in (("level", levels), ("strength", strengths)):
            own = [column for column in columns if bare(column) == domain]
            if columns:
                part = part.assign(**{name: rows[own].max(axis=1) if own else float("nan")})
        parts.append(part.dropna(subset=["level", *(["strength"] if strengths else [])], how="all"))
    return pd.concat(parts, ignore_index=True)


def _entered(rows: pd.DataFrame) -> pd.Series:
    """Give when each row was entered, as text that sorts by time; empty where the extract does not say.

    Examples
    --------
    >>> _entered(pd.DataFrame({"entered": ["1/6/2018 9:05", "1 June 2018 1:15 PM", "soon"]})).tolist()
    ['2018-06-01 09:05:00', '2018-06-01 13:15:00', '']
    """
    if "entered" not in rows:
        return pd.Series("", index=rows.index, dtype="str")
    parts = rows["entered"].str.extract(_CLOCK).fillna("0")
    hour = parts[0].astype("int64") % 24
    hour = hour.where(parts[3].eq("0"), hour % 12 + 12 * parts[3].str.upper().eq("PM"))
    clock = hour * 3600 + parts[1].astype("int64") * 60 + parts[2].astype("int64")
    when = parse_dates(rows["entered"]) + pd.to_timedelta(clock, unit="s")
    return when.dt.strftime("%Y-%m-%d %H:%M:%S").astype("str").where(when.notna(), "")
