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
from vcanalysis.analysis.change.variance import least_squares, spread
from vcanalysis.core.columns import require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.parts import fit_of

IMPUTED = (
    "mean change with {m} imputations (spline in the first score, residuals of children near by); Rubin's rules, "
    "Barnard-Rubin degrees of freedom"
)
FEWEST_IMPUTATIONS = 20
DONORS = 10  # children near by, one of whose residuals is taken
KNOTS = (0.05, 0.275, 0.5, 0.725, 0.95)  # quantiles of the first score (Harrell's for five)
FEWEST_BENT = 50  # children seen again, below which the line stays straight


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
    Each imputation draws the regression of the second score on the first (a natural spline) and the predictors from
    its sampling distribution, then adds the residual of one of ten children seen again of whom it expects about as
    much. A straight line with normal residuals claimed a fall in 23% of samples of skewed needs where nothing had
    changed: the higher half of skewed needs lies on another line than the lower. Beyond the first scores seen again
    the line goes on straight, and its error with it. Raters enter once, in the variance of each completed mean: to
    draw the regression with clustered errors too counts them twice (97.2% covered where 95% is meant). Right if,
    among children alike in these, it was chance who was seen again; `shift` asks how far from right that may be.

    References
    ----------
    Schenker N, Taylor JMG (1996), Comput Stat Data Anal 22:425-446; Morris TP, White IR, Royston P (2014), BMC Med Res
    Methodol 14:75, for local residual draws; Harrell FE (2015), Regression Modeling Strategies, 2.4.5, for the spline.

    Examples
    --------
    >>> rng = np.random.default_rng(6)
    >>> frame = pd.DataFrame({"b": rng.normal(10, 3, 300)})
    >>> frame["a"] = (frame["b"] - 1 + rng.normal(0, 1, 300)).where(rng.random(300) < 0.7)
    >>> round(imputed_change(frame, before="b", after="a").value, 1)
    -1.1
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
    made = Estimate(
        term,
        value,
        *ends,
        level,
        len(seen),
        "points",
        method,
        std_error=error,
        fit=fit_of(_bent(cohort)[seen]),
    )
    return made.unless_alike(1.0, reason=ALL_ALIKE)


def _impute(cohort: Cohort, imputations: int, seed: int) -> np.ndarray:
    """Draw the missing second scores, one row per imputation: local residual draws around a spline."""
    rng, seen = np.random.default_rng(seed), cohort.seen
    design, outcome = _bent(cohort), cohort.after[seen]
    fitted, influence = least_squares(list(design[seen, 1:].T), outcome)
    values, vectors = np.linalg.eigh(spread(influence, used=design.shape[1]).covariance)
    root = vectors * np.sqrt(np.clip(values, 0, None))
    lines = fitted + rng.standard_normal((imputations, len(fitted))) @ root.T
    expected = design @ fitted
    order = np.argsort(expected[seen], kind="stable")
    residual, donors = (outcome - expected[seen])[order], min(DONORS, len(outcome))
    first = np.searchsorted(expected[seen][order], expected[~seen]) - donors // 2
    near = np.clip(first, 0, len(outcome) - donors)
    drawn = residual[near + rng.integers(0, donors, (imputations, len(near)))]
    # The few children at the ends say how far others scatter there; where they lie is for the line to say.
    mean = np.convolve(residual, np.full(donors, 1 / donors), mode="valid")[near]
    return np.asarray(lines @ design[~seen].T + (drawn - mean) * math.sqrt(donors / (donors - 1)))


def _bent(cohort: Cohort) -> np.ndarray:
    """Add to the design a natural cubic spline in the first score, its knots where children were seen again."""
    first = cohort.before[cohort.seen]
    knots = np.unique(np.quantile(first, KNOTS))
    if len(first) < FEWEST_BENT or len(knots) < 3:
        return cohort.design
    at = (cohort.before[:, None] - knots) / (knots[-1] - knots[0])
    cubes, knots = np.maximum(at, 0) ** 3, (knots - knots[0]) / (knots[-1] - knots[0])
    last = knots[-1] - knots[-2]
    bends = [
        cubes[:, k]
        - cubes[:, -2] * (knots[-1] - knots[k]) / last
        + cubes[:, -1] * (knots[-2] - knots[k]) / last
        for k in range(len(knots) - 2)
    ]
    return np.column_stack([cohort.design, *bends])


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
