"""Outcome productivity: what outcomes differ from what spend, deprivation and case mix lead to expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.analysis.productivity.pooling import Pooling, pool
from vcanalysis.analysis.productivity.ranks import bands_of, pairs_told_apart, rank_intervals
from vcanalysis.analysis.productivity.scores import Layout, Outcome, Scores, composite, read_scores
from vcanalysis.core.columns import say_column
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import percentile_interval

POINTS = 10.0  # a standard deviation of councils in one measure
METHOD = "residual of outcome given spend and need; Fay-Herriot model, intervals and ranks by simulation"
RECREATION = "This index is a re-creation: the published one gives neither its outcomes nor its weights."


@dataclass(frozen=True, slots=True)
class Productivity:
    """What councils achieve beside what their spend and need lead to expect.

    Parameters
    ----------
    table : DataFrame
        One row per council, the most productive first: unit, outcome, outcome_low, outcome_high (points, 100 the mean
        council, 10 a standard deviation of councils in one measure), spend_gbp, expected (points), productivity, low,
        high (points above expectation), rank, rank_low, rank_high, top (chance to be among the first ten), band,
        ratio, ratio_rank, ratio_rank_low, ratio_rank_high (the display index) and measured (outcomes known).
    scores : Scores
        What it was made of.
    weights : array
        Weights of the outcomes, adding up to 1.
    pooled : Pooling or None
        Draws of the residual, in standard deviations, in the order of `scores`.
    level : float
        Confidence level of the intervals.
    top : int
        How many are "among the first".
    reason : str
        Why nothing can be said; empty otherwise.
    """

    table: pd.DataFrame
    scores: Scores
    weights: np.ndarray
    pooled: Pooling | None
    level: float
    top: int
    reason: str = ""

    def _estimate(self, term: str, unit: str, draws: np.ndarray | None, **fields: Any) -> Estimate:
        about: dict[str, Any] = {"unit": unit, "of": "councils", "method": METHOD, "n": len(self.table)}
        if draws is None or self.reason:
            return Estimate(term, None, reason=self.reason, **(about | fields))
        low, high = percentile_interval(draws, self.level)
        return Estimate(term, float(draws.mean()), low, high, self.level, **(about | fields))

    def reliability(self) -> Estimate:
        """Share of the spread of the residual that is not the chance of single years."""
        drawn = None if self.pooled is None else self.pooled.reliability
        return self._estimate("Share of the differences between councils that is not chance", "share", drawn)

    def slopes(self) -> Estimates:
        """Points of outcome that go with a tenth more spend, and with a standard deviation more of each need."""
        names = [
            "a tenth more spend",
            *(f"a standard deviation more {say_column(c)}" for c in self.scores.layout.need),
        ]
        drawn = None if self.pooled is None else POINTS * self.pooled.slopes[:, 1:]
        if drawn is not None:
            drawn = drawn * np.array([np.log(1.1), *[1.0] * (len(names) - 1)])
        term = "Points of outcome that go with it"
        each = (
            self._estimate(term, "points", None if drawn is None else drawn[:, i], group=name)
            for i, name in enumerate(names)
        )
        return Estimates.of(each)

    def width(self) -> Estimate:
        """Places that the middle council's rank interval is wide, with the middle half of councils as range."""
        term = "Places a council's rank interval is wide, the middle one"
        about: dict[str, Any] = {"unit": "count", "of": "councils", "n": len(self.table), "method": METHOD}
        if self.reason:
            return Estimate(term, None, reason=self.reason, **about)
        wide = (self.table["rank_high"] - self.table["rank_low"] + 1).to_numpy()
        low, high = np.quantile(wide, [0.25, 0.75])
        return Estimate(term, float(np.median(wide)), low, high, 0.5, span="range of councils", **about)

    def told_apart(self) -> Estimate:
        """Share of pairs of councils of which one can be said to do better than the other."""
        term = "Pairs of councils that can be told apart"
        n = len(self.table)
        about: dict[str, Any] = {"unit": "share", "of": "councils", "n": n, "method": METHOD}
        if self.pooled is None:
            return Estimate(term, None, reason=self.reason, **about)
        return Estimate(term, pairs_told_apart(self.pooled.effects, level=self.level), **about)

    def banded(self, band: str) -> int:
        """Count the councils of a band of `BANDS`."""
        return 0 if self.reason else int((self.table["band"] == band).sum())

    def council(self, unit: str) -> Estimate:
        """Give one council's points above expectation; its rank interval is in the table."""
        row = self.table[self.table["unit"] == unit] if not self.reason else self.table.head(0)
        about: dict[str, Any] = {
            "unit": "points",
            "of": "councils",
            "n": len(self.table),
            "method": METHOD,
        }
        term = "Outcome above what spend and need lead to expect"
        if row.empty:
            reason = self.reason or "it is not among the councils that could be counted"
            return Estimate(term, None, reason=reason, group=str(unit), **about)
        found = row.iloc[0]
        ends = {"low": found["low"], "high": found["high"], "level": self.level, "group": str(unit)}
        return Estimate(term, found["productivity"], **(about | ends))


def outcome_productivity(
    frame: pd.DataFrame,
    *,
    outcomes: Sequence[Outcome],
    layout: Layout,
    years: Sequence[int] = (),
    top: int = 10,
    level: float = 0.95,
    seed: int = 0,
) -> Productivity:
    """Outcome productivity of councils, with what chance leaves open.

    Parameters
    ----------
    frame : DataFrame
        One row per council and year with the columns of the layout and the outcomes; spend in one year's prices.
    outcomes : sequence of Outcome
        Outcomes, each with the direction that is better.
    layout : Layout
        Which columns mean what; `need` holds deprivation and case mix.
    years : sequence of int
        Years that count; the last three with any spend when empty.
    top : int
        How many are "among the first".
    level : float
        Confidence level.
    seed : int
        Seed of the simulation.

    Returns
    -------
    Productivity
        With a reason and an empty table where nothing can be said, as `read_scores` says.

    Raises
    ------
    InputError
        As `read_scores`.

    Notes
    -----
    Outcomes are means over the years, turned so that higher is better, standardised, and mixed with the declared
    weights times the share of each that is not chance. The primary measure is the residual of that mixture on log
    spend, deprivation and case mix: points above expectation. It is partially pooled: a council of few children is
    drawn nearer to 0. The ratio, (100 + points) over spend by its median, is shown beside it only: it falls as spend
    rises whatever the outcome. Bands are by the measured residual and its chance at a false discovery rate of 5%.
    Differences have causes that are not recorded; the index describes, and is no verdict on a council.

    References
    ----------
    Fay RE, Herriot RA (1979), J Am Stat Assoc 74:269-277; Goldstein H, Spiegelhalter DJ (1996), J R Stat Soc A
    159:385-443; OECD and JRC (2008), Handbook on constructing composite indicators.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> panel = pd.DataFrame({"council_code": np.repeat(np.arange(60), 3), "year": [2023, 2024, 2025] * 60})
    >>> panel["looked_after_n"], panel["looked_after_gbp_child_week"] = 400, np.exp(rng.normal(7.6, 0.2, 180))
    >>> panel["sdq_mean"] = 14 + np.repeat(rng.normal(0, 1, 60), 3) + rng.normal(0, 0.5, 180)
    >>> found = outcome_productivity(panel, outcomes=[Outcome("sdq_mean", "lower")], layout=Layout())
    >>> bool(found.reliability().value > 0.7), len(found.table)
    (True, 60)
    """
    scores = read_scores(frame, outcomes=outcomes, layout=layout, years=years)
    if scores.reason:
        return Productivity(pd.DataFrame(), scores, np.array([]), None, level, top, scores.reason)
    weights = scores.weights()
    value, chance = composite(scores, weights)
    if not chance.all():
        reason = "an outcome does not vary, so nothing can be compared"
        return Productivity(pd.DataFrame(), scores, weights, None, level, top, reason)
    pooled = pool(value, chance, scores.design(), seed=seed)
    outcome = pool(value, chance, seed=seed + 1)
    parts = {
        **_outcomes(scores, outcome, level),
        **_residuals(pooled, level, top),
        "band": _bands(value, chance, pooled, scores),
        **_ratios(scores, outcome, level, top),
        "measured": (~np.isnan(scores.levels)).sum(axis=1),
    }
    table = pd.DataFrame({"unit": scores.units, **parts}).sort_values("rank", ignore_index=True)
    return Productivity(table, scores, weights, pooled, level, top)


def _outcomes(scores: Scores, outcome: Pooling, level: float) -> dict[str, np.ndarray]:
    """Outcome in points, drawn towards the mean, with its interval, and spend."""
    points = 100 + POINTS * (outcome.expected + outcome.effects)
    low, high = np.quantile(points, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return {
        "outcome": points.mean(axis=0),
        "outcome_low": low,
        "outcome_high": high,
        "spend_gbp": scores.spend,
    }


def _residuals(pooled: Pooling, level: float, top: int) -> dict[str, np.ndarray]:
    """Points above expectation with interval, ranks with theirs, and the chance of the first places."""
    points = POINTS * pooled.effects
    low, high = np.quantile(points, [(1 - level) / 2, (1 + level) / 2], axis=0)
    return {
        "expected": 100 + POINTS * pooled.expected.mean(axis=0),
        "productivity": points.mean(axis=0),
        "low": low,
        "high": high,
        **rank_intervals(pooled.effects, level=level, top=top),
    }


def _bands(value: np.ndarray, chance: np.ndarray, pooled: Pooling, scores: Scores) -> np.ndarray:
    """Band each council by its measured residual; the error of the slopes counts too."""
    columns = np.column_stack([np.ones(len(value)), scores.design()])
    weights = 1 / (chance + np.mean(pooled.between**2))
    spread = np.linalg.pinv(columns.T @ (columns * weights[:, None]))
    left = value - columns @ (spread @ (columns.T @ (weights * value)))
    errors = np.sqrt(chance + np.einsum("jp,pq,jq->j", columns, spread, columns))
    return bands_of(left, errors, freedom=scores.freedom)


def _ratios(scores: Scores, outcome: Pooling, level: float, top: int) -> dict[str, np.ndarray]:
    """Display index: points of outcome over spend by its median."""
    spend = scores.spend / np.median(scores.spend)
    drawn = (100 + POINTS * (outcome.expected + outcome.effects)) / spend
    ranks = rank_intervals(drawn, level=level, top=top)
    return {
        "ratio": drawn.mean(axis=0),
        **{f"ratio_{k}": ranks[k] for k in ("rank", "rank_low", "rank_high")},
    }
