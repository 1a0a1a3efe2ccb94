"""Which inputs carry the result, one at a time, and how far one would have to go to turn it."""

from __future__ import annotations

import numpy as np
from scipy import optimize

from vcanalysis.analysis.savings.expected import SETS, central_inputs, expected_value
from vcanalysis.analysis.savings.inputs import INPUTS
from vcanalysis.analysis.savings.scenario import Scenario
from vcanalysis.analysis.savings.simulation import GROWTH, pert
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_interval, write_number

TERM = "Net present value"
TORNADO = (0.1, 0.9)
SPAN = "range of the scenario"
SWITCH = "Switching value of "
# Beyond these a value turns the result only on paper: homes cheaper after a return, pay that falls by a third.
_REACH = {
    "return_price_ratio": (1.0, 3.0),
    **dict.fromkeys((*GROWTH, "demand_growth_year"), (-0.05, 0.25)),
}


def tornado(scenario: Scenario, *, seed: int = 0, shown: int = 8) -> Estimates:
    """Move one input at a time from its 10th to its 90th percentile, the others at their central values.

    Parameters
    ----------
    scenario : Scenario
        Settings with all values given.
    seed : int
        Seed of the standard children.
    shown : int
        Inputs to give, those that move the result most first.

    Returns
    -------
    Estimates
        One per input: the expected net present value at the central values, and its lower and higher value over the
        input's range (low, high). The group names the input and the ends; std_error is the numerical error.

    Raises
    ------
    InputError
        If an input is still to come from the council.

    Notes
    -----
    One input at a time ignores that several may go wrong together: `sobol_indices` does not.

    Examples
    --------
    >>> from vcanalysis.analysis.savings import load_scenario
    >>> scenario = load_scenario().with_values(candidates=20, residential_gbp_week=(4200, 3900, 4500))
    >>> len(tornado(scenario, shown=3))
    3
    """
    scenario.refuse_if_missing()
    names = scenario.uncertain()
    x = central_inputs(scenario, 1 + 2 * len(names))
    ends = {name: pert(scenario.inputs[name], np.array(TORNADO)) for name in names}
    for i, name in enumerate(names):
        x[name][1 + 2 * i : 3 + 2 * i] = ends[name]
    sets = np.array([expected_value(scenario, x, seed=seed + i) for i in range(SETS)])
    worth, error = sets.mean(axis=0), sets.std(axis=0, ddof=1) / np.sqrt(SETS)
    own = [worth[[0, 1 + 2 * i, 2 + 2 * i]] for i in range(len(names))]
    bars = [_bar(scenario, name, ends[name], own[i], float(error[0])) for i, name in enumerate(names)]
    bars.sort(key=lambda e: (e.high or 0.0) - (e.low or 0.0), reverse=True)
    return Estimates.of(bars[:shown], "One input at a time; the others at their central values.")


def _bar(scenario: Scenario, name: str, ends: np.ndarray, worth: np.ndarray, error: float) -> Estimate:
    unit, central = scenario.inputs[name].unit, round(scenario.inputs["candidates"].central)
    words = [write_number(float(end), unit, with_unit=side == 1) for side, end in enumerate(ends)]
    low, high = sorted(map(float, worth[1:]))
    group = f"{INPUTS[name][2]}: {words[0]} to {words[1]}"
    wording = f"{TERM}, {group}: {{interval}}."
    about = (
        0.8,
        central,
        "GBP",
        "expected value, one input from its 10th to its 90th percentile",
        group,
        error,
    )
    span = "range over the input's 10th to 90th percentile"
    return Estimate(
        TERM, float(worth[0]), low, high, *about, "children considered", "", wording, span, support=central
    )


def by_input(bars: Estimates) -> Estimates:
    """Name each bar by its input alone: the ends of an input that the council measured are not published exactly.

    Examples
    --------
    >>> bar = Estimate("Net present value", 0.0, -4e5, 1e5, unit="GBP", group="price of a home: £3,000 to £4,000")
    >>> by_input(Estimates((bar,)))[0].group
    'price of a home'
    """
    return Estimates.of(bar.named(group=bar.group.partition(": ")[0], wording="") for bar in bars)


def tornado_headline(found: Estimates) -> str:
    """Name the input that moves the result most, for the head of a picture.

    Examples
    --------
    >>> bar = Estimate("Net present value", 0.0, -4e5, 1e5, unit="GBP", group="price of a home: £3,000 to £4,000")
    >>> tornado_headline(Estimates((bar,)))
    'Most depends on price of a home: from -£400,000 to £100,000'
    """
    first = next(iter(found), None)
    if first is None:
        return "No input of the scenario is uncertain"
    name, _, _ = first.group.partition(": ")
    ends = [write_number(end, first.unit) for end in (first.low, first.high)]
    return f"Most depends on {name}: from {ends[0]} to {ends[1]}"


def switching_values(scenario: Scenario, *, seed: int = 0) -> Estimates:
    """Find for each uncertain input the value at which the expected net present value is nought.

    Parameters
    ----------
    scenario : Scenario
        Settings with all values given.
    seed : int
        Seed of the standard children.

    Returns
    -------
    Estimates
        One per input (in the term), the others at their central values; low and high are the input's own range in the
        scenario. Not estimable where no value within reach turns the sign (growth from -5% to 25% a year; a price
        after a return not below the one before): the break-even success rate is that of `matched_share` and
        `sustained_52_weeks`.

    Raises
    ------
    InputError
        If an input is still to come from the council.

    Examples
    --------
    >>> from vcanalysis.analysis.savings import load_scenario
    >>> scenario = load_scenario().with_values(candidates=40, residential_gbp_week=(5200, 4900, 5500))
    >>> switching_values(scenario).term("Switching value of share that leaves the budget").reason
    'no value it may have turns the result'
    """
    scenario.refuse_if_missing()
    return Estimates.of(_switch(scenario, name, seed) for name in scenario.uncertain())


def _switch(scenario: Scenario, name: str, seed: int) -> Estimate:
    value = scenario.inputs[name]
    lowest, highest, words = INPUTS[name]
    highest = min(highest, max(4 * value.high, 1.0)) if highest > 1 else highest
    lowest, highest = _REACH.get(name, (lowest, highest))
    term, method = (
        f"{SWITCH}{words}",
        "root of the expected net present value, others at their central values",
    )
    children = round(scenario.inputs["candidates"].central)

    def worth(at: np.ndarray) -> np.ndarray:
        x = central_inputs(scenario, len(at))
        x[name] = at
        return expected_value(scenario, x, seed=seed)

    grid = np.linspace(lowest, highest, 33)
    sign = np.sign(worth(grid))
    turns = np.flatnonzero(sign[:-1] * sign[1:] < 0)
    if not len(turns):
        reason = "no value it may have turns the result"
        return Estimate.not_estimable(term, n=children, reason=reason, method=method, unit=value.unit)
    near = turns[np.argmin(np.abs(grid[turns] - value.central))]
    root = optimize.brentq(lambda at: float(worth(np.array([at]))[0]), grid[near], grid[near + 1], rtol=1e-6)
    wording = f"{term}: {{value}} (assumed {{low}} to {{high}})."
    about = (1.0, children, value.unit, method, "all", None, "children considered", "", wording, SPAN)
    return Estimate(term, float(root), value.low, value.high, *about, support=children)


def break_even_sentence(found: Estimates) -> str:
    """Say at which success rates, and at which price of a home, the programme pays for itself.

    Parameters
    ----------
    found : Estimates
        From `switching_values`.

    Examples
    --------
    >>> lasting = Estimate("Switching value of moves that last a year", 0.9, 0.3, 0.7, unit="share")
    >>> break_even_sentence(Estimates((lasting,)))
    'To break even, all else at its central value: moves that last a year 90% (assumed 30% to 70%).'
    """
    wanted = [INPUTS[name][2] for name in ("matched_share", "sustained_52_weeks", "residential_gbp_week")]
    asked = {e.term.removeprefix(SWITCH): e for e in found if e.term.removeprefix(SWITCH) in wanted}
    enough = [
        f"{name} {write_number(e.value, e.unit)} (assumed {write_interval(e.low, e.high, e.unit)})"
        for name, e in asked.items()
        if e.estimable
    ]
    never = [name for name, e in asked.items() if not e.estimable]
    said = [f"To break even, all else at its central value: {'; '.join(enough)}."] if enough else []
    said += [f"No value of {' or of '.join(never)} turns the result by itself."] if never else []
    return " ".join(said) or "No input that could break even is uncertain."
