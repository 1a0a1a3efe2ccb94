"""Within and between types of placement: the same link looked at twice (Simpson's paradox)."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from vcanalysis.analysis.association.between_shares import share_between
from vcanalysis.analysis.association.resampling import alike_clusters, t_quantile
from vcanalysis.core.clusters import Units, clusters_of, too_few_clusters, unit_sums
from vcanalysis.core.columns import cost_column, number_column, require_columns, say_column
from vcanalysis.core.estimate import Estimate, Estimates

METHOD = "analysis of covariance of log cost; clusters left out in turn (CR3), t by clusters of like size"
MINIMUM = 30
_NOTHING = 1e-9  # of all differences in need: what is left of rounding
_ONE = "it hangs on one child, or on those of one cluster, alone"
TOTAL, WITHIN, BETWEEN = "all children", "within types", "between types"


@dataclass(frozen=True, slots=True)
class WithinBetween:
    """How much cost rises with need over all children, within types and between them.

    Parameters
    ----------
    slopes : Estimates
        Change in cost with one more point of need (unit "share"), groups "all children", "within types",
        "between types": over all children it is their average, weighted by where need varies.
    variance_between : Estimate
        Share of the variation of log cost that lies between types.
    need_between : Estimate
        Share of the variation of need that lies between types.
    """

    slopes: Estimates
    variance_between: Estimate
    need_between: Estimate

    def frame(self) -> pd.DataFrame:
        """Give all estimates as tidy rows."""
        return Estimates((*self.slopes, self.variance_between, self.need_between)).frame()

    def sentence(self) -> str:
        """Say every estimate."""
        return " ".join(e.sentence() for e in (*self.slopes, self.variance_between, self.need_between))


def _moments(sums: np.ndarray) -> np.ndarray:
    """Give slopes (all, within, between) from sums by group, shape (..., groups, 5) to (..., 3); NaN if undefined."""
    n, x, y, xx, xy = (sums[..., i] for i in range(5))
    each = np.maximum(n, 1e-12)
    total = sums.sum(axis=-2)
    all_xx, all_xy = (
        total[..., a] - total[..., b] * total[..., c] / total[..., 0] for a, b, c in ((3, 1, 1), (4, 1, 2))
    )
    in_xx, in_xy = (np.sum(a - b * c / each, axis=-1) for a, b, c in ((xx, x, x), (xy, x, y)))
    out_xx = all_xx - in_xx
    parts = ((all_xy, all_xx), (in_xy, in_xx), (all_xy - in_xy, out_xx))
    slopes = [
        np.divide(a, b, out=np.full_like(b, np.nan), where=b > _NOTHING * all_xx.max()) for a, b in parts
    ]
    return np.stack(slopes, axis=-1)


def within_between(
    frame: pd.DataFrame,
    *,
    need: str,
    cost: str,
    group: str,
    cluster: str = "",
    level: float = 0.95,
    seed: int = 0,
) -> WithinBetween:
    """Split the link of cost with need into a part within types of placement and a part between them.

    Parameters
    ----------
    frame : DataFrame
        One row per child; rows that lack a column, and costs of zero, are left out.
    need, cost : str
        Columns of the need score and of weekly cost, pounds.
    group : str
        Column of types.
    cluster : str
        Column of what children share; without it each child is drawn on its own.
    level : float
        Confidence level.
    seed : int
        Seed of the random groups of clusters that are left out together where there are more than 2,000.

    Returns
    -------
    WithinBetween
        Not estimable below 30 children or 2 types, when need or cost does not vary within types, or with
        fewer than 3 clusters.

    Raises
    ------
    InputError
        If a column is missing, not numeric, or a cost lies below zero.

    Notes
    -----
    Where the slopes within and between differ in sign, the figure over all children misleads about both.
    The types themselves are not resampled: the slope between them speaks of these types. The shares between types
    are adjusted for their number, so that types alike get about 0: see `share_between`.

    References
    ----------
    Simpson EH (1951), J R Stat Soc B 13:238-241; Neuhaus JM, Kalbfleisch JD (1998), Biometrics 54:638-645.

    Examples
    --------
    >>> frame = pd.DataFrame({"type": ["a", "b"] * 20, "need": [i % 7 + 10 * (i % 2) for i in range(40)]})
    >>> frame["cost"] = [1000 * 3 ** (i % 2) * 0.99 ** (i % 7) for i in range(40)]
    >>> result = within_between(frame, need="need", cost="cost", group="type")
    >>> [round(e.value, 2) for e in result.slopes]
    [0.1, -0.01, 0.12]
    """
    require_columns(frame, group)
    costs, needs = cost_column(frame, cost), number_column(frame, need)
    known = (np.nan_to_num(costs) > 0) & ~np.isnan(needs) & frame[group].notna().to_numpy()
    x, y = needs[known], np.log(costs[known])
    codes, names = pd.factorize(frame.loc[known, group].astype("str"))
    units = clusters_of(frame, known, cluster, seed)
    reason = _unable(x, y, codes, len(names)) or too_few_clusters(units, cluster)
    words = f"Change in {say_column(cost)} with one more point of {say_column(need)}"
    terms = [(words, TOTAL), (words, WITHIN), (words, BETWEEN)]
    terms += [(f"Share of the variation of {what} between types", "all") for what in ("log cost", "need")]
    if reason:
        n = min(len(x), units.clusters)
        none = [Estimate.not_estimable(t, n=n, reason=reason, group=g, method=METHOD) for t, g in terms]
        return WithinBetween(Estimates(tuple(none[:3])), *none[3:])
    rows = _by_group(x - x.mean(), y - y.mean(), codes, len(names), units)
    whole = rows.sum(axis=0)
    values, without = _moments(whole), _moments(whole - rows)
    slopes = [
        _slope(terms[i], float(values[i]), without[:, i], (units, level, len(x))) for i in range(len(values))
    ]
    share = partial(share_between, codes=codes, units=units, level=level)
    spread = (share(part - part.mean(), term=term) for part, (term, _) in zip((y, x), terms[3:], strict=True))
    return WithinBetween(Estimates.of(slopes), *spread)


def _by_group(x: np.ndarray, y: np.ndarray, codes: np.ndarray, groups: int, units: Units) -> np.ndarray:
    """Add up n, x, y, xx, xy by unit and group: shape (units, groups, 5)."""
    columns = np.column_stack([np.ones(len(x)), x, y, x * x, x * y])
    cells = Units(units.codes * groups + codes, units.count * groups, units.clusters)
    return unit_sums(columns, cells).reshape(units.count, groups, 5)


def _slope(
    about: tuple[str, str], value: float, without: np.ndarray, how: tuple[Units, float, int]
) -> Estimate:
    (term, group), (units, level, n) = about, how
    if np.isnan(without).any():
        return Estimate.not_estimable(term, n=n, reason=_ONE, group=group, method=METHOD)
    half = t_quantile(level, alike_clusters(units)) * float(np.linalg.norm(without - value))
    change, low, high = (float(np.expm1(v)) for v in (value, value - half, value + half))
    return Estimate(term, change, low, high, level, n, "share", METHOD, group, support=n)


def _unable(x: np.ndarray, y: np.ndarray, codes: np.ndarray, groups: int) -> str:
    if len(x) < MINIMUM:
        return f"at least {MINIMUM} priced children with a need score are needed"
    if groups < 2:
        return "all children are in one type of placement"
    for name, values in (("need", x), ("cost", y)):
        means = np.bincount(codes, weights=values) / np.bincount(codes)
        if np.ptp(values - means[codes]) < 1e-9:
            return f"{name} does not vary within types"
        if np.ptp(means) < 1e-12:
            return f"{name} does not vary between types"
    return ""
