"""How far from home, and inside or outside the area: the children forecast, if places stay where they are."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from vcanalysis.analysis.sufficiency.result import Forecast
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates

METHOD = "children forecast times the share living so far away now; range of both"
LEAST_KNOWN = 10
MILES = (5.0, 10.0, 20.0)
AREAS = ("inside", "outside")


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
    bands = by_distance(ahead, children, edges=(miles,), distance=distance, seed=seed)
    return bands[-1].named(
        term=f"Children more than {miles:g} miles from home in {ahead.months} months", group="all"
    )


def by_distance(
    ahead: Forecast,
    children: pd.DataFrame,
    *,
    edges: Sequence[float] = MILES,
    distance: str = "distance_miles",
    seed: int = 0,
) -> Estimates:
    """Say how many children will live how far from home, if places stay where they are.

    Parameters
    ----------
    ahead : Forecast
        The forecast; its last month counts.
    children : DataFrame
        Children in care now: placement_type and `distance` in miles, missing where not known.
    edges : sequence of float
        Miles at which one band ends and the next begins, upwards.
    distance : str
        Column of distance.
    seed : int
        Seed of the shares.

    Returns
    -------
    Estimates
        One a band, near to far, in children: those far away are the places wanting nearer home. They add up to all.

    Raises
    ------
    InputError
        If a column is missing, or edges do not rise.

    Notes
    -----
    Shares are those of `far_from_home`, for all bands at once. A council folder keeps no district: where a child's home
    is known to the mile, a district would name it. Inside or outside the council is kept: `by_area`.

    Examples
    --------
    >>> by_distance(ahead, children).sentence()  # doctest: +SKIP
    """
    require_columns(children, "placement_type", distance)
    if not len(edges) or (np.diff(edges) <= 0).any() or edges[0] <= 0:
        raise InputError(f"Edges are {tuple(edges)}. Give miles above nought that rise, such as 5, 10, 20.")
    apart = number_column(children, distance)
    band = np.where(np.isnan(apart), -1, np.searchsorted(edges, apart, side="left"))
    term = f"Children by distance from home in {ahead.months} months"
    return _dealt(ahead, children, band, names=_bands(edges), term=term, what="distances", seed=(seed, 37))


def by_area(ahead: Forecast, children: pd.DataFrame, *, area: str = "area", seed: int = 0) -> Estimates:
    """Say how many children will live inside and outside the council's own area, if places stay where they are.

    Parameters
    ----------
    ahead : Forecast
        The forecast; its last month counts.
    children : DataFrame
        Children in care now: placement_type and `area`, "inside" or "outside", missing where not known.
    area : str
        Column of area.
    seed : int
        Seed of the shares.

    Returns
    -------
    Estimates
        Inside and outside, in children: those outside are the places wanting at home. They add up to all.

    Raises
    ------
    InputError
        If a column is missing.

    Notes
    -----
    As `by_distance`: each kind of placement keeps the share that lives outside now.

    Examples
    --------
    >>> by_area(ahead, children).sentence()  # doctest: +SKIP
    """
    require_columns(children, "placement_type", area)
    said = children[area].astype("str")
    there = np.select([said.eq(name) for name in AREAS], range(len(AREAS)), default=-1)
    term = f"Children by area of the placement in {ahead.months} months"
    names = [f"{name} the council's area" for name in AREAS]
    return _dealt(ahead, children, there, names=names, term=term, what="areas", seed=(seed, 43))


def _dealt(
    ahead: Forecast,
    children: pd.DataFrame,
    part: np.ndarray,
    *,
    names: list[str],
    term: str,
    what: str,
    seed: tuple[int, int],
) -> Estimates:
    """Deal the children forecast out to parts as those of each kind of placement are now; -1 is not known."""
    if ahead.reason:
        return Estimates.of(ahead.none(term, method=METHOD, group=name) for name in names)
    known, kind = part >= 0, children["placement_type"].astype("str").to_numpy()
    n = int(known.sum())
    if n < LEAST_KNOWN:
        why = f"at least {LEAST_KNOWN} known {what} are needed"
        about = {"n": n, "reason": why, "method": METHOD}
        return Estimates.of(Estimate.not_estimable(term, group=name, **about) for name in names)  # type: ignore[arg-type]
    total = np.zeros((len(ahead.counts()), len(names)))
    for number, name in enumerate(ahead.panel.kinds):
        own = known & (kind == name)
        own = own if own.sum() >= 3 else known
        there = np.bincount(part[own], minlength=len(names))
        rng = np.random.default_rng((*seed, number))
        total += ahead.counts(name)[:, -1:] * _shares(there, len(total), rng)
    ends = np.quantile(total, [0.5 - ahead.level / 2, 0.5 + ahead.level / 2], axis=0)
    return Estimates.of(
        Estimate(term, mean, low, high, ahead.level, n, "children", METHOD, name, error)
        for name, mean, low, high, error in zip(
            names, total.mean(axis=0), *ends, total.std(axis=0), strict=True
        )
    )


def _shares(there: np.ndarray, size: int, rng: np.random.Generator) -> np.ndarray:
    """Draw the shares of bands; first the farthest against all nearer, so that it hangs on no other edge."""
    far = rng.beta(there[-1] + 0.5, there[:-1].sum() + 0.5, (size, 1))
    near = rng.dirichlet(there[:-1] + 0.5 / (len(there) - 1), size)
    return np.hstack([near * (1 - far), far])


def _bands(edges: Sequence[float]) -> list[str]:
    between = [f"{low:g} to {high:g} miles" for low, high in pairwise(edges)]
    return [f"up to {edges[0]:g} miles", *between, f"more than {edges[-1]:g} miles"]
