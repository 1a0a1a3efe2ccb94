"""The outcome of a child, adjusted: how much better than children with the same start did."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.core.columns import flag_column, number_column

MINIMUM = 10


@dataclass(frozen=True, slots=True)
class Drawn:
    """A line drawn through children, and what each of them does to it.

    Parameters
    ----------
    better : array (n,)
        Points better than expected; NaN where something is missing.
    design : array (n, k)
        What the line is drawn on, the constant first.
    pull : array (n, k)
        What the chance in each child of reference adds to the coefficients, in the sense of better (HC2).
    reason : str
        Why there is no line, else empty.
    """

    better: np.ndarray
    design: np.ndarray
    pull: np.ndarray
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """The line from which an outcome is measured: give it in place of a column, so that its error is counted.

    Parameters
    ----------
    start, end : str
        Columns of the score at the start and at the end of the period.
    adjust : tuple of str
        Numeric columns adjusted for besides.
    reference : str
        Column of flags of the children through whom the line is drawn; all when empty.
    lower_is_better : bool
        True for needs and SDQ.
    """

    start: str
    end: str
    adjust: tuple[str, ...] = ()
    reference: str = ""
    lower_is_better: bool = True

    def draw(self, frame: pd.DataFrame) -> Drawn:
        """Draw the line by least squares; without one every value is NaN and the reason is said.

        Raises
        ------
        InputError
            If a column is missing, not numeric, or the reference is not a column of flags.

        Examples
        --------
        >>> Line("first", "last").draw(pd.DataFrame({"first": range(5), "last": range(5)})).reason
        'a line through at least 12 children with both scores is needed'
        """
        columns = [number_column(frame, name) for name in (self.start, *self.adjust)]
        design = np.column_stack([np.ones(len(frame)), *columns])
        last = number_column(frame, self.end)
        known = ~(np.isnan(design).any(axis=1) | np.isnan(last))
        drawn = known & flag_column(frame, self.reference)[0] if self.reference else known
        few = MINIMUM + design.shape[1]
        if drawn.sum() < few:
            return _none(design, f"a line through at least {few} children with both scores is needed")
        if np.linalg.matrix_rank(design[drawn]) < 2:
            return _none(design, "the children through whom the line is drawn all began alike")
        inverse = np.linalg.pinv(design[drawn].T @ design[drawn])
        better = design @ (inverse @ (design[drawn].T @ last[drawn])) - last
        better = np.where(known, better if self.lower_is_better else -better, np.nan)
        leverage = np.einsum("ij,jk,ik->i", design[drawn], inverse, design[drawn])
        pull = np.zeros_like(design)
        chance = better[drawn] / np.sqrt(np.maximum(1 - leverage, 1e-9))
        pull[drawn] = -(design[drawn] @ inverse) * chance[:, None]
        return Drawn(better, design, pull)


def _none(design: np.ndarray, reason: str) -> Drawn:
    return Drawn(np.full(len(design), np.nan), design, np.zeros_like(design), reason)


def adjusted_change(
    frame: pd.DataFrame,
    *,
    start: str,
    end: str,
    adjust: Sequence[str] = (),
    reference: str = "",
    lower_is_better: bool = True,
) -> pd.Series:
    """Say by how much each child did better than expected from where it began.

    Expected is the line of the end on the start (and whatever else is adjusted for) through the children of
    reference. A raw fall in need would reward whoever began high: some of every high start is chance.

    Parameters
    ----------
    frame : DataFrame
        One row per child.
    start, end : str
        Columns of the score at the start and at the end of the period.
    adjust : sequence of str
        Numeric columns adjusted for besides, such as age and the days between the two scores.
    reference : str
        Column of flags of the children through whom the line is drawn; all when empty.
    lower_is_better : bool
        True for needs and SDQ, False where a high score is good.

    Returns
    -------
    Series of float
        Points better than expected per child, on the index of the frame: private. NaN where something is missing,
        everywhere when the line cannot be drawn (fewer than 10 children beyond the columns, or none varies): the
        attribute "reason" then says why.

    Raises
    ------
    InputError
        If a column is missing or not numeric, or the reference is not a column of flags.

    Notes
    -----
    The line is drawn from children too, so it has an error of its own, which grows with how far apart the groups
    began. This column does not hold it: to compare groups give a `Line` in place of the column.

    Over the children of reference the mean is zero, so only groups can be compared. A difference between groups is
    not an effect: whatever else tells them apart is still in it.

    References
    ----------
    Vickers AJ, Altman DG (2001), BMJ 323:1123-1124, on the analysis of covariance; Ford T et al. (2009), Br J
    Psychiatry 194:552-558, for the added value of a score.

    Examples
    --------
    >>> frame = pd.DataFrame({"first": range(20), "last": [x / 2 + (x == 4) for x in range(20)]})
    >>> adjusted_change(frame, start="first", end="last").idxmin()
    4
    """
    line = Line(start, end, tuple(adjust), reference, lower_is_better).draw(frame)
    better = pd.Series(line.better, index=frame.index, name="better_than_expected")
    better.attrs["reason"] = line.reason
    return better
