"""Cost and outcomes by group, allowing for doubt about who belongs to which: the three-step method.

StepMix gives the same means (see the tests), but errors only by a bootstrap of the whole search.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.middle.classes import Classes
from vcanalysis.core.columns import number_column
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number

METHOD = "three-step mean (BCH weights), robust error, groups held fixed"
MINIMUM = 10  # children's worth of weight below which a group has no mean
_ALIKE = "all values are alike, so that nothing says how sure this is"


@dataclass(frozen=True, slots=True)
class GroupMeans:
    """A mean in each group of children, and whether the groups differ.

    Parameters
    ----------
    means : Estimates
        Mean by group, the lowest need first.
    gap : Estimate
        Mean of the last group, of the highest mean need, less that of the first.
    p_value : float or None
        Chance of differences as large were all group means equal (Wald test).
    """

    means: Estimates
    gap: Estimate
    p_value: float | None

    def frame(self) -> pd.DataFrame:
        """Give the means and the gap as tidy rows."""
        return Estimates.of([*self.means, self.gap]).frame()

    def sentence(self) -> str:
        """Say the gap between the last group and the first, and whether the groups differ at all."""
        if self.p_value is None:
            return self.gap.sentence()
        differ = "differ" if self.p_value < 0.05 else "show no clear difference"
        return f"The groups {differ} (Wald test, p = {max(self.p_value, 0.001):.3f}). {self.gap.sentence()}"

    def headline(self, what: str = "cost") -> str:
        """Say which group has the highest mean, for the head of a picture."""
        known = [e for e in self.means if e.value is not None]
        if self.gap.reason == _ALIKE:
            return f"All children have the same {what}, so that the groups cannot be compared by it"
        if self.p_value is None and self.gap.estimable:
            return f"No test of differences in {what}: it does not vary within some groups"
        if self.p_value is None or not known:
            return f"Too few children to compare the groups by {what}"
        if self.p_value >= 0.05:
            return f"No clear difference in {what} between the groups of children"
        top, low = (f(known, key=lambda e: e.value or 0.0) for f in (max, min))
        most, least = write_number(top.value, top.unit), write_number(low.value, low.unit)
        return f"{top.group} has the highest mean {what}, {most}; {low.group} the lowest, {least}"


def compare_groups(
    classes: Classes, values: pd.Series, *, term: str, unit: str, level: float = 0.95
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
    level : float
        Confidence level.

    Returns
    -------
    GroupMeans
        Not estimable below two groups, where a group has too few children with a value, or where all are alike.

    Notes
    -----
    Right if the value depends on the group only, not on the levels within it, and the groups are right. The modal
    group taken as observed would draw the means together.

    References
    ----------
    Bolck A, Croon M, Hagenaars J (2004), Polit Anal 12:3-27; Vermunt JK (2010), Polit Anal 18:450-469; Bakk Z,
    Tekle FB, Vermunt JK (2013), Sociol Methodol 43:272-311.

    Examples
    --------
    >>> from vcanalysis.analysis.middle.classes import find_classes
    >>> rng = np.random.default_rng(1)
    >>> high = rng.integers(0, 2, 200)
    >>> items = pd.DataFrame(rng.binomial(3, 0.15 + 0.6 * high[:, None], (200, 6)), columns=list("abcdef"))
    >>> cost = pd.Series(500 + 1000 * high + rng.normal(0, 50, 200))
    >>> found = compare_groups(find_classes(items, max_classes=2), cost, term="Weekly cost", unit="GBP per week")
    >>> round(found.gap.value, -2)
    1000.0
    """
    if classes.number < 2:
        return _none(classes, term, n=classes.shares[0].n, reason="there are fewer than two groups")
    numbers = number_column(values.to_frame("value"), "value")
    known = pd.Series(numbers, index=values.index).dropna()
    known = known.loc[known.index.isin(classes.posterior.index)]
    posterior = classes.posterior.reindex(known.index).to_numpy()
    weights = _weights(posterior) if len(known) >= MINIMUM else None
    if weights is None:
        reason = f"at least {MINIMUM} children in every group need a value, and groups that can be told apart"
        return _none(classes, term, n=len(known), reason=reason)
    if np.ptp(known.to_numpy()) == 0:
        return _none(classes, term, n=len(known), reason=_ALIKE)
    return _means(classes, known.to_numpy(), weights, term=term, unit=unit, level=level)


def _weights(posterior: np.ndarray) -> np.ndarray | None:
    """BCH weights, a row a child and a column a group; None where some group is out of reach."""
    modal = np.eye(posterior.shape[1])[posterior.argmax(axis=1)]
    held = posterior.sum(axis=0)
    if (held < MINIMUM).any() or (modal.sum(axis=0) < 2).any():
        return None
    errors = posterior.T @ modal / held[:, None]
    if np.linalg.cond(errors) > 1e6:
        return None
    return modal @ np.linalg.inv(errors)


def _means(
    classes: Classes, values: np.ndarray, weights: np.ndarray, *, term: str, unit: str, level: float
) -> GroupMeans:
    sums, n = weights.sum(axis=0), len(values)
    means = weights.T @ values / sums
    influence = weights * (values[:, None] - means) / sums
    cover = influence.T @ influence * n / (n - 1)
    freedom = np.maximum(sums**2 / (weights**2).sum(axis=0) - 1, 2.0)
    spread = np.sqrt(np.diag(cover))
    about, size = (level, n, unit, METHOD), float(np.abs(values).max())
    found = []
    for k, name in enumerate(classes.posterior.columns):
        half = stats.t.ppf(0.5 + level / 2, freedom[k]) * spread[k]
        found.append(
            Estimate(
                term, means[k], means[k] - half, means[k] + half, *about, name, float(spread[k])
            ).unless_alike(size, reason=_ALIKE)
        )
    gap, error = means[-1] - means[0], float(np.sqrt(cover[0, 0] + cover[-1, -1] - 2 * cover[0, -1]))
    half = stats.t.ppf(0.5 + level / 2, min(freedom[0], freedom[-1])) * error
    words = _gap_words(classes, term)
    wide = Estimate(words, gap, gap - half, gap + half, *about, std_error=error)
    return GroupMeans(
        Estimates.of(found), wide.unless_alike(size, reason=_ALIKE), _wald(means, cover, float(freedom.min()))
    )


def _wald(means: np.ndarray, cover: np.ndarray, freedom: float) -> float | None:
    """Chance of differences as large were all means equal, by F with the freedom of the smallest group."""
    contrast = np.diff(np.eye(len(means)), axis=0)
    away, spread = contrast @ means, contrast @ cover @ contrast.T
    if np.linalg.matrix_rank(spread) < len(away):
        return None
    statistic = float(away @ np.linalg.solve(spread, away)) / len(away)
    return float(stats.f.sf(statistic, len(away), freedom))


def _gap_words(classes: Classes, term: str) -> str:
    """Name both groups: where they differ in kind, none is simply the one of highest need."""
    groups = list(classes.posterior.columns)
    return f"{term}, {groups[-1]} less {groups[0]}" if len(groups) > 1 else f"{term}, one group less another"


def _none(classes: Classes, term: str, *, n: int, reason: str) -> GroupMeans:
    groups = list(classes.posterior.columns) or ["all"]
    means = Estimates.of(
        Estimate.not_estimable(term, n=n, reason=reason, method=METHOD, group=g) for g in groups
    )
    gap = Estimate.not_estimable(_gap_words(classes, term), n=n, reason=reason, method=METHOD)
    return GroupMeans(means, gap, None)
