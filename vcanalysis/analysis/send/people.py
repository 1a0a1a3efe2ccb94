"""The people with special educational needs at each census, with what every question asks of them."""

from __future__ import annotations

from collections.abc import Collection

import pandas as pd

from vcanalysis.analysis.send.fit import share_of
from vcanalysis.core.columns import require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.period import DAYS_PER_YEAR
from vcanalysis.core.tables_send import AREAS

SPECIALIST = ("special school", "independent special")
MISSING = "There is no table send. Add it with: vcanalysis import ... --send FILE. Nothing can be estimated."
BETWEEN_CENSUSES = 364  # days at least: third Thursdays of January lie 52 or 53 weeks apart


def at_censuses(table: pd.DataFrame, *, until: pd.Timestamp | str | None = None) -> pd.DataFrame:
    """Give the table `send` with what the questions ask: year, age, plan, specialist, need_total, gbp_week.

    Parameters
    ----------
    table : DataFrame
        The table `send`.
    until : Timestamp or str, optional
        Censuses after this day are left out.

    Returns
    -------
    DataFrame
        Those with a plan or with support. `age` is that on 31 August before, by which school years go; `first_year`
        says whether the plan was made since the census before.

    Examples
    --------
    >>> row = {"child_id": "a", "census": "2019-01-17", "birth_month": "2009-05-01", "status": "plan",
    ...        "plan_from": "2018-09-01", "setting": "special school", "gbp_year": 26_089.0}
    >>> made = at_censuses(pd.DataFrame([{**row, **dict.fromkeys(AREAS, 1)}]))
    >>> made[["age", "specialist", "need_total", "gbp_week", "first_year"]].values.tolist()
    [[9, True, 4, 499.99..., True]]
    """
    require_columns(table, "child_id", "census", "birth_month", "status", "setting", "gbp_year", *AREAS)
    rows = table[table["status"].astype("str").isin(("plan", "support"))]
    census, birth = pd.to_datetime(rows["census"]), pd.to_datetime(rows["birth_month"])
    made = pd.to_datetime(rows["plan_from"]) if "plan_from" in rows else pd.Series(pd.NaT, index=rows.index)
    rows = rows.assign(
        census=census,
        year=census.dt.year,
        age=census.dt.year - 1 - birth.dt.year - birth.dt.month.ge(9),
        plan=rows["status"].astype("str").eq("plan"),
        specialist=rows["setting"].isin(SPECIALIST),
        need_total=rows[list(AREAS)].sum(axis=1, skipna=False),
        gbp_week=rows["gbp_year"] / DAYS_PER_YEAR * 7,
        first_year=(census - made).dt.days.lt(BETWEEN_CENSUSES) & made.notna(),
    )
    return rows if until is None else rows[rows["census"] <= pd.Timestamp(until)]


def what_is_there(people: pd.DataFrame, *, care: Collection[str]) -> str:
    """Say how many people and censuses there are, or what is missing.

    Examples
    --------
    >>> what_is_there(pd.DataFrame({"child_id": [], "census": [], "plan": []}), care=[])
    'There is no table send. Add it with: vcanalysis import ... --send FILE. Nothing can be estimated.'
    """
    if people.empty:
        return MISSING
    plans = people[people["plan"].astype(bool)]
    both = people.loc[people["child_id"].isin(set(care)), "child_id"].nunique()
    return (
        f"{people['child_id'].nunique():,} people in {people['census'].nunique()} censuses, "
        f"{plans['child_id'].nunique():,} of them with a plan at one; {both:,} are also children looked after."
    )


def answered(people: pd.DataFrame, *sentences: str) -> list[str]:
    """Give the sentences of an answer; where there is nobody, the one on what is missing alone.

    Examples
    --------
    >>> answered(pd.DataFrame({"child_id": []}), "Much the same.")
    ['There is no table send. Add it with: vcanalysis import ... --send FILE. Nothing can be estimated.']
    """
    return [MISSING] if people.empty else list(sentences)


def in_care(plans: pd.DataFrame, care: Collection[str], *, level: float = 0.95) -> Estimates:
    """Give the share of plans that children in care hold, and the share of children in care with a plan.

    Parameters
    ----------
    plans : DataFrame
        One row per plan at a census, with child_id.
    care : collection of str
        The children in care on that day.
    level : float
        Confidence level.

    Examples
    --------
    >>> plans = pd.DataFrame({"child_id": [str(k) for k in range(40)]})
    >>> [round(e.value, 2) for e in in_care(plans, [str(k) for k in range(30, 60)])]
    [0.25, 0.33]
    """
    held, cared = set(plans["child_id"].astype("str")), {str(child) for child in care}
    both = len(held & cared)
    cared = cared if held else set()  # without the table nothing is known of anybody
    terms = (
        ("Plans of children in care, of all plans", len(held)),
        ("Children in care who have a plan", len(cared)),
    )
    return Estimates.of(share_of(both, n, term=term, level=level) for term, n in terms)


def name_of_move(move: Estimate) -> str:
    """Name a move in a picture.

    Examples
    --------
    >>> name_of_move(Estimate("Specialist to mainstream in a year", 0.1))
    'Specialist to mainstream'
    """
    short = move.term.removesuffix(" in a year")
    return short if move.group == "all" else f"{short}, {move.group}"
