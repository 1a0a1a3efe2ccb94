"""What is spent on care and on everything else, and how the mix moved."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number

REST = "everything else"
NO_COUNCIL = "no council has every amount in the first and the last year"
_FEWEST = 3


@dataclass(frozen=True, slots=True)
class SpendMix:
    """Spend by part and year, of the councils that have every part in every year shown.

    Parameters
    ----------
    table : DataFrame
        year, part, gbp (all councils together), share (of the whole in the year).
    now, before : Estimates
        Share of each part in the last and in the first year, all councils together: full counts, no interval.
    moved : Estimates
        Change of each part's share of a council's own spend, mean over councils, percentage points.
    growth : Estimates
        Change of the pounds of each part from the first to the last year, all councils together.
    councils, left_out : int
        Councils added up, and those without every number.
    reason : str
        Why there is no mix; empty where there is one.
    """

    table: pd.DataFrame = field(repr=False)
    now: Estimates
    before: Estimates
    moved: Estimates
    growth: Estimates
    councils: int
    left_out: int
    reason: str = ""

    def frame(self) -> pd.DataFrame:
        """Give the estimates as tidy rows."""
        return pd.concat([e.frame() for e in (self.before, self.now, self.moved, self.growth)])

    def _lost(self) -> str:
        return f" ({self.left_out} lack an amount of some year)" if self.left_out else ""

    def headline(self) -> str:
        """Say which way the first part moved, where its interval says so."""
        moved = self.moved[0]
        if self.reason:
            return "The mix of spend cannot be told"
        word = "moved towards" if (moved.value or 0.0) > 0 else "moved away from"
        if not moved.excludes():
            word = "did not clearly move towards or away from"
        return f"Spend {word} {moved.group}"

    def sentence(self) -> str:
        """Say the shares, how they moved and how the pounds grew."""
        if self.reason:
            return f"The mix of spend cannot be told: {self.reason}."
        first, last = self.table["year"].min(), self.table["year"].max()
        grown = "; ".join(f"{e.group} {write_number(e.value, e.unit)}" for e in self.growth)
        return (
            f"Of the spend of {self.councils} councils{self._lost()} {self.now[0].words()} went to "
            f"{self.now[0].group} in {last}, {self.before[0].words()} in {first}; a council's share moved by "
            f"{self.moved[0].words()}. "
            f"Real growth: {grown}."
        )


def spend_mix(
    panel: pd.DataFrame, *, unit: str, year: str, whole: str, parts: Mapping[str, str], level: float = 0.95
) -> SpendMix:
    """Add up what is spent on each part and on the rest, year by year.

    Parameters
    ----------
    panel : DataFrame
        One row per council and year, pounds in the prices of one year (`real_terms`).
    unit, year : str
        Columns of the council and the year.
    whole : str
        Column of all spend.
    parts : mapping of str to str
        Parts of it: words to column, the one asked about first. What no part holds is "everything else".
    level : float
        Confidence level.

    Returns
    -------
    SpendMix
        Of councils with every amount in every year from the first to the last in which any council has all. A sum
        over councils of which some came or went would show who reports, not what is spent.

    Raises
    ------
    InputError
        If a column is missing or holds no numbers, or no part is named.

    Examples
    --------
    >>> drawn = pd.DataFrame({"council": list("aabbcc"), "year": [2017, 2025] * 3, "all": 100.0,
    ...                       "care": [40.0, 50.0, 42.0, 50.0, 44.0, 50.0]})
    >>> mix = spend_mix(drawn, unit="council", year="year", whole="all", parts={"care": "care"})
    >>> mix.now[0].sentence()
    'Share of spend, care: 50% (3 councils).'
    >>> mix.moved[0].words()
    '8.0 percentage points (95% interval 3.0 to 13.0)'
    """
    require_columns(panel, unit, year)
    if not parts:
        raise InputError("No part of the spend is named. Give at least one, such as care.")
    money = pd.DataFrame({words: number_column(panel, column) for words, column in parts.items()})
    total = number_column(panel, whole)
    money[REST] = total - money.sum(axis=1, min_count=len(parts))
    known = money.notna().all(axis=1).to_numpy() & (total > 0)
    keys = panel[[unit, year]].reset_index(drop=True)
    rows = pd.concat([keys, money], axis=1)[known]
    if rows[[unit, year]].duplicated().any():
        raise InputError(f"Rows repeat a {unit} and {year}. Give one row for each.")
    rows = rows[_has_all_years(rows, unit, year)]
    councils = rows[unit].nunique()
    if councils < _FEWEST or rows[year].nunique() < 2:
        return _nothing([*parts, REST], councils, panel[unit].nunique())
    return _added(rows, unit, year, [*parts, REST], panel[unit].nunique(), level)


def _has_all_years(rows: pd.DataFrame, unit: str, year: str) -> pd.Series:
    return rows.groupby(unit)[year].transform("nunique").eq(rows[year].nunique())


def _added(rows: pd.DataFrame, unit: str, year: str, names: list[str], there: int, level: float) -> SpendMix:
    sums = rows.groupby(year)[names].sum()
    shares = sums.div(sums.sum(axis=1), axis=0)
    n = rows[unit].nunique()
    own = rows[names].div(rows[names].sum(axis=1), axis=0).assign(unit=rows[unit], year=rows[year])
    first, last = sums.index[0], sums.index[-1]
    at = [own[own["year"].eq(y)].set_index("unit")[names] for y in (first, last)]
    apart = 100 * (at[1] - at[0])
    about: dict[str, Any] = {"n": n, "of": "councils"}
    told: dict[str, Any] = {"unit": "share", "method": "sum over councils", **about}
    table = pd.DataFrame({"gbp": sums.stack(), "share": shares.stack()})  # noqa: PD013
    held = [
        Estimates.of(Estimate("Share of spend", float(shares.loc[y, p]), group=p, **told) for p in names)
        for y in (last, first)
    ]
    moved = Estimates.of(_mean(apart[name], name, level, about) for name in names)
    grown = Estimates.of(_growth(sums, p, about) for p in names)
    shown = table.rename_axis(["year", "part"]).reset_index()
    return SpendMix(shown, held[0], held[1], moved, grown, n, there - n)


def _growth(sums: pd.DataFrame, name: str, about: dict[str, Any]) -> Estimate:
    first, last = (float(sums[name].iloc[place]) for place in (0, -1))
    told: dict[str, Any] = {"group": name, "unit": "change", "method": "sum over councils", **about}
    if first <= 0:
        return Estimate.not_estimable(
            "Real growth of spend", reason="nothing was spent in the first year", **told
        )
    return Estimate("Real growth of spend", last / first - 1, **told)


def _mean(values: pd.Series, name: str, level: float, about: dict[str, Any]) -> Estimate:
    n = len(values)
    error = float(values.std(ddof=1)) / np.sqrt(n)
    half = float(stats.t.ppf(0.5 + level / 2, n - 1)) * error
    value = float(values.mean())
    words: dict[str, Any] = {
        "unit": "percentage points",
        "method": "mean over councils, t interval",
        "group": name,
    }
    told = {**words, **about, "std_error": error}
    return Estimate("Change of the share of spend", value, value - half, value + half, level, **told)


def _nothing(names: list[str], found: int, there: int) -> SpendMix:
    terms = ("Share of spend", "Share of spend", "Change of the share of spend", "Real growth of spend")
    none = [
        Estimates.of(
            Estimate.not_estimable(term, n=found, reason=NO_COUNCIL, group=name, of="councils")
            for name in names
        )
        for term in terms
    ]
    empty = pd.DataFrame({"year": [], "part": [], "gbp": [], "share": []})
    return SpendMix(empty, none[0], none[1], none[2], none[3], 0, there, NO_COUNCIL)


__all__ = ["SpendMix", "spend_mix"]
