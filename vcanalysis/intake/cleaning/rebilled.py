"""Credits on days that have two charges: one that takes all of a charge back says which; of others it is not known."""

from __future__ import annotations

import pandas as pd

from vcanalysis.intake.cleaning.concurrent import line_of
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.cleaning.shares import SHARES

_MONEY = ("gbp_week", "support_gbp_week")
_FAR = pd.Timestamp("2262-01-01")


def settle_reversals(rows: pd.DataFrame, *, ledger: Ledger, last_day: bool = False) -> pd.DataFrame:
    """Leave out charges that were reversed and billed again, and set aside what credits on doubled days leave unclear.

    A charge that was reversed and billed again (700, -700, 800 for the same days) would else lose the new charge, as a
    second price for its days, and keep the old one at nought. A credit of the same child, line, days, amount and
    payers as a charge takes back that charge; of any other it cannot be known which charge it lowers.

    Parameters
    ----------
    rows : DataFrame
        CHILD, from, to, gbp_week (below nought in a credit), `_file`, `_row`; `line`, `_next`, support_gbp_week and
        shares if there are any.
    ledger : Ledger
        Takes note.
    last_day : bool
        Whether the extract's ends were read as the last day charged: a single day of two charges is then left to
        the rule on ends that touch.

    Examples
    --------
    >>> day = pd.to_datetime
    >>> rows = pd.DataFrame({"CHILD": 1, "from": day(["2019-04-01", "2019-04-01", "2019-04-01"]),
    ...     "to": day(["2019-06-01", "2019-06-01", "2019-06-01"]),
    ...     "gbp_week": [700.0, -700.0, 800.0], "_file": "x", "_row": [2, 3, 4]})
    >>> settle_reversals(rows, ledger=Ledger())["gbp_week"].tolist()
    [800.0]
    """
    if not (rows["gbp_week"] < 0).any():
        return rows
    taken_back = _on_doubled_days(rows, last_day) & _reversed(rows)
    rows = ledger.drop(rows, taken_back, table="costs", rule="reversed", column="gbp_week")
    unclear = _on_doubled_days(rows, last_day)
    return ledger.quarantine(rows, unclear, table="costs", rule="credit-unclear", column="gbp_week")


def _reversed(rows: pd.DataFrame) -> pd.Series:
    """Say which charges and credits make nought of each other, one by one."""
    credit = rows["gbp_week"] < 0
    money = {name: rows[name].abs().round(6) for name in _MONEY if name in rows}
    shares = {name: rows[name].round(9) for name in SHARES if name in rows}
    about = pd.DataFrame(
        {"CHILD": rows["CHILD"], "line": line_of(rows), "first": rows["from"], "last": rows["to"]}
    )
    about = about.assign(**money, **shares)
    keys = list(about)
    about = about.assign(_credit=credit)
    about["_number"] = about.groupby([*keys, "_credit"], dropna=False).cumcount()
    return about.groupby([*keys, "_number"], dropna=False)["_credit"].transform("nunique").eq(2)


def _on_doubled_days(rows: pd.DataFrame, last_day: bool) -> pd.Series:
    """Say which rows are two charges of a line for the same days with a credit on them, or that credit."""
    credit = rows["gbp_week"] < 0
    ends = rows["to"].fillna(rows["_next"]) if "_next" in rows else rows["to"]
    spans = pd.DataFrame({"CHILD": rows["CHILD"], "line": line_of(rows), "first": rows["from"]})
    spans = spans.assign(last=ends.fillna(_FAR), at=rows.index)
    both = _of_two_charges(spans.loc[~credit & rows["CHILD"].isin(rows.loc[credit, "CHILD"])])
    both = both.loc[both["days"] > int(last_day)]
    met = both.merge(spans.loc[credit], on="CHILD", suffixes=("", "_credit"))
    met = met.loc[(met["first_credit"] < met["last"]) & (met["last_credit"] > met["first"])]
    hit = rows.index.isin([*met["at"], *met["at_other"], *met["at_credit"]])
    return pd.Series(hit, index=rows.index)


def _of_two_charges(charges: pd.DataFrame) -> pd.DataFrame:
    """Give the days on which two charges of a line run, with both."""
    pairs = charges.merge(charges, on=["CHILD", "line"], suffixes=("", "_other"))
    pairs = pairs.loc[pairs["at"] < pairs["at_other"]]
    first = pairs["first"].where(pairs["first"] >= pairs["first_other"], pairs["first_other"])
    last = pairs["last"].where(pairs["last"] <= pairs["last_other"], pairs["last_other"])
    pairs = pairs.assign(first=first, last=last, days=(last - first).dt.days)
    return pairs.loc[pairs["days"] > 0, ["CHILD", "first", "last", "days", "at", "at_other"]]
