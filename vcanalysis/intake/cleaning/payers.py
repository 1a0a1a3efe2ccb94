"""Pounds of each payer, while credits are netted: shares cannot be taken from one another."""

from __future__ import annotations

import pandas as pd

from vcanalysis.intake.cleaning.entry import SUPPORT
from vcanalysis.intake.cleaning.shares import SHARES

_PAID = "_paid_"


def paid_columns(rows: pd.DataFrame) -> list[str]:
    """Name the columns of what each payer pays."""
    return [_PAID + name for name in SHARES if _PAID + name in rows]


def money_columns(rows: pd.DataFrame) -> list[str]:
    """Name every column of pounds a week."""
    return [name for name in ("gbp_week", SUPPORT) if name in rows] + paid_columns(rows)


def by_payer(rows: pd.DataFrame) -> pd.DataFrame:
    """Add what each payer pays a week; missing where a price names no payer."""
    paid = {_PAID + name: rows[name] * rows["gbp_week"] for name in SHARES if name in rows}
    return rows.assign(**paid, _lowered=False)


def lowered(charges: pd.DataFrame, credit: pd.Series) -> pd.DataFrame:
    """Lower charges by a credit, in all, in support and in what each payer pays.

    Examples
    --------
    >>> charge = by_payer(pd.DataFrame({"gbp_week": [1400.0], "care_share": [0.5], "health_share": [0.5]}))
    >>> credit = by_payer(pd.DataFrame({"gbp_week": [-700.0], "care_share": [0.0], "health_share": [1.0]})).iloc[0]
    >>> to_shares(lowered(charge, credit)).iloc[0].tolist()
    [700.0, 1.0, 0.0]
    """
    money = {"gbp_week": charges["gbp_week"] + credit["gbp_week"]}
    if SUPPORT in charges and credit[SUPPORT] < 0:
        money[SUPPORT] = charges[SUPPORT].fillna(0.0) + credit[SUPPORT]
    names = paid_columns(charges)
    if not names or credit[names].isna().all():
        # The shares are those of the charge as it was given, whatever was netted before.
        shares = {name: charges[name.removeprefix(_PAID)] for name in names}
        paid = {name: charges[name] + shares[name] * credit["gbp_week"] for name in names}
    else:
        paid = {name: charges[name].fillna(0.0) + credit[name] for name in names}
    return charges.assign(**money, **paid, _lowered=True)


def to_shares(charges: pd.DataFrame) -> pd.DataFrame:
    """Give what is left as shares again; a charge not lowered, or of nought, keeps those it had."""
    names = paid_columns(charges)
    paid = charges[names].clip(lower=0.0)
    total = paid.sum(axis=1)
    left = charges["_lowered"] & charges["gbp_week"].gt(0) & total.gt(0)
    shares = {
        own: (paid[name] / total).where(left, charges[own])
        for name, own in zip(names, (n.removeprefix(_PAID) for n in names), strict=True)
    }
    money = {name: charges[name].clip(lower=0.0) for name in ("gbp_week", SUPPORT) if name in charges}
    return charges.assign(**money, **shares).drop(columns=[*names, "_lowered"])
