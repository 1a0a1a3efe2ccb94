"""How often all domains fall when nothing changed: what picking alone does to many domains at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.change.domains import one_domain
from vcanalysis.analysis.change.scores import two_scores
from vcanalysis.analysis.change.variance import memberships, spread
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

ALL_FALL = "orthant probability of normal mean changes"


def count_falling(pairs: pd.DataFrame, domains: Sequence[str], selected: str = "") -> int:
    """Count the domains whose mean is lower at the later assessment, clearly or not.

    Examples
    --------
    >>> frame = pd.DataFrame({"x_before": [1, 2], "x_after": [1, 1], "y_before": [0, 0], "y_after": [0, 1]})
    >>> count_falling(frame, ["x", "y"])
    1
    """
    rows = pairs.loc[pairs[selected]] if selected else pairs
    return sum(float((rows[f"{d}_after"] - rows[f"{d}_before"]).mean()) < 0 for d in domains)


def expected_by_selection(
    pairs: pd.DataFrame, *, domains: Sequence[str], total: str, selected: str, population_mean: float
) -> dict[str, float]:
    """Change of each domain to be expected because children were picked for a high total, with no true change.

    Parameters
    ----------
    pairs : DataFrame
        One row per child assessed twice, picked or not.
    domains : sequence of str
        Names of the domains, each with ``_before`` and ``_after``.
    total : str
        Column of the first total score.
    selected : str
        Column of True and False: who was picked.
    population_mean : float
        Mean first total of all children.

    Returns
    -------
    dict of str to float
        Expected change by domain, levels.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    The slope of each domain's change on the first total, times how far the picked lie above the mean.

    Examples
    --------
    >>> frame = pd.DataFrame({"x_before": [0, 1, 2, 3] * 3, "x_after": [1.5] * 12, "t": [0, 1, 2, 3] * 3})
    >>> frame["high"] = frame["t"] == 3
    >>> expected_by_selection(frame, domains=["x"], total="t", selected="high", population_mean=1.5)
    {'x': -1.5}
    """
    expected = {}
    for name in domains:
        known = pairs.dropna(subset=[f"{name}_before", f"{name}_after", total])
        change = (known[f"{name}_after"] - known[f"{name}_before"]).to_numpy(dtype=float)
        first = known[total].to_numpy(dtype=float)
        slope = np.polyfit(first, change, 1)[0] if len(known) > 2 and np.ptp(first) > 0 else 0.0
        picked = float(pairs.loc[pairs[selected], total].mean()) - population_mean
        expected[name] = round(float(slope) * picked, 12)
    return expected


def chance_all_fall(
    pairs: pd.DataFrame,
    *,
    domains: Sequence[str],
    expected: Mapping[str, float] | None = None,
    selected: str = "",
    cluster: str | Sequence[str] = (),
    seed: int = 0,
) -> Estimate:
    """Probability that the mean of every domain falls when no child's true need changed.

    Parameters
    ----------
    pairs : DataFrame
        One row per child assessed twice, with ``<domain>_before`` and ``<domain>_after``.
    domains : sequence of str
        Names of the domains.
    expected : mapping of str to float, optional
        Change of each domain to be expected without true change, from `expected_by_selection`; nought where
        the children were not picked for high need.
    selected : str
        Column of True and False: the children the claim is about; all when empty.
    cluster : str or sequence of str
        One or two columns of raters.
    seed : int
        Seed of the numerical integration.

    Returns
    -------
    Estimate
        Unit "probability", without an interval: it is worked out from the spread of the changes observed.

    Raises
    ------
    InputError
        If a column is missing or not numeric, or no domain is given.

    References
    ----------
    Genz A (1992), J Comput Graph Stat 1:141-149, as in scipy.

    Examples
    --------
    >>> rng = np.random.default_rng(4)
    >>> frame = pd.DataFrame(rng.normal(size=(200, 4)), columns=["x_before", "y_before", "x_after", "y_after"])
    >>> round(chance_all_fall(frame, domains=["x", "y"]).value, 1)
    0.3
    """
    if not len(domains):
        raise InputError("No domain is given. Name the domains whose changes are claimed.")
    term = "Probability that every domain falls when nothing changed"
    rows = pairs.loc[pairs[selected]] if selected else pairs
    parts = [
        one_domain(rows, two_scores(rows, before=f"{d}_before", after=f"{d}_after"), d, None) for d in domains
    ]
    lacking = next((part for part in parts if part.reason), None)
    if lacking is not None:
        return Estimate.not_estimable(term, n=lacking.n, reason=lacking.reason, method=ALL_FALL)
    within = spread(np.column_stack([part.influence for part in parts]), memberships(rows, cluster))
    mean = np.array([(expected or {}).get(name, 0.0) for name in domains])
    # The smallest eigenvalues may be a hair below nought where domains share their raters.
    values, vectors = np.linalg.eigh(within.covariance)
    covariance = (vectors * np.clip(values, 1e-12 * values[-1], None)) @ vectors.T
    precision = {"maxpts": 100_000, "abseps": 1e-3, "releps": 1e-3}
    normal = stats.multivariate_normal(mean, covariance, allow_singular=True, seed=seed, **precision)
    return Estimate(
        term, float(normal.cdf(np.zeros(len(mean)))), n=len(rows), unit="probability", method=ALL_FALL
    )
