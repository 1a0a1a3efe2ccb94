"""Homes as a table to match with: one row each, what it can meet, and the places nobody lives in."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vcanalysis.analysis.matching.rules import Names
from vcanalysis.core.columns import number_column, require_columns


def profile_homes(
    carers: pd.DataFrame,
    *,
    domains: Sequence[str] = (),
    names: Names = Names(),  # noqa: B008 - frozen
) -> pd.DataFrame:
    """Turn the long table of carers into one row per home with a column per domain.

    Parameters
    ----------
    carers : DataFrame
        One row per home and domain: identifier, places, ages, `domain`, `capability`.
    domains : sequence of str
        Domains that are to have a column even where no home has a profile in them.
    names : Names
        Columns.

    Returns
    -------
    DataFrame
        One row per home; a domain without a profile is missing.

    Examples
    --------
    >>> carers = pd.DataFrame({"household_id": ["h", "h"], "approved_places": [2, 2], "age_min": [0, 0],
    ...                        "age_max": [17, 17], "domain": ["education", "contact"], "capability": [2, 3]})
    >>> profile_homes(carers)[["education", "contact"]].to_numpy().tolist()
    [[2, 3]]
    """
    about = [names.home, names.places, names.age_min, names.age_max]
    require_columns(carers, *about, "domain", "capability")
    wide = carers.pivot_table(index=names.home, columns="domain", values="capability", aggfunc="max")
    first = carers.drop_duplicates(names.home).set_index(names.home)[about[1:]]
    wide.columns = wide.columns.astype("str")
    columns = dict.fromkeys([*about[1:], *wide.columns, *domains])
    return first.join(wide).reindex(columns=list(columns)).reset_index()


def free_places(homes: pd.DataFrame, living: pd.Series, *, names: Names = Names()) -> pd.Series:  # noqa: B008
    """Count the places of each home that nobody lives in.

    Parameters
    ----------
    homes : DataFrame
        One row per home with its approved places.
    living : Series
        Home of each child who stays where it is.
    names : Names
        Columns.

    Returns
    -------
    Series of int
        Approved places less children who live there, 0 where there are more children than places.

    Examples
    --------
    >>> homes = pd.DataFrame({"household_id": ["g", "h"], "approved_places": [2, 1]})
    >>> free_places(homes, pd.Series(["g", "h", "h"])).tolist()
    [1, 0]
    """
    places = number_column(homes, names.places)
    taken = living.astype("str").value_counts().reindex(homes[names.home].astype("str"), fill_value=0)
    free = np.clip(np.nan_to_num(places) - taken.to_numpy(), 0, None)
    return pd.Series(free.astype("int64"), index=homes.index)
