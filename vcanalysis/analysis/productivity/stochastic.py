"""Stochastic frontier: shortfall from the best apart from chance, by the shape of their sum. For exploration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats
from scipy.optimize import minimize

from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.estimate import Estimate, Estimates

FEWEST = 20
METHOD = "normal and half-normal stochastic frontier, maximum likelihood"


@dataclass(frozen=True, slots=True)
class Frontier:
    """A frontier of production and how far councils fall short of it.

    Parameters
    ----------
    units : DataFrame
        unit and efficiency (0 to 1): what is reached of what the frontier holds possible, for logs of outputs.
    slopes : Estimates
        Slopes of the frontier, and "share that is shortfall" (gamma).
    squared : float
        Variance of shortfall and chance before the half is taken (sigma squared).
    log_likelihood : float
        Of the frontier.
    p_value : float
        Of there being no shortfall (mixed chi-squared); 1 where chance is skewed the wrong way.
    reason : str
        Why there is no frontier; empty where there is.
    """

    units: pd.DataFrame
    slopes: Estimates
    squared: float
    log_likelihood: float
    p_value: float
    reason: str = ""

    def sentence(self) -> str:
        """Say whether shortfall can be told from chance at all."""
        if self.reason:
            return f"A stochastic frontier is not estimable: {self.reason}."
        if self.p_value >= 0.05:
            return "Shortfall cannot be told from chance by the shape of their sum: no council's efficiency is shown."
        mean = self.units["efficiency"].mean()
        return (
            f"The frontier finds a mean efficiency of {mean:.2f}; it hangs on an assumed shape of shortfall."
        )


def stochastic_frontier(
    frame: pd.DataFrame, *, unit: str, output: str, inputs: Sequence[str], level: float = 0.95
) -> Frontier:
    """Frontier of an outcome with chance on both sides and shortfall on one.

    Parameters
    ----------
    frame : DataFrame
        One row per council; rows that lack a number are left out.
    unit : str
        Column that names the council.
    output : str
        The outcome, higher is better; a log where efficiency is to be a share.
    inputs : sequence of str
        What the outcome depends on, logs where elasticities are wanted.
    level : float
        Confidence level.

    Returns
    -------
    Frontier
        With a reason below 20 councils, or where outcome or inputs do not vary; where the residuals are skewed the
        wrong way it says that there is no shortfall to be seen.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    Slopes are of maximum likelihood, their intervals those of least squares: the curvature of the likelihood gave
    intervals that held the truth in 88% of trials instead of 95%.

    References
    ----------
    Aigner D, Lovell CAK, Schmidt P (1977), J Econometrics 6:21-37; Battese GE, Coelli TJ (1988), J Econometrics
    38:387-399; Coelli TJ (1995), J Prod Anal 6:247-268, for the test.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> made = pd.DataFrame({"council": range(200), "spend": rng.normal(0, 1, 200)})
    >>> made["outcome"] = 1 + 0.5 * made["spend"] + rng.normal(0, 0.1, 200) - abs(rng.normal(0, 0.5, 200))
    >>> found = stochastic_frontier(made, unit="council", output="outcome", inputs=["spend"])
    >>> round(found.slopes.group("spend").value, 1), found.p_value < 0.001
    (0.5, True)
    """
    require_columns(frame, unit)
    data = np.column_stack([number_column(frame, name) for name in (output, *inputs)])
    kept = ~np.isnan(data).any(axis=1)
    values, columns = data[kept, 0], np.column_stack([np.ones(kept.sum()), data[kept, 1:]])
    names = ["constant", *inputs]
    if reason := _unable(values, columns):
        return _none(names, len(values), reason)
    plain = np.linalg.lstsq(columns, values, rcond=None)[0]
    left = values - columns @ plain
    start = np.r_[plain, np.log(left.std()), np.log(left.std())]
    start[0] += left.std() * 0.8
    found = minimize(_loss, start, args=(values, columns), method="BFGS", options={"gtol": 1e-7})
    ordinary = float(stats.norm.logpdf(left, scale=left.std()).sum())
    if stats.skew(left) >= 0 or -found.fun <= ordinary:
        return _no_shortfall(names, plain, columns, left, ordinary, frame.loc[kept, unit], level)
    p_value = 0.5 * float(stats.chi2.sf(2 * (-found.fun - ordinary), 1))
    estimates = _estimates(names, found.x, _half(columns, left, level), len(values), level)
    units = pd.DataFrame(
        {"unit": frame.loc[kept, unit].to_numpy(), "efficiency": _efficiency(found.x, values, columns)}
    )
    squared = float(np.exp(2 * found.x[-2]) + np.exp(2 * found.x[-1]))
    return Frontier(units, estimates, squared, float(-found.fun), p_value)


def _loss(parameters: np.ndarray, values: np.ndarray, columns: np.ndarray) -> float:
    """Negative log likelihood (Aigner, Lovell and Schmidt): logs of the spreads of chance and of shortfall last."""
    chance, short = np.exp(parameters[-2:])
    spread = np.hypot(chance, short)
    left = values - columns @ parameters[:-2]
    density = stats.norm.logpdf(left / spread) + stats.norm.logcdf(-left * short / chance / spread)
    return -float(np.sum(np.log(2) - np.log(spread) + density))


def _efficiency(parameters: np.ndarray, values: np.ndarray, columns: np.ndarray) -> np.ndarray:
    """Mean of exp(-shortfall) given what was measured (Battese and Coelli)."""
    chance, short = np.exp(2 * parameters[-2:])
    middle = -(values - columns @ parameters[:-2]) * short / (chance + short)
    spread = np.sqrt(chance * short / (chance + short))
    ratio = stats.norm.logcdf(middle / spread - spread) - stats.norm.logcdf(middle / spread)
    return np.asarray(np.exp(-middle + spread**2 / 2 + ratio))


def _unable(values: np.ndarray, columns: np.ndarray) -> str:
    if len(values) < FEWEST:
        return f"at least {FEWEST} councils are needed"
    if np.ptp(values) == 0 or np.linalg.matrix_rank(columns) < columns.shape[1]:
        return "the outcome or an input does not vary, or one input is made of others"
    return ""


def _none(names: list[str], n: int, reason: str) -> Frontier:
    each = (
        Estimate.not_estimable(
            "Slope of the frontier", n=n, reason=reason, group=name, of="councils", method=METHOD
        )
        for name in names
    )
    return Frontier(
        pd.DataFrame(columns=["unit", "efficiency"]), Estimates.of(each), np.nan, np.nan, np.nan, reason
    )


def _estimates(names: list[str], values: np.ndarray, half: np.ndarray, n: int, level: float) -> Estimates:
    about: dict[str, Any] = {"of": "councils", "method": METHOD, "n": n, "level": level}
    each = [
        Estimate("Slope of the frontier", value, value - wide, value + wide, group=name, **about)
        for name, value, wide in zip(names, values[: len(names)], half, strict=True)
    ]
    chance, short = np.exp(2 * values[-2:])
    share = Estimate(
        "Share that is shortfall (gamma)",
        short / (chance + short),
        n=n,
        unit="share",
        of="councils",
        method=METHOD,
    )
    return Estimates.of([*each, share])


def _half(columns: np.ndarray, left: np.ndarray, level: float) -> np.ndarray:
    """Half widths of the slopes' intervals by least squares, which also hold where chance and shortfall mix."""
    n, count = columns.shape
    errors = np.sqrt(np.diag(np.linalg.inv(columns.T @ columns)) * (left @ left) / (n - count))
    return np.asarray(float(stats.t.ppf(0.5 + level / 2, n - count)) * errors)


def _no_shortfall(
    names: list[str],
    plain: np.ndarray,
    columns: np.ndarray,
    left: np.ndarray,
    likelihood: float,
    units: pd.Series,
    level: float,
) -> Frontier:
    """Give least squares, where the residuals show no shortfall: every council is as good as on the frontier."""
    n, half = len(columns), _half(columns, left, level)
    about: dict[str, Any] = {"of": "councils", "method": "least squares: no shortfall seen", "n": n}
    each = (
        Estimate("Slope of the frontier", value, value - wide, value + wide, group=name, **about)
        for name, value, wide in zip(names, plain, half, strict=True)
    )
    table = pd.DataFrame({"unit": units.to_numpy(), "efficiency": 1.0})
    return Frontier(table, Estimates.of(each), float(left.var()), likelihood, 1.0)
