"""Who started when: a panel of councils and years as a complete matrix, and what had to be left out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
import pandas as pd

from vcanalysis.analysis.impact.settings import Settings
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError

Array = np.ndarray
Found = TypeVar("Found")
TREATED, CONTROLS = 2, 5  # fewest of each
NO_BEFORE = "at least 2 units that start must have the outcome in a year before the start"
_PUBLISHED = 0.5  # share of units that must have a year for it to count as measured


@dataclass(frozen=True, slots=True)
class Design:
    """A complete panel, units by times.

    Parameters
    ----------
    paths : array (units, times)
        The outcome, none missing.
    units, times : array
        Names of the rows, numbers of the columns.
    first : array (units,)
        Time of the start, infinite for those that never start in what is observed.
    weights : array (units,)
        Mean 1; all 1 unless a column was named.
    strata : array of int (units,)
        Groups to deal within.
    left_out : tuple of str
        What was left out and why, in words.
    reason, found : str, int
        Why nothing can be estimated, empty where it can; and how many there are of what is too few.
    """

    paths: Array
    units: Array
    times: Array
    first: Array
    weights: Array
    strata: Array
    left_out: tuple[str, ...] = ()
    reason: str = ""
    found: int = 0

    @property
    def treated(self) -> Array:
        """Rows that start."""
        return np.flatnonzero(np.isfinite(self.first))

    @property
    def controls(self) -> Array:
        """Rows that never start."""
        return np.flatnonzero(~np.isfinite(self.first))

    def rows(self, kept: Array) -> Design:
        """Give the design of some of the units."""
        parts = {name: getattr(self, name)[kept] for name in ("paths", "units", "first", "weights", "strata")}
        return replace(self, **parts)


def read_design(
    panel: pd.DataFrame,
    *,
    unit: str,
    time: str,
    outcome: str,
    first_treated: str | Mapping[object, float],
    settings: Settings,
) -> Design:
    """Make the design of a tidy panel: years that were not measured go first, then units that lack a year.

    Parameters
    ----------
    panel : DataFrame
        One row per unit and time.
    unit, time, outcome : str
        Columns of the unit, of the time (a number such as a year) and of the outcome, gaps where it is hidden.
    first_treated : str or mapping
        Column with the first time of the programme, a gap for those that never start; or that time by unit, None
        or left out for those that never start. Units of a mapping that the panel does not hold are listed.
    settings : Settings
        Columns of weights and groups.

    Returns
    -------
    Design
        With `reason` where no effect can be estimated.

    Raises
    ------
    InputError
        If a column is missing or not numeric, a start is no number, a unit and time come twice, or a unit starts
        twice.

    Examples
    --------
    >>> panel = pd.DataFrame({"council": list("aabb"), "year": [1, 2] * 2, "moves": [3.0, 4.0, None, 1.0]})
    >>> made = read_design(panel, unit="council", time="year", outcome="moves", first_treated={"a": 2},
    ...                    settings=Settings())
    >>> made.left_out
    ('without every year: b',)
    """
    extra = [name for name in (settings.weights, settings.strata, settings.within) if name]
    require_columns(panel, unit, time, outcome, *extra)
    wide = _wide(panel, unit, time, outcome)
    measured = wide.notna().mean() >= _PUBLISHED
    complete = wide.loc[:, measured].notna().all(axis=1)
    starts = _starts(panel, unit, first_treated)
    first = starts.reindex(wide.index)
    kept = wide.loc[complete, measured]
    about = _by_unit(panel, unit, extra, first.min(), time).reindex(kept.index)
    early = first.reindex(kept.index) - settings.anticipation <= (
        kept.columns.min() if kept.size else -np.inf
    )
    lacking = _positive(about, settings.weights)
    said = {
        "start but are not in the panel": starts.dropna().index.difference(wide.index, sort=False),
        "not measured in": wide.columns[~measured],
        "without every year": wide.index[~complete],
        "without a year before the start": kept.index[early],
        "without a weight": kept.index[lacking & ~early],
    }
    stays = ~(early | lacking).to_numpy()
    words = tuple(f"{why}: {_listed(names, first)}" for why, names in said.items() if len(names))
    design = _matrix(kept[stays], about[stays], first, settings, words)
    if early.any() and len(design.treated) < TREATED:
        return replace(design, reason=NO_BEFORE, found=len(design.treated))
    return _within(_judged(design), about.loc[stays, settings.within] if settings.within else None)


def on_panel(
    estimate: Callable[..., Found],
    panel: pd.DataFrame,
    *,
    outcome: str,
    settings: Settings | None,
    **about: Any,
) -> Found:
    """Read the design of a panel and estimate on it; parameters as in `read_design`, settings by default if None."""
    settings = settings or Settings()
    design = read_design(panel, outcome=outcome, settings=settings, **about)
    return estimate(design, term=settings.term(outcome), settings=settings)


def _matrix(
    kept: pd.DataFrame, about: pd.DataFrame, first: pd.Series, settings: Settings, left_out: tuple[str, ...]
) -> Design:
    starts = first.reindex(kept.index).to_numpy(dtype=float)
    starts = np.where(np.isnan(starts) | (starts > (kept.columns.max() if kept.size else 0)), np.inf, starts)
    weights = about[settings.weights].to_numpy(dtype=float) if settings.weights else np.ones(len(kept))
    return Design(
        kept.to_numpy(dtype=float),
        kept.index.to_numpy(),
        kept.columns.to_numpy(dtype=float),
        starts,
        weights / weights.mean() if len(weights) else weights,
        pd.factorize(about[settings.strata])[0] if settings.strata else np.zeros(len(kept), dtype=int),
        left_out,
    )


def _listed(names: pd.Index, first: pd.Series) -> str:
    """Name all of them, those that start before the others."""
    order = np.argsort(first.reindex(names).isna(), kind="stable")
    shown = [f"{name:g}" if isinstance(name, (int, float, np.number)) else str(name) for name in names[order]]
    return ", ".join(shown)


def _wide(panel: pd.DataFrame, unit: str, time: str, outcome: str) -> pd.DataFrame:
    at, values = number_column(panel, time), number_column(panel, outcome)
    rows, units = pd.factorize(panel[unit], sort=True)
    if (rows < 0).any() or np.isnan(at).any():
        raise InputError(f"A row has no {unit} or no {time}. Every row needs both.")
    times, columns = np.unique(at, return_inverse=True)
    seen = np.bincount(rows * len(times) + columns, minlength=len(units) * len(times))
    if (seen > 1).any():
        twice, first = int((seen - 1).clip(0).sum()), times[int(np.argmax(seen > 1)) % len(times)]
        raise InputError(
            f"{twice:,} rows repeat a {unit} and {time}, one in {first:g}. Give one row for each."
        )
    matrix = np.full((len(units), len(times)), np.nan)
    matrix[rows, columns] = values
    return pd.DataFrame(matrix, index=pd.Index(units), columns=times)


def _starts(panel: pd.DataFrame, unit: str, given: str | Mapping[object, float]) -> pd.Series:
    if not isinstance(given, str):
        named = pd.DataFrame({"first_treated": pd.Series(dict(given), dtype="object")})
        return pd.Series(number_column(named, "first_treated"), index=named.index)
    starts = pd.DataFrame(
        {"unit": panel[unit].to_numpy(), "start": number_column(panel, given)}
    ).drop_duplicates()
    if starts["unit"].duplicated().any():
        raise InputError(
            f"Column {given!r}: a {unit} has more than one start. Give the same in all its rows."
        )
    return starts.set_index("unit")["start"]


def _by_unit(panel: pd.DataFrame, unit: str, columns: list[str], start: float, time: str) -> pd.DataFrame:
    """Give the weight before the first start, and the groups, of each unit."""
    before = panel if not np.isfinite(start) else panel[number_column(panel, time) < start]
    parts = {}
    for name in columns:
        if pd.api.types.is_numeric_dtype(panel[name]):
            parts[name] = before.groupby(unit)[name].mean()
        else:
            parts[name] = panel.groupby(unit)[name].first()
    return pd.DataFrame(parts, index=panel[unit].drop_duplicates())


def _positive(about: pd.DataFrame, weights: str) -> pd.Series:
    if not weights:
        return pd.Series(False, index=about.index)
    return ~(about[weights] > 0)


def _judged(design: Design) -> Design:
    """Say why no effect can be estimated, if so."""
    first = design.first
    checks = (
        (len(design.times), 2, "the outcome must be measured in at least two years"),
        (
            int(np.isfinite(first).sum()),
            TREATED,
            f"at least {TREATED} units that start, seen before and after, are needed",
        ),
        (
            int((~np.isfinite(first)).sum()),
            CONTROLS,
            f"at least {CONTROLS} units that never start are needed",
        ),
    )
    for found, least, reason in checks:
        if found < least:
            return replace(design, reason=reason, found=found)
    moves = design.paths - design.paths.mean(axis=1, keepdims=True)
    if np.ptp(moves - moves.mean(axis=0), axis=1).max() <= 1e-9 * max(np.abs(design.paths).max(), 1e-300):
        return replace(design, reason="the outcome moves alike in all units", found=len(first))
    return design


def _within(design: Design, groups: pd.Series | None) -> Design:
    """Take out what those of a group that never start, the unit itself aside, did in each year."""
    if groups is None or design.reason:
        return design
    codes, values = pd.factorize(groups)[0], design.paths.copy()
    never, stays = ~np.isfinite(design.first), np.zeros(len(codes), dtype=bool)
    for code in np.unique(codes[codes >= 0]):
        members = np.flatnonzero(codes == code)
        others = never[members]
        if others.sum() < 3:
            continue
        total = design.paths[members[others]].sum(axis=0)
        mine = np.where(others[:, None], design.paths[members], 0.0)
        values[members] -= (total - mine) / (others.sum() - others)[:, None]
        stays[members] = True
    return _judged(replace(design, paths=values).rows(np.flatnonzero(stays)))
