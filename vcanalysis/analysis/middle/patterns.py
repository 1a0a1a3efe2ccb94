"""Patterns of need: equal rows of levels counted once, as ones and zeros for each level of each domain."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.core.columns import number_column
from vcanalysis.core.errors import InputError


@dataclass(frozen=True, slots=True)
class Patterns:
    """The different answers there are, and who gave them.

    Parameters
    ----------
    ones : array (patterns, columns)
        One where a pattern has the level of a column; a missing level leaves all columns of its domain zero.
    counts : array (patterns,)
        Children with each pattern.
    where : array (children,)
        Pattern of each child.
    domain : array (columns,)
        Which domain, from 0, a column belongs to; columns of a domain stand together, levels rising.
    """

    ones: np.ndarray
    counts: np.ndarray
    where: np.ndarray
    domain: np.ndarray

    @property
    def n(self) -> int:
        """Children."""
        return len(self.where)

    @property
    def edges(self) -> np.ndarray:
        """First column of each domain."""
        return np.flatnonzero(np.diff(self.domain, prepend=-1))

    @property
    def free(self) -> int:
        """Probabilities a class has to itself: levels less one, over the domains."""
        return len(self.domain) - len(self.edges)

    def shares(self) -> np.ndarray:
        """Share of each level among the children whose domain was rated."""
        sums = self.counts @ self.ones
        return sums / np.add.reduceat(sums, self.edges)[self.domain]

    def take(self, chosen: np.ndarray) -> Patterns:
        """Give the children at these places, in this order; all of them are given as they are."""
        if len(chosen) == self.n:
            return self
        kept, where = np.unique(self.where[chosen], return_inverse=True)
        return Patterns(self.ones[kept], np.bincount(where).astype(float), where, self.domain)


def read_levels(items: pd.DataFrame) -> np.ndarray:
    """Give levels as floats, NaN where missing.

    Raises
    ------
    InputError
        If a column is not numeric or a level is not a whole number from 0.

    Examples
    --------
    >>> read_levels(pd.DataFrame({"a": [0, 2], "b": [1, None]})).tolist()
    [[0.0, 1.0], [2.0, nan]]
    """
    levels = np.column_stack([number_column(items, name) for name in items.columns])
    strange = ~np.isnan(levels) & ((levels < 0) | (levels != np.round(levels)))
    if strange.any():
        raise InputError(
            f"{int(strange.sum()):,} levels are not whole numbers from 0. Give the levels of domains."
        )
    return levels


def varied(levels: np.ndarray) -> np.ndarray:
    """Say which domains have more than one level.

    Examples
    --------
    >>> varied(np.array([[0.0, 1.0], [0.0, 2.0], [np.nan, 1.0]])).tolist()
    [False, True]
    """
    return np.array([len(np.unique(column[~np.isnan(column)])) > 1 for column in levels.T], dtype=bool)


def collapse(levels: np.ndarray) -> Patterns:
    """Count equal rows of levels once.

    Parameters
    ----------
    levels : array (children, domains)
        Levels with NaN where missing; every domain has at least one level.

    Examples
    --------
    >>> found = collapse(np.array([[0.0, 1.0], [0.0, 1.0], [2.0, np.nan]]))
    >>> found.counts.tolist(), found.ones.tolist()
    ([2.0, 1.0], [[1.0, 0.0, 1.0], [0.0, 1.0, 0.0]])
    """
    coded = np.where(np.isnan(levels), -1, levels)
    rows, where, counts = np.unique(coded, axis=0, return_inverse=True, return_counts=True)
    columns, domain = [], []
    for j, column in enumerate(rows.T):
        kinds = np.unique(column[column >= 0])
        columns.append(column[:, None] == kinds)
        domain.append(np.full(len(kinds), j))
    ones = np.concatenate(columns, axis=1).astype(float)
    return Patterns(ones, counts.astype(float), where.ravel(), np.concatenate(domain))


def add_up(drawn: np.ndarray, patterns: Patterns) -> np.ndarray:
    """Add up children by pattern, for each resample."""
    order = np.argsort(patterns.where, kind="stable")
    first = np.flatnonzero(np.diff(patterns.where[order], prepend=-1))
    return np.add.reduceat(drawn[:, order].astype(float), first, axis=1)
