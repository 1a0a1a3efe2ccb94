"""Change in every domain at once: intervals that hold together, and how often all would fall by chance."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.multitest import multipletests

from vcanalysis.analysis.change.scores import TwoScores, rated_by, two_scores
from vcanalysis.analysis.change.variance import Spread, memberships, spread
from vcanalysis.core.estimate import Estimate, Estimates

METHOD = "mean change; interval that holds for all domains together (max-t)"


@dataclass(frozen=True, slots=True)
class DomainChanges:
    """Changes by domain, with what makes many of them readable.

    Parameters
    ----------
    estimates : Estimates
        One per domain, in levels, negative where need fell. All intervals hold at once with the stated level.
    table : DataFrame
        One row per estimable domain: group, estimate, std_error, low and high (of this domain alone), p, and p
        adjusted for the number of domains: p_holm, p_bh (false discovery rate) and p_max_t.
    """

    estimates: Estimates
    table: pd.DataFrame

    @property
    def clear(self) -> list[str]:
        """Domains whose change is clear of nought when all are looked at."""
        return [e.group for e in self.estimates if e.excludes(0)]

    @property
    def falling(self) -> list[str]:
        """Domains whose mean change is a fall, clear or not."""
        return [e.group for e in self.estimates if e.estimable and (e.value or 0.0) < 0]


def domain_changes(
    pairs: pd.DataFrame,
    *,
    domains: Sequence[str],
    titles: Mapping[str, str] | None = None,
    cluster: str | Sequence[str] = (),
    level: float = 0.95,
    seed: int = 0,
) -> DomainChanges:
    """Change in each domain, with intervals and p-values made for as many domains as there are.

    Parameters
    ----------
    pairs : DataFrame
        One row per child assessed twice, with ``<domain>_before`` and ``<domain>_after``.
    domains : sequence of str
        Names of the domains.
    titles : mapping of str to str
        Names to show.
    cluster : str or sequence of str
        One or two columns of raters.
    level : float
        Confidence level of all intervals together.
    seed : int
        Seed of the simulation of the largest t.

    Returns
    -------
    DomainChanges

    Raises
    ------
    InputError
        If a column is missing or not numeric.

    Notes
    -----
    Among twelve domains with nothing changed, one is below .05 nearly half the time. The largest of the t
    statistics is drawn from the multivariate t with the estimated correlation between domains, 20,000 times:
    a rater who leans low does so in all domains, which Holm and Benjamini-Hochberg do not use.

    The changes are raw. Of children picked for a high total, `expected_by_selection` says what was due in each domain;
    a line domain by domain (Mee and Chua) does not, since picking was by the total.

    References
    ----------
    Hothorn T, Bretz F, Westfall P (2008), Biom J 50:346-363; Holm S (1979); Benjamini Y, Hochberg Y (1995).

    Examples
    --------
    >>> rng = np.random.default_rng(3)
    >>> frame = pd.DataFrame(rng.integers(0, 4, (60, 4)), columns=["x_before", "y_before", "x_after", "y_after"])
    >>> found = domain_changes(frame.assign(x_after=0), domains=["x", "y"])
    >>> found.clear, len(found.table)
    (['x'], 2)
    """
    named, rows = dict(titles or {}), []
    for name in domains:
        scores = two_scores(pairs, before=f"{name}_before", after=f"{name}_after")
        rows.append(one_domain(pairs, scores, name))
    method = METHOD + rated_by(memberships(pairs, cluster))
    known = [row for row in rows if not row.reason]
    raters = memberships(pairs, cluster)
    within = spread(np.column_stack([row.influence for row in known]), raters) if known else None
    critical, p_max = _largest_t(known, within, level, seed)
    items = []
    for row in rows:
        title = named.get(row.name, row.name)
        if row.reason or within is None:
            items.append(
                Estimate.not_estimable(
                    "Change of need", n=row.n, reason=row.reason, group=title, method=method
                )
            )
            continue
        error = float(within.errors()[known.index(row)])
        ends = (row.value - critical * error, row.value + critical * error)
        items.append(
            Estimate("Change of need", row.value, *ends, level, row.n, "levels", method, title, error)
        )
    return DomainChanges(Estimates.of(items), _table(items, within, p_max, level))


@dataclass(frozen=True, eq=False)
class _Domain:
    name: str
    n: int
    value: float
    influence: np.ndarray
    reason: str


def one_domain(pairs: pd.DataFrame, scores: TwoScores, name: str) -> _Domain:
    """Give one domain's change and the influence on it of every row of the pairs."""
    influence = np.zeros(len(pairs))
    if reason := scores.lacking() or ("no child changed" if np.ptp(scores.change) == 0 else ""):
        return _Domain(name, len(scores), 0.0, influence, reason)
    known = pairs[f"{name}_before"].notna().to_numpy() & pairs[f"{name}_after"].notna().to_numpy()
    value = float(scores.change.mean())
    influence[known] = (scores.change - value) / len(scores)
    return _Domain(name, len(scores), value, influence, "")


def _largest_t(
    known: list[_Domain], within: Spread | None, level: float, seed: int
) -> tuple[float, np.ndarray]:
    """Simulate the largest of the t statistics when nothing changed: its quantile, and p of each domain."""
    if within is None:
        return float("nan"), np.zeros(0)
    errors = within.errors()
    values, vectors = np.linalg.eigh(within.covariance / np.outer(errors, errors))
    # Shared raters can leave the estimated matrix a little short of a correlation matrix.
    root = vectors * np.sqrt(np.clip(values, 0, None))
    root /= np.linalg.norm(root, axis=1, keepdims=True)
    rng = np.random.default_rng(seed)
    normal = rng.standard_normal((20_000, len(errors))) @ root.T
    largest = np.abs(normal).max(axis=1) / np.sqrt(rng.chisquare(within.df, 20_000) / within.df)
    t = np.abs([row.value for row in known]) / errors
    return float(np.quantile(largest, level)), (largest[:, None] >= t).mean(axis=0)


def _table(items: list[Estimate], within: Spread | None, p_max: np.ndarray, level: float) -> pd.DataFrame:
    known = [e for e in items if e.estimable]
    columns = ["group", "estimate", "std_error", "low", "high", "p", "p_holm", "p_bh", "p_max_t"]
    if within is None or not known:
        return pd.DataFrame(columns=columns)
    value, error = np.array([e.value for e in known]), np.array([e.std_error for e in known])
    p = 2 * stats.t.sf(np.abs(value / error), within.df)
    half = within.quantile(level) * error
    parts = [value, error, value - half, value + half, p]
    parts += [multipletests(p, method="holm")[1], stats.false_discovery_control(p)]
    return pd.DataFrame(dict(zip(columns, [[e.group for e in known], *parts, p_max], strict=True)))
