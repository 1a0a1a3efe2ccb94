"""A second opinion: differences in differences against weighted councils and weighted years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.analysis.impact.dealing import deal, reach_of, rests_on
from vcanalysis.analysis.impact.design import CONTROLS, Design, on_panel
from vcanalysis.analysis.impact.settings import Settings
from vcanalysis.analysis.impact.simplex import simplex_weights
from vcanalysis.core.estimate import Estimate

Array = np.ndarray
METHOD = (
    "synthetic difference in differences; error of placebos and of those that start, held against placebos"
)
PLACEBOS = 200
_TINY = 1e-6  # of the noise: keeps the weights of years from having two solutions


@dataclass(frozen=True, slots=True)
class SyntheticDid:
    """Effect against weighted councils and years.

    Parameters
    ----------
    effect : Estimate
        Mean over councils of their mean over the years since the start; its error is that of placebos, with what
        councils that start spread more than they; its interval is held against placebos counted alike.
    p_value : float or None
        Of no effect, by the rank of the effect in its error among placebos in theirs.
    council_weights, year_weights : DataFrame
        start, unit or time, weight.
    """

    effect: Estimate
    p_value: float | None
    council_weights: pd.DataFrame
    year_weights: pd.DataFrame

    def frame(self) -> pd.DataFrame:
        """Give the effect as a tidy row."""
        return self.effect.frame()

    def sentence(self) -> str:
        """Say the effect and how many councils carry the comparison."""
        if not self.effect.estimable:
            return self.effect.sentence()
        carried = 1 / (self.council_weights.groupby("start")["weight"].apply(lambda w: (w**2).sum())).mean()
        return f"{self.effect.sentence()} The comparison rests on as much as {carried:.0f} councils of equal weight."


def synthetic_did(
    panel: pd.DataFrame,
    *,
    unit: str,
    time: str,
    outcome: str,
    first_treated: str | Mapping[object, float],
    settings: Settings | None = None,
) -> SyntheticDid:
    """Effect against units weighted to move alike before the start, and years weighted to foretell the later ones.

    Parameters
    ----------
    panel, unit, time, outcome, first_treated, settings
        As in `staggered_effect`; at most 200 deals are made. Weights, strata, anticipation, estimator and controls
        are refused.

    Returns
    -------
    SyntheticDid
        Not estimable as `staggered_effect`, and with fewer than two times before the first start.

    Raises
    ------
    InputError
        As `read_design`, and of settings that are not used here.

    References
    ----------
    Arkhangelsky D, Athey S, Hirshberg D, Imbens G, Wager S (2021), Am Econ Rev 111:4088-4118, algorithm 1, and 4
    for placebos; by start: their appendix on staggered adoption. Algorithm 4 alone supposes that councils that start
    vary as others do.

    Examples
    --------
    >>> rng = np.random.default_rng(1)
    >>> panel = pd.DataFrame([(u, t, u + t * (1 + u % 3) + rng.normal() - 5 * (u < 3 and t > 6)) for u in range(40)
    ...                       for t in range(10)], columns=["council", "year", "rate"])
    >>> found = synthetic_did(panel, unit="council", time="year", outcome="rate",
    ...                       first_treated=dict.fromkeys(range(3), 7), settings=Settings(draws=99))
    >>> round(found.effect.value, 1)
    -4.7
    """
    if settings:
        settings.refuse("weights", "strata", "anticipation", "estimator", "controls", by="synthetic_did")
    about: dict[str, Any] = {"unit": unit, "time": time, "outcome": outcome, "first_treated": first_treated}
    return on_panel(did_of, panel, settings=settings, **about)


def did_of(design: Design, *, term: str, settings: Settings) -> SyntheticDid:
    """Estimate on a design that has been read."""
    reason, found = _why_not(design)
    if reason:
        nothing = Estimate.not_estimable(term, n=found, reason=reason, of="councils", method=METHOD)
        return SyntheticDid(nothing, None, pd.DataFrame(), pd.DataFrame())
    starts, others = design.first[design.treated], design.paths[design.controls]
    apart, parts = _effects(design.paths[design.treated], others, starts, design.times)
    error, drawn = _errors(apart, _placebos(others, starts, design.times, settings))
    value, reach = float(apart.mean()), reach_of(drawn, settings.level)
    low, high = (None, None) if reach is None else (value - reach * error, value + reach * error)
    about: dict[str, Any] = {"unit": settings.measure, "method": METHOD, "std_error": error}
    about |= {"level": settings.level, **rests_on(len(starts), len(others))}
    effect = Estimate(term, value, low, high, **about)
    units = design.units[design.controls]
    councils = [pd.DataFrame({"start": g, "unit": units, "weight": w}) for g, w, _ in parts]
    times = [(g, design.times[design.times < g], v) for g, _, v in parts]
    years = [pd.DataFrame({"start": g, "time": t, "weight": v}) for g, t, v in times]
    as_rare = float((np.append(drawn, np.inf) >= abs(value) / error).mean())
    return SyntheticDid(effect, as_rare, pd.concat(councils), pd.concat(years))


def _why_not(design: Design) -> tuple[str, int]:
    """Say what is too few for weights of councils and years, and how many there are."""
    starts, others = design.first[design.treated], len(design.controls)
    if design.reason:
        return design.reason, design.found
    if (design.times < starts.min()).sum() < 2:
        return "at least 2 times before the first start are needed", 1
    if others < len(starts) + CONTROLS:
        return f"at least {len(starts) + CONTROLS} units that never start are needed", others
    moves = design.paths[design.controls]
    moves = moves - moves.mean(axis=1, keepdims=True)
    if np.ptp(moves, axis=0).max() <= _TINY * np.abs(design.paths).max():
        return "the outcome moves alike in all units that never start", others
    return "", 0


def _placebos(others: Array, starts: Array, times: Array, settings: Settings) -> Array:
    """Give the effects, one row a deal, of dealing the places among units that never start."""
    alike, places = np.zeros(len(others), dtype=int), np.arange(len(starts))
    dealt = deal(alike, places, draws=min(settings.draws, PLACEBOS), seed=settings.seed)[1:]
    return np.array(
        [_effects(others[held], np.delete(others, held, axis=0), starts, times)[0] for held in dealt]
    )


def _errors(apart: Array, placebos: Array) -> tuple[float, Array]:
    """Give the error of the effect, and the size of every placebo counted in an error found in the same way.

    The error is that of placebos, with what units that start spread more than theirs. That excess is never below
    nought, which errs upwards: so placebos are counted alike, rather than the effect held against a normal table.
    """
    places = len(apart)
    theirs = placebos.var(axis=1, ddof=1) / places
    spreads = np.append(theirs, apart.var(ddof=1) / places)
    chance = float((placebos.mean(axis=1) ** 2).mean())
    errors = np.sqrt(np.maximum(chance + np.maximum(spreads - theirs.mean(), 0.0), 1e-300))
    return float(errors[-1]), np.abs(placebos.mean(axis=1)) / errors[:-1]


def _effects(
    inside: Array, others: Array, starts: Array, times: Array
) -> tuple[Array, list[tuple[float, Array, Array]]]:
    """Give the effect on each unit that starts, and the weights of councils and years of each start."""
    apart, parts = np.zeros(len(starts)), []
    for start in np.unique(starts):
        held, before = starts == start, times < start
        mine, early, late = inside[held], others[:, before], others[:, ~before].mean(axis=1)
        noise = float(np.diff(early, axis=1).std(ddof=1))
        ridge = np.sqrt(len(mine) * (~before).sum()) * noise**2 * before.sum()
        path = mine[:, before].mean(axis=0)
        level = (early - early.mean(axis=1, keepdims=True)).T
        councils = simplex_weights(level, path - path.mean(), ridge=max(ridge, 1e-300))
        tiny = max((_TINY * noise) ** 2 * len(early), 1e-300)
        years = simplex_weights(early - early.mean(axis=0), late - late.mean(), ridge=tiny)
        apart[held] = (
            mine[:, ~before].mean(axis=1) - mine[:, before] @ years - councils @ (late - early @ years)
        )
        parts.append((float(start), councils, years))
    return apart, parts
