"""Other forecasts of children in care, to be held against ours: nothing changes, and the peer's band."""

from __future__ import annotations

import numpy as np

from vcanalysis.analysis.sufficiency.panel import Panel
from vcanalysis.analysis.sufficiency.settings import ADULT, AGE_EDGES, MONTH_DAYS, age_band
from vcanalysis.core.intervals import normal_quantile

Band = tuple[np.ndarray, np.ndarray, np.ndarray]  # middle, low and high of all children, then of each kind
_AGES = len(AGE_EDGES)


def unchanged(panel: Panel, *, months: int, level: float = 0.95) -> Band:
    """Carry the last count forward; the band is as wide as past changes over as many months were.

    Parameters
    ----------
    panel : Panel
        Records.
    months : int
        Months ahead.
    level : float
        Coverage of the band.

    Returns
    -------
    tuple of array (1 + kinds)
        Middle, low and high of all children, then of each kind; the ends are missing where the records are shorter
        than twice the months ahead.
    """
    counts = _with_all(panel.counts())
    last = counts[-1]
    if len(counts) < 2 * months:
        return last, np.full_like(last, np.nan), np.full_like(last, np.nan)
    change = counts[months:] - counts[:-months]
    half = normal_quantile(level) * np.sqrt((change**2).mean(axis=0))
    return last, np.maximum(last - half, 0.0), last + half


def peer_band(panel: Panel, *, months: int, window: int = 12) -> Band:
    """Forecast as the only other Python package with a band does, re-created from a description of its method.

    Parameters
    ----------
    panel : Panel
        Records.
    months : int
        Months ahead.
    window : int
        Months its rates are taken from.

    Returns
    -------
    tuple of array (1 + kinds)
        Middle, low and high, two of its standard deviations around.

    Notes
    -----
    A re-creation, not the package itself: daily chances by age and kind from the window, arrivals at their mean, a flat
    daily chance to grow into the next age, variances of the days added up without what later days take from them, and
    nothing for how well the rates are known or for years that differ.
    """
    kinds = len(panel.kinds)
    states, chance, come = _daily(panel, window)
    middle, spread = states.copy(), np.zeros_like(states)
    stays = chance * (1 - chance)
    for _ in range(round(months * MONTH_DAYS)):
        spread = spread + middle @ stays + come
        middle = middle @ chance + come
    mean, variance = (_with_all(v.reshape(kinds, _AGES).sum(axis=1)[None])[0] for v in (middle, spread))
    half = 2 * np.sqrt(variance)
    return mean, np.maximum(mean - half, 0.0), mean + half


def _daily(panel: Panel, window: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the children now, the daily chances from state to state and the mean arrivals a day, by kind and age."""
    kinds, size = len(panel.kinds), len(panel.kinds) * _AGES
    age = np.minimum(age_band(np.maximum(panel.age, 0.0)), _AGES - 1)
    state = panel.kind * _AGES + age
    seen = (panel.target >= 0) & (panel.month >= panel.months - window)
    risk = np.maximum(np.bincount(state[seen], minlength=size), 1)
    chance = np.zeros((size, size))
    goes = seen & (panel.target < kinds) & (panel.target != panel.kind)
    np.add.at(chance, (state[goes], panel.target[goes] * _AGES + age[goes]), 1)
    adult = panel.age + 1 >= ADULT
    leaves = np.bincount(state[seen & (panel.target == kinds) & ~adult], minlength=size) / risk / MONTH_DAYS
    chance = chance / risk[:, None] / MONTH_DAYS
    grows = 1 / (np.diff([*AGE_EDGES, ADULT]) * MONTH_DAYS)
    for one in range(size):
        if (one + 1) % _AGES:
            chance[one, one + 1] += grows[one % _AGES]
    gone = leaves + np.where((np.arange(size) + 1) % _AGES == 0, grows[-1], 0.0)
    chance[np.diag_indices(size)] = np.maximum(1 - chance.sum(axis=1) - gone, 0.0)
    came = panel.came & (panel.month > panel.months - window)
    come = np.bincount(state[came], minlength=size) / (window * MONTH_DAYS)
    return np.bincount(state[panel.month == panel.months], minlength=size).astype("float64"), chance, come


def _with_all(counts: np.ndarray) -> np.ndarray:
    """Set the count of all children before those of each kind."""
    return np.column_stack([counts.sum(axis=1), counts]).astype("float64")
