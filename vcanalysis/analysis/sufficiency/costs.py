"""What the children forecast will cost: prices paid now, carried forward with a growth that is only assumed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TypedDict

import numpy as np
import pandas as pd

from vcanalysis.analysis.sufficiency.result import Forecast
from vcanalysis.core.codes import FAMILY_TYPES, HOME_TYPES, PLACEMENT_TYPES
from vcanalysis.core.columns import cost_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.facts import Assumption, assumption
from vcanalysis.core.parts import Parts, Sellers, parts_of, sellers_of
from vcanalysis.core.period import WEEKS_PER_YEAR

METHOD = "children forecast times prices paid now, with assumed growth"
LEAST_PRICED = 3


class _Behind(TypedDict):
    parts: Parts
    sellers: Sellers | None


def price_growth(kind: str) -> Assumption:
    """Give the assumed growth of the price of a kind of placement, with its range and reason.

    Examples
    --------
    >>> price_growth("Residential home").central
    0.07
    """
    if kind in HOME_TYPES:
        return assumption("price_growth_residential")
    return assumption("price_growth_fostering" if kind in FAMILY_TYPES else "price_growth_elsewhere")


def draw_costs(
    ahead: Forecast,
    prices: pd.DataFrame,
    *,
    cost: str = "cost_gbp_week",
    growth: Mapping[str, tuple[float, float, float]] | None = None,
    seed: int = 0,
) -> np.ndarray:
    """Draw the cost of each month ahead by kind of placement, in every future.

    Parameters
    ----------
    ahead : Forecast
        Children in care.
    prices : DataFrame
        One row a child in care now: placement_type and the weekly price in `cost`, GBP a week.
    cost : str
        Column of the price.
    growth : mapping, optional
        Kind of placement to the low, central and high growth of its price a year; others as `price_growth`.
    seed : int
        Seed of prices and growth.

    Returns
    -------
    array (futures, months, kinds)
        GBP. A kind with fewer than three prices borrows those of its like (homes, families, others), or of all; missing
        where fewer than three children are priced.

    Raises
    ------
    InputError
        If a column is missing, a price lies below nought, or `growth` names what is no kind of placement.

    Notes
    -----
    The mean price of a kind is resampled among the children priced (Bayesian bootstrap); growth is drawn from a
    triangle over its range, one draw a future, the same for kinds that share an assumption.
    """
    if set(growth or ()) - set(PLACEMENT_TYPES) - set(ahead.panel.kinds):
        raise InputError(f"growth names no kind of placement. Give some of: {', '.join(ahead.panel.kinds)}.")
    rng = np.random.default_rng((seed, 17))
    futures = len(ahead.counts())
    every = (
        ahead.draws.sum(axis=3)
        if ahead.draws is not None
        else np.zeros((0, ahead.months + 1, len(ahead.panel.kinds)))
    )
    stay = (every[:, 1:] + every[:, :-1]) / 2
    now = _mean_prices(ahead, prices, cost, futures, rng)
    grows = _growth(ahead.panel.kinds, growth or {}, futures, rng)
    years = (np.arange(ahead.months) + 0.5) / 12
    rate = now[:, None, :] * (1 + grows[:, None, :]) ** years[None, :, None]
    with np.errstate(invalid="ignore"):
        return np.where(stay > 0, stay * rate * WEEKS_PER_YEAR / 12, 0.0)


def _mean_prices(
    ahead: Forecast, prices: pd.DataFrame, cost: str, futures: int, rng: np.random.Generator
) -> np.ndarray:
    require_columns(prices, "placement_type")
    paid, kind = cost_column(prices, cost), prices["placement_type"].astype("str").to_numpy()
    found = np.full((futures, len(ahead.panel.kinds)), np.nan)
    for number, some in enumerate(_priced(ahead.panel.kinds, paid, kind)):
        if some.any():
            weights = rng.standard_exponential((futures, int(some.sum())))
            found[:, number] = weights @ paid[some] / weights.sum(axis=1)
    return found


def _priced(kinds: tuple[str, ...], paid: np.ndarray, kind: np.ndarray) -> list[np.ndarray]:
    """Say, for each kind, whose prices stand for it: its own, those of its like, or all."""
    known, like = ~np.isnan(paid), np.array([_like(k) for k in kind])
    found = []
    for name in kinds:
        nearest = (known & (kind == name), known & (like == _like(name)), known)
        found.append(next((some for some in nearest if some.sum() >= LEAST_PRICED), np.zeros_like(known)))
    return found


def behind(ahead: Forecast, prices: pd.DataFrame, children: np.ndarray, *, cost: str, seller: str) -> _Behind:
    """Say which children's prices, and whose, make most of a sum in pounds, for the disclosure gate.

    Parameters
    ----------
    ahead, prices, cost
        As `draw_costs`.
    children : array (kinds)
        Children of each kind whose cost is in the sum, or by how many they differ.
    seller : str
        Column of who is paid; empty where it is not known.
    """
    paid, kind = cost_column(prices, cost), prices["placement_type"].astype("str").to_numpy()
    each = np.zeros(len(paid))
    for some, many in zip(_priced(ahead.panel.kinds, paid, kind), np.abs(children), strict=True):
        if some.any():
            each[some] += many / some.sum() * paid[some] * WEEKS_PER_YEAR
    known = ~np.isnan(paid)
    sold = prices[seller].to_numpy(dtype=object)[known] if seller else None
    return {"parts": parts_of(each[known]), "sellers": sellers_of(each[known], sold)}


def _like(kind: str) -> str:
    return "homes" if kind in HOME_TYPES else "families" if kind in FAMILY_TYPES else "others"


def _growth(
    kinds: tuple[str, ...],
    own: Mapping[str, tuple[float, float, float]],
    futures: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Draw growth a year: one draw a future for each assumption."""
    place = {name: rng.random(futures) for name in ("homes", "families", "others")}
    found = np.empty((futures, len(kinds)))
    for number, kind in enumerate(kinds):
        believed = price_growth(kind)
        low, middle, high = own.get(kind, (believed.low, believed.central, believed.high))
        found[:, number] = _triangle(place[_like(kind)], low, middle, high)
    return found


def _triangle(share: np.ndarray, low: float, middle: float, high: float) -> np.ndarray:
    """Give the quantiles of a triangular distribution; its one value where it has no width."""
    if high <= low:
        return np.full(len(share), middle)
    turn = (middle - low) / (high - low)
    rising = low + np.sqrt(share * (high - low) * (middle - low))
    return np.where(share < turn, rising, high - np.sqrt((1 - share) * (high - low) * (high - middle)))


def yearly_cost(
    ahead: Forecast,
    prices: pd.DataFrame,
    *,
    cost: str = "cost_gbp_week",
    growth: Mapping[str, tuple[float, float, float]] | None = None,
    seller: str = "",
    seed: int = 0,
) -> Estimates:
    """Give the cost of each whole year ahead.

    Parameters
    ----------
    ahead, prices, cost, growth, seed
        As `draw_costs`.
    seller : str
        Column of prices that says who is paid, for the disclosure gate; empty where it is not known.

    Returns
    -------
    Estimates
        One a year, GBP at the prices of that year; not estimable where fewer than three children are priced.

    Examples
    --------
    >>> yearly_cost(ahead, children)[0].sentence()  # doctest: +SKIP
    'Cost of year 1: £17.2 million (95% interval £15.0 million to £19.8 million; 276 children).'
    """
    drawn = draw_costs(ahead, prices, cost=cost, growth=growth, seed=seed).sum(axis=2)
    n, priced = int(ahead.panel.counts()[-1].sum()), int(prices[cost].notna().sum())
    found = []
    for year in range(ahead.months // 12):
        part = slice(12 * year, 12 * year + 12)
        made = _year(ahead, drawn[:, part], year + 1, n, priced)
        if made.estimable and ahead.draws is not None:
            living = ahead.draws[:, part].sum(axis=3).mean(axis=(0, 1))
            made = replace(made, **behind(ahead, prices, living, cost=cost, seller=seller))
        found.append(made)
    return Estimates.of(found)


def _year(ahead: Forecast, drawn: np.ndarray, year: int, n: int, priced: int) -> Estimate:
    term = f"Cost of year {year}"
    values = drawn.sum(axis=1)
    if ahead.reason:
        return ahead.none(term, method=METHOD)
    if np.isnan(values).any():
        why = f"at least {LEAST_PRICED} children with a price are needed"
        return Estimate.not_estimable(term, n=priced, reason=why, method=METHOD)
    low, high = np.quantile(values, [0.5 - ahead.level / 2, 0.5 + ahead.level / 2])
    return Estimate(term, values.mean(), low, high, ahead.level, n, "GBP", METHOD, std_error=values.std())
