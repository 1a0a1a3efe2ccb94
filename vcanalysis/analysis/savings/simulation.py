"""Draw the inputs, send every child through profile, search, move, breakdown and natural exit, add up pounds."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy import stats

from vcanalysis.analysis.savings.flows import Flows, drawn_flows
from vcanalysis.analysis.savings.inputs import INPUTS, Input
from vcanalysis.analysis.savings.result import Savings
from vcanalysis.analysis.savings.scenario import Scenario
from vcanalysis.analysis.savings.settings import check
from vcanalysis.core.doors import door
from vcanalysis.core.errors import InputError
from vcanalysis.core.period import WEEKS_PER_YEAR
from vcanalysis.core.pert import pert_draws

WEEKS_PER_MONTH = WEEKS_PER_YEAR / 12
GROWTH = ("residential_growth_year", "family_growth_year", "pay_growth_year")
_CELLS = 2_000_000  # children times draws held at once
_ROWS = (16, 1024)  # fewest and most draws held at once


def pert(value: Input, uniform: np.ndarray) -> np.ndarray:
    """Turn uniform draws into beta-PERT draws between low and high, likeliest at central."""
    return pert_draws(value.central, value.low, value.high, uniform)


def draw_inputs(scenario: Scenario, *, draws: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Draw all inputs together, through a normal copula.

    Parameters
    ----------
    scenario : Scenario
        Settings, complete.
    draws : int
        Number of draws.
    rng : Generator
        Random generator; the same one gives the same uniform numbers whatever the ranges are.

    Returns
    -------
    dict of str to array
        One array of draws per input.

    Raises
    ------
    InputError
        If the correlations contradict each other.
    """
    names = list(INPUTS)
    matrix = np.eye(len(names))
    for pair in scenario.correlations:
        i, j = names.index(pair.first), names.index(pair.second)
        # Pearson correlation of the normals that gives this rank correlation.
        matrix[i, j] = matrix[j, i] = 2 * np.sin(np.pi * pair.value / 6)
    try:
        root = np.linalg.cholesky(matrix)
    except np.linalg.LinAlgError:
        raise InputError("The correlations contradict each other: bring them nearer to 0.") from None
    uniform = stats.norm.cdf(rng.standard_normal((draws, len(names))) @ root.T)
    return {name: pert(scenario.inputs[name], uniform[:, i]) for i, name in enumerate(names)}


def pounds(x: dict[str, np.ndarray], flows: Flows, scenario: Scenario) -> dict[str, np.ndarray]:
    """Pounds by draw and step: what is saved, what it costs, and the weekly saving in place.

    Parameters
    ----------
    x : dict of str to array
        Draws of the inputs.
    flows : Flows
        Children, counted step by step.
    scenario : Scenario
        Settings.

    Returns
    -------
    dict of str to array
        The amounts of `Savings.amounts`.
    """
    years = np.unique(scenario.step_years(), return_inverse=True)[1]
    homes, families, pay = ((1 + x[name][:, None]) ** years for name in GROWTH)
    home = x["residential_gbp_week"][:, None] * homes
    gap = home - x["family_gbp_week"][:, None] * families - x["support_gbp_week"][:, None] * pay
    dearer = home * (x["return_price_ratio"] - 1)[:, None]
    lost = x["backfill_share"][:, None] * np.maximum(
        gap, 0
    )  # a bed filled again takes back a saving, never a loss
    running = np.clip(12 * x["team_years"][:, None] / scenario.step_months - np.arange(scenario.steps), 0, 1)
    team = (x["team_gbp_year"] + x["edge_gbp_year"])[:, None] / 12 * scenario.step_months * running
    arrived = np.diff(flows.moved, axis=1, prepend=0)
    once = x["search_gbp"][:, None] * flows.searches + x["recruitment_gbp"][:, None] * arrived
    return {
        "gross": gap * flows.in_family * WEEKS_PER_MONTH,
        "backfill": lost * flows.in_family * WEEKS_PER_MONTH,
        "edge": home * flows.averted * WEEKS_PER_MONTH,
        "returns": dearer * flows.back * WEEKS_PER_MONTH,
        "programme": (team + once) * pay,
        "weekly": (gap - lost) * flows.placed - dearer * flows.returned,
        "placed": flows.placed,
        "moved": flows.moved,
    }


@door("vc.savings.simulate_savings(vc.savings.load_scenario())", takes=Scenario)
def simulate_savings(scenario: Scenario, *, draws: int = 10_000, seed: int = 0) -> Savings:
    """Simulate what step-downs could save, draw by draw, child by child, step by step.

    Parameters
    ----------
    scenario : Scenario
        Settings from `load_scenario`, with the council's own values filled in by `with_values`.
    draws : int
        Draws of all inputs and of all children's fates; 10,000 keeps the Monte Carlo error of a share below half
        a percentage point.
    seed : int
        Seed. The same seed uses the same random numbers for every scenario with as many candidates, so that
        scenarios can be compared draw by draw.

    Returns
    -------
    Savings
        Distributions by financial year: part-year effect, full-year effect, net, discounted, payback.

    Raises
    ------
    InputError
        If an input is still to come from the council, draws is no whole number of at least 100, or seed none from 0.

    Notes
    -----
    Per week and child: the price of the home, while the child would still be there without the programme and is
    in a family, less the price of the family and its support; less what a bed or a family that serves another child
    takes back; less the extra price after a breakdown; less team, searches and recruitment. A child who would have
    left anyway saves nothing from that day. Not modelled: what the move does for the child.

    Examples
    --------
    >>> from vcanalysis.analysis.savings import load_scenario
    >>> scenario = load_scenario().with_values(candidates=30, residential_gbp_week=4200.0)
    >>> simulate_savings(scenario, draws=500, seed=1).years
    ('2020-21', '2021-22', '2022-23')
    """
    scenario.refuse_if_missing()
    check("run", {"draws": draws, "seed": seed}, "this call")
    inputs = draw_inputs(scenario, draws=draws, rng=np.random.default_rng(seed))
    rows = int(np.clip(_CELLS // most_children(scenario), *_ROWS))
    blocks = [{n: values[i : i + rows] for n, values in inputs.items()} for i in range(0, draws, rows)]
    seeds = np.random.SeedSequence(seed).spawn(len(blocks))

    def one(block: dict[str, np.ndarray], own: np.random.SeedSequence) -> dict[str, np.ndarray]:
        return pounds(block, drawn_flows(scenario, block, own), scenario)

    with ThreadPoolExecutor(min(len(blocks), os.cpu_count() or 1)) as pool:
        parts = list(pool.map(one, blocks, seeds))
    amounts = {name: np.concatenate([part[name] for part in parts]) for name in parts[0]}
    return Savings(scenario, draws, seed, amounts, inputs["cashable_share"])


def most_children(scenario: Scenario) -> int:
    """Most children a draw may hold."""
    high = {name: value.high for name, value in scenario.inputs.items()}
    coming = (
        high["arrivals_year"]
        * high["team_years"]
        * (1 + max(high["demand_growth_year"], 0)) ** high["team_years"]
    )
    return max(round(high["candidates"]) + int(np.ceil(coming)), 1)
