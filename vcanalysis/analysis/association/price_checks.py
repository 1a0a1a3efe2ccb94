"""Whether a model of cost fits: how the spread grows with the mean, and whether a curve is left over."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from vcanalysis.analysis.association.design import Design, degrees_of_freedom
from vcanalysis.analysis.association.glm import fit_glm
from vcanalysis.core.clusters import Units
from vcanalysis.core.estimate import Estimate


@dataclass(frozen=True, slots=True)
class Check:
    """A test of whether a model fits.

    Parameters
    ----------
    estimate : Estimate
        The number tested, with its interval.
    null : float
        Its value where the model fits.
    p_value : float or None
        Probability of one as far off by chance; None where it is not estimable.
    fits, fails : str
        What to say in either case.
    """

    estimate: Estimate
    null: float
    p_value: float | None
    fits: str
    fails: str

    @property
    def passed(self) -> bool:
        """Whether the data do not speak against the model at 5%."""
        return self.p_value is not None and self.p_value >= 0.05

    def sentence(self) -> str:
        """Say whether the model fits, with the number behind it."""
        if self.p_value is None:
            return self.estimate.sentence()
        return f"{self.fits if self.passed else self.fails} {self.estimate.sentence()}"


def _coefficient(
    y: np.ndarray, matrix: np.ndarray, power: float, units: Units, level: float
) -> tuple[float, float, float, float]:
    """Fit and give the last coefficient, its clustered error, the t quantile and the degrees of freedom."""
    beta, _, changes, _ = fit_glm(y, matrix, power, units)
    error = float(np.linalg.norm(changes[:, -1]))
    df = degrees_of_freedom(units, *matrix.shape)
    return float(beta[-1]), error, float(stats.t.ppf(0.5 + level / 2, df)), df


def _check(
    parts: tuple[float, float, float, float],
    null: float,
    words: tuple[str, str, str, str],
    n: int,
    level: float,
) -> Check:
    value, error, quantile, df = parts
    term, method, fits, fails = words
    p_value = float(2 * stats.t.sf(abs(value - null) / error, df)) if error > 0 else 1.0
    ends = value - quantile * error, value + quantile * error
    return Check(Estimate(term, value, *ends, level, n, "index", method), null, p_value, fits, fails)


def _no_check(term: str, reason: str, n: int) -> Check:
    return Check(Estimate.not_estimable(term, n=n, reason=reason), 0.0, None, "", "")


def _no_spread(squares: np.ndarray, y: np.ndarray, log: np.ndarray) -> str:
    """Say why squared errors cannot be set against the mean; empty where they can."""
    if squares.mean() < 1e-18 * y.mean() ** 2:
        return "the model gives every cost exactly"
    return "the model gives every child the same cost" if np.ptp(log) < 1e-9 else ""


def check_spread(y: np.ndarray, mean: np.ndarray, power: float, units: Units, level: float) -> Check:
    """Test of Park, modified by Manning and Mullahy: squared errors against the mean, both on the log scale.

    Parameters
    ----------
    y, mean : array of float
        Costs and what the model gives for them, pounds.
    power : float
        The power of the mean with which the model has the variance grow.
    units : Units
        Clusters.
    level : float
        Confidence level.
    """
    squares, log = (y - mean) ** 2, np.log(mean)
    if reason := _no_spread(squares, y, log):
        return _no_check("Power of the mean with which the variance grows", reason, len(y))
    squares = np.maximum(squares, 1e-12 * squares.mean())
    matrix = np.column_stack([np.ones(len(y)), log - log.mean()])
    words = (
        "Power of the mean with which the variance grows",
        "modified Park test",
        "The spread of costs grows with their mean as the model has it.",
        "The spread of costs does not grow with their mean as the model has it.",
    )
    return _check(_coefficient(squares, matrix, 2.0, units, level), power, words, len(y), level)


def check_link(
    y: np.ndarray, mean: np.ndarray, design: Design, power: float, units: Units, level: float
) -> Check:
    """Test of the link: the square of the linear predictor should add nothing to the facts in the model.

    Pregibon's own regression on predictor and square alone rejects far too seldom, since the facts behind
    the predictor have been fitted to the same costs; so they stay in.

    Parameters
    ----------
    y, mean, power, units, level
        As for `check_spread`.
    design : Design
        Columns of the regression.
    """
    predictor = np.log(mean) - np.log(mean).mean()
    square = (predictor / max(float(predictor.std()), 1e-12)) ** 2
    matrix = np.column_stack([design.matrix / np.abs(design.matrix).max(axis=0), square])
    left = square - matrix[:, :-1] @ np.linalg.lstsq(matrix[:, :-1], square, rcond=None)[0]
    if np.abs(left).max() < 1e-6:
        reason = "the model holds categories only, along which no curve can show"
        return _no_check("Curve left over on the log scale", reason, len(y))
    words = (
        "Curve left over on the log scale",
        "link test of Pregibon (1980), the facts of the model kept",
        "No curve is left over.",
        "A curve is left over: costs are not products of these facts.",
    )
    return _check(_coefficient(y, matrix, power, units, level), 0.0, words, len(y), level)
