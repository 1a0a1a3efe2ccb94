"""A council's own page: each outcome, spend and the index beside its statistical neighbours and the country."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.productivity.index import Productivity
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import normal_quantile

FEWEST_NEIGHBOURS = 3  # neighbours, for a mean of them to say something


@dataclass(frozen=True, slots=True)
class CouncilPage:
    """One council beside its neighbours.

    Parameters
    ----------
    unit : str
        The council.
    outcomes : DataFrame
        One row each: outcome, better, own, low, high (its interval), neighbours (their mean), neighbours_low and
        neighbours_high (lowest and highest of them), country (mean of councils), and says: "better than its
        neighbours", "worse than its neighbours", "cannot be told apart" or "not known"; counted (neighbours that have
        the outcome) and error (of the difference to their mean).
    neighbours : DataFrame
        Rows of the index for the council and its neighbours, the most productive first.
    productivity : Estimate
        Points above expectation.
    absent : tuple of str
        Neighbours that could not be counted.
    """

    unit: str
    outcomes: pd.DataFrame
    neighbours: pd.DataFrame
    productivity: Estimate
    absent: tuple[str, ...]

    def sentence(self) -> str:
        """Say where the council stands, with its ranks, and how many outcomes can be told from the neighbours'."""
        if not self.productivity.estimable:
            return self.productivity.sentence()
        row = self.neighbours[self.neighbours["unit"] == self.unit].iloc[0]
        told = self.outcomes["says"]
        better, worse = (int(told.eq(f"{word} than its neighbours").sum()) for word in ("better", "worse"))
        return (
            f"{_beside_expected(self.productivity)}; rank {row['rank']} of "
            f"{self.productivity.n}, and with 95% anything from {row['rank_low']} to {row['rank_high']}. Beside its "
            f"neighbours {better} of {len(told)} outcomes are better and {worse} worse; the rest cannot be told apart."
        )

    def beside(self) -> Estimates:
        """Give each outcome less the mean of the neighbours, both with their chance; "points" are of the outcome.

        Not estimable where fewer than `FEWEST_NEIGHBOURS` of them have it.
        """
        term, method = (
            "This council less the mean of its statistical neighbours",
            "difference of means; z interval",
        )
        wide = normal_quantile(self.productivity.level)
        made = []
        for row in self.outcomes.itertuples():
            group, apart = f"{row.outcome}, {row.better} is better", row.own - row.neighbours
            why = f"at least {FEWEST_NEIGHBOURS} neighbours with a figure are needed"
            if row.says == "not known":
                none = Estimate.not_estimable(term, n=row.counted, reason=why, group=group, method=method)
                made.append(none.named(of="councils"))
                continue
            ends = (apart - wide * row.error, apart + wide * row.error)
            made.append(
                Estimate(
                    term,
                    apart,
                    *ends,
                    self.productivity.level,
                    row.counted,
                    "points",
                    method,
                    group,
                    of="councils",
                )
            )
        return Estimates.of(made)


def _beside_expected(found: Estimate) -> str:
    """Say a distance from what is expected: below is said, not written as a minus.

    Examples
    --------
    >>> _beside_expected(Estimate("Productivity", -0.2, -5.4, 4.9, n=150, unit="points"))
    '0.2 points below what spend and need lead to expect (95% interval 5.4 below to 4.9 above)'
    """
    value, low, high = (float(each or 0.0) for each in (found.value, found.low, found.high))
    ends = [f"{abs(end):.1f} {'below' if end < 0 else 'above'}" for end in (low, high)]
    size, side = f"{abs(value):.1f} {found.unit}", "below" if value < 0 else "above"
    return f"{size} {side} what spend and need lead to expect ({100 * found.level:g}% interval {' to '.join(ends)})"


def council_page(result: Productivity, *, unit: str, neighbours: Sequence[str]) -> CouncilPage:
    """Set one council beside its statistical neighbours.

    Parameters
    ----------
    result : Productivity
        From `outcome_productivity`.
    unit : str
        The council.
    neighbours : sequence of str
        Its statistical neighbours; those that could not be counted are named, not dropped unsaid.

    Returns
    -------
    CouncilPage
        Outcomes are means over the years of the index; the comparison is with the mean of at least 3 neighbours.

    Raises
    ------
    InputError
        If the council is among its own neighbours.

    Notes
    -----
    Neighbours are alike in what the official model looks at; they are no yardstick of what could be.

    References
    ----------
    Benton T, Chamberlain T, Wilson R, Teeman D (2007), NFER, for the children's services statistical neighbours.
    """
    if unit in neighbours:
        raise InputError("A council is named among its own neighbours. Name others.")
    own = result.council(unit)
    if result.reason or not own.estimable:
        return CouncilPage(unit, pd.DataFrame(), pd.DataFrame(), own, tuple(neighbours))
    known = set(result.table["unit"])
    present = [name for name in neighbours if name in known]
    rows = result.table[result.table["unit"].isin([unit, *present])].reset_index(drop=True)
    absent = tuple(name for name in neighbours if name not in known)
    return CouncilPage(unit, _outcomes_beside(result, unit, present), rows, own, absent)


def _outcomes_beside(result: Productivity, unit: str, present: list[str]) -> pd.DataFrame:
    """Compare each outcome with the neighbours' mean, both with their chance."""
    scores, units = result.scores, pd.Index(result.scores.units)
    here, there = units.get_loc(unit), units.get_indexer(present)
    rows = []
    for i, outcome in enumerate(scores.outcomes):
        levels, variances = outcome.sign * scores.levels[:, i], scores.variances[:, i]
        beside = levels[there][~np.isnan(levels[there])]
        own, half = levels[here], normal_quantile(result.level) * np.sqrt(variances[here])
        ends = (np.mean(beside), np.min(beside), np.max(beside)) if len(beside) else (np.nan,) * 3
        error = np.sqrt(variances[here] + np.nansum(variances[there]) / max(len(beside), 1) ** 2)
        told = _told(outcome.sign * (own - ends[0]), error, len(beside), result.level)
        rows.append(
            (
                *(outcome.name, outcome.better, own, own - half, own + half),
                *(*ends, np.nanmean(levels), told, len(beside), error),
            )
        )
    names = [
        "outcome",
        "better",
        "own",
        "low",
        "high",
        "neighbours",
        "neighbours_low",
        "neighbours_high",
        "country",
        "says",
        "counted",
        "error",
    ]
    return pd.DataFrame(rows, columns=names)


def _told(ahead: float, error: float, count: int, level: float) -> str:
    """Say whether a difference is beyond chance; the neighbours' mean has chance too."""
    if count < FEWEST_NEIGHBOURS or np.isnan(ahead):
        return "not known"
    if abs(ahead) <= normal_quantile(level) * error:
        return "cannot be told apart"
    return "better than its neighbours" if ahead > 0 else "worse than its neighbours"
