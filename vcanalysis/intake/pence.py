"""Pence split into whole parts that add up: sums are carried exactly and rounded once."""

from __future__ import annotations

import numpy as np
import pandas as pd

_BALANCED = 0.5  # pence: below it sums differ only as binary fractions do


def split_pence(pence: pd.Series, days: pd.DataFrame) -> pd.DataFrame:
    """Split whole pence over parts by days, so that the parts add up to the penny.

    The first parts are rounded down and the pence left over go to the parts that lost most (largest
    remainder).

    Examples
    --------
    >>> split_pence(pd.Series([100]), pd.DataFrame({"a": [1], "b": [1], "c": [1]})).values.tolist()
    [[34, 33, 33]]
    """
    weight = days.to_numpy(dtype="float64")
    whole = weight.sum(axis=1, keepdims=True)
    share = np.divide(weight, whole, out=np.zeros_like(weight), where=whole > 0)
    total = np.where(whole[:, 0] > 0, pence.to_numpy(), 0)
    parts = _largest_remainder(pence.to_numpy(dtype="float64")[:, None] * share, total)
    return pd.DataFrame(parts, index=days.index, columns=days.columns)


def _largest_remainder(exact: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Round the parts of each row so that they add up to its total, itself whole."""
    floor = np.floor(exact + 1e-9)
    left = np.rint(total - floor.sum(axis=1))
    order = np.argsort(-(exact - floor), axis=1, kind="stable").argsort(axis=1)
    return (floor + (order < left[:, None])).astype("int64")


def pounds_of_extract(
    pence_in: float,
    *,
    kept: float,
    aside: float,
    repeated: float,
    rows_without: int,
    left_out: float | None = None,
) -> dict[str, float]:
    """Round what became of an extract to the penny, once, so that the parts add up to what came in.

    Parameters
    ----------
    pence_in, kept, aside, repeated : float
        Pence, not rounded. If they do not balance, each is rounded by itself and the loss shows.
    rows_without : int
        Rows whose amount could not be read.
    left_out : float, optional
        Pence of rows that the mapping leaves out; they have no part in the result where it leaves out none.

    Examples
    --------
    >>> said = pounds_of_extract(100.2, kept=50.4, aside=25.4, repeated=24.4, rows_without=0)
    >>> said["pounds_in"], said["pounds_kept"], said["pounds_aside"], said["pounds_repeated"]
    (1.0, 0.51, 0.25, 0.24)
    """
    pence = {"kept": kept, "aside": aside, "repeated": repeated}
    if left_out is not None:
        pence["left_out"] = left_out
    exact = np.array([[*pence.values()]])
    balanced = abs(pence_in - exact.sum()) < _BALANCED
    parts = _largest_remainder(exact, np.array([round(pence_in)])) if balanced else np.rint(exact)
    pounds = {f"pounds_{name}": int(part) / 100 for name, part in zip(pence, parts[0], strict=True)}
    return {"pounds_in": round(pence_in) / 100, **pounds, "rows_without_pounds": rows_without}
