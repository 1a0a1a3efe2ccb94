"""Draw the inputs, send every candidate through profile, search, move, breakdown and natural exit, add up pounds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy import stats

from vcanalysis.analysis.savings.result import Savings
from vcanalysis.analysis.savings.scenario import INPUTS, Input, Scenario
from vcanalysis.core.errors import InputError
from vcanalysis.core.period import WEEKS_PER_YEAR

WEEKS_PER_MONTH = WEEKS_PER_YEAR / 12
_CELLS = 2_000_000  # children times draws held at once
_NEVER = 1e9  # months


def _pert(value: Input, uniform: np.ndarray) -> np.ndarray:
    """Turn uniform draws into beta-PERT draws between low and high, likeliest at central."""
    span = value.high - value.low
    if span == 0:
        return np.full(uniform.shape, value.central)
    first, second = 1 + 4 * (value.central - value.low) / span, 1 + 4 * (value.high - value.central) / span
    return value.low + span * stats.beta.ppf(uniform, first, second)


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
    return {name: _pert(scenario.inputs[name], uniform[:, i]) for i, name in enumerate(names)}


@dataclass(frozen=True, slots=True)
class Lives:
    """When things happen to each candidate, months from the start: draws in rows, candidates in columns."""

    search: np.ndarray
    move: np.ndarray
    breakdown: np.ndarray
    leave: np.ndarray


def _breakdown_months(x: dict[str, np.ndarray], exponential: np.ndarray) -> np.ndarray:
    """Months from move to breakdown: a high hazard for three months, a lower one to twelve, then a steady one."""
    year = 0.0 - np.log(np.clip(x["sustained_52_weeks"], 1e-12, 1))[:, None]
    later = 0.0 - np.log(np.clip(1 - x["late_breakdown_year"], 1e-12, 1))[:, None] / 12
    early = year * x["early_share"][:, None]
    with np.errstate(divide="ignore", invalid="ignore"):
        first = 3 * exponential / early
        second = 3 + 9 * (exponential - early) / (year - early)
        third = 12 + (exponential - year) / later
    months = np.where(exponential < early, first, np.where(exponential < year, second, third))
    return np.minimum(np.nan_to_num(months, nan=_NEVER, posinf=_NEVER), _NEVER)


def _arrivals(x: dict[str, np.ndarray], uniform: np.ndarray, start: int) -> tuple[np.ndarray, np.ndarray]:
    """Say when each child comes into view, 0 for those there at the start, and which columns hold a child."""
    column = np.arange(uniform.shape[1])[None, :]
    later = np.round(x["arrivals_year"] * x["team_years"])[:, None]
    there = np.where(column < start, column < np.round(x["candidates"])[:, None], column - start < later)
    return np.where(column < start, 0.0, uniform * 12 * x["team_years"][:, None]), there


def live(x: dict[str, np.ndarray], uniform: np.ndarray, *, start: int) -> Lives:
    """Send the candidates through the programme.

    Parameters
    ----------
    x : dict of str to array
        Draws of the inputs.
    uniform : array
        Uniform numbers (5, draws, candidates): suitable, found, start of search, breakdown, natural exit. The same
        numbers with a higher share make the same children suitable and more (common random numbers).
    start : int
        Columns of children who are there at the start; the others arrive later.

    Returns
    -------
    Lives
        Months; a very large number where the thing never happens.
    """
    arrival, there = _arrivals(x, uniform[2], start)
    suitable = there & (uniform[0] < x["suitable_share"][:, None])
    found = suitable & (uniform[1] < x["found_share"][:, None])
    hazard = 0.0 - np.log(np.clip(1 - x["natural_exit_year"], 1e-12, 1))[:, None] / 12
    with np.errstate(divide="ignore"):
        leave = np.minimum(arrival - np.log1p(-uniform[4]) / hazard, _NEVER)
    begin = np.where(arrival > 0, arrival, uniform[2] * x["ramp_months"][:, None])
    search = np.where(suitable & (begin < leave), begin, _NEVER)
    move = np.where(found, begin + x["delay_months"][:, None], _NEVER)
    move = np.where(move < leave, move, _NEVER)
    breakdown = np.minimum(move + _breakdown_months(x, -np.log1p(-uniform[3])), _NEVER)
    return Lives(search, move, breakdown, leave)


def _passed(times: np.ndarray, months: int) -> tuple[np.ndarray, np.ndarray]:
    """Count the events before each month's end, and add up the months passed since them."""
    rows, when = np.nonzero(times < months)[0], times[times < months]
    cell = rows * months + when.astype(np.int64)
    size = len(times) * months
    count = np.bincount(cell, minlength=size).reshape(-1, months).cumsum(axis=1)
    total = np.bincount(cell, weights=when, minlength=size).reshape(-1, months).cumsum(axis=1)
    return count, np.arange(1, months + 1) * count - total


def _stay(start: np.ndarray, end: np.ndarray, months: int) -> tuple[np.ndarray, np.ndarray]:
    """Child-months from start to end within each month, and children there at each month's end."""
    end = np.where(start < end, end, start)  # a stay that never begins has no length
    first, since_first = _passed(start, months)
    last, since_last = _passed(end, months)
    return np.diff(since_first - since_last, axis=1, prepend=0.0), first - last


def _pounds(x: dict[str, np.ndarray], lives: Lives, scenario: Scenario) -> dict[str, np.ndarray]:
    """Pounds by draw and month: gross saving, cost of returns, programme; and the weekly saving in place."""
    months = scenario.months
    years = np.unique(scenario.month_years(), return_inverse=True)[1]
    growth = (1 + x["real_fee_growth_year"][:, None]) ** years[None, :]
    gap = (x["residential_gbp_week"] - x["family_gbp_week"] - x["support_gbp_week"])[:, None] * growth
    dearer = (x["residential_gbp_week"] * (x["return_price_ratio"] - 1))[:, None] * growth
    in_family, placed = _stay(lives.move, np.minimum(lives.breakdown, lives.leave), months)
    back, returned = _stay(lives.breakdown, np.where(lives.move < _NEVER, lives.leave, 0.0), months)
    searches = np.diff(_passed(lives.search, months)[0], axis=1, prepend=0)
    running = np.clip(12 * x["team_years"][:, None] - np.arange(months)[None, :], 0, 1)
    team = x["team_gbp_year"][:, None] / 12 * running
    return {
        "gross": gap * in_family * WEEKS_PER_MONTH,
        "returns": dearer * back * WEEKS_PER_MONTH,
        "programme": team + x["search_gbp"][:, None] * searches,
        "weekly": gap * placed - dearer * returned,
        "placed": placed.astype(float),
        "moved": _passed(lives.move, months)[0].astype(float),
    }


def simulate_savings(scenario: Scenario, *, draws: int = 10_000, seed: int = 0) -> Savings:
    """Simulate what step-downs could save, draw by draw, child by child, month by month.

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
        If an input is still to come from the council, or draws is below 100.

    Notes
    -----
    Per week and child: the price of the home, while the child would still be there without the programme and is
    in a family, less the price of the family and its support; less the extra price after a breakdown; less team
    and searches. A child who would have left anyway saves nothing from that day. Not modelled: whether the bed
    or the family would have served another child, and what the move does for the child.

    Examples
    --------
    >>> from vcanalysis.analysis.savings import load_scenario
    >>> scenario = load_scenario().with_values(candidates=30, residential_gbp_week=4200.0)
    >>> simulate_savings(scenario, draws=500, seed=1).years
    ('2020-21', '2021-22', '2022-23')
    """
    if scenario.missing():
        raise InputError(
            f"Scenario {scenario.id!r} lacks {', '.join(scenario.missing())}: give the council's own values with "
            "with_values()."
        )
    if draws < 100:
        raise InputError(f"draws {draws} is refused: give at least 100, better 10,000.")
    rng = np.random.default_rng(seed)
    inputs = draw_inputs(scenario, draws=draws, rng=rng)
    first, later = max(round(scenario.inputs["candidates"].high), 1), _most_arrivals(scenario)
    step = max(1, min(draws, _CELLS // (first + later)))
    parts: list[dict[str, np.ndarray]] = []
    for start in range(0, draws, step):
        x = {name: values[start : start + step] for name, values in inputs.items()}
        uniform = rng.random((5, len(x["candidates"]), first + later))
        parts.append(_pounds(x, live(x, uniform, start=first), scenario))
    monthly = {name: np.concatenate([p[name] for p in parts]) for name in parts[0]}
    return Savings(scenario, draws, seed, monthly, inputs["cashable_share"])


def _most_arrivals(scenario: Scenario) -> int:
    return int(np.ceil(scenario.inputs["arrivals_year"].high * scenario.inputs["team_years"].high))
