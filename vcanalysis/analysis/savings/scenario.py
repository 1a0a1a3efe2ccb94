"""The settings of a savings scenario, refused where they make no sense, and the mark they leave on a result."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

import numpy as np
import pandas as pd

from vcanalysis.analysis.savings.inputs import (
    INPUTS,
    Correlation,
    Input,
    Optimism,
    as_input,
    check_input,
    in_prices_of,
    is_money,
    known_input,
)
from vcanalysis.analysis.savings.settings import (
    as_day,
    check,
    check_price_year,
    check_rates,
    correlation_of,
    rate_of,
)
from vcanalysis.core.errors import InputError

STEPS = {"month": 12, "week": 52}  # steps in a year: a "week" is a 52nd of it


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
    step : str
        "month" or "week": how finely the pounds are added up, and how often free places are filled.
    optimism : Optimism
        Shares by which costs are raised and benefits cut in the figure after optimism bias.
    held : tuple of str
        Inputs set by hand: the council's own numbers do not take their place.

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
    step: str = "month"
    optimism: Optimism = field(default_factory=Optimism)
    held: tuple[str, ...] = ()
    file: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        _check(self)

    @property
    def steps(self) -> int:
        """Steps simulated."""
        return STEPS[self.step] * self.horizon_years

    @property
    def step_months(self) -> float:
        """Months in a step."""
        return 12 / STEPS[self.step]

    @property
    def settings(self) -> str:
        """Name these settings: the id, and twelve digits that change with any number in them."""
        told = asdict(replace(self, file="")) | {"inputs": {n: asdict(i) for n, i in self.inputs.items()}}
        if not self.held:
            told.pop("held")
        text = json.dumps(told, default=str, sort_keys=True)
        return f"{self.id} {hashlib.sha256(text.encode()).hexdigest()[:12]}"

    def with_values(self, **values: Any) -> Scenario:
        """Give the scenario with other inputs.

        Parameters
        ----------
        **values : float, (central, low, high), Estimate or Input
            A number alone is taken as certain; an Estimate brings its interval as the range. Pounds are those of the
            scenario's price year; an Input that names another is brought to it by the GDP deflator.

        Raises
        ------
        InputError
            If there is no such input or its values are refused.
        """
        inputs = dict(self.inputs)
        for name, value in values.items():
            known_input(name, "this call")
            inputs[name] = in_prices_of(name, as_input(name, value, inputs.get(name)), self.price_year)
        return replace(self, inputs=inputs)

    def with_settings(self, **settings: Any) -> Scenario:
        """Give the scenario with another start, horizon, step, price year, id or title.

        Another price year brings every pound of the scenario to it by the GDP deflator: set it before giving the
        council's own prices.

        Raises
        ------
        InputError
            If there is no such setting or its value is refused.

        Examples
        --------
        >>> from vcanalysis.analysis.savings import load_scenario
        >>> later = load_scenario().with_settings(price_year="2024-25")
        >>> round(later.inputs["support_gbp_week"].central, 2)
        185.49
        """
        if "start" in settings:
            settings["start"] = as_day(settings["start"])
        check("settings", settings, "this call")
        year = settings.get("price_year", self.price_year)
        check_price_year(year, "this call")
        inputs = settings.pop("inputs", self.inputs)
        return replace(
            self, inputs={name: in_prices_of(name, value, year) for name, value in inputs.items()}, **settings
        )

    def frame(self) -> pd.DataFrame:
        """Give the inputs as a table: input, central, low, high, unit, reason, source."""
        rows = [(n, i.central, i.low, i.high, i.unit, i.reason, i.source) for n, i in self.inputs.items()]
        return pd.DataFrame(rows, columns=["input", "central", "low", "high", "unit", "reason", "source"])

    def missing(self) -> tuple[str, ...]:
        """Name the inputs still to come from the council."""
        return tuple(name for name, value in self.inputs.items() if value.missing)

    def uncertain(self) -> tuple[str, ...]:
        """Name the inputs whose range has a width."""
        return tuple(name for name, value in self.inputs.items() if not value.certain and not value.missing)

    def refuse_if_missing(self) -> None:
        """Refuse to go on while an input is still to come from the council."""
        if self.missing():
            raise InputError(
                f"Scenario {self.id!r} lacks {', '.join(self.missing())}: give the council's own values with "
                "with_values()."
            )

    def discount_factors(self) -> np.ndarray:
        """Give the factor of each financial year, the first undiscounted."""
        years = len(self.financial_years())
        rates = [next(r for a, b, r in self.rates if a <= year <= b) for year in range(years)]
        return np.cumprod([1.0, *(1 / (1 + r) for r in rates[1:])])

    def financial_years(self) -> tuple[str, ...]:
        """Name the financial years touched, in order."""
        return tuple(dict.fromkeys(self.step_years()))

    def step_years(self) -> list[str]:
        """Name the financial year of each step, by the day it begins."""
        first = self.start.year - (self.start.month < 4)
        shift = (self.start.month - 4) % 12
        years = [first + int((shift + step * self.step_months + 1e-9) // 12) for step in range(self.steps)]
        return [f"{year}-{(year + 1) % 100:02d}" for year in years]


def _check(scenario: Scenario) -> None:
    where = scenario.file or "Scenario"
    check("settings", {field.name: getattr(scenario, field.name) for field in fields(scenario)}, where)
    check("optimism", asdict(scenario.optimism), where)
    for row in scenario.rates:
        check("rates", rate_of(row), where)
    check_price_year(scenario.price_year, where)
    _check_horizon(scenario, where)
    for name in INPUTS:
        if name not in scenario.inputs:
            raise InputError(
                f"{where}: input {name!r} is missing. Add [inputs.{name}] with central, low and high."
            )
    for name, value in scenario.inputs.items():
        known_input(name, where)
        check_input(name, value, where)
        if is_money(name) and not value.missing and value.price_year != scenario.price_year:
            raise InputError(
                f"{where}: {name} is in other pounds than the scenario. Give it by with_values()."
            )
    for pair in scenario.correlations:
        _check_pair(pair, where)
    for name in scenario.held:
        known_input(str(name), where)


def _check_pair(pair: Correlation, where: str) -> None:
    check("correlation", correlation_of(pair), where)
    for name in (pair.first, pair.second):
        known_input(name, where)
    if pair.first == pair.second:
        raise InputError(f"{where}: correlation of {pair.first!r} with itself is refused. Name two inputs.")


def _check_horizon(scenario: Scenario, where: str) -> None:
    covered, touched = check_rates(scenario.rates, where), len(scenario.financial_years())
    if touched > covered:
        raise InputError(
            f"{where}: horizon_years {scenario.horizon_years} is refused: it touches {touched} financial years. The "
            f"discount rates cover 1 to {covered} years; shorten the horizon or add rates."
        )
