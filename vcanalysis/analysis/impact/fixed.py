"""Slopes within councils: regression with effects of councils and of years."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.analysis.impact.settings import Settings
from vcanalysis.core.columns import number_column, require_columns, say_column
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.within import clustered_slopes, without_both

Array = np.ndarray
METHOD = "two-way fixed effects; errors clustered by council, t of the councils less one"
MINIMUM = 5
FEW = f"at least {MINIMUM} councils and two years with every column are needed"
FEW_ON = (
    "Few councils are switched on in {}: errors clustered by council are then too narrow; staggered_effect deals the "
    "programme out anew."
)


@dataclass(frozen=True, slots=True)
class PanelSlopes:
    """Slopes within units, years taken out.

    Parameters
    ----------
    slopes : Estimates
        One a column, group its name in words: change of the outcome for one unit of the column.
    within : Estimate
        Correlation of outcome and first column once units and years are taken out, without an interval.
    rows, units : int
        What it rests on.
    warning : str
        Where a column is a switch that few units ever turn.
    """

    slopes: Estimates
    within: Estimate
    rows: int
    units: int
    warning: str

    def frame(self) -> pd.DataFrame:
        """Give the slopes as tidy rows."""
        return self.slopes.frame()

    def sentence(self) -> str:
        """Say the slopes, and the warning."""
        return " ".join([self.slopes.sentence()] + ([self.warning] if self.warning else []))


def panel_fe(
    panel: pd.DataFrame,
    *,
    unit: str,
    time: str,
    outcome: str,
    terms: Sequence[str],
    settings: Settings | None = None,
) -> PanelSlopes:
    """Slopes of an outcome on columns, within units and years.

    Parameters
    ----------
    panel : DataFrame
        One row per unit and time; rows with a gap are left out, the panel need not be balanced.
    unit, time, outcome : str
        Columns of the unit, the time and the outcome.
    terms : sequence of str
        Columns that vary within units and years.
    settings : Settings, optional
        Weights (of rows), level, unit of the outcome.

    Returns
    -------
    PanelSlopes
        Not estimable below five units or two years, or where a column does not vary within units and years.

    Raises
    ------
    InputError
        If a column is missing or not numeric, no term is given, or a unit and time come twice.

    Notes
    -----
    A slope within councils is no effect: what makes both move is not taken out. Errors: CRV1, factor
    G/(G-1) x (n-1)/(n-k) with k the terms and years, units nested in the clusters.

    References
    ----------
    Cameron AC, Miller DL (2015), J Hum Resour 50:317-372, equations 11 and 12, section III.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> panel = pd.DataFrame([(u, t) for u in range(30) for t in range(6)], columns=["council", "year"])
    >>> panel = panel.assign(need=rng.normal(size=180))
    >>> panel = panel.assign(cost=2 * panel["need"] + panel["council"] + rng.normal(size=180))
    >>> panel_fe(panel, unit="council", time="year", outcome="cost", terms=["need"]).slopes[0].sentence()
    'Slope of cost, need: 1.95 (95% interval 1.8 to 2.1; 30 councils).'
    """
    settings = settings or Settings()
    if not terms:
        raise InputError("No column to take slopes on. Give at least one in terms.")
    require_columns(panel, unit, time, *([settings.weights] if settings.weights else []))
    table = np.column_stack([number_column(panel, name) for name in (outcome, *terms)])
    weights = number_column(panel, settings.weights) if settings.weights else np.ones(len(panel))
    known = (
        ~np.isnan(table).any(axis=1)
        & (np.nan_to_num(weights) > 0)
        & panel[[unit, time]].notna().all(axis=1).to_numpy()
    )
    if panel.loc[known, [unit, time]].duplicated().any():
        raise InputError(f"Rows repeat a {unit} and {time}. Give one row for each.")
    codes = [pd.factorize(panel.loc[known, name])[0] for name in (unit, time)]
    return _slopes(table[known], weights[known], codes, (outcome, *terms), settings)


def _slopes(
    table: Array, weights: Array, codes: list[Array], names: tuple[str, ...], settings: Settings
) -> PanelSlopes:
    units, times = (len(np.unique(code)) for code in codes)
    term = f"Slope of {settings.name or say_column(names[0])}"
    about: dict[str, Any] = {"unit": settings.measure, "method": METHOD, "of": "councils"}
    few = units < MINIMUM or times < 2
    apart = table if few else without_both(table, codes, weights)
    reason = FEW if few else _why_not(table, apart)
    if reason:
        none = Estimate.not_estimable(term, n=units, reason=reason, **about)
        return PanelSlopes(Estimates((none,)), none, len(table), units, "")
    slopes, covariance = clustered_slopes(apart, weights, codes[0], len(names) - 1 + times)
    errors = np.sqrt(np.diag(covariance))
    half = float(stats.t.ppf(0.5 + settings.level / 2, units - 1)) * errors
    made = [
        Estimate(term, b, b - h, b + h, settings.level, units, group=say_column(name), std_error=e, **about)
        for name, b, h, e in zip(names[1:], slopes, half, errors, strict=True)
    ]
    r = float(np.corrcoef(apart[:, 0], apart[:, 1])[0, 1])
    within = Estimate(
        f"Correlation within councils and years, {say_column(names[1])}",
        r,
        n=len(table),
        unit="correlation",
        of="rows",
    )
    return PanelSlopes(Estimates.of(made), within, len(table), units, _warning(table, codes[0], names))


def _why_not(table: Array, apart: Array) -> str:
    """Say which columns are left without variation once councils and years are taken out, if any."""
    share = apart / np.maximum(np.abs(table).max(axis=0), 1e-300)
    if np.linalg.matrix_rank(share[:, 1:], tol=1e-7) < share.shape[1] - 1:
        return "the columns do not vary of their own within councils and years"
    if np.sqrt((share[:, 0] ** 2).mean()) < 1e-9:
        return "the outcome does not vary within councils and years"
    return ""


def _warning(table: Array, cluster: Array, names: tuple[str, ...]) -> str:
    few = []
    for place, name in enumerate(names[1:], start=1):
        column = table[:, place]
        if len(np.unique(column)) == 2:
            low, high = (np.full(cluster.max() + 1, side) for side in (np.inf, -np.inf))
            np.minimum.at(low, cluster, column)
            np.maximum.at(high, cluster, column)
            turned = int((high > low).sum())
            few += [say_column(name)] if min(turned, len(low) - turned) <= 12 else []
    return FEW_ON.format(" and ".join(few)) if few else ""
