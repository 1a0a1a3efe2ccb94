"""How the children and the money of a question flow through the data: who is lost where, and what is complete."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from vcanalysis.intake.mapping import MAPPABLE
from vcanalysis.intake.reconciling import Reconciliation, reconcile

if TYPE_CHECKING:
    from vcanalysis.intake.council import Council

_REVISED = ("R1", "R1A", "R2", "R3", "R3A", "R4", "R5", "replaced", "birth-changed")


def cohort_flow(council: Council, day: str | pd.Timestamp, *, need_within_days: int = 365) -> pd.DataFrame:
    """Count the children in care on a day down to those a question about need and cost can use.

    Parameters
    ----------
    council : Council
        As `open_council` gives it.
    day : str or Timestamp
        The day.
    need_within_days : int
        How old, in days, an assessment may be.

    Returns
    -------
    DataFrame
        step, children and share of those in care on the day.
    """
    now = council.snapshot(day, need_within_days=need_within_days)
    priced, rated = now["cost_gbp_week"].notna(), now["need_total"].notna()
    steps = [
        ("in care on the day", pd.Series(True, index=now.index)),
        ("with a birth month", now["age_years"].notna()),
        ("with a price", priced),
        ("with an assessment", rated),
        ("with both", priced & rated),
    ]
    counts = [int(kept.sum()) for _, kept in steps]
    shares = [count / len(now) if len(now) else float("nan") for count in counts]
    return pd.DataFrame({"step": [step for step, _ in steps], "children": counts, "share": shares})


def completeness(council: Council) -> pd.DataFrame:
    """Give the share of filled values of every column of every table the council has: table, column, share."""
    rows = [
        (name, column, float(frame[column].notna().mean()))
        for name, frame in council.tables.items()
        if council.has(name)
        for column in frame.columns
    ]
    return pd.DataFrame(rows, columns=["table", "column", "share"])


def overdue_assessments(council: Council, day: str | pd.Timestamp) -> pd.DataFrame:
    """Count children in care by whether their last assessment is overdue on a day, by the framework's `overdue_days`.

    Returns
    -------
    DataFrame
        age (in time, overdue, never) and children.
    """
    now = council.snapshot(day, need_within_days=36_500)
    old, within_days = now["need_age_days"], council.framework.overdue_days
    counts = [int((old <= within_days).sum()), int((old > within_days).sum()), int(old.isna().sum())]
    return pd.DataFrame({"age": ["in time", "overdue", "never"], "children": counts})


def raters_per_child(council: Council, *, end: str | pd.Timestamp | None = None) -> pd.DataFrame:
    """Count children by how many raters assessed them: raters (in words, "not known" last), children.

    Not known is how many rated a child of whom one assessment or more does not say who rated. Assessments before
    the day `end` count, or all of them. Empty where no assessment says who rated.
    """
    rows = council.assessments(end=end)
    named = rows["rater_id"].notna()
    by_child = rows.groupby("child_id", observed=True)["rater_id"].nunique()
    known = named.groupby(rows["child_id"], observed=True).all()
    counts = by_child.loc[known].value_counts().sort_index()
    raters, children = [str(count) for count in counts.index], counts.to_list()
    if named.any() and not known.all():
        raters, children = [*raters, "not known"], [*children, int((~known).sum())]
    return pd.DataFrame({"raters": pd.Series(raters, dtype="str"), "children": children})


def money_flow(council: Council) -> Reconciliation:
    """Reconcile the council's prices with its days in care."""
    tables = council.tables
    return reconcile(tables["placements"], tables["costs"], start=council.start, end=council.end)


def revisions(council: Council) -> pd.DataFrame:
    """Count the rows of returns that a later one replaced or a repair changed, from the log of the import: rule, rows.

    Rows of tables beside the return, such as prices given twice, are no revision and do not count. Empty for a
    council that was not imported.
    """
    log = council.path / "import" / "log.csv"
    if not log.is_file():
        return pd.DataFrame({"rule": pd.Series(dtype="str"), "rows": pd.Series(dtype="int64")})
    lines = pd.read_csv(log, usecols=["rule", "table"], dtype="str", keep_default_na=False)
    returned = lines["rule"].isin(_REVISED) & ~lines["table"].isin(MAPPABLE)
    counts = lines.loc[returned, "rule"].value_counts()
    return pd.DataFrame({"rule": counts.index.astype("str"), "rows": counts.to_numpy()})
