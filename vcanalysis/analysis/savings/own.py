"""The council's own counts, values and prices in place of assumed ones, as far as there are enough of them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from scipy import stats

from vcanalysis.analysis.savings.inputs import INPUTS, Input, is_money, known_input
from vcanalysis.analysis.savings.scenario import Scenario
from vcanalysis.core.errors import InputError
from vcanalysis.core.estimate import Estimate
from vcanalysis.core.intervals import normal_quantile
from vcanalysis.core.parts import to_base

LEVEL = 0.95
_MIN_TOLD = 10  # children: what rests on fewer is not published
FEWEST = 3  # values whose spread says how far their mean may be out


def with_own_values(scenario: Scenario, **own: Any) -> Scenario:
    """Put the council's own values in place of assumed ones; inputs that are held by hand stay.

    Parameters
    ----------
    scenario : Scenario
        Settings.
    **own : float, (central, low, high), Estimate or Input
        As `Scenario.with_values` takes them.

    Raises
    ------
    InputError
        If there is no such input or its values are refused.

    Examples
    --------
    >>> from vcanalysis.analysis.savings import load_scenario
    >>> held = load_scenario().with_values(matched_share=0.9).with_settings(held=("matched_share",))
    >>> with_own_shares(held, matched_share=(5, 9)).inputs["matched_share"].central
    0.9
    """
    return scenario.with_values(**{name: value for name, value in own.items() if name not in scenario.held})


def told_count(count: float, *, least: int = 0) -> float:
    """Round a number of children to fives, for a scenario that is published; below ten it stays and all is hidden.

    With a `least`, fewer are taken for none.

    Examples
    --------
    >>> told_count(22), told_count(7), told_count(7, least=10)
    (20, 7, 0)
    """
    if count < least:
        return 0
    return count if count < _MIN_TOLD else to_base(count, 5)


def with_own_shares(
    scenario: Scenario, *, least: int = 0, base: int = 1, **own: Estimate | tuple[int, int]
) -> Scenario:
    """Put the council's own shares in place of assumed ones, which stay as a prior and weigh less as counts grow.

    Parameters
    ----------
    scenario : Scenario
        Settings; the range of each input named is its prior.
    least, base : int
        Where the scenario is to be published: with fewer than so many who did, or did not, the assumption stays, and
        counts are rounded to the base. The range of an input, which is shown, gives back the counts behind it.
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
    counted = {name: _posterior(scenario, name, value, least, base) for name, value in own.items()}
    return with_own_values(scenario, **counted)


def _posterior(
    scenario: Scenario, name: str, own: Estimate | tuple[int, int], least: int, base: int
) -> Input:
    known_input(name, "this call")
    if INPUTS[name][:2] != (0, 1):
        raise InputError(f"Input {name!r} is no share, so counts cannot replace it. Use with_values().")
    prior = scenario.inputs[name]
    count, n = (
        ((own.value or 0.0) * own.n, own.n if own.estimable else 0) if isinstance(own, Estimate) else own
    )
    if not 0 <= count <= n:
        raise InputError(f"Input {name!r}: {count:g} of {n} is refused. Give how many of how many.")
    if n == 0 or prior.certain or min(count, n - count) < least:
        return prior
    if base > 1:  # else a count of a curve, which is no whole number, stays
        count, n = to_base(count, base), to_base(n, base)
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


def with_own_means(scenario: Scenario, *, least: int = FEWEST, **own: Sequence[float]) -> Scenario:
    """Put means of the council's own values in place of assumed ones, which stay as a prior.

    Parameters
    ----------
    scenario : Scenario
        Settings; the range of each input named is its prior.
    least : int
        With fewer values the assumption stays: 3, or as many as a mean that is published must rest on.
    **own : sequence of float
        For each input that is no share its values, one per child, in the unit of the input.

    Returns
    -------
    Scenario
        With the posterior mean and its middle 95% as central value and range.

    Raises
    ------
    InputError
        If there is no such input, it is a share, or a value is no number.

    Notes
    -----
    Normal prior and normal mean, each weighing as the inverse of its variance; the standard error is stretched by
    Student's t, because few values say little of their own spread. Values all alike are given the spread of the prior.

    Examples
    --------
    >>> from vcanalysis.analysis.savings import load_scenario
    >>> own = with_own_means(load_scenario(), delay_months=[3.0, 5.0, 4.0]).inputs["delay_months"]
    >>> round(own.central, 1), own.source
    (4.5, "the council's own data: mean of 3")
    """
    means = {name: _posterior_mean(scenario, name, own[name], max(least, FEWEST)) for name in own}
    return with_own_values(scenario, **means)


def _posterior_mean(scenario: Scenario, name: str, own: Sequence[float], least: int) -> Input:
    known_input(name, "this call")
    if INPUTS[name][:2] == (0, 1):
        raise InputError(f"Input {name!r} is a share: give how many of how many to with_own_shares().")
    prior, values = scenario.inputs[name], np.asarray(own, dtype="float64")
    if not np.isfinite(values).all():
        raise InputError(f"Input {name!r}: some of its own values are no numbers. Leave them out.")
    if len(values) < least or prior.certain:
        return prior
    n, usual = len(values), normal_quantile(LEVEL)
    spread = (prior.high - prior.low) / (2 * usual)
    single = float(values.std(ddof=1)) or spread
    error = single / np.sqrt(n) * float(stats.t.ppf((1 + LEVEL) / 2, n - 1)) / usual
    weight = spread**2 / (spread**2 + error**2)  # of the council's own mean
    central = float(weight * values.mean() + (1 - weight) * prior.central)
    half = usual * float(np.sqrt(weight)) * error
    lowest, highest, _ = INPUTS[name]
    reason = (
        f"Mean of {n} in the council's own data ({values.mean():,.4g}), weighing {weight:.0%} beside the assumption "
        f"({prior.central:,.4g}; {prior.low:,.4g} to {prior.high:,.4g})."
    )
    source = f"the council's own data: mean of {n}"
    ends = (max(central - half, lowest), min(central + half, highest))
    return Input(central, *ends, prior.unit, reason, source, prior.price_year)


def with_own_level(scenario: Scenario, **own: Estimate) -> Scenario:
    """Bring an assumed price to the council's own level: its low end becomes the council's own mean.

    Parameters
    ----------
    scenario : Scenario
        Settings; the low end of each input named is the published price of ordinary placements of that kind, so that
        the range says how much dearer those after a step-down are.
    **own : Estimate
        For each input the council's own mean price of ordinary placements, such as agency fostering from `price_gap`;
        where it could not be estimated the assumption stays.

    Returns
    -------
    Scenario
        With the whole range multiplied by the council's own price over the published one.

    Raises
    ------
    InputError
        If there is no such input, or it is no price.

    Examples
    --------
    >>> from vcanalysis.analysis.savings import load_scenario
    >>> own = Estimate("Mean weekly cost, agency fostering", 902.0, n=40, unit="GBP per week")
    >>> level = with_own_level(load_scenario(), family_gbp_week=own).inputs["family_gbp_week"]
    >>> round(level.low), round(level.central)
    (902, 1430)
    """
    return with_own_values(scenario, **{name: _at_level(scenario, name, own[name]) for name in own})


def _at_level(scenario: Scenario, name: str, own: Estimate) -> Input:
    known_input(name, "this call")
    prior = scenario.inputs[name]
    if not is_money(name) or prior.missing:
        raise InputError(f"Input {name!r} is no assumed price, so it has no level. Use with_values().")
    if own.value is None or prior.low <= 0:
        return prior
    factor = own.value / prior.low
    ends = [factor * end for end in (prior.central, prior.low, prior.high)]
    reason = (
        f"{prior.reason} At the council's own level: {factor:.2f} times, by its {own.n} ordinary placements."
    )
    source = f"{prior.source}, at the level of the council's own prices"
    return Input(ends[0], ends[1], ends[2], prior.unit, reason, source, prior.price_year)
