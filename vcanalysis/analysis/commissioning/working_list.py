"""A private working list for commissioners: whose price to ask about first, and why."""

from __future__ import annotations

import numpy as np
import pandas as pd

from vcanalysis.core.columns import cost_column, require_columns
from vcanalysis.core.estimate import Estimate, Estimates

COLUMNS = (
    "child_id",
    "provider",
    "gbp_week",
    "gbp_week_at_same_need",
    "gap_gbp_week",
    "provider_excess",
    "why",
)


def working_list(
    frame: pd.DataFrame, excess: Estimates, *, cost: str, provider: str, alike: list[str], fewest: int = 5
) -> pd.DataFrame:
    """List placements dearer than the middle of those alike, the widest gap first.

    Parameters
    ----------
    frame : DataFrame
        One row per child: ``child_id``, the price, the provider and the columns in `alike`.
    excess : Estimates
        By provider (group): what it charges beyond its children, as a change, with its interval; may be empty.
    cost, provider : str
        Columns.
    alike : list of str
        What placements are compared within, such as band of need and type of placement.
    fewest : int
        Fewest priced placements alike for a comparison.

    Returns
    -------
    DataFrame
        Columns of `COLUMNS`. It names children: for the people concerned, through `private_list` only.

    Raises
    ------
    InputError
        If a column is missing or a price is no number.

    Notes
    -----
    A gap is a question, not a saving: distance, therapy, night staff or a sibling may be behind it.

    Examples
    --------
    >>> frame = pd.DataFrame({"child_id": list("abcdef"), "band": "complex", "provider": "x",
    ...                       "cost": [100.0, 100, 100, 100, 100, 300]})
    >>> working_list(frame, Estimates(()), cost="cost", provider="provider", alike=["band"])["gap_gbp_week"].tolist()
    [200.0]
    """
    require_columns(frame, "child_id", provider, *alike)
    known = frame.assign(_cost=cost_column(frame, cost)).dropna(subset=["_cost", provider, *alike])
    groups = known.groupby([known[name].astype("str") for name in alike])["_cost"]
    middle = groups.transform("median").where(groups.transform("size") >= fewest)
    gap = known["_cost"] - middle
    by_name = {e.group: e for e in excess if e.estimable}
    found = [by_name.get(str(name)) for name in known[provider]]
    made = pd.DataFrame(
        {
            "child_id": known["child_id"].to_numpy(),
            "provider": known[provider].to_numpy(),
            "gbp_week": known["_cost"].to_numpy(),
            "gbp_week_at_same_need": middle.to_numpy(),
            "gap_gbp_week": gap.to_numpy(),
            "provider_excess": [np.nan if e is None else e.value for e in found],
            "why": [_why(e) for e in found],
        },
        columns=list(COLUMNS),
    )
    return made[made["gap_gbp_week"] > 0].sort_values("gap_gbp_week", ascending=False).reset_index(drop=True)


def _why(excess: Estimate | None) -> str:
    if excess is None:
        return "dearer than those alike"
    if excess.excludes(0) and (excess.value or 0) > 0:
        return "dearer than those alike, and the provider charges clearly more than its children account for"
    return "dearer than those alike, though the provider does not charge clearly more"
