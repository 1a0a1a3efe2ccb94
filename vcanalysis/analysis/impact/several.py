"""Several outcomes at once: p-values held together by family, families declared before."""

from __future__ import annotations

import math
from collections.abc import Mapping

import pandas as pd
from statsmodels.stats.multitest import multipletests

from vcanalysis.analysis.impact.staggered import StaggeredEffect
from vcanalysis.core.errors import InputError

COLUMNS = ("family", "outcome", "p_value", "adjusted")


def holm(p_values: Mapping[str, float | None], *, families: Mapping[str, str] | None = None) -> pd.DataFrame:
    """Hold the p-values of a family of outcomes together (Holm); outcomes that cannot be judged do not count.

    Parameters
    ----------
    p_values : mapping
        p-value by outcome; None where there is none.
    families : mapping, optional
        Family by outcome, declared before the data were seen; one family when left out.

    Returns
    -------
    DataFrame
        family, outcome, p_value, adjusted (chance that any outcome of the family would look so by chance alone); NaN
        where there is no p-value.

    Raises
    ------
    InputError
        If an outcome has no family, or a p-value lies outside 0 to 1.

    References
    ----------
    Holm S (1979), Scand J Stat 6:65-70.

    Examples
    --------
    >>> holm({"spend": 0.01, "moves": 0.04, "need": None})["adjusted"].tolist()
    [0.02, 0.04, nan]
    """
    missing = [name for name in p_values if families is not None and name not in families]
    if missing:
        raise InputError(f"Outcome {missing[0]!r} has no family. Declare a family for every outcome.")
    wrong = [name for name, p in p_values.items() if p is not None and not 0 <= p <= 1]
    if wrong:
        raise InputError(f"The p-value of {wrong[0]!r} is refused. Give a number from 0 to 1, or None.")
    rows = pd.DataFrame(
        [(families[name] if families else "all", name, p) for name, p in p_values.items()],
        columns=["family", "outcome", "p_value"],
    )
    rows = rows.assign(p_value=rows["p_value"].astype("float64"), adjusted=float("nan"))
    for _, part in rows.dropna(subset="p_value").groupby("family"):
        rows.loc[part.index, "adjusted"] = multipletests(part["p_value"], method="holm")[1]
    return rows[list(COLUMNS)]


def judge_together(
    effects: Mapping[str, StaggeredEffect], *, families: Mapping[str, str] | None = None
) -> pd.DataFrame:
    """Hold several effects together; adds what each shows alone.

    Returns
    -------
    DataFrame
        As `holm`, with estimate, low, high, and verdict ("not estimable", "no clear change", "not clear beside the
        other outcomes", "lower", "higher", or "had moved apart before").
    """
    table = holm({name: one.p_value for name, one in effects.items()}, families=families)
    parts = [effects[name].overall for name in table["outcome"]]
    verdicts = [
        _verdict(effects[name], adjusted)
        for name, adjusted in zip(table["outcome"], table["adjusted"], strict=True)
    ]
    return table.assign(
        estimate=[e.value for e in parts],
        low=[e.low for e in parts],
        high=[e.high for e in parts],
        verdict=verdicts,
    )


def _verdict(effect: StaggeredEffect, adjusted: float) -> str:
    if not effect.overall.estimable or math.isnan(adjusted):
        return "not estimable"
    if effect.event.apart:
        return "had moved apart before"
    if not effect.overall.excludes():
        return "no clear change"
    if adjusted >= 0.05:
        return "not clear beside the other outcomes"
    return "lower" if (effect.overall.value or 0.0) < 0 else "higher"
