"""What it would be worth to know more before deciding: go, or do not."""

from __future__ import annotations

import numpy as np
from sklearn.linear_model import LinearRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import SplineTransformer

from vcanalysis.analysis.savings.expected import drawn_values
from vcanalysis.analysis.savings.inputs import INPUTS
from vcanalysis.analysis.savings.scenario import Scenario
from vcanalysis.core.estimate import Estimate, Estimates
from vcanalysis.core.intervals import normal_quantile

LEVEL = 0.95
KNOTS = 6
ALL, ONE = "Value of knowing every input", "Value of knowing one input"


def value_of_information(scenario: Scenario, *, draws: int = 10_000, seed: int = 0) -> Estimates:
    """Say what it would be worth to know the inputs, all or one, before deciding whether to start.

    Parameters
    ----------
    scenario : Scenario
        Settings with all values given.
    draws, seed : int
        Draws of the inputs, and their seed.

    Returns
    -------
    Estimates
        Pounds: the value of perfect information on all inputs, then on each uncertain one (group), largest first; low
        and high are the Monte Carlo error.

    Raises
    ------
    InputError
        If an input is still to come from the council.

    Notes
    -----
    Without more knowledge the better of two is chosen: start if the expected net present value is above nought. What is
    known beforehand would change that in some draws; the gain, averaged over all draws, is the most a study may cost.
    Nothing is worth knowing that cannot change the decision.

    Examples
    --------
    >>> from vcanalysis.analysis.savings import load_scenario
    >>> scenario = load_scenario().with_values(candidates=30, residential_gbp_week=(4200, 3900, 4500))
    >>> value_of_information(scenario, draws=500)[0].term
    'Value of knowing every input'
    """
    scenario.refuse_if_missing()
    x, worth = drawn_values(scenario, draws=draws, seed=seed)
    inputs = {INPUTS[name][2]: x[name] for name in scenario.uncertain()}
    return information_of(worth, inputs, n=round(scenario.inputs["candidates"].central))


def information_of(worth: np.ndarray, inputs: dict[str, np.ndarray], *, n: int) -> Estimates:
    """Value of perfect information on everything, and on single inputs, about a choice against nothing.

    Parameters
    ----------
    worth : array
        Net benefit of going, one per draw of the inputs.
    inputs : dict of str to array
        Draws of the inputs asked about.
    n : int
        Children considered.

    Returns
    -------
    Estimates
        See `value_of_information`.

    References
    ----------
    Strong, Oakley and Brennan (2014), Medical Decision Making 34: partial value by regressing the net benefit on the
    input; here by a cubic spline.

    Examples
    --------
    >>> known = np.random.default_rng(1).normal(size=4000)
    >>> found = information_of(known + 0.0, {"x": known}, n=1)
    >>> [round(e.value, 1) for e in found]
    [0.4, 0.4]
    """
    whole = _gain(
        ALL, worth, worth, "all", "mean of the better choice in each draw, less the better choice in all", n
    )
    method = "regression of the net benefit on the input by a cubic spline (Strong, Oakley and Brennan 2014)"
    single = [_gain(ONE, _smooth(worth, values), worth, name, method, n) for name, values in inputs.items()]
    single.sort(key=lambda e: e.value or 0.0, reverse=True)
    return Estimates.of(
        [whole, *single], "The most that a study may cost which answers the question for certain."
    )


def _smooth(worth: np.ndarray, values: np.ndarray) -> np.ndarray:
    """Give the net benefit to be expected for each value of the input."""
    if np.ptp(values) == 0:
        return np.full(len(worth), worth.mean())
    spline = make_pipeline(SplineTransformer(n_knots=KNOTS, knots="quantile"), LinearRegression())
    return np.asarray(spline.fit(values[:, None], worth).predict(values[:, None]))


def _gain(term: str, known: np.ndarray, worth: np.ndarray, group: str, method: str, n: int) -> Estimate:
    go = worth.mean() > 0
    value = max(float(np.mean(np.maximum(known, 0) - (known if go else 0.0))), 0.0)
    # What is known is itself fitted to the draws: the error comes from the net benefit where the choice would change.
    changes = ((known > 0) * 1.0 - go) * worth
    error = float(changes.std(ddof=1) / np.sqrt(len(changes)))
    half = normal_quantile(LEVEL) * error
    where = "" if group == "all" else f", {group}"
    wording = f"{term}{where}: {{value}} ({{interval}}; Monte Carlo error)."
    about = (LEVEL, n, "GBP", method, group, error, "children considered", "", wording, "interval")
    return Estimate(term, value, max(value - half, 0.0), value + half, *about, support=n)
