"""Fitting a probability and judging it: a penalised logistic curve, calibrated and validated on unseen children."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.special import logit
from sklearn import config_context
from sklearn.compose import ColumnTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

from vcanalysis.analysis.stepdown.design import Recipe

Array = np.ndarray


@dataclass(frozen=True, slots=True)
class Fitted:
    """A calibrated model.

    Parameters
    ----------
    columns : ColumnTransformer
        How columns become numbers.
    model : LogisticRegression
        The penalised fit.
    slope, intercept : float
        The straight line that calibrates its score (Platt's method); a slope of 0 gives everybody the base rate.
    """

    columns: ColumnTransformer
    model: LogisticRegression
    slope: float
    intercept: float

    def score(self, read: pd.DataFrame) -> Array:
        """Give the calibrated logit of rows without gaps."""
        return np.asarray(
            self.intercept + self.slope * self.model.decision_function(self.columns.transform(read))
        )

    @property
    def penalty(self) -> float:
        """The strength of fit that was taken."""
        return float(self.model.C)


def parts_of(outcome: Array, cluster: Array, *, folds: int, seed: int) -> list[tuple[Array, Array]]:
    """Cut children into parts with like shares of the outcome; the rows of a child stay together.

    Examples
    --------
    >>> cut = parts_of(np.array([1.0, 1, 0, 0, 1, 0]), np.array([0, 0, 1, 1, 2, 3]), folds=2, seed=0)
    >>> [test.tolist() for _, test in cut]
    [[2, 3, 4], [0, 1, 5]]
    """
    _, child = np.unique(cluster, return_inverse=True)
    mostly = np.bincount(child, weights=outcome) / np.bincount(child) >= 0.5
    part = np.empty(len(mostly), dtype=int)
    cut = StratifiedKFold(folds, shuffle=True, random_state=seed)
    for number, (_, test) in enumerate(cut.split(mostly, mostly)):
        part[test] = number
    return [(np.flatnonzero(part[child] != k), np.flatnonzero(part[child] == k)) for k in range(folds)]


def cross_scores(
    x: Array, outcome: Array, cluster: Array, recipe: Recipe, *, seed: int
) -> tuple[Array, float]:
    """Give each row the score of a model without its child, at the penalty that predicts best, and that penalty."""
    scores = np.zeros((len(recipe.penalties), len(outcome)))
    for train, test in parts_of(outcome, cluster, folds=recipe.folds, seed=seed):
        for place, strength in enumerate(recipe.penalties):
            scores[place, test] = _logistic(strength).fit(x[train], outcome[train]).decision_function(x[test])
    losses = np.mean(np.logaddexp(0, scores) - outcome * scores, axis=1)
    best = int(np.argmin(losses))
    return scores[best], recipe.penalties[best]


def fit_calibrated(
    read: pd.DataFrame, outcome: Array, cluster: Array, recipe: Recipe, *, seed: int
) -> Fitted:
    """Choose the penalty on unseen children, calibrate on them, and fit to all.

    Parameters
    ----------
    read : DataFrame
        Columns of the recipe without gaps.
    outcome, cluster : array
        0 or 1, and the number of the child, of each row.
    recipe : Recipe
        Penalties and folds.
    seed : int
        Seed of the cutting.

    References
    ----------
    Platt JC (1999), in Advances in Large Margin Classifiers, 61-74; Varma S, Simon R (2006), BMC Bioinformatics 7:91,
    for why the choice must be judged on children that had no part in it (done by `unseen_scores`).
    """
    columns = recipe.transformer()
    x = columns.fit_transform(read)
    with config_context(assume_finite=True, skip_parameter_validation=True):
        score, strength = cross_scores(x, outcome, cluster, recipe, seed=seed)
        slope, intercept = _calibrate(score, outcome)
        return Fitted(columns, _logistic(strength).fit(x, outcome), slope, intercept)


def _logistic(strength: float) -> LogisticRegression:
    return LogisticRegression(C=strength, solver="newton-cholesky", max_iter=200)


def _calibrate(score: Array, outcome: Array) -> tuple[float, float]:
    """Fit the outcome to the score of unseen children; a score that tells nothing gives the base rate."""
    line = _logistic(np.inf).fit(score[:, None], outcome)
    slope = float(line.coef_[0, 0])
    if slope > 0:
        return slope, float(line.intercept_[0])
    return 0.0, float(logit(outcome.mean()))


def unseen_scores(read: pd.DataFrame, outcome: Array, cluster: Array, recipe: Recipe) -> Array:
    """Give each row the calibrated logit of models that had no row of its child: outer folds, means over repeats."""
    total = np.zeros(len(outcome))
    for repeat in range(recipe.repeats):
        seed = recipe.seed + 1000 * repeat
        for train, test in parts_of(outcome, cluster, folds=recipe.folds, seed=seed):
            found = fit_calibrated(read.iloc[train], outcome[train], cluster[train], recipe, seed=seed)
            total[test] += found.score(read.iloc[test])
    return total / recipe.repeats


def first_scores(read: pd.DataFrame, outcome: Array, cluster: Array, recipe: Recipe) -> Array:
    """Give each row a score by which the overlap is found: of models without its child, not calibrated."""
    x = recipe.transformer().fit_transform(read)
    return cross_scores(x, outcome, cluster, recipe, seed=recipe.seed)[0]
