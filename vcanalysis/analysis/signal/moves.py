"""Where the children of an earlier date live now: a matrix of flows between kinds of placement."""

from __future__ import annotations

import pandas as pd

from vcanalysis.core.columns import require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import wilson

LEFT = "left care"
TERM = "Where children of a year before are now"


def moves(
    now: pd.DataFrame, before: pd.DataFrame, *, child: str, group: str, term: str = TERM, level: float = 0.95
) -> Estimates:
    """Give, for each kind of placement of an earlier date, the shares of its children by where they live now.

    Parameters
    ----------
    now, before : DataFrame
        One row a child at each date.
    child, group : str
        Columns of the child and of the kind of placement.
    term : str
        What the shares are called.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        Shares of the children of each kind at the earlier date, with Wilson's interval; the group says
        "kind then to kind now", the last kind being "left care". Shares out of a kind add up to one.

    Raises
    ------
    InputError
        If a column is missing.

    Examples
    --------
    >>> then = pd.DataFrame({"id": range(40), "kind": ["family"] * 30 + ["home"] * 10})
    >>> now = pd.DataFrame({"id": range(36), "kind": ["family"] * 32 + ["home"] * 4})
    >>> print(moves(now, then, child="id", group="kind").group("home to home").sentence())
    Where children of a year before are now, home to home: 40% (95% interval 17% to 69%; 10 children).
    """
    require_columns(now, child, group)
    require_columns(before, child, group)
    today = now.set_index(child)[group].astype("str")
    then = before[group].astype("str")
    table = pd.crosstab(then, before[child].map(today).fillna(LEFT))
    kinds = [kind for kind in then.value_counts().index if kind in table.index]
    ends = [*dict.fromkeys([*kinds, *sorted(set(table.columns) - {LEFT})]), LEFT]
    table = table.reindex(index=kinds, columns=ends, fill_value=0)
    return Estimates.of(
        Estimate(
            term,
            count / n,
            *wilson(count, n, level),
            level,
            n,
            "share",
            "share; Wilson",
            f"{kind} to {end}",
        )
        for kind, n in table.sum(axis=1).items()
        for end, count in table.loc[kind].items()
    )
