"""Is the line straight? A natural spline of log cost on need, and a test of what it adds to a line.

patsy's `cr` spans the same curves, but in columns that do not part the line from its bends, which are tested here; the
tests hold the fit against R's `ns`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.association.design import (
    clustered_covariance,
    code_terms,
    complete_terms,
    degrees_of_freedom,
)
from vcanalysis.analysis.association.price_model import Check
from vcanalysis.core.clusters import Units, clusters_of, too_few_clusters
from vcanalysis.core.columns import cost_column, number_column, say_column
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.leverage import Leverage, hangs_on

METHOD = "natural cubic spline of log cost; cluster-robust F test of the curved terms"
MINIMUM = 40


@dataclass(frozen=True, slots=True)
class Curve:
    """Expected cost along need, and whether it bends.

    Parameters
    ----------
    line : DataFrame
        need, cost (geometric mean, pounds a week), low, high at 40 points between the 2nd and 98th percentile.
    straight : Check
        Test of a straight line on the log scale; its estimate is the share of the variation of log cost that
        the bends add.
    """

    line: pd.DataFrame
    straight: Check

    def frame(self) -> pd.DataFrame:
        """Give the expected cost along need."""
        return self.line.copy()

    def sentence(self) -> str:
        """Say whether the line bends."""
        return self.straight.sentence()


def natural_spline(x: np.ndarray, knots: np.ndarray) -> np.ndarray:
    """Basis of a natural cubic spline without the constant: x itself, then one column per inner bend.

    Parameters
    ----------
    x : array of float
    knots : array of float
        At least 3, rising; beyond the first and last the curve is straight.

    References
    ----------
    Harrell FE (2015), Regression Modeling Strategies, 2nd ed., section 2.4.5.

    Examples
    --------
    >>> natural_spline(np.array([0.0, 1.0, 2.0]), np.array([0.0, 1.0, 2.0])).round(2).tolist()
    [[0.0, 0.0], [1.0, 0.25], [2.0, 1.5]]
    """
    above = np.maximum(x[:, None] - knots, 0.0) ** 3
    last, before = knots[-1], knots[-2]
    inner = (
        above[:, :-2]
        - above[:, [-2]] * (last - knots[:-2]) / (last - before)
        + above[:, [-1]] * (before - knots[:-2]) / (last - before)
    )
    return np.column_stack([x, inner / (last - knots[0]) ** 2])


def need_curve(
    frame: pd.DataFrame,
    *,
    need: str,
    cost: str,
    given: Sequence[str] = (),
    df: int = 4,
    cluster: str = "",
    level: float = 0.95,
) -> Curve:
    """Draw expected weekly cost along need by a natural spline, with a test of whether a straight line would do.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows that lack a column, and costs of zero, are left out.
    need, cost : str
        Columns of the need score and of weekly cost, pounds.
    given : sequence of str
        Other columns held alike; the line is drawn at their mean.
    df : int
        Degrees of freedom of the spline; 4 puts knots at the 5th, 27.5th, 50th, 72.5th and 95th percentile.
    cluster : str
        Column of what children share; without it each child stands alone.
    level : float
        Confidence level of the band, at each point.

    Returns
    -------
    Curve
        Not estimable below 40 children, without variation, with fewer clusters than curved terms and 2, or where a
        term hangs on the children of one or two of them.

    Raises
    ------
    InputError
        If a column is missing, not numeric, or a cost lies below zero.

    References
    ----------
    Harrell FE (2015), Regression Modeling Strategies, 2nd ed., section 2.4.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> frame = pd.DataFrame({"need": rng.uniform(0, 30, 300)})
    >>> frame["cost"] = np.exp(6 + 0.004 * (frame["need"] - 15) ** 2 + rng.normal(0, 0.2, 300))
    >>> need_curve(frame, need="need", cost="cost").straight.passed
    False
    """
    costs, needs = cost_column(frame, cost), number_column(frame, need)
    known = (np.nan_to_num(costs) > 0) & ~np.isnan(needs) & complete_terms(frame, given)
    x, y, rows = needs[known], np.log(costs[known]), frame.loc[known]
    units, n = clusters_of(frame, known, cluster, 0), len(x)
    knots = np.unique(np.quantile(x, np.linspace(0.05, 0.95, df + 1))) if n else np.zeros(0)
    held = code_terms(rows, given).matrix[:, 1:] if n else np.zeros((0, 0))
    reason = _unable(y, knots, units, held.shape[1], cluster)
    if reason := reason or _hangs(natural_spline(x, knots), held, units, cluster):
        term = f"Share of the variation of log {say_column(cost)} that bends add"
        none = Estimate.not_estimable(term, n=min(n, units.clusters), reason=reason, method=METHOD)
        return Curve(pd.DataFrame(columns=["need", "cost", "low", "high"]), Check(none, 0.0, None, "", ""))
    return _curve(x, y, held, knots, units, level)


def _unable(y: np.ndarray, knots: np.ndarray, units: Units, held: int, cluster: str) -> str:
    if len(y) < max(MINIMUM, 5 * (held + len(knots))):
        return f"at least {max(MINIMUM, 5 * (held + len(knots)))} priced children are needed"
    if np.ptp(y) == 0:
        return "the cost is the same for all children"
    if len(knots) < 3:
        return "need takes too few values for a curve"
    if units.clusters < len(knots) + 2:
        return f"at least {len(knots) + 2} different values of {say_column(cluster)} are needed"
    return too_few_clusters(units, cluster)


def _hangs(basis: np.ndarray, held: np.ndarray, units: Units, cluster: str) -> str:
    columns = np.hstack([basis, held])
    matrix = np.column_stack([np.ones(len(basis)), (columns - columns.mean(axis=0)) / columns.std(axis=0)])
    if np.linalg.matrix_rank(matrix) < matrix.shape[1]:
        return "two facts held alike say the same"
    leverage = Leverage.of(matrix, np.ones(len(basis)), units)
    terms = np.eye(matrix.shape[1])[1 : basis.shape[1] + 1]
    return hangs_on(min(leverage.rests(term).freedom for term in terms), cluster)


def _curve(
    x: np.ndarray, y: np.ndarray, held: np.ndarray, knots: np.ndarray, units: Units, level: float
) -> Curve:
    basis, n = natural_spline(x, knots), len(x)
    centre, spread = basis.mean(axis=0), basis.std(axis=0)
    matrix = np.column_stack([np.ones(n), (basis - centre) / spread, held - held.mean(axis=0)])
    bread = np.linalg.pinv(matrix.T @ matrix)
    beta = bread @ (matrix.T @ y)
    leverage = np.clip(np.einsum("ij,jk,ik->i", matrix, bread, matrix), 0, 0.99)
    left = y - matrix @ beta
    # residuals made up for their leverage (HC3), since a Wald test of several terms rejects too often without
    covariance = clustered_covariance((matrix * (left / (1 - leverage))[:, None]) @ bread, units, 0)
    bends = slice(2, basis.shape[1] + 1)
    at = np.linspace(float(np.quantile(x, 0.02)), float(np.quantile(x, 0.98)), 40)
    there = np.column_stack([np.ones(40), (natural_spline(at, knots) - centre) / spread])
    size = there.shape[1]
    mean, error = (
        there @ beta[:size],
        np.sqrt(np.einsum("ij,jk,ik->i", there, covariance[:size, :size], there)),
    )
    df = degrees_of_freedom(units, *matrix.shape)
    half = float(stats.t.ppf(0.5 + level / 2, df)) * error
    line = pd.DataFrame(
        {"need": at, "cost": np.exp(mean), "low": np.exp(mean - half), "high": np.exp(mean + half)}
    )
    return Curve(line, _straight(y, matrix, beta[bends], covariance[bends, bends], (df, level)))


def _straight(
    y: np.ndarray, matrix: np.ndarray, beta: np.ndarray, covariance: np.ndarray, about: tuple[float, float]
) -> Check:
    """Wald test of the curved terms, as Hotelling's T squared with the degrees of freedom of the clusters."""
    (df, level), terms, n = about, len(beta), len(y)
    wald = float(beta @ np.linalg.pinv(covariance) @ beta)
    inner = max(df - terms + 1, 1)
    p_value = float(stats.f.sf(wald * inner / (df * terms), terms, inner))
    straight = np.delete(matrix, np.arange(2, 2 + terms), axis=1)
    rest = [y - m @ np.linalg.lstsq(m, y, rcond=None)[0] for m in (straight, matrix)]
    share = float(rest[0] @ rest[0] - rest[1] @ rest[1]) / float(np.sum((y - y.mean()) ** 2))
    term = "Share of the variation of log cost that bends add"
    estimate = Estimate(term, max(share, 0.0), level=level, n=n, unit="share", method=METHOD, support=n)
    fits = "A straight line on the log scale serves as well as a curve."
    return Check(
        estimate, 0.0, p_value, fits, "Cost does not rise along need in a straight line on the log scale."
    )
