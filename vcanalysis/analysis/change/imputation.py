"""What the change would be if those not assessed again were like the others, or worse, or better."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats

from vcanalysis.analysis.change.cohort import Cohort, cohort_of
from vcanalysis.analysis.change.scores import ALL_ALIKE, MINIMUM, TOO_FEW, rated_by
from vcanalysis.analysis.change.variance import spread
from vcanalysis.core.columns import require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

IMPUTED = (
    "mean change with {m} imputations (normal regression); Rubin's rules, Barnard-Rubin degrees of freedom"
)
FEWEST_IMPUTATIONS = 20


def combine_imputations(
    estimates: ArrayLike, variances: ArrayLike, *, complete_df: float
) -> tuple[float, float, float]:
    """Pool estimates of imputed data sets by Rubin's rules.

    Parameters
    ----------
    estimates, variances : sequence of float
        Estimate and squared standard error in each imputed data set.
    complete_df : float
        Degrees of freedom there would be without missing values.

    Returns
    -------
    tuple of float
        Estimate, standard error, and Barnard's and Rubin's degrees of freedom.

    References
    ----------
    Rubin DB (1987), Multiple Imputation; Barnard J, Rubin DB (1999), Biometrika 86:948-955.

    Examples
    --------
    >>> value, error, df = combine_imputations([1.0, 1.2, 0.9], [0.04, 0.05, 0.045], complete_df=100)
    >>> round(value, 3), round(error, 3), round(df, 1)
    (1.033, 0.276, 9.9)
    """
    found, within = np.asarray(estimates, dtype=float), float(np.mean(np.asarray(variances)))
    m, between = len(found), float(np.var(found, ddof=1))
    total = within + (1 + 1 / m) * between
    missing = (1 + 1 / m) * between / total if total > 0 else 0.0
    observed = (complete_df + 1) / (complete_df + 3) * complete_df * (1 - missing)
    old = (m - 1) / missing**2 if missing > 0 else math.inf
    df = observed if math.isinf(old) else old * observed / (old + observed)
    return float(found.mean()), math.sqrt(total), df


def imputed_change(
    everyone: pd.DataFrame,
    *,
    before: str,
    after: str,
    predictors: Sequence[str] = (),
    cluster: str | Sequence[str] = (),
    shift: float = 0.0,
    imputations: int = 40,
    seed: int = 0,
    level: float = 0.95,
) -> Estimate:
    """Mean change among all children assessed once, second scores of the others imputed many times.

    Parameters
    ----------
    everyone, before, after, cluster, level
        As for `weighted_change`; with raters the mean is as uncertain as they leave it.
    predictors : sequence of str
        Numeric columns to impute from, besides the first score.
    shift : float
        Points added to every imputed score: what if those not seen did worse (or better) than others like them?
    imputations : int
        At least 20.
    seed : int
        Seed of the imputations.

    Returns
    -------
    Estimate
        In points.

    Raises
    ------
    InputError
        If a column is missing or not numeric, or fewer than 20 imputations are asked for.

    Notes
    -----
    Each imputation draws the regression of the second score on the first and the predictors from its posterior,
    then the missing scores. Raters enter once, in the variance of each completed mean: to draw the regression with
    clustered errors too counts them twice (97.2% covered where 95% is meant). Right if, among children alike in
    these, it was chance who was seen again; `shift` asks how far from right that may be.

    Examples
    --------
    >>> rng = np.random.default_rng(6)
    >>> frame = pd.DataFrame({"b": rng.normal(10, 3, 300)})
    >>> frame["a"] = (frame["b"] - 1 + rng.normal(0, 1, 300)).where(frame["b"] < 12)
    >>> round(imputed_change(frame, before="b", after="a").value, 1)
    -1.0
    """
    if imputations < FEWEST_IMPUTATIONS:
        raise InputError(f"{imputations} imputations were asked for; give at least {FEWEST_IMPUTATIONS}.")
    term = "Mean change, missing second scores imputed"
    cohort = cohort_of(everyone, before, after, predictors, cluster)
    method, seen = IMPUTED.format(m=imputations) + rated_by(cohort.codes), cohort.seen
    if seen.sum() < max(MINIMUM, cohort.design.shape[1] + 3):
        return Estimate.not_estimable(term, n=int(seen.sum()), reason=TOO_FEW, method=method)
    drawn = _impute(cohort, imputations, seed)
    means, variances, complete = _means(cohort, drawn + shift)
    value, error, df = combine_imputations(means, variances, complete_df=complete)
    half = float(stats.t.ppf(0.5 + level / 2, df)) * error
    ends = value - half, value + half
    made = Estimate(term, value, *ends, level, len(seen), "points", method, std_error=error)
    return made.unless_alike(1.0, reason=ALL_ALIKE)


def _impute(cohort: Cohort, imputations: int, seed: int) -> np.ndarray:
    """Draw the missing second scores, one row per imputation."""
    rng, seen = np.random.default_rng(seed), cohort.seen
    design, outcome = cohort.design[seen], cohort.after[seen]
    inverse = np.linalg.pinv(design.T @ design)
    fitted = inverse @ (design.T @ outcome)
    df = len(outcome) - design.shape[1]
    squares = float(np.sum((outcome - design @ fitted) ** 2))
    sigma = np.sqrt(squares / rng.chisquare(df, imputations))
    values, vectors = np.linalg.eigh(inverse)
    root = vectors * np.sqrt(np.clip(values, 0, None))
    lines = fitted + sigma[:, None] * (rng.standard_normal((imputations, len(fitted))) @ root.T)
    noise = rng.standard_normal((imputations, int((~seen).sum()))) * sigma[:, None]
    return np.asarray(lines @ cohort.design[~seen].T + noise)


def _means(cohort: Cohort, drawn: np.ndarray) -> tuple[np.ndarray, np.ndarray, float]:
    """Give the mean change of each completed data set, its squared error, and the degrees of freedom."""
    seen, n = cohort.seen, len(cohort.after)
    change = np.empty((n, len(drawn)))
    change[seen] = (cohort.after[seen] - cohort.before[seen])[:, None]
    change[~seen] = (drawn - cohort.before[~seen]).T
    means = change.mean(axis=0)
    within = spread((change - means) / n, cohort.codes)
    return means, np.diag(within.covariance), within.df


def tipping_point(
    everyone: pd.DataFrame,
    *,
    before: str,
    after: str,
    predictors: Sequence[str] = (),
    cluster: str | Sequence[str] = (),
    imputations: int = 40,
    seed: int = 0,
    level: float = 0.95,
) -> Estimate:
    """How much worse (or better) those not seen again must have done for the answer to turn.

    Parameters
    ----------
    everyone, before, after, predictors, cluster, imputations, seed, level
        As for `imputed_change`.

    Returns
    -------
    Estimate
        Points to be added to every imputed second score so that the interval of the mean change just touches
        nought. Where it leaves out nought without a shift, this is what would undo the finding; where it holds
        nought, what would make one: the nearer of the two sides. Not estimable when everyone was seen again.

    Raises
    ------
    InputError
        As for `imputed_change`.

    References
    ----------
    Cro S, Morris TP, Kenward MG, Carpenter JR (2020), Stat Med 39:2815-2842.

    Examples
    --------
    >>> rng = np.random.default_rng(6)
    >>> frame = pd.DataFrame({"b": rng.normal(10, 3, 300)})
    >>> frame["a"] = (frame["b"] - 1 + rng.normal(0, 1, 300)).where(rng.random(300) < 0.6)
    >>> tipping_point(frame, before="b", after="a").value > 1
    True
    """
    term, method = "Shift of those not seen again that turns the answer", "delta-adjusted imputation"
    require_columns(everyone, before, after)

    def at(shift: float) -> Estimate:
        about = {"before": before, "after": after, "predictors": predictors, "imputations": imputations}
        about["cluster"] = cluster
        return imputed_change(everyone, **about, shift=shift, seed=seed, level=level)  # type: ignore[arg-type]

    plain = at(0.0)
    cohort = cohort_of(everyone, before, after, predictors, ())
    if not plain.estimable or cohort.seen.all():
        reason = plain.reason if not plain.estimable else "every child was assessed again"
        return Estimate.not_estimable(term, n=plain.n, reason=reason, method=method)
    share = float((~cohort.seen).mean())
    sides = ("low", "high") if not plain.excludes(0) else (("high",) if (plain.high or 0) < 0 else ("low",))
    found = []
    for side in sides:
        shift = 0.0
        for _ in range(8):  # the end moves almost in proportion to the shift: a few secant steps suffice
            shift -= float(getattr(at(shift), side) or 0.0) / share
        found.append(shift)
    value = min(found, key=abs)
    return Estimate(term, value, n=plain.n, unit="points", method=method)
