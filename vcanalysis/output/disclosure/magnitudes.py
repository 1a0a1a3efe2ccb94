"""Pounds and other measures of children: means, totals, quantiles and prices of providers, safe or hidden."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vcanalysis.core.parts import Parts, parts_of
from vcanalysis.output.disclosure.policy import MARK, STRICT, Policy
from vcanalysis.output.disclosure.rounding import pounds, to_base


def is_dominated(values: Sequence[float] | np.ndarray, policy: Policy = STRICT) -> bool:
    """Whether one or two of the values can be worked out nearly from their total (p% and (n, k) rules).

    Parameters
    ----------
    values : sequence of float
        What each child, or each provider, contributes; not below nought.

    Examples
    --------
    >>> is_dominated([16_000, 400, 380, 350, 300]), is_dominated([500.0] * 20)
    (True, False)
    """
    return dominated(parts_of(values), policy)


def dominated(parts: Parts, policy: Policy = STRICT) -> bool:
    """Whether the largest parts of a sum make so much of it that they can nearly be worked out.

    Examples
    --------
    >>> dominated(Parts(16_000, 400, 17_430)), dominated(Parts(500, 500, 10_000))
    (True, False)
    """
    largest = parts.first + parts.second
    if parts.total == 0:
        return False
    rest = parts.total - largest
    return (
        rest < policy.dominance_percent / 100 * parts.first or largest > policy.dominance_share * parts.total
    )


def safe_means(
    frame: pd.DataFrame,
    *,
    by: Sequence[str],
    value: str,
    provider: str | None = None,
    policy: Policy = STRICT,
) -> pd.DataFrame:
    """Give means by group, hidden where few children, one of them or one provider lie behind them.

    Parameters
    ----------
    frame : DataFrame
        One row a child: the columns of `by`, `value` (pounds) and, where a price may be known by it, `provider`.
    by : sequence of str
        Columns of the groups.
    value : str
        Column of the pounds.
    provider : str, optional
        Column of the provider: `policy.min_providers` must stand behind a mean, and none dominate it.
    policy : Policy
        Thresholds.

    Returns
    -------
    DataFrame
        The columns of `by`, `children` and `mean` (missing where hidden), `mark`.

    Examples
    --------
    >>> costs = pd.DataFrame({"home": ["a"] * 30 + ["b"] * 4, "cost": [500.0] * 30 + [7313.37] * 4})
    >>> safe_means(costs, by=["home"], value="cost")["mean"].tolist()
    [500.0, nan]
    """
    rows = []
    for key, group in frame.groupby(list(by), observed=True, sort=True):
        values = group[value].to_numpy(dtype=float)
        values = values[np.isfinite(values)]
        safe = len(values) >= policy.min_count and not is_dominated(values, policy)
        if provider is not None and safe:
            paid = group.groupby(provider, observed=True)[value].sum()
            safe = len(paid) >= policy.min_providers and not is_dominated(paid.to_numpy(), policy)
        largest = float(np.max(np.abs(values), initial=0.0))
        mean = pounds(float(values.mean()), len(values), largest=largest, policy=policy) if safe else np.nan
        count = float(to_base(len(values), policy.round_to)) if len(values) >= policy.min_count else np.nan
        rows.append((*key, count, mean, "" if safe else MARK))
    return pd.DataFrame(rows, columns=[*by, "children", "mean", "mark"])


def safe_quantile(values: Sequence[float] | np.ndarray, q: float, policy: Policy = STRICT) -> float | None:
    """Give a quantile in pounds, rounded, or nothing where too few children lie beyond it.

    Examples
    --------
    >>> safe_quantile(range(300, 320), 0.5), safe_quantile(range(300, 390), 0.9)
    (310.0, None)
    """
    found = np.asarray(values, dtype=float)
    if len(found) * min(q, 1 - q) < policy.min_tail - 1e-9:
        return None
    return pounds(float(np.quantile(found, q)), int(len(found) * min(q, 1 - q)), policy=policy)


def axis_ends(values: Sequence[float] | np.ndarray, policy: Policy = STRICT) -> tuple[float, float]:
    """Give the ends of an axis that tell of no child: from nought to well beyond the 95th percentile, rounded up.

    Examples
    --------
    >>> axis_ends([*range(400, 900), 16_432.17])
    (0.0, 1000.0)
    """
    found = np.abs(np.asarray(values, dtype=float))
    top = float(np.quantile(found, 0.95)) if len(found) >= 2 * policy.min_count else float(np.median(found))
    power = 10.0 ** np.floor(np.log10(max(top, 1e-9)))
    return 0.0, float(next(s * power for s in (1, 2, 5, 10) if s * power > top))
