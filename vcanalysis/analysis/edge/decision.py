"""Would a list by risk do better than offering support to all, or to none? Decision curves and plain words."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import effective_number, normal_quantile, wilson

COLUMNS = ["threshold", "policy", "net_benefit", "low", "high", "n", "clear"]


def _read(frame: pd.DataFrame, outcome: str, probability: str, cluster: str) -> tuple[np.ndarray, ...]:
    """Give what happened, the risk, and the number of the child of each row that has both."""
    require_columns(frame, outcome, probability, *filter(None, [cluster]))
    happened, risk = number_column(frame, outcome), number_column(frame, probability)
    known = ~np.isnan(happened) & ~np.isnan(risk)
    rows = frame.loc[known, cluster] if cluster else np.arange(int(known.sum()))
    return happened[known], risk[known], pd.factorize(rows)[0]


def decision_curve(
    frame: pd.DataFrame,
    *,
    outcome: str,
    probability: str,
    thresholds: Sequence[float],
    cluster: str = "",
    level: float = 0.95,
) -> pd.DataFrame:
    """Give the net benefit of support by risk, to all and to none, at several thresholds.

    Parameters
    ----------
    frame : DataFrame
        One row per case: whether it happened (0 or 1), and a probability given without it.
    outcome, probability : str
        The columns; rows that lack either are left out.
    thresholds : sequence of float
        Risk from which support is offered: its odds are how many needless offers one entry reached is worth.
    cluster : str
        Column of what rows share, such as the child; each row on its own without it.
    level : float
        Confidence level.

    Returns
    -------
    DataFrame
        threshold, policy ("by risk", "all", "none"), net_benefit (entries reached per case, less needless offers at
        the odds of the threshold), low, high, n, and whether it is clearly above each of the others, case by case.

    Raises
    ------
    InputError
        If a column is missing or a threshold does not lie between 0 and 1.

    References
    ----------
    Vickers AJ, Elkin EB (2006), Med Decis Making 26:565-574; interval: that of a mean, rows of a child
    added first.

    Examples
    --------
    >>> rows = pd.DataFrame({"entered": [1, 0, 0, 1], "risk": [0.6, 0.1, 0.4, 0.3]})
    >>> found = decision_curve(rows, outcome="entered", probability="risk", thresholds=[0.2])
    >>> found.set_index("policy")["net_benefit"].round(4).to_dict()
    {'by risk': 0.4375, 'all': 0.375, 'none': 0.0}
    """
    if not all(0 < each < 1 for each in thresholds):
        raise InputError("A threshold must lie between 0 and 1. Give shares, such as 0.1.")
    happened, risk, child = _read(frame, outcome, probability, cluster)
    rows = []
    for threshold in thresholds:
        worth = happened - threshold / (1 - threshold) * (1 - happened)
        chosen = {"by risk": worth * (risk >= threshold), "all": worth, "none": 0.0 * worth}
        for policy, each in chosen.items():
            mean, half = _mean(each, child, level)
            others = [_mean(each - other, child, level) for name, other in chosen.items() if name != policy]
            clear = all(ahead > more for ahead, more in others)
            rows.append((threshold, policy, mean, mean - half, mean + half, len(each), clear))
    return pd.DataFrame(rows, columns=COLUMNS)


def _mean(each: np.ndarray, child: np.ndarray, level: float) -> tuple[float, float]:
    """Give a mean and half its interval, rows of a child added first."""
    children = len(np.unique(child))
    if children < 2:
        return float(each.mean()) if len(each) else np.nan, np.nan
    mean = float(each.mean())
    sums = np.bincount(child, weights=each - mean) / len(each)
    return mean, normal_quantile(level) * float(np.sqrt(sums @ sums * children / (children - 1)))


def decision_headline(curve: pd.DataFrame) -> str:
    """Say at how many thresholds a list by risk does clearly better than all, and than none.

    Examples
    --------
    >>> rows = pd.DataFrame({"entered": [1, 0, 0, 1], "risk": [0.6, 0.1, 0.4, 0.3]})
    >>> decision_headline(decision_curve(rows, outcome="entered", probability="risk", thresholds=[0.2]))
    'On unseen cases a list by risk is clearly ahead of offering to all and to none at 0 of 1 thresholds'
    """
    if curve["net_benefit"].isna().all():
        return "Too few unseen cases to hold a list by risk against offering to all or to none"
    by_risk = curve[curve["policy"].eq("by risk")]
    of = f"{int(by_risk['clear'].sum())} of {len(by_risk)} thresholds"
    return f"On unseen cases a list by risk is clearly ahead of offering to all and to none at {of}"


def positive_value(
    frame: pd.DataFrame,
    *,
    outcome: str,
    probability: str,
    threshold: float,
    cluster: str = "",
    level: float = 0.95,
) -> Estimate:
    """Of the cases at or above a risk, give the share that came into care, in plain words.

    Where a child has more such cases than one, the interval is that of as many cases apart as say the same.

    Examples
    --------
    >>> rows = pd.DataFrame({"entered": [1, 0, 0, 1] * 10, "risk": [0.6, 0.1, 0.4, 0.3] * 10})
    >>> positive_value(rows, outcome="entered", probability="risk", threshold=0.3).sentence()
    'Of 30 cases at a risk of 30% or more, 20 came into care (67%, 95% interval 49% to 81%): 10 did not.'
    """
    happened, risk, child = _read(frame, outcome, probability, cluster)
    above = risk >= threshold
    n, count = int(above.sum()), int(happened[above].sum())
    term = f"Came into care, of cases at a risk of {threshold:.0%} or more"
    children = len(np.unique(child[above]))
    if children < 10:
        reason = "at least 10 children with cases at such a risk are needed"
        return Estimate.not_estimable(term, n=n, reason=reason, of="cases")
    size, method = float(n), "share; Wilson interval"
    if children < n:
        size, method = (
            effective_number(happened[above], child[above], level)[0],
            f"{method}, children as clusters",
        )
    wording = (
        f"Of {n:,} cases at a risk of {threshold:.0%} or more, {count:,} came into care ({{value}}, {{interval}}): "
        f"{n - count:,} did not."
    )
    return Estimate(
        term, count / n, *wilson(count / n * size, size, level), level, n, "share", method, of="cases",
        wording=wording, support=min(count, n - count),
    )  # fmt: skip
