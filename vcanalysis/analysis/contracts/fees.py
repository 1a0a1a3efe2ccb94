"""Fees by band of need: holes and overlaps of the rule, who gains, who loses, and what the move costs."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from vcanalysis.core.columns import cost_column, require_columns
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.framework import build_framework, frameworks, validate
from vcanalysis.core.intervals import quantile_interval, support_of, wilson
from vcanalysis.core.paths import data_file

MINIMUM = 10
_WEEKS = 52


def gaps_as_published(name: str = "norfolk-fee") -> pd.DataFrame:
    """List cases that the bands of a framework leave out, or cover twice, without what we added to complete it.

    Parameters
    ----------
    name : str
        A framework of the workbench.

    Returns
    -------
    DataFrame
        One row per case: the counts that the bands read, and ``found``: "hole" or "overlap".

    Raises
    ------
    InputError
        If there is no such framework.

    Examples
    --------
    >>> gaps_as_published("norfolk-fee")[["n2", "n3"]].astype(int).to_numpy().tolist()
    [[0, 1], [1, 1], [2, 1]]
    """
    path = data_file(f"frameworks/{name}.toml")
    if not path.is_file():
        raise InputError(f"There is no framework {name!r}. Frameworks are: {', '.join(frameworks())}.")
    raw = path.read_bytes()
    content = tomllib.loads(raw.decode("utf-8"))
    for band in content["band"]:
        band.pop("completes", None)
    found = validate(build_framework(content, raw))
    rows = [dict(f.case) | {"found": "hole" if f.is_hole else "overlap"} for f in found]
    return pd.DataFrame(rows, columns=list(rows[0]) if rows else ["found"])


@dataclass(frozen=True, slots=True)
class FeeMove:
    """What a move to fees by need does.

    Parameters
    ----------
    cost : Estimate
        Cost a year, in pounds; below nought it saves.
    winners, losers : Estimate
        Shares of placements whose fee rises, or falls, by a pound a week or more.
    by_band : Estimates
        Mean change of the weekly fee by band.
    largest_loss : Estimate
        Nine losers in ten lose no more than this a week.
    """

    cost: Estimate
    winners: Estimate
    losers: Estimate
    by_band: Estimates
    largest_loss: Estimate

    def estimates(self) -> Estimates:
        """Give cost, winners, losers and the largest losses."""
        return Estimates((self.cost, self.winners, self.losers, self.largest_loss))

    def sentence(self) -> str:
        """Say what it costs, who gains and who loses."""
        return self.estimates().sentence()


def move_to_bands(
    frame: pd.DataFrame, *, band: str, now: str, fees: Mapping[str, float], level: float = 0.95
) -> FeeMove:
    """Set what is paid now beside a fee for each band of need.

    Parameters
    ----------
    frame : DataFrame
        One row per placement; those without a band or a price are left out.
    band, now : str
        Columns: band of need, and pounds a week paid now.
    fees : mapping
        Pounds a week for each band.
    level : float
        Confidence level.

    Returns
    -------
    FeeMove
        Not estimable below 10 placements.

    Raises
    ------
    InputError
        If a column is missing, a price is no number, or a band has no fee.

    Notes
    -----
    For the placements of today the cost is arithmetic; the interval is that of placements like these in a year to
    come. Fees that hang on scores change scores: see `bunching` and `score_drift`.

    Examples
    --------
    >>> frame = pd.DataFrame({"band": ["standard", "complex"] * 20, "now": [400.0, 420.0] * 20})
    >>> found = move_to_bands(frame, band="band", now="now", fees={"standard": 390, "complex": 500})
    >>> found.cost.words(), found.winners.words()
    ('£72,800 a year (95% interval £42,500 to £103,000)', '50% (95% interval 35% to 65%)')
    """
    require_columns(frame, band)
    paid = cost_column(frame, now)
    known = ~np.isnan(paid) & frame[band].notna().to_numpy()
    bands = frame.loc[known, band].astype("str")
    absent = sorted(set(bands) - set(fees))
    if absent:
        raise InputError(f"Band {absent[0]!r} has no fee. Fees given: {', '.join(fees)}.")
    change = bands.map({name: float(fee) for name, fee in fees.items()}).to_numpy(float) - paid[known]
    if len(change) < MINIMUM:
        return _none(len(change))
    by_band = [_mean(change[(bands == name).to_numpy()], str(name), level) for name in fees]
    return FeeMove(
        _cost(change, level),
        _share(change >= 1, "Placements whose fee rises", level),
        _share(change <= -1, "Placements whose fee falls", level),
        Estimates.of(by_band),
        _loss(-change[change <= -1], level),
    )


def _none(n: int) -> FeeMove:
    reason = f"at least {MINIMUM} placements with a band and a price are needed"
    terms = (
        "Cost of the move",
        "Placements whose fee rises",
        "Placements whose fee falls",
        "Loss that nine in ten losers do not exceed",
    )
    cost, up, down, loss = (Estimate.not_estimable(t, n=n, reason=reason, of="placements") for t in terms)
    return FeeMove(cost, up, down, Estimates((cost,)), loss)


def _mean(values: np.ndarray, group: str, level: float) -> Estimate:
    term, about = (
        "Change of the weekly fee",
        {"group": group, "method": "mean, t interval", "of": "placements"},
    )
    if len(values) < 2:
        return Estimate.not_estimable(term, n=len(values), reason="at least 2 placements are needed", **about)
    half = float(stats.t.ppf(0.5 + level / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    mean = float(values.mean())
    made = Estimate(term, mean, mean - half, mean + half, level, len(values), "GBP per week", **about)  # type: ignore[arg-type]
    return made.unless_alike(reason="all change alike")


def _cost(change: np.ndarray, level: float) -> Estimate:
    mean = _mean(change, "all", level)
    year = [None if v is None else v * len(change) * _WEEKS for v in (mean.value, mean.low, mean.high)]
    about: dict[str, Any] = {
        "method": "mean change, t interval, times placements and weeks",
        "of": "placements",
        "reason": mean.reason,
    }
    return Estimate(
        "Cost of the move", year[0], year[1], year[2], level, len(change), "GBP per year", **about
    )  # type: ignore[arg-type]


def _share(flags: np.ndarray, term: str, level: float) -> Estimate:
    count, n = int(flags.sum()), len(flags)
    return Estimate(
        term, count / n, *wilson(count, n, level), level, n, "share", "Wilson interval", of="placements"
    )


def _loss(losses: np.ndarray, level: float) -> Estimate:
    term = "Loss that nine in ten losers do not exceed"
    if len(losses) < MINIMUM:
        reason = f"at least {MINIMUM} losers are needed"
        return Estimate.not_estimable(term, n=len(losses), reason=reason, of="losers")
    ends = quantile_interval(losses, 0.9, level)
    about = {
        "method": "quantile, order statistics",
        "of": "losers",
        "support": support_of(losses, *(ends or ())),
    }
    if ends is None:
        return Estimate.not_estimable(
            term, n=len(losses), reason="more losers are needed for an interval", of="losers"
        )
    value = float(np.quantile(losses, 0.9))
    return Estimate(term, value, *ends, level, len(losses), "GBP per week", **about)  # type: ignore[arg-type]
