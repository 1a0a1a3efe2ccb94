"""What may be said of an index of councils, and no more."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from vcanalysis.analysis.productivity.index import Productivity
from vcanalysis.analysis.productivity.ranks import BANDS

_NO = "councils cannot be compared with these data"


def told_apart_words(result: Productivity) -> str:
    """Say in a word or two whether councils can be told apart.

    Examples
    --------
    >>> from vcanalysis.analysis.productivity import Layout, Outcome, outcome_productivity
    >>> import pandas as pd
    >>> drawn = pd.DataFrame({"council_code": ["A"], "year": [2025], "looked_after_n": [9.0], "sdq_mean": [14.0]})
    >>> drawn["looked_after_gbp_child_week"] = 2000.0
    >>> told_apart_words(outcome_productivity(drawn, outcomes=[Outcome("sdq_mean", "lower")], layout=Layout()))
    'These data cannot say.'
    """
    if result.reason:
        return "These data cannot say."
    told = 1 - result.banded(BANDS[1]) / len(result.table)
    if told == 0:
        return "No, they cannot be told apart."
    return "Most cannot be told apart." if told < 0.5 else "Many can be told apart."


def productivity_headline(result: Productivity) -> str:
    """Say how many councils can be told from expectation, for the head of a picture."""
    if result.reason:
        return _NO.capitalize()
    alike, n = result.banded(BANDS[1]), len(result.table)
    return f"{alike} of {n} councils cannot be told from what their spend and need lead to expect"


def productivity_sentence(result: Productivity, names: Mapping[str, str] | pd.Series | None = None) -> str:
    """Say how many do better and worse, how wide ranks are, and how sure the first place is.

    Parameters
    ----------
    result : Productivity
        From `outcome_productivity`.
    names : mapping or Series of str, optional
        Councils' names by unit.
    """
    if result.reason:
        return f"{_NO.capitalize()}: {result.reason}."
    first = result.table.iloc[0]
    name = first["unit"] if names is None else names.get(first["unit"], first["unit"])
    above, alike, below = (result.banded(band) for band in BANDS)
    wide = result.width().value or 0.0
    return (
        f"Of {len(result.table)} councils {above} do better and {below} worse than their spend and need lead to "
        f"expect; {alike} cannot be told from it. The middle council's rank is known to within {wide:.0f} places. "
        f"{name} comes first, with a rank from {first['rank_low']} to {first['rank_high']} and a "
        f"{100 * first['top']:.0f}% chance to be among the first {result.top}."
    )
