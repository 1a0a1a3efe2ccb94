"""What the council pays against what other councils pay: a price index for its own mix, and how far councils spread."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.core.columns import cost_column, number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.parts import parts_of, sellers_of
from vcanalysis.core.resampled import mean_draws, studentised_interval

TERMS = (
    "Price index, same mix of placements, the middle council being 1",
    "Share of councils that are cheaper, same mix",
    "Tenth dearest council over tenth cheapest of a hundred, same mix",
)
METHOD = (
    "own mean prices over published ones at the council's own mix; bootstrap-t over children, kind by kind"
)
SPREAD = "ratio of the 90th to the 10th percentile of published prices, exact"
LEAST_PRICED, LEAST_COUNCILS = 20, 5


def councils_beside(panel: pd.DataFrame, *, council: str, year: int, region: str = "") -> pd.DataFrame:
    """Give the other councils of a region in one year.

    Parameters
    ----------
    panel : DataFrame
        One row a council and year: council_code, region, year.
    council : str
        Code of the council, which is left out.
    year : int
        Year, by its 31 March.
    region : str
        Name of the region; empty for the council's own, or for all councils where it is not in the panel.

    Raises
    ------
    InputError
        If a column is missing, or the panel has no such region.

    Examples
    --------
    >>> panel = pd.DataFrame({"council_code": ["a", "b", "c"], "region": ["East", "East", "West"], "year": 2020})
    >>> councils_beside(panel, council="a", year=2020)["council_code"].tolist()
    ['b']
    """
    require_columns(panel, "council_code", "region", "year")
    own = panel.loc[panel["council_code"].eq(council), "region"].dropna()
    wanted = region or (str(own.iloc[-1]) if len(own) else "")
    others = panel[panel["council_code"].ne(council) & panel["year"].eq(year)]
    if not wanted:
        return others
    if not panel["region"].eq(wanted).any():
        names = ", ".join(sorted(panel["region"].dropna().astype("str").unique()))
        raise InputError(f"The panel has no region {wanted!r}. Its regions are: {names}.")
    return others[others["region"].eq(wanted)]


def price_index(
    children: pd.DataFrame,
    councils: pd.DataFrame,
    *,
    prices: Mapping[str, Sequence[str]],
    cost: str,
    group: str = "placement_type",
    seller: str = "",
    level: float = 0.95,
    seed: int = 0,
) -> Estimates:
    """Hold the council's prices against those of other councils, for the placements it has.

    Parameters
    ----------
    children : DataFrame
        One row per child in care: the kind of placement in `group` and its weekly price in `cost`.
    councils : DataFrame
        One row per other council, such as those of its region in one year: a column of weekly prices for each of
        `prices`.
    prices : mapping of str to sequence of str
        Column of `councils` to the kinds of placement it is the price of.
    cost, group, seller : str
        Columns of `children`; the last who was paid, missing where the council itself provides.
    level : float
        Confidence level.
    seed : int
        Seed of the resamples.

    Returns
    -------
    Estimates
        The index, the share of councils that are cheaper, and how far councils spread: the 90th over the 10th
        percentile. Prices with fewer than 20 priced children are left out of the mix. Not estimable where all are, or
        where fewer than five councils have all prices of the mix.

    Raises
    ------
    InputError
        If a column is missing or a price is no number.

    Notes
    -----
    The council's mix values its own prices and those of all others, as in a Lowe index: who has more homes is no dearer
    for it. Published unit costs are spend per place, the council's are prices agreed: they lie near, and are not the
    same. The interval speaks of children like these placed again; the other councils are all there are.

    References
    ----------
    International Monetary Fund and others (2020), Consumer Price Index Manual, chapter 2, on Lowe indices.

    Examples
    --------
    >>> children = pd.DataFrame({"placement_type": ["Home"] * 21, "cost": [3000.0, 3600, 3300] * 7})
    >>> councils = pd.DataFrame({"home_gbp_week": [2500.0, 2800, 3000, 3200, 3500]})
    >>> price_index(children, councils, prices={"home_gbp_week": ["Home"]}, cost="cost")[0].words()
    '1.10 (95% interval 1.06 to 1.14)'
    """
    require_columns(children, group, *([seller] if seller else []))
    paid, kind = cost_column(children, cost), children[group].astype("str").to_numpy()
    rows = {name: np.flatnonzero(np.isin(kind, list(kinds)) & (paid > 0)) for name, kinds in prices.items()}
    mix = {name: some for name, some in rows.items() if len(some) >= LEAST_PRICED}
    if not mix:
        most = max(map(len, rows.values()), default=0)
        return _none(f"at least {LEAST_PRICED} priced children in one kind of placement are needed", most)
    each = np.array([len(some) * number_column(councils, name) for name, some in mix.items()]).sum(axis=0)
    basket = np.sort(each[np.isfinite(each)])
    if len(basket) < LEAST_COUNCILS:
        return _none(f"at least {LEAST_COUNCILS} councils with every price are needed", len(basket))
    every = np.concatenate(list(mix.values()))
    who = children[seller].to_numpy(dtype=object)[every] if seller else None
    behind = {"parts": parts_of(paid[every]), "sellers": sellers_of(paid[every], who)}
    index = _index([paid[some] for some in mix.values()], float(np.median(basket)), level, seed, behind)
    dearer = np.quantile(basket, 0.9) / np.quantile(basket, 0.1)
    spread = Estimate(TERMS[2], float(dearer), n=len(basket), unit="ratio", method=SPREAD, of="councils")
    return Estimates((index, _place(index, basket, behind), spread))


def _index(
    parts: list[np.ndarray], middle: float, level: float, seed: int, behind: dict[str, Any]
) -> Estimate:
    """Give the index: each kind is resampled by itself, its size being given."""
    n, spent = sum(map(len, parts)), float(sum(values.sum() for values in parts))
    error = math.sqrt(sum(len(values) * values.var(ddof=1) for values in parts))
    if error == 0:
        return Estimate.not_estimable(
            TERMS[0], n=n, reason="all prices of a kind are the same", method=METHOD
        )
    drawn = [mean_draws(values, seed=seed + place) for place, values in enumerate(parts)]
    sums = sum(len(values) * means for values, (means, _) in zip(parts, drawn, strict=True))
    squares = sum((len(values) * errors) ** 2 for values, (_, errors) in zip(parts, drawn, strict=True))
    low, high = studentised_interval((sums, np.sqrt(squares)), spent, error, n=n, level=level)  # type: ignore[arg-type]
    value, ends = spent / middle, (low / middle, high / middle)
    return Estimate(TERMS[0], value, *ends, level, n, "index", METHOD, std_error=error / middle, **behind)


def _place(index: Estimate, basket: np.ndarray, behind: dict[str, Any]) -> Estimate:
    """Give the share of councils whose basket costs less, for the index and for both its ends."""
    if index.value is None or index.low is None or index.high is None:
        return Estimate.not_estimable(TERMS[1], n=index.n, reason=index.reason, method=METHOD)
    middle = float(np.median(basket))
    value, low, high = (
        float(np.searchsorted(basket, end * middle) / len(basket))
        for end in (index.value, index.low, index.high)
    )
    return Estimate(TERMS[1], value, low, high, index.level, index.n, "share", METHOD, **behind)


def _none(reason: str, n: int) -> Estimates:
    return Estimates.of(Estimate.not_estimable(term, n=n, reason=reason, method=METHOD) for term in TERMS)
