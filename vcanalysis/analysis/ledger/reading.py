"""What the ledger accepts: days that are days, shares that can be, numbers within their limits."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.limits import Limit

Array = np.ndarray[Any, Any]
SHARES = ("care_share", "education_share", "health_share")
_OVER = 1e-9  # by which shares may miss one: the last digits of a division
LIMITS = {
    "inflation": Limit("Write 3% a year as 0.03; it lies from -0.5 to 1.", -0.5, 1),
    "elsewhere_gbp_week": Limit("Give pounds a week up to 100,000, 0 for a child who left care.", 0, 100_000),
    "level": Limit("Write 95% as 0.95; it lies from 0.5 to 0.999.", 0.5, 0.999),
    "replicates": Limit("Give a whole number of draws from 100 to 100,000.", 100, 100_000, whole=True),
    "seed": Limit("Give a whole number from 0 to 4,294,967,295.", 0, 2**32 - 1, whole=True),
}


def as_day(value: str | pd.Timestamp, name: str = "day") -> pd.Timestamp:
    """Read one day.

    Raises
    ------
    InputError
        If it is none.

    Examples
    --------
    >>> as_day("2019-12-31").year
    2019
    """
    found = pd.to_datetime(value, errors="coerce", format="ISO8601")
    if isinstance(found, pd.Timestamp):
        return found
    raise InputError(f"{name} of {value!r} is no day. Write it as yyyy-mm-dd.")


def with_days(frame: pd.DataFrame, *names: str, needed: bool = False) -> pd.DataFrame:
    """Read columns of days, those that are there; `needed` refuses one that is missing anywhere.

    Raises
    ------
    InputError
        If a value is no day, or is missing where it is needed.

    Examples
    --------
    >>> with_days(pd.DataFrame({"move": ["2019-01-07", None]}), "move")["move"].isna().tolist()
    [False, True]
    """
    found = {name: _days(frame[name]) for name in names if name in frame}
    for name, days in found.items():
        missing = int(days.isna().sum())
        if needed and missing:
            raise InputError(f"Column {name!r}: {missing:,} rows have no day. Fill it in, as yyyy-mm-dd.")
    return frame.assign(**found)


def _days(column: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(column) and column.notna().any():
        raise InputError(f"Column {column.name!r} holds numbers, not days. Write days as yyyy-mm-dd.")
    days = pd.to_datetime(column, errors="coerce", format="ISO8601")
    strange = int((days.isna() & column.notna()).sum())
    if strange:
        raise InputError(f"Column {column.name!r}: {strange:,} values are no days. Write days as yyyy-mm-dd.")
    return days.astype("datetime64[ns]")


def known(frame: pd.DataFrame, name: str) -> None:
    """Refuse a column that is missing or empty anywhere.

    Raises
    ------
    InputError
        If it is.

    Examples
    --------
    >>> known(pd.DataFrame({"gbp": [None, 5.0]}), "gbp")
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: Column 'gbp': 1 rows are empty. Fill them in or leave the rows out.
    """
    require_columns(frame, name)
    empty = int(frame[name].isna().sum())
    if empty:
        raise InputError(f"Column {name!r}: {empty:,} rows are empty. Fill them in or leave the rows out.")


def payer_shares(frame: pd.DataFrame) -> Array:
    """Give the shares of care, education and health in each price; care pays where nobody else is named.

    Raises
    ------
    InputError
        If a share lies outside 0 to 1, or education and health together above 1.

    Examples
    --------
    >>> payer_shares(pd.DataFrame({"education_share": [0.25, None]})).tolist()
    [[0.75, 0.25, 0.0], [1.0, 0.0, 0.0]]
    """
    empty = np.zeros(len(frame))
    others = [np.nan_to_num(number_column(frame, n)) if n in frame else empty for n in SHARES[1:]]
    for name, share in zip(SHARES[1:], others, strict=True):
        _refuse_shares((share < -_OVER) | (share > 1 + _OVER), f"Column {name!r}")
    care = 1 - sum(others, empty)
    _refuse_shares(care < -_OVER, "Shares of education and health together")
    return np.column_stack([np.maximum(care, 0.0), *others])


def _refuse_shares(strange: Array, where: str) -> None:
    if strange.any():
        raise InputError(f"{where}: {int(strange.sum()):,} rows lie outside 0 to 1. Write 20% as 0.2.")
