"""Children counted by two things at once: the cells of a table that the disclosure gate makes safe."""

from __future__ import annotations

import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates

AGES = ("under 1", "1 to 4", "5 to 9", "10 to 15", "16 and over")  # the bands of the department's tables
_FROM = (0.0, 1.0, 5.0, 10.0, 16.0)


def age_bands(age_years: pd.Series) -> pd.Series:
    """Put ages into the bands of the department's tables of looked-after children.

    Examples
    --------
    >>> list(age_bands(pd.Series([0.4, 9.9, 16.0])))
    ['under 1', '5 to 9', '16 and over']
    """
    return pd.cut(age_years, [*_FROM, float("inf")], right=False, labels=list(AGES))


def children_by(now: pd.DataFrame, *, rows: pd.Series, columns: pd.Series) -> Estimates:
    """Count children by two things at once, such as age and kind of placement: the cells of a table.

    Parameters
    ----------
    now : DataFrame
        One row a child.
    rows, columns : Series
        What each child is counted by, named ("age", "placement") and with the index of `now`; a categorical keeps its
        order. Children without a value are "not known".

    Returns
    -------
    Estimates
        One count a cell, noughts included, in the groups "age: 5 to 9; placement: a home" and so on, of which the
        disclosure gate makes a table.

    Raises
    ------
    InputError
        If the series have no names of their own.

    Examples
    --------
    >>> here = pd.DataFrame({"child_id": ["a", "b"], "age": ["0", "1"], "home": ["x", "x"]})
    >>> [(e.group, e.value) for e in children_by(here, rows=here["age"], columns=here["home"])]
    [('age: 0; home: x', 1.0), ('age: 1; home: x', 1.0)]
    """
    if not rows.name or not columns.name or rows.name == columns.name:
        raise InputError("Name the two series by what they say, such as 'age' and 'placement'.")
    parts = [_known(part.reindex(now.index)) for part in (rows, columns)]
    table = pd.crosstab(*parts, dropna=False)
    return Estimates.of(
        _count(f"{rows.name}: {row}; {columns.name}: {column}", int(table.loc[row, column]))
        for row in table.index
        for column in table.columns
    )


def _count(group: str, n: int) -> Estimate:
    return Estimate("Children", float(n), n=n, unit="children", method="count", group=group)


def _known(values: pd.Series) -> pd.Series:
    """Keep the order of the categories that occur, "not known" last."""
    order = (
        list(values.cat.categories)
        if isinstance(values.dtype, pd.CategoricalDtype)
        else sorted(values.dropna().unique())
    )
    said = values.astype("object").where(values.notna(), "not known")
    kept = [c for c in (*order, "not known") if (said == c).any()]
    return pd.Series(
        pd.Categorical(said, categories=kept, ordered=True), index=values.index, name=values.name
    )
