"""What a table says that cannot be: a value its measure cannot have, steps of a move out of order, borrowed keys."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from vcanalysis.intake.cleaning.children import valid_upn
from vcanalysis.intake.cleaning.identifiers import valid_nhs
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.rules import refuse

_MOST = {"sdq_total": 40.0, "sdq_impact": 10.0, "sdq_emotional": 10.0, "missing_episodes": 366.0}
_STEPS = ("profiled", "search", "offer", "match", "move", "ended")
_EDGE = (
    ("closed", "opened"),
    ("entered_care", "opened"),
    ("returned", "entered_care"),
    ("intervention_from", "opened"),
    ("intervention_to", "intervention_from"),
    ("opened", "birth_month"),
)
_FEW = 5  # identifiers, of which most may have a right check digit by chance


def sensible(rows: pd.DataFrame, table: str, *, ledger: Ledger) -> pd.DataFrame:
    """Set aside values that their measure cannot have; flag steps of a move to a family that are out of order.

    Examples
    --------
    >>> rows = pd.DataFrame({"measure": "sdq_total", "value": [12.0, 99.0], "_file": "x.csv", "_row": [2, 3]})
    >>> sensible(rows, "outcomes", ledger=Ledger())["value"].tolist()
    [12.0]
    """
    if rows.empty:
        return rows
    if table == "outcomes":
        most = rows["measure"].map(_MOST).astype("float64").fillna(1.0)  # yes is 1 and no is 0
        odd = (rows["value"] > most) | (rows["value"] % 1).ne(0)
        return ledger.quarantine(rows, odd, table=table, rule="value-range", column="value")
    if table == "edge":
        for column, after in _EDGE:
            if {column, after} <= set(rows.columns):
                early = rows[column] < rows[after]
                rows = ledger.quarantine(rows, early, table=table, rule="end-before-start", column=column)
    if table == "stepdown":
        for column, early in _early_steps(rows).items():
            ledger.flag(rows, early, table=table, rule="steps-order", column=column)
    return rows


def _early_steps(rows: pd.DataFrame) -> dict[str, pd.Series]:
    """Say for each step where it is dated before the latest of those that go before it."""
    steps = [name for name in _STEPS if name in rows]
    reached = rows[steps].ffill(axis=1).cummax(axis=1)
    return {name: rows[name] < reached[before] for before, name in pairwise(steps)}


def refuse_borrowed_keys(ids: pd.Series) -> None:
    """Stop where children are named by NHS number or unique pupil number: neither may be a key.

    Raises
    ------
    InputError
        If most of the identifiers have the check digit or letter of one of the two.

    Examples
    --------
    >>> refuse_borrowed_keys(pd.Series(["9434765919"] * 5))
    Traceback (most recent call last):
    vcanalysis.intake.cleaning.rules.Refused: Column CHILD of the returns holds NHS numbers. Export again with your \
own identifier as CHILD.
    """
    for valid, what in ((valid_nhs, "NHS numbers"), (valid_upn, "unique pupil numbers")):
        if len(ids) >= _FEW and valid(ids).mean() > 0.5:
            raise refuse(
                "nhs-key",
                f"Column CHILD of the returns holds {what}. Export again with your own identifier as CHILD.",
            )
