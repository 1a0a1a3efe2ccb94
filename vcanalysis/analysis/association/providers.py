"""Who sets the price: how much goes with the provider, and which charge more than their children account for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import sparse

from vcanalysis.analysis.association.design import Design, code_terms, complete_terms
from vcanalysis.core.columns import cost_column, require_columns, say_column
from vcanalysis.core.components import Component, fit_component
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import normal_quantile

SHARE = "random intercepts of log cost, restricted maximum likelihood; profile likelihood interval"
EXCESS = "random intercepts of log cost, shrunk towards 0 (empirical Bayes); interval with the error of the fixed part"
MINIMUM = 30
FEWEST_GROUPS = 6


@dataclass(frozen=True, slots=True)
class PriceSetters:
    """How much of the price goes with who provides it.

    Parameters
    ----------
    share : Estimate
        Share of the variation of log cost, left by the facts held alike, that lies between providers.
    excess : Estimates
        By provider, dearest first: cost above (or below) what its children would lead one to expect, as a
        change; shrunk towards 0 where a provider has few children.
    p_value : float or None
        Of no difference between providers at all.
    """

    share: Estimate
    excess: Estimates
    p_value: float | None

    def frame(self) -> pd.DataFrame:
        """Give the share, then every provider, as tidy rows."""
        return Estimates((self.share, *self.excess)).frame()

    def sentence(self) -> str:
        """Say how much goes with the provider, and how many stand clear of the rest."""
        if not self.share.estimable:
            return self.share.sentence()
        clear = sum(e.excludes(0) for e in self.excess)
        return f"{self.share.sentence()} {clear} of {len(self.excess)} providers stand clear of what would be expected."


def price_setters(
    frame: pd.DataFrame,
    *,
    cost: str,
    provider: str,
    given: Sequence[str] = (),
    level: float = 0.95,
) -> PriceSetters:
    """Share of the price that goes with the provider, and what each charges above expectation.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows that lack a cost, a provider or a fact held alike are left out.
    cost : str
        Weekly cost, pounds; costs of zero are left out.
    provider : str
        Column of providers (or homes, or raters).
    given : sequence of str
        Facts held alike, such as need, age and type of placement.
    level : float
        Confidence level.

    Returns
    -------
    PriceSetters
        Units "share" and "change". Not estimable below 30 children or 6 providers, or when none has two.

    Raises
    ------
    InputError
        If a column is missing, not numeric, or a cost lies below zero.

    Notes
    -----
    Providers count as drawn from a normal distribution. What they are not held alike for (distance,
    therapy, staff at night) is in their excess: it is where to ask, not what could be saved.

    References
    ----------
    Robinson GK (1991), Stat Sci 6:15-51; Harville DA (1977), J Am Stat Assoc 72:320-338.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"provider": rng.integers(0, 20, 300).astype(str)})
    >>> dear = dict(zip(map(str, range(20)), rng.normal(0, 0.5, 20)))
    >>> frame["cost"] = np.exp(7 + frame["provider"].map(dear) + rng.normal(0, 0.5, 300))
    >>> price_setters(frame, cost="cost", provider="provider").share.excludes(0)
    True
    """
    require_columns(frame, provider)
    costs = cost_column(frame, cost)
    known = (np.nan_to_num(costs) > 0) & frame[provider].notna().to_numpy() & complete_terms(frame, given)
    y = np.log(costs[known])
    codes, names = pd.factorize(frame.loc[known, provider].astype("str"), sort=True)
    design = code_terms(frame.loc[known], given)
    term = f"Share of the price that goes with the {say_column(provider)}"
    if reason := _unable(y, codes, design, say_column(provider)):
        n = min(len(y), len(names)) if "different" in reason else len(y)
        none = Estimate.not_estimable(term, n=n, reason=reason, method=SHARE)
        return PriceSetters(none, Estimates(()), None)
    sizes = np.bincount(codes).astype(float)
    root = 1 / np.sqrt(sizes[codes])
    directions = sparse.csr_matrix((root, (np.arange(len(y)), codes)))
    scale = np.r_[1.0, design.matrix[:, 1:].std(axis=0)]
    fit = fit_component(y, design.matrix / scale, directions, sizes, level)
    share = Estimate(term, fit.share, fit.low, fit.high, level, len(y), "share", SHARE, support=len(y))
    return PriceSetters(share, _excess(y, design.matrix / scale, codes, list(names), fit, level), fit.p_value)


def _unable(y: np.ndarray, codes: np.ndarray, design: Design, word: str) -> str:
    groups, k = len(np.unique(codes)), design.matrix.shape[1]
    if len(y) < max(MINIMUM, 2 * k):
        return f"at least {max(MINIMUM, 2 * k)} priced children with a {word} are needed"
    if groups < FEWEST_GROUPS:
        return f"at least {FEWEST_GROUPS} different values of {word} are needed"
    if groups == len(y):
        return f"no {word} has two children"
    if np.ptp(y) == 0:
        return "the cost is the same for all children"
    scaled = design.matrix / np.abs(design.matrix).max(axis=0)
    return "two facts held alike say the same" if np.linalg.matrix_rank(scaled) < k else ""


def _excess(
    y: np.ndarray, x: np.ndarray, codes: np.ndarray, names: list[str], fit: Component, level: float
) -> Estimates:
    """Shrunk deviation of each provider, with the error of prediction, as a change in cost."""
    sizes = np.bincount(codes)
    left = np.bincount(codes, weights=y - x @ fit.beta) / sizes
    shrink = sizes * fit.ratio / (1 + sizes * fit.ratio)
    means = np.column_stack([np.bincount(codes, weights=column) / sizes for column in x.T])
    fixed = np.einsum("ij,jk,ik->i", means, fit.beta_covariance, means)
    error = np.sqrt(fit.ratio * fit.residual * (1 - shrink) + shrink**2 * fixed)
    half = normal_quantile(level) * error
    term = "Cost above what its children would lead one to expect"
    rows = []
    for u, h, n, name, e in zip(shrink * left, half, sizes, names, error, strict=True):
        value, low, high = (float(np.expm1(v)) for v in (u, u - h, u + h))
        about = (level, int(n), "change", EXCESS, name, float(e) * (1 + value))
        rows.append(Estimate(term, value, low, high, *about))
    return Estimates.of(sorted(rows, key=lambda e: -(e.value or 0.0)))
