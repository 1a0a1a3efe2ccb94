"""Definitions of the middle side by side: heads, weeks, pounds, and how far they speak of the same children."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.core.columns import cost_column, number_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import percentile_interval, resample, wilson

METHOD = "bootstrap over children, definitions held fixed"
MINIMUM = 20
_ROUNDING = 1e-9
_SAME = "one of the two gives all children the same membership"
_ONE = "the two definitions name the same children"
_TERMS = {
    "share_of_children": "Share of children",
    "share_of_spend": "Share of weekly spend",
    "share_of_weeks": "Share of weeks of care",
    "kappa": "Agreement with the first definition (kappa)",
}


@dataclass(frozen=True, slots=True)
class Definitions:
    """Several definitions of one group of children.

    Parameters
    ----------
    table : DataFrame
        One row per definition: definition, children (expected number where membership is a probability), weeks,
        gbp_week (their weekly cost together), share_of_children, share_of_spend, share_of_weeks, kappa (against
        the first; missing where there is none).
    estimates : Estimates
        The shares and kappas with their intervals; the definition is the group.
    """

    table: pd.DataFrame
    estimates: Estimates

    def frame(self) -> pd.DataFrame:
        """Give the shares and kappas as tidy rows."""
        return self.estimates.frame()

    def of(self, definition: str, term: str) -> Estimate:
        """Give one estimate, such as ``of("strict", "kappa")``."""
        return next(e for e in self.estimates if e.group == definition and e.term == _TERMS[term])

    def sentence(self) -> str:
        """Say how far apart the definitions lie."""
        if self.table.empty:
            return self.estimates.sentence()
        fewest, most = (
            self.table.loc[f()] for f in (self.table["children"].idxmin, self.table["children"].idxmax)
        )
        return (
            f"The definitions count from {fewest.children:,.0f} children (£{fewest.gbp_week:,.0f} a week, "
            f"{fewest.definition}) to {most.children:,.0f} (£{most.gbp_week:,.0f} a week, {most.definition})."
        )


def compare_definitions(
    definitions: Mapping[str, pd.Series],
    frame: pd.DataFrame,
    *,
    cost: str,
    weeks: str = "",
    level: float = 0.95,
    seed: int = 0,
) -> Definitions:
    """Put definitions of the middle side by side.

    Parameters
    ----------
    definitions : mapping of str to Series
        For each definition whether a child belongs, or the probability that it does (a model's), on the index of
        the frame.
    frame : DataFrame
        One row per child.
    cost, weeks : str
        Columns of weekly cost in pounds and, if there is one, of weeks of care; children without a price or
        without a value in any definition are left out.
    level : float
        Confidence level.
    seed : int
        Seed of the bootstrap.

    Returns
    -------
    Definitions
        A probability counts as that part of a child, so that doubtful membership is neither rounded up nor down.
        Not estimable below 20 children; no kappa with a definition to which all or none belong (as with a model of
        fewer than three groups), whose shares have Wilson's ends.

    Raises
    ------
    InputError
        If a column is missing, a cost lies below zero, or a membership lies outside 0 to 1.

    Examples
    --------
    >>> frame = pd.DataFrame({"cost": [500.0, 1500.0] * 20})
    >>> both = {"broad": frame["cost"] > 1000, "model": pd.Series([0.4, 0.6] * 20)}
    >>> compare_definitions(both, frame, cost="cost").table[["children", "gbp_week", "kappa"]].round(2).values.tolist()
    [[20.0, 30000.0, 1.0], [20.0, 22000.0, 0.2]]
    """
    costs = cost_column(frame, cost)
    spans = number_column(frame, weeks) if weeks else np.zeros(len(frame))
    members = np.column_stack([_membership(name, d, frame.index) for name, d in definitions.items()])
    known = ~(np.isnan(costs) | np.isnan(members).any(axis=1))
    n, names = int(known.sum()), list(definitions)
    kinds = [k for k in _TERMS if weeks or k != "share_of_weeks"]
    if n < MINIMUM:
        reason = f"at least {MINIMUM} children with a price and a value in every definition are needed"
        none = [Estimate.not_estimable(_TERMS[k], n=n, reason=reason, group=g) for g in names for k in kinds]
        return Definitions(pd.DataFrame(), Estimates.of(none))
    members, costs, spans = members[known], costs[known], np.nan_to_num(spans[known])
    values = _figures(np.ones((1, n)), members, costs, spans)[0]
    drawn = resample(lambda counts: _figures(counts, members, costs, spans), n, seed=seed)
    table = pd.DataFrame({"definition": names, "children": members.sum(axis=0)})
    table["weeks"], table["gbp_week"] = spans @ members, costs @ members
    alike, found = np.ptp(members, axis=0) <= _ROUNDING, []
    for place, kind in enumerate(_TERMS):
        table[kind] = values[:, place]
        about = (_TERMS[kind], n, level)
        pairs = list(zip(names, values[:, place], drawn[:, :, place].T, alike, strict=True))
        if kind == "kappa":
            found += [_kappa(about, *p[:3], alike=bool(p[3] or alike[0])) for p in pairs[1:]]
        elif kind in kinds:
            found += [_share(about, *pair) for pair in pairs]
    table.loc[alike | alike[0], "kappa"] = np.nan
    return Definitions(
        table if weeks else table.drop(columns=["weeks", "share_of_weeks"]), Estimates.of(found)
    )


def _membership(name: str, given: pd.Series, index: pd.Index) -> np.ndarray:
    values = given.reindex(index).astype("float64").to_numpy()
    if (values < 0).any() or (values > 1).any():
        raise InputError(f"Definition {name!r} holds values outside 0 to 1. Give a flag or a probability.")
    return values


def _figures(counts: np.ndarray, members: np.ndarray, costs: np.ndarray, spans: np.ndarray) -> np.ndarray:
    """Shares and kappa of every definition in every resample: (resamples, definitions, figures)."""
    n = counts.sum(axis=1, keepdims=True)
    share = counts @ members / n
    both = counts @ (members * members[:, :1]) / n
    sums = [(counts @ (members * v[:, None])) / np.maximum(counts @ v, 1e-9)[:, None] for v in (costs, spans)]
    agreed, first = 1 - share - share[:, :1] + 2 * both, share[:, :1]
    chance = share * first + (1 - share) * (1 - first)
    kappa = (agreed - chance) / np.maximum(1 - chance, 1e-9)
    return np.stack([share, *sums, kappa], axis=2)


def _share(
    about: tuple[str, int, float], name: str, value: float, drawn: np.ndarray, alike: bool
) -> Estimate:
    term, n, level = about
    ends = percentile_interval(drawn, level)
    if alike and value in (0.0, 1.0):  # resamples of all or none are all or none again
        ends = wilson(value * n, n, level)
    made = Estimate(term, float(value), *ends, level, n, "share", METHOD, name, float(drawn.std(ddof=1)))
    return made.unless_alike(reason="all children have the same membership, or nothing to share")


def _kappa(
    about: tuple[str, int, float], name: str, value: float, drawn: np.ndarray, *, alike: bool
) -> Estimate:
    term, n, level = about
    if alike:
        return Estimate.not_estimable(term, n=n, reason=_SAME, method=METHOD, group=name)
    ends, error = percentile_interval(drawn, level), float(drawn.std(ddof=1))
    made = Estimate(term, float(value), *ends, level, n, "index", METHOD, name, error)
    return made.unless_alike(reason=_ONE)
