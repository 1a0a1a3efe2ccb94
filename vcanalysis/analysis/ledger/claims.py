"""Who is claimed, from when to when: each child-week once, up to the day the child leaves care or comes of age."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.analysis.ledger.paid import PAYERS, as_days
from vcanalysis.analysis.ledger.reading import Array, known, payer_shares, with_days
from vcanalysis.core.columns import cost_column, require_columns
from vcanalysis.core.errors import InputError

BEDS = ("ended", "decommissioned", "backfilled", "void", "unknown")
GIVEN_UP = ("ended", "decommissioned", "backfilled")
_DAYS = ("move", "in_home_since", "until", "left_care")
_ALREADY = "Each child-week may be claimed once: keep one of the claims."


def claimed_once(
    claims: pd.DataFrame, *, child: str = "child_id", start: str = "from", end: str = "to"
) -> None:
    """Refuse two claims on the same day of the same child, within one programme or between several.

    Parameters
    ----------
    claims : DataFrame
        One row per claim; ``claim`` names the programme where there are several.
    child, start, end : str
        Columns of the child, the first day and the day after the last.

    Raises
    ------
    InputError
        If a child is claimed twice on one day; the message names the programmes and no child.

    Examples
    --------
    >>> rows = pd.DataFrame({"child_id": ["a", "a"], "from": pd.to_datetime(["2019-01-01", "2019-03-01"]),
    ...                      "to": pd.to_datetime(["2019-03-08", "2019-05-01"]), "claim": ["step-down", "edge"]})
    >>> claimed_once(rows)
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: 1 child is claimed twice for 1 week (by edge and step-down). Each child-week \
may be claimed once: keep one of the claims.
    """
    require_columns(claims, child, start, end)
    rows = claims.sort_values([child, start], kind="stable")
    reach = as_days(rows[end])
    highest = (
        pd.Series(reach).groupby(rows[child].to_numpy()).cummax().groupby(rows[child].to_numpy()).shift()
    )
    common = np.minimum(highest.fillna(-np.inf).to_numpy(), reach) - as_days(rows[start])
    if not (common > 0).any():
        return
    who = rows[rows[child].isin(rows.loc[common > 0, child])]
    by = f" (by {' and '.join(sorted(set(who['claim'].astype('str'))))})" if "claim" in rows else ""
    children, weeks = who[child].nunique(), int(np.ceil(common[common > 0].sum() / 7))
    words = f"{children} {'child is' if children == 1 else 'children are'} claimed twice"
    raise InputError(f"{words} for {weeks:,} week{'s' if weeks != 1 else ''}{by}. {_ALREADY}")


def read_claims(moves: pd.DataFrame, day: pd.Timestamp) -> tuple[pd.DataFrame, int]:
    """Read the moves that are claimed up to a day: checked, with the day each claim ends and who pays the home.

    Returns
    -------
    tuple of DataFrame and int
        The claims, and how many children moved whose first day in homes is not known: how long they would have stayed
        cannot be said, so nothing is claimed for them.

    Raises
    ------
    InputError
        If a column or a child is missing, a child is claimed twice, a move comes before the stay it ends, a day or a
        share cannot be, or a word for the bed is not known.
    """
    require_columns(moves, "child_id", "move", "in_home_since", "gbp_week")
    moves = with_days(moves, *_DAYS)
    rows = moves[moves["move"].notna() & (moves["move"] < day)].reset_index(drop=True)
    known(rows, "child_id")
    early = int((rows["in_home_since"] > rows["move"]).sum())
    if early:
        raise InputError(f"{early:,} children moved before they came to the home. Correct the dates.")
    limit = pd.Series(day, index=rows.index)
    for end in (rows[name] for name in _DAYS[2:] if name in rows):
        limit = limit.where(~(end < limit), end)
    rows = rows.assign(to=limit.where(limit > rows["move"], rows["move"]), bed=_beds(rows))
    claimed_once(rows, start="move")
    price, shares = cost_column(rows, "gbp_week"), dict(zip(PAYERS, payer_shares(rows).T, strict=True))
    rows = rows.assign(gbp_week=price, **shares)
    dated = rows["in_home_since"].notna()
    columns = ["child_id", "move", "to", "in_home_since", "gbp_week", "bed", *PAYERS]
    return rows.loc[dated, columns].reset_index(drop=True), int((~dated).sum())


def _beds(rows: pd.DataFrame) -> pd.Series:
    named = rows["bed"].fillna("unknown").astype("str") if "bed" in rows else pd.Series("unknown", rows.index)
    strange = sorted(set(named) - set(BEDS))
    if strange:
        raise InputError(
            f"Column 'bed' holds {strange[0]!r}. What became of a bed is one of: {', '.join(BEDS)}."
        )
    return named


def child_weeks(claims: pd.DataFrame) -> pd.DataFrame:
    """Cut claims at every Monday and every 1 April: one row per child-week, none longer than seven days.

    Returns
    -------
    DataFrame
        claim (row of `claims`), start and stop (days since 1970, half open) and year (financial year).
    """
    start, stop = as_days(claims["move"]), as_days(claims["to"])
    monday = (start + 3) // 7  # day 0 was a Thursday
    count = np.where(stop > start, (stop - 1 + 3) // 7 - monday + 1, 0)
    claim = np.repeat(np.arange(len(claims)), count)
    week = np.repeat(monday, count) + np.arange(len(claim)) - np.repeat(np.cumsum(count) - count, count)
    first = np.maximum(7 * week - 3, start[claim])
    last = np.minimum(7 * week + 4, stop[claim])
    april = _next_april(first)
    cut = (april > first) & (april < last)
    rows = pd.DataFrame({"claim": claim, "start": first, "stop": np.where(cut, april, last)})
    rest = pd.DataFrame({"claim": claim[cut], "start": april[cut], "stop": last[cut]})
    rows = pd.concat([rows, rest]).sort_values(["claim", "start"], ignore_index=True)
    return rows.assign(year=_year(rows["start"].to_numpy()))


def _year(day: Array) -> Array:
    """Give the calendar year in which the financial year of each day began."""
    month = day.astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    return np.asarray(1970 + (month - 3) // 12)


def _next_april(day: Array) -> Array:
    year = _year(day) + 1
    return np.asarray(
        ((year - 1970).astype("datetime64[Y]").astype("datetime64[M]") + np.timedelta64(3, "M"))
        .astype("datetime64[D]")
        .astype(np.int64)
    )
