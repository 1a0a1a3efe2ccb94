"""Children who share providers: the error of a figure to which each contributes, and how many providers count."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.core.columns import require_columns


@dataclass(frozen=True, slots=True)
class Shared:
    """Which children share a provider, at one date or at either of two.

    Parameters
    ----------
    rows, codes : array of int
        One entry for each provider a child has: the child's place, and the provider from 0.
    twice : array of int
        Places of children who moved between two providers: two who moved alike share both.
    pairs : array of int
        Which pair of providers each of those has, from 0.
    """

    rows: np.ndarray
    codes: np.ndarray
    twice: np.ndarray
    pairs: np.ndarray

    def sums(self, values: np.ndarray) -> np.ndarray:
        """Add up values of children by provider; a child with two counts with both."""
        return np.bincount(self.codes, weights=values[self.rows])

    def product(self, one: np.ndarray, other: np.ndarray) -> float:
        """Covariance of two figures: products of what all children who share a provider contribute."""
        both = [np.bincount(self.pairs, weights=values[self.twice]) for values in (one, other)]
        return float(self.sums(one) @ self.sums(other) - both[0] @ both[1])

    def error(self, influence: np.ndarray) -> float:
        """Give the standard error of a figure, never less than of children who share nothing.

        Examples
        --------
        >>> frame = pd.DataFrame({"provider": ["A", "A", "B"]})
        >>> share_providers(frame, ["provider"]).error(np.array([1.0, 2.0, 4.0]))
        5.0
        """
        return float(np.sqrt(max(self.product(influence, influence), influence @ influence)))

    def effective(self, weights: np.ndarray) -> float:
        """Count the providers of like weight that would be as concentrated (Kish)."""
        held = self.sums(weights)
        return float(held.sum() ** 2 / (held @ held))


def nothing_shared(n: int) -> Shared:
    """Let each of n children stand alone.

    Examples
    --------
    >>> nothing_shared(2).sums(np.array([3.0, 4.0])).tolist()
    [3.0, 4.0]
    """
    nobody = np.array([], dtype=int)
    return Shared(np.arange(n), np.arange(n), nobody, nobody)


def share_providers(frame: pd.DataFrame, columns: Sequence[str]) -> Shared:
    """Find who shares a provider.

    Parameters
    ----------
    frame : DataFrame
        One row per child.
    columns : sequence of str
        None, one or two columns of providers (one a date); a child without any stands alone.

    References
    ----------
    Cameron AC, Gelbach JB, Miller DL (2011), J Bus Econ Stat 29:238-249; Aronow PM, Samii C, Assenova VA (2015),
    Polit Anal 23:564-577, where either of two may be shared.

    Examples
    --------
    >>> frame = pd.DataFrame({"first": ["A", "A", None], "second": ["A", "B", None]})
    >>> share_providers(frame, ["first", "second"]).sums(np.ones(3)).tolist()
    [2.0, 1.0, 1.0]
    """
    require_columns(frame, *columns)
    n = len(frame)
    if not columns:
        return nothing_shared(n)
    stacked = pd.concat([frame[c].astype("str").where(frame[c].notna()) for c in columns])
    codes = pd.factorize(stacked)[0].reshape(len(columns), n)
    least, most = np.sort(np.where(codes < 0, codes.max(axis=0), codes), axis=0)[[0, -1]]
    alone = most < 0
    least[alone] = most[alone] = codes.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    twice = np.flatnonzero(least != most)
    pairs = pd.factorize(least[twice] * (most.max(initial=0) + 1) + most[twice])[0]
    return Shared(np.r_[np.arange(n), twice], np.r_[least, most[twice]], twice, pairs)
