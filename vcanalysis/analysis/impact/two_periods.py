"""Two periods, two groups: the change of those with the programme less the change of the others."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vcanalysis.analysis.impact.settings import Settings
from vcanalysis.analysis.impact.staggered import StaggeredEffect, staggered_effect
from vcanalysis.core.columns import flag_column, number_column, require_columns
from vcanalysis.core.errors import InputError


def two_period_did(
    panel: pd.DataFrame,
    *,
    unit: str,
    time: str,
    outcome: str,
    treated: str,
    periods: tuple[Sequence[float], Sequence[float]],
    settings: Settings | None = None,
) -> StaggeredEffect:
    """Difference in differences of unit means before and after.

    Parameters
    ----------
    panel : DataFrame
        One row per unit and time.
    unit, time, outcome : str
        Columns of the unit, the time and the outcome.
    treated : str
        Column of flags, the same in all rows of a unit.
    periods : tuple of sequences
        Times before, and times after; a unit's mean counts where it has every one of them.
    settings : Settings, optional
        Weights (a unit's mean over the times before), deals, level.

    Returns
    -------
    StaggeredEffect
        Its years before cannot be judged: there is one period before.

    Raises
    ------
    InputError
        If a column is missing or not numeric, the periods are empty, overlap or are no numbers, or a unit's flag
        varies.

    References
    ----------
    Card D, Krueger AB (1994), Am Econ Rev 84:772-793; Bertrand M, Duflo E, Mullainathan S (2004), Q J Econ
    119:249-275, on why years are collapsed into before and after.

    Examples
    --------
    >>> panel = pd.DataFrame({"council": list("aabbccddeeffgg"), "year": [1, 2] * 7, "on": [1] * 4 + [0] * 10,
    ...                       "moves": [5.0, 3.0, 6.0, 3.0, 4.0, 4.0, 5.0, 6.0, 3.0, 4.0, 7.0, 7.0, 2.0, 2.0]})
    >>> found = two_period_did(panel, unit="council", time="year", outcome="moves", treated="on",
    ...                        periods=([1], [2]))
    >>> round(found.welch.value, 2), found.welch.n
    (-2.9, 7)
    """
    require_columns(panel, unit, time, outcome, treated)
    before, after = _times(periods)
    has, known = flag_column(panel, treated)
    if not known.all():
        raise InputError(f"Column {treated!r} has gaps. Say of every {unit} whether it had the programme.")
    rows = pd.DataFrame(
        {
            "unit": panel[unit].to_numpy(),
            "time": number_column(panel, time),
            "value": number_column(panel, outcome),
        }
    ).assign(on=has)
    if (rows.groupby("unit")["on"].transform("max") != rows["on"]).any():
        raise InputError(
            f"Column {treated!r}: a {unit} has the programme in some rows only. Give one flag for each."
        )
    rows = rows.assign(period=np.where(rows["time"].isin(after), 1.0, 0.0))
    rows = rows[rows["time"].isin(before | after)]
    wanted = {0.0: len(before), 1.0: len(after)}
    means = rows.groupby(["unit", "period"], as_index=False).agg(
        value=("value", "mean"), seen=("value", "count"), on=("on", "first")
    )
    means = means.assign(value=means["value"].where(means["seen"] == means["period"].map(wanted)))
    settings = settings or Settings()
    if settings.weights or settings.strata or settings.within:
        extra = [name for name in (settings.weights, settings.strata, settings.within) if name]
        about = panel.groupby(unit)[extra].first()
        if settings.weights:
            early = pd.Series(number_column(panel, settings.weights), index=panel.index)
            early = early[np.isin(number_column(panel, time), list(before))]
            about = about.assign(**{settings.weights: early.groupby(panel[unit]).mean()})
        means = means.merge(about, left_on="unit", right_index=True)
    starts = {name: 1.0 for name in means.loc[means["on"], "unit"]}
    named = settings.but(name=settings.name or settings.term(outcome).removeprefix("Effect on "))
    return staggered_effect(
        means, unit="unit", time="period", outcome="value", first_treated=starts, settings=named
    )


def _times(periods: tuple[Sequence[float], Sequence[float]]) -> tuple[set[float], set[float]]:
    parts = [pd.to_numeric(pd.Series(list(part), dtype="object"), errors="coerce") for part in periods]
    if any(part.isna().any() for part in parts):
        raise InputError("A time before or after is no number. Write times as in the data, such as 2019.")
    before, after = (set(part.astype("float64")) for part in parts)
    if not before or not after or before & after:
        raise InputError("Give the times before and the times after, both at least one and none in both.")
    return before, after
