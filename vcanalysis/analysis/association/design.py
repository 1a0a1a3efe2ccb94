"""Columns of a frame coded for a regression, and standard errors that count clusters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.association.resampling import alike_clusters
from vcanalysis.core.clusters import Units
from vcanalysis.core.columns import holds_numbers, number_column, require_columns, say_column

RARE = 5  # children: rarer categories are pooled, one of its own would fit its members perfectly
POOLED = "the rarest together"


@dataclass(frozen=True, slots=True)
class Design:
    """Coded columns of a regression.

    Parameters
    ----------
    matrix : array (children, parameters)
        A column of ones, then numbers as they are and categories as indicators.
    names : tuple of str
        Name of each column, such as "need" or "Residential home against Kinship fostering".
    terms : tuple of str
        Column of the frame behind each; empty for the ones.
    """

    matrix: np.ndarray
    names: tuple[str, ...]
    terms: tuple[str, ...]

    @property
    def numeric(self) -> tuple[bool, ...]:
        """Whether each column is a number rather than an indicator of a category."""
        return tuple(" against " not in name for name in self.names)


def complete_terms(frame: pd.DataFrame, terms: Sequence[str]) -> np.ndarray:
    """Say which rows have every term.

    Examples
    --------
    >>> complete_terms(pd.DataFrame({"a": [1.0, None], "b": ["x", "y"]}), ["a", "b"]).tolist()
    [True, False]
    """
    require_columns(frame, *terms)
    return frame[list(terms)].notna().all(axis=1).to_numpy() if terms else np.ones(len(frame), dtype=bool)


def code_terms(frame: pd.DataFrame, terms: Sequence[str]) -> Design:
    """Code complete rows: numbers as they are, categories against the most frequent, rare ones pooled.

    Parameters
    ----------
    frame : DataFrame
        Complete rows.
    terms : sequence of str
        Columns; a column that does not vary is left out.

    Raises
    ------
    InputError
        If a column is missing or holds infinite values.

    Examples
    --------
    >>> code_terms(pd.DataFrame({"age": [3, 9, 7], "sex": ["F", "M", "F"]}), ["age"]).names
    ('', 'age')
    """
    parts, names, behind = [np.ones(len(frame))], [""], [""]
    for term in terms:
        if holds_numbers(frame[term]):
            values = number_column(frame, term)
            if len(values) and np.ptp(values) > 0:
                parts.append(values)
                names.append(say_column(term))
                behind.append(term)
            continue
        text = frame[term].astype("str")
        counts = text.value_counts()
        text = text.where(text.map(counts) >= RARE, POOLED)
        ordered = sorted(text.unique(), key=lambda name: (-int((text == name).sum()), name))
        for name in ordered[1:]:
            parts.append((text == name).to_numpy(dtype=float))
            names.append(f"{name} against {ordered[0]}")
            behind.append(term)
    return Design(np.column_stack(parts), tuple(names), tuple(behind))


def clustered_covariance(influence: np.ndarray, units: Units, parameters: int) -> np.ndarray:
    """Covariance of estimates from the influence of each child, added up within clusters.

    The factor G / (G - 1) x (n - 1) / (n - k) is that of Stata and of R's sandwich (HC1 within clusters).

    Parameters
    ----------
    influence : array (children, estimates)
        Rows add up to the error of the estimates.
    units : Units
        Clusters.
    parameters : int
        Fitted parameters k.

    References
    ----------
    Liang KY, Zeger SL (1986), Biometrika 73:13-22; Cameron AC, Miller DL (2015), J Hum Resour 50:317-372.

    Examples
    --------
    >>> alone = Units(np.arange(3), 3, 3)
    >>> clustered_covariance(np.array([[1.0], [-1.0], [0.0]]), alone, 1).tolist()
    [[3.0]]
    """
    sums = np.column_stack([np.bincount(units.codes, weights=c, minlength=units.count) for c in influence.T])
    n = len(influence)
    factor = units.count / max(units.count - 1, 1) * (n - 1) / max(n - parameters, 1)
    return factor * sums.T @ sums


def degrees_of_freedom(units: Units, n: int, parameters: int) -> float:
    """Give clusters of like size less one, or children less parameters where each stands alone.

    With half of all children at one provider, t by the number of providers claims a slope that is none in 9%.

    Examples
    --------
    >>> degrees_of_freedom(Units(np.arange(12) // 2, 6, 6), 12, 2)
    5.0
    """
    return max(float(n - parameters) if units.clusters == n else alike_clusters(units) - 1, 1.0)
