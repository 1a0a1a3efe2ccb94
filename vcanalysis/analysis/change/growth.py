"""How need moves with time in care: a straight line for every child, fitted to all assessments at once.

statsmodels' `MixedLM` fits the same model child by child in ten times the time and does not say what each assessment
does to the slope, which errors for shared raters need; the tests hold this module against it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import optimize

from vcanalysis.analysis.change.scores import ALL_ALIKE, FEWEST_RATERS, MINIMUM, rated_by, t_estimate
from vcanalysis.analysis.change.variance import memberships, spread
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.estimate import Estimate, Estimates

METHOD = "linear mixed model by REML, own level and slope for each child; robust errors"
_SEARCH = {"maxiter": 300, "ftol": 1e-13, "gtol": 1e-7}
_POLISH = {"maxiter": 400, "xatol": 1e-7, "fatol": 1e-9}
_STARTS = ((1.0, 0.0, 0.3), (0.3, 0.0, 0.05), (2.0, -0.3, 1.0))


@dataclass(frozen=True, eq=False)
class GrowthFit:
    """A fitted growth model.

    Parameters
    ----------
    coefficients, errors : array
        Fixed effects (level, slope and covariates) and their standard errors as the model has them.
    log_likelihood : float
        Restricted log likelihood.
    variances : dict of str to float
        Variance of the children's levels and slopes, their covariance, and the residual.
    """

    coefficients: np.ndarray
    errors: np.ndarray
    log_likelihood: float
    variances: dict[str, float]


@dataclass(frozen=True, eq=False)
class _Sums:
    """What the likelihood needs of the data: sums within each child, so that a nation costs no more per step.

    `times` holds the number of assessments, of years and of squared years of each child; `along` the sums of design
    and score over a child's level and slope; `pairs` their products; `whole` the products over all assessments.
    """

    times: np.ndarray
    along: np.ndarray
    pairs: np.ndarray
    whole: np.ndarray
    rows: int


def _sums(child: np.ndarray, time: np.ndarray, design: np.ndarray, score: np.ndarray) -> _Sums:
    count = int(child.max()) + 1

    def within(values: np.ndarray) -> np.ndarray:
        return np.bincount(child, weights=values, minlength=count)

    data = np.column_stack([design, score])
    level = np.column_stack([within(x) for x in data.T])
    slope = np.column_stack([within(x * time) for x in data.T])
    cross = level[:, :, None] * slope[:, None, :]
    products = (
        level[:, :, None] * level[:, None, :],
        cross + cross.transpose(0, 2, 1),
        slope[:, :, None] * slope[:, None, :],
    )
    pairs = np.array([product.reshape(count, -1) for product in products])
    times = np.array([within(np.ones_like(time)), within(time), within(time * time)])
    return _Sums(times, np.array([level, slope]), pairs, data.T @ data, len(score))


def _root(theta: np.ndarray) -> np.ndarray:
    return np.array([[theta[0], 0.0], [theta[1], theta[2]]])


def _middle(theta: np.ndarray, sums: _Sums) -> tuple[np.ndarray, float]:
    """Give each child's part of the inverse covariance, and the sum of log determinants.

    With T the covariance of level and slope and Z the sums of times, the part is (T^-1 + Z)^-1, a matrix of two rows
    written out: (T + |T| adj Z) / |I + Z T|, which also holds where T has no inverse.
    """
    (p, q), (_, r) = (_root(theta) @ _root(theta).T).tolist()
    size = (theta[0] * theta[2]) ** 2
    n, t, tt = sums.times
    determinant = 1 + n * p + 2 * t * q + tt * r + (n * tt - t * t) * size
    middle = np.array([p + size * tt, q - size * t, r + size * n]) / determinant
    return middle, float(np.log(determinant).sum())


def _profile(theta: np.ndarray, sums: _Sums) -> tuple[float, np.ndarray, np.ndarray, float]:
    """Give minus twice the restricted likelihood, the effects, their inverse information and the scale."""
    middle, logs = _middle(theta, sums)
    taken = np.sum([part @ pair for part, pair in zip(middle, sums.pairs, strict=True)], axis=0)
    left = sums.whole - taken.reshape(sums.whole.shape)
    information, right, square = left[:-1, :-1], left[:-1, -1], float(left[-1, -1])
    effects = np.linalg.solve(information, right)
    df = sums.rows - len(effects)
    scale = max((square - float(right @ effects)) / df, 1e-300)
    logs += float(np.linalg.slogdet(information)[1])
    return df * (np.log(scale) + 1 + np.log(2 * np.pi)) + logs, effects, np.linalg.inv(information), scale


def fit_growth(
    child: np.ndarray, time: np.ndarray, score: np.ndarray, covariates: np.ndarray | None = None
) -> tuple[GrowthFit, np.ndarray]:
    """Fit a line per child around a common line by restricted maximum likelihood.

    Parameters
    ----------
    child : array of int
        Codes of the children, from 0.
    time, score : array
        Years and score of each assessment.
    covariates : array (rows, k), optional
        Further fixed effects.

    Returns
    -------
    tuple
        The fit, and the influence of each assessment on each fixed effect.

    Notes
    -----
    The likelihood is profiled over fixed effects and residual variance and needs only sums within each child;
    three relative variances are searched from three starts and the best is kept, because a mixed model may
    stop far from its optimum.

    References
    ----------
    Laird NM, Ware JH (1982), Biometrics 38:963-974; Bates D et al. (2015), J Stat Softw 67(1).

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> child, time = np.repeat(np.arange(200), 4), np.tile([0.0, 0.5, 1.0, 1.5], 200)
    >>> score = rng.normal(10, 3, 200)[child] - 0.5 * time + rng.normal(0, 1, 800)
    >>> fit, _ = fit_growth(child, time, score)
    >>> round(float(fit.coefficients[1]), 1)
    -0.5
    """
    extra = [] if covariates is None else [covariates]
    design = np.column_stack([np.ones_like(time), time, *extra])
    sums = _sums(child, time, design, score)
    fits = [
        optimize.minimize(lambda t: _profile(t, sums)[0], start, method="L-BFGS-B", options=_SEARCH)
        for start in _STARTS[: 1 if len(score) > 100_000 else 3]
    ]
    best = min(fits, key=lambda fit: float(fit.fun)).x
    # a gradient taken by differences stops short of the last digits, how short depends on the processor
    theta = optimize.minimize(lambda t: _profile(t, sums)[0], best, method="Nelder-Mead", options=_POLISH).x
    minus_two, effects, inverse, scale = _profile(theta, sums)
    middle, _ = _middle(theta, sums)
    # Rows of the inverse covariance times the design: what each assessment weighs in each effect.
    level, slope = sums.along[:, :, :-1]
    on_level, on_slope = (a[:, None] * level + b[:, None] * slope for a, b in (middle[:2], middle[1:]))
    weights = design - on_level[child] - on_slope[child] * time[:, None]
    influence = (weights * (score - design @ effects)[:, None]) @ inverse
    relative = _root(theta) @ _root(theta).T * scale
    variances = {
        "level": relative[0, 0],
        "slope": relative[1, 1],
        "covariance": relative[1, 0],
        "residual": scale,
    }
    named = {name: float(value) for name, value in variances.items()}
    return GrowthFit(effects, np.sqrt(np.diag(inverse) * scale), -minus_two / 2, named), influence


def growth(
    frame: pd.DataFrame,
    *,
    child: str,
    time: str,
    score: str,
    rater: str = "",
    covariates: Sequence[str] = (),
    level: float = 0.95,
) -> Estimates:
    """Mean change of need for each year in care, from all assessments of all children.

    Parameters
    ----------
    frame : DataFrame
        One row per assessment; rows with a missing value are left out.
    child : str
        Column of the child.
    time : str
        Column of years, such as years since entry into care.
    score : str
        Column of the score.
    rater : str
        Column of who rated: errors then hold although assessments by one person hang together.
    covariates : sequence of str
        Numeric columns held equal, such as age at entry.
    level : float
        Confidence level.

    Returns
    -------
    Estimates
        "Change of need for each year", and the standard deviation between children of that change (without an
        interval). Needs 10 children assessed at least twice.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    Children with more assessments weigh more, and those who left early count for the time they were seen: right
    if leaving depends on what was rated, wrong if it depends on what was not. 80,000 children with 300,000
    assessments are fitted whole; nothing is sampled.

    Examples
    --------
    >>> rng = np.random.default_rng(2)
    >>> frame = pd.DataFrame({"child": np.repeat(np.arange(80), 3), "years": np.tile([0.0, 1.0, 2.0], 80)})
    >>> frame["need"] = rng.normal(10, 3, 80)[frame["child"]] + rng.normal(0, 1, 240)
    >>> growth(frame, child="child", time="years", score="need")[0].excludes(0)
    False
    """
    require_columns(frame, child, *([rater] if rater else []))
    columns = [number_column(frame, name) for name in (time, score, *covariates)]
    known = ~np.isnan(columns).any(axis=0) & frame[child].notna().to_numpy()
    rows = frame.loc[known]
    years, values, *others = (column[known] for column in columns)
    codes = pd.factorize(rows[child])[0]
    n = len(np.unique(codes))
    method = METHOD + rated_by([codes] if rater else [])
    reason = _lacking(codes, years, values, rows, rater)
    terms = ("Change of need for each year", "Standard deviation between children of the change each year")
    if reason:
        return Estimates.of(Estimate.not_estimable(t, n=n, reason=reason, method=method) for t in terms)
    centre = [other - other.mean() for other in others]
    fit, influence = fit_growth(codes, years, values, np.column_stack(centre) if centre else None)
    raters = memberships(rows, rater) if rater else []
    within = spread(influence[:, 1], [codes, *(r + n for r in raters)], units=codes)
    slope = t_estimate(
        terms[0],
        float(fit.coefficients[1]),
        float(within.errors()[0]),
        within,
        n=n,
        level=level,
        unit="points",
        method=method,
    )
    sd = float(np.sqrt(fit.variances["slope"]))
    return Estimates((slope, Estimate(terms[1], sd, n=n, unit="points", method=METHOD)))


def _lacking(codes: np.ndarray, years: np.ndarray, values: np.ndarray, rows: pd.DataFrame, rater: str) -> str:
    """Say why no line can be fitted, or nothing."""
    if int((np.bincount(codes, minlength=1) >= 2).sum()) < MINIMUM:
        return f"at least {MINIMUM} children must be assessed twice"
    if np.ptp(values) == 0 or np.ptp(years) == 0:
        return (
            "all scores are the same" if np.ptp(values) == 0 else "all assessments were made at the same time"
        )
    if _all_alike(codes, years, values):
        return ALL_ALIKE
    if rater and rows[rater].nunique() < FEWEST_RATERS:
        return f"at least {FEWEST_RATERS} people must have rated, since ratings by one person hang together"
    return ""


def _all_alike(codes: np.ndarray, years: np.ndarray, values: np.ndarray) -> bool:
    """Say whether all children keep to lines of one slope: no error is left that a model could learn from."""
    counts = np.bincount(codes)
    time, score = (v - (np.bincount(codes, weights=v) / counts)[codes] for v in (years, values))
    square = float(time @ time)
    left = score - (float(time @ score) / square if square > 0 else 0.0) * time
    return bool(np.abs(left).max() <= 1e-9 * np.abs(values).max())
