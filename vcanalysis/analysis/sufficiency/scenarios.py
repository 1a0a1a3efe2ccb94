"""What could change the forecast: the same children and the same luck, with one thing different."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from vcanalysis.analysis.sufficiency.costs import behind, draw_costs
from vcanalysis.analysis.sufficiency.forecasting import play
from vcanalysis.analysis.sufficiency.result import Forecast, interval_of_counts
from vcanalysis.analysis.sufficiency.simulation import Shift
from vcanalysis.core.codes import PLACEMENT_TYPES
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates

METHOD = "difference between two simulations on the same random numbers"
WHEN = ("monthly", "coming", "once")


@dataclass(frozen=True, kw_only=True)
class Change:
    """One thing that is different in a scenario: children who would live in one kind of placement live in another.

    Parameters
    ----------
    source, target : str
        Kinds of placement.
    share : float
        Of the children living in `source` each month ("monthly"), of those who would come there ("coming"), or once of
        those living there ("once"); 0 to 1.
    when : str
        "monthly", "coming" or "once".
    first : int
        Month from which it holds, 1 for the first.
    youngest : int
        Least age of the children meant, in years.

    Raises
    ------
    InputError
        If a value cannot be meant.

    Examples
    --------
    >>> Change(source="Residential home", target="Agency fostering", share=0.1, when="once").first
    1
    """

    source: str
    target: str
    share: float
    when: str
    first: int = 1
    youngest: int = 0

    def __post_init__(self) -> None:
        if self.when not in WHEN:
            raise InputError(f"when is {self.when!r}. Give one of: {', '.join(WHEN)}.")
        if not 0 <= self.share <= 1:
            raise InputError(f"share is {self.share}. Give a number from 0 to 1.")
        if self.first < 1:
            raise InputError(f"first is {self.first}. Give a month, 1 for the first.")
        if self.source == self.target:
            raise InputError(f"source and target are both {self.source!r}. Give two kinds of placement.")


def changed(ahead: Forecast, *changes: Change) -> Forecast:
    """Play the same futures again with something different.

    Parameters
    ----------
    ahead : Forecast
        From `forecast`.
    changes : Change
        What is different.

    Returns
    -------
    Forecast
        Of the same futures: the same child meets the same fate until a change moves it. Where `ahead` is not
        estimable, neither is this.

    Raises
    ------
    InputError
        If a kind of placement is neither in the records nor one of `vcanalysis.core.codes.PLACEMENT_TYPES`, or a change
        begins after the forecast ends; of a known kind in which no child has lived the scenario is not estimable.

    Notes
    -----
    A change moves children; it does not make places. That the places exist is the scenario's belief.

    Examples
    --------
    >>> fewer = changed(ahead, Change(source="Residential home", target="Agency fostering", share=0.02,
    ...                               when="monthly"))  # doctest: +SKIP
    """
    if ahead.reason:
        return ahead
    number = {kind: place for place, kind in enumerate(ahead.panel.kinds)}
    strange = [k for c in changes for k in (c.source, c.target) if k not in number]
    if any(c.first > ahead.months for c in changes):
        raise InputError(
            f"A change begins after the {ahead.months} months of the forecast. Give first up to that."
        )
    if strange and strange[0] in PLACEMENT_TYPES:
        return replace(
            ahead, draws=None, found=0, reason=f"a child who lived in {strange[0].lower()} is needed"
        )
    if strange:
        raise InputError(
            f"No kind of placement {strange[0]!r} in the records. They hold: {', '.join(number)}."
        )
    shifts = [
        Shift(number[c.source], number[c.target], c.share, c.when, c.first, 12 * c.youngest) for c in changes
    ]
    return replace(ahead, draws=play(ahead.learnt, shifts))


def grown(
    ahead: Forecast, *, kind: str, instead_of: str, growth: float, month: int = 12
) -> tuple[Change, float]:
    """Find what share of those who would come to one kind must come to another for that to grow as much as said.

    Parameters
    ----------
    ahead : Forecast
        From `forecast`.
    kind, instead_of : str
        Kind that is to grow, and the one the children would have come to.
    growth : float
        Growth of the number of children in `kind` beyond what is forecast, such as 0.14.
    month : int
        Month in which it is to be reached.

    Returns
    -------
    tuple of Change and float
        The change, and the growth it reaches on average: less than asked for where too few would come.

    Raises
    ------
    InputError
        If the growth lies below nought or the month beyond the forecast.

    Examples
    --------
    >>> grown(ahead, kind="In-house fostering", instead_of="Agency fostering", growth=0.14)  # doctest: +SKIP
    """
    if growth < 0 or not 1 <= month <= ahead.months:
        raise InputError(
            f"growth is {growth} in month {month}. Give a share from 0, and a month from 1 to {ahead.months}."
        )
    every = Change(source=instead_of, target=kind, share=1.0, when="coming")
    tried = changed(ahead, every)
    base = float(ahead.counts(kind)[:, month].mean()) if not tried.reason else 0.0
    if base <= 0:
        return replace(every, share=0.0), 0.0
    most = float(tried.counts(kind)[:, month].mean()) / base - 1
    change, reached = every, most
    for _ in range(2):  # children drift away again, so the share is not quite in proportion
        if reached > 0:
            change = replace(every, share=float(np.clip(change.share * growth / reached, 0.0, 1.0)))
            reached = float(changed(ahead, change).counts(kind)[:, month].mean()) / base - 1
    return change, reached


def differences(
    ahead: Forecast,
    scenarios: Mapping[str, Forecast],
    prices: pd.DataFrame,
    *,
    kind: str,
    cost: str = "cost_gbp_week",
    seller: str = "",
    seed: int = 0,
) -> Estimates:
    """Set scenarios beside the forecast: places needed in a kind of placement at the end, and cost of the last year.

    Parameters
    ----------
    ahead : Forecast
        The forecast.
    scenarios : mapping of str to Forecast
        From `changed`, by name.
    prices : DataFrame
        As `draw_costs`; the same prices and growth are drawn for all.
    kind : str
        Kind of placement to count.
    cost : str
        Column of the weekly price.
    seller : str
        Column of prices that says who is paid, for the disclosure gate; empty where it is not known.
    seed : int
        Seed of prices and growth.

    Returns
    -------
    Estimates
        Two a scenario: more or fewer places, one a child, and GBP a year more or less. Gross of what the change costs.

    Examples
    --------
    >>> differences(ahead, {"market loss": lost}, children, kind="Residential home")  # doctest: +SKIP
    """
    n, priced = int(ahead.panel.counts()[-1].sum()), int(prices[cost].notna().sum())
    last = slice(max(ahead.months - 12, 0), ahead.months)
    before = draw_costs(ahead, prices, cost=cost, seed=seed)[:, last].sum(axis=(1, 2))
    place = f"{kind}: change in places needed in {ahead.months} months"
    months = f"months {last.start + 1} to {last.stop}" if ahead.months % 12 else f"year {ahead.months // 12}"
    year = f"Change in the cost of {months}"
    found = []
    for name, other in scenarios.items():
        if other.reason:
            found += [other.none(term, method=METHOD, group=name) for term in (place, year)]
            continue
        if kind not in ahead.panel.kinds:
            why = f"a child who lived in {kind.lower()} is needed"
            found += [_without(term, name, why, 0) for term in (place, year)]
            continue
        more = other.counts(kind)[:, -1] - ahead.counts(kind)[:, -1]
        dearer = draw_costs(other, prices, cost=cost, seed=seed)[:, last].sum(axis=(1, 2)) - before
        living = int(ahead.counts(kind)[:, -1].mean())
        places = _difference(ahead, place, name, more, "places", n)
        found.append(replace(places, support=living))
        gap = _moved(ahead, other, last)
        pounds = _difference(ahead, year, name, dearer, "GBP", n, priced)
        told = behind(ahead, prices, gap, cost=cost, seller=seller)
        found.append(replace(pounds, **told) if pounds.estimable else pounds)
    return Estimates.of(found)


def _moved(ahead: Forecast, other: Forecast, months: slice) -> np.ndarray:
    """Give by how many children of each kind a scenario differs, on average over months."""
    if ahead.draws is None or other.draws is None:
        return np.zeros(len(ahead.panel.kinds))
    more, less = (
        drawn[:, 1:][:, months].sum(axis=3).mean(axis=(0, 1)) for drawn in (other.draws, ahead.draws)
    )
    return more - less


def _without(term: str, group: str, why: str, n: int) -> Estimate:
    return Estimate.not_estimable(term, n=n, reason=why, method=METHOD, group=group)


def _difference(
    ahead: Forecast, term: str, group: str, values: np.ndarray, unit: str, n: int, priced: int = 0
) -> Estimate:
    if np.isnan(values).any():
        return _without(term, group, "more children with a price are needed", priced)
    ends = (0.5 - ahead.level / 2, 0.5 + ahead.level / 2)
    whole = unit == "places"
    low, high = interval_of_counts(values, ahead.level) if whole else tuple(np.quantile(values, ends))
    middle, error = float(values.mean()), float(values.std())
    return Estimate(term, middle, low, high, ahead.level, n, unit, METHOD, group, error)
