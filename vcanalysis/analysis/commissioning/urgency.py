"""Planned and emergency placements: what the returns say of how a placement began."""

from __future__ import annotations

import pandas as pd

from vcanalysis.core.columns import require_columns

PLANNED, UNPLANNED, EMERGENCY = "planned move", "unplanned move", "emergency"
PROTECTION = ("L1", "L2", "L3")  # police protection, emergency protection order, child assessment order
_CARE_PLAN = "CARPL"  # the one reason for a change of placement that carries out the plan
_FIRST = "start of care"


def how_it_began(episodes: pd.DataFrame) -> pd.Series:
    """Say of each episode how its placement began, by the codes of the SSDA903 return.

    Parameters
    ----------
    episodes : DataFrame
        One row per episode: ``child_id``, ``decom``, ``rne``, ``ls``, ``reason_place_change``.

    Returns
    -------
    Series of str
        On the index of the episodes: "emergency" where a child comes into care under police or emergency protection;
        "planned move" and "unplanned move" by the reason for which the placement before it ended; "start of care"
        where a child comes in another way; missing where an episode starts no placement or the reason is unknown.

    Raises
    ------
    InputError
        If a column is missing.

    Notes
    -----
    The return has no code for urgency. A placement asked for on the day for other reasons is not seen, so that
    emergencies are undercounted.

    References
    ----------
    Department for Education: Children looked after by local authorities in England, guide to the SSDA903 collection.

    Examples
    --------
    >>> day = pd.to_datetime(["2018-01-01", "2018-02-01", "2018-03-01"])
    >>> episodes = pd.DataFrame({"child_id": "a", "decom": day, "rne": ["S", "P", "P"], "ls": ["L2", "C1", "C1"],
    ...                          "reason_place_change": ["CARPL", "CREQB", None]})
    >>> how_it_began(episodes).tolist()
    ['emergency', 'planned move', 'unplanned move']
    """
    require_columns(episodes, "child_id", "decom", "rne", "ls", "reason_place_change")
    ordered = episodes.sort_values(["child_id", "decom"], kind="stable")
    reason = ordered.groupby("child_id")["reason_place_change"].shift()
    begun = pd.Series(pd.NA, index=ordered.index, dtype="string")
    starts = ordered["rne"].eq("S").fillna(False)
    moves = ordered["rne"].isin(["P", "T", "B"])
    begun = begun.mask(starts, _FIRST).mask(starts & ordered["ls"].isin(PROTECTION), EMERGENCY)
    begun = begun.mask(moves & reason.eq(_CARE_PLAN).fillna(False), PLANNED)
    begun = begun.mask(moves & reason.notna() & reason.ne(_CARE_PLAN).fillna(False), UNPLANNED)
    return begun.reindex(episodes.index)
