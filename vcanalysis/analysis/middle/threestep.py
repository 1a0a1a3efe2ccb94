"""Cost and outcomes by group, allowing for doubt about who belongs to which: the three-step method.

StepMix gives the same means (see the tests), but errors only by a bootstrap of the whole search.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.middle.classes import Classes
from vcanalysis.analysis.middle.refits import refit
from vcanalysis.analysis.middle.weighing import Weighed, weigh, weigh_again
from vcanalysis.core.columns import number_column
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import skewed_interval
from vcanalysis.core.numbers import write_number
from vcanalysis.core.parts import fit_of

METHOD = "three-step mean (BCH weights); robust error, groups fitted again; interval for skewed values"
MINIMUM = 10  # children's worth of weight below which a group has no mean
UNSURE = 0.05  # share of resamples with another order of need from which the order of two groups is not sure
_RESAMPLE = 0.54  # degrees of freedom that a resample gives half the width of the middle 68% of a normal
_ONE = "there are fewer than two groups"
_ALIKE = "all values are alike, so that nothing says how sure this is"


@dataclass(frozen=True, slots=True)
class GroupMeans:
    """A mean in each group of children, and whether the groups differ.

    Parameters
    ----------
    means : Estimates
        Mean by group, the lowest need first.
    gaps : Estimates
        Mean of each other group less that of the group of lowest need. Not estimable where which that is hangs on
        chance.
    p_value : float or None
        Chance of differences as large were all group means equal (Wald test; groups taken as found, see Notes).
    swaps : DataFrame
        Pairs of groups whose order by mean level of need is not sure: lower, higher, swapped (share of resamples).
    """

    means: Estimates
    gaps: Estimates
    p_value: float | None
    swaps: pd.DataFrame = field(default_factory=lambda: _swaps_of(()))

    def frame(self) -> pd.DataFrame:
        """Give the means and the gaps as tidy rows."""
        return Estimates.of([*self.means, *self.gaps]).frame()

    def sentence(self) -> str:
        """Say whether the groups differ at all, by how much from the lowest in need, and whose order is not sure."""
        said = [e.sentence() for e in self.gaps] or [self.means.sentence()]
        if self.p_value is not None:
            differ = "differ" if self.p_value < 0.05 else "show no clear difference"
            said.insert(0, f"The groups {differ} (Wald test, p = {max(self.p_value, 0.001):.3f}).")
        said += [
            f"Which has the higher need, {p.lower} or {p.higher}, is not sure: {p.swapped:.0%} of resamples turn them."
            for p in self.swaps.itertuples()
        ]
        return " ".join(said)

    def headline(self, what: str = "cost") -> str:
        """Say which group has the highest mean, for the head of a picture."""
        known = [e for e in self.means if e.value is not None]
        if any(e.reason == _ONE for e in self.means):
            return f"There are no separate groups of children to compare by {what}"
        if any(e.reason == _ALIKE for e in self.means) and not known:
            return f"All children have the same {what}, so that the groups cannot be compared by it"
        if self.p_value is None and known:
            return f"No test of differences in {what}: it does not vary within some groups"
        if self.p_value is None:
            return f"Too few children to compare the groups by {what}"
        if self.p_value >= 0.05:
            return f"No clear difference in {what} between the groups of children"
        top, low = (f(known, key=lambda e: e.value or 0.0) for f in (max, min))
        most, least = write_number(top.value, top.unit), write_number(low.value, low.unit)
        return f"Highest mean {what}: {top.group} ({most}); lowest: {low.group} ({least})"


def compare_groups(
    classes: Classes, values: pd.Series, *, term: str, unit: str, seed: int = 0, level: float = 0.95
) -> GroupMeans:
    """Compare a cost or an outcome between the groups without taking the likeliest group for the true one.

    Each child is assigned to the likeliest group; the known chance of every kind of error is then undone by
    weights, some of them negative.

    Parameters
    ----------
    classes : Classes
        From `find_classes`.
    values : Series of float
        Cost or outcome per child, on the index of the children; missing ones are left out.
    term, unit : str
        What is compared, and its unit.
    seed : int
        Seed of the resamples.
    level : float
        Confidence level.

    Returns
    -------
    GroupMeans
        Not estimable below two groups, where a group has too few children with a value, or where all are alike.

    Notes
    -----
    Right if the value depends on the group only, not on the levels within it, and the groups are right. The modal
    group taken as observed would draw the means together. The error is that of the means over 100 resamples of the
    children (half the width of the middle 68%), to each of which the groups are fitted again, or the robust one of
    fixed groups where that is larger; the interval allows for skew as Hall's. Children count as independent: where
    they share a provider, and with it a price, the means are less sure than the intervals say. The test takes the
    groups as found: were all means equal, a child put in another group would change none of them.

    References
    ----------
    Bolck A, Croon M, Hagenaars J (2004), Polit Anal 12:3-27; Vermunt JK (2010), Polit Anal 18:450-469; Bakk Z,
    Tekle FB, Vermunt JK (2013), Sociol Methodol 43:272-311; Hall P (1992), J R Stat Soc B 54:221-228.

    Examples
    --------
    >>> from vcanalysis.analysis.middle.classes import find_classes
    >>> rng = np.random.default_rng(1)
    >>> high = rng.integers(0, 2, 200)
    >>> items = pd.DataFrame(rng.binomial(3, 0.15 + 0.6 * high[:, None], (200, 6)), columns=list("abcdef"))
    >>> cost = pd.Series(500 + 1000 * high + rng.normal(0, 50, 200))
    >>> found = compare_groups(find_classes(items, max_classes=2), cost, term="Weekly cost", unit="GBP per week")
    >>> round(found.gaps[0].value, -2)
    1000.0
    """
    numbers = pd.Series(number_column(values.to_frame("value"), "value"), index=values.index)
    again = refit(classes, seed=seed)
    if again is None or classes.patterns is None or classes.fitted is None:
        return _none(classes, term, n=classes.shares[0].n, reason=classes.shares[0].reason or _ONE)
    known = numbers.reindex(classes.posterior.index).to_numpy()
    n, some = int(np.isfinite(known).sum()), np.isfinite(known)
    enough = classes.posterior.to_numpy()[some].sum(axis=0).min() >= MINIMUM
    whole = weigh(classes.patterns, classes.fitted, known) if enough else None
    if whole is None:
        reason = f"at least {MINIMUM} children in every group need a value, and groups that can be told apart"
        return _none(classes, term, n=n, reason=reason)
    if np.ptp(known[some]) == 0:
        return _none(classes, term, n=n, reason=_ALIKE)
    likeliest = np.eye(classes.posterior.shape[1])[classes.posterior.to_numpy()[some].argmax(axis=1)]
    spread = _Spread(
        whole, likeliest, weigh_again(again, known[again.chosen]), np.sqrt(again.patterns.n / len(known))
    )
    about = (float(np.abs(known[some]).max()), unit, level)
    return _compared(classes, spread, again.swaps(), term, about)


@dataclass(frozen=True, slots=True, eq=False)
class _Spread:
    """How far means and gaps lie from those of other samples."""

    whole: Weighed
    likeliest: np.ndarray  # children with a value by group, ones and zeros
    drawn: np.ndarray
    scale: float  # of the spread of resamples of some children to that of all

    def estimate(self, contrast: np.ndarray, about: tuple[str, str, float, str, float]) -> Estimate:
        """Estimate a sum of means with its interval: the larger of two errors, and the skew of fixed groups."""
        term, group, size, unit, level = about
        felt = self.whole.influence @ contrast
        n = len(felt)
        fixed = float(np.sqrt(felt @ felt * n / (n - 1)))
        low, high = np.nanquantile(self.drawn @ contrast, stats.norm.cdf([-1, 1])) * self.scale
        error = max(fixed, float(high - low) / 2)
        skewness = float((felt**3).sum()) / max(error, 1e-300) ** 3
        freedom = float(self.whole.freedom[contrast != 0].min())
        if error > fixed:  # an error of few resamples has chance of its own
            freedom = 1 / (1 / freedom + 1 / (_RESAMPLE * len(self.drawn)))
        value = float(self.whole.means @ contrast)
        ends = skewed_interval(value, error, skewness, freedom=freedom, level=level)
        about_it = {"support": n, "fit": fit_of(self.likeliest[:, contrast != 0])}
        made = Estimate(term, value, *ends, level, n, unit, METHOD, group, error, **about_it)  # type: ignore[arg-type]
        return made.unless_alike(size, reason=_ALIKE)


def _compared(
    classes: Classes, spread: _Spread, swapped: np.ndarray, term: str, about: tuple[float, str, float]
) -> GroupMeans:
    names = list(classes.posterior.columns)
    each = np.eye(len(names))
    means = [spread.estimate(row, (term, name, *about)) for name, row in zip(names, each, strict=True)]
    gaps = [
        spread.estimate(row - each[0], (f"{term} above that of {names[0]}", name, *about))
        for name, row in zip(names[1:], each[1:], strict=True)
    ]
    doubtful = [
        (names[i], names[j], float(swapped[i, j]))
        for i, j in combinations(range(len(names)), 2)
        if swapped[i, j] >= UNSURE
    ]
    if any(lower == names[0] for lower, *_ in doubtful):
        n, reason = means[0].n, "which group has the lowest need hangs on chance"
        gaps = [
            Estimate.not_estimable(g.term, n=n, reason=reason, method=METHOD, group=g.group) for g in gaps
        ]
    return GroupMeans(Estimates.of(means), Estimates.of(gaps), _wald(spread, means), _swaps_of(doubtful))


def _wald(spread: _Spread, means: list[Estimate]) -> float | None:
    """Chance of differences as large were all means equal, by F with the freedom of the smallest group.

    Were all equal, a child counted with another group would move no mean: the error of fixed groups is the whole.
    """
    if any(e.std_error is None for e in means):
        return None
    felt = spread.whole.influence
    contrast = np.diff(np.eye(len(means)), axis=0)
    away, wide = contrast @ spread.whole.means, contrast @ (felt.T @ felt) @ contrast.T
    if np.linalg.matrix_rank(wide) < len(away):
        return None
    statistic = float(away @ np.linalg.solve(wide, away)) / len(away)
    return float(stats.f.sf(statistic, len(away), float(spread.whole.freedom.min())))


def _swaps_of(rows: Iterable[tuple[str, str, float]]) -> pd.DataFrame:
    return pd.DataFrame(list(rows), columns=["lower", "higher", "swapped"])


def _none(classes: Classes, term: str, *, n: int, reason: str) -> GroupMeans:
    names = list(classes.posterior.columns) or ["all"]
    means, gaps = (
        Estimates.of(Estimate.not_estimable(t, n=n, reason=reason, method=METHOD, group=g) for t, g in pairs)
        for pairs in (
            [(term, g) for g in names],
            [(f"{term} above that of {names[0]}", g) for g in names[1:]],
        )
    )
    return GroupMeans(means, gaps, None)
