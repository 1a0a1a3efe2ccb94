"""Credits on days that have two charges: which of the two they take back cannot be known."""

from __future__ import annotations

import pandas as pd

from vcanalysis.intake.cleaning.concurrent import line_of
from vcanalysis.intake.cleaning.ledger import Ledger

_FAR = pd.Timestamp("2262-01-01")


def set_unclear_aside(rows: pd.DataFrame, *, ledger: Ledger, last_day: bool = False) -> pd.DataFrame:
    """Set aside charges of one child and line for the same days, and the credits on those days.

    A charge that was reversed and billed again (700, -700, 800) would else lose the new charge, as a second price
    for its days, and keep the old one at nought.

    Parameters
    ----------
    rows : DataFrame
        CHILD, from, to, gbp_week (below nought in a credit), `_file`, `_row`; `line` and `_next` if there are any.
    ledger : Ledger
        Takes note.
    last_day : bool
        Whether the extract's ends were read as the last day charged: a single day of two charges is then left to
        the rule on ends that touch.

    Examples
    --------
    >>> day = pd.to_datetime
    >>> rows = pd.DataFrame({"CHILD": 1, "from": day(["2019-04-01", "2019-05-01", "2019-05-01", "2019-09-01"]),
    ...     "to": day(["2019-06-01", "2019-06-01", "2019-06-01", "2019-10-01"]),
    ...     "gbp_week": [700.0, -700.0, 800.0, 800.0], "_file": "x", "_row": [2, 3, 4, 5]})
    >>> set_unclear_aside(rows, ledger=Ledger())["_row"].tolist()
    [5]
    """
    credit = rows["gbp_week"] < 0
    if not credit.any():
        return rows
    ends = rows["to"].fillna(rows["_next"]) if "_next" in rows else rows["to"]
    spans = pd.DataFrame({"CHILD": rows["CHILD"], "line": line_of(rows), "first": rows["from"]})
    spans = spans.assign(last=ends.fillna(_FAR), at=rows.index)
    both = _of_two_charges(spans.loc[~credit & rows["CHILD"].isin(rows.loc[credit, "CHILD"])])
    both = both.loc[both["days"] > int(last_day)]
    met = both.merge(spans.loc[credit], on="CHILD", suffixes=("", "_credit"))
    met = met.loc[(met["first_credit"] < met["last"]) & (met["last_credit"] > met["first"])]
    hit = rows.index.isin([*met["at"], *met["at_other"], *met["at_credit"]])
    unclear = pd.Series(hit, index=rows.index)
    return ledger.quarantine(rows, unclear, table="costs", rule="credit-unclear", column="gbp_week")


def _of_two_charges(charges: pd.DataFrame) -> pd.DataFrame:
    """Give the days on which two charges of a line run, with both."""
    pairs = charges.merge(charges, on=["CHILD", "line"], suffixes=("", "_other"))
    pairs = pairs.loc[pairs["at"] < pairs["at_other"]]
    first = pairs["first"].where(pairs["first"] >= pairs["first_other"], pairs["first_other"])
    last = pairs["last"].where(pairs["last"] <= pairs["last_other"], pairs["last_other"])
    pairs = pairs.assign(first=first, last=last, days=(last - first).dt.days)
    return pairs.loc[pairs["days"] > 0, ["CHILD", "first", "last", "days", "at", "at_other"]]
