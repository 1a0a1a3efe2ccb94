"""What kind of home: the needs of the children forecast, against what carers and homes can do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vcanalysis.analysis.sufficiency.result import Forecast
from vcanalysis.analysis.sufficiency.settings import ADULT, AGE_BANDS, AGE_EDGES
from vcanalysis.core.codes import PLACEMENT_TYPES
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates

METHOD = "children forecast times the share with the need now; range of both"
LEAST_RATED = 10


def gap_by_capability(
    ahead: Forecast,
    children: pd.DataFrame,
    homes: pd.DataFrame,
    *,
    domains: Sequence[str],
    kinds: Sequence[str],
    level: float = 2.0,
    seed: int = 0,
) -> Estimates:
    """Say how many children forecast will need a capability beyond the places that have it, domain by domain.

    Parameters
    ----------
    ahead : Forecast
        The forecast; its last month counts.
    children : DataFrame
        Children in care now: placement_type, and a column of levels of need for each domain, missing where not rated.
    homes : DataFrame
        One row a home: approved_places, and a column of capability for each domain, as `matching.profile_homes` gives.
    domains : sequence of str
        Domains.
    kinds : sequence of str
        Kinds of placement whose children the homes are to care for.
    level : float
        Level of need from which a home must be able to meet it.
    seed : int
        Seed of the shares.

    Returns
    -------
    Estimates
        One a domain, most wanting first: places wanting, negative where there are more than needed. A place may have
        several capabilities, so the domains do not add up.

    Raises
    ------
    InputError
        If a column is missing or `kinds` names what is no kind of placement.

    Notes
    -----
    Children who come are taken to need what children in those kinds need now. Ratings are taken as they are.

    Examples
    --------
    >>> gap_by_capability(ahead, children, homes, domains=domains, kinds=["Agency fostering"])  # doctest: +SKIP
    """
    require_columns(children, "placement_type", *domains)
    rng = np.random.default_rng((seed, 31))
    expected = _expected(ahead, kinds)
    living = children.loc[children["placement_type"].astype("str").isin(kinds)]
    places = number_column(homes, "approved_places")
    found = []
    for domain in domains:
        need, able = number_column(living, domain), number_column(homes, domain)
        rated = int((~np.isnan(need)).sum())
        high = int((need >= level).sum())
        share = rng.beta(high + 0.5, rated - high + 0.5, len(expected))
        there = float(np.nansum(places[able >= level]))
        found.append(_gap(ahead, expected * share - there, domain, rated))
    return Estimates.of(sorted(found, key=lambda e: -(e.value if e.value is not None else -np.inf)))


def gap_by_age(ahead: Forecast, homes: pd.DataFrame, *, kinds: Sequence[str]) -> Estimates:
    """Say how many children of each age will be beyond the places open to that age.

    Parameters
    ----------
    ahead : Forecast
        The forecast; its last month counts.
    homes : DataFrame
        One row a home: approved_places, age_min and age_max in years.
    kinds : sequence of str
        Kinds of placement whose children the homes are to care for.

    Returns
    -------
    Estimates
        One an age band: places wanting. A place open to several ages counts for each of them: a place taken by one age
        is gone for the others, so that the true gap is no smaller.

    Raises
    ------
    InputError
        If a column is missing or `kinds` names what is no kind of placement.

    Examples
    --------
    >>> gap_by_age(ahead, homes, kinds=["In-house fostering"])  # doctest: +SKIP
    """
    places, youngest, oldest = (number_column(homes, c) for c in ("approved_places", "age_min", "age_max"))
    edges = [*AGE_EDGES, ADULT]
    n = int(ahead.panel.counts()[-1].sum())
    found = []
    for number, band in enumerate(AGE_BANDS):
        low, high = edges[number] / 12, edges[number + 1] / 12
        open_to = (youngest < high) & (oldest + 1 > low)
        expected = _expected(ahead, kinds, age=number)
        found.append(_gap(ahead, expected - float(np.nansum(places[open_to])), band, n))
    return Estimates.of(found)


def far_from_home(
    ahead: Forecast,
    children: pd.DataFrame,
    *,
    miles: float = 20.0,
    distance: str = "distance_miles",
    seed: int = 0,
) -> Estimate:
    """Say how many children will live far from home if places stay where they are.

    Parameters
    ----------
    ahead : Forecast
        The forecast; its last month counts.
    children : DataFrame
        Children in care now: placement_type and `distance` in miles, missing where not known.
    miles : float
        From where it is far.
    distance : str
        Column of distance.
    seed : int
        Seed of the shares.

    Raises
    ------
    InputError
        If a column is missing.

    Notes
    -----
    The share who live far away is that of each kind of placement now, where three or more distances are known, and of
    all kinds together elsewhere.

    Examples
    --------
    >>> far_from_home(ahead, children).sentence()  # doctest: +SKIP
    'Children more than 20 miles from home in 12 months: 44 children (95% interval 31 to 60; 270 children).'
    """
    require_columns(children, "placement_type", distance)
    rng = np.random.default_rng((seed, 37))
    apart, kind = number_column(children, distance), children["placement_type"].astype("str").to_numpy()
    known = ~np.isnan(apart)
    term = f"Children more than {miles:g} miles from home in {ahead.months} months"
    if ahead.reason:
        return ahead.none(term, method=METHOD)
    if known.sum() < LEAST_RATED:
        why = f"at least {LEAST_RATED} known distances are needed"
        return Estimate.not_estimable(term, n=int(known.sum()), reason=why, method=METHOD)
    total = np.zeros(len(ahead.counts()))
    for name in ahead.panel.kinds:
        own = known & (kind == name)
        own = own if own.sum() >= 3 else known
        far, near = int((apart[own] > miles).sum()), int((apart[own] <= miles).sum())
        total += ahead.counts(name)[:, -1] * rng.beta(far + 0.5, near + 0.5, len(total))
    low, high = np.quantile(total, [0.5 - ahead.level / 2, 0.5 + ahead.level / 2])
    return Estimate(
        term,
        total.mean(),
        low,
        high,
        ahead.level,
        int(known.sum()),
        "children",
        METHOD,
        std_error=total.std(),
    )


def strategy_table(ahead: Forecast, *, months: Sequence[int] = (12,)) -> pd.DataFrame:
    """Lay out the table of a sufficiency strategy: children now and some months ahead, by kind of placement.

    Parameters
    ----------
    ahead : Forecast
        The forecast.
    months : sequence of int
        Months ahead to show.

    Returns
    -------
    DataFrame
        One row a kind and one for all: now, then for each month the middle and "low to high", whole children.

    Examples
    --------
    >>> strategy_table(ahead, months=(12, 36))  # doctest: +SKIP
    """
    counts = ahead.panel.counts()[-1]
    table = pd.DataFrame({"now": [*counts, counts.sum()]}, index=[*ahead.panel.kinds, "All children"])
    table.index.name = "kind of placement"
    for month in months:
        found = [*ahead.by_kind(month), ahead.total(month)]
        table[f"in {month} months"] = [
            f"{e.value:.0f}" if e.value is not None else "not estimable" for e in found
        ]
        table[f"{month} months: interval"] = [
            f"{e.low:.0f} to {e.high:.0f}" if e.has_interval else "" for e in found
        ]
    return table


def _expected(ahead: Forecast, kinds: Sequence[str], age: int | None = None) -> np.ndarray:
    """Count the children of some kinds in every future at the end."""
    strange = set(kinds) - set(ahead.panel.kinds) - set(PLACEMENT_TYPES)
    if strange:
        raise InputError(f"No kind of placement {min(strange)!r}. Kinds are: {', '.join(PLACEMENT_TYPES)}.")
    if ahead.draws is None:
        return np.zeros(0)
    numbers = [place for place, kind in enumerate(ahead.panel.kinds) if kind in kinds]
    some = ahead.draws[:, -1, numbers]
    return (some.sum(axis=(1, 2)) if age is None else some[:, :, age].sum(axis=1)).astype("float64")


def _gap(ahead: Forecast, wanting: np.ndarray, group: str, n: int) -> Estimate:
    term = f"Places wanting in {ahead.months} months"
    if ahead.reason:
        return ahead.none(term, method=METHOD, group=group)
    if n < LEAST_RATED:
        why = f"at least {LEAST_RATED} rated children are needed"
        return Estimate.not_estimable(term, n=n, reason=why, method=METHOD, group=group)
    low, high = np.quantile(wanting, [0.5 - ahead.level / 2, 0.5 + ahead.level / 2])
    return Estimate(
        term, wanting.mean(), low, high, ahead.level, n, "placements", METHOD, group, float(wanting.std())
    )
