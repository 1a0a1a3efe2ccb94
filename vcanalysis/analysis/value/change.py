"""The outcome of a child, adjusted: how much better than children with the same start did."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vcanalysis.core.columns import number_column, require_columns

MINIMUM = 10


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
        everywhere when the line cannot be drawn (fewer than 10 children beyond the columns, or none varies).

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
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
    require_columns(frame, start, end, *adjust, *([reference] if reference else []))
    columns = [number_column(frame, name) for name in (start, *adjust)]
    design = np.column_stack([np.ones(len(frame)), *columns])
    last = number_column(frame, end)
    known = ~(np.isnan(design).any(axis=1) | np.isnan(last))
    drawn = known & (frame[reference].fillna(False).to_numpy(dtype=bool) if reference else True)
    empty = pd.Series(np.nan, index=frame.index, name="better_than_expected")
    if drawn.sum() < MINIMUM + design.shape[1] or np.linalg.matrix_rank(design[drawn]) < 2:
        return empty
    line = np.linalg.lstsq(design[drawn], last[drawn], rcond=None)[0]
    better = design @ line - last
    return empty.where(~known, better if lower_is_better else -better)
