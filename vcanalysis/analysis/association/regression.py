"""Linear regression with classical or clustered standard errors, accurate for collinear columns."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.regression.linear_model import OLS

from vcanalysis.analysis.association.design import (
    Design,
    code_terms,
    complete_terms,
)
from vcanalysis.core.clusters import Units, clusters_of, too_few_clusters
from vcanalysis.core.columns import number_column, say_column
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.leverage import Leverage, hangs_on

CLASSICAL = "ordinary least squares; t interval, equal variances"
CLUSTERED = "ordinary least squares; cluster errors (CR2) by {}, t by Satterthwaite"


def linear_model(
    frame: pd.DataFrame, *, y: str, terms: Sequence[str], cluster: str = "", level: float = 0.95
) -> Estimates:
    """Coefficients of a linear regression with their standard errors.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows that lack y or a term are left out.
    y : str
        Numeric outcome.
    terms : sequence of str
        Columns: numbers enter linearly, text and categories against the most frequent.
    cluster : str
        Column of what children share; without it the errors are the classical ones.
    level : float
        Confidence level; t with children less parameters, or by the clusters that a coefficient rests on.

    Returns
    -------
    Estimates
        The constant, then one per column: term "Slope of <y>", group the name of the column. Not estimable where y
        or the column is the same for all children, rows are too few, or it hangs on the children of one or two
        clusters.

    Raises
    ------
    InputError
        If a column is missing, or y or a number is not one.

    Notes
    -----
    Columns are centred and scaled before the fit and the results carried back, so that NIST's Longley data
    come out to more than 10 digits.

    Examples
    --------
    >>> frame = pd.DataFrame({"x": range(12), "y": [2.0 * x + (-1) ** x for x in range(12)]})
    >>> [round(e.value, 2) for e in linear_model(frame, y="y", terms=["x"])]
    [0.23, 1.96]
    """
    outcome = number_column(frame, y)
    known = ~np.isnan(outcome) & complete_terms(frame, terms)
    rows, values, term = frame.loc[known], outcome[known], f"Slope of {say_column(y)}"
    coded, units = code_terms(rows, terms), clusters_of(frame, known, cluster, 0)
    n, k = coded.matrix.shape
    method = CLUSTERED.format(say_column(cluster)) if cluster else CLASSICAL
    few = f"at least {k + 2} children with all columns known are needed" if n < k + 2 else ""
    same = f"{say_column(y)} is the same for all children" if n and np.ptp(values) == 0 else ""
    if reason := few or too_few_clusters(units, cluster) or same:
        return _in_order(
            terms, coded, lambda name, _: _none(term, name, min(n, units.clusters), reason, method)
        )
    beta, errors, freedom = _fit(values, coded.matrix, units if cluster else None)
    half = stats.t.ppf(0.5 + level / 2, np.maximum(freedom, 1.0)) * errors

    def made(name: str, place: int | None) -> Estimate:
        if place is None:
            return _none(term, name, n, f"{name} is the same for all children", method)
        if hangs := hangs_on(float(freedom[place]), cluster):
            return _none(term, name, n, hangs, method)
        ends = beta[place] - half[place], beta[place] + half[place]
        return Estimate(term, beta[place], *ends, level, n, "", method, name, errors[place])

    return _in_order(terms, coded, made)


def _none(term: str, name: str, n: int, reason: str, method: str) -> Estimate:
    return Estimate.not_estimable(term, n=n, reason=reason, group=name, method=method)


def _in_order(terms: Sequence[str], coded: Design, made: Callable[[str, int | None], Estimate]) -> Estimates:
    """Give the constant and every term in its place, those without a column (they do not vary) too."""
    found = [made("constant", 0)]
    for term in terms:
        places = [place for place, behind in enumerate(coded.terms) if behind == term]
        found += [made(coded.names[p], p) for p in places] or [made(say_column(term), None)]
    return Estimates.of(found)


def _fit(y: np.ndarray, matrix: np.ndarray, units: Units | None) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fit on centred, scaled columns; give coefficients, errors and their freedom on the scale of the columns."""
    centre, scale = matrix[:, 1:].mean(axis=0), matrix[:, 1:].std(axis=0)
    tidy = np.column_stack([np.ones(len(y)), (matrix[:, 1:] - centre) / scale])
    fit = OLS(y, tidy).fit()
    back = np.diag([1.0, *(1 / scale)])
    back[0, 1:] = -centre / scale
    if units is None:
        errors = np.sqrt(np.diag(back @ fit.cov_params() @ back.T))
        return back @ fit.params, errors, np.full(len(back), float(fit.df_resid))
    held = Leverage.of(tidy, np.ones(len(y)), units)
    freedom, short = np.array([held.rests(row) for row in back]).T
    errors = np.linalg.norm(held.felt(tidy * fit.resid[:, None]) @ back.T, axis=0)
    return back @ fit.params, short * errors, freedom
