"""Columns of a tidy frame as clean arrays, and their names as words."""

from __future__ import annotations

import difflib

import numpy as np
import pandas as pd

from vcanalysis.core.errors import InputError

_WORDS = {
    "need_total": "need",
    "need_index": "need",
    "need_mean": "need",
    "cost_gbp_week": "weekly cost",
    "gbp_week": "weekly cost",
    "gbp_before": "weekly cost before",
    "placement_type": "placement type",
    "provider_id": "provider",
    "age_years": "age",
}


def require_columns(frame: pd.DataFrame, *names: str) -> None:
    """Refuse a frame that lacks a column.

    Raises
    ------
    InputError
        If it is no table, or a column is absent; the message lists those there are, and names the nearest.

    Examples
    --------
    >>> require_columns(pd.DataFrame({"need_total": [3.0]}), "need")
    Traceback (most recent call last):
    vcanalysis.core.errors.InputError: Column 'need' is missing. Columns found: need_total. Did you mean 'need_total'?
    """
    if not isinstance(frame, pd.DataFrame):
        raise InputError(
            f"A table is wanted, and {type(frame).__name__} was given. Give one row a child, such as "
            "here.snapshot('2019-12-31')."
        )
    absent = [name for name in names if name not in frame.columns]
    if absent:
        found = ", ".join(map(str, frame.columns)) or "none"
        near = nearest_column(absent[0], [str(name) for name in frame.columns])
        whole = "".join(
            name for name in names if len(name) == 1
        )  # one text given for a list is taken by letters
        hint = f" Did you mean {near!r}?" if near else ""
        hint = f" Give a list of columns: [{whole!r}]." if whole in frame.columns else hint
        raise InputError(f"Column {absent[0]!r} is missing. Columns found: {found}.{hint}")


def nearest_column(name: str, found: list[str]) -> str:
    """Give a column that begins with the name, one that has words of its own first, or one written alike.

    Examples
    --------
    >>> nearest_column("age", ["sex", "age_years"])
    'age_years'
    """
    begun = [each for each in found if each.startswith(f"{name}_")]
    usual = [each for each in begun if each in _WORDS]
    return next(iter([*usual, *begun, *difflib.get_close_matches(name, found, n=1)]), "")


def number_column(frame: pd.DataFrame, name: str) -> np.ndarray:
    """Give a column as floats, NaN where it is missing.

    Raises
    ------
    InputError
        If the column is absent, holds text that is not a number, or holds an infinite value.

    Examples
    --------
    >>> number_column(pd.DataFrame({"need_total": pd.array([3, None], dtype="Int64")}), "need_total").tolist()
    [3.0, nan]
    """
    require_columns(frame, name)
    numbers = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    strange = int((np.isnan(numbers) & frame[name].notna().to_numpy()).sum())
    if strange:
        raise InputError(f"Column {name!r}: {strange:,} values are not numbers. Give a numeric column.")
    if np.isinf(numbers).any():
        raise InputError(f"Column {name!r} holds infinite values. Leave a value empty where it is unknown.")
    return numbers


def holds_numbers(column: pd.Series) -> bool:
    """Say whether a column holds numbers, however it is stored; flags, words and categories do not.

    Examples
    --------
    >>> holds_numbers(pd.Series([3, 4.5, None], dtype="object")), holds_numbers(pd.Series([True, False]))
    (True, False)
    """
    if pd.api.types.is_numeric_dtype(column):
        return not pd.api.types.is_bool_dtype(column)
    kinds = ("integer", "floating", "mixed-integer-float", "decimal")
    return not isinstance(column.dtype, pd.CategoricalDtype) and (
        pd.api.types.infer_dtype(column, skipna=True) in kinds
    )


def flag_column(frame: pd.DataFrame, name: str) -> tuple[np.ndarray, np.ndarray]:
    """Give who has a flag, and of whom it is known.

    Raises
    ------
    InputError
        If the column is absent or holds anything but true, false, 1, 0 and gaps: text such as "no" counts as true
        in Python.

    Examples
    --------
    >>> has, known = flag_column(pd.DataFrame({"family": pd.array([True, False, None], dtype="boolean")}), "family")
    >>> has.tolist(), known.tolist()
    ([True, False, False], [True, True, False])
    """
    require_columns(frame, name)
    known = frame[name].notna().to_numpy()
    numbers = pd.to_numeric(frame[name], errors="coerce").to_numpy(dtype="float64", na_value=np.nan)
    strange = int((known & ~np.isin(numbers, (0.0, 1.0))).sum())
    if strange:
        raise InputError(
            f"Column {name!r}: {strange:,} values are neither true nor false. Give True, False or an empty cell."
        )
    return numbers == 1.0, known


def cost_column(frame: pd.DataFrame, name: str) -> np.ndarray:
    """Give a column of costs as floats, NaN where there is no price.

    Raises
    ------
    InputError
        As `number_column`, and if a cost lies below zero.

    Examples
    --------
    >>> cost_column(pd.DataFrame({"gbp_week": [640.0, None]}), "gbp_week").tolist()
    [640.0, nan]
    """
    costs = number_column(frame, name)
    below = int((costs < 0).sum())
    if below:
        raise InputError(
            f"Column {name!r}: {below:,} costs lie below £0. Record a refund apart from the price."
        )
    return costs


def say_column(name: str) -> str:
    """Say a column's name in words.

    Examples
    --------
    >>> say_column("cost_gbp_week"), say_column("weeks_in_care")
    ('weekly cost', 'weeks in care')
    """
    return _WORDS.get(name, name.replace("_", " "))
