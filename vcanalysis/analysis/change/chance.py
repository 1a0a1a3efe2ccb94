"""How often all domains fall when nothing changed: what picking alone does to many domains at once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.change.domains import one_domain
from vcanalysis.analysis.change.mirror import cut_between, read_backwards
from vcanalysis.analysis.change.scores import two_scores
from vcanalysis.analysis.change.variance import memberships, spread
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

ALL_FALL = "orthant probability of normal mean changes"
PICKED = (
    f"{ALL_FALL}, error of the change due to picking taken off; interval by simulation on the probit scale"
)
NOT_BY_TOTAL = "the children marked are not those above some first total"
_DRAWS, _GROUPS = 250, 2000  # changes due that the error allows, and groups of children drawn for each


@dataclass(frozen=True, slots=True)
class Due:
    """Change of each domain to be expected with no true change, and how sure it is.

    Parameters
    ----------
    change : dict of str to float
        Expected change by domain, levels.
    covariance : array (domains, domains)
        Sampling covariance of the expected changes, in the order of `change`.
    df : float
        Degrees of freedom of that covariance.
    reason : str
        Why nothing can be expected; empty where it can.
    """

    change: dict[str, float]
    covariance: np.ndarray
    df: float = np.inf
    reason: str = ""


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
    pairs: pd.DataFrame,
    *,
    domains: Sequence[str],
    total: str,
    total_after: str,
    selected: str,
    population_mean: float,
    cluster: str | Sequence[str] = (),
) -> Due:
    """Change of each domain to be expected because children were picked for a high total, with no true change.

    Parameters
    ----------
    pairs : DataFrame
        One row per child, picked or not; those without a second total tell who was seen again.
    domains : sequence of str
        Names of the domains, each with ``_before`` and ``_after``.
    total : str
        Column of the first total score.
    total_after : str
        Column of the later total score.
    selected : str
        Column of True and False: who was picked.
    population_mean : float
        Mean first total of all children, seen again or not.
    cluster : str or sequence of str
        One or two columns of raters.

    Returns
    -------
    Due
        Expected change by domain, levels, with its covariance; a reason where nothing can be expected.

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    The mean change of those picked, less what has to be given back to them so that time reads alike in both
    directions: as `change_beyond_regression`, with no line assumed. A domain unknown at either end of a pair is left
    out of that pair.

    Examples
    --------
    >>> frame = pd.DataFrame({"x_before": [0, 3, 0, 3] * 10, "x_after": [0, 3, 3, 0] * 10})
    >>> frame["high"] = frame["x_before"] == 3
    >>> totals = {"total": "x_before", "total_after": "x_after", "population_mean": 1.5}
    >>> expected_by_selection(frame, domains=["x"], selected="high", **totals).change
    {'x': -1.5}
    """
    scores = two_scores(pairs, before=total, after=total_after, selected=selected)
    known = pairs[total].notna().to_numpy() & pairs[total_after].notna().to_numpy()
    cut = cut_between(scores.before, scores.picked)
    read = NOT_BY_TOTAL if cut is None else read_backwards(scores, population_mean, cut)
    if isinstance(read, str):
        return Due(dict.fromkeys(domains, 0.0), np.zeros((len(domains),) * 2), reason=read)
    changes = [(pairs[f"{d}_after"] - pairs[f"{d}_before"]).to_numpy(dtype=float)[known] for d in domains]
    expected, influence = {}, np.zeros((len(pairs), len(domains)))
    for column, (name, change) in enumerate(zip(domains, changes, strict=True)):
        part = read.parts(change).due
        expected[name], influence[known, column] = round(part.value, 12), part.influence
    within = read.spread(influence, memberships(pairs, cluster))
    return Due(expected, within.covariance, within.df)


def chance_all_fall(
    pairs: pd.DataFrame,
    *,
    domains: Sequence[str],
    expected: Due | None = None,
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
    expected : Due, optional
        Change of each domain to be expected without true change, from `expected_by_selection` with the same domains;
        nought where the children were not picked for high need.
    selected : str
        Column of True and False: the children the claim is about; all when empty.
    cluster : str or sequence of str
        One or two columns of raters.
    seed : int
        Seed of the numerical integration.

    Returns
    -------
    Estimate
        Unit "probability". With `expected` the 95% interval counts the error of what was to be expected; without,
        there is none: it is worked out from the spread of the changes observed.

    Raises
    ------
    InputError
        If a column is missing or not numeric, or no domain is given.

    Notes
    -----
    What was to be expected is itself estimated, and its error would draw the chance towards nought: 71% where 81% of
    groups fell in simulations. So its covariance is taken off that of the mean changes, which leaves no bias. The
    interval counts that error, and that the spread of the mean changes is itself known from few raters only.

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
    parts = [one_domain(rows, two_scores(rows, before=f"{d}_before", after=f"{d}_after"), d) for d in domains]
    lacking = next(((part.n, part.reason) for part in parts if part.reason), None)
    if lacking is None and expected is not None and expected.reason:
        lacking = len(rows), expected.reason
    if lacking is not None:
        return Estimate.not_estimable(term, n=lacking[0], reason=lacking[1], method=ALL_FALL)
    within = spread(np.column_stack([part.influence for part in parts]), memberships(rows, cluster))
    if expected is None:
        value = _below_nought(np.zeros(len(domains)), within.covariance, seed)
        return Estimate(term, value, n=len(rows), unit="probability", method=ALL_FALL)
    mean, sure = (
        np.array([expected.change[name] for name in domains]),
        within.covariance - expected.covariance,
    )
    value = _below_nought(mean, sure, seed)
    low, high = _interval(value, expected, (mean, sure, within.df), seed)
    return Estimate(term, value, low, high, 0.95, len(rows), "probability", PICKED)


def _root(covariance: np.ndarray) -> np.ndarray:
    """Give a square root; the smallest eigenvalues may be a hair below nought where domains share their raters."""
    values, vectors = np.linalg.eigh(covariance)
    return np.asarray(vectors * np.sqrt(np.clip(values, max(1e-12 * values[-1], 1e-300), None)))


def _below_nought(mean: np.ndarray, covariance: np.ndarray, seed: int) -> float:
    root = _root(covariance)
    precision = {"maxpts": 100_000, "abseps": 1e-3, "releps": 1e-3}
    normal = stats.multivariate_normal(mean, root @ root.T, allow_singular=True, seed=seed, **precision)
    return float(np.clip(normal.cdf(np.zeros(len(mean))), 0, 1))


def _interval(
    value: float, due: Due, about: tuple[np.ndarray, np.ndarray, float], seed: int
) -> tuple[float, float]:
    """Spread of the chance, on the probit scale, over the changes that may have been due and how they may spread."""
    (mean, sure, freedom), rng, most = about, np.random.default_rng(seed), 1 - 0.5 / _GROUPS
    groups, root = rng.standard_normal((_GROUPS, len(mean))), _root(sure)
    maybe = mean + rng.standard_normal((_DRAWS, len(mean))) @ _root(due.covariance).T
    roots = root @ _spreads(len(mean), freedom, rng)
    chances = np.array(
        [(groups @ r.T + one < 0).all(axis=1).mean() for r, one in zip(roots, maybe, strict=True)]
    )
    half = stats.t.ppf(0.975, due.df) * stats.norm.ppf(np.clip(chances, 1 - most, most)).std()
    middle = stats.norm.ppf(np.clip(value, 1 - most, most))
    return min(float(stats.norm.cdf(middle - half)), value), max(float(stats.norm.cdf(middle + half)), value)


def _spreads(domains: int, freedom: float, rng: np.random.Generator) -> np.ndarray:
    """Draw roots of covariances that a sample of so much freedom leaves open, about one of ones (Wishart)."""
    df = min(max(freedom, domains), _GROUPS)
    drawn = stats.wishart(df, np.eye(domains) / df).rvs(_DRAWS, random_state=rng)
    return np.linalg.cholesky(drawn.reshape(_DRAWS, domains, domains))
