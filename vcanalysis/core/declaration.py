"""What a declaration of a table says: its row, its key, its columns and what they may hold."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from vcanalysis.core.codes import codes_in


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its type, its meaning, what it may hold.

    Parameters
    ----------
    name : str
        Column name; the unit is its last part (`gbp_week`, `distance_miles`).
    kind : str
        One of "id", "text", "code", "date", "month", "flag", "count", "number".
    description : str
        What it holds, in one sentence.
    required : bool
        Whether every row must hold a value.
    allowed : tuple of str
        The codes allowed; empty means any. With a code set, codes allowed beside it.
    code_set : str
        SSDA903 code set that says what is allowed (see `vcanalysis.core.codes`).
    low, high : float or None
        Smallest and largest value allowed.
    """

    name: str
    kind: str
    description: str
    required: bool = False
    allowed: tuple[str, ...] = ()
    code_set: str = ""
    low: float | None = None
    high: float | None = None

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes a value may be; empty means any."""
        return (*codes_in(self.code_set), *self.allowed) if self.code_set else self.allowed

    @property
    def dtype(self) -> str:
        """The pandas dtype a clean column has."""
        return {
            "date": "datetime64[ns]",
            "month": "datetime64[ns]",
            "flag": "boolean",
            "count": "Int64",
            "number": "float64",
        }.get(self.kind, "str")


@dataclass(frozen=True, slots=True)
class Table:
    """A table: what one row is, its key and its columns; `repeats` where several rows may share the key."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    limits: str = ""
    repeats: bool = False

    @property
    def names(self) -> list[str]:
        """Column names in order."""
        return [c.name for c in self.columns]

    @property
    def required(self) -> list[str]:
        """Columns that every row must fill."""
        return [c.name for c in self.columns if c.required]

    def column(self, name: str) -> Column:
        """Give one column by name."""
        return next(c for c in self.columns if c.name == name)

    def empty(self) -> pd.DataFrame:
        """Give a frame with these columns and no rows."""
        return pd.DataFrame({c.name: pd.Series(dtype=c.dtype) for c in self.columns})
