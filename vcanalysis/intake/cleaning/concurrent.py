"""Service lines that a child has side by side, such as a placement and an education top-up: they add up."""

from __future__ import annotations

from itertools import pairwise

import pandas as pd

from vcanalysis.intake.cleaning.ledger import Ledger

_FAR = pd.Timestamp("2262-01-01")
_SHARES = ("care_share", "education_share", "health_share")


def line_of(rows: pd.DataFrame) -> pd.Series:
    """Give a number to each child and service line, or the child alone where no line is named.

    Examples
    --------
    >>> line_of(pd.DataFrame({"CHILD": [1, 1, 1], "line": ["Home", "School", "home "]})).tolist()
    [0, 1, 0]
    """
    if "line" not in rows:
        return rows["CHILD"]
    return rows.groupby(["CHILD", rows["line"].str.strip().str.casefold()], sort=False, dropna=False).ngroup()


def add_lines(rows: pd.DataFrame, *, ledger: Ledger, end: pd.Timestamp) -> pd.DataFrame:
    """Add up the prices of lines that run side by side, so that each day of a child has one price.

    Parameters
    ----------
    rows : DataFrame
        CHILD, line, from, to, gbp_week, and shares of the payers where there are any; no two rows of one line overlap.
    ledger : Ledger
        Takes note of the rows that were added to another.
    end : Timestamp
        Day after the last day covered, to which an open price is counted. Where another price of the child begins
        or ends after it, an open one stops there, and goes on once it stands alone.

    Returns
    -------
    DataFrame
        Pieces without the column `line`; a piece takes what is not money from its dearest line.

    Examples
    --------
    >>> day = pd.to_datetime
    >>> rows = pd.DataFrame({"CHILD": 1, "line": ["home", "school"], "from": day(["2019-04-01", "2019-04-08"]),
    ...     "to": day(["2019-05-01", "2019-04-15"]), "gbp_week": [700.0, 90.0], "_file": "x", "_row": [2, 3]})
    >>> add_lines(rows, ledger=Ledger(), end=pd.Timestamp("2020-04-01"))["gbp_week"].tolist()
    [700.0, 790.0, 700.0]
    """
    if "line" not in rows:
        return rows
    rows = rows.sort_values(["CHILD", "from", "_row"], kind="stable", ignore_index=True)
    reached = rows["to"].fillna(_FAR).groupby(rows["CHILD"]).cummax().groupby(rows["CHILD"]).shift()
    beside = rows["from"] < reached
    ledger.flag(rows, beside, table="costs", rule="price-added", column="gbp_week")
    if "price_year" in rows:
        years = _of_other_years(rows.loc[rows["CHILD"].isin(rows.loc[beside, "CHILD"])])
        ledger.flag(
            rows, rows.index.to_series().isin(years), table="costs", rule="line-years", column="price_year"
        )
    several = rows["CHILD"].isin(rows.loc[beside, "CHILD"])
    pieces = [_added(own, end) for _, own in rows.loc[several].groupby("CHILD", sort=False)]
    both = pd.concat([rows.loc[~several], *pieces]).drop(columns="line")
    return both.sort_values(["CHILD", "from", "_row"], kind="stable", ignore_index=True)


def _of_other_years(rows: pd.DataFrame) -> pd.Index:
    """Find the rows that run beside one of their child in pounds of another year."""
    pairs = rows.reset_index(names="_at").merge(rows, on="CHILD", suffixes=("", "_other"))
    near = (pairs["from"] < pairs["to_other"].fillna(_FAR)) & (pairs["from_other"] < pairs["to"].fillna(_FAR))
    return pd.Index(pairs.loc[near & pairs["price_year"].ne(pairs["price_year_other"]), "_at"].unique())


def _added(own: pd.DataFrame, end: pd.Timestamp) -> pd.DataFrame:
    """Cut the prices of one child wherever one begins or ends, and add those of each piece."""
    ends, endless = own["to"].fillna(_FAR), own["to"].isna()
    cuts = {*own["from"], *ends}
    if endless.any() and any(end < cut < _FAR for cut in cuts):
        cuts.add(end)
    pieces = []
    for first, last in pairwise(sorted(cuts)):
        # A piece with an end after the data would count days on which an open price counts nothing.
        counts = ~endless | (first < end) | (last == _FAR)
        here = own.loc[(own["from"] <= first) & (ends >= last) & counts]
        if len(here):
            dearest = here.loc[[here["gbp_week"].idxmax()]]
            sums = {name: here[name].sum() for name in ("gbp_week", "support_gbp_week") if name in here}
            stop = pd.NaT if last == _FAR else last
            pieces.append(dearest.assign(**{"from": first, "to": stop}, **sums, **_shares(here)))
    return pd.concat(pieces)


def _shares(here: pd.DataFrame) -> dict[str, float]:
    """Weigh the shares of the payers by the pounds of each line."""
    total = here["gbp_week"].sum()
    have = [name for name in _SHARES if name in here]
    if len(here) == 1 or not total:
        return {}
    return {name: float((here[name].fillna(0.0) * here["gbp_week"]).sum() / total) for name in have}
