"""What family support does to children in care a year later, planted into a synthetic panel; nothing by default."""

from __future__ import annotations

import math

import numpy as np

from vcanalysis.core.errors import InputError
from vcanalysis.core.limits import is_number
from vcanalysis.core.price_index import price_index
from vcanalysis.core.real_terms import financial_year_ending
from vcanalysis.intake.synth.panel_draws import Nation

STREAM = 1809  # of its own: a planted effect moves no other random number
_SPEND = ("looked_after_gbp", "looked_after_gbp_resident_child")
_MOST = 1.0


def add_prevention(values: dict[str, np.ndarray], nation: Nation, elasticity: float) -> None:
    """Move children in care by what was spent on family support the year before, and what hangs on their number.

    Parameters
    ----------
    values : dict of str to ndarray
        Measures, councils by years; changed in place, not at all with an elasticity of nought.
    nation : Nation
        The councils.
    elasticity : float
        Log change of children in care by log change of real spend a resident child, from its mean over the years.

    Raises
    ------
    InputError
        If the elasticity is no number from -1 to 1.
    """
    if not is_number(elasticity) or not math.isfinite(elasticity) or abs(elasticity) > _MOST:
        raise InputError(f"prevention {elasticity} is refused. Give a number from -1 to 1.")
    if elasticity == 0:
        return
    factor = np.exp(elasticity * _support_before(values, nation))
    before = values["looked_after_n"]
    rng = np.random.default_rng([STREAM, len(nation.codes)])
    exact = before * factor
    whole = np.floor(exact)
    children = whole + (
        rng.random(exact.shape) < exact - whole
    )  # children are whole, and none is lost on average
    ratio = children / np.maximum(before, 1)
    values["looked_after_n"] = children
    values["looked_after_second_n"] = children.copy()
    values["looked_after_per_10k"] = np.round(1e4 * children / values["children_0_17_n"])
    growth = np.diff(children, axis=1, prepend=children[:, :1])
    values["starts_n"] = np.maximum(values["starts_n"], growth)
    values["ceased_n"] = values["starts_n"] - growth
    values["uasc_n"] = np.minimum(values["uasc_n"], children)
    _move_spend(values, ratio)


def _support_before(values: dict[str, np.ndarray], nation: Nation) -> np.ndarray:
    """Give log real spend a resident child of the year before, less the council's and the year's mean; 0 at first."""
    index, last = price_index(), financial_year_ending(int(nation.years[-1]))
    real = np.array([index.factor(financial_year_ending(int(year)), last) for year in nation.years])
    log = np.log(np.maximum(values["family_support_gbp"] * real / values["children_0_17_n"], 1e-9))
    own = log - log.mean(axis=0, keepdims=True) - log.mean(axis=1, keepdims=True) + log.mean()
    return np.hstack([np.zeros((len(own), 1)), own[:, :-1]])


def _move_spend(values: dict[str, np.ndarray], ratio: np.ndarray) -> None:
    spent = values["looked_after_gbp"]
    for name in (*_SPEND, *(n for n in values if n.startswith("ro3_"))):
        values[name] = values[name] * ratio
    values["looked_after_gbp"] = np.round(values["looked_after_gbp"])
    values["children_services_gbp"] = values["children_services_gbp"] + values["looked_after_gbp"] - spent
    week = values["looked_after_gbp"] / np.maximum(values["looked_after_n"], 1) / (365 / 7)
    values["looked_after_gbp_child_week"] = week
    values["looked_after_gbp_resident_child"] = values["looked_after_gbp"] / values["children_0_17_n"]
