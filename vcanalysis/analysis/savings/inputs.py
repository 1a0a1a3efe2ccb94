"""The uncertain numbers a scenario is made of: their names, their ranges, and which of them go together."""

from __future__ import annotations

import difflib
import math
from dataclasses import dataclass, replace

from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.limits import is_number
from vcanalysis.core.price_index import price_index

# name -> lowest and highest value allowed, and what it is in words.
INPUTS: dict[str, tuple[float, float, str]] = {
    "candidates": (0, 100_000, "children considered"),
    "arrivals_year": (0, 100_000, "children who come into homes in a year"),
    "demand_growth_year": (-0.5, 1, "growth of demand"),
    "edge_reduction_share": (0, 1, "arrivals averted at the edge of care"),
    "suitable_share": (0, 1, "children found suitable"),
    "referred_share": (0, 1, "suitable children who are referred"),
    "matched_share": (0, 1, "searches that find a family"),
    "delay_months": (0, 120, "time from search to move"),
    "ramp_months": (0, 120, "time until all searches run"),
    "family_places": (0, 100_000, "places in families"),
    "sustained_52_weeks": (0, 1, "moves that last a year"),
    "early_share": (0, 1, "breakdowns that come early"),
    "late_breakdown_year": (0, 1, "breakdowns in a later year"),
    "return_price_ratio": (0, 10, "price after a return"),
    "natural_exit_year": (0, 1, "children who would leave anyway"),
    "backfill_share": (0, 1, "beds or families that serve another child"),
    "residential_gbp_week": (0, 100_000, "price of a home"),
    "family_gbp_week": (0, 100_000, "price of a family"),
    "support_gbp_week": (0, 100_000, "support in the family"),
    "residential_growth_year": (-0.5, 1, "growth of the price of homes"),
    "family_growth_year": (-0.5, 1, "growth of the price of families"),
    "pay_growth_year": (-0.5, 1, "growth of pay"),
    "team_gbp_year": (0, 1e9, "cost of the team"),
    "team_years": (0, 50, "years of the team"),
    "search_gbp": (0, 1e7, "cost of a search"),
    "recruitment_gbp": (0, 1e7, "cost of recruiting a family"),
    "edge_gbp_year": (0, 1e9, "cost of edge-of-care work"),
    "cashable_share": (0, 1, "share that leaves the budget"),
}


@dataclass(frozen=True, slots=True)
class Input:
    """One uncertain number: the likeliest value and the ends of its range.

    Parameters
    ----------
    central, low, high : float
        Likeliest, lowest and highest value; all equal when the number is taken as known. NaN when it is to come
        from the council.
    unit, reason, source : str
        Unit, why these values, and where they come from.
    price_year : str
        Financial year whose pounds they are; empty where they are no pounds, or pounds of the scenario.

    Examples
    --------
    >>> Input(6, 3, 12, "months").certain
    False
    """

    central: float
    low: float
    high: float
    unit: str = ""
    reason: str = ""
    source: str = ""
    price_year: str = ""

    @property
    def certain(self) -> bool:
        """Whether the range has no width."""
        return self.low == self.high

    @property
    def missing(self) -> bool:
        """Whether the value is still to come from the council."""
        return math.isnan(self.central)


@dataclass(frozen=True, slots=True)
class Optimism:
    """Correction for optimism, apart from the ranges: costs are raised and benefits cut by these shares."""

    costs: float = 0.0
    benefits: float = 0.0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Correlation:
    """Two inputs whose draws go together, with their rank correlation and the reason."""

    first: str
    second: str
    value: float
    reason: str = ""


def known_input(name: str, where: str) -> None:
    """Refuse a name that is not one of `INPUTS`, with the nearest that is."""
    if name not in INPUTS:
        near = difflib.get_close_matches(name, INPUTS, n=1)
        advice = f" Did you mean {near[0]!r}?" if near else f" Inputs are: {', '.join(INPUTS)}."
        raise InputError(f"{where}: there is no input {name!r}.{advice}")


def as_input(name: str, value: object, old: Input | None) -> Input:
    """Read a number, three numbers, an Estimate or an Input as the value of an input."""
    unit = old.unit if old else ""
    if isinstance(value, Input):
        if value.missing:
            raise InputError(f"Input {name!r}: give a number or three (central, low, high).")
        return value
    if isinstance(value, Estimate):
        return _of_estimate(name, value, unit)
    values = value if isinstance(value, tuple) else (value, value, value)
    if len(values) != 3 or not all(is_number(v) for v in values):
        raise InputError(f"Input {name!r}: give a number or three (central, low, high).")
    central, low, high = (float(v) for v in values)
    return Input(central, low, high, unit, "given in the call", "the council's own data")


def _of_estimate(name: str, value: Estimate, unit: str) -> Input:
    if value.value is None:
        raise InputError(f"Input {name!r}: the estimate is not estimable ({value.reason}). Give a number.")
    low, high = (value.low, value.high) if value.has_interval else (value.value, value.value)
    return Input(value.value, low or 0.0, high or 0.0, unit, value.method, "the council's own data")


def check_input(name: str, value: Input, where: str) -> None:
    """Refuse a range out of order or beyond what the input may be."""
    lowest, highest, _ = INPUTS[name]
    if not value.missing and not lowest <= value.low <= value.central <= value.high <= highest:
        raise InputError(
            f"{where}: {name} with central {value.central:g}, low {value.low:g}, high {value.high:g} is refused. "
            f"Give low <= central <= high, from {lowest:g} to {highest:,.0f}."
        )


def is_money(name: str) -> bool:
    """Whether an input is in pounds."""
    return "_gbp" in name


def in_prices_of(name: str, value: Input, year: str) -> Input:
    """Give an input in the pounds of a financial year, by the GDP deflator of the workbench.

    Parameters
    ----------
    name : str
        Name of the input; what is not in pounds stays as it is.
    value : Input
        Pounds of its own price year; where it states none they are taken as pounds of `year`.
    year : str
        Financial year wanted, such as "2024-25".

    Raises
    ------
    InputError
        If the price index lacks one of the years.

    Examples
    --------
    >>> round(in_prices_of("search_gbp", Input(3000, 1000, 6000, price_year="2019-20"), "2024-25").central)
    3710
    """
    if not is_money(name) or value.missing:
        return value
    if value.price_year in ("", year):
        return replace(value, price_year=year)
    factor = price_index().factor(value.price_year, year)
    reason = f"{value.reason} Pounds of {value.price_year} brought to {year} by the GDP deflator.".strip()
    ends = [factor * end for end in (value.central, value.low, value.high)]
    return replace(value, central=ends[0], low=ends[1], high=ends[2], reason=reason, price_year=year)
