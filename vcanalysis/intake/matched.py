"""Pounds on days in care, split by financial year and by who pays; the parts add up to the penny."""

from __future__ import annotations

import math

import pandas as pd

from vcanalysis.core.period import financial_year
from vcanalysis.intake.pence import split_pence

PAYERS = ("care", "education", "health")


def by_payer(both: pd.DataFrame, days: pd.Series, matched: int) -> dict[str, float]:
    """Split the pounds on days in care by who pays; the parts add up to the penny.

    Parameters
    ----------
    both : DataFrame
        One row per price and period in care that meet: `_daily` (pence a day) and the shares of the payers.
    days : Series of int
        Days on which they meet.
    matched : int
        Pence on days in care, all told.
    """
    shares = both.reindex(columns=list(PAYERS)).astype("float64").fillna(0.0)
    shares["not said"] = (1 - shares.sum(axis=1)).clip(lower=0.0).round(9)
    return _pounds_by(shares.mul(both["_daily"] * days, axis=0), matched)


def by_year(both: pd.DataFrame, matched: int) -> dict[str, float]:
    """Split the pounds on days in care by financial year; the parts add up to the penny.

    Parameters
    ----------
    both : DataFrame
        One row per price and period in care that meet: `_daily` (pence a day), begin and stop (the day after).
    matched : int
        Pence on days in care, all told.
    """
    if both.empty:
        return {}
    parts = {}
    for year in range(both["begin"].min().year - 1, both["stop"].max().year + 1):
        lower, upper = pd.Timestamp(year, 4, 1), pd.Timestamp(year + 1, 4, 1)
        within = (both["stop"].clip(upper=upper) - both["begin"].clip(lower=lower)).dt.days.clip(lower=0)
        parts[financial_year(lower)] = both["_daily"] * within
    return _pounds_by(pd.DataFrame(parts), matched)


def _pounds_by(pence: pd.DataFrame, total: int) -> dict[str, float]:
    sums = pd.DataFrame({name: [math.fsum(pence[name])] for name in pence})
    parts = split_pence(pd.Series([total]), sums).iloc[0]
    return {str(name): int(part) / 100 for name, part in parts.items() if part}
