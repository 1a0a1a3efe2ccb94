"""What children cost on a day and so many weeks later: the two ends of a before-and-after."""

from __future__ import annotations

import pandas as pd

from vcanalysis.analysis.ledger.paid import PAYERS, Paid
from vcanalysis.analysis.ledger.reading import as_day, with_days
from vcanalysis.core.columns import require_columns


def before_and_after(
    index: pd.DataFrame, paid: Paid, *, weeks: int, until: str | pd.Timestamp
) -> pd.DataFrame:
    """Give the weekly cost of children on a day and so many weeks later.

    Parameters
    ----------
    index : DataFrame
        One row per child: child_id, day, and whatever children are to be compared by.
    paid : Paid
        Prices.
    weeks : int
        Weeks between the two days.
    until : str or Timestamp
        Day after the last the prices cover: children whose second day lies beyond are left out.

    Returns
    -------
    DataFrame
        The rows with both costs known, and gbp_before, gbp_after (nought where a child the prices know has left care)
        and in_home (whether it is in a residential home on the later day).

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"child_id": ["a"], "day": pd.to_datetime(["2019-01-01"])})
    >>> from vcanalysis.analysis.ledger.paid import read_paid
    >>> prices = pd.DataFrame({"child_id": ["a"], "from": pd.to_datetime(["2018-05-01"]),
    ...                        "to": pd.to_datetime(["2019-02-01"]), "gbp_week": [900.0]})
    >>> two = before_and_after(rows, read_paid(prices, until="2020-01-01"), weeks=26, until="2020-01-01")
    >>> two[["gbp_before", "gbp_after"]].values.tolist()
    [[900.0, 0.0]]
    """
    require_columns(index, "child_id", "day")
    index = with_days(index, "day", needed=True)
    later = index["day"] + pd.Timedelta(weeks=weeks)
    now, then = paid.on(index["child_id"], index["day"]), paid.on(index["child_id"], later)
    known = (later < as_day(until, "until")) & ~now["unpriced"] & ~then["unpriced"]
    found = index.assign(
        gbp_before=now[list(PAYERS)].sum(axis=1),
        gbp_after=then[list(PAYERS)].sum(axis=1),
        in_home=then["homes"].gt(0),
    )
    return found[known].reset_index(drop=True)
