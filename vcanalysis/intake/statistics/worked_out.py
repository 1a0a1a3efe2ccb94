"""Measures worked out of others: ratios of published figures, missing where a part of them is."""

from __future__ import annotations

import pandas as pd

WEEKS = 365 / 7
# measure -> (above, below, times)
WORKED_OUT = {
    "sdq_concern_pct": ("sdq_concern_n", "sdq_received_n", 100.0),
    "sdq_response_pct": ("sdq_received_n", "sdq_eligible_n", 100.0),
    "looked_after_gbp_child_week": ("looked_after_gbp", "looked_after_n", 1 / WEEKS),
    "looked_after_gbp_resident_child": ("looked_after_gbp", "children_0_17_n", 1.0),
}


def work_out(frame: pd.DataFrame) -> pd.DataFrame:
    """Fill the measures that are worked out of others.

    Parameters
    ----------
    frame : DataFrame
        Panel with the published measures.

    Examples
    --------
    >>> drawn = pd.DataFrame({"sdq_concern_n": [40.0, None, 3.0], "sdq_received_n": [100.0, 80.0, 0.0],
    ...     "sdq_eligible_n": 120.0, "looked_after_gbp": 1.0, "looked_after_n": 1.0, "children_0_17_n": 1.0})
    >>> work_out(drawn)["sdq_concern_pct"].tolist()
    [40.0, nan, nan]
    """
    parts = {
        name: times * frame[above] / frame[below].where(frame[below] > 0)
        for name, (above, below, times) in WORKED_OUT.items()
    }
    return frame.assign(**parts)


def resting_on(name: str) -> list[str]:
    """Give the measures that are worked out of one.

    Examples
    --------
    >>> resting_on("sdq_eligible_n"), resting_on("sdq_mean")
    (['sdq_response_pct'], [])
    """
    return [made for made, (above, below, _) in WORKED_OUT.items() if name in (above, below)]
