"""The index of single years, as it is commonly made: for asking whether it stays, never for a league table."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vcanalysis.analysis.productivity.scores import Layout, Outcome, mixed
from vcanalysis.core.columns import number_column, require_columns

FEWEST = 20


def yearly_index(frame: pd.DataFrame, *, outcomes: Sequence[Outcome], layout: Layout) -> pd.DataFrame:
    """Index of each single year, unpooled: the outcome over spend, and the residual on spend and need.

    Parameters
    ----------
    frame : DataFrame
        One row per council and year with the columns of the layout and the outcomes.
    outcomes : sequence of Outcome
        Outcomes, mixed with their weights; all of them must be known.
    layout : Layout
        Which columns mean what.

    Returns
    -------
    DataFrame
        unit, year, spend_gbp, outcome (mean of the outcomes, each from 0, the worst council of the year, to 1, the
        best), ratio (outcome per thousand pounds) and residual. Years of fewer than 20 councils are left out.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> drawn = pd.DataFrame({"council_code": range(30), "year": 2025, "one": rng.normal(0, 1, 30)})
    >>> drawn["looked_after_gbp_child_week"] = rng.uniform(1500, 2500, 30)
    >>> found = yearly_index(drawn, outcomes=[Outcome("one", "higher")], layout=Layout())
    >>> [float(x) for x in (found["outcome"].min(), found["outcome"].max(), abs(found["residual"].mean().round(9)))]
    [0.0, 1.0, 0.0]
    """
    require_columns(frame, layout.unit, layout.year)
    weights = np.array([o.weight for o in outcomes])
    data = pd.DataFrame({"unit": frame[layout.unit].to_numpy(), "year": number_column(frame, layout.year)})
    data["spend_gbp"] = number_column(frame, layout.spend)
    aligned = np.column_stack([o.sign * number_column(frame, o.column) for o in outcomes])
    need = np.column_stack([np.ones(len(frame)), *(number_column(frame, name) for name in layout.need)])
    known = ~np.isnan(np.column_stack([aligned, need])).any(axis=1) & (data["spend_gbp"] > 0).to_numpy()
    parts = []
    for _, rows in data[known].groupby("year"):
        if len(rows) >= FEWEST:
            values = aligned[rows.index]
            low, high = values.min(axis=0), values.max(axis=0)
            outcome = mixed((values - low) / np.where(high > low, high - low, 1.0), weights)
            columns = np.column_stack([need[rows.index], np.log(rows["spend_gbp"])])
            left = outcome - columns @ np.linalg.lstsq(columns, outcome, rcond=None)[0]
            ratio = 1000 * outcome / rows["spend_gbp"]
            parts.append(rows.assign(outcome=outcome, ratio=ratio, residual=left))
    empty = data.head(0).assign(outcome=np.nan, ratio=np.nan, residual=np.nan)
    return pd.concat(parts or [empty], ignore_index=True)
