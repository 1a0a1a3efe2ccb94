"""Where a council stands in one measure: its rank with an interval, and from whom it can be told apart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.productivity.index import Productivity
from vcanalysis.analysis.productivity.pooling import pool
from vcanalysis.analysis.productivity.ranks import rank_intervals
from vcanalysis.core.errors import InputError

ALIKE, AHEAD, BEHIND = "cannot be told apart", "does better", "does worse"


@dataclass(frozen=True, slots=True)
class Standings:
    """Ranks of all councils in one measure, 1 the best.

    Parameters
    ----------
    table : DataFrame
        One row per council: unit, rank, rank_low (best), rank_high (worst).
    draws : array (draws, councils)
        What the data leave open, in the order of the table; higher is better.
    level : float
        Confidence level.
    """

    table: pd.DataFrame
    draws: np.ndarray
    level: float

    def beside(self, unit: str, others: Sequence[str]) -> pd.DataFrame:
        """Set a council among others, the best first.

        Parameters
        ----------
        unit : str
            The council.
        others : sequence of str
            With whom it is compared; those without a number are left out.

        Returns
        -------
        DataFrame
            Rows of the table, with says: whether the other does better, does worse, or cannot be told apart from the
            council; empty for the council itself. Each pair by itself.

        Raises
        ------
        InputError
            If the council has no number in this measure.
        """
        units = pd.Index(self.table["unit"])
        if unit not in units:
            raise InputError("This council has no number in this measure. Choose another measure.")
        own = self.draws[:, units.get_loc(unit)]
        rows = self.table[units.isin([unit, *others])]
        above = (self.draws[:, rows.index] > own[:, None]).mean(axis=0)
        edge = (1 - self.level) / 2
        says = np.select([rows["unit"] == unit, above > 1 - edge, above < edge], ["", AHEAD, BEHIND], ALIKE)
        return rows.assign(says=says).sort_values("rank", ignore_index=True)

    def rank_words(self, unit: str) -> str:
        """Write a council's rank interval, such as "15 to 133 of 150"; a dash where it has none."""
        row = self.table[self.table["unit"] == unit]
        if row.empty:
            return "–"
        return f"{row['rank_low'].iloc[0]} to {row['rank_high'].iloc[0]} of {len(self.table)}"


def standings(result: Productivity, *, outcome: str = "", seed: int = 0) -> Standings:
    """Rank councils in the index, or in one of its outcomes.

    Parameters
    ----------
    result : Productivity
        From `outcome_productivity`.
    outcome : str
        Name of an outcome, ranked as it was measured; empty for the index, which is beyond expectation.
    seed : int
        Seed of the draws of an outcome.

    Returns
    -------
    Standings
        Without rows where nothing can be said.

    Raises
    ------
    InputError
        If there is no such outcome.

    References
    ----------
    As `rank_intervals` and `pool`.

    Examples
    --------
    >>> from vcanalysis.analysis.productivity import Layout, Outcome, outcome_productivity
    >>> rng = np.random.default_rng(1)
    >>> panel = pd.DataFrame({"council_code": np.repeat(np.arange(60), 3), "year": [2023, 2024, 2025] * 60})
    >>> panel["looked_after_n"], panel["looked_after_gbp_child_week"] = 400, np.exp(rng.normal(7.6, 0.2, 180))
    >>> panel["sdq_mean"] = 14 + np.repeat(rng.normal(0, 1, 60), 3) + rng.normal(0, 0.5, 180)
    >>> found = outcome_productivity(panel, outcomes=[Outcome("sdq_mean", "lower", "SDQ")], layout=Layout())
    >>> standings(found, outcome="SDQ").rank_words(found.table["unit"][30])
    '14 to 39 of 60'
    """
    names = [each.name for each in result.scores.outcomes]
    if outcome and outcome not in names:
        raise InputError(f"There is no outcome {outcome!r}. There are: {', '.join(names)}.")
    if result.pooled is None:
        return Standings(
            pd.DataFrame(columns=["unit", "rank", "rank_low", "rank_high"]), np.empty((0, 0)), result.level
        )
    units, draws = _drawn(result, names.index(outcome), seed) if outcome else _index(result)
    ranks = rank_intervals(draws, level=result.level)
    kept = {name: ranks[name] for name in ("rank", "rank_low", "rank_high")}
    return Standings(pd.DataFrame({"unit": units, **kept}), draws, result.level)


def _index(result: Productivity) -> tuple[np.ndarray, np.ndarray]:
    assert result.pooled is not None
    return np.asarray(result.scores.units), result.pooled.effects


def _drawn(result: Productivity, place: int, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Draw the levels of one outcome, of the councils that have it."""
    levels, variances = result.scores.levels[:, place], result.scores.variances[:, place]
    known = ~np.isnan(levels) & (variances > 0)
    return np.asarray(result.scores.units)[known], pool(levels[known], variances[known], seed=seed).effects
