"""Which beliefs carry the result: one input at a time at its less favourable end."""

from __future__ import annotations

from vcanalysis.analysis.savings.scenario import Scenario
from vcanalysis.analysis.savings.simulation import simulate_savings
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number

TERM = "Net present value"
_NAMES = {
    "suitable_share": "children found suitable",
    "found_share": "searches that find a family",
    "sustained_52_weeks": "moves that last a year",
    "early_share": "breakdowns that come early",
    "late_breakdown_year": "breakdowns in a later year",
    "return_price_ratio": "price after a return",
    "natural_exit_year": "children who would leave anyway",
    "residential_gbp_week": "price of a home",
    "family_gbp_week": "price of a family",
    "support_gbp_week": "support in the family",
    "team_gbp_year": "cost of the team",
    "search_gbp": "cost of a search",
    "real_fee_growth_year": "growth of fees",
    "team_years": "years of the team",
    "delay_months": "time from search to move",
    "ramp_months": "time until all searches run",
}


def one_at_a_time(scenario: Scenario, *, draws: int = 2000, seed: int = 0, shown: int = 6) -> Estimates:
    """Fix each uncertain input at the end of its range that is worse, and leave the others as they are.

    Parameters
    ----------
    scenario : Scenario
        Settings with all values given.
    draws, seed : int
        Draws for each input, and their seed: the same random numbers for all, so that they can be compared.
    shown : int
        Inputs to give, those that lower the result most first.

    Returns
    -------
    Estimates
        Mean and 95% range of the net present value, one per input and end (group), the worst first.

    Raises
    ------
    InputError
        As `simulate_savings`.

    Notes
    -----
    One input at a time ignores that several may go wrong together.

    Examples
    --------
    >>> from vcanalysis.analysis.savings import load_scenario
    >>> scenario = load_scenario().with_values(candidates=20, residential_gbp_week=4200.0)
    >>> len(one_at_a_time(scenario, draws=200, shown=3))
    3
    """
    found = []
    for name, value in scenario.inputs.items():
        if value.certain or value.missing:
            continue
        ends = [
            _worth(scenario, name, end, value.unit, draws=draws, seed=seed) for end in (value.low, value.high)
        ]
        found.append(min(ends, key=lambda e: e.value or 0.0))
    return Estimates.of(sorted(found, key=lambda e: e.value or 0.0)[:shown])


def _worth(scenario: Scenario, name: str, end: float, unit: str, *, draws: int, seed: int) -> Estimate:
    result = simulate_savings(scenario.with_values(**{name: end}), draws=draws, seed=seed)
    value = next(e for e in result.estimates if e.term.startswith(TERM))
    return value.named(
        term=TERM, group=f"{_NAMES.get(name, name.replace('_', ' '))}: {write_number(end, unit)}"
    )


def one_at_a_time_headline(worst: Estimates) -> str:
    """Name the input whose worse end costs the result most.

    Examples
    --------
    >>> worst = Estimates((Estimate("Net present value", -2e5, -4e5, 1e5, unit="GBP", group="found share: 20%"),))
    >>> one_at_a_time_headline(worst)
    'Most depends on found share: at 20% the mean is -£200,000'
    """
    first = next(iter(worst), None)
    if first is None:
        return "No input of the scenario is uncertain"
    name, _, end = first.group.partition(": ")
    return f"Most depends on {name}: at {end} the mean is {write_number(first.value, first.unit)}"
