"""What kind of home: the needs of the children forecast, against what carers and homes can do."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from vcanalysis.analysis.sufficiency.bands import ages_together
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
        few = min(high, rated - high)  # a gap tells of those who have the need, and of those who have not
        found.append(
            _gap(ahead, expected * share - there, domain.replace("_", " "), rated, few, homes=len(homes))
        )
    return Estimates.of(sorted(found, key=lambda e: -(e.value if e.value is not None else -np.inf)))


def gap_by_age(
    ahead: Forecast, homes: pd.DataFrame, *, kinds: Sequence[str], least: float = 0.0
) -> Estimates:
    """Say how many children of each age will be beyond the places open to that age.

    Parameters
    ----------
    ahead : Forecast
        The forecast; its last month counts.
    homes : DataFrame
        One row a home: approved_places, age_min and age_max in years.
    kinds : sequence of str
        Kinds of placement whose children the homes are to care for.
    least : float
        Ages at which fewer children are expected are put with their neighbours.

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
    expected = [_expected(ahead, kinds, age=number) for number in range(len(AGE_BANDS))]
    sizes = np.array([[one.mean() if len(one) else np.inf for one in expected]])
    found = []
    for band, ages in ages_together(sizes, least=least):
        low, high = edges[ages[0]] / 12, edges[ages[-1] + 1] / 12
        open_to = (youngest < high) & (oldest + 1 > low)
        living = np.sum([expected[age] for age in ages], axis=0)
        few = int(living.mean()) if len(living) else 0
        found.append(_gap(ahead, living - float(np.nansum(places[open_to])), band, n, few, homes=len(homes)))
    return Estimates.of(found)


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


def _gap(ahead: Forecast, wanting: np.ndarray, group: str, n: int, few: int, *, homes: int) -> Estimate:
    term = f"Places wanting in {ahead.months} months"
    if ahead.reason:
        return ahead.none(term, method=METHOD, group=group)
    if not homes:  # else every child would be a place wanting
        why = "the council's homes or carers, with their places, are needed"
        return Estimate.not_estimable(term, n=0, reason=why, method=METHOD, group=group)
    if n < LEAST_RATED:
        why = f"at least {LEAST_RATED} rated children are needed"
        return Estimate.not_estimable(term, n=n, reason=why, method=METHOD, group=group)
    low, high = np.quantile(wanting, [0.5 - ahead.level / 2, 0.5 + ahead.level / 2])
    about = {"method": METHOD, "group": group, "std_error": float(wanting.std()), "support": few}
    return Estimate(term, wanting.mean(), low, high, ahead.level, n, "places", **about)  # type: ignore[arg-type]
