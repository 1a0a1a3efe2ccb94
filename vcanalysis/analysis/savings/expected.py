"""The net present value to be expected of given inputs, averaged over the fates of children instead of drawn."""

from __future__ import annotations

import numpy as np
from scipy.stats import qmc

from vcanalysis.analysis.savings.flows import expected_flows
from vcanalysis.analysis.savings.scenario import Scenario
from vcanalysis.analysis.savings.simulation import draw_inputs, pounds

SETS = 8  # sets of standard children: their spread is the error shown
_CHILDREN = 128  # standard children in a set
_CELLS = 1_000_000


def standard_children(seed: int, *, number: int = _CHILDREN) -> np.ndarray:
    """Give children whose fates are spread evenly: three uniform numbers each, a scrambled Sobol sequence."""
    return qmc.Sobol(3, seed=seed).random(number)


def expected_value(scenario: Scenario, x: dict[str, np.ndarray], *, seed: int = 0) -> np.ndarray:
    """Value each row of inputs by its expected net present value.

    Parameters
    ----------
    scenario : Scenario
        Settings.
    x : dict of str to array
        All inputs, one value per row.
    seed : int
        Seed of the standard children.

    Returns
    -------
    array
        Pounds, one per row; the same seed gives the same value for the same inputs, and no noise of single fates.

    Examples
    --------
    >>> from vcanalysis.analysis.savings import load_scenario
    >>> scenario = load_scenario().with_values(candidates=30, residential_gbp_week=4200.0)
    >>> expected_value(scenario, central_inputs(scenario)).shape
    (1,)
    """
    points, size = standard_children(seed), len(x["candidates"])
    rows = max(_CELLS // len(points), 1)
    found = []
    for i in range(0, size, rows):
        block = {name: values[i : i + rows] for name, values in x.items()}
        found.append(_present_value(scenario, block, points))
    return np.concatenate(found)


def _present_value(scenario: Scenario, x: dict[str, np.ndarray], points: np.ndarray) -> np.ndarray:
    amounts = pounds(x, expected_flows(scenario, x, points), scenario)
    net = amounts["gross"] + amounts["edge"] - sum(amounts[n] for n in ("backfill", "returns", "programme"))
    years = np.unique(scenario.step_years(), return_inverse=True)[1]
    return net @ scenario.discount_factors()[years]


def central_inputs(scenario: Scenario, rows: int = 1) -> dict[str, np.ndarray]:
    """Give every input at its central value, in as many rows as asked."""
    return {name: np.full(rows, value.central) for name, value in scenario.inputs.items()}


def drawn_values(scenario: Scenario, *, draws: int, seed: int) -> tuple[dict[str, np.ndarray], np.ndarray]:
    """Draw the inputs as a simulation does, and value each draw."""
    x = draw_inputs(scenario, draws=draws, rng=np.random.default_rng(seed))
    return x, expected_value(scenario, x, seed=seed)
