"""Write a scenario as the TOML that `load_scenario` reads: the same numbers, to the last digit."""

from __future__ import annotations

import json

from vcanalysis.analysis.savings.inputs import Input, is_money
from vcanalysis.analysis.savings.scenario import Scenario


def write_scenario(scenario: Scenario) -> str:
    """Write a scenario out: every input with its numbers, its reason and its source.

    Parameters
    ----------
    scenario : Scenario
        Settings; inputs still to come from the council stay so.

    Returns
    -------
    str
        TOML. What was read from assumptions or presets is written as the numbers it stood for.

    Examples
    --------
    >>> import tomllib
    >>> from vcanalysis.analysis.savings import load_scenario
    >>> tomllib.loads(write_scenario(load_scenario()))["inputs"]["delay_months"]["central"]
    6.0
    """
    parts = [
        _table("scenario", _settings(scenario)),
        _table("discount", {"source": scenario.rates_source}) + "rates = [\n" + _rates(scenario) + "]\n",
        _table(
            "optimism",
            {
                "costs": scenario.optimism.costs,
                "benefits": scenario.optimism.benefits,
                "reason": scenario.optimism.reason,
            },
        ),
    ]
    parts += [_table(f"inputs.{name}", _input(name, value)) for name, value in scenario.inputs.items()]
    parts += [
        "[[correlation]]\n"
        + _lines({"first": p.first, "second": p.second, "value": p.value, "reason": p.reason})
        for p in scenario.correlations
    ]
    return "\n".join(parts)


def _settings(scenario: Scenario) -> dict[str, object]:
    return {
        "id": scenario.id,
        "title": scenario.title,
        "price_year": scenario.price_year,
        "start": f"{scenario.start:%Y-%m-%d}",
        "horizon_years": int(scenario.horizon_years),
        "step": scenario.step,
        "from_council": list(scenario.missing()),
        "held": list(scenario.held),
    }


def _input(name: str, value: Input) -> dict[str, object]:
    numbers = {} if value.missing else {"central": value.central, "low": value.low, "high": value.high}
    words = {"unit": value.unit, "reason": value.reason, "source": value.source}
    year = {"price_year": value.price_year} if is_money(name) and value.price_year else {}
    return {**numbers, **words, **year}


def _rates(scenario: Scenario) -> str:
    return "".join(
        f"  {{ from = {first}, to = {last}, rate = {float(rate)!r} }},\n"
        for first, last, rate in scenario.rates
    )


def _table(name: str, values: dict[str, object]) -> str:
    return f"[{name}]\n{_lines(values)}"


def _lines(values: dict[str, object]) -> str:
    return "".join(f"{name} = {_value(value)}\n" for name, value in values.items())


def _value(value: object) -> str:
    if isinstance(value, float):
        return repr(float(value))
    return json.dumps(value, ensure_ascii=False)  # texts, whole numbers and lists are written alike in TOML
