"""Do scores bunch just above the cut that pays more? Counts either side against a smooth curve through the others."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import statsmodels.api as sm
from scipy import stats

from vcanalysis.core.columns import number_column, say_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import normal_quantile

METHOD = "counts just below and at the cut against a log-quadratic Poisson curve through the other scores"
MINIMUM = 100
_FEWEST_VALUES = 6  # besides the two at the cut: three parameters, and something left to judge by


@dataclass(frozen=True, slots=True)
class Bunching:
    """Scores around a cut that pays more.

    Parameters
    ----------
    moved : Estimate
        Children scored at the cut who would be expected just below it, as a share of those expected there.
    p_value : float or None
        Of no bunching.
    counts : DataFrame
        ``score``, ``children`` and ``expected``, to be drawn.
    """

    moved: Estimate
    p_value: float | None
    counts: pd.DataFrame

    def sentence(self) -> str:
        """Say how many were moved, and whether chance would do."""
        return self.moved.sentence()

    def headline(self) -> str:
        """Say the finding."""
        if not self.moved.estimable:
            return "Whether scores bunch at the cut that pays more cannot be told"
        clear = self.moved.excludes(0) and (self.moved.value or 0) > 0
        return (
            "Scores bunch at the cut that pays more"
            if clear
            else "No clear bunching at the cut that pays more"
        )


def bunching(frame: pd.DataFrame, *, score: str, cut: int, window: int = 8, level: float = 0.95) -> Bunching:
    """Test whether whole scores bunch at a cut.

    Parameters
    ----------
    frame : DataFrame
        One row per assessment.
    score : str
        Column of whole scores; empty ones are left out.
    cut : int
        Lowest score that pays more.
    window : int
        Scores looked at on either side.
    level : float
        Confidence level.

    Returns
    -------
    Bunching
        Unit "share". Not estimable below 100 scores, fewer than 6 other values, or fewer than 5 expected at the cut.

    Raises
    ------
    InputError
        If the column is missing, not numeric, or holds scores that are not whole.

    Notes
    -----
    What moves a child over the cut takes it from just below: half the difference of the two gaps. A curve that is not
    smooth at the cut for other reasons (a rule of thumb, a form with steps) looks the same: ask before accusing, and
    rate a sample again (`rerating_audit`).

    References
    ----------
    Chetty R et al. (2011), Q J Econ 126:749-804; Kleven HJ, Waseem M (2013), Q J Econ 128:669-723.

    Examples
    --------
    >>> scores = pd.DataFrame({"need": np.random.default_rng(1).binomial(24, 0.4, 600)})
    >>> bunching(scores, score="need", cut=10).moved.excludes(0)
    False
    """
    values = number_column(frame, score)
    values = values[~np.isnan(values)]
    if (values != np.round(values)).any():
        raise InputError(
            f"Column {score!r} holds scores that are not whole. Give whole scores, or count them in steps."
        )
    near = values[(values >= cut - window) & (values < cut + window)].astype(int)
    term = f"Scores of {say_column(score)} at {cut} that would be expected just below"
    grid = np.arange(near.min(), near.max() + 1) if len(near) else np.zeros(0, dtype=int)
    counts = np.bincount(near - grid[0], minlength=len(grid)) if len(grid) else grid
    beside = ~np.isin(grid, (cut - 1, cut))
    empty = pd.DataFrame({"score": grid, "children": counts, "expected": np.nan})
    if reason := _unable(near, grid, beside, cut):
        return Bunching(Estimate.not_estimable(term, n=len(near), reason=reason, method=METHOD), None, empty)
    z = (grid - cut + 0.5) / window
    x = np.column_stack([np.ones(len(z)), z, z * z])
    fit = sm.GLM(counts[beside], x[beside], family=sm.families.Poisson()).fit()
    expected = fit.predict(x)
    made = empty.assign(expected=expected)
    if min(expected[~beside]) < 5:
        reason = "at least 5 children must be expected on either side of the cut"
        return Bunching(Estimate.not_estimable(term, n=len(near), reason=reason, method=METHOD), None, made)
    return _moved(term, made, ~beside, (fit, x[~beside]), level)


def _unable(near: np.ndarray, grid: np.ndarray, beside: np.ndarray, cut: int) -> str:
    if len(near) < MINIMUM:
        return f"at least {MINIMUM} scores near the cut are needed"
    if beside.sum() < _FEWEST_VALUES or not {cut - 1, cut} <= set(grid.tolist()):
        return f"scores of at least {_FEWEST_VALUES} other values, on both sides of the cut, are needed"
    return ""


def _moved(
    term: str, counts: pd.DataFrame, pair: np.ndarray, model: tuple[Any, np.ndarray], level: float
) -> Bunching:
    """Give half the difference of the gaps above and below, as a share of the children expected below."""
    fit, x = model
    seen, mean = (counts.loc[pair, name].to_numpy(float) for name in ("children", "expected"))
    gap = (seen - mean) @ [-1.0, 1.0] / 2
    slope = (mean[:, None] * x).T @ [-1.0, 1.0]
    curve = float(slope @ fit.cov_params() @ slope)
    null = np.sqrt(mean.sum() + curve) / 2
    error = np.sqrt(seen.sum() + curve) / 2
    half, n = normal_quantile(level) * error, int(counts["children"].sum())
    value, low, high = (float(v / mean[0]) for v in (gap, gap - half, gap + half))
    made = Estimate(
        term, value, low, high, level, n, "share", METHOD, std_error=float(error / mean[0]), of="scores"
    )
    return Bunching(made, float(2 * stats.norm.sf(abs(gap / null))), counts)
