"""What a provider adds beyond its children: shrunk effects, their reliability, and whether it is enough to pay on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from vcanalysis.core.columns import holds_numbers, number_column, require_columns, say_column
from vcanalysis.core.components import over_ratios
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import normal_quantile

METHOD = "random intercepts, case mix held alike; averaged over the likelihood of their variance"
RELIABILITY = "variance between over variance of a provider's mean; averaged over the likelihood"
MINIMUM, FEWEST = 30, 6
_GRID = 120


@dataclass(frozen=True, slots=True)
class ValueAdded:
    """What each provider adds, how reliable that is, and whom it could be paid on.

    Parameters
    ----------
    effects : Estimates
        By provider, best first: the outcome above what its children would lead one to expect, shrunk.
    reliability : Estimates
        By provider, in the same order: share of the variation of such means that is the provider.
    reliable : float
        Level of reliability above which an effect may be paid on.
    """

    effects: Estimates
    reliability: Estimates
    reliable: float

    def frame(self) -> pd.DataFrame:
        """Give one row per provider: effect, interval, reliability and whether it could be paid on."""
        rows = [
            (e.group, e.n, e.value, e.low, e.high, r.value, self._payable(e, r))
            for e, r in zip(self.effects, self.reliability, strict=True)
            if e.estimable
        ]
        return pd.DataFrame(rows, columns=["provider", "n", "effect", "low", "high", "reliability", "pay"])

    def _payable(self, effect: Estimate, reliability: Estimate) -> bool:
        return (reliability.value or 0.0) > self.reliable and effect.excludes(0) and (effect.value or 0) > 0

    def sentence(self) -> str:
        """Say how many providers are told apart reliably enough to be paid on."""
        if not self.effects[0].estimable:
            return self.effects[0].sentence()
        known = sum((r.value or 0) > self.reliable for r in self.reliability)
        if not known:
            none = f"Reliability exceeds {self.reliable:.0%} for none of {len(self.effects)} providers"
            return f"{none}: none can be paid on."
        paid = int(self.frame()["pay"].sum())
        return (
            f"Reliability exceeds {self.reliable:.0%} for {known} of {len(self.effects)} providers; "
            f"{paid} of them stand clear above what their children would lead one to expect."
        )


def value_added(
    frame: pd.DataFrame,
    *,
    outcome: str,
    provider: str,
    given: Sequence[str] = (),
    unit: str = "points",
    reliable: float = 0.7,
    level: float = 0.95,
) -> ValueAdded:
    """Outcome that goes with the provider beyond its case mix.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows that lack a column are left out. More is better.
    outcome, provider : str
        Columns.
    given : sequence of str
        Case mix held alike: the starting score, age, need.
    unit : str
        Unit of the outcome.
    reliable : float
        Reliability above which an effect may be paid on.
    level : float
        Confidence level.

    Returns
    -------
    ValueAdded
        Not estimable below 30 children or 6 providers, where no provider has two, or where nothing varies.

    Raises
    ------
    InputError
        If a column is missing or the outcome is not numeric.

    Notes
    -----
    The variance between providers is not taken as known: effects are averaged over its likelihood with a flat prior on
    the standard deviation, so that few providers make wide intervals. What sends certain children to certain
    providers, and is not in `given`, stays in the effect: it goes with the provider, it need not be its doing.

    References
    ----------
    Robinson GK (1991), Stat Sci 6:15-51; Gelman A (2006), Bayesian Anal 1:515-533.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"provider": rng.integers(0, 12, 300).astype(str)})
    >>> good = dict(zip(map(str, range(12)), rng.normal(0, 1, 12)))
    >>> frame["gain"] = frame["provider"].map(good) + rng.normal(0, 1, 300)
    >>> value_added(frame, outcome="gain", provider="provider").sentence()
    'Reliability exceeds 70% for 12 of 12 providers; 3 of them stand clear above what their children would lead one \
to expect.'
    """
    require_columns(frame, provider, *given)
    values = number_column(frame, outcome)
    known = np.isfinite(values) & frame[[provider, *given]].notna().all(axis=1).to_numpy()
    y, x = values[known], _fixed(frame.loc[known], given)
    codes, names = pd.factorize(frame.loc[known, provider].astype("str"), sort=True)
    term = f"{say_column(outcome).capitalize()} beyond what the children would lead one to expect"
    if reason := _unable(y, x, codes):
        none = Estimates((Estimate.not_estimable(term, n=len(y), reason=reason, method=METHOD),))
        return ValueAdded(none, none, reliable)
    return _added(y, x, codes, list(names), (term, unit, level, reliable))


def _fixed(frame: pd.DataFrame, given: Sequence[str]) -> np.ndarray:
    """Code the case mix: numbers in standard deviations, words as indicators of all but the most frequent."""
    parts = [np.ones(len(frame))]
    for name in given:
        if holds_numbers(frame[name]):
            column = number_column(frame, name)
            parts += [(column - column.mean()) / column.std()] if len(column) and np.ptp(column) > 0 else []
            continue
        text = frame[name].astype("str")
        parts += [(text == word).to_numpy(float) for word in text.value_counts().index[1:]]
    return np.column_stack(parts)


def _unable(y: np.ndarray, x: np.ndarray, codes: np.ndarray) -> str:
    providers = len(np.unique(codes))
    if len(y) < max(MINIMUM, 3 * x.shape[1]):
        return f"at least {max(MINIMUM, 3 * x.shape[1])} children with an outcome are needed"
    if providers < FEWEST:
        return f"at least {FEWEST} providers are needed"
    if providers == len(y):
        return "no provider has two children"
    if np.ptp(y) == 0:
        return "the outcome is the same for all children"
    return "two facts of the case mix say the same" if np.linalg.matrix_rank(x) < x.shape[1] else ""


def _added(
    y: np.ndarray, x: np.ndarray, codes: np.ndarray, names: list[str], about: tuple[str, str, float, float]
) -> ValueAdded:
    """Average effect and reliability of every provider over the likelihood of the variance between them."""
    term, unit, level, reliable = about
    sizes = np.bincount(codes).astype(float)
    root = 1 / np.sqrt(sizes[codes])
    directions = sparse.csr_matrix((root, (np.arange(len(y)), codes)))
    means_x = np.column_stack([np.bincount(codes, column) / sizes for column in x.T])
    means_y = np.bincount(codes, y) / sizes
    ratios, weights, fits = over_ratios(y, x, directions, sizes, points=_GRID)
    shrink = sizes * ratios[:, None] / (1 + sizes * ratios[:, None])
    effect, within = np.zeros_like(shrink), np.zeros_like(shrink)
    for row, (beta, residual, inverse) in enumerate(fits):
        effect[row] = shrink[row] * (means_y - means_x @ beta)
        fixed = residual * np.einsum("ij,jk,ik->i", means_x, inverse, means_x)
        within[row] = ratios[row] * residual * (1 - shrink[row]) + shrink[row] ** 2 * fixed
    value = weights @ effect
    error = np.sqrt(weights @ (within + (effect - value) ** 2))
    half = normal_quantile(level) * error
    order = np.argsort(-value, kind="stable")
    low, high = value - half, value + half
    effects = [
        Estimate(
            term,
            float(value[i]),
            float(low[i]),
            float(high[i]),
            level,
            int(sizes[i]),
            unit,
            METHOD,
            names[i],
            float(error[i]),
        )
        for i in order
    ]
    return ValueAdded(
        Estimates.of(effects),
        _reliability(shrink, weights, sizes, [names[i] for i in order], order, level),
        reliable,
    )


def _reliability(
    shrink: np.ndarray,
    weights: np.ndarray,
    sizes: np.ndarray,
    names: list[str],
    order: np.ndarray,
    level: float,
) -> Estimates:
    """Give the reliability of each provider's mean; it rises with the variance, so that its quantiles are those."""
    passed = np.cumsum(weights)
    low, high = (int(np.searchsorted(passed, q)) for q in ((1 - level) / 2, (1 + level) / 2))
    last = len(weights) - 1
    return Estimates.of(
        Estimate(
            "Reliability of a provider's mean",
            float(weights @ shrink[:, i]),
            float(shrink[min(low, last), i]),
            float(shrink[min(high, last), i]),
            level,
            int(sizes[i]),
            "share",
            RELIABILITY,
            name,
        )
        for name, i in zip(names, order, strict=True)
    )
