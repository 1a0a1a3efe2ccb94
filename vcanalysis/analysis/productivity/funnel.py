"""Funnel plots: which councils lie beyond what chance, and the usual spread of councils, would give."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np
import pandas as pd

from vcanalysis.analysis.productivity.dispersion import WINSORISED, overdispersion, winsorised_square
from vcanalysis.analysis.productivity.limits import Kind, exact_limits, from_scale, scale_error, to_scale
from vcanalysis.core.columns import number_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import normal_quantile, percentile_interval, wilson

LEVELS = (0.95, 0.998)
FEWEST = 10
REPLICATES = 1000
EXACT, ADDITIVE, MULTIPLICATIVE = "exact", "additive", "multiplicative"
Adjust = Literal["auto", "exact", "additive", "multiplicative"]
METHOD = "Spiegelhalter funnel, {} limits"


@dataclass(frozen=True, slots=True)
class Funnel:
    """Councils against what chance and the usual spread of councils would give.

    Parameters
    ----------
    points : DataFrame
        One row per council: unit, size, value (in `unit`), z (chance alone), z_adjusted, low_95, high_95, low_998,
        high_998 (limits in force at its size) and position ("within", "above 95%", "below 99.8%" and so on).
    kind : str
        "rate" (a count, Poisson), "share" (binomial) or "mean" (normal).
    target : float
        What a council of the average would have, in `unit`.
    unit : str
        Unit of values and limits.
    limits : str
        "exact", "additive" or "multiplicative": which limits are in force.
    phi, tau : float
        Variance of councils over that of chance (1 where they are alike), and the spread beyond chance on the scale
        of the limits (root of a rate, arc sine of a share, plain for a mean).
    per : float
        What a rate is per; 1 of a share or mean.
    sd : float
        Standard deviation of one child's value, of a mean.
    reason : str
        Why there is no funnel; empty where there is.
    """

    points: pd.DataFrame
    kind: Kind
    target: float
    unit: str
    limits: str
    phi: float
    tau: float
    per: float
    sd: float
    reason: str = ""

    def curve(self, sizes: np.ndarray) -> pd.DataFrame:
        """Give limits at any sizes: size, low_95, high_95, low_998, high_998, and the same with exact_ before."""
        drawn = {"size": sizes, **_limits(self, sizes, self.limits)}
        return pd.DataFrame(drawn | {f"exact_{k}": v for k, v in _limits(self, sizes, EXACT).items()})

    def beyond(self, level: float = 0.95, *, side: str = "") -> Estimate:
        """Share of councils beyond the limits in force, on one side ("above", "below") or on either."""
        words = f"{100 * level:g}%"
        term = f"Councils {side or 'above or below'} the {words} limits".replace("  ", " ")
        about: dict[str, Any] = {"unit": "share", "of": "councils", "method": METHOD.format(self.limits)}
        n = len(self.points)
        if self.reason:
            return Estimate.not_estimable(term, n=n, reason=self.reason, **about)
        name = "95" if level == LEVELS[0] else "998"
        above = self.points["value"] > self.points[f"high_{name}"]
        below = self.points["value"] < self.points[f"low_{name}"]
        found = {"above": above, "below": below}.get(side, above | below)
        low, high = wilson(int(found.sum()), n)
        return Estimate(term, float(found.mean()), low, high, n=n, **about)

    def spread(self) -> Estimate:
        """Variance of councils over that of chance (phi); bootstrap of councils."""
        about: dict[str, Any] = {
            "unit": "ratio",
            "of": "councils",
            "method": "mean square of winsorised z; bootstrap of councils",
        }
        term, n = "Variance of councils, chance alone being 1", len(self.points)
        if self.reason:
            return Estimate.not_estimable(term, n=n, reason=self.reason, **about)
        drawn = np.random.default_rng(0).integers(0, n, (REPLICATES, n))
        low, high = percentile_interval(winsorised_square(self.points["z"].to_numpy()[drawn], WINSORISED))
        return Estimate(term, self.phi, low, high, n=n, **about)

    def sentence(self) -> str:
        """Say how many councils lie beyond the limits, by chance alone and with the usual spread."""
        if self.reason:
            return self.beyond().sentence()
        alone = int((self.points["z"].abs() > normal_quantile(LEVELS[1])).sum())
        counted = int((self.points["position"].str.contains("99.8")).sum())
        return (
            f"Of {len(self.points)} councils {alone} lie beyond what chance alone gives one council in 500. Their "
            f"variance is {self.phi:.1f} times that of chance, {math.sqrt(self.phi):.1f} times in standard "
            f"deviations; with that usual spread {counted} do."
        )

    def headline(self) -> str:
        """Say the finding, for the head of a picture."""
        if self.reason:
            return "Too few councils for a funnel"
        beyond = int((self.points["position"] != "within").sum())
        far = int((self.points["position"].str.contains("99.8")).sum())
        return f"{beyond} of {len(self.points)} councils lie beyond the 95% limits, {far} far beyond"


def funnel(
    frame: pd.DataFrame,
    *,
    unit: str,
    value: str,
    size: str,
    kind: Kind = "rate",
    per: float = 10_000,
    sd: float = math.nan,
    adjust: Adjust = "auto",
) -> Funnel:
    """Funnel limits of councils, exact and allowing for overdispersion.

    Parameters
    ----------
    frame : DataFrame
        One row per council; rows without value or size, or of size 0, are left out.
    unit : str
        Column that names the council.
    value : str
        For a rate the count of events, for a share the count with the property, for a mean the council's mean.
    size : str
        Children the count or mean is of.
    kind : {"rate", "share", "mean"}
        Poisson, binomial or normal chance.
    per : float
        What a rate is written per.
    sd : float
        Standard deviation of one child's value; needed for a mean.
    adjust : {"auto", "exact", "additive", "multiplicative"}
        Which limits are in force; "auto" takes the additive where councils differ more than chance, else the exact.

    Returns
    -------
    Funnel
        With a reason instead of limits below 10 councils, or where nothing was counted.

    Raises
    ------
    InputError
        If a column is missing or not numeric, a count is negative or beyond its size, or a mean has no `sd`.

    Notes
    -----
    Exact limits interpolate Poisson or binomial quantiles. For the spread, z is winsorised at the tenth of the
    councils at either end, so that the councils looked for do not hide themselves, and the mean square is divided by
    .68, which it would be were councils alike: without that twice as many councils as meant lie beyond the limits.
    The spread beyond chance is the one with which that mean square is as if councils were alike, whatever their sizes.

    References
    ----------
    Spiegelhalter DJ (2005), Stat Med 24:1185-1202, appendix A; Spiegelhalter D and others (2012), J R Stat Soc A
    175:1-47.

    Examples
    --------
    >>> drawn = pd.DataFrame({"council": list("abcdefghij"), "cases": [50, 48, 52, 51, 47, 55, 49, 50, 46, 95]})
    >>> found = funnel(drawn.assign(children=10_000), unit="council", value="cases", size="children")
    >>> found.points.loc[9, "position"], found.limits
    ('above 99.8%', 'exact')
    """
    rows, values, sizes = _known(frame, unit, value, size)
    _check(values, sizes, kind, sd)
    label = {"rate": f"per {per:,.0f}", "share": "share", "mean": "points"}[kind]
    each = values if kind == "mean" else values / sizes
    target = float(each @ sizes / sizes.sum()) if len(sizes) else math.nan
    scale = per if kind == "rate" else 1.0
    points = pd.DataFrame({"unit": rows[unit].to_numpy(), "size": sizes, "value": each * scale})
    made = Funnel(
        points, kind, target, label, EXACT, math.nan, math.nan, scale, sd, _unable(each, target, kind)
    )
    if made.reason:
        return made
    z, phi, tau = overdispersion(each, sizes, target, kind=kind, sd=sd)
    chosen = (ADDITIVE if phi > 1 else EXACT) if adjust == "auto" else adjust
    made = replace(made, limits=chosen, phi=phi, tau=tau)
    return replace(made, points=_placed(made, z))


def spreads(funnels: Mapping[str, Funnel]) -> Estimates:
    """Give the spread beside chance of several funnels, by name.

    Examples
    --------
    >>> drawn = pd.DataFrame({"council": range(3), "cases": 1.0, "children": 10.0})
    >>> found = spreads({"rate": funnel(drawn, unit="council", value="cases", size="children")})
    >>> found[0].group, found[0].estimable
    ('rate', False)
    """
    return Estimates.of(one.spread().named(group=name) for name, one in funnels.items())


def _known(
    frame: pd.DataFrame, unit: str, value: str, size: str
) -> tuple[pd.DataFrame, np.ndarray, np.ndarray]:
    require_columns(frame, unit)
    values, sizes = number_column(frame, value), number_column(frame, size)
    known = ~np.isnan(values) & (sizes > 0)
    return frame.loc[known], values[known], sizes[known]


def _check(values: np.ndarray, sizes: np.ndarray, kind: Kind, sd: float) -> None:
    if kind == "mean" and not sd > 0:
        raise InputError("A funnel of means needs sd, the standard deviation of one child's value, above 0.")
    if kind != "mean" and (values < 0).any():
        raise InputError(f"{int((values < 0).sum()):,} counts lie below 0. Give counts of events.")
    if kind == "share" and (values > sizes).any():
        raise InputError(
            f"{int((values > sizes).sum()):,} counts exceed their size. Give counts, not per cent."
        )


def _unable(values: np.ndarray, target: float, kind: Kind) -> str:
    if len(values) < FEWEST:
        return f"at least {FEWEST} councils are needed"
    if kind != "mean" and (target <= 0 or (kind == "share" and target >= 1)):
        return "it is none, or all, in every council"
    return ""


def _limits(made: Funnel, sizes: np.ndarray, which: str) -> dict[str, np.ndarray]:
    """Give limits at sizes, in the unit of the funnel."""
    found: dict[str, np.ndarray] = {}
    for level, name in zip(LEVELS, ("95", "998"), strict=True):
        if which == EXACT:
            low, high = exact_limits(sizes, made.target, level, kind=made.kind, sd=made.sd)
        else:
            chance = scale_error(sizes, made.kind, made.sd)
            error = (
                np.hypot(chance, made.tau) if which == ADDITIVE else chance * math.sqrt(max(made.phi, 1.0))
            )
            middle, half = to_scale(np.array(made.target), made.kind), normal_quantile(level) * error
            low, high = from_scale(middle - half, made.kind), from_scale(middle + half, made.kind)
        found |= {f"low_{name}": low * made.per, f"high_{name}": high * made.per}
    return found


def _placed(made: Funnel, z: np.ndarray) -> pd.DataFrame:
    """Say of each council where it lies."""
    sizes = made.points["size"].to_numpy()
    chance = scale_error(sizes, made.kind, made.sd)
    error = {ADDITIVE: np.hypot(chance, made.tau), MULTIPLICATIVE: chance * math.sqrt(max(made.phi, 1.0))}
    placed = made.points.assign(z=z, z_adjusted=z * chance / error.get(made.limits, chance))
    placed = placed.assign(**_limits(made, sizes, made.limits))
    value, position = placed["value"], pd.Series("within", index=placed.index)
    for name, words in (("95", "95%"), ("998", "99.8%")):
        position = position.mask(value > placed[f"high_{name}"], f"above {words}")
        position = position.mask(value < placed[f"low_{name}"], f"below {words}")
    return placed.assign(position=position)
