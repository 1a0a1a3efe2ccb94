"""Which inputs carry the spread of the result: Sobol indices, first-order and total."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import stats
from scipy.stats import qmc

from vcanalysis.analysis.savings.expected import SETS, central_inputs, expected_value
from vcanalysis.analysis.savings.inputs import INPUTS
from vcanalysis.analysis.savings.scenario import Scenario
from vcanalysis.analysis.savings.simulation import pert
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.numbers import write_number

LEVEL = 0.95
METHOD = "Sobol index of the expected net present value (Saltelli 2010), inputs taken as independent"


def sobol_indices(scenario: Scenario, *, points: int = 256, seed: int = 0) -> Estimates:
    """Share of the spread of the expected net present value that each input carries, alone and with the others.

    Parameters
    ----------
    scenario : Scenario
        Settings with all values given.
    points : int
        Points of each of the sets the error is taken from, a power of 2; times inputs + 2 for the evaluations.
    seed : int
        Seed.

    Returns
    -------
    Estimates
        Two per uncertain input (group), largest total first: "First-order index" (alone) and "Total index" (with all it
        interacts with), with their Monte Carlo error.

    Raises
    ------
    InputError
        If an input is still to come from the council.

    Notes
    -----
    The inputs are taken as independent; correlations of the scenario are left out here.

    Examples
    --------
    >>> from vcanalysis.analysis.savings import load_scenario
    >>> scenario = load_scenario().with_values(candidates=20, residential_gbp_week=(4200, 3900, 4500))
    >>> sobol_indices(scenario, points=64)[0].term
    'First-order index'
    """
    scenario.refuse_if_missing()
    names = scenario.uncertain()

    def worth(uniform: np.ndarray) -> np.ndarray:
        x = central_inputs(scenario, len(uniform))
        for i, name in enumerate(names):
            x[name] = pert(scenario.inputs[name], uniform[:, i])
        return expected_value(scenario, x, seed=seed)

    words = [INPUTS[name][2] for name in names]
    children = round(scenario.inputs["candidates"].central)
    return indices_of(worth, words, points=points, seed=seed, n=children)


def sobol_headline(found: Estimates) -> str:
    """Name the inputs that carry most of the spread, for the head of a picture.

    Examples
    --------
    >>> total = Estimate("Total index", 0.6, unit="share", group="price of a home")
    >>> sobol_headline(Estimates((total,)))
    'The spread comes from price of a home (60%)'
    """
    first = [e for e in found if e.term.startswith("Total") and e.estimable][:2]
    if not first:
        return "No input of the scenario moves the result"
    return "The spread comes from " + " and ".join(
        f"{e.group} ({write_number(e.value, e.unit)})" for e in first
    )


def indices_of(
    worth: Callable[[np.ndarray], np.ndarray], names: list[str], *, points: int, seed: int, n: int
) -> Estimates:
    """Sobol indices of any function of independent uniform numbers.

    Parameters
    ----------
    worth : callable
        Takes rows of uniform numbers, one column per name, and gives one value per row.
    names : list of str
        Names of the columns, the groups of the result.
    points, seed : int
        Points of each set, a power of 2, and the seed.
    n : int
        Children considered.

    Returns
    -------
    Estimates
        First-order and total index of each, largest total first. Not estimable where the function never varies.

    References
    ----------
    Saltelli and others (2010), Computer Physics Communications 181; `scipy.stats.sobol_indices`. Its bootstrap takes no
    seed, so the error is that between independently scrambled sets.

    Examples
    --------
    >>> both = indices_of(lambda u: 2 * u[:, 0] + u[:, 1], ["a", "b"], points=256, seed=1, n=1)
    >>> [round(e.value, 1) for e in both]
    [0.8, 0.8, 0.2, 0.2]
    """
    found = np.array([_one_set(worth, len(names), points, seed + i) for i in range(SETS)])
    mean, error = found.mean(axis=0), found.std(axis=0, ddof=1) / np.sqrt(SETS)
    half = stats.t.ppf(0.5 + LEVEL / 2, SETS - 1)
    items = []
    for i in np.argsort(-mean[1]):
        for kind, term in enumerate(("First-order index", "Total index")):
            value, off = float(mean[kind, i]), float(error[kind, i])
            if not np.isfinite(value):
                reason = "the result does not vary"
                items.append(Estimate.not_estimable(term, n=n, reason=reason, method=METHOD, group=names[i]))
                continue
            about = (LEVEL, n, "share", METHOD, names[i], off, "children considered")
            items.append(Estimate(term, value, value - half * off, value + half * off, *about))
    return Estimates.of(
        items, "The shares of single inputs need not add to 1; the interval is the Monte Carlo error."
    )


def _one_set(worth: Callable[[np.ndarray], np.ndarray], inputs: int, points: int, seed: int) -> np.ndarray:
    """First-order and total indices from one scrambled Sobol sequence."""
    both = qmc.Sobol(2 * inputs, seed=seed).random(points)
    first, second = both[:, :inputs], both[:, inputs:]
    mixed = np.repeat(first[None], inputs, axis=0)
    for i in range(inputs):
        mixed[i, :, i] = second[:, i]
    values = worth(np.concatenate([first, second, mixed.reshape(-1, inputs)]))
    if np.ptp(values) == 0:
        return np.full((2, inputs), np.nan)
    centred = values - values[: 2 * points].mean()
    parts = {"f_A": centred[None, :points], "f_B": centred[None, points : 2 * points]}
    parts["f_AB"] = centred[2 * points :].reshape(inputs, 1, points)
    found = stats.sobol_indices(func=parts, n=points)
    return np.array([found.first_order, found.total_order]).reshape(2, inputs)
