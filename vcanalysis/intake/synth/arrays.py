"""Columns of one length as a frozen value, and days as whole numbers: what the simulation runs on."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Any, Self

import numpy as np
import pandas as pd

Array = np.ndarray[Any, Any]
NEVER = np.int32(2_000_000)  # a day far beyond any simulation: "not yet" or "not at all"
YEAR = 365.25


@dataclass(frozen=True, slots=True)
class Rows:
    """Arrays of one length, one per field."""

    def __len__(self) -> int:
        return len(getattr(self, fields(self)[0].name))

    def take(self, index: Array) -> Self:
        """Give the rows at an index or under a mask."""
        return replace(self, **{f.name: getattr(self, f.name)[index] for f in fields(self)})

    def join(self, other: Self) -> Self:
        """Give these rows followed by the other's."""
        return replace(
            self,
            **{f.name: np.concatenate([getattr(self, f.name), getattr(other, f.name)]) for f in fields(self)},
        )


def day(stamp: pd.Timestamp | str) -> int:
    """Count the days from 1970-01-01 to a day.

    Examples
    --------
    >>> day("1970-01-31")
    30
    """
    return int(np.datetime64(pd.Timestamp(stamp), "D").astype(np.int64))


def dates(days: Array) -> pd.Series:
    """Turn day numbers into dates; `NEVER` becomes a missing date."""
    # numpy 2.5 refuses a day beyond the year 2262 in nanoseconds, so NEVER goes first
    known = days < NEVER
    values = np.where(known, days, 0).astype("datetime64[D]").astype("datetime64[ns]")
    values[~known] = np.datetime64("NaT", "ns")
    return pd.Series(values)


def birthday(birth: Array, age: int) -> Array:
    """Give the day somebody born on a day (the 1st to the 28th) reaches an age."""
    born = birth.astype("datetime64[D]")
    month = born.astype("datetime64[M]")
    reached = (month + np.timedelta64(12 * age, "M")).astype("datetime64[D]") + (
        born - month.astype("datetime64[D]")
    )
    return reached.astype(np.int64).astype(np.int32)


def choose(rng: np.random.Generator, weights: Array) -> Array:
    """Draw one column per row with probability proportional to its weight."""
    edges = np.cumsum(weights, axis=-1)
    drawn = rng.random(len(edges)) * edges[:, -1]
    return (drawn[:, None] >= edges).sum(axis=1).astype(np.int8)


def pick(rng: np.random.Generator, weights: dict[str, float], size: int) -> Array:
    """Draw labels with the weights of a dictionary."""
    edges = np.cumsum(list(weights.values()))
    return np.array(list(weights))[np.searchsorted(edges, rng.random(size) * edges[-1], side="right")]


def last_at_or_before(keys: Array, days_: Array, key: Array, at: Array) -> Array:
    """Find, for each (key, at), the last row of sorted (keys, days_) with that key and day <= at."""
    scale = np.int64(10_000_000)
    return np.searchsorted(keys * scale + days_, key * scale + at, side="right") - 1
