"""Children and homes as a problem of matching: who may live where, and what of the need would go unmet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from vcanalysis.analysis.matching.rules import Names, Rules
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError

ENOUGH = 0.8  # share of domains that must be rated
JITTER = 0.01  # levels by which ties are broken, in all
CELLS = 1_500_000  # pairs held at once: 12 MB a table
NO_HOME = -1


@dataclass(frozen=True)
class Problem:
    """A problem of matching, checked: made by `pose`.

    Parameters
    ----------
    child_ids, home_ids : array
        Identifiers of the n children and m homes that take part.
    need : array (n, domains)
        Levels of need; NaN where not rated.
    capability : array (m, domains)
        Highest level of need each home can meet.
    age : array (n)
        Age in whole years; NaN where not known.
    unit : array (n) of int
        Number of the sibling group of each child: children with the same number stay together.
    places : array (m) of int
        Free places.
    approved : array (m, 2)
        Youngest and oldest age approved.
    present : array (n) of int
        Home lived in now, -1 for none of these.
    miles : array (n, m) or None
        Distances.
    domains : tuple of str
        Names of the domains.
    rules : Rules
        The conditions.
    seed : int
        Seed by which ties are broken.
    left_out : dict
        Children and homes that take no part, counted by reason.
    """

    child_ids: np.ndarray = field(repr=False)
    home_ids: np.ndarray = field(repr=False)
    need: np.ndarray = field(repr=False)
    capability: np.ndarray = field(repr=False)
    age: np.ndarray = field(repr=False)
    unit: np.ndarray = field(repr=False)
    places: np.ndarray = field(repr=False)
    approved: np.ndarray = field(repr=False)
    present: np.ndarray = field(repr=False)
    miles: np.ndarray | None = field(repr=False)
    domains: tuple[str, ...]
    rules: Rules
    seed: int = 0
    left_out: dict[str, int] = field(default_factory=dict)

    @property
    def size(self) -> np.ndarray:
        """How many children the sibling group of each child has."""
        return np.bincount(self.unit, minlength=1)[self.unit] if len(self.unit) else np.zeros(0, np.int64)

    @property
    def shape(self) -> tuple[int, int]:
        """Children and homes."""
        return len(self.child_ids), len(self.home_ids)

    def reason(self) -> str:
        """Say why nobody can be matched, or nothing."""
        if not len(self.child_ids):
            return "no child with known needs is to be matched"
        if not self.places.sum():
            return "no home has a free place"
        return ""

    def with_need(self, need: np.ndarray) -> Problem:
        """Give the same problem with other ratings."""
        return replace(self, need=need)

    def blocks(self) -> Iterator[np.ndarray]:
        """Cut the children into runs, so that memory stays bounded."""
        n, m = self.shape
        step = max(1, CELLS // max(m, 1))
        yield from (np.arange(start, min(start + step, n)) for start in range(0, n, step))


def pose(
    children: pd.DataFrame,
    homes: pd.DataFrame,
    *,
    domains: Sequence[str],
    rules: Rules = Rules(),  # noqa: B008 - frozen
    miles: pd.DataFrame | None = None,
    names: Names = Names(),  # noqa: B008 - frozen
    seed: int = 0,
) -> Problem:
    """Check children and homes and state the problem of matching them.

    Parameters
    ----------
    children : DataFrame
        One row per child: identifier, age, one column per domain with the level of need, and, where known, sibling
        group and present home (see `Names`).
    homes : DataFrame
        One row per home: identifier, free places, ages approved, one column per domain with the highest level of
        need it can meet (see `profile_homes`).
    domains : sequence of str
        Columns of the domains, in both tables.
    rules : Rules
        The conditions of a match.
    miles : DataFrame, optional
        Distances: children as index, homes as columns. Needed where the rules limit or weigh miles.
    names : Names
        Columns.
    seed : int
        Seed by which ties are broken.

    Returns
    -------
    Problem
        Children rated in less than 80% of the domains take no part, nor do homes without a whole profile or without
        a place; both are counted in `left_out`.

    Raises
    ------
    InputError
        If a column is missing, an identifier comes twice, or the rules name miles and none are given.

    Notes
    -----
    A missing domain is neither no need nor a need: the unmet need over the rated domains is scaled up to all.

    Examples
    --------
    >>> children = pd.DataFrame({"child_id": ["a", "b"], "age_years": [4.5, 12.0], "education": [1, 3]})
    >>> homes = pd.DataFrame({"household_id": ["h"], "approved_places": [1], "age_min": [0], "age_max": [17],
    ...                       "education": [2]})
    >>> pose(children, homes, domains=["education"]).shape
    (2, 1)
    """
    _refuse_repeats(children, names.child, "children")
    _refuse_repeats(homes, names.home, "homes")
    kids, gone = _rated(children, domains, names, rules)
    dwellings, without = _profiled(homes, domains, names)
    home_ids = dwellings[names.home].astype("str").to_numpy(dtype=object)
    child_ids = kids[names.child].astype("str").to_numpy(dtype=object)
    return Problem(
        child_ids, home_ids, _levels(kids, domains), _levels(dwellings, domains),
        age=np.floor(number_column(kids, names.age)),
        unit=_units(kids, names, rules),
        places=number_column(dwellings, names.places).astype(np.int64),
        approved=np.column_stack([number_column(dwellings, c) for c in (names.age_min, names.age_max)]),
        present=_present(kids, names, home_ids),
        miles=_distances(miles, child_ids, home_ids, rules),
        domains=tuple(domains), rules=rules, seed=seed, left_out=gone | without,
    )  # fmt: skip


def _refuse_repeats(frame: pd.DataFrame, name: str, what: str) -> None:
    require_columns(frame, name)
    twice = int(frame[name].duplicated().sum())
    if twice:
        raise InputError(f"The table of {what} names {twice:,} of them twice in {name!r}. Give one row each.")


def _levels(frame: pd.DataFrame, domains: Sequence[str]) -> np.ndarray:
    if not domains:
        raise InputError("No domain is named. Give the columns of the domains of need in `domains`.")
    return np.column_stack([number_column(frame, name) for name in domains])


def _rated(
    children: pd.DataFrame, domains: Sequence[str], names: Names, rules: Rules
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Keep the children who can be matched, and count the others by reason."""
    rated = (~np.isnan(_levels(children, domains))).mean(axis=1) >= ENOUGH
    aged = ~np.isnan(number_column(children, names.age)) | (not rules.ages)
    gone = {"children without enough ratings": int((~rated).sum())}
    gone["children without an age"] = int((rated & ~aged).sum())
    return children.loc[rated & aged], gone


def _profiled(
    homes: pd.DataFrame, domains: Sequence[str], names: Names
) -> tuple[pd.DataFrame, dict[str, int]]:
    """Keep the homes with a whole profile and a place, and count the others by reason."""
    whole = ~np.isnan(_levels(homes, domains)).any(axis=1)
    for name in (names.age_min, names.age_max):
        whole &= ~np.isnan(number_column(homes, name))
    places = np.nan_to_num(number_column(homes, names.places))
    gone = {"homes without a whole profile": int((~whole).sum())}
    gone["homes without a free place"] = int((whole & (places < 1)).sum())
    return homes.loc[whole & (places >= 1)], gone


def _units(kids: pd.DataFrame, names: Names, rules: Rules) -> np.ndarray:
    """Give each sibling group a number, and each child without one."""
    alone = np.array([f"\0{row}" for row in range(len(kids))], dtype=object)
    if not rules.together or names.siblings not in kids:
        return np.arange(len(kids))
    group = kids[names.siblings].astype("str").to_numpy(dtype=object)
    known = kids[names.siblings].notna().to_numpy()
    return np.asarray(pd.factorize(np.where(known, group, alone))[0], dtype=np.int64)


def _present(kids: pd.DataFrame, names: Names, home_ids: np.ndarray) -> np.ndarray:
    if names.present not in kids:
        return np.full(len(kids), NO_HOME)
    return np.asarray(pd.Index(home_ids).get_indexer(kids[names.present].astype("str")))


def _distances(
    miles: pd.DataFrame | None, child_ids: np.ndarray, home_ids: np.ndarray, rules: Rules
) -> np.ndarray | None:
    if miles is None:
        if np.isfinite(rules.most_miles) or rules.mile_levels:
            raise InputError("The rules name miles, but no distances are given. Give the table `miles`.")
        return None
    index, columns = miles.index.astype("str"), miles.columns.astype("str")
    rows, places = index.get_indexer(child_ids), columns.get_indexer(home_ids)
    lacking = int((rows < 0).sum()), int((places < 0).sum())
    if any(lacking):
        raise InputError(
            f"The table of miles lacks {lacking[0]:,} children and {lacking[1]:,} homes. Give a row for each child "
            "and a column for each home."
        )
    return miles.to_numpy(dtype="float64", na_value=np.inf)[np.ix_(rows, places)]
