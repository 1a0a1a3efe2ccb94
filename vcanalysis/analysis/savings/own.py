"""The council's own counts in place of an assumed share, as far as there are enough of them."""

from __future__ import annotations

from scipy import stats

from vcanalysis.analysis.savings.inputs import INPUTS, Input, known_input
from vcanalysis.analysis.savings.scenario import Scenario
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import normal_quantile

LEVEL = 0.95


def with_own_shares(scenario: Scenario, **own: Estimate | tuple[int, int]) -> Scenario:
    """Put the council's own shares in place of assumed ones, which stay as a prior and weigh less as counts grow.

    Parameters
    ----------
    scenario : Scenario
        Settings; the range of each input named is its prior.
    **own : Estimate or (count, n)
        For each input, an estimated share with its n, or how many of how many; where the estimate could not be made or
        n is 0, the assumption stays.

    Returns
    -------
    Scenario
        With the posterior mean and its middle 95% as central value and range; the reason says counts and prior.

    Raises
    ------
    InputError
        If there is no such input, it is no share, or the count lies outside 0 to n.

    Examples
    --------
    >>> from vcanalysis.analysis.savings import load_scenario
    >>> own = with_own_shares(load_scenario(), matched_share=(5, 9)).inputs["matched_share"]
    >>> round(own.central, 2), own.source
    (0.62, "the council's own data: 5 of 9")
    """
    return scenario.with_values(**{name: _posterior(scenario, name, value) for name, value in own.items()})


def _posterior(scenario: Scenario, name: str, own: Estimate | tuple[int, int]) -> Input:
    known_input(name, "this call")
    if INPUTS[name][:2] != (0, 1):
        raise InputError(f"Input {name!r} is no share, so counts cannot replace it. Use with_values().")
    prior = scenario.inputs[name]
    count, n = (
        ((own.value or 0.0) * own.n, own.n if own.estimable else 0) if isinstance(own, Estimate) else own
    )
    if not 0 <= count <= n:
        raise InputError(f"Input {name!r}: {count:g} of {n} is refused. Give how many of how many.")
    if n == 0 or prior.certain:
        return prior
    spread = (prior.high - prior.low) / (2 * normal_quantile(LEVEL))
    weight = max(prior.central * (1 - prior.central) / spread**2 - 1, 0.0)
    beta = stats.beta(count + weight * prior.central, n - count + weight * (1 - prior.central))
    low, high = beta.interval(LEVEL)
    reason = (
        f"{count:.3g} of {n} in the council's own data, with the assumption ({prior.central:.0%}, {prior.low:.0%} to "
        f"{prior.high:.0%}) as a prior that weighs {weight:.0f} children."
    )
    return Input(
        float(beta.mean()),
        float(low),
        float(high),
        prior.unit,
        reason,
        f"the council's own data: {count:.3g} of {n}",
    )
