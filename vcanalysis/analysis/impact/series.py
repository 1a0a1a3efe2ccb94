"""One series and no comparison: the level after a start against the line before it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import optimize, special, stats

from vcanalysis.analysis.impact.settings import Settings
from vcanalysis.core.columns import number_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates

Array = np.ndarray
METHOD = (
    "segmented regression; autocorrelation of the first order, integrated out of the restricted likelihood"
)
BEFORE, AFTER, SPARE = 4, 3, 4
_GRID = np.linspace(-0.9, 0.99, 64)
NO_COMPARISON = "Nothing else is compared: whatever else changed at the start is counted as the programme."


@dataclass(frozen=True, slots=True)
class InterruptedSeries:
    """A series before and after a start.

    Parameters
    ----------
    estimates : Estimates
        Terms "Change ... on average", "Step ... at the start" and "Change of slope": against the line before, carried
        on.
    path : DataFrame
        time, actual, foretold (the line before, carried on).
    autocorrelation : float
        Its mean under the restricted likelihood.
    """

    estimates: Estimates
    path: pd.DataFrame
    autocorrelation: float

    def frame(self) -> pd.DataFrame:
        """Give the changes as tidy rows."""
        return self.estimates.frame()

    def sentence(self) -> str:
        """Say the changes and what they do not rule out."""
        return f"{self.estimates.sentence()} {NO_COMPARISON}"


def interrupted_series(
    frame: pd.DataFrame,
    *,
    time: str,
    outcome: str,
    start: float,
    slope: bool = True,
    settings: Settings | None = None,
) -> InterruptedSeries:
    """Level and slope after a start against the line before, where there is nothing to compare with.

    Parameters
    ----------
    frame : DataFrame
        One row per time; gaps in the outcome are left out.
    time, outcome : str
        Columns of an evenly spaced time and of the outcome.
    start : float
        First time with the programme.
    slope : bool
        Whether the slope may change as well as the level: decide before looking.
    settings : Settings, optional
        Level, unit of the outcome.

    Returns
    -------
    InterruptedSeries
        Not estimable below four times before, three after, or four more times than numbers estimated.

    Raises
    ------
    InputError
        If a column is missing or not numeric, or a time comes twice.

    References
    ----------
    Wagner AK et al. (2002), J Clin Pharm Ther 27:299-309; Zellner A, Tiao GC (1964), J Am Stat Assoc 59:763-778; on
    how far other errors fall short in short series: Turner SL et al. (2021), BMC Med Res Methodol 21:181.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> series = pd.DataFrame({"quarter": range(24), "moves": 20 + rng.normal(size=24) - 5 * (np.arange(24) >= 14)})
    >>> interrupted_series(series, time="quarter", outcome="moves", start=14).estimates[0].sentence()
    'Change in moves on average: -4.64 (95% interval -6.17 to -3.04; 24 times).'
    """
    settings = settings or Settings()
    at, values = number_column(frame, time), number_column(frame, outcome)
    known = ~(np.isnan(at) | np.isnan(values))
    order = np.argsort(at[known], kind="stable")
    at, values = at[known][order], values[known][order]
    if len(np.unique(at)) < len(at):
        raise InputError(f"Column {time!r}: a time comes twice. Give one row for each.")
    name = settings.term(outcome).removeprefix("Effect on ")
    after = at >= start
    numbers = 4 if slope else 3
    checks = (
        (int((~after).sum()), BEFORE, f"at least {BEFORE} times before the start are needed"),
        (int(after.sum()), AFTER, f"at least {AFTER} times after the start are needed"),
        (len(at), numbers + SPARE, f"at least {numbers + SPARE} times are needed"),
        (len(np.unique(values)), 2, "the outcome does not vary"),
    )
    for found, least, reason in checks:
        if found < least:
            none = Estimate.not_estimable(f"Change in {name} on average", n=found, reason=reason, of="times")
            return InterruptedSeries(
                Estimates((none,)), pd.DataFrame(columns=["time", "actual", "foretold"]), float("nan")
            )
    return _fitted(at, values, start, slope, name, settings)


def _fitted(
    at: Array, values: Array, start: float, slope: bool, name: str, settings: Settings
) -> InterruptedSeries:
    after = (at >= start) * 1.0
    table = np.column_stack([np.ones(len(at)), at - start, after, *([after * (at - start)] if slope else [])])
    asked = {
        f"Change in {name} on average": np.array(
            [0, 0, 1, *([float((at - start)[after > 0].mean())] if slope else [])]
        ),
        f"Step in {name} at the start": np.eye(len(table.T))[2],
    }
    if slope:
        asked[f"Change of slope in {name}"] = np.eye(len(table.T))[3]
    weights, slopes, covers, freedom = _over_grid(at, table, values)
    about: dict[str, Any] = {
        "unit": settings.measure,
        "method": METHOD,
        "of": "times",
        "level": settings.level,
        "n": len(at),
    }
    made = []
    for term, contrast in asked.items():
        middles, errors = slopes @ contrast, np.sqrt(np.einsum("i,gij,j->g", contrast, covers, contrast))
        low, high = (
            _quantile(q, weights, middles, errors, freedom)
            for q in (0.5 - settings.level / 2, 0.5 + settings.level / 2)
        )
        made.append(Estimate(term, float(weights @ middles), low, high, **about))
    line = table[:, :2] @ (weights @ slopes)[:2]
    path = pd.DataFrame({"time": at, "actual": values, "foretold": line})
    scale = float(np.abs(values).max())
    return InterruptedSeries(
        Estimates.of(one.unless_alike(scale, reason="the outcome lies on a line") for one in made),
        path,
        float(weights @ _GRID),
    )


def _over_grid(at: Array, table: Array, values: Array) -> tuple[Array, Array, Array, int]:
    """Give, for each autocorrelation, its weight, the coefficients and their covariance."""
    freedom = len(values) - table.shape[1]
    apart = np.rint(np.abs(at[:, None] - at[None, :]) / np.diff(at).min())
    logs, slopes, covers = [], [], []
    for rho in _GRID:
        root = np.linalg.cholesky(np.sign(rho) ** apart * np.abs(rho) ** apart if rho else np.eye(len(at)))
        x, y = np.linalg.solve(root, table), np.linalg.solve(root, values)
        inner = np.linalg.inv(x.T @ x)
        slope = inner @ x.T @ y
        left = max(float(((y - x @ slope) ** 2).sum()), 1e-300)
        logs.append(
            -np.log(np.diag(root)).sum() + 0.5 * np.linalg.slogdet(inner)[1] - 0.5 * freedom * np.log(left)
        )
        slopes.append(slope)
        covers.append(inner * left / freedom)
    return special.softmax(np.array(logs)), np.array(slopes), np.array(covers), freedom


def _quantile(share: float, weights: Array, middles: Array, errors: Array, freedom: int) -> float:
    """Give a quantile of the mixture of t over autocorrelations."""
    wide = float(stats.t.ppf(1 - 1e-6, freedom)) * float(errors.max()) + 1e-300

    def beyond(x: float) -> float:
        return float(weights @ stats.t.cdf((x - middles) / np.maximum(errors, 1e-300), freedom)) - share

    return float(optimize.brentq(beyond, float(middles.min()) - wide, float(middles.max()) + wide))
