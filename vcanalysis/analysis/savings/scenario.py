"""The settings of a savings scenario, refused where they make no sense."""

from __future__ import annotations

import difflib
import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate

# name -> highest value allowed; the lowest is 0 for all.
INPUTS: dict[str, float] = {
    "candidates": 100_000,
    "arrivals_year": 100_000,
    "suitable_share": 1,
    "found_share": 1,
    "delay_months": 120,
    "ramp_months": 120,
    "sustained_52_weeks": 1,
    "early_share": 1,
    "late_breakdown_year": 1,
    "return_price_ratio": 10,
    "natural_exit_year": 1,
    "residential_gbp_week": 100_000,
    "family_gbp_week": 100_000,
    "support_gbp_week": 100_000,
    "team_gbp_year": 1e9,
    "team_years": 50,
    "search_gbp": 1e7,
    "real_fee_growth_year": 1,
    "cashable_share": 1,
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

    @property
    def certain(self) -> bool:
        """Whether the range has no width."""
        return self.low == self.high

    @property
    def missing(self) -> bool:
        """Whether the value is still to come from the council."""
        return math.isnan(self.central)


@dataclass(frozen=True, slots=True)
class Correlation:
    """Two inputs whose draws go together, with their rank correlation and the reason."""

    first: str
    second: str
    value: float
    reason: str = ""


@dataclass(frozen=True)
class Scenario:
    """Settings of a savings scenario.

    Parameters
    ----------
    id, title : str
        Name and what is simulated.
    price_year : str
        Financial year whose prices all pounds are in, such as 2019-20.
    start : Timestamp
        First day; the programme begins here.
    horizon_years : int
        Years simulated.
    inputs : mapping of str to Input
        All of `INPUTS`.
    correlations : tuple of Correlation
        Inputs that go together.
    rates : tuple of (int, int, float)
        Real discount rates: from year, to year, rate.
    rates_source : str
        Where the rates come from, with the date.

    Examples
    --------
    >>> from vcanalysis.analysis.savings import load_scenario
    >>> scenario = load_scenario().with_values(candidates=30, residential_gbp_week=(4200, 3900, 4500))
    >>> scenario.horizon_years, scenario.inputs["residential_gbp_week"].high
    (3, 4500.0)
    """

    id: str
    title: str
    price_year: str
    start: pd.Timestamp
    horizon_years: int
    inputs: Mapping[str, Input]
    correlations: tuple[Correlation, ...] = ()
    rates: tuple[tuple[int, int, float], ...] = ((0, 30, 0.035),)
    rates_source: str = ""
    file: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _check(self)

    @property
    def months(self) -> int:
        """Months simulated."""
        return 12 * self.horizon_years

    def with_values(self, **values: float | tuple[float, float, float] | Estimate | Input) -> Scenario:
        """Give the scenario with other inputs.

        Parameters
        ----------
        **values : float, (central, low, high), Estimate or Input
            A number alone is taken as certain; an Estimate brings its interval as the range.

        Raises
        ------
        InputError
            If there is no such input or its values are refused.
        """
        inputs = dict(self.inputs)
        for name, value in values.items():
            known_input(name, "this call")
            inputs[name] = _as_input(name, value, inputs.get(name))
        return replace(self, inputs=inputs)

    def with_settings(self, **settings: Any) -> Scenario:
        """Give the scenario with another start, horizon, price year, id or title."""
        if "start" in settings:
            settings["start"] = pd.Timestamp(settings["start"])
        return replace(self, **settings)

    def frame(self) -> pd.DataFrame:
        """Give the inputs as a table: input, central, low, high, unit, reason, source."""
        rows = [(n, i.central, i.low, i.high, i.unit, i.reason, i.source) for n, i in self.inputs.items()]
        return pd.DataFrame(rows, columns=["input", "central", "low", "high", "unit", "reason", "source"])

    def missing(self) -> tuple[str, ...]:
        """Name the inputs still to come from the council."""
        return tuple(name for name, value in self.inputs.items() if value.missing)

    def discount_factors(self) -> np.ndarray:
        """Give the factor of each financial year, the first undiscounted."""
        years = len(self.financial_years())
        rates = [next(r for a, b, r in self.rates if a <= year <= b) for year in range(years)]
        return np.cumprod([1.0, *(1 / (1 + r) for r in rates[1:])])

    def financial_years(self) -> tuple[str, ...]:
        """Name the financial years touched, in order."""
        return tuple(dict.fromkeys(self.month_years()))

    def month_years(self) -> list[str]:
        """Name the financial year of each month."""
        first = self.start.year - (self.start.month < 4)
        shift = (self.start.month - 4) % 12
        years = [first + (shift + month) // 12 for month in range(self.months)]
        return [f"{year}-{(year + 1) % 100:02d}" for year in years]


def known_input(name: str, where: str) -> None:
    """Refuse a name that is not one of `INPUTS`, with the nearest that is."""
    if name not in INPUTS:
        near = difflib.get_close_matches(name, INPUTS, n=1)
        advice = f" Did you mean {near[0]!r}?" if near else f" Inputs are: {', '.join(INPUTS)}."
        raise InputError(f"{where}: there is no input {name!r}.{advice}")


def _as_input(name: str, value: object, old: Input | None) -> Input:
    unit = old.unit if old else ""
    if isinstance(value, Input):
        return value
    if isinstance(value, Estimate):
        if value.value is None:
            raise InputError(
                f"Input {name!r}: the estimate is not estimable ({value.reason}). Give a number."
            )
        low, high = (value.low, value.high) if value.has_interval else (value.value, value.value)
        return Input(value.value, low or 0.0, high or 0.0, unit, value.method, "the council's own data")
    values = value if isinstance(value, tuple) else (value, value, value)
    if len(values) != 3 or not all(isinstance(v, (int, float, np.number)) for v in values):
        raise InputError(f"Input {name!r}: give a number or three (central, low, high).")
    central, low, high = (float(v) for v in values)
    return Input(central, low, high, unit, "given in the call", "the council's own data")


def _check(scenario: Scenario) -> None:
    where = scenario.file or "Scenario"
    if not re.fullmatch(r"(19|20)\d\d-\d\d", scenario.price_year):
        raise InputError(
            f"{where}: price_year {scenario.price_year!r} is refused. Write a financial year: 2019-20."
        )
    last = max((to for _, to, _ in scenario.rates), default=-1)
    if not 1 <= scenario.horizon_years <= last + 1:
        raise InputError(
            f"{where}: horizon_years {scenario.horizon_years} is refused. The discount rates cover 1 to {last + 1} "
            "years; shorten the horizon or add rates."
        )
    for name in INPUTS:
        if name not in scenario.inputs:
            raise InputError(
                f"{where}: input {name!r} is missing. Add [inputs.{name}] with central, low and high."
            )
    for name, value in scenario.inputs.items():
        known_input(name, where)
        _check_input(name, value, where)
    for pair in scenario.correlations:
        for name in (pair.first, pair.second):
            known_input(name, where)
        if not -0.95 <= pair.value <= 0.95:
            raise InputError(
                f"{where}: correlation {pair.value:g} is refused. Give a value from -0.95 to 0.95."
            )


def _check_input(name: str, value: Input, where: str) -> None:
    if value.missing:
        return
    if not 0 <= value.low <= value.central <= value.high <= INPUTS[name]:
        raise InputError(
            f"{where}: {name} with central {value.central:g}, low {value.low:g}, high {value.high:g} is refused. "
            f"Give low <= central <= high, from 0 to {INPUTS[name]:,.0f}."
        )
