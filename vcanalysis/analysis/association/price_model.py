"""Weekly cost as a product of need, age and type: pounds a week that go with each, and whether the model fits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.association.design import (
    Design,
    code_terms,
    complete_terms,
)
from vcanalysis.analysis.association.glm import fit_glm
from vcanalysis.analysis.association.price_checks import Check, check_link, check_spread
from vcanalysis.core.clusters import Units, clusters_of, too_few_clusters, unit_sums
from vcanalysis.core.columns import cost_column, say_column
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.leverage import Leverage, hangs_on
from vcanalysis.core.parts import fit_of

Family = Literal["gamma", "poisson", "tweedie"]
POWERS = {"gamma": 2.0, "poisson": 1.0, "tweedie": 1.5}  # variance goes with mean to this power
METHOD = "{} regression with log link; average marginal effect, cluster errors (CR2), t by Satterthwaite"
MINIMUM = 30


@dataclass(frozen=True, slots=True)
class CostModel:
    """What weekly cost goes with, in pounds a week, and whether the model fits.

    Parameters
    ----------
    effects : Estimates
        Average marginal effects: pounds a week that go with one unit more of a number, or with a category
        rather than the most frequent one, all else in the model alike. Group: the name of the column.
    ratios : Estimates
        The same as ratios of costs.
    family : str
        "gamma", "poisson" or "tweedie".
    variance : Check
        Modified Park test: the power of the mean with which the variance grows.
    link : Check
        Link test of Pregibon: whether a curve is left over.
    """

    effects: Estimates
    ratios: Estimates
    family: str
    variance: Check
    link: Check

    def frame(self) -> pd.DataFrame:
        """Give the effects in pounds a week as tidy rows."""
        return self.effects.frame()

    def effect(self, name: str) -> Estimate:
        """Give the effect of one column, or why there is none."""
        return self.effects.group(name) if self.effects[0].estimable else self.effects[0]

    def sentence(self) -> str:
        """Say every effect, and whether the model fits."""
        return f"{self.effects.sentence()} {self.variance.sentence()} {self.link.sentence()}"


def _contrast(
    design: Design, place: int, beta: np.ndarray, mean: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Give each child's marginal effect of one column, and its mean gradient by the coefficients."""
    x, n = design.matrix, len(mean)
    if design.numeric[place]:
        each = beta[place] * mean
        gradient = beta[place] * (mean @ x) / n
        gradient[place] += mean.mean()
        return each, gradient
    base = x.copy()
    base[:, [i for i, term in enumerate(design.terms) if term == design.terms[place]]] = 0.0
    there = base.copy()
    there[:, place] = 1.0
    low, high = np.exp(base @ beta), np.exp(there @ beta)
    return high - low, (high @ there - low @ base) / n


def _effects(
    design: Design,
    fit: tuple[np.ndarray, np.ndarray, np.ndarray, Leverage],
    units: Units,
    about: tuple[str, float, str],
) -> tuple[Estimates, Estimates]:
    beta, mean, changes, held = fit
    (cluster, level, method), (n, k) = about, design.matrix.shape
    pounds, ratios = [], []
    for place in range(1, k):
        each, gradient = _contrast(design, place, beta, mean)
        felt = unit_sums((each - each.mean())[:, None] / n, units)[:, 0] + changes @ gradient
        name, (freedom, short) = design.names[place], held.rests(np.eye(k)[place])
        term = "Weekly cost with one unit more" if design.numeric[place] else "Weekly cost"
        if reason := hangs_on(freedom, cluster):
            none = partial(Estimate.not_estimable, n=n, reason=reason, group=name, method=method)
            pounds.append(none(term))
            ratios.append(none(f"Ratio of costs: {name}"))
            continue
        errors = [short * float(np.linalg.norm(change)) for change in (felt, changes[:, place])]
        quantile = float(stats.t.ppf(0.5 + level / 2, freedom))
        value, half = float(each.mean()), quantile * errors[0]
        pounds.append(
            Estimate(
                term,
                value,
                value - half,
                value + half,
                level,
                n,
                "GBP per week",
                method,
                name,
                errors[0],
                fit=fit_of(design.matrix),
            )
        )
        ratio, low, high = (float(np.exp(beta[place] + quantile * errors[1] * s)) for s in (0.0, -1.0, 1.0))
        ratios.append(Estimate(f"Ratio of costs: {name}", ratio, low, high, level, n, "ratio", method, name))
    return Estimates.of(pounds), Estimates.of(ratios)


def _unable(y: np.ndarray, design: Design, units: Units, cluster: str) -> str:
    """Say why no model can be fitted; empty where one can."""
    n, k = design.matrix.shape
    if n < max(MINIMUM, 3 * k):
        return f"at least {max(MINIMUM, 3 * k)} priced children are needed for a model of this size"
    if np.ptp(y) == 0:
        return "the cost is the same for all children"
    if k == 1:
        return "no fact in the model varies"
    if np.linalg.matrix_rank(design.matrix / np.abs(design.matrix).max(axis=0)) < k:
        return "two facts in the model say the same"
    if np.linalg.matrix_rank(design.matrix[y > 0] / np.abs(design.matrix).max(axis=0)) < k:
        return "all children of one kind in the model cost nothing"
    return too_few_clusters(units, cluster)


def cost_model(
    frame: pd.DataFrame,
    *,
    cost: str,
    terms: Sequence[str],
    cluster: str = "",
    family: Family = "gamma",
    level: float = 0.95,
) -> CostModel:
    """Pounds a week that go with need, age, type of placement and the like, and whether the model fits.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows without a cost or a term are left out.
    cost : str
        Weekly cost, pounds. Costs of zero are left out, but for "poisson" and "tweedie".
    terms : sequence of str
        Columns: numbers as they are, text and categories against the most frequent one; categories of
        fewer than 5 children are pooled.
    cluster : str
        Column of what children share, such as ``provider_id``; without it each child stands alone.
    family : {"gamma", "poisson", "tweedie"}
        How the variance goes with the mean: squared, in proportion, or to the power 1.5 (which allows weeks
        that cost nothing).
    level : float
        Confidence level.

    Returns
    -------
    CostModel
        Average marginal effects, unit "GBP per week", with checks of family and link. Not estimable with
        fewer than 30 children or 3 a parameter, when cost does not vary, or with fewer than 3 clusters; an effect is
        not that hangs on the children of one or two clusters, such as a type of placement with one provider.

    Raises
    ------
    InputError
        If a column is missing, not numeric, or a cost lies below zero.

    Notes
    -----
    Effects are averaged over the children there are; their errors count the fit, the children drawn and the
    clusters, made up for what each holds of the effect (CR2), with t on the clusters that it rests on (Satterthwaite).
    The effect of a number is the slope at each child's own value, a derivative: a whole unit more multiplies cost by
    the ratio, which in pounds is a little more than the slope where cost rises. Effects say what cost goes with, not
    what a change would do. Where the family check fails they stay right on average, and the errors, which do not rest
    on it, too.

    References
    ----------
    Manning WG, Mullahy J (2001), J Health Econ 20:461-494; Pregibon D (1980), Appl Stat 29:15-24; Bell RM,
    McCaffrey DF (2002), Surv Methodol 28:169-181; Pustejovsky JE, Tipton E (2018), J Bus Econ Stat 36:672-683.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"need": rng.normal(10, 4, 400)})
    >>> frame["cost"] = np.exp(6 + 0.05 * frame["need"]) * rng.gamma(4, 0.25, 400)
    >>> model = cost_model(frame, cost="cost", terms=["need"])
    >>> 20 < model.effect("need").value < 50
    True
    """
    costs = cost_column(frame, cost)
    known = ~np.isnan(costs) & ((costs > 0) | (family != "gamma")) & complete_terms(frame, terms)
    y, design = costs[known], code_terms(frame.loc[known], terms)
    units, power, n = clusters_of(frame, known, cluster, 0), POWERS[family], int(known.sum())
    method = METHOD.format(family.capitalize())
    if reason := _unable(y, design, units, cluster):
        return _no_model(cost, family, reason, min(n, units.clusters), method)
    fit = fit_glm(y, design.matrix, power, units)
    pounds, ratios = _effects(design, fit, units, (cluster, level, method))
    spread = check_spread(y, fit[1], power, units, level)
    return CostModel(pounds, ratios, family, spread, check_link(y, fit[1], design, power, units, level))


def _no_model(cost: str, family: str, reason: str, n: int, method: str) -> CostModel:
    none = Estimate.not_estimable(f"What {say_column(cost)} goes with", n=n, reason=reason, method=method)
    check = Check(none, 0.0, None, "", "")
    return CostModel(Estimates((none,)), Estimates((none,)), family, check, check)
