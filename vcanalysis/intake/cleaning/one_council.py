"""Whether the returns of several years are of one council, where no column says so: told by its children."""

from __future__ import annotations

import pandas as pd

from vcanalysis.intake.cleaning.rules import refuse
from vcanalysis.intake.cleaning.values import among

_FEWEST = 10  # children; of fewer nothing is concluded
_MOST_CHANGED = 0.2  # share of children whose month of birth a later return may correct
_FEW_SEEN = 0.05  # share of the children left in care whom the next return must hold
_ONE = "Give those of one council. If a council numbered its children anew, give the returns since then."


def refuse_other_births(header: pd.DataFrame) -> None:
    """Refuse returns of two years in which the same identifiers are other children.

    Parameters
    ----------
    header : DataFrame
        CHILD, `birth` and `_year`, one row per child and return.

    Raises
    ------
    InputError
        If of ten children or more in two returns a fifth are born in different months.

    Examples
    --------
    >>> rows = pd.DataFrame({"CHILD": [*range(10), *range(10)], "_year": [2019] * 10 + [2020] * 10,
    ...     "birth": pd.to_datetime(["2010-01-05"] * 10 + ["2010-02-05"] * 10)})
    >>> refuse_other_births(rows)
    Traceback (most recent call last):
    vcanalysis.intake.cleaning.rules.Refused: The returns of 2019 and 2020 have 10 identifiers of children in common, \
and 10 of them with different months of birth: the returns of two councils seem to lie together. Give those of one \
council. If a council numbered its children anew, give the returns since then.
    """
    by_year = {int(year): rows.drop_duplicates("CHILD") for year, rows in header.groupby("_year")}
    for (year, rows), (later, after) in zip([*by_year.items()], [*by_year.items()][1:], strict=False):
        both = rows[["CHILD", "birth"]].merge(after[["CHILD", "birth"]], on="CHILD")
        month = both[["birth_x", "birth_y"]].apply(lambda days: days.dt.to_period("M"))
        other = int(month["birth_x"].ne(month["birth_y"]).sum())
        if len(both) >= _FEWEST and other > _MOST_CHANGED * len(both):
            raise refuse(
                "two-councils",
                f"The returns of {year} and {later} have {len(both):,} identifiers of children in common, and "
                f"{other:,} of them with different months of birth: the returns of two councils seem to lie "
                f"together. {_ONE}",
            )


def refuse_none_left(open_rows: pd.DataFrame, header: pd.DataFrame) -> None:
    """Refuse two years in a row of which the later knows next to none of those left in care in the earlier.

    Parameters
    ----------
    open_rows : DataFrame
        CHILD and `_year` of the episodes without an end.
    header : DataFrame
        CHILD and `_year` of every return.

    Raises
    ------
    InputError
        If of ten children or more left in care fewer than one in twenty are in the return of the year after.
    """
    for year in sorted(set(header["_year"])):
        left = open_rows.loc[open_rows["_year"].eq(year), "CHILD"].drop_duplicates()
        after = header.loc[header["_year"].eq(year + 1), "CHILD"]
        if len(left) < _FEWEST or after.empty:
            continue
        seen = int(among(left, after).sum())
        if seen < _FEW_SEEN * len(left):
            raise refuse(
                "two-councils",
                f"Of {len(left):,} children in care at the end of the return of {year} {seen:,} are in the return of "
                f"{year + 1}: they seem to be of two councils, or the identifiers were changed. {_ONE}",
            )
