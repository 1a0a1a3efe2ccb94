"""Change by first score: what the picture of regression to the mean needs."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from vcanalysis.analysis.change.regression import change_beyond_regression, stability
from vcanalysis.analysis.change.scores import mean_change, two_scores
from vcanalysis.core.estimate import Estimate, Estimates


@dataclass(frozen=True, eq=False)
class ChangeByFirst:
    """Mean change of children grouped by their first score, and the line that regression to the mean draws.

    Parameters
    ----------
    groups : Estimates
        Mean change by group of first score, lowest first.
    first : tuple of float
        Mean first score of each group.
    slope : Estimate
        Slope of the later score on the first.
    population_mean : float
        First score at which nothing is expected to change.
    beyond : Estimate
        Change of the neediest group beyond what is expected, with no line assumed: what the headline goes by.
    """

    groups: Estimates
    first: tuple[float, ...]
    slope: Estimate
    population_mean: float
    beyond: Estimate

    def expected(self, first: float) -> float:
        """Give the change expected at a first score when nobody truly changes."""
        return ((self.slope.value or 0.0) - 1) * (first - self.population_mean)

    def headline(self) -> str:
        """Say what the ends of the picture show."""
        known = [e for e in self.groups if e.estimable]
        if len(known) < 2 or not self.slope.estimable:
            return "Too few children were assessed twice to show change by first score"
        last = known[-1]
        if self.beyond.excludes(0):
            side = "more" if (self.beyond.value or 0.0) < 0 else "less"
            return f"The neediest came down by {side} than regression to the mean explains"
        if self.beyond.estimable and last.excludes(0) and (last.value or 0.0) < 0:
            return "The neediest came down, by about as much as without any true change"
        return "Change follows the line that regression to the mean draws"


def change_by_first(
    pairs: pd.DataFrame,
    *,
    before: str,
    after: str,
    population_mean: float,
    groups: int = 5,
    cluster: str | Sequence[str] = (),
    level: float = 0.95,
) -> ChangeByFirst:
    """Mean change of need by first score, from the least needy to the neediest.

    Parameters
    ----------
    pairs : DataFrame
        One row per child assessed twice.
    before, after : str
        Columns of the two scores.
    population_mean : float
        Mean first score of all children assessed.
    groups : int
        Groups of about equal size.
    cluster : str or sequence of str
        One or two columns of raters.
    level : float
        Confidence level.

    Returns
    -------
    ChangeByFirst

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> true = rng.normal(10, 3, 400)
    >>> frame = pd.DataFrame({"b": true + rng.normal(0, 2, 400), "a": true + rng.normal(0, 2, 400)})
    >>> change_by_first(frame, before="b", after="a", population_mean=10.0).headline()
    'The neediest came down, by about as much as without any true change'
    """
    scores = two_scores(pairs, before=before, after=after)
    kept = pairs.dropna(subset=[before, after])
    items, first = [], []
    if len(kept):
        place = pd.qcut(pd.Series(scores.before), groups, labels=False, duplicates="drop").to_numpy()
        for turn in np.unique(place[~np.isnan(place)]):
            rows = kept.loc[place == turn]
            ends = rows[before].min(), rows[before].max()
            part = two_scores(rows, before=before, after=after, cluster=cluster)
            items.append(
                mean_change(part, level=level).named(group=f"first score {ends[0]:.0f} to {ends[1]:.0f}")
            )
            first.append(float(rows[before].mean()))
    about = {"before": before, "after": after, "cluster": cluster, "level": level}
    slope = stability(pairs, **about)  # type: ignore[arg-type]
    neediest = kept.assign(neediest=place == np.nanmax(place)) if first else kept.assign(neediest=False)
    beyond = change_beyond_regression(
        neediest,
        population_mean=population_mean,
        selected="neediest",
        **about,  # type: ignore[arg-type]
    )
    return ChangeByFirst(Estimates.of(items), tuple(first), slope, population_mean, beyond)
