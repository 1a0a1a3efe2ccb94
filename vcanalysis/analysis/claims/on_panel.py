"""The national arithmetic on a panel of all councils: the claimed numbers held against what councils had and spent."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.claims.national import ROUTES, NationalArithmetic
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.facts import claim

_LEAST = 10  # other councils below which chance between years says nothing
_SAME = 1e-9  # relative difference that is rounding
_YEARS = "range of the years"
_CHANCE = "range of other pairs"


@dataclass(frozen=True, slots=True)
class Columns:
    """What the columns of a panel are called.

    Parameters
    ----------
    unit, name, time : str
        Code and name of the council, and the year.
    children, spend : str
        Children looked after, and pounds spent on them in the year.
    fostered_pct : str
        Children in foster care as a percentage of those looked after; empty where there is no such column.
    """

    unit: str
    name: str
    time: str
    children: str
    spend: str
    fostered_pct: str = ""


def national_arithmetic(
    panel: pd.DataFrame, *, councils: Sequence[str], year: int, years: Sequence[int], columns: Columns
) -> NationalArithmetic:
    """Hold 3,400 children, 5%, 2.8 million and 300 million pounds against a panel, by every pair of the councils.

    The claimed numbers are those of `data/reference/claims.csv`. A saving of two councils that are not named is
    carried over to all councils in proportion to children, to spend and to councils, by every pair there is. Children
    and spend are full counts: their ranges are those of years and pairs, not of samples. What chance does is shown
    by the other councils: by how much the spend of any two moves from one year to the next beyond what all do.

    Parameters
    ----------
    panel : DataFrame
        One row a council and year.
    councils : sequence of str
        Codes of the councils that the claim is about.
    year : int
        Year whose children and spend are the base of the proportions.
    years : sequence of int
        Years in which children are counted.
    columns : Columns
        What the columns are called.

    Returns
    -------
    NationalArithmetic

    Raises
    ------
    InputError
        If a column is missing, a council is not in the panel, or a council has a year twice.

    Examples
    --------
    >>> named = Columns("code", "name", "year", "children", "spend")
    >>> drawn = pd.DataFrame({"code": list("abcabc"), "name": list("ABCABC"), "year": [2018] * 3 + [2019] * 3,
    ...     "children": [700, 700, 6600] * 2, "spend": [4e7, 5e7, 4e8] * 2})
    >>> found = national_arithmetic(drawn, councils=["a", "b"], year=2019, years=[2018, 2019], columns=named)
    >>> found.pairs[["pair", "per child"]].round(-5).to_numpy().tolist()
    [['A and B', 16000000.0]]
    """
    table = _checked(panel, councils, columns)
    saving, national = _claimed("saving_two_councils"), _claimed("saving_national")
    base = table[table["year"].eq(year)].set_index("code")
    pairs = _pairs(base, councils, saving)
    moves = _moves(table, year, councils)
    return NationalArithmetic(
        stock=_stock(table, councils, years),
        pairs=pairs,
        routes=Estimates.of(_route(pairs, route) for route in ROUTES),
        growth=_growth(table, councils, years),
        asked=_asked(table, years, national),
        chance=_chance(pairs, moves),
        implied=_implied(pairs, moves, float(base["spend"].sum())),
        claimed=national,
    )


def _claimed(name: str) -> float:
    return claim(name).value or float("nan")


def _checked(panel: pd.DataFrame, councils: Sequence[str], columns: Columns) -> pd.DataFrame:
    names = {columns.unit: "code", columns.name: "name", columns.time: "year", columns.children: "children"}
    names[columns.spend] = "spend"
    if columns.fostered_pct:
        names[columns.fostered_pct] = "fostered_pct"
    absent = [name for name in names if name not in panel.columns]
    if absent:
        raise InputError(f"The panel has no column {absent[0]!r}. Name its columns with Columns(...).")
    table = panel[list(names)].rename(columns=names)
    if table.duplicated(["code", "year"]).any():
        raise InputError("The panel has a council and year twice. Keep one row of each.")
    lost = [code for code in councils if code not in set(table["code"])]
    if lost or len(set(councils)) < 2:
        said = f"Council {lost[0]!r} is not in the panel" if lost else "Two or more councils are needed"
        raise InputError(f"{said}. Give codes that its column {columns.unit!r} holds.")
    return table


def _over_years(term: str, by_year: pd.Series, unit: str, n: int) -> Estimate:
    """Give the first year with the range of all, or the reason why there is none."""
    told = by_year.dropna()
    if not len(told):
        reason = "a council lacks its number in every year asked for"
        return Estimate.not_estimable(term, n=0, reason=reason, unit=unit, of="years")
    words = {"unit": unit, "method": "full count", "span": _YEARS, "level": 1.0, "of": "councils"}
    if len(told) == 1:
        return Estimate(term, float(told.iloc[0]), n=n, **words)  # type: ignore[arg-type]
    return Estimate(term, float(told.iloc[0]), float(told.min()), float(told.max()), n=n, **words)  # type: ignore[arg-type]


def _stock(table: pd.DataFrame, councils: Sequence[str], years: Sequence[int]) -> Estimates:
    """Count the children of the councils named, and their share of all."""
    part = table[table["year"].isin(years)]
    own = part[part["code"].isin(councils)].groupby("year")["children"].sum(min_count=len(set(councils)))
    every = part.groupby("year")["children"].sum()
    count = _over_years("Children in care of the councils named", own, "children", len(set(councils)))
    share = _over_years("As a share of all children in care", own / every, "share", len(set(councils)))
    return Estimates.of([count, share])


def _growth(table: pd.DataFrame, councils: Sequence[str], years: Sequence[int]) -> Estimate:
    """Say by how much the number of fostered children grew; who provides the placement a panel does not say."""
    term, words = "Growth of foster care in the councils named", {"unit": "change", "of": "councils"}
    if "fostered_pct" not in table.columns:
        return Estimate.not_estimable(term, n=0, reason="the panel does not say who is fostered", **words)
    own = table[table["code"].isin(councils)].assign(
        fostered=lambda f: f["children"] * f["fostered_pct"] / 100
    )
    by = own.groupby("year")["fostered"].sum(min_count=len(set(councils))).reindex([min(years), max(years)])
    if by.isna().any() or by.iloc[0] == 0:
        first = own.dropna(subset="fostered")["year"].min()
        since = (
            f"foster care by council is published from {first:.0f} on"
            if first == first
            else "it is not published"
        )
        return Estimate.not_estimable(
            term, n=0, reason=f"{since}, and with own carers alone not at all", **words
        )
    return Estimate(term, by.iloc[1] / by.iloc[0] - 1, n=len(set(councils)), method="full count", **words)  # type: ignore[arg-type]


def _asked(table: pd.DataFrame, years: Sequence[int], national: float) -> Estimates:
    """Say what the national claim asks of all councils."""
    part = table[table["year"].isin(years)]
    sums = part.groupby("year")[["children", "spend"]].sum(min_count=1)
    counts = part.dropna(subset="spend").groupby("year")["code"].nunique()
    n = int(counts.max()) if len(counts) else 0
    share = _over_years("The national claim as a share of all spend", national / sums["spend"], "share", n)
    each = _over_years("The national claim, for each child", national / sums["children"], "GBP per child", n)
    return Estimates.of([share, each])


def _pairs(base: pd.DataFrame, councils: Sequence[str], saving: float) -> pd.DataFrame:
    rows = []
    whole = base["children"].sum(), base["spend"].sum(), float(len(base))
    for pair in itertools.combinations(sorted(set(councils), key=list(councils).index), 2):
        own = base.reindex(list(pair))
        children, spend = (float(own[name].sum(min_count=2)) for name in ("children", "spend"))
        by = (saving / children * whole[0], saving / spend * whole[1], saving / 2 * whole[2])
        names = " and ".join(own["name"].fillna("a council without the year").astype("str"))
        rows.append((names, children, spend, saving / spend, *by))
    return pd.DataFrame(rows, columns=["pair", "children", "spend", "share", *ROUTES])


def _route(pairs: pd.DataFrame, route: str) -> Estimate:
    cells = pairs[route].dropna()
    term = "Saving of two councils, carried over to all"
    if not len(cells):
        reason = "no pair has both numbers"
        return Estimate.not_estimable(term, n=0, reason=reason, unit="GBP per year", group=route, of="pairs")
    low, high = float(cells.min()), float(cells.max())
    ranging = high - low > _SAME * abs(high)
    ends = {"low": low if ranging else None, "high": high if ranging else None}
    words = {"unit": "GBP per year", "method": "in proportion", "span": "range of the pairs", "level": 1.0}
    return Estimate(term, float(cells.median()), n=len(cells), group=route, of="pairs", **ends, **words)  # type: ignore[arg-type]


def _moves(table: pd.DataFrame, year: int, councils: Sequence[str]) -> np.ndarray:
    """Give by how much the spend of any two other councils moved from the year before, beyond all of them.

    Relative to the spend expected; pairs of all councils that are not named and gave both years.
    """
    wide = table[table["year"].isin([year - 1, year])].pivot_table(
        index="code", columns="year", values="spend"
    )
    if not {year - 1, year} <= set(wide.columns):
        return np.array([])
    both = wide.dropna().drop(index=[c for c in councils if c in wide.index])
    both = both[(both > 0).all(axis=1)]
    if len(both) < _LEAST:
        return np.array([])
    before, now = both[year - 1].to_numpy(), both[year].to_numpy()
    expected = before * now.sum() / before.sum()
    first, second = np.triu_indices(len(both), k=1)
    return (now[first] + now[second]) / (expected[first] + expected[second]) - 1.0


def _chance(pairs: pd.DataFrame, moves: np.ndarray) -> Estimate:
    term = "Other pairs of councils whose spend fell as far below that of all in a year"
    share = pairs["share"].median()
    if not len(moves) or not np.isfinite(share):
        reason = f"fewer than {_LEAST} other councils gave both years"
        return Estimate.not_estimable(term, n=len(moves), reason=reason, unit="share", of="pairs")
    return Estimate(
        term, float((moves <= -share).mean()), n=len(moves), unit="share", method="all pairs", of="pairs"
    )


def _implied(pairs: pd.DataFrame, moves: np.ndarray, spend: float) -> Estimate:
    """Carry the middle pair's share over to all, with the middle 95% of what other pairs moved by."""
    term = "In proportion to spend the middle pair implies for all"
    share = pairs["share"].median()
    if not np.isfinite(share):
        return Estimate.not_estimable(
            term, n=0, reason="no pair has a number", unit="GBP per year", of="pairs"
        )
    if not len(moves):
        reason = f"fewer than {_LEAST} other councils gave both years, so that chance is not known"
        return Estimate.not_estimable(term, n=len(moves), reason=reason, unit="GBP per year", of="pairs")
    low, high = np.quantile(moves - np.median(moves), [0.025, 0.975])
    ends = (share * spend, (share - high) * spend, (share - low) * spend)
    return Estimate(
        term, *ends, n=len(moves), unit="GBP per year", method="share of spend", span=_CHANCE, of="pairs"
    )
