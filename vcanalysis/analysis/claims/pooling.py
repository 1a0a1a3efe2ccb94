"""Partial pooling of councils: their mean, what a new council may find, and what choosing the best of them adds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.meta_analysis import combine_effects

from vcanalysis.analysis.claims.limits import LIMITS
from vcanalysis.core.columns import number_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import percentile_interval
from vcanalysis.core.limits import allowed

LEAST = 2
_PIVOTS = 200_000  # draws of the distribution of the best councils
_PREDICTIONS = 4000
_PREDICTED = "random effects, confidence distribution of the variance between councils"
_UNIT = "GBP per child"


@dataclass(frozen=True, slots=True)
class Pooled:
    """Councils pooled; made by `pool_councils`.

    Parameters
    ----------
    mean : Estimate
        Mean saving per child of all councils alike, by t with one degree of freedom less than councils.
    new_council : Estimate
        Saving per child of a council not yet seen: its interval is a predictive one.
    shrunk : Estimates
        Each council drawn towards the mean by the unreliability of its own figure; empty without standard errors.
    spread : float or None
        Standard deviation of the true saving between councils.
    """

    mean: Estimate
    new_council: Estimate
    shrunk: Estimates
    spread: float | None

    def sentence(self) -> str:
        """Say the mean and what the next council may find."""
        return f"{self.mean.sentence()} {self.new_council.sentence()}"


def pool_councils(
    frame: pd.DataFrame,
    *,
    saving: str,
    std_error: str | None = None,
    tried: int | None = None,
    level: float = 0.95,
    seed: int = 0,
) -> Pooled:
    """Pool the savings of councils and predict the next one.

    Parameters
    ----------
    frame : DataFrame
        One row per council.
    saving : str
        Column of pounds saved per child and year.
    std_error : str, optional
        Column of the standard error of each, where known. Without it the councils count alike.
    tried : int, optional
        How many councils took part, when those in the frame are the ones with the largest savings of them. The mean
        is then set right for having been chosen.
    level : float
        Level of the intervals.
    seed : int
        Seed of the draws where councils were chosen.

    Returns
    -------
    Pooled
        Not estimable with one council, or with councils that do not differ.

    Raises
    ------
    InputError
        If a column is missing or not numeric, level or seed are out of range, fewer councils tried than are there, or
        both `tried` and `std_error` are given.

    Notes
    -----
    Without standard errors: normal savings, t with G - 1 degrees of freedom; for a new council times the root of
    1 + 1/G. Chosen councils: the distribution of (mean of the best G of m - true mean) over their own spread does not
    depend on mean or spread, so it is drawn and its quantiles used. With standard errors: the between-council
    variance by Paule and Mandel, the standard error by Hartung and Knapp, never below the plain one; a new council over
    the confidence distribution of that variance, since with few councils its estimate is too often nought.

    References
    ----------
    Higgins, Thompson and Spiegelhalter (2009), J R Stat Soc A 172:137-159; Partlett and Riley (2017), Stat Med
    36:301-317; Röver, Knapp and Friede (2015), BMC Med Res Methodol 15:99; Nagashima, Noma and Furukawa (2019), Stat
    Methods Med Res 28:1689-1702, for the prediction with errors.

    Examples
    --------
    >>> two = pool_councils(pd.DataFrame({"saving": [1000.0, 3000.0]}), saving="saving")
    >>> round(two.mean.low), round(two.mean.high)
    (-10706, 14706)
    """
    allowed(LIMITS, "level", level)
    allowed(LIMITS, "seed", seed)
    values = number_column(frame, saving)
    values = values[~np.isnan(values)]
    _refuse(len(values), tried, std_error)
    if len(values) < LEAST:
        return _none(len(values), f"at least {LEAST} councils are needed to see how councils differ")
    if std_error is not None:
        return _with_errors(frame, saving, std_error, level, seed)
    spread = float(values.std(ddof=1))
    if spread == 0:
        return _none(len(values), "the councils report the same, so that nothing shows how councils differ")
    if tried is not None and tried > len(values):
        return _chosen(values, tried, level, seed)
    centre, error = float(values.mean()), spread / len(values) ** 0.5
    many = float(stats.t.ppf((1 + level) / 2, len(values) - 1))
    ahead = (spread**2 + error**2) ** 0.5
    method = f"mean of councils, t with {len(values) - 1} degrees of freedom"
    return Pooled(
        _mean(centre, (centre - many * error, centre + many * error), len(values), level, method),
        _next(centre, (centre - many * ahead, centre + many * ahead), len(values), level, method),
        Estimates(()),
        spread,
    )


def order_excess(reported: int, tried: int) -> float:
    """Give by how much the best of several councils exceed all, in standard deviations, when none differs in truth.

    Parameters
    ----------
    reported, tried : int
        The mean of the `reported` largest of `tried` normal values.

    Raises
    ------
    InputError
        If more are reported than tried, or none.

    References
    ----------
    Harter (1961), Biometrika 48:151-165: expected values of normal order statistics.

    Examples
    --------
    >>> round(order_excess(2, 5), 3)
    0.829
    """
    if not 1 <= reported <= tried:
        raise InputError(f"{reported} councils of {tried} cannot be the best. Give 1 to {tried}.")
    grid = np.linspace(-9, 9, 20_001)
    tail, density = stats.norm.sf(grid), stats.norm.pdf(grid)
    # P(rank of a value <= reported) among the others: at most reported - 1 of them lie above
    among = stats.binom.cdf(reported - 1, tried - 1, tail)
    return float(np.trapezoid(grid * density * among, grid) * tried / reported)


@lru_cache(maxsize=32)
def _pivots(reported: int, tried: int, level: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    """Give median and ends of (mean of the best - truth) and (a new council - that mean), over the best's spread."""
    rng = np.random.default_rng(seed)
    best = np.partition(rng.standard_normal((_PIVOTS, tried)), tried - reported, axis=1)[
        :, tried - reported :
    ]
    centre, spread = best.mean(axis=1), best.std(axis=1, ddof=1)
    ahead = (rng.standard_normal(_PIVOTS) - centre) / spread
    tails = [0.5, (1 - level) / 2, (1 + level) / 2]
    return np.quantile(centre / spread, tails), np.quantile(ahead, tails)


def _chosen(values: np.ndarray, tried: int, level: float, seed: int) -> Pooled:
    size, centre, spread = len(values), float(values.mean()), float(values.std(ddof=1))
    over, ahead = _pivots(size, tried, level, seed)
    middle, high, low = centre - spread * over
    next_middle, next_low, next_high = centre + spread * ahead
    method = f"best {size} of {tried} councils, pivot of their own spread"
    return Pooled(
        _mean(float(middle), (float(low), float(high)), size, level, method),
        _next(float(next_middle), (float(next_low), float(next_high)), size, level, method),
        Estimates(()),
        spread,
    )


def _with_errors(frame: pd.DataFrame, saving: str, std_error: str, level: float, seed: int) -> Pooled:
    known = frame[[saving, std_error]].dropna()
    values, errors = number_column(known, saving), number_column(known, std_error)
    if (errors <= 0).any():
        raise InputError(f"Column {std_error} holds a standard error of 0 or less. Leave the column out.")
    fit = combine_effects(values, errors**2, method_re="iterated")
    tau2, centre, size = float(fit.tau2), float(fit.mean_effect_re), len(values)
    error = max(float(fit.var_hksj_re), float(fit.var_eff_w_re)) ** 0.5
    many = float(stats.t.ppf((1 + level) / 2, size - 1))
    method = "random effects: Paule-Mandel, Hartung-Knapp, t interval"
    own = tau2 / (tau2 + errors**2)
    shrunk = []
    for name, value, weight, noise in zip(known.index, values, own, errors, strict=True):
        middle = float(weight * value + (1 - weight) * centre)
        half = many * float(weight * noise**2 + (1 - weight) ** 2 * error**2) ** 0.5
        shrunk.append(
            _mean(middle, (middle - half, middle + half), size, level, method).named(group=str(name))
        )
    return Pooled(
        _mean(centre, (centre - many * error, centre + many * error), size, level, method),
        _next(centre, _predict(values, errors, level, seed), size, level, _PREDICTED),
        Estimates.of(shrunk),
        tau2**0.5,
    )


def _predict(values: np.ndarray, errors: np.ndarray, level: float, seed: int) -> tuple[float, float]:
    """Predict a new council over the confidence distribution of the variance between councils.

    The variance is where Cochran's Q, with weights for it, equals a draw of chi-square: nought if none does.
    """
    rng = np.random.default_rng(seed)
    even = (np.arange(_PREDICTIONS) + 0.5) / _PREDICTIONS
    freedom = len(values) - 1
    target = stats.chi2.ppf(even, freedom)
    largest = ((values - values.mean()) ** 2).sum() / target[0] + errors.max() ** 2
    between = np.concatenate([[0.0], np.geomspace(1e-6 * largest, largest, 400)])
    weight = 1 / (errors**2 + between[:, None])
    centre = (weight * values).sum(axis=1) / weight.sum(axis=1)
    q = (weight * (values - centre[:, None]) ** 2).sum(axis=1)
    error = np.sqrt(np.maximum(q / freedom, 1.0) / weight.sum(axis=1))
    tau2 = np.interp(-target, -q, between)
    middle, spread = np.interp(tau2, between, centre), np.interp(tau2, between, error)
    t = stats.t.ppf(rng.permutation(even), freedom)
    drawn = middle + t * spread + stats.norm.ppf(rng.permutation(even)) * tau2**0.5
    low, high = percentile_interval(drawn, level)
    return low, high


def _refuse(size: int, tried: int | None, std_error: str | None) -> None:
    if tried is not None and tried < size:
        raise InputError(f"{tried} councils tried, but {size} report. Give {size} or more.")
    if tried is not None and std_error is not None:
        raise InputError("Give `tried` or `std_error`, not both: no method here takes the two together.")


def _mean(value: float, ends: tuple[float, float], n: int, level: float, method: str) -> Estimate:
    return Estimate("Mean saving per child", value, *ends, level, n, _UNIT, method, of="councils")


def _next(value: float, ends: tuple[float, float], n: int, level: float, method: str) -> Estimate:
    return Estimate(
        "Saving per child of a new council",
        value,
        *ends,
        level,
        n,
        _UNIT,
        method,
        of="councils",
        span="predictive interval",
    )


def _none(n: int, reason: str) -> Pooled:
    terms = ("Mean saving per child", "Saving per child of a new council")
    made = [Estimate.not_estimable(term, n=n, reason=reason, unit=_UNIT, of="councils") for term in terms]
    return Pooled(made[0], made[1], Estimates(()), None)
