"""What was paid for a child between any two days, exact to the seventh of a penny, by lookup and not by the day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.ledger.reading import Array, as_day, known, payer_shares, with_days
from vcanalysis.core.columns import cost_column, require_columns
from vcanalysis.core.errors import InputError

HOMES = ("Residential home", "Secure home")
PAYERS = ("care", "education", "health")
_FAR = np.int64(2**31)  # beyond any day, so that child and day fit in one number


@dataclass(frozen=True, slots=True)
class Paid:
    """Prices of children over time, ready for lookup; made by `read_paid`.

    Parameters
    ----------
    children : Index
        The children, sorted.
    child, start, stop : array of int, shape (stretches,)
        Number of the child in `children`; first day and day after the last, as days since 1970.
    rate : array of int, shape (stretches, columns)
        Pence a week of each column of `columns`; nought where the price is not known.
    columns : tuple of str
        "care", "education", "health" (who pays), "homes" (all that is paid to residential homes) and "unpriced" (7
        on days in care without a price, so that sums count days as they count pence).
    before : array of int, shape (stretches, columns)
        Sevenths of a penny paid before each stretch, all children in order.
    """

    children: pd.Index
    child: Array
    start: Array
    stop: Array
    rate: Array
    columns: tuple[str, ...]
    before: Array

    @classmethod
    def none(cls) -> Paid:
        """Give the prices of nobody."""
        days, sums = np.zeros(0, np.int64), np.zeros((0, len(PAYERS) + 2), np.int64)
        return cls(pd.Index([]), days, days, days, sums, (*PAYERS, "homes", "unpriced"), sums)

    def upto(self, who: Array, day: Array) -> Array:
        """Give sevenths of a penny paid up to (not on) each day, shape (rows, columns); differences are what counts."""
        row = np.searchsorted(self.child * _FAR + self.start, who * _FAR + day, side="right") - 1
        if not len(self.child):
            return np.zeros((len(row), len(self.columns)), np.int64)
        full = self.stop[row] - self.start[row]
        days = np.where(self.child[row] == who, np.clip(day - self.start[row], 0, full), full)
        sums = self.before[row] + self.rate[row] * days[:, None]
        return np.where(row[:, None] >= 0, sums, 0)

    def between(self, ids: pd.Series, start: Array, stop: Array) -> pd.DataFrame:
        """Give what was paid for each child from a day to before another, in sevenths of a penny, a column each.

        Days of a child who stands nowhere in the prices are without a price: it may go by another id there.
        """
        who = self.children.get_indexer(pd.Index(ids))
        spent = self.upto(who, stop) - self.upto(who, start)
        spent[who < 0] = 0
        spent[who < 0, self.columns.index("unpriced")] = 7 * (stop - start)[who < 0]
        return pd.DataFrame(spent, columns=list(self.columns))

    def on(self, ids: pd.Series, day: pd.Series) -> pd.DataFrame:
        """Give what was paid for each child on a day: pounds a week by column, and whether the price is not known.

        A child not in care on the day cost nothing: noughts. Of a child who stands nowhere the price is not known.
        """
        first = as_days(day)
        rates = self.between(ids, first, first + 1).astype("float64")
        found = rates[[c for c in self.columns if c != "unpriced"]] / 100
        return found.assign(unpriced=rates["unpriced"].gt(0)).set_index(ids.index)


def as_days(dates: pd.Series) -> Array:
    """Give dates as whole days since 1970."""
    return np.asarray(pd.to_datetime(dates).to_numpy().astype("datetime64[D]").astype(np.int64))


def read_paid(
    frame: pd.DataFrame,
    *,
    gbp: str = "gbp_week",
    until: str | pd.Timestamp,
    homes: Sequence[str] = HOMES,
) -> Paid:
    """Read the prices of children over time.

    Parameters
    ----------
    frame : DataFrame
        One row per stretch of one child at one price: child_id, from, to (open end; missing while it runs), the
        weekly price in pounds (missing where a child was in care and no price is known), and where known
        care_share, education_share, health_share (of the price; without them care pays) and placement_type.
        `Council.child_weeks(start, end, payers=True)` gives it.
    gbp : str
        Column of the weekly price.
    until : str or Timestamp
        Day after the last that counts: stretches are cut there.
    homes : sequence of str
        Placement types that are residential homes.

    Returns
    -------
    Paid
        For `savings_ledger` and `before_and_after`.

    Raises
    ------
    InputError
        If a column is missing, a price lies below nought, a share or a day cannot be, or a child has two prices on
        one day.

    Examples
    --------
    >>> rows = pd.DataFrame({"child_id": ["a"], "from": pd.to_datetime(["2019-01-01"]),
    ...                      "to": pd.to_datetime(["2019-01-11"]), "gbp_week": [700.0]})
    >>> spent = read_paid(rows, until="2020-01-01").between(pd.Series(["a"]), np.array([17_901]), np.array([17_999]))
    >>> spent["care"].tolist()  # ten days of 70,000 pence a week, in sevenths: from 5 January 2019, six are left
    [420000]
    """
    require_columns(frame, "child_id", "from", "to", gbp)
    last, frame = as_day(until, "until"), with_days(frame, "from", "to")
    known(frame, "child_id")
    rows = frame.assign(to=frame["to"].fillna(last).clip(upper=last))
    rows = rows[rows["to"] > rows["from"]].sort_values(["child_id", "from"], ignore_index=True)
    names = pd.Index(rows["child_id"].drop_duplicates())
    child = names.get_indexer(pd.Index(rows["child_id"])).astype(np.int64)
    start, stop = as_days(rows["from"]), as_days(rows["to"])
    twice = int(((child[1:] == child[:-1]) & (start[1:] < stop[:-1])).sum())
    if twice:
        raise InputError(
            f"Prices: {twice:,} stretches begin before the last of the same child ends. Give one price a day."
        )
    rate = _rates(rows, gbp, homes)
    spent = rate * (stop - start)[:, None]
    return Paid(names, child, start, stop, rate, (*PAYERS, "homes", "unpriced"), spent.cumsum(axis=0) - spent)


def _rates(rows: pd.DataFrame, gbp: str, homes: Sequence[str]) -> Array:
    """Give pence a week for each payer, to homes, and a mark of days without a price."""
    price = cost_column(rows, gbp)
    pence = np.rint(100 * np.nan_to_num(price)).astype(np.int64)
    others = np.rint(pence[:, None] * payer_shares(rows)[:, 1:]).astype(np.int64)
    named = rows["placement_type"].astype("str") if "placement_type" in rows else pd.Series("", rows.index)
    in_home = np.where(named.isin(list(homes)), pence, 0)
    columns = [pence - others.sum(axis=1), others, in_home, np.where(np.isnan(price), 7, 0)]
    return np.column_stack(columns).astype(np.int64)
