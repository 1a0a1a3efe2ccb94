"""Outcomes and spend of councils over some years: aligned, standardised, with the chance in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from vcanalysis.analysis.productivity.levels import Levels, levels_over_years
from vcanalysis.core.columns import number_column, require_columns, say_column
from vcanalysis.core.errors import InputError

Better = Literal["higher", "lower"]
FEWEST = 20
LEAST_WEIGHT = 0.5


@dataclass(frozen=True, slots=True)
class Outcome:
    """An outcome that counts.

    Parameters
    ----------
    column : str
        Column of the panel.
    better : {"higher", "lower"}
        Which way is better for children.
    label : str
        Name in words; made from the column when empty.
    weight : float
        How much it counts, before precision; above 0.

    Examples
    --------
    >>> Outcome("sdq_mean", "lower", "Emotional health (SDQ)").sign
    -1.0
    """

    column: str
    better: Better
    label: str = ""
    weight: float = 1.0

    @property
    def sign(self) -> float:
        """1 where higher is better, else -1."""
        return 1.0 if self.better == "higher" else -1.0

    @property
    def name(self) -> str:
        """Name in words."""
        return self.label or say_column(self.column)


@dataclass(frozen=True, slots=True)
class Layout:
    """Which columns of a panel mean what.

    Parameters
    ----------
    unit, year : str
        Columns of council and year.
    size : str
        Children in care, on whom chance depends.
    spend : str
        Spend per child, pounds of one year's prices (`real_terms`), adjusted for the area where that is wanted.
    need : tuple of str
        Columns of need, deprivation and case mix that councils do not choose; their means over the years count.
    """

    unit: str = "council_code"
    year: str = "year"
    size: str = "looked_after_n"
    spend: str = "looked_after_gbp_child_week"
    need: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Scores:
    """What `outcome_productivity` works on, one row per council.

    Parameters
    ----------
    units : array
        Councils.
    levels : array (councils, outcomes)
        Level of each measure over the years, turned so that higher is better, in its own unit; missing as NaN.
    variances : array (councils, outcomes)
        Variance of its chance.
    spend : array (councils,)
        Geometric mean of spend, pounds.
    need : array (councils, columns)
        Need, deprivation and case mix, standardised.
    outcomes : tuple of Outcome
        The outcomes.
    layout : Layout
        The columns.
    years : tuple of int
        Years that count.
    freedom : int
        Degrees of freedom that the chance of the outcomes was estimated with, the fewest of them.
    left_out : DataFrame
        Councils that could not be counted: unit and reason.
    reason : str
        Why nothing can be said; empty otherwise.
    """

    units: np.ndarray
    levels: np.ndarray
    variances: np.ndarray
    spend: np.ndarray
    need: np.ndarray
    outcomes: tuple[Outcome, ...]
    layout: Layout
    years: tuple[int, ...]
    freedom: int
    left_out: pd.DataFrame
    reason: str = ""

    @property
    def reliabilities(self) -> np.ndarray:
        """Share of each measure's spread over councils that is not chance, 0 to 1."""
        spread = np.nanvar(self.levels, axis=0, ddof=1)
        return np.asarray(np.clip(1 - np.nanmean(self.variances, axis=0) / spread, 0.0, 1.0))

    def weights(self, *, precise: bool = True) -> np.ndarray:
        """Weights that add up to 1: as declared, times the share of a measure that is not chance."""
        given = np.array([m.weight for m in self.outcomes])
        given = given * self.reliabilities if precise and self.reliabilities.any() else given
        return given / given.sum()

    def design(self) -> np.ndarray:
        """Give what an outcome is expected by: log spend and need, centred."""
        logged = np.log(self.spend)
        return np.column_stack([logged - logged.mean(), self.need])


def read_scores(
    frame: pd.DataFrame, *, outcomes: Sequence[Outcome], layout: Layout, years: Sequence[int] = ()
) -> Scores:
    """Gather outcomes, spend and need of councils over some years.

    Parameters
    ----------
    frame : DataFrame
        One row per council and year with the columns of the layout and the outcomes.
    outcomes : sequence of Outcome
        Outcomes.
    layout : Layout
        Which columns mean what.
    years : sequence of int
        Years that count; the last three with any spend when empty.

    Returns
    -------
    Scores
        A council is left out, with the reason, where it has no spend, no need, or outcomes of less than half the
        weight. With a reason and no council where fewer than 20 remain, or the chance of a measure is not known.

    Raises
    ------
    InputError
        If a column is missing or not numeric, no measure is given, or a measure's weight or direction is refused.

    Examples
    --------
    >>> panel = pd.DataFrame({"council_code": ["A"], "year": [2025], "looked_after_n": [300], "sdq_mean": [14.0],
    ...                       "looked_after_gbp_child_week": [2000.0]})
    >>> read_scores(panel, outcomes=[Outcome("sdq_mean", "lower")], layout=Layout()).reason
    'at least 10 councils with two years are needed to know its chance (sdq mean)'
    """
    _refuse(outcomes)
    require_columns(frame, layout.unit, layout.year)
    taken = tuple(int(y) for y in years) or _last_years(frame, layout)
    rows = frame[np.isin(number_column(frame, layout.year), taken)]
    every = pd.Index(pd.unique(rows[layout.unit]))
    found = [(m, _levels(rows, m, layout)) for m in outcomes]
    levels = np.column_stack([m.sign * one.frame["value"].reindex(every) for m, one in found])
    variances = np.column_stack([one.frame["variance"].reindex(every) for _, one in found])
    context = _context(rows, layout, every)
    out = _left_out(levels, context, outcomes, layout)
    unknown = [f"{one.reason} ({m.name})" for m, one in found if one.reason]
    reason = unknown[0] if unknown else _too_few(int((out == "").sum()))
    kept = (out == "").to_numpy() & (not reason)
    return Scores(
        units=every[kept].to_numpy(),
        levels=levels[kept],
        variances=variances[kept],
        spend=np.exp(context.loc[kept, "log_spend"].to_numpy(dtype=float)),
        need=standardised(context.loc[kept, list(layout.need)].to_numpy(dtype=float)),
        outcomes=tuple(outcomes),
        layout=layout,
        years=taken,
        freedom=min(one.freedom for _, one in found),
        left_out=pd.DataFrame({"unit": every, "reason": out.to_numpy()})[(out != "").to_numpy()],
        reason=reason,
    )


def standardised(values: np.ndarray) -> np.ndarray:
    """Centre columns and divide by their standard deviation; missing values stay, a constant column becomes 0.

    Examples
    --------
    >>> standardised(np.array([[1.0, 5.0], [3.0, 5.0]])).round(2).tolist()
    [[-0.71, 0.0], [0.71, 0.0]]
    """
    if not len(values):
        return values
    spread = np.nanstd(values, axis=0, ddof=1)
    return np.asarray((values - np.nanmean(values, axis=0)) / np.where(spread > 0, spread, 1.0))


def mixed(columns: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Weighted mean over the columns that a row has; weights (columns,) or (columns, mixtures).

    Examples
    --------
    >>> mixed(np.array([[1.0, 3.0], [1.0, np.nan]]), np.array([0.5, 0.5])).tolist()
    [2.0, 1.0]
    """
    known = ~np.isnan(columns)
    return np.asarray((np.where(known, columns, 0.0) @ weights) / (known @ weights))


def composite(scores: Scores, weights: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Mix standardised outcomes of each council into one outcome, in standard deviations, and its chance.

    Parameters
    ----------
    scores : Scores
        From `read_scores`.
    weights : array (outcomes,)
        Weights that add up to 1; those of missing outcomes are shared out among the others.

    Returns
    -------
    tuple of array (councils,)
        Outcome, and the variance of its chance; chances of outcomes are taken as independent.
    """
    spread = np.nanstd(scores.levels, axis=0, ddof=1)
    known = ~np.isnan(scores.levels)
    share = known * weights / (known @ weights)[:, None]
    chance = np.where(known, scores.variances / spread**2, 0.0)
    return mixed(standardised(scores.levels), weights), (share**2 * chance).sum(axis=1)


def _refuse(outcomes: Sequence[Outcome]) -> None:
    if not outcomes:
        raise InputError("No outcome is given. Give at least one Outcome.")
    for one in outcomes:
        if one.better not in ("higher", "lower") or not one.weight > 0:
            raise InputError(
                f"Outcome {one.column!r}: better is 'higher' or 'lower' and its weight is above 0; "
                f"found {one.better!r} and {one.weight:g}."
            )


def _levels(rows: pd.DataFrame, outcome: Outcome, layout: Layout) -> Levels:
    return levels_over_years(rows, unit=layout.unit, year=layout.year, value=outcome.column, size=layout.size)


def _last_years(frame: pd.DataFrame, layout: Layout) -> tuple[int, ...]:
    spent = number_column(frame, layout.spend) > 0
    return tuple(sorted(np.unique(number_column(frame, layout.year)[spent]).astype(int))[-3:])


def _context(rows: pd.DataFrame, layout: Layout, every: pd.Index) -> pd.DataFrame:
    """Mean of log spend, each year's own mean apart, and of need, by council."""
    spend = number_column(rows, layout.spend)
    logged = np.log(np.where(spend > 0, spend, np.nan))
    parts = {"log_spend": logged} | {name: number_column(rows, name) for name in layout.need}
    years = rows[layout.year].to_numpy()
    found = {}
    for name, values in parts.items():
        column = pd.Series(values, index=rows.index)
        whole = column.mean()
        apart = column - column.groupby(years).transform("mean")
        found[name] = apart.groupby(rows[layout.unit].to_numpy()).mean().reindex(every) + whole
    return pd.DataFrame(found, index=every)


def _left_out(
    levels: np.ndarray, context: pd.DataFrame, outcomes: Sequence[Outcome], layout: Layout
) -> pd.Series:
    """Say why a council cannot be counted; empty where it can."""
    weights = np.array([m.weight for m in outcomes])
    reason = pd.Series("", index=context.index)
    reason = reason.mask(context[list(layout.need)].isna().any(axis=1), "need is not known")
    thin = ~np.isnan(levels) @ weights < LEAST_WEIGHT * weights.sum()
    reason = reason.mask(thin, "fewer than half of the outcomes are known")
    return reason.mask(context["log_spend"].isna(), "spend is not known")


def _too_few(n: int) -> str:
    return "" if n >= FEWEST else f"at least {FEWEST} councils with spend, need and outcomes are needed"
