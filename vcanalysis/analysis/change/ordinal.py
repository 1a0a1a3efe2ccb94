"""Change of a level that is only an order: cumulative odds, as a check on means of levels."""

from __future__ import annotations

import math
import warnings

import numpy as np
import pandas as pd
from statsmodels.miscmodels.ordinal_model import OrderedModel

from vcanalysis.analysis.change.scores import two_scores
from vcanalysis.analysis.change.variance import spread
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.parts import Fit

METHOD = "cumulative logit (proportional odds) of both assessments, errors robust within child"
MOST = 20_000  # children; beyond, a random sample: its odds ratio is known to the second decimal


def ordinal_change(
    pairs: pd.DataFrame,
    *,
    before: str,
    after: str,
    cluster: str | list[str] = "",
    level: float = 0.95,
    seed: int = 0,
) -> Estimate:
    """Odds of a higher level at the second assessment than at the first, without taking levels for numbers.

    Parameters
    ----------
    pairs : DataFrame
        One row per child assessed twice.
    before, after : str
        Columns of the two levels, whole numbers.
    cluster : str or list of str
        One or two columns of raters.
    level : float
        Confidence level.
    seed : int
        Seed of the sample drawn where there are more than 20,000 children.

    Returns
    -------
    Estimate
        Odds ratio, unit "ratio": 1 when levels are as they were, below 1 when they fell.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    The model is statsmodels' OrderedModel on both assessments of every child, stacked; the sandwich keeps each
    child's two together. It asks the question of means again in a scale-free form.

    References
    ----------
    McCullagh P (1980), J R Stat Soc B 42:109-142; Liang KY, Zeger SL (1986), Biometrika 73:13-22.

    Examples
    --------
    >>> frame = pd.DataFrame({"b": [0, 1, 2, 3] * 10, "a": [0, 0, 1, 2] * 10})
    >>> ordinal_change(frame, before="b", after="a").value < 1
    True
    """
    term = "Odds of a higher level at the second assessment"
    rows = pairs.sample(MOST, random_state=seed) if len(pairs) > MOST else pairs
    scores = two_scores(rows, before=before, after=after, cluster=cluster)
    found = np.unique(np.concatenate([scores.before, scores.after]))
    reason = scores.lacking() or ("all children are at one level" if len(found) < 2 else "")
    if not reason and np.array_equal(np.sort(scores.before), np.sort(scores.after)):
        reason = "" if np.ptp(scores.change) > 0 else "no child changed level"
    if reason:
        return Estimate.not_estimable(term, n=len(scores), reason=reason, method=METHOD)
    slope, influence = _fit(scores.before, scores.after, found)
    within = spread(influence, scores.codes)
    error = float(within.errors()[0])
    half = within.quantile(level) * error
    ends = (math.exp(slope - half), math.exp(slope + half))
    felt = influence**2
    # what the ratio tells it tells of those who changed: they stand for the rarest column
    fit = Fit(len(scores) - len(found), int((scores.change != 0).sum()), float(felt.max() / felt.sum()))
    about = {"std_error": error, "fit": fit}
    return Estimate(term, math.exp(slope), *ends, level, len(scores), "ratio", METHOD, **about)  # type: ignore[arg-type]


def _fit(before: np.ndarray, after: np.ndarray, levels: np.ndarray) -> tuple[float, np.ndarray]:
    """Give the log odds ratio and each child's influence on it."""
    n = len(before)
    stacked = np.searchsorted(levels, np.concatenate([before, after]))
    later = np.repeat([0.0, 1.0], n)[:, None]
    model = OrderedModel(stacked, later, distr="logit")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        fit = model.fit(method="bfgs", disp=False, maxiter=200)
        bread = np.linalg.pinv(-model.hessian(fit.params))
        scores = model.score_obs(fit.params)
    by_child = scores[:n] + scores[n:]
    return float(fit.params[0]), by_child @ bread[0]
