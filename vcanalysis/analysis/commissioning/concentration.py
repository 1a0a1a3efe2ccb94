"""How concentrated the market is: the chance that two children live with the same provider, and shares of spend."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd

from vcanalysis.core.columns import cost_column, require_columns
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import normal_quantile
from vcanalysis.core.parts import parts_of

MINIMUM = 20
METHOD = "chance that two children have the same provider; jackknife over children on the logit scale"


def concentration(frame: pd.DataFrame, *, provider: str, group: str = "", level: float = 0.95) -> Estimates:
    """Concentration of a market by children: Herfindahl and Hirschman, without the bias of few children.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows without a provider are left out.
    provider : str
        Column of providers.
    group : str
        Column of markets, such as the type of placement; without it all children are one market.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        Unit "share": 1 is a monopoly, 0.25 four equal providers. Not estimable below 20 children or with one provider.

    Raises
    ------
    InputError
        If a column is missing.

    Notes
    -----
    The interval speaks of children like these placed again, not of the children counted, of whom it is exact.

    References
    ----------
    Simpson EH (1949), Nature 163:688; Hirschman AO (1964), Am Econ Rev 54:761.

    Examples
    --------
    >>> frame = pd.DataFrame({"provider": ["a"] * 30 + ["b"] * 5 + ["c"] * 5})
    >>> concentration(frame, provider="provider")[0].words()
    '58% (95% interval 40% to 75%)'
    """
    require_columns(frame, provider, *([group] if group else []))
    known = frame[frame[provider].notna()]
    if not group:
        return Estimates((_chance(known[provider].astype("str"), "all", level),))
    names = sorted(known[group].dropna().astype("str").unique())
    word = known[group].astype("str")
    return Estimates.of(_chance(known.loc[word.eq(n), provider].astype("str"), n, level) for n in names)


def _chance(providers: pd.Series, group: str, level: float) -> Estimate:
    term, about = "Chance that two children have the same provider", {"group": group, "method": METHOD}
    sizes = providers.value_counts().to_numpy(dtype=float)
    n = int(sizes.sum())
    if n < MINIMUM:
        return Estimate.not_estimable(
            term, n=n, reason=f"at least {MINIMUM} children with a provider are needed", **about
        )
    if len(sizes) == 1:
        return Estimate.not_estimable(
            term, n=n, reason="there is one provider: it has the whole market", **about
        )
    same = float((sizes * (sizes - 1)).sum())
    value = same / (n * (n - 1))
    without = (same - 2 * (sizes - 1)) / ((n - 1) * (n - 2))  # one child of each provider left out
    spread = math.sqrt((n - 1) / n * float(sizes @ (without - sizes @ without / n) ** 2))
    if not 0 < value < 1 or spread == 0:
        return Estimate.not_estimable(
            term, n=n, reason="all providers have the same number of children", **about
        )
    middle, half = math.log(value / (1 - value)), normal_quantile(level) * spread / (value * (1 - value))
    low, high = (1 / (1 + math.exp(-middle + side * half)) for side in (1, -1))
    return Estimate(term, value, low, high, level, n, "share", METHOD, group, spread)


def spend_shares(frame: pd.DataFrame, *, provider: str, cost: str, largest: int = 3) -> Estimates:
    """Give the share of the weekly spend that the largest providers take, exactly.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows without a provider or a price are left out.
    provider, cost : str
        Columns.
    largest : int
        How many are taken together.

    Returns
    -------
    Estimates
        Share of the spend, and the Herfindahl index of the spend; both arithmetic, without an interval.

    Raises
    ------
    InputError
        If a column is missing or a price is no number.

    Examples
    --------
    >>> frame = pd.DataFrame({"provider": ["a", "a", "b", "c"], "cost": [300.0, 300.0, 200.0, 200.0]})
    >>> [round(e.value, 2) for e in spend_shares(frame, provider="provider", cost="cost", largest=2)]
    [0.8, 0.44]
    """
    require_columns(frame, provider)
    costs = cost_column(frame, cost)
    known = ~np.isnan(costs) & frame[provider].notna().to_numpy()
    by = pd.Series(costs[known]).groupby(frame.loc[known, provider].astype("str").to_numpy()).sum()
    terms = (
        f"Share of weekly spend with the {largest} largest providers",
        "Concentration of weekly spend (Herfindahl index)",
    )
    if not len(by) or by.sum() == 0:
        reason = "no child has a provider and a price"
        return Estimates.of(Estimate.not_estimable(t, n=0, reason=reason) for t in terms)
    parts = (by / by.sum()).sort_values(ascending=False).to_numpy()
    about = {
        "n": int(known.sum()),
        "unit": "share",
        "method": "arithmetic, exact",
        "parts": parts_of(by.to_numpy()),
    }
    values = float(parts[:largest].sum()), float((parts**2).sum())
    return Estimates.of(Estimate(t, v, **about) for t, v in zip(terms, values, strict=True))  # type: ignore[arg-type]
