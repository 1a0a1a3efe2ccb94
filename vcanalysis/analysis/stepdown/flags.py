"""Flags: what a panel must know of a child, which excludes nobody."""

from __future__ import annotations

import pandas as pd

from vcanalysis.core.columns import number_column, require_columns

SETTLED, SIBLINGS, EDUCATION = (
    "settled and improving",
    "has siblings in care",
    "education comes with the home",
)


def flags(
    frame: pd.DataFrame,
    *,
    among: pd.DataFrame | None = None,
    siblings: str = "sibling_group",
    education: str = "education_share",
    weeks: str = "weeks_in_placement",
    fall: str = "fall",
    settled_weeks: float = 52.0,
    least_fall: float = 3.0,
) -> pd.DataFrame:
    """Flag what speaks for care in any move: flags, never exclusions.

    Parameters
    ----------
    frame : DataFrame
        One row per child.
    among : DataFrame, optional
        All children in care, to find siblings in, with the index of the frame among its own; the frame when left out.
    siblings : str
        Column of the sibling group, missing where none is known.
    education : str
        Column of the share of the price paid by education: above nought, schooling may come with the placement.
    weeks, fall : str
        Columns of weeks in the placement, and of points by which need fell since entry.
    settled_weeks, least_fall : float
        From when a child counts as settled, and as improving.

    Returns
    -------
    DataFrame
        Index of the frame, a nullable flag for each: missing where it cannot be told.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> rows = pd.DataFrame({"sibling_group": ["s", "s", None], "education_share": [0.0, 0.3, None],
    ...     "weeks_in_placement": [60, 60, 10], "fall": [4.0, 0.0, 5.0]})
    >>> flags(rows)[SETTLED].tolist()
    [True, False, False]
    """
    require_columns(frame, siblings, education, weeks, fall)
    share = pd.Series(number_column(frame, education), index=frame.index)
    lasted = pd.Series(number_column(frame, weeks), index=frame.index)
    fell = pd.Series(number_column(frame, fall), index=frame.index)
    everyone = (frame if among is None else among)[siblings]
    together = (everyone.notna() & everyone.duplicated(keep=False)).reindex(frame.index)
    settled = (lasted >= settled_weeks) & (fell >= least_fall)
    return pd.DataFrame(
        {
            SETTLED: settled.astype("boolean").mask(
                lasted.isna() | ((lasted >= settled_weeks) & fell.isna())
            ),
            SIBLINGS: together.astype("boolean"),
            EDUCATION: (share > 0).astype("boolean").mask(share.isna()),
        },
        index=frame.index,
    )
