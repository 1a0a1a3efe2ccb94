"""How far the ranking hangs on choices nobody can settle: weights, scale, outcomes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.productivity.index import Productivity
from vcanalysis.analysis.productivity.ranks import ranks_of
from vcanalysis.analysis.productivity.scores import mixed, standardised
from vcanalysis.core.estimate import Estimate, Estimates

SCALES = ("standard deviations", "best and worst", "ranks")
METHOD = "rank correlation of the measured residual under other choices with that under ours"


@dataclass(frozen=True, slots=True)
class Sensitivity:
    """Rankings under other choices; chance is left aside here.

    Parameters
    ----------
    table : DataFrame
        One row per council, the most productive first: unit, rank (ours), best and worst rank in the middle 95% of
        choices of weights and scale, and top, the share of choices that put it among the first.
    agreement : Estimates
        Rank correlation with our ranking: of random weights on each scale (the middle one, with the middle 95% of
        weights), without each measure, and of the ratio.
    """

    table: pd.DataFrame
    agreement: Estimates

    def sentence(self) -> str:
        """Say how far the ranking holds, and who is among the first under most choices."""
        if self.table.empty:
            return self.agreement[0].sentence()
        always = int((self.table["top"] >= 0.95).sum())
        ever = int((self.table["top"] > 0.05).sum())
        return (
            f"{always} councils are among the first under at least 95% of the choices of weights and scale, "
            f"{ever} under more than 5% of them."
        )


def sensitivity(result: Productivity, *, mixtures: int = 1000, seed: int = 0) -> Sensitivity:
    """Rank councils anew under random weights on three scales, without each measure, and by the ratio.

    Parameters
    ----------
    result : Productivity
        From `outcome_productivity`.
    mixtures : int
        Random weights, even over all that add up to 1 (Dirichlet).
    seed : int
        Their seed.

    Returns
    -------
    Sensitivity
        With an empty table where the result has a reason.

    References
    ----------
    Saisana M, Saltelli A, Tarantola S (2005), J R Stat Soc A 168:307-323; OECD and JRC (2008), Handbook on
    constructing composite indicators, step 7.

    Examples
    --------
    >>> from vcanalysis.analysis.productivity import Layout, Outcome, outcome_productivity
    >>> rng = np.random.default_rng(1)
    >>> panel = pd.DataFrame({"council_code": np.repeat(np.arange(40), 2), "year": [2024, 2025] * 40})
    >>> panel["looked_after_n"], panel["looked_after_gbp_child_week"] = 400, 2000 + rng.normal(0, 99, 80)
    >>> panel["one"] = np.repeat(rng.normal(0, 1, 40), 2) + rng.normal(0, 0.1, 80)
    >>> found = outcome_productivity(panel, outcomes=[Outcome("one", "higher")], layout=Layout())
    >>> bool(sensitivity(found, mixtures=10).agreement[0].value > 0.99)
    True
    """
    if result.reason:
        term = "Agreement with our ranking"
        none = Estimate.not_estimable(term, n=0, reason=result.reason, of="councils", method=METHOD)
        return Sensitivity(pd.DataFrame(), Estimates((none,)))
    levels, size = result.scores.levels, len(result.weights)
    ours = _residuals(result, standardised(levels), result.weights[:, None])[0]
    drawn = np.random.default_rng(seed).dirichlet(np.ones(size), mixtures).T
    by_scale = {name: _residuals(result, scaled, drawn) for name, scaled in _scaled(levels).items()}
    found = [_agreement(ours, rows, f"random weights, {name}") for name, rows in by_scale.items()]
    for i, outcome in enumerate(result.scores.outcomes if size > 1 else ()):
        without = np.where(np.arange(size) == i, 0.0, result.weights)[:, None]
        found.append(
            _agreement(ours, _residuals(result, standardised(levels), without), f"without {outcome.name}")
        )
    ratio = result.table.set_index("unit")["ratio"].reindex(result.scores.units).to_numpy()
    found.append(_agreement(ours, ratio[None], "the ratio to spend instead of the residual"))
    table = _placed(result, ranks_of(np.concatenate(list(by_scale.values()))))
    return Sensitivity(table, Estimates.of(found))


def _scaled(levels: np.ndarray) -> dict[str, np.ndarray]:
    """Put outcomes on three scales alike in spread."""
    low, high = np.nanmin(levels, axis=0), np.nanmax(levels, axis=0)
    ranked = stats.rankdata(levels, axis=0, nan_policy="omit")
    return dict(
        zip(SCALES, (standardised(levels), (levels - low) / (high - low), standardised(ranked)), strict=True)
    )


def _residuals(result: Productivity, scaled: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Measured residuals on spend and need, one row for each mixture; a council without a mixture's outcomes gets 0."""
    outcome = np.nan_to_num(mixed(scaled, weights), nan=0.0)
    columns = np.column_stack([np.ones(len(outcome)), result.scores.design()])
    return np.asarray((outcome - columns @ np.linalg.lstsq(columns, outcome, rcond=None)[0]).T)


def _agreement(ours: np.ndarray, others: np.ndarray, group: str) -> Estimate:
    """Rank correlation with our ranking: the middle one, and the middle 95% where there are several."""
    ranked = stats.rankdata(others, axis=1)
    centred = ranked - ranked.mean(axis=1, keepdims=True)
    mine = stats.rankdata(ours) - (len(ours) + 1) / 2
    rho = centred @ mine / np.sqrt((centred**2).sum(axis=1) * (mine @ mine))
    low, high = np.quantile(rho, [0.025, 0.975]) if len(rho) > 1 else (None, None)
    about: dict[str, Any] = {
        "unit": "correlation",
        "of": "councils",
        "method": METHOD,
        "span": "range of weights",
    }
    return Estimate(
        "Agreement with our ranking", float(np.median(rho)), low, high, n=len(ours), group=group, **about
    )


def _placed(result: Productivity, places: np.ndarray) -> pd.DataFrame:
    """Give each council's range of ranks over all choices."""
    best, worst = np.quantile(places, [0.025, 0.975], axis=0, method="inverted_cdf").astype(int)
    found = pd.DataFrame(
        {
            "unit": result.scores.units,
            "best": best,
            "worst": worst,
            "top": (places <= result.top).mean(axis=0),
        }
    )
    return result.table[["unit", "rank"]].merge(found, on="unit")
