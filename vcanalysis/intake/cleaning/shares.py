"""What care, education and health pay of a price: shares of one, percentages, or pounds."""

from __future__ import annotations

import pandas as pd

from vcanalysis.intake.cleaning.amounts import amounts
from vcanalysis.intake.cleaning.ledger import Ledger
from vcanalysis.intake.mapping import TableMapping

SHARES = ("care_share", "education_share", "health_share")
_NEAR = 0.005  # of the whole
_EXACT = 1e-6  # of the whole
_PENNY = 0.01 + 1e-9  # lost where contributions are rounded


def read_shares(
    rows: pd.DataFrame, paid: pd.DataFrame, mapping: TableMapping, *, ledger: Ledger
) -> pd.DataFrame:
    """Read what each payer pays; rows in which the parts are not the whole are set aside.

    Parameters
    ----------
    rows : DataFrame
        The shares as text; any of the three, or none.
    paid : DataFrame
        pounds and period of the amount as it was written, for the same rows: contributions in pounds are held
        against the amount of the same period and sign, never against what it is a week.
    mapping : TableMapping
        Says the unit (`shares_as`); else most rows do.
    ledger : Ledger
        Takes note.

    Returns
    -------
    DataFrame
        The rows kept, with shares of 1; missing where no payer is named.

    Examples
    --------
    >>> rows = pd.DataFrame({"care_share": ["3000"], "health_share": ["1000"], "_file": "x", "_row": [2]})
    >>> pounds = TableMapping(options={"shares_as": "pounds"})
    >>> paid = pd.DataFrame({"pounds": [4000.0], "period": ["month"]})
    >>> read_shares(rows, paid, pounds, ledger=Ledger())["care_share"].tolist()
    [0.75]
    """
    have = [name for name in SHARES if name in rows]
    if not have:
        return rows
    text = pd.DataFrame({name: rows[name].str.strip() for name in have}, index=rows.index)
    given = text.ne("").any(axis=1)
    in_pounds = mapping.options.get("shares_as") == "pounds"
    read = {name: _pounds(text[name], paid["period"]) if in_pounds else _numbers(text[name]) for name in have}
    parts = pd.DataFrame(read, index=rows.index)
    total = parts.sum(axis=1).where(given)
    unit, whole = ("pounds", paid["pounds"]) if in_pounds else _unit(total, mapping)
    near = _NEAR * whole.abs() + (_PENNY if in_pounds else 0.0)
    unread = (text.ne("") & parts.isna()).any(axis=1)
    off = (total - whole).abs()
    wrong = given & (unread | ~_one_sign(parts, whole) | off.gt(near))
    changed = given & ~wrong & (unit != "shares")
    ledger.change(rows, changed, table="costs", rule="shares-percent", column=have[0])
    missed = given & ~wrong & off.gt(_EXACT * whole.abs() + (_PENNY if in_pounds else 0.0))
    ledger.change(rows, missed, table="costs", rule="shares-scaled", column=have[0])
    shares = parts.fillna(0.0).where(given & total.ne(0)).div(total, axis=0)
    rows = ledger.quarantine(rows, wrong, table="costs", rule="shares-sum", column=have[0])
    return rows.assign(**{name: shares.loc[rows.index, name] for name in have})


def _numbers(text: pd.Series) -> pd.Series:
    bare = text.str.replace(r"[%\s]", "", regex=True)
    return pd.to_numeric(bare, errors="coerce").astype("float64")


def _pounds(text: pd.Series, period: pd.Series) -> pd.Series:
    """Read contributions; one that names another period than the amount's cannot be compared with it."""
    read = amounts(text)
    return read["pounds"].where(read["period"].isna() | read["period"].eq(period))


def _unit(total: pd.Series, mapping: TableMapping) -> tuple[str, pd.Series]:
    unit = mapping.options.get("shares_as") or _unit_of_most(total)
    return unit, pd.Series(100.0 if unit == "percent" else 1.0, index=total.index)


def _unit_of_most(total: pd.Series) -> str:
    """Say whether most rows add up to a hundred or to one; the others are then set aside, never scaled."""
    hundred, one = (((total - whole).abs() <= _NEAR * whole).sum() for whole in (100.0, 1.0))
    return "percent" if hundred > one else "shares"


def _one_sign(parts: pd.DataFrame, whole: pd.Series) -> pd.Series:
    """Say where no part has another sign than the whole."""
    sign = whole.lt(0).map({True: -1.0, False: 1.0})
    return parts.fillna(0.0).mul(sign, axis=0).ge(0).all(axis=1)
