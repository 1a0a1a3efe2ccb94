"""The money of a synthetic panel: spend is price times mix times need, and a residual that is each council's own."""

from __future__ import annotations

import numpy as np

from vcanalysis.intake.synth.panel_draws import Nation, lasting_noise

NEED_SLOPE = 0.06  # log spend a child per standard deviation of need, at equal prices and mix
EFFICIENCY_SD = 0.12  # log spend of a council that nothing explains, for good
RESIDUAL = (0.05, 0.4)  # log spend of a year that nothing explains, and how much of it lasts
WEEKS = 365 / 7
_OF_A_YEAR = 0.4  # of a council's deviation in one year, what spend follows: else spend moves twice as much
_OTHER_AT = (
    4.0  # price of other placements, with overheads, in prices of foster care: makes the published total
)
_SERVICES = 2.0  # spend on children's services by pound spent on care (published median 1.97)
_RO3 = {"residential": 0.40, "fostering": 0.25, "asylum": 0.04}  # published shares of spend on care


def add_money(
    values: dict[str, np.ndarray], nation: Nation, rng: np.random.Generator, lift: np.ndarray
) -> dict[str, object]:
    """Add what is spent on care to the measures of a panel.

    Parameters
    ----------
    values : dict of str to ndarray
        Measures, councils by years; added to in place.
    nation : Nation
        The councils.
    rng : Generator
        Randomness.
    lift : ndarray
        Pounds a child and week that the programme adds.

    Returns
    -------
    dict
        What is planted: need, deprivation, efficiency (by council), need_slope.
    """
    efficiency = EFFICIENCY_SD * rng.standard_normal(len(nation.codes))
    children = values["looked_after_n"]
    residual = lasting_noise(rng, children.shape, *RESIDUAL)
    factor = np.exp(NEED_SLOPE * nation.need[:, None] + efficiency[:, None] + residual)
    paid_for = _steadied(children)  # over the year, not on its last day
    _add_spend(values, np.round(WEEKS * (_price_of_mix(values) * factor * paid_for + lift * children)))
    _add_outturn(values, rng)
    by_code = {"need": nation.need, "deprivation": nation.deprivation, "efficiency": efficiency}
    planted = {name: dict(zip(nation.codes, level.tolist(), strict=True)) for name, level in by_code.items()}
    return {**planted, "need_slope": NEED_SLOPE}


def _price_of_mix(values: dict[str, np.ndarray]) -> np.ndarray:
    """Give pounds a child and week at the council's own prices and mix of placements."""
    steady = {name: _steadied(values[name]) for name in ("residential_pct", "foster_pct")}
    homes, families = steady["residential_pct"] / 100, steady["foster_pct"] / 100
    family_price = _steadied(values["fostering_gbp_week"])
    other = np.clip(1 - homes - families, 0, 1)
    return homes * _steadied(values["residential_gbp_week"]) + (families + _OTHER_AT * other) * family_price


def _steadied(published: np.ndarray) -> np.ndarray:
    """Give what lies behind published shares and unit costs: most of their moves are those of counts on one day."""
    log = np.log(np.maximum(published, 0.5))
    nation = log.mean(axis=0, keepdims=True)
    own = (log - nation).mean(axis=1, keepdims=True)
    return np.exp(nation + own + _OF_A_YEAR * (log - nation - own))


def _add_spend(values: dict[str, np.ndarray], spend: np.ndarray) -> None:
    children, area = values["looked_after_n"], values["children_0_17_n"]
    values["looked_after_gbp"] = spend
    week = spend / np.maximum(children, 1) / WEEKS
    values["looked_after_gbp_child_week"] = week
    values["looked_after_gbp_week"] = np.round(week / 5) * 5
    values["looked_after_gbp_resident_child"] = spend / area
    parts = sum(values[f"{name}_gbp"] for name in ("family_support", "safeguarding", "youth_justice"))
    values["children_services_gbp"] = np.round(np.maximum(_SERVICES * spend, spend + parts))


def _add_outturn(values: dict[str, np.ndarray], rng: np.random.Generator) -> None:
    """Add the same spend as another return tells it: near it, not equal."""
    shape = values["looked_after_gbp"].shape
    total = values["looked_after_gbp"] * np.exp(0.1 * rng.standard_normal(shape))
    parts = {name: share * total * np.exp(0.2 * rng.standard_normal(shape)) for name, share in _RO3.items()}
    for name, pounds in parts.items():
        values[f"ro3_{name}_gbp"] = np.round(pounds, -3)
    values["ro3_other_care_gbp"] = np.round(np.maximum(total - sum(parts.values()), 0), -3)
    names = [f"ro3_{name}_gbp" for name in (*parts, "other_care")]
    values["ro3_looked_after_gbp"] = np.sum([values[name] for name in names], axis=0)
